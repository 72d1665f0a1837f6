//! Work that takes longer than its asker waits: begun, watched, cancelled, asked for. A job lives
//! as long as the server does, but for simulations: these go on after a restart under their name,
//! and how they ended is kept. What else is to outlast it, its asker has to fetch and keep.

mod past;
mod told;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::call::Call;
use super::error::{Code, Problem};
use super::frame::Frame;
use super::options::Limits;
use crate::app::chance;
use crate::app::clock::{self, Since, stamp};
use crate::exchange::digest::digest_of_bytes;
use told::Trouble;

pub(crate) use past::{found, leave};
pub(crate) use told::{Far, Standing, Told};

/// All jobs there are.
pub(crate) struct Jobs {
    rows: Mutex<BTreeMap<String, Arc<Job>>>,
    most_active: usize,
    kept: usize,
    kept_ms: i64,
}

/// One job.
pub(crate) struct Job {
    id: String,
    kind: &'static str,
    owner: String,
    /// What its asker calls the request, and the digest of its body.
    asked_as: Option<(String, String)>,
    created_ms: i64,
    is_cancelled: AtomicBool,
    state: Mutex<State>,
    pub(super) changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    is_running: bool,
    progress: Option<Far>,
    end: Option<End>,
}

/// How a job ended.
struct End {
    at_ms: i64,
    result: Result<Box<RawValue>, Problem>,
}

impl Job {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.send_modify(|count| *count += 1);
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    /// Whether it came to nothing, and not because of what was asked or because its asker ended it.
    fn is_lost(&self) -> bool {
        if self.is_cancelled() {
            return false;
        }
        let state = self.state();
        let problem = state.end.as_ref().and_then(|end| end.result.as_ref().err());
        problem.is_some_and(|problem| problem.code.status() >= 500)
    }

    fn ended_ms(&self) -> Option<i64> {
        self.state().end.as_ref().map(|end| end.at_ms)
    }

    /// The job as it is told, with its result when `is_whole`.
    pub(crate) fn told(&self, is_whole: bool) -> Told {
        let state = self.state();
        let standing = match state.end.as_ref().map(|end| &end.result) {
            Some(Ok(_)) => Standing::Done,
            Some(Err(Problem { code: Code::Cancelled, .. })) => Standing::Cancelled,
            Some(Err(Problem { code: Code::Interrupted, .. })) => Standing::Interrupted,
            Some(Err(_)) => Standing::Failed,
            None if state.is_running => Standing::Running,
            None => Standing::Waiting,
        };
        let result = state.end.as_ref().and_then(|end| end.result.as_ref().ok());
        let problem = state.end.as_ref().and_then(|end| end.result.as_ref().err());
        Told {
            id: self.id.clone(),
            kind: self.kind,
            standing,
            is_cancelled: self.is_cancelled(),
            created: stamp(self.created_ms),
            finished: state.end.as_ref().map(|end| stamp(end.at_ms)),
            progress: state.progress,
            result: result.filter(|_| is_whole).cloned(),
            problem: problem.map(|problem| Trouble {
                code: problem.code.name(),
                details: problem.detail.clone(),
                errors: problem.errors.clone(),
            }),
        }
    }

    /// What its asker calls the request, and the digest of its body.
    pub(crate) fn asked_as(&self) -> Option<(String, String)> {
        self.asked_as.clone()
    }

    /// Whether it has not ended, and nobody asked to stop it.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.is_over() && !self.is_cancelled()
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.ended_ms().is_some()
    }

    /// What it comes to, waited for on the blocking pool; nothing when that takes longer.
    pub(crate) fn awaited(&self, most_ms: u64) -> Option<Result<Box<RawValue>, Problem>> {
        let mut changed = self.changed.subscribe();
        let ended = changed.wait_for(|_| self.ended_ms().is_some());
        let waiting = async { timeout(Duration::from_millis(most_ms), ended).await };
        Handle::current().block_on(waiting).ok()?.ok()?;
        self.state().end.as_ref().map(|end| end.result.clone())
    }

    /// Asks it to end with the best it has; one that has ended was not cancelled.
    pub(crate) fn cancel(&self) {
        {
            let state = self.state();
            if state.end.is_some() {
                return;
            }
            self.is_cancelled.store(true, Ordering::Relaxed);
        }
        self.changed.send_modify(|count| *count += 1);
    }
}

/// What a job does: told how far it is, it hears whether to go on.
pub(crate) type Search =
    Box<dyn FnOnce(&mut dyn FnMut(Far) -> bool) -> Result<Vec<u8>, Problem> + Send>;

