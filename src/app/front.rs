//! The front: one question at several weights, and a question at the weights that a plan records.
//! Must not know arguments or pages.

use super::Failure;
use super::documents::Question;
use super::morning::{Progress, Settings, refused};
use super::reasons;
use crate::exchange::digest::digest;
use crate::model::check;
use crate::model::cost::Weights;
use crate::model::front::{FRONT_FORMAT, Front};
use crate::model::issue::Issues;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::model::work::Work;
use crate::planning::Refusal;
use crate::whatif::{self, Order};

pub use crate::whatif::grid::{ordered, spread};
pub use crate::whatif::{Event, Point, Stage, Swept};

/// Plans `question` at every one of `points`, as [`ordered`] orders them, and tells `watch`, which
/// stops it by answering `false`: the front of what is known then is the answer.
///
/// # Errors
/// [`Failure::Documents`] when costs at these weights could not be reckoned with; else as
/// [`super::morning::plan`].
pub fn front(
    question: &Question,
    previous: Option<&Plan>,
    points: &[Weights],
    settings: &Settings,
    watch: &mut dyn FnMut(&Stage<'_>) -> bool,
) -> Result<(Front, Swept), Failure> {
    let most = |weight: fn(&Weights) -> u32| points.iter().map(weight).max().unwrap_or(0);
    let heaviest = Weights {
        lambda_urgency: most(|point| point.lambda_urgency),
        lambda_client_value: most(|point| point.lambda_client_value),
    };
    checked(&question.scenario, heaviest).map_err(|issues| too_heavy(question, issues))?;
    let digest = digest(&question.scenario, previous);
    let order = Order { work: &question.work, previous, points, settings, digest: &digest };
    let swept = whatif::front(&order, watch).map_err(|refusal| {
        let (count, weights) = (points.len(), question.work.policy.weights());
        let mut hear = |progress: &Progress| {
            watch(&Stage { place: 1, count, weights, event: Event::Searching(progress) })
        };
        let pins = matches!(refusal, Refusal::Impossible(_))
            .then(|| reasons::conflicting_pins(question, previous, &mut hear))
            .flatten();
        refused(refusal, pins)
    })?;
    let front = Front {
        format: FRONT_FORMAT.to_owned(),
        about: question.scenario.about.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        digest,
        seed: settings.seed,
        lanes: settings.lanes,
        policy: question.work.policy.weights(),
        asked: points.to_vec(),
        points: swept.points.iter().map(|point| point.row.clone()).collect(),
    };
    Ok((front, swept))
}

/// `question` at the weights that `plan` records, if it records any: what explains that plan or
/// changes it has to weigh as it does.
///
/// # Errors
/// [`Failure::Documents`] when costs at these weights could not be reckoned with.
pub fn weighed(question: Question, plan: &Plan) -> Result<Question, Failure> {
    let Some(weights) = plan.weights.filter(|own| *own != question.work.policy.weights()) else {
        return Ok(question);
    };
    match checked(&question.scenario, weights) {
        Ok((scenario, work)) => Ok(Question { scenario, work, ..question }),
        Err(issues) => Err(too_heavy(&question, issues)),
    }
}

/// Where plans record different weights, takes these and the prices at them away, so that all are
/// priced at those of the scenario; whether it did.
pub fn put_on_one_scale(question: &Question, plans: &mut [Plan]) -> bool {
    let policy = question.work.policy.weights();
    let weights = |plan: &Plan| plan.weights.unwrap_or(policy);
    let differ = plans.windows(2).any(|pair| weights(&pair[0]) != weights(&pair[1]));
    for plan in plans.iter_mut().filter(|_| differ) {
        (plan.weights, plan.cost, plan.bound) = (None, None, None);
        plan.prices.clear();
        plan.unserved.iter_mut().for_each(|unserved| unserved.price = None);
    }
    differ
}

/// Whether costs at the weights that `plan` records can be reckoned with.
pub(super) fn is_light(question: &Question, plan: &Plan) -> bool {
    plan.weights.is_none_or(|weights| checked(&question.scenario, weights).is_ok())
}

/// The scenario at other weights, as stated and as resolved.
fn checked(scenario: &Scenario, weights: Weights) -> Result<(Scenario, Work), Issues> {
    let policy = scenario.policy.clone().weighed(weights);
    let scenario = Scenario { policy, ..scenario.clone() };
    check::check(&scenario).map(|(work, _)| (scenario, work))
}

fn too_heavy(question: &Question, issues: Issues) -> Failure {
    Failure::Documents(vec![(question.text.clone(), issues)])
}
