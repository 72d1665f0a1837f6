//! What a request is held against: tickets as they are kept, of which the fields it does not state
//! stay as they are, and people as they are now.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::Service;
use super::kept::Kept;
use super::refusal::Refusal;
use super::tickets::{TICKET, TicketFile};
use crate::app;
use crate::calendar::Label;
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::model::ticket::{Ticket, Track};

impl Service {
    /// `request` with all that is known of its tickets.
    pub(super) fn complete(&self, request: &Request) -> Result<Request, Refusal> {
        let mut request = request.clone();
        for ticket in &mut request.tickets {
            let kept: Option<Kept<TicketFile>> = self.find_if_any(TICKET, &ticket.id)?;
            if let Some(kept) = kept {
                *ticket = merged(&kept.document.ticket, ticket);
                self.adjust(ticket, kept.document.created_ms)?;
            }
        }
        Ok(request)
    }

    /// How often people and their absences have changed since the service began.
    pub(super) fn people_changes(&self) -> u64 {
        self.people.load(Ordering::Acquire)
    }

    /// Tells that somebody came, changed, is away or went: to be called once that is kept.
    pub(super) fn people_changed(&self) {
        self.people.fetch_add(1, Ordering::Release);
    }

    /// The scenario of a plan with people and absences as they are now.
    pub(super) fn with_people_now(&self, mut scenario: Scenario) -> Result<Scenario, Refusal> {
        scenario.people = self.people_now()?;
        let Scenario { people, tickets, clients, .. } = &mut scenario;
        let is_there = |key: &String| people.iter().any(|person| person.id == *key);
        tickets.iter_mut().for_each(|ticket| ticket.excluded.retain(is_there));
        for client in clients {
            client.excluded.retain(is_there);
            client.owner = client.owner.take().filter(is_there);
        }
        Ok(scenario)
    }
}

/// Why nothing is quoted when the plan in force does not stand up to who is there now. Whoever asks
/// has done nothing wrong, and may ask again once there is another plan.
pub(super) fn holds_no_longer(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Faulty { .. } | Refusal::Failure(app::Failure::Refused(_)) => {
            let label = Label::new(
                "在执行的计划已不成立（人员或请假有变）：请先重新编排并发布",
                "the plan in force no longer holds, with people and absences as they are now: draft \
                 and publish anew",
            );
            Refusal::Outrun { label, beside: json!({}) }
        }
        other => other,
    }
}

/// `kept` with what `asked` states in its place. Steps of one service are none of another.
fn merged(kept: &Ticket, asked: &Ticket) -> Ticket {
    let (kept, asked) = (kept.clone(), asked.clone());
    let is_other = asked.service.is_some() && asked.service != kept.service;
    let (steps, adjust) = if is_other { Default::default() } else { (kept.steps, kept.adjust) };
    Ticket {
        id: kept.id,
        title: asked.title.or(kept.title),
        client: asked.client.or(kept.client),
        entity: asked.entity.or(kept.entity),
        service: asked.service.or(kept.service),
        track: if asked.track == Track::default() { kept.track } else { asked.track },
        bureau: asked.bureau.or(kept.bureau),
        release: asked.release.or(kept.release),
        due: asked.due.or(kept.due),
        curves: stated(asked.curves, kept.curves),
        unserved: asked.unserved.or(kept.unserved),
        after: stated(asked.after, kept.after),
        batch: asked.batch.or(kept.batch),
        excluded: stated(asked.excluded, kept.excluded),
        steps: stated(asked.steps, steps),
        adjust: stated(asked.adjust, adjust),
    }
}

fn stated<T>(asked: Vec<T>, kept: Vec<T>) -> Vec<T> {
    if asked.is_empty() { kept } else { asked }
}
