//! The door to the time of day. Asked once per use case, at its beginning; everything below is
//! told.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::calendar::{Date, Day};

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

/// A moment as documents of the service write it: UTC to the millisecond, as RFC 3339 has it.
#[must_use]
pub fn stamp(at_ms: i64) -> String {
    let (day, rest) = (at_ms.div_euclid(DAY_MS), at_ms.rem_euclid(DAY_MS));
    let date = i32::try_from(day).map_or(Day(i32::MAX), Day);
    let (seconds, milliseconds) = (rest / 1_000, rest % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{}T{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}Z", Date::from(date))
}

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

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

#[cfg(test)]
mod tests {
    use super::stamp;

    #[test]
    fn a_moment_is_written_to_the_millisecond() {
        assert_eq!(stamp(0), "1970-01-01T00:00:00.000Z");
        // 2026-03-09 is day 20,521: 20,521 × 86,400,000 ms, and 1 h 2 min 3.004 s more.
        assert_eq!(stamp(20_521 * 86_400_000 + 3_723_004), "2026-03-09T01:02:03.004Z");
    }
}
