//! Every requirement this engine answers for is named by a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The numbers of the catalogue that are covered: the morning run, quotes and the server.
const NUMBERS: &[u16] = &[
    4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 22, 23, 24, 25, 26, 31, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 53, 56, 57, 63, 64, 74, 78, 100, 101, 124, 129, 130, 131, 133, 134,
    139, 158, 177, 178, 189, 190, 191, 240, 242, 243, 244, 246, 249, 250, 251, 252, 253, 254,
];

/// The numbers of the catalogue that the desk covers, from and to.
const DESK: &[(u16, u16)] =
    &[(1, 92), (95, 102), (104, 104), (108, 136), (172, 196), (199, 199), (241, 241), (247, 251)];

/// Of them, those that no test names yet.
const OPEN: &[u16] = &[];

/// Each requirement of the desk and the tests that name it, a line each: the table of the run, kept
/// among what the build leaves.
#[test]
fn the_desk_has_a_table_from_requirement_to_test() {
    let mut places = BTreeMap::new();
    tests_by_number(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut places);
    let numbers = DESK.iter().flat_map(|(from, to)| *from..=*to);
    let mut table = String::new();
    let mut missing = Vec::new();
    for number in numbers {
        let name = format!("R{number:03}");
        let tests = places.get(&name).map_or("-".to_owned(), |tests: &Vec<String>| tests.join(" "));
        if (tests == "-") != OPEN.contains(&number) {
            missing.push(name.clone());
        }
        table += &format!("{name}\t{tests}\n");
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("requirements.tsv"), &table).unwrap();
    assert!(missing.is_empty(), "no test names {}", missing.join(", "));
    assert!(
        table.lines().any(|line| line.starts_with("R052\t") && line.contains("fifty_thousand"))
    );
}

/// The tests that follow a comment with a number in it.
fn tests_by_number(folder: &Path, places: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_by_number(&path, places);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with(file!())
        {
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            let mut waiting: BTreeSet<String> = BTreeSet::new();
            for line in fs::read_to_string(&path).unwrap().lines() {
                let line = line.trim_start();
                if line.starts_with("//") {
                    waiting.extend(numbers(line));
                } else if let Some(rest) = line.strip_prefix("fn ") {
                    let name = rest.split('(').next().unwrap_or_default();
                    for number in std::mem::take(&mut waiting) {
                        places.entry(number).or_default().push(format!("{file}::{name}"));
                    }
                }
            }
        }
    }
}

#[test]
fn every_requirement_is_named_by_a_test() {
    let mut named = BTreeSet::new();
    scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut named);
    let missing: Vec<String> = NUMBERS
        .iter()
        .map(|number| format!("R{number:03}"))
        .filter(|number| !named.contains(number))
        .collect();
    assert!(missing.is_empty(), "no test names {}", missing.join(", "));
}

/// Numbers in comments of Rust files, each an `R` and three digits.
fn scan(folder: &Path, named: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scan(&path, named);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with(file!())
        {
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| line.trim_start().starts_with("//")) {
                named.extend(numbers(line));
            }
        }
    }
}

fn numbers(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let numbered = |word: &&str| {
        word.len() == 4 && word.starts_with('R') && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(numbered).map(str::to_owned)
}
