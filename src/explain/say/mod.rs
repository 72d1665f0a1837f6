//! Sentences: reasons said in Chinese and English, to staff and to the client concerned.
//!
//! Every reason is a row of a table with its code and its sentences. What a client reads is safe
//! by construction: his sentences may only have blanks that cannot name other clients, staff,
//! things or money (a test holds the table to it), and of a chain he reads only the parts about
//! his own ticket. A reason without client sentences is never told to clients.

mod changes;
mod names;
mod unserved;
mod when;
mod who;

pub use changes::{diff_lines, move_lines, part_name};
pub use names::Names;

use super::reason::{Explanation, Fact, Part, Question, Reason, Slot};
use crate::calendar::Moment;
use crate::model::lang::Lang;

/// Most people named in a sentence.
const NAMED: usize = 5;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The firm's own people: everything is said.
    Staff,
    /// The client whose ticket it is: nothing of other clients, of staff or of money (R036, R251).
    Client,
}

/// The sentences of one reason.
pub(super) struct Text {
    reason: Reason,
    code: &'static str,
    staff: (&'static str, &'static str),
    client: Option<(&'static str, &'static str)>,
}

/// A reason that clients are told, too.
const fn told(
    reason: Reason,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    client_zh: &'static str,
    client_en: &'static str,
) -> Text {
    Text { reason, code, staff: (zh, en), client: Some((client_zh, client_en)) }
}

/// A reason that is never told to clients.
const fn untold(reason: Reason, code: &'static str, zh: &'static str, en: &'static str) -> Text {
    Text { reason, code, staff: (zh, en), client: None }
}

/// The blanks a client's sentence may have: his own ticket and step, bureaus, moments, lengths.
const CLIENT_SLOTS: [Slot; 6] =
    [Slot::Ticket, Slot::Step, Slot::Bureau, Slot::At, Slot::Until, Slot::Minutes];

fn rows() -> impl Iterator<Item = &'static Text> {
    who::ROWS.iter().chain(when::ROWS).chain(unserved::ROWS)
}

fn text(reason: Reason) -> &'static Text {
    rows().find(|text| text.reason == reason).expect("every reason has a row, as a test checks")
}

impl Reason {
    /// All reasons, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Reason> {
        rows().map(|text| text.reason)
    }

    /// Its stable code, such as `E409`.
    #[must_use]
    pub fn code(self) -> &'static str {
        text(self).code
    }

    /// Whether clients are told it at all.
    #[must_use]
    pub fn is_told_to_clients(self) -> bool {
        text(self).client.is_some()
    }
}

/// The sentence of `part`; `None` when this audience is not told it. For a client the caller
/// makes sure that the part is about his own ticket, as [`lines`] does.
#[must_use]
pub fn sentence(part: &Part, names: &Names, lang: Lang, audience: Audience) -> Option<String> {
    let text = text(part.reason);
    let (zh, en) = match audience {
        Audience::Staff => text.staff,
        Audience::Client => text.client?,
    };
    let template = lang.of(zh, en);
    let mut said = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (blank, after) = after.split_once('}').expect("every blank of the table is closed");
        said.push_str(before);
        let slot = slot(blank).expect("every blank of the table is a slot, as a test checks");
        let open = audience == Audience::Staff || CLIENT_SLOTS.contains(&slot);
        let fact = part.facts.get(&slot).filter(|_| open);
        let fact = fact.map(|fact| match (part.reason, fact) {
            // Days of work are not days of the clock: hours say it without doubt.
            (Reason::Load | Reason::ExtraHours, Fact::Number(minutes)) if slot != Slot::Count => {
                hours(*minutes, lang)
            }
            _ => filled(slot, fact, names, lang, audience),
        });
        said.push_str(fact.as_deref().unwrap_or("—"));
        rest = after;
    }
    said.push_str(rest);
    let starts_with_blank = template.starts_with('{');
    Some(if starts_with_blank { said } else { capitalised(&said) })
}

/// What a client may have of the explanation as a document: the reasons that are told to clients,
/// of his own ticket alone, with the facts that name nobody else.
#[must_use]
pub fn for_client(explanation: &Explanation) -> Explanation {
    let mut safe = explanation.clone();
    let own = explanation.subject.ticket();
    safe.parts.retain(|part| concerns(part, own) && part.reason.is_told_to_clients());
    for part in &mut safe.parts {
        part.facts.retain(|slot, _| CLIENT_SLOTS.contains(slot));
    }
    safe
}

/// The explanation, line by line: a heading per question, then its sentences.
#[must_use]
pub fn lines(
    explanation: &Explanation,
    names: &Names,
    lang: Lang,
    audience: Audience,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut asked = None;
    for part in &explanation.parts {
        if audience == Audience::Client && !concerns(part, explanation.subject.ticket()) {
            continue;
        }
        let Some(said) = sentence(part, names, lang, audience) else { continue };
        if lines.last().is_some_and(|line: &String| line.ends_with(&said)) {
            continue;
        }
        if asked != Some(part.question) {
            asked = Some(part.question);
            lines.push(heading(part.question, lang).to_owned());
        }
        lines.push(match audience {
            Audience::Staff => format!("  {} {said}", part.code),
            Audience::Client => format!("  {said}"),
        });
    }
    lines
}

/// Whether `part` is about the ticket `own`.
fn concerns(part: &Part, own: Option<&str>) -> bool {
    own.is_some() && part.key_of(Slot::Ticket) == own
}

