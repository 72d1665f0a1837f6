//! XLSX in and out. The one door to both spreadsheet crates; floats live here because a
//! spreadsheet's cells are floats.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DataValidation, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::column::{Holds, Kind};
use super::grid::{Cell, Grid};
use super::plan::{Value, View, table};
use super::rows::{self, Rows};
use super::{CLEAR, MAX_ROWS, fill, guarded, harmless};
use crate::calendar::Moment;
use crate::model::issue::{Issue, Issues, has_errors};
use crate::model::lang::Lang;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::time::Money;

/// How a workbook begins, which is a ZIP archive.
const ZIP: &[u8] = b"PK";

/// The sheet that explains the others.
const NOTES: &str = "Notes 说明";

/// Reads the sheets Queue/工单, People/员工, Absences/请假, Clients/客户, Progress/进度 and Pins/锁定
/// of a workbook; any of them may be missing.
///
/// # Errors
/// Everything wrong with it, each issue at its cell.
pub fn read_xlsx(bytes: &[u8]) -> Result<Rows, Issues> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let zh = if bytes.starts_with(ZIP) {
            format!("工作簿无法打开，文件可能不完整或已加密（{error}）")
        } else {
            "工作簿无法打开：不是 XLSX 文件（XLSX 是 ZIP 格式）".to_owned()
        };
        let issue = Issue::error("T402", "", zh, format!("the workbook cannot be opened: {error}"));
        vec![issue.hint("另存为 .xlsx（不加密）", "save it as .xlsx without a password")]
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut issues = Vec::new();
    let mut grids = Vec::new();
    for sheet in book.sheet_names() {
        if sheet == NOTES {
            continue;
        }
        let Some(kind) = Kind::named(&sheet) else {
            issues.push(
                Issue::warning(
                    "T421",
                    sheet.clone(),
                    format!("不认识工作表“{sheet}”，未读入"),
                    format!("sheet \"{sheet}\" is unknown and left out"),
                )
                .hint(
                    format!("工作表名：{}", sheet_names(Kind::zh, "、")),
                    format!("sheets are called {}", sheet_names(Kind::name, ", ")),
                ),
            );
            continue;
        };
        let range = book.worksheet_range(&sheet).map_err(|error| unreadable(&error))?;
        let Some((top, left)) = range.start() else { continue };
        let row = |(position, cells): (usize, &[Data])| {
            let blanks = std::iter::repeat_n(Cell::Text(String::new()), left as usize);
            (top as usize + position + 1, blanks.chain(cells.iter().map(shown)).collect::<Vec<_>>())
        };
        let lines =
            range.rows().enumerate().map(row).filter(|(_, c)| !c.iter().all(Cell::is_blank));
        grids.push(Grid { kind, sheet, lines: lines.take(MAX_ROWS + 1).collect() });
    }
    if grids.is_empty() && !has_errors(&issues) {
        let issue = Issue::error("T403", "", "没有可读入的工作表", "there is no sheet to read");
        issues.push(issue.hint(
            format!("工作表名：{}", sheet_names(Kind::zh, "、")),
            format!("call the sheets {}", sheet_names(Kind::name, ", ")),
        ));
    }
    rows::read(&grids, issues)
}

fn sheet_names(name: fn(Kind) -> &'static str, between: &str) -> String {
    Kind::ALL.map(name).join(between)
}

/// A cell as text; a date without a time of day shows as a date.
fn shown(cell: &Data) -> Cell {
    Cell::Text(match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        // Six decimals hide what binary fractions add to sums of yuan and fen.
        Data::Float(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Data::DateTime(serial) => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            // A minute is stored as a fraction of a day and may come back a second short.
            let minutes = u32::from(hour) * 60 + u32::from(minute) + u32::from(second >= 30);
            let date = format!("{year:04}-{month:02}-{day:02}");
            match minutes {
                0 => date,
                1440 => next_day(&date),
                _ => format!("{date} {:02}:{:02}", minutes / 60, minutes % 60),
            }
        }
        Data::Error(error) => return Cell::Broken(error.to_string()),
    })
}

fn next_day(date: &str) -> String {
    match crate::calendar::Date::parse(date) {
        Ok(date) => date.day().plus(1).to_string(),
        Err(_) => date.to_owned(),
    }
}

/// A workbook to fill in: a sheet of notes, and a sheet per table with headings and an example.
///
/// # Panics
/// Never: names and sizes of its sheets are constants that spreadsheets allow.
#[must_use]
pub fn template_xlsx() -> Vec<u8> {
    let rows = |kind| vec![super::template::example(kind)];
    tables(rows, true).expect("the template is within what spreadsheets allow")
}

/// What `scenario` knows as a workbook to be changed and imported again; names in `lang`.
///
/// # Errors
/// What keeps it from fitting a workbook, such as more rows than a sheet holds.
pub fn filled_xlsx(scenario: &Scenario, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    tables(|kind| fill::rows(scenario, kind, lang), false)
}

