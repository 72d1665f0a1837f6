//! Checking and pricing a plan, whoever made it.

use super::documents::Question;
use crate::model::plan::Plan;
use crate::verify::{self, Report};

/// A plan with everything filled in that people need not write, and what the verifier says.
pub struct Checked {
    /// The plan, completed as far as possible.
    pub plan: Plan,
    /// Violations and bill.
    pub report: Report,
}

/// Completes what can be read of `plan` (H3), checks every rule and reckons its bill. Every violation is in the
/// report, those that kept the plan from being completed first.
#[must_use]
pub fn check(question: &Question, plan: &Plan, previous: Option<&Plan>) -> Checked {
    let (plan, unread) = verify::readable(&question.work, plan);
    let mut report = verify::verify(&question.work, &plan, previous);
    for violation in unread.into_iter().rev() {
        if !report.violations.contains(&violation) {
            report.violations.insert(0, violation);
        }
    }
    Checked { plan, report }
}
