//! An event as a line of an exported log: a JSON object whose payload is a text, so that its bytes
//! are those that were hashed and checking them takes a JSON reader and SHA-256. The first line
//! of a log states its format; personal texts are in none.

use serde::{Deserialize, Serialize};

use super::event::{Event, Stream};
use super::hash::Hash;
use super::payload::Payload;

/// The `format` that the first line of a log states.
pub const LOG_FORMAT: &str = "paidan-log/1";

/// The first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// `paidan-log/1`.
    pub format: String,
}

/// Any other line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The kind of the stream.
    pub stream: String,
    /// The key of the stream.
    pub key: String,
    /// As in [`Event`], here and below.
    pub seq: u64,
    /// Among all events.
    pub position: u64,
    /// Milliseconds of UTC since 1970.
    pub at_ms: i64,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// The particulars in their canonical spelling.
    pub payload: String,
    /// The hash of the event before it.
    pub previous: Hash,
    /// Its own.
    pub hash: Hash,
}

impl From<Event> for Line {
    fn from(event: Event) -> Line {
        Line {
            stream: event.stream.kind,
            key: event.stream.key,
            seq: event.seq,
            position: event.position,
            at_ms: event.at_ms,
            actor: event.actor,
            kind: event.kind,
            payload: event.payload.text().to_owned(),
            previous: event.previous,
            hash: event.hash,
        }
    }
}

impl From<Line> for Event {
    fn from(line: Line) -> Event {
        Event {
            stream: Stream::new(line.stream, line.key),
            seq: line.seq,
            position: line.position,
            at_ms: line.at_ms,
            actor: line.actor,
            kind: line.kind,
            payload: Payload::kept(line.payload),
            previous: line.previous,
            hash: line.hash,
        }
    }
}
