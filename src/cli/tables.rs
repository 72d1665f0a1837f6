//! `import` and `export`: between the planner's tables and paidan's documents.

use std::path::{Path, PathBuf};

use super::args::{Export, Import};
use super::verify::question;
use super::{Ending, bench, screen, trouble};
use crate::app::board::board;
use crate::app::checking::{check, readable};
use crate::app::documents::{Question, written};
use crate::app::files::{self, Target};
use crate::app::{Failure, keys, sources, tables};
use crate::exchange::{ics, tables::Merged};
use crate::model::lang::Lang;
use crate::model::near::nearest;
use crate::report::{html, sheet};

/// `paidan import`.
pub(crate) fn import(asked: &Import, lang: Lang) -> Result<Ending, Failure> {
    let outputs: Vec<&Path> = asked.out.iter().map(|path| &**path).collect();
    let mut inputs: Vec<&Path> = asked.tables.iter().map(|path| &**path).collect();
    inputs.extend(asked.family.map(|_| &*asked.scenario));
    sources::keep_apart(&outputs, &inputs)?;
    let target = asked.out.as_deref().map(files::target).transpose()?;
    if let Some(family) = asked.family {
        let scenario = bench::instance(&asked.scenario, family, asked)?;
        screen::deliver(&written(&scenario), target.as_ref())?;
        return Ok(Ending::Done);
    }
    let imported = tables::import(&asked.scenario, &asked.tables, asked.as_of.as_deref())?;
    for (text, warnings) in &imported.warnings {
        screen::tell(&trouble::issues_of(text, warnings, lang));
    }
    let question = &imported.question;
    for (text, warnings) in &question.warnings {
        screen::tell(&trouble::issues_of(text, warnings, lang));
    }
    screen::deliver(&written(&question.scenario), target.as_ref())?;
    screen::tell(&counts(&imported.merged, lang));
    Ok(Ending::Done)
}

fn counts(merged: &Merged, lang: Lang) -> String {
    let Merged { tickets, people, clients, absences, progress, pins } = merged;
    let row = |(added, changed): &(usize, usize), zh: &str, en: &str| match lang {
        Lang::Zh => format!("{zh}：新增 {added}，更改 {changed}\n"),
        Lang::En => format!("{en}: {added} added, {changed} changed\n"),
    };
    let away = lang.of(format!("请假：新增 {absences}\n"), format!("absences: {absences} added\n"));
    [
        row(tickets, "工单", "tickets"),
        row(people, "员工", "people"),
        row(clients, "客户", "clients"),
        away,
        row(progress, "进度", "progress"),
        row(pins, "锁定", "pins"),
    ]
    .concat()
}

/// `paidan export`.
pub(crate) fn export(asked: &Export, lang: Lang) -> Result<Ending, Failure> {
    if let Some(path) = &asked.template {
        let inputs = asked.scenario.as_deref().map(files::scenario_path);
        sources::keep_apart(&[path], &inputs.iter().map(|path| &**path).collect::<Vec<_>>())?;
        let target = files::target(path)?;
        let known = asked.scenario.as_deref();
        let known = known.map(|path| question(path, &asked.amendments, lang)).transpose()?;
        let known = known.as_ref().map(|question| &question.scenario);
        deliver(&tables::template(path, known, lang)?, &target, lang)?;
        return Ok(Ending::Done);
    }
    let (Some(scenario), Some(plan)) = (&asked.scenario, &asked.plan) else {
        return Err(Failure::wish("缺少场景或计划", "a scenario and a plan are needed"));
    };
    let targets = targets(asked, scenario, plan)?;
    let question = question(scenario, &asked.amendments, lang)?;
    let person = asked.person.as_deref().map(|typed| keys::person(&question, typed)).transpose()?;
    if let Some(person) = &person {
        known_person(&question, person)?;
    }
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let previous = previous.map(|previous| check(&question, &previous, None).plan);
    let [plan] = readable(&question, [plan])?;
    let checked = check(&question, &plan, None);
    let board = board(&question, &checked.plan, &checked.report);
    let selection = sheet::Selection { person: person.as_deref(), day: None };
    for (kind, target) in &targets {
        let (plan, scenario) = (&checked.plan, &question.scenario);
        let bytes = match kind {
            Kind::Xlsx => tables::plan_xlsx(plan, scenario, lang)?,
            Kind::Csv => tables::plan_csv(plan, scenario, lang),
            Kind::Report => html::render(&board, lang).into_bytes(),
            Kind::Sheets => sheet::render(&board, lang, selection).into_bytes(),
            Kind::Ics => {
                let person = person.as_deref().unwrap_or_default();
                let owner = ics::Owner { person, firm: &asked.firm };
                ics::person(plan, previous.as_ref(), scenario, owner, lang).into_bytes()
            }
        };
        deliver(&bytes, target, lang)?;
    }
    Ok(Ending::Done)
}

/// What an output holds.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Xlsx,
    Csv,
    Report,
    Sheets,
    Ics,
}

/// Every output that is asked for, known to be writable.
fn targets(asked: &Export, scenario: &Path, plan: &Path) -> Result<Vec<(Kind, Target)>, Failure> {
    let all: [(Kind, &Option<PathBuf>); 5] = [
        (Kind::Xlsx, &asked.xlsx),
        (Kind::Csv, &asked.csv),
        (Kind::Report, &asked.report),
        (Kind::Sheets, &asked.sheets),
        (Kind::Ics, &asked.ics),
    ];
    let wanted = all.into_iter().filter_map(|(kind, path)| Some((kind, path.as_deref()?)));
    let wanted: Vec<(Kind, &Path)> = wanted.collect();
    if wanted.is_empty() {
        return Err(Failure::wish(
            "请指明要导出什么：--xlsx、--csv、--report、--sheets 或 --ics",
            "say what to export: --xlsx, --csv, --report, --sheets or --ics",
        ));
    }
    let outputs: Vec<&Path> = wanted.iter().map(|(_, path)| *path).collect();
    let scenario = files::scenario_path(scenario);
    let mut inputs: Vec<&Path> = vec![&scenario, plan];
    inputs.extend(asked.previous.as_deref());
    sources::keep_apart(&outputs, &inputs)?;
    wanted.into_iter().map(|(kind, path)| Ok((kind, files::target(path)?))).collect()
}

fn known_person(question: &Question, person: &str) -> Result<(), Failure> {
    let keys: Vec<&str> = question.scenario.people.iter().map(|row| row.id.as_str()).collect();
    if keys.contains(&person) {
        return Ok(());
    }
    let near = nearest(person, keys.iter().copied());
    let (zh, en) = near.map_or_else(Default::default, |near| {
        (format!("，是不是“{near}”？"), format!("; did you mean \"{near}\"?"))
    });
    Err(Failure::wish(
        format!("没有名为“{person}”的人员{zh}"),
        format!("there is no person \"{person}\"{en}"),
    ))
}

/// Writes `bytes` and says where they went.
fn deliver(bytes: &[u8], target: &Target, lang: Lang) -> Result<(), Failure> {
    target.write(bytes)?;
    screen::tell(&screen::wrote(target, lang));
    Ok(())
}
