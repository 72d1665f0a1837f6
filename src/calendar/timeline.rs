//! The compiled calendar: windows with prefix sums, each question a binary search.
//!
//! Plain integers, no dates: the problem and the solver read calendars through this alone. It
//! must not know the definition it was made from. Outside the span it was made for everything is
//! closed and unknown, so answers that would lie there are `None`.

use super::{Day, Midnights, Opening, windows};
use crate::time::{Span, Tick};

/// Minutes in a slot, as a power of two: most slots hold one or two windows.
const SLOT: u32 = 10;

/// Windows looked at one by one before a binary search: most work ends within days.
const NEAR: usize = 8;

/// Open minutes over a span of ticks. Equal timelines compare equal and can be shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Timeline {
    windows: Vec<Opening>,
    /// Open minutes before each window; one more entry for all of them.
    before: Vec<i64>,
    /// For each window the previous one of its date, as position + 1; 0 for the first.
    previous: Vec<u32>,
    /// For each slot from the first window on, the first window that ends after its beginning.
    slots: Vec<u32>,
    /// Windows before each one that are the first of their date; one more entry for all.
    firsts: Vec<u32>,
    dates: Vec<OpenDate>,
}

/// A date on which a window opens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct OpenDate {
    day: Day,
    midnight: Tick,
    opening: Tick,
    /// The earliest opening of this date and all later ones.
    earliest: Tick,
}

impl Timeline {
    /// The timeline of sorted, disjoint `windows`; `midnights` must reach over their dates
    /// (a date before its run counts as begun).
    #[must_use]
    pub fn from_windows(windows: Vec<Opening>, midnights: &Midnights) -> Timeline {
        debug_assert!(windows.is_sorted_by(|a, b| a.span.end <= b.span.start), "disjoint");
        let mut timeline = Timeline { before: vec![0], firsts: vec![0], ..Timeline::default() };
        for (position, opening) in windows.iter().enumerate() {
            let at = timeline.dates.binary_search_by_key(&opening.day, |date| date.day);
            let earlier = &windows[..position];
            let previous = match at {
                Ok(_) => earlier.iter().rposition(|w| w.day == opening.day).map_or(0, |p| p + 1),
                Err(row) => {
                    let midnight = midnights.midnight(opening.day).unwrap_or(Tick::MIN);
                    let (day, opening) = (opening.day, opening.span.start);
                    let date = OpenDate { day, midnight, opening, earliest: opening };
                    timeline.dates.insert(row, date);
                    0
                }
            };
            timeline.previous.push(row_number(previous));
            let (open, first) = (timeline.before[position], timeline.firsts[position]);
            timeline.before.push(open + opening.span.minutes());
            timeline.firsts.push(first + u32::from(previous == 0));
        }
        timeline.windows = windows;
        timeline.slots = timeline.slot_rows();
        // A closure can hold a date's opening back behind that of the next.
        let mut earliest = Tick::MAX;
        for date in timeline.dates.iter_mut().rev() {
            earliest = earliest.min(date.opening);
            date.earliest = earliest;
        }
        timeline
    }

    /// The windows, sorted and disjoint.
    #[must_use]
    pub fn windows(&self) -> &[Opening] {
        &self.windows
    }

    /// The window at `index`, if there are so many.
    #[must_use]
    pub fn window_at(&self, index: usize) -> Option<Opening> {
        self.windows.get(index).copied()
    }

    /// The position of the first window that ends after `tick`; the window count if none does.
    #[must_use]
    pub fn first_window_ending_after(&self, tick: Tick) -> usize {
        let Some(first) = self.windows.first() else { return 0 };
        let Ok(minutes) = u64::try_from(tick - first.span.start) else { return 0 };
        let slot = usize::try_from(minutes >> SLOT).unwrap_or(usize::MAX);
        let Some(from) = self.slots.get(slot) else { return self.windows.len() };
        let to = self.slots.get(slot + 1).map_or(self.windows.len(), |to| *to as usize);
        let from = *from as usize;
        from + self.windows[from..to].partition_point(|window| window.span.end <= tick)
    }

