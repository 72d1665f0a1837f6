//! Jobs that have ended, as they are kept: those of simulations, whose askers come again long after.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::{End, Former, Job, State};
use crate::app::service::simulations::Past;
use crate::calendar::Label;
use crate::web::error::{Code, Problem, Wrong};
use crate::web::frame::Frame;

/// The kind of jobs that are kept.
const SIMULATION: &str = "simulation";

/// A problem as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    detail: Label,
    errors: Vec<Wrong>,
}

/// The job called `id`, whether it waits, runs or has ended, also before a restart, when it is
/// `owner`'s.
///
/// # Errors
/// [`Code::NotFound`]; what the store fails by.
pub(crate) fn found(frame: &Frame, id: &str, owner: &str) -> Result<Arc<Job>, Problem> {
    match frame.jobs.find(id, owner) {
        Err(Problem { code: Code::NotFound, .. }) => {}
        found => return found,
    }
    let past = frame.service.past_simulation(id)?.filter(|past| past.owner == owner);
    let job = past.and_then(job).map(Arc::new);
    job.ok_or_else(|| Problem::no_such("任务", "job", id))
}

/// Keeps that `former`, which was under way before a restart, ended so.
pub(crate) fn leave(frame: &Frame, former: Former, at_ms: i64, end: Result<String, Problem>) {
    let Former { id, owner, asked_as, created_ms } = former;
    let (result, problem) = told(end);
    let is_cancelled = false;
    let finished_ms = at_ms;
    let past = Past { id, owner, asked_as, created_ms, finished_ms, is_cancelled, result, problem };
    // What cannot be kept is begun again after the next restart.
    drop(frame.service.leave_simulation(&past));
}

/// Keeps how `job` ends, where such a job is kept.
pub(super) async fn keep(frame: &Arc<Frame>, job: &Job, end: &End) {
    if job.kind != SIMULATION {
        return;
    }
    let (result, problem) = told(end.result.clone().map(|text| text.get().to_owned()));
    let past = Past {
        id: job.id.clone(),
        owner: job.owner.clone(),
        asked_as: job.asked_as(),
        created_ms: job.created_ms,
        finished_ms: end.at_ms,
        is_cancelled: job.is_cancelled(),
        result,
        problem,
    };
    let frame = Arc::clone(frame);
    drop(spawn_blocking(move || frame.service.leave_simulation(&past)).await);
}

/// A result, or a problem as it is kept.
fn told(end: Result<String, Problem>) -> (Option<String>, Option<String>) {
    match end {
        Ok(result) => (Some(result), None),
        Err(Problem { code, detail, errors, .. }) => {
            let kept = Kept { code: code.name().to_owned(), detail, errors };
            (None, Some(serde_json::to_string(&kept).expect("problems are texts")))
        }
    }
}

/// The job that was kept as `past`.
fn job(past: Past) -> Option<Job> {
    let Past { id, owner, asked_as, created_ms, finished_ms, is_cancelled, result, problem } = past;
    let result = match (result, problem) {
        (Some(text), _) => Ok(RawValue::from_string(text).ok()?),
        (None, problem) => {
            let Kept { code, detail, errors } = serde_json::from_str(&problem?).ok()?;
            Err(Problem { errors, ..Problem::told(Code::named(&code)?, detail) })
        }
    };
    let state = State { end: Some(End { at_ms: finished_ms, result }), ..State::default() };
    Some(Job {
        id,
        kind: SIMULATION,
        owner,
        asked_as,
        created_ms,
        is_cancelled: AtomicBool::new(is_cancelled),
        state: Mutex::new(state),
        changed: watch::Sender::new(0),
    })
}
