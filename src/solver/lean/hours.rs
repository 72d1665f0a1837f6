//! Working minutes of one working time, numbered: from a tick to the number of a minute and back,
//! each by a look into a table. A gap on a line is then a difference of two numbers.
//!
//! Ticks here are minutes since `as_of`, in 32 bits; knows nothing of people or steps.

use crate::calendar::timeline::Timeline;
use crate::time::Tick;

/// A tick or a number beyond everything.
pub(super) const FAR: i32 = i32::MAX / 4;

/// Ticks in a slot, as a power of two.
const TICKS: u32 = 8;

/// Numbered minutes in a slot, as a power of two.
const NUMBERS: u32 = 7;

/// `tick` in minutes since `origin`; what lies before it is at it, what lies too far is [`FAR`].
pub(super) fn since(origin: Tick, tick: Tick) -> i32 {
    i32::try_from((tick - origin).clamp(0, i64::from(FAR))).unwrap_or(FAR)
}

/// The open minutes of a timeline from `as_of` on, numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Hours {
    /// First tick, tick after the last one, and number of the first minute of each window; one
    /// more row far away for what never comes.
    windows: Vec<(i32, i32, i32)>,
    /// For each slot of ticks the first window that ends after its beginning.
    by_tick: Vec<u32>,
    /// For each slot of numbers the window that holds its first one.
    by_number: Vec<u32>,
}

impl Hours {
    pub(super) fn new(timeline: &Timeline, origin: Tick) -> Hours {
        let (mut windows, mut count) = (Vec::new(), 0);
        for window in timeline.windows() {
            let (start, end) = (since(origin, window.span.start), since(origin, window.span.end));
            if start < end {
                windows.push((start, end, count));
                count += end - start;
            }
        }
        Hours::of(windows)
    }

    /// Of windows in order.
    fn of(mut windows: Vec<(i32, i32, i32)>) -> Hours {
        let count = windows.last().map_or(0, |last| last.2 + last.1 - last.0);
        windows.push((FAR, 2 * FAR, count));
        let mut hours = Hours { windows, by_tick: Vec::new(), by_number: Vec::new() };
        let last = hours.windows.len() - 1;
        let end = if last > 0 { hours.windows[last - 1].1 } else { 0 };
        let mut row = 0;
        for tick in (0..=end).step_by(1 << TICKS) {
            row += hours.windows[row..].iter().take_while(|window| window.1 <= tick).count();
            hours.by_tick.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
        let mut row = 0;
        for number in (0..=count).step_by(1 << NUMBERS) {
            row += hours.windows[row + 1..].iter().take_while(|window| window.2 <= number).count();
            hours.by_number.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
        hours
    }

    /// How many of the minutes lie before `tick`.
    #[inline]
    pub(super) fn before(&self, tick: i32) -> i32 {
        let slot = usize::try_from(tick >> TICKS).unwrap_or(0);
        let mut row = self.by_tick.get(slot).map_or(self.windows.len() - 1, |row| *row as usize);
        let mut window = self.windows[row];
        while window.1 <= tick {
            row += 1;
            window = self.windows[row];
        }
        window.2 + (tick - window.0).max(0)
    }

    /// The tick of the minute with this number; [`FAR`] or more when there are not so many.
    #[inline]
    pub(super) fn tick(&self, number: i32) -> i32 {
        let slot = usize::try_from(number >> NUMBERS).unwrap_or(0);
        let Some(row) = self.by_number.get(slot) else { return FAR };
        let mut row = *row as usize;
        while row + 1 < self.windows.len() && self.windows[row + 1].2 <= number {
            row += 1;
        }
        let window = self.windows[row];
        window.0 + (number - window.2)
    }

    /// The tick after the last of the minutes before number `end`, which is at least 1.
    #[inline]
    pub(super) fn end(&self, end: i32) -> i32 {
        self.tick(end - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::{FAR, Hours, since};
    use crate::solver::rng::Rng;
    use crate::time::Tick;

    /// Windows of 1 to 400 minutes with 1 to 900 closed minutes before each.
    fn random(rng: &mut Rng) -> Hours {
        let (mut at, mut count, mut windows) = (0, 0, Vec::new());
        for _ in 0..rng.below(20) {
            let start = at + 1 + i32::try_from(rng.below(900)).unwrap();
            at = start + 1 + i32::try_from(rng.below(400)).unwrap();
            windows.push((start, at, count));
            count += at - start;
        }
        Hours::of(windows)
    }

    #[test]
    fn ticks_and_numbers_are_those_that_counting_minute_by_minute_finds() {
        let mut rng = Rng::new(4, 0);
        for _ in 0..50 {
            let hours = random(&mut rng);
            let windows = hours.windows.clone();
            let open = |tick: &i32| windows.iter().any(|row| row.0 <= *tick && *tick < row.1);
            let last = windows.iter().rev().nth(1).map_or(0, |row| row.1);
            let mut number = 0;
            for tick in 0..last + 300 {
                assert_eq!(hours.before(tick), number, "before {tick} of {windows:?}");
                if open(&tick) {
                    assert_eq!(hours.tick(number), tick, "minute {number} of {windows:?}");
                    number += 1;
                    assert_eq!(hours.end(number), tick + 1, "the end of minute {number}");
                }
            }
            assert!(hours.tick(number) >= FAR, "there is no minute {number}");
        }
    }

    #[test]
    fn what_lies_before_the_origin_is_at_it_and_what_lies_too_far_is_far() {
        let at = |tick| since(Tick(1_000), Tick(tick));
        assert_eq!([at(900), at(1_000), at(1_007), at(i64::MAX)], [0, 0, 7, FAR]);
    }
}
