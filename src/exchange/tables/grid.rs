//! A sheet as cells of text, and its columns found by their headings.

use super::column::{Column, Kind};
use super::edit::{CLEAR, Edit};
use super::{MAX_ROWS, letters};
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;

/// The rows of a sheet that hold anything.
pub(super) struct Grid {
    pub(super) kind: Kind,
    /// The sheet's name as people see it.
    pub(super) sheet: String,
    /// Row numbers counted from 1, and the cells from column A on.
    pub(super) lines: Vec<(usize, Vec<Cell>)>,
}

/// What one cell shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    /// A spreadsheet error such as `#REF!`.
    #[cfg_attr(not(feature = "xlsx"), expect(dead_code, reason = "CSV holds no cell errors"))]
    Broken(String),
}

impl Cell {
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.trim().is_empty())
    }
}

/// One row: the cells by column key.
pub(super) struct Record<'a> {
    grid: &'a Grid,
    headings: &'a [(usize, &'static Column)],
    line: usize,
    cells: &'a [Cell],
}

/// A cell with its address, trimmed and not empty.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub(super) text: &'a str,
    pub(super) at: String,
}

impl Grid {
    /// Which columns are where; issues about headings.
    pub(super) fn headings(&self, issues: &mut Issues) -> Vec<(usize, &'static Column)> {
        let mut found: Vec<(usize, &'static Column)> = Vec::new();
        let Some((line, cells)) = self.lines.first() else { return found };
        for (position, cell) in cells.iter().enumerate() {
            let Cell::Text(heading) = cell else { continue };
            let heading = heading.trim();
            if heading.is_empty() || heading.starts_with('#') {
                continue;
            }
            let at = self.address(position, *line);
            match self.kind.columns().iter().find(|column| column.is_called(heading)) {
                Some(column) => {
                    if let Some((first, _)) = found.iter().find(|(_, known)| *known == column) {
                        let first = self.address(*first, *line);
                        let (zh, en) = (
                            format!("列“{heading}”重复，已在 {first}"),
                            format!("column \"{heading}\" stands twice, first at {first}"),
                        );
                        let issue = Issue::error("T405", at, zh, en);
                        issues.push(issue.hint("删去一列", "remove one of them"));
                    } else {
                        found.push((position, column));
                    }
                }
                None => issues.push(self.unknown_column(heading, at)),
            }
        }
        for column in self.kind.columns().iter().filter(|column| column.needed) {
            if found.iter().all(|(_, known)| *known != column) {
                let heading = column.heading();
                let (zh, en) =
                    (format!("缺少列“{heading}”"), format!("column \"{heading}\" is missing"));
                let issue = Issue::error("T406", format!("{}!{line}", self.sheet), zh, en);
                issues.push(issue.hint("在表头加上这一列", "add it to the headings"));
            }
        }
        found
    }

    fn unknown_column(&self, heading: &str, at: String) -> Issue {
        let columns = self.kind.columns();
        let lower = heading.to_lowercase();
        let names = columns.iter().flat_map(|column| [column.key, column.zh]);
        let near = nearest(&lower, names.clone())
            .or_else(|| lower.split_whitespace().find_map(|word| nearest(word, names.clone())));
        match near {
            Some(near) => Issue::error(
                "T404",
                at,
                format!("没有名为“{heading}”的列"),
                format!("there is no column \"{heading}\""),
            )
            .hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?")),
            None => {
                let known: Vec<String> = columns.iter().map(Column::heading).collect();
                let known = known.join(", ");
                Issue::warning(
                    "T420",
                    at,
                    format!("不认识列“{heading}”，未读入"),
                    format!("column \"{heading}\" is unknown and left out"),
                )
                .hint(format!("可用的列：{known}"), format!("known columns: {known}"))
            }
        }
    }

    /// The rows below the headings that are neither blank nor remarks.
    pub(super) fn records<'a>(
        &'a self,
        headings: &'a [(usize, &'static Column)],
    ) -> impl Iterator<Item = Record<'a>> {
        let rows = self.lines.iter().skip(1);
        let remark = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().starts_with('#'));
        let filled = rows.filter(move |(_, cells)| {
            cells.iter().find(|cell| !cell.is_blank()).is_some_and(|first| !remark(first))
        });
        filled.map(move |(line, cells)| Record { grid: self, headings, line: *line, cells })
    }

    /// Whether it is short enough, or an issue.
    pub(super) fn fits(&self, issues: &mut Issues) -> bool {
        let fits = self.lines.len() <= MAX_ROWS;
        if !fits {
            let count = self.lines.len();
            let (zh, en) = (
                format!("表有 {count} 行，最多 {MAX_ROWS} 行"),
                format!("the sheet has {count} rows, more than {MAX_ROWS}"),
            );
            let issue = Issue::error("T417", self.sheet.clone(), zh, en);
            issues.push(issue.hint("拆成几个文件", "split it into several files"));
        }
        fits
    }

    fn address(&self, column: usize, line: usize) -> String {
        format!("{}!{}{line}", self.sheet, letters(column))
    }
}

