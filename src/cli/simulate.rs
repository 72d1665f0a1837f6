//! `simulate`: what options are worth over days by chance, with intervals.

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use super::args::{ByArgument, Format, PolicyArgument, Simulate};
use super::bar::Bar;
use super::plan::{deliver, outputs};
use super::verify::question;
use super::{Ending, interrupt, screen};
use crate::app::Failure;
use crate::app::brief::Brief;
use crate::app::changing::{Wanted, wanted};
use crate::app::documents::{self, Question, Text, written};
use crate::app::files::{self, Target as Place};
use crate::app::simulating::{
    Asked, Kind, Lessons, Named, Policy, Target, hours, required, reserves, simulate, together,
    training, unwritten,
};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::LEAST_REPLICATIONS;
use crate::report::simulation::{self, By, Names};

/// The file of a scenario's folder that says what its days may bring.
const SIMULATION_FILE: &str = "simulation.json";

/// `paidan simulate`.
pub(crate) fn run(asked: &Simulate, lang: Lang) -> Result<Ending, Failure> {
    // Training has no page: its second output are the changes it means.
    let second = if asked.train.is_some() { &asked.train_changes } else { &asked.report };
    let [out, report] = outputs(&asked.scenario, &asked.amendments, [&asked.out, second])?;
    if asked.half_width.is_some() && asked.replications < LEAST_REPLICATIONS {
        return Err(Failure::wish(
            format!("--half-width 由前 {LEAST_REPLICATIONS} 次模拟定次数：--replications 不能更少"),
            format!(
                "--half-width takes {LEAST_REPLICATIONS} replications to settle how many it needs: \
                 --replications may not be fewer"
            ),
        ));
    }
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let text = stated(asked, &question)?;
    let read = (documents::simulation(&text), &text);
    let (stated, options) = together(&question, read, options(asked, &question))?;
    let policies = policies(asked, options.is_empty());
    interrupt::watch();
    let mut bar = Bar::new(lang);
    let order = Asked {
        simulation: (&stated, &text),
        options: &options,
        policies: &policies,
        seed: asked.seed,
        replications: asked.replications,
        half_width: asked.half_width,
        milliseconds: asked.seconds,
        stop: Some(interrupt::is_asked),
        threads: asked.threads.map_or(0, |threads| threads as usize),
    };
    if asked.need.is_some() || asked.hours || asked.train.is_some() {
        return answer(asked, &question, &order, [out.as_ref(), report.as_ref()], lang);
    }
    let found = simulate(&question, &order, &mut |stage| {
        bar.show(stage);
        !interrupt::is_asked()
    });
    bar.finish();
    let Some(outcome) = found? else { return Ok(unknown(lang)) };
    let names = Names::of(&question.scenario);
    if let Some(target) = &out {
        deliver(&written(&outcome), target, lang)?;
    }
    if let Some(target) = &report {
        deliver(&simulation::page(&outcome, &names, lang), target, lang)?;
    }
    screen::print(&match asked.format {
        Format::Table => {
            let by: Vec<By> = asked.by.iter().copied().map(by).collect();
            simulation::table(&outcome, &names, lang)
                + &simulation::broken_down(&outcome, &by, &names, lang)
        }
        Format::Json => written(&outcome),
        Format::Csv => simulation::csv(&outcome),
    })?;
    Ok(if interrupt::is_asked() { Ending::Interrupted } else { Ending::Done })
}

/// Answers how many people it takes, what hours are worth, or when to learn.
fn answer(
    asked: &Simulate,
    question: &Question,
    order: &Asked<'_>,
    [out, changes]: [Option<&Place>; 2],
    lang: Lang,
) -> Result<Ending, Failure> {
    let (mut bar, names) = (Bar::new(lang), Names::of(&question.scenario));
    let mut watch = |stage| {
        bar.show(stage);
        !interrupt::is_asked()
    };
    if let Some(hours) = asked.train {
        let (skill, quarter_minutes) = (asked.train_skill.clone(), asked.train_hours * 60);
        let lessons = Lessons { skill, hours, quarter_minutes, most_percent: 50 };
        let found = training(question, order, &lessons, &mut watch)?;
        bar.finish();
        let Some(found) = found else { return Ok(unknown(lang)) };
        if let Some(target) = changes {
            deliver(&written(&found.changes), target, lang)?;
        }
        let csv = simulation::training_csv(&found);
        return answered(
            &found,
            [simulation::training(&found, &names, lang), csv],
            out,
            asked.format,
            lang,
        );
    }
    if let Some(kept_permille) = asked.need {
        let people = asked.like.iter().cloned().map(Kind::Person);
        let kinds: Vec<Kind> = people.chain(asked.able.iter().cloned().map(Kind::Skill)).collect();
        if kinds.is_empty() {
            return Err(Failure::wish(
                "--need 需与 --like 或 --able 同用",
                "--need goes with --like or --able",
            ));
        }
        let (most, confidence_permille) = (asked.at_most, asked.confidence);
        let is_urgent = true;
        let target = Target { kinds, kept_permille, is_urgent, most, confidence_permille };
        let found = required(question, order, &target, &mut watch)?;
        bar.finish();
        let Some(found) = found else { return Ok(unknown(lang)) };
        let texts = [simulation::needed(&found, &names, lang), simulation::needed_csv(&found)];
        return answered(&found, texts, out, asked.format, lang);
    }
    let found = hours(question, order, &mut watch)?;
    bar.finish();
    let Some(found) = found else { return Ok(unknown(lang)) };
    let texts = [simulation::hours(&found, &names, lang), simulation::hours_csv(&found)];
    answered(&found, texts, out, asked.format, lang)
}

