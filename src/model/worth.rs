//! Worth of an hour v1: where the next hour is worth most, by two ways that know nothing of each
//! other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::{Ended, Figure};

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
    /// Why it ended.
    pub ended: Ended,
    /// The skills, those worth most by the simulation first.
    pub skills: Vec<SkillHour>,
    /// How far both orders agree: Spearman's rank correlation in thousandths; none of fewer than
    /// three skills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_permille: Option<i64>,
    /// Skills of which at least one of both says that they are worth something or do harm, by an
    /// interval beyond 0. Of the others nothing is decided.
    pub decided: u32,
    /// Of these the skills of which both say that they are worth something.
    pub agreeing: u32,
}

/// One skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillHour {
    /// The skill.
    pub skill: String,
    /// Fen per hour by the prices of the linear bound, with everything known beforehand; none where
    /// it ended before any was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_fen: Option<Figure>,
    /// Fen per hour by simulation: what somebody who can do nothing else saves, over his hours.
    pub simulated_fen: Figure,
}

impl SkillHour {
    /// Whether both say that it is worth something, where at least one of both shows it or shows
    /// the contrary beyond chance; `None` where neither does, or only one was asked.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let shows = |figure: Figure| figure.half_width.is_some_and(|half| figure.mean.abs() > half);
        let (priced, simulated) = (self.priced_fen?, self.simulated_fen);
        (shows(priced) || shows(simulated)).then_some(priced.mean > 0 && simulated.mean > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::SkillHour;
    use crate::model::outcome::Figure;

    #[test]
    fn what_shows_nothing_is_no_agreement() {
        let agrees = |priced: (i64, i64), simulated: (i64, i64)| {
            let figure = |(mean, half)| Figure { mean, half_width: Some(half) };
            let (priced_fen, simulated_fen) = (Some(figure(priced)), figure(simulated));
            SkillHour { skill: String::new(), priced_fen, simulated_fen }.agrees()
        };
        assert_eq!(agrees((0, 0), (1_517, 9_684)), None, "wide noise");
        assert_eq!(agrees((100, 20), (50, 900)), Some(true), "the same sign");
        assert_eq!(agrees((0, 0), (900, 100)), Some(false), "one sees what the other does not");
        assert_eq!(agrees((100, 20), (-900, 100)), Some(false));
    }
}
