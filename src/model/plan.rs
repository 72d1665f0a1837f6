//! Plan v1: the promised answer, as it is written in a file. People may write one by hand: ticket,
//! step, people and start are enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cost::{Bill, Loss, Weights};
use super::people::is_false;
use super::proof::HourPrice;

pub use super::proof::{Bound, BoundMethod};
use crate::calendar::{Moment, Zone};

/// The `format` of a plan document.
pub const PLAN_FORMAT: &str = "paidan-plan/1";

/// A plan (计划).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `paidan-plan/1`.
    pub format: String,
    /// The zone its times are shown in; moments without an offset are read in it. Not stated: that
    /// of the scenario it is read beside.
    #[serde(default)]
    pub zone: Zone,
    /// The moment planned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// The horizon planned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Moment>,
    /// Every step and wait of every served ticket, in the scenario's order of tickets.
    #[serde(default)]
    pub steps: Vec<PlannedStep>,
    /// The tickets left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unserved: Vec<UnservedTicket>,
    /// Frozen steps of the previous plan that a changed fact made impossible (H12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<ReleasedStep>,
    /// The weights it was made with and is priced by, where they were chosen for it (`front`); not
    /// stated: those of the scenario's policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// What it costs; recomputed by `verify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Bill>,
    /// A proven lower bound on the cost of any plan for the same question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// What one more hour would be worth, by day, people and skills; none where it is worth nothing
    /// or the proof did not get so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<HourPrice>,
    /// How to make the same plan again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// One step in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStep {
    /// The ticket's key.
    pub ticket: String,
    /// The step's key within the ticket.
    pub step: String,
    /// Who, seat by seat; empty for a wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Its first worked minute.
    pub start: Moment,
    /// The first minute after its last worked one; in a plan by hand it may be left out and is
    /// then the earliest end in regular hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
    /// When it is worked; in a plan by hand they may be left out and are then every regular minute
    /// and the cheapest, then earliest, extra ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
    /// Already done, begun, or held by the freeze.
    #[serde(default, skip_serializing_if = "Standing::is_planned")]
    pub standing: Standing,
    /// Touches a date whose holiday notice is not published yet (R246).
    #[serde(default, skip_serializing_if = "is_false")]
    pub provisional: bool,
}

/// Where a planned step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Free to be planned anew.
    #[default]
    Planned,
    /// Kept by the freeze window.
    Frozen,
    /// Under way at `as_of`.
    Begun,
    /// Finished before `as_of`.
    Done,
}

impl Standing {
    fn is_planned(&self) -> bool {
        *self == Standing::Planned
    }
}

/// A stretch of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Its first minute.
    pub from: Moment,
    /// The first minute after it.
    pub to: Moment,
}

/// A ticket left out, and its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnservedTicket {
    /// The ticket's key.
    pub ticket: String,
    /// Why, as far as the planner can tell without searching; `explain` tells more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<UnservedReason>,
    /// What leaving it out costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Loss>,
}

/// Why a ticket is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnservedReason {
    /// Nobody may do one of its steps.
    NobodyEligible,
    /// Even alone it cannot end within the horizon or its windows.
    CannotFit,
    /// It fits alone, but not beside what is fixed (pins, freeze, steps under way).
    HeldByPins,
    /// A batch mate or a ticket it must follow is left out.
    Companion,
    /// There is no room left beside the others.
    NoRoom,
    /// Serving it would cost more than leaving it out.
    Dearer,
}

/// A frozen step that had to be let go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasedStep {
    /// The ticket's key.
    pub ticket: String,
    /// The step's key within the ticket.
    pub step: String,
    /// The first rule in the way, such as `H3`.
    pub rule: String,
}

/// What makes a plan repeatable (R252): the same provenance and the same released binary give the
/// same bytes, whatever the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The version that made it.
    pub version: String,
    /// SHA-256 over scenario, policy, calendar data and previous plan, in hexadecimal.
    pub digest: String,
    /// Seed of all random streams.
    pub seed: u64,
    /// Search lanes.
    pub lanes: u32,
    /// Rounds finished.
    pub rounds: u32,
    /// Rounds the cooling of the search was planned for, where it follows a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_rounds: Option<u32>,
    /// About how many steps a lane takes per round; in the search over orders, how many it looks at.
    pub steps_per_round: u32,
    /// The priority rule whose plan the search began with.
    pub construction: String,
    /// Whether programs could take part where insertion leaves tickets out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fallback: bool,
    /// What did, in order; each took the place of a round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Programs that broke down; the plan there was stayed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed_programs: u32,
    /// The sweep over weights it was chosen from, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What a program brought to the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// The rounds before it.
    pub round: u32,
    /// Which program.
    pub by: Joiner,
    /// Whether its plan became the best.
    pub won: bool,
}

/// A program that takes part in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Joiner {
    /// Who carries what on which day.
    Assignment,
    /// Placements met during the search, recombined.
    Pool,
}

/// The sweep over weights that a plan was chosen from. Each point is searched from the best plan
/// known on, so all of them shape each plan: the same sweep in rounds makes it again. In seconds
/// every point has rounds of its own, and only those where the plan was met are recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The weights of all points, from urgency to client value.
    pub points: Vec<Weights>,
    /// The weights at which the search met this plan.
    pub met_at: Weights,
}
