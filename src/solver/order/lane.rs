//! One lane of the order search: annealing in cycles, each from the best so far; when that is
//! stuck, anew from far away or from the best of all. A lane first searches lists as long as
//! these are ahead: those of odd number forward in time, the others backward.
//! Flow shops are searched as lists, then as queues, and not otherwise.

use super::heat::Heat;
use super::lines::{Lines, Orders};
use super::list::List;
use super::moves::Moves;
use super::queues::Queues;
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;
use crate::solver::search::Alarm;

/// Steps at one temperature, between two looks at the alarm.
const BATCH: u32 = 256;

/// Work that a step counts for beside the steps it looks at.
const EFFORT: u64 = 4;

/// Moves by which losses are gauged.
const SAMPLE: usize = 3000;

/// Batches of the first cycle, and as many again for so many steps.
const FIRST_BATCHES: u64 = 200;

/// Cycles without a better plan after which it begins anew.
const STUCK: usize = 4;

/// Random moves for every step that lead far away from everything.
const SHAKES: usize = 20;

/// A lane.
pub(super) struct Lane<'t> {
    pub(super) lines: Lines<'t>,
    /// The best it has met or was given.
    pub(super) best: Orders,
    /// What that costs, in fen.
    pub(super) best_cost: i64,
    /// The orders are better than `best` and not copied yet.
    is_ahead: bool,
    rng: Rng,
    moves: Moves,
    /// `None` until the losses of random moves are gauged.
    heat: Option<Heat>,
    seed: u64,
    number: u32,
    /// It begins anew far away, and is not there yet.
    leaves: bool,
    /// Cycles since the best was last improved.
    idle: usize,
    /// How often it began anew.
    renewals: u32,
    /// Lists are searched instead, as long as that is ahead.
    list: Option<List<'t>>,
    /// Queues are searched instead, once lists are stuck.
    pub(super) queues: Option<Queues<'t>>,
}

