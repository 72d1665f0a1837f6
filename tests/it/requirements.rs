//! Every requirement this engine answers for is named by a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The numbers of the catalogue that are covered: the morning run, quotes and the server.
const NUMBERS: &[u16] = &[
    4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 22, 23, 24, 25, 26, 31, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 53, 56, 57, 63, 64, 74, 78, 100, 101, 124, 129, 130, 131, 133, 134,
    139, 158, 177, 178, 189, 190, 191, 240, 242, 243, 244, 246, 249, 250, 251, 252, 253, 254,
];

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
