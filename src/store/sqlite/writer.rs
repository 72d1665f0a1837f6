//! The thread that writes. Batches that come while a transaction is being made durable wait in a
//! queue and are the next transaction together.
//!
//! What is erased is overwritten in the database by SQLite itself, but may stand in the log that is
//! yet to be moved into it. So a transaction that erases owes an empty log: whoever waits is told
//! first, then it is emptied, as soon as nobody reads from it.
//!
//! The log begins anew only at a moment when nobody reads from it. Where somebody always does, as
//! in a busy server, SQLite by itself found none in seven minutes, and the log grew to 12 GB. So
//! when it is long, new questions and writes are held back for a moment: see [`Readers::hold`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::hooks::Wal;
use rusqlite::{Connection, TransactionBehavior};

use super::apply::apply;
use super::opening;
use super::readers::Readers;
use crate::store::{Batch, Failure, Receipt, Write};

/// The most batches in one transaction.
const MOST_IN_GROUP: usize = 256;

/// Pages of the write-ahead log before they are moved into the database (16 MB).
const LOG_PAGES: u32 = 4_000;

/// How long those who read are waited for when the log is to be emptied, with all who write.
const BRIEFLY: Duration = Duration::from_millis(20);

/// After how long without work that is tried again.
const PAUSE: Duration = Duration::from_millis(500);

type Outcome = Result<Receipt, Failure>;

struct Job {
    batch: Batch,
    caller: SyncSender<Outcome>,
}

/// The way to the thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    /// Taken only when the thread is to end.
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, readers: Arc<Readers>) -> Result<Writer, Failure> {
        let (queue, jobs) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("paidan-store".to_owned())
            .spawn(move || work(connection, readers, &jobs, LOG_PAGES))
            .map_err(|source| Failure::Other(Arc::new(source)))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    /// Has `batch` written, and waits until it is durable.
    pub(super) fn commit(&self, batch: Batch) -> Outcome {
        let (caller, answer) = mpsc::sync_channel(1);
        let queue = self.queue.as_ref().ok_or(Failure::Closed)?;
        queue.send(Job { batch, caller }).map_err(|_| Failure::Closed)?;
        answer.recv().unwrap_or(Err(Failure::Closed))
    }
}

impl Drop for Writer {
    /// Waits until everything in the queue is written.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // Had it panicked, every caller would have been told that the store is closed.
            let _ = thread.join();
        }
    }
}

/// How long the write-ahead log is, and when it is to begin anew.
struct Log {
    /// As the last commit left it.
    pages: Arc<AtomicU32>,
    /// From how many pages on.
    limit: u32,
    /// The same, or more after it was tried in vain.
    next: u32,
}

impl Log {
    /// Hears of every commit of `connection`, which moves no page by itself any more.
    fn of(connection: &mut Connection, limit: u32) -> Result<Log, rusqlite::Error> {
        let pages = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&pages);
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            count.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Log { pages, limit, next: limit })
    }

    /// Lets it begin anew when it is long. What is in the way is waited for briefly, and again when
    /// the log is longer by a quarter.
    fn shorten(&mut self, connection: &Connection, readers: &Readers) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.next {
            // It began anew.
            self.next = if pages < self.limit { self.limit } else { self.next };
            return;
        }
        let moved = || is_moved(connection, "PRAGMA wal_checkpoint(RESTART)");
        let is_short = readers.hold(BRIEFLY, moved).unwrap_or(false);
        self.next = if is_short { self.limit } else { pages.saturating_add(self.limit / 4) };
        if is_short {
            self.pages.store(0, Ordering::Relaxed);
        }
    }
}