impl<'t> Lane<'t> {
    /// A lane that begins with `lines`.
    pub(super) fn new(lines: Lines<'t>, seed: u64, number: u32) -> Lane<'t> {
        let mut best = Orders::default();
        lines.save(&mut best);
        let list = List::new(&lines, seed, number);
        Lane {
            best,
            best_cost: lines.total(),
            is_ahead: false,
            rng: Rng::new(seed, u64::from(number) + 1),
            moves: Moves::default(),
            heat: None,
            seed,
            number,
            leaves: false,
            idle: 0,
            renewals: 0,
            list,
            queues: None,
            lines,
        }
    }

    /// Runs until about `work` more steps are looked at; `false` when `alarm` rang before.
    pub(super) fn round(&mut self, work: u64, dice: &Dice, alarm: &Alarm<'_>) -> bool {
        if self.leaves && !self.shake(alarm) {
            return false;
        }
        self.leaves = false;
        if let Some(list) = self.list.take() {
            return self.search_lists(list, work, dice, alarm);
        }
        if let Some(queues) = self.queues.take() {
            return self.search_queues(queues, work, dice, alarm);
        }
        self.descend(work, dice, alarm)
    }

    fn search_lists(
        &mut self,
        mut list: List<'t>,
        work: u64,
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        let Some(ended) = list.round(work, dice, alarm) else { return false };
        let is_ahead = list.best_cost <= self.best_cost;
        if list.best_cost < self.best_cost {
            self.take_plan(list.lines());
        }
        let goes_on = (is_ahead || list.is_swift()) && !list.is_stuck();
        if !ended || goes_on {
            self.list = Some(list);
        } else if let Some(stages) = list.stages() {
            self.go_to_best();
            self.queues = Queues::new(&self.lines, stages, self.seed, self.number);
        }
        true
    }

    fn search_queues(
        &mut self,
        mut queues: Queues<'t>,
        work: u64,
        dice: &Dice,
        alarm: &Alarm<'_>,
    ) -> bool {
        let Some(ended) = queues.round(work, dice, alarm) else { return false };
        if queues.best_cost < self.best_cost {
            self.take_plan(queues.lines());
        }
        if ended {
            self.go_to_best();
        }
        if !ended || queues.begin(&self.lines) {
            self.queues = Some(queues);
        }
        true
    }

    /// The heat of random moves; `None` when `alarm` rang before it was known.
    fn gauged(&mut self, alarm: &Alarm<'_>) -> Option<Heat> {
        let losses = losses(&mut self.lines, &mut self.rng, alarm)?;
        let length = FIRST_BATCHES + self.lines.table.ticket.len() as u64;
        Some(Heat::new(losses, self.number as usize, length))
    }

    /// Moves in the plan.
    fn descend(&mut self, work: u64, dice: &Dice, alarm: &Alarm<'_>) -> bool {
        let Some(mut heat) = self.heat.take().or_else(|| self.gauged(alarm)) else { return false };
        let (until, mut tried) = (self.lines.work() + work, 0);
        while self.lines.work() + tried < until {
            if alarm() {
                return false;
            }
            for _ in 0..BATCH {
                let allowance = heat.allowance(dice, &mut self.rng);
                self.step(allowance);
            }
            tried += EFFORT * u64::from(BATCH);
            if heat.cool() {
                if self.idle == 0 || !self.is_apart() {
                    heat.lengthen();
                }
                self.idle += 1;
                self.go_to_best();
            }
        }
        self.heat = Some(heat);
        self.keep_best();
        true
    }

    /// `plan` becomes the best if it is better.
    fn take_plan(&mut self, plan: Option<Lines<'t>>) {
        if let Some(lines) = plan.filter(|lines| lines.total() < self.best_cost) {
            self.best_cost = lines.total();
            lines.save(&mut self.best);
            self.go_to_best();
        }
    }

    /// Copies the orders if they are the best so far.
    fn keep_best(&mut self) {
        if self.is_ahead {
            self.lines.save(&mut self.best);
            self.is_ahead = false;
        }
    }

    fn go_to_best(&mut self) {
        self.keep_best();
        let loaded = self.lines.load(&self.best);
        debug_assert!(loaded && self.lines.total() == self.best_cost);
        self.moves.forget();
    }

    fn step(&mut self, allowance: i64) {
        let limit = self.lines.total().saturating_add(allowance);
        match self.moves.attempt(&mut self.lines, limit, &mut self.rng) {
            // The best is copied when it is left, and the move that would leave it not made.
            Some(cost) if cost <= limit && self.is_ahead && cost > self.best_cost => {
                self.lines.take_back();
                self.keep_best();
            }
            Some(cost) if cost <= limit => {
                self.lines.keep();
                self.moves.forget();
                if cost < self.best_cost {
                    self.is_ahead = true;
                    self.idle = 0;
                }
                self.best_cost = cost.min(self.best_cost);
            }
            _ => self.lines.take_back(),
        }
    }

    /// Whether the last cycles have brought nothing.
    pub(super) fn is_stuck(&self) -> bool {
        self.list.is_none() && self.queues.is_none() && self.idle >= STUCK
    }

    /// Whether it searches apart from the other lanes.
    pub(super) fn is_apart(&self) -> bool {
        self.renewals % 2 == 1
    }

    /// Begins anew: by turns far away from everything, and from `orders`.
    pub(super) fn renew(&mut self, orders: &Orders, cost: i64) {
        self.renewals += 1;
        self.idle = 0;
        if let Some(heat) = &mut self.heat {
            heat.restart();
        }
        self.leaves = self.is_apart();
        if !self.leaves {
            self.take(orders, cost);
            self.go_to_best();
        }
    }

    /// Goes far away; what it meets there is its best. `false` when `alarm` rang before.
    fn shake(&mut self, alarm: &Alarm<'_>) -> bool {
        for count in 0..SHAKES * self.lines.table.len() {
            if count % BATCH as usize == 0 && alarm() {
                return false;
            }
            if self.moves.attempt(&mut self.lines, i64::MAX / 4, &mut self.rng).is_some() {
                self.lines.keep();
                self.moves.forget();
            } else {
                self.lines.take_back();
            }
        }
        self.lines.save(&mut self.best);
        self.best_cost = self.lines.total();
        true
    }

    /// Lets the next cycle begin from `orders`.
    pub(super) fn take(&mut self, orders: &Orders, cost: i64) {
        self.best.clone_from(orders);
        self.best_cost = cost;
    }
}

/// The losses of random moves, all taken back; `None`: `alarm` rang.
fn losses(lines: &mut Lines<'_>, rng: &mut Rng, alarm: &Alarm<'_>) -> Option<Vec<i64>> {
    let (before, mut moves) = (lines.total(), Moves::default());
    let mut losses: Vec<i64> = Vec::with_capacity(SAMPLE);
    for count in 0..SAMPLE {
        if count % BATCH as usize == 0 && alarm() {
            return None;
        }
        let cost = moves.attempt(lines, i64::MAX / 4, rng);
        losses.extend(cost.map(|cost| cost - before));
        lines.take_back();
        moves.forget();
    }
    Some(losses)
}
