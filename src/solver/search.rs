//! One lane of large-neighbourhood search (Shaw 1998; ruin and recreate, Schrimpf et al. 2000):
//! take a few related steps out, put them back greedily, accept by annealing.

use super::accept::Dice;
use super::construct::take;
use super::destroy::{NOWHERE, OPERATORS, Picked, Targets};
use super::insert::Taste;
use super::rng::Rng;
use super::schedule::{Placement, Schedule};
use crate::id::{Column, Id};
use crate::model::work::{Step, Ticket};

/// Steps between two looks over the whole schedule.
const REFRESH: u32 = 64;

/// Steps between two looks at the alarm.
const LISTEN: u32 = 8;

/// Tickets above which a step is not tried: they hang together too far to be put back at once.
const MOST: usize = 300;

/// Whether to stop at once.
pub type Alarm<'a> = dyn Fn() -> bool + Sync + 'a;

/// A lane: its schedule, its random stream, the best it has met.
pub struct Lane<'p> {
    /// The schedule it works on.
    pub schedule: Schedule<'p>,
    /// The best it has met since it was last set.
    pub best: Column<Step, Option<Placement>>,
    /// What that costs: tickets owed, then fen.
    pub best_cost: (i64, i64),
    /// The schedule is better than `best` and not copied yet.
    ahead: bool,
    number: u32,
    rng: Rng,
    targets: Targets,
    picked: Picked,
    order: Vec<Id<Ticket>>,
    taken: Vec<bool>,
    seen: Vec<Id<Ticket>>,
}

