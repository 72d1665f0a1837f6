//! Lanes side by side: the door to rayon. What a lane does depends on its number and its random
//! stream, never on the thread that runs it, and results are taken in lane order.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rayon::ThreadPool;
use rayon::prelude::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, IntoParallelRefMutIterator as _,
    ParallelIterator as _,
};

use super::accept::Dice;
use super::construct::construct;
use super::insert::Taste;
use super::schedule::{Placement, Schedule};
use super::search::{Alarm, Lane};
use crate::id::Column;
use crate::model::work::Step;
use crate::problem::Problem;

/// Threads to run lanes on.
pub struct Threads(ThreadPool);

impl Threads {
    /// `count` threads; 0: as many as the machine has cores.
    ///
    /// # Errors
    /// When the system refuses the threads.
    pub fn new(count: usize) -> Result<Threads, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count);
        pool.build().map(Threads).map_err(|error| error.to_string())
    }

    /// What `work` makes of each of `items`, in order.
    pub fn map<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        self.0.install(|| items.par_iter().map(work).collect())
    }

    /// The same for work so long that each item is a job of its own: no thread is left waiting for
    /// a row of them.
    pub fn map_singly<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        self.0.install(|| items.par_iter().with_max_len(1).map(work).collect())
    }

    /// The same, with something each thread keeps.
    pub fn map_with<T: Sync, S: Send, R: Send>(
        &self,
        items: &[T],
        kept: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, &T) -> R + Sync + Send,
    ) -> Vec<R> {
        self.0.install(|| items.par_iter().map_init(kept, work).collect())
    }

    /// The plans of the rules in rows `rules`, in order.
    #[must_use]
    pub fn construct<'p>(&self, problem: &'p Problem, rules: &[usize]) -> Vec<Schedule<'p>> {
        self.map(rules, |rule| construct(problem, *rule, &Taste::PLAIN))
    }

    /// One round of every lane; `false` when `alarm` rang before all were done.
    pub fn round(
        &self,
        lanes: &mut [Lane<'_>],
        steps: u32,
        temperatures: &[i64],
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        self.0.install(|| {
            lanes
                .par_iter_mut()
                .map(|lane| lane.round(steps, temperatures[lane.number()], dice, alarm))
                .reduce(|| true, |one, other| one && other)
        })
    }

    /// Does `work` on each of `items`; whether it answered `true` for all.
    pub fn every<T: Send>(
        &self,
        items: &mut [T],
        work: impl Fn(&mut T) -> bool + Sync + Send,
    ) -> bool {
        self.0.install(|| items.par_iter_mut().map(work).reduce(|| true, |one, other| one && other))
    }

    /// Does `work` on at most `most` threads at the same time; each is told its number, how many
    /// there are, and the gate that all of them pass together.
    pub fn together(&self, most: usize, work: impl Fn(usize, usize, &Gate) + Sync) {
        let count = self.0.current_num_threads().min(most).max(1);
        let gate = Gate { count, ..Gate::default() };
        self.0.broadcast(|thread| {
            if thread.index() < count {
                let _guard = Guard(&gate);
                work(thread.index(), count, &gate);
            }
        });
    }

    /// Every lane starts over from `places`.
    pub fn restart(&self, lanes: &mut [Lane<'_>], places: &Column<Step, Option<Placement>>) {
        self.0.install(|| lanes.par_iter_mut().for_each(|lane| lane.restart(places)));
    }
}

/// Where threads wait for each other, without sleeping: what they do between is soon done.
#[derive(Debug, Default)]
pub struct Gate {
    count: usize,
    arrived: AtomicUsize,
    passed: AtomicUsize,
    /// Somebody will never come.
    is_broken: AtomicBool,
}

/// Tells the others when its thread panics.
struct Guard<'g>(&'g Gate);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.is_broken.store(true, Ordering::Release);
        }
    }
}

/// Looks at the gate before another thread is let in.
const PATIENCE: u32 = 2_000;

impl Gate {
    /// A gate that one thread passes alone.
    #[must_use]
    pub fn alone() -> Gate {
        Gate { count: 1, ..Gate::default() }
    }

    /// Waits until all threads are here; `false` when one of them panicked.
    #[must_use]
    pub fn pass(&self) -> bool {
        let passed = self.passed.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.count {
            self.arrived.store(0, Ordering::Release);
            self.passed.fetch_add(1, Ordering::AcqRel);
            return true;
        }
        let mut looks = 0;
        while self.passed.load(Ordering::Acquire) == passed {
            if self.is_broken.load(Ordering::Acquire) {
                return false;
            }
            looks += 1;
            if looks < PATIENCE { std::hint::spin_loop() } else { thread::yield_now() }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Threads;

    /// Two threads of which one panics before the gate: the other must not wait for it for ever.
    #[test]
    #[should_panic(expected = "the first thread")]
    fn a_thread_that_panics_keeps_nobody_waiting() {
        let threads = Threads::new(2).expect("two threads can be had");
        threads.together(2, |thread, _, gate| {
            assert!(thread > 0, "the first thread");
            assert!(!gate.pass());
        });
    }
}
