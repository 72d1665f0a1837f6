//! The verifier: scenario and plan in, every broken rule and the whole bill out.
//!
//! It follows [`crate::model::rule`] and walks calendars by their definition in wall-clock time.
//! It must not know the problem, the solver or the compiled timeline, so that one arithmetic
//! mistake cannot hide in both.

mod report;

pub use report::{Code, PersonBill, Report, TicketBill, Violation};

use crate::model::plan::Plan;
use crate::model::work::Work;

/// Checks `plan` against every rule and recomputes its bill. `previous` is the plan it was made
/// from, if any: freeze and change prices are held against it.
#[must_use]
pub fn verify(work: &Work, plan: &Plan, previous: Option<&Plan>) -> Report {
    let _ = (work, plan, previous);
    Report::default()
}

/// `plan` with what people need not write by hand filled in: missing ends and pieces (H3), and
/// the facts and waits of its tickets that it does not mention, waits at their earliest start.
///
/// # Errors
/// What cannot be read in it, or filled in.
pub fn completed(work: &Work, plan: &Plan) -> Result<Plan, Vec<Violation>> {
    let _ = work;
    Ok(plan.clone())
}
