//! The lean search: large-neighbourhood search over plain steps, many times as fast as the search
//! over all rules, for questions that need no more.
//!
//! All lanes share one state. In a *stint* each lane moves on from it on its own; then the lanes
//! merge: the moves of all of them are done again in lane order, less those whose tickets or places
//! another lane has been at. So two lanes are one search at nearly twice the speed, and what comes
//! out depends on seed, lanes and rounds alone.

mod board;
mod hours;
mod insert;
mod lane;
mod line;
mod pick;
mod seat;
mod slide;
mod table;

use super::accept::Dice;
use super::bound;
use super::lanes::Threads;
use super::schedule::{Placement, Schedule};
use super::search::Alarm;
use crate::id::{Column, Id};
use crate::model::work::Step;
use crate::problem::Problem;
use board::{Board, Place};
use lane::{Lane, Log};
use table::Table;

/// Steps of one lane between two merges.
const STINT: u32 = 64;

/// What the lean search knows of a question for good.
pub(super) struct Ground<'p>(Table<'p>);

impl<'p> Ground<'p> {
    /// `None` when the question needs more.
    pub(super) fn new(problem: &'p Problem) -> Option<Ground<'p>> {
        Table::new(problem, |ticket| bound::least_cost(problem, ticket)).map(Ground)
    }
}

/// The search.
pub(super) struct Lean<'t> {
    lanes: Vec<Lane<'t>>,
    logs: Vec<Log>,
    best: Column<Step, Place>,
    best_cost: i64,
    /// Steps that may stand elsewhere than in `best`.
    astray: Vec<Id<Step>>,
    /// What the full cost has beyond that of the boards.
    beyond: i64,
}

impl<'t> Lean<'t> {
    /// Begins from `schedule`.
    pub(super) fn new(ground: &'t Ground<'_>, schedule: &Schedule<'_>, seed: u64, lanes: u32) -> Self {
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
        Lean {
            best: table.steps.ids().map(|step| *board.place(step)).collect(),
            best_cost: board.total(),
            astray: Vec::new(),
            beyond: schedule.cost() - board.total(),
            logs: vec![Log::default(); lanes],
            lanes: (0..lanes).map(|number| Lane::new(board.clone(), seed, number)).collect(),
        }
    }

    /// The best cost so far, in fen.
    pub(super) fn best_cost(&self) -> i64 {
        self.best_cost + self.beyond
    }

    /// What costly tickets cost on average beyond what they must.
    pub(super) fn mean_excess(&self) -> i64 {
        let board = &self.lanes[0].board;
        let costly = board.costly();
        let excess: i64 =
            costly.iter().map(|t| board.cost(*t) - board.table.tickets[*t].least).sum();
        excess / i64::try_from(costly.len().max(1)).unwrap_or(1)
    }

    /// Every lane goes back to the best.
    pub(super) fn restart(&mut self, threads: &Threads) {
        let (best, astray) = (&self.best, &self.astray);
        threads.each(&mut self.lanes, |lane| lane.board.go_to(best, astray));
        self.astray.clear();
    }

    /// One round of `steps` steps per lane; `false` when `alarm` rang before it was done.
    pub(super) fn round(
        &mut self,
        threads: &Threads,
        steps: u32,
        temperature: i64,
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        for _ in 0..steps.div_ceil(STINT) {
            if alarm() {
                return false;
            }
            threads.each_pair(&mut self.lanes, &mut self.logs, |lane, log| {
                lane.stint(STINT, temperature, dice, log);
            });
            if self.lanes.len() > 1 {
                let logs = &self.logs;
                threads.each(&mut self.lanes, |lane| lane.merge(logs));
            }
            self.keep_best();
        }
        true
    }

    fn keep_best(&mut self) {
        let board = &self.lanes[0].board;
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
    pub(super) fn places(&self) -> Column<Step, Option<Placement>> {
        let board = &self.lanes[0].board;
        let place = |place: &Place| place.stands().then(|| board.placement(*place));
        self.best.iter().map(place).collect()
    }
}
