//! Copies of a database that is in use, and the way back. A copy is a single file.
//!
//! A copy holds what the database held, so texts that were erased since come back with it and are
//! to be erased again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension as _};

use super::files::{Draft, is_link, keep, without_logs};
use super::lock::Lock;
use super::{end, opening};
use crate::desk::hash::Hash;
use crate::store::Failure;

/// Pages copied at a time: all, so that the copy is of one moment and nobody waits for it.
const PAGES: i32 = i32::MAX;

/// How long to wait when the database is locked for a moment.
const PAUSE: Duration = Duration::from_millis(50);

/// What a restored database is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The last position in it.
    pub end: u64,
    /// Where the database that was there before is kept, if there was one.
    pub kept: Option<PathBuf>,
}

/// Copies the database at `path`, which others may be using, to the file `target`, and tells the
/// last position in the copy. The copy is checked, and its owner's alone to read; until it is
/// whole, what stood there before stays. Where `target` is a link, the link is replaced.
///
/// # Errors
/// [`Failure::Absent`], [`Failure::Foreign`], [`Failure::Damaged`], [`Failure::InUse`] while the
/// database is being replaced, or when `target` is one that somebody has open, and what fails
/// outside.
pub fn backup(path: &Path, target: &Path) -> Result<u64, Failure> {
    let source = there(path)?;
    let _lock = Lock::shared(path)?;
    let _target = Lock::alone_if_opened(target)?;
    let (draft, end) = copied(&source, target)?;
    without_logs(target)?;
    draft.put(target)?;
    Ok(end)
}

/// Puts the backup `from` in the place of the database at `path`. What stood there is kept beside
/// it under another name. Whenever this is interrupted, either of the two stands there whole.
///
/// # Errors
/// [`Failure::InUse`] when somebody has the database open; [`Failure::Ahead`] when it holds events
/// that the backup does not, unless `is_forced`; [`Failure::Link`] when `path` is a link;
/// [`Failure::Foreign`] when either is no database of paidan, [`Failure::Newer`] when either is of
/// a newer version, [`Failure::Damaged`] when the backup is, and what fails outside.
pub fn restore(from: &Path, path: &Path, is_forced: bool) -> Result<Restored, Failure> {
    if is_link(path) {
        return Err(Failure::Link(path.to_owned()));
    }
    let source = there(from)?;
    let _lock = Lock::alone(path)?;
    opening::check_pages(&source)?;
    if path.exists() {
        match there(path).and_then(|old| is_ahead(&old, &source, path)) {
            Err(Failure::Ahead { .. }) if is_forced => {}
            // What is damaged is what backups are for.
            Ok(()) | Err(Failure::Damaged(_)) => {}
            Err(other) => return Err(other),
        }
    }
    let (draft, end) = copied(&source, path)?;
    let kept = keep(path)?;
    draft.put(path)?;
    Ok(Restored { end, kept })
}

/// The database of paidan at `path`, for reading.
fn there(path: &Path) -> Result<Connection, Failure> {
    if !path.is_file() {
        return Err(Failure::Absent(path.to_owned()));
    }
    let connection = opening::reading(path)?;
    match opening::recognise(&connection, path)? {
        0 => Err(Failure::Foreign(path.to_owned())),
        _ => Ok(connection),
    }
}

/// Copies `source` to the file `target`.
pub(super) fn copy(source: &Connection, target: &Path) -> Result<(), Failure> {
    let (draft, _) = copied(source, target)?;
    draft.put(target)
}

/// A checked copy of `source`, meant for `target`, and the last position in it.
fn copied(source: &Connection, target: &Path) -> Result<(Draft, u64), Failure> {
    let draft = Draft::beside(target)?;
    let mut fresh = opening::writing(draft.name())?;
    Backup::new(source, &mut fresh)?.run_to_completion(PAGES, PAUSE, None)?;
    // One file, without the two that a database in use has beside it.
    fresh.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    opening::check_pages(&fresh)?;
    opening::check_rows(&fresh)?;
    let end = end(&fresh)?;
    fresh.close().map_err(|(_, error)| error)?;
    Ok((draft, end))
}

/// Whether `old` holds events that `source` does not.
fn is_ahead(old: &Connection, source: &Connection, path: &Path) -> Result<(), Failure> {
    let (mut shared, end) = (0, end(old)?);
    let mut differing = end + 1;
    if is_same(old, source, end)? {
        return Ok(());
    }
    // Logs of one origin are the same up to some position.
    while shared + 1 < differing {
        let middle = shared + (differing - shared) / 2;
        if is_same(old, source, middle)? {
            shared = middle;
        } else {
            differing = middle;
        }
    }
    Err(Failure::Ahead { path: path.to_owned(), shared, end })
}

fn is_same(old: &Connection, source: &Connection, position: u64) -> Result<bool, Failure> {
    Ok(hash_at(old, position)? == hash_at(source, position)?)
}

fn hash_at(connection: &Connection, position: u64) -> Result<Option<Hash>, Failure> {
    let mut hash = connection.prepare_cached("SELECT hash FROM event WHERE position = ?1")?;
    Ok(hash.query_row([position], |row| row.get(0)).optional()?.map(Hash::kept))
}
