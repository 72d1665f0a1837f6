//! Days by chance, dispatched by the engine and by simpler ways: what options are worth, with
//! intervals. Pure and seeded: the same order gives the same bytes on any number of threads.
//!
//! A replication compiles everything that will arrive at once and keeps from the dispatcher what
//! has not arrived yet; so a call costs an insertion, not a compilation. Between decisions the
//! plan in force unfolds: steps begin as planned and take as long as chance says, and what then
//! does not fit any more is put in anew.

mod arrivals;
mod course;
mod draw;
mod future;
mod halt;
mod policy;
mod record;
mod sessions;
mod staff;
pub mod statistics;
mod streams;
mod study;
mod tally;
mod training;
mod world;
mod worth;

pub(super) use draw::minus_log2;
pub use policy::Policy;
pub use staff::{Kind, Target, required};
pub use study::{Choice, Fault, Ledger, Order, Stage, Unfit, fits, simulate, simulate_on};
pub use training::{Lessons, training};
pub use worth::worth;
