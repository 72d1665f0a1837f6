//! Why the plan is as it is: why this person, why then, why late, why not somebody else, why left
//! out and what would serve it; how two plans differ; and what moving one step by hand comes to.
//!
//! Everything is told from the question and the plan, through the verifier's eyes; the solver is
//! unknown here. Where an answer needs planning anew (the price of forcing a choice, the smallest
//! relaxation, conflicting pins) the caller hands in a function that does it. Answers are closed
//! [`Reason`]s with codes and facts; sentences in Chinese and English, for staff and safe for
//! clients, are made in [`say`]. Plans must state their ends: a plan written by hand goes through
//! [`crate::verify::completed`] first.

mod binding;
mod conflict;
mod diff;
mod late;
mod moved;
mod obstacle;
mod placed;
mod reason;
mod relax;
pub mod say;
mod scarce;
mod tell;
mod unknown;
mod who;

pub use conflict::{Conflict, conflict};
pub use diff::{BillChange, BillPart, Diff, MovedStep, Placement, TicketChange, diff};
pub use moved::{Destination, Move, moved};
pub use reason::{Explanation, Fact, Part, Question, Reason, Slot, Subject};
pub use relax::{MOST_TRIALS, Relaxation, forced, relaxation, relaxations};
pub use tell::{company, person, step, ticket, unserved, why_not};
