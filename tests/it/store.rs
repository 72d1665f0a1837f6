//! The store: one suite over both implementations, and what only a file can do or suffer.

mod agree;
mod bounds;
mod crowd;
mod damage;
mod erasing;
mod killed;
mod moving;
mod placing;
mod suite;

use std::fs;
use std::path::{Path, PathBuf};

use paidan::desk::event::{Draft, Stream};
use paidan::desk::payload::Payload;
use paidan::store::{Memory, Sqlite, Store};
use serde_json::json;

/// An empty folder of this name.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store").join(name);
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A new database in a folder of its own.
fn database(name: &str) -> (PathBuf, Sqlite) {
    let path = folder(name).join("desk.db");
    let store = Sqlite::create_or_open(&path).unwrap();
    (path, store)
}

/// Runs `test` on both implementations, the second in a folder called `name`.
fn both(name: &str, test: impl Fn(&dyn Store)) {
    test(&Memory::new());
    test(&database(name).1);
}

fn ticket(key: &str) -> Stream {
    Stream::new("ticket", key)
}

/// So many things that happened.
fn drafts(count: i64) -> Vec<Draft> {
    let draft = |number| Draft {
        at_ms: number,
        actor: "wang".to_owned(),
        kind: "taken".to_owned(),
        payload: Payload::of(&json!({"number": number, "why": "加急"})).unwrap(),
    };
    (1..=count).map(draft).collect()
}
