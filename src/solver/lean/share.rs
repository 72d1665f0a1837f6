//! Lanes that share one state: rounds of stints and merges, and the best met so far.

use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::Ground;
use super::board::{Board, Place};
use super::guide::Guide;
use super::heat::Heat;
use super::lane::{Lane, Log, read};
use super::table::Table;
use crate::id::{Column, Id};
use crate::model::work::Step;
use crate::solver::accept::Dice;
use crate::solver::lanes::{Gate, Threads};
use crate::solver::schedule::{Placement, Schedule};
use crate::solver::search::Alarm;

/// Between two merges all lanes together take one step for about so many tickets: the more lines
/// there are, the more moves fit together.
const TICKETS_PER_STEP: usize = 20;

/// Steps of a lane between two merges. At 150 × 15 threads that met every 4 steps waited for each
/// other a quarter of their time; with 16 a round takes 0.07 s instead of 0.10 s on two threads. At
/// equal steps the means of six seeds lie 2 % above those of 4 with 16, 7 % with 32 and 4 % with 64,
/// of costs that differ by 40 % between seeds.
const STINTS: RangeInclusive<u32> = 16..=64;

/// The work of a step, until it is known.
const STEP_WORK: u64 = 500;

/// Steps of a lane per ticket for which one long cycle is enough.
const STEPS_PER_CYCLE: u64 = 5000;

/// What is behind a lock that no thread holds for long.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The best schedule met.
#[derive(Clone)]
pub(super) struct Record {
    best: Column<Step, Place>,
    pub(super) cost: i64,
    /// The best cost since the last restart.
    pub(super) cycle_cost: i64,
    /// Steps that may stand elsewhere than in `best`.
    astray: Vec<Id<Step>>,
    /// Where steps stood in `best` when the round under way began, and what that cost.
    undo: Vec<(Id<Step>, Place)>,
    before: (i64, i64),
}

impl Record {
    /// Looks at where the lanes have got to by what `logs` tell.
    fn keep(&mut self, board: &Board<'_>, logs: &[RwLock<Log>]) {
        self.cycle_cost = self.cycle_cost.min(board.total());
        for log in logs {
            self.astray.extend(read(log).steps());
        }
        if board.total() < self.cost {
            self.cost = board.total();
            for step in self.astray.drain(..) {
                let place = std::mem::replace(&mut self.best[step], *board.place(step));
                self.undo.push((step, place));
            }
        } else if self.astray.len() > 4 * self.best.len() + 1000 {
            self.astray.sort_unstable();
            self.astray.dedup();
        }
    }

    /// A round begins.
    pub(super) fn mark(&mut self) {
        self.undo.clear();
        self.before = (self.cost, self.cycle_cost);
    }

    /// Forgets what the round under way has found.
    pub(super) fn take_back(&mut self) {
        while let Some((step, place)) = self.undo.pop() {
            self.best[step] = place;
        }
        (self.cost, self.cycle_cost) = self.before;
    }
}

/// The lanes and the best they met.
pub(super) struct Search<'t> {
    table: &'t Table<'t>,
    lanes: Vec<Mutex<Lane<'t>>>,
    /// Two for each lane, written by turns: while one lane still merges, another goes on.
    logs: [Vec<RwLock<Log>>; 2],
    first: Column<Step, Place>,
    pub(super) record: Record,
    /// What the full cost has beyond that of the boards.
    beyond: i64,
}

fn new_logs(lanes: usize) -> [Vec<RwLock<Log>>; 2] {
    [0, 1].map(|_| (0..lanes).map(|_| RwLock::default()).collect())
}

impl Clone for Search<'_> {
    fn clone(&self) -> Self {
        let lanes = self.lanes.iter().map(|lane| Mutex::new(locked(lane).clone()));
        Search {
            table: self.table,
            lanes: lanes.collect(),
            logs: new_logs(self.lanes.len()),
            first: self.first.clone(),
            record: self.record.clone(),
            beyond: self.beyond,
        }
    }
}

impl<'t> Search<'t> {
    /// Lanes with these numbers, all beginning from `schedule`.
    pub(super) fn new(
        ground: &'t Ground<'_>,
        schedule: &Schedule<'_>,
        seed: u64,
        numbers: Range<usize>,
    ) -> Self {
        let table: &'t Table<'t> = &ground.0;
        let board = Board::of(table, schedule);
        let first: Column<Step, Place> = table.steps.ids().map(|step| *board.place(step)).collect();
        let (cost, beyond) = (board.total(), schedule.cost() - board.total());
        let lane = |number| Mutex::new(Lane::new(board.clone(), seed, number));
        Search {
            table,
            record: Record {
                best: first.clone(),
                cost,
                cycle_cost: cost,
                astray: Vec::new(),
                undo: Vec::new(),
                before: (cost, cost),
            },
            first,
            beyond,
            logs: new_logs(numbers.len()),
            lanes: numbers.map(lane).collect(),
        }
    }

    /// The best cost so far, in fen.
    pub(super) fn best_cost(&self) -> i64 {
        self.record.cost + self.beyond
    }

