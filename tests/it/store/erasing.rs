//! What is erased, and where it might still stand (R243).

use std::fs;
use std::path::Path;

use paidan::desk::hash::Hash;
use paidan::desk::personal::PersonalText;
use paidan::store::row::{Answer, Text};
use paidan::store::{Batch, Sqlite, Store, Texts as _, Write};
use rusqlite::Connection;

use super::moving::names;
use super::{both, database, drafts, folder, ticket};

/// What has to be gone.
const TRACES: [&str; 4] = ["13800000000", "a salt of chance", "文三路", "李强"];

fn text() -> PersonalText {
    let (subject, text) = ("client/C1".to_owned(), "王芳 13800000000".to_owned());
    PersonalText { subject, salt: *b"a salt of chance", text }
}

fn answer(key: &str, expires_ms: i64) -> Write {
    Write::Answer(Answer {
        scope: "desk".to_owned(),
        key: key.to_owned(),
        digest: Hash::of(&[1]),
        status: 201,
        body: "1 T-1\n{\"name\":\"李强\"}".into(),
        created_ms: 0,
        expires_ms,
    })
}

/// An event, a text, two versions of a document, and an answer.
fn fill(store: &dyn Store) {
    let put = |version| Write::PutDocument {
        kind: "client".to_owned(),
        key: "C1".to_owned(),
        expected_version: Some(version),
        body: Some("住址 文三路".to_owned()),
        at_ms: 0,
        actor: "li".to_owned(),
    };
    let batch = Batch::new().and(Write::PutText(text())).and(put(0)).and(put(1));
    let batch = batch.and(answer("k1", 100));
    store.commit(batch.append(&ticket("T-1"), 0, drafts(1))).unwrap();
}

fn erase(store: &dyn Store) {
    let (kind, key) = ("client".to_owned(), "C1".to_owned());
    let erase = Write::EraseText { hash: text().hash(), at_ms: 9 };
    store.commit(Batch::new().and(erase).and(Write::EraseDocument { kind, key })).unwrap();
}

/// Those of [`TRACES`] that stand in any file beside `path`, or in it.
fn traces(path: &Path) -> Vec<&'static str> {
    let files = names(path.parent().unwrap());
    let files: Vec<Vec<u8>> =
        files.iter().map(|name| fs::read(path.with_file_name(name)).unwrap()).collect();
    let stands = |needle: &&str| {
        files.iter().any(|bytes| bytes.windows(needle.len()).any(|part| part == needle.as_bytes()))
    };
    TRACES.into_iter().filter(stands).collect()
}

/// Returns when the writer has tried to do what it owed: it does so behind the first batch, and
/// then only takes the second.
fn settle(store: &Sqlite) {
    store.commit(Batch::new()).unwrap();
    store.commit(Batch::new()).unwrap();
}

#[test]
fn what_is_erased_is_in_no_file_any_more() {
    let (path, store) = database("traces");
    fill(&store);
    assert_eq!(traces(&path), TRACES);
    erase(&store);
    settle(&store);
    assert_eq!(traces(&path), Vec::<&str>::new());
    assert_eq!(store.text(&text().hash()).unwrap(), Some(Text::Erased(9)));
}

/// While somebody reads what was there before, the log stays. Nobody waits for him, and it goes
/// when he is done, at once or when the database is opened again after a kill.
#[test]
fn what_is_erased_leaves_the_log_when_nobody_reads_it_any_more() {
    let (path, store) = database("read");
    fill(&store);
    let reader = Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM personal").unwrap();
    erase(&store);
    settle(&store);
    assert_eq!(traces(&path), TRACES);
    let killed = folder("read-killed").join("desk.db");
    fs::copy(&path, &killed).unwrap();
    fs::copy(path.with_file_name("desk.db-wal"), killed.with_file_name("desk.db-wal")).unwrap();
    reader.execute_batch("COMMIT").unwrap();
    settle(&store);
    assert_eq!(traces(&path), Vec::<&str>::new());
    let store = Sqlite::open(&killed).unwrap();
    settle(&store);
    assert_eq!(traces(&killed), Vec::<&str>::new());
}

/// Nobody knows what an answer tells, so whatever is erased empties all that were given before;
/// that the requests were answered, and how, stays, and so does the first line.
#[test]
fn erasing_empties_the_answers_that_may_tell_of_it() {
    let subject = || "client/C1".to_owned();
    let (kind, key) = ("client".to_owned(), "C1".to_owned());
    for (number, erase) in [
        Write::EraseText { hash: text().hash(), at_ms: 9 },
        Write::EraseTextsOf { subject: subject(), at_ms: 9 },
        Write::EraseDocument { kind, key },
    ]
    .into_iter()
    .enumerate()
    {
        both(&format!("answers-{number}"), |store| {
            fill(store);
            store.commit(Batch::new().and(erase.clone()).and(answer("k2", 100))).unwrap();
            let before = store.answer("desk", "k1", 10).unwrap().unwrap();
            assert_eq!((before.status, before.body.as_slice()), (201, b"1 T-1\n".as_slice()));
            let since = store.answer("desk", "k2", 10).unwrap().unwrap();
            assert_eq!((since.status, since.body.len()), (201, 6 + 17));
        });
    }
}

/// An answer that counts no more leaves the files, too.
#[test]
fn a_dropped_answer_is_in_no_file_any_more() {
    let (path, store) = database("dropped");
    store.commit(Batch::new().and(answer("k1", 5))).unwrap();
    assert_eq!(traces(&path), ["李强"]);
    store.commit(Batch::new().and(Write::DropAnswers { now_ms: 5, most: 9 })).unwrap();
    settle(&store);
    assert_eq!(traces(&path), Vec::<&str>::new());
}