impl<'a> Record<'a> {
    /// The address of the cell of column `key`, or of the row where there is no such column.
    pub(super) fn address(&self, key: &str) -> String {
        match self.headings.iter().find(|(_, column)| column.key == key) {
            Some((position, _)) => self.grid.address(*position, self.line),
            None => format!("{}!{}", self.grid.sheet, self.line),
        }
    }

    /// What the cell of column `key` says.
    pub(super) fn cell(&self, key: &str, issues: &mut Issues) -> Edit<Entry<'a>> {
        let Some((position, _)) = self.headings.iter().find(|(_, column)| column.key == key) else {
            return Edit::Keep;
        };
        match self.cells.get(*position) {
            None => Edit::Keep,
            Some(Cell::Text(text)) => match text.trim() {
                "" => Edit::Keep,
                // The second is how a Chinese keyboard writes it.
                CLEAR | "\u{FF0D}" => Edit::Clear,
                text => Edit::Set(Entry { text: bare(text), at: self.address(key) }),
            },
            Some(Cell::Broken(what)) => {
                let issue = Issue::error(
                    "T418",
                    self.address(key),
                    format!("单元格是表格错误 {what}"),
                    format!("the cell holds the spreadsheet error {what}"),
                );
                issues.push(issue.hint("改正公式或写入值", "mend the formula or write the value"));
                Edit::Keep
            }
        }
    }

    /// The cell of column `key`, which must not be empty.
    pub(super) fn needed(&self, key: &str, issues: &mut Issues) -> Option<Entry<'a>> {
        let known = issues.len();
        match self.cell(key, issues) {
            Edit::Set(entry) => return Some(entry),
            Edit::Clear => issues.push(kept(self.grid.kind, key, self.address(key))),
            Edit::Keep if issues.len() == known && !self.is_told(key) => {
                issues.push(empty(self.grid.kind, key, self.address(key)));
            }
            Edit::Keep => {}
        }
        None
    }

    /// Whether one issue tells for all rows that the column is missing.
    fn is_told(&self, key: &str) -> bool {
        let headed = self.headings.iter().any(|(_, column)| column.key == key);
        !headed && self.grid.kind.columns().iter().any(|column| column.key == key && column.needed)
    }
}

/// The issue of a mark at `at`, in column `key`, that takes away what must be there.
pub(super) fn kept(kind: Kind, key: &str, at: String) -> Issue {
    let heading = kind.heading(key);
    Issue::error(
        "T419",
        at,
        format!("“{heading}”不能清除"),
        format!("\"{heading}\" cannot be cleared"),
    )
    .hint("写入值；若值就是“-”，写作 '-", "write a value; where \"-\" itself is meant, write '-")
}

/// The issue of a cell of column `key` at `at` that must not be empty.
pub(super) fn empty(kind: Kind, key: &str, at: String) -> Issue {
    let heading = kind.heading(key);
    Issue::error(
        "T407",
        at,
        format!("“{heading}”不能为空"),
        format!("\"{heading}\" must not be empty"),
    )
    .hint("填写，或删去整行", "fill it in, or remove the row")
}

/// A text without the apostrophe that keeps it from being a formula, a remark or a mark.
fn bare(text: &str) -> &str {
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| super::guarded(rest) == text).unwrap_or(text)
}
