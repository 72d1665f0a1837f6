//! Proof that the log is what it was (R076, R104, R243): keys, checkpoints, exported logs, and
//! holding any of them against each other, offline.

mod key;
mod lines;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::documents::Text;
use super::{Failure, clock, files};
use crate::desk::FORMATS;
use crate::desk::chain::{Findings, Walk};
use crate::desk::checkpoint::{CHECKPOINT_FORMAT, Checkpoint};
use crate::desk::fault::Fault;
use crate::desk::line::{Heading, LOG_FORMAT, Line};
use crate::desk::signature::PublicKey;
use crate::exchange;
use crate::exchange::json::{self, Formats};
use crate::store::audit::audit;
use crate::store::{Batch, Log as _, MOST_ROWS, Sqlite, Store as _, Write as StoreWrite};

pub use key::{MadeKey, make_key};

/// What an audit found, as machines read it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Audit {
    /// Events looked at.
    pub events: u64,
    /// The last position.
    pub end: u64,
    /// Streams they belong to.
    pub streams: usize,
    /// Checkpoints they were held against.
    pub checkpoints: usize,
    /// The position up to which a checkpoint speaks, 0 when none does.
    pub vouched_to: u64,
    /// How many positions lie behind it: what was done to those nobody vouches for, nor whether
    /// there were more.
    pub behind: u64,
    /// Whether the checkpoints were held against a key from elsewhere.
    pub is_key_given: bool,
    /// What is wrong.
    pub faults: Vec<Finding>,
    /// How much more is wrong.
    pub more: usize,
}

/// One thing wrong, in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// Its code, such as `L001`.
    pub code: &'static str,
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Where a log lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// In a database, or a copy of one.
    Database(PathBuf),
    /// In an exported file.
    Export(PathBuf),
}

/// Takes a checkpoint of the database at `path` with the key in the file `key`, and keeps it
/// there, too.
///
/// # Errors
/// [`Failure::Document`] when the file holds no key, and what the store fails by.
pub fn checkpoint(path: &Path, key: &Path) -> Result<Checkpoint, Failure> {
    let key = key::secret(key)?;
    let store = Sqlite::open(path)?;
    let now = store.heads()?;
    let heads = now.heads.iter().map(|(stream, head)| (stream, *head));
    let taken = Checkpoint::take(now.position, clock::now_ms(), heads, &key);
    store.commit(Batch::new().and(StoreWrite::Checkpoint(taken.clone())))?;
    Ok(taken)
}

/// Writes all events of the database at `path` to `out`, one on a line.
///
/// # Errors
/// What the store fails by; [`Failure::Unwritable`].
pub fn export(path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let store = Sqlite::open_for_audit(path)?;
    put(out, &Heading { format: LOG_FORMAT.to_owned() })?;
    let (mut after, end) = (0, store.end()?);
    while after < end {
        let events = store.events(after, MOST_ROWS)?;
        let Some(last) = events.last() else { break };
        after = last.position;
        events.into_iter().try_for_each(|event| put(out, &Line::from(event)))?;
    }
    out.flush().map_err(unwritable)
}

fn put(out: &mut dyn Write, line: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string(line).expect("lines are texts and whole numbers");
    text.push('\n');
    out.write_all(text.as_bytes()).map_err(unwritable)
}

fn unwritable(source: io::Error) -> Failure {
    Failure::Unwritable { path: PathBuf::from("<stdout>"), source }
}

/// Holds a log against itself, the checkpoints in these files, those it keeps itself, and the
/// public key in the file `key`. `watch` hears how many events it has seen.
///
/// # Errors
/// [`Failure::Document`] when a checkpoint or the key cannot be read, [`Failure::Unreadable`], and
/// what the store fails by. What is wrong with the log is no failure.
pub fn verify(
    source: &Source,
    checkpoints: &[PathBuf],
    key: Option<&Path>,
    watch: &mut dyn FnMut(u64),
) -> Result<Audit, Failure> {
    let key = key.map(key::public).transpose()?;
    let mut taken = checkpoints.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let found = match source {
        Source::Database(path) => {
            let store = Sqlite::open_for_audit(path)?;
            // Of its own, those of other keys prove nothing either way.
            let own = store.checkpoints()?;
            taken.extend(own.into_iter().filter(|own| key.is_none_or(|key| own.key == key)));
            taken.dedup();
            audit(&store, taken.clone(), key.as_ref(), watch)?
        }
        Source::Export(path) => {
            let mut walk = Walk::of_log(taken.clone(), key.as_ref());
            lines::walk(path, &mut walk, watch)?;
            walk.end()
        }
    };
    Ok(told(found, &taken, key.as_ref()))
}

/// Reads the checkpoint at `path`.
fn read(path: &Path) -> Result<Checkpoint, Failure> {
    let text = files::read(path)?;
    document(&text, CHECKPOINT_FORMAT)
}

/// Reads one of the documents of audits.
fn document<T: serde::de::DeserializeOwned + schemars::JsonSchema>(
    text: &Text,
    format: &str,
) -> Result<T, Failure> {
    let read = exchange::require(&text.bytes, format)
        .and_then(|()| json::read(&text.bytes, &Formats::new(FORMATS)));
    read.map_err(|issues| Failure::Document { text: key::unseen(text), issues })
}

fn told(found: Findings, taken: &[Checkpoint], key: Option<&PublicKey>) -> Audit {
    let sentence = |fault: &Fault| {
        let label = fault.label();
        Finding { code: fault.code(), zh: label.zh, en: label.en }
    };
    let is_sound = |taken: &&Checkpoint| {
        let contradicts = |fault: &Fault| match fault {
            Fault::Cut { position, .. } | Fault::Rewritten { position } => {
                *position == taken.position
            }
            _ => false,
        };
        // A walk that was given up on never came to those ahead.
        let is_reached = taken.position <= found.end && found.more == 0;
        let is_signed = taken.is_signed_with(key.unwrap_or(&taken.key));
        is_reached && is_signed && !found.faults.iter().any(contradicts)
    };
    let sound = taken.iter().filter(is_sound).map(|taken| taken.position);
    let vouched_to = sound.max().unwrap_or(0);
    Audit {
        events: found.events,
        end: found.end,
        streams: found.heads.len(),
        checkpoints: taken.len(),
        vouched_to,
        behind: found.end - vouched_to,
        is_key_given: key.is_some(),
        faults: found.faults.iter().map(sentence).collect(),
        more: found.more,
    }
}
