//! What may happen to a ticket: from how it stands and what is asked to what is put on record, or
//! the reason why not. Pure: the same life, wish and rules give the same answer.

mod allocation;
mod beside;
mod client;
mod delivery;
mod intake;

use std::collections::BTreeSet;

pub use beside::approver;
pub use delivery::deletable;

use super::life::stage::is_open_to;
use super::life::{Happening, Life};
use super::refusal::{Decision, Refusal};
use super::staffing::Hand;
use crate::calendar::Label;
use crate::policy::desk::{Approval, Post, PreCheck, Source};

/// Years an urgent service's file is kept at least (R077).
pub const KEPT_YEARS: i64 = 3;

/// What the firm has laid down for the ticket's service; [`Rules::of`] takes it from the policy.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// What is ticked before a result goes out (R082).
    pub checklist: Vec<String>,
    /// How results are delivered, in this order (R087).
    pub delivery: Vec<String>,
    /// Those of them that have the number of a parcel (R087).
    pub tracked: Vec<String>,
    /// The files a result consists of (R085).
    pub results: Vec<String>,
    /// What a driver begins with (R183).
    pub kick_off: Vec<String>,
    /// The material the service needs (R027).
    pub materials: Vec<String>,
    /// What of it the authority may begin without (R091).
    pub tolerable: Vec<String>,
    /// What rules say of the scans of its material (R058).
    pub prechecks: Vec<PreCheck>,
    /// Who approves which amounts of the service: the first row that fits (R052).
    pub approvals: Vec<Approval>,
    /// The amount that its ticket states of what is approved, in fen; none where nobody has (R052).
    pub stated_fen: Option<i64>,
    /// The regulation in force that results are checked against (R049).
    pub regulation: Option<String>,
    /// What people call the tier of its client, where nobody comes to him on site by it (R113).
    pub without_on_site: Option<Label>,
    /// How many messages the client may get today (R073).
    pub budget: Option<Budget>,
    /// When it is to be handed in by the plan; as soon as it is owed where that is not known (R030).
    pub handed_in_ms: Option<i64>,
    /// The digest of the confirmation that the client signs (R085); any, where it is not known.
    pub confirmation: Option<String>,
    /// Those who are to have it, where that is looked at.
    pub hands: Vec<Hand>,
    /// The ticket that has to be done before work on it begins, and for which service (R009).
    pub first: Option<(String, Label)>,
    /// Whom the department that has it comes before, where somebody else is to drive it.
    pub elsewhere: Option<Elsewhere>,
    /// Traces on file in the place of steps that its urgent track leaves out (R054).
    pub evidence: Vec<Source>,
    /// Years its file is kept; never less than [`KEPT_YEARS`].
    pub kept_years: i64,
}

/// Who could drive a ticket beside the department that has it, somebody of which has the time (R189).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Elsewhere {
    /// Who of that department.
    pub free: String,
    /// Those of the others.
    pub people: Vec<String>,
}

/// How many messages a client gets beside what he asked for and what he gets every day (R073).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// So many.
    pub most: u32,
    /// From this moment on: midnight.
    pub since_ms: i64,
}

/// Who asks, and when.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asker {
    /// Who.
    pub actor: String,
    /// Whether he decides what two have rejected (R192).
    pub is_manager: bool,
    /// Whether the program that speaks for him is the one that spoke for who checked or asked
    /// before him: one program is not two pairs of eyes (R081).
    pub is_through_the_same: bool,
    /// The posts he holds.
    pub posts: BTreeSet<Post>,
    /// When, in milliseconds of UTC since 1970.
    pub now_ms: i64,
}

/// What is put on record when `asker` says that `wish` happened: it, and what follows from it.
///
/// # Errors
/// [`Refusal`], the first thing in the way.
pub fn decide(life: &Life, wish: Happening, rules: &Rules, asker: &Asker) -> Decision {
    if is_consequence(&wish) {
        return Err(Refusal::Consequence);
    }
    if !is_open_to(life.stage, &wish) {
        return Err(Refusal::Stage(life.stage));
    }
    guarded(life, &wish, rules, asker).or_else(|refusal| {
        let is_set_aside = life.beside.is_set_aside(refusal.code(), asker.now_ms);
        if is_set_aside { Ok(()) } else { Err(refusal) }
    })?;
    let mut after = life.clone();
    after.apply(asker.now_ms, &asker.actor, &wish);
    let mut happenings = vec![wish];
    for expired in intake::expired(&after, &happenings[0]) {
        after.apply(asker.now_ms, &asker.actor, &expired);
        happenings.push(expired);
    }
    happenings.extend(intake::consequence(&after));
    happenings.extend(allocation::consequence(life, &after));
    happenings.extend(client::consequence(life, &happenings[0], asker.now_ms));
    happenings.extend(delivery::consequence(life, &happenings[0]));
    happenings.extend(intake::prechecked(&happenings[0], rules, asker.now_ms));
    Ok(happenings)
}

/// What follows from other things by itself is never claimed.
fn is_consequence(wish: &Happening) -> bool {
    matches!(
        wish,
        Happening::ManagerAsked {}
            | Happening::ClientLate { .. }
            | Happening::WaitBegun { for_material: true, .. }
            | Happening::WaitOver { for_material: true, .. }
    )
}

fn guarded(life: &Life, wish: &Happening, rules: &Rules, asker: &Asker) -> Result<(), Refusal> {
    match wish {
        Happening::Assessed(_)
        | Happening::Redirected { .. }
        | Happening::Weighed { .. }
        | Happening::MaterialReceived { .. }
        | Happening::MaterialJudged { .. }
        | Happening::Quoted { .. }
        | Happening::Accepted { .. }
        | Happening::PromiseMoved { .. } => intake::guard(life, wish, rules, asker),
        Happening::Dispatched(_)
        | Happening::Reassigned { .. }
        | Happening::Acknowledged {}
        | Happening::Rejected { .. }
        | Happening::OwnerChangeAsked { .. }
        | Happening::Begun {} => allocation::guard(life, wish, rules, asker),
        Happening::WaitBegun { .. }
        | Happening::WaitOver { .. }
        | Happening::AnomalyRaised { .. }
        | Happening::AnomalyAnswered { .. }
        | Happening::Returned { .. }
        | Happening::SelfChecked { .. }
        | Happening::Reviewed { .. }
        | Happening::Delivered { .. }
        | Happening::Signed { .. }
        | Happening::Surveyed(_)
        | Happening::Archived { .. }
        | Happening::CalledOff { .. } => delivery::guard(life, wish, rules, asker),
        Happening::Contacted(_)
        | Happening::Refused { .. }
        | Happening::MaterialAsked { .. }
        | Happening::ManagerAsked {}
        | Happening::LookedBack { .. } => Ok(()),
        Happening::MaterialPrechecked { .. }
        | Happening::ClientDue { .. }
        | Happening::ClientLate { .. }
        | Happening::VisitProposed { .. }
        | Happening::VisitAgreed {}
        | Happening::VisitMade {}
        | Happening::CallMissed {}
        | Happening::CallReturned {}
        | Happening::Linked { .. } => client::guard(life, wish, rules, asker),
        beside => beside::guard(life, beside, rules, asker),
    }
}

/// Goes on only where a moment that is named is to come.
fn to_come(at_ms: Option<i64>, asker: &Asker) -> Result<(), Refusal> {
    if at_ms.is_some_and(|at_ms| at_ms <= asker.now_ms) { Err(Refusal::Past) } else { Ok(()) }
}

fn said(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::NoReason) } else { Ok(()) }
}
