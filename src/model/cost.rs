//! The bill of a plan: what it costs, part by part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Money;

/// How much the two kinds of losses count against each other and against everything else (R034).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// λ_u: weight of urgency losses, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub lambda_urgency: u32,
    /// λ_v: weight of client-value losses, in thousandths.
    #[schemars(range(min = 0, max = 100_000))]
    pub lambda_client_value: u32,
}

/// A loss, weighted as it is minimised and unweighted by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// What is minimised: each curve times its λ, rounded up per curve.
    pub weighted_fen: Money,
    /// Urgency losses in money.
    pub urgency_fen: Money,
    /// Client-value losses in money.
    pub client_value_fen: Money,
}

impl std::ops::AddAssign for Loss {
    fn add_assign(&mut self, other: Loss) {
        self.weighted_fen += other.weighted_fen;
        self.urgency_fen += other.urgency_fen;
        self.client_value_fen += other.client_value_fen;
    }
}

/// What a plan costs. `total_fen` = weighted lateness + weighted unserved + overtime + change +
/// imbalance + preference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// What is minimised.
    pub total_fen: Money,
    /// Tickets that finish late.
    pub lateness: Loss,
    /// Tickets left out.
    pub unserved: Loss,
    /// Paid minutes outside regular hours.
    pub overtime_fen: Money,
    /// Departures from the previous plan.
    pub change_fen: Money,
    /// Overload of single people.
    pub imbalance_fen: Money,
    /// Departures from preferences.
    pub preference_fen: Money,
}

impl Bill {
    /// The bill with its total made up from its parts.
    #[must_use]
    pub fn summed(mut self) -> Bill {
        self.total_fen = self.lateness.weighted_fen
            + self.unserved.weighted_fen
            + self.overtime_fen
            + self.change_fen
            + self.imbalance_fen
            + self.preference_fen;
        self
    }
}
