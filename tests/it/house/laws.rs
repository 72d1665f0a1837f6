//! The laws themselves: tables of floors, nevers and doors, and one function per law over one
//! file. Knows no file system.

use super::tokens::{Path, Token, paths, tokens};
use std::fmt;

/// The floor of every room. An import goes only to a lower floor.
pub(crate) const FLOORS: &[(&str, u8)] = &[
    ("id", 1),
    ("time", 1),
    ("calendar", 2),
    ("model", 3),
    ("policy", 4),
    ("exchange", 4),
    ("problem", 4),
    ("verify", 4),
    ("desk", 5),
    ("solver", 5),
    ("explain", 5),
    ("store", 6),
    ("report", 6),
    ("planning", 6),
    ("generate", 6),
    ("quote", 7),
    ("whatif", 7),
    ("app", 8),
    ("web", 9),
    ("cli", 10),
    ("main", 11),
];

/// Who never sees what, although the floors would allow it.
const NEVERS: &[(&str, &[&str])] = &[
    ("verify", &["problem", "solver", "calendar::timeline", "calendar::windows"]),
    ("explain", &["problem", "solver"]),
    ("report", &["problem", "solver", "explain"]),
    ("desk", &["store", "solver", "problem", "verify"]),
    ("policy", &["store", "solver"]),
    ("web", &["store", "solver", "problem"]),
    ("cli", &["store", "solver", "problem"]),
];

/// Dependencies that `problem` and `solver` never see.
const UNSEEN_BY_THE_SEARCH: &[&str] = &["chrono", "chrono_tz", "serde", "serde_json", "schemars"];

/// Through which files each dependency comes in.
const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &["src/cli/", "src/main.rs"]),
    ("axum", &["src/web/"]),
    ("calamine", &["src/exchange/"]),
    ("chrono", &["src/calendar/", "src/app/clock.rs"]),
    ("chrono_tz", &["src/calendar/"]),
    ("clap", &["src/cli/"]),
    ("comfy_table", &["src/report/", "src/cli/"]),
    ("csv", &["src/exchange/"]),
    ("ctrlc", &["src/cli/"]),
    ("ed25519_dalek", &["src/desk/signature.rs"]),
    ("getrandom", &["src/app/chance.rs"]),
    ("good_lp", &["src/solver/lp/"]),
    ("qrcode", &["src/web/"]),
    ("rand_pcg", &["src/solver/rng.rs"]),
    ("rayon", &["src/solver/lanes.rs", "src/whatif/"]),
    ("rusqlite", &["src/store/"]),
    ("rust_xlsxwriter", &["src/exchange/"]),
    ("rustls", &["src/web/tls.rs"]),
    ("schemars", SCHEMAS),
    ("sha2", &["src/exchange/digest.rs", "src/desk/hash.rs", "src/solver/rng.rs"]),
    ("subtle", &["src/app/service/keys.rs"]),
    ("hyper", &["src/web/"]),
    ("hyper_util", &["src/web/"]),
    ("tokio", &["src/web/"]),
    ("tokio_rustls", &["src/web/tls.rs"]),
    ("ureq", &["src/app/service/wire.rs"]),
    ("tokio_postgres", &["src/store/"]),
];

/// Where documents are defined and read.
const SCHEMAS: &[&str] = &[
    "src/time.rs",
    "src/calendar/",
    "src/model/",
    "src/policy/",
    "src/desk/",
    "src/verify/report.rs",
    "src/explain/",
    "src/exchange/json/",
    "src/exchange/bench/minutes.rs",
    "src/app/auditing/",
    "src/app/service/",
    "src/app/documents.rs",
    "src/web/",
];

/// Where floats are at home: linear programmes, drawings, spreadsheet cells.
const FLOATING: &[&str] = &["src/solver/lp/", "src/report/", "src/exchange/tables/"];

/// Where a clock may be read.
const CLOCKS: &[&str] = &["src/solver/budget.rs", "src/app/clock.rs"];

/// The longest a file may be, in lines.
const MOST_LINES: usize = 500;

/// One broken law.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) law: &'static str,
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.law, self.what)
    }
}

/// One file, cut up.
pub(crate) struct Source<'a> {
    path: &'a str,
    text: &'a str,
    tokens: Vec<Token<'a>>,
    paths: Vec<Path<'a>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Source<'a> {
        let tokens = if path.ends_with(".rs") { tokens(text) } else { Vec::new() };
        let paths = paths(&tokens, &module(path));
        Source { path, text, tokens, paths }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_source(&self) -> bool {
        self.is_rust() && self.path.starts_with("src/") && self.path != "src/lib.rs"
    }

    /// The room it belongs to.
    fn room(&self) -> &'a str {
        module(self.path).first().copied().unwrap_or("main")
    }

    fn is_among(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }

    fn fault(&self, law: &'static str, line: usize, what: String) -> Fault {
        Fault { law, path: self.path.to_owned(), line, what }
    }

    /// The tokens at which `words` stand one after another.
    fn places(&self, words: &[&str]) -> impl Iterator<Item = &Token<'a>> {
        let fits = |window: &[Token<'_>]| window.iter().map(|t| t.text).eq(words.iter().copied());
        let windows = self.tokens.windows(words.len());
        windows.filter(move |window| fits(window)).map(|window| &window[0])
    }

    /// The tokens that name dependency `name`: a path that begins with it, or a bare import.
    fn uses(&self, name: &str) -> impl Iterator<Item = &Token<'a>> {
        let text = |at: Option<usize>| {
            at.and_then(|at| self.tokens.get(at)).map_or("", |token| token.text)
        };
        self.tokens.iter().enumerate().filter_map(move |(at, token)| {
            let before = text(at.checked_sub(1));
            let is_head = before != "::" && text(Some(at + 1)) == "::";
            let is_bare = before == "use" || (before == "{" && text(at.checked_sub(2)) == "use");
            (token.text == name && (is_head || is_bare)).then_some(token)
        })
    }
}