fn tables(
    rows: impl Fn(Kind) -> Vec<Vec<String>>,
    are_examples: bool,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    notes(book.add_worksheet())?;
    let bold = Format::new().set_bold();
    let grey = Format::new().set_italic().set_font_color(0x80_80_80);
    for kind in Kind::ALL {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("{} {}", kind.name(), kind.zh()))?;
        sheet.set_freeze_panes(1, 0)?;
        for (position, column) in (0_u16..).zip(kind.columns()) {
            sheet.write_string_with_format(0, position, column.heading(), &bold)?;
            sheet.set_column_width(position, 18)?;
            choices(sheet, position, column.holds)?;
        }
        for (row, cells) in (1_u32..).zip(rows(kind)) {
            for ((position, column), cell) in (0_u16..).zip(kind.columns()).zip(&cells) {
                match (column.holds, cell.parse::<f64>()) {
                    _ if are_examples => {
                        sheet.write_string_with_format(row, position, cell, &grey)?;
                    }
                    (Holds::Yuan | Holds::Minutes, Ok(number)) => {
                        sheet.write_number(row, position, number)?;
                    }
                    _ if cell.is_empty() => {}
                    _ => {
                        sheet.write_string(row, position, guarded(cell))?;
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}

/// A list to choose from where only certain words may stand, and the mark that clears.
fn choices(sheet: &mut Worksheet, position: u16, holds: Holds) -> Result<(), XlsxError> {
    let words: &[&str] = match holds {
        Holds::Track => &["normal", "urgent", CLEAR],
        Holds::YesNo => &["yes", "no", CLEAR],
        Holds::State => &["done", "started", "took longer", "did not come", CLEAR],
        Holds::Text | Holds::Moment | Holds::Yuan | Holds::Minutes => return Ok(()),
    };
    let rule = DataValidation::new().allow_list_strings(words)?;
    sheet.add_data_validation(1, position, 9_999, position, &rule)?;
    Ok(())
}

fn notes(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(NOTES)?;
    let bold = Format::new().set_bold();
    let lines = [
        "每张表第一行是列名，次序不限；空单元格表示保留原值，“-”清除原值。以 # 开头的行不读入。",
        "The first row of each sheet names the columns, in any order; an empty cell keeps what is known, \"-\" takes it away. A row that begins with # is left out.",
        "时间写作 2026-03-02 09:00；金额单位元；多个名称用 ; 分隔。",
        "Times are 2026-03-02 09:00; amounts are in yuan; several names are parted by ;.",
    ];
    let mut row = 0;
    for line in lines {
        sheet.write_string(row, 0, line)?;
        row += 1;
    }
    for kind in Kind::ALL {
        row += 1;
        let name = format!("{} {}", kind.name(), kind.zh());
        sheet.write_string_with_format(row, 0, name, &bold)?;
        row += 1;
        for column in kind.columns() {
            let mark = if column.needed { " *" } else { "" };
            sheet.write_string(row, 0, format!("{}{mark}", column.heading()))?;
            sheet.write_string(row, 1, column.note.0)?;
            sheet.write_string(row, 2, column.note.1)?;
            row += 1;
        }
    }
    sheet.set_column_width(0, 28)?;
    sheet.set_column_width(1, 48)?;
    sheet.set_column_width(2, 64)?;
    Ok(())
}

/// The plan as a workbook: by person, by ticket, unserved, cost, what hours are worth.
///
/// # Errors
/// What keeps the plan from fitting a workbook, such as more rows than a sheet holds.
pub fn plan_xlsx(plan: &Plan, scenario: &Scenario, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let yuan = Format::new().set_num_format("#,##0.00");
    for view in View::ALL {
        let table = table(plan, scenario, view, lang);
        let sheet = book.add_worksheet();
        sheet.set_name(view.name(lang))?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0_u16..).zip(&table.headings) {
            sheet.write_string_with_format(0, column, *heading, &bold)?;
            sheet.set_column_width(column, 18)?;
        }
        for (row, cells) in (1_u32..).zip(&table.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    Value::Text(text) => sheet.write_string(row, column, harmless(text))?,
                    Value::Number(number) => sheet.write_number(row, column, float(*number))?,
                    Value::Yuan(Money(fen)) => {
                        let amount = float(*fen) / 100.0;
                        sheet.write_number_with_format(row, column, amount, &yuan)?
                    }
                    Value::Time(moment) => {
                        sheet.write_datetime_with_format(row, column, serial(*moment)?, &time)?
                    }
                    Value::Nothing => sheet,
                };
            }
        }
    }
    book.save_to_buffer()
}

/// Exact below 2^53, which is more fen than any plan shows.
fn float(number: i64) -> f64 {
    number.to_string().parse().expect("digits are a number")
}

fn serial(moment: Moment) -> Result<ExcelDateTime, XlsxError> {
    let day = moment.day();
    let year = u16::try_from(day.year()).unwrap_or(u16::MAX);
    let month = u8::try_from(day.month()).unwrap_or(u8::MAX);
    let date = u8::try_from(day.day_of_month()).unwrap_or(u8::MAX);
    let (hour, minute) = (moment.minute() / 60, moment.minute() % 60);
    let minute = u8::try_from(minute).unwrap_or(u8::MAX);
    ExcelDateTime::from_ymd(year, month, date)?.and_hms(hour, minute, 0)
}
