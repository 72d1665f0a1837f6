//! What is asked, brought into the compiled question of the plan in force: its tickets on one
//! track, what may move and what may not.

use super::chain::soonest;
use super::lent::Lent;
use super::standing::Standing;
use crate::id::Id;
use crate::model::check;
use crate::model::issue::{Issue, has_errors};
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::model::ticket::{self, Track};
use crate::model::work::{Step, Ticket, Work};
use crate::problem::{Curve, extend};
use crate::time::{Money, Tick};

/// What an hour beyond the wish counts in the search for a way to keep it, in fen: more than any
/// hour of overtime costs.
const DRIVE_PER_HOUR: Money = Money(10_000_000);

/// Tickets that ask to be let in.
pub(super) struct Guest<'s> {
    pub(super) standing: &'s Standing,
    /// As asked, on this track.
    pub(super) tickets: Vec<ticket::Ticket>,
    /// The scenario with them alone and what they name.
    pub(super) frame: Scenario,
    /// That, resolved; they come first.
    pub(super) work: Work,
    /// The compiled question with them.
    pub(super) problem: Lent<'s>,
    /// Tickets of the plan that they replace.
    pub(super) withdrawn: Vec<Id<Ticket>>,
    /// The earliest finish by their own order of steps; `None` where they can never be served.
    pub(super) floor: Option<Tick>,
    /// When they are wanted.
    pub(super) wish: Option<Tick>,
}

impl<'s> Guest<'s> {
    /// Brings the tickets of `request` in on `track`, or on their own where none is given; nothing
    /// of them starts before `at`, and nothing that starts before `at` and the freeze moves.
    ///
    /// # Errors
    /// All that is wrong with them, by their place in the request.
    pub(super) fn new(
        standing: &'s Standing,
        request: &Request,
        track: Option<Track>,
        at: Tick,
    ) -> Result<Guest<'s>, Vec<Issue>> {
        let mut tickets = request.tickets.clone();
        for ticket in &mut tickets {
            ticket.track = track.unwrap_or(ticket.track);
            ticket.batch = None;
        }
        let withdrawn = withdrawn(standing, &tickets, at)?;
        let frame = framed(standing, &tickets);
        let (work, _) = check::check(&frame).map_err(|issues| own(issues, &tickets))?;
        let known = |id: Id<Ticket>| standing.work.ticket(&work.tickets[id].key);
        let mut problem = standing.copies.lend(&standing.problem);
        extend(&mut problem, &standing.problem, &work, tickets.len(), &known);
        let zone = work.zone;
        let wish = request.wish.requested.or(request.wish.needed);
        let wish = wish
            .map(|moment| zone.tick(moment))
            .transpose()
            .map_err(|gap| vec![Issue::error("S104", "$.wish", gap.zh, gap.en)])?;
        let dues = tickets.len();
        let due = work.tickets.iter().take(dues).filter_map(|ticket| ticket.due).max();
        let (wish, floor) = (wish.or(due), None);
        let mut guest = Guest { standing, tickets, frame, work, problem, withdrawn, floor, wish };
        guest.hold(at);
        guest.floor = guest.earliest();
        guest.drive(at);
        Ok(guest)
    }

    /// Its tickets in the question.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id<Ticket>> + use<> {
        let first = self.standing.problem.tickets.len();
        (first..first + self.tickets.len()).map(Id::new)
    }

    /// The row in its own work of a step of the question that is one of its own.
    pub(super) fn own_row(&self, step: Id<Step>) -> Option<Id<Step>> {
        step.index().checked_sub(self.standing.problem.steps.len()).map(Id::new)
    }

    /// Holds what must not move, and lets go what is withdrawn.
    fn hold(&mut self, at: Tick) {
        let standing = self.standing;
        let (policy, as_of) = (&standing.work.policy, standing.work.as_of);
        let now = at.max(as_of);
        let from = now + i64::from(policy.freeze_minutes);
        for id in standing.problem.steps.ids() {
            let starts = standing.parked.places()[id].map(|place| place.start);
            if now > as_of && starts.is_some_and(|start| start < from) {
                self.problem.steps[id].frozen = true;
            }
        }
        for id in standing.problem.tickets.ids() {
            let row = &mut self.problem.tickets[id];
            // Whoever has a promise is not dropped for somebody new.
            row.must |= standing.finish(id).is_some();
            if now > as_of {
                row.release = row.release.max(from);
            }
        }
        for id in self.ids() {
            let row = &mut self.problem.tickets[id];
            row.must = true;
            row.release = row.release.max(now);
        }
        for id in &self.withdrawn {
            let row = &mut self.problem.tickets[*id];
            (row.must, row.unserved) = (false, 0);
            row.curves.clear();
            for step in row.steps.clone() {
                self.problem.steps[step].previous = None;
            }
        }
    }

    /// The earliest finish by the order of its steps; each of its tickets is released no earlier
    /// than those of them it comes after can end.
    fn earliest(&mut self) -> Option<Tick> {
        let first = self.standing.problem.tickets.len();
        let mut finish = None;
        for id in self.ids() {
            finish = finish.max(Some(soonest(&mut self.problem, id, first)?));
        }
        finish
    }

    /// Makes every hour beyond the wish, or beyond `at` where there is none, count in the search.
    fn drive(&mut self, at: Tick) {
        let after = self.wish.unwrap_or(at).max(self.floor.unwrap_or(at));
        for id in self.ids() {
            self.problem.tickets[id].curves.push(Curve {
                after,
                calendar: None,
                fixed: Money::ZERO,
                per_hour: DRIVE_PER_HOUR,
                per_day: Money::ZERO,
                cap: None,
                weight: 1000,
                churn: false,
            });
        }
    }

    /// Only what it really costs counts from now on.
    pub(super) fn undrive(&mut self) {
        for id in self.ids() {
            self.problem.tickets[id].curves.pop();
        }
    }
}

