//! Who decides how: the engine, and the simple ways it is held against. Each puts tickets into the
//! plan in force when asked; what has begun stays with all of them.

use super::world::World;
use crate::id::Id;
use crate::model::outcome::PolicyName;
use crate::model::simulation::Engine;
use crate::model::work::{Step, Ticket};
use crate::problem::Problem;
use crate::solver::accept::{Dice, halved};
use crate::solver::insert::Taste;
use crate::solver::rng::Rng;
use crate::solver::schedule::Schedule;
use crate::solver::search::Lane;
use crate::time::{DAY, Tick};

/// A way to dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// A plan each morning, each call put in at once and searched around (引擎).
    Engine,
    /// Whoever came first goes first (先到先办).
    FirstCome,
    /// What is due first goes first (最早到期).
    EarliestDue,
    /// What costs most when late goes first (价值最高).
    HighestValue,
    /// Urgent before normal, each in the order of arrival (现行做法).
    CurrentPractice,
}

impl From<PolicyName> for Policy {
    fn from(name: PolicyName) -> Policy {
        match name {
            PolicyName::Engine => Policy::Engine,
            PolicyName::FirstCome => Policy::FirstCome,
            PolicyName::EarliestDue => Policy::EarliestDue,
            PolicyName::HighestValue => Policy::HighestValue,
            PolicyName::CurrentPractice => Policy::CurrentPractice,
        }
    }
}

impl Policy {
    /// All of them.
    pub const ALL: [Policy; 5] = [
        Policy::Engine,
        Policy::FirstCome,
        Policy::EarliestDue,
        Policy::HighestValue,
        Policy::CurrentPractice,
    ];

    /// Smaller goes first.
    fn key(self, world: &World, ticket: Id<Ticket>) -> (i64, i64, Id<Ticket>) {
        let (row, stated) = (&world.problem.tickets[ticket], &world.work.tickets[ticket]);
        let arrived = stated.release.0;
        match self {
            Policy::Engine => (0, tardiness(&world.problem, ticket), ticket),
            Policy::FirstCome => (0, arrived, ticket),
            Policy::EarliestDue => (0, row.due.0, ticket),
            Policy::HighestValue => (-stake(&world.problem, ticket), arrived, ticket),
            Policy::CurrentPractice => (i64::from(!stated.urgent), arrived, ticket),
        }
    }

    /// `tickets` in the order in which it puts them in.
    fn ordered(self, world: &World, mut tickets: Vec<Id<Ticket>>) -> Vec<Id<Ticket>> {
        tickets.sort_by_cached_key(|ticket| self.key(world, *ticket));
        tickets
    }

    /// Extra hours are open to all of them; the engine alone leaves out what costs more than it is
    /// worth.
    fn taste(self) -> Taste {
        if self == Policy::Engine { Taste::PLAIN } else { Taste::DEAR }
    }

    /// Puts what is left of `tickets` in, after something came to light.
    pub(super) fn mend(self, world: &mut World, tickets: Vec<Id<Ticket>>, now: Tick) {
        world.move_on(now);
        let order = self.ordered(world, tickets);
        let taste = self.taste();
        world.plan(|schedule, _| insert(schedule, &order, &taste));
    }

    /// `step`, which began at `now`, ends at another time than planned, until `planned` at the
    /// latest; `lifted` had to make room. Lists are made anew as far as it matters; the engine
    /// looks at what stands behind the step, too, and moves it where that costs no more.
    pub(super) fn close_up(
        self,
        world: &mut World,
        (step, lifted): (Id<Step>, Vec<Id<Ticket>>),
        (now, planned): (Tick, Tick),
    ) {
        world.move_on(now);
        let mut near = if self == Policy::Engine {
            world.plan(|schedule, _| behind(schedule, step))
        } else {
            waiting_until(world, planned + DAY)
        };
        near.extend(&lifted);
        near.sort_unstable();
        near.dedup();
        let (lifted, near) = (self.ordered(world, lifted), self.ordered(world, near));
        let taste = self.taste();
        world.plan(|schedule, _| {
            put_in(schedule, &lifted, &taste);
            let (mark, before) = (schedule.mark(), value(schedule));
            let served: Vec<bool> = near.iter().map(|ticket| schedule.is_served(*ticket)).collect();
            near.iter().for_each(|ticket| schedule.lift_ticket(*ticket));
            let is_engine = self == Policy::Engine;
            if is_engine && !put_in_below(schedule, &near, &served, before.1) {
                return schedule.rollback(mark);
            }
            put_in(schedule, &near, &taste);
            let whole = near.iter().filter(|ticket| schedule.is_served(**ticket)).count();
            let is_worse = is_engine && value(schedule) > before;
            if whole < served.iter().filter(|served| **served).count() || is_worse {
                schedule.rollback(mark);
            }
        });
    }

