//! Making room: the stretches around a gap may slide within the slack that their own tickets leave
//! them, so a step can go where no gap is wide enough. No other ticket becomes dearer by it.
//!
//! The idea is that of right-shifting within free slack in project scheduling (Wiest 1964),
//! applied to one line at a time. Only regular minutes slide.

use super::board::Board;
use super::hours::FAR;
use super::table::{Seat, Step};
use crate::id::Id;
use crate::model::work::{self, Person};

/// Most stretches that slide to the right for one step.
const MOST: usize = 6;

impl Board<'_> {
    /// The first number between two from which `seat` could work, neighbours sliding where they
    /// must; and the row it would have on the line.
    pub(super) fn elastic_gap(
        &self,
        step: &Step,
        seat: &Seat,
        (from, until): (i32, i32),
    ) -> Option<(usize, i32)> {
        let (line, minutes) = (self.line(seat.person), seat.minutes);
        let gate = self.table.gate(step, seat.person, 0);
        let numbers = line.numbers(0);
        let mut row = line.row_at(0, from);
        let mut free = row.checked_sub(1).map_or(0, |row| numbers[row].1);
        loop {
            let mut number = from.max(free);
            if let Some(gate) = gate {
                number = gate.next(number)?;
            }
            if number + minutes > until {
                return None;
            }
            let Some((start, end)) = numbers.get(row).copied() else { return Some((row, number)) };
            if number + minutes <= start {
                return Some((row, number));
            }
            let beyond = end > number || start >= number;
            let enough = line.free_from(number, row, MOST) >= minutes;
            if beyond && enough && self.slides(seat.person, row, number + minutes) {
                return Some((row, number));
            }
            // What stands here may have begun earlier.
            free = if free < start && end > start {
                line.earliest(row).max(free).min(start) + end - start
            } else {
                end
            };
            row += 1;
        }
    }

    /// Whether the stretches from `row` on can slide to the right until `need` is free.
    fn slides(&self, person: Id<Person>, row: usize, mut need: i32) -> bool {
        let line = self.line(person);
        let numbers = &line.numbers(0)[row..];
        for (offset, (start, end)) in numbers.iter().enumerate() {
            if *start >= need {
                return true;
            }
            if offset >= MOST || start == end {
                return false;
            }
            need += end - start;
            if need > self.room(line.stretches()[row + offset].step) {
                return false;
            }
        }
        true
    }

    /// The number at which a step that stands may begin at the earliest, with its own ticket as it
    /// is.
    pub(super) fn earliest_of(&self, id: Id<work::Step>) -> i32 {
        let table = self.table;
        let (step, place) = (&table.steps[id], self.place(id));
        let hours = &table.working[table.shifts[place.person]].hours[0];
        let start = hours.before(place.start);
        if place.extra > 0 || step.rigid {
            return start;
        }
        let earliest = hours.before(self.frame(step).from.min(place.start));
        let Some(gate) = table.gate(step, place.person, 0) else { return earliest };
        gate.around(start).map_or(start, |opening| earliest.max(opening.0))
    }

    /// Slides the stretches around `row` until the numbers `[from, until)` are free.
    pub(super) fn make_room(&mut self, person: Id<Person>, row: usize, (from, until): (i32, i32)) {
        // The farthest first, so that the line is in order all the time.
        let (mut limit, mut last) = (from, row);
        while let Some(left) = last.checked_sub(1) {
            let (start, end) = self.line(person).numbers(0)[left];
            if end <= limit {
                break;
            }
            limit -= end - start;
            last = left;
        }
        for left in last..row {
            let (start, end) = self.line(person).numbers(0)[left];
            self.slide(person, left, limit);
            limit += end - start;
        }
        let (mut limit, mut last) = (until, row);
        while let Some((start, end)) = self.line(person).numbers(0).get(last).copied() {
            if start >= limit {
                break;
            }
            limit += end - start;
            last += 1;
        }
        for right in (row..last).rev() {
            let (start, end) = self.line(person).numbers(0)[right];
            limit -= end - start;
            self.slide(person, right, limit);
        }
    }

    /// The number before which a step that stands has to end so that nothing else of its ticket
    /// has to move and the ticket costs no more; 0 when it may not slide at all.
    pub(super) fn room_of(&self, id: Id<work::Step>) -> i32 {
        let table = self.table;
        let step = &table.steps[id];
        let place = self.place(id);
        if !place.stands() || place.extra > 0 || step.rigid {
            return 0;
        }
        let after = table.after(step);
        let mut room = step.latest_end;
        if after.is_empty() {
            let finish = self.finish(step.ticket);
            let due = table.tickets[step.ticket].due;
            room = if finish == FAR { 0 } else { due.max(finish).min(room) };
        }
        for tie in after {
            let next = self.place(tie.step);
            if !next.stands() {
                return 0;
            }
            room = room.min(table.lag_latest(tie.lag, next.start));
        }
        if room <= place.end {
            return 0;
        }
        let hours = &table.working[table.shifts[place.person]].hours[0];
        let room = hours.before(room);
        let Some(gate) = table.gate(step, place.person, 0) else { return room };
        let (start, end) = (hours.before(place.start), hours.before(place.end));
        let opening = gate.around(start);
        opening.map_or(0, |opening| room.min(opening.1 - 1 + end - start))
    }
}
