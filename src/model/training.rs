//! Training plan v1: who learns when, at the least cost of the dates tried, and what it comes to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Changes;
use super::outcome::{Ended, Figure};
use crate::calendar::{Date, Hours};
use crate::time::Money;

/// The `format` of a training plan.
pub const TRAINING_FORMAT: &str = "paidan-training/1";

/// A training plan (培训计划, R159, R162): for everybody dates on which his absence costs little, of
/// those who hold a skill and of those kept for urgent tickets no more than stated at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// `paidan-training/1`.
    pub format: String,
    /// When on these dates.
    pub hours: Hours,
    /// The skill its topics belong to; not stated: it is for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// Minutes asked for in a quarter of 91 days.
    pub quarter_minutes: u32,
    /// Days planned; of the quarter's minutes, as many as fall to them.
    pub days: u32,
    /// Minutes each person has to learn in them.
    pub needed_minutes: u32,
    /// Replications whose prices of hours were asked.
    pub priced: u32,
    /// Of these, those whose proof was cut short: their prices are rough.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rough: u32,
    /// How many of those who hold a skill, and of those kept for urgent tickets, are away at a time
    /// at most, in percent; one may always be.
    #[serde(default = "half")]
    pub most_percent: u32,
    /// What the absences come to by these prices: the least of the dates tried, which is not proven
    /// to be the least of all.
    pub priced_fen: Money,
    /// The same were everybody to learn on the same dates, the cheapest ones for all: that breaks
    /// the limit, and may therefore cost less.
    pub together_fen: Money,
    /// Fen a week more than without any training, simulated.
    pub simulated_fen: Figure,
    /// Replications simulated; none where it ended before.
    pub replications: u32,
    /// Why it ended.
    pub ended: Ended,
    /// Who learns when.
    pub people: Vec<Learner>,
    /// The plan as changes, for `--what-if` and `--option`.
    pub changes: Changes,
}

/// One person's dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learner {
    /// Who.
    pub person: String,
    /// When.
    pub dates: Vec<Date>,
    /// What his absences come to.
    pub priced_fen: Money,
    /// Regular minutes he learns in these days as things are, which are not planned again; what he
    /// learnt before them is not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub learnt_minutes: u32,
    /// Minutes that found no place.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub short_minutes: u32,
}

fn half() -> u32 {
    50
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
