//! First plans on lean lines: tickets in the order of a priority rule, each where it ends first,
//! neighbours sliding out of its way.

use super::board::Board;
use super::insert::{Care, Scratch};
use super::table::Table;
use crate::solver::construct::{Rule, ordered};
use crate::solver::rng::Rng;

/// Steps above which a step looks at a few people only: the first plan must not wait, and people
/// grow with steps.
const MANY_STEPS: usize = 100_000;

/// About how many those are. At 10,000 × 400, 16 instead of all cost 15 to 18 % more and take half
/// the time.
const FEW_PEOPLE: u32 = 16;

/// The plan of `rule`.
pub(super) fn construct<'t>(table: &'t Table<'t>, rule: Rule) -> Board<'t> {
    let mut board = Board::new(table);
    let few = if table.steps.len() > MANY_STEPS { FEW_PEOPLE } else { u32::MAX };
    let (mut scratch, mut rng) = (Scratch::default(), Rng::new(0, 0));
    for ticket in ordered(table.problem, rule) {
        let put =
            board.insert(ticket, Care { few, tries: true, guided: false }, &mut scratch, &mut rng);
        debug_assert!(put.is_some(), "a ticket of which nothing stands can be left out");
        board.commit();
    }
    board
}
