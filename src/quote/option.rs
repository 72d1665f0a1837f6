//! From a way to a verified option: its rows, what it costs whom, what its finish hangs on.

use super::Terms;
use super::accept::rests_on;
use super::excerpt::{Verified, verified};
use super::guest::Guest;
use super::say;
use super::ways::Way;
use crate::calendar::Label;
use crate::exchange::digest::digest_of_change;
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::plan::PlannedStep;
use crate::model::quote::{Displaced, FirmPrice, OptionKind, PathStep, QuotedOption};
use crate::model::ticket::{self, LinkKind, Track};
use crate::model::work::{Step, Ticket};
use crate::policy::{Asked, priced};
use crate::solver::bridge;
use crate::solver::schedule::Schedule;
use crate::time::{Money, Tick};
use crate::verify::{Report, TicketBill};

/// The option that `way` is; `Ok(None)` where it does not verify, which is a fault of the search
/// and never quoted.
///
/// # Errors
/// A ticket whose service has no price.
pub(super) fn quoted(
    guest: &Guest<'_>,
    terms: Terms<'_>,
    kind: OptionKind,
    way: &Way<'_>,
) -> Result<Option<QuotedOption>, Vec<Issue>> {
    let steps = own_rows(guest, &way.schedule);
    let moved = moved_rows(guest, way);
    let Ok(found) = verified(guest, &steps, &moved) else { return Ok(None) };
    let firm = firm_price(guest, &found);
    if firm.total_fen - firm.lateness_fen != way.cost {
        debug_assert!(false, "search and verifier agree on what an option costs");
        return Ok(None);
    }
    let is_urgent = guest.tickets.iter().any(|ticket| ticket.track == Track::Urgent);
    let displaced = displaced(guest, &found);
    let services = services(guest)?;
    let included = included(guest, terms);
    let asked = Asked {
        services: &services,
        urgent: is_urgent,
        included: &included,
        firm: &firm,
        overtime: say::overtime(guest, &way.schedule, &found),
        displaced: displaced.iter().map(|row| say::displaced(guest, row)).collect(),
        tools: say::tools(guest),
    };
    let price = priced(terms.policy, &asked).map_err(|service| vec![unpriced(guest, &service)])?;
    let mut team: Vec<String> = Vec::new();
    for person in steps.iter().flat_map(|row| &row.people) {
        if !team.contains(person) {
            team.push(person.clone());
        }
    }
    let mut option = QuotedOption {
        kind,
        track: if is_urgent { Track::Urgent } else { Track::Normal },
        finish: guest.work.zone.moment(way.finish),
        team,
        firm,
        price,
        displaced,
        digest: digest_of_change(guest.standing.digest(), &steps, &moved),
        rests_on: rests_on(guest.standing, &guest.tickets, &moved),
        steps,
        moved,
        path: path(guest, &way.schedule),
        reason: Label::default(),
        client: Label::default(),
    };
    option.reason = say::reason(&option);
    option.client = say::client(guest, &option);
    Ok(Some(option))
}

/// Of each ticket on the urgent track that one bought ahead pays for, how many of those are left.
fn included(guest: &Guest<'_>, terms: Terms<'_>) -> Vec<Option<u32>> {
    let left = |ticket: &ticket::Ticket| {
        terms.included.get(&ticket.id).copied().filter(|_| ticket.track == Track::Urgent)
    };
    guest.tickets.iter().map(left).collect()
}

fn unpriced(guest: &Guest<'_>, service: &str) -> Issue {
    let row = guest.tickets.iter().position(|t| t.service.as_deref() == Some(service));
    Issue::error(
        "P107",
        format!("$.tickets[{}].service", row.unwrap_or(0)),
        format!("服务“{service}”没有价目"),
        format!("service \"{service}\" has no row on the rate card"),
    )
    .hint("须在 policy 的 rates 中配置", "its price must be configured in `rates` of the policy")
}

fn services<'a>(guest: &'a Guest<'_>) -> Result<Vec<&'a str>, Vec<Issue>> {
    let service = |(row, ticket): (usize, &'a ticket::Ticket)| {
        ticket.service.as_deref().ok_or_else(|| {
            vec![Issue::error(
                "P108",
                format!("$.tickets[{row}]"),
                "工单没有写服务，无法定价",
                "the ticket names no service and cannot be priced",
            )]
        })
    };
    guest.tickets.iter().enumerate().map(service).collect()
}

fn own_rows(guest: &Guest<'_>, schedule: &Schedule<'_>) -> Vec<PlannedStep> {
    let steps = guest.ids().flat_map(|ticket| guest.problem.tickets[ticket].steps.iter());
    let row = |id: &Id<Step>| {
        let own = guest.own_row(*id)?;
        Some(bridge::planned(&guest.work, own, schedule, *id, schedule.place(*id)?))
    };
    steps.filter_map(row).collect()
}

