//! The lean search as a whole: rounds of stints and merges, the best met so far, the budget.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use super::Ground;
use super::board::{Board, Place};
use super::heat::{Heat, Start};
use super::lane::{Lane, Log, read};
use super::table::Table;
use crate::id::{Column, Id};
use crate::model::work::Step;
use crate::solver::accept::Dice;
use crate::solver::budget::Budget;
use crate::solver::lanes::Threads;
use crate::solver::schedule::{Placement, Schedule};
use crate::solver::search::Alarm;
use crate::solver::{Found, Progress, Tools};

/// Between two merges all lanes together take a step for every so many tickets: the more lines
/// there are, the more moves fit together.
const TICKETS_PER_STEP: usize = 20;

/// Rounds by which the speed is measured.
const GAUGE: u32 = 3;

/// Steps of a lane per ticket for which one long cycle is enough.
const STEPS_PER_CYCLE: u64 = 5000;

/// Searches from `first` on until the budget is used up, the gap is closed, or `watch` answers
/// `false`.
pub(in crate::solver) fn search(
    ground: &Ground<'_>,
    first: &Schedule<'_>,
    tools: &Tools<'_>,
    steps: u32,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Found {
    let dice = Dice::default();
    let (settings, threads) = (tools.settings, tools.threads);
    let mut search = Search::new(ground, first, settings.seed, settings.lanes);
    let planned = settings.planned.unwrap_or_else(|| search.planned(tools, steps, &dice));
    let mut heat = search.heat(planned, steps);
    let (mut rounds, mut last) = (0, 0);
    while tools.goes_on((rounds, last), (0, search.best_cost()), watch) {
        let milliseconds = tools.stopwatch.milliseconds();
        match heat.next(search.record.cycle_cost) {
            Start::On => {}
            Start::First => search.rewind(threads),
            Start::Best => search.restart(threads),
        }
        if !search.round(threads, steps, heat.temperature(), &dice, &|| tools.is_over()) {
            break;
        }
        rounds += 1;
        last = tools.stopwatch.milliseconds() - milliseconds;
    }
    let cost = (0, search.best_cost());
    Found { places: search.places(), cost, rounds, planned: Some(planned), steps_per_round: steps }
}

/// What is behind a lock that no thread holds for long.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The best schedule met.
#[derive(Clone)]
struct Record {
    best: Column<Step, Place>,
    cost: i64,
    /// The best cost since the last restart.
    cycle_cost: i64,
    /// Steps that may stand elsewhere than in `best`.
    astray: Vec<Id<Step>>,
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
                self.best[step] = *board.place(step);
            }
        } else if self.astray.len() > 4 * self.best.len() + 1000 {
            self.astray.sort_unstable();
            self.astray.dedup();
        }
    }
}

/// The lanes and the best they met.
struct Search<'t> {
    table: &'t Table<'t>,
    lanes: Vec<Mutex<Lane<'t>>>,
    logs: Vec<RwLock<Log>>,
    first: Column<Step, Place>,
    record: Record,
    /// What the full cost has beyond that of the boards.
    beyond: i64,
}

impl Clone for Search<'_> {
    fn clone(&self) -> Self {
        let lanes = self.lanes.iter().map(|lane| Mutex::new(locked(lane).clone()));
        Search {
            table: self.table,
            lanes: lanes.collect(),
            logs: self.logs.iter().map(|_| RwLock::default()).collect(),
            first: self.first.clone(),
            record: self.record.clone(),
            beyond: self.beyond,
        }
    }
}

impl<'t> Search<'t> {
    /// Begins from `schedule`.
    fn new(ground: &'t Ground<'_>, schedule: &Schedule<'_>, seed: u64, lanes: u32) -> Self {
        let table: &'t Table<'t> = &ground.0;
        let mut board = Board::new(table);
        for step in table.steps.ids() {
            if let Some(place) = schedule.place(step) {
                board.stand(step, place);
            }
        }
        for ticket in table.tickets.ids() {
            board.settle(ticket);
        }
        board.commit();
        let lanes = lanes.max(1) as usize;
        let first: Column<Step, Place> = table.steps.ids().map(|step| *board.place(step)).collect();
        let (cost, beyond) = (board.total(), schedule.cost() - board.total());
        let lane = |number| Mutex::new(Lane::new(board.clone(), seed, number));
        Search {
            table,
            record: Record { best: first.clone(), cost, cycle_cost: cost, astray: Vec::new() },
            first,
            beyond,
            logs: (0..lanes).map(|_| RwLock::default()).collect(),
            lanes: (0..lanes).map(lane).collect(),
        }
    }

