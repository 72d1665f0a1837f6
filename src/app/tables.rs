//! The planner's tables: queue, people and absences in; plan and templates out.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::documents::{self, Question, Text};
use super::{Failure, files};
use crate::calendar::{Label, Moment};
use crate::exchange::tables::{self, Kind, Merged, Origins, Rows, View};
use crate::model::issue::Issues;
use crate::model::lang::Lang;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;

/// A scenario with tables put into it.
pub struct Imported {
    /// The scenario, checked.
    pub question: Question,
    /// How much changed.
    pub merged: Merged,
    /// What was left out of which table.
    pub warnings: Vec<(Text, Issues)>,
}

/// Puts the tables at `paths` into the scenario at `base`, all of them or none; it is planned from
/// `as_of` where that is stated.
///
/// # Errors
/// [`Failure::Unreadable`]; [`Failure::Document`] for a table or for the scenario they make;
/// [`Failure::Wish`] when `as_of` is no moment.
pub fn import(base: &Path, paths: &[PathBuf], as_of: Option<&str>) -> Result<Imported, Failure> {
    let as_of = as_of.map(|text| Moment::parse(&text.replacen(' ', "T", 1)));
    let as_of = as_of.transpose().map_err(Failure::Wish)?;
    let text = files::read(&files::scenario_path(base))?;
    let mut all = Rows::default();
    let mut warnings = Vec::new();
    let mut names = Vec::new();
    for path in paths {
        let table = files::read(path)?;
        names.push(table.name.clone());
        let rows = rows(path, &table)?;
        all.tickets.extend(rows.tickets);
        all.people.extend(rows.people);
        all.absences.extend(rows.absences);
        all.clients.extend(rows.clients);
        all.progress.extend(rows.progress);
        all.pins.extend(rows.pins);
        if !rows.warnings.is_empty() {
            warnings.push((Text { name: table.name, bytes: Vec::new() }, rows.warnings));
        }
    }
    let (mut merged, mut origins) = (Merged::default(), Origins::default());
    let question = documents::question(text, |scenario| {
        scenario.as_of = as_of.unwrap_or(scenario.as_of);
        (merged, origins) = tables::merge(scenario, &all).map_err(|issues| {
            let text = Text { name: names.join(", "), bytes: Vec::new() };
            Failure::Document { text, issues }
        })?;
        Ok(Vec::new())
    });
    let question = match question {
        Ok(mut question) => {
            question.warnings.iter_mut().for_each(|(_, warnings)| origins.name(warnings));
            question
        }
        Err(Failure::Documents(mut all)) => {
            all.iter_mut().for_each(|(_, issues)| origins.name(issues));
            return Err(Failure::Documents(all));
        }
        Err(other) => return Err(other),
    };
    Ok(Imported { question, merged, warnings })
}

/// The rows of one table; a CSV file is named after the sheet it is.
fn rows(path: &Path, table: &Text) -> Result<Rows, Failure> {
    let read = match spreadsheet(path)? {
        Spreadsheet::Comma(kind) => tables::read_csv(kind, &table.bytes),
        Spreadsheet::Workbook => return workbook_rows(table),
    };
    read.map_err(|issues| wrong(table, issues))
}

/// Issues of cells have no lines of text to show.
fn wrong(table: &Text, issues: Issues) -> Failure {
    Failure::Document { text: Text { name: table.name.clone(), bytes: Vec::new() }, issues }
}

fn name_of(part: Option<&OsStr>) -> &str {
    part.and_then(OsStr::to_str).unwrap_or("")
}

enum Spreadsheet {
    Comma(Kind),
    Workbook,
}

fn spreadsheet(path: &Path) -> Result<Spreadsheet, Failure> {
    let name = path.display();
    match name_of(path.extension()).to_ascii_lowercase().as_str() {
        "xlsx" => Ok(Spreadsheet::Workbook),
        "csv" => Kind::named(name_of(path.file_stem())).map(Spreadsheet::Comma).ok_or_else(|| {
            let known = Kind::ALL.map(|kind| format!("{}.csv", kind.name())).join(", ");
            Failure::wish(
                format!("{name}：CSV 文件要以工作表命名：{known}"),
                format!("{name}: name a CSV file after its sheet: {known}"),
            )
        }),
        _ => Err(Failure::wish(
            format!("{name}：表格应为 .xlsx 或 .csv 文件"),
            format!("{name}: a table is an .xlsx or a .csv file"),
        )),
    }
}

/// A table for [`import`], as bytes for a file called `path`: what `scenario` knows, names in
/// `lang`, or empty where there is none.
///
/// # Errors
/// [`Failure::Wish`] when the name is none of a table.
pub fn template(path: &Path, scenario: Option<&Scenario>, lang: Lang) -> Result<Vec<u8>, Failure> {
    match (spreadsheet(path)?, scenario) {
        (Spreadsheet::Comma(kind), None) => Ok(tables::template_csv(kind)),
        (Spreadsheet::Comma(kind), Some(scenario)) => Ok(tables::filled_csv(kind, scenario, lang)),
        (Spreadsheet::Workbook, scenario) => workbook_template(scenario, lang),
    }
}

/// The plan as comma-separated values: a row per person and step.
#[must_use]
pub fn plan_csv(plan: &Plan, scenario: &Scenario, lang: Lang) -> Vec<u8> {
    tables::plan_csv(plan, scenario, View::ByPerson, lang)
}

#[cfg(feature = "xlsx")]
fn workbook_rows(table: &Text) -> Result<Rows, Failure> {
    tables::read_xlsx(&table.bytes).map_err(|issues| wrong(table, issues))
}

#[cfg(feature = "xlsx")]
fn workbook_template(scenario: Option<&Scenario>, lang: Lang) -> Result<Vec<u8>, Failure> {
    let Some(scenario) = scenario else { return Ok(tables::template_xlsx()) };
    tables::filled_xlsx(scenario, lang).map_err(|error| unfit(&error))
}

#[cfg(feature = "xlsx")]
fn unfit(error: &dyn std::fmt::Display) -> Failure {
    Failure::Outside(Label::new(
        format!("无法写成工作簿：{error}"),
        format!("this does not fit a workbook: {error}"),
    ))
}

/// The plan as a workbook.
///
/// # Errors
/// [`Failure::Outside`] when the plan does not fit a workbook.
#[cfg(feature = "xlsx")]
pub fn plan_xlsx(plan: &Plan, scenario: &Scenario, lang: Lang) -> Result<Vec<u8>, Failure> {
    tables::plan_xlsx(plan, scenario, lang).map_err(|error| unfit(&error))
}

#[cfg(not(feature = "xlsx"))]
fn workbook_rows(_: &Text) -> Result<Rows, Failure> {
    Err(without_workbooks())
}

#[cfg(not(feature = "xlsx"))]
fn workbook_template(_: Option<&Scenario>, _: Lang) -> Result<Vec<u8>, Failure> {
    Err(without_workbooks())
}

/// The plan as a workbook.
///
/// # Errors
/// Always: this build knows no workbooks.
#[cfg(not(feature = "xlsx"))]
pub fn plan_xlsx(_: &Plan, _: &Scenario, _: Lang) -> Result<Vec<u8>, Failure> {
    Err(without_workbooks())
}

#[cfg(not(feature = "xlsx"))]
fn without_workbooks() -> Failure {
    Failure::Outside(Label::new(
        "此版本编译时未包含 XLSX，请用 CSV",
        "this build has no XLSX: use CSV",
    ))
}
