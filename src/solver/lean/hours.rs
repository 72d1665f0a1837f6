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
        let mut windows = Vec::new();
        let mut count = 0;
        for window in timeline.windows() {
            let (start, end) = (since(origin, window.span.start), since(origin, window.span.end));
            if start < end {
                windows.push((start, end, count));
                count += end - start;
            }
        }
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
