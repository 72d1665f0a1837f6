//! An event: one thing that happened, sealed into the chain of its stream (R076, R104).
//!
//! The hash of an event is SHA-256 over these fields in [`Form`]: `paidan-event/1`, the stream's
//! kind and key, sequence number, position, moment, actor, kind, payload in its canonical spelling
//! ([`Payload`]), and the hash of the event before it in the stream ([`Hash::ZERO`] before the
//! first). So nothing in it can be changed, and it can be moved neither within its stream nor to
//! another nor to another place in the whole log, without its hash or the next one telling.
//!
//! Test vector: the events of `ticket/T-17`, both at position and number 1 and 2, by `wang`,
//! `taken` at 0 ms with `{"fen":100}` and `told` at 1 ms with `{"text":"税"}`, have the hashes
//! `790fb6c1adf3aad121c16192dff4a28efad004dae36815fb3f04ada671636691` and
//! `6d8eab93d992da16ceeb46dc2b6be586bab6ae9512e4fef0cd72b38daaa21217`.

use std::fmt;
use std::str::FromStr;

use super::hash::{Form, Hash};
use super::payload::Payload;

/// The name of the form events are hashed in.
const FORM: &str = "paidan-event/1";

/// What a chain of events is about: a kind and a key, such as `ticket/T-17` or `plan/current`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Stream {
    /// The kind of thing; holds no stroke.
    pub kind: String,
    /// Which of them.
    pub key: String,
}

impl Stream {
    /// The stream of the thing of this kind called `key`.
    #[must_use]
    pub fn new(kind: impl Into<String>, key: impl Into<String>) -> Stream {
        Stream { kind: kind.into(), key: key.into() }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.key)
    }
}

/// A text that names no stream, for want of a stroke between kind and key.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} names no stream; write kind/key")]
pub struct NoStream(pub String);

impl FromStr for Stream {
    type Err = NoStream;

    fn from_str(text: &str) -> Result<Stream, NoStream> {
        let (kind, key) = text.split_once('/').ok_or_else(|| NoStream(text.to_owned()))?;
        Ok(Stream::new(kind, key))
    }
}

/// What is to be put on record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// When it happened: milliseconds of UTC since 1970.
    pub at_ms: i64,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// The particulars. Personal texts are in them by their salted hash only: [`super::personal`].
    pub payload: Payload,
}

/// What is on record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Of what.
    pub stream: Stream,
    /// Its number within its stream, from 1 without a gap.
    pub seq: u64,
    /// Its number among all events, from 1 without a gap.
    pub position: u64,
    /// When it happened: milliseconds of UTC since 1970.
    pub at_ms: i64,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// The particulars.
    pub payload: Payload,
    /// The hash of the event before it in its stream.
    pub previous: Hash,
    /// Its own.
    pub hash: Hash,
}

/// Where a stream ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// The number of its last event; 0 when there is none.
    pub seq: u64,
    /// The hash of its last event.
    pub hash: Hash,
}

impl Head {
    /// The head of a stream without events.
    pub const NONE: Head = Head { seq: 0, hash: Hash::ZERO };
}

/// The event that `draft` becomes behind `head` of `stream`, as the event at `position` of all.
#[must_use]
pub fn seal(stream: &Stream, head: Head, position: u64, draft: Draft) -> Event {
    let mut event = Event {
        stream: stream.clone(),
        seq: head.seq + 1,
        position,
        at_ms: draft.at_ms,
        actor: draft.actor,
        kind: draft.kind,
        payload: draft.payload,
        previous: head.hash,
        hash: Hash::ZERO,
    };
    event.hash = event.content_hash();
    event
}

impl Event {
    /// The hash its content has, whatever it says itself.
    #[must_use]
    pub fn content_hash(&self) -> Hash {
        let form = Form::new(FORM)
            .text(&self.stream.kind)
            .text(&self.stream.key)
            .count(self.seq)
            .count(self.position)
            .moment(self.at_ms)
            .text(&self.actor)
            .text(&self.kind)
            .text(self.payload.text())
            .hash(&self.previous);
        Hash::of(form.whole())
    }

    /// Its stream's head when it is the last of it.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Draft, Head, Payload, Stream, seal};

    fn draft(at_ms: i64, kind: &str, payload: &serde_json::Value) -> Draft {
        let payload = Payload::of(payload).unwrap();
        Draft { at_ms, actor: "wang".to_owned(), kind: kind.to_owned(), payload }
    }

    /// The vectors in the head of this file, worked out by another program.
    #[test]
    fn the_hash_of_an_event_is_that_of_the_vectors() {
        let stream = Stream::new("ticket", "T-17");
        let taken = seal(&stream, Head::NONE, 1, draft(0, "taken", &json!({"fen": 100})));
        let told = seal(&stream, taken.head(), 2, draft(1, "told", &json!({"text": "税"})));
        assert_eq!(
            taken.hash.to_string(),
            "790fb6c1adf3aad121c16192dff4a28efad004dae36815fb3f04ada671636691"
        );
        assert_eq!(
            told.hash.to_string(),
            "6d8eab93d992da16ceeb46dc2b6be586bab6ae9512e4fef0cd72b38daaa21217"
        );
    }

    #[test]
    fn a_stream_is_read_back_as_it_is_written() {
        let stream = Stream::new("ticket", "2026/T-17");
        assert_eq!(stream.to_string().parse(), Ok(stream));
        assert!("ticket".parse::<Stream>().is_err());
    }
}
