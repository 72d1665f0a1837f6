//! Holiday tables: the days a state takes off, and the weekend days it works in exchange.
//!
//! A table is data. The one for China is built in and a document may bring its own of the same id.

use std::sync::LazyLock;

use super::{Date, Label};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The `format` of a file that holds one table.
pub const HOLIDAYS_FORMAT: &str = "paidan-holidays/1";

/// Days off and make-up working days, year by year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayTable {
    /// `paidan-holidays/1`; a file of its own states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What calendars call it.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Each published year. Dates of a year not listed are provisional.
    pub years: Vec<HolidayYear>,
}

/// One year of a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    /// The calendar year.
    #[schemars(range(min = 1970, max = 9999))]
    pub year: i32,
    /// The notice it was taken from.
    pub notice: String,
    /// Whether it is a guess ahead of the notice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// Days off.
    pub off: Vec<Date>,
    /// Make-up working days (调休补班).
    pub work: Vec<Date>,
    /// Names of some of these dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<HolidayName>,
}

/// What a holiday is called.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayName {
    /// The date.
    pub date: Date,
    /// Its name.
    pub name: Label,
}

/// The holidays and make-up working days of mainland China, 2024–2026, as the State Council's
/// notices gave them. A weekend day is listed only where the notice counts it into the holiday.
///
/// # Panics
/// Never: a test reads the built-in file.
#[must_use]
pub fn china() -> HolidayTable {
    static TABLE: LazyLock<HolidayTable> = LazyLock::new(|| {
        serde_json::from_str(include_str!("china.json")).expect("the built-in table is well formed")
    });
    TABLE.clone()
}
