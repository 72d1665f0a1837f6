//! Lateness curves, compiled: weighted money from a finish tick.

use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::work::Clock;
use crate::time::{DAY, Money, Tick};

/// A compiled lateness curve; [`crate::model::ticket::Curve`] says what it means.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Where lateness starts.
    pub after: Tick,
    /// Counts open minutes or dates of it.
    pub calendar: Option<Id<Clock>>,
    /// At once when late.
    pub fixed: Money,
    /// Per hour late.
    pub per_hour: Money,
    /// Per day begun.
    pub per_day: Money,
    /// At most.
    pub cap: Option<Money>,
    /// λ of its kind in thousandths.
    pub weight: i64,
    /// Made by the client-value policy.
    pub churn: bool,
}

impl Curve {
    /// What it costs to finish at `finish`, unweighted.
    #[must_use]
    pub fn amount(&self, finish: Tick, clocks: &Column<Clock, Timeline>) -> Money {
        if finish <= self.after {
            return Money::ZERO;
        }
        let clock = self.calendar.map(|clock| &clocks[clock]);
        let minutes = match clock {
            None => finish - self.after,
            Some(clock) => clock.open_between(self.after, finish),
        };
        if minutes == 0 {
            return Money::ZERO;
        }
        let growth = if self.per_day == Money::ZERO {
            self.per_hour.scaled_up(minutes, 60)
        } else {
            let days = match clock {
                None => (minutes + DAY - 1) / DAY,
                Some(clock) => clock.dates_begun(self.after, finish),
            };
            Money(self.per_day.0 * days)
        };
        let amount = self.fixed + growth;
        self.cap.map_or(amount, |cap| amount.min(cap))
    }

    /// What it costs to finish at `finish`, weighted, in fen.
    #[must_use]
    pub fn weighted(&self, finish: Tick, clocks: &Column<Clock, Timeline>) -> i64 {
        if finish <= self.after {
            return 0;
        }
        self.amount(finish, clocks).scaled_up(self.weight, 1000).0
    }

    /// The curve in full: what a churn step costs when the ticket is unserved.
    #[must_use]
    pub fn whole(&self) -> i64 {
        self.fixed.scaled_up(self.weight, 1000).0
    }

    /// A tick at or after `at` up to which the amount does not grow; `None` when it never does.
    #[must_use]
    pub fn next_point(&self, at: Tick) -> Option<Tick> {
        if at <= self.after {
            return Some(self.after);
        }
        if self.per_hour > Money::ZERO {
            return Some(at);
        }
        if self.per_day > Money::ZERO && self.calendar.is_none() {
            let days = (at - self.after + DAY - 1) / DAY;
            return Some(self.after + days * DAY);
        }
        (self.per_day > Money::ZERO).then_some(at)
    }
}
