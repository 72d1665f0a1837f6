//! What clients are entitled to: tiers, and agreements with their versions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Goal, Item};
use super::words::{Channel, Post, Runs};
use crate::calendar::{Date, Day, Label};
use crate::model::ticket::Adjust;
use crate::time::Money;

/// A tier of clients (R113).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    pub label: Label,
    /// How its clients reach the firm.
    pub channels: Vec<Channel>,
    /// When its clocks run: in working time or always. One that runs already keeps to what it was
    /// started by when its client has another tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
    /// Goals of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<TierGoal>,
    /// What it includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitlement>,
}

/// A goal of a tier or an agreement, by how complex the matter is (R132).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierGoal {
    /// The clock.
    pub timer: String,
    /// Only for matters of this level of response; not stated: all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    pub level: Option<u8>,
    /// How long it may take.
    pub goal: Goal,
}

/// What a client may call on: never without number, unit and time (R115).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What it is.
    pub label: Label,
    /// Of which kind.
    pub kind: EntitlementKind,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Of what: calls, visits, hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Label>,
    /// In which time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Period>,
    /// How soon it is answered, for consultations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Goal>,
    /// Whether somebody comes along, for assistance (R116).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_accompanied: Option<bool>,
    /// What one more costs (R116).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_fen: Option<Money>,
    /// Whether it is written for this client, for policy news (R117).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_customised: Option<bool>,
    /// In which form, for consultations (R118).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// How deep, for consultations: the highest level of response (R118).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    pub depth: Option<u8>,
}

/// Kinds of entitlements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementKind {
    /// Help with an audit or a matter at an authority.
    Assistance,
    /// News of policy.
    PolicyNews,
    /// Advice.
    Consultation,
    /// Urgent services bought ahead (R099).
    UrgentService,
    /// Visits.
    Visit,
    /// Emergencies on site (R113).
    OnSite,
}

/// In which time an entitlement is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

/// What was agreed with a client, version by version (R108, R109).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The client.
    pub client: String,
    /// Its versions; the last that has begun counts.
    pub versions: Vec<Agreement>,
}

/// One version of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// From this date on.
    pub from: Date,
    /// The tier.
    pub tier: String,
    /// What is covered, item by item.
    pub scope: Vec<Label>,
    /// Goals of its own, before those of the tier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<TierGoal>,
    /// What it includes beside the tier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitlement>,
    /// What is different in services for this client (R102).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Own>,
    /// Who is asked when a problem stays, one after the other: the first when a clock of a ticket
    /// runs out.
    pub escalation: Vec<Post>,
    /// The next one is asked when it is still open after so many minutes of the clock's own
    /// calendar; needed where several are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub escalates_after_minutes: Option<u32>,
    /// What the firm owes for a breach.
    pub breach: Label,
}

/// What is different in a service for one client (R102): the standard stays, and this comes on top;
/// nothing that guards against errors goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// The service.
    pub service: String,
    /// Changes to single steps of its templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjust: Vec<Adjust>,
    /// Material needed beside the usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Item>,
    /// What is looked at beside the usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Item>,
    /// How it is delivered, in place of the usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<Item>,
}

impl Contract {
    /// The version in force on `day`.
    #[must_use]
    pub fn on(&self, day: Day) -> Option<&Agreement> {
        let begun = self.versions.iter().filter(|version| version.from.day() <= day);
        begun.max_by_key(|version| version.from)
    }
}
