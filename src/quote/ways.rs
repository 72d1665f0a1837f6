//! Ways to fit guests in: put beside what stands, or found by a short search around them. Each is
//! the same every time: fixed rounds, fixed seed.

use super::guest::Guest;
use crate::id::{Column, Id};
use crate::model::work::{Step, Ticket};
use crate::solver::accept::{Dice, halved};
use crate::solver::insert::Taste;
use crate::solver::rng::Rng;
use crate::solver::schedule::{Placement, Schedule};
use crate::solver::search::Lane;
use crate::time::Tick;

/// Rounds of a search, each colder than the one before.
const ROUNDS: u32 = 10;

/// Steps of a round.
const STEPS: u32 = 120;

/// Most tickets a search looks around.
const MOST: usize = 120;

/// A way to fit a guest in.
pub(super) struct Way<'p> {
    /// The schedule it makes.
    pub(super) schedule: Schedule<'p>,
    /// Steps of others that stand elsewhere than in the plan in force.
    pub(super) moved: Vec<Id<Step>>,
    /// What it costs more than the plan in force, the guests' own lateness left out, in fen.
    pub(super) cost: i64,
    /// When all of it is finished.
    pub(super) finish: Tick,
}

/// The plan in force under the question with `guest`, what it replaces taken out.
pub(super) fn base<'p>(guest: &'p Guest<'_>) -> Schedule<'p> {
    let mut schedule = guest.standing.parked.under(&guest.problem);
    for ticket in &guest.withdrawn {
        schedule.lift_ticket(*ticket);
    }
    schedule.commit();
    schedule
}

/// The guest put beside what stands, with extra hours where `extra` and they serve its wish.
pub(super) fn beside<'p>(guest: &Guest<'_>, base: &Schedule<'p>, extra: bool) -> Option<Way<'p>> {
    let mut schedule = base.clone();
    let taste = Taste { extra, ..Taste::DEAR };
    schedule.insert_all(&in_order(guest), &taste, &mut Rng::new(0, 0));
    is_in(guest, &schedule).then(|| way(guest, base, schedule))
}

/// The best that a search around the guest finds from `start`, others moved where that pays.
pub(super) fn rearranged<'p>(
    guest: &Guest<'_>,
    base: &Schedule<'p>,
    start: Option<&Way<'p>>,
) -> Option<Way<'p>> {
    let from = start.map_or(base, |way| &way.schedule);
    let mut from = from.clone();
    from.commit();
    let around = neighbours(guest, &from, start.map(|way| way.finish));
    // What is at stake is what others pay, now or once the guest is in. What the guest itself costs
    // where it stands badly, or nowhere, would heat the search until it forgets the plan in force.
    let others =
        around.iter().filter(|ticket| ticket.index() < guest.standing.problem.tickets.len());
    let costly = others.map(|ticket| from.standing(*ticket).cost).max().unwrap_or(0);
    let before = beyond(guest, base);
    let mut lane = Lane::around(from, 1, around);
    let dice = Dice::default();
    for round in 0..ROUNDS {
        let stake = costly.max(beyond(guest, &lane.schedule) - before);
        let heat = if round + 1 == ROUNDS { 0 } else { stake / 20 };
        lane.round(STEPS, halved(heat, u64::from(round) * 1000), &dice, &|| false);
    }
    let found = rebuilt(base, &lane.best);
    let mut last = Lane::around(found, 1, Vec::new());
    for step in moved(guest, base, &last.schedule) {
        last.put_as_before(step);
    }
    let schedule = last.schedule;
    is_in(guest, &schedule).then(|| way(guest, base, schedule))
}

/// `base` with every step where `places` says.
fn rebuilt<'p>(base: &Schedule<'p>, places: &Column<Step, Option<Placement>>) -> Schedule<'p> {
    let mut schedule = base.clone();
    let steps = base.places().ids();
    let changed: Vec<_> = steps.filter(|step| base.place(*step) != places[*step]).collect();
    for step in &changed {
        schedule.lift(*step);
    }
    for step in &changed {
        if let Some(place) = places[*step] {
            schedule.put(*step, place);
        }
    }
    schedule.commit();
    schedule
}

fn way<'p>(guest: &Guest<'_>, base: &Schedule<'p>, mut schedule: Schedule<'p>) -> Way<'p> {
    schedule.commit();
    let moved = moved(guest, base, &schedule);
    let finish = guest.ids().map(|id| schedule.standing(id).finish).max();
    let cost = beyond(guest, &schedule) - beyond(guest, base);
    Way { moved, cost, finish: finish.unwrap_or(Tick::MIN), schedule }
}

/// What `schedule` costs but for the guest.
fn beyond(guest: &Guest<'_>, schedule: &Schedule<'_>) -> i64 {
    schedule.cost() - guest.ids().map(|id| schedule.standing(id).cost).sum::<i64>()
}

/// Whether all of the guest is served and nobody is dropped for it.
fn is_in(guest: &Guest<'_>, schedule: &Schedule<'_>) -> bool {
    guest.ids().all(|id| schedule.is_served(id)) && schedule.owed() == 0
}

/// Steps of others that stand elsewhere, or with others, than in `base`.
fn moved(guest: &Guest<'_>, base: &Schedule<'_>, schedule: &Schedule<'_>) -> Vec<Id<Step>> {
    let others = guest.standing.problem.steps.ids();
    others.filter(|step| base.place(*step) != schedule.place(*step)).collect()
}

/// The guest's tickets, each after those it follows.
fn in_order(guest: &Guest<'_>) -> Vec<Id<Ticket>> {
    let mut left: Vec<Id<Ticket>> = guest.ids().collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready = |id: &Id<Ticket>| {
            guest.problem.tickets[*id].after.iter().all(|earlier| !left.contains(earlier))
        };
        let next = left.iter().position(ready).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}

/// The guest, and the tickets that stand where it could: those of whoever could do its steps, the
/// nearest before `until` first.
fn neighbours(guest: &Guest<'_>, schedule: &Schedule<'_>, until: Option<Tick>) -> Vec<Id<Ticket>> {
    let problem = &guest.problem;
    let until = until.unwrap_or(problem.horizon);
    let mut near: Vec<(Tick, Id<Ticket>)> = Vec::new();
    let mut people: Vec<_> = guest
        .ids()
        .flat_map(|ticket| problem.tickets[ticket].steps.iter())
        .flat_map(|step| problem.options_of(*step))
        .flat_map(|row| problem.crew(&problem.options[row]))
        .copied()
        .collect();
    people.sort_unstable();
    people.dedup();
    for person in people {
        for busy in schedule.line(person).busy() {
            let is_free = problem.steps[busy.step].is_free();
            if is_free && busy.start < until {
                near.push((busy.start, problem.steps[busy.step].ticket));
            }
        }
    }
    near.sort_unstable();
    let mut tickets: Vec<Id<Ticket>> = guest.ids().collect();
    for (_, ticket) in near {
        if tickets.len() < MOST && !tickets.contains(&ticket) {
            tickets.push(ticket);
        }
    }
    tickets
}