/// The connections that read are let go of before the one that writes: it is the last one to close,
/// and moves the log into the database.
fn work(mut connection: Connection, readers: Arc<Readers>, jobs: &Receiver<Job>, limit: u32) {
    // Without the hook SQLite goes on moving pages in its own way.
    let mut log = Log::of(&mut connection, limit).ok();
    // What a process that was killed left to do is done first.
    let mut is_owed = !is_log_forgotten(&connection);
    loop {
        let first = match is_owed {
            true => jobs.recv_timeout(PAUSE),
            false => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match first {
            Ok(first) => is_owed |= is_group_erasing(&mut connection, first, jobs),
            Err(RecvTimeoutError::Timeout) => {}
            // Closing the last connection empties the log, too.
            Err(RecvTimeoutError::Disconnected) => return drop(readers),
        }
        if let Some(log) = &mut log {
            log.shorten(&connection, &readers);
        }
        is_owed = is_owed && !is_log_forgotten(&connection);
    }
}

/// Writes `first` with whatever else waits, tells everybody, and whether anything was erased.
fn is_group_erasing(connection: &mut Connection, first: Job, jobs: &Receiver<Job>) -> bool {
    let rest = jobs.try_iter().take(MOST_IN_GROUP - 1);
    let (callers, batches): (Vec<_>, Vec<_>) =
        std::iter::once(first).chain(rest).map(|job| (job.caller, job.batch)).unzip();
    let erasing: Vec<bool> = batches.iter().map(erases).collect();
    let outcomes = written(connection, batches);
    let is_erasing =
        outcomes.iter().zip(erasing).any(|(outcome, erases)| erases && outcome.is_ok());
    for (caller, outcome) in callers.into_iter().zip(outcomes) {
        // Whoever stopped waiting finds what he wrote when he reads.
        let _ = caller.send(outcome);
    }
    is_erasing
}

/// What became of each batch, now that it is durable.
fn written(connection: &mut Connection, batches: Vec<Batch>) -> Vec<Outcome> {
    let count = batches.len();
    // The first fault is the one to tell: without a transaction nothing of any batch is there.
    in_one_transaction(connection, batches).unwrap_or_else(|failure| vec![Err(failure); count])
}

fn in_one_transaction(
    connection: &mut Connection,
    batches: Vec<Batch>,
) -> Result<Vec<Outcome>, Failure> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut outcomes = Vec::with_capacity(batches.len());
    for batch in batches {
        let savepoint = transaction.savepoint()?;
        match apply(&savepoint, batch) {
            Ok(receipt) => {
                savepoint.commit()?;
                outcomes.push(Ok(receipt));
            }
            Err(failure) => {
                let undone = savepoint.finish();
                // A full disk ends the whole transaction, with the work of the others in it.
                if transaction.is_autocommit() {
                    return Err(failure);
                }
                // What cannot be taken back alone takes the others with it.
                undone?;
                outcomes.push(Err(failure));
            }
        }
    }
    transaction.commit()?;
    Ok(outcomes)
}

fn erases(batch: &Batch) -> bool {
    let is_erasing = |write: &Write| {
        matches!(
            write,
            Write::EraseText { .. }
                | Write::EraseTextsOf { .. }
                | Write::EraseDocument { .. }
                | Write::EraseEarlier { .. }
                | Write::DropDocument { .. }
                | Write::DropAnswers { .. }
        )
    };
    batch.writes.iter().any(is_erasing)
}

/// Moves the write-ahead log into the database and empties it, so that nothing erased stays in
/// it. False while somebody reads what was there before.
fn is_log_forgotten(connection: &Connection) -> bool {
    is_moved(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
}

/// Whether `statement` could move the whole log into the database.
fn is_moved(connection: &Connection, statement: &str) -> bool {
    let moved = connection
        .busy_timeout(BRIEFLY)
        .and_then(|()| connection.query_row(statement, [], |row| row.get::<_, i64>(0)));
    let restored = connection.busy_timeout(opening::PATIENCE);
    restored.is_ok() && matches!(moved, Ok(0))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::opening;
    use super::written;
    use crate::desk::event::{Draft, Stream};
    use crate::desk::payload::Payload;
    use crate::store::{Batch, Failure};

    /// A batch of one event with so many bytes in it.
    fn batch(stream: &str, bytes: usize) -> Batch {
        let payload = Payload::kept(format!("\"{}\"", "x".repeat(bytes)));
        let (actor, kind) = ("wang".to_owned(), "taken".to_owned());
        let draft = Draft { at_ms: 0, actor, kind, payload };
        Batch::new().append(&Stream::new("ticket", stream), 0, vec![draft])
    }

    fn events(connection: &Connection) -> u64 {
        super::super::end(connection).unwrap()
    }

    /// A database in memory stands in for a disk with so many pages left.
    fn almost_full(pages: u32) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        opening::upgrade(&mut connection).unwrap();
        let used: u32 =
            connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection
            .pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))
            .unwrap();
        connection
    }

    #[test]
    fn a_full_disk_is_an_error_and_the_store_goes_on_when_there_is_room() {
        let mut connection = almost_full(4);
        let outcomes = written(&mut connection, vec![batch("A", 10), batch("B", 100_000)]);
        assert!(matches!(outcomes[1], Err(Failure::Full(_))), "{outcomes:?}");
        // Whatever became of the first, it was told so.
        assert_eq!(events(&connection), u64::from(outcomes[0].is_ok()));
        let outcomes = written(&mut connection, vec![batch("C", 10)]);
        assert!(outcomes[0].is_ok(), "{outcomes:?}");
    }

    #[test]
    fn a_database_that_can_only_be_read_is_an_error() {
        let mut connection = almost_full(100);
        connection.pragma_update(None, "query_only", true).unwrap();
        let outcomes = written(&mut connection, vec![batch("A", 10), batch("B", 10)]);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Failure::ReadOnly))));
        connection.pragma_update(None, "query_only", false).unwrap();
        assert_eq!(events(&connection), 0);
    }
}
