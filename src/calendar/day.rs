//! Local dates as plain numbers, and spans that remember the date they opened on.
//!
//! Nothing here knows a zone: whoever makes these values does.

use crate::time::{Span, Tick};
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// A local date: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Day(pub i32);

impl Day {
    /// The date so many days later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0.rem_euclid(7) + 3) % 7 {
            0 => Weekday::Mon,
            1 => Weekday::Tue,
            2 => Weekday::Wed,
            3 => Weekday::Thu,
            4 => Weekday::Fri,
            5 => Weekday::Sat,
            _ => Weekday::Sun,
        }
    }

    /// Its calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.civil().year()
    }

    /// Its month, 1–12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.civil().month()
    }

    /// Its day of the month, 1–31.
    #[must_use]
    pub fn day_of_month(self) -> u32 {
        self.civil().day()
    }

    fn civil(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MAX)
    }
}

/// `2026-03-02`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil())
    }
}

/// A day of the week.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday (星期一).
    Mon,
    /// Tuesday (星期二).
    Tue,
    /// Wednesday (星期三).
    Wed,
    /// Thursday (星期四).
    Thu,
    /// Friday (星期五).
    Fri,
    /// Saturday (星期六).
    Sat,
    /// Sunday (星期日).
    Sun,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];

    /// As documents write it: `mon`.
    #[must_use]
    pub fn key(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }
}

/// Open minutes without a break, and the local date on which their window opened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Opening {
    /// The minutes.
    pub span: Span,
    /// The date the window belongs to: the evening before, for a window past midnight.
    pub day: Day,
}

impl Opening {
    /// `[start, end)` opened on `day`.
    #[must_use]
    pub fn new(start: Tick, end: Tick, day: Day) -> Opening {
        Opening { span: Span::new(start, end), day }
    }
}

/// The first tick of each of a run of local dates.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Midnights {
    first: Day,
    ticks: Vec<Tick>,
}

impl Midnights {
    /// `ticks[k]` is the first tick of the date `first + k`; ticks never decrease.
    #[must_use]
    pub fn new(first: Day, ticks: Vec<Tick>) -> Midnights {
        debug_assert!(ticks.is_sorted(), "dates follow each other");
        Midnights { first, ticks }
    }

    /// The date of `tick`; before the run the day before it, after the run its last day.
    #[must_use]
    pub fn day(&self, tick: Tick) -> Day {
        // Dates are a day long but for clock changes: the guess is off by one at most.
        let guess = self.ticks.first().map_or(0, |first| (tick - *first).max(0) / crate::time::DAY);
        let guess = usize::try_from(guess).unwrap_or(usize::MAX).min(self.ticks.len());
        let near = guess.saturating_sub(1)..(guess + 2).min(self.ticks.len());
        let holds = |row: usize| self.ticks.get(row).is_none_or(|&midnight| midnight > tick);
        let fits = |row: usize| holds(row) && (row == 0 || !holds(row - 1));
        let begun = (near.start..=near.end)
            .find(|row| fits(*row))
            .unwrap_or_else(|| self.ticks.partition_point(|&midnight| midnight <= tick));
        self.first.plus(i32::try_from(begun).expect("a run is far shorter than 2^31 days") - 1)
    }

    /// The first tick of `day`; `None` outside the run.
    #[must_use]
    pub fn midnight(&self, day: Day) -> Option<Tick> {
        let row = usize::try_from(i64::from(day.0) - i64::from(self.first.0)).ok()?;
        self.ticks.get(row).copied()
    }

    /// The dates of the run, in order, each with its first tick.
    pub fn pairs(&self) -> impl Iterator<Item = (Day, Tick)> {
        (self.first.0..).map(Day).zip(self.ticks.iter().copied())
    }
}
