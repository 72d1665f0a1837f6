//! Benchmark runs: public instances and our own, several seeds, a fixed budget, every plan through
//! the verifier, every result on file before the next run begins. Must not know arguments.

mod catalogue;
mod ledger;
mod race;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use super::documents::{Text, written};
use super::{Failure, files};
use crate::exchange::bench::results::{Key, Row};
use crate::exchange::bench::{Family, plan_in_minutes};
use crate::exchange::digest::digest_of_bytes;
use crate::model::check;
use crate::model::issue::Severity;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::model::work::Work;
use crate::planning::{Budget, Progress, Settings};
use crate::verify::Report;

pub use catalogue::{Entry, Search, catalogue};
use ledger::Ledger;
use race::{Run, Runner};

/// What to run.
#[derive(Clone, Debug)]
pub struct Order {
    /// Which instances.
    pub search: Search,
    /// How long each run may search.
    pub budget: Budget,
    /// The seeds; each instance is run with all of them.
    pub seeds: Vec<u64>,
    /// Lanes of the search.
    pub lanes: u32,
    /// Threads; 0: as many as there are cores.
    pub threads: usize,
    /// Asked often: whether to stop at once.
    pub stop: Option<fn() -> bool>,
    /// The file of results; runs in it are not made again.
    pub csv: Option<PathBuf>,
    /// A folder for the plans.
    pub plans: Option<PathBuf>,
    /// A folder for the scenarios the instances become.
    pub scenarios: Option<PathBuf>,
}

