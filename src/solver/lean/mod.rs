//! The lean search: large-neighbourhood search over plain steps, many times as fast as the search
//! over all rules, for questions that need no more.
//!
//! All lanes share one state (but for few tickets, where each searches on its own). In a *stint*
//! each lane moves on from it by itself; then the lanes merge: the moves of all of them are done
//! again in lane order, less those that no longer fit or gain less. So two lanes are one search at
//! nearly twice the speed, and what comes out depends on seed, lanes, rounds and the rounds planned
//! for alone.
//!
//! What makes it quick: lines are kept in numbered working minutes ([`hours`]), so a gap is looked
//! for by comparing integers; a move changes the cost of the tickets it names and of no other,
//! since neighbours slide only within the slack of their own tickets ([`slide`]); it is given up as
//! soon as it is sure to cost too much.

mod board;
mod first;
mod guide;
mod heat;
mod hours;
mod insert;
mod lane;
mod line;
mod pick;
mod run;
mod seat;
mod sequence;
mod share;
mod single;
mod slide;
mod table;
#[cfg(test)]
mod tests;

use super::construct::{RULES, Rule, Way};
use super::lanes::Threads;
use super::schedule::Placement;
use crate::id::Column;
use crate::model::work::{Step, Ticket};
use crate::problem::Problem;
use single::Single;
use table::Table;

pub(super) use run::search;

/// What the lean search knows of a question for good.
pub(super) struct Ground<'p>(Table<'p>);

impl<'p> Ground<'p> {
    /// `None` when the question needs more; `least`: what each ticket costs at least.
    pub(super) fn new(problem: &'p Problem, least: &Column<Ticket, i64>) -> Option<Ground<'p>> {
        Table::new(problem, least).map(Ground)
    }

    /// The question as one of a single line; `None` when it is not.
    pub(super) fn single(&self) -> Option<Single<'_>> {
        Single::new(&self.0)
    }

    /// The plans of those of the priority rules in `rows` that go ticket by ticket, in order: row,
    /// cost on the board in fen, and where steps stand. `None` when steps have a place to keep.
    pub(super) fn first_plans(&self, rows: &[usize], threads: &Threads) -> Option<Vec<First>> {
        let table = &self.0;
        if table.problem.steps.iter().any(|step| step.previous.is_some()) {
            return None;
        }
        let rule = |row: &usize| match RULES[*row].1 {
            Way::Tickets(rule) => Some((*row, rule)),
            Way::Steps(_) => None,
        };
        let rules: Vec<(usize, Rule)> = rows.iter().filter_map(rule).collect();
        let plan = |(row, rule): &(usize, Rule)| {
            let board = first::construct(table, *rule);
            (*row, board.total(), board.placements())
        };
        Some(threads.map(&rules, plan))
    }
}

/// A first plan: the row of its rule, its cost on the board, and where steps stand.
pub(super) type First = (usize, i64, Column<Step, Option<Placement>>);
