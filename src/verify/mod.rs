//! The verifier: scenario and plan in, every broken rule and the whole bill out.
//!
//! It follows [`crate::model::rule`] and walks calendars by their definition in wall-clock time.
//! It must not know the problem, the solver or the compiled timeline, so that one arithmetic
//! mistake cannot hide in both.
//!
//! Where the rulings leave a choice, the verifier reads them so:
//! * What cannot be read (`form`) is not judged by any rule, nor is its absence.
//! * A ticket without a step in the plan is unserved, listed or not.
//! * A fact is judged by H13 alone, and beside others: it may share no minute with a planned step
//!   (H4, H16), counts in quotas, and what it chose outside regular hours counts in caps (H15).
//!   Its end is not held against windows (H8), nor its start against what comes before it.
//! * Rest (H15) counts the last minute of a done step, the only one known to have been worked.
//! * A ticket under way is not held by the tickets it comes after (H10).
//! * Losses are weighed by the weights a plan records, else by those of the policy; by which, and
//!   what the plan comes to by the policy, is in the report.
//! * The first regular minute of a date (H14) is the first one of the local date, whichever
//!   working date it belongs to.

mod ahead;
mod bill;
mod complete;
mod hours;
mod limits;
mod lines;
mod loss;
mod order;
mod people;
mod pieces;
mod replay;
mod report;
mod scene;
mod spans;
mod whole;

pub use complete::{completed, readable};
pub use loss::slipped;
pub use report::{Code, PersonBill, Report, TicketBill, Violation};

use crate::model::cost::Weights;
use crate::model::plan::Plan;
use crate::model::work::Work;

/// Checks `plan` against every rule and recomputes its bill. `previous` is the plan it was made
/// from, if any: freeze and change prices are held against it.
#[must_use]
pub fn verify(work: &Work, plan: &Plan, previous: Option<&Plan>) -> Report {
    let mut found = Vec::new();
    let replay = replay::replay(work, plan, &mut found);
    let hours = scene::hours(work, &[&replay], false);
    let scene = scene::Scene::new(work, replay, &hours, previous, &mut found);
    checked(&scene, plan, found)
}

/// The report of `plan`, made from `before`, and what `before` itself comes to: nothing but its
/// bill, its rules having been checked when it came into force. Hours are looked up once for both.
#[must_use]
pub fn against(work: &Work, plan: &Plan, before: &Plan) -> (Report, Report) {
    let (mut found, mut unasked) = (Vec::new(), Vec::new());
    let new = replay::replay(work, plan, &mut found);
    let old = replay::replay(work, before, &mut unasked);
    let hours = scene::hours(work, &[&new, &old], false);
    let scene = scene::Scene::new(work, new, &hours, Some(before), &mut found);
    let with = checked(&scene, plan, found);
    let scene = scene::Scene::new(work, old, &hours, Some(before), &mut unasked);
    let mut without = Report { weights: chosen(&scene, before), ..Report::default() };
    bill::reckon(&scene, &mut without);
    (with, without)
}

/// The weights that `plan` chose, where they are others than the policy's.
fn chosen(scene: &scene::Scene<'_>, plan: &Plan) -> Option<Weights> {
    plan.weights.filter(|weights| *weights != scene.work.policy.weights())
}

/// Every rule, and the bill.
fn checked(scene: &scene::Scene<'_>, plan: &Plan, mut found: Vec<Violation>) -> Report {
    people::check(scene, &mut found);
    pieces::check(scene, &mut found);
    lines::check(scene, &mut found);
    limits::check(scene, &mut found);
    order::check(scene, &mut found);
    whole::check(scene, &mut found);
    let weights = chosen(scene, plan);
    let mut report = Report { violations: found, stated: plan.cost, weights, ..Report::default() };
    bill::reckon(scene, &mut report);
    bill::stated(scene, plan, &mut report);
    report.provisional = bill::provisional(scene);
    report.violations.sort_by_key(|violation| violation.rule);
    report
}
