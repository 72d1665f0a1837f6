//! The `paidan` command: arguments in; tables, documents and exit codes out. Results go to the
//! standard output, everything else to the standard error. Knows terminals and exit codes; asks
//! `app` for everything, and never the store or the solver.

pub mod args;
mod value;
