//! One lane of the lean search: take a few related steps out, put them back where they end first,
//! accept by annealing; and the merging of lanes that began a stint from the same state.

use super::board::{Board, Place};
use super::insert::Scratch;
use super::pick::{OPERATORS, Picked};
use crate::id::{Column, Id};
use crate::model::work::{Step, Ticket};
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;

/// What one lane changed in a stint, move by move.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    changes: Vec<(Id<Step>, Place, Place)>,
    /// Where each move ends in `changes`.
    ends: Vec<usize>,
}

impl Log {
    fn clear(&mut self) {
        self.changes.clear();
        self.ends.clear();
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = Id<Step>> {
        self.changes.iter().map(|(step, ..)| *step)
    }

    fn moves(&self) -> impl DoubleEndedIterator<Item = &[(Id<Step>, Place, Place)]> {
        let begins = [0].into_iter().chain(self.ends.iter().copied());
        let spans: Vec<(usize, usize)> = begins.zip(self.ends.iter().copied()).collect();
        spans.into_iter().map(|(from, to)| &self.changes[from..to])
    }
}

/// A lane.
#[derive(Clone)]
pub(super) struct Lane<'t> {
    pub(super) board: Board<'t>,
    number: usize,
    rng: Rng,
    picked: Picked,
    order: Vec<(i64, Id<Ticket>)>,
    scratch: Scratch,
    /// The number of the lane that last moved a ticket in this merge, plus one; and of which merge.
    moved: Column<Ticket, (u32, u32)>,
    merges: u32,
}

impl<'t> Lane<'t> {
    pub(super) fn new(board: Board<'t>, seed: u64, number: usize) -> Lane<'t> {
        Lane {
            number,
            rng: Rng::new(seed, (1 << 32) + number as u64),
            picked: Picked::default(),
            order: Vec::new(),
            scratch: Scratch::default(),
            moved: board.table.tickets.iter().map(|_| (0, 0)).collect(),
            merges: 0,
            board,
        }
    }

    /// Runs `steps` steps at `temperature` (fen) and writes down what they change.
    pub(super) fn stint(&mut self, steps: u32, temperature: i64, dice: &Dice, log: &mut Log) {
        log.clear();
        for _ in 0..steps {
            let allowance = dice.allowance(temperature, &mut self.rng);
            if self.step(allowance) {
                for (step, place) in self.board.journal() {
                    log.changes.push((*step, *place, *self.board.place(*step)));
                }
                log.ends.push(log.changes.len());
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
        let sum: u32 = OPERATORS.iter().map(|operator| operator.1).sum();
        let mut turn = u32::try_from(self.rng.below(sum as usize)).unwrap_or(0);
        let operator = OPERATORS.iter().find(|operator| {
            let hit = turn < operator.1;
            turn = turn.wrapping_sub(operator.1);
            hit
        });
        let Some((_, _, operator)) = operator else { return false };
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
        let few = if self.rng.chance(500) { 4 } else { 1000 };
        let tickets = &self.board.table.tickets;
        let excess = |board: &Board<'_>, ticket: Id<Ticket>| board.cost(ticket) - tickets[ticket].least;
        let mut pending: i64 = self.order.iter().map(|row| excess(&self.board, row.1)).sum();
        for row in 0..self.order.len() {
            let ticket = self.order[row].1;
            pending -= excess(&self.board, ticket);
            let tries = self.rng.chance(400);
            let put = self.board.insert(ticket, (few, tries), &mut self.scratch, &mut self.rng);
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
                6 => i64::from(self.board.place(board_first(table, *ticket)).start),
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
    pub(super) fn merge(&mut self, logs: &[Log]) {
        self.merges += 1;
        if self.number == 0 {
            for (step, ..) in &logs[0].changes {
                self.moved[self.board.table.steps[*step].ticket] = (self.merges, 0);
            }
        } else {
            self.take_back(&logs[self.number]);
        }
        for (lane, log) in logs.iter().enumerate().skip(usize::from(self.number == 0)) {
            for changes in log.moves() {
                self.replay(lane, changes);
            }
        }
    }

    fn take_back(&mut self, log: &Log) {
        for changes in log.moves().rev() {
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

    /// Does one move of `lane` again, unless another lane has been at its tickets or places.
    fn replay(&mut self, lane: usize, changes: &[(Id<Step>, Place, Place)]) {
        let table = self.board.table;
        let mine = (self.merges, u32::try_from(lane).unwrap_or(u32::MAX));
        let foreign = |step: &Id<Step>, moved: &Column<Ticket, (u32, u32)>| {
            let (merge, mover) = moved[table.steps[*step].ticket];
            merge == mine.0 && mover != mine.1
        };
        let mut fits = !changes.iter().any(|(step, ..)| foreign(step, &self.moved));
        if fits {
            for (step, before, _) in changes {
                if before.stands() {
                    self.board.lift(*step);
                }
            }
            for (step, _, after) in changes {
                if after.stands() {
                    if !self.board.is_free(after) {
                        fits = false;
                        break;
                    }
                    self.board.put(*step, *after, None);
                }
            }
        }
        let mark = if fits { mine } else { (mine.0, u32::MAX) };
        for (step, ..) in changes {
            let ticket = table.steps[*step].ticket;
            if fits {
                self.board.settle(ticket);
            }
            self.moved[ticket] = mark;
        }
        if fits { self.board.commit() } else { self.board.rollback() }
    }
}

fn board_first(table: &super::table::Table<'_>, ticket: Id<Ticket>) -> Id<Step> {
    table.problem.tickets[ticket].steps[0]
}
