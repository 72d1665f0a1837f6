//! The workbench of one lane: where every step stands, who is occupied when, what it costs.
//!
//! Always consistent: [`Schedule::put`] and [`Schedule::lift`] keep lines, counters and cost in
//! step, and a journal takes any of it back. Whether a placement is allowed is asked in
//! [`super::place`] before it is put.

mod parked;

pub use parked::Parked;

use super::extra::{self, PerTier};
use super::limits::Limits;
use super::line::{Busy, Line, Mark};
use super::price::{change_price, imbalance_price};
use super::trips::Trips;
use crate::id::{Column, Id};
use crate::model::work::{Bureau, Person, Step, Thing, Ticket};
use crate::problem::{Fixed, Problem};
use crate::time::Tick;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its start.
    pub start: Tick,
    /// Its end.
    pub end: Tick,
    /// The row of its option in [`Problem::options`]; unused for waits.
    pub choice: u32,
    /// Whether it may work minutes that are not regular.
    pub extra: bool,
}

/// What a ticket's steps come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Planned steps that are placed.
    pub placed: usize,
    /// The latest end of its placed steps and facts; `Tick::MIN` without any.
    pub finish: Tick,
    /// What it adds to the cost.
    pub cost: i64,
    /// It must be served and is not whole.
    pub owed: bool,
}

/// One change, to be taken back.
#[derive(Clone, Copy, Debug)]
enum Undo {
    Put(Id<Step>),
    Lift(Id<Step>, Placement),
}

/// A schedule under work.
#[derive(Clone)]
pub struct Schedule<'p> {
    /// The question.
    pub problem: &'p Problem,
    places: Column<Step, Option<Placement>>,
    /// The option each step stood by last.
    habits: Column<Step, u32>,
    lines: Column<Person, Line>,
    things: Column<Thing, Line>,
    /// Steps starting per day, for bureaus with a quota.
    quota: Column<Bureau, Vec<i64>>,
    standings: Column<Ticket, Standing>,
    /// Regular minutes worked from `as_of` on.
    worked: Column<Person, i64>,
    limits: Limits,
    trips: Trips,
    cost: i64,
    /// Tickets that must be served and are not whole.
    owed: i64,
    journal: Vec<Undo>,
}

impl<'p> Schedule<'p> {
    /// Nothing but the facts.
    #[must_use]
    pub fn new(problem: &'p Problem) -> Schedule<'p> {
        let first = problem.midnights.day(problem.as_of);
        let days = usize::try_from(problem.midnights.day(problem.reach.end).0 - first.0 + 2)
            .expect("the reach ends after it begins");
        let working = problem.steps.iter().filter(|step| step.wait.is_none());
        let least = working.map(|step| step.least_minutes).min().unwrap_or(1).max(1);
        let least = i32::try_from(least).unwrap_or(i32::MAX);
        let line = |person| Line::new(mark_of(problem, person, problem.as_of), least);
        let empty = Standing { placed: 0, finish: Tick::MIN, cost: 0, owed: false };
        let mut schedule = Schedule {
            problem,
            places: problem.steps.iter().map(|_| None).collect(),
            habits: problem.steps.iter().map(|_| u32::MAX).collect(),
            lines: problem.people.ids().map(line).collect(),
            things: (0..problem.thing_count).map(|_| Line::default()).collect(),
            quota: problem
                .quotas
                .iter()
                .map(|quota| vec![0; if quota.is_some() { days } else { 0 }])
                .collect(),
            standings: problem.tickets.iter().map(|_| empty).collect(),
            worked: problem.people.iter().map(|_| 0).collect(),
            limits: Limits::new(problem),
            trips: Trips::new(problem),
            cost: 0,
            owed: 0,
            journal: Vec::new(),
        };
        schedule.take_facts();
        schedule
    }

    fn take_facts(&mut self) {
        for (id, step) in self.problem.steps.pairs() {
            let sited = step.site.is_some();
            let span = match &step.fixed {
                Fixed::Done(people, span) => {
                    for person in people {
                        let busy = Busy { start: span.start, end: span.end, step: id, sited };
                        // Facts may contradict each other; the first one stands.
                        if self.lines[*person].conflict(span.start, span.end).is_none() {
                            let marks = marks_of(self.problem, *person, &busy);
                            self.lines[*person].insert(busy, marks);
                        }
                    }
                    *span
                }
                Fixed::BegunWait(span) => *span,
                Fixed::Free => {
                    self.cost += change_price(self.problem, id, None);
                    continue;
                }
                Fixed::Begun(..) => continue,
            };
            for thing in &step.things {
                let busy = Busy { start: span.start, end: span.end, step: id, sited };
                if let Some(busy) = left_for(&self.things[*thing], busy) {
                    self.things[*thing].insert(busy, NO_MARKS);
                }
            }
            self.count_start(id, span.start, 1);
            self.places[id] = Some(Placement {
                start: span.start,
                end: span.end,
                choice: u32::MAX,
                extra: false,
            });
            let standing = &mut self.standings[step.ticket];
            standing.finish = standing.finish.max(span.end);
        }
        for ticket in self.problem.tickets.ids() {
            self.settle(ticket);
        }
    }

    /// What it costs, in fen, tickets owed left out.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.cost
    }

