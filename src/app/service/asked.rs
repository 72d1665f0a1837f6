//! What a request asks of tickets that are kept already: fields it does not state stay as they are.

use super::Service;
use super::kept::Kept;
use super::refusal::Refusal;
use super::tickets::{TICKET, TicketFile};
use crate::model::request::Request;
use crate::model::ticket::{Ticket, Track};

impl Service {
    /// `request` with all that is known of its tickets.
    pub(super) fn complete(&self, request: &Request) -> Result<Request, Refusal> {
        let mut request = request.clone();
        for ticket in &mut request.tickets {
            let kept: Option<Kept<TicketFile>> = self.find_if_any(TICKET, &ticket.id)?;
            if let Some(kept) = kept {
                *ticket = merged(&kept.document.ticket, ticket);
            }
        }
        Ok(request)
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
