//! Planning's units: the tick (a minute), half-open spans of ticks, and money in fen.
//!
//! Wall-clock time lives in [`crate::calendar`]; nothing here knows zones or dates.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// Minutes in a day without a clock change.
pub const DAY: i64 = 24 * 60;

/// An instant of planning: whole minutes elapsed since 1970-01-01T00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Tick(pub i64);

impl Tick {
    /// Earlier than every tick of a scenario.
    pub const MIN: Tick = Tick(i64::MIN / 4);
    /// Later than every tick of a scenario.
    pub const MAX: Tick = Tick(i64::MAX / 4);
}

impl Add<i64> for Tick {
    type Output = Tick;
    fn add(self, minutes: i64) -> Tick {
        Tick(self.0 + minutes)
    }
}
impl Sub<i64> for Tick {
    type Output = Tick;
    fn sub(self, minutes: i64) -> Tick {
        Tick(self.0 - minutes)
    }
}
impl Sub for Tick {
    type Output = i64;
    fn sub(self, earlier: Tick) -> i64 {
        self.0 - earlier.0
    }
}

/// A half-open interval of ticks: `start` belongs to it, `end` does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The first minute.
    pub start: Tick,
    /// The first minute after it.
    pub end: Tick,
}

impl Span {
    /// `[start, end)`; empty when `end ≤ start`.
    #[must_use]
    pub fn new(start: Tick, end: Tick) -> Span {
        Span { start, end }
    }

    /// Its length in minutes, never negative.
    #[must_use]
    pub fn minutes(self) -> i64 {
        (self.end - self.start).max(0)
    }

    /// Whether `tick` is one of its minutes.
    #[must_use]
    pub fn contains(self, tick: Tick) -> bool {
        self.start <= tick && tick < self.end
    }

    /// Whether the two share a minute.
    #[must_use]
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// The minutes in both; `None` when there are none.
    #[must_use]
    pub fn intersection(self, other: Span) -> Option<Span> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Span { start, end })
    }
}

/// Money in fen (1/100 yuan).
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Money(#[schemars(range(min = 0, max = 100_000_000_000_i64))] pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// `self × numerator / denominator`, rounded up; the intermediate product has 128 bits.
    ///
    /// # Panics
    /// If the result does not fit 63 bits; the scenario check keeps sums far below that.
    #[must_use]
    pub fn scaled_up(self, numerator: i64, denominator: i64) -> Money {
        if let Some(product) = self.0.checked_mul(numerator) {
            // Division of 128 bits is many times slower, and rarely needed.
            let rest = i64::from(product % denominator > 0);
            return Money(product / denominator + rest);
        }
        let product = i128::from(self.0) * i128::from(numerator);
        let (whole, rest) = (product / i128::from(denominator), product % i128::from(denominator));
        let rounded = whole + i128::from(rest > 0);
        Money(i64::try_from(rounded).expect("the scenario check bounds every cost"))
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}
impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}
impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}
impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}
impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

/// As people read it: `¥1,234.50`, `-¥0.01`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        let mut grouped = String::with_capacity(yuan.len() * 4 / 3 + 8);
        if self.0 < 0 {
            grouped.push('-');
        }
        grouped.push('¥');
        for (position, digit) in yuan.chars().enumerate() {
            if position > 0 && (yuan.len() - position).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped.push_str(&format!(".{:02}", fen % 100));
        f.pad(&grouped)
    }
}

#[cfg(test)]
mod tests {
    use super::{Money, Span, Tick};

    #[test]
    fn money_shows_yuan_with_two_decimals() {
        assert_eq!(Money(123_450).to_string(), "¥1,234.50");
        assert_eq!(Money(-1).to_string(), "-¥0.01");
        assert_eq!(Money(100_000_000).to_string(), "¥1,000,000.00");
        assert_eq!(Money(99_999).to_string(), "¥999.99");
    }

    #[test]
    fn scaling_rounds_up_once() {
        // 100 fen an hour for 61 minutes = 6100 / 60 = 101.67 → 102
        assert_eq!(Money(100).scaled_up(61, 60), Money(102));
        assert_eq!(Money(100).scaled_up(60, 60), Money(100));
    }

    #[test]
    fn spans_are_half_open() {
        let morning = Span::new(Tick(540), Tick(720));
        assert!(morning.contains(Tick(540)) && !morning.contains(Tick(720)));
        assert!(!morning.overlaps(Span::new(Tick(720), Tick(800))));
        assert_eq!(
            morning.intersection(Span::new(Tick(700), Tick(800))),
            Some(Span::new(Tick(700), Tick(720)))
        );
    }
}
