//! Where things end: bytes in a page and in a batch, and numbers beyond those SQLite has.

use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::event::{Draft, Event};
use paidan::desk::hash::Hash;
use paidan::desk::payload::{self, Payload};
use paidan::store::{
    About, Batch, Failure, Log as _, MOST_BATCH_BYTES, MOST_BYTES, Memory, Refusal, Sqlite,
    Store as _, Write,
};
use rusqlite::Connection;
use serde_json::Value;

use super::{both, database, drafts, ticket};
use crate::log::key;

/// Events as large as they may be.
fn large(count: usize) -> Vec<Draft> {
    let payload = Payload::of(&Value::from("x".repeat(payload::MAX_BYTES - 2))).unwrap();
    let draft = Draft { at_ms: 0, actor: String::new(), kind: String::new(), payload };
    vec![draft; count]
}

fn document(key: &str, bytes: usize) -> Write {
    Write::PutDocument {
        kind: "plan".to_owned(),
        key: key.to_owned(),
        expected_version: None,
        body: Some("x".repeat(bytes)),
        at_ms: 0,
        actor: String::new(),
    }
}

/// 8 MiB hold seven events of 1 MiB with their names. Whoever asks on behind the last row gets
/// the others.
#[test]
fn a_page_is_limited_in_bytes_and_the_next_goes_on_behind_it() {
    both("bytes", |store| {
        store.commit(Batch::new().append(&ticket("T-1"), 0, large(10))).unwrap();
        let in_page = MOST_BYTES / payload::MAX_BYTES - 1;
        let first = store.events(0, 100).unwrap();
        assert_eq!(first.len(), in_page);
        let rest = store.events(first[in_page - 1].position, 100).unwrap();
        assert_eq!(rest.iter().map(|event| event.position).collect::<Vec<_>>(), [8, 9, 10]);
        assert_eq!(store.stream(&ticket("T-1"), 0, 100).unwrap(), first);
        assert_eq!(store.stream(&ticket("T-1"), 7, 100).unwrap(), rest);
        assert_eq!(store.events(10, 100).unwrap(), Vec::<Event>::new());
    });
}

/// A row larger than a page is a page.
#[test]
fn a_row_is_read_however_large_it_is() {
    both("row", |store| {
        let batch = Batch::new().and(document("A", MOST_BYTES + 1)).and(document("B", 1));
        store.commit(batch).unwrap();
        let page = store.documents("plan", None, 100).unwrap();
        assert_eq!(page.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["A"]);
        let next = store.documents("plan", Some("A"), 100).unwrap();
        assert_eq!(next.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["B"]);
    });
}

#[test]
fn a_batch_of_too_many_bytes_is_refused_whole() {
    both("large", |store| {
        // kind and key are 5 bytes
        let most = document("A", MOST_BATCH_BYTES - 5);
        let batch = Batch::new().append(&ticket("T-1"), 0, drafts(1)).and(most);
        let Err(Failure::Refused(refused)) = store.commit(batch) else { panic!("was written") };
        let Refusal::TooLarge { bytes, most } = &refused else { panic!("{refused:?}") };
        assert!(bytes > most && *most == MOST_BATCH_BYTES);
        assert_eq!(refused.code(), "D006");
        assert_eq!(store.end().unwrap(), 0);
        assert_eq!(store.document("plan", "A").unwrap(), None);
    });
    let store = Memory::new();
    store.commit(Batch::new().and(document("A", MOST_BATCH_BYTES - 5))).unwrap();
}

/// SQLite counts to 2⁶³ − 1: what lies beyond is behind everything, and never comes round again.
#[test]
fn numbers_beyond_those_of_the_database_find_nothing_and_change_nothing() {
    both("numbers", |store| {
        let enqueue = Write::Enqueue { about: About::New(0), target: "h".to_owned(), next_ms: 0 };
        let batch = Batch::new().append(&ticket("T-1"), 0, drafts(1)).and(enqueue);
        store.commit(batch.and(document("A", 1))).unwrap();
        for beyond in [u64::MAX, 1 << 63] {
            assert_eq!(store.events(beyond, 9).unwrap(), []);
            assert_eq!(store.stream(&ticket("T-1"), beyond, 9).unwrap(), []);
            assert_eq!(store.dead(beyond, 9).unwrap(), []);
            assert_eq!(store.version("plan", "A", beyond).unwrap(), None);
            assert_eq!(store.history("plan", "A", Some(beyond), 9).unwrap().len(), 1);
            let heads = std::iter::empty();
            let ahead = Checkpoint { position: beyond, ..Checkpoint::take(0, 0, heads, &key()) };
            let said = String::new();
            for write in [
                Write::Attempted { id: beyond, next_ms: 0, is_dead: true, said },
                Write::Delivered { id: beyond },
                Write::Enqueue { about: About::Old(beyond), target: String::new(), next_ms: 0 },
                Write::Checkpoint(ahead),
            ] {
                let refused = store.commit(Batch::new().and(write.clone()));
                assert!(
                    matches!(&refused, Err(Failure::Refused(Refusal::Unknown(_)))),
                    "{write:?}: {refused:?}"
                );
            }
        }
        assert_eq!(store.due(0, 9).unwrap().len(), 1);
        let moved = store.commit(Batch::new().append(&ticket("T-1"), u64::MAX, drafts(1)));
        assert!(matches!(moved, Err(Failure::Refused(Refusal::Moved { actual: 1, .. }))));
    });
}

/// A log that somebody moved to the last number there is takes no more.
#[test]
fn nothing_is_written_behind_the_last_number_there_is() {
    let (path, store) = database("last-number");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let connection = Connection::open(&path).unwrap();
    let last = "DROP TRIGGER event_stays; UPDATE event SET position = 9223372036854775807";
    connection.execute_batch(last).unwrap();
    let refused = store.commit(Batch::new().append(&ticket("T-2"), 0, drafts(1)));
    assert!(matches!(refused, Err(Failure::Damaged(_))), "{refused:?}");
    assert_eq!(store.head(&ticket("T-2")).unwrap().hash, Hash::ZERO);
    drop(store);
    assert!(Sqlite::open(&path).is_err());
}
