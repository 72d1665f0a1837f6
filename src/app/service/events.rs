//! The log as callers read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kept::damaged;
use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::app::clock::stamp;
use crate::desk::event::{Event, Stream};

/// An event as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// Its number among all events.
    pub position: u64,
    /// The stream it belongs to, as kind/key.
    pub stream: String,
    /// Its number within its stream.
    pub seq: u64,
    /// When it happened.
    pub at: String,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// The particulars.
    pub payload: Value,
    /// Its hash, over all of it and the event before it.
    pub hash: String,
}

impl TryFrom<Event> for Told {
    type Error = Refusal;

    fn try_from(event: Event) -> Result<Told, Refusal> {
        let stream = event.stream.to_string();
        let payload = event.payload.value().map_err(|_| damaged("event", &stream))?;
        Ok(Told {
            position: event.position,
            stream,
            seq: event.seq,
            at: stamp(event.at_ms),
            actor: event.actor,
            kind: event.kind,
            payload,
            hash: event.hash.to_string(),
        })
    }
}

impl Service {
    /// Events behind position `after`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn events(
        &self,
        caller: &Caller,
        after: u64,
        most: usize,
        now_ms: i64,
    ) -> Result<Vec<Told>, Refusal> {
        caller.must(Permission::EventRead)?;
        self.note(caller, ("event", "all", &format!("behind {after}")), now_ms)?;
        self.store.events(after, most)?.into_iter().map(Told::try_from).collect()
    }

    /// The events of a stream behind number `after`.
    ///
    /// # Errors
    /// As above.
    pub fn events_of(
        &self,
        caller: &Caller,
        stream: &Stream,
        after: u64,
        most: usize,
        now_ms: i64,
    ) -> Result<Vec<Told>, Refusal> {
        caller.must(Permission::EventRead)?;
        self.note(caller, (&stream.kind, &stream.key, "events"), now_ms)?;
        self.store.stream(stream, after, most)?.into_iter().map(Told::try_from).collect()
    }
}
