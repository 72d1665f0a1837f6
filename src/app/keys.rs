//! What people type for keys: the key itself, or the name it goes by where only one bears it.

use std::borrow::Cow;

use super::Failure;
use super::documents::Question;
use crate::calendar::Label;

/// One kind of things that have keys and names.
struct Named<'a> {
    kind: (&'static str, &'static str),
    rows: Vec<(&'a str, Option<&'a Label>)>,
}

impl<'a> Named<'a> {
    fn people(question: &'a Question) -> Named<'a> {
        let rows = question.scenario.people.iter();
        let rows = rows.map(|person| (person.id.as_str(), person.name.as_ref())).collect();
        Named { kind: ("员工", "people"), rows }
    }

    fn tickets(question: &'a Question) -> Named<'a> {
        let rows = question.scenario.tickets.iter();
        let rows = rows.map(|ticket| (ticket.id.as_str(), ticket.title.as_ref())).collect();
        Named { kind: ("工单", "tickets"), rows }
    }

    fn knows(&self, key: &str) -> bool {
        self.rows.iter().any(|(known, _)| *known == key)
    }

    /// The keys of all that are called `name` in either language.
    fn called(&self, name: &str) -> Vec<&'a str> {
        let is_so = |label: &&Label| label.zh == name || label.en.eq_ignore_ascii_case(name);
        let rows = self.rows.iter().filter(|(_, label)| label.as_ref().is_some_and(is_so));
        rows.map(|(key, _)| *key).collect()
    }

    /// The key `typed` stands for; `typed` itself when nothing is called that.
    fn key<'t>(&self, typed: &'t str) -> Result<Cow<'t, str>, Failure> {
        if self.knows(typed) {
            return Ok(Cow::Borrowed(typed));
        }
        match *self.called(typed) {
            [] => Ok(Cow::Borrowed(typed)),
            [only] => Ok(Cow::Owned(only.to_owned())),
            ref several => {
                let ((zh, en), keys) = (self.kind, several.join(", "));
                Err(Failure::wish(
                    format!("不止一个{zh}叫“{typed}”，请写编号：{keys}"),
                    format!("several {en} are called \"{typed}\", say which by key: {keys}"),
                ))
            }
        }
    }
}

/// The key of the person `typed`.
///
/// # Errors
/// [`Failure::Wish`] when several people bear that name.
pub fn person(question: &Question, typed: &str) -> Result<String, Failure> {
    Named::people(question).key(typed).map(Cow::into_owned)
}

/// The key of the step `typed`, whose ticket may be named by its title.
///
/// # Errors
/// [`Failure::Wish`] when several tickets bear that title.
pub fn step(question: &Question, typed: &str) -> Result<String, Failure> {
    if question.work.step_keys.contains_key(typed) {
        return Ok(typed.to_owned());
    }
    let Some((ticket, step)) = typed.rsplit_once('/') else { return Ok(typed.to_owned()) };
    let ticket = Named::tickets(question).key(ticket)?;
    Ok(format!("{ticket}/{step}"))
}

/// What [`super::reasons::explain`] understands for `typed`, be it a step, a ticket or a person.
///
/// # Errors
/// [`Failure::Wish`] when several things bear that name.
pub fn subject(question: &Question, typed: &str) -> Result<String, Failure> {
    let (people, tickets) = (Named::people(question), Named::tickets(question));
    match typed.split_once(':') {
        Some(("person", name)) => return Ok(format!("person:{}", people.key(name)?)),
        Some(("ticket", name)) => return Ok(format!("ticket:{}", tickets.key(name)?)),
        _ => {}
    }
    if people.knows(typed) || tickets.knows(typed) {
        return Ok(typed.to_owned());
    }
    match (people.called(typed).is_empty(), tickets.called(typed).is_empty()) {
        (true, true) => step(question, typed),
        (false, true) => Ok(format!("person:{}", people.key(typed)?)),
        (true, false) => Ok(format!("ticket:{}", tickets.key(typed)?)),
        (false, false) => {
            let mut keys: Vec<String> =
                people.called(typed).iter().map(|key| format!("person:{key}")).collect();
            keys.extend(tickets.called(typed).iter().map(|key| format!("ticket:{key}")));
            let keys = keys.join(", ");
            Err(Failure::wish(
                format!("“{typed}”既是工单又是员工，请写：{keys}"),
                format!("tickets and people are called \"{typed}\", say which: {keys}"),
            ))
        }
    }
}

/// The moment `typed`; a time of day alone is one of the day planned from.
#[must_use]
pub fn moment(question: &Question, typed: &str) -> String {
    let is_time = typed.len() <= 5 && typed.contains(':');
    if !is_time {
        return typed.replacen(' ', "T", 1);
    }
    let today = question.work.zone.date(question.work.as_of);
    format!("{today}T{typed:0>5}")
}
