//! What a plan says of its own quality: a bound no plan can undercut, where the gap to it lies, and
//! what one more hour would be worth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Date;
use crate::time::Money;

/// The `format` of a proof document.
pub const PROOF_FORMAT: &str = "paidan-proof/1";

/// How far any plan could be below one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// `paidan-proof/1`.
    pub format: String,
    /// Whether the cost is that of the plan asked about, else that of the best priority rule's.
    pub given: bool,
    /// What the plan costs, in fen.
    pub cost_fen: Money,
    /// The bound and the gap to that.
    pub bound: Bound,
    /// What one more hour would be worth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<HourPrice>,
    /// Steps of the proof.
    pub steps: u32,
}

/// A proven lower bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// No plan costs less, in fen.
    pub value_fen: Money,
    /// How it was proven.
    pub method: BoundMethod,
    /// (cost − bound) / cost in hundredths of a percent, rounded up; 0 when both are 0.
    pub gap_basis_points: u32,
    /// Where the gap lies, where prices of people's time prove the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

/// How a bound was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoundMethod {
    /// Each ticket as if it were alone with the fastest eligible people.
    TicketsAlone,
    /// Each ticket as cheaply as prices of people's time allow, less all their time at those
    /// prices.
    PricedTime,
}

/// Where the gap lies. Tickets, idle time and the rest add up to it but for rounding; skills and
/// days are other views of the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// By ticket, the largest first: what it costs in the plan, people's time priced, beyond what
    /// it costs at least.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketShare>,
    /// By skill, the largest first: the parts of tickets, over their steps by minutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillShare>,
    /// By day: parts of tickets on the day they finish (on the last one when left out), and time
    /// with a price in which nobody works.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayShare>,
    /// Time with a price in which nobody works, in fen.
    pub idle_fen: Money,
    /// Costs no ticket has alone (change, imbalance, trips), and what people beside the lead cost.
    pub other_fen: Money,
}

/// Part of a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketShare {
    /// The ticket's key.
    pub ticket: String,
    /// In fen.
    pub fen: Money,
}

/// Part of a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillShare {
    /// The skill's key.
    pub skill: String,
    /// In fen.
    pub fen: Money,
}

/// Part of a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayShare {
    /// The local date.
    pub date: Date,
    /// In fen.
    pub fen: Money,
}

/// What one more hour of work would take off the bound, on average over the working time of a day:
/// an estimate of what it would take off the cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HourPrice {
    /// The local date.
    pub date: Date,
    /// Of these people, who can stand in for each other; empty where it is of a skill.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Of this skill, at the highest level asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// Fen per hour.
    pub fen_per_hour: Money,
}
