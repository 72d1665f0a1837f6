//! Putting a ticket back: all its missing steps, each where it ends first; once with regular
//! minutes alone and, where that is not enough, once with all of them.

use super::board::{Board, Place};
use super::seat::Scope;
use super::table::NOBODY;
use crate::id::Id;
use crate::model::work::{Step, Ticket};
use crate::solver::rng::Rng;

/// The work of looking for a gap on one line.
const LOOK: u64 = 10;

/// How much trouble to take over a ticket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    /// About how many people are looked at for a step.
    pub(super) few: u32,
    /// Whether to try extra minutes where regular ones are not enough.
    pub(super) tries: bool,
    /// Whether people's time has its price.
    pub(super) guided: bool,
}

/// Room to work in, kept between calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    missing: Vec<Id<Step>>,
    kept: Vec<Place>,
}

impl Board<'_> {
    /// Puts the missing steps of `ticket` back as cheaply as two tries find, or leaves the ticket
    /// out; says what it then costs. `None`: it is partly left and stands nowhere.
    pub(super) fn insert(
        &mut self,
        ticket: Id<Ticket>,
        Care { few, tries, guided }: Care,
        scratch: &mut Scratch,
        rng: &mut Rng,
    ) -> Option<i64> {
        let row = self.table.tickets[ticket];
        scratch.missing.clear();
        let missing = self.steps(ticket).iter().filter(|step| !self.place(**step).stands());
        scratch.missing.extend(missing);
        let whole = scratch.missing.len() == self.steps(ticket).len();
        let regular = self.forward(scratch, Scope { kind: 0, few, elastic: true, guided }, rng);
        let cost = if regular { self.settle(ticket) } else { row.unserved };
        if regular && (cost <= row.least || !tries) {
            return Some(cost);
        }
        scratch.kept.clear();
        if regular {
            for step in &scratch.missing {
                scratch.kept.push(self.lift(*step));
            }
        }
        let extra =
            self.forward(scratch, Scope { kind: 1, few, elastic: false, guided: false }, rng);
        if extra {
            self.relax(ticket, scratch);
            let dearer = self.settle(ticket);
            if dearer < cost {
                return Some(dearer);
            }
            for step in &scratch.missing {
                self.lift(*step);
            }
        }
        if !regular {
            self.settle(ticket);
            return whole.then_some(row.unserved);
        }
        for (step, place) in scratch.missing.iter().zip(&scratch.kept) {
            self.put(*step, *place, None);
        }
        Some(self.settle(ticket))
    }

    /// Puts every missing step where it ends first; takes all back when one does not fit.
    fn forward(&mut self, scratch: &Scratch, scope: Scope, rng: &mut Rng) -> bool {
        for (count, id) in scratch.missing.iter().enumerate() {
            let step = &self.table.steps[*id];
            let people = u32::try_from(self.table.seats(step).len()).unwrap_or(u32::MAX);
            self.count(LOOK * u64::from(scope.few.min(people) + 2) + u64::from(people / 3));
            let frame = self.frame(step);
            match self.seat(*id, frame, scope, rng) {
                Some((place, row)) => {
                    if scope.elastic && place.person.index() != NOBODY {
                        let shift = self.table.shifts[place.person];
                        let hours = &self.table.working[shift].hours[0];
                        let numbers = (hours.before(place.start), hours.before(place.end));
                        self.make_room(place.person, row, numbers);
                    }
                    self.put(*id, place, Some(row));
                }
                None => {
                    for step in &scratch.missing[..count] {
                        self.lift(*step);
                    }
                    return false;
                }
            }
        }
        true
    }

    /// Moves steps with extra minutes later inside their gaps, the last one first, where that
    /// saves extra minutes and makes the ticket no later than it is or may be.
    fn relax(&mut self, ticket: Id<Ticket>, scratch: &Scratch) {
        if scratch.missing.iter().all(|step| self.place(*step).extra == 0) {
            return;
        }
        let finish = self.steps(ticket).iter().map(|step| self.place(*step).end).max();
        let target = finish.unwrap_or(0).max(self.table.tickets[ticket].due);
        for step in scratch.missing.iter().rev() {
            let place = *self.place(*step);
            if place.person.index() == NOBODY {
                continue;
            }
            let later = self.later(*step, place, target);
            if later.price <= place.price && later != place {
                self.lift(*step);
                self.put(*step, later, None);
            }
        }
    }

    /// `place` moved as late as its gap and `target` allow without extra minutes, or with fewer.
    fn later(&self, id: Id<Step>, place: Place, target: i32) -> Place {
        let table = self.table;
        let step = &table.steps[id];
        let after = table.after(step);
        if after.iter().any(|tie| tie.from_start) {
            return place;
        }
        let frame = self.frame(step);
        let mut until = if after.is_empty() { frame.until.min(target) } else { frame.until };
        let line = self.line(place.person);
        let row = line.first_starting_at(place.start + 1);
        if let Some(next) = line.stretches().get(row) {
            until = until.min(next.start);
        }
        let [regular, all] = &table.working[table.shifts[place.person]].hours;
        let worked = all.before(place.end) - all.before(place.start);
        let minutes = regular.before(place.end) - regular.before(place.start) + place.extra;
        debug_assert!(minutes <= worked);
        let mut number = regular.before(until) - minutes;
        if let Some(gate) = table.gate(step, place.person, 0) {
            number = gate.previous(number.max(0)).unwrap_or(-1);
        }
        if number >= 0 && regular.tick(number) >= place.start {
            let span = (regular.tick(number), regular.end(number + minutes));
            return self.priced(id, place.choice, span);
        }
        let open = regular.before(until);
        if place.extra == 0 || open == 0 {
            return place;
        }
        // The first minute is worked whether it is regular or not.
        let first = regular.before(place.start);
        let starts_extra = regular.tick(first) != place.start;
        let end = regular.end(open.min(first + minutes - i32::from(starts_extra)).max(1));
        if end <= place.end {
            return place;
        }
        self.priced(id, place.choice, (place.start, end))
    }
}
