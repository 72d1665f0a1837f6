//! A database that somebody wrote into by other means.

use std::path::Path;

use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::fault::Fault;
use paidan::desk::hash::Hash;
use paidan::desk::personal::PersonalText;
use paidan::store::audit::audit;
use paidan::store::{About, Batch, Documents as _, Failure, Log as _, Sqlite, Store as _, Write};
use rusqlite::Connection;

use super::{database, drafts, ticket};
use crate::log::key;

/// Runs `sql` on the database in a folder called `name`, after four events of two tickets and a
/// personal text, and tells the codes of what an audit with a checkpoint over all of it finds.
fn found(name: &str, sql: &str) -> Vec<&'static str> {
    let (path, store) = database(name);
    let text =
        PersonalText { subject: "client/C1".to_owned(), salt: [1; 16], text: "王芳".to_owned() };
    for seq in 0..2 {
        let batch = Batch::new().append(&ticket("T-1"), seq, drafts(1));
        store.commit(batch.append(&ticket("T-2"), seq, drafts(1))).unwrap();
    }
    store.commit(Batch::new().and(Write::PutText(text))).unwrap();
    let now = store.heads().unwrap();
    let heads = now.heads.iter().map(|(stream, head)| (stream, *head));
    let checkpoint = Checkpoint::take(now.position, 0, heads, &key());
    drop(store);
    meddle(&path, sql);
    let store = Sqlite::open_for_audit(&path).unwrap();
    let found = audit(&store, vec![checkpoint], Some(&key().public()), &mut |_| {}).unwrap();
    found.faults.iter().map(Fault::code).collect()
}

