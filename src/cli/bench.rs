//! `bench`: how good the plans are, on public instances and on our own scenarios; and one of those
//! instances as a scenario, for `import`.

use std::path::{Path, PathBuf};

use super::args::{Bench, FamilyName, Import, Reading};
use super::ticker::Ticker;
use super::verify::violations;
use super::{Ending, interrupt, screen};
use crate::app::bench::{self, Entry, Event, Order, Search};
use crate::app::morning::Budget;
use crate::app::{Failure, files, sources};
use crate::exchange::bench::results::{Row, Status, percent};
use crate::exchange::bench::{Family, Wishes};
use crate::model::lang::Lang;
use crate::model::near::nearest;
use crate::model::scenario::Scenario;
use crate::report::bench::render;

/// Milliseconds of search when nothing is said.
const DEFAULT_BUDGET: u64 = 10_000;

/// `paidan bench`.
pub(crate) fn run(asked: &Bench, lang: Lang) -> Result<Ending, Failure> {
    let outputs = [&asked.csv, &asked.markdown];
    let outputs: Vec<&Path> = outputs.into_iter().flatten().map(|path| &**path).collect();
    let named = asked.paths.iter().chain(&asked.best);
    let inputs: Vec<&Path> = named.map(PathBuf::as_path).collect();
    sources::keep_apart(&outputs, &inputs)?;
    let target = asked.markdown.as_deref().map(files::target).transpose()?;
    let order = order(asked);
    interrupt::watch();
    let mut ticker = Ticker::new(lang, None);
    let results = bench::run(&order, &mut |event| {
        match event {
            Event::Searching(progress) => ticker.show(progress),
            Event::Done(place, count, row, is_old) => {
                ticker.finish();
                screen::tell(&line((*place, *count), row, *is_old, lang));
            }
            Event::Fault(report) => {
                ticker.finish();
                screen::tell(&violations(&report.violations, lang));
            }
        }
        !interrupt::is_asked()
    })?;
    ticker.finish();
    let text = render(&results.rows, lang);
    match &target {
        Some(target) => super::plan::deliver(&text, target, lang)?,
        None => screen::print(&text)?,
    }
    let has = |wanted: &[Status]| results.rows.iter().any(|row| wanted.contains(&row.status));
    Ok(match results.is_stopped {
        _ if has(&[Status::Unsound, Status::FellBack]) => Ending::Faulty,
        true => Ending::Interrupted,
        false if has(&[Status::Refused]) => Ending::Refused,
        false => Ending::Done,
    })
}

fn order(asked: &Bench) -> Order {
    let budget = match asked.rounds {
        Some(rounds) => Budget::Rounds(rounds),
        None => Budget::Milliseconds(asked.seconds.unwrap_or(DEFAULT_BUDGET)),
    };
    let mut seeds = asked.seeds.clone();
    seeds.sort_unstable();
    seeds.dedup();
    Order {
        search: Search {
            paths: asked.paths.clone(),
            family: asked.family.map(family),
            wishes: wishes(&asked.reading),
            best: asked.best.clone(),
            at_most: asked.at_most.map(|most| most as usize),
        },
        budget,
        seeds,
        lanes: asked.lanes,
        threads: asked.threads.map_or(0, |threads| threads as usize),
        stop: Some(interrupt::is_asked),
        csv: asked.csv.clone(),
        plans: asked.plans.clone(),
        scenarios: asked.scenarios.clone(),
    }
}

fn family(name: FamilyName) -> Family {
    match name {
        FamilyName::Smtwt => Family::SingleMachine,
        FamilyName::Def => Family::Project,
        FamilyName::Unrelated => Family::Unrelated,
        FamilyName::Jobshop => Family::JobShop,
        FamilyName::Flexible => Family::Flexible,
        FamilyName::Hybrid => Family::Hybrid,
        FamilyName::Minutes => Family::Minutes,
        FamilyName::Scenario => Family::Scenario,
    }
}

fn wishes(reading: &Reading) -> Wishes {
    let mut factors = reading.factors.clone();
    factors.sort_unstable();
    factors.dedup();
    Wishes { jobs: reading.jobs.map(|jobs| jobs as usize), factors }
}

/// A run that is done, on one line.
fn line((place, count): (usize, usize), row: &Row, is_old: bool, lang: Lang) -> String {
    let key = &row.key;
    let cost = row.cost.map_or_else(|| row.status.key().to_owned(), |cost| cost.to_string());
    let known = row.known.map_or_else(String::new, |known| {
        let gap = row.gap_ppm().map_or_else(String::new, |gap| format!(", {} %", percent(gap)));
        format!(" ({} {}{gap})", known.kind.key(), known.value)
    });
    let after = row.best_after.unwrap_or(0);
    let pace = row.pace_hundredths().unwrap_or(0);
    let (after, pace) = (
        format!("{}.{}", after / 1000, after % 1000 / 100),
        format!("{}.{:02}", pace / 100, pace % 100),
    );
    let head = format!("[{place}/{count}] {} {}", key.family, key.instance);
    let said = match (lang, is_old) {
        (Lang::Zh, true) => "，结果表中已有".to_owned(),
        (Lang::En, true) => ", on file".to_owned(),
        (Lang::Zh, false) => format!("，{after} 秒得最好解，{pace} 轮/秒"),
        (Lang::En, false) => format!(", best after {after} s, {pace} rounds/s"),
    };
    let seed = lang.of(format!("种子 {}：", key.seed), format!("seed {}: ", key.seed));
    format!("{head} {seed}{cost}{known}{said}\n")
}

/// The public instance at `path` as a scenario.
pub(super) fn instance(path: &Path, name: FamilyName, asked: &Import) -> Result<Scenario, Failure> {
    let search = Search {
        paths: vec![path.to_owned()],
        family: Some(family(name)),
        wishes: wishes(&asked.reading),
        ..Search::default()
    };
    let entries = bench::catalogue(&search)?;
    let entry = match &asked.instance {
        None => entries.first(),
        Some(name) => entries.iter().find(|entry| entry.named.name == *name),
    };
    let Some(entry) = entry else { return Err(stranger(&asked.instance, &entries)) };
    Ok(bench::sound(entry)?.0)
}

fn stranger(asked: &Option<String>, entries: &[Entry]) -> Failure {
    let asked = asked.as_deref().unwrap_or_default();
    let names = || entries.iter().map(|entry| entry.named.name.as_str());
    let near = nearest(asked, names()).or_else(|| names().next()).unwrap_or_default();
    Failure::wish(
        format!("文件里没有名为“{asked}”的算例，是不是“{near}”？"),
        format!("the file holds no instance \"{asked}\"; did you mean \"{near}\"?"),
    )
}