impl<'p> Lane<'p> {
    /// A lane that starts from `schedule`.
    #[must_use]
    pub fn new(schedule: Schedule<'p>, seed: u64, number: u32) -> Lane<'p> {
        Lane {
            best: schedule.places().clone(),
            best_cost: (schedule.owed(), schedule.cost()),
            ahead: false,
            number,
            rng: Rng::new(seed, u64::from(number) + 1),
            targets: Targets::new(schedule.problem),
            picked: Picked::default(),
            order: Vec::new(),
            taken: vec![false; schedule.problem.tickets.len()],
            seen: Vec::new(),
            schedule,
        }
    }

    /// A lane that starts from `schedule` and looks around `tickets` only.
    #[must_use]
    pub fn around(schedule: Schedule<'p>, seed: u64, tickets: Vec<Id<Ticket>>) -> Lane<'p> {
        Lane { targets: Targets::of(tickets), ..Lane::new(schedule, seed, 0) }
    }

    /// Its number, from 0.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number as usize
    }

    /// Starts over from `places`; the best met so far is forgotten.
    pub fn restart(&mut self, places: &Column<Step, Option<Placement>>) {
        let problem = self.schedule.problem;
        self.schedule.commit();
        for step in problem.steps.ids() {
            if !problem.steps[step].is_fact() && self.schedule.place(step) != places[step] {
                self.schedule.lift(step);
            }
        }
        for step in problem.steps.ids() {
            let missing = self.schedule.place(step).is_none();
            if let Some(place) = places[step].filter(|_| missing) {
                self.schedule.put(step, place);
            }
        }
        self.schedule.commit();
        self.best.clone_from(places);
        self.best_cost = (self.schedule.owed(), self.schedule.cost());
        self.ahead = false;
    }

    /// Runs `steps` steps at `temperature` (fen); `false` when `alarm` rang before the last.
    pub fn round(&mut self, steps: u32, temperature: i64, dice: &Dice, alarm: &Alarm<'_>) -> bool {
        for number in 0..steps {
            if number % LISTEN == 0 && alarm() {
                return false;
            }
            if number % REFRESH == 0 {
                self.targets.refresh(&self.schedule);
                if self.targets.is_empty() {
                    break;
                }
            }
            let allowance = dice.allowance(temperature, &mut self.rng);
            self.step(allowance);
        }
        self.keep_best();
        true
    }

    /// Copies the schedule if it is the best so far.
    fn keep_best(&mut self) {
        if self.ahead {
            self.best.clone_from(self.schedule.places());
            self.ahead = false;
        }
    }

    /// One step: take out, put back, keep or undo.
    fn step(&mut self, allowance: i64) {
        self.picked.clear();
        let operator = OPERATORS[self.rng.below(OPERATORS.len())].1;
        operator(&self.schedule, &self.targets, &mut self.rng, &mut self.picked);
        if !self.widen() {
            return;
        }
        let before = (self.schedule.owed(), self.schedule.cost());
        let limit = before.1.saturating_add(allowance);
        let mark = self.schedule.mark();
        // Fewer owed is better whatever it costs.
        let ceiling = if before.0 > 0 { i64::MAX } else { limit };
        let whole = self.take_out() && self.put_back(ceiling);
        let after = (self.schedule.owed(), self.schedule.cost());
        let keeps = whole && after.0 <= before.0 && (after.0 < before.0 || after.1 <= limit);
        if !keeps || !self.is_sound(mark) {
            self.schedule.rollback(mark);
            return;
        }
        if after < self.best_cost {
            self.best_cost = after;
            self.ahead = true;
        } else if self.ahead && after > self.best_cost {
            self.schedule.places_before(mark, &mut self.best);
            self.ahead = false;
        }
        self.schedule.commit();
    }

    /// Adds the mates and followers of whole tickets, and whole tickets for their single steps;
    /// `false` when that is too many.
    fn widen(&mut self) -> bool {
        let problem = self.schedule.problem;
        let mut next = 0;
        while let Some(ticket) = self.picked.tickets.get(next).copied() {
            next += 1;
            let row = &problem.tickets[ticket];
            for other in row.mates.iter().chain(&row.before) {
                if !self.picked.tickets.contains(other) {
                    self.picked.tickets.push(*other);
                }
                if self.picked.tickets.len() > MOST {
                    return false;
                }
            }
        }
        let tickets = &self.picked.tickets;
        self.picked.steps.retain(|step| !tickets.contains(&problem.steps[*step].ticket));
        true
    }

    fn take_out(&mut self) -> bool {
        for row in 0..self.picked.tickets.len() {
            self.schedule.lift_ticket(self.picked.tickets[row]);
        }
        for step in &self.picked.steps {
            self.schedule.lift(*step);
        }
        !self.picked.tickets.is_empty() || !self.picked.steps.is_empty()
    }

    /// Puts everything back; gives up once the cost passes `limit`.
    fn put_back(&mut self, limit: i64) -> bool {
        let problem = self.schedule.problem;
        let blink = if self.rng.chance(500) { 80 } else { 0 };
        let taste = Taste { blink, ..Taste::PLAIN };
        self.arrange();
        let whole = &self.order;
        let mut pending: i64 = 0;
        for ticket in whole.iter().filter(|ticket| !self.schedule.is_served(**ticket)) {
            pending +=
                if problem.tickets[*ticket].must { 0 } else { problem.tickets[*ticket].unserved };
        }
        for row in 0..self.order.len() {
            let ticket = self.order[row];
            if self.picked.tickets.contains(&ticket) {
                if !self.schedule.is_served(ticket) {
                    let row = &problem.tickets[ticket];
                    pending -= if row.must { 0 } else { row.unserved };
                    let ceiling = limit.saturating_add(pending);
                    let inserted =
                        self.schedule.insert_below(ticket, ceiling, &taste, &mut self.rng);
                    if !inserted {
                        self.schedule.drop_dependents(ticket);
                    }
                }
            } else if self.put_steps_back(ticket, &taste) {
                let row = &problem.tickets[ticket];
                pending -= if row.must { 0 } else { row.unserved };
            } else {
                return false;
            }
            if self.schedule.cost() - pending > limit {
                return false;
            }
        }
        true
    }

    /// Puts the single steps of `ticket` back, in the order of the ticket.
    fn put_steps_back(&mut self, ticket: Id<Ticket>, taste: &Taste) -> bool {
        let problem = self.schedule.problem;
        for step in &problem.tickets[ticket].steps {
            if self.schedule.place(*step).is_none() {
                let Some(place) = self.schedule.best_place(*step, taste, &mut self.rng) else {
                    return false;
                };
                self.schedule.put(*step, place);
            }
        }
        true
    }

    /// The tickets to put back, in `order`: by a rule drawn at random, each after those it follows.
    fn arrange(&mut self) {
        let problem = self.schedule.problem;
        self.order.clear();
        self.order.extend(&self.picked.tickets);
        for step in &self.picked.steps {
            let ticket = problem.steps[*step].ticket;
            if !self.order.contains(&ticket) {
                self.order.push(ticket);
            }
        }
        self.rng.shuffle(&mut self.order);
        match self.rng.below(4) {
            0 => self.order.sort_by_key(|ticket| problem.tickets[*ticket].due),
            1 => self.order.sort_by_key(|ticket| {
                let row = &problem.tickets[*ticket];
                -(row.unserved / row.effort.max(1))
            }),
            2 => self.order.sort_by_key(|ticket| {
                let row = &problem.tickets[*ticket];
                let steps = row.steps.iter().map(|step| &problem.steps[*step]);
                let rest = steps.map(|step| step.tail + step.least_minutes).max();
                row.due.min(NOWHERE) - rest.unwrap_or(0)
            }),
            _ => {}
        }
        self.follow();
    }

    /// Moves tickets behind those they follow.
    fn follow(&mut self) {
        let problem = self.schedule.problem;
        if self.order.iter().all(|ticket| problem.tickets[*ticket].after.is_empty()) {
            return;
        }
        self.seen.clear();
        for row in 0..self.order.len() {
            take(problem, self.order[row], &mut self.taken, &mut self.seen);
        }
        for ticket in &self.seen {
            self.taken[ticket.index()] = false;
        }
        let picked = &self.order;
        self.seen.retain(|ticket| picked.contains(ticket));
        std::mem::swap(&mut self.order, &mut self.seen);
    }

    /// Puts steps back where the previous plan had them, one by one, where that costs no more:
    /// the last first, as those before them may have moved up, then the first first.
    pub fn restore(&mut self) {
        let problem = self.schedule.problem;
        let old = |step: &Id<Step>| problem.steps[*step].previous.as_ref().map(|(_, start)| *start);
        let mut steps: Vec<Id<Step>> =
            problem.steps.ids().filter(|step| old(step).is_some()).collect();
        steps.retain(|step| problem.steps[*step].is_free());
        steps.sort_by_key(|step| (old(step), *step));
        for step in steps.iter().rev().chain(&steps) {
            self.put_as_before(*step);
        }
    }

    /// Puts `step` back where the previous plan had it, where that costs no more.
    pub fn put_as_before(&mut self, step: Id<Step>) {
        let before = (self.schedule.owed(), self.schedule.cost());
        let mark = self.schedule.mark();
        let Some(place) = self.schedule.lift(step) else { return };
        let old = self.schedule.old_place(step).filter(|old| *old != place);
        if let Some(old) = old {
            self.schedule.put(step, old);
        }
        let after = (self.schedule.owed(), self.schedule.cost());
        if old.is_none() || after > before || !self.travels(mark) {
            self.schedule.rollback(mark);
        }
        self.schedule.commit();
    }

    /// Whether every touched ticket is whole or out, in company, and every touched line travels.
    fn is_sound(&self, mark: usize) -> bool {
        let whole = |ticket: &Id<Ticket>| {
            let standing = self.schedule.standing(*ticket);
            standing.owed || standing.placed == 0 || self.schedule.is_served(*ticket)
        };
        let touched = self.picked.tickets.iter().chain(&self.order);
        let mut company =
            touched.filter(|ticket| !whole(ticket) || !self.schedule.keeps_company(**ticket));
        company.next().is_none() && self.travels(mark)
    }

    /// Whether everybody still gets to where he goes after what was lifted since `mark`.
    fn travels(&self, mark: usize) -> bool {
        let problem = self.schedule.problem;
        if !problem.travels {
            return true;
        }
        self.schedule.lifted_since(mark).all(|(step, place)| {
            problem.steps[step].wait.is_some()
                || problem
                    .crew(&problem.options[place.choice as usize])
                    .iter()
                    .all(|person| self.schedule.goes_on(*person, place.start, place.end))
        })
    }
}
