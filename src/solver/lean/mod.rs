//! The lean search: large-neighbourhood search over plain steps, many times as fast as the search
//! over all rules, for questions that need no more.
//!
//! All lanes share one state. In a *stint* each lane moves on from it on its own; then the lanes
//! merge: the moves of all of them are done again in lane order, less those that no longer fit or
//! gain less. So two lanes are one search at nearly twice the speed, and what comes out depends on
//! seed, lanes and rounds alone.
//!
//! What makes it quick: lines are kept in numbered working minutes ([`hours`]), so a gap is looked
//! for by comparing integers; a move changes the cost of the tickets it names and of no other,
//! since neighbours slide only within the slack of their own tickets ([`slide`]); it is given up as
//! soon as it is sure to cost too much.

mod board;
mod heat;
mod hours;
mod insert;
mod lane;
mod line;
mod pick;
mod run;
mod seat;
mod slide;
mod table;

use super::bound;
use crate::problem::Problem;
use table::Table;

pub(super) use run::search;

/// What the lean search knows of a question for good.
pub(super) struct Ground<'p>(Table<'p>);

impl<'p> Ground<'p> {
    /// `None` when the question needs more.
    pub(super) fn new(problem: &'p Problem) -> Option<Ground<'p>> {
        Table::new(problem, |ticket| bound::least_cost(problem, ticket)).map(Ground)
    }
}
