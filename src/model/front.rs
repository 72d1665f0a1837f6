//! Front v1: the trade-off between urgency and client value as it is written in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cost::{Bill, Weights};
use super::people::is_false;
use super::plan::Bound;
use crate::calendar::Label;
use crate::time::Money;

/// The `format` of a front.
pub const FRONT_FORMAT: &str = "paidan-front/1";

/// What one kind of loss costs in terms of the other (权衡曲线): one question planned at several
/// weights (R034).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// `paidan-front/1`.
    pub format: String,
    /// What the scenario is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// The version that made it.
    pub version: String,
    /// SHA-256 over scenario, policy, calendar data and previous plan, in hexadecimal.
    pub digest: String,
    /// Seed of all random streams.
    pub seed: u64,
    /// Search lanes.
    pub lanes: u32,
    /// The weights of the scenario's policy.
    pub policy: Weights,
    /// The weights asked for, from urgency to client value.
    pub asked: Vec<Weights>,
    /// The points known, in the same order; fewer than asked for when it was interrupted.
    pub points: Vec<FrontPoint>,
}

/// The best plan known at one pair of weights, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrontPoint {
    /// The weights it is the best plan at.
    pub weights: Weights,
    /// They are those of the scenario's policy.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_policy: bool,
    /// Whether it is worth looking at.
    pub standing: PointStanding,
    /// The weights of the point that it repeats or is dominated by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Weights>,
    /// What it comes to, unweighted.
    pub amounts: Amounts,
    /// What it costs at these weights: what was minimised.
    pub total_fen: Money,
    /// What it costs at those of the policy.
    pub by_policy_fen: Money,
    /// No plan costs less at these weights.
    pub bound: Bound,
    /// Tickets that finish after their due time.
    pub late_count: u32,
    /// Tickets left out.
    pub unserved_count: u32,
    /// The weights at which the search met the plan.
    pub met_at: Weights,
    /// Rounds of search finished at these weights.
    pub rounds: u32,
}

/// Where a point stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointStanding {
    /// No other is at most as dear in every amount and cheaper in one.
    OnFront,
    /// It comes to the same amounts as another one, which is on the front.
    Repeats,
    /// Another one is at most as dear in every amount and cheaper in one.
    Dominated,
}

/// What a plan comes to in money as it would be lost or paid, no weights applied.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Urgency losses of late tickets and of those left out.
    pub urgency_fen: Money,
    /// Client-value losses of late tickets and of those left out.
    pub client_value_fen: Money,
    /// Overtime, change, imbalance and preference.
    pub rest_fen: Money,
}

impl Amounts {
    /// Those of a bill.
    #[must_use]
    pub fn of(bill: &Bill) -> Amounts {
        Amounts {
            urgency_fen: bill.lateness.urgency_fen + bill.unserved.urgency_fen,
            client_value_fen: bill.lateness.client_value_fen + bill.unserved.client_value_fen,
            rest_fen: bill.overtime_fen
                + bill.change_fen
                + bill.imbalance_fen
                + bill.preference_fen,
        }
    }

    /// Whether these are at most as dear in every amount and cheaper in one.
    #[must_use]
    pub fn dominate(&self, other: &Amounts) -> bool {
        self != other
            && self.urgency_fen <= other.urgency_fen
            && self.client_value_fen <= other.client_value_fen
            && self.rest_fen <= other.rest_fen
    }

    /// What a plan of these amounts costs at least at `weights`: each curve is rounded up by itself,
    /// which may add up to a fen for each.
    #[must_use]
    pub fn least(&self, weights: Weights) -> Money {
        let weighted = |amount: Money, weight| amount.scaled_up(i64::from(weight), 1000);
        weighted(self.urgency_fen, weights.lambda_urgency)
            + weighted(self.client_value_fen, weights.lambda_client_value)
            + self.rest_fen
    }
}

#[cfg(test)]
mod tests {
    use super::Amounts;
    use crate::model::cost::{Bill, Loss, Weights};
    use crate::time::Money;

    fn amounts(urgency: i64, client_value: i64, rest: i64) -> Amounts {
        Amounts {
            urgency_fen: Money(urgency),
            client_value_fen: Money(client_value),
            rest_fen: Money(rest),
        }
    }

    #[test]
    fn cheaper_in_one_amount_and_dearer_in_none_dominates() {
        let plan = amounts(100, 200, 300);
        assert!(amounts(100, 199, 300).dominate(&plan));
        assert!(amounts(0, 0, 0).dominate(&plan));
        assert!(!plan.dominate(&plan), "the same is no better");
        assert!(!amounts(99, 201, 300).dominate(&plan), "a trade is no dominance");
        assert!(!amounts(99, 199, 301).dominate(&plan), "nor is one paid for in overtime");
    }

    #[test]
    fn amounts_add_up_late_and_left_out_by_kind() {
        let loss = |urgency, client_value| Loss {
            weighted_fen: Money(7),
            urgency_fen: Money(urgency),
            client_value_fen: Money(client_value),
        };
        let bill = Bill {
            lateness: loss(1, 10),
            unserved: loss(2, 20),
            overtime_fen: Money(100),
            change_fen: Money(200),
            imbalance_fen: Money(400),
            preference_fen: Money(800),
            ..Bill::default()
        };
        // 1 + 2, 10 + 20, 100 + 200 + 400 + 800; weights do not count.
        assert_eq!(Amounts::of(&bill), amounts(3, 30, 1500));
    }

    #[test]
    fn the_least_cost_at_weights_rounds_once_for_each_kind() {
        // 333 × 0.001 = 0.333 → 1 and 500 × 2 = 1000.
        let weights = Weights { lambda_urgency: 1, lambda_client_value: 2000 };
        assert_eq!(amounts(333, 500, 50).least(weights), Money(1 + 1000 + 50));
    }
}
