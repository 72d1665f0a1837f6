//! A simulation from documents to its report. Must not know arguments.

use std::path::Path;

use serde_json::json;

use super::Failure;
use super::brief::Brief;
use super::changing::{Wanted, wanted};
use super::documents::{self, Question, Text};
use super::posted::unless_wrong;
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;
use crate::model::outcome::{Outcome, Required};
use crate::model::people::{Band, BandKind};
use crate::model::simulation::{SIMULATION_FORMAT, Simulation};
use crate::model::training::Training;
use crate::model::worth::Hours;
use crate::whatif::change::apply_beside_demand;
use crate::whatif::simulate::{self, Choice, Fault, Order, Unfit};

pub use crate::whatif::simulate::{Kind, Ledger, Lessons, Policy, Stage, Target};

/// An option with its name.
pub type Named = (Label, Wanted);

/// What is simulated beside the question.
pub struct Asked<'a> {
    /// What the days may bring, and the text it was read from.
    pub simulation: (&'a Simulation, &'a Text),
    /// What would be different, each with its name; the first comparison is with things as they
    /// are.
    pub options: &'a [Named],
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

/// What the days may bring, as `json` called `simulation`, or what is wrong with it; and the text.
pub fn posted(json: &str) -> (Result<Simulation, Failure>, Text) {
    let text = Text { name: "simulation".to_owned(), bytes: json.as_bytes().to_vec() };
    (documents::simulation(&text), text)
}

/// What would be different, as `json` called `options[row]`, with its name.
///
/// # Errors
/// [`Failure::Document`].
pub fn posted_option(row: usize, json: &str) -> Result<Named, Failure> {
    let text = Text { name: format!("options[{row}]"), bytes: json.as_bytes().to_vec() };
    let changes = documents::changes(&text)?;
    let number = row + 1;
    let name = changes.about.clone();
    let name =
        name.unwrap_or_else(|| Label::new(format!("方案 {number}"), format!("option {number}")));
    Ok((name, Wanted::stated(changes, text)))
}

/// `simulation`, which was read from the text beside it, and `options`.
///
/// # Errors
/// [`Failure::Documents`] with all that is wrong with any of them, also beside `question`.
pub fn together(
    question: &Question,
    (simulation, text): (Result<Simulation, Failure>, &Text),
    options: Vec<Result<Named, Failure>>,
) -> Result<(Simulation, Vec<Named>), Failure> {
    let (mut wrong, mut known) = (Vec::new(), Vec::new());
    let simulation = unless_wrong(simulation, &mut wrong)?;
    for option in options {
        known.extend(unless_wrong(option, &mut wrong)?);
    }
    match simulation {
        Some(simulation) if wrong.is_empty() => return Ok((simulation, known)),
        Some(simulation) => {
            let choices = choices(&known);
            let order = Order::of(&question.scenario, &simulation, &choices, &[]);
            if let Err(Fault::Unfit(unfit)) = simulate::fits(&order) {
                wrong.extend(texts(unfit, question, text, &known));
            }
        }
        None => {
            for (_, wanted) in &known {
                let made = apply_beside_demand(&question.scenario, &wanted.changes.changes);
                wrong.extend(made.err().into_iter().flat_map(|issues| wanted.placed(issues)));
            }
        }
    }
    Err(Failure::Documents(wrong))
}

/// Whether `simulation`, which was read from the text beside it, and `options` fit `question`.
///
/// # Errors
/// [`Failure::Documents`] with all that does not.
pub fn fitting(
    question: &Question,
    (simulation, text): (&Simulation, &Text),
    options: &[Named],
) -> Result<(), Failure> {
    let choices = choices(options);
    match simulate::fits(&Order::of(&question.scenario, simulation, &choices, &[])) {
        Err(Fault::Unfit(unfit)) => Err(Failure::Documents(texts(unfit, question, text, options))),
        _ => Ok(()),
    }
}

