//! What people's time is worth, while places are chosen: the prices of the proof ([`Proof`]).
//!
//! Whoever ends a step first is often whom others need more. A part of the tickets is put back
//! where lateness, extra pay and priced minutes cost least together, as in schedules repaired from
//! the prices of Lagrangian relaxation (Luh and Hoitomt 1993). Prices choose places; what a move
//! is worth is told by its cost alone.

use std::sync::Arc;

use super::hours::FAR;
use super::table::Table;
use crate::id::{Column, Id};
use crate::model::work::Person;
use crate::solver::proof::{Proof, UNIT};

/// Parts of a fen in which prices are kept.
const PARTS: i64 = 1 << 10;

/// Prices of the regular minutes of everybody.
#[derive(Debug)]
pub(super) struct Guide {
    /// By person: the price of all minutes before each number, in [`PARTS`].
    before: Column<Person, Vec<i64>>,
}

impl Guide {
    /// The best prices of `proof`.
    pub(super) fn new(table: &Table<'_>, proof: &Proof<'_>) -> Arc<Guide> {
        let prices = |person: Id<Person>| {
            let hours = &table.working[table.shifts[person]].hours[0];
            let ticks = (0..).map(|number| hours.tick(number)).take_while(|tick| *tick < FAR);
            let ticks = ticks.map(|tick| table.tick(tick));
            let open = ticks.take_while(|tick| *tick < table.problem.horizon);
            let mut sum = 0;
            let sums = open.map(|tick| {
                sum += proof.rate(person, tick) / (UNIT / PARTS);
                sum
            });
            std::iter::once(0).chain(sums).collect()
        };
        Arc::new(Guide { before: table.shifts.ids().map(prices).collect() })
    }

    /// The regular minutes of `person` between two numbers, in fen.
    pub(super) fn price(&self, person: Id<Person>, (from, to): (i32, i32)) -> i64 {
        let before = &self.before[person];
        let at = |number| before[usize::try_from(number).unwrap_or(0).min(before.len() - 1)];
        (at(to) - at(from)) / PARTS
    }
}
