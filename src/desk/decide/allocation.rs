//! Who has a ticket: dispatch, rejection, the manager's decision, another owner.

use super::{Asker, Elsewhere, Rules, said};
use crate::desk::life::{Crew, Happening, Life, PLAN, Stage};
use crate::desk::refusal::Refusal;

/// After so many rejections nobody is asked any more (R192).
const MOST_REJECTIONS: u32 = 2;

pub(super) fn guard(
    life: &Life,
    wish: &Happening,
    rules: &Rules,
    asker: &Asker,
) -> Result<(), Refusal> {
    match wish {
        Happening::Dispatched(crew) => {
            dispatched(life, crew, asker)?;
            are_able(rules, asker)?;
            // Whom a plan names, it found by the same rule.
            let is_asked = life.is_owner_leaving && asker.actor != PLAN && !asker.is_manager;
            is_of_department(crew, rules.elsewhere.as_ref().filter(|_| is_asked))
        }
        Happening::Reassigned { crew, reason } => {
            if life.crew.as_ref() == Some(crew) {
                return Err(Refusal::SameCrew);
            }
            fits(life, crew)?;
            are_able(rules, asker)?;
            let is_other = life.is_owner_leaving && !asker.is_manager;
            is_of_department(crew, rules.elsewhere.as_ref().filter(|_| is_other))?;
            said(reason)
        }
        Happening::Rejected { reason } => {
            is_driver(life, asker)?;
            said(reason)
        }
        Happening::OwnerChangeAsked { reason } => said(reason),
        Happening::Acknowledged {} => goes_on(life, asker),
        Happening::Begun {} => {
            goes_on(life, asker)?;
            let first = rules.first.clone();
            first.map_or(Ok(()), |(ticket, service)| Err(Refusal::ComesFirst(ticket, service)))
        }
        _ => Ok(()),
    }
}

fn dispatched(life: &Life, crew: &Crew, asker: &Asker) -> Result<(), Refusal> {
    if life.stage == Stage::ManagerDecision && !asker.is_manager {
        return Err(Refusal::ManagerOnly);
    }
    let is_taken =
        matches!(life.stage, Stage::Dispatched | Stage::Acknowledged | Stage::InProgress);
    if let Some(before) = life.crew.as_ref().filter(|_| is_taken && !life.is_owner_leaving) {
        return Err(Refusal::Taken(before.driver.clone()));
    }
    fits(life, crew)
}

/// Everybody is there, and can do what he is to do (R043). Whom a plan names, it found by its own
/// rules.
fn are_able(rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    for hand in rules.hands.iter().filter(|_| asker.actor != PLAN) {
        if !hand.is_there {
            return Err(Refusal::Nobody(hand.person.clone()));
        }
        if !hand.is_able {
            return Err(Refusal::Unable(hand.person.clone(), hand.part));
        }
    }
    Ok(())
}

/// The department that has it comes before the others, as long as somebody of it has the time
/// (R189).
fn is_of_department(crew: &Crew, elsewhere: Option<&Elsewhere>) -> Result<(), Refusal> {
    match elsewhere.filter(|elsewhere| elsewhere.people.contains(&crew.driver)) {
        Some(elsewhere) => Err(Refusal::OtherDepartment(elsewhere.free.clone())),
        None => Ok(()),
    }
}

/// Two pairs of eyes, and nobody who is not to have it.
fn fits(life: &Life, crew: &Crew) -> Result<(), Refusal> {
    if crew.driver == crew.reviewer {
        return Err(Refusal::SamePerson);
    }
    if life.drove.contains(&crew.reviewer) {
        return Err(Refusal::OwnReview);
    }
    if life.excluded.contains(&crew.driver) {
        return Err(Refusal::Excluded(crew.driver.clone()));
    }
    Ok(())
}

pub(super) fn is_driver(life: &Life, asker: &Asker) -> Result<(), Refusal> {
    let driver = life.crew.as_ref().map_or("", |crew| crew.driver.as_str());
    if driver == asker.actor { Ok(()) } else { Err(Refusal::NotDriver(driver.to_owned())) }
}

/// The driver says so, and nobody else is being sought for it (R189).
pub(super) fn goes_on(life: &Life, asker: &Asker) -> Result<(), Refusal> {
    is_driver(life, asker)?;
    if life.is_owner_leaving { Err(Refusal::Excluded(asker.actor.clone())) } else { Ok(()) }
}

/// The second rejection goes to the manager.
pub(super) fn consequence(before: &Life, after: &Life) -> Option<Happening> {
    let is_last = before.rejections < after.rejections && after.rejections >= MOST_REJECTIONS;
    is_last.then_some(Happening::ManagerAsked {})
}
