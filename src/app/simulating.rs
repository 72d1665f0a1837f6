//! A simulation from documents to its report. Must not know arguments.

use super::Failure;
use super::changing::Wanted;
use super::documents::{self, Question, Text};
use crate::calendar::Label;
use crate::model::outcome::{Outcome, Required};
use crate::model::simulation::Simulation;
use crate::model::training::Training;
use crate::model::worth::Hours;
use crate::whatif::simulate::{self, Choice, Fault, Order};

pub use crate::whatif::simulate::{Kind, Ledger, Lessons, Policy, Stage, Target};

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
    /// Asked oftener than whoever watches, by every thread: whether to stop.
    pub stop: Option<fn() -> bool>,
    /// Threads; 0: all cores.
    pub threads: usize,
}

/// What the days may bring, as `json` called `simulation`.
///
/// # Errors
/// [`Failure::Document`].
pub fn posted(json: &str) -> Result<(Simulation, Text), Failure> {
    let text = Text { name: "simulation".to_owned(), bytes: json.as_bytes().to_vec() };
    Ok((documents::simulation(&text)?, text))
}

/// What would be different, as `json` called `options[row]`, with its name.
///
/// # Errors
/// [`Failure::Document`].
pub fn posted_option(row: usize, json: &str) -> Result<(Label, Wanted), Failure> {
    let text = Text { name: format!("options[{row}]"), bytes: json.as_bytes().to_vec() };
    let changes = documents::changes(&text)?;
    let number = row + 1;
    let name = changes.about.clone();
    let name =
        name.unwrap_or_else(|| Label::new(format!("方案 {number}"), format!("option {number}")));
    Ok((name, Wanted { changes, text }))
}

/// Nothing is known yet.
#[must_use]
pub fn interrupted() -> Failure {
    Failure::Refused(Label::new(
        "还没有任何结果即已中断",
        "it was interrupted before anything was known",
    ))
}

/// Things as they are, and the options.
fn choices(asked: &Asked<'_>) -> Vec<Choice> {
    let mut choices = vec![Choice::as_it_is()];
    choices.extend(asked.options.iter().map(|(name, wanted)| Choice {
        name: name.clone(),
        changes: wanted.changes.changes.clone(),
    }));
    choices
}

fn order<'a>(question: &'a Question, asked: &'a Asked<'a>, choices: &'a [Choice]) -> Order<'a> {
    Order {
        seed: asked.seed,
        replications: asked.replications,
        half_width: asked.half_width,
        milliseconds: asked.milliseconds,
        stop: asked.stop,
        threads: asked.threads,
        ..Order::of(&question.scenario, asked.simulation.0, choices, asked.policies)
    }
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
    let choices = choices(asked);
    told(simulate::simulate(&order(question, asked, &choices), watch), question, asked)
}

/// [`simulate()`] that goes on from what was made before and hands on what it makes.
///
/// # Errors
/// As [`simulate()`].
pub fn resumed(
    question: &Question,
    asked: &Asked<'_>,
    ledger: Ledger<'_>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Outcome>, Failure> {
    let choices = choices(asked);
    let order = order(question, asked, &choices);
    told(simulate::simulate_on(&order, Some(ledger), watch), question, asked)
}

/// What one more hour of each skill is worth; `None` when `watch` stopped it.
///
/// # Errors
/// As [`simulate()`].
pub fn hours(
    question: &Question,
    asked: &Asked<'_>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Hours>, Failure> {
    let choices = choices(asked);
    let order = order(question, asked, &choices[..1]);
    told(simulate::worth(&order, watch), question, asked)
}

/// When everybody learns at the least cost; `None` when `watch` stopped it.
///
/// # Errors
/// As [`simulate()`]; [`Failure::Wish`] when nobody holds the skill it is about.
pub fn training(
    question: &Question,
    asked: &Asked<'_>,
    lessons: &Lessons,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Training>, Failure> {
    if let Some(skill) = &lessons.skill {
        held(question, skill)?;
    }
    let choices = choices(asked);
    let order = order(question, asked, &choices[..1]);
    told(simulate::training(&order, lessons, watch), question, asked)
}

/// Which more people it takes to reach `target`; `None` when `watch` stopped it.
///
/// # Errors
/// As [`simulate()`]; [`Failure::Wish`] when there is no such person, or nobody with such a skill.
pub fn required(
    question: &Question,
    asked: &Asked<'_>,
    target: &Target,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Required>, Failure> {
    for kind in &target.kinds {
        match kind {
            Kind::Skill(id) => held(question, id)?,
            Kind::Person(id) if question.scenario.people.iter().any(|row| row.id == *id) => {}
            Kind::Person(id) => {
                return Err(Failure::wish(
                    format!("没有编号为“{id}”的员工"),
                    format!("there is no person with the id \"{id}\""),
                ));
            }
        }
    }
    let choices = choices(asked);
    let order = order(question, asked, &choices[..1]);
    told(simulate::required(&order, target, watch), question, asked)
}

/// Refuses a skill that nobody holds.
fn held(question: &Question, skill: &str) -> Result<(), Failure> {
    let mut held = question.scenario.people.iter().flat_map(|person| &person.skills);
    match held.any(|row| row.skill == skill) {
        true => Ok(()),
        false => Err(Failure::wish(
            format!("没有人具备技能“{skill}”"),
            format!("nobody holds the skill \"{skill}\""),
        )),
    }
}

/// What came of it, as surfaces tell it.
fn told<T>(
    found: Result<T, Fault>,
    question: &Question,
    asked: &Asked<'_>,
) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Fault::Nothing) => Ok(None),
        Err(Fault::Option(row, issues)) => {
            // What is no option of the asker's was made of the question.
            let option = row.checked_sub(1).and_then(|row| asked.options.get(row));
            let text = option.map_or(&question.text, |(_, wanted)| &wanted.text);
            Err(documents::meant(text, issues))
        }
        Err(Fault::Simulation(issues)) => Err(documents::meant(asked.simulation.1, issues)),
        Err(Fault::Unsound(report)) => Err(Failure::Unsound(report)),
        Err(Fault::Threads(reason)) => Err(Failure::Outside(Label::new(
            format!("系统不给线程：{reason}"),
            format!("the system refuses threads: {reason}"),
        ))),
    }
}