    /// The best cost so far, in fen.
    fn best_cost(&self) -> i64 {
        self.record.cost + self.beyond
    }

    /// How many rounds the budget has room for, by the speed of the first few, done on a copy.
    fn planned(&self, tools: &Tools<'_>, steps: u32, dice: &Dice) -> u32 {
        let limit = match tools.settings.budget {
            Budget::Rounds(rounds) => return rounds,
            Budget::Milliseconds(limit) => limit,
        };
        let began = tools.stopwatch.milliseconds();
        let mut copy = self.clone();
        let unit = copy.heat(1, steps).temperature();
        let mut rounds = 0;
        while rounds < GAUGE && (tools.stopwatch.milliseconds() - began) * 30 <= limit {
            copy.round(tools.threads, steps, unit, dice, &|| tools.is_over());
            rounds += 1;
        }
        let now = tools.stopwatch.milliseconds();
        let fits = limit.saturating_sub(now) * u64::from(rounds) / (now - began).max(1);
        u32::try_from(fits).unwrap_or(u32::MAX).max(1)
    }

    /// The cooling over `planned` rounds: hot is what costly tickets cost on average beyond what
    /// they must.
    fn heat(&self, planned: u32, steps: u32) -> Heat {
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
    fn restart(&mut self, threads: &Threads) {
        let (best, astray) = (&self.record.best, &self.record.astray);
        threads.each(&mut self.lanes, |lane| locked(lane).board.go_to(best, astray));
        self.record.astray.clear();
        self.record.cycle_cost = i64::MAX;
    }

    /// Every lane goes back to the first schedule.
    fn rewind(&mut self, threads: &Threads) {
        let first = &self.first;
        let all: Vec<Id<Step>> = self.table.steps.ids().collect();
        threads.each(&mut self.lanes, |lane| locked(lane).board.go_to(first, &all));
        self.record.astray = all;
        self.record.cycle_cost = i64::MAX;
    }

    /// One round of `steps` steps per lane; `false` when `alarm` rang before it was done.
    fn round(
        &mut self,
        threads: &Threads,
        steps: u32,
        temperature: i64,
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        let room = self.table.tickets.len() / TICKETS_PER_STEP / self.lanes.len();
        let stint = u32::try_from(room).unwrap_or(u32::MAX).clamp(4, 64);
        let stints = steps.div_ceil(stint);
        let over = AtomicBool::new(false);
        let (lanes, logs) = (&self.lanes, &self.logs);
        let record = Mutex::new(&mut self.record);
        threads.together(lanes.len(), |thread, count, gate| {
            let own = || lanes.iter().zip(logs).skip(thread).step_by(count);
            for _ in 0..stints {
                if thread == 0 && alarm() {
                    over.store(true, Ordering::Release);
                }
                for (lane, log) in own() {
                    let mut log = log.write().unwrap_or_else(PoisonError::into_inner);
                    locked(lane).stint(stint, temperature, dice, &mut log);
                }
                gate.pass();
                if over.load(Ordering::Acquire) {
                    return;
                }
                for (lane, _) in own().filter(|_| lanes.len() > 1) {
                    locked(lane).merge(logs);
                }
                if thread == 0 {
                    locked(&record).keep(&locked(&lanes[0]).board, logs);
                }
                gate.pass();
            }
        });
        if over.into_inner() {
            return false;
        }
        if cfg!(debug_assertions) {
            self.lanes.iter().for_each(|lane| locked(lane).board.audit());
        }
        true
    }

    /// Where every step stands in the best schedule.
    fn places(&self) -> Column<Step, Option<Placement>> {
        let lane = locked(&self.lanes[0]);
        let board = &lane.board;
        let place = |place: &Place| place.stands().then(|| board.placement(*place));
        self.record.best.iter().map(place).collect()
    }
}
