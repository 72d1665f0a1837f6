//! Of the steps of a ticket, the chain that takes longest, and what passes between its links.

use crate::id::Id;
use crate::model::ticket::LinkKind;
use crate::model::work::{Clock, Lag, Step, Ticket};
use crate::problem::{Fixed, Link, Problem};
use crate::time::{DAY, Tick};

/// What passes between two pieces of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    /// So much time.
    Lag(Lag),
    /// Until that is open.
    Gate(Id<Clock>),
    /// Until then.
    Until(Tick),
}

/// When all of `passes` are over that begin at `tick` or later, at the earliest; `None` beyond the calendars.
pub(super) fn onward(problem: &Problem, passes: &[Pass], tick: Tick) -> Option<Tick> {
    passes.iter().try_fold(tick, |tick, pass| match pass {
        Pass::Lag(lag) => problem.lag_soonest(*lag, tick),
        Pass::Gate(clock) => problem.clocks[*clock].next_open(tick),
        Pass::Until(start) => Some(tick.max(*start)),
    })
}

/// The order in which a ticket is looked at.
pub(super) struct Chain {
    /// Rows of its steps, each finished before the next one starts.
    pub(super) path: Vec<usize>,
    /// By step: elapsed minutes from its end to the finish of the ticket, at least.
    pub(super) tails: Vec<i64>,
}

/// The longest chain of `ticket`, by least minutes and lags; `None` when it has no steps.
pub(super) fn chain(problem: &Problem, ticket: Id<Ticket>) -> Option<Chain> {
    let steps = &problem.tickets[ticket].steps;
    let reach = reach(problem, steps);
    let length = |row: &usize| (reach[*row].0 + length(problem, steps[*row], about), *row);
    let mut path = vec![(0..steps.len()).max_by_key(length)?];
    while let Some(before) = reach[path[path.len() - 1]].1 {
        path.push(before);
    }
    path.reverse();
    Some(Chain { path, tails: tails(problem, steps) })
}

/// The link by which `next` waits longest for the end of `step`.
pub(super) fn link(problem: &Problem, step: Id<Step>, next: Id<Step>) -> Option<Link> {
    let links = problem.steps[next].before.iter();
    let links = links.filter(|link| link.step == step && link.kind == LinkKind::FinishStart);
    links.max_by_key(|link| about(link.lag)).copied()
}

fn place(steps: &[Id<Step>], step: Id<Step>) -> usize {
    steps.iter().position(|other| *other == step).expect("links stay within the ticket")
}

/// By step: the length of the longest way to its start, and the step before it on that way.
fn reach(problem: &Problem, steps: &[Id<Step>]) -> Vec<(i64, Option<usize>)> {
    let mut reach: Vec<(i64, Option<usize>)> = Vec::new();
    for step in steps {
        let ends = problem.steps[*step].before.iter();
        let ways = ends.filter(|link| link.kind == LinkKind::FinishStart).map(|link| {
            let from = place(steps, link.step);
            (reach[from].0 + length(problem, link.step, about) + about(link.lag), Some(from))
        });
        let longest = ways.max().unwrap_or((0, None));
        reach.push(longest);
    }
    reach
}

fn tails(problem: &Problem, steps: &[Id<Step>]) -> Vec<i64> {
    let mut tails = vec![0; steps.len()];
    for (row, step) in steps.iter().enumerate().rev() {
        let links = problem.steps[*step].after.iter();
        // A fact need not have waited for what comes before it.
        let links = links.filter(|link| {
            link.kind == LinkKind::FinishStart && problem.steps[link.step].fixed == Fixed::Free
        });
        let lengths = links.map(|link| {
            let next = length(problem, link.step, at_least);
            at_least(link.lag) + next + tails[place(steps, link.step)]
        });
        tails[row] = lengths.max().unwrap_or(0).max(0);
    }
    tails
}

/// The minutes of `step`, those of a wait by `lag`.
fn length(problem: &Problem, step: Id<Step>, lag: fn(Lag) -> i64) -> i64 {
    let row = &problem.steps[step];
    if row.is_fact() { 0 } else { row.wait.map_or(row.least_minutes, lag) }
}

/// Elapsed minutes that `lag` takes at least.
fn at_least(lag: Lag) -> i64 {
    match lag {
        Lag::Minutes(minutes) | Lag::WorkingMinutes(minutes, _) => minutes,
        Lag::WorkingDays(..) => 0,
    }
}

/// Elapsed minutes that `lag` takes about.
fn about(lag: Lag) -> i64 {
    match lag {
        Lag::Minutes(minutes) | Lag::WorkingMinutes(minutes, _) => minutes,
        Lag::WorkingDays(days, _) => i64::from(days) * DAY,
    }
}
