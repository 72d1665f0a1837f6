//! Acceptance: an option becomes the plan, whole or not at all. The plan it makes is verified
//! whole first, against the plan in force. Where that is another than the one it was quoted against,
//! it still becomes the plan if what it changes stands there as it did, and there is room for it: what
//! happened elsewhere takes nothing from whoever asked.

use super::Standing;
use crate::exchange::digest::{digest_of_change, digest_of_plan};
use crate::model::check;
use crate::model::plan::{Plan, PlannedStep};
use crate::model::quote::{OptionKind, Quote, QuotedOption};
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::model::ticket::Ticket;
use crate::policy::{Policy, RedLine};
use crate::time::Tick;
use crate::verify::{Report, verify};

/// An accepted option: scenario and plan belong together and replace those in force together.
#[derive(Debug)]
pub struct Accepted {
    /// The scenario with the request in its queue.
    pub scenario: Scenario,
    /// The plan, verified whole.
    pub plan: Plan,
    /// The digest of that plan.
    pub digest: String,
}

/// Why an acceptance is denied.
#[derive(Debug)]
pub enum Denied {
    /// The quote has expired.
    Expired,
    /// The plan in force is another than the one it was quoted against, and has no room for it, or
    /// not what it changes.
    PlanMoved,
    /// The quote has no such option.
    NoSuchOption,
    /// The option is not as it was quoted.
    Altered,
    /// The plan it would make breaks rules.
    Unsound(Box<Report>),
}

/// The plan that option `kind` of `quote` makes.
///
/// # Errors
/// Why not.
pub fn accepted(
    standing: &Standing,
    policy: &Policy,
    quote: &Quote,
    kind: OptionKind,
    at: Tick,
) -> Result<Accepted, Denied> {
    let expires = standing.work.zone.tick(quote.expires).map_err(|_| Denied::Altered)?;
    if at >= expires {
        return Err(Denied::Expired);
    }
    let option = quote.options.iter().find(|option| option.kind == kind);
    let option = option.ok_or(Denied::NoSuchOption)?;
    let due = digest_of_change(&quote.plan_digest, &option.steps, &option.moved);
    if option.digest != due {
        return Err(Denied::Altered);
    }
    let is_same = quote.plan_digest == standing.digest;
    if !is_same && rests_on(standing, &quote.request.tickets, &option.moved) != option.rests_on {
        return Err(Denied::PlanMoved);
    }
    // What another plan leaves no room for came too late, and is not at fault itself.
    let unless_moved = |denied| if is_same { denied } else { Denied::PlanMoved };
    let request = super::refusal(policy, &quote.request);
    let request = super::lawful(policy, &quote.request, request.as_ref()).ok_or(Denied::Altered)?;
    let scenario = scenario(standing, &request, option);
    let (work, _) = check::check(&scenario).map_err(|_| unless_moved(Denied::Altered))?;
    let mut plan = plan(standing, &request, option);
    let report = verify(&work, &plan, Some(&previous(standing, &request)));
    if !report.is_clean() {
        return Err(unless_moved(Denied::Unsound(Box::new(report))));
    }
    plan.cost = Some(report.bill);
    let digest = digest_of_plan(&plan);
    Ok(Accepted { scenario, plan, digest })
}

/// Names the rows of the plan in force that an option for `tickets` changes: those of the steps
/// `moved`, and of its own tickets where they are in it already. None where there are none.
pub(super) fn rests_on(
    standing: &Standing,
    tickets: &[Ticket],
    moved: &[PlannedStep],
) -> Option<String> {
    let is_changed = |row: &&PlannedStep| {
        let is_moved = moved.iter().any(|one| (&one.ticket, &one.step) == (&row.ticket, &row.step));
        is_moved || tickets.iter().any(|ticket| ticket.id == row.ticket)
    };
    let rows: Vec<PlannedStep> = standing.plan.steps.iter().filter(is_changed).cloned().collect();
    (!rows.is_empty()).then(|| digest_of_change("", &[], &rows))
}

/// `asked` with the service `instead` in every ticket that crosses `line`.
pub(super) fn instead(asked: &Request, line: &RedLine, instead: &str) -> Request {
    let mut request = asked.clone();
    for ticket in &mut request.tickets {
        if line.is_crossed_by(asked, ticket) {
            ticket.service = Some(instead.to_owned());
            ticket.steps.clear();
            ticket.adjust.clear();
        }
    }
    request
}

/// The tickets as the option serves them.
fn tickets<'a>(request: &'a Request, option: &'a QuotedOption) -> impl Iterator<Item = Ticket> {
    let is_normal = option.kind == OptionKind::NormalTrack;
    request.tickets.iter().cloned().map(move |mut ticket| {
        if is_normal {
            ticket.track = option.track;
        }
        ticket.batch = None;
        ticket
    })
}

/// The scenario in force with the request in its queue; a changed ticket keeps its place. Several
/// tickets of one request are one batch.
fn scenario(standing: &Standing, request: &Request, option: &QuotedOption) -> Scenario {
    let mut scenario = standing.scenario.clone();
    let batch = (request.tickets.len() > 1).then(|| request.tickets[0].id.clone());
    for mut ticket in tickets(request, option) {
        ticket.batch.clone_from(&batch);
        match scenario.tickets.iter_mut().find(|known| known.id == ticket.id) {
            Some(known) => *known = ticket,
            None => scenario.tickets.push(ticket),
        }
    }
    scenario
}

/// The plan in force, less what the request changes: what changes are held against.
fn previous(standing: &Standing, request: &Request) -> Plan {
    let mut plan = standing.plan.clone();
    let is_changed = |ticket: &str| request.tickets.iter().any(|row| row.id == ticket);
    plan.steps.retain(|row| !is_changed(&row.ticket));
    plan.unserved.retain(|row| !is_changed(&row.ticket));
    plan
}

/// The plan in force with the option's rows; what was proven or recorded of the old one is gone.
fn plan(standing: &Standing, request: &Request, option: &QuotedOption) -> Plan {
    let mut plan = previous(standing, request);
    let is = |one: &PlannedStep, other: &PlannedStep| {
        (&one.ticket, &one.step) == (&other.ticket, &other.step)
    };
    for row in &mut plan.steps {
        if let Some(moved) = option.moved.iter().find(|moved| is(moved, row)) {
            row.clone_from(moved);
        }
    }
    plan.steps.extend(option.steps.iter().cloned());
    Plan {
        released: Vec::new(),
        cost: None,
        bound: None,
        prices: Vec::new(),
        provenance: None,
        ..plan
    }
}
