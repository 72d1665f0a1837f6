//! A person's plan as a calendar file (RFC 5545), one event per stretch of work.
//!
//! The file is a snapshot and carries no `METHOD` (§3.7.2): that of `PUBLISH` would want an
//! organizer, and that of `CANCEL` cannot stand beside events that take place. What a calendar
//! program does when a later file is read:
//!
//! * An event's `UID` names firm, ticket, step, person and the stretch's number, so a step that
//!   moved moves; `SEQUENCE` (§3.8.7.4) and `DTSTAMP` come from the moment planned from, so that
//!   the later plan wins, and the same plan changes nothing.
//! * An event that is not in the file stays where it was. So that steps given to somebody else
//!   vanish, events of the previous plan that are no more are written once more as `CANCELLED`;
//!   those that ended before the moment planned from have taken place and stay.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{Label, Zone};
use crate::model::lang::Lang;
use crate::model::plan::{Piece, Plan, PlannedStep};
use crate::model::scenario::Scenario;
use crate::model::ticket::{Step, Ticket};
use crate::model::written::written_step;
use crate::time::{Span, Tick};

/// Whose calendar is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The person's key.
    pub person: &'a str,
    /// What sets the firm's events apart from those of others with the same keys.
    pub firm: &'a str,
}

/// The calendar of `owner` in `plan`, times in UTC, names from `scenario`; with what `previous`
/// gave him and `plan` does not, cancelled.
///
/// The same plans give the same bytes.
#[must_use]
pub fn person(
    plan: &Plan,
    previous: Option<&Plan>,
    scenario: &Scenario,
    owner: Owner,
    lang: Lang,
) -> String {
    let as_of = match plan.as_of {
        Some(as_of) => plan.zone.tick_from(as_of),
        None => scenario.zone.tick_from(scenario.as_of),
    };
    let name = scenario.people.iter().find(|row| row.id == owner.person);
    let name = said(name.and_then(|row| row.name.as_ref()), owner.person, lang);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//paidan//plan//ZH".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(&name)),
    ];
    let rows: BTreeMap<&str, usize> =
        scenario.tickets.iter().enumerate().map(|(row, t)| (t.id.as_str(), row)).collect();
    let events = events(plan, owner);
    let standing: BTreeSet<&str> = events.iter().map(|event| event.uid.as_str()).collect();
    let before = previous.map(|previous| self::events(previous, owner)).unwrap_or_default();
    let gone = before.iter().filter(|event| !standing.contains(event.uid.as_str()));
    let gone = gone.filter(|event| event.span.end > as_of).map(|event| (event, true));
    for (event, is_gone) in events.iter().map(|event| (event, false)).chain(gone) {
        let row = rows.get(event.step.ticket.as_str()).copied();
        lines.push("BEGIN:VEVENT".to_owned());
        lines.push(format!("UID:{}", escaped(&event.uid)));
        lines.push(format!("DTSTAMP:{}", utc(as_of)));
        lines.push(format!("SEQUENCE:{}", as_of.0.clamp(0, i64::from(i32::MAX))));
        lines.push(format!("DTSTART:{}", utc(event.span.start)));
        lines.push(format!("DTEND:{}", utc(event.span.end)));
        lines.extend(words(scenario, row, event.step, lang));
        lines.push(format!("STATUS:{}", if is_gone { "CANCELLED" } else { "CONFIRMED" }));
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// A stretch of work of one person.
struct Event<'a> {
    uid: String,
    step: &'a PlannedStep,
    span: Span,
}

fn events<'a>(plan: &'a Plan, owner: Owner) -> Vec<Event<'a>> {
    let his = plan.steps.iter().filter(|step| step.people.iter().any(|who| who == owner.person));
    let each = his.flat_map(|step| {
        let stretches = stretches(step, plan.zone).into_iter().enumerate();
        stretches.map(move |(position, span)| Event { uid: uid(step, owner, position), step, span })
    });
    each.collect()
}

/// When the step is worked; the whole of it where the plan gives no pieces.
fn stretches(step: &PlannedStep, zone: Zone) -> Vec<Span> {
    let span = |from, to| Span::new(zone.tick_from(from), zone.tick_from(to));
    if step.pieces.is_empty() {
        return step.end.map_or_else(Vec::new, |end| vec![span(step.start, end)]);
    }
    step.pieces.iter().map(|Piece { from, to }| span(*from, *to)).collect()
}

