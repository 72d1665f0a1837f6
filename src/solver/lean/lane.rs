//! One lane of the lean search: take a few related steps out, put them back where they end first,
//! accept by annealing; and the merging of lanes that began a stint from the same state.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::board::{Board, Place};
use super::insert::{Care, Scratch};
use super::pick::{FEW_TICKETS, Picked, draw};
use crate::id::Id;
use crate::model::work::{Step, Ticket};
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;

/// About how many people are looked at for a step, when not all are.
const SOME_PEOPLE: u32 = 4;

/// Of a thousand tickets so many are put back where people's time costs least, once it has a price.
const GUIDED: u32 = 500;

/// A step, where it stood, and where it stands.
type Change = (Id<Step>, Place, Place);

/// What one lane changed in a stint, move by move.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    changes: Vec<Change>,
    /// Where each move ends in `changes`, and by how much it changed the cost.
    ends: Vec<(usize, i64)>,
}

impl Log {
    fn clear(&mut self) {
        self.changes.clear();
        self.ends.clear();
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = Id<Step>> {
        self.changes.iter().map(|(step, ..)| *step)
    }

    /// The moves in order, each with what it changed the cost by.
    fn moves(&self) -> impl Iterator<Item = (&[Change], i64)> {
        let begins = [0].into_iter().chain(self.ends.iter().map(|end| end.0));
        begins.zip(&self.ends).map(|(from, (to, delta))| (&self.changes[from..*to], *delta))
    }
}

/// The log, which nobody writes to while lanes merge.
pub(super) fn read(log: &RwLock<Log>) -> RwLockReadGuard<'_, Log> {
    log.read().unwrap_or_else(PoisonError::into_inner)
}

/// A lane.
#[derive(Clone)]
pub(super) struct Lane<'t> {
    pub(super) board: Board<'t>,
    number: usize,
    rng: Rng,
    /// Steps taken.
    pub(super) steps: u64,
    picked: Picked,
    order: Vec<(i64, Id<Ticket>)>,
    scratch: Scratch,
}

