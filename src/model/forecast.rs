//! Forecast v1: how many tickets the coming days will bring, learnt from a log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Date;

/// The `format` of a forecast.
pub const FORECAST_FORMAT: &str = "paidan-forecast/1";

/// What the coming days will bring (预测), by a model anybody can follow: for each day the level
/// of the last four weeks × how its day of the week compares × how the days before the fifteenth of
/// a month, when filings are due, compare with the others.
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
    /// What a date from the 10th to the 15th brings, in thousandths of the other dates.
    pub filing_permille: i64,
    /// Tickets by hour of arrival.
    pub hours: Vec<u32>,
    /// How much counts spread beyond chance alone, in thousandths: 1000 is chance alone (Poisson).
    pub dispersion_permille: i64,
    /// How intervals of 90 % would have done on the last quarter of the log, each of its days
    /// forecast from the days before.
    pub test: BackTest,
    /// The coming days; none where the test says that no forecast is possible.
    pub days: Vec<DayForecast>,
}

/// A test on days that were held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackTest {
    /// How many days.
    pub days: u32,
    /// On how many the count lay within the interval.
    pub covered: u32,
    /// Whether that is between 85 and 95 %: else no forecast is possible.
    pub is_passed: bool,
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
}
