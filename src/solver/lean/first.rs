//! First plans on lean lines: tickets in the order of a priority rule, each where it ends first,
//! neighbours sliding out of its way.

use super::board::Board;
use super::insert::Scratch;
use super::table::Table;
use crate::solver::construct::{Rule, ordered};
use crate::solver::rng::Rng;

/// The plan of `rule`.
pub(super) fn construct<'t>(table: &'t Table<'t>, rule: Rule) -> Board<'t> {
    let mut board = Board::new(table);
    let (mut scratch, mut rng) = (Scratch::default(), Rng::new(0, 0));
    for ticket in ordered(table.problem, rule) {
        let put = board.insert(ticket, (u32::MAX, true), &mut scratch, &mut rng);
        debug_assert!(put.is_some(), "a ticket of which nothing stands can be left out");
        board.commit();
    }
    board
}