    /// How many tickets that must be served are not whole.
    #[must_use]
    pub fn owed(&self) -> i64 {
        self.owed
    }

    /// Where `step` stands.
    #[must_use]
    pub fn place(&self, step: Id<Step>) -> Option<Placement> {
        self.places[step]
    }

    /// The option `step` stood by last; `u32::MAX` before it stood anywhere.
    #[must_use]
    pub fn habit(&self, step: Id<Step>) -> u32 {
        self.habits[step]
    }

    /// Where every step stands.
    #[must_use]
    pub fn places(&self) -> &Column<Step, Option<Placement>> {
        &self.places
    }

    /// What occupies `person`.
    #[must_use]
    pub fn line(&self, person: Id<Person>) -> &Line {
        &self.lines[person]
    }

    /// What occupies `thing`.
    #[must_use]
    pub fn thing(&self, thing: Id<Thing>) -> &Line {
        &self.things[thing]
    }

    /// What the steps of `ticket` come to.
    #[must_use]
    pub fn standing(&self, ticket: Id<Ticket>) -> Standing {
        self.standings[ticket]
    }

    /// Whether every step of `ticket` is placed.
    #[must_use]
    pub fn is_served(&self, ticket: Id<Ticket>) -> bool {
        self.standings[ticket].placed == self.problem.tickets[ticket].planned_count
    }

    /// The extra minutes worked so far; whoever changes them changes them back.
    pub(super) fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// What work beyond a fair share comes to in all by the prices of `prices`, in fen.
    #[must_use]
    pub fn imbalance(&self, prices: &Problem) -> i64 {
        let people = prices.people.ids();
        people.map(|person| imbalance_price(prices, person, self.worked[person])).sum()
    }

    /// The client trips so far.
    #[must_use]
    pub fn trips(&self) -> &Trips {
        &self.trips
    }

    /// Regular minutes `person` works from `as_of` on.
    #[must_use]
    pub fn worked(&self, person: Id<Person>) -> i64 {
        self.worked[person]
    }

    /// Whether the quota of the step's bureau has room on the date of `start`.
    #[must_use]
    pub fn quota_has_room(&self, step: Id<Step>, start: Tick) -> bool {
        let Some((bureau, ..)) = self.problem.steps[step].bureau else { return true };
        let Some(quota) = self.problem.quotas[bureau] else { return true };
        self.quota[bureau].get(self.day_row(start)).is_none_or(|count| *count < quota)
    }

    fn day_row(&self, tick: Tick) -> usize {
        let first = self.problem.midnights.day(self.problem.as_of).0;
        usize::try_from(self.problem.midnights.day(tick).0 - first).unwrap_or(usize::MAX)
    }

