//! How much is worked on at once. All work of handlers runs on the blocking pool, and this is the
//! only way there: async ends here.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task;
use tokio::time::timeout;

use super::error::{Code, Problem};
use super::options::Limits;

/// The gates.
pub(crate) struct Gates {
    requests: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    /// The places that jobs may have among the heavy ones.
    jobs: Arc<Semaphore>,
    /// Kibibytes of bodies that may be held.
    room: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    patience: Duration,
}

impl Gates {
    /// Gates as wide as `limits` says.
    pub(crate) fn new(limits: &Limits) -> Gates {
        Gates {
            requests: Arc::new(Semaphore::new(limits.requests)),
            heavy: Arc::new(Semaphore::new(limits.workers)),
            jobs: Arc::new(Semaphore::new(limits.workers.saturating_sub(1).max(1))),
            room: Arc::new(Semaphore::new(room(limits))),
            waiting: AtomicUsize::new(0),
            most_waiting: limits.waiting,
            patience: Duration::from_secs(limits.answer_seconds),
        }
    }

    /// Lets one more request in.
    ///
    /// # Errors
    /// [`Code::Busy`].
    pub(crate) fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.requests)
            .try_acquire_owned()
            .map_err(|_| Problem::plain(Code::Busy).after(1))
    }

    /// Room for `bytes` of a body, to be given back with the body.
    ///
    /// # Errors
    /// [`Code::Busy`] when the bodies of others fill it.
    pub(crate) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let kibibytes = u32::try_from(bytes.div_ceil(KIBIBYTE)).unwrap_or(u32::MAX);
        Arc::clone(&self.room)
            .try_acquire_many_owned(kibibytes)
            .map_err(|_| Problem::plain(Code::Busy).after(1))
    }

    /// Waits for the turn of a job, as long as that takes. Where there are several places, jobs
    /// leave one to those who wait for their answer.
    ///
    /// # Errors
    /// [`Code::Stopping`].
    pub(crate) async fn turn(&self) -> Result<[OwnedSemaphorePermit; 2], Problem> {
        let stopping = |_| Problem::plain(Code::Stopping).after(5);
        let own = Arc::clone(&self.jobs).acquire_owned().await.map_err(stopping)?;
        let place = Arc::clone(&self.heavy).acquire_owned().await.map_err(stopping)?;
        Ok([own, place])
    }

    /// Waits, on the blocking pool, until there is a place for a search that may take seconds. Where
    /// there are several places, searches and jobs leave one to what is done soon, such as quotes.
    ///
    /// # Errors
    /// [`Code::Busy`] when too many wait already; [`Code::TimedOut`].
    pub(crate) fn long_place_for(
        &self,
        patience: Duration,
    ) -> Result<[OwnedSemaphorePermit; 2], Problem> {
        let waiting = async { timeout(patience, self.turn_of(Arc::clone(&self.jobs))).await };
        let late = |_| Err(Problem::plain(Code::TimedOut));
        let own = Handle::current().block_on(waiting).unwrap_or_else(late)?;
        Ok([own, self.place_for(patience)?])
    }

    /// Waits, on the blocking pool, until there is a place for heavy work.
    ///
    /// # Errors
    /// [`Code::Busy`] when too many wait already; [`Code::TimedOut`].
    pub(crate) fn place_for(&self, patience: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        let gate = Arc::clone(&self.heavy);
        let waiting = async { timeout(patience, self.turn_of(gate)).await };
        Handle::current().block_on(waiting).unwrap_or_else(|_| Err(Problem::plain(Code::TimedOut)))
    }

    /// Waits for a place behind `gate`.
    ///
    /// # Errors
    /// [`Code::Busy`] when too many wait already.
    async fn turn_of(&self, gate: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = Arc::clone(&gate).try_acquire_owned() {
            return Ok(permit);
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.most_waiting {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Problem::plain(Code::Busy).after(5));
        }
        let _leaving = Leaving(&self.waiting);
        let permit = gate.acquire_owned().await;
        permit.map_err(|_| Problem::plain(Code::Stopping).after(5))
    }

    /// Does `job` on the blocking pool and waits for it as long as an answer may take. What is not
    /// done then goes on, and keeps its place, until it is.
    ///
    /// # Errors
    /// [`Code::Busy`]; [`Code::TimedOut`]; [`Code::Fault`] when it panicked.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        entered: OwnedSemaphorePermit,
        job: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Problem> {
        let job = move || {
            let answer = job();
            drop(entered);
            answer
        };
        let done =
            async { task::spawn_blocking(job).await.map_err(|_| Problem::plain(Code::Fault)) };
        match timeout(self.patience, done).await {
            Ok(answer) => answer,
            Err(_) => Err(Problem::plain(Code::TimedOut)),
        }
    }
}

/// What room is counted in.
pub(crate) const KIBIBYTE: usize = 1_024;

/// How many of the longest bodies are held at once.
const LONGEST_BODIES: usize = 4;

/// Kibibytes for bodies.
fn room(limits: &Limits) -> usize {
    let longest = limits.body_bytes.div_ceil(KIBIBYTE) + 1;
    longest.saturating_mul(LONGEST_BODIES).min(Semaphore::MAX_PERMITS)
}

/// One that waits, until it is dropped.
struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Gates};
    use crate::web::error::Code;
    use crate::web::options::Limits;
    use tokio::runtime::Builder;

    /// Bodies of 1 KiB at most: 4 × (1 + 1) KiB are held at once.
    #[test]
    fn bodies_have_room_together_and_give_it_back() {
        let gates = Gates::new(&Limits { body_bytes: 1_024, ..Limits::default() });
        let most = gates.room(8 * 1_024).unwrap();
        assert_eq!(gates.room(1).unwrap_err().code, Code::Busy);
        drop(most);
        assert!(gates.room(1).is_ok());
    }

    /// Of two places a search gets one; a quote has the other, and the next search waits.
    #[test]
    fn searches_leave_a_place_to_what_is_done_soon() {
        let gates = Gates::new(&Limits { workers: 2, ..Limits::default() });
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let _inside = runtime.enter();
        let soon = Duration::from_millis(1);
        let search = gates.long_place_for(soon).unwrap();
        assert_eq!(gates.long_place_for(soon).unwrap_err().code, Code::TimedOut);
        assert!(gates.place_for(soon).is_ok());
        drop(search);
        assert!(gates.long_place_for(soon).is_ok());
    }

    #[test]
    fn work_that_panics_is_a_fault_and_gives_its_place_back() {
        let gates = Gates::new(&Limits { requests: 1, ..Limits::default() });
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        for _ in 0..2 {
            let entered = gates.enter().unwrap();
            assert_eq!(gates.enter().unwrap_err().code, Code::Busy);
            let done = runtime.block_on(gates.run(entered, || -> u8 { panic!("as planned") }));
            assert_eq!(done.unwrap_err().code, Code::Fault);
        }
    }
}
