//! What is written together: all of it or nothing, durable before anybody is told.

use super::bulk::Bulk as _;
use super::row::{Access, Answer, ApiKey, Document};
use super::{MOST_BATCH_BYTES, Refusal};
use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Draft, Event, Stream};
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;

/// An event to send a message about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// The event that is the so many-th of this batch, from 0.
    New(usize),
    /// The event at this position.
    Old(u64),
}

/// One thing to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Adds events to a stream.
    Append {
        /// To which.
        stream: Stream,
        /// The number it has to end with, 0 for a new one; any when none is named.
        expected_seq: Option<u64>,
        /// What happened.
        drafts: Vec<Draft>,
    },
    /// Keeps a personal text.
    PutText(PersonalText),
    /// Erases a personal text; the events that name its hash stay whole. As every erasing does, it
    /// empties the bodies of all answers kept before it, of which nobody knows what they tell, but
    /// for their first lines, where they have more than one.
    EraseText {
        /// Its hash.
        hash: Hash,
        /// When.
        at_ms: i64,
    },
    /// Erases all personal texts of a subject.
    EraseTextsOf {
        /// Whom they are about.
        subject: String,
        /// When.
        at_ms: i64,
    },
    /// Puts a new version of a document.
    PutDocument {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
        /// The version it has to have, 0 for none; any when none is named.
        expected_version: Option<u64>,
        /// The text; none takes the document away.
        body: Option<String>,
        /// When.
        at_ms: i64,
        /// By whom.
        actor: String,
    },
    /// Lays a document down with its number, in the place of that version and of all behind it: one
    /// that was read anew from what happened.
    LayDocument(Document),
    /// Erases the texts of all versions of a document; that there were versions stays.
    EraseDocument {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// Erases the texts of all versions of a document but its last; nothing where there is none.
    EraseEarlier {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// Takes a document away with all its versions, as if there had never been one; nothing where
    /// there is none.
    DropDocument {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// Writes nothing, and is refused with the batch when there is no such document.
    Need {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// Puts a mark, in the place of one of the same kind and key.
    Mark {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
        /// What it says.
        body: String,
    },
    /// Takes a mark away, if it is there.
    Unmark {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// Takes all marks of a kind away.
    UnmarkAll {
        /// The kind.
        kind: String,
    },
    /// Keeps the answer to a request. One that counts no more is replaced.
    Answer(Answer),
    /// Drops answers that count no more at this moment, those first that ended first.
    DropAnswers {
        /// The moment.
        now_ms: i64,
        /// At most so many.
        most: usize,
    },
    /// Drops accesses of before a moment, looking at the oldest.
    DropAccesses {
        /// The moment.
        before_ms: i64,
        /// At most so many.
        most: usize,
    },
    /// Drops messages given up before a moment, those first that were given up first.
    DropDead {
        /// The moment.
        before_ms: i64,
        /// At most so many.
        most: usize,
    },
    /// Puts a message into the outbox.
    Enqueue {
        /// About what.
        about: About,
        /// Where to.
        target: String,
        /// Not before.
        next_ms: i64,
    },
    /// A message was not delivered.
    Attempted {
        /// Which.
        id: u64,
        /// When to try again; of one given up, when that was.
        next_ms: i64,
        /// Not to be tried again by itself.
        is_dead: bool,
        /// What came of it.
        said: String,
    },
    /// A message was delivered and leaves the outbox.
    Delivered {
        /// Which.
        id: u64,
    },
    /// Somebody looked at something.
    Access(Access),
    /// A new key.
    PutKey(ApiKey),
    /// A key is of no use from some moment on; of two moments the sooner counts.
    RevokeKey {
        /// Its prefix.
        prefix: String,
        /// The moment.
        at_ms: i64,
    },
    /// Keeps a checkpoint.
    Checkpoint(Checkpoint),
}

/// Things to write together, in this order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// The things.
    pub writes: Vec<Write>,
}

impl Batch {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Batch {
        Batch::default()
    }

    /// This batch and one thing more.
    #[must_use]
    pub fn and(mut self, write: Write) -> Batch {
        self.writes.push(write);
        self
    }

    /// Whether it is more than is written at a time.
    pub(super) fn measure(&self) -> Result<(), Refusal> {
        match self.bulk() {
            bytes if bytes > MOST_BATCH_BYTES => {
                Err(Refusal::TooLarge { bytes, most: MOST_BATCH_BYTES })
            }
            _ => Ok(()),
        }
    }

    /// This batch and events for `stream`, which has to end with `expected_seq`.
    #[must_use]
    pub fn append(self, stream: &Stream, expected_seq: u64, drafts: Vec<Draft>) -> Batch {
        let (stream, expected_seq) = (stream.clone(), Some(expected_seq));
        self.and(Write::Append { stream, expected_seq, drafts })
    }
}

/// What became of a batch that was written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Receipt {
    /// The events, in the order of their drafts.
    pub events: Vec<Event>,
    /// The version of each document put, in their order.
    pub versions: Vec<u64>,
    /// The number of each message put into the outbox, in their order.
    pub deliveries: Vec<u64>,
    /// How many answers, accesses and messages given up were dropped.
    pub dropped: usize,
}
