//! Many at once: group commit, compare-and-set, and readers beside the writer.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use paidan::store::audit::audit;
use paidan::store::{
    Batch, Documents as _, Failure, Log as _, Memory, Refusal, Sqlite, Store, Write,
};

use super::{database, drafts, ticket};

/// Threads that write.
const WRITERS: u64 = 16;
/// Batches of each.
const BATCHES: u64 = 40;

/// Of two who looked at the same moment one wins, and the other is told where the stream is now.
fn one_of_two_wins(store: &dyn Store) {
    for round in 0..20 {
        let append = || store.commit(Batch::new().append(&ticket("T-1"), round, drafts(1)));
        let outcomes = thread::scope(|scope| {
            let others = [scope.spawn(append), scope.spawn(append)];
            others.map(|other| other.join().unwrap())
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1);
        let lost = outcomes.iter().find_map(|outcome| outcome.as_ref().err()).unwrap();
        let (stream, expected, actual) = (ticket("T-1"), round, round + 1);
        let moved = Refusal::Moved { stream, expected, actual };
        assert!(matches!(lost, Failure::Refused(refusal) if *refusal == moved), "{lost:?}");
    }
}

#[test]
fn of_two_appends_that_expect_the_same_one_wins() {
    one_of_two_wins(&Memory::new());
    one_of_two_wins(&database("two").1);
}

/// Refused batches among others in the same transaction spoil nothing but themselves.
#[test]
fn a_refused_batch_does_not_spoil_those_written_with_it() {
    let (_, store) = database("crowd");
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                let own = ticket(&format!("T-{writer}"));
                for seq in 0..BATCHES {
                    let batch = Batch::new().append(&own, seq, drafts(1));
                    // Every third is refused first, after its events were put.
                    if seq % 3 == 0 {
                        let spoilt = batch.clone().append(&ticket("nobody"), 7, drafts(1));
                        let refused = store.commit(spoilt);
                        assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
                    }
                    assert_eq!(store.commit(batch).unwrap().events[0].seq, seq + 1);
                    assert_eq!(store.head(&own).unwrap().seq, seq + 1, "a reader sees it at once");
                }
            });
        }
    });
    let found = audit(&store, Vec::new(), None, &mut |_| {}).unwrap();
    assert_eq!(
        (found.faults, found.events, found.end),
        (Vec::new(), WRITERS * BATCHES, WRITERS * BATCHES)
    );
    assert_eq!(found.heads.len() as u64, WRITERS);
}

/// Two processes may use one database; here, two stores.
#[test]
fn two_stores_on_one_file_write_one_chain() {
    let (path, one) = database("stores");
    let other = Sqlite::open(&path).unwrap();
    for seq in 0..10 {
        let store = if seq % 2 == 0 { &one } else { &other };
        store.commit(Batch::new().append(&ticket("T-1"), seq, drafts(1))).unwrap();
    }
    assert_eq!(audit(&one, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
    assert_eq!(other.end().unwrap(), 10);
}

/// Eight threads read without a pause, so that at every moment somebody reads from the write-ahead
/// log. It begins anew all the same: of 100 MB written it never holds more than three times the
/// 16 MB from which on it is shortened.
#[test]
fn the_log_stays_short_while_somebody_always_reads() {
    let (path, store) = database("reading");
    let put = |version: u64| Write::PutDocument {
        kind: "plan".to_owned(),
        key: "P-1".to_owned(),
        expected_version: Some(version),
        body: Some("x".repeat(1 << 20)),
        at_ms: 0,
        actor: "wang".to_owned(),
    };
    store.commit(Batch::new().and(put(0))).unwrap();
    let is_over = AtomicBool::new(false);
    let read = || {
        while !is_over.load(Ordering::Relaxed) {
            assert!(store.document("plan", "P-1").unwrap().is_some());
        }
    };
    let log = path.with_extension("db-wal");
    let written: Vec<_> = thread::scope(|scope| {
        let _readers = [(); 8].map(|()| scope.spawn(read));
        let write = |version| (store.commit(Batch::new().and(put(version))), fs::metadata(&log));
        let written = (1..=100).map(write).collect();
        is_over.store(true, Ordering::Relaxed);
        written
    });
    let longest = written.into_iter().map(|(receipt, log)| {
        receipt.unwrap();
        log.unwrap().len()
    });
    let longest = longest.max();
    assert!(longest < Some(48 << 20), "{longest:?}");
}

/// A process that is being started has the files of the one that starts it for a moment. That keeps
/// no database from who wants it alone once it is closed.
#[test]
fn a_closed_database_is_free_at_once_while_processes_are_being_started() {
    let (path, store) = database("started");
    drop(store);
    let copy = path.with_file_name("copy.db");
    paidan::store::backup(&path, &copy).unwrap();
    let is_over = AtomicBool::new(false);
    let start = || {
        while !is_over.load(Ordering::Relaxed) {
            let mut started = Command::new("true").stdin(Stdio::null()).spawn().unwrap();
            started.wait().unwrap();
        }
    };
    let freed: Vec<_> = thread::scope(|scope| {
        let _starting = [(); 4].map(|()| scope.spawn(start));
        let again = |_| {
            drop(Sqlite::open(&path)?);
            paidan::store::restore(&copy, &path, true).map(|restored| restored.end)
        };
        let freed = (0..100).map(again).collect();
        is_over.store(true, Ordering::Relaxed);
        freed
    });
    assert!(freed.iter().all(|restored| matches!(restored, Ok(0))), "{freed:?}");
}
