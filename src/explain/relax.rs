//! What would serve a ticket that is left out: single relaxations of the question, from small to
//! large, each tried by planning anew; and the price of forcing a choice.

use serde::Serialize;

use super::reason::{Part, Question, Reason, Slot};
use super::unknown;
use crate::model::cost::Bill;
use crate::model::issue::Issues;
use crate::model::people::BandKind;
use crate::model::scenario::{Pin, Scenario};
use crate::model::ticket::{Step, Ticket, Track};
use crate::model::work::Work;
use crate::time::{DAY, Money};

mod change;

use change::Change;

/// Most relaxations tried: each costs a run of the solver.
pub const MOST_TRIALS: usize = 40;

/// Most pins, people and seats of one kind that are tried.
const MOST_ALIKE: usize = 8;

/// What planning anew found out about a ticket left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relaxation {
    /// The smallest relaxation that serves it, or that none of those tried does.
    pub part: Part,
    /// How many were tried.
    pub tried: usize,
    /// The question relaxed so, where one serves it.
    #[serde(skip)]
    pub scenario: Option<Scenario>,
}

/// Tries single relaxations of `scenario` in order of size until `serves` says that the ticket
/// `key` finds its place in a plan for the relaxed question; at most [`MOST_TRIALS`]. Those of
/// `company`, the tickets without which it cannot be served and which are left out as well
/// ([`super::company`]), are tried beside its own.
///
/// Sizes are compared in minutes of somebody's time: an hour of overtime or of a window, a place
/// in a quota, hours of a skill each day, then a day's delay of the promise, a pin, a day of
/// horizon, a level, an exclusion, and the same in larger measure.
///
/// # Errors
/// When there is no such ticket.
pub fn relaxation(
    work: &Work,
    scenario: &Scenario,
    key: &str,
    company: &[String],
    serves: &dyn Fn(&Scenario) -> bool,
) -> Result<Relaxation, Issues> {
    unknown::ticket(work, key)?;
    let changes = all_changes(work, scenario, key, company);
    let mut tried = 0;
    for (_, owner, change) in changes.into_iter().take(MOST_TRIALS) {
        let Some(relaxed) = change.applied(scenario, owner) else { continue };
        tried += 1;
        if serves(&relaxed) {
            let part = change.part(key, owner);
            return Ok(Relaxation { part, tried, scenario: Some(relaxed) });
        }
    }
    let count = i64::try_from(tried).expect("at most a few dozen");
    let part = Part::new(Question::Relax, Reason::NothingHelps).number(Slot::Count, count);
    Ok(Relaxation { part: part.key(Slot::Ticket, key), tried, scenario: None })
}

/// The relaxations that [`relaxation`] would try, as reasons, smallest first.
#[must_use]
pub fn relaxations(work: &Work, scenario: &Scenario, key: &str) -> Vec<Part> {
    changes(work, scenario, key).into_iter().map(|(_, change)| change.part(key, key)).collect()
}

/// The price of forcing `step` (as `ticket/step`) to be led by `person`: `force` plans the
/// question with that pin and returns the bill, or nothing when there is no such plan; `bill` is
/// that of the plan as it is.
pub fn forced(
    scenario: &Scenario,
    step: &str,
    person: &str,
    bill: &Bill,
    force: &dyn Fn(&Scenario) -> Option<Bill>,
) -> Part {
    let mut pinned = scenario.clone();
    pinned.pins.retain(|pin| pin.step != step || pin.people.is_empty() || pin.then.is_some());
    let people = vec![person.to_owned()];
    pinned.pins.push(Pin { step: step.to_owned(), people, start: None, then: None });
    let part = |reason| {
        let part = Part::new(Question::Price, reason).key(Slot::Step, step);
        part.key(Slot::Person, person)
    };
    match force(&pinned) {
        None => part(Reason::ForcedNever),
        Some(after) if after.total_fen > bill.total_fen => {
            part(Reason::Forced).amount(Slot::Amount, after.total_fen - bill.total_fen)
        }
        Some(_) => part(Reason::ForcedFree).amount(Slot::Amount, Money::ZERO),
    }
}

/// All changes worth trying to the ticket and to its company, each with its size and the ticket it
/// is made to, smallest first, the ticket's own before others of that size.
fn all_changes<'a>(
    work: &Work,
    scenario: &Scenario,
    key: &'a str,
    company: &'a [String],
) -> Vec<(i64, &'a str, Change)> {
    let mut all: Vec<(i64, &str, Change)> = Vec::new();
    for owner in std::iter::once(key).chain(company.iter().map(String::as_str)) {
        for (size, change) in changes(work, scenario, owner) {
            let known = change.is_shared() && all.iter().any(|(.., other)| *other == change);
            if !known {
                all.push((size, owner, change));
            }
        }
    }
    all.sort_by_key(|(size, ..)| *size);
    all
}