/// The scenario with `tickets` alone in its queue, and those of the plan that they name or that
/// may already carry what must come first for them.
fn framed(standing: &Standing, tickets: &[ticket::Ticket]) -> Scenario {
    let mut frame = standing.frame.clone();
    frame.tickets.extend_from_slice(tickets);
    let is_related = |other: &&ticket::Ticket| {
        let is_replaced = tickets.iter().any(|ticket| ticket.id == other.id);
        let is_near = |ticket: &ticket::Ticket| {
            ticket.after.contains(&other.id)
                || (ticket.client.is_some()
                    && ticket.client == other.client
                    && ticket.entity == other.entity
                    && other.service.is_some())
        };
        !is_replaced && tickets.iter().any(is_near)
    };
    let related = standing.scenario.tickets.iter().filter(is_related).cloned();
    frame.tickets.extend(related.map(|ticket| ticket::Ticket {
        after: Vec::new(),
        batch: None,
        ..ticket
    }));
    frame
}

/// Issues of the request's own tickets; of anything else one that says so.
fn own(issues: Vec<Issue>, tickets: &[ticket::Ticket]) -> Vec<Issue> {
    let inside = |issue: &Issue| {
        (0..tickets.len()).any(|row| issue.path.starts_with(&format!("$.tickets[{row}]")))
    };
    let own: Vec<Issue> = issues.iter().filter(|issue| inside(issue)).cloned().collect();
    if has_errors(&own) {
        return own;
    }
    issues.into_iter().map(|issue| Issue { path: "$".to_owned(), ..issue }).collect()
}

/// The tickets of the plan that `tickets` replace.
fn withdrawn(
    standing: &Standing,
    tickets: &[ticket::Ticket],
    at: Tick,
) -> Result<Vec<Id<Ticket>>, Vec<Issue>> {
    let mut issues = Vec::new();
    let mut found = Vec::new();
    for (row, ticket) in tickets.iter().enumerate() {
        let Some(id) = standing.work.ticket(&ticket.id) else { continue };
        let old = &standing.problem.tickets[id];
        let places = standing.parked.places();
        let begun = old.steps.iter().any(|step| {
            let is_early = places[*step].is_some_and(|place| place.start < at);
            standing.problem.steps[*step].frozen || is_early
        });
        if old.begun || begun {
            issues.push(Issue::error(
                "Q101",
                format!("$.tickets[{row}].id"),
                "该工单已经开始或在冻结期内，不能改",
                "this ticket is under way or frozen and cannot be changed by a quote",
            ));
        } else if !old.before.is_empty() || !old.mates.is_empty() {
            issues.push(Issue::error(
                "Q102",
                format!("$.tickets[{row}].id"),
                "其他工单依赖该工单，不能单独改",
                "other tickets depend on this one, which cannot be changed alone",
            ));
        }
        found.push(id);
    }
    if issues.is_empty() { Ok(found) } else { Err(issues) }
}
