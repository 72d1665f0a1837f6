//! Linear programs: the only place with floats, and the only door to their solvers.
//!
//! Nothing that comes from here is trusted: prices are proven in whole numbers by [`super::proof`],
//! assignments are tried by the search and judged by their cost. No clock cuts
//! a program short; sizes and nodes do, so that the same question has the same answer everywhere.

pub(super) mod assign;
pub(super) mod bundle;
mod dive;
mod modes;
pub(super) mod pack;
#[cfg(test)]
mod tests;

/// The solver gave up or broke down: there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoAnswer;

/// Fen and minutes stay far below 2^53; of finer parts of a fen the last may be lost.
#[expect(clippy::cast_precision_loss, reason = "costs and minutes are far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "it saturates, and what is not a number is 0")]
fn whole_number(number: f64) -> i64 {
    number.round() as i64
}
