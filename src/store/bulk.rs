//! How much rows and batches hold, in bytes: what one answer of the store, and one write to it,
//! may take of memory at most.

use super::row::{Access, Delivery, Document, Mark, Text};
use super::{Batch, MOST_BYTES, MOST_ROWS, Write};
use crate::desk::event::{Draft, Event};
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;

/// What has texts of any length in it.
pub(super) trait Bulk {
    /// The bytes of its texts.
    fn bulk(&self) -> usize;
}

/// A page being filled.
#[derive(Debug)]
pub(super) struct Page<T> {
    rows: Vec<T>,
    most: usize,
    bulk: usize,
}

impl<T: Bulk> Page<T> {
    /// A page of at most so many rows, and never more than [`MOST_ROWS`].
    pub(super) fn of(most: usize) -> Page<T> {
        Page { rows: Vec::new(), most: most.min(MOST_ROWS), bulk: 0 }
    }

    /// Whether another row may be asked for.
    pub(super) fn has_room(&self) -> bool {
        self.rows.len() < self.most && self.bulk < MOST_BYTES
    }

    /// Puts `row` on the page. False when it is too much and has to wait for the next; the first
    /// never has.
    pub(super) fn takes(&mut self, row: T) -> bool {
        let bulk = self.bulk.saturating_add(row.bulk());
        if bulk > MOST_BYTES && !self.rows.is_empty() {
            return false;
        }
        self.bulk = bulk;
        self.rows.push(row);
        true
    }

    /// What it holds.
    pub(super) fn rows(self) -> Vec<T> {
        self.rows
    }
}

impl Bulk for Event {
    fn bulk(&self) -> usize {
        let Event { stream, actor, kind, payload, .. } = self;
        [&stream.kind, &stream.key, actor, kind].map(String::len).iter().sum::<usize>()
            + payload.text().len()
    }
}

impl Bulk for Document {
    fn bulk(&self) -> usize {
        let Document { kind, key, body, actor, .. } = self;
        kind.len() + key.len() + actor.len() + body.as_ref().map_or(0, String::len)
    }
}

impl Bulk for Mark {
    fn bulk(&self) -> usize {
        self.key.len() + self.body.len()
    }
}

impl Bulk for PersonalText {
    fn bulk(&self) -> usize {
        self.subject.len() + self.text.len()
    }
}

impl Bulk for (Hash, Text) {
    fn bulk(&self) -> usize {
        match &self.1 {
            Text::Kept(text) => text.bulk(),
            Text::Erased(_) => 0,
        }
    }
}

impl Bulk for Delivery {
    fn bulk(&self) -> usize {
        self.target.len() + self.said.as_ref().map_or(0, String::len)
    }
}

impl Bulk for Access {
    fn bulk(&self) -> usize {
        let Access { actor, verb, kind, key, detail, .. } = self;
        [actor, verb, kind, key, detail].map(String::len).iter().sum()
    }
}

impl Bulk for (u64, Access) {
    fn bulk(&self) -> usize {
        self.1.bulk()
    }
}

impl Bulk for Draft {
    fn bulk(&self) -> usize {
        self.actor.len() + self.kind.len() + self.payload.text().len()
    }
}

impl Bulk for Write {
    fn bulk(&self) -> usize {
        match self {
            Write::Append { stream, drafts, .. } => {
                let name = stream.kind.len() + stream.key.len();
                // Every event repeats what its stream is called when it is read.
                drafts.iter().map(|draft| name + draft.bulk()).sum()
            }
            Write::PutText(text) => text.bulk(),
            Write::PutDocument { kind, key, body, actor, .. } => {
                kind.len() + key.len() + actor.len() + body.as_ref().map_or(0, String::len)
            }
            Write::LayDocument(document) => document.bulk(),
            Write::EraseDocument { kind, key }
            | Write::EraseEarlier { kind, key }
            | Write::DropDocument { kind, key }
            | Write::Need { kind, key }
            | Write::Unmark { kind, key } => kind.len() + key.len(),
            Write::Mark { kind, key, body } => kind.len() + key.len() + body.len(),
            Write::UnmarkAll { kind } => kind.len(),
            Write::Answer(answer) => answer.scope.len() + answer.key.len() + answer.body.len(),
            Write::Enqueue { target, .. } => target.len(),
            Write::Attempted { said, .. } => said.len(),
            Write::Access(access) => access.bulk(),
            Write::PutKey(key) => {
                key.prefix.len()
                    + key.role.len()
                    + key.scopes.iter().map(String::len).sum::<usize>()
            }
            Write::EraseTextsOf { subject: name, .. } | Write::RevokeKey { prefix: name, .. } => {
                name.len()
            }
            Write::EraseText { .. }
            | Write::DropAnswers { .. }
            | Write::DropAccesses { .. }
            | Write::DropDead { .. }
            | Write::Delivered { .. }
            | Write::Checkpoint(_) => 0,
        }
    }
}

impl Bulk for Batch {
    fn bulk(&self) -> usize {
        self.writes.iter().map(Bulk::bulk).fold(0, usize::saturating_add)
    }
}
