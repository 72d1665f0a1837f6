//! Where everything that must outlast the process is kept: events with their chains, and beside
//! them documents with marks to find them by, personal texts, answers, messages to send, accesses,
//! keys and checkpoints.
//!
//! Reading goes through one trait per kind of row, writing through [`Store::commit`]: a [`Batch`]
//! is written whole or not at all, and whoever is told `Ok` finds it again after the power failed.
//! Pages and batches are bounded in rows and in bytes; whoever wants all asks again behind the last
//! row until a page is empty.
//! Two implementations keep the same promises and pass the same tests: [`Sqlite`], a file, and
//! [`Memory`], for tests. Must not know what events mean, and reads no clock.

pub mod batch;
pub mod failure;
pub mod row;

mod bulk;
mod memory;
mod sqlite;

pub mod audit;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use batch::{About, Batch, Receipt, Write};
pub use failure::{Failure, Refusal};
pub use memory::Memory;
pub use sqlite::{Restored, Sqlite, backup, restore};

use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Event, Head, Stream};
use crate::desk::hash::Hash;
use row::{Access, Answer, ApiKey, Delivery, Document, Mark, Text};

/// The most rows one page holds, whatever was asked for.
pub const MOST_ROWS: usize = 1_000;

/// The most bytes of text one page holds, unless a single row is larger. So a page may hold fewer
/// rows than were asked for although there are more: only an empty one is behind the last.
pub const MOST_BYTES: usize = 8 << 20;

/// The most bytes of text one batch writes.
pub const MOST_BATCH_BYTES: usize = 64 << 20;

/// The streams of a log at one moment, in their order, and the last position then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heads {
    /// The last position; 0 when there is no event.
    pub position: u64,
    /// Where each stream ends.
    pub heads: Vec<(Stream, Head)>,
}

/// The events.
pub trait Log {
    /// Where `stream` ends; [`Head::NONE`] when there is no such stream.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn head(&self, stream: &Stream) -> Result<Head, Failure>;

    /// The events of `stream` behind number `after`, at most `most` of them.
    ///
    /// # Errors
    /// As above.
    fn stream(&self, stream: &Stream, after: u64, most: usize) -> Result<Vec<Event>, Failure>;

    /// The events behind position `after`, at most `most` of them.
    ///
    /// # Errors
    /// As above.
    fn events(&self, after: u64, most: usize) -> Result<Vec<Event>, Failure>;

    /// The last position.
    ///
    /// # Errors
    /// As above.
    fn end(&self) -> Result<u64, Failure>;

    /// Where every stream ends, all at the same moment.
    ///
    /// # Errors
    /// As above.
    fn heads(&self) -> Result<Heads, Failure>;

    /// The checkpoints taken, by position.
    ///
    /// # Errors
    /// As above.
    fn checkpoints(&self) -> Result<Vec<Checkpoint>, Failure>;
}

/// Personal texts.
pub trait Texts {
    /// The text of this hash.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn text(&self, hash: &Hash) -> Result<Option<Text>, Failure>;

    /// The texts there are about `subject` behind the hash `after`, by hash, at most `most` of
    /// them: what the person may ask to see.
    ///
    /// # Errors
    /// As above.
    fn texts_of(
        &self,
        subject: &str,
        after: Option<&Hash>,
        most: usize,
    ) -> Result<Vec<(Hash, Text)>, Failure>;

    /// All texts behind the hash `after`, by hash, at most `most` of them.
    ///
    /// # Errors
    /// As above.
    fn texts(&self, after: Option<&Hash>, most: usize) -> Result<Vec<(Hash, Text)>, Failure>;
}

/// Documents in versions.
pub trait Documents {
    /// The version in force; it has no body when the document was taken away.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn document(&self, kind: &str, key: &str) -> Result<Option<Document>, Failure>;

    /// An earlier version.
    ///
    /// # Errors
    /// As above.
    fn version(&self, kind: &str, key: &str, version: u64) -> Result<Option<Document>, Failure>;

    /// The versions before version `before` (all when none is named), the newest first.
    ///
    /// # Errors
    /// As above.
    fn history(
        &self,
        kind: &str,
        key: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Document>, Failure>;

    /// The documents of a kind that are there, by key, behind the key `after`. Keys are never
    /// empty.
    ///
    /// # Errors
    /// As above.
    fn documents(
        &self,
        kind: &str,
        after: Option<&str>,
        most: usize,
    ) -> Result<Vec<Document>, Failure>;
}

/// Marks, by which things are found without looking through all of them.
pub trait Marks {
    /// What the mark says, if it is there.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn mark(&self, kind: &str, key: &str) -> Result<Option<String>, Failure>;

    /// The marks of a kind whose keys lie behind `after` and, where it is named, before `before`:
    /// by key, at most `most` of them.
    ///
    /// # Errors
    /// As above.
    fn marks(
        &self,
        kind: &str,
        after: &str,
        before: Option<&str>,
        most: usize,
    ) -> Result<Vec<Mark>, Failure>;
}

/// Answers to requests that may come again.
pub trait Answers {
    /// The answer given, when it still counts at `now_ms`.
    ///
    /// # Errors
    /// What fails outside.
    fn answer(&self, scope: &str, key: &str, now_ms: i64) -> Result<Option<Answer>, Failure>;
}

/// Messages to send.
pub trait Outbox {
    /// Those to be tried at `now_ms`, the longest waiting first.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn due(&self, now_ms: i64, most: usize) -> Result<Vec<Delivery>, Failure>;

    /// The one that [`Outbox::due`] would tell first, were there none for the targets in `but`.
    ///
    /// # Errors
    /// As above.
    fn first_due(&self, now_ms: i64, but: &BTreeSet<String>) -> Result<Option<Delivery>, Failure>;

    /// Those given up, behind number `after`.
    ///
    /// # Errors
    /// As above.
    fn dead(&self, after: u64, most: usize) -> Result<Vec<Delivery>, Failure>;

    /// How many wait, whenever they are to be tried, and how many were given up.
    ///
    /// # Errors
    /// As above.
    fn depth(&self) -> Result<(u64, u64), Failure>;
}

/// Who looked at what (R244).
pub trait Accesses {
    /// The accesses to one thing that lie before number `before`, all when none is named: the
    /// newest first, each with its number.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn accesses_to(
        &self,
        thing: (&str, &str),
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure>;

    /// The same, of the accesses by one actor.
    ///
    /// # Errors
    /// As above.
    fn accesses_by(
        &self,
        actor: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure>;
}

/// Keys of programs.
pub trait Keys {
    /// The key with this prefix, whether or not it is of use.
    ///
    /// # Errors
    /// What fails outside, here and below.
    fn key(&self, prefix: &str) -> Result<Option<ApiKey>, Failure>;

    /// All keys behind the prefix `after`, by prefix, at most `most` of them.
    ///
    /// # Errors
    /// As above.
    fn keys(&self, after: Option<&str>, most: usize) -> Result<Vec<ApiKey>, Failure>;
}

/// Everything that is kept.
pub trait Store:
    Log + Texts + Documents + Marks + Answers + Outbox + Accesses + Keys + Send + Sync
{
    /// Writes `batch` whole, and returns when it would survive a loss of power.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the batch itself cannot be, or is larger than
    /// [`MOST_BATCH_BYTES`]; else what fails outside, after which nothing of it is promised.
    fn commit(&self, batch: Batch) -> Result<Receipt, Failure>;
}

/// A store shared by threads.
pub type Shared = Arc<dyn Store>;