impl Jobs {
    /// No jobs yet.
    pub(crate) fn new(limits: &Limits) -> Jobs {
        Jobs {
            rows: Mutex::default(),
            most_active: limits.workers + limits.waiting,
            kept: limits.jobs_kept,
            kept_ms: i64::try_from(limits.job_seconds).unwrap_or(i64::MAX).saturating_mul(1_000),
        }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Job>>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many wait or run, and how many are kept.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let rows = self.rows();
        let kept = rows.values().filter(|job| job.ended_ms().is_some()).count();
        let counted = |count| u64::try_from(count).unwrap_or(u64::MAX);
        (counted(rows.len() - kept), counted(kept))
    }

    /// The job called `id` that waits, runs or has ended not long ago, when it is `owner`'s.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub(crate) fn find(&self, id: &str, owner: &str) -> Result<Arc<Job>, Problem> {
        let job = self.rows().get(id).filter(|job| job.owner == owner).cloned();
        job.ok_or_else(|| Problem::no_such("任务", "job", id))
    }

    /// Goes on only when there is room for one more job of `owner`, beside those in `rows`: nobody
    /// may have more than half of all.
    fn allows(&self, rows: &BTreeMap<String, Arc<Job>>, owner: &str) -> Result<(), Problem> {
        let active = rows.values().filter(|job| job.ended_ms().is_none());
        let (mut all, mut own) = (0, 0);
        for job in active {
            all += 1;
            own += usize::from(job.owner == owner);
        }
        if all >= self.most_active {
            return Err(Problem::plain(Code::Busy).after(5));
        }
        let most = (self.most_active / 2).max(1);
        if own < most {
            return Ok(());
        }
        let problem = Problem::new(
            Code::TooMany,
            format!("您已有 {own} 项任务在等待或进行，最多 {most} 项"),
            format!("{own} jobs of yours wait or run, and {most} may"),
        );
        Err(problem.after(5))
    }

    /// Takes away what is not kept any longer.
    fn tidy(&self, rows: &mut BTreeMap<String, Arc<Job>>, now_ms: i64) {
        rows.retain(|_, job| job.ended_ms().is_none_or(|end| now_ms - end < self.kept_ms));
        let mut ended: Vec<(i64, String)> =
            rows.values().filter_map(|job| Some((job.ended_ms()?, job.id.clone()))).collect();
        ended.sort();
        let surplus = ended.len().saturating_sub(self.kept);
        for (_, id) in ended.into_iter().take(surplus) {
            rows.remove(&id);
        }
    }
}

/// Begins a job for `call`, or finds the one that the same request has begun.
///
/// # Errors
/// [`Code::KeyReused`], [`Code::Busy`], [`Code::TooMany`].
pub(crate) fn begin<B, Q>(
    call: &Call<B, Q>,
    kind: &'static str,
    search: Search,
) -> Result<Arc<Job>, Problem> {
    let id: [u8; 16] = chance::bytes()?;
    let asked_as = call.idempotency_key()?.map(|key| (key, digest_of_bytes(&call.text)));
    let job = Arc::new(Job {
        id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
        kind,
        owner: call.caller.owner.clone(),
        asked_as,
        created_ms: call.now_ms,
        is_cancelled: AtomicBool::new(false),
        state: Mutex::default(),
        changed: watch::Sender::new(0),
    });
    {
        let jobs = &call.frame.jobs;
        let mut rows = jobs.rows();
        jobs.tidy(&mut rows, call.now_ms);
        if let Some(known) = same(&rows, &job)? {
            return Ok(known);
        }
        jobs.allows(&rows, &job.owner)?;
        rows.insert(job.id.clone(), Arc::clone(&job));
    }
    let (frame, begun) = (Arc::clone(&call.frame), Arc::clone(&job));
    Handle::current().spawn(attend(frame, begun, search));
    Ok(job)
}

/// What a job was called before a restart.
pub(crate) struct Former {
    /// Its name.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) owner: String,
    /// What its asker calls the request, and the digest of its body.
    pub(crate) asked_as: Option<(String, String)>,
    /// When it was asked for.
    pub(crate) created_ms: i64,
}

/// Begins the job again that was called `former` before a restart.
pub(crate) fn again(frame: &Arc<Frame>, kind: &'static str, former: Former, search: Search) {
    let Former { id, owner, asked_as, created_ms } = former;
    let job = Arc::new(Job {
        id,
        kind,
        owner,
        asked_as,
        created_ms,
        is_cancelled: AtomicBool::new(false),
        state: Mutex::default(),
        changed: watch::Sender::new(0),
    });
    frame.jobs.rows().insert(job.id.clone(), Arc::clone(&job));
    Handle::current().spawn(attend(Arc::clone(frame), job, search));
}

