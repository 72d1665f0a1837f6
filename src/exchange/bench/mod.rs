//! Public benchmark instances as scenarios, and what goes with them: best-known values and the
//! table of results. Every reader is a pure function from a text to a scenario. Must not know how
//! plans are made.
//!
//! | family | `--format-of` | problem | becomes |
//! |---|---|---|---|
//! | [`Family::SingleMachine`] | `smtwt` | 1 \|\| Σ wT, OR-Library or lines "p,w,d" | a ticket per job |
//! | [`Family::Project`] | `def` | multi-skill project, makespan (iMOPSE) | one ticket, a step per task |
//! | [`Family::Unrelated`] | `unrelated` | R \|\| Σ wC | a ticket per job, minutes per person |
//! | [`Family::JobShop`] | `jobshop` | J \|\| Σ wT, due times by Singer and Pinedo | a ticket per job |
//! | [`Family::Flexible`] | `flexible` | flexible job shop, makespan (`.fjs`) | one ticket of chains |
//! | [`Family::Hybrid`] | `hybrid` | hybrid flow shop, makespan | one ticket of chains |
//! | [`Family::Minutes`] | `minutes` | this trade, in minutes and fen | itself |
//! | [`Family::Scenario`] | `scenario` | our own | itself |
//!
//! One unit of time is one minute, and everybody in the first six is always there. One unit of
//! their objective is [`FEN_PER_UNIT`] fen; the last two count in fen. The horizon leaves room for
//! all work one after another, so nothing need be left out, and leaving out costs more than any
//! finish. Which texts are which is told by [`guess()`].
//!
//! | code | meaning |
//! |---|---|
//! | B501 | the file is not UTF-8 text |
//! | B502 | a whole number is wanted |
//! | B503 | the text ends too early |
//! | B504 | more follows than the counts say |
//! | B505 | a number is out of range |
//! | B506 | a name nobody bears |
//! | B507 | the numbers make no whole instances |
//! | B508 | a part is missing or empty |
//! | B509 | all work takes longer than can be planned |
//! | B510 | something stands twice |
//! | B511 | spans are empty, out of range or overlap |
//! | B512 | the text is of no known format |
//! | B513 | a table of best-known values lacks a column or holds no value |
//! | B514 | a table of results is of another program |

mod best;
mod flexible;
mod frame;
mod guess;
mod hybrid;
mod jobshop;
mod minutes;
mod project;
pub mod results;
mod single;
mod unrelated;
mod words;

use crate::calendar::FORMATS;
use crate::exchange::json::{self, Formats};
use crate::model::issue::Issues;
use crate::model::scenario::{SCENARIO_FORMAT, Scenario};

pub use best::{BestKnown, Kind, Known, best_known};
pub use frame::FEN_PER_UNIT;
pub use guess::{guess, unknown};
pub use jobshop::FACTORS;
pub use minutes::plan_in_minutes;

/// The codes of this room's issues, in order.
pub const CODES: [&str; 14] = [
    "B501", "B502", "B503", "B504", "B505", "B506", "B507", "B508", "B509", "B510", "B511", "B512",
    "B513", "B514",
];

