//! Empty tables to fill in: headings and one example row.

use super::column::Kind;

/// The template of one table as CSV: the headings in both languages and an example row.
#[must_use]
pub fn template_csv(kind: Kind) -> Vec<u8> {
    let columns = kind.columns();
    let headings = columns.iter().map(|column| column.heading()).collect();
    super::comma::write([headings, example(kind)])
}

/// An example row, marked so that it is not read.
pub(super) fn example(kind: Kind) -> Vec<String> {
    let mut cells: Vec<String> =
        kind.columns().iter().map(|column| column.example.to_owned()).collect();
    cells[0].insert_str(0, "# ");
    cells
}