    fn count_start(&mut self, step: Id<Step>, start: Tick, change: i64) {
        let Some((bureau, ..)) = self.problem.steps[step].bureau else { return };
        if self.problem.quotas[bureau].is_some() {
            let row = self.day_row(start);
            if let Some(count) = self.quota[bureau].get_mut(row) {
                *count += change;
            }
        }
    }

    /// Puts `step` where the caller has found it to fit.
    pub fn put(&mut self, step: Id<Step>, place: Placement) {
        self.journal.push(Undo::Put(step));
        self.apply(step, place);
    }

    /// Takes `step` away and says where it stood.
    pub fn lift(&mut self, step: Id<Step>) -> Option<Placement> {
        let place = self.places[step]?;
        self.journal.push(Undo::Lift(step, place));
        self.withdraw(step, place);
        Some(place)
    }

    /// A point to come back to.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Takes back everything since `mark`.
    pub fn rollback(&mut self, mark: usize) {
        while self.journal.len() > mark {
            match self.journal.pop() {
                Some(Undo::Put(step)) => {
                    let place = self.places[step].expect("it was put and nothing lifted it since");
                    self.withdraw(step, place);
                }
                Some(Undo::Lift(step, place)) => self.apply(step, place),
                None => break,
            }
        }
    }

    /// Forgets how to go back before now.
    pub fn commit(&mut self) {
        self.journal.clear();
    }

    /// The steps lifted since `mark`, with where they stood.
    pub fn lifted_since(&self, mark: usize) -> impl Iterator<Item = (Id<Step>, Placement)> + '_ {
        self.journal[mark..].iter().filter_map(|undo| match undo {
            Undo::Lift(step, place) => Some((*step, *place)),
            Undo::Put(_) => None,
        })
    }

    /// Copies to `places` where every step stood at `mark`.
    pub fn places_before(&self, mark: usize, places: &mut Column<Step, Option<Placement>>) {
        places.clone_from(&self.places);
        for undo in self.journal[mark..].iter().rev() {
            match undo {
                Undo::Put(step) => places[*step] = None,
                Undo::Lift(step, place) => places[*step] = Some(*place),
            }
        }
    }

    fn apply(&mut self, step: Id<Step>, place: Placement) {
        self.places[step] = Some(place);
        self.habits[step] = place.choice;
        self.occupy(step, place, true);
        let ticket = self.problem.steps[step].ticket;
        let standing = &mut self.standings[ticket];
        standing.placed += 1;
        standing.finish = standing.finish.max(place.end);
        self.settle(ticket);
    }

    fn withdraw(&mut self, step: Id<Step>, place: Placement) {
        self.places[step] = None;
        self.occupy(step, place, false);
        let ticket = self.problem.steps[step].ticket;
        self.standings[ticket].placed -= 1;
        if self.standings[ticket].finish == place.end {
            let ends = self.problem.tickets[ticket].steps.iter();
            let ends = ends.filter_map(|step| self.places[*step]).map(|place| place.end);
            self.standings[ticket].finish = ends.max().unwrap_or(Tick::MIN);
        }
        self.settle(ticket);
    }

    /// Brings the cost of `ticket` up to date.
    fn settle(&mut self, ticket: Id<Ticket>) {
        let row = &self.problem.tickets[ticket];
        let standing = self.standings[ticket];
        let whole = standing.placed == row.planned_count;
        let cost = if whole {
            self.problem.lateness(ticket, standing.finish)
        } else if row.must {
            0
        } else {
            row.unserved
        };
        let owed = row.must && !whole;
        self.cost += cost - standing.cost;
        self.owed += i64::from(owed) - i64::from(standing.owed);
        self.standings[ticket] = Standing { cost, owed, ..standing };
    }

    /// Books or returns everything a step occupies and pays, its ticket aside.
    fn occupy(&mut self, step: Id<Step>, place: Placement, on: bool) {
        let problem = self.problem;
        let row = &problem.steps[step];
        let sign = if on { 1 } else { -1 };
        self.count_start(step, place.start, sign);
        let from = worked_from(problem, &self.places, step, place.start);
        let begun = row.fixed.is_begun();
        let start = if begun { problem.as_of } else { place.start };
        let busy = Busy { start, end: place.end, step, sited: row.site.is_some() };
        // A wait may last no time at all and then holds nothing.
        for thing in row.things.iter().filter(|_| start < place.end) {
            toggle(&mut self.things[*thing], busy, (on, begun), |_| NO_MARKS);
        }
        if row.trip {
            self.cost += sign * self.trips.toggle(problem, step, place.start, on);
        }
        if row.wait.is_some() {
            return;
        }
        let choice = &problem.options[place.choice as usize];
        let split = if place.extra {
            extra::split(problem, choice, from, place.end)
        } else {
            Some((0, extra::NONE))
        };
        let (extra, counts) = split.expect("a placement works exactly its minutes");
        let regular = choice.minutes - extra;
        for person in problem.crew(choice) {
            let marks = |busy: &Busy| marks_of(problem, *person, busy);
            toggle(&mut self.lines[*person], busy, (on, begun), marks);
            let worked = self.worked[*person];
            let now = worked + sign * regular;
            self.cost += imbalance_price(problem, *person, now);
            self.cost -= imbalance_price(problem, *person, worked);
            self.worked[*person] = now;
        }
        self.cost += sign * choice.price;
        if extra > 0 || self.limits.counts_regular() {
            self.pay(step, place, from, &counts, sign);
        }
        let changed = change_price(problem, step, Some(place)) - change_price(problem, step, None);
        self.cost += sign * changed;
    }

    fn pay(&mut self, step: Id<Step>, place: Placement, from: Tick, counts: &PerTier, sign: i64) {
        let problem = self.problem;
        let choice = &problem.options[place.choice as usize];
        self.cost += sign * extra::price(problem, choice, counts);
        self.limits.book(problem, step, choice, (from, place.end), counts, sign);
    }
}

