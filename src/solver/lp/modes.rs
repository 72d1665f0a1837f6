//! Tickets as the assignment reads them: for every step, who could end it on which local day.
//!
//! Days are coarse on purpose: a mode says when a step could end on its day at the earliest, as if
//! its people had nothing else to do that day. No floats here, and no prices but lateness.

use crate::id::Id;
use crate::model::ticket::LinkKind;
use crate::model::work::{Step, Ticket};
use crate::problem::{Choice, Problem};
use crate::solver::bound::{earliest_ends, earliest_span};
use crate::solver::schedule::Schedule;
use crate::time::Tick;

/// A step that stands may end on so many days from the first possible on.
const DAYS_AHEAD: usize = 4;

/// Local days from the moment planned from to the horizon.
pub(super) struct Days(Vec<Tick>);

impl Days {
    pub(super) fn new(problem: &Problem) -> Days {
        let mut edges = vec![problem.as_of];
        let mut day = problem.midnights.day(problem.as_of);
        while edges.last().is_some_and(|edge| *edge < problem.horizon) {
            day = day.plus(1);
            match problem.midnights.midnight(day) {
                Some(midnight) => edges.push(midnight),
                None => edges.push(problem.reach.end.max(problem.horizon)),
            }
        }
        Days(edges)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() - 1
    }

    /// The first tick of a day.
    pub(super) fn start(&self, day: usize) -> Tick {
        self.0[day]
    }

    /// The first tick after a day.
    pub(super) fn end(&self, day: usize) -> Tick {
        self.0[day + 1]
    }

    /// The day of the minute before `end`; `None` after the horizon.
    pub(super) fn ending(&self, end: Tick) -> Option<usize> {
        let day = self.0.partition_point(|edge| *edge < end).saturating_sub(1);
        (day < self.len()).then_some(day)
    }
}

/// One way to do a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    /// Row of [`Problem::options`].
    pub(super) choice: u32,
    /// The day on which it ends.
    pub(super) day: usize,
    /// About when.
    pub(super) end: Tick,
    /// So it stands already.
    pub(super) stays: bool,
}

/// What has to be ended before, and how soon after.
pub(super) struct Earlier {
    /// Row in [`Case::works`].
    pub(super) work: usize,
    /// By the day on which that ends: the first day on which this can end, if any.
    pub(super) first: Vec<Option<usize>>,
}

/// A step that people do.
pub(super) struct Work {
    pub(super) step: Id<Step>,
    pub(super) modes: Vec<Mode>,
    pub(super) earlier: Vec<Earlier>,
}

/// A ticket.
pub(super) struct Case {
    pub(super) ticket: Id<Ticket>,
    /// In the order of the ticket's steps; at least one.
    pub(super) works: Vec<Work>,
}

impl Case {
    /// `None` when the assignment does not know a rule that binds `ticket`, or it cannot be served.
    pub(super) fn new(current: &Schedule<'_>, days: &Days, ticket: Id<Ticket>) -> Option<Case> {
        let problem = current.problem;
        if !is_known(problem, ticket) {
            return None;
        }
        let row = &problem.tickets[ticket];
        let spans = earliest_ends(problem, ticket)?.spans;
        let mut works: Vec<Work> = Vec::new();
        for (step, (start, _)) in row.steps.iter().zip(&spans) {
            if problem.steps[*step].wait.is_some() {
                continue;
            }
            let modes = modes(current, days, *step, *start);
            if modes.is_empty() {
                return None;
            }
            let earlier = earlier(problem, days, &works, *step);
            works.push(Work { step: *step, modes, earlier });
        }
        (!works.is_empty()).then_some(Case { ticket, works })
    }

    /// About how many entries it takes in a program over `days` days: a mode stands in its step's
    /// row, in that of its day, and with somebody; a step that follows another, day by day.
    pub(super) fn size(&self, days: &Days) -> usize {
        let modes: usize = self.works.iter().map(|work| work.modes.len()).sum();
        let follow = if self.works.len() > 1 { 6 * self.works.len() * days.len() } else { 0 };
        3 * modes + follow
    }

    /// The step whose end stands for the finish.
    pub(super) fn last(&self) -> &Work {
        self.works.last().expect("a case has work")
    }
}