/// The module that the file at `path` is, from the root of the crate.
fn module(path: &str) -> Vec<&str> {
    let Some(inside) = path.strip_prefix("src/") else { return Vec::new() };
    let bare = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    bare.split('/').collect()
}

/// All laws over one file.
pub(crate) const LAWS: &[fn(&Source<'_>) -> Vec<Fault>] = &[
    floors,
    doors,
    nevers,
    floats,
    sync_below_web,
    clocks,
    globs,
    opening,
    length,
    idle_tests,
    machine_paths,
];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn floors(source: &Source<'_>) -> Vec<Fault> {
    if !source.is_source() {
        return Vec::new();
    }
    let room = source.room();
    let Some(own) = floor(room) else {
        return vec![source.fault("floors", 1, format!("{room} stands on no floor"))];
    };
    let is_wrong = |path: &&Path<'_>| {
        path.words
            .first()
            .is_some_and(|other| *other != room && floor(other).is_none_or(|other| other >= own))
    };
    let wrong = source.paths.iter().filter(is_wrong);
    wrong
        .map(|path| {
            let what = format!("{room} (floor {own}) imports {}", path.words.join("::"));
            source.fault("floors", path.line, what)
        })
        .collect()
}

fn nevers(source: &Source<'_>) -> Vec<Fault> {
    let room = source.room();
    let mut faults = Vec::new();
    for (_, unseen) in NEVERS.iter().filter(|(who, _)| source.is_source() && *who == room) {
        let hits = source.paths.iter().filter(|path| unseen.iter().any(|place| path.is_in(place)));
        faults.extend(hits.map(|path| {
            let what = format!("{room} must never see {}", path.words.join("::"));
            source.fault("nevers", path.line, what)
        }));
    }
    if source.is_among(&["src/problem/", "src/solver/"]) {
        for name in UNSEEN_BY_THE_SEARCH {
            let what = |token: &Token<'_>| {
                source.fault("nevers", token.line, format!("{room} must never see {name}"))
            };
            faults.extend(source.uses(name).map(what));
        }
    }
    faults
}

fn doors(source: &Source<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, doors) in DOORS {
        if source.is_source() && !source.is_among(doors) {
            let what = format!("{name} comes in through {} only", doors.join(", "));
            let hits = source.uses(name);
            faults.extend(hits.map(|token| source.fault("doors", token.line, what.clone())));
        }
    }
    faults
}

fn floats(source: &Source<'_>) -> Vec<Fault> {
    if !source.is_source() || source.is_among(FLOATING) {
        return Vec::new();
    }
    let is_float = |token: &&Token<'_>| {
        let is_number = token.text.starts_with(|letter: char| letter.is_ascii_digit());
        matches!(token.text, "f32" | "f64")
            || is_number && (token.text.contains('.') || token.text.ends_with("f64"))
    };
    let hits = source.tokens.iter().filter(is_float);
    hits.map(|token| source.fault("floats", token.line, token.text.to_owned())).collect()
}

fn sync_below_web(source: &Source<'_>) -> Vec<Fault> {
    if !source.is_source() || floor(source.room()).is_none_or(|floor| floor >= 9) {
        return Vec::new();
    }
    let hits = source.tokens.iter().filter(|token| matches!(token.text, "async" | "await"));
    hits.map(|token| source.fault("async", token.line, token.text.to_owned())).collect()
}

fn clocks(source: &Source<'_>) -> Vec<Fault> {
    if !source.is_source() || source.is_among(CLOCKS) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for clock in ["Instant", "SystemTime", "Utc", "Local"] {
        let words = [clock, "::", "now"];
        let hits = source.places(&words);
        faults.extend(hits.map(|token| source.fault("clocks", token.line, clock.to_owned())));
    }
    faults
}

fn globs(source: &Source<'_>) -> Vec<Fault> {
    let hits = source.places(&["::", "*"]);
    hits.map(|token| source.fault("globs", token.line, "name what you import".to_owned())).collect()
}

fn opening(source: &Source<'_>) -> Vec<Fault> {
    if !source.is_rust() || source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.fault("opening", 1, "a file opens with what it is for".to_owned())]
}

fn length(source: &Source<'_>) -> Vec<Fault> {
    let lines = source.text.lines().count();
    if !source.is_rust() || lines <= MOST_LINES {
        return Vec::new();
    }
    vec![source.fault("length", lines, format!("{lines} lines, at most {MOST_LINES}"))]
}

fn idle_tests(source: &Source<'_>) -> Vec<Fault> {
    let ignored = source.places(&["#", "[", "ignore"]);
    let asleep = source.places(&["thread", "::", "sleep"]);
    let what = |token: &Token<'_>| {
        source.fault("idle tests", token.line, "no test is ignored and none sleeps".to_owned())
    };
    ignored.chain(asleep).map(what).collect()
}

fn machine_paths(source: &Source<'_>) -> Vec<Fault> {
    let roots = [["/wo", "rk/"], ["/ho", "me/"], ["/ro", "ot/"], ["/tm", "p/slot"]];
    let is_inside = |line: &str, at: usize| {
        line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_-.}*".contains(letter))
    };
    let mut faults = Vec::new();
    for (row, line) in source.text.lines().enumerate() {
        for root in &roots {
            let root = root.concat();
            if line.match_indices(&root).any(|(at, _)| !is_inside(line, at)) {
                faults.push(source.fault("machine paths", row + 1, root));
            }
        }
    }
    faults
}
