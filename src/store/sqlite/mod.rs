//! The store in a file: SQLite, with a write-ahead log that is on the disk before anybody is told.
//!
//! One thread writes. Batches that wait while it is at it share the next transaction, so that the
//! disk is waited for once per group and not once per batch; a refused batch is taken back alone.
//! Several connections read meanwhile, each seeing what was durable when its question began.
//!
//! Beside `desk.db` there may be: `desk.db-wal` and `-shm` while it is in use, `.lock` and
//! `.serving` by which processes tell each other so, `.v2` as it was before an upgrade, `.before-restore-1` as it was
//! before a restore, `.part-1` what is being copied. All of them are their owner's alone to read.

mod apply;
mod backup;
mod files;
mod lock;
mod opening;
mod read;
mod readers;
mod said;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

pub use backup::{Restored, backup, restore};

use super::{Batch, Failure, Receipt, Store};
use lock::Lock;
use readers::Readers;
use writer::Writer;

/// Connections that read.
const READERS: usize = 4;

/// A store in a file.
#[derive(Debug)]
pub struct Sqlite {
    // Dropped in this order: the writer tidies up only when nobody reads, the lock goes last.
    readers: Arc<Readers>,
    writer: Option<Writer>,
    path: PathBuf,
    _lock: Option<Lock>,
    _serving: Option<Lock>,
}

impl Sqlite {
    /// Opens the database at `path`, or begins one, which only its owner may read. An older one is upgraded in place, with a
    /// backup of what it was beside it. Everything is held against its check sums first, which
    /// reads the whole file.
    ///
    /// # Errors
    /// [`Failure::Foreign`], [`Failure::Newer`], [`Failure::Damaged`], [`Failure::InUse`] while
    /// the file is being replaced, and what fails outside.
    pub fn create_or_open(path: &Path) -> Result<Sqlite, Failure> {
        let mut lock = Lock::shared(path)?;
        let mut connection = opening::writing_or_new(path)?;
        if opening::is_older(&connection, path)? {
            drop(lock);
            lock = Lock::alone(path)?;
        }
        opening::prepare(&mut connection, path)?;
        lock.share()?;
        files::without_drafts(path)?;
        let readers = std::iter::repeat_with(|| opening::reading(path)).take(READERS);
        let readers = Arc::new(Readers::of(readers.collect::<Result<_, _>>()?));
        let writer = Some(Writer::start(connection, Arc::clone(&readers))?);
        Ok(Sqlite { readers, writer, path: path.to_owned(), _lock: Some(lock), _serving: None })
    }

    /// As [`Sqlite::create_or_open`], for who keeps in memory what is in it: of those there is but
    /// one at a time. Others may open it meanwhile, to make keys or to copy it.
    ///
    /// # Errors
    /// [`Failure::Served`], and as there.
    pub fn serve(path: &Path) -> Result<Sqlite, Failure> {
        let serving = Some(Lock::serving(path)?);
        Ok(Sqlite { _serving: serving, ..Sqlite::create_or_open(path)? })
    }

    /// Opens the database at `path` as [`Sqlite::create_or_open`] does, if there is one.
    ///
    /// # Errors
    /// [`Failure::Absent`], and as there.
    pub fn open(path: &Path) -> Result<Sqlite, Failure> {
        if path.is_file() {
            Sqlite::create_or_open(path)
        } else {
            Err(Failure::Absent(path.to_owned()))
        }
    }

    /// Opens the database at `path` for reading only, whatever state it is in: for audits.
    ///
    /// # Errors
    /// [`Failure::Absent`], [`Failure::Foreign`], [`Failure::Newer`], what fails outside.
    pub fn open_for_audit(path: &Path) -> Result<Sqlite, Failure> {
        if !path.is_file() {
            return Err(Failure::Absent(path.to_owned()));
        }
        let connection = opening::reading(path)?;
        opening::recognise(&connection, path)?;
        let readers = Arc::new(Readers::of(vec![connection]));
        Ok(Sqlite { readers, writer: None, path: path.to_owned(), _lock: None, _serving: None })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Store for Sqlite {
    fn commit(&self, batch: Batch) -> Result<Receipt, Failure> {
        batch.measure()?;
        self.writer.as_ref().ok_or(Failure::ReadOnly)?.commit(batch)
    }
}

/// `path` with `suffix` behind its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The last position in the log.
fn end(connection: &Connection) -> Result<u64, Failure> {
    let mut last = connection.prepare_cached("SELECT coalesce(max(position), 0) FROM event")?;
    Ok(last.query_row([], |row| row.get(0))?)
}