/// Whether the ticket stands on its own and may be moved.
pub(super) fn is_known(problem: &Problem, ticket: Id<Ticket>) -> bool {
    let row = &problem.tickets[ticket];
    let free = |step: &Id<Step>| {
        let step = &problem.steps[*step];
        step.is_free() && step.pinned_after.is_empty() && step.pinned_before.is_empty()
    };
    !row.must
        && !row.begun
        && row.after.is_empty()
        && row.before.is_empty()
        && row.mates.is_empty()
        && row.steps.iter().all(free)
}

/// Everybody on every day from the first on which he could end `step`, begun at `start` or later;
/// of a step that stands only days about those.
fn modes(current: &Schedule<'_>, days: &Days, step: Id<Step>, start: Tick) -> Vec<Mode> {
    let problem = current.problem;
    let place = current.place(step);
    let stand = place.and_then(|place| Some((place.choice, days.ending(place.end)?)));
    let first = days.ending(start + 1).unwrap_or(0);
    let last = stand.map_or(days.len(), |(_, day)| (day + 2).max(first + DAYS_AHEAD));
    let mut modes = Vec::new();
    for row in problem.options_of(step) {
        let option = &problem.options[row];
        let choice = u32::try_from(row).expect("options are far fewer than 2^32");
        for day in first..last.min(days.len()) {
            let stays = stand == Some((choice, day));
            let latest = problem.steps[step].latest_end.min(option.expires);
            let end = end_on(problem, days, option, start, day).filter(|end| *end <= latest);
            modes.extend(end.map(|end| Mode { choice, day, end, stays }));
        }
    }
    modes
}

/// About when `option` ends on `day` if it begins at `start` or later: worked in one go from the
/// morning where that fits, else at the day's last regular minute.
fn end_on(
    problem: &Problem,
    days: &Days,
    option: &Choice,
    start: Tick,
    day: usize,
) -> Option<Tick> {
    let shift = &problem.shifts[option.shift];
    let all = shift.levels.last()?;
    let earliest = all.end_of(all.next_open(start)?, option.minutes)?;
    if earliest > days.end(day) {
        return None;
    }
    let (from, to) = (days.start(day), days.end(day));
    if earliest > from {
        let regular = shift.regular.end_of(start, option.minutes);
        return Some(regular.filter(|end| *end <= to).unwrap_or(earliest));
    }
    let closing = shift.regular.last_open_before(to)? + 1;
    if closing <= from {
        return None;
    }
    Some(shift.regular.end_of(from, option.minutes).map_or(closing, |end| end.min(closing)))
}

/// Which of `works` have to be ended before `step`, waits between them included.
fn earlier(problem: &Problem, days: &Days, works: &[Work], step: Id<Step>) -> Vec<Earlier> {
    let mut found = Vec::new();
    for (row, work) in works.iter().enumerate() {
        let soonest = work.modes.iter().map(|mode| mode.end).min().unwrap_or(Tick::MIN);
        let first = |day: usize| {
            let end = days.start(day).max(soonest);
            let start = reached(problem, (work.step, end), step)?;
            Some(days.ending(earliest_span(problem, step, start)?.1))
        };
        if reached(problem, (work.step, soonest), step).is_some() {
            let first = (0..days.len()).map(|day| first(day).flatten()).collect();
            found.push(Earlier { work: row, first });
        }
    }
    found
}

/// The earliest start of `step` after `earlier` has ended at `end`; `None` when it does not follow
/// it, be it through waits.
fn reached(problem: &Problem, (earlier, end): (Id<Step>, Tick), step: Id<Step>) -> Option<Tick> {
    let mut latest = None;
    for link in problem.steps[step].before.iter().filter(|link| link.kind == LinkKind::FinishStart)
    {
        let event = if link.step == earlier {
            end
        } else if problem.steps[link.step].wait.is_some() {
            let Some(start) = reached(problem, (earlier, end), link.step) else { continue };
            earliest_span(problem, link.step, start).map_or(Tick::MAX, |span| span.1)
        } else {
            continue;
        };
        let over = if event < Tick::MAX { problem.lag_end(link.lag, event) } else { None };
        latest = latest.max(Some(over.unwrap_or(Tick::MAX)));
    }
    latest
}
