//! Checking and pricing a plan, whoever made it.

use std::path::Path;

use super::documents::Question;
use super::front::is_light;
use super::{Failure, Unread, sources};
use crate::model::plan::Plan;
use crate::verify::{self, Code, Report, Violation};

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
    let (mut plan, mut unread) = verify::readable(&question.work, plan);
    if !is_light(question, &plan) {
        plan.weights = None;
        unread.push(too_heavy());
    }
    let mut report = verify::verify(&question.work, &plan, previous);
    for violation in unread.into_iter().rev() {
        if !report.violations.contains(&violation) {
            report.violations.insert(0, violation);
        }
    }
    Checked { plan, report }
}

/// Weights at which costs could not be reckoned with.
fn too_heavy() -> Violation {
    Violation {
        rule: Code::Form,
        ticket: None,
        step: None,
        person: None,
        at: None,
        amount: 0,
        zh: "计划所记的权重过大，费用无法计算；按场景的权重计价".to_owned(),
        en: "the weights the plan records are too large to reckon with; priced by the scenario's"
            .to_owned(),
    }
}

/// The plans at `paths`, each of whose rows can be read: for whoever would leave the others out.
///
/// # Errors
/// [`Failure::Unreadable`], [`Failure::Document`]; [`Failure::Unread`] with every fault of all of
/// them.
pub fn readable<const COUNT: usize>(
    question: &Question,
    paths: [&Path; COUNT],
) -> Result<[Plan; COUNT], Failure> {
    let mut plans = Vec::with_capacity(COUNT);
    let mut unread = Vec::new();
    for path in paths {
        let plan = sources::plan(question, path)?;
        let mut faults = check(question, &plan, None).report.violations;
        faults.retain(|fault| fault.rule == Code::Form);
        if !faults.is_empty() {
            unread.push(Unread { path: path.to_owned(), faults });
        }
        plans.push(plan);
    }
    if !unread.is_empty() {
        return Err(Failure::Unread(unread));
    }
    Ok(plans.try_into().expect("each path gave one plan"))
}