fn moved_rows(guest: &Guest<'_>, way: &Way<'_>) -> Vec<PlannedStep> {
    let work = &guest.standing.work;
    let row = |id: &Id<Step>| {
        let place = way.schedule.place(*id)?;
        let mut row = bridge::planned(work, *id, &way.schedule, *id, place);
        // What the plan in force calls it, whatever is held for this quote.
        row.standing = crate::model::plan::Standing::Planned;
        Some(row)
    };
    way.moved.iter().filter_map(row).collect()
}

/// What the excerpt costs more with the option than without it.
fn firm_price(guest: &Guest<'_>, found: &Verified) -> FirmPrice {
    let own = |report: &Report| -> i64 {
        let rows = report.tickets.iter().take(guest.tickets.len());
        rows.map(|ticket| ticket.loss.weighted_fen.0).sum()
    };
    let lost =
        |report: &Report| report.bill.lateness.weighted_fen.0 + report.bill.unserved.weighted_fen.0;
    let (with, without) = (&found.with.bill, &found.without.bill);
    let lateness = own(&found.with);
    let others = lost(&found.with) - lateness - (lost(&found.without) - own(&found.without));
    let displacement = others + with.change_fen.0 - without.change_fen.0;
    let overtime = with.overtime_fen.0 - without.overtime_fen.0;
    let other = with.imbalance_fen.0 + with.preference_fen.0
        - without.imbalance_fen.0
        - without.preference_fen.0;
    FirmPrice {
        total_fen: lateness + displacement + overtime + other,
        lateness_fen: lateness,
        displacement_fen: displacement,
        overtime_fen: overtime,
        other_fen: other,
    }
}

/// Tickets of the plan whose finish or cost is another.
fn displaced(guest: &Guest<'_>, found: &Verified) -> Vec<Displaced> {
    let zone = guest.work.zone;
    let count = guest.tickets.len();
    let pairs = found.with.tickets.iter().zip(&found.without.tickets).skip(count);
    let row = |(new, old): (&TicketBill, &TicketBill)| {
        let (new_finish, old_finish) = (new.finish?, old.finish?);
        let stays = new_finish == old_finish && new.loss == old.loss;
        (!stays).then(|| Displaced {
            ticket: new.ticket.clone(),
            old_finish: zone.moment(old_finish),
            new_finish: zone.moment(new_finish),
            promised: None,
            old_cost_fen: Money(old.loss.weighted_fen.0),
            new_cost_fen: Money(new.loss.weighted_fen.0),
        })
    };
    pairs.filter_map(row).collect()
}

/// The steps that the finish hangs on: back from the last one to whatever it had to wait for last.
fn path(guest: &Guest<'_>, schedule: &Schedule<'_>) -> Vec<PathStep> {
    let problem = schedule.problem;
    let end = |step: &Id<Step>| schedule.place(*step).map(|place| place.end);
    let last = |tickets: &mut dyn Iterator<Item = Id<Ticket>>| {
        let steps = tickets.flat_map(|ticket| problem.tickets[ticket].steps.iter().copied());
        steps.filter(|step| end(step).is_some()).max_by_key(|step| (end(step), *step))
    };
    let mut path = Vec::new();
    let mut next = last(&mut guest.ids());
    while let Some(step) = next {
        let (Some(own), Some(place)) = (guest.own_row(step), schedule.place(step)) else { break };
        path.push(PathStep {
            step: guest.work.steps[own].key.clone(),
            start: guest.work.zone.moment(place.start),
            end: guest.work.zone.moment(place.end),
            by: by(guest, own),
        });
        let over = |link: &&crate::problem::Link| -> Option<Tick> {
            let place = schedule.place(link.step)?;
            let event = if link.kind == LinkKind::FinishStart { place.end } else { place.start };
            problem.lag_end(link.lag, event)
        };
        let binding = problem.steps[step].before.iter().max_by_key(over);
        next = binding.map(|link| link.step).or_else(|| {
            let ticket = problem.steps[step].ticket;
            let mut own = guest.ids().filter(|id| problem.tickets[ticket].after.contains(id));
            last(&mut own)
        });
    }
    path.reverse();
    path
}

/// Who does a step of the guest outside the firm, by the template it comes from.
fn by(guest: &Guest<'_>, own: Id<Step>) -> Option<Label> {
    template(guest, own)?.by.clone()
}

/// The template of a step of the guest, its own or that of a service.
pub(super) fn template<'a>(guest: &'a Guest<'_>, own: Id<Step>) -> Option<&'a ticket::Step> {
    let row = &guest.work.steps[own];
    let asked = guest.tickets.get(row.ticket.index())?;
    let stated = asked.steps.iter().find(|step| step.id == row.name);
    let of = |service: &'a ticket::Service, name: &str| {
        let urgent = service.urgent.as_ref().filter(|_| asked.track == Track::Urgent);
        urgent.unwrap_or(&service.normal).iter().find(|step| step.id == name)
    };
    stated.or_else(|| {
        guest.frame.services.iter().find_map(|service| {
            let prefix = row.name.strip_prefix(&service.id).and_then(|n| n.strip_prefix('.'));
            let is_own = asked.service.as_ref() == Some(&service.id);
            match prefix {
                Some(name) => of(service, name),
                None => of(service, &row.name).filter(|_| is_own),
            }
        })
    })
}
