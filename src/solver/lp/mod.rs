//! Linear programs: the only room with floats, and the only door to the solvers.
//!
//! Nothing that comes from here is trusted: prices are proven in whole numbers by
//! [`super::proof`], assignments are tried by the search and judged by their cost.

pub(super) mod master;