/// The job among `rows` that was asked for by the same request as `job`.
fn same(rows: &BTreeMap<String, Arc<Job>>, job: &Job) -> Result<Option<Arc<Job>>, Problem> {
    let Some((key, digest)) = &job.asked_as else { return Ok(None) };
    // What failed for reasons of the server's is worth another try.
    let known = rows.values().filter(|known| !known.is_lost()).find_map(|known| {
        let (known_key, known_digest) = known.asked_as.as_ref()?;
        (known.owner == job.owner && known_key == key).then_some((known, known_digest))
    });
    match known {
        None => Ok(None),
        Some((known, known_digest)) if known_digest == digest && known.kind == job.kind => {
            Ok(Some(Arc::clone(known)))
        }
        Some(_) => Err(Problem::new(
            Code::KeyReused,
            format!("幂等键 {key} 已用于另一请求：请换一个"),
            format!("the idempotency key {key} was used for another request: choose another"),
        )),
    }
}

/// Sees `job` through: waits for its turn without holding a thread, does `search`, keeps its end.
/// However it ends, it does not begin again after a restart, but where the server stops before it.
async fn attend(frame: Arc<Frame>, job: Arc<Job>, search: Search) {
    let (mut changed, mut stopping) = (job.changed.subscribe(), frame.stopping.clone());
    let turn = tokio::select! {
        turn = frame.gates.turn() => turn,
        _ = changed.wait_for(|_| job.is_cancelled()) => Err(never_begun()),
        _ = stopping.wait_for(|is_so| *is_so) => Err(Problem::plain(Code::Stopping)),
    };
    let result = match turn {
        Err(problem) => Err(problem),
        Ok(turn) => {
            let (own, begun) = (Arc::clone(&frame), Arc::clone(&job));
            let work = move || {
                let result = run(&own, &begun, search);
                drop(turn);
                result
            };
            let done = spawn_blocking(work).await;
            done.unwrap_or_else(|_| Err(Problem::plain(Code::Fault)))
        }
    };
    let result = result.map_err(|problem| match job.is_cancelled() {
        true if problem.code.status() < 500 => Problem { code: Code::Cancelled, ..problem },
        _ => problem,
    });
    let end = End { at_ms: clock::now_ms(), result };
    // Before anybody hears of its end, and after: it may be written down in between.
    let goes_on = end.result.is_err() && frame.is_stopping() && !job.is_cancelled();
    if !goes_on {
        past::keep(&frame, &job, &end).await;
    }
    job.change(|state| state.end = Some(end));
    if !goes_on {
        forget(&frame, &job.id).await;
    }
}

/// Takes away what would begin the job called `id` again after a restart.
async fn forget(frame: &Arc<Frame>, id: &str) {
    let (frame, id) = (Arc::clone(frame), id.to_owned());
    drop(spawn_blocking(move || frame.service.forget_simulation(&id)).await);
}

fn never_begun() -> Problem {
    Problem::new(Code::Cancelled, "尚未轮到即被取消", "it was cancelled before its turn came")
}

fn run(frame: &Frame, job: &Job, search: Search) -> Result<Box<RawValue>, Problem> {
    job.change(|state| state.is_running = true);
    let begun = Since::now();
    let mut watch = |far: Far| {
        job.change(|state| state.progress = Some(far));
        let is_over = begun.microseconds() / 1_000 >= frame.limits.job_ms;
        !is_over && !job.is_cancelled() && !frame.is_stopping()
    };
    let result = search(&mut watch)?;
    let text = String::from_utf8(result).map_err(|_| Problem::plain(Code::Fault))?;
    RawValue::from_string(text).map_err(|_| Problem::plain(Code::Fault))
}

#[cfg(test)]
mod tests {
    use super::{Far, Job, State, attend};
    use crate::app::service::Service;
    use crate::web::frame::Frame;
    use crate::web::options::Options;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Mutex};
    use tokio::runtime::Builder;
    use tokio::sync::watch;

    #[test]
    fn a_job_that_panics_ends_as_a_fault() {
        let (_stop, stopping) = watch::channel(false);
        let frame = Frame::new(Service::in_memory(), &Options::default(), &[], stopping).unwrap();
        let job = Arc::new(Job {
            id: "1".to_owned(),
            kind: "plan",
            owner: "key/1".to_owned(),
            asked_as: None,
            created_ms: 0,
            is_cancelled: AtomicBool::new(false),
            state: Mutex::new(State::default()),
            changed: watch::Sender::new(0),
        });
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let search = Box::new(|_: &mut dyn FnMut(Far) -> bool| panic!("as planned"));
        runtime.block_on(attend(frame, Arc::clone(&job), search));
        assert_eq!(job.told(true).problem.unwrap().code, "fault");
        assert!(job.is_lost());
    }
}
