//! Putting tickets into a schedule: step by step, each at its cheapest place (greedy repair).

use super::place::Bounds;
use super::rng::Rng;
use super::schedule::{Placement, Schedule};
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::problem::Choice;
use crate::time::Tick;

/// How insertion chooses.
#[derive(Clone, Debug)]
pub struct Taste {
    /// Options skipped at random, in permille ("blinks", Christiaens and Vanden Berghe 2020).
    pub blink: u32,
    /// Whether extra minutes are considered.
    pub extra: bool,
    /// Whether a ticket is put in even where that costs more than leaving it out.
    pub dear: bool,
}

impl Taste {
    /// Every option considered.
    pub const PLAIN: Taste = Taste { blink: 0, extra: true, dear: false };

    /// The same, whatever it costs.
    pub const DEAR: Taste = Taste { dear: true, ..Taste::PLAIN };
}

/// The best found so far for a step.
#[derive(Clone, Copy)]
pub(super) struct Best {
    cost: i64,
    pub(super) place: Placement,
    /// Lateness of the ticket when the step ends as it does there.
    pub(super) lateness: i64,
}

impl Schedule<'_> {
    /// Places every step of `ticket` that is not placed; `false` leaves it as it was: it does not
    /// fit, or not at a price below that of leaving it out.
    pub fn insert_ticket(&mut self, ticket: Id<Ticket>, taste: &Taste, rng: &mut Rng) -> bool {
        self.insert_below(ticket, i64::MAX, taste, rng)
    }

    /// [`Schedule::insert_ticket`] that gives up once the cost is sure to pass `ceiling`.
    pub fn insert_below(
        &mut self,
        ticket: Id<Ticket>,
        ceiling: i64,
        taste: &Taste,
        rng: &mut Rng,
    ) -> bool {
        let problem = self.problem;
        let row = &problem.tickets[ticket];
        let ready = row.begun || row.after.iter().all(|earlier| self.is_served(*earlier));
        let (mark, cost) = (self.mark(), self.cost());
        for step in &row.steps {
            if self.place(*step).is_some() {
                continue;
            }
            let place = if ready { self.best_place(*step, taste, rng) } else { None };
            let Some(place) = place else {
                self.rollback(mark);
                return false;
            };
            self.put(*step, place);
            let standing = self.standing(ticket);
            let least = self.cost() - standing.cost + problem.lateness(ticket, standing.finish);
            if least > ceiling {
                self.rollback(mark);
                return false;
            }
        }
        // Mates and followers may be worth it; alone, a ticket must pay for itself.
        let alone = !row.must && row.mates.is_empty() && row.before.is_empty();
        if alone && !taste.dear && self.cost() > cost {
            self.rollback(mark);
            return false;
        }
        true
    }

    /// The cheapest placement of `step` beside what is placed; of equal ones the earliest.
    #[must_use]
    pub fn best_place(
        &mut self,
        step: Id<Step>,
        taste: &Taste,
        rng: &mut Rng,
    ) -> Option<Placement> {
        let problem = self.problem;
        let bounds = self.bounds(step)?;
        if problem.steps[step].wait.is_some() {
            return self.place_wait(step, bounds);
        }
        let options = problem.options_of(step);
        let count = options.len();
        if count == 0 {
            return None;
        }
        let bounds = self.bounds_beside_things(step, bounds);
        let offset = if taste.blink > 0 { rng.below(count) } else { 0 };
        let mut best: Option<Best> = None;
        let turn = |row: usize| {
            let row = options.start + (row + offset) % count;
            u32::try_from(row).expect("options are far fewer than 2^32")
        };
        // What it stood by last fits at once, and all others have to be better.
        let habit = self.habit(step);
        if options.contains(&(habit as usize)) {
            self.consider(step, habit, 0, bounds, &mut best);
        }
        for row in 0..count {
            if taste.blink > 0 && rng.chance(taste.blink) && count > 1 {
                continue;
            }
            if turn(row) != habit {
                self.consider(step, turn(row), 0, bounds, &mut best);
            }
        }
        self.consider_staying(step, bounds, &mut best);
        let late = best.is_none_or(|best| best.lateness > 0);
        if taste.extra && late {
            for row in 0..count {
                let choice = turn(row);
                let shift = problem.options[choice as usize].shift;
                for level in 1..problem.shifts[shift].levels.len() {
                    self.consider(step, choice, level, bounds, &mut best);
                }
            }
        }
        best.map(|best| best.place)
    }

    /// `bounds` with the start no earlier than its things are free for the shortest option.
    fn bounds_beside_things(&self, step: Id<Step>, bounds: Bounds) -> Bounds {
        let row = &self.problem.steps[step];
        if row.things.is_empty() || row.fixed.is_begun() {
            return bounds;
        }
        Bounds { earliest: self.things_free(step, bounds.earliest, row.least_minutes), ..bounds }
    }

    /// Looks at the people and start of the previous plan, where leaving that start has a price.
    fn consider_staying(&mut self, step: Id<Step>, bounds: Bounds, best: &mut Option<Best>) {
        let problem = self.problem;
        let Some((people, start)) = &problem.steps[step].previous else { return };
        if problem.start_price == 0 || *start <= bounds.earliest {
            return;
        }
        let bounds = Bounds { earliest: *start, ..bounds };
        self.consider_crew(step, people, bounds, best);
    }

    /// The cheapest placement with the people and start of the previous plan, where that fits and
    /// the tickets before are placed.
    pub(super) fn old_place(&mut self, step: Id<Step>) -> Option<Placement> {
        let problem = self.problem;
        let row = &problem.steps[step];
        let (people, start) = row.previous.as_ref()?;
        let ticket = &problem.tickets[row.ticket];
        if !ticket.begun && !ticket.after.iter().all(|earlier| self.is_served(*earlier)) {
            return None;
        }
        let bounds = self.bounds(step)?;
        if bounds.earliest > *start || bounds.latest_start < *start {
            return None;
        }
        let bounds = Bounds { earliest: *start, latest_start: *start, ..bounds };
        if let Some(place) = row.previous_end.and_then(|end| {
            let rows = problem.options_of(step).filter(|row| {
                let option = &problem.options[*row];
                problem.crew(option) == people && self.suits(step, option)
            });
            let choices = rows.map(|row| u32::try_from(row).expect("options are far fewer"));
            let place = choices
                .map(|choice| Placement { start: *start, end, choice, extra: true })
                .next()?;
            self.keeps(step, place, bounds).then_some(place)
        }) {
            return Some(place);
        }
        let mut best = None;
        self.consider_crew(step, people, bounds, &mut best);
        best.map(|best| best.place)
    }

    /// Looks at one crew at every level.
    fn consider_crew(
        &mut self,
        step: Id<Step>,
        people: &[Id<Person>],
        bounds: Bounds,
        best: &mut Option<Best>,
    ) {
        let problem = self.problem;
        for row in problem.options_of(step) {
            let option = &problem.options[row];
            if problem.crew(option) == people {
                let choice = u32::try_from(row).expect("options are far fewer than 2^32");
                for level in 0..problem.shifts[option.shift].levels.len() {
                    self.consider(step, choice, level, bounds, best);
                }
            }
        }
    }

    /// The cheapest placement of `step` by option `choice`; by any option where that has none.
    pub(super) fn place_by(
        &mut self,
        step: Id<Step>,
        choice: u32,
        rng: &mut Rng,
    ) -> Option<Placement> {
        let problem = self.problem;
        let bounds = self.bounds(step)?;
        let shift = problem.options[choice as usize].shift;
        let mut best = None;
        for level in 0..problem.shifts[shift].levels.len() {
            self.consider(step, choice, level, bounds, &mut best);
        }
        let place = best.map(|best| best.place);
        place.or_else(|| self.best_place(step, &Taste::PLAIN, rng))
    }

    /// The ticket's finish as far as it can be told when `step` ends at `end`.
    fn guess_finish(&self, step: Id<Step>, end: Tick) -> Tick {
        let row = &self.problem.steps[step];
        (end + row.tail).max(self.standing(row.ticket).finish)
    }

    /// Looks at one option at one level and keeps it if it is better.
    pub(super) fn consider(
        &mut self,
        step: Id<Step>,
        choice: u32,
        level: usize,
        bounds: Bounds,
        best: &mut Option<Best>,
    ) {
        let problem = self.problem;
        let option = &problem.options[choice as usize];
        if !self.suits(step, option) {
            return;
        }
        // Lateness never falls with the end: an option as dear on its own must end earlier.
        let beat = match best {
            Some(best) if best.lateness + self.timeless_price(step, option) >= best.cost => {
                best.place.end
            }
            _ => Tick::MAX,
        };
        let Some(mut place) = self.fit(step, choice, level, bounds, beat) else { return };
        let mut finish = self.guess_finish(step, place.end);
        if level > 0 {
            let ticket = problem.steps[step].ticket;
            let point = problem.next_point(ticket, finish);
            if point > finish {
                let tail = problem.steps[step].tail;
                let limit = if point == Tick::MAX { point } else { point - tail };
                place = self.shed(step, place, limit, bounds);
                finish = self.guess_finish(step, place.end);
            }
        }
        let lateness = problem.lateness(problem.steps[step].ticket, finish);
        let cost = lateness.saturating_add(self.added_cost(step, place, level > 0));
        let better = best.is_none_or(|best| (cost, place.end) < (best.cost, best.place.end));
        if better {
            *best = Some(Best { cost, place, lateness });
        }
    }

    /// What `option` costs at least, whenever the step is done.
    fn timeless_price(&self, step: Id<Step>, option: &Choice) -> i64 {
        let problem = self.problem;
        let previous = problem.steps[step].previous.as_ref();
        let stays = previous.is_some_and(|(people, _)| problem.crew(option) == people.as_slice());
        option.price - if stays { problem.person_price } else { 0 }
    }

    /// Inserts `tickets` in this order, each after those it must follow; mates of a batch stay
    /// together. Whatever does not fit is left out, with all that depends on it.
    pub fn insert_all(&mut self, tickets: &[Id<Ticket>], taste: &Taste, rng: &mut Rng) {
        for ticket in tickets {
            if !self.is_served(*ticket) && !self.insert_ticket(*ticket, taste, rng) {
                self.drop_dependents(*ticket);
            }
        }
        for ticket in tickets {
            if !self.keeps_company(*ticket) && !self.problem.tickets[*ticket].must {
                self.lift_ticket(*ticket);
                self.drop_dependents(*ticket);
            }
        }
    }

    /// Takes out everything that may not be served while `ticket` is not.
    pub fn drop_dependents(&mut self, ticket: Id<Ticket>) {
        let problem = self.problem;
        let row = &problem.tickets[ticket];
        for other in row.mates.iter().chain(&row.before) {
            let begun = problem.tickets[*other].begun;
            let placed = self.standing(*other).placed;
            if !begun && placed > 0 {
                self.lift_ticket(*other);
                // Frozen steps stay: of them there is nothing more to drop.
                if self.standing(*other).placed < placed {
                    self.drop_dependents(*other);
                }
            }
        }
    }

    /// Takes out every step of `ticket` that is no fact and not kept by the freeze.
    pub fn lift_ticket(&mut self, ticket: Id<Ticket>) {
        let problem = self.problem;
        for step in &problem.tickets[ticket].steps {
            if problem.steps[*step].is_free() {
                self.lift(*step);
            }
        }
    }

    /// Whether no batch is split and nothing follows an unserved ticket.
    #[must_use]
    pub fn keeps_company(&self, ticket: Id<Ticket>) -> bool {
        let row = &self.problem.tickets[ticket];
        let served = self.is_served(ticket);
        let mates = row.mates.iter().all(|mate| self.is_served(*mate) == served);
        let first = row.begun || !served || row.after.iter().all(|other| self.is_served(*other));
        let followers = served
            || row
                .before
                .iter()
                .all(|other| self.problem.tickets[*other].begun || !self.is_served(*other));
        mates && first && followers
    }
}
