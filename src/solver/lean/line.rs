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
        beyond - (number - self.worked_before(row))
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
        let numbers = self.numbers[kind].as_slice();
        let last = numbers.last().map_or(0, |last| last.1);
        if last <= number {
            return numbers.len();
        }
        // Near where it would be if stretches were as long and as close everywhere.
        let share = i64::from(number) * i64::try_from(numbers.len()).unwrap_or(0) / i64::from(last);
        let mut row = usize::try_from(share).unwrap_or(0);
        let mut width = 4;
        if numbers[row].1 <= number {
            while row + width < numbers.len() && numbers[row + width].1 <= number {
                row += width;
                width *= 2;
            }
            let until = (row + width).min(numbers.len());
            return row + numbers[row..until].partition_point(|stretch| stretch.1 <= number);
        }
        while row >= width && numbers[row - width].1 > number {
            row -= width;
            width *= 2;
        }
        let from = row.saturating_sub(width);
        from + numbers[from..row].partition_point(|stretch| stretch.1 <= number)
    }

    /// The first row from `row` on before which `minutes` regular minutes are free from `number`,
    /// at or before the beginning of the stretch in `row`; the number of rows where there is none.
    #[inline]
    pub(super) fn first_free(&self, number: i32, row: usize, minutes: i32) -> usize {
        let need = minutes + number - self.worked_before(row);
        row + self.free[row..].partition_point(|free| *free < need)
    }

    /// The regular minutes worked before the stretch in `row`.
    #[inline]
    fn worked_before(&self, row: usize) -> i32 {
        self.numbers[0][row].0 - self.free[row]
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

#[cfg(test)]
mod tests {
    use super::{Line, Stretch};
    use crate::id::Id;
    use crate::solver::rng::Rng;

    /// Stretches of 0 to 19 minutes with 0 to 29 free minutes before each, put in in any order.
    fn random(rng: &mut Rng) -> Line {
        let (mut at, mut all) = (0, Vec::new());
        for step in 0..rng.below(40) {
            let start = at + i32::try_from(rng.below(30)).unwrap();
            at = start + i32::try_from(rng.below(20)).unwrap();
            all.push(Stretch { start, end: at, step: Id::new(step) });
        }
        rng.shuffle(&mut all);
        let mut line = Line::default();
        for stretch in all {
            let numbers = (stretch.start, stretch.end);
            // One that ends where it begins goes before one that begins there.
            let others = line.stretches().iter();
            let row = others.filter(|other| (other.start, other.end) <= numbers).count();
            line.insert(row, stretch, [numbers, numbers]);
        }
        line
    }

    #[test]
    fn rows_and_gaps_are_those_that_a_walk_along_the_line_finds() {
        let mut rng = Rng::new(1, 0);
        for _ in 0..300 {
            let line = random(&mut rng);
            let all = line.numbers(0);
            for number in 0..1100 {
                let row = all.iter().take_while(|stretch| stretch.1 <= number).count();
                assert_eq!(line.row_at(0, number), row, "{all:?} at {number}");
                let (minutes, until) = (1 + number % 13, number + 200);
                let is_free = |from: &i32| {
                    all.iter().all(|stretch| stretch.1 <= *from || stretch.0 >= from + minutes)
                };
                let first = (number..=until - minutes).find(is_free);
                let gap = line.gap(0, row, number, minutes, until);
                assert_eq!(gap.map(|gap| gap.1), first, "{minutes} from {number} in {all:?}");
            }
        }
    }

    #[test]
    fn enough_is_free_before_the_row_that_a_count_of_free_minutes_finds() {
        let mut rng = Rng::new(2, 0);
        for _ in 0..300 {
            let line = random(&mut rng);
            let all = line.numbers(0);
            for row in 0..all.len() {
                let number = if row == 0 { 0 } else { all[row - 1].1 };
                let minutes = i32::try_from(rng.below(100)).unwrap();
                let free = |other: &usize| {
                    let worked: i32 = all[row..*other].iter().map(|one| one.1 - one.0).sum();
                    all[*other].0 - number - worked >= minutes
                };
                let walked = (row..all.len()).find(free).unwrap_or(all.len());
                assert_eq!(line.first_free(number, row, minutes), walked);
            }
        }
    }
}
