//! Linear programs: the only place with floats, and the only door to their solvers.
//!
//! What comes in and what goes out is rows of the problem and whole fen. Nothing here decides what
//! a plan costs: answers are wishes, which the search tries out and prices by itself. No clock cuts
//! a program short; sizes and nodes do, so that the same question has the same answer everywhere.

pub(super) mod assign;
mod dive;
mod modes;
pub(super) mod pack;
#[cfg(test)]
mod tests;

/// The solver gave up or broke down: there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoAnswer;