/// The same for every plan of the firm; no two stretches share it.
fn uid(step: &PlannedStep, owner: Owner, position: usize) -> String {
    let part = |key: &str| key.replace('%', "%25").replace('/', "%2F").replace('@', "%40");
    let (ticket, step, person) = (part(&step.ticket), part(&step.step), part(owner.person));
    format!("{ticket}/{step}/{person}/{position}@{}", part(owner.firm))
}

/// Summary, place and description.
fn words(
    scenario: &Scenario,
    row: Option<usize>,
    planned: &PlannedStep,
    lang: Lang,
) -> Vec<String> {
    let ticket = row.map(|row| &scenario.tickets[row]);
    let title = said(ticket.and_then(|ticket| ticket.title.as_ref()), &planned.ticket, lang);
    let step = row.and_then(|row| written_step(scenario, row, &planned.step));
    let step = step.map(|(_, step)| step);
    let name = said(step.and_then(|step| step.name.as_ref()), &planned.step, lang);
    let mut lines = vec![format!("SUMMARY:{}", escaped(&format!("{title} · {name}")))];
    let client = ticket.and_then(|ticket| ticket.client.as_deref());
    let client = client.map(|key| (key, scenario.clients.iter().find(|c| c.id == key)));
    let site = ticket.zip(step).and_then(|(ticket, step)| place(scenario, ticket, step));
    if let Some(site) = site {
        let label = scenario.sites.iter().find(|row| row.id == site);
        let label = said(label.and_then(|row| row.name.as_ref()), site, lang);
        lines.push(format!("LOCATION:{}", escaped(&label)));
    }
    let mut about =
        vec![format!("{} {}/{}", lang.of("工单", "ticket"), planned.ticket, planned.step)];
    if let Some((key, row)) = client {
        let label = said(row.and_then(|row| row.name.as_ref()), key, lang);
        about.push(format!("{} {label}", lang.of("客户", "client")));
    }
    if planned.people.len() > 1 {
        about.push(format!("{} {}", lang.of("同事", "with"), planned.people.join(", ")));
    }
    lines.push(format!("DESCRIPTION:{}", escaped(&about.join("\n"))));
    lines
}

/// The site of a step.
fn place<'a>(scenario: &'a Scenario, ticket: &'a Ticket, step: &'a Step) -> Option<&'a str> {
    match step.site.as_deref()? {
        "@client" => {
            let client = ticket.client.as_deref()?;
            scenario.clients.iter().find(|row| row.id == client)?.site.as_deref()
        }
        "@bureau" => {
            let named = step.bureau.as_deref()?;
            let bureau = if named == "@ticket" { ticket.bureau.as_deref()? } else { named };
            scenario.bureaus.iter().find(|row| row.id == bureau)?.site.as_deref()
        }
        site => Some(site),
    }
}

fn said(label: Option<&Label>, key: &str, lang: Lang) -> String {
    let text = label.map(|label| lang.of(&label.zh, &label.en).clone());
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| key.to_owned())
}

/// `20260302T010000Z`.
fn utc(tick: Tick) -> String {
    let zone = Zone::parse("UTC").unwrap_or_default();
    let (day, minute) = (zone.date(tick), zone.minute_of_day(tick));
    let (year, month, date) = (day.year(), day.month(), day.day_of_month());
    format!("{year:04}{month:02}{date:02}T{:02}{:02}00Z", minute / 60, minute % 60)
}

/// Text as a value: RFC 5545 §3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A content line cut into pieces of at most 75 octets, no letter cut in two: RFC 5545 §3.1.
fn folded(line: &str) -> String {
    const MOST: usize = 75;
    let mut folded = String::with_capacity(line.len() + line.len() / MOST * 3 + 2);
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > MOST {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(letter);
        octets += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::{escaped, folded};

    #[test]
    fn long_lines_are_folded_at_75_octets_between_letters() {
        // 8 + 30 × 3 = 98 octets: 8 + 22 letters (74), then a blank and 8 letters (25).
        let line = format!("SUMMARY:{}", "税".repeat(30));
        let expected = format!("SUMMARY:{}\r\n {}\r\n", "税".repeat(22), "税".repeat(8));
        assert_eq!(folded(&line), expected);
        assert_eq!(folded(&"a".repeat(75)), format!("{}\r\n", "a".repeat(75)));
        assert_eq!(folded(&"a".repeat(76)), format!("{}\r\n a\r\n", "a".repeat(75)));
    }

    #[test]
    fn marks_with_a_meaning_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\r"), "a\\,b\\;c\\\\d\\ne");
    }
}
