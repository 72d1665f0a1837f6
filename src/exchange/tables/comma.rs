//! CSV in and out: UTF-8, with or without a mark; rows are counted as a spreadsheet counts them.

use super::column::Kind;
use super::grid::{Cell, Grid};
use super::{MAX_ROWS, harmless};
use crate::model::issue::{Issue, Issues};

/// The mark by which spreadsheets know UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The cells of a CSV file.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Result<Grid, Issues> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| vec![not_utf8(kind, bytes, &error)])?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut grid = Grid { kind, sheet: kind.name().to_owned(), lines: Vec::new() };
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        // One row beyond what is read is enough to tell that there are too many.
        if grid.lines.len() > MAX_ROWS {
            return Ok(grid);
        }
        let before = reader.position().line();
        // Reading from memory text that is UTF-8, with any number of cells, cannot fail.
        if !reader.read_record(&mut record).unwrap_or(false) {
            return Ok(grid);
        }
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let passed = usize::try_from(reader.position().line() - before).unwrap_or(0);
        // Blank lines are passed over; the last line may lack its end.
        row += 1 + passed.saturating_sub(inside + 1);
        grid.lines.push((row, record.iter().map(|cell| Cell::Text(cell.to_owned())).collect()));
    }
}

/// What parts the cells of the first line.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: u8| line.bytes().filter(|byte| *byte == mark).count();
    let marks = [b',', b';', b'\t'];
    // The first of those that stand there most often.
    marks.into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

fn not_utf8(kind: Kind, bytes: &[u8], error: &std::str::Utf8Error) -> Issue {
    let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
    Issue::error(
        "T401",
        format!("{}!{line}", kind.name()),
        format!("第 {line} 行不是 UTF-8 文本（多半是 GBK 或 UTF-16）"),
        format!("row {line} is not UTF-8 text (most likely GBK or UTF-16)"),
    )
    .hint(
        "在 Excel 中另存为“CSV UTF-8（逗号分隔）”，或直接用 .xlsx",
        "save it in Excel as \"CSV UTF-8 (comma delimited)\", or use .xlsx",
    )
}

/// `rows` as CSV that spreadsheets open as UTF-8; no cell can act as a formula.
pub(super) fn write(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    for row in rows {
        let cells = row.iter().map(|cell| harmless(cell));
        writer.write_record(cells).expect("memory can be written to");
    }
    writer.into_inner().expect("memory can be written to")
}
