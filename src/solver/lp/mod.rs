//! Linear programs: the only place with floats, and the only door to their solvers.
//!
//! Nothing that comes from here is trusted: prices are proven in whole numbers by [`super::proof`],
//! assignments are tried by the search and judged by their cost. No clock cuts
//! a program short; sizes and nodes do, so that the same question has the same answer everywhere.

pub(super) mod assign;
mod dive;
pub(super) mod master;
mod modes;
pub(super) mod pack;
#[cfg(test)]
mod tests;

/// The solver gave up or broke down: there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoAnswer;