/// What happens while runs are made.
#[derive(Debug)]
pub enum Event<'a> {
    /// How far the search of the run is.
    Searching(&'a Progress),
    /// A run is done: its place among all, from 1, how many there are, and whether it was on file.
    Done(usize, usize, &'a Row, bool),
    /// The verifier refused a plan: our fault.
    Fault(&'a Report),
}

/// All runs that were made or on file, and whether somebody stopped before the last.
#[derive(Debug)]
pub struct Results {
    /// A row per run, in their order.
    pub rows: Vec<Row>,
    /// Whether runs are missing.
    pub is_stopped: bool,
}

/// Makes every run of `order` that is not on file: all instances with the first seed, then with the
/// next. `watch` hears of everything, and stops the runs by answering `false`; what was done until
/// then is kept, the run under way is not.
///
/// # Errors
/// Before anything is run: [`Failure::Unreadable`], [`Failure::Documents`], [`Failure::Wish`],
/// [`Failure::Unwritable`]. Later: [`Failure::Unwritable`], [`Failure::Outside`].
pub fn run(order: &Order, watch: &mut dyn FnMut(&Event<'_>) -> bool) -> Result<Results, Failure> {
    let entries = catalogue(&order.search)?;
    for folder in [&order.plans, &order.scenarios].into_iter().flatten() {
        fs::create_dir_all(folder)
            .map_err(|source| Failure::Unwritable { path: folder.clone(), source })?;
    }
    let mut ledger = Ledger::open(order.csv.as_deref())?;
    readable(order, &entries, &ledger)?;
    let runs: Vec<(u64, &Entry)> =
        order.seeds.iter().flat_map(|seed| entries.iter().map(|entry| (*seed, entry))).collect();
    let mut results = Results { rows: Vec::new(), is_stopped: false };
    for (place, (seed, entry)) in runs.iter().enumerate() {
        let key = key(order, entry, *seed);
        if let Some(row) = ledger.row(&key) {
            // What was reached stays; what is known of the instance may be better known by now.
            let row = Row { known: entry.known, ..row.clone() };
            results.is_stopped = !watch(&Event::Done(place + 1, runs.len(), &row, true));
            results.rows.push(row);
        } else {
            match made(order, entry, key, watch)? {
                Some(row) => {
                    ledger.add(row.clone())?;
                    results.is_stopped = !watch(&Event::Done(place + 1, runs.len(), &row, false));
                    results.rows.push(row);
                }
                None => results.is_stopped = true,
            }
        }
        if results.is_stopped {
            results.is_stopped = results.rows.len() < runs.len();
            return Ok(results);
        }
    }
    Ok(results)
}

/// What tells this run from others.
fn key(order: &Order, entry: &Entry, seed: u64) -> Key {
    Key {
        family: entry.family.key().to_owned(),
        instance: entry.named.name.replace(['\n', '\r'], " "),
        factor: entry.named.factor,
        seed,
        budget: match order.budget {
            Budget::Rounds(rounds) => format!("{rounds} rounds"),
            Budget::Milliseconds(time) if time % 1000 == 0 => format!("{}s", time / 1000),
            Budget::Milliseconds(time) => format!("{time}ms"),
        },
        lanes: order.lanes,
        version: version(),
        threads: if order.threads == 0 { cores() } else { order.threads },
    }
}

/// How many threads `0` means.
fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The version and, so that rows of another build are not taken for this one's, the beginning of
/// the digest of the program.
fn version() -> String {
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = || {
        let program = std::env::current_exe().and_then(fs::read).unwrap_or_default();
        format!("{}+{:.12}", env!("CARGO_PKG_VERSION"), digest_of_bytes(&program))
    };
    VERSION.get_or_init(version).clone()
}

/// Makes sure that every instance still to be run can be read and makes sense, before hours pass;
/// writes the scenarios where they are asked for.
fn readable(order: &Order, entries: &[Entry], ledger: &Ledger) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for entry in entries {
        let is_done = |seed: &u64| ledger.row(&key(order, entry, *seed)).is_some();
        if order.scenarios.is_none() && order.seeds.iter().all(is_done) {
            continue;
        }
        match sound(entry) {
            Ok((scenario, _)) => {
                if let Some(folder) = &order.scenarios {
                    let name = format!("{}.json", file_name(entry));
                    put(folder, &name, &written(&scenario))?;
                }
            }
            Err(Failure::Document { text, issues }) => wrong.push((text, issues)),
            Err(other) => return Err(other),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Documents(wrong)) }
}

/// The scenario of `entry`, checked.
///
/// # Errors
/// [`Failure::Unreadable`], [`Failure::Document`].
pub fn sound(entry: &Entry) -> Result<(Scenario, Work), Failure> {
    let (scenario, text) = entry.scenario()?;
    match check::check(&scenario) {
        Ok((work, _)) => Ok((scenario, work)),
        Err(mut issues) => {
            issues.retain(|issue| issue.severity == Severity::Error);
            // Paths lead into the scenario it becomes, not to lines of this text.
            let text = Text { name: text.name, bytes: Vec::new() };
            Err(Failure::Document { text, issues })
        }
    }
}

/// Makes one run; nothing when it was stopped.
fn made(
    order: &Order,
    entry: &Entry,
    key: Key,
    watch: &mut dyn FnMut(&Event<'_>) -> bool,
) -> Result<Option<Row>, Failure> {
    let (scenario, work) = sound(entry)?;
    let settings = Settings {
        seed: key.seed,
        lanes: order.lanes,
        threads: order.threads,
        budget: order.budget,
        planned: None,
        until_gap: None,
        fallback: true,
        stop: order.stop,
    };
    let runner = Runner {
        family: entry.family,
        scenario: &scenario,
        work: &work,
        known: entry.known,
        settings: &settings,
    };
    let mut look = |progress: &Progress| watch(&Event::Searching(progress));
    let Some(Run { row, plan, fault }) = runner.run(key, &mut look)? else { return Ok(None) };
    if let Some(report) = &fault {
        watch(&Event::Fault(report));
    }
    if let Some((folder, plan)) = order.plans.as_deref().zip(plan.as_ref()) {
        keep(folder, entry, &row.key, plan)?;
    }
    Ok(Some(row))
}

/// Writes a plan: ours, and in the minutes form where the instance came in it.
fn keep(folder: &Path, entry: &Entry, key: &Key, plan: &Plan) -> Result<(), Failure> {
    let Key { seed, budget, lanes, .. } = key;
    let budget = budget.replace(' ', "-");
    let name = format!("{}-seed{seed}-{budget}-lanes{lanes}", file_name(entry));
    put(folder, &format!("{name}.json"), &written(plan))?;
    if entry.family == Family::Minutes {
        put(folder, &format!("{name}.minutes.json"), &plan_in_minutes(plan))?;
    }
    Ok(())
}

fn file_name(entry: &Entry) -> String {
    format!("{}-{}", entry.family.key(), entry.named.name)
}

fn put(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    files::target(&folder.join(name))?.write(text.as_bytes())
}