/// Keeping the first, the first two … of `people` for urgent calls alone, each an option (R022).
///
/// # Errors
/// [`Failure::Document`] with whoever is not there, is named twice or is kept so already.
pub fn reserves(question: &Question, people: &[String]) -> Result<Vec<Named>, Failure> {
    let rows = people.iter().enumerate();
    let issues: Issues =
        rows.filter_map(|(row, id)| unreservable(question, id, &people[..row])).collect();
    if !issues.is_empty() {
        let text = Text { name: "--reserve".to_owned(), bytes: Vec::new() };
        return Err(Failure::Document { text, issues });
    }
    let texts: Vec<String> =
        people.iter().map(|id| format!("urgent_only person={id} urgent_only=true")).collect();
    let mut options = Vec::new();
    for count in 1..=people.len() {
        let names = people[..count].join(", ");
        let name =
            Label::new(format!("预留 {count} 人：{names}"), format!("{count} in reserve: {names}"));
        let wanted = wanted(None, Brief::changes("--reserve", &texts[..count]))?;
        options.extend(wanted.map(|wanted| (name, wanted)));
    }
    Ok(options)
}

/// Why the person `id` cannot be kept for urgent calls after those `before`, if so.
fn unreservable(question: &Question, id: &String, before: &[String]) -> Option<Issue> {
    let mut people = question.scenario.people.iter();
    let Some(person) = people.find(|row| row.id == *id) else {
        return stranger(question, &Kind::Person(id.clone()));
    };
    if before.contains(id) {
        let zh = format!("“{id}”写了两次");
        let issue = Issue::error("C105", "", zh, format!("\"{id}\" is named twice"));
        return Some(issue.hint("每人只写一次", "name everybody once"));
    }
    let issue = Issue::error(
        "C105",
        "",
        format!("“{id}”本来就只办加急，预留他不会改变任何事"),
        format!("\"{id}\" takes urgent tickets only as it is: to keep him so changes nothing"),
    );
    let set = format!("--set \"urgent_only person={id} urgent_only=false\"");
    let hint = (
        format!("不写此人；要看不预留他会怎样，用 {set}"),
        format!("leave him out; what it would be without him in reserve, {set} tells"),
    );
    person.urgent_only.then(|| issue.hint(hint.0, hint.1))
}