    /// The plan of a morning.
    pub(super) fn morning(self, world: &mut World, now: Tick, engine: &Engine, day: u64) {
        let missing = |world: &World| -> Vec<Id<Ticket>> {
            let places = world.parked().places();
            let out = world.waiting.iter().filter(|step| places[**step].is_none());
            let mut tickets: Vec<_> = out.map(|step| world.problem.steps[*step].ticket).collect();
            tickets.sort_unstable();
            tickets.dedup();
            tickets
        };
        let out = missing(world);
        self.mend(world, out, now);
        if self != Policy::Engine {
            return;
        }
        let pending = world.pending();
        let order = self.ordered(world, pending.clone());
        let steps = engine.morning_steps;
        world.replan(|standing, _| {
            let mut anew = standing.clone();
            pending.iter().for_each(|ticket| anew.lift_ticket(*ticket));
            insert(&mut anew, &order, &Taste::PLAIN);
            let better = if value(&anew) < value(&standing) { anew } else { standing };
            searched(better, pending, steps, day)
        });
    }

    /// `ticket` arrives.
    pub(super) fn call(self, world: &mut World, ticket: Id<Ticket>, now: Tick, engine: &Engine) {
        world.move_on(now);
        if self != Policy::Engine {
            return self.enlist(world, ticket);
        }
        world.hold(Some(now + i64::from(engine.freeze_minutes)));
        let steps = engine.call_steps;
        world.replan(|mut schedule, _| {
            insert(&mut schedule, &[ticket], &Taste::PLAIN);
            let mut own = schedule.problem.tickets[ticket].steps.iter();
            let is_free = schedule.is_served(ticket)
                && schedule.standing(ticket).cost == 0
                && own.all(|step| schedule.extra_of(*step) == (0, 0));
            if is_free || steps == 0 {
                return schedule;
            }
            let around = neighbours(&schedule, ticket);
            searched(schedule, around, steps, 0)
        });
        world.hold(None);
    }

    /// `ticket` takes its place in the list: all behind it make room and are put in again.
    fn enlist(self, world: &mut World, ticket: Id<Ticket>) {
        let own = self.key(world, ticket);
        let mut behind = world.pending();
        behind.retain(|other| self.key(world, *other) > own);
        behind.push(ticket);
        let order = self.ordered(world, behind);
        let taste = self.taste();
        world.plan(|schedule, _| {
            order.iter().for_each(|ticket| schedule.lift_ticket(*ticket));
            insert(schedule, &order, &taste);
        });
    }
}

/// Most tickets a list is made anew for when something ends early.
const MOST_LISTED: usize = 24;

/// The tickets next in line behind the people of `step`, and its own.
fn behind(schedule: &Schedule<'_>, step: Id<Step>) -> Vec<Id<Ticket>> {
    let problem = schedule.problem;
    let Some(place) = schedule.place(step) else { return Vec::new() };
    let mut tickets = vec![problem.steps[step].ticket];
    for person in schedule.people_of(step).unwrap_or_default() {
        let busy = schedule.line(*person).busy();
        let first = busy.partition_point(|busy| busy.start < place.end);
        let free = busy[first..].iter().filter(|busy| problem.steps[busy.step].is_free());
        tickets.extend(free.take(3).map(|busy| problem.steps[busy.step].ticket));
    }
    tickets.sort_unstable();
    tickets.dedup();
    tickets
}

/// The tickets with steps that are to begin before `until`, the first ones.
fn waiting_until(world: &World, until: Tick) -> Vec<Id<Ticket>> {
    let places = world.parked().places();
    let starts = world.waiting.iter().filter_map(|step| {
        let start = places[*step].map(|place| place.start).filter(|start| *start < until)?;
        Some((start, world.problem.steps[*step].ticket))
    });
    let mut near: Vec<(Tick, Id<Ticket>)> = starts.collect();
    near.sort_unstable();
    let mut tickets: Vec<Id<Ticket>> = Vec::new();
    for (_, ticket) in near {
        if tickets.len() < MOST_LISTED && !tickets.contains(&ticket) {
            tickets.push(ticket);
        }
    }
    tickets
}

/// Puts `tickets` in for good.
fn insert(schedule: &mut Schedule<'_>, tickets: &[Id<Ticket>], taste: &Taste) {
    put_in(schedule, tickets, taste);
    schedule.commit();
}

/// What a schedule is judged by: tickets owed, then fen.
fn value(schedule: &Schedule<'_>) -> (i64, i64) {
    (schedule.owed(), schedule.cost())
}

/// Puts `tickets` in, in this order; `false` as soon as that is sure to cost more than `limit`, or
/// one of those that were `served` cannot be put in so.
fn put_in_below(
    schedule: &mut Schedule<'_>,
    tickets: &[Id<Ticket>],
    served: &[bool],
    limit: i64,
) -> bool {
    let problem = schedule.problem;
    let mut rng = Rng::new(0, 0);
    let price = |ticket: Id<Ticket>| {
        let row = &problem.tickets[ticket];
        if row.must { 0 } else { row.unserved }
    };
    let out = tickets.iter().filter(|ticket| !schedule.is_served(**ticket));
    let mut pending: i64 = out.map(|ticket| price(*ticket)).sum();
    for (ticket, served) in tickets.iter().zip(served) {
        if !schedule.is_served(*ticket) {
            let rest = pending - price(*ticket);
            let ceiling = limit.saturating_add(rest);
            if schedule.insert_below(*ticket, ceiling, &Taste::PLAIN, &mut rng) {
                pending = rest;
            } else if *served && problem.tickets[*ticket].after.is_empty() {
                return false;
            }
        }
        if schedule.cost() - pending > limit {
            return false;
        }
    }
    true
}