/// All changes worth trying to one ticket, with their sizes, smallest first.
fn changes(work: &Work, scenario: &Scenario, key: &str) -> Vec<(i64, Change)> {
    let Some(ticket) = scenario.tickets.iter().find(|ticket| ticket.id == key) else {
        return Vec::new();
    };
    let steps = steps_of(scenario, ticket);
    let mut sized = Vec::new();
    for step in &steps {
        sized.extend(of_step(ticket, step));
    }
    sized.extend(of_people(work, scenario, key));
    for bureau in scenario.bureaus.iter().filter(|bureau| bureau.quota_per_day.is_some()) {
        let here = |step: &Step| match step.bureau.as_deref() {
            Some("@ticket") => ticket.bureau.as_ref() == Some(&bureau.id),
            other => other == Some(&bureau.id),
        };
        if steps.iter().any(here) {
            sized.push((90, Change::Quota { bureau: bureau.id.clone() }));
        }
    }
    if ticket.due.is_some() || ticket.curves.iter().any(|curve| curve.after.is_some()) {
        sized.extend([(1, 240), (3, 560)].map(|(days, size)| (size, Change::Due(days * DAY))));
    }
    let horizons = [(1, 400), (3, 580), (7, 960)];
    sized.extend(horizons.map(|(days, size)| (size, Change::Horizon(days * DAY))));
    sized.extend(of_pins(scenario, key));
    let client = scenario.clients.iter().find(|client| Some(&client.id) == ticket.client.as_ref());
    let of_client = client.map_or(&[][..], |client| &client.excluded);
    for person in ticket.excluded.iter().chain(of_client).take(MOST_ALIKE) {
        sized.push((500, Change::Exclusion { person: person.clone() }));
    }
    sized.sort_by_key(|(size, _)| *size);
    sized
}

/// The ticket's own steps, or its service's.
fn steps_of(scenario: &Scenario, ticket: &Ticket) -> Vec<Step> {
    if !ticket.steps.is_empty() {
        return ticket.steps.clone();
    }
    let service = scenario.services.iter().find(|s| Some(&s.id) == ticket.service.as_ref());
    match (service, ticket.track) {
        (None, _) => Vec::new(),
        (Some(service), Track::Urgent) => {
            service.urgent.clone().unwrap_or_else(|| service.normal.clone())
        }
        (Some(service), Track::Normal) => service.normal.clone(),
    }
}

fn of_step(ticket: &Ticket, step: &Step) -> Vec<(i64, Change)> {
    let name = || step.id.clone();
    let adjust = ticket.adjust.iter().find(|adjust| adjust.step == step.id);
    let mut sized = Vec::new();
    let has_windows =
        adjust.and_then(|a| a.windows.as_ref()).map_or(!step.windows.is_empty(), |w| !w.is_empty());
    if has_windows {
        let each = [60, 240, DAY];
        sized.extend(
            each.map(|minutes| (minutes.min(540), Change::Windows { step: name(), minutes })),
        );
    }
    if step.latest_end.is_some() || adjust.is_some_and(|a| a.latest_end.is_some()) {
        let each = [60, 240, DAY];
        sized.extend(each.map(|minutes| (minutes.min(540), Change::End { step: name(), minutes })));
    }
    for (seat, asked) in step.seats.iter().enumerate().filter(|(_, asked)| asked.level > 1) {
        let (skill, level) = (asked.skill.clone(), asked.level - 1);
        sized.push((480, Change::Level { step: name(), seat, skill, level }));
    }
    sized
}

/// More overtime for those with the skills, and more hours of each skill.
fn of_people(work: &Work, scenario: &Scenario, key: &str) -> Vec<(i64, Change)> {
    let Some(ticket) = work.ticket(key) else { return Vec::new() };
    let mut seats: Vec<(String, u8)> = Vec::new();
    for step in &work.tickets[ticket].steps {
        for seat in &work.steps[*step].seats {
            seats.push((work.skills[seat.skill].clone(), seat.level));
        }
    }
    seats.sort();
    seats.dedup();
    let mut sized = Vec::new();
    let fits = |person: &&crate::model::people::Person| {
        person.skills.iter().any(|held| {
            seats.iter().any(|(skill, level)| held.skill == *skill && held.level >= *level)
        })
    };
    let capped = |person: &&crate::model::people::Person| {
        person.bands.iter().any(|band| {
            let caps = [band.cap_day_minutes, band.cap_week_minutes, band.cap_month_minutes];
            band.kind != BandKind::Regular && caps.iter().any(Option::is_some)
        })
    };
    for person in scenario.people.iter().filter(fits).filter(capped).take(MOST_ALIKE) {
        for minutes in [60, 240] {
            let person = person.id.clone();
            sized.push((minutes, Change::Overtime { person, minutes }));
        }
    }
    for (skill, level) in seats.iter().rev().take(MOST_ALIKE) {
        for minutes in [60, 120, 240, 480] {
            let skill = skill.clone();
            sized.push((minutes + 5, Change::Hours { skill, level: *level, minutes }));
        }
    }
    sized
}

/// Pins that touch the ticket first, then the others.
fn of_pins(scenario: &Scenario, key: &str) -> Vec<(i64, Change)> {
    let prefix = format!("{key}/");
    let touches = |pin: &Pin| {
        let then = pin.then.as_ref().is_some_and(|then| then.starts_with(&prefix));
        then || pin.step.starts_with(&prefix)
    };
    let mut rows: Vec<usize> = (0..scenario.pins.len()).collect();
    rows.sort_by_key(|row| !touches(&scenario.pins[*row]));
    let step = |row: usize| scenario.pins[row].step.clone();
    let near = rows.into_iter().take(MOST_ALIKE);
    near.map(|row| (300, Change::Pin { row, step: step(row) })).collect()
}
