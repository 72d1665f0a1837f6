//! Worth of an hour v1: where the next hour is worth most, by two ways that know nothing of each
//! other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::Figure;

/// The `format` of an answer about what hours are worth.
pub const HOURS_FORMAT: &str = "paidan-hours/1";

/// What one more hour of each skill is worth (多一小时值多少).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// `paidan-hours/1`.
    pub format: String,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications simulated.
    pub replications: u32,
    /// Replications whose linear prices were asked.
    pub priced: u32,
    /// The skills, those worth most by the simulation first.
    pub skills: Vec<SkillHour>,
    /// How far both orders agree: Spearman's rank correlation in thousandths; none of fewer than
    /// three skills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_permille: Option<i64>,
    /// Skills of which both say the same: worth something, or nothing that shows.
    pub agreeing: u32,
}

/// One skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillHour {
    /// The skill.
    pub skill: String,
    /// Fen per hour by the prices of the linear bound, with everything known beforehand.
    pub priced_fen: Figure,
    /// Fen per hour by simulation: what somebody who can do nothing else saves, over his hours.
    pub simulated_fen: Figure,
}

impl SkillHour {
    /// Whether both say the same: where there is a price, that the newcomer saves something; where
    /// there is none, that nothing shows beyond chance.
    #[must_use]
    pub fn agrees(&self) -> bool {
        let Figure { mean, half_width } = self.simulated_fen;
        if self.priced_fen.mean > 0 {
            mean >= 0
        } else {
            half_width.is_none_or(|half| mean <= half)
        }
    }
}
