//! The lean search as a whole: rounds of stints and merges, the best met so far, the budget.

use super::Ground;
use super::board::{Board, Place};
use super::heat::{Heat, Start};
use super::lane::{Lane, Log};
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
        match heat.next(search.cycle_cost) {
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

/// The lanes and the best they met.
#[derive(Clone)]
struct Search<'t> {
    lanes: Vec<Lane<'t>>,
    logs: Vec<Log>,
    first: Column<Step, Place>,
    best: Column<Step, Place>,
    best_cost: i64,
    /// The best cost since the last restart.
    cycle_cost: i64,
    /// Steps that may stand elsewhere than in `best`.
    astray: Vec<Id<Step>>,
    /// What the full cost has beyond that of the boards.
    beyond: i64,
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
        Search {
            best: first.clone(),
            first,
            best_cost: board.total(),
            cycle_cost: board.total(),
            astray: Vec::new(),
            beyond: schedule.cost() - board.total(),
            logs: vec![Log::default(); lanes],
            lanes: (0..lanes).map(|number| Lane::new(board.clone(), seed, number)).collect(),
        }
    }

    /// The best cost so far, in fen.
    fn best_cost(&self) -> i64 {
        self.best_cost + self.beyond
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
        let board = &self.lanes[0].board;
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
        let (best, astray) = (&self.best, &self.astray);
        threads.each(&mut self.lanes, |lane| lane.board.go_to(best, astray));
        self.astray.clear();
        self.cycle_cost = i64::MAX;
    }

    /// Every lane goes back to the first schedule.
    fn rewind(&mut self, threads: &Threads) {
        let first = &self.first;
        let all: Vec<Id<Step>> = self.lanes[0].board.table.steps.ids().collect();
        threads.each(&mut self.lanes, |lane| lane.board.go_to(first, &all));
        self.astray = all;
        self.cycle_cost = i64::MAX;
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
        let room = self.lanes[0].board.table.tickets.len() / TICKETS_PER_STEP / self.lanes.len();
        let stint = u32::try_from(room).unwrap_or(u32::MAX).clamp(4, 64);
        for _ in 0..steps.div_ceil(stint) {
            if alarm() {
                return false;
            }
            threads.each_pair(&mut self.lanes, &mut self.logs, |lane, log| {
                lane.stint(stint, temperature, dice, log);
            });
            if self.lanes.len() > 1 {
                let logs = &self.logs;
                threads.each(&mut self.lanes, |lane| lane.merge(logs));
            }
            self.keep_best();
        }
        if cfg!(debug_assertions) {
            self.lanes.iter().for_each(|lane| lane.board.audit());
        }
        true
    }

    fn keep_best(&mut self) {
        let board = &self.lanes[0].board;
        self.cycle_cost = self.cycle_cost.min(board.total());
        self.astray.extend(self.logs.iter().flat_map(Log::steps));
        if board.total() < self.best_cost {
            self.best_cost = board.total();
            for step in self.astray.drain(..) {
                self.best[step] = *board.place(step);
            }
        } else if self.astray.len() > 4 * self.best.len() + 1000 {
            self.astray.sort_unstable();
            self.astray.dedup();
        }
    }

    /// Where every step stands in the best schedule.
    fn places(&self) -> Column<Step, Option<Placement>> {
        let board = &self.lanes[0].board;
        let place = |place: &Place| place.stands().then(|| board.placement(*place));
        self.best.iter().map(place).collect()
    }
}
