//! A request as handlers see it: who asks, for what, in which language, under which conditions.
//! Must not know connections.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, header};

use super::error::{Code, Problem};
use super::frame::Frame;
use crate::app::clock::Since;
use crate::app::service::Caller;
use crate::desk::hash::Hash;
use crate::model::lang::Lang;

/// The header that names a request so that it can be repeated.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header by which an asker says how he would like to be served (RFC 7240).
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The longest idempotency key, in characters.
pub(crate) const LONGEST_KEY: usize = 128;

/// One request, let in and read.
pub(crate) struct Call<B = (), Q = ()> {
    /// The server.
    pub(crate) frame: Arc<Frame>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The language of sentences.
    pub(crate) lang: Lang,
    /// When it came, in milliseconds of UTC since 1970.
    pub(crate) now_ms: i64,
    /// What its log lines are called.
    pub(crate) request: String,
    /// When it came, on a clock that never goes back.
    pub(crate) begun: Since,
    /// Where it came from.
    pub(crate) peer: IpAddr,
    /// What stands for the braces in the route.
    pub(crate) path: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    /// The query as it was written.
    pub(crate) raw_query: String,
    /// The body as it was sent.
    pub(crate) text: Bytes,
    pub(crate) query: Q,
    pub(crate) body: B,
    /// Of several versions it would rely on, the one there is.
    pub(crate) settled: Option<u64>,
}

/// What a change relies on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expected {
    /// `If-Match: "3"`: this version.
    Version(u64),
    /// `If-Match: *`: that there is one.
    Any,
    /// `If-None-Match: *`: that there is none.
    None,
}

impl<B, Q> Call<B, Q> {
    /// The same call with its query and body read.
    pub(crate) fn read<C, R>(self, query: R, body: C) -> Call<C, R> {
        let Call { frame, caller, lang, now_ms, request, begun, peer, path, headers, .. } = self;
        let (raw_query, text, settled) = (self.raw_query, self.text, self.settled);
        Call {
            frame,
            caller,
            lang,
            now_ms,
            request,
            begun,
            peer,
            path,
            headers,
            raw_query,
            text,
            query,
            body,
            settled,
        }
    }

    /// Milliseconds left for an answer.
    pub(crate) fn left_ms(&self) -> u64 {
        let all = self.frame.limits.answer_seconds.saturating_mul(1_000);
        all.saturating_sub(self.begun.microseconds() / 1_000)
    }

    /// Whether somebody still waits for the answer.
    pub(crate) fn goes_on(&self) -> bool {
        self.left_ms() > 0 && !self.frame.is_stopping()
    }

    /// Goes on only while somebody waits for the answer.
    ///
    /// # Errors
    /// [`Code::TimedOut`], [`Code::Stopping`].
    pub(crate) fn in_time(&self) -> Result<(), Problem> {
        match (self.left_ms(), self.frame.is_stopping()) {
            (_, true) => Err(Problem::plain(Code::Stopping).after(5)),
            (0, false) => Err(Problem::plain(Code::TimedOut)),
            _ => Ok(()),
        }
    }

    /// Does what takes whole cores, in its turn.
    ///
    /// # Errors
    /// [`Code::Busy`] when too many wait for their turn; [`Code::TimedOut`].
    pub(crate) fn in_turn<R>(&self, work: impl FnOnce() -> R) -> Result<R, Problem> {
        let place = self.frame.gates.place_for(Duration::from_millis(self.left_ms()))?;
        let done = work();
        drop(place);
        Ok(done)
    }

    /// The same for a search that may take seconds: those leave a place to what is done soon.
    ///
    /// # Errors
    /// As [`Call::in_turn`].
    pub(crate) fn in_long_turn<R>(&self, work: impl FnOnce() -> R) -> Result<R, Problem> {
        let places = self.frame.gates.long_place_for(Duration::from_millis(self.left_ms()))?;
        let done = work();
        drop(places);
        Ok(done)
    }

    /// What stands for `{name}` in the path.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The request's name for repetition, when it has one.
    ///
    /// # Errors
    /// When it is empty, too long, or not of visible ASCII.
    pub(crate) fn idempotency_key(&self) -> Result<Option<String>, Problem> {
        let Some(value) = self.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default();
        let is_fit = !text.is_empty()
            && text.len() <= LONGEST_KEY
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_fit {
            return Ok(Some(text.to_owned()));
        }
        Err(Problem::new(
            Code::BadHeader,
            format!("Idempotency-Key 须为 1 至 {LONGEST_KEY} 个可见 ASCII 字符"),
            format!("Idempotency-Key has to be 1 to {LONGEST_KEY} visible ASCII characters"),
        ))
    }

    /// What the change relies on; of several versions, the first or the one that there is.
    ///
    /// # Errors
    /// When nothing is said, or what is said is no version of ours.
    pub(crate) fn expected(&self) -> Result<Expected, Problem> {
        let (matches, none) = (self.said(&header::IF_MATCH), self.said(&header::IF_NONE_MATCH));
        match (matches.as_deref(), none.as_deref()) {
            (Some("*"), None) => Ok(Expected::Any),
            (Some(tags), None) => {
                let first = versions(tags).and_then(|all| all.first().copied());
                self.settled.or(first).map(Expected::Version).ok_or_else(|| {
                    Problem::new(
                        Code::BadHeader,
                        "If-Match 须为此前读到的 ETag，如 \"3\" 或 \"3\", \"4\"，或 *",
                        "If-Match has to be ETags that were read before, such as \"3\" or \
                         \"3\", \"4\", or *",
                    )
                })
            }
            (None, Some("*")) => Ok(Expected::None),
            (None, None) => Err(Problem::new(
                Code::Unconditional,
                "请带 If-Match: 所读到的 ETag；新建请带 If-None-Match: *",
                "say If-Match with the ETag that was read; If-None-Match: * to make a new one",
            )),
            _ => Err(Problem::new(
                Code::BadHeader,
                "If-Match 与 If-None-Match 只能写一个，后者只能写 *",
                "say either If-Match or If-None-Match, and the latter with * only",
            )),
        }
    }

