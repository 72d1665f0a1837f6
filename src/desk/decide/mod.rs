//! What may happen to a ticket: from how it stands and what is asked to what is put on record, or
//! the reason why not. Pure: the same life, wish and rules give the same answer.

mod allocation;
mod delivery;
mod intake;

use super::life::stage::is_open_to;
use super::life::{Happening, Life};
use super::refusal::{Decision, Refusal};

/// Years an urgent service's file is kept at least (R077).
pub const KEPT_YEARS: i64 = 3;

/// What the firm has laid down for the ticket's service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// What is ticked before a result goes out (R082).
    pub checklist: Vec<String>,
    /// How results are delivered, in this order (R087).
    pub delivery: Vec<String>,
}

/// Who asks, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asker {
    /// Who.
    pub actor: String,
    /// Whether he decides what two have rejected (R192).
    pub is_manager: bool,
    /// When, in milliseconds of UTC since 1970.
    pub now_ms: i64,
}

/// What is put on record when `asker` says that `wish` happened: it, and what follows from it.
///
/// # Errors
/// [`Refusal`], the first thing in the way.
pub fn decide(life: &Life, wish: Happening, rules: &Rules, asker: &Asker) -> Decision {
    if matches!(wish, Happening::ManagerAsked {}) {
        return Err(Refusal::Consequence);
    }
    if !is_open_to(life.stage, &wish) {
        return Err(Refusal::Stage(life.stage));
    }
    match &wish {
        Happening::Assessed(_)
        | Happening::Redirected { .. }
        | Happening::MaterialReceived { .. }
        | Happening::MaterialJudged { .. }
        | Happening::Quoted { .. }
        | Happening::Accepted { .. } => intake::guard(life, &wish, asker)?,
        Happening::Dispatched(_)
        | Happening::Acknowledged {}
        | Happening::Rejected { .. }
        | Happening::OwnerChangeAsked { .. }
        | Happening::Begun {} => allocation::guard(life, &wish, asker)?,
        Happening::WaitBegun { .. }
        | Happening::WaitOver { .. }
        | Happening::AnomalyRaised { .. }
        | Happening::AnomalyAnswered { .. }
        | Happening::Returned { .. }
        | Happening::SelfChecked { .. }
        | Happening::Reviewed { .. }
        | Happening::Delivered { .. }
        | Happening::Surveyed(_)
        | Happening::Archived { .. }
        | Happening::CalledOff { .. } => delivery::guard(life, &wish, rules, asker)?,
        Happening::Contacted {}
        | Happening::Refused { .. }
        | Happening::Weighed { .. }
        | Happening::MaterialAsked { .. }
        | Happening::ManagerAsked {}
        | Happening::Signed {}
        | Happening::LookedBack { .. } => {}
    }
    let mut after = life.clone();
    after.apply(asker.now_ms, &asker.actor, &wish);
    let mut happenings = vec![wish];
    happenings.extend(intake::consequence(life, &after));
    happenings.extend(allocation::consequence(life, &after));
    Ok(happenings)
}

fn said(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::NoReason) } else { Ok(()) }
}
