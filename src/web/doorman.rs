//! Who is let in, and how often. Three ways lead in: a bearer key; the headers of a proxy where
//! people sign in, believed only from the addresses configured; and, on a server that listens to
//! its own machine alone and never had a key, being there. Pages will add a fourth, a session
//! cookie after a password: it belongs beside them, in [`Doorman::admit`].

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderName, header};

use super::error::{Code, Problem};
use super::options::{Options, Proxy};
use crate::app::service::role::Role;
use crate::app::service::{Caller, Service};

/// The most callers whose rate is remembered; beyond them whoever is silent longest is forgotten.
const MOST_CALLERS: usize = 10_000;

/// Milliseconds after which the owner's first key closes an open door.
const OPEN_MS: i64 = 1_000;

/// What the doorman knows.
pub(crate) struct Doorman {
    proxy: Option<Proxy>,
    is_loopback: bool,
    /// What the addresses of its pages begin with.
    scheme: &'static str,
    rate: i64,
    burst: i64,
    buckets: Mutex<BTreeMap<String, Bucket>>,
    /// Wrong keys that an address may still show; 0 of them: any number.
    wrong_keys: i64,
    wrong: Mutex<BTreeMap<IpAddr, Bucket>>,
    /// Whether a key was ever made, and when that was asked.
    keys: Mutex<Option<(bool, i64)>>,
}

/// How many requests a caller has left, in thousandths, at a moment.
#[derive(Clone, Copy)]
struct Bucket {
    left: i64,
    at_ms: i64,
}

impl Bucket {
    /// Takes one request out of it; the milliseconds to wait when there is none.
    fn take(&mut self, rate: i64, burst: i64, now_ms: i64) -> Result<(), i64> {
        let gone = (now_ms - self.at_ms).clamp(0, 3_600_000);
        // A request a second is a thousandth a millisecond.
        self.left = (self.left + gone * rate).min(burst * 1_000);
        self.at_ms = now_ms;
        if self.left >= 1_000 {
            self.left -= 1_000;
            return Ok(());
        }
        Err((1_000 - self.left + rate - 1) / rate)
    }
}

impl Doorman {
    /// The doorman of a server with these options.
    pub(crate) fn new(options: &Options) -> Doorman {
        Doorman {
            proxy: options.proxy.clone(),
            is_loopback: options.listen.ip().is_loopback(),
            scheme: if options.tls.is_some() { "https" } else { "http" },
            rate: i64::from(options.limits.rate),
            burst: i64::from(options.limits.burst.max(1)),
            buckets: Mutex::default(),
            wrong_keys: i64::from(options.limits.wrong_keys),
            wrong: Mutex::default(),
            keys: Mutex::default(),
        }
    }

    /// Who asks, as [`Doorman::admit`] says; a key that is wrong counts against its address.
    ///
    /// # Errors
    /// As there; [`Code::TooMany`] for one wrong key too many.
    pub(crate) fn let_in(
        &self,
        service: &Service,
        peer: IpAddr,
        headers: &HeaderMap,
        now_ms: i64,
    ) -> Result<Caller, Problem> {
        let admitted = self.admit(service, peer, headers, now_ms);
        let showed_one = headers.contains_key(header::AUTHORIZATION);
        match &admitted {
            Err(problem) if problem.code == Code::NoKey && showed_one => {
                self.count_wrong(peer, now_ms)?;
                admitted
            }
            _ => admitted,
        }
    }