impl<'t> Lane<'t> {
    pub(super) fn new(board: Board<'t>, seed: u64, number: usize) -> Lane<'t> {
        Lane {
            number,
            rng: Rng::new(seed, (1 << 32) + number as u64),
            steps: 0,
            picked: Picked::default(),
            order: Vec::new(),
            scratch: Scratch::default(),
            board,
        }
    }

    /// Runs steps at `temperature` (fen) until it has done `work` in all, and writes down what they
    /// change.
    pub(super) fn stint(&mut self, work: u64, temperature: i64, dice: &Dice, log: &mut Log) {
        log.clear();
        while self.board.work() < work {
            self.steps += 1;
            self.board.count(1);
            let allowance = dice.allowance(temperature, &mut self.rng);
            let before = self.board.total();
            let moved = self.step(allowance);
            if cfg!(any(feature = "audit", test)) {
                self.board.audit();
            }
            if moved {
                let journal = self.board.journal().iter();
                let changes = journal.map(|(step, from)| (*step, *from, *self.board.place(*step)));
                // Most steps come back to where they stood.
                log.changes.extend(changes.filter(|(_, from, to)| !from.is_as(to)));
                log.ends.push((log.changes.len(), self.board.total() - before));
                self.board.commit();
            }
        }
    }

    /// One step; `false`: nothing changed.
    fn step(&mut self, allowance: i64) -> bool {
        self.picked.tickets.clear();
        self.picked.steps.clear();
        self.picked.size =
            if self.rng.chance(700) { 2 + self.rng.below(2) } else { 3 + self.rng.below(4) };
        let operator = draw(&self.board, &mut self.rng);
        operator(&self.board, &mut self.rng, &mut self.picked);
        let before = self.board.total();
        self.arrange();
        let limit = before.saturating_add(allowance);
        if self.order.is_empty() || !self.move_on(limit) || self.board.journal().is_empty() {
            self.board.rollback();
            return false;
        }
        true
    }

    /// Takes out and puts back; `false` when the cost passes `limit`.
    fn move_on(&mut self, limit: i64) -> bool {
        for row in 0..self.picked.tickets.len() {
            for step in self.board.steps(self.picked.tickets[row]) {
                if self.board.place(*step).stands() {
                    self.board.lift(*step);
                }
            }
        }
        for row in 0..self.picked.steps.len() {
            if self.board.place(self.picked.steps[row]).stands() {
                self.board.lift(self.picked.steps[row]);
            }
        }
        let all = if self.board.table.tickets.len() > FEW_TICKETS { 50 } else { 500 };
        let few = if self.rng.chance(all) { u32::MAX } else { SOME_PEOPLE };
        let tickets = &self.board.table.tickets;
        let excess =
            |board: &Board<'_>, ticket: Id<Ticket>| board.cost(ticket) - tickets[ticket].least;
        let mut pending: i64 = self.order.iter().map(|row| excess(&self.board, row.1)).sum();
        for row in 0..self.order.len() {
            let ticket = self.order[row].1;
            pending -= excess(&self.board, ticket);
            let tries = self.board.table.has_extra && self.rng.chance(400);
            let guided = self.board.guide.is_some() && self.rng.chance(GUIDED);
            let care = Care { few, tries, guided };
            let put = self.board.insert(ticket, care, &mut self.scratch, &mut self.rng);
            if put.is_none() || self.board.total() - pending > limit {
                return false;
            }
        }
        true
    }

    /// The tickets to put back, by a rule drawn at random.
    fn arrange(&mut self) {
        let table = self.board.table;
        self.order.clear();
        self.order.extend(self.picked.tickets.iter().map(|ticket| (0, *ticket)));
        for step in &self.picked.steps {
            let ticket = table.steps[*step].ticket;
            if self.order.iter().all(|(_, other)| *other != ticket) {
                self.order.push((0, ticket));
            }
        }
        let mode = self.rng.below(8);
        let noise = *self.rng.pick(&[1, 300, 1500]);
        for (key, ticket) in &mut self.order {
            let row = &table.tickets[*ticket];
            let weight = || (row.unserved - row.least) / row.effort.max(1);
            let steps = table.problem.tickets[*ticket].steps.iter();
            let chain = || steps.map(|step| table.steps[*step].tail).max().unwrap_or(0);
            let latest = || i64::from(row.due) - i64::from(chain());
            let dear = self.board.cost(*ticket) > row.least;
            *key = match mode {
                0..3 => latest(),
                3 => -weight(),
                4 if dear => latest() - (1 << 32),
                4 => latest(),
                5 if dear => latest() - (1 << 32),
                5 => 0,
                6 => i64::from(self.board.place(table.problem.tickets[*ticket].steps[0]).start),
                _ => 0,
            } + self.rng.range(0, noise);
        }
        if mode == 7 {
            self.rng.shuffle(&mut self.order);
        } else {
            self.order.sort_unstable_by_key(|(key, ticket)| (*key, *ticket));
        }
    }

    /// Brings the board from the end of this lane's stint to the state that all lanes agree on:
    /// the moves of all lanes in turn, less those that no longer fit.
    pub(super) fn merge(&mut self, logs: &[RwLock<Log>]) {
        if self.number > 0 {
            self.take_back(&read(&logs[self.number]));
        }
        for log in logs.iter().skip(usize::from(self.number == 0)) {
            for (changes, delta) in read(log).moves() {
                self.replay(changes, delta);
            }
        }
    }

    fn take_back(&mut self, log: &Log) {
        let mut end = log.changes.len();
        for (to, _) in log.ends.iter().rev().skip(1).chain(&[(0, 0)]) {
            let changes = &log.changes[*to..end];
            end = *to;
            for (step, _, after) in changes {
                if after.stands() {
                    self.board.lift(*step);
                }
            }
            for (step, before, _) in changes {
                if before.stands() {
                    self.board.put(*step, *before, None);
                }
            }
        }
        for (step, ..) in &log.changes {
            let ticket = self.board.table.steps[*step].ticket;
            self.board.settle(ticket);
        }
        self.board.commit();
    }

    /// Does one move of another lane again, unless it no longer fits or gains less.
    fn replay(&mut self, changes: &[Change], delta: i64) {
        let total = self.board.total();
        let same = |(step, before, _): &Change| self.board.place(*step).is_as(before);
        let fits = changes.iter().all(same) && self.redo(changes);
        if fits && self.board.total() - total <= delta {
            self.board.commit();
        } else {
            self.board.rollback();
        }
    }

    /// Does `changes` again; `false` as soon as something is in the way.
    fn redo(&mut self, changes: &[Change]) -> bool {
        let table = self.board.table;
        for (step, before, _) in changes {
            if before.stands() {
                self.board.lift(*step);
            }
        }
        for (step, _, after) in changes.iter().filter(|(.., after)| after.stands()) {
            if !self.board.is_free(after) {
                return false;
            }
            self.board.put(*step, *after, None);
        }
        changes.iter().all(|(step, _, after)| {
            let ticket = table.steps[*step].ticket;
            self.board.settle(ticket);
            !after.stands() || self.board.is_lawful(*step)
        })
    }
}