    /// The cooling over `planned` rounds: hot is what costly tickets cost on average beyond what
    /// they must.
    pub(super) fn heat(&self, planned: u32, steps: u32) -> Heat {
        let lane = locked(&self.lanes[0]);
        let board = &lane.board;
        let costly = board.costly();
        let tickets = board.table.tickets.len().max(1) as u64;
        let excess =
            costly.iter().map(|ticket| board.cost(*ticket) - board.table.tickets[*ticket].least);
        let unit = excess.sum::<i64>() / i64::try_from(costly.len().max(1)).unwrap_or(i64::MAX);
        let all = u64::from(planned) * u64::from(steps) * self.lanes.len() as u64;
        let cycles = all / tickets / STEPS_PER_CYCLE;
        Heat::new(unit, planned, u32::try_from(cycles).unwrap_or(u32::MAX))
    }

    /// Every lane goes back to the best schedule.
    pub(super) fn restart(&mut self) {
        for lane in &self.lanes {
            locked(lane).board.go_to(&self.record.best, &self.record.astray);
        }
        self.record.astray.clear();
        self.record.cycle_cost = i64::MAX;
    }

    /// Every lane reckons with what people's time is worth from here on.
    pub(super) fn follow(&mut self, guide: &Arc<Guide>) {
        for lane in &self.lanes {
            locked(lane).board.guide = Some(Arc::clone(guide));
        }
    }

    /// Every lane goes back to the first schedule.
    pub(super) fn rewind(&mut self) {
        self.record.astray = self.table.steps.ids().collect();
        for lane in &self.lanes {
            locked(lane).board.go_to(&self.first, &self.record.astray);
        }
        self.record.cycle_cost = i64::MAX;
    }

    /// Every lane goes on from `schedule`, which is better than any met.
    pub(super) fn take(&mut self, schedule: &Schedule<'_>) {
        let board = Board::of(self.table, schedule);
        self.record.best = self.table.steps.ids().map(|step| *board.place(step)).collect();
        self.record.cost = board.total();
        self.record.astray = self.table.steps.ids().collect();
        self.restart();
    }

    /// Takes over the best schedule of somebody else.
    pub(super) fn adopt(&mut self, best: Record) {
        self.record = best;
        self.record.astray = self.table.steps.ids().collect();
    }

    /// One round of about `steps` steps per lane, on `threads` or on this one alone; `false` when
    /// `alarm` rang before it was done.
    pub(super) fn round(
        &mut self,
        threads: Option<&Threads>,
        steps: u32,
        temperature: i64,
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        let room = self.table.tickets.len() / TICKETS_PER_STEP / self.lanes.len();
        let stint = u32::try_from(room).unwrap_or(u32::MAX).clamp(*STINTS.start(), *STINTS.end());
        let (from, mean) = self.work();
        let stretch = mean * u64::from(stint);
        // The turn in which to stop: a thread may be one turn ahead.
        let over = AtomicU32::new(u32::MAX);
        let (lanes, logs) = (&self.lanes, &self.logs);
        let record = Mutex::new(&mut self.record);
        let work = |thread: usize, count: usize, gate: &Gate| {
            for turn in 0..steps.div_ceil(stint) {
                let logs = &logs[turn as usize % 2];
                let own = || lanes.iter().zip(logs).skip(thread).step_by(count);
                let until = from + stretch * u64::from(turn + 1);
                if thread == 0 && alarm() {
                    over.store(turn, Ordering::Release);
                }
                for (lane, log) in own() {
                    let mut log = log.write().unwrap_or_else(PoisonError::into_inner);
                    locked(lane).stint(until, temperature, dice, &mut log);
                }
                if !gate.pass() || over.load(Ordering::Acquire) == turn {
                    return;
                }
                for (lane, _) in own().filter(|_| lanes.len() > 1) {
                    locked(lane).merge(logs);
                }
                if thread == 0 {
                    locked(&record).keep(&locked(&lanes[0]).board, logs);
                }
            }
        };
        match threads {
            Some(threads) => threads.together(lanes.len(), work),
            None => work(0, 1, &Gate::alone()),
        }
        if over.into_inner() < u32::MAX {
            return false;
        }
        if cfg!(debug_assertions) {
            self.audit();
        }
        true
    }

    /// Makes sure that what every lane keeps up to date is right, and that all stand alike.
    fn audit(&self) {
        let one = &locked(&self.lanes[0]).board;
        one.audit();
        for lane in &self.lanes[1..] {
            let other = &locked(lane).board;
            other.audit();
            let alike = |step: Id<Step>| one.place(step).is_as(other.place(step));
            assert!(self.table.steps.ids().all(alike), "lanes went apart");
        }
    }

    /// The most work that a lane has done so far, and the work of a step on average.
    fn work(&self) -> (u64, u64) {
        let done = self.lanes.iter().map(|lane| {
            let lane = locked(lane);
            (lane.board.work(), lane.steps)
        });
        let (work, steps) = done.clone().fold((0, 0), |sum, lane| (sum.0 + lane.0, sum.1 + lane.1));
        let mean = work.checked_div(steps).map_or(STEP_WORK, |mean| mean.max(1));
        (done.map(|lane| lane.0).max().unwrap_or(0), mean)
    }

    /// Where every step stands in the best schedule.
    pub(super) fn places(&self) -> Column<Step, Option<Placement>> {
        let lane = locked(&self.lanes[0]);
        let board = &lane.board;
        let place = |place: &Place| place.stands().then(|| board.placement(*place));
        self.record.best.iter().map(place).collect()
    }
}
