//! A compiled question with more tickets: only their own rows are compiled, everything else is
//! taken over as it is.

use std::collections::BTreeMap;

use super::clocks::Expander;
use super::compile::compiled_ticket;
use super::narrow::narrow;
use super::options::Pools;
use super::shift::Shifts;
use super::steps::{Workshop, link_forward};
use super::{Problem, Step, Ticket};
use crate::id::{Column, Id};
use crate::model::work::{self, Work};

/// Appends to `whole`, which is as `problem` is, the first `count` tickets of `frame`, all or none
/// of them served.
///
/// `frame` is resolved from the same scenario with other tickets: its people, clients, calendars
/// and places stand in the same rows, none of its tickets is begun, and those added come first.
/// `known` finds its other tickets in the question; whatever follows one that is not found is
/// free of it.
pub fn extend(
    whole: &mut Problem,
    problem: &Problem,
    frame: &Work,
    count: usize,
    known: &dyn Fn(Id<work::Ticket>) -> Option<Id<work::Ticket>>,
) {
    let first = (problem.tickets.len(), problem.steps.len());
    let previous = BTreeMap::new();
    let mut shop = Workshop {
        work: frame,
        clocks: &problem.clocks,
        shifts: Shifts::resumed(
            Expander::new(&frame.book, problem.reach),
            std::mem::take(&mut whole.shifts),
        ),
        person_shifts: problem.people.iter().map(|person| person.shifts).collect(),
        previous: &previous,
        pools: Pools::default(),
        options: std::mem::take(&mut whole.options),
        crews: std::mem::take(&mut whole.crews),
        kinds: BTreeMap::new(),
    };
    let mut steps: Column<work::Step, Step> = frame.steps.ids().map(|id| shop.step(id)).collect();
    let Workshop { shifts, mut options, crews, .. } = shop;
    narrow(&mut steps, &mut options, &crews);
    (whole.shifts, whole.options, whole.crews) = (shifts.rows, options, crews);
    link_forward(frame, &mut steps);
    let added: Vec<Id<work::Ticket>> = frame.tickets.ids().take(count).collect();
    let moved = |ticket: &Id<work::Ticket>| {
        if ticket.index() < count {
            Some(Id::new(first.0 + ticket.index()))
        } else {
            known(*ticket)
        }
    };
    for id in &added {
        let row = compiled_ticket(frame, *id, &frame.tickets[*id], &steps, &problem.clocks);
        let trip_owner = frame.tickets[*id].client.map_or(row.trip_owner + first.0, Id::index);
        let own = Id::new(first.0 + id.index());
        let after: Vec<_> = row.after.iter().filter_map(moved).collect();
        for earlier in &after {
            // One of those added may still have to come.
            if earlier.index() < whole.tickets.len() {
                whole.tickets[*earlier].before.push(own);
            }
        }
        let mates = added.iter().filter(|mate| *mate != id).filter_map(moved).collect();
        let steps = row.steps.iter().map(|step| Id::new(first.1 + step.index())).collect();
        whole.tickets.push(Ticket { after, mates, steps, trip_owner, ..row });
    }
    for id in steps.ids() {
        if steps[id].ticket.index() < count {
            whole.steps.push(renumbered(&steps[id], first));
        }
    }
    whole.travels |= problem.people.iter().any(|person| person.base.is_some())
        && whole.steps.iter().skip(first.1).any(|step| step.site.is_some());
}

/// Makes `whole`, which was extended from `problem` and in which tickets were released, held,
/// pressed or let go since, as `problem` is again. What search and rules never change of a row is
/// not looked at: this takes a fraction of what a copy does.
pub fn retract(whole: &mut Problem, problem: &Problem) {
    whole.steps.truncate(problem.steps.len());
    whole.tickets.truncate(problem.tickets.len());
    whole.shifts.truncate(problem.shifts.len());
    whole.options.truncate(problem.options.len());
    whole.crews.truncate(problem.crews.len());
    whole.travels = problem.travels;
    for (id, old) in problem.steps.pairs() {
        let row = &mut whole.steps[id];
        row.frozen = old.frozen;
        if row.previous.is_none() {
            row.previous.clone_from(&old.previous);
        }
    }
    for (id, old) in problem.tickets.pairs() {
        let row = &mut whole.tickets[id];
        (row.release, row.unserved, row.must) = (old.release, old.unserved, old.must);
        row.before.truncate(old.before.len());
        if row.curves.len() != old.curves.len() {
            row.curves.clone_from(&old.curves);
        }
    }
}

/// `step` with its ids counted from `first`: ticket and step.
fn renumbered(step: &Step, first: (usize, usize)) -> Step {
    let mut step = step.clone();
    let moved = |id: &mut Id<work::Step>| *id = Id::new(first.1 + id.index());
    step.ticket = Id::new(first.0 + step.ticket.index());
    step.before.iter_mut().chain(&mut step.after).for_each(|link| moved(&mut link.step));
    step.differs.iter_mut().chain(&mut step.same).for_each(moved);
    step
}