/// Tells an answer that is not a report: as a table, as comma-separated values, or as it stands.
fn answered<T: Serialize>(
    found: &T,
    [table, csv]: [String; 2],
    out: Option<&Place>,
    format: Format,
    lang: Lang,
) -> Result<Ending, Failure> {
    if let Some(target) = out {
        deliver(&written(found), target, lang)?;
    }
    screen::print(&match format {
        Format::Json => written(found),
        Format::Table => table,
        Format::Csv => csv,
    })?;
    Ok(if interrupt::is_asked() { Ending::Interrupted } else { Ending::Done })
}

/// Says that it was interrupted before anything was known.
fn unknown(lang: Lang) -> Ending {
    screen::tell(
        lang.of("还没有任何结果即已中断。\n", "It was interrupted before anything was known.\n"),
    );
    Ending::Interrupted
}

/// Demands that a stress test goes through, in percent (R136).
const STRESSES: [u32; 4] = [110, 125, 150, 200];

/// What the days may bring, as it was written down; whoever has nothing written is told how.
fn stated(asked: &Simulate, question: &Question) -> Result<Text, Failure> {
    if let Some(path) = &asked.simulation {
        return files::read(path);
    }
    let scenario = files::scenario_path(&asked.scenario);
    let path = scenario.parent().unwrap_or_else(|| Path::new(".")).join(SIMULATION_FILE);
    match files::read(&path) {
        Err(Failure::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {
            Err(unwritten(question, &path))
        }
        read => read,
    }
}

/// The options, each with its name: what its file is about, else what it is called.
fn options(asked: &Simulate, question: &Question) -> Vec<Result<Named, Failure>> {
    let mut options = Vec::new();
    for path in &asked.options {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let read = files::read(path).and_then(|text| wanted(Some(text), Vec::new()));
        options.extend(named(read, Label::new(name.clone(), name)));
    }
    for percent in STRESSES.into_iter().filter(|_| asked.stress) {
        let text = format!("demand percent={percent}");
        let name = Label::new(format!("需求 {percent}%"), format!("demand {percent} %"));
        options.extend(named(wanted(None, Brief::changes("--stress", &[text])), name));
    }
    match reserves(question, &asked.reserve) {
        Ok(all) => options.extend(all.into_iter().map(Ok)),
        Err(wrong) => options.push(Err(wrong)),
    }
    for (brief, text) in Brief::changes("--set", &asked.set).into_iter().zip(&asked.set) {
        let name = Label::new(text.clone(), text.clone());
        options.extend(named(wanted(None, vec![brief]), name));
    }
    let people = Brief::people("--add-person", &asked.add_person);
    for (brief, text) in people.into_iter().zip(&asked.add_person) {
        let name = Label::new(format!("加人：{text}"), format!("added: {text}"));
        options.extend(named(wanted(None, vec![brief]), name));
    }
    options
}

/// What was `read`, by what it says of itself, else by `name`.
fn named(read: Result<Option<Wanted>, Failure>, name: Label) -> Option<Result<Named, Failure>> {
    let named = |wanted: Wanted| (wanted.changes.about.clone().unwrap_or(name), wanted);
    read.map(|wanted| wanted.map(named)).transpose()
}

fn by(kind: ByArgument) -> By {
    match kind {
        ByArgument::Tier => By::Tier,
        ByArgument::Service => By::Service,
        ByArgument::Stream => By::Stream,
        ByArgument::Hour => By::Hour,
    }
}

fn policies(asked: &Simulate, is_alone: bool) -> Vec<Policy> {
    let named = |policy: &PolicyArgument| match policy {
        PolicyArgument::Engine => Policy::Engine,
        PolicyArgument::FirstCome => Policy::FirstCome,
        PolicyArgument::EarliestDue => Policy::EarliestDue,
        PolicyArgument::HighestValue => Policy::HighestValue,
        PolicyArgument::CurrentPractice => Policy::CurrentPractice,
    };
    match (asked.policies.as_slice(), is_alone) {
        ([], true) => vec![Policy::Engine, Policy::EarliestDue, Policy::CurrentPractice],
        ([], false) => vec![Policy::Engine],
        (stated, _) => stated.iter().map(named).collect(),
    }
}