fn heading(question: Question, lang: Lang) -> &'static str {
    let (zh, en) = match question {
        Question::What => ("安排", "What is planned"),
        Question::Who => ("为什么是此人", "Why this person"),
        Question::WhyNot => ("为什么不是别人", "Why nobody else"),
        Question::When => ("为什么在此时", "Why then"),
        Question::Late => ("是否按时", "In time or late"),
        Question::Unserved => ("为什么未排入", "Why it is left out"),
        Question::Relax => ("怎样才能排入", "What would serve it"),
        Question::Price => ("改派的代价", "What another choice costs"),
    };
    lang.of(zh, en)
}

/// The blank of each slot; `{ticket}` and `{other_ticket}` as in documents.
fn slot(blank: &str) -> Option<Slot> {
    Some(match blank {
        "step" => Slot::Step,
        "ticket" => Slot::Ticket,
        "person" => Slot::Person,
        "colleague" => Slot::Colleague,
        "people" => Slot::People,
        "other" => Slot::Other,
        "other_ticket" => Slot::OtherTicket,
        "bureau" => Slot::Bureau,
        "thing" => Slot::Thing,
        "skill" => Slot::Skill,
        "at" => Slot::At,
        "until" => Slot::Until,
        "date" => Slot::Date,
        "minutes" => Slot::Minutes,
        "beside" => Slot::Beside,
        "level" => Slot::Level,
        "needed" => Slot::Needed,
        "count" => Slot::Count,
        "amount" => Slot::Amount,
        "further" => Slot::Further,
        "rule" => Slot::Rule,
        "detail" => Slot::Detail,
        _ => return None,
    })
}

fn filled(slot: Slot, fact: &Fact, names: &Names, lang: Lang, audience: Audience) -> String {
    match fact {
        Fact::Key(key) => names.shown(slot, key, lang, audience),
        Fact::Keys(keys) => {
            let named = if slot == Slot::People && keys.len() > NAMED { NAMED } else { keys.len() };
            let (all, left) = (keys.len(), keys.len() - named);
            let shown: Vec<String> =
                keys[..named].iter().map(|key| names.shown(slot, key, lang, audience)).collect();
            let shown = shown.join(lang.of("、", ", "));
            match left {
                0 => shown,
                _ => lang.of(format!("{shown}等 {all} 人"), format!("{shown} and {left} more")),
            }
        }
        Fact::At(moment) => clock(*moment),
        Fact::On(date) => date.to_string(),
        Fact::Number(minutes) if matches!(slot, Slot::Minutes | Slot::Beside) => {
            duration(*minutes, lang)
        }
        Fact::Number(number) => number.to_string(),
        Fact::Amount(money) => money.to_string(),
        Fact::Words(words) => lang.of(&words.zh, &words.en).clone(),
    }
}

/// A moment as people read it: `2026-03-02 09:00`.
fn clock(moment: Moment) -> String {
    let minute = moment.minute();
    format!("{} {:02}:{:02}", moment.day(), minute / 60, minute % 60)
}

/// Minutes as people say them: `2 h 30 min`, `3 d 4 h` from two days on.
#[must_use]
pub fn duration(minutes: i64, lang: Lang) -> String {
    let days = minutes / 1440;
    let rest = minutes % 1440;
    match (days, rest, lang) {
        (0 | 1, ..) => hours(minutes, lang),
        (_, 0, Lang::Zh) => format!("{days}天"),
        (_, 0, Lang::En) => format!("{days} d"),
        (_, _, Lang::Zh) => format!("{days}天{}", hours(rest, lang)),
        (_, _, Lang::En) => format!("{days} d {}", hours(rest, lang)),
    }
}

/// Minutes in hours and minutes.
fn hours(minutes: i64, lang: Lang) -> String {
    match (minutes / 60, minutes % 60, lang) {
        (0, rest, Lang::Zh) => format!("{rest}分"),
        (0, rest, Lang::En) => format!("{rest} min"),
        (hours, 0, Lang::Zh) => format!("{hours}小时"),
        (hours, 0, Lang::En) => format!("{hours} h"),
        (hours, rest, Lang::Zh) => format!("{hours}小时{rest}分"),
        (hours, rest, Lang::En) => format!("{hours} h {rest} min"),
    }
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{CLIENT_SLOTS, rows, slot};
    use crate::explain::reason::Reason;
    use std::collections::BTreeSet;

    fn blanks(sentence: &str) -> BTreeSet<&str> {
        sentence.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    /// R036, R251: a closed list, each with a code and sentences in both languages.
    #[test]
    fn every_reason_has_one_row_and_a_code_of_its_own() {
        let reasons: BTreeSet<Reason> = rows().map(|text| text.reason).collect();
        let codes: BTreeSet<&str> = rows().map(|text| text.code).collect();
        // `ForcedNever` is the last of the list, so its number is one below their count.
        assert_eq!(reasons.len(), Reason::ForcedNever as usize + 1);
        assert_eq!((reasons.len(), codes.len()), (rows().count(), rows().count()));
    }

    #[test]
    fn both_languages_say_the_same_facts() {
        for text in rows() {
            let pairs = [Some(text.staff), text.client];
            for (zh, en) in pairs.into_iter().flatten() {
                assert!(!zh.is_empty() && !en.is_empty(), "{}", text.code);
                assert_eq!(blanks(zh), blanks(en), "{}", text.code);
                assert!(blanks(zh).iter().all(|blank| slot(blank).is_some()), "{}", text.code);
                assert!(en.is_ascii(), "{}: {en}", text.code);
            }
        }
    }

    /// R036, R251: no blank of a client's sentence can be filled with another client, a member of
    /// staff, a shared thing or money.
    #[test]
    fn client_sentences_have_no_blank_that_could_name_others() {
        for text in rows() {
            let Some((zh, _)) = text.client else { continue };
            for blank in blanks(zh) {
                let slot = slot(blank).unwrap();
                assert!(CLIENT_SLOTS.contains(&slot), "{} tells {blank}", text.code);
            }
        }
    }
}