fn meddle(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("DROP TRIGGER event_stays; DROP TRIGGER event_is_kept").unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_database_nobody_meddled_with_has_no_faults() {
    assert_eq!(found("meddled-0", ""), Vec::<&str>::new());
}

/// R104, R243.
#[test]
fn what_is_changed_by_hand_is_found() {
    let mut wrong = Vec::new();
    let last = "DELETE FROM event WHERE position = 4";
    for (number, (sql, codes)) in [
        ("UPDATE event SET payload = '{\"number\":2}' WHERE position = 2", &["L001"][..]),
        ("UPDATE event SET payload = 'no json' WHERE position = 2", &["L001"]),
        ("UPDATE event SET at_ms = at_ms + 1 WHERE position = 3", &["L001"]),
        ("DELETE FROM event WHERE position = 1", &["L003", "L004"]),
        // It now stands behind the checkpoint, and leaves two runs of places empty.
        ("UPDATE event SET position = 9 WHERE position = 2", &["L001", "L003", "L004", "L004"]),
        (last, &["L008", "L011"]),
        // Whoever mends the note of the head, too, is told by the checkpoint.
        (
            "DELETE FROM event WHERE position = 4;
             UPDATE stream SET seq = 1, hash = (SELECT hash FROM event WHERE position = 2)
             WHERE key = 'T-2'",
            &["L008"],
        ),
        ("UPDATE stream SET key = 'T-3' WHERE key = 'T-1'", &["L001", "L001", "L009"]),
        ("UPDATE personal SET text = '李强'", &["L012"]),
        ("UPDATE event SET hash = x'00' WHERE position = 2", &["L003", "L007"]),
        // An event of no stream cannot be read, and is none of those of the checkpoint.
        (
            "PRAGMA foreign_keys = OFF;
             UPDATE event SET stream = 999 WHERE position = 4;
             UPDATE stream SET seq = 1, hash = (SELECT hash FROM event WHERE position = 2)
             WHERE key = 'T-2'",
            &["L007", "L009"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let found = found(&format!("meddled-{}", number + 1), sql);
        let mut found_sorted = found.clone();
        found_sorted.sort_unstable();
        let mut codes = codes.to_vec();
        codes.sort_unstable();
        wrong.extend((found_sorted != codes).then(|| format!("{sql}: {found_sorted:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The database itself refuses to change or drop an event.
#[test]
fn events_cannot_be_changed_by_accident() {
    let (path, store) = database("triggers");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let connection = Connection::open(&path).unwrap();
    for sql in ["UPDATE event SET actor = 'x'", "DELETE FROM event"] {
        assert!(connection.execute_batch(sql).is_err(), "{sql}");
    }
}

/// Opening finds a stream that does not end as noted.
#[test]
fn a_database_with_a_wrong_head_is_not_opened() {
    for (name, sql) in [
        ("head-cut", "DELETE FROM event WHERE position = 2"),
        ("head-changed", "UPDATE event SET actor = 'x' WHERE position = 2"),
        ("head-noted", "UPDATE stream SET seq = 1"),
    ] {
        let (path, store) = database(name);
        store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(2))).unwrap();
        drop(store);
        meddle(&path, sql);
        let Err(Failure::Damaged(label)) = Sqlite::open(&path) else { panic!("{name} was opened") };
        assert!(label.en.contains("ticket/T-1"), "{label}");
    }
}

/// Opening finds rows that belong to nothing, which no question would ever come upon.
#[test]
fn a_database_with_dangling_rows_is_not_opened() {
    let put = |name: &str| {
        let (path, store) = database(name);
        let document = Write::PutDocument {
            kind: "client".to_owned(),
            key: "C1".to_owned(),
            expected_version: None,
            body: Some("{}".to_owned()),
            at_ms: 0,
            actor: "li".to_owned(),
        };
        let enqueue = Write::Enqueue { about: About::New(0), target: "h".to_owned(), next_ms: 0 };
        let batch = Batch::new().append(&ticket("T-1"), 0, drafts(1));
        store.commit(batch.and(document).and(enqueue)).unwrap();
        path
    };
    for (number, (sql, what)) in [
        ("INSERT INTO event SELECT 2, 9, 1, 0, '', '', '', hash, hash FROM event", "event"),
        ("INSERT INTO stream SELECT 9, 'ticket', 'T-9', 0, hash FROM stream", "ticket/T-9"),
        ("DELETE FROM stream", "row 1 of event belongs to no row of stream"),
        ("DELETE FROM event; DELETE FROM stream", "outbox"),
        ("UPDATE version SET document = 9", "version"),
        ("DELETE FROM version", "client/C1"),
        ("UPDATE document SET version = 2", "client/C1"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = put(&format!("dangling-{number}"));
        meddle(&path, &format!("PRAGMA foreign_keys = OFF; {sql}"));
        let Err(Failure::Damaged(label)) = Sqlite::open(&path) else { panic!("opened: {sql}") };
        assert!(label.en.contains(what), "{sql}: {label}");
    }
}

/// A row that lost what it belongs to is an error and not silently left out.
#[test]
fn a_row_that_belongs_to_nothing_is_an_error_to_whoever_reads_it() {
    let (path, store) = database("orphan");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(2))).unwrap();
    let document = Write::PutDocument {
        kind: "client".to_owned(),
        key: "C1".to_owned(),
        expected_version: None,
        body: Some("{}".to_owned()),
        at_ms: 0,
        actor: "li".to_owned(),
    };
    store.commit(Batch::new().and(document)).unwrap();
    drop(store);
    let orphaned = "PRAGMA foreign_keys = OFF; DELETE FROM version;
                    UPDATE event SET stream = 9 WHERE position = 2";
    meddle(&path, orphaned);
    let store = Sqlite::open_for_audit(&path).unwrap();
    assert_eq!(store.events(0, 1).unwrap().len(), 1);
    assert!(matches!(store.events(0, 9), Err(Failure::Damaged(_))));
    assert!(matches!(store.document("client", "C1"), Err(Failure::Damaged(_))));
    assert!(matches!(store.documents("client", None, 9), Err(Failure::Damaged(_))));
}

#[test]
fn a_store_opened_for_an_audit_refuses_to_write() {
    let (path, store) = database("audit-only");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let looking = Sqlite::open_for_audit(&path).unwrap();
    assert_eq!(looking.end().unwrap(), 1, "beside a store in use");
    assert!(matches!(looking.commit(Batch::new()), Err(Failure::ReadOnly)));
    assert_ne!(looking.head(&ticket("T-1")).unwrap().hash, Hash::ZERO);
}
