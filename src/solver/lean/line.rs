//! What one person does, in order of time: the ticks for everybody else, and the same in numbered
//! minutes, close together in memory, for the search for gaps.

use crate::id::Id;
use crate::model::work::Step;

/// A stretch of a line in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: i32,
    pub(super) end: i32,
    pub(super) step: Id<Step>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    stretches: Vec<Stretch>,
    /// The stretches in numbers of regular minutes, and of all.
    numbers: [Vec<(i32, i32)>; 2],
    /// The number at which each stretch could begin at the earliest, were nothing else here.
    earliest: Vec<i32>,
    /// Free regular minutes before each stretch, from the beginning of the line.
    free: Vec<i32>,
}

impl Line {
    pub(super) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Whether it is what a line made anew says, and no stretch is thought to reach further back.
    pub(super) fn agrees(&self, fresh: &Line) -> bool {
        let further = |(mine, other): (&i32, &i32)| mine < other;
        self.stretches == fresh.stretches
            && self.numbers == fresh.numbers
            && self.free == fresh.free
            && !self.earliest.iter().zip(&fresh.earliest).any(further)
    }

    /// The row of the first stretch that ends after `tick`.
    pub(super) fn first_ending_after(&self, tick: i32) -> usize {
        self.stretches.partition_point(|stretch| stretch.end <= tick)
    }

    /// The row of the first stretch that starts at or after `tick`.
    pub(super) fn first_starting_at(&self, tick: i32) -> usize {
        self.stretches.partition_point(|stretch| stretch.start < tick)
    }

    /// The stretches in numbered minutes.
    pub(super) fn numbers(&self, kind: usize) -> &[(i32, i32)] {
        &self.numbers[kind]
    }

    /// How many regular minutes are free from `number`, at or before the beginning of the stretch
    /// in `row`, to the beginning of the one `count` rows on; plenty where there is none.
    #[inline]
    pub(super) fn free_from(&self, number: i32, row: usize, count: usize) -> i32 {
        let Some(beyond) = self.free.get(row + count) else { return i32::MAX };
        let worked = self.numbers[0][row].0 - self.free[row];
        beyond - (number - worked)
    }

    /// The number at which the stretch in `row` could begin at the earliest.
    #[inline]
    pub(super) fn earliest(&self, row: usize) -> i32 {
        self.earliest[row]
    }

    pub(super) fn set_earliest(&mut self, row: usize, number: i32) {
        self.earliest[row] = number;
    }

    /// Moves the stretch in `row`; its neighbours leave the room.
    pub(super) fn shift(&mut self, row: usize, (start, end): (i32, i32), numbers: [(i32, i32); 2]) {
        self.free[row] += numbers[0].0 - self.numbers[0][row].0;
        let stretch = &mut self.stretches[row];
        (stretch.start, stretch.end) = (start, end);
        self.numbers[0][row] = numbers[0];
        self.numbers[1][row] = numbers[1];
    }

    pub(super) fn insert(&mut self, row: usize, stretch: Stretch, numbers: [(i32, i32); 2]) {
        let (start, end) = numbers[0];
        // What is worked before a stretch, and what is free, make up all minutes before it.
        let worked = row.checked_sub(1).map_or(0, |row| self.numbers[0][row].1 - self.free[row]);
        self.stretches.insert(row, stretch);
        self.numbers[0].insert(row, numbers[0]);
        self.numbers[1].insert(row, numbers[1]);
        self.earliest.insert(row, start);
        self.free.insert(row, start - worked);
        self.free[row + 1..].iter_mut().for_each(|free| *free -= end - start);
    }

    pub(super) fn remove(&mut self, row: usize) {
        let (start, end) = self.numbers[0][row];
        self.earliest.remove(row);
        self.free.remove(row);
        self.free[row..].iter_mut().for_each(|free| *free += end - start);
        self.stretches.remove(row);
        self.numbers[0].remove(row);
        self.numbers[1].remove(row);
    }

    /// The row of the first stretch that ends after minute `number` has begun.
    #[inline]
    pub(super) fn row_at(&self, kind: usize, number: i32) -> usize {
        self.numbers[kind].partition_point(|stretch| stretch.1 <= number)
    }

    /// The first gap for `minutes` minutes from `number` on, of which the last is before `until`:
    /// the row of the stretch behind it, and the number of its first minute. `row` is that of the
    /// first stretch that ends after `number`.
    #[inline]
    pub(super) fn gap(
        &self,
        kind: usize,
        mut row: usize,
        number: i32,
        minutes: i32,
        until: i32,
    ) -> Option<(usize, i32)> {
        let numbers = self.numbers[kind].as_slice();
        let last = until - minutes;
        if number > last {
            return None;
        }
        match numbers.get(row) {
            Some(next) if next.0 - number < minutes => row += 1,
            _ => return Some((row, number)),
        }
        let mut free = numbers[row - 1].1.max(number);
        for next in &numbers[row..] {
            if free > last {
                return None;
            }
            if next.0 - free >= minutes {
                return Some((row, free));
            }
            free = next.1;
            row += 1;
        }
        (free <= last).then_some((row, free))
    }
}
