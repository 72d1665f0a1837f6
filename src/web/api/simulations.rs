//! `POST /v1/simulations`: days by chance, at once or as a job, which a restart of the server does
//! not end. The same question is answered from the result that was kept.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::plan::{Sooner, searched, written};
use super::posted::{self, Document, Scene};
use crate::app::clock;
use crate::app::documents::{Question, Text};
use crate::app::service::simulations::{Pending, wordless};
use crate::app::simulating::{Asked, Ledger, Named, Policy, Stage, interrupted, resumed};
use crate::calendar::HolidayTable;
use crate::exchange::digest::digest_of_bytes;
use crate::model::change::Changes;
use crate::model::outcome::{Ended, Outcome, PolicyName};
use crate::model::progress::ProgressReport;
use crate::model::scenario::Scenario;
use crate::model::simulation::Simulation;
use crate::web::answer::{As, Begun, Either, JSON, Reply};
use crate::web::call::Call;
use crate::web::error::{Code, Problem, Success};
use crate::web::frame::Frame;
use crate::web::jobs::{self, Far, Former, Search, Told};
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
    /// End once differences are known to so many fen per week; the first forty replications settle
    /// how many that takes, so fewer of them never end by it.
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
    let digest = named(&call.text, SIMULATION_REVISION);
    if let Some(known) = call.frame.service.simulated(&digest)? {
        return Ok(Either::One(As::new(Reply::text(Success::Found, JSON, known.into_bytes()))));
    }
    if let Some(begun) = under_way(call, &digest)? {
        return Ok(Either::Other(begun));
    }
    let ready = ready(&call.body.0)?;
    let (is_long, scenario) = (ready.is_long(), ready.question.scenario.clone());
    let work = ready.search(Arc::clone(&call.frame), digest.clone());
    let found = searched(call, "simulation", is_long, work)?;
    if let Either::Other(begun) = &found {
        let job = call.frame.jobs.find(begun.document.id(), &call.caller.owner)?;
        let body = str::from_utf8(&call.text).ok().and_then(|body| wordless(body, scenario));
        let pending = body.map(|body| Pending {
            id: begun.document.id().to_owned(),
            owner: call.caller.owner.clone(),
            asked_as: job.asked_as(),
            created_ms: call.now_ms,
            digest,
            body,
        });
        pending.map_or(Ok(()), |pending| call.frame.service.begin_simulation(&pending))?;
        // It may have ended before it was written down, and then nobody else takes that away.
        if job.is_over() {
            call.frame.service.forget_simulation(begun.document.id())?;
        }
    }
    Ok(found)
}

/// The job of the caller's that simulates the same; a request with a key finds it by that.
fn under_way<B>(call: &Call<B>, digest: &str) -> Result<Option<Begun<Told>>, Problem> {
    if call.idempotency_key()?.is_some() {
        return Ok(None);
    }
    let (jobs, owner) = (&call.frame.jobs, &call.caller.owner);
    let pending = call.frame.service.pending_simulations()?.into_iter();
    let mut own = pending.filter(|row| row.owner == *owner && row.digest == digest);
    let job = own.find_map(|row| jobs.find(&row.id, owner).ok().filter(|job| job.is_wanted()));
    Ok(job.map(|job| {
        let document = job.told(false);
        Begun { location: document.location(), document }
    }))
}

/// Raised whenever the same request gets other figures than before: results and replications that
/// were kept then belong to another question.
const SIMULATION_REVISION: u32 = 5;

/// What names a request: its members in order, whatever their order and spacing in `text`, and
/// which revision answers it.
fn named(text: &[u8], revision: u32) -> String {
    let document = serde_json::from_slice::<Value>(text).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    format!("{version}-{revision}-{}", digest_of_bytes(document.to_string().as_bytes()))
}

