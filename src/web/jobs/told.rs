//! Jobs as they are told: where they are, how far, and what came of them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::app::morning::Progress;
use crate::calendar::Label;
use crate::time::Money;
use crate::web::error::Wrong;

/// Where a job is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It waits for its turn.
    Waiting,
    /// It searches.
    Running,
    /// It has a result.
    Done,
    /// It came to nothing.
    Failed,
    /// It was cancelled before it came to anything. Of a simulation what was made so far is kept:
    /// the same request goes on from there.
    Cancelled,
    /// The server was restarted in between and could not go on with it: ask again.
    Interrupted,
}

impl Standing {
    /// Whether it has ended.
    pub(crate) fn is_over(self) -> bool {
        !matches!(self, Standing::Waiting | Standing::Running)
    }
}

/// How far a job is.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "JobProgress")]
pub(crate) struct Far {
    /// Rounds finished; of a simulation replications.
    pub(crate) rounds: u32,
    /// How many there are at most, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) most_rounds: Option<u32>,
    /// The best cost so far; a simulation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cost_fen: Option<Money>,
    /// What no plan can undercut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bound_fen: Option<Money>,
    /// Since it began.
    pub(crate) milliseconds: u64,
}

impl Far {
    /// How far a search for a plan is that has `most_rounds` at most, where that is known.
    pub(crate) fn of(progress: &Progress, most_rounds: Option<u32>) -> Far {
        let Progress { rounds, cost, bound, milliseconds } = *progress;
        let (cost_fen, bound_fen) = (Some(Money(cost)), Some(Money(bound)));
        Far { rounds, most_rounds, cost_fen, bound_fen, milliseconds }
    }
}

/// A job as it is told.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Job")]
pub(crate) struct Told {
    /// Its name.
    pub(super) id: String,
    /// `plan`, `front`, `simulation` or `draft`.
    pub(super) kind: &'static str,
    /// Where it is.
    pub(crate) standing: Standing,
    /// Whether somebody asked to stop it; it then ends with the best it has.
    pub(super) is_cancelled: bool,
    /// When it was asked for.
    pub(super) created: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished: Option<String>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<Far>,
    /// What the same request would have answered at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    pub(super) result: Option<Box<RawValue>>,
    /// Why it came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<Trouble>,
}

/// Why a job came to nothing.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JobProblem")]
pub(super) struct Trouble {
    /// The code that the answer to the same request would have had.
    pub(super) code: &'static str,
    /// What happened.
    pub(super) details: Label,
    /// Everything wrong with what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub(super) errors: Vec<Wrong>,
}

impl Told {
    /// Its name.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Where to ask for it.
    pub(crate) fn location(&self) -> String {
        format!("/v1/jobs/{}", self.id)
    }
}
