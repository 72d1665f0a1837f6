//! The files of databases and backups: whose they are, what stands beside them, and what is left
//! when the work on them is cut short.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use paidan::solver::rng::Rng;
use paidan::store::audit::audit;
use paidan::store::{Batch, Failure, Log as _, Sqlite, Store as _, backup, restore};
use rusqlite::Connection;

use super::moving::names;
use super::{database, drafts, folder, ticket};

/// A database with so many events in a folder called `name`, closed.
fn closed(name: &str, events: i64) -> std::path::PathBuf {
    let (path, store) = database(name);
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(events))).unwrap();
    path
}

fn end(path: &Path) -> u64 {
    let store = Sqlite::open(path).unwrap();
    assert_eq!(audit(&store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
    store.end().unwrap()
}

/// R243.
#[cfg(unix)]
#[test]
fn files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (path, store) = database("modes");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let reader = Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM event").unwrap();
    let copy = path.with_file_name("copy.db");
    // Whoever could read what stood there cannot read what comes in its place.
    fs::write(&copy, "").unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    backup(&path, &copy).unwrap();
    restore(&copy, &path.with_file_name("new.db"), false).unwrap();
    let folder = path.parent().unwrap();
    let named = names(folder);
    for name in ["copy.db", "desk.db", "desk.db-shm", "desk.db-wal", "desk.db.lock", "new.db"] {
        assert!(named.iter().any(|found| found == name), "{name}: {named:?}");
        let mode = fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn backups_made_at_once_do_not_meet() {
    let (path, store) = database("at-once");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(50))).unwrap();
    let copy = path.with_file_name("copy.db");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(backup(&path, &copy).unwrap(), 50));
        }
    });
    assert_eq!(end(&copy), 50);
    let left = names(path.parent().unwrap());
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
}

/// A log left beside the file that a backup replaces would be taken for the backup's own.
#[test]
fn a_log_left_beside_a_backup_does_not_meet_the_next_one() {
    let (path, store) = database("stale");
    store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1))).unwrap();
    let (copy, log) = (path.with_file_name("copy.db"), path.with_file_name("copy.db-wal"));
    let stale = fs::read(path.with_file_name("desk.db-wal")).unwrap();
    store.commit(Batch::new().append(&ticket("T-2"), 0, drafts(1))).unwrap();
    for file in ["copy.db-wal", "copy.db-shm", "copy.db-journal"] {
        fs::write(path.with_file_name(file), &stale).unwrap();
    }
    assert_eq!(backup(&path, &copy).unwrap(), 2);
    assert!(!log.exists());
    assert_eq!(end(&copy), 2);
    // also where there was a file, with a log that is its own
    let (other, store) = database("stale-other");
    store.commit(Batch::new().append(&ticket("T-9"), 0, drafts(3))).unwrap();
    fs::copy(&other, &copy).unwrap();
    fs::copy(other.with_file_name("desk.db-wal"), &log).unwrap();
    assert_eq!(backup(&path, &copy).unwrap(), 2);
    assert_eq!(end(&copy), 2);
}

/// A draft that cannot be finished does not stay.
#[test]
fn a_backup_that_fails_leaves_nothing() {
    let path = closed("leaves-nothing", 1);
    let target = path.with_file_name("folder");
    fs::create_dir(&target).unwrap();
    assert!(matches!(backup(&path, &target), Err(Failure::File { .. })));
    assert!(matches!(backup(&path, &target.join("none/copy.db")), Err(Failure::File { .. })));
    let left = names(path.parent().unwrap());
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
}

/// Nothing is written through a link: a backup replaces it, a restore asks for the file.
#[cfg(unix)]
#[test]
fn links_are_not_written_through() {
    use std::os::unix::fs::symlink;

    let path = closed("links", 2);
    let precious = path.with_file_name("precious");
    fs::write(&precious, "as it was").unwrap();
    let link = path.with_file_name("link.db");
    symlink(&precious, &link).unwrap();
    // Links where drafts are made lead nowhere either.
    for place in ["link.db.part-1", "desk.db.part-1"] {
        symlink(&precious, path.with_file_name(place)).unwrap();
    }
    assert_eq!(backup(&path, &link).unwrap(), 2);
    assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(end(&link), 2);
    assert_eq!(restore(&link, &path, false).unwrap().end, 2);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "as it was");

    let locked = path.with_file_name("locked.db");
    symlink(path.with_file_name("made"), path.with_file_name("locked.db.lock")).unwrap();
    assert!(matches!(Sqlite::create_or_open(&locked), Err(Failure::File { .. })));
    assert!(!path.with_file_name("made").exists());

    let to_database = path.with_file_name("to-database.db");
    symlink(&path, &to_database).unwrap();
    let refused = restore(&link, &to_database, true);
    assert!(matches!(refused, Err(Failure::Link(_))), "{refused:?}");
    assert!(fs::symlink_metadata(&to_database).unwrap().is_symlink());
    assert_eq!(end(&to_database), 2);
}

/// A journal left behind by a kill would be played back into whatever stands beside it.
#[test]
fn a_journal_left_behind_is_put_aside_by_a_restore() {
    let path = closed("journal", 1);
    let copy = path.with_file_name("copy.db");
    backup(&path, &copy).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(path.with_file_name("desk.db-journal"), "left behind").unwrap();
    assert_eq!(restore(&copy, &path, false).unwrap().kept, None);
    assert!(!path.with_file_name("desk.db-journal").exists());
    assert!(path.with_file_name("desk.db.before-restore-1-journal").exists());
    assert_eq!(end(&path), 1);
}

/// What the child restores from, and to, in this folder.
const FOLDER: &str = "PAIDAN_RESTORED_FOLDER";
/// How often the child is killed.
const KILLS: u64 = 12;

/// Restores one of two backups after the other, without end. Does nothing unless a parent asks.
#[test]
fn child_that_restores_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    for round in 0_u64.. {
        let from = folder.join(["one.db", "two.db"][usize::from(round.is_multiple_of(2))]);
        let restored = restore(&from, &folder.join("desk.db"), true).unwrap();
        fs::remove_file(restored.kept.unwrap()).unwrap();
        if io::stdout().lock().write_all(b"restored\n").is_err() {
            return;
        }
    }
}

/// Whenever a restore is cut short, the old database stands there or the new one.
#[test]
fn a_restore_cut_short_leaves_one_of_the_two() {
    let folder = folder("cut-short");
    for (name, events) in [("one.db", 1), ("two.db", 2)] {
        backup(&closed(&format!("cut-short-{name}"), events), &folder.join(name)).unwrap();
    }
    restore(&folder.join("one.db"), &folder.join("desk.db"), false).unwrap();
    let mut rng = Rng::new(7, 243);
    let mut restored = 0;
    for _ in 0..KILLS {
        let name = "store::placing::child_that_restores_until_it_is_killed";
        let mut child = Command::new(env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture", "--test-threads=1"])
            .env(FOLDER, &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut told = lines.filter(|line| line.contains("restored"));
        restored += told.by_ref().take(rng.below(4)).count();
        (0..rng.below(3_000)).for_each(|_| thread::yield_now());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!([1, 2].contains(&end(&folder.join("desk.db"))));
    }
    assert!(restored > 0, "some restores were finished before the kills");
}
