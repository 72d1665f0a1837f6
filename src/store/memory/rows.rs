//! The rows themselves.

use std::collections::BTreeMap;

use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Event, Head, Stream};
use crate::desk::hash::Hash;
use crate::store::row::{Access, Answer, ApiKey, Delivery, Document, Text};

/// Everything there is.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) events: Vec<Event>,
    pub(super) heads: BTreeMap<Stream, Head>,
    pub(super) checkpoints: Vec<Checkpoint>,
    /// Subject and text by hash.
    pub(super) texts: BTreeMap<Hash, (String, Text)>,
    /// Versions by kind and key.
    pub(super) documents: BTreeMap<(String, String), Vec<Document>>,
    /// Marks by kind and key.
    pub(super) marks: BTreeMap<(String, String), String>,
    /// Answers by scope and key.
    pub(super) answers: BTreeMap<(String, String), Answer>,
    pub(super) outbox: BTreeMap<u64, Delivery>,
    /// Messages there ever were.
    pub(super) delivery_count: u64,
    /// Each with its number.
    pub(super) accesses: Vec<(u64, Access)>,
    pub(super) keys: BTreeMap<String, ApiKey>,
}

impl Rows {
    /// The last position.
    pub(super) fn end(&self) -> u64 {
        self.events.last().map_or(0, |event| event.position)
    }

    /// All versions of a document, the oldest first.
    pub(super) fn versions(&self, kind: &str, key: &str) -> &[Document] {
        let versions = self.documents.get(&(kind.to_owned(), key.to_owned()));
        versions.map_or(&[], Vec::as_slice)
    }
}