/// That at `path` nothing says what the days of `question` may bring, and what would.
#[must_use]
pub fn unwritten(question: &Question, path: &Path) -> Failure {
    let mut people = question.scenario.people.iter();
    let example = people.find_map(|person| {
        let skill = &person.skills.first()?.skill;
        let regular = |band: &&Band| band.kind == BandKind::Regular;
        let calendar = &person.bands.iter().find(regular)?.calendar;
        let [skill, calendar] = [skill, calendar].map(|name| json!(name));
        Some(format!(
            r#"{{"format": "{SIMULATION_FORMAT}", "days": 5,
 "streams": [{{"ticket": {{"id": "call", "track": "urgent",
     "steps": [{{"id": "work", "seats": [{{"skill": {skill}}}], "minutes": 60}}],
     "curves": [{{"kind": "urgency", "per_hour_fen": 10000}}]}},
   "per_day_permille": [4000, 4000, 4000, 4000, 4000, 0, 0],
   "promise": {{"working_minutes": 240, "calendar": {calendar}}}}}]}}"#
        ))
    });
    let (path, example) = (path.display(), example.unwrap_or_default());
    Failure::wish(
        format!(
            "场景旁没有 {path}：其中写明各天会来什么工单。可另以 --simulation 指定文件；全部字段见 \
             paidan schema simulation。例如每个工作日约 4 单、每单 1 小时：\n{example}"
        ),
        format!(
            "there is no {path} beside the scenario: it says what the days may bring. Name another \
             file by --simulation; paidan schema simulation tells every field. Such as about four \
             calls of an hour on every working day:\n{example}"
        ),
    )
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
fn choices(options: &[Named]) -> Vec<Choice> {
    let mut choices = vec![Choice::as_it_is()];
    choices.extend(options.iter().map(|(name, wanted)| Choice {
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
/// [`Failure::Documents`] with all that is wrong with the simulation and the options;
/// [`Failure::Unsound`]; [`Failure::Outside`].
pub fn simulate(
    question: &Question,
    asked: &Asked<'_>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Outcome>, Failure> {
    let choices = choices(asked.options);
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
    let choices = choices(asked.options);
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
    let choices = choices(asked.options);
    let order = order(question, asked, &choices[..1]);
    told(simulate::worth(&order, watch), question, asked)
}

/// When everybody learns at the least cost; `None` when `watch` stopped it.
///
/// # Errors
/// As [`simulate()`], also when nobody holds the skill it is about.
pub fn training(
    question: &Question,
    asked: &Asked<'_>,
    lessons: &Lessons,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Training>, Failure> {
    let choices = choices(asked.options);
    let order = order(question, asked, &choices[..1]);
    let skill = lessons.skill.iter().cloned().map(Kind::Skill).collect::<Vec<Kind>>();
    known(question, asked, &order, &[("--train-skill", skill.iter().collect())])?;
    told(simulate::training(&order, lessons, watch), question, asked)
}

/// Which more people it takes to reach `target`; `None` when `watch` stopped it.
///
/// # Errors
/// As [`simulate()`], also when there is no such person, or nobody with such a skill.
pub fn required(
    question: &Question,
    asked: &Asked<'_>,
    target: &Target,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Option<Required>, Failure> {
    let choices = choices(asked.options);
    let order = order(question, asked, &choices[..1]);
    let (people, skills): (Vec<&Kind>, Vec<&Kind>) =
        target.kinds.iter().partition(|kind| matches!(kind, Kind::Person(_)));
    known(question, asked, &order, &[("--like", people), ("--able", skills)])?;
    told(simulate::required(&order, target, watch), question, asked)
}

/// Refuses people whom there are not and skills that nobody holds, each list by what it is called,
/// with all else that is wrong with `order`.
fn known(
    question: &Question,
    asked: &Asked<'_>,
    order: &Order<'_>,
    lists: &[(&str, Vec<&Kind>)],
) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for (name, kinds) in lists {
        let issues: Issues = kinds.iter().filter_map(|kind| stranger(question, kind)).collect();
        let text = Text { name: (*name).to_owned(), bytes: Vec::new() };
        wrong.extend((!issues.is_empty()).then_some((text, issues)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    if let Err(Fault::Unfit(unfit)) = simulate::fits(order) {
        wrong.extend(texts(unfit, question, asked.simulation.1, asked.options));
    }
    Err(Failure::Documents(wrong))
}

/// That there is nobody of this `kind`, if so.
fn stranger(question: &Question, kind: &Kind) -> Option<Issue> {
    let people = || question.scenario.people.iter();
    let key = kind.name();
    let (names, zh, en): (Vec<&str>, String, String) = match kind {
        Kind::Person(_) => (
            people().map(|row| row.id.as_str()).collect(),
            format!("没有编号为“{key}”的员工"),
            format!("there is no person with the id \"{key}\""),
        ),
        Kind::Skill(_) => (
            people().flat_map(|row| &row.skills).map(|held| held.skill.as_str()).collect(),
            format!("没有人具备技能“{key}”"),
            format!("nobody holds the skill \"{key}\""),
        ),
    };
    if names.contains(&key) {
        return None;
    }
    let issue = Issue::error("S101", "", zh, en);
    Some(match nearest(key, names) {
        Some(near) => issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?")),
        None => issue.hint("写场景中的编号", "give an id of the scenario"),
    })
}

/// What does not fit, each by the text it stands in.
fn texts(
    unfit: Vec<(Unfit, Issues)>,
    question: &Question,
    simulation: &Text,
    options: &[Named],
) -> Vec<(Text, Issues)> {
    let of = |(what, issues): (Unfit, Issues)| match what {
        Unfit::Simulation => vec![documents::placed(simulation, issues)],
        // What is no option of the asker's was made of the question.
        Unfit::Option(row) => match row.checked_sub(1).and_then(|row| options.get(row)) {
            Some((_, wanted)) => wanted.placed(issues),
            None => vec![documents::placed(&question.text, issues)],
        },
    };
    unfit.into_iter().flat_map(of).collect()
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
        Err(Fault::Unfit(unfit)) => {
            Err(Failure::Documents(texts(unfit, question, asked.simulation.1, asked.options)))
        }
        Err(Fault::Unsound(report)) => Err(Failure::Unsound(report)),
        Err(Fault::Threads(reason)) => Err(Failure::Outside(Label::new(
            format!("系统不给线程：{reason}"),
            format!("the system refuses threads: {reason}"),
        ))),
    }
}
