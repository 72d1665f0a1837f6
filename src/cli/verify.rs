//! `verify`: every broken rule and the whole bill.

use super::args::{Amendments, Plain, Verify};
use super::{Ending, bill, screen, trouble};
use crate::app::Failure;
use crate::app::checking::check;
use crate::app::documents::{Question, written};
use crate::app::sources::{self, Sources};
use crate::model::lang::Lang;
use crate::report::front::ratio;
use crate::verify::{Report, Violation};
use std::path::Path;

/// `paidan verify`.
pub(crate) fn run(asked: &Verify, lang: Lang) -> Result<Ending, Failure> {
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let plan = sources::plan(&question, &asked.plan)?;
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let report = check(&question, &plan, previous.as_ref()).report;
    screen::print(&match asked.format {
        Plain::Json => written(&report),
        Plain::Table => shown(&report, lang),
    })?;
    Ok(if report.is_clean() { Ending::Done } else { Ending::Broken })
}

/// Reads the scenario as amended and tells its warnings.
pub(crate) fn question(
    scenario: &Path,
    amendments: &Amendments,
    lang: Lang,
) -> Result<Question, Failure> {
    let (progress, holidays) = (amendments.progress.as_deref(), amendments.holidays.as_deref());
    let question = Sources { scenario, progress, holidays }.question()?;
    for (text, warnings) in &question.warnings {
        screen::tell(&trouble::issues_of(text, warnings, lang));
    }
    Ok(question)
}

fn shown(report: &Report, lang: Lang) -> String {
    let bill = bill::table(&report.bill, lang);
    violations(&report.violations, lang) + "\n" + &bill + &weighed(report, lang)
}

/// By which weights a plan that records its own is priced, and what the scenario's make of it.
fn weighed(report: &Report, lang: Lang) -> String {
    let (Some(weights), Some(total)) = (report.weights, report.by_policy_fen) else {
        return String::new();
    };
    let weights = ratio(weights);
    lang.of(
        format!("按计划所记的权重计价（紧急 : 客户价值 = {weights}）；按场景的权重合计 {total}\n"),
        format!(
            "priced at the weights the plan records (urgency : client value = {weights}); at the \
             scenario's it comes to {total}\n"
        ),
    )
}

/// A line per violation, and how many there are.
pub(crate) fn violations(violations: &[Violation], lang: Lang) -> String {
    let mut text: String = violations.iter().map(|found| line(found, lang)).collect();
    let count = violations.len();
    text += &match (lang, count) {
        (Lang::Zh, 0) => "计划符合全部规则。\n".to_owned(),
        (Lang::Zh, _) => format!("计划有 {count} 处违反规则。\n"),
        (Lang::En, 0) => "The plan keeps every rule.\n".to_owned(),
        (Lang::En, 1) => "The plan breaks 1 rule.\n".to_owned(),
        (Lang::En, _) => format!("The plan breaks rules in {count} places.\n"),
    };
    text
}

fn line(found: &Violation, lang: Lang) -> String {
    let (zh, en) = found.rule.name();
    let ticket = found.step.as_ref().or(found.ticket.as_ref());
    let subject = [ticket, found.person.as_ref(), found.at.as_ref()];
    let subject: Vec<&str> = subject.into_iter().flatten().map(String::as_str).collect();
    let sentence = lang.of(&found.zh, &found.en);
    format!("{} ({}) {}: {sentence}\n", found.rule, lang.of(zh, en), subject.join(" "))
}
