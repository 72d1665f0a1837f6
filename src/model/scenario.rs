//! Scenario v1: the stated question, as it is written in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cost::Weights;
use super::people::{Bureau, Client, Leg, Person, Site, Skill, Team, Thing, Tool};
use super::ticket::{Service, Ticket};
use crate::calendar::{Calendar, HolidayTable, Label, Moment, Zone};
use crate::time::Money;

/// The `format` of a scenario document.
pub const SCENARIO_FORMAT: &str = "paidan-scenario/1";

/// A scenario (场景): everything a plan depends on, save the previous plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// `paidan-scenario/1`.
    pub format: String,
    /// What this scenario is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// The zone of all local times; default Asia/Shanghai.
    #[serde(default)]
    pub zone: Zone,
    /// The moment planned from: nothing not yet begun starts before it.
    pub as_of: Moment,
    /// Nothing ends later, save tickets under way.
    pub horizon: Moment,
    /// Holiday tables; one called `china` is built in and replaced by one of that id here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidayTable>,
    /// Working calendars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Calendar>,
    /// Skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// Sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Site>,
    /// Travel between sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub travel: Vec<Leg>,
    /// What teams are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<Team>,
    /// People.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Clients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<Client>,
    /// Bureaus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bureaus: Vec<Bureau>,
    /// Shared things of capacity one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<Thing>,
    /// Tools of the firm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// The service catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// The pending queue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    /// What people have fixed by hand (H12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// What has been done or begun (H13).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub progress: Vec<Progress>,
    /// Weights and prices.
    #[serde(default)]
    pub policy: Policy,
}

/// A decision fixed by hand (H12); it binds where its tickets are served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The step, as `ticket/step`.
    pub step: String,
    /// The people, seat by seat; fewer than there are seats leaves the rest open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// The start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Moment>,
    /// A step, as `ticket/step`, led by the same person and starting at or after this one's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// What is known of a step that has started (H13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The step, as `ticket/step`.
    pub step: String,
    /// Done or begun.
    pub state: ProgressState,
    /// Who did it or is doing it, seat by seat; empty for a wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// When it started.
    pub start: Moment,
    /// When it ended; needed when done. For a begun wait: its expected end, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
    /// Minutes still to work from `as_of` on; needed when begun, unless a wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub remaining_minutes: Option<u32>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    /// Finished before `as_of`.
    Done,
    /// Started before `as_of` and not finished.
    Begun,
}

/// Weights and prices of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// λ_u: weight of urgency losses, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub lambda_urgency: u32,
    /// λ_v: weight of client-value losses, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub lambda_client_value: u32,
    /// Worked minutes in percent of effort for lead levels 1 to 5.
    #[schemars(length(min = 5, max = 5), inner(range(min = 1, max = 1_000)))]
    pub pace_percent: Vec<u32>,
    /// What changing the previous plan costs.
    pub change: ChangePrices,
    /// Steps of the previous plan that start earlier than this after `as_of` stay as they are.
    #[schemars(range(min = 0, max = 100_000))]
    pub freeze_minutes: u32,
    /// What overloading one person costs.
    pub imbalance: ImbalancePrice,
    /// What leaving preferences costs.
    pub preference: PreferencePrices,
    /// What a late finish risks with a client.
    pub client_value: ClientValue,
}

impl Policy {
    /// The weights of the two kinds of losses.
    #[must_use]
    pub fn weights(&self) -> Weights {
        Weights {
            lambda_urgency: self.lambda_urgency,
            lambda_client_value: self.lambda_client_value,
        }
    }

    /// The same policy with other weights.
    #[must_use]
    pub fn weighed(self, weights: Weights) -> Policy {
        let Weights { lambda_urgency, lambda_client_value } = weights;
        Policy { lambda_urgency, lambda_client_value, ..self }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            lambda_urgency: 1000,
            lambda_client_value: 1000,
            pace_percent: vec![150, 120, 100, 85, 70],
            change: ChangePrices::default(),
            freeze_minutes: 0,
            imbalance: ImbalancePrice::default(),
            preference: PreferencePrices::default(),
            client_value: ClientValue::default(),
        }
    }
}

/// Prices of change against the previous plan (R250).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangePrices {
    /// Per step whose people differ or that is now unserved, in fen.
    pub person_fen: Money,
    /// Per step with the same people whose start moves by more than the tolerance, in fen.
    pub start_fen: Money,
    /// Minutes a start may move for nothing.
    #[schemars(range(min = 0, max = 100_000))]
    pub tolerance_minutes: u32,
}

impl Default for ChangePrices {
    fn default() -> Self {
        ChangePrices { person_fen: Money::ZERO, start_fen: Money::ZERO, tolerance_minutes: 15 }
    }
}

/// Price of work beyond a fair share of somebody's regular hours (R238).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImbalancePrice {
    /// Fen per worked regular hour beyond the fair share.
    pub per_hour_fen: Money,
    /// The fair share, in percent of the person's regular minutes from `as_of` to the horizon.
    #[schemars(range(min = 0, max = 100))]
    pub fair_percent: u32,
}

impl Default for ImbalancePrice {
    fn default() -> Self {
        ImbalancePrice { per_hour_fen: Money::ZERO, fair_percent: 85 }
    }
}

/// Prices of departing from preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PreferencePrices {
    /// Per step not led by the client's owner though he holds the lead seat's skill at its level
    /// and is not excluded (R130).
    pub off_owner_fen: Money,
    /// Per step led by somebody of another team than the client's owner (R189).
    pub off_team_fen: Money,
    /// Per client trip (R056).
    pub client_trip_fen: Money,
}

/// What the firm risks with a client whose ticket is late (R122, R123): annual value × tier ×
/// churn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientValue {
    /// Weight of a tier in thousandths; a tier not listed weighs 1000.
    pub tiers: Vec<TierWeight>,
    /// Churn after so many hours late; ascending in both fields.
    pub churn: Vec<Churn>,
}

/// The weight of one tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierWeight {
    /// The tier, as clients state it.
    pub tier: String,
    /// Thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub permille: u32,
}

/// The part of a client's annual value at risk once a ticket is so late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Churn {
    /// Elapsed hours after the due time.
    #[schemars(range(min = 0, max = 10_000))]
    pub after_hours: u32,
    /// Thousandths of the annual value at risk in all from then on.
    #[schemars(range(min = 0, max = 1_000))]
    pub permille: u32,
}
