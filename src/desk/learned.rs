//! How long steps take, learned from what was done (R062): per service, step and level of whoever
//! led it, the middle of all measured times, shown beside the catalogue's. One strange day moves a
//! mean, not a median. Nothing learned is used before there is enough of it.

use std::collections::BTreeMap;

use crate::calendar::Book;
use crate::model::people::{BandKind, Person};
use crate::model::scenario::{ProgressState, Scenario};
use crate::model::ticket::{Service, Step, Ticket, Track};
use crate::policy::desk::Learning;
use crate::time::Span;

/// A step that was done.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Done {
    /// The service.
    pub service: String,
    /// The step of its template.
    pub step: String,
    /// The level of whoever led it.
    pub level: u8,
    /// The minutes of his working time it took.
    pub minutes: i64,
}

/// What was learned of a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Learned {
    /// The service.
    pub service: String,
    /// The step.
    pub step: String,
    /// The level of whoever led it.
    pub level: u8,
    /// How often it was measured.
    pub count: usize,
    /// Half of them took no longer.
    pub median: i64,
    /// A quarter of them took no longer.
    pub lower: i64,
    /// Three quarters of them took no longer.
    pub upper: i64,
    /// Whether that is enough to plan with.
    pub is_enough: bool,
}

/// The steps done that `scenario` knows of, of services with templates. Time outside the leader's
/// working time counts in full when nothing of it is inside.
#[must_use]
pub fn done(scenario: &Scenario, book: &Book) -> Vec<Done> {
    let rows = scenario.progress.iter().filter(|row| row.state == ProgressState::Done);
    let read = |row: &crate::model::scenario::Progress| {
        let (ticket, step) = row.step.split_once('/')?;
        let ticket = scenario.tickets.iter().find(|one| one.id == ticket)?;
        let (service, step) = of_template(scenario, ticket, step)?;
        let leader = row.people.first()?;
        let person = scenario.people.iter().find(|person| person.id == *leader)?;
        let level = level(person, step)?;
        let span = Span::new(book.zone().tick_from(row.start), book.zone().tick_from(row.end?));
        let minutes = worked(book, person, span);
        let (service, step) = (service.id.clone(), step.id.clone());
        (minutes > 0).then_some(Done { service, step, level, minutes })
    };
    rows.filter_map(read).collect()
}

fn of_template<'s>(
    scenario: &'s Scenario,
    ticket: &Ticket,
    step: &str,
) -> Option<(&'s Service, &'s Step)> {
    let id = ticket.service.as_ref().filter(|_| ticket.steps.is_empty())?;
    let service = scenario.services.iter().find(|one| one.id == *id)?;
    let urgent = service.urgent.as_ref().filter(|_| ticket.track == Track::Urgent);
    let step = urgent.unwrap_or(&service.normal).iter().find(|one| one.id == step)?;
    Some((service, step))
}

fn level(person: &Person, step: &Step) -> Option<u8> {
    let lead = step.seats.first()?;
    person.skills.iter().find(|held| held.skill == lead.skill).map(|held| held.level)
}

fn worked(book: &Book, person: &Person, span: Span) -> i64 {
    let regular = person.bands.iter().find(|band| band.kind == BandKind::Regular);
    let calendar = regular.and_then(|band| book.calendar(&band.calendar));
    let inside = calendar
        .map_or(0, |calendar| book.open_minutes(&calendar.with(&person.overrides, &[]), span));
    if inside > 0 { inside } else { span.minutes() }
}

/// What `done` teaches, by service, step and level. It is enough when it is measured often enough
/// and its middle half lies close enough together.
#[must_use]
pub fn learned(done: &[Done], learning: Option<Learning>) -> Vec<Learned> {
    let mut groups: BTreeMap<(&str, &str, u8), Vec<i64>> = BTreeMap::new();
    for one in done {
        groups.entry((&one.service, &one.step, one.level)).or_default().push(one.minutes);
    }
    let mut found = Vec::new();
    for ((service, step, level), mut minutes) in groups {
        minutes.sort_unstable();
        let count = minutes.len();
        // The smallest value that so many quarters of all do not exceed.
        let quarter = |part: usize| minutes[(count * part).div_ceil(4).max(1) - 1];
        let (lower, median, upper) = (quarter(1), quarter(2), quarter(3));
        let spread = i128::from(upper - lower) * 1000;
        let is_enough = learning.is_some_and(|learning| {
            count >= usize::try_from(learning.least_count).unwrap_or(usize::MAX)
                && spread <= i128::from(learning.most_spread_permille) * i128::from(median)
        });
        let (service, step) = (service.to_owned(), step.to_owned());
        found.push(Learned { service, step, level, count, median, lower, upper, is_enough });
    }
    found
}

/// `services` with what was learned in place of the catalogue's minutes, where there is enough of
/// it: the level measured most often counts, its minutes turned into the effort that takes so long
/// at the pace of that level: `pace_percent` by level from 1 on, as in the scenario's policy.
pub fn teach(services: &mut [Service], learned: &[Learned], pace_percent: &[u32]) {
    for service in services {
        let id = &service.id;
        let urgent = service.urgent.iter_mut().flatten();
        for step in service.normal.iter_mut().chain(urgent) {
            let own = learned.iter().filter(|one| one.service == *id && one.step == step.id);
            let best = own.filter(|one| one.is_enough).max_by_key(|one| one.count);
            let Some(best) = best.filter(|_| step.minutes.is_some()) else { continue };
            let pace = pace_percent.get(usize::from(best.level).saturating_sub(1));
            let pace = pace.map_or(100, |pace| i64::from(*pace)).max(1);
            let effort = (best.median * 100 + pace - 1) / pace;
            step.minutes = u32::try_from(effort.clamp(1, 100_000)).ok();
        }
    }
}
