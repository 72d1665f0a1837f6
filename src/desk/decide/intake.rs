//! Intake, triage, feasibility, promise.

use super::{Asker, Rules};
use crate::desk::clock::Wait;
use crate::desk::life::{Assessment, Feasible, Happening, Life, Material};
use crate::desk::refusal::Refusal;

pub(super) fn guard(
    life: &Life,
    wish: &Happening,
    rules: &Rules,
    asker: &Asker,
) -> Result<(), Refusal> {
    match wish {
        Happening::Assessed(assessment) => answered(assessment),
        Happening::Redirected { slack_ms } if slack_ms.is_none_or(|slack| slack < 0) => {
            Err(Refusal::NoSlack)
        }
        Happening::MaterialReceived { items } => {
            let unknown = items.iter().find(|item| !life.material.contains_key(*item));
            unknown.map_or(Ok(()), |item| Err(Refusal::UnknownItem(item.clone())))
        }
        Happening::MaterialJudged { item, found, expires_ms } => {
            if !life.material.contains_key(item) {
                return Err(Refusal::UnknownItem(item.clone()));
            }
            // R091: begun without it only where the firm's list says that this is possible.
            let is_listed = rules.materials.contains(item) && !rules.tolerable.contains(item);
            if *found == Material::Tolerated && is_listed {
                return Err(Refusal::NotTolerable(item.clone()));
            }
            // R030: valid on the day it is handed in, which is no later than what is promised.
            let needed = life.owed_ms().unwrap_or(asker.now_ms);
            let expires = expires_ms.is_some_and(|expires| expires <= needed.max(asker.now_ms));
            let is_refused = *found == Material::Complete && expires;
            if is_refused { Err(Refusal::Expires(item.clone())) } else { Ok(()) }
        }
        Happening::Quoted { .. } if life.feasible == Some(Feasible::No) => Err(Refusal::Infeasible),
        Happening::Accepted { quote, .. } if life.quote.as_ref() != Some(quote) => {
            Err(Refusal::OtherQuote)
        }
        Happening::Accepted { plan, .. } if plan.trim().is_empty() => Err(Refusal::NoPlan),
        _ => Ok(()),
    }
}

/// The three questions (R003), and a date in place of "as soon as possible" (R006).
fn answered(assessment: &Assessment) -> Result<(), Refusal> {
    let blank = |text: &str| text.trim().is_empty();
    if assessment.wished_ms.is_none() && assessment.needed_ms.is_none() {
        return Err(Refusal::Unanswered("截止日期 / by when"));
    }
    if assessment.has_notice && assessment.needed_ms.is_none() {
        return Err(Refusal::Unanswered("通知所写的日期 / the date of the notice"));
    }
    if blank(&assessment.stuck_at) {
        return Err(Refusal::Unanswered("卡在哪个环节 / where it is stuck"));
    }
    if blank(&assessment.reach_today) {
        return Err(Refusal::Unanswered("今天材料齐全最快走到哪步 / how far it gets today"));
    }
    Ok(())
}

/// Material that is not complete lets the ticket wait for the client, and no longer than that
/// (R029).
pub(super) fn consequence(before: &Life, after: &Life) -> Option<Happening> {
    if before.material == after.material {
        return None;
    }
    let lacking = |item: &crate::desk::life::Item| {
        matches!(item.found, Some(Material::Invalid | Material::Supplement)) && !item.is_in
    };
    let is_lacking = after.material.values().any(lacking);
    let (wait, is_waiting) = (Wait::Client, after.waits.contains(&Wait::Client));
    match (is_lacking, is_waiting) {
        (true, false) => Some(Happening::WaitBegun { wait }),
        (false, true) => Some(Happening::WaitOver { wait }),
        _ => None,
    }
}
