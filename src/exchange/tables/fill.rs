//! What a scenario knows, as rows of the tables that are filled in: importing them again changes
//! nothing. What no column carries is left out.

use super::column::Kind;
use crate::calendar::{Label, Moment};
use crate::model::lang::Lang;
use crate::model::people::{Band, BandKind, Client, Person};
use crate::model::scenario::{Pin, Progress, ProgressState, Scenario};
use crate::model::ticket::{Curve, CurveKind, Ticket, Track};
use crate::model::written::written_step;
use crate::time::Money;

/// The rows of the table of `kind`, a text per column; what people read is in `lang`.
pub(super) fn rows(scenario: &Scenario, kind: Kind, lang: Lang) -> Vec<Vec<String>> {
    match kind {
        Kind::Queue => scenario.tickets.iter().map(|ticket| queue(ticket, lang)).collect(),
        Kind::People => scenario.people.iter().map(|row| person(row, lang)).collect(),
        Kind::Absences => {
            scenario.people.iter().flat_map(|person| absences(person, lang)).collect()
        }
        Kind::Clients => scenario.clients.iter().map(|row| client(row, lang)).collect(),
        Kind::Progress => scenario.progress.iter().map(|known| progress(scenario, known)).collect(),
        Kind::Pins => scenario.pins.iter().map(|known| pin(scenario, known)).collect(),
    }
}

fn queue(ticket: &Ticket, lang: Lang) -> Vec<String> {
    let mut curves = ticket.curves.iter().filter(|curve| curve.kind == CurveKind::Urgency);
    // The columns say one curve; several are left to the scenario.
    let curve = match (curves.next(), curves.next()) {
        (only, None) => only,
        _ => None,
    };
    let loss = |of: fn(&Curve) -> Money| curve.map(of).map_or_else(String::new, yuan);
    let track = match ticket.track {
        Track::Normal => "normal",
        Track::Urgent => "urgent",
    };
    vec![
        ticket.id.clone(),
        said(ticket.title.as_ref(), lang),
        some(ticket.client.as_ref()),
        some(ticket.entity.as_ref()),
        some(ticket.service.as_ref()),
        track.to_owned(),
        time(ticket.release),
        time(ticket.due),
        loss(|curve| curve.fixed_fen),
        loss(|curve| curve.per_hour_fen),
        loss(|curve| curve.per_day_fen),
        some(ticket.batch.as_ref()),
        ticket.after.join("; "),
        ticket.excluded.join("; "),
    ]
}

fn person(person: &Person, lang: Lang) -> Vec<String> {
    let band = |kind| person.bands.iter().find(|band: &&Band| band.kind == kind);
    let calendar = |kind| band(kind).map_or_else(String::new, |band| band.calendar.clone());
    let overtime = band(BandKind::Overtime);
    let cap = |of: fn(&Band) -> Option<u32>| {
        overtime.and_then(of).map_or_else(String::new, |minutes| minutes.to_string())
    };
    let skills = person.skills.iter().map(|held| {
        let until = held.until.map_or_else(String::new, |until| format!("@{until}"));
        format!("{}:{}{until}", held.skill, held.level)
    });
    vec![
        person.id.clone(),
        said(person.name.as_ref(), lang),
        some(person.team.as_ref()),
        skills.collect::<Vec<_>>().join("; "),
        calendar(BandKind::Regular),
        some(person.base.as_ref()),
        yes(person.urgent_only),
        yes(person.trainee),
        person.mentors.join("; "),
        calendar(BandKind::Overtime),
        overtime.map_or_else(String::new, |band| yuan(band.price_per_hour_fen)),
        cap(|band| band.cap_day_minutes),
        cap(|band| band.cap_week_minutes),
        cap(|band| band.cap_month_minutes),
    ]
}

fn absences(person: &Person, lang: Lang) -> impl Iterator<Item = Vec<String>> {
    person.absences.iter().map(move |away| {
        vec![
            person.id.clone(),
            time(Some(away.from)),
            time(Some(away.to)),
            yes(away.remote),
            said(away.reason.as_ref(), lang),
        ]
    })
}

fn client(client: &Client, lang: Lang) -> Vec<String> {
    vec![
        client.id.clone(),
        said(client.name.as_ref(), lang),
        some(client.tier.as_ref()),
        yuan(client.annual_value_fen),
        some(client.owner.as_ref()),
        some(client.site.as_ref()),
        client.excluded.join("; "),
        client.completed.join("; "),
    ]
}

fn progress(scenario: &Scenario, known: &Progress) -> Vec<String> {
    let (ticket, step) = parts(scenario, &known.step);
    let state = match known.state {
        ProgressState::Done => "done",
        ProgressState::Begun => "started",
    };
    vec![
        ticket,
        step,
        state.to_owned(),
        known.people.join("; "),
        time(Some(known.start)),
        time(known.end),
        known.remaining_minutes.map_or_else(String::new, |minutes| minutes.to_string()),
    ]
}

fn pin(scenario: &Scenario, pin: &Pin) -> Vec<String> {
    let (ticket, step) = parts(scenario, &pin.step);
    vec![ticket, step, pin.people.join("; "), time(pin.start), some(pin.then.as_ref())]
}

/// Ticket and step of the key `ticket/step`; either may hold further strokes.
fn parts(scenario: &Scenario, key: &str) -> (String, String) {
    let cuts = key.match_indices('/').map(|(at, _)| (&key[..at], &key[at + 1..]));
    let known = cuts.clone().find(|(ticket, step)| {
        let row = scenario.tickets.iter().position(|row| row.id == *ticket);
        row.is_some_and(|row| written_step(scenario, row, step).is_some())
    });
    let (ticket, step) = known.or_else(|| key.split_once('/')).unwrap_or((key, ""));
    (ticket.to_owned(), step.to_owned())
}

fn some(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn said(label: Option<&Label>, lang: Lang) -> String {
    label.map_or_else(String::new, |label| lang.of(&label.zh, &label.en).clone())
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn yuan(Money(fen): Money) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// `2026-03-02 09:00`, with the offset of a moment that states one.
fn time(moment: Option<Moment>) -> String {
    moment.map_or_else(String::new, |moment| moment.to_string().replacen('T', " ", 1))
}
