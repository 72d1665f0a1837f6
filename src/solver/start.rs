//! A plan made before as the start of a search: a warm start. Unlike a previous plan it has no
//! price and binds nothing; one that does not stand up here is forgotten.

use super::extra;
use super::place::Bounds;
use super::schedule::{Placement, Schedule, worked_from};
use crate::id::Id;
use crate::model::work::{Person, Step};
use crate::problem::{Choice, Problem};
use crate::time::Tick;

/// Where one step stands in the plan to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The step.
    pub step: Id<Step>,
    /// Who does it, lead first; nobody for a wait.
    pub people: Vec<Id<Person>>,
    /// Its start.
    pub start: Tick,
    /// Its end.
    pub end: Tick,
}

/// The schedule in which every planned step stands as `rows` say, facts aside; `None` when one of
/// them may not stand there, or a ticket is torn.
#[must_use]
pub fn stood_up<'p>(problem: &'p Problem, rows: &[Start]) -> Option<Schedule<'p>> {
    let mut schedule = Schedule::new(problem);
    let turn = |step: Id<Step>| problem.begun.iter().position(|begun| *begun == step);
    let seat = |step: Id<Step>| {
        let steps = &problem.tickets[problem.steps[step].ticket].steps;
        steps.iter().position(|other| *other == step)
    };
    let mut rows: Vec<&Start> =
        rows.iter().filter(|row| !problem.steps[row.step].is_fact()).collect();
    // Steps under way first, in their turn; then in order of time, each after what it links to.
    rows.sort_by_cached_key(|row| {
        let turn = turn(row.step);
        (turn.is_none(), turn, row.start, row.end, seat(row.step))
    });
    for row in rows {
        let place = place(&mut schedule, row)?;
        schedule.put(row.step, place);
    }
    let whole = problem.tickets.ids().all(|ticket| {
        let is_out = schedule.standing(ticket).placed == 0;
        (is_out || schedule.is_served(ticket)) && schedule.keeps_company(ticket)
    });
    schedule.commit();
    whole.then_some(schedule)
}

/// Where `row` says, if its step may stand there beside what is placed.
fn place(schedule: &mut Schedule<'_>, row: &Start) -> Option<Placement> {
    let problem = schedule.problem;
    let step = &problem.steps[row.step];
    if schedule.place(row.step).is_some() {
        return None;
    }
    let bounds = schedule.bounds(row.step)?;
    if bounds.earliest > row.start && !step.fixed.is_begun() {
        return None;
    }
    if step.wait.is_some() {
        let place = schedule.place_wait(row.step, Bounds { earliest: row.start, ..bounds })?;
        return (place.start == row.start && place.end == row.end).then_some(place);
    }
    let (start, end) = (row.start, row.end);
    let from = worked_from(problem, schedule.places(), row.step, start);
    for number in problem.options_of(row.step) {
        let option = &problem.options[number];
        if problem.crew(option) != row.people || !schedule.suits(row.step, option) || from >= end {
            continue;
        }
        let extra = !is_regular(problem, row.step, option, (from, end));
        if extra && extra::split(problem, option, from, end).is_none() {
            continue;
        }
        let choice = u32::try_from(number).expect("options are far fewer than 2^32");
        let place = Placement { start, end, choice, extra };
        if step.fixed.is_begun() || schedule.keeps(row.step, place, bounds) {
            return Some(place);
        }
    }
    None
}

/// Whether `option` works from `from` to `end` in regular minutes alone; a step under way may find
/// its people off duty at first.
fn is_regular(
    problem: &Problem,
    step: Id<Step>,
    option: &Choice,
    (from, end): (Tick, Tick),
) -> bool {
    let regular = &problem.shifts[option.shift].regular;
    regular.open_between(from, end) == option.minutes
        && regular.is_open(end - 1)
        && (regular.is_open(from) || problem.steps[step].fixed.is_begun())
}
