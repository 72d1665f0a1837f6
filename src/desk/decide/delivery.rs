//! While work goes on and when it goes out: waits, anomalies, the two reviews, delivery, archive.

use super::allocation::goes_on;
use super::{Asker, KEPT_YEARS, Rules, said, to_come};
use crate::desk::clock::Wait;
use crate::desk::life::{Billing, Happening, Item, Life, Material, Rating, Stage};
use crate::desk::refusal::Refusal;
use crate::policy::desk::Post;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

pub(super) fn guard(
    life: &Life,
    wish: &Happening,
    rules: &Rules,
    asker: &Asker,
) -> Result<(), Refusal> {
    match wish {
        Happening::WaitBegun { wait, .. } if waits(life, *wait) => Err(Refusal::Waiting(*wait)),
        Happening::WaitBegun { until_ms, .. } => to_come(*until_ms, asker),
        Happening::WaitOver { wait, .. } if !waits(life, *wait) => Err(Refusal::Waiting(*wait)),
        Happening::AnomalyRaised { .. } if life.anomaly.is_some() => Err(Refusal::OpenAnomaly),
        Happening::AnomalyRaised { what, until_ms } => to_come(*until_ms, asker).and(said(what)),
        Happening::AnomalyAnswered { .. } if life.anomaly.is_none() => Err(Refusal::NoAnomaly),
        Happening::AnomalyAnswered { cause, remedy, is_client_told } => {
            let is_whole = *is_client_told && !cause.trim().is_empty() && !remedy.trim().is_empty();
            if !is_whole {
                return Err(Refusal::HalfAnswer);
            }
            // R187: as long as it cannot go on, marketing alone speaks to the client.
            let is_blocked = life.beside.block.is_some();
            if is_blocked { super::beside::holds(asker, Post::Marketing) } else { Ok(()) }
        }
        Happening::Returned { reason, .. } => said(reason),
        Happening::CalledOff { reason, .. } => {
            // The client has its result, or is about to: what that costs is for the manager.
            let is_late = matches!(life.stage, Stage::Reviewed | Stage::Delivered);
            if is_late && !asker.is_manager { Err(Refusal::LateEnd) } else { said(reason) }
        }
        Happening::SelfChecked { items } => {
            goes_on(life, asker)?;
            is_finished(life, rules)?;
            is_in_force(life, rules, asker)?;
            ticked(rules, items)
        }
        Happening::Reviewed { items } => reviewed(life, items, rules, asker),
        Happening::Delivered { steps, tracking } => {
            is_finished(life, rules)?;
            // What came into force since the review counts, too.
            super::beside::is_cleared(life, rules)?;
            handed_over(life, rules, (steps, tracking.as_deref()))
        }
        Happening::Signed { digest } => {
            is_outside(life, asker)?;
            // What is signed is what was confirmed, as it stands now.
            let is_it = rules.confirmation.is_none() || *digest == rules.confirmation;
            if is_it { Ok(()) } else { Err(Refusal::OtherConfirmation) }
        }
        Happening::Surveyed(Rating { timeliness, communication, result }) => {
            is_outside(life, asker)?;
            let fits = [timeliness, communication, result].iter().all(|one| (1..=5).contains(*one));
            if fits { Ok(()) } else { Err(Refusal::Rating) }
        }
        Happening::Archived { keep_until_ms } => {
            // What was called off has a file from the promise on, which is filed away once (R077).
            let is_filed = life.promise.is_none() || life.keep_until_ms.is_some();
            if life.stage == Stage::CalledOff && is_filed {
                return Err(Refusal::Stage(life.stage));
            }
            // So many years hold one leap day in four at most, and one more.
            let years = rules.kept_years.max(KEPT_YEARS);
            let days = years * 365 + years / 4 + 1;
            let ended = life.signed_ms.or(life.beside.called_off_ms).unwrap_or(asker.now_ms);
            let least = ended + days * DAY_MS;
            if *keep_until_ms >= least { Ok(()) } else { Err(Refusal::Retention(years)) }
        }
        _ => Ok(()),
    }
}

/// Whether nothing is open any more.
fn is_finished(life: &Life, rules: &Rules) -> Result<(), Refusal> {
    if life.anomaly.is_some() {
        return Err(Refusal::OpenAnomaly);
    }
    if let Some(block) = &life.beside.block {
        return Err(Refusal::Blocked(block.reason.clone()));
    }
    if let Some(wait) = life.waits.first() {
        return Err(Refusal::Waiting(*wait));
    }
    let unfiled = rules.evidence.iter().find(|source| !life.beside.sources.contains(source));
    if let Some(source) = unfiled {
        return Err(Refusal::NoEvidence(*source));
    }
    let missing = life.material.iter().filter(|(_, item)| !item.is_done());
    let unasked = rules.materials.iter().filter(|name| !life.material.contains_key(*name));
    let missing: Vec<String> = missing.map(|(name, _)| name).chain(unasked).cloned().collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::MaterialMissing(missing)) }
}

