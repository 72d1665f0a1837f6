//! How long to search. The only place that reads a stopwatch: time decides how many rounds there
//! are and how many the cooling is planned for, never what happens in one.

use std::time::{Duration, Instant};

/// What the caller allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So many rounds, however long they take.
    Rounds(u32),
    /// As many whole rounds as fit into so many milliseconds.
    Milliseconds(u64),
}

/// A running budget.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    began: Instant,
}

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the stopwatch's door")]
    pub fn start() -> Stopwatch {
        Stopwatch { began: Instant::now() }
    }

    /// Milliseconds since it started.
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        let elapsed: Duration = self.began.elapsed();
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether a round under way is to be given up.
    #[must_use]
    pub fn is_over(&self, budget: Budget) -> bool {
        match budget {
            Budget::Rounds(_) => false,
            Budget::Milliseconds(limit) => self.milliseconds() > limit,
        }
    }

    /// Whether another round fits after `rounds` of them, the last of which took `last`
    /// milliseconds.
    #[must_use]
    pub fn allows(&self, budget: Budget, rounds: u32, last: u64) -> bool {
        match budget {
            Budget::Rounds(limit) => rounds < limit,
            Budget::Milliseconds(limit) => self.milliseconds() + last <= limit,
        }
    }
}