/// The minute from which a placement works: its start, or the turn of a step under way.
#[must_use]
pub(super) fn worked_from(
    problem: &Problem,
    places: &Column<Step, Option<Placement>>,
    step: Id<Step>,
    start: Tick,
) -> Tick {
    let row = &problem.steps[step];
    if !row.fixed.is_begun() {
        return start;
    }
    let ends = row.turn_after.iter().filter_map(|other| Some(places[*other]?.end));
    ends.fold(problem.as_of, Tick::max)
}

/// Books or returns `busy`; of a step under way what the facts before it leave of it.
fn toggle(
    line: &mut Line,
    busy: Busy,
    (on, begun): (bool, bool),
    marks: impl Fn(&Busy) -> (Mark, Mark),
) {
    if !on {
        let held = line.busy().iter().find(|held| begun && held.step == busy.step);
        if let Some(held) = held.copied().or((!begun).then_some(busy)) {
            line.remove(held.start, held.step);
        }
    } else if let Some(busy) = if begun { left_for(line, busy) } else { Some(busy) } {
        line.insert(busy, marks(&busy));
    }
}

/// What is left of `busy` after everything on the line; facts may contradict each other.
fn left_for(line: &Line, busy: Busy) -> Option<Busy> {
    let taken = line.busy().last().map_or(Tick::MIN, |last| last.end);
    let start = busy.start.max(taken);
    (start < busy.end).then_some(Busy { start, ..busy })
}

/// The marks of a thing: nobody looks for a gap in its line.
const NO_MARKS: (Mark, Mark) = ([0; 2], [0; 2]);

fn marks_of(problem: &Problem, person: Id<Person>, busy: &Busy) -> (Mark, Mark) {
    (mark_of(problem, person, busy.start), mark_of(problem, person, busy.end))
}

/// The mark of a minute on the line of `person`, by his longest working time: that of remote steps.
fn mark_of(problem: &Problem, person: Id<Person>, tick: Tick) -> Mark {
    let levels = &problem.shifts[problem.people[person].shifts[1]].levels;
    let open = |level: usize| {
        i32::try_from(levels[level].open_before(tick)).expect("a reach of some years")
    };
    let regular = open(0);
    [regular, if levels.len() > 1 { open(levels.len() - 1) } else { regular }]
}
