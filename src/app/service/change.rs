//! What one request writes, put together: events with the messages about them, documents, texts.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::plans::{PLAN, PUBLISHED};
use super::refusal::Refusal;
use super::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Draft, Stream};
use crate::desk::payload::Payload;
use crate::store::{About, Batch, Write};

/// Things to write together.
pub(super) struct Change {
    first: Vec<Write>,
    writes: Vec<Write>,
    event_count: usize,
    /// What will be due at once, by kind and ticket: where, and what is told of it; none where that
    /// is over. What is written twice is read once from here.
    stands: BTreeMap<(String, String), Option<(String, String)>>,
    pub(super) now_ms: i64,
    /// Whether whoever asks stated that moment: see [`super::in_order`].
    pub(super) is_stated: bool,
    pub(super) actor: String,
}

/// How much a change held at some time, to go back to.
#[derive(Clone, Copy)]
pub(super) struct SoFar {
    writes: usize,
    events: usize,
}

impl Change {
    pub(super) fn by(caller: &Caller, now_ms: i64) -> Change {
        Change {
            first: Vec::new(),
            writes: Vec::new(),
            event_count: 0,
            stands: BTreeMap::new(),
            now_ms,
            is_stated: caller.states_when,
            actor: caller.actor.clone(),
        }
    }

    /// Before everything else.
    pub(super) fn first(&mut self, write: Write) {
        self.first.push(write);
    }

    pub(super) fn and(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// A new version of a document, which has to have `expected_version`.
    pub(super) fn put(
        &mut self,
        kind: &str,
        key: &str,
        expected_version: Option<u64>,
        document: &impl Serialize,
    ) {
        let body = serde_json::to_string(document).expect("documents are texts and whole numbers");
        self.put_body(kind, key, expected_version, Some(body));
    }

    /// Notes that this is due at once of a ticket from now on, or nothing.
    pub(super) fn stands(&mut self, (kind, key): (&str, &str), next: Option<(String, String)>) {
        self.stands.insert((kind.to_owned(), key.to_owned()), next);
    }

    /// What was noted of a ticket, if anything was: where it is due at once, and what is told of it.
    pub(super) fn standing(&self, kind: &str, key: &str) -> Option<Option<(&str, &str)>> {
        let noted = self.stands.get(&(kind.to_owned(), key.to_owned()))?;
        Some(noted.as_ref().map(|(place, body)| (place.as_str(), body.as_str())))
    }

    /// Takes a document away.
    pub(super) fn remove(&mut self, kind: &str, key: &str, expected_version: Option<u64>) {
        self.put_body(kind, key, expected_version, None);
    }

    fn put_body(&mut self, kind: &str, key: &str, expected: Option<u64>, body: Option<String>) {
        self.writes.push(Write::PutDocument {
            kind: kind.to_owned(),
            key: key.to_owned(),
            expected_version: expected,
            body,
            at_ms: self.now_ms,
            actor: self.actor.clone(),
        });
    }

    /// An event in `stream`, which has to end with `expected_seq`, and a message about it to every
    /// hook that wants to hear of its kind.
    pub(super) fn event(
        &mut self,
        service: &Service,
        (stream, expected_seq): (&Stream, Option<u64>),
        kind: &str,
        payload: &Value,
    ) -> Result<(), Refusal> {
        self.event_for(service.hooks.targets(kind), (stream, expected_seq), kind, payload)
    }

    /// The same, with messages to these targets.
    pub(super) fn event_for(
        &mut self,
        targets: Vec<String>,
        (stream, expected_seq): (&Stream, Option<u64>),
        kind: &str,
        payload: &Value,
    ) -> Result<(), Refusal> {
        let payload = Payload::of(payload).map_err(|unfit| {
            Refusal::Wish(Label::new(
                format!("无法记录：{unfit}"),
                format!("not recorded: {unfit}"),
            ))
        })?;
        self.append(targets, (stream, expected_seq), kind, payload);
        Ok(())
    }

    /// What happened to a ticket, whose stream has to end with `expected_seq`.
    pub(super) fn happening(
        &mut self,
        service: &Service,
        (stream, expected_seq): (&Stream, u64),
        kind: &str,
        payload: Payload,
    ) {
        self.append(service.hooks.targets(kind), (stream, Some(expected_seq)), kind, payload);
    }

    fn append(
        &mut self,
        targets: Vec<String>,
        (stream, expected_seq): (&Stream, Option<u64>),
        kind: &str,
        payload: Payload,
    ) {
        let (actor, kind) = (self.actor.clone(), kind.to_owned());
        let draft = Draft { at_ms: self.now_ms, actor, kind, payload };
        let (stream, drafts) = (stream.clone(), vec![draft]);
        self.writes.push(Write::Append { stream, expected_seq, drafts });
        let about = About::New(self.event_count);
        let enqueue = |target| Write::Enqueue { about, target, next_ms: self.now_ms };
        self.writes.extend(targets.into_iter().map(enqueue));
        self.event_count += 1;
    }

    /// Is refused when the plan in force has another number by then.
    pub(super) fn relies_on(&mut self, plan: Option<u64>) {
        if let Some(number) = plan {
            self.stays_at(Stream::new(PLAN, PUBLISHED), number);
        }
    }

    /// Is refused when `stream` ends with another number by then.
    pub(super) fn stays_at(&mut self, stream: Stream, number: u64) {
        let (expected_seq, drafts) = (Some(number), Vec::new());
        self.writes.push(Write::Append { stream, expected_seq, drafts });
    }

    /// How much there is by now.
    pub(super) fn so_far(&self) -> SoFar {
        SoFar { writes: self.writes.len(), events: self.event_count }
    }

    /// Drops whatever came after.
    pub(super) fn back_to(&mut self, so_far: SoFar) {
        self.stands.clear();
        self.writes.truncate(so_far.writes);
        self.event_count = so_far.events;
    }

    pub(super) fn batch(self) -> Batch {
        let mut writes = self.first;
        writes.extend(self.writes);
        Batch { writes }
    }
}
