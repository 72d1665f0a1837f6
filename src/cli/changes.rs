//! `diff` and `move`: what is different, and what it costs.

use super::args::{Diff, Move, Plain};
use super::plan::deliver;
use super::verify::question;
use super::{Ending, screen};
use crate::app::checking::readable;
use crate::app::documents::written;
use crate::app::{Failure, files, front, keys, reasons, sources};
use crate::explain;
use crate::explain::say::{Names, diff_lines, move_lines};
use crate::model::lang::Lang;

/// `paidan diff`.
pub(crate) fn diff(asked: &Diff, lang: Lang) -> Result<Ending, Failure> {
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let mut plans = readable(&question, [&asked.from, &asked.to])?;
    if front::put_on_one_scale(&question, &mut plans) {
        screen::tell(lang.of(
            "两份计划所用权重不同，均按场景的权重计价\n",
            "the plans were made at different weights: both are priced at the scenario's\n",
        ));
    }
    let [from, to] = plans;
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let diff = explain::diff(&question.work, &from, &to, previous.as_ref());
    let names = Names::new(&question.scenario);
    screen::print(&match asked.format {
        Plain::Table => joined(&diff_lines(&diff, &names, lang)),
        Plain::Json => written(&diff),
    })?;
    Ok(Ending::Done)
}

/// `paidan move`.
pub(crate) fn try_move(asked: &Move, lang: Lang) -> Result<Ending, Failure> {
    let scenario = files::scenario_path(&asked.scenario);
    let outputs: Vec<_> = asked.out.iter().map(|path| &**path).collect();
    sources::keep_apart(&outputs, &[&scenario])?;
    let out = asked.out.as_deref().map(files::target).transpose()?;
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let plan = sources::plan(&question, &asked.plan)?;
    let question = front::weighed(question, &plan)?;
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let (step, to) = (keys::step(&question, &asked.step)?, keys::person(&question, &asked.to)?);
    let at = asked.at.as_deref().map(|at| keys::moment(&question, at));
    let change = (step.as_str(), to.as_str(), at.as_deref(), asked.seat);
    let made = reasons::moved(&question, &plan, previous.as_ref(), change)?;
    let names = Names::new(&question.scenario);
    screen::print(&match asked.format {
        Plain::Table => joined(&move_lines(&made, &names, lang)),
        Plain::Json => written(&made),
    })?;
    let Some(plan) = &made.plan else { return Ok(Ending::Broken) };
    if let Some(target) = &out {
        deliver(&written(plan), target, lang)?;
    }
    Ok(Ending::Done)
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
