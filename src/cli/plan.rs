//! `plan`: the morning dispatch run.

use std::env;
use std::path::Path;

use super::args::{Format, Plan, Search, Switch};
use super::ticker::Ticker;
use super::verify::question;
use super::{Ending, interrupt, screen, trouble};
use crate::app::board::board;
use crate::app::documents::written;
use crate::app::files::{self, Target};
use crate::app::morning::{self, Budget, Settings};
use crate::app::{Failure, sources, tables};
use crate::model::lang::Lang;
use crate::report::board::Board;
use crate::report::{html, text};

/// Milliseconds of search when nothing is said.
const DEFAULT_BUDGET: u64 = 10_000;

/// Rows of a table, wherever it goes: more are for programs and for the page.
const TABLE_ROWS: usize = 60;

/// Where all rows are.
const REST: (&str, &str) =
    ("全部见 --format csv 或 --report", "all are in --format csv and on the page of --report");

/// `paidan plan`.
pub(crate) fn run(asked: &Plan, lang: Lang) -> Result<Ending, Failure> {
    let (out, report) = outputs(asked)?;
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    interrupt::watch();
    let mut ticker = Ticker::new(lang, asked.progress_every);
    let answer = morning::plan(&question, previous.as_ref(), &settings(&asked.search), &mut |at| {
        ticker.show(at);
        !interrupt::is_asked()
    });
    ticker.finish();
    let answer = answer?;
    if let Some(fault) = &answer.fault {
        screen::tell(&trouble::fell_back(fault, lang));
    }
    let document = written(&answer.plan);
    if let Some(target) = &out {
        deliver(&document, target, lang)?;
    }
    // Boards of large plans take a while, so they are made only for who looks at them.
    let board = || board(&question, &answer.plan, &answer.report);
    if let Some(target) = &report {
        deliver(&html::render(&board(), lang), target, lang)?;
    }
    screen::print_bytes(&match asked.format {
        Format::Table => table(&board(), lang).into_bytes(),
        Format::Json => document.into_bytes(),
        Format::Csv => tables::plan_csv(&answer.plan, &question.scenario, lang),
    })?;
    Ok(if interrupt::is_asked() { Ending::Interrupted } else { Ending::Done })
}

/// Makes sure, before anything is worked out, that everything can be written.
fn outputs(asked: &Plan) -> Result<(Option<Target>, Option<Target>), Failure> {
    let outputs: Vec<&Path> =
        [&asked.out, &asked.report].into_iter().flatten().map(|p| &**p).collect();
    let scenario = files::scenario_path(&asked.scenario);
    let amendments = [&asked.amendments.progress, &asked.amendments.holidays];
    let mut inputs: Vec<&Path> = amendments.into_iter().flatten().map(|path| &**path).collect();
    inputs.push(&scenario);
    sources::keep_apart(&outputs, &inputs)?;
    let target = |path: &Option<_>| path.as_deref().map(files::target).transpose();
    Ok((target(&asked.out)?, target(&asked.report)?))
}

fn settings(asked: &Search) -> Settings {
    let budget = match asked.rounds {
        Some(rounds) => Budget::Rounds(rounds),
        None => Budget::Milliseconds(asked.seconds.unwrap_or(DEFAULT_BUDGET)),
    };
    let threads = asked.threads.map_or(0, |threads| threads as usize);
    Settings {
        seed: asked.seed,
        lanes: asked.lanes,
        threads,
        budget,
        planned: asked.planned_rounds,
        until_gap: asked.until_gap,
        fallback: asked.fallback == Switch::On,
        stop: Some(interrupt::is_asked),
    }
}

/// Writes a document and says where it went.
pub(crate) fn deliver(text: &str, target: &Target, lang: Lang) -> Result<(), Failure> {
    target.write(text.as_bytes())?;
    screen::tell(&screen::wrote(target, lang));
    Ok(())
}

/// The board as tables, as wide as the terminal says it is.
pub(crate) fn table(board: &Board, lang: Lang) -> String {
    let width = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    text::render(board, text::Layout { lang, width, rows: TABLE_ROWS, rest: Some(REST) })
}
