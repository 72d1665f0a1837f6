//! The documents people write and read, and what can be wrong with them. Must not know files,
//! stores or the solver.

pub mod issue;
pub mod lang;

pub use lang::Lang;