/// Puts `tickets` in, in this order; those that wait for others of them a second time.
fn put_in(schedule: &mut Schedule<'_>, tickets: &[Id<Ticket>], taste: &Taste) {
    let mut rng = Rng::new(0, 0);
    for _ in 0..2 {
        for ticket in tickets {
            if !schedule.is_served(*ticket) && !schedule.insert_ticket(*ticket, taste, &mut rng) {
                clear_torn(schedule, *ticket);
            }
        }
    }
    // Who was to go on from somewhere may have to come from elsewhere now.
    schedule.mend_travel(taste, &mut rng);
}

/// A ticket that cannot be made whole is taken out, unless it has begun; with it whatever follows.
fn clear_torn(schedule: &mut Schedule<'_>, ticket: Id<Ticket>) {
    if !schedule.problem.tickets[ticket].must {
        schedule.lift_ticket(ticket);
    }
    schedule.drop_dependents(ticket);
}

/// Rounds of a search, each colder than the one before.
const ROUNDS: u32 = 4;

/// The best that `steps` steps of search around `tickets` find.
fn searched<'p>(
    schedule: Schedule<'p>,
    tickets: Vec<Id<Ticket>>,
    steps: u32,
    seed: u64,
) -> Schedule<'p> {
    let costly = tickets.iter().map(|ticket| schedule.standing(*ticket).cost).max().unwrap_or(0);
    let mut lane = Lane::around(schedule, seed, tickets);
    let dice = Dice::default();
    for round in 0..ROUNDS {
        let heat = if round + 1 == ROUNDS { 0 } else { costly / 20 };
        let heat = halved(heat, u64::from(round) * 1000);
        lane.round(steps.div_ceil(ROUNDS), heat, &dice, &|| false);
    }
    let best = lane.best.clone();
    lane.restart(&best);
    lane.schedule
}

/// Most tickets a search around a call looks at.
const MOST: usize = 40;

/// `ticket`, and those that stand where it could: the nearest first.
fn neighbours(schedule: &Schedule<'_>, ticket: Id<Ticket>) -> Vec<Id<Ticket>> {
    let problem = schedule.problem;
    let row = &problem.tickets[ticket];
    let finish = schedule.standing(ticket).finish.max(row.due);
    let steps = row.steps.iter().flat_map(|step| problem.options_of(*step));
    let mut people: Vec<_> =
        steps.flat_map(|option| problem.crew(&problem.options[option])).copied().collect();
    people.sort_unstable();
    people.dedup();
    let mut near: Vec<(Tick, Id<Ticket>)> = Vec::new();
    for person in people {
        let busy = schedule.line(person).busy();
        let first = busy.partition_point(|busy| busy.end <= row.release);
        let ahead = busy[first..].iter().take_while(|busy| busy.start < finish);
        let free = ahead.filter(|busy| problem.steps[busy.step].is_free());
        near.extend(free.map(|busy| (busy.start, problem.steps[busy.step].ticket)));
    }
    near.sort_unstable();
    let mut tickets = vec![ticket];
    for (_, other) in near {
        if tickets.len() < MOST && !tickets.contains(&other) {
            tickets.push(other);
        }
    }
    tickets
}

/// What ten working hours of lateness cost, or leaving it out if that is less.
fn stake(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let row = &problem.tickets[ticket];
    let late = problem.lateness(ticket, row.due + 600);
    let out = if row.must { late } else { row.unserved.min(late.max(1)) };
    out.max(1)
}

/// Minutes of slack after which half of a ticket's weight is left.
const HALF: i64 = 665;

/// Apparent tardiness cost (Vepsalainen and Morton 1987) with a look-ahead of 16 hours: weight over
/// work, less with slack from its release on.
fn tardiness(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let row = &problem.tickets[ticket];
    let density = (i128::from(stake(problem, ticket)) << 16) / i128::from(row.effort.max(1));
    let steps = row.steps.iter().map(|step| &problem.steps[*step]);
    let needed = steps.map(|step| step.tail + step.least_minutes).max().unwrap_or(0);
    let slack = (row.due.0 - needed - row.release.0).max(0);
    let halvings = u32::try_from((slack / HALF).min(60)).expect("at most 60");
    let whole = density >> halvings;
    let left = whole - whole / 2 * i128::from(slack % HALF) / i128::from(HALF);
    -i64::try_from(left).unwrap_or(i64::MAX)
}
