//! The wall clock of a zone against planning's ticks. The one door to the zone database.
//!
//! Offsets are taken to the whole minute; zones have used nothing finer since 1972.

use super::{Day, Label, Midnights, Moment};
use crate::time::{DAY, Span, Tick};
use chrono::{DateTime, Offset, TimeZone};
use std::fmt;

/// Two clock changes of one zone are never this close (minutes).
const SAMPLE: i64 = 720;

/// Further than any wall clock is from UTC (minutes).
const FAR: i64 = 1000;

/// A time zone of the IANA database; by default Asia/Shanghai.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-zone"))]
pub struct Zone(chrono_tz::Tz);

impl Default for Zone {
    fn default() -> Zone {
        Zone(chrono_tz::Asia::Shanghai)
    }
}

/// Ticks over which the wall clock runs evenly: local minute = tick + `offset`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// The ticks.
    pub span: Span,
    /// Minutes east of UTC.
    pub offset: i64,
}

impl Zone {
    /// The zone of an IANA name such as `Asia/Shanghai`.
    ///
    /// # Errors
    /// The sentence for whoever wrote it.
    pub fn parse(name: &str) -> Result<Zone, Label> {
        name.parse().map(Zone).map_err(|_| {
            Label::new(
                format!("没有名为“{name}”的时区，应写 IANA 名称，如 Asia/Shanghai"),
                format!("no time zone \"{name}\": write an IANA name such as Asia/Shanghai"),
            )
        })
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The tick of `moment`, read on this zone's wall clock unless it states an offset. Of a
    /// minute that happens twice, the earlier.
    ///
    /// # Errors
    /// When the clock change skips that minute.
    pub fn tick(self, moment: Moment) -> Result<Tick, Label> {
        let tick = self.tick_from(moment);
        if moment.offset().is_some() || self.local(tick) == minutes(moment) {
            return Ok(tick);
        }
        let (name, resumes) = (self.name(), self.show(tick));
        Err(Label::new(
            format!("{name} 没有 {moment} 这一分钟：时钟拨快跳过，下一分钟是 {resumes}"),
            format!("{name} has no {moment}: the clock skips it and goes on at {resumes}"),
        ))
    }

    /// The tick of `moment`, or when the clock skips it the first tick after the skip.
    #[must_use]
    pub fn tick_from(self, moment: Moment) -> Tick {
        match moment.offset() {
            Some(offset) => Tick(minutes(moment) - i64::from(offset)),
            None => self.first_showing(minutes(moment)),
        }
    }

    /// The local date of `tick`.
    #[must_use]
    pub fn date(self, tick: Tick) -> Day {
        let day = self.local(tick).div_euclid(DAY);
        let day = day.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Day(i32::try_from(day).expect("clamped to 32 bits"))
    }

    /// The minute of its local date at `tick`, 0–1439.
    #[must_use]
    pub fn minute_of_day(self, tick: Tick) -> i64 {
        self.local(tick).rem_euclid(DAY)
    }

    /// The moment of `tick`, with its offset; the first or the last that documents can write where
    /// it lies beyond.
    #[must_use]
    pub fn moment(self, tick: Tick) -> Moment {
        let minute = u16::try_from(self.minute_of_day(tick)).expect("below 1440");
        let offset = i16::try_from(self.offset(tick)).expect("below a day");
        Moment::with_offset(self.date(tick), minute, offset)
    }

    /// RFC 3339 to the minute: `2026-03-02T09:00+08:00`.
    #[must_use]
    pub fn show(self, tick: Tick) -> String {
        self.moment(tick).to_string()
    }

    /// The first tick of the local date, also when the clock skips its midnight. For a date
    /// skipped whole, the first tick after it.
    #[must_use]
    pub fn midnight(self, day: Day) -> Tick {
        self.first_showing(i64::from(day.0) * DAY)
    }

    /// The midnights of every local date that has a tick in `span`, and of the date after.
    #[must_use]
    pub fn midnights(self, span: Span) -> Midnights {
        let (first, last) = (self.date(span.start), self.date(span.end).plus(1));
        let days = first.0..=last.0.max(first.0);
        Midnights::new(first, days.map(|day| self.midnight(Day(day))).collect())
    }

    /// The even stretches of the wall clock that make up `span`, in order.
    #[must_use]
    pub fn stretches(self, span: Span) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let (mut start, mut offset, mut tick) = (span.start, self.offset(span.start), span.start);
        while tick < span.end {
            let ahead = (tick + SAMPLE).min(span.end);
            let offset_ahead = self.offset(ahead);
            if offset_ahead != offset {
                let change = self.change_between(tick, ahead);
                stretches.push(Stretch { span: Span::new(start, change), offset });
                (start, offset) = (change, offset_ahead);
            }
            tick = ahead;
        }
        if start < span.end {
            stretches.push(Stretch { span: Span::new(start, span.end), offset });
        }
        stretches
    }

    /// Minutes east of UTC at `tick`.
    #[must_use]
    pub fn offset(self, tick: Tick) -> i64 {
        let instant = DateTime::from_timestamp(tick.0.saturating_mul(60), 0).unwrap_or_default();
        let offset = self.0.offset_from_utc_datetime(&instant.naive_utc()).fix();
        i64::from(offset.local_minus_utc().div_euclid(60))
    }

    /// Minutes from 1970-01-01T00:00 to what the wall clock shows at `tick`.
    fn local(self, tick: Tick) -> i64 {
        tick.0 + self.offset(tick)
    }

    /// The first tick at which the wall clock shows `local` minutes or more.
    fn first_showing(self, local: i64) -> Tick {
        let around = Span::new(Tick(local - FAR), Tick(local + FAR + DAY));
        let stretches = self.stretches(around);
        let reaches = |stretch: &&Stretch| stretch.span.end.0 + stretch.offset > local;
        let stretch = stretches.iter().find(reaches).expect("no offset is as far as the range");
        stretch.span.start.max(Tick(local - stretch.offset))
    }

    /// The first tick with the offset of `after`, given one change in `(before, after]`.
    fn change_between(self, before: Tick, after: Tick) -> Tick {
        let (mut old, mut new, offset) = (before, after, self.offset(after));
        while new - old > 1 {
            let middle = old + (new - old) / 2;
            *(if self.offset(middle) == offset { &mut new } else { &mut old }) = middle;
        }
        new
    }
}

/// What the clock of `moment` shows, in minutes from 1970-01-01T00:00.
fn minutes(moment: Moment) -> i64 {
    i64::from(moment.day().0) * DAY + i64::from(moment.minute())
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Zone {
    type Error = Label;
    fn try_from(text: String) -> Result<Zone, Label> {
        Zone::parse(&text)
    }
}

impl From<Zone> for String {
    fn from(value: Zone) -> String {
        value.to_string()
    }
}