    /// Counts a wrong key from `peer`; whoever comes by a proxy has no address of his own.
    fn count_wrong(&self, peer: IpAddr, now_ms: i64) -> Result<(), Problem> {
        if self.wrong_keys == 0 || self.is_proxy(peer) {
            return Ok(());
        }
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut wrong, &peer, self.wrong_keys * 1_000, now_ms);
        let full = Bucket { left: self.wrong_keys * 1_000, at_ms: now_ms };
        let bucket = wrong.entry(peer).or_insert(full);
        bucket.take(1, self.wrong_keys, now_ms).map_err(too_many)
    }

    /// Whether `peer` is a proxy that is believed.
    pub(crate) fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| is_one_of(&proxy.from, peer))
    }

    /// Who asks. The store may be asked for it: not to be called where async tasks run.
    ///
    /// # Errors
    /// [`Code::NoKey`], [`Code::Forbidden`].
    pub(crate) fn admit(
        &self,
        service: &Service,
        peer: IpAddr,
        headers: &HeaderMap,
        now_ms: i64,
    ) -> Result<Caller, Problem> {
        let shown = headers.get(header::AUTHORIZATION).map(|value| bearer(value.to_str()));
        if let Some(Some(key)) = shown {
            return service.authenticate(key, now_ms).map_err(Problem::from);
        }
        // What a person showed to the proxy, a password perhaps, is passed on beside his name.
        if let Some(person) = self.signed_in(peer, headers)? {
            return Ok(person);
        }
        if shown.is_some() {
            return service.authenticate("", now_ms).map_err(Problem::from);
        }
        if self.is_open(service, now_ms)? && is_local(headers, self.scheme) {
            return Ok(Caller::person("local", Role::Administrator));
        }
        Err(Problem::new(
            Code::NoKey,
            "请出示密钥：Authorization: Bearer pd_…（由 paidan key create 生成）",
            "show a key: Authorization: Bearer pd_… (paidan key create makes one)",
        ))
    }

    /// Whoever a trusted proxy says has signed in.
    fn signed_in(&self, peer: IpAddr, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
        let Some(proxy) = self.proxy.as_ref().filter(|proxy| is_one_of(&proxy.from, peer)) else {
            return Ok(None);
        };
        let person = said_once(headers, &proxy.person_header)?;
        let Some(person) = person.filter(|person| !person.is_empty()) else {
            return Ok(None);
        };
        let role =
            said_once(headers, &proxy.role_header)?.and_then(Role::named).ok_or_else(|| {
                let header = &proxy.role_header;
                Problem::new(
                    Code::Forbidden,
                    format!("代理未在 {header} 中给出有效角色"),
                    format!("the proxy names no role of ours in {header}"),
                )
            })?;
        Ok(Some(Caller::person(person, role)))
    }

    /// Whether whoever is on this machine may do everything: until the first key is made.
    fn is_open(&self, service: &Service, now_ms: i64) -> Result<bool, Problem> {
        if !self.is_loopback || self.proxy.is_some() {
            return Ok(false);
        }
        // Nobody else waits for the lock while the store is asked.
        let known = *self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((had_keys, at_ms)) = known
            && (had_keys || (at_ms..at_ms + OPEN_MS).contains(&now_ms))
        {
            return Ok(!had_keys);
        }
        let had_keys = service.had_keys().map_err(Problem::from)?;
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some((had_keys, now_ms));
        Ok(!had_keys)
    }

    /// Counts a request of `caller`.
    ///
    /// # Errors
    /// [`Code::TooMany`].
    pub(crate) fn count(&self, caller: &Caller, now_ms: i64) -> Result<(), Problem> {
        if self.rate == 0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut buckets, &caller.owner, self.burst * 1_000 / self.rate, now_ms);
        let full = Bucket { left: self.burst * 1_000, at_ms: now_ms };
        let bucket = buckets.entry(caller.owner.clone()).or_insert(full);
        bucket.take(self.rate, self.burst, now_ms).map_err(too_many)
    }
}

/// Makes room for `one` among the most that are remembered: those go whose buckets are full again,
/// which takes `full_ms`, and when there are none whoever was silent longest.
fn make_room<K: Ord + Clone>(rows: &mut BTreeMap<K, Bucket>, one: &K, full_ms: i64, now_ms: i64) {
    if rows.len() < MOST_CALLERS || rows.contains_key(one) {
        return;
    }
    rows.retain(|_, bucket| now_ms - bucket.at_ms < full_ms);
    if rows.len() < MOST_CALLERS {
        return;
    }
    let silent = rows.iter().min_by_key(|(_, bucket)| bucket.at_ms).map(|(key, _)| key.clone());
    if let Some(key) = silent {
        rows.remove(&key);
    }
}

/// That somebody has to wait for so long.
fn too_many(wait_ms: i64) -> Problem {
    let seconds = u64::try_from((wait_ms + 999) / 1_000).unwrap_or(1).max(1);
    Problem::plain(Code::TooMany).after(seconds)
}

/// Whether `peer` is one of `all`: a socket for both versions of IP tells the old ones as new.
fn is_one_of(all: &[IpAddr], peer: IpAddr) -> bool {
    all.iter().any(|known| known.to_canonical() == peer.to_canonical())
}

/// The longest name that a proxy may say, in bytes.
const LONGEST_NAME: usize = 256;

/// What the header `name` says. Said twice, one of them may be the client's own and not the
/// proxy's.
fn said_once<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let Some(value) = first else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes()).ok().filter(|text| {
        second.is_none() && text.len() <= LONGEST_NAME && !text.chars().any(char::is_control)
    });
    text.map(Some).ok_or_else(|| {
        Problem::new(
            Code::Forbidden,
            format!("{name} 须恰好出现一次，为 UTF-8，至多 {LONGEST_NAME} 字节"),
            format!("{name} has to be there once, in UTF-8, with at most {LONGEST_NAME} bytes"),
        )
    })
}

