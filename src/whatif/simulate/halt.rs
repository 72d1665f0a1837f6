//! When work under way is given up: time that is up, or somebody who wants it. Asked by every
//! thread, before each course and each step of a proof, and so oftener than whoever watches.

use super::study::Order;
use crate::model::outcome::Ended;
use crate::solver::budget::Stopwatch;

/// What work goes on until.
pub(super) struct Halt {
    stopwatch: Stopwatch,
    /// Milliseconds.
    limit: Option<u64>,
    stop: Option<fn() -> bool>,
}

impl Halt {
    /// What ends `order`, which begins now.
    pub(super) fn of(order: &Order<'_>) -> Halt {
        Halt { stopwatch: Stopwatch::start(), limit: order.milliseconds, stop: order.stop }
    }

    /// Milliseconds since it began.
    pub(super) fn milliseconds(&self) -> u64 {
        self.stopwatch.milliseconds()
    }

    /// Why to end, once that is due.
    pub(super) fn why(&self) -> Option<Ended> {
        if self.stop.is_some_and(|stop| stop()) {
            return Some(Ended::Interrupted);
        }
        self.limit.is_some_and(|limit| self.milliseconds() > limit).then_some(Ended::Seconds)
    }
}
