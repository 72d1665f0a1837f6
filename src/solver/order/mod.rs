//! The order search: annealing over who does what in which order, times following from that
//! (Roy and Sussmann 1964; van Laarhoven, Aarts and Lenstra 1992), for questions where steps stand
//! close and only lateness has a price.
//!
//! Lanes are independent but for the best, which a lane that is behind begins its next cycle from,
//! unless it searches apart: a lane that is stuck does so by turns.

mod heat;
mod lane;
mod lines;
mod list;
mod moves;
mod queues;
mod service;
mod stages;
mod table;
#[cfg(test)]
mod tests;

use super::accept::Dice;
use super::lanes::Threads;
use super::schedule::{Placement, Schedule};
use super::search::Alarm;
use super::{Found, Progress, Settings, Tools};
use crate::id::{Column, Id};
use crate::model::work::Step;
use crate::problem::Problem;
use lane::Lane;
use lines::{Lines, Orders};
use table::Table;

/// What a lane looks at in one round, in steps.
const WORK: u64 = 500_000;

/// What the order search knows of a question for good.
pub(super) struct Ground<'p>(Table<'p>);

impl<'p> Ground<'p> {
    /// `None` when the question needs more; `Table::new` says when.
    pub(super) fn new(problem: &'p Problem) -> Option<Ground<'p>> {
        Table::new(problem).map(Ground)
    }
}

/// The search.
pub(super) struct Search<'t> {
    lanes: Vec<Lane<'t>>,
    best: Orders,
    best_cost: i64,
    /// What the full cost has beyond lateness.
    beyond: i64,
}

impl<'t> Search<'t> {
    /// Begins from the orders of `schedule`; `None` when not every step is placed there.
    pub(super) fn new(
        ground: &'t Ground<'_>,
        schedule: &Schedule<'_>,
        settings: &Settings,
    ) -> Option<Search<'t>> {
        let table: &'t Table<'t> = &ground.0;
        let (mut ways, mut starts) = (Vec::new(), Vec::new());
        for step in table.problem.steps.ids() {
            let place = schedule.place(step)?;
            let (from, to) = table.ways.range(step.index());
            let by = |way: &u32| table.ways.items()[*way as usize].choice == place.choice;
            ways.push((from..to).find(by)?);
            starts.push(table.minute(place.start));
        }
        let lines = Lines::new(table, &ways, &starts)?;
        let tickets = table.problem.tickets.ids();
        let late: i64 = tickets.map(|ticket| schedule.standing(ticket).cost).sum();
        let mut best = Orders::default();
        lines.save(&mut best);
        let numbers = 0..settings.lanes.max(1);
        let lane = |number| Lane::new(lines.clone(), settings.seed, number);
        Some(Search {
            lanes: numbers.map(lane).collect(),
            best,
            best_cost: lines.total(),
            beyond: schedule.cost() - late,
        })
    }

    /// Searches until the budget is used up, the gap is closed, or `watch` answers `false`.
    pub(super) fn run(
        mut self,
        tools: &Tools<'_>,
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> Found {
        let dice = Dice::default();
        let (mut rounds, mut last) = (0, 0);
        while tools.goes_on((rounds, last), (0, self.best_cost()), watch) {
            let milliseconds = tools.stopwatch.milliseconds();
            if !self.round(WORK, tools.threads, &dice, &|| tools.is_over()) {
                break;
            }
            rounds += 1;
            last = tools.stopwatch.milliseconds() - milliseconds;
        }
        Found {
            places: self.places(),
            cost: (0, self.best_cost()),
            rounds,
            planned: None,
            steps_per_round: u32::try_from(WORK).unwrap_or(u32::MAX),
        }
    }

    /// The best cost so far, in fen.
    fn best_cost(&self) -> i64 {
        self.best_cost + self.beyond
    }

    /// One round of every lane, about `work` steps looked at in each; `false` when `alarm` rang
    /// before it was done, and then nothing of it counts.
    fn round(&mut self, work: u64, threads: &Threads, dice: &Dice, alarm: &Alarm<'_>) -> bool {
        let done = threads.every(&mut self.lanes, |lane| lane.round(work, dice, alarm));
        if !done {
            return false;
        }
        for lane in &self.lanes {
            if lane.best_cost < self.best_cost {
                self.best_cost = lane.best_cost;
                self.best.clone_from(&lane.best);
            }
        }
        for lane in &mut self.lanes {
            if lane.is_stuck() {
                lane.renew(&self.best, self.best_cost);
            } else if self.best_cost < lane.best_cost && !lane.is_apart() {
                lane.take(&self.best, self.best_cost);
            }
        }
        true
    }

    /// Where every step stands in the best schedule.
    fn places(&self) -> Column<Step, Option<Placement>> {
        let mut lines = self.lanes[0].lines.clone();
        let loaded = lines.load(&self.best);
        debug_assert!(loaded, "the best orders were timed before");
        let table = lines.table;
        let place = |id: Id<Step>| {
            let step = u32::try_from(id.index()).expect("steps are far fewer than 2^32");
            let (start, end) = lines.times(step);
            let choice = table.ways.items()[lines.way(step) as usize].choice;
            let (start, end) = (table.tick(start), table.tick(end));
            Some(Placement { start, end, choice, extra: false })
        };
        table.problem.steps.ids().map(place).collect()
    }
}
