//! Forecast v1: how many tickets the coming days will bring, learnt from a log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Date;
use crate::time::Money;

/// The `format` of a forecast.
pub const FORECAST_FORMAT: &str = "paidan-forecast/1";

/// What the coming days will bring (预测), by a model anybody can follow: for each day the level
/// of the last four weeks, and a trend where one shows, × how its day of the week compares × how the
/// days before filings are due compare with the others × its month, where the log has two years.
/// Public holidays and make-up working days, where they are known, are kinds of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// `paidan-forecast/1`.
    pub format: String,
    /// The first date of the log.
    pub first: Date,
    /// Its last date.
    pub last: Date,
    /// Tickets in it.
    pub calls: u64,
    /// Tickets per day of late, in thousandths.
    pub level_permille: i64,
    /// What a Monday, Tuesday, … Sunday brings, in thousandths of an average day.
    pub weekdays_permille: Vec<i64>,
    /// What a week adds to that level, in thousandths of it; 0 where no trend shows.
    pub trend_permille: i64,
    /// The day of the month on which filings are due; where holidays are known, a due date that
    /// is a day off moves to the next working day.
    pub due: u32,
    /// What the five days before filings are due and that day bring, in thousandths of other dates.
    pub filing_permille: i64,
    /// What a public holiday brings, in thousandths of an average day, where holidays are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday_permille: Option<i64>,
    /// How many of them are in the log: of none of them nothing is learnt, and each is taken for a
    /// Sunday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays_seen: Option<u32>,
    /// The same of a weekend day that is worked in exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_up_permille: Option<i64>,
    /// How many of them are in the log: with none each is taken for an average working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_ups_seen: Option<u32>,
    /// What January, February, … December bring beside others, in thousandths; none where the log
    /// is shorter than two years. A month is other than others only where both years say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months_permille: Vec<i64>,
    /// Tickets by hour of arrival.
    pub hours: Vec<u32>,
    /// How much counts spread beyond chance alone, in thousandths: 1000 is chance alone (Poisson).
    pub dispersion_permille: i64,
    /// How intervals of 90 % would have done on the last quarter of the log, its days forecast in
    /// turn from one day before, from two days before, … as far as is told.
    pub test: BackTest,
    /// The coming days, no further ahead than was tested: a quarter of the log. None where the test
    /// says that no forecast is possible.
    pub days: Vec<DayForecast>,
    /// Who is likely to call, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callers: Option<Callers>,
}

/// A test on days that were held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackTest {
    /// How many days.
    pub days: u32,
    /// On how many the count lay within the interval.
    pub covered: u32,
    /// The same in thousandths, of a count at an end of the interval only the part that makes it
    /// one of 90 %: counts are whole, so an interval that holds 90 % of few tickets holds more.
    pub held_permille: u32,
    /// How far chance alone takes that share from 90 % over so many days, in thousandths (95 %).
    #[serde(default)]
    pub uncertain_permille: u32,
    /// Whether the latter is between 85 and 95 %: else no forecast is possible.
    pub is_passed: bool,
}

impl BackTest {
    /// Whether it went over so few days that chance alone moves the share by more than what lies
    /// between a passed test and a failed one, 85 and 95 %.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.uncertain_permille > 100
    }
}

/// One day to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayForecast {
    /// The date.
    pub date: Date,
    /// Tickets expected, in thousandths.
    pub expected_permille: i64,
    /// The interval of 90 %: at least.
    pub low: i64,
    /// At most.
    pub high: i64,
    /// For how many calls to keep hands free, where it was said what being wrong costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
}

/// Hands kept free (预留): the number at which what too many and too few cost is least on average.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// For so many calls.
    pub calls: i64,
    /// What being wrong costs on average at that number, in fen a day.
    pub cost_fen: Money,
}

/// Who is likely to call in the coming days (R103, R153): each by his own history, drawn towards
/// that of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Callers {
    /// The column that names them.
    pub column: String,
    /// For how many days.
    pub days: u32,
    /// How it would have done on the last quarter of the log.
    pub test: CallersTest,
    /// The likeliest ones; none where the test says that nothing can be said.
    pub rows: Vec<Caller>,
}

/// A test on windows that were held back, each as long as the days to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallersTest {
    /// How many windows.
    pub windows: u32,
    /// How many callers were expected to call in one, over all windows.
    pub expected: u32,
    /// How many did.
    pub called: u32,
    /// By how much the mean square of its errors (Brier 1950) lies below that of saying the same
    /// of everybody, in percent.
    pub better_percent: u32,
    /// Whether that is shown, by at least 1 % and window by window beyond chance (one-sided 95 %,
    /// Student), and as many called as expected, give or take 15 % or what chance does in nine of
    /// ten cases: else nothing can be said.
    pub is_passed: bool,
}

/// Somebody who may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// What stands in the column.
    pub name: String,
    /// How often he called before.
    pub calls: u64,
    /// How many calls are expected, in thousandths.
    pub expected_permille: i64,
    /// The chance of at least one, in thousandths.
    pub chance_permille: u32,
}
