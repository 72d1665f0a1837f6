//! How far a plan can be from the best.

use super::documents::Question;
use super::{Failure, morning};
use crate::model::plan::Plan;
use crate::model::proof::Proof;
use crate::planning::{self, Progress};

pub use crate::planning::{Budget, Effort};

/// What no plan for `question` can undercut, and how far `plan` is from it; `watch` hears after
/// every step.
///
/// # Errors
/// [`Failure::Refused`] when a begun ticket cannot be finished in any plan found, and
/// [`Failure::Outside`] when the system refuses threads.
pub fn prove(
    question: &Question,
    previous: Option<&Plan>,
    plan: Option<&Plan>,
    effort: &Effort<'_>,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Proof, Failure> {
    planning::prove(&question.work, previous, plan, effort, watch)
        .map_err(|refusal| morning::refused(refusal, None))
}
