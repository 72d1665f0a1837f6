//! Where one step fits: on every line the first gap that holds its minutes, and the best of these.
//!
//! A gap is measured in numbered minutes, so a line is looked through by comparing integers and
//! the calendar is asked once per person.

use super::board::{Board, Place};
use super::hours::FAR;
use super::table::{NOBODY, Seat, Step};
use crate::id::Id;
use crate::model::work;
use crate::solver::rng::Rng;

/// Between which ticks a step has to lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) from: i32,
    pub(super) until: i32,
}

/// How to choose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Which minutes count: 0 regular ones, 1 all.
    pub(super) kind: usize,
    /// About how many people are looked at, besides those touched lately; the rest at random not.
    pub(super) few: u32,
    /// Whether others may slide to make room.
    pub(super) elastic: bool,
    /// Whether people's time has its price.
    pub(super) guided: bool,
}

/// A place found: the place, and its row on the line.
pub(super) type Offer = (Place, usize);

impl Board<'_> {
    /// Where the other steps of its ticket let `step` lie.
    pub(super) fn frame(&self, step: &Step) -> Frame {
        let table = self.table;
        let mut frame = Frame { from: table.tickets[step.ticket].release, until: step.latest_end };
        for tie in table.before(step) {
            let place = self.place(tie.step);
            if place.stands() {
                let event = if tie.from_start { place.start } else { place.end };
                frame.from = frame.from.max(table.lag_end(tie.lag, event));
            }
        }
        for tie in table.after(step) {
            let place = self.place(tie.step);
            // A later step that begins after this one's start says little of its end.
            if place.stands() && !tie.from_start {
                frame.until = frame.until.min(table.lag_latest(tie.lag, place.start));
            }
        }
        frame
    }

    /// Whether a start of `step` at `start` leaves room for what counts from its start.
    fn starts_in_time(&self, step: &Step, start: i32) -> bool {
        self.table.after(step).iter().filter(|tie| tie.from_start).all(|tie| {
            let place = self.place(tie.step);
            !place.stands() || self.table.lag_end(tie.lag, start) <= place.start
        })
    }

    /// The best place of `step` in `frame`.
    pub(super) fn seat(
        &self,
        id: Id<work::Step>,
        frame: Frame,
        scope: Scope,
        rng: &mut Rng,
    ) -> Option<Offer> {
        let step = &self.table.steps[id];
        if step.wait.is_some() {
            return self.seat_wait(step, frame).map(|place| (place, 0));
        }
        let best = if step.flat && !scope.guided {
            self.first_to_end(id, frame, scope, rng)
        } else {
            self.cheapest(id, frame, scope, rng)
        };
        best.filter(|(place, _)| self.starts_in_time(step, place.start))
    }

    /// Who ends it first.
    fn first_to_end(
        &self,
        id: Id<work::Step>,
        frame: Frame,
        scope: Scope,
        rng: &mut Rng,
    ) -> Option<Offer> {
        let step = &self.table.steps[id];
        let mut until = frame.until;
        let mut best: Option<(Seat, usize, i32, i32)> = None;
        let seats = self.table.seats(step);
        let count = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        let skip = 1000 - (1000 * scope.few.min(count) / count.max(1));
        let habit = self.place(id).person;
        let first = seats.iter().position(|seat| seat.person == habit);
        let turns = first.into_iter().chain((0..seats.len()).filter(|row| Some(*row) != first));
        // People in a row mostly share their hours.
        let mut known = None;
        for row in turns {
            let seat = &seats[row];
            if frame.from + seat.minutes > until {
                continue;
            }
            if skip > 0 && !self.is_touched(seat.person) && seat.person != habit && rng.chance(skip)
                || step.bound && !self.suits(id, seat)
            {
                continue;
            }
            let shift = self.table.shifts[seat.person];
            let hours = &self.table.working[shift].hours[scope.kind];
            if known.is_none_or(|(of, last, _)| (of, last) != (shift, until)) {
                known = Some((shift, until, (hours.before(frame.from), hours.before(until))));
            }
            let Some((.., numbers)) = known else { continue };
            let gap = if scope.elastic && scope.kind == 0 {
                self.elastic_gap(step, seat, numbers)
            } else {
                self.gap(step, seat, scope.kind, numbers)
            };
            if let Some((row, number)) = gap {
                let end = hours.end(number + seat.minutes);
                best = Some((*seat, row, number, end));
                until = end - 1;
            }
        }
        let (seat, row, number, end) = best?;
        let hours = &self.table.working[self.table.shifts[seat.person]].hours[scope.kind];
        let start = hours.tick(number);
        Some((self.place_at(id, &seat, (start, end), scope.kind), row))
    }

    /// Whoever adds least to the cost; of equals who ends first.
    fn cheapest(
        &self,
        id: Id<work::Step>,
        frame: Frame,
        scope: Scope,
        rng: &mut Rng,
    ) -> Option<Offer> {
        let step = &self.table.steps[id];
        let mut best: Option<((i64, i32), Offer)> = None;
        let count = u32::try_from(self.table.seats(step).len()).unwrap_or(u32::MAX);
        let skip = 1000 - (1000 * scope.few.min(count) / count.max(1));
        for seat in self.table.seats(step) {
            if skip > 0 && !self.is_touched(seat.person) && rng.chance(skip)
                || step.bound && !self.suits(id, seat)
            {
                continue;
            }
            let hours = &self.table.working[self.table.shifts[seat.person]].hours[scope.kind];
            let numbers = (hours.before(frame.from), hours.before(frame.until));
            let gap = if scope.guided && step.flat {
                self.elastic_gap(step, seat, numbers)
            } else {
                self.gap(step, seat, scope.kind, numbers)
            };
            let Some((row, number)) = gap else { continue };
            let span = (number, number + seat.minutes);
            let (start, end) = (hours.tick(span.0), hours.end(span.1));
            let place = self.place_at(id, seat, (start, end), scope.kind);
            let guide = self.guide.as_ref().filter(|_| scope.guided);
            let cost = place.price
                + self.table.lateness(step.ticket, end + step.tail)
                + guide.map_or(0, |guide| guide.price(seat.person, span));
            if best.is_none_or(|(key, _)| (cost, end) < key) {
                best = Some(((cost, end), (place, row)));
            }
        }
        best.map(|(_, found)| found)
    }

    fn place_at(
        &self,
        id: Id<work::Step>,
        seat: &Seat,
        (start, end): (i32, i32),
        kind: usize,
    ) -> Place {
        if kind == 0 && self.table.steps[id].flat {
            let price = self.table.problem.options[seat.choice as usize].price;
            return Place { start, end, person: seat.person, choice: seat.choice, extra: 0, price };
        }
        self.priced(id, seat.choice, (start, end))
    }

    /// The first gap on the line of `seat` between two numbers: the row of the stretch behind it,
    /// and the number of the first minute.
    fn gap(
        &self,
        step: &Step,
        seat: &Seat,
        kind: usize,
        (from, until): (i32, i32),
    ) -> Option<(usize, i32)> {
        let line = self.line(seat.person);
        let minutes = seat.minutes;
        let mut row = line.row_at(kind, from);
        let Some(gate) = self.table.gate(step, seat.person, kind) else {
            return line.gap(kind, row, from, minutes, until);
        };
        let mut number = from;
        loop {
            let open = gate.next(number)?;
            if open > number {
                row = line.row_at(kind, open);
            }
            (row, number) = line.gap(kind, row, open, minutes, until)?;
            if number == open {
                return Some((row, number));
            }
        }
    }

    /// Whether what counts between steps holds for one that stands.
    pub(super) fn is_lawful(&self, id: Id<work::Step>) -> bool {
        let step = &self.table.steps[id];
        let place = self.place(id);
        let frame = self.frame(step);
        let apart = |other: &Id<work::Step>| {
            let other = self.place(*other);
            !other.stands() || other.person != place.person
        };
        place.start >= frame.from
            && place.end <= frame.until
            && (!step.bound || self.table.problem.steps[id].differs.iter().all(apart))
            && self.starts_in_time(step, place.start)
    }

    /// Whether `seat` suits the people of other steps.
    fn suits(&self, id: Id<work::Step>, seat: &Seat) -> bool {
        self.table.problem.steps[id].differs.iter().all(|other| {
            let place = self.place(*other);
            !place.stands() || place.person != seat.person
        })
    }

    /// Where a wait lies.
    fn seat_wait(&self, step: &Step, frame: Frame) -> Option<Place> {
        let table = self.table;
        let mut start = frame.from;
        if let Some(clock) = step.gate {
            let open = table.problem.clocks[clock].next_open(table.tick(start))?;
            start = super::hours::since(table.problem.as_of, open);
        }
        let end = table.lag_end(step.wait?, start);
        let fits = end <= frame.until && end < FAR && self.starts_in_time(step, start);
        fits.then_some(Place { start, end, person: Id::new(NOBODY), ..Place::none() })
    }
}
