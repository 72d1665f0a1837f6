//! The laws of the house, held against every file of the repository: who may import whom, which
//! door a dependency comes through, how files look. Each law is a function over one file, so each
//! is also shown a planted violation and must fire.

mod laws;
mod tokens;

use laws::{FLOORS, Fault, LAWS, Source};
use std::fs;
use std::path::Path;

/// What may stand at the top of the repository besides dotfiles and what git ignores there: the
/// plans that the README's commands write.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "scenarios",
    "src",
    "target",
    "tests",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below `folder`, with its path from the root.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if matches!(name.as_str(), ".git" | "target" | ".bench") {
            continue;
        }
        if path.is_dir() {
            texts(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let from_root = path.strip_prefix(root()).unwrap();
            found.push((from_root.to_str().unwrap().replace('\\', "/"), text));
        }
    }
}

/// The rooms there are: files and folders of `src`.
fn rooms() -> Vec<String> {
    let names = fs::read_dir(root().join("src")).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.trim_end_matches(".rs").to_owned()
    });
    let mut rooms: Vec<String> = names.filter(|name| name != "lib" && name != "main").collect();
    rooms.sort();
    rooms
}

fn faults(path: &str, text: &str) -> Vec<Fault> {
    let source = Source::new(path, text);
    LAWS.iter().flat_map(|law| law(&source)).collect()
}

#[test]
fn every_file_keeps_every_law_of_the_house() {
    let mut files = Vec::new();
    texts(root(), &mut files);
    assert!(files.len() > 20, "the walk found the repository");
    let all: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| faults(path, text))
        .map(|fault| fault.to_string())
        .collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn every_room_has_a_floor_and_a_line_on_the_map() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for room in rooms() {
        assert!(FLOORS.iter().any(|(name, _)| *name == room), "{room} stands on no floor");
        assert!(is_on_map(&map, &room), "{room} is not on the map in the documentation of lib.rs");
    }
}

fn is_on_map(lib: &str, room: &str) -> bool {
    let mut rows = lib.lines().filter(|line| line.starts_with("//! |"));
    rows.any(|row| row.contains(&format!("`{room}`")))
}

#[test]
fn a_room_missing_from_the_map_is_seen() {
    let lib = "//! | `id` | names |\n//! `time`\npub mod time;";
    assert!(is_on_map(lib, "id"));
    assert!(!is_on_map(lib, "time"));
}

#[test]
fn nothing_else_stands_at_the_top() {
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(is_allowed_on_top(&name), "{name} does not belong at the top of the repository");
    }
    assert!(!is_allowed_on_top("notes.txt"));
}

fn is_allowed_on_top(name: &str) -> bool {
    let is_ignored = name.starts_with("plan.") || name.starts_with("plan-");
    name.starts_with('.') || is_ignored || TOP.contains(&name)
}

/// Plants `text` at `path` and expects exactly the laws named to fire, in their order.
fn plant(path: &str, text: &str, laws: &[&str]) {
    let fired: Vec<&str> = faults(path, text).iter().map(|fault| fault.law).collect();
    assert_eq!(fired, laws, "{path}: {text}");
}

#[test]
fn an_import_from_the_same_or_a_higher_floor_is_seen() {
    plant("src/model/x.rs", "//! X.\nuse crate::calendar::Zone;", &[]);
    plant("src/model/x.rs", "//! X.\nuse crate::verify::Report;", &["floors"]);
    plant("src/policy/x.rs", "//! X.\nuse crate::{model::plan, verify};", &["floors"]);
    plant("src/model/mod.rs", "//! X.\nuse super::app::morning;", &["floors"]);
    plant("src/model/mod.rs", "//! X.\nfn f() { super::app::morning() }", &["floors"]);
    plant("src/model/x.rs", "//! [`crate::app`] is above.\n", &[]);
    plant("src/main.rs", "//! X.\nuse paidan::cli;", &[]);
    plant("src/attic/x.rs", "//! X.\nuse crate::id::Id;", &["floors"]);
}

#[test]
fn a_never_is_seen_although_the_floor_would_allow_it() {
    let floor_allows = "//! X.\nuse crate::calendar::timeline::Timeline;";
    plant("src/verify/hours.rs", floor_allows, &["nevers"]);
    plant("src/solver/place.rs", floor_allows, &[]);
    plant("src/verify/x.rs", "//! X.\nuse crate::calendar::{Book, windows::union};", &["nevers"]);
    plant("src/verify/x.rs", "//! X.\nuse crate::problem::Problem;", &["floors", "nevers"]);
    plant("src/report/x.rs", "//! X.\nuse crate::solver::rng::Rng;", &["nevers"]);
    plant("src/cli/x.rs", "//! X.\nuse crate::store::Store;", &["nevers"]);
    plant("src/desk/x.rs", "//! X.\nuse crate::problem::Problem;", &["nevers"]);
    plant("src/solver/x.rs", "//! X.\nuse serde::Serialize;", &["nevers"]);
    plant("src/problem/x.rs", "//! X.\nfn f() { chrono::Utc }", &["doors", "nevers"]);
}

#[test]
fn a_dependency_that_comes_in_by_another_door_is_seen() {
    plant("src/solver/lanes.rs", "//! X.\nuse rayon::prelude::ParallelIterator;", &[]);
    plant("src/solver/search.rs", "//! X.\nuse rayon::scope;", &["doors"]);
    plant("src/generate/x.rs", "//! X.\nuse rand_pcg::Pcg64Mcg;", &["doors"]);
    plant("src/app/x.rs", "//! X.\nfn f() { clap::Parser }", &["doors"]);
    plant("src/app/x.rs", "//! X.\nuse crate::exchange::csv::read;", &[]);
    plant("src/app/x.rs", "//! X.\nuse {chrono};", &["doors"]);
}

#[test]
fn floats_async_and_clocks_are_seen_where_they_do_not_belong() {
    plant("src/problem/x.rs", "//! X.\nfn f() -> f64;", &["floats"]);
    plant("src/model/x.rs", "//! X.\nconst A: u8 = 1.5;", &["floats"]);
    plant("src/model/x.rs", "//! 1.5 f64\nconst A: u8 = x.0.1 + (0..5);", &[]);
    plant("src/solver/lp/x.rs", "//! X.\nfn f() -> f64;", &[]);
    plant("src/app/x.rs", "//! X.\nasync fn f();", &["async"]);
    plant("src/web/x.rs", "//! X.\nasync fn f();", &[]);
    plant("src/cli/x.rs", "//! X.\nfn f() { Instant::now() }", &["clocks"]);
    plant("src/solver/budget.rs", "//! X.\nfn f() { Instant::now() }", &[]);
}

#[test]
fn the_looks_of_a_file_are_seen() {
    plant("src/id.rs", "//! X.\nuse crate::x::*;", &["floors", "globs"]);
    plant("tests/it/x.rs", "//! X.\nuse super::*;", &["globs"]);
    plant("src/id.rs", "use std::fmt;", &["opening"]);
    plant("src/id.rs", &format!("//! X.\n{}", "\n".repeat(500)), &["length"]);
    plant("tests/it/x.rs", "//! X.\n#[ignore]\nfn f() {}", &["idle tests"]);
    plant("tests/it/x.rs", "//! X.\nfn f() { thread::sleep(d) }", &["idle tests"]);
    let machine = ["see /wo", "rk/notes"].concat();
    plant("README.md", &machine, &["machine paths"]);
    let ours = ["see src/model/wo", "rk/mod.rs"].concat();
    plant("README.md", &ours, &[]);
}
