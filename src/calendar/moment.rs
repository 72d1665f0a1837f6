//! Dates and moments as documents write them.
//!
//! A moment without an offset is the wall clock of the document's zone; only
//! [`crate::calendar::Zone`] turns it into a tick.

use super::{Day, Label};
use std::fmt;

/// A local date such as `2026-03-02`, years 1970 to 9999.
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
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-date"))]
pub struct Date(chrono::NaiveDate);

impl Date {
    /// The date of these numbers; `None` when there is none or its year is outside 1970–9999.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        let date = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        (1970..=9999).contains(&year).then_some(Date(date))
    }

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// The sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Date, Label> {
        let refused = || {
            Label::new(
                format!("“{text}”不是日期，应写作 2026-03-02（1970 至 9999 年）"),
                format!("\"{text}\" is not a date: write 2026-03-02 (years 1970 to 9999)"),
            )
        };
        date(text.as_bytes()).ok_or_else(refused)
    }

    /// Whether `day` is one that documents can write.
    #[must_use]
    pub fn is_writable(day: Day) -> bool {
        (FIRST..=LAST).contains(&day)
    }

    /// As a day number.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.to_epoch_days())
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Day {
        date.day()
    }
}

/// The first and the last day that documents can write.
const FIRST: Day = Day(0);
const LAST: Day = Day(2_932_896);

/// The first or the last date there is in the place of one beyond.
impl From<Day> for Date {
    fn from(day: Day) -> Date {
        let day = day.clamp(FIRST, LAST);
        Date(chrono::NaiveDate::from_epoch_days(day.0).unwrap_or_default())
    }
}

/// A minute of a day, or the first or the last that documents can write in the place of one beyond:
/// what is written is read again.
fn writable(day: Day, minute: u16) -> (Day, u16) {
    match day {
        day if day < FIRST => (FIRST, 0),
        day if day > LAST => (LAST, 1439),
        day => (day, minute),
    }
}

/// `2026-03-02`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A minute on the wall clock: `2026-03-02T09:00`, with an offset when it names its own.
///
/// Without an offset it is read on the document's zone; an hour that happens twice means the
/// earlier, one that the clock skips is an error. Seconds are tolerated only when zero.
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
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "paidan-moment"))]
pub struct Moment {
    day: Day,
    minute: u16,
    offset: Option<i16>,
}

impl Moment {
    /// Minute `minute` (0–1439) of `day` on the wall clock of the document's zone.
    ///
    /// # Panics
    /// If the day has no such minute.
    #[must_use]
    pub fn local(day: Day, minute: u16) -> Moment {
        assert!(minute < 1440, "a day's minutes are 0 to 1439");
        Moment { day, minute, offset: None }
    }

    pub(super) fn with_offset(day: Day, minute: u16, offset: i16) -> Moment {
        let (day, minute) = writable(day, minute);
        Moment { day, minute, offset: Some(offset) }
    }

    /// Reads `YYYY-MM-DDTHH:MM`, then `Z`, `+HH:MM`, `-HH:MM` or nothing; seconds only if zero.
    ///
    /// # Errors
    /// The sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Moment, Label> {
        moment(text.as_bytes()).ok_or_else(|| {
            Label::new(
                format!(
                    "“{text}”不是时刻，应写作 2026-03-02T09:00，可加 +08:00 或 Z;\
                     精确到分，一天结束写次日 00:00"
                ),
                format!(
                    "\"{text}\" is not a moment: write 2026-03-02T09:00, optionally with +08:00 \
                     or Z, in whole minutes; a day ends at 00:00 of the next"
                ),
            )
        })
    }

    /// So many minutes later (earlier when negative), with the offset it states; never beyond what
    /// documents can write.
    #[must_use]
    pub fn later(self, minutes: i64) -> Moment {
        let minute = i64::from(self.minute).saturating_add(minutes);
        let days = minute.div_euclid(1440).clamp(-i64::from(i32::MAX), i64::from(i32::MAX));
        let day = self.day.plus(i32::try_from(days).expect("clamped to 32 bits"));
        let minute = u16::try_from(minute.rem_euclid(1440)).expect("below 1440");
        let (day, minute) = writable(day, minute);
        Moment { day, minute, offset: self.offset }
    }

    /// The date on the wall clock it names.
    #[must_use]
    pub fn day(self) -> Day {
        self.day
    }

    /// The minute of that date, 0–1439.
    #[must_use]
    pub fn minute(self) -> u16 {
        self.minute
    }

    /// Minutes east of UTC, when it states them.
    #[must_use]
    pub fn offset(self) -> Option<i16> {
        self.offset
    }
}

/// The canonical form; UTC shows as `+00:00`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}", self.day, self.minute / 60, self.minute % 60)?;
        if let Some(offset) = self.offset {
            let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)?;
        }
        Ok(())
    }
}

/// The number that exactly `digits` spell.
fn number(digits: &[u8]) -> Option<u32> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    digits.iter().try_fold(0, |sum, byte| Some(sum * 10 + digit(byte)?))
}

fn date(text: &[u8]) -> Option<Date> {
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = text else { return None };
    if y.len() != 4 {
        return None;
    }
    Date::new(i32::try_from(number(y)?).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

/// `HH:MM` with hours below `hours`, as minutes.
pub(super) fn clock(text: &[u8], hours: u32) -> Option<u16> {
    let [h1, h2, b':', m1, m2] = text else { return None };
    let (hour, minute) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
    (hour < hours && minute < 60).then_some(u16::try_from(hour * 60 + minute).ok()?)
}

fn moment(text: &[u8]) -> Option<Moment> {
    let (day, rest) = (date(text.get(..10)?)?.day(), &text[10..]);
    let [b'T', rest @ ..] = rest else { return None };
    let (minute, rest) = (clock(rest.get(..5)?, 24)?, &rest[5..]);
    let offset = match rest.strip_prefix(b":00").unwrap_or(rest) {
        [] => None,
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), shift @ ..] => {
            let minutes = i16::try_from(clock(shift, 15)?).ok()?;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => return None,
    };
    Some(Moment { day, minute, offset })
}

impl TryFrom<String> for Date {
    type Error = Label;
    fn try_from(text: String) -> Result<Date, Label> {
        Date::parse(&text)
    }
}

impl From<Date> for String {
    fn from(value: Date) -> String {
        value.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = Label;
    fn try_from(text: String) -> Result<Moment, Label> {
        Moment::parse(&text)
    }
}

impl From<Moment> for String {
    fn from(value: Moment) -> String {
        value.to_string()
    }
}
