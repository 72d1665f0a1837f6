//! One opening window of a day, in minutes of the wall clock.

use super::Label;
use std::fmt;

/// One opening window of a date: `09:00-12:00`. Past midnight, `22:00-06:00` or `22:00-30:00`, it
/// belongs to the date it opens on; `00:00-24:00` is the whole day.
///
/// `[opens, closes)` in minutes from local midnight; it lasts at most 24 hours.
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
#[schemars(extend("format" = "paidan-hours"))]
pub struct Hours {
    opens: u16,
    closes: u16,
}

impl Hours {
    /// The window of these minutes; `None` unless `0 ≤ opens < 1440` and it lasts 1 to 1440.
    #[must_use]
    pub fn new(opens: u16, closes: u16) -> Option<Hours> {
        let fits = opens < 1440 && opens < closes && closes - opens <= 1440;
        fits.then_some(Hours { opens, closes })
    }

    /// Reads `09:00-12:00`; an end at or before the start, or past `24:00`, is on the next date.
    ///
    /// # Errors
    /// The sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Hours, Label> {
        hours(text).ok_or_else(|| {
            Label::new(
                format!(
                    "“{text}”不是开放时段，应写作 09:00-12:00；过夜写作 22:00-06:00 或 22:00-30:00，\
                     全天写作 00:00-24:00，不超过 24 小时"
                ),
                format!(
                    "\"{text}\" is not a window of hours: write 09:00-12:00; past midnight \
                     22:00-06:00 or 22:00-30:00; all day 00:00-24:00; at most 24 hours"
                ),
            )
        })
    }

    /// Its first minute, 0–1439.
    #[must_use]
    pub fn opens(self) -> i64 {
        i64::from(self.opens)
    }

    /// The minute after its last, above 1440 when that lies in the next date.
    #[must_use]
    pub fn closes(self) -> i64 {
        i64::from(self.closes)
    }

    /// Whether `minute`, counted from midnight of the opening date, lies in it.
    #[must_use]
    pub fn contains(self, minute: i64) -> bool {
        self.opens() <= minute && minute < self.closes()
    }
}

fn hours(text: &str) -> Option<Hours> {
    let (from, to) = text.split_once('-')?;
    let opens = super::moment::clock(from.as_bytes(), 24)?;
    let closes = super::moment::clock(to.as_bytes(), 49)?;
    if opens == closes {
        return None;
    }
    Hours::new(opens, if closes < opens { closes + 1440 } else { closes })
}

/// `09:00-12:00`, past midnight `22:00-06:00`.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wraps = self.closes > 1440 && self.closes - 1440 < self.opens;
        let closes = if wraps { self.closes - 1440 } else { self.closes };
        let (opens, clock) = (self.opens, |minute: u16| (minute / 60, minute % 60));
        let ((h1, m1), (h2, m2)) = (clock(opens), clock(closes));
        write!(f, "{h1:02}:{m1:02}-{h2:02}:{m2:02}")
    }
}

impl TryFrom<String> for Hours {
    type Error = Label;
    fn try_from(text: String) -> Result<Hours, Label> {
        Hours::parse(&text)
    }
}

impl From<Hours> for String {
    fn from(value: Hours) -> String {
        value.to_string()
    }
}
