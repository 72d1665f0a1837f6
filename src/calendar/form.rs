//! Calendars as documents state them: plain fields, no arithmetic.

use super::{Date, Hours, Label, Moment, Weekday, Zone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When an office is open. Closures win over overrides, overrides over the holiday table, the
/// holiday table over the weekly hours.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// What other parts of the document call it.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The zone of its wall clock; the document's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// Hours of each day of the week; a window past midnight is a night roster.
    #[serde(default)]
    pub weekly: Weekly,
    /// The id of the holiday table it follows; none if absent. `china` is built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<String>,
    /// Whose hours a make-up working day (调休补班) uses; Monday's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_up: Option<Weekday>,
    /// Dates with other hours; of several that cover a date the last listed wins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// New weekly hours from a date on, in date order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
    /// Exact spans in which it is closed whatever else holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<Closure>,
}

impl Calendar {
    /// This calendar with more overrides, which win over its own, and more closures: one
    /// person's days on top of the firm's.
    #[must_use]
    pub fn with(&self, overrides: &[Override], closures: &[Closure]) -> Calendar {
        let mut layered = self.clone();
        layered.overrides.extend_from_slice(overrides);
        layered.closures.extend_from_slice(closures);
        layered
    }
}

/// Opening hours by day of the week; a day not listed is closed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// Monday (星期一).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mon: Vec<Hours>,
    /// Tuesday (星期二).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tue: Vec<Hours>,
    /// Wednesday (星期三).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wed: Vec<Hours>,
    /// Thursday (星期四).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thu: Vec<Hours>,
    /// Friday (星期五).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fri: Vec<Hours>,
    /// Saturday (星期六).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sat: Vec<Hours>,
    /// Sunday (星期日).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sun: Vec<Hours>,
}

impl Weekly {
    /// The same hours from Monday to Friday, closed at the weekend.
    #[must_use]
    pub fn working(hours: &[Hours]) -> Weekly {
        let day = || hours.to_vec();
        Weekly { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Weekly::default() }
    }

    /// The hours of one day of the week.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> &[Hours] {
        match weekday {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }
}

/// Other hours on some dates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The first date.
    pub from: Date,
    /// The last date, itself included; `from` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The hours on each of these dates; closed if empty.
    pub hours: Vec<Hours>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Label>,
}

impl Override {
    /// Whether it speaks of `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.to.unwrap_or(self.from)
    }
}

/// New weekly hours from a date on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The first date they hold.
    pub from: Date,
    /// The hours from then on.
    pub weekly: Weekly,
}

/// An exact span taken away: a power cut, an absence, a system upgrade.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// Its first minute.
    pub from: Moment,
    /// The first minute after it.
    pub to: Moment,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
}
