//! Simulation report v1: what simulated days came to, option by option and policy by policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::is_false;
use crate::calendar::Label;

/// The `format` of a simulation report.
pub const OUTCOME_FORMAT: &str = "paidan-simulation-report/1";

/// Replications that show something: costs are skewed, and few of them hide the dear ones.
pub const LEAST_REPLICATIONS: u32 = 40;

/// What a simulation came to (模拟结果).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// `paidan-simulation-report/1`.
    pub format: String,
    /// What people read of the simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// The version that made it.
    pub version: String,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications; every cell went through the same ones.
    pub replications: u32,
    /// Days of arrivals that count.
    pub counted_days: u32,
    /// Why it ended.
    pub ended: Ended,
    /// Each option under each policy; the first is what the others are held against.
    pub cells: Vec<Cell>,
    /// Row of the cell that is shown to cost least, of those with the demand of the first; none
    /// with fewer than forty replications, or where that may be chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<u32>,
    /// With which confidence, in percent, it does: 95 or 99, of all differences together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_percent: Option<u32>,
    /// Plans made in all.
    pub plans: u64,
    /// Plans verified in full, all of them clean.
    pub verified_plans: u64,
    /// Skills that fewer than two people hold in the first option (R171).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub single_points: Vec<SinglePoint>,
}

/// Why a simulation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All replications asked for were made.
    Replications,
    /// The interval of the differences is as narrow as asked.
    HalfWidth,
    /// The time was up.
    Seconds,
    /// Somebody stopped it.
    Interrupted,
}

/// One option under one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The option.
    pub option: Label,
    /// The policy.
    pub policy: PolicyName,
    /// Other demand than in the first cell: that is no choice, so it is not held against others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_other_demand: bool,
    /// People who are not among those of the first cell: what they are paid is in no figure.
    #[serde(default, skip_serializing_if = "is_none_added")]
    pub added_people: u32,
    /// Tickets that count, over all replications.
    pub tickets: u64,
    /// Thousandths of tickets whose lateness cost nothing, mean and half-width of 95 %.
    pub on_time_permille: Figure,
    /// Thousandths of tickets finished by their due time.
    pub kept_permille: Figure,
    /// The same of urgent tickets.
    pub urgent_kept_permille: Figure,
    /// Thousandths of tickets whose first step began within an hour of their arrival (R122).
    pub hour_permille: Figure,
    /// Thousandths of tickets that were never begun, which no waiting time knows of.
    pub unbegun_permille: Figure,
    /// Fen per week, weighted: all of it.
    pub cost_fen: Figure,
    /// Lateness.
    pub lateness_fen: Figure,
    /// Tickets left out.
    pub unserved_fen: Figure,
    /// Extra minutes.
    pub overtime_fen: Figure,
    /// Departures from preferences, and client trips.
    pub preference_fen: Figure,
    /// Changes of a plan that had been handed out in the morning, by the scenario's prices.
    pub change_fen: Figure,
    /// Work beyond a fair share of the hours there are while tickets arrive.
    pub imbalance_fen: Figure,
    /// Minutes from arrival to the first step, on average per ticket.
    pub wait_minutes: Figure,
    /// Minutes from arrival to finish.
    pub time_minutes: Figure,
    /// Extra minutes per week.
    pub overtime_minutes: Figure,
    /// Fen per week more than the first cell, under the same chance. Costs of few days are skewed:
    /// such an interval holds the truth about 92 % of the time (M/M/1 against M/M/2, two days).
    pub difference_fen: Figure,
    /// Tenths of waiting times of urgent tickets: the shortest, then that of 10 %, 20 %, … 100 %.
    pub wait_deciles: Vec<i64>,
    /// Cost per week of single replications: the least, then that of 10 %, … 100 %.
    pub cost_deciles: Vec<i64>,
    /// Thousandths of promises kept in single replications: the least, then that of 10 %, … 100 %.
    pub kept_deciles: Vec<i64>,
    /// Thousandths of tickets whose lateness cost nothing, the same.
    pub on_time_deciles: Vec<i64>,
    /// Extra minutes per week, the same.
    pub overtime_deciles: Vec<i64>,
    /// By tier of the client.
    pub tiers: Vec<Group>,
    /// By service; of tickets that state their steps themselves the name is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Group>,
    /// By stream.
    pub streams: Vec<Group>,
    /// By hour of arrival; hours without arrivals are left out.
    pub hours: Vec<Group>,
    /// By person.
    pub people: Vec<Load>,
    /// By skill: that of everybody who holds it.
    pub skills: Vec<Load>,
    /// Skills that fewer than two people hold in this option (R171).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub single_points: Vec<SinglePoint>,
}

