//! A process killed at any moment loses nothing it acknowledged, and leaves every chain whole.
//!
//! `PAIDAN_KILLS=1000 cargo test --test it killed` does it a thousand times.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use paidan::solver::rng::Rng;
use paidan::store::audit::audit;
use paidan::store::{Batch, Documents as _, Log as _, Sqlite, Store as _, Write};

use super::{drafts, folder, ticket};

/// Where the child finds its database.
const DATABASE: &str = "PAIDAN_KILLED_DATABASE";
/// How often a child is killed, when it is said.
const KILLS: &str = "PAIDAN_KILLS";
/// How often else.
const FEW: u64 = 15;
/// After so many a new database is begun, so that looking through it stays short.
const IN_ONE: u64 = 50;
/// Threads of the child.
const WRITERS: u64 = 8;

/// Writes without end and tells what was acknowledged. Does nothing unless a parent asks for it.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(path) = env::var(DATABASE) else { return };
    let store = Sqlite::create_or_open(Path::new(&path)).unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || write_without_end(store, writer));
        }
    });
}

fn write_without_end(store: &Sqlite, writer: u64) {
    let key = format!("T-{writer}");
    let own = ticket(&key);
    for seq in store.head(&own).unwrap().seq.. {
        let put = Write::PutDocument {
            kind: "ticket".to_owned(),
            key: key.clone(),
            expected_version: Some(seq),
            body: Some(seq.to_string()),
            at_ms: 0,
            actor: "wang".to_owned(),
        };
        let receipt = store.commit(Batch::new().append(&own, seq, drafts(1)).and(put)).unwrap();
        let event = &receipt.events[0];
        let line =
            format!("acknowledged {writer} {} {} {}\n", event.seq, event.position, event.hash);
        if io::stdout().lock().write_all(line.as_bytes()).is_err() {
            return;
        }
    }
}

/// Starts a child, kills it at a random moment, and returns the lines it told.
fn killed(path: &Path, rng: &mut Rng) -> Vec<String> {
    let name = "store::killed::child_that_writes_until_it_is_killed";
    let mut child = Command::new(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(DATABASE, path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // From before it has opened the database to well into its work.
    let patience = [0, 1, rng.below(20), rng.below(200)][rng.below(4)];
    let mut told: Vec<String> = (0..patience).map_while(|_| lines.next()).collect();
    (0..rng.below(2_000)).for_each(|_| thread::yield_now());
    child.kill().unwrap();
    told.extend(lines);
    child.wait().unwrap();
    told.into_iter().filter(|line| line.starts_with("acknowledged ")).collect()
}

/// Every acknowledged event is there, no event is without its document, and all chains are whole.
fn look(path: &Path, told: &[String]) {
    let store = Sqlite::create_or_open(path).unwrap();
    let found = audit(&store, Vec::new(), None, &mut |_| {}).unwrap();
    assert_eq!((found.faults, found.events), (Vec::new(), found.end));
    for line in told {
        let words: Vec<&str> = line.split(' ').collect();
        let [_, writer, seq, position, hash] = words[..] else { panic!("{line}") };
        let seq: u64 = seq.parse().unwrap();
        let own = ticket(&format!("T-{writer}"));
        let event = store.stream(&own, seq - 1, 1).unwrap().remove(0);
        assert_eq!(
            (event.position.to_string(), event.hash.to_string()),
            (position.to_owned(), hash.to_owned())
        );
    }
    for (stream, head) in found.heads {
        let document = store.document("ticket", &stream.key).unwrap().unwrap();
        assert_eq!(document.version, head.seq, "events and document are written together");
    }
}

/// R104, and the promise of the store: acknowledged means durable.
#[test]
fn whatever_was_acknowledged_is_there_after_a_kill() {
    let kills = env::var(KILLS).map_or(FEW, |kills| kills.parse().unwrap());
    let mut rng = Rng::new(9, 104);
    let folder = folder("killed");
    let mut acknowledged = 0;
    for kill in 0..kills {
        let path = folder.join(format!("{}.db", kill / IN_ONE));
        let told = killed(&path, &mut rng);
        acknowledged += told.len();
        look(&path, &told);
    }
    assert!(acknowledged > 0, "some writes were acknowledged before the kills");
    fs::remove_dir_all(&folder).unwrap();
    let said = format!("{kills} kills, {acknowledged} acknowledged batches, none lost\n");
    io::stderr().write_all(said.as_bytes()).unwrap();
}
