//! `POST /v1/simulations`: days by chance, at once or as a job.

use schemars::JsonSchema;
use serde::Deserialize;

use super::plan::{Sooner, searched, written};
use super::posted::{self, Document, Scene};
use crate::app::morning::Progress;
use crate::app::simulating::{Asked, Policy, interrupted, simulate};
use crate::calendar::HolidayTable;
use crate::model::change::Changes;
use crate::model::outcome::{Outcome, PolicyName};
use crate::model::progress::ProgressReport;
use crate::model::scenario::Scenario;
use crate::model::simulation::Simulation;
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::Json;

/// Replications when nothing is said.
const DEFAULT_REPLICATIONS: u32 = 32;

/// Days times replications times cells above which nobody waits for the answer.
const LONG: u64 = 100;

/// What is to be simulated. The same request gives the same figures, on every machine, unless it
/// ends by time.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimulationAsked {
    /// The question, with the queue at the start.
    scenario: Document<Scenario>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
    /// What the days may bring.
    simulation: Document<Simulation>,
    /// What would be different, beside things as they are.
    #[serde(default)]
    #[schemars(length(max = 16))]
    options: Vec<Document<Changes>>,
    /// How to dispatch; the engine alone when none is stated.
    #[serde(default)]
    #[schemars(length(max = 5))]
    policies: Vec<PolicyName>,
    /// Replications at most; 32 when not stated.
    #[serde(default)]
    #[schemars(range(min = 1, max = 10_000))]
    replications: Option<u32>,
    /// End once differences are known to so many fen per week.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    half_width_fen: Option<u32>,
    /// End after so long.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    milliseconds: Option<u64>,
    /// Seed of all chance; 1 when not stated.
    #[serde(default)]
    seed: Option<u64>,
}

/// `POST /v1/simulations`.
pub(crate) fn begin(call: &Call<Json<SimulationAsked>>) -> Result<Sooner<Outcome>, Problem> {
    let asked = &call.body.0;
    let (progress, holidays) = (asked.progress.as_ref(), asked.holidays.as_ref());
    let question = Scene { scenario: &asked.scenario, progress, holidays }.question()?;
    let (simulation, text) = posted::simulation(&asked.simulation)?;
    let options = posted::options(&asked.options)?;
    let policies = match asked.policies.as_slice() {
        [] => vec![Policy::Engine],
        stated => stated.iter().map(|name| Policy::from(*name)).collect(),
    };
    let replications = asked.replications.unwrap_or(DEFAULT_REPLICATIONS);
    let cells = (options.len() as u64 + 1) * policies.len() as u64;
    let days = u64::from(simulation.days + simulation.drain_days) * u64::from(replications);
    let seed = asked.seed.unwrap_or(1);
    let half_width = asked.half_width_fen.map(i64::from);
    let most = call.frame.limits.job_ms;
    let milliseconds = Some(asked.milliseconds.unwrap_or(most).min(most));
    let work = move |watch: &mut dyn FnMut(&Progress) -> bool| -> Result<Vec<u8>, Problem> {
        let order = Asked {
            simulation: (&simulation, &text),
            options: &options,
            policies: &policies,
            seed,
            replications,
            half_width,
            milliseconds,
            threads: 0,
        };
        let found = simulate(&question, &order, &mut |stage| {
            let (rounds, milliseconds) = (stage.done, stage.milliseconds);
            watch(&Progress { rounds, cost: 0, bound: 0, milliseconds })
        })?;
        found.map(|outcome| written(&outcome)).ok_or_else(|| interrupted().into())
    };
    searched(call, "simulation", cells * days > LONG, Box::new(work))
}
