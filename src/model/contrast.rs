//! What-if v1: one question planned as it is and as it would be, side by side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::cost::Bill;
use crate::calendar::{Label, Moment};
use crate::time::Money;

/// The `format` of a comparison.
pub const CONTRAST_FORMAT: &str = "paidan-what-if/1";

/// Two plans: as things are and as they would be (假设对比). Each is the best found with the same
/// effort, so a difference smaller than the gaps to the bounds may be that of the searches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// `paidan-what-if/1`.
    pub format: String,
    /// What people read of the changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// What would be different.
    pub changes: Vec<Change>,
    /// As things are.
    pub before: Side,
    /// As they would be.
    pub after: Side,
    /// Tickets that finish at another time, cost something else, or are in one of them only.
    pub tickets: Vec<TicketContrast>,
    /// Steps in both plans that other people do.
    pub other_people: u32,
    /// Steps in both plans that the same people start at another time.
    pub other_start: u32,
}

/// What one plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// What it costs.
    pub cost: Bill,
    /// What every plan costs at least.
    pub bound_fen: Money,
    /// Tickets that finish late.
    pub late: u32,
    /// Tickets left out.
    pub unserved: u32,
}

/// One ticket in both plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketContrast {
    /// Its key.
    pub ticket: String,
    /// Before; none where it is not in the queue.
    pub before: Option<TicketSide>,
    /// After.
    pub after: Option<TicketSide>,
}

/// A ticket in one plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketSide {
    /// When it finishes; none where it is left out.
    pub finish: Option<Moment>,
    /// What it costs, weighted.
    pub cost_fen: Money,
}
