//! The services that must come first, with the rule that says so (R009, R011), and how soon all of
//! it can be done (R010): for guests of a plan, and for a ticket that is asked about before any.

use super::guest::Guest;
use crate::id::Id;
use crate::model::check::{check, earliest};
use crate::model::issue::Issue;
use crate::model::quote::ChainLink;
use crate::model::scenario::Scenario;
use crate::model::work::{Lag, Ticket, Work};
use crate::planning;
use crate::problem::Problem;
use crate::solver::bound::earliest_finish;
use crate::time::{DAY, Span, Tick};

/// A service that must be completed first and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// It, and what it comes before.
    pub link: ChainLink,
    /// The ticket of the same client that it is done by; none where it is put in front.
    pub ticket: Option<String>,
}

/// What must come first for a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The services, from those right before it on.
    pub unmet: Vec<Unmet>,
    /// No earlier can it be finished, whoever works on it.
    pub finish: Tick,
    /// Working days from the day it is asked, where the chain's own waits name a calendar.
    pub working_days: Option<u32>,
}

/// What must come first for the first ticket of `frame` before anything of it is planned, the rest
/// of the queue being what may carry that already; nothing where the catalogue asks for nothing.
/// Nothing is searched.
///
/// # Errors
/// All that is wrong with the scenario.
pub fn first(frame: &Scenario) -> Result<Option<First>, Vec<Issue>> {
    let (work, _) = check(frame)?;
    let unmet = unmet(frame, &work, 1);
    if unmet.is_empty() {
        return Ok(None);
    }
    let (mut problem, _) = planning::compiled(&work, None);
    let id = Id::new(0);
    let least = earliest(&work).finish[id];
    // Beyond the horizon nothing is compiled, and the longest chain says the least of it.
    let finish = soonest(&mut problem, id, 0).map_or(least, |finish| finish.max(least));
    let working_days = working_days(&work, 1, (work.as_of, finish));
    Ok(Some(First { unmet, finish, working_days }))
}

/// Every prerequisite whose steps stand in front of the guest's own.
pub(super) fn links(guest: &Guest<'_>) -> Vec<ChainLink> {
    let mut found: Vec<ChainLink> = Vec::new();
    for Unmet { link, ticket } in unmet(&guest.frame, &guest.work, guest.tickets.len()) {
        if ticket.is_none() && !found.contains(&link) {
            found.push(link);
        }
    }
    found
}

/// The unmet prerequisites of the first `count` tickets of `frame`, which resolves to `work`: their
/// steps stand in front of the ticket's own, or it comes after the ticket that has them.
fn unmet(frame: &Scenario, work: &Work, count: usize) -> Vec<Unmet> {
    let mut found: Vec<Unmet> = Vec::new();
    for (asked, ticket) in frame.tickets.iter().zip(work.tickets.iter()).take(count) {
        let inserted = |service: &str| {
            let mut names = ticket.steps.iter().map(|step| &work.steps[*step].name);
            names.any(|name| name.strip_prefix(service).is_some_and(|rest| rest.starts_with('.')))
        };
        let carried = |service: &str| {
            let mut before = ticket.after.iter().map(|earlier| &frame.tickets[earlier.index()]);
            before.find(|earlier| {
                earlier.service.as_deref() == Some(service)
                    && (&earlier.client, &earlier.entity) == (&asked.client, &asked.entity)
            })
        };
        let mut trail: Vec<&str> = asked.service.as_deref().into_iter().collect();
        let mut next = 0;
        while let Some(service) = trail.get(next).copied() {
            next += 1;
            let row = frame.services.iter().find(|row| row.id == service);
            for first in row.into_iter().flat_map(|row| &row.prerequisites) {
                let link = ChainLink {
                    service: first.service.clone(),
                    before: service.to_owned(),
                    guide: first.guide.clone(),
                };
                let ticket = match inserted(&first.service) {
                    true => Some(None),
                    false => carried(&first.service).map(|earlier| Some(earlier.id.clone())),
                };
                found.extend(ticket.map(|ticket| Unmet { link, ticket }));
                if !trail.contains(&first.service.as_str()) {
                    trail.push(&first.service);
                }
            }
        }
    }
    found
}

/// The earliest finish of a ticket, which is released from now on no earlier than those it comes
/// after can end; of them only those from row `from` on are looked at.
pub(super) fn soonest(problem: &mut Problem, id: Id<Ticket>, from: usize) -> Option<Tick> {
    for earlier in problem.tickets[id].after.clone() {
        if earlier.index() >= from {
            let end = earliest_finish(problem, earlier)?;
            let row = &mut problem.tickets[id];
            row.release = row.release.max(end);
        }
    }
    earliest_finish(problem, id)
}

/// Open dates of the calendar of the first wait in working days of the first `count` tickets, from
/// the date after `at` to that of `finish`.
pub(super) fn working_days(work: &Work, count: usize, (at, finish): (Tick, Tick)) -> Option<u32> {
    let clock = work.tickets.iter().take(count).find_map(|ticket| {
        ticket.steps.iter().find_map(|step| match work.steps[*step].wait {
            Lag::WorkingDays(days, clock) if days > 0 => Some(clock),
            _ => None,
        })
    })?;
    let (zone, calendar) = (work.zone, &work.clocks[clock]);
    let (first, last) = (zone.date(at), zone.date(finish));
    let span = Span::new(at.min(finish), finish + DAY);
    let openings = work.book.open_spans(calendar, span);
    let mut days: Vec<_> = openings.iter().map(|opening| opening.day).collect();
    days.retain(|day| *day > first && *day <= last);
    days.dedup();
    u32::try_from(days.len()).ok()
}
