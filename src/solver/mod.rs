//! The search for good plans.

pub mod rng;
