//! Intake, triage, feasibility, promise.

use super::{Asker, Rules, said};
use crate::desk::clock::Wait;
use crate::desk::life::stage::is_open_to;
use crate::desk::life::{Assessment, BY_CONTRACT, Feasible, Happening, Item, Life, Material};
use crate::desk::precheck::{defects, found};
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
        Happening::Weighed { process, tools, risk, .. } => {
            [process, tools, risk].into_iter().try_for_each(|verdict| said(&verdict.evidence))
        }
        Happening::MaterialReceived { items, .. } => {
            let unknown = items.iter().find(|item| !is_on_the_list(life, rules, item));
            unknown.map_or(Ok(()), |item| Err(Refusal::UnknownItem(item.clone())))
        }
        Happening::MaterialJudged { item, found, expires_ms } => {
            if !is_on_the_list(life, rules, item) {
                return Err(Refusal::UnknownItem(item.clone()));
            }
            // R091: begun without it only where the firm's list says that this is possible.
            let is_listed = rules.materials.contains(item) && !rules.tolerable.contains(item);
            if *found == Material::Tolerated && is_listed {
                return Err(Refusal::NotTolerable(item.clone()));
            }
            // R030: valid on the day it is handed in, which is no later than what is promised.
            let needed = rules.handed_in_ms.or(life.owed_ms()).unwrap_or(asker.now_ms);
            let expires = expires_ms.is_some_and(|expires| expires <= needed.max(asker.now_ms));
            let is_refused = *found == Material::Complete && expires;
            if is_refused { Err(Refusal::Expires(item.clone())) } else { Ok(()) }
        }
        Happening::Quoted { .. } if life.feasible == Some(Feasible::No) => Err(Refusal::Infeasible),
        Happening::Accepted { quote, .. }
            if quote != BY_CONTRACT && life.quote.as_ref() != Some(quote) =>
        {
            Err(Refusal::OtherQuote)
        }
        Happening::Accepted { plan, .. } | Happening::PromiseMoved { plan, .. }
            if plan.trim().is_empty() =>
        {
            Err(Refusal::NoPlan)
        }
        _ => Ok(()),
    }
}

/// Whether an item was asked for, or is on the list of the service: that one is open from the
/// beginning (R027).
pub(super) fn is_on_the_list(life: &Life, rules: &Rules, item: &String) -> bool {
    life.material.contains_key(item) || rules.materials.contains(item)
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

/// Material that was asked for and is not there lets the ticket wait for the client until all of it
/// is; what else it waits for is not ended by it (R029, R248).
pub(super) fn consequence(after: &Life) -> Option<Happening> {
    let (wait, for_material) = (Wait::Client, true);
    match (after.is_lacking() && is_wanted(after), after.is_short) {
        (true, false) => Some(Happening::WaitBegun { wait, for_material, until_ms: None }),
        (false, true) => Some(Happening::WaitOver { wait, for_material }),
        _ => None,
    }
}

/// Whether material is still of use: until the result is looked over.
fn is_wanted(life: &Life) -> bool {
    let judged = Happening::MaterialAsked { items: Vec::new() };
    is_open_to(life.stage, &judged)
}

/// What was complete and is not in force any more when it is handed in by the date that is promised
/// (R030): it has to be brought anew.
pub(super) fn expired(after: &Life, wish: &Happening) -> Vec<Happening> {
    let Happening::Accepted { finish_ms, .. } = wish else { return Vec::new() };
    let is_old = |item: &Item| {
        item.found == Some(Material::Complete)
            && item.expires_ms.is_some_and(|expires| expires <= *finish_ms)
    };
    let old = after.material.iter().filter(|(_, item)| is_old(item));
    old.map(|(name, item)| Happening::MaterialJudged {
        item: name.clone(),
        found: Material::Invalid,
        expires_ms: item.expires_ms,
    })
    .collect()
}

/// What rules say of scans that came in, before anybody looks at them (R058).
pub(super) fn prechecked(wish: &Happening, rules: &Rules, now_ms: i64) -> Vec<Happening> {
    let Happening::MaterialReceived { items, sheets } = wish else { return Vec::new() };
    let told = |item: &String| {
        let rule = rules.prechecks.iter().find(|rule| rule.item == *item)?;
        let found = found(&defects(rule, sheets.get(item)?, now_ms));
        Some(Happening::MaterialPrechecked { item: item.clone(), found })
    };
    items.iter().filter_map(told).collect()
}