/// Begins again what was under way when the server ended.
pub(crate) fn resume(frame: &Arc<Frame>) {
    for pending in frame.service.pending_simulations().unwrap_or_default() {
        let Pending { id, owner, asked_as, created_ms, digest, body } = pending;
        let former = Former { id, owner, asked_as, created_ms };
        if let Ok(Some(known)) = frame.service.simulated(&digest) {
            jobs::leave(frame, former, clock::now_ms(), Ok(known));
            continue;
        }
        let asked = serde_json::from_str::<SimulationAsked>(&body).ok();
        match asked.and_then(|asked| ready(&asked).ok()) {
            Some(ready) => {
                let search = ready.search(Arc::clone(frame), digest);
                jobs::again(frame, "simulation", former, search);
            }
            None => jobs::leave(frame, former, clock::now_ms(), Err(unreadable())),
        }
    }
}

/// That a simulation begun by another version cannot go on in this one.
fn unreadable() -> Problem {
    Problem::new(
        Code::Interrupted,
        "服务器重启后读不懂这项模拟（由另一版本开始）：请重新提交同一请求",
        "after a restart this server cannot read the simulation, which another version began: post \
         the same request again",
    )
}

/// A simulation that was read and can begin.
struct Ready {
    question: Question,
    simulation: Simulation,
    text: Text,
    options: Vec<Named>,
    policies: Vec<Policy>,
    replications: u32,
    seed: u64,
    half_width: Option<i64>,
    milliseconds: Option<u64>,
}

/// Reads everything that was posted.
fn ready(asked: &SimulationAsked) -> Result<Ready, Problem> {
    let (progress, holidays) = (asked.progress.as_ref(), asked.holidays.as_ref());
    let question = Scene { scenario: &asked.scenario, progress, holidays }.question()?;
    let beside = (&asked.simulation, asked.options.as_slice());
    let (simulation, text, options) = posted::simulation(&question, beside)?;
    let policies = match asked.policies.as_slice() {
        [] => vec![Policy::Engine],
        stated => stated.iter().map(|name| Policy::from(*name)).collect(),
    };
    Ok(Ready {
        question,
        simulation,
        text,
        options,
        policies,
        replications: asked.replications.unwrap_or(DEFAULT_REPLICATIONS),
        seed: asked.seed.unwrap_or(1),
        half_width: asked.half_width_fen.map(i64::from),
        milliseconds: asked.milliseconds,
    })
}

impl Ready {
    /// Whether nobody waits for the answer.
    fn is_long(&self) -> bool {
        let cells = (self.options.len() as u64 + 1) * self.policies.len() as u64;
        let days = u64::from(self.simulation.days + self.simulation.drain_days);
        cells * days * u64::from(self.replications) > LONG
    }

    /// Simulates from what was kept under `digest` on, and keeps what it makes.
    fn search(self, frame: Arc<Frame>, digest: String) -> Search {
        let work = move |watch: &mut dyn FnMut(Far) -> bool| -> Result<Vec<u8>, Problem> {
            let (service, now) = (&frame.service, clock::now_ms);
            let most = frame.limits.job_ms;
            let order = Asked {
                simulation: (&self.simulation, &self.text),
                options: &self.options,
                policies: &self.policies,
                seed: self.seed,
                replications: self.replications,
                half_width: self.half_width,
                milliseconds: Some(self.milliseconds.unwrap_or(most).min(most)),
                stop: None,
                threads: 0,
            };
            let known = service.kept_replications(&digest)?;
            // What cannot be kept is made again after a restart: no reason to end.
            let mut keep = |from: u32, text: String| {
                drop(service.keep_replications(&digest, (from, text), now()));
            };
            let ledger = Ledger { known: &known, keep: &mut keep };
            let found = resumed(&self.question, &order, ledger, &mut |stage| {
                let Stage { done: rounds, most, milliseconds } = stage;
                let (cost_fen, bound_fen) = (None, None);
                watch(Far { rounds, most_rounds: Some(most), cost_fen, bound_fen, milliseconds })
            })?;
            // It goes on from what is kept when the server begins again.
            let is_cut = found.as_ref().is_none_or(|told| told.ended == Ended::Interrupted);
            if is_cut && frame.is_stopping() {
                return Err(Problem::plain(Code::Stopping));
            }
            let outcome = found.as_ref().map(|outcome| (outcome.ended, written(outcome)));
            let is_whole = |ended| matches!(ended, Ended::Replications | Ended::HalfWidth);
            let whole = outcome.as_ref().filter(|(ended, _)| is_whole(*ended));
            if let Some(text) = whole.and_then(|(_, text)| String::from_utf8(text.clone()).ok()) {
                service.end_simulation(&digest, text, now())?;
            }
            outcome.map(|(_, text)| text).ok_or_else(|| interrupted().into())
        };
        Box::new(work)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Asked, SIMULATION_REVISION, SimulationAsked, named, ready};
    use crate::app::simulating::simulate;
    use crate::exchange::digest::digest_of_bytes;