    fn slot_rows(&self) -> Vec<u32> {
        let Some(extent) = self.extent() else { return Vec::new() };
        let mut row = 0;
        let beginnings = (0..extent.minutes()).step_by(1 << SLOT);
        let rows = beginnings.map(|minutes| {
            let beginning = extent.start + minutes;
            row += self.windows[row..].iter().take_while(|w| w.span.end <= beginning).count();
            row_number(row)
        });
        rows.collect()
    }

    /// Whether the minute `tick` is open.
    #[must_use]
    pub fn is_open(&self, tick: Tick) -> bool {
        self.opening_day(tick).is_some()
    }

    /// The date on which the window that holds `tick` opens; `None` when closed.
    #[must_use]
    pub fn opening_day(&self, tick: Tick) -> Option<Day> {
        let window = self.window_at(self.first_window_ending_after(tick))?;
        window.span.contains(tick).then_some(window.day)
    }

    /// Open minutes before `tick`, from the beginning of the timeline.
    #[must_use]
    pub fn open_before(&self, tick: Tick) -> i64 {
        let index = self.first_window_ending_after(tick);
        let begun = self.windows.get(index).map_or(0, |window| (tick - window.span.start).max(0));
        self.before.get(index).map_or(0, |minutes| minutes + begun)
    }

    /// Open minutes in `[start, end)`; none when that is empty.
    #[must_use]
    pub fn open_between(&self, start: Tick, end: Tick) -> i64 {
        (self.open_before(end) - self.open_before(start)).max(0)
    }

    /// All open minutes.
    #[must_use]
    pub fn open_minutes(&self) -> i64 {
        self.before.last().copied().unwrap_or(0)
    }

    /// The first open minute at or after `tick`.
    #[must_use]
    pub fn next_open(&self, tick: Tick) -> Option<Tick> {
        let window = self.window_at(self.first_window_ending_after(tick))?;
        Some(window.span.start.max(tick))
    }

    /// The last open minute before `tick`.
    #[must_use]
    pub fn last_open_before(&self, tick: Tick) -> Option<Tick> {
        let index = self.windows.partition_point(|window| window.span.start < tick);
        let window = self.windows[..index].last()?;
        Some(window.span.end.min(tick) - 1)
    }

    /// The tick after the `minutes`-th open minute from `start` on; `start` itself for none.
    #[must_use]
    pub fn end_of(&self, start: Tick, minutes: i64) -> Option<Tick> {
        if minutes <= 0 {
            return Some(start);
        }
        self.end_in(self.first_window_ending_after(start), start, minutes)
    }

    /// The first open minute at or after `tick`, and the tick after the `minutes`-th open minute
    /// from there on; both at the price of one.
    #[must_use]
    pub fn stretch(&self, tick: Tick, minutes: i64) -> Option<Span> {
        let row = self.first_window_ending_after(tick);
        let start = self.window_at(row)?.span.start.max(tick);
        let end = if minutes <= 0 { start } else { self.end_in(row, start, minutes)? };
        Some(Span::new(start, end))
    }

    /// The tick after the `minutes`-th open minute from `start` on; `row` is the first window that
    /// ends after it, and there is at least one minute.
    fn end_in(&self, row: usize, start: Tick, minutes: i64) -> Option<Tick> {
        let window = self.window_at(row)?;
        let end = window.span.start.max(start) + minutes;
        if end <= window.span.end {
            return Some(end);
        }
        let target = self.before[row] + (start - window.span.start).max(0) + minutes;
        let later = &self.before[row + 2..];
        let reached = match later.iter().take(NEAR).position(|&open| open >= target) {
            Some(near) => near,
            None => later.partition_point(|&open| open < target),
        };
        let window = self.window_at(row + 1 + reached)?;
        Some(window.span.start + (target - self.before[row + 1 + reached]))
    }

    /// The latest open minute from which `minutes` open minutes end at `end` or before; `end`
    /// itself for none.
    #[must_use]
    pub fn latest_start(&self, end: Tick, minutes: i64) -> Option<Tick> {
        if minutes <= 0 {
            return Some(end);
        }
        self.open_minute(self.open_before(end) - minutes)
    }

