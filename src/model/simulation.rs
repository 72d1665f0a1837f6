//! Simulation v1: what the coming days may bring, as it is written in a file. Beside a scenario,
//! whose queue is there at the start.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ticket::{Lag, Ticket};
use crate::calendar::{Date, Label};

/// The `format` of a simulation.
pub const SIMULATION_FORMAT: &str = "paidan-simulation/1";

/// What is simulated (模拟): arrivals, chance, and how the engine plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// `paidan-simulation/1`.
    pub format: String,
    /// What people read of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
    /// Calendar days of arrivals, the first being that of the scenario's `as_of`.
    #[schemars(range(min = 1, max = 366))]
    pub days: u32,
    /// Days at the start whose arrivals are simulated and not counted, so that an empty desk at
    /// the start does not flatter the figures. The scenario's own queue counts only without them.
    #[serde(default)]
    #[schemars(range(min = 0, max = 300))]
    pub warm_up_days: u32,
    /// Calendar days after the last arrival in which work may still be finished.
    #[serde(default = "fourteen")]
    #[schemars(range(min = 1, max = 60))]
    pub drain_days: u32,
    /// When the morning's plan is made, in minutes after midnight.
    #[serde(default = "half_past_eight")]
    #[schemars(range(min = 0, max = 1_439))]
    pub plan_at_minute: u32,
    /// What arrives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<Stream>,
    /// What turns out otherwise than planned.
    #[serde(default)]
    pub chance: Chance,
    /// How the engine plans.
    #[serde(default)]
    pub engine: Engine,
}

/// Tickets of one kind that arrive by chance: at most one a minute, each minute on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// What each of them is like; its id names the stream. Release and due are set at arrival,
    /// curves without a point of their own start from the due time.
    pub ticket: Ticket,
    /// The clients they come from, each as likely; none: the client of the ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// How many arrive on a Monday, Tuesday, … Sunday on average, in thousandths.
    #[schemars(length(min = 7, max = 7), inner(range(min = 0, max = 1_000_000)))]
    pub per_day_permille: Vec<u32>,
    /// How they spread over the 24 hours of a day, as weights; none: all hours alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 24), inner(range(min = 0, max = 10_000)))]
    pub hours: Vec<u32>,
    /// Dates on which more or fewer arrive, such as those before a statutory date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peaks: Vec<Peak>,
    /// Days of every month on which more or fewer arrive, where no peak says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monthly: Vec<Monthly>,
    /// What they are promised: the time from arrival to the due time.
    pub promise: Lag,
}

/// Dates with other rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Peak {
    /// The first date.
    pub from: Date,
    /// The last date.
    pub to: Date,
    /// How many in percent of the ordinary.
    #[schemars(range(min = 0, max = 5_000))]
    pub percent: u32,
}

/// Days of every month with other rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monthly {
    /// The first day of the month.
    #[schemars(range(min = 1, max = 31))]
    pub from: u32,
    /// The last day of the month.
    #[schemars(range(min = 1, max = 31))]
    pub to: u32,
    /// How many in percent of the ordinary.
    #[schemars(range(min = 0, max = 5_000))]
    pub percent: u32,
}

/// What chance brings. Everything not stated does not happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chance {
    /// Actual minutes of work against planned ones. They are known once the step has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Spread>,
    /// Actual lengths of waits (agencies, clients, partners) against planned ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<Spread>,
    /// Tickets whose first lead turns them down when he is to begin (R191).
    #[schemars(range(min = 0, max = 1_000))]
    pub rejected_permille: u32,
    /// People away on a date, known in the morning; who has work under way finishes it first.
    #[schemars(range(min = 0, max = 1_000))]
    pub absent_permille: u32,
    /// Tickets called off within two days of their arrival, unless they have begun by then.
    #[schemars(range(min = 0, max = 1_000))]
    pub cancelled_permille: u32,
    /// Urgent tickets that prove not to be urgent when they begin: lateness then costs nothing
    /// (R004).
    #[schemars(range(min = 0, max = 1_000))]
    pub false_urgency_permille: u32,
}

/// How a length spreads, in percent of what was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "shape", deny_unknown_fields)]
pub enum Spread {
    /// Between `low` and `high`, most often `mode`.
    Triangular {
        /// At least.
        #[schemars(range(min = 1, max = 10_000))]
        low: u32,
        /// Most often.
        #[schemars(range(min = 1, max = 10_000))]
        mode: u32,
        /// At most.
        #[schemars(range(min = 1, max = 10_000))]
        high: u32,
    },
    /// Without memory: often short, now and then very long.
    Exponential {
        /// On average.
        #[schemars(range(min = 1, max = 10_000))]
        mean: u32,
    },
}

/// How the engine plans in a simulation: always the same number of search steps, so that the
/// result does not depend on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Engine {
    /// Steps of search for each morning's plan.
    #[schemars(range(min = 0, max = 100_000))]
    pub morning_steps: u32,
    /// Steps of search around an urgent call that does not fit in at no cost.
    #[schemars(range(min = 0, max = 10_000))]
    pub call_steps: u32,
    /// Steps that start earlier than this after a call stay.
    #[schemars(range(min = 0, max = 10_000))]
    pub freeze_minutes: u32,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine { morning_steps: 200, call_steps: 30, freeze_minutes: 30 }
    }
}

fn fourteen() -> u32 {
    14
}

fn half_past_eight() -> u32 {
    510
}