    /// A request that goes through every policy, with every chance, and an option.
    fn request() -> String {
        let day = ["09:00-12:00", "13:00-18:00"];
        let office = json!({"id": "office", "weekly": {"mon": day, "tue": day, "wed": day,
            "thu": day, "fri": day}});
        let person = |id: &str| {
            json!({"id": id, "skills": [{"skill": "tax", "level": 3}],
                "bands": [{"kind": "regular", "calendar": "office"}]})
        };
        let steps = json!([{"id": "work", "seats": [{"skill": "tax"}], "minutes": 90},
            {"id": "review", "wait": {"working_minutes": 60, "calendar": "office"},
             "after": [{"step": "work"}]}]);
        let curves = json!([{"kind": "urgency", "fixed_fen": 5_000, "per_hour_fen": 1_000}]);
        let scenario = json!({"format": "paidan-scenario/1", "as_of": "2026-03-09T09:00",
            "horizon": "2026-03-20T18:00", "calendars": [office], "skills": [{"id": "tax"}],
            "people": [person("an"), person("bo")], "tickets": []});
        let stream = json!({"ticket": {"id": "call", "track": "urgent", "steps": steps,
            "curves": curves}, "per_day_permille": [9_000, 9_000, 9_000, 9_000, 9_000, 0, 0],
            "promise": {"working_minutes": 300, "calendar": "office"}});
        let chance = json!({"effort": {"shape": "triangular", "low": 60, "mode": 100, "high": 200},
            "waits": {"shape": "exponential", "mean": 110}, "rejected_permille": 50,
            "absent_permille": 50, "cancelled_permille": 50, "false_urgency_permille": 50});
        let simulation = json!({"format": "paidan-simulation/1", "days": 5, "warm_up_days": 1,
            "streams": [stream], "chance": chance});
        let option = json!({"format": "paidan-changes/1",
            "changes": [{"kind": "clone_person", "person": "an", "id": "cy"}]});
        json!({"scenario": scenario, "simulation": simulation, "options": [option],
            "policies": ["engine", "first_come", "earliest_due", "highest_value",
                "current_practice"], "replications": 4})
        .to_string()
    }

    /// Whoever changes figures raises the revision, so that no result of before answers for them:
    /// then both numbers here are others.
    #[test]
    fn figures_are_those_of_their_revision() {
        let asked: SimulationAsked = serde_json::from_str(&request()).unwrap();
        let Ok(ready) = ready(&asked) else { panic!("it is a request") };
        let order = Asked {
            simulation: (&ready.simulation, &ready.text),
            options: &ready.options,
            policies: &ready.policies,
            seed: ready.seed,
            replications: ready.replications,
            half_width: None,
            milliseconds: None,
            stop: None,
            threads: 2,
        };
        let outcome = simulate(&ready.question, &order, &mut |_| true).unwrap().unwrap();
        let mut told: Value = serde_json::to_value(outcome).unwrap();
        told["version"] = json!("");
        let digest = digest_of_bytes(told.to_string().as_bytes());
        let digest: String = digest.chars().take(16).collect();
        assert_eq!((SIMULATION_REVISION, digest.as_str()), (5, "2bc7c65bff7629d9"));
    }

    #[test]
    fn a_question_has_one_name_however_it_is_written() {
        let name = named(br#"{"a": 1, "b": [2, {"c": 3, "d": 4}]}"#, 1);
        assert_eq!(name, named(br#"{"b":[2,{"d":4,"c":3}],"a":1}"#, 1));
        assert_ne!(name, named(br#"{"b":[{"d":4,"c":3},2],"a":1}"#, 1));
        assert_ne!(name, named(br#"{"a": 1, "b": [2, {"c": 3, "d": 4}]}"#, 2));
    }
}
