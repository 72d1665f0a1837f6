//! Every requirement of the issues that are built is named by a test: by its number in a comment
//! right above a function that runs. Numbers beside helpers, or inside a function, count for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The issues and the numbers of the catalogue they answer for, from and to: the engine, its proof,
/// quotes and the server, the desk, staffing.
const ISSUES: &[(&str, &[(u16, u16)])] = &[
    (
        "engine",
        &[
            (9, 10),
            (22, 26),
            (31, 31),
            (33, 36),
            (41, 46),
            (53, 53),
            (56, 57),
            (63, 64),
            (74, 74),
            (129, 130),
            (139, 139),
            (158, 158),
            (177, 178),
            (189, 191),
            (246, 246),
            (249, 254),
        ],
    ),
    ("proof", &[(34, 35), (57, 57), (100, 100), (251, 253)]),
    (
        "quotes and server",
        &[
            (4, 6),
            (9, 16),
            (26, 26),
            (31, 31),
            (37, 40),
            (78, 78),
            (101, 101),
            (124, 124),
            (131, 131),
            (133, 134),
            (240, 240),
            (242, 244),
            (252, 252),
        ],
    ),
    (
        "desk",
        &[
            (1, 92),
            (95, 102),
            (104, 104),
            (108, 136),
            (172, 196),
            (199, 199),
            (241, 241),
            (247, 251),
        ],
    ),
    (
        "staffing",
        &[
            (22, 22),
            (103, 103),
            (121, 123),
            (135, 136),
            (149, 149),
            (153, 153),
            (158, 162),
            (171, 171),
            (238, 238),
            (253, 253),
        ],
    ),
];

/// Of them, those that no test names yet.
const OPEN: &[u16] = &[];

/// Each requirement and the tests that name it, a line each: the table of the run, kept among what
/// the build leaves.
#[test]
fn every_requirement_of_an_issue_is_named_by_a_test_that_runs() {
    let mut places = BTreeMap::new();
    tests_by_number(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut places);
    let ranges = ISSUES.iter().flat_map(|(_, ranges)| *ranges);
    let numbers: BTreeSet<u16> = ranges.flat_map(|(from, to)| *from..=*to).collect();
    let mut table = String::new();
    let mut missing = Vec::new();
    for number in numbers {
        let name = format!("R{number:03}");
        let tests = places.get(&name).map_or("-".to_owned(), |tests: &Vec<String>| tests.join(" "));
        let within =
            |ranges: &[(u16, u16)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&number));
        let issues = ISSUES.iter().filter(|(_, ranges)| within(ranges)).map(|(issue, _)| *issue);
        let issues: Vec<&str> = issues.collect();
        if (tests == "-") != OPEN.contains(&number) {
            missing.push(name.clone());
        }
        table += &format!("{name}\t{}\t{tests}\n", issues.join(", "));
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("requirements.tsv"), &table).unwrap();
    assert!(missing.is_empty(), "no test names, or one does by now: {}", missing.join(", "));
    let approval = table.lines().find(|line| line.starts_with("R052\t")).unwrap();
    assert!(approval.contains("\tdesk\t") && approval.contains("fifty_thousand"), "{approval}");
}

/// The tests right above which a comment names a number, of all files in `folder`.
fn tests_by_number(folder: &Path, places: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_by_number(&path, places);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with(file!())
        {
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            for (number, name) in named(&fs::read_to_string(&path).unwrap()) {
                places.entry(number).or_default().push(format!("{file}::{name}"));
            }
        }
    }
}

/// Numbers and the tests they stand above. What a table of cases holds runs, too.
fn named(text: &str) -> Vec<(String, String)> {
    let mut named = Vec::new();
    let (mut waiting, mut is_test) = (BTreeSet::new(), false);
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("//") {
            waiting.extend(numbers(line));
        } else if line.starts_with("#[") {
            is_test |= line == "#[test]";
        } else {
            let name = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next());
            let runs = |name: &&str| is_test || text.contains(&format!("holds: {name} }}"));
            if let Some(name) = name.filter(runs) {
                named.extend(
                    waiting.iter().map(|number: &String| (number.clone(), name.to_owned())),
                );
            }
            (waiting, is_test) = (BTreeSet::new(), false);
        }
    }
    named
}

fn numbers(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let numbered = |word: &&str| {
        word.len() == 4 && word.starts_with('R') && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(numbered).map(str::to_owned)
}

/// Helpers, numbers inside a function and numbers above something else name nothing.
#[test]
fn only_a_test_right_below_its_number_counts() {
    let text = "/// R001.\nfn helper() {\n    // R002\n}\n\n/// R003, R004.\n#[test]\nfn runs() {}\n\
                /// R005.\nconst X: u8 = 0;\n#[test]\nfn other() {}\n\
                /// R006.\nfn held() {}\nCase { holds: held }\n";
    let pair = |number: &str, name: &str| (number.to_owned(), name.to_owned());
    assert_eq!(named(text), [pair("R003", "runs"), pair("R004", "runs"), pair("R006", "held")]);
}