fn is_none_added(count: &u32) -> bool {
    *count == 0
}

/// A way to dispatch.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PolicyName {
    /// This program.
    Engine,
    /// In the order of arrival.
    FirstCome,
    /// In the order of due times.
    EarliestDue,
    /// What costs most when late first.
    HighestValue,
    /// Urgent first, each in the order of arrival.
    CurrentPractice,
}

/// A mean over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The mean.
    pub mean: i64,
    /// Half the width of its interval of 95 % (Student); none from a single replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<i64>,
}

impl Figure {
    /// Whether its whole interval lies below `value`; without an interval nothing is shown.
    #[must_use]
    pub fn is_below(self, value: i64) -> bool {
        self.half_width.is_some_and(|half| self.mean.saturating_add(half) < value)
    }
}

/// Tickets of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What they have in common; empty for tickets without it.
    pub name: String,
    /// How many, over all replications.
    pub tickets: u64,
    /// Thousandths whose lateness cost nothing.
    pub on_time_permille: u32,
    /// Half the width of the interval of 95 % of that share; none from a single replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time_half_permille: Option<u32>,
    /// Thousandths finished by their due time.
    pub kept_permille: u32,
    /// The same of that share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_half_permille: Option<u32>,
    /// Weighted fen per ticket.
    pub cost_fen: i64,
    /// Minutes from arrival to the first step, of those that began.
    pub wait_minutes: i64,
}

/// How much somebody, or everybody who holds a skill, has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Who, or which skill.
    pub name: String,
    /// How many people that is.
    pub people: u32,
    /// Regular minutes worked in thousandths of those there are while tickets arrive.
    pub load_permille: u32,
    /// Extra minutes per week.
    pub overtime_minutes: i64,
    /// Regular minutes per week without a step while tickets arrive; travel is among them.
    pub idle_minutes: i64,
}

/// A skill that hangs on one person, or on nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SinglePoint {
    /// The skill.
    pub skill: String,
    /// Who can do it at the highest level that is needed, learners left out.
    pub people: Vec<String>,
}

/// The `format` of an answer about required staff.
pub const REQUIRED_FORMAT: &str = "paidan-required-staff/1";

/// Which more people it takes (所需人手).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// `paidan-required-staff/1`.
    pub format: String,
    /// The kinds of new people: whom they are like, or the skill that is all they hold.
    pub like: Vec<String>,
    /// The least share of kept promises, in thousandths.
    pub target_permille: u32,
    /// With which confidence the mean reaches it, one-sided, in thousandths.
    pub confidence_permille: u32,
    /// Whether only urgent tickets count.
    pub is_urgent: bool,
    /// Why the search ended: all teams that had to be were tried, or not all of them.
    pub ended: Ended,
    /// The smallest team that is shown to reach it, how many of each kind; none where no team tried
    /// is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Vec<u32>>,
    /// The teams tried, small ones first.
    pub tried: Vec<Tried>,
    /// Teams that were not tried, as what others are shown to keep answers for them, too: more
    /// people of one kind are taken to keep no fewer promises.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<Inferred>,
}

/// A team that was not tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inferred {
    /// How many of each kind.
    pub people: Vec<u32>,
    /// Whether it is enough, as fewer people are; else it is not shown to be, as more are not.
    pub is_enough: bool,
    /// Those people, who were tried.
    pub like: Vec<u32>,
}

/// One team more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// How many of each kind.
    pub people: Vec<u32>,
    /// Thousandths of promises kept; half the width is that of the confidence asked for.
    pub kept_permille: Figure,
    /// Over so many replications.
    pub replications: u32,
    /// It was not simulated: that is what nobody could surpass, by the linear bound.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_bound: bool,
    /// Whether the whole interval reaches the target, of forty replications or more.
    pub is_reached: bool,
}

impl Group {
    /// The share whose lateness cost nothing, with its interval.
    #[must_use]
    pub fn on_time(&self) -> Figure {
        share(self.on_time_permille, self.on_time_half_permille)
    }

    /// The share finished by their due time, with its interval.
    #[must_use]
    pub fn kept(&self) -> Figure {
        share(self.kept_permille, self.kept_half_permille)
    }
}

fn share(mean: u32, half_width: Option<u32>) -> Figure {
    Figure { mean: i64::from(mean), half_width: half_width.map(i64::from) }
}

impl Required {
    /// Whether `row` is shown not to reach the target: its whole interval lies below.
    #[must_use]
    pub fn is_missed(&self, row: &Tried) -> bool {
        row.kept_permille.is_below(i64::from(self.target_permille))
    }
}
