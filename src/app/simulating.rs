//! A simulation from documents to its report. Must not know arguments.

use super::Failure;
use super::changing::Wanted;
use super::documents::{self, Question, Text};
use crate::calendar::Label;
use crate::model::outcome::Outcome;
use crate::model::simulation::Simulation;
use crate::whatif::simulate::{self, Choice, Fault, Order};

pub use crate::whatif::simulate::{Policy, Stage};

/// Plans of which one is verified in full.
const VERIFY_EVERY: u32 = 100;

/// What is simulated beside the question.
pub struct Asked<'a> {
    /// What the days may bring, and the text it was read from.
    pub simulation: (&'a Simulation, &'a Text),
    /// What would be different, each with its name; the first comparison is with things as they
    /// are.
    pub options: &'a [(Label, Wanted)],
    /// How to dispatch.
    pub policies: &'a [Policy],
    /// Seed of all chance.
    pub seed: u64,
    /// Replications at most.
    pub replications: u32,
    /// Ends when differences are known to so many fen per week.
    pub half_width: Option<i64>,
    /// Ends after so many milliseconds.
    pub milliseconds: Option<u64>,
    /// Threads; 0: all cores.
    pub threads: usize,
}

/// Simulates; `None` when `watch` stopped it before anything was known.
///
/// # Errors
/// [`Failure::Document`] with all that is wrong with the simulation or an option;
/// [`Failure::Unsound`]; [`Failure::Outside`].
pub fn simulate(
    question: &Question,
    asked: &Asked<'_>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Outcome>, Failure> {
    let mut choices = vec![Choice { name: Label::new("现状", "as it is"), changes: Vec::new() }];
    choices.extend(asked.options.iter().map(|(name, wanted)| Choice {
        name: name.clone(),
        changes: wanted.changes.changes.clone(),
    }));
    let order = Order {
        scenario: &question.scenario,
        simulation: asked.simulation.0,
        choices: &choices,
        policies: asked.policies,
        seed: asked.seed,
        replications: asked.replications,
        half_width: asked.half_width,
        milliseconds: asked.milliseconds,
        threads: asked.threads,
        verify_every: VERIFY_EVERY,
    };
    match simulate::simulate(&order, watch) {
        Ok(outcome) => Ok(Some(outcome)),
        Err(Fault::Nothing) => Ok(None),
        Err(Fault::Option(row, issues)) => Err(match row.checked_sub(1) {
            Some(row) => documents::meant(&asked.options[row].1.text, issues),
            None => documents::meant(&question.text, issues),
        }),
        Err(Fault::Simulation(issues)) => Err(documents::meant(asked.simulation.1, issues)),
        Err(Fault::Unsound(report)) => Err(Failure::Unsound(report)),
        Err(Fault::Threads(reason)) => Err(Failure::Outside(Label::new(
            format!("系统不给线程：{reason}"),
            format!("the system refuses threads: {reason}"),
        ))),
    }
}
