//! What clients have called on of what they are entitled to (R116), in marks by client and moment:
//! how much is left is read from those of one client and one year, however many tickets he has.

use std::collections::BTreeMap;

use serde_json::json;

use super::urgency::day_of;
use crate::app::quoting::Included;
use crate::app::service::Service;
use crate::app::service::change::Change;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::calendar::Day;
use crate::desk::clock::MINUTE;
use crate::desk::event::Event;
use crate::model::request::Request;
use crate::model::ticket::Track;
use crate::policy::desk::EntitlementKind;
use crate::store::{Batch, MOST_ROWS, Write};

/// The kind of marks of what clients have called on, as client/moment/ticket/event.
pub(in crate::app::service) const USED: &str = "used";

/// The days of the longest time that an entitlement is for.
const LONGEST: i32 = 366;

/// Which entitlement an event of this kind uses.
fn kind_of_use(kind: &str, is_urgent: bool) -> Option<EntitlementKind> {
    match kind {
        "ticket.visit_made" => Some(EntitlementKind::Visit),
        "ticket.answered" => Some(EntitlementKind::Consultation),
        "ticket.assisted" => Some(EntitlementKind::Assistance),
        // Guidance at the client's is part of any project (R182), and an emergency on site a matter
        // of the tier (R113): neither is help with an audit.
        "ticket.on_site_arrived" => Some(EntitlementKind::OnSite),
        "ticket.accepted" if is_urgent => Some(EntitlementKind::UrgentService),
        _ => None,
    }
}

/// The key and the body of the mark of an event of this kind, if its ticket's client has called on
/// anything by it.
fn mark_of(
    (key, file): (&str, &TicketFile),
    kind: &str,
    (seq, at_ms): (u64, i64),
) -> Option<(String, String)> {
    let used = kind_of_use(kind, file.ticket.track == Track::Urgent)?;
    let client = file.ticket.client.as_deref()?;
    Some((format!("{client}/{:016}/{key}/{seq}", at_ms.max(0)), json!(used).to_string()))
}

impl Change {
    /// Marks that the client of a ticket calls on something by its event `seq` of this kind.
    pub(super) fn uses(&mut self, ticket: (&str, &TicketFile), kind: &str, seq: u64) {
        if let Some((key, body)) = mark_of(ticket, kind, (seq, self.now_ms)) {
            self.mark(USED, key, body);
        }
    }

    /// Marks what the client of a ticket called on by these events.
    pub(super) fn used(&mut self, ticket: (&str, &TicketFile), events: &[Event]) {
        for event in events {
            if let Some((key, body)) = mark_of(ticket, &event.kind, (event.seq, event.at_ms)) {
                self.mark(USED, key, body);
            }
        }
    }
}

impl Service {
    /// The tickets of `request` on the urgent track whose surcharge is paid, as their client bought
    /// urgent services ahead (R099), with how many of those are left: the first that are asked for,
    /// and any that took one already.
    pub(in crate::app::service) fn included_in(
        &self,
        request: &Request,
        now_ms: i64,
    ) -> Result<Included, Refusal> {
        let (mut included, mut lefts) = (Included::new(), BTreeMap::new());
        for ticket in request.tickets.iter().filter(|ticket| ticket.track == Track::Urgent) {
            let Some(client) = ticket.client.as_deref() else { continue };
            let kept = self.find_if_any::<TicketFile>(TICKET, &ticket.id)?;
            let price = kept.and_then(|kept| kept.document.price);
            let has_one = price.is_some_and(|price| price.included_count > 0);
            if !lefts.contains_key(client) {
                let left = self.urgent_left(client, now_ms)?;
                lefts.insert(client, (left, left));
            }
            let Some((left, free)) = lefts.get_mut(client) else { continue };
            if has_one || *free > 0 {
                included.insert(ticket.id.clone(), *left);
                *free -= u32::from(!has_one);
            }
        }
        Ok(included)
    }

    /// How many urgent services bought ahead a client has left.
    fn urgent_left(&self, client: &str, now_ms: i64) -> Result<u32, Refusal> {
        let entitled = self.entitled(Some(client), now_ms)?.into_iter();
        let own = entitled.filter(|one| one.kind == EntitlementKind::UrgentService);
        Ok(own.map(|one| one.left).sum())
    }

    /// What a client has called on in the year until `today`, over all its tickets: no entitlement
    /// is for longer.
    pub(super) fn used(
        &self,
        client: &str,
        today: Day,
    ) -> Result<Vec<(EntitlementKind, Day)>, Refusal> {
        let zone = self.zone();
        let since_ms = zone.midnight(today.plus(-LONGEST)).0 * MINUTE;
        // Behind the last key of the client: `0` is what comes behind the stroke.
        let (mut behind, end) = (format!("{client}/{since_ms:016}"), format!("{client}0"));
        let mut used = Vec::new();
        loop {
            let marks = self.store.marks(USED, &behind, Some(&end), MOST_ROWS)?;
            let Some(last) = marks.last() else { return Ok(used) };
            behind.clone_from(&last.key);
            for mark in marks {
                let at_ms = mark.key.split('/').nth(1).and_then(|text| text.parse().ok());
                let kind = serde_json::from_str(&mark.body).ok();
                let Some((at_ms, kind)) = at_ms.zip(kind) else {
                    return Err(damaged(USED, &mark.key));
                };
                used.push((kind, day_of(zone, at_ms)));
            }
        }
    }

    /// Makes the marks of what clients have called on anew from the whole log, a page of events at a
    /// time, each page a change of its own: it takes the memory of one page. Cut short, it is begun
    /// anew at the next opening. It reads the log once: a store of form 7 or before is opened so
    /// much later, one time.
    pub(in crate::app::service) fn mark_uses(&self) -> Result<(), Refusal> {
        let mut behind = 0;
        loop {
            let page = self.store.events(behind, MOST_ROWS)?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = last.position;
            let mut batch = Batch::new();
            let is_use = |event: &&Event| {
                event.stream.kind == TICKET && kind_of_use(&event.kind, true).is_some()
            };
            for event in page.iter().filter(is_use) {
                let key = event.stream.key.as_str();
                let found = self.find_if_any::<TicketFile>(TICKET, key);
                // Of what cannot be read there are no marks until it is read from the log again.
                let found = readable(found, key, &mut Vec::<String>::new())?.flatten();
                let Some(kept) = found else { continue };
                let own = (event.seq, event.at_ms);
                if let Some((key, body)) = mark_of((key, &kept.document), &event.kind, own) {
                    batch.writes.push(Write::Mark { kind: USED.to_owned(), key, body });
                }
            }
            self.store.commit(batch)?;
        }
    }
}