/// R085, R087: with the files of its result on record and the number of its parcel, in the order
/// laid down. The order comes last, as it alone may be set aside.
fn handed_over(
    life: &Life,
    rules: &Rules,
    (steps, tracking): (&[String], Option<&str>),
) -> Result<(), Refusal> {
    let unfiled = rules.results.iter().filter(|name| !life.beside.documents.contains_key(*name));
    let unfiled: Vec<String> = unfiled.cloned().collect();
    if !unfiled.is_empty() {
        return Err(Refusal::NoResult(unfiled));
    }
    let tracked = steps.iter().find(|step| rules.tracked.contains(step));
    let is_numbered = tracking.is_some_and(|number| !number.trim().is_empty());
    if let Some(step) = tracked.filter(|_| !is_numbered) {
        return Err(Refusal::NoTracking(step.clone()));
    }
    let is_in_order = *steps == rules.delivery;
    if is_in_order { Ok(()) } else { Err(Refusal::DeliverySteps(rules.delivery.clone())) }
}

/// Whether it waits for this because somebody said so.
fn waits(life: &Life, wait: Wait) -> bool {
    if wait == Wait::Client { life.is_awaiting } else { life.waits.contains(&wait) }
}

/// Nobody signs for a client, or rates, what he worked on himself (R086, R088).
fn is_outside(life: &Life, asker: &Asker) -> Result<(), Refusal> {
    let is_his = life
        .crew
        .as_ref()
        .is_some_and(|crew| [&crew.driver, &crew.liaison, &crew.reviewer].contains(&&asker.actor));
    if is_his || life.drove.contains(&asker.actor) { Err(Refusal::OwnWord) } else { Ok(()) }
}

/// Whether all material is still in force when it is handed in (R030).
fn is_in_force(life: &Life, rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    let handed_in = rules.handed_in_ms.unwrap_or(asker.now_ms).max(asker.now_ms);
    let is_old = |item: &Item| {
        item.found == Some(Material::Complete)
            && item.expires_ms.is_some_and(|expires| expires <= handed_in)
    };
    match life.material.iter().find(|(_, item)| is_old(item)) {
        Some((name, _)) => Err(Refusal::Expires(name.clone())),
        None => Ok(()),
    }
}

/// R081: by somebody else than who did it, now or before, and through another program.
fn reviewed(life: &Life, items: &[String], rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    let is_his = life.checked_by.as_ref() == Some(&asker.actor)
        || life.drove.contains(&asker.actor)
        || asker.is_through_the_same;
    if is_his {
        return Err(Refusal::OwnReview);
    }
    let reviewer = life.crew.as_ref().map_or("", |crew| crew.reviewer.as_str());
    if reviewer != asker.actor {
        return Err(Refusal::NotReviewer(reviewer.to_owned()));
    }
    is_finished(life, rules)?;
    super::beside::is_cleared(life, rules)?;
    ticked(rules, items)
}

fn ticked(rules: &Rules, items: &[String]) -> Result<(), Refusal> {
    let left = rules.checklist.iter().filter(|item| !items.contains(item));
    let left: Vec<String> = left.cloned().collect();
    if left.is_empty() { Ok(()) } else { Err(Refusal::Unticked(left)) }
}

/// What was done of a ticket that is called off is what its client owes, less what he paid; a bill
/// that says otherwise is made anew, if need be over nothing.
pub(super) fn consequence(before: &Life, wish: &Happening) -> Option<Happening> {
    let Happening::CalledOff { settled: Some(settled), .. } = wish else { return None };
    let amount_fen = settled.billed_fen.saturating_sub(before.beside.paid_fen).max(0);
    let is_other = before.beside.owed_fen.unwrap_or(0) != amount_fen;
    let replaces_fen = before.beside.owed_fen;
    is_other.then_some(Happening::Billed(Billing { amount_fen, replaces_fen }))
}

/// Whether nothing forbids deleting the file of a ticket (R077).
///
/// # Errors
/// [`Refusal::Kept`] until the date it is kept to, and while no date says that it may go.
pub fn deletable(life: &Life, now_ms: i64) -> Result<(), Refusal> {
    match life.keep_until_ms {
        Some(until) if until <= now_ms => Ok(()),
        until => Err(Refusal::Kept(until)),
    }
}
