//! The door to the time of day. Asked once per use case, at its beginning; everything below is
//! told.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Now, in milliseconds of UTC since 1970.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn now_ms() -> i64 {
    let now = SystemTime::now();
    let milliseconds = |span: std::time::Duration| {
        i64::try_from(span.as_millis()).expect("the clock stands within 290 million years of 1970")
    };
    match now.duration_since(UNIX_EPOCH) {
        Ok(after) => milliseconds(after),
        Err(before) => -milliseconds(before.duration()),
    }
}

/// A moment on a clock that never goes back: for how long things take, and for nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Since(Instant);

impl Since {
    /// This moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn now() -> Since {
        Since(Instant::now())
    }

    /// How long it is ago, in microseconds.
    #[must_use]
    pub fn microseconds(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
