//! What comes again by itself: services owed to clients, tables of progress; and how long partners
//! take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::Period;
use super::words::Post;
use crate::calendar::{Label, Weekday};

/// A service owed to clients again and again (R111, R112, R117): each time it is a ticket of its
/// own, so it takes people's time like any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// The service whose steps it takes.
    pub service: String,
    /// Owed to the clients whose agreement is of this tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Owed to this client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Once in each of these.
    pub per: Period,
    /// In the so many-th month of it.
    #[schemars(range(min = 1, max = 12))]
    pub month: u8,
    /// By this day of that month; by its last where it has fewer.
    #[schemars(range(min = 1, max = 31))]
    pub day: u8,
    /// What happens when the office is closed on that day.
    pub shift: Shift,
    /// It can be begun so many days before.
    #[schemars(range(min = 0, max = 366))]
    pub lead_days: u16,
}

/// What happens to a date on which the office is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// The last open date before it.
    Earlier,
    /// The first open date after it.
    Later,
    /// Nothing.
    None,
}

/// When the table of progress goes to a superior (R180).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// Who gets it.
    pub post: Post,
    /// On this day of the week; not stated: every working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    /// The hour.
    #[schemars(range(min = 0, max = 23))]
    pub hour: u8,
    /// The minute.
    #[serde(default)]
    #[schemars(range(min = 0, max = 59))]
    pub minute: u8,
}

/// How long a partner takes for what he does in our services (R031, R178).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// His key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// Working days he takes.
    #[schemars(range(min = 0, max = 250))]
    pub working_days: u32,
    /// His calendar.
    pub calendar: String,
    /// The waits that are for him.
    pub waits: Vec<PartnerWait>,
}

/// A wait for a partner in a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerWait {
    /// The service.
    pub service: String,
    /// The step of its templates.
    pub step: String,
}
