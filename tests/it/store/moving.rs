//! Databases that move: to a newer version, to a backup, and back.

use std::fs;
use std::path::Path;

use paidan::store::audit::audit;
use paidan::store::{
    Answers as _, Batch, Documents as _, Failure, Log as _, Sqlite, Store as _, backup, restore,
};
use rusqlite::Connection;

use super::{database, drafts, folder, ticket};

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn version(path: &Path) -> u32 {
    let connection = Connection::open(path).unwrap();
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn append(store: &Sqlite, key: &str, seq: u64) {
    store.commit(Batch::new().append(&ticket(key), seq, drafts(1))).unwrap();
}

/// A database of version 1 is upgraded in place, with all that was in it, and a backup beside it.
#[test]
fn a_database_of_version_1_is_upgraded_with_a_backup_first() {
    let folder = folder("upgrade");
    let path = folder.join("desk.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("version-1.sql")).unwrap();
    let before = audit(&Sqlite::open_for_audit(&path).unwrap(), Vec::new(), None, &mut |_| {});
    assert_eq!(before.unwrap().faults, []);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(audit(&store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
    assert_eq!(store.stream(&ticket("T-17"), 0, 9).unwrap()[1].kind, "told");
    let client = store.document("client", "C1").unwrap().unwrap();
    assert_eq!((client.version, client.body.as_deref()), (2, Some(r#"{"tier":"B"}"#)));
    assert!(store.answer("desk", "k1", 499).unwrap().is_some());
    append(&store, "T-17", 2);
    assert_eq!(store.checkpoints().unwrap(), []);
    drop(store);
    assert_eq!(names(&folder), ["desk.db", "desk.db.lock", "desk.db.v1"]);
    assert_eq!((version(&path), version(&folder.join("desk.db.v1"))), (5, 1));
    let old = Sqlite::open_for_audit(&folder.join("desk.db.v1")).unwrap();
    assert_eq!(old.end().unwrap(), 2);
}

#[test]
fn an_older_database_that_is_in_use_is_not_upgraded_under_its_user() {
    let path = folder("upgrade-used").join("desk.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("version-1.sql")).unwrap();
    let used = fs::File::create(path.with_file_name("desk.db.lock")).unwrap();
    used.lock_shared().unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Failure::InUse(_))));
    assert_eq!(version(&path), 1);
}

#[test]
fn what_is_no_database_of_ours_is_left_alone() {
    let folder = folder("foreign");
    let other = folder.join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let text = folder.join("text.db");
    fs::write(&text, "not a database, but long enough to be taken for one by its size").unwrap();
    for path in [&other, &text] {
        let before = fs::read(path).unwrap();
        assert!(matches!(Sqlite::create_or_open(path), Err(Failure::Foreign(_))));
        assert!(matches!(Sqlite::open_for_audit(path), Err(Failure::Foreign(_))));
        assert_eq!(fs::read(path).unwrap(), before);
    }
    assert!(matches!(Sqlite::open(&folder.join("none.db")), Err(Failure::Absent(_))));
    assert!(!folder.join("none.db").exists());
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let (path, store) = database("newer");
    drop(store);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 6).unwrap();
    let refused = Sqlite::open(&path);
    assert!(matches!(refused, Err(Failure::Newer { found: 6, known: 5 })), "{refused:?}");
    // nor put in the place of another, nor replaced by one
    let (other, store) = database("newer-other");
    drop(store);
    for restored in [restore(&path, &other, true), restore(&other, &path, true)] {
        assert!(matches!(restored, Err(Failure::Newer { found: 6, .. })), "{restored:?}");
        assert!(restored.unwrap_err().label().en.contains("use a newer paidan"));
    }
    assert_eq!((version(&path), version(&other)), (6, 5));
}

#[test]
fn a_backup_is_not_put_in_the_place_of_a_database_in_use() {
    let (path, store) = database("backup-onto");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let (other, used) = database("backup-onto-other");
    used.commit(Batch::new().append(&ticket("T-2"), 0, drafts(1))).unwrap();
    assert!(matches!(backup(&path, &other), Err(Failure::InUse(_))));
    assert!(matches!(backup(&path, &path), Err(Failure::InUse(_))));
    assert_eq!(used.head(&ticket("T-2")).unwrap().seq, 1);
}

#[test]
fn a_backup_is_taken_while_the_database_is_in_use_and_restored_when_it_is_not() {
    let (path, store) = database("backup");
    let copy = path.with_file_name("copy.db");
    append(&store, "T-1", 0);
    assert_eq!(backup(&path, &copy).unwrap(), 1);
    append(&store, "T-1", 1);
    assert_eq!(names(path.parent().unwrap())[..1], ["copy.db"]);

    assert!(matches!(restore(&copy, &path, true), Err(Failure::InUse(_))), "even when forced");
    drop(store);
    let ahead = restore(&copy, &path, false);
    assert!(matches!(ahead, Err(Failure::Ahead { shared: 1, end: 2, .. })), "{ahead:?}");

    let restored = restore(&copy, &path, true).unwrap();
    assert_eq!(restored.end, 1);
    let kept = restored.kept.unwrap();
    assert_eq!(Sqlite::open(&kept).unwrap().end().unwrap(), 2);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(store.end().unwrap(), 1);
    append(&store, "T-1", 1);
}

#[test]
fn a_backup_that_holds_everything_is_restored_without_asking() {
    let (path, store) = database("restore");
    let copy = path.with_file_name("copy.db");
    append(&store, "T-1", 0);
    backup(&path, &copy).unwrap();
    drop(store);
    restore(&copy, &path, false).unwrap();
    restore(&copy, &path.with_file_name("elsewhere.db"), false).unwrap();
    let elsewhere = Sqlite::open(&path.with_file_name("elsewhere.db")).unwrap();
    assert_eq!(elsewhere.end().unwrap(), 1);
    assert_eq!(Sqlite::open(&path).unwrap().end().unwrap(), 1);
}

#[test]
fn logs_of_another_origin_do_not_replace_each_other_unasked() {
    let (path, store) = database("origin");
    append(&store, "T-1", 0);
    drop(store);
    let (other, store) = database("origin-other");
    append(&store, "T-2", 0);
    append(&store, "T-2", 1);
    drop(store);
    assert!(matches!(restore(&other, &path, false), Err(Failure::Ahead { shared: 0, .. })));
}

#[test]
fn a_damaged_database_is_replaced_and_a_damaged_backup_is_not_used() {
    let (path, store) = database("damaged");
    let copy = path.with_file_name("copy.db");
    append(&store, "T-1", 0);
    backup(&path, &copy).unwrap();
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    bytes[4_096..].fill(0xAA);
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Failure::Damaged(_))));
    assert!(matches!(restore(&path, &copy, true), Err(Failure::Damaged(_))));
    restore(&copy, &path, false).unwrap();
    assert_eq!(Sqlite::open(&path).unwrap().end().unwrap(), 1);
}

/// An interrupted restore may leave the log of the old database behind, which would be taken for
/// that of the new one.
#[test]
fn a_log_left_behind_does_not_meet_another_database() {
    let (path, store) = database("left-behind");
    let (copy, log) = (path.with_file_name("copy.db"), path.with_file_name("desk.db-wal"));
    append(&store, "T-1", 0);
    backup(&path, &copy).unwrap();
    append(&store, "T-2", 0);
    let left = fs::read(&log).unwrap();
    drop(store);
    fs::remove_file(&path).unwrap();
    fs::write(&log, left).unwrap();
    assert_eq!(restore(&copy, &path, false).unwrap().kept, None);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(store.end().unwrap(), 1);
    assert_eq!(audit(&store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
}

/// A copy that was killed leaves its draft behind; nobody else is at it when the database is opened.
#[test]
fn what_an_interrupted_copy_left_behind_is_gone_at_the_next_start() {
    let (path, store) = database("left-drafts");
    drop(store);
    let ours = ["desk.db.part-1", "desk.db.part-12-wal", "desk.db.v2.part-1-journal"];
    let others = ["desk.db.part-x", "desk.db.parts", "other.db.part-1"];
    for name in ours.iter().chain(&others) {
        fs::write(path.with_file_name(name), "half").unwrap();
    }
    drop(Sqlite::open(&path).unwrap());
    let folder = path.parent().unwrap();
    let mut expected = ["desk.db", "desk.db.lock"].to_vec();
    expected.extend(others);
    expected.sort_unstable();
    assert_eq!(names(folder), expected);
}

#[test]
fn a_database_is_served_by_one_at_a_time_and_opened_by_others_meanwhile() {
    let (path, store) = database("served");
    drop(store);
    let first = Sqlite::serve(&path).unwrap();
    let second = Sqlite::serve(&path);
    assert!(matches!(second, Err(Failure::Served(_))), "{second:?}");
    assert!(second.unwrap_err().label().en.contains("stop that one first"));
    let beside = Sqlite::open(&path).unwrap();
    append(&beside, "T-1", 0);
    assert_eq!(first.end().unwrap(), 1);
    drop(first);
    assert!(Sqlite::serve(&path).is_ok());
}
