//! A cost no plan can undercut: every ticket as if it were alone, each step done by whoever could
//! end it earliest, all extra minutes free.
//!
//! Sound because a ticket's steps cannot end earlier than this, lateness never falls with the
//! finish, a ticket is either served or unserved, and every other part of the cost is ≥ 0.

use crate::id::{Column, Id};
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{Step, Ticket};
use crate::problem::{Choice, Fixed, Problem};
use crate::time::Tick;

/// What `ticket` costs at least.
#[must_use]
pub fn least_cost(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let row = &problem.tickets[ticket];
    match earliest_finish(problem, ticket) {
        Some(finish) if row.must => problem.lateness(ticket, finish),
        Some(finish) => problem.lateness(ticket, finish).min(row.unserved),
        None if row.must => 0,
        None => row.unserved,
    }
}

/// When the steps of a ticket could begin and end if it were alone.
pub struct Ends {
    /// The earliest start and the earliest end of each of its steps, in their order; the two need
    /// not go together.
    pub spans: Vec<(Tick, Tick)>,
    /// The earliest finish.
    pub finish: Tick,
}

/// The earliest finish of `ticket` alone; `None` when it cannot be served at all.
#[must_use]
pub fn earliest_finish(problem: &Problem, ticket: Id<Ticket>) -> Option<Tick> {
    earliest_ends(problem, ticket).map(|ends| ends.finish)
}

/// When the steps of `ticket` could begin and end; `None` when it cannot be served at all.
#[must_use]
pub fn earliest_ends(problem: &Problem, ticket: Id<Ticket>) -> Option<Ends> {
    let row = &problem.tickets[ticket];
    let mut spans: Column<Step, (Tick, Tick)> = Column::default();
    let first = row.steps.iter().map(|step| step.index()).min().unwrap_or(0);
    for _ in &row.steps {
        spans.push((Tick::MIN, Tick::MIN));
    }
    let local = |step: Id<Step>| Id::new(step.index() - first);
    let mut finish = Tick::MIN;
    for step in &row.steps {
        let mut earliest = row.release.max(problem.as_of);
        for link in &problem.steps[*step].before {
            let (start, end) = spans[local(link.step)];
            let event = if link.kind == LinkKind::FinishStart { end } else { start };
            earliest = earliest.max(problem.lag_soonest(link.lag, event)?);
        }
        let span = earliest_span(problem, *step, earliest)?;
        spans[local(*step)] = span;
        finish = finish.max(span.1);
    }
    let spans = row.steps.iter().map(|step| spans[local(*step)]).collect();
    Some(Ends { spans, finish })
}

/// The earliest start and the earliest end of `step`; the two need not go together.
pub(super) fn earliest_span(
    problem: &Problem,
    id: Id<Step>,
    earliest: Tick,
) -> Option<(Tick, Tick)> {
    let step = &problem.steps[id];
    match &step.fixed {
        Fixed::Done(_, span) | Fixed::BegunWait(span) => return Some((span.start, span.end)),
        Fixed::Begun(start, _) => {
            return Some((*start, earliest_end(problem, id, problem.as_of)?));
        }
        Fixed::Free => {}
    }
    let mut start = earliest;
    let begins = |rule| rule == BureauRule::Begins || step.wait.is_some();
    loop {
        let before = start;
        if let Some((_, clock, _)) = step.bureau.filter(|(.., rule)| begins(*rule)) {
            start = problem.clocks[clock].next_open(start)?;
        }
        if !step.windows.is_empty() {
            start = start.max(step.windows.iter().find(|window| window.end > start)?.start);
        }
        if start == before {
            break;
        }
    }
    let end = match step.wait {
        Some(lag) => problem.lag_soonest(lag, start)?,
        None => earliest_end(problem, id, start)?,
    };
    (end <= step.latest_end).then_some((start, end))
}

/// When whoever is first could end `id` working from `start` on.
fn earliest_end(problem: &Problem, id: Id<Step>, start: Tick) -> Option<Tick> {
    let mut best: Option<Tick> = None;
    for row in problem.options_of(id) {
        let choice = &problem.options[row];
        if best.is_none_or(|best| start + choice.minutes < best) {
            let end = end_of(problem, id, choice, start);
            best = end.into_iter().chain(best).min();
        }
    }
    best
}

/// When the lead of `choice` could end working from `start` on if he worked every extra minute
/// and nobody else were needed: not every crew is among the options, but every lead is.
fn end_of(problem: &Problem, step: Id<Step>, choice: &Choice, start: Tick) -> Option<Tick> {
    let lead = *problem.crew(choice).first()?;
    let shift = problem.people[lead].shifts[problem.steps[step].presence];
    problem.shifts[shift].levels.last()?.end_of(start, choice.minutes)
}
