//! Happenings as events: their kinds, and how they are written and read.

use std::collections::BTreeMap;

use super::Happening;
use crate::desk::clock::Wait;
use crate::desk::event::Event;
use crate::desk::payload::{Payload, Unfit};

/// The kinds of [`Happening`], in their order.
pub const KINDS: [&str; 74] = [
    "ticket.contacted",
    "ticket.assessed",
    "ticket.refused",
    "ticket.redirected",
    "ticket.weighed",
    "ticket.material_asked",
    "ticket.material_received",
    "ticket.material_judged",
    "ticket.quoted",
    "ticket.accepted",
    "ticket.promise_moved",
    "ticket.dispatched",
    "ticket.reassigned",
    "ticket.acknowledged",
    "ticket.rejected",
    "ticket.manager_asked",
    "ticket.owner_change_asked",
    "ticket.begun",
    "ticket.wait_begun",
    "ticket.wait_over",
    "ticket.anomaly_raised",
    "ticket.anomaly_answered",
    "ticket.returned",
    "ticket.self_checked",
    "ticket.reviewed",
    "ticket.delivered",
    "ticket.signed",
    "ticket.surveyed",
    "ticket.looked_back",
    "ticket.archived",
    "ticket.called_off",
    "ticket.passed_to_specialist",
    "ticket.passed_to_director",
    "ticket.solution_given",
    "ticket.meeting_held",
    "ticket.on_site_called",
    "ticket.on_site_arrived",
    "ticket.company_known",
    "ticket.guided_on_site",
    "ticket.kicked_off",
    "ticket.agencies_synced",
    "ticket.daily_reported",
    "ticket.client_told",
    "ticket.client_chased",
    "ticket.forecast",
    "ticket.step_differed",
    "ticket.blocked",
    "ticket.block_reported",
    "ticket.unblocked",
    "ticket.overridden",
    "ticket.evidence_filed",
    "ticket.document_filed",
    "ticket.finding_noted",
    "ticket.regulation_checked",
    "ticket.approval_asked",
    "ticket.approved",
    "ticket.billed",
    "ticket.paid",
    "ticket.suggested",
    "ticket.improved",
    "ticket.manual_written",
    "ticket.answered",
    "ticket.assisted",
    "ticket.material_prechecked",
    "ticket.client_due",
    "ticket.client_late",
    "ticket.visit_proposed",
    "ticket.visit_agreed",
    "ticket.visit_made",
    "ticket.call_missed",
    "ticket.call_returned",
    "ticket.linked",
    "ticket.defect_found",
    "ticket.defect_mended",
];

impl Happening {
    /// That these items came in, of which nothing was read.
    #[must_use]
    pub fn received(items: Vec<String>) -> Happening {
        Happening::MaterialReceived { items, sheets: BTreeMap::new() }
    }

    /// That it waits, nobody knows until when.
    #[must_use]
    pub fn waits_for(wait: Wait) -> Happening {
        Happening::WaitBegun { wait, for_material: false, until_ms: None }
    }

    /// The kind and the payload of its event.
    ///
    /// # Errors
    /// When it says more than an event may hold.
    pub fn written(&self) -> Result<(String, Payload), Unfit> {
        let mut value = serde_json::to_value(self).expect("texts, numbers and lists");
        let kind = value["kind"].as_str().unwrap_or_default().to_owned();
        let payload = value.as_object_mut().and_then(|map| map.remove("payload"));
        Ok((kind, Payload::of(&payload.unwrap_or_default())?))
    }

    /// What `event` tells; `None` when it is of a kind that is none of these.
    ///
    /// # Errors
    /// [`Garbled`] when it is of such a kind and cannot be read: what was kept was damaged, or a
    /// newer program wrote it.
    pub fn read(event: &Event) -> Result<Option<Happening>, Garbled> {
        if !KINDS.contains(&event.kind.as_str()) {
            return Ok(None);
        }
        let garbled = || Garbled { stream: event.stream.to_string(), seq: event.seq };
        let payload = event.payload.value().map_err(|_| garbled())?;
        let whole = serde_json::json!({"kind": event.kind, "payload": payload});
        serde_json::from_value(whole).map(Some).map_err(|_| garbled())
    }

    /// The event's kind.
    #[must_use]
    pub fn kind(&self) -> String {
        self.written().map(|(kind, _)| kind).unwrap_or_default()
    }
}

/// An event that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("event {seq} of {stream} cannot be read")]
pub struct Garbled {
    /// Its stream.
    pub stream: String,
    /// Its number there.
    pub seq: u64,
}
