//! `front`: what urgency costs in client value and the other way round.

use super::args::{Front, Plain};
use super::plan::{deliver, layout, outputs, settings};
use super::ticker::Ticker;
use super::verify::question;
use super::{Ending, interrupt, screen, trouble};
use crate::app::documents::{Question, written};
use crate::app::files::Target;
use crate::app::front::{self, Event, Stage, Swept};
use crate::app::{Failure, sources};
use crate::model::cost::Weights;
use crate::model::lang::Lang;
use crate::report::front::{chart, ratio, table};

/// Milliseconds of search over all points when nothing is said.
const DEFAULT_BUDGET: u64 = 10_000;

/// Points when nothing is said.
const DEFAULT_POINTS: u8 = 9;

/// `paidan front`.
pub(crate) fn run(asked: &Front, lang: Lang) -> Result<Ending, Failure> {
    let [out, svg] = outputs(&asked.scenario, &asked.amendments, [&asked.out, &asked.svg])?;
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let points = points(asked, &question);
    let settings = settings(&asked.search, DEFAULT_BUDGET);
    interrupt::watch();
    let mut ticker = Ticker::new(lang, None);
    let answer = front::front(&question, previous.as_ref(), &points, &settings, &mut |stage| {
        show(stage, &mut ticker, lang);
        !interrupt::is_asked()
    });
    ticker.finish();
    let (front, swept) = answer?;
    if let Some(target) = &svg {
        deliver(&chart(&front, lang), target, lang)?;
    }
    if let (Some(target), Some(weights)) = (&out, asked.choose) {
        choose(&swept, weights, target, lang)?;
    }
    screen::print(&match asked.format {
        Plain::Table => table(&front, layout(lang)),
        Plain::Json => written(&front),
    })?;
    Ok(if swept.is_stopped { Ending::Interrupted } else { Ending::Done })
}

/// The weights to plan at: those asked for or a spread of them, with the scenario's and the chosen
/// ones.
fn points(asked: &Front, question: &Question) -> Vec<Weights> {
    let policy = question.work.policy.weights();
    let mut points = if asked.weights.is_empty() {
        front::spread(policy, usize::from(asked.points.unwrap_or(DEFAULT_POINTS)))
    } else {
        asked.weights.clone()
    };
    points.push(policy);
    points.extend(asked.choose);
    front::ordered(points)
}

/// How far the sweep is: the ticker within a point, a line when one is done.
fn show(stage: &Stage<'_>, ticker: &mut Ticker, lang: Lang) {
    let Stage { place, count, weights, event } = *stage;
    let answer = match event {
        Event::Searching(progress) => return ticker.show(progress),
        Event::Done(answer) => answer,
    };
    ticker.finish();
    if let Some(fault) = &answer.fault {
        screen::tell(&trouble::fell_back(fault, lang));
    }
    let (weights, cost) = (ratio(weights), answer.report.bill.total_fen);
    screen::tell(&lang.of(
        format!("[{place}/{count}] 权重 {weights}：加权费用 {cost}\n"),
        format!("[{place}/{count}] weights {weights}: weighted cost {cost}\n"),
    ));
}

/// Writes the plan at `weights`, unless the sweep was interrupted before it came there.
fn choose(swept: &Swept, weights: Weights, target: &Target, lang: Lang) -> Result<(), Failure> {
    match swept.points.iter().find(|point| point.row.weights == weights) {
        Some(point) => deliver(&written(&point.plan), target, lang),
        None => {
            let weights = ratio(weights);
            screen::tell(&lang.of(
                format!("尚未算到权重 {weights} 即已中断，未写出计划\n"),
                format!("interrupted before weights {weights} were reached: no plan is written\n"),
            ));
            Ok(())
        }
    }
}