    /// When a lag of `minutes` open minutes from `from` is over: [`Timeline::end_of`].
    #[must_use]
    pub fn add_open_minutes(&self, from: Tick, minutes: i64) -> Option<Tick> {
        self.end_of(from, minutes)
    }

    /// The latest tick from which a lag of `minutes` open minutes is over at `by`. Any later one
    /// has an open minute less to go.
    #[must_use]
    pub fn latest_for_minutes(&self, by: Tick, minutes: i64) -> Option<Tick> {
        self.latest_start(by, minutes)
    }

    /// The first open minute of the `n`-th open date after the date of `after`; `after` itself
    /// for `n = 0`.
    #[must_use]
    pub fn nth_opening(&self, after: Tick, n: u32) -> Option<Tick> {
        if n == 0 {
            return Some(after);
        }
        let begun = self.dates.partition_point(|date| date.midnight <= after);
        self.dates.get(begun + n as usize - 1).map(|date| date.opening)
    }

    /// The earliest [`Timeline::nth_opening`] from `after` or any later tick on: a date whose
    /// morning is closed may open after the night of the next one.
    #[must_use]
    pub fn soonest_opening(&self, after: Tick, n: u32) -> Option<Tick> {
        if n == 0 {
            return Some(after);
        }
        let begun = self.dates.partition_point(|date| date.midnight <= after);
        self.dates.get(begun + n as usize - 1).map(|date| date.earliest)
    }

    /// The latest tick whose [`Timeline::nth_opening`] is at `by` or before.
    #[must_use]
    pub fn latest_for_opening(&self, by: Tick, n: u32) -> Option<Tick> {
        if n == 0 {
            return Some(by);
        }
        let reached = self.dates.partition_point(|date| date.earliest <= by);
        let next = self.dates.get(reached.checked_sub(n as usize)?)?;
        (next.midnight > Tick::MIN).then(|| next.midnight - 1)
    }

    /// On how many dates a window opened that has an open minute in `[start, end)`.
    #[must_use]
    pub fn dates_begun(&self, start: Tick, end: Tick) -> i64 {
        let from = self.first_window_ending_after(start);
        let to = self.windows.partition_point(|window| window.span.start < end);
        if from >= to {
            return 0;
        }
        // A date may go on from before `start`: its first window here is not its first of all.
        let resumed = (from..to).take_while(|&row| {
            // Windows of a date lie within two days of its midnight.
            self.windows[row].span.start - self.windows[from].span.start < 3 * crate::time::DAY
        });
        let resumed = resumed.filter(|&row| (1..=row_number(from)).contains(&self.previous[row]));
        i64::from(self.firsts[to] - self.firsts[from])
            + i64::try_from(resumed.count()).expect("far below 2^63 windows")
    }

    /// The tick of the open minute number `index`, counted from 0.
    fn open_minute(&self, index: i64) -> Option<Tick> {
        if index < 0 {
            return None;
        }
        let after = self.before.partition_point(|&minutes| minutes <= index);
        let window = self.window_at(after.checked_sub(1)?)?;
        Some(window.span.start + (index - self.before[after - 1]))
    }

    /// Open when either is; the dates of `self` where both are.
    #[must_use]
    pub fn union(&self, other: &Timeline, midnights: &Midnights) -> Timeline {
        Timeline::from_windows(windows::union(&self.windows, &other.windows), midnights)
    }

    /// Open when both are, with the dates of `self`.
    #[must_use]
    pub fn intersect(&self, other: &Timeline, midnights: &Midnights) -> Timeline {
        Timeline::from_windows(windows::intersect(&self.windows, &other.windows), midnights)
    }

    /// Open when `self` is and `other` is not.
    #[must_use]
    pub fn subtract(&self, other: &Timeline, midnights: &Midnights) -> Timeline {
        Timeline::from_windows(windows::subtract(&self.windows, &other.windows), midnights)
    }

    /// The span from the first to the last open minute; `None` when never open.
    #[must_use]
    pub fn extent(&self) -> Option<Span> {
        let (first, last) = (self.windows.first()?, self.windows.last()?);
        Some(Span::new(first.span.start, last.span.end))
    }
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).expect("a timeline has far fewer than 2^32 windows")
}