/// Whether this comes from this machine and, when a browser sends it, was sent by its user and not
/// by a page of somebody else: such a page has another origin, or has made its own name point here.
/// What a proxy hands on comes from who knows where.
fn is_local(headers: &HeaderMap, scheme: &str) -> bool {
    let handed_on = ["forwarded", "via", "x-real-ip"];
    let mut names = headers.keys().map(HeaderName::as_str);
    if names.any(|name| handed_on.contains(&name) || name.starts_with("x-forwarded-")) {
        return false;
    }
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = said("host");
    let is_own = |authority: &str| {
        let host = match authority.strip_prefix('[') {
            Some(inner) => inner.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    // Another port of this machine is somebody else.
    let is_own_origin =
        |origin: &str| host.is_some_and(|host| origin == format!("{scheme}://{host}"));
    let is_own_site = |site: &str| matches!(site, "same-origin" | "none");
    host.is_none_or(is_own)
        && said("origin").is_none_or(is_own_origin)
        && said("sec-fetch-site").is_none_or(is_own_site)
}

/// The key of a header that shows one; nothing of another scheme. What cannot be read is a key
/// nobody has.
fn bearer<E>(shown: Result<&str, E>) -> Option<&str> {
    let shown = shown.unwrap_or("bearer");
    let (scheme, key) = shown.split_once(' ').unwrap_or((shown, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::{Bucket, MOST_CALLERS, bearer, is_local, is_one_of, make_room, said_once};
    use crate::web::error::Code;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use std::collections::BTreeMap;

    /// Callers 0, 1, 2 … came at as many milliseconds; at the end nobody's bucket is full again,
    /// then those are who came a second ago and earlier.
    #[test]
    fn no_more_callers_are_remembered_than_there_is_room_for() {
        let most = i64::try_from(MOST_CALLERS).unwrap();
        let came = |at_ms| (at_ms, Bucket { left: 0, at_ms });
        let mut rows: BTreeMap<i64, Bucket> = (0..most).map(came).collect();
        make_room(&mut rows, &5, most + 1, most);
        assert_eq!(rows.len(), MOST_CALLERS, "one who is known needs no room");
        make_room(&mut rows, &-1, most + 1, most);
        assert_eq!((rows.len(), rows.first_key_value().unwrap().0), (MOST_CALLERS - 1, &1));
        rows.extend([came(most)]);
        make_room(&mut rows, &-1, 1_000, most);
        assert_eq!(rows.len(), 1_000, "{most} - 999 to {most}");
    }

    /// Two at once, then 5 a second: the third after 200 ms.
    #[test]
    fn a_burst_is_let_through_and_then_the_rate_counts() {
        let mut bucket = Bucket { left: 2_000, at_ms: 0 };
        let taken: Vec<_> =
            [0, 0, 0, 199, 200, 201].into_iter().map(|now| bucket.take(5, 2, now)).collect();
        assert_eq!(taken, [Ok(()), Ok(()), Err(200), Err(1), Ok(()), Err(199)]);
    }

    #[test]
    fn a_proxy_names_people_in_chinese_and_only_once() {
        let mut headers = HeaderMap::new();
        let name = HeaderValue::from_bytes("王芳".as_bytes()).unwrap();
        headers.append("x-person", name);
        assert_eq!(said_once(&headers, "x-person").unwrap(), Some("王芳"));
        assert_eq!(said_once(&headers, "x-role").unwrap(), None);
        headers.append("x-person", HeaderValue::from_static("boss"));
        assert_eq!(said_once(&headers, "x-person").unwrap_err().code, Code::Forbidden);
    }

    #[test]
    fn only_bearer_headers_show_keys() {
        let read = |shown: &'static str| bearer(Ok::<_, ()>(shown));
        assert_eq!(read("Bearer pd_abc "), Some("pd_abc"));
        assert_eq!(read("bearer"), Some(""));
        assert_eq!(read("Basic dXNlcjpwYXNz"), None);
        assert_eq!(bearer(Err::<&str, ()>(())), Some(""));
    }

    #[test]
    fn a_proxy_is_known_by_either_version_of_its_address() {
        let [old, new, other] =
            ["10.0.0.5", "::ffff:10.0.0.5", "::1"].map(|address| address.parse().unwrap());
        assert!(is_one_of(&[old], new) && is_one_of(&[new], old) && !is_one_of(&[old], other));
    }

    #[test]
    fn pages_of_others_and_what_a_proxy_hands_on_are_not_local() {
        let said = |pairs: &[(&'static str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
            is_local(&HeaderMap::from_iter(pairs), "http")
        };
        assert!(said(&[("host", "127.0.0.1:8080")]));
        assert!(said(&[("host", "[::1]:8080"), ("origin", "http://[::1]:8080")]));
        assert!(said(&[("host", "localhost:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(!said(&[("host", "evil.example:8080")]));
        for origin in
            ["https://evil.example", "null", "http://localhost:3000", "https://localhost:8080"]
        {
            assert!(!said(&[("host", "localhost:8080"), ("origin", origin)]), "{origin}");
        }
        assert!(!said(&[("host", "localhost:8080"), ("sec-fetch-site", "same-site")]));
        for name in ["forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-proto"] {
            assert!(!said(&[("host", "127.0.0.1:8080"), (name, "1")]), "{name}");
        }
    }
}