    /// The version that `problem` says there is, where the change would rely on that one, too.
    pub(crate) fn also_expected(&self, problem: &Problem) -> Option<u64> {
        let (name, value) = problem.more.as_deref()?;
        let actual = value.as_u64().filter(|_| *name == "version")?;
        let is_first = self.expected().ok()? == Expected::Version(actual);
        let is_named = versions(&self.said(&header::IF_MATCH)?)?.contains(&actual);
        (problem.code == Code::Changed && is_named && !is_first).then_some(actual)
    }

    /// All that is said in headers of this name, as one list.
    fn said(&self, name: &HeaderName) -> Option<String> {
        let all = self.headers.get_all(name).iter();
        let all: Vec<&str> = all.map(|value| value.to_str().unwrap_or_default().trim()).collect();
        (!all.is_empty()).then(|| all.join(","))
    }

    /// Whether the asker would rather come again than wait (RFC 7240).
    pub(crate) fn prefers_to_come_again(&self) -> bool {
        let mut values =
            self.headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| {
            let mut words = value.split([',', ';']);
            words.any(|word| word.trim().eq_ignore_ascii_case("respond-async"))
        })
    }
}

/// The versions that a list of ETags of ours names; nothing when one of them is none of ours.
fn versions(tags: &str) -> Option<Vec<u64>> {
    tags.split(',').map(|tag| version(tag.trim())).collect()
}

/// The version that an ETag of ours names, whatever else it stands for.
fn version(tag: &str) -> Option<u64> {
    let named = tag.strip_prefix('"')?.strip_suffix('"')?;
    let (digits, rest) = named.split_once('-').unwrap_or((named, ""));
    if !rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The ETag of a version.
pub(crate) fn tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// The ETag of a version as `body` tells it, together with what is not in the version. Of it,
/// `If-Match` minds the version alone.
pub(crate) fn tag_of_all(version: u64, body: &[u8]) -> String {
    let hash = Hash::of(body).to_string();
    let (short, _) = hash.split_at(SHORT_HASH);
    format!("\"{version}-{short}\"")
}

/// Digits of a hash in an ETag: two answers to one asker are not taken for each other by chance.
const SHORT_HASH: usize = 16;

/// Whether one of the ETags in `If-None-Match` is `tag`, or any will do.
pub(crate) fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    tags.any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
}

/// The language asked for: the best liked of Chinese and English, `usual` when neither is named.
pub(crate) fn language(headers: &HeaderMap, usual: Lang) -> Lang {
    let said = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let ranges = said.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    let mut best = (0, usual);
    for range in ranges {
        let (name, rest) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = rest.trim().strip_prefix(['q', 'Q']).map(str::trim_start);
        let weight = weight.and_then(|rest| rest.strip_prefix('=')).unwrap_or_default();
        let weight = thousandths(weight.trim());
        let lang = match name.trim().to_ascii_lowercase().split('-').next().unwrap_or_default() {
            "zh" => Lang::Zh,
            "en" => Lang::En,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

/// A weight such as `0.8` in thousandths; 0 when it is none.
fn thousandths(weight: &str) -> u32 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let rest: String = rest.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), rest.parse::<u32>()) {
        (Ok(whole), Ok(rest)) if whole <= 1 => whole * 1_000 + rest,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{has_already, language, tag, tag_of_all, thousandths, version, versions};
    use crate::model::lang::Lang;
    use axum::http::{HeaderMap, header};

    fn asked(value: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        language(&headers, Lang::Zh)
    }

    #[test]
    fn the_language_liked_best_is_spoken_and_the_usual_one_when_neither_is_named() {
        assert_eq!(asked("en"), Lang::En);
        assert_eq!(asked("en-GB;q=0.5, zh-CN;q=0.9"), Lang::Zh);
        assert_eq!(asked("fr, en;q=0.1"), Lang::En);
        assert_eq!(asked("fr"), Lang::Zh);
        assert_eq!(asked("en;q=0"), Lang::Zh);
        assert_eq!(asked("zh; q=0.5, EN ; Q=0.9"), Lang::En);
        assert_eq!(language(&HeaderMap::new(), Lang::Zh), Lang::Zh);
        assert_eq!(language(&HeaderMap::new(), Lang::En), Lang::En);
        assert_eq!([thousandths("0.85"), thousandths("1"), thousandths("x")], [850, 1_000, 0]);
    }

    #[test]
    fn versions_are_etags_and_back() {
        assert_eq!(tag(3), "\"3\"");
        assert_eq!((version("\"3\""), version("3"), version("\"x\"")), (Some(3), None, None));
        assert_eq!(version("\"+3\""), None);
        let all = tag_of_all(3, b"abc");
        // The SHA-256 of `abc` begins so (FIPS 180-4).
        assert_eq!((all.as_str(), version(&all)), ("\"3-ba7816bf8f01cfea\"", Some(3)));
        assert_eq!([version("\"3-X\""), version("\"-ba78\"")], [None, None]);
        assert_eq!(versions("\"3\" ,\"4\""), Some(vec![3, 4]));
        assert_eq!((versions("\"3\", W/\"4\""), versions("\"3\",")), (None, None));
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, "\"2\", W/\"3\"".parse().unwrap());
        assert!(has_already(&headers, "\"3\"") && !has_already(&headers, "\"4\""));
    }
}
