//! The morning dispatch run: from a question to a verified plan, or to the reason why not.

use super::documents::Question;
use super::{Failure, reasons};
use crate::calendar::Label;
use crate::exchange::digest::digest;
use crate::model::plan::Plan;
use crate::planning::{self, Refusal};

pub use crate::planning::{Answer, Budget, Progress, Settings};

/// Plans `question`. `watch` is told how far the search is and stops it by answering `false`; the
/// best plan found until then is the answer.
///
/// # Errors
/// [`Failure::Refused`], [`Failure::Unsound`], [`Failure::Outside`].
pub fn plan(
    question: &Question,
    previous: Option<&Plan>,
    settings: &Settings,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Answer, Failure> {
    let digest = digest(&question.scenario, previous);
    planning::plan(&question.work, previous, settings, &digest, watch).map_err(|refusal| {
        let pins = matches!(refusal, Refusal::Impossible(_))
            .then(|| reasons::conflicting_pins(question, previous, watch))
            .flatten();
        refused(refusal, pins)
    })
}

/// Why there is no plan, with the pins that conflict where they are the reason.
pub(super) fn refused(refusal: Refusal, pins: Option<Label>) -> Failure {
    match refusal {
        Refusal::Impossible(tickets) => {
            let names = tickets.join(", ");
            let advice = pins.unwrap_or_else(|| {
                Label::new(
                    "请检查其进度、锁定、冻结及经办人的请假，或延后计划终点",
                    "look at their progress, pins and freeze and at the absences of their people, \
                     or move the horizon",
                )
            });
            Failure::Refused(Label::new(
                format!("没有可行的计划：以下工单已经开始，却无法排完：{names}。{}", advice.zh),
                format!(
                    "no plan is possible: these tickets are under way and cannot be finished: \
                     {names}; {}",
                    advice.en
                ),
            ))
        }
        Refusal::Unsound(report) => Failure::Unsound(report),
        Refusal::Threads(reason) => Failure::Outside(Label::new(
            format!("系统不给线程：{reason}"),
            format!("the system refuses threads: {reason}"),
        )),
    }
}
