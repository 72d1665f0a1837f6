//! Tables to fill in: headings and one example row, or what a scenario knows.

use super::column::Kind;
use super::{fill, guarded};
use crate::model::lang::Lang;
use crate::model::scenario::Scenario;

/// The template of one table as CSV: the headings in both languages and an example row.
#[must_use]
pub fn template_csv(kind: Kind) -> Vec<u8> {
    let columns = kind.columns();
    let headings = columns.iter().map(|column| column.heading()).collect();
    super::comma::write([headings, example(kind)])
}

/// What `scenario` knows as the table of `kind`, to be changed and imported again; names in `lang`.
#[must_use]
pub fn filled_csv(kind: Kind, scenario: &Scenario, lang: Lang) -> Vec<u8> {
    let headings = kind.columns().iter().map(|column| column.heading()).collect();
    let rows = fill::rows(scenario, kind, lang).into_iter();
    let rows = rows.map(|row| row.iter().map(|cell| guarded(cell)).collect());
    super::comma::write(std::iter::once(headings).chain(rows))
}

/// An example row, marked so that it is not read.
pub(super) fn example(kind: Kind) -> Vec<String> {
    let mut cells: Vec<String> =
        kind.columns().iter().map(|column| column.example.to_owned()).collect();
    cells[0].insert_str(0, "# ");
    cells
}
