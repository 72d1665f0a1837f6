//! `plan`: the morning dispatch run.

use std::env;
use std::path::{Path, PathBuf};

use super::args::{self, Amendments, Format, Search, Switch};
use super::ticker::Ticker;
use super::verify::question;
use super::{Ending, interrupt, screen, trouble, whatif};
use crate::app::board::board;
use crate::app::documents::{Question, written};
use crate::app::files::{self, Target};
use crate::app::morning::{self, Budget, Settings};
use crate::app::{Failure, sources, tables};
use crate::model::lang::Lang;
use crate::model::plan::Plan;
use crate::report::board::Board;
use crate::report::front::ratio;
use crate::report::{html, text};

/// Milliseconds of search when nothing is said.
const DEFAULT_BUDGET: u64 = 10_000;

/// Rows of a table, wherever it goes: more are for programs and for the page.
const TABLE_ROWS: usize = 60;

/// Where all rows are.
const REST: (&str, &str) =
    ("全部见 --format csv 或 --report", "all are in --format csv and on the page of --report");

/// `paidan plan`.
pub(crate) fn run(asked: &args::Plan, lang: Lang) -> Result<Ending, Failure> {
    let [out, report] = outputs(&asked.scenario, &asked.amendments, [&asked.out, &asked.report])?;
    let wanted = whatif::asked(&asked.what_if)?;
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    if let Some(wanted) = &wanted {
        return whatif::run(asked, (&question, wanted), [out, report], lang);
    }
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    tell_weights(previous.as_ref(), &question, lang);
    interrupt::watch();
    let mut ticker = Ticker::new(lang, asked.progress_every);
    let settings = settings(&asked.search, DEFAULT_BUDGET);
    let answer = morning::plan(&question, previous.as_ref(), &settings, &mut |at| {
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

/// Makes sure, before anything is worked out, that everything `asked` for can be written, and on
/// nothing that is read.
pub(crate) fn outputs(
    scenario: &Path,
    amendments: &Amendments,
    asked: [&Option<PathBuf>; 2],
) -> Result<[Option<Target>; 2], Failure> {
    let outputs: Vec<&Path> = asked.into_iter().flatten().map(|path| &**path).collect();
    let scenario = files::scenario_path(scenario);
    let amendments = [&amendments.progress, &amendments.holidays];
    let mut inputs: Vec<&Path> = amendments.into_iter().flatten().map(|path| &**path).collect();
    inputs.push(&scenario);
    sources::keep_apart(&outputs, &inputs)?;
    let target = |path: &Option<_>| path.as_deref().map(files::target).transpose();
    Ok([target(asked[0])?, target(asked[1])?])
}

/// Says that `previous` was made at weights that are not used again.
fn tell_weights(previous: Option<&Plan>, question: &Question, lang: Lang) {
    let own = question.work.policy.weights();
    let other = previous.and_then(|plan| plan.weights).filter(|weights| *weights != own);
    if let Some(other) = other {
        let (own, other) = (ratio(own), ratio(other));
        screen::tell(&lang.of(
            format!("上一份计划按权重 {other} 编制，本次按场景的 {own}（可改 policy）\n"),
            format!(
                "the previous plan was made at weights {other}, this one is at the scenario's \
                 {own} (its policy can be changed)\n"
            ),
        ));
    }
}

/// How to search; where nothing is said for `default` milliseconds.
pub(crate) fn settings(asked: &Search, default: u64) -> Settings {
    let budget = match asked.rounds {
        Some(rounds) => Budget::Rounds(rounds),
        None => Budget::Milliseconds(asked.seconds.unwrap_or(default)),
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
    text::render(board, layout(lang))
}

/// How tables are laid out on this terminal.
pub(crate) fn layout(lang: Lang) -> text::Layout {
    let width = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    text::Layout { lang, width, rows: TABLE_ROWS, rest: Some(REST) }
}