/// A family of instances, which share a form and an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// One machine, total weighted tardiness.
    SingleMachine,
    /// Multi-skill project, makespan.
    Project,
    /// Unrelated machines, total weighted completion time.
    Unrelated,
    /// Job shop, total weighted tardiness.
    JobShop,
    /// Flexible job shop, makespan.
    Flexible,
    /// Hybrid flow shop, makespan.
    Hybrid,
    /// This trade in minutes and fen.
    Minutes,
    /// Our own scenarios.
    Scenario,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 8] = [
        Family::SingleMachine,
        Family::Project,
        Family::Unrelated,
        Family::JobShop,
        Family::Flexible,
        Family::Hybrid,
        Family::Minutes,
        Family::Scenario,
    ];

    /// What tables and arguments call it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Family::SingleMachine => "smtwt",
            Family::Project => "def",
            Family::Unrelated => "unrelated",
            Family::JobShop => "jobshop",
            Family::Flexible => "flexible",
            Family::Hybrid => "hybrid",
            Family::Minutes => "minutes",
            Family::Scenario => "scenario",
        }
    }

    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Family::SingleMachine => ("单机加权延误", "single machine, weighted tardiness"),
            Family::Project => ("多技能项目，工期", "multi-skill project, makespan"),
            Family::Unrelated => {
                ("异速并行机，加权完工时间", "unrelated machines, weighted completion")
            }
            Family::JobShop => ("作业车间，加权延误", "job shop, weighted tardiness"),
            Family::Flexible => ("柔性作业车间，工期", "flexible job shop, makespan"),
            Family::Hybrid => ("混合流水车间，工期", "hybrid flow shop, makespan"),
            Family::Minutes => ("派单算例（分钟格式），分", "dispatch in the minutes form, fen"),
            Family::Scenario => ("派单场景，分", "dispatch scenarios, fen"),
        }
    }

    /// Fen that one unit of its objective costs.
    #[must_use]
    pub fn unit_fen(self) -> i64 {
        if matches!(self, Family::Minutes | Family::Scenario) { 1 } else { FEN_PER_UNIT }
    }
}

/// An instance in a file, by the name it has in tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Such as `wt40-3`, `la16_f1.3`, or the file's own name without its ending.
    pub name: String,
    /// Its place in the file, from 0.
    pub number: usize,
    /// Jobs of each instance, where the file holds several.
    pub jobs: usize,
    /// Thousandths of the due-date rule, where there is one.
    pub factor: Option<u32>,
}

/// What is asked of a file beyond what it says itself.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Jobs per instance of a file of single-machine instances.
    pub jobs: Option<usize>,
    /// Factors of the due-date rule in thousandths; none: [`FACTORS`].
    pub factors: Vec<u32>,
}

/// The instances in the file called `stem` (without its ending).
///
/// # Errors
/// B501, B507.
pub fn named(
    family: Family,
    stem: &str,
    bytes: &[u8],
    wishes: &Wishes,
) -> Result<Vec<Named>, Issues> {
    let only = Named { name: stem.to_owned(), number: 0, jobs: 0, factor: None };
    match family {
        Family::SingleMachine => {
            let text = words::text(bytes)?;
            let (jobs, count) = single::sizes(text, stem, wishes.jobs)?;
            if single::is_lines(text) {
                return Ok(vec![Named { jobs, ..only }]);
            }
            let named = |number| Named {
                name: format!("{stem}-{}", number + 1),
                number,
                jobs,
                factor: None,
            };
            Ok((0..count).map(named).collect())
        }
        Family::JobShop => {
            let factors: &[u32] =
                if wishes.factors.is_empty() { &FACTORS } else { &wishes.factors };
            let named = |factor: &u32| Named {
                name: format!("{stem}_f{}", shown_factor(*factor)),
                factor: Some(*factor),
                ..only.clone()
            };
            Ok(factors.iter().map(named).collect())
        }
        _ => Ok(vec![only]),
    }
}

/// A factor in thousandths as tables write it: `1.3`.
#[must_use]
pub fn shown_factor(permille: u32) -> String {
    let text = format!("{}.{:03}", permille / 1000, permille % 1000);
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

/// The scenario of instance `named` of the file; it is yet to be checked.
///
/// # Errors
/// What is wrong with the text, with its place.
pub fn read(family: Family, bytes: &[u8], named: &Named) -> Result<Scenario, Issues> {
    let name = &named.name;
    match family {
        Family::SingleMachine => single::read(words::text(bytes)?, name, named.jobs, named.number),
        Family::Project => project::read(words::text(bytes)?, name),
        Family::Unrelated => unrelated::read(words::text(bytes)?, name),
        Family::JobShop => {
            jobshop::read(words::text(bytes)?, name, named.factor.unwrap_or(FACTORS[0]))
        }
        Family::Flexible => flexible::read(words::text(bytes)?, name),
        Family::Hybrid => hybrid::read(words::text(bytes)?, name),
        Family::Minutes => minutes::read(bytes, name),
        Family::Scenario => {
            super::require(bytes, SCENARIO_FORMAT)?;
            json::read(bytes, &Formats::new(FORMATS))
        }
    }
}
