//! The planner's tables: queue, people, absences, clients, progress and pins come in from CSV and
//! XLSX; what a scenario knows of them goes out in the same form, and so does the plan.
//!
//! Reading ([`read_csv`], [`read_xlsx`]) turns cells into typed [`Rows`]; merging ([`merge()`]) puts
//! the rows into a scenario; [`filled_csv`] and [`filled_xlsx`] write such tables. The first two collect everything wrong before they give up; an issue's path is
//! a cell such as `Queue!C5`. Must not know how a plan is made.
//!
//! * The first row that is not empty names the columns, in Chinese, English or both, in any order.
//! * A row that begins with `#` is left out, such as the example of the template.
//! * A cell left empty keeps what the scenario has; `-` takes it away ([`CLEAR`]). Rows of known
//!   ids change, others are added. A text that is `-` itself, or begins with `#`, is written
//!   with an apostrophe before it.
//! * A report of progress whose state is taken away is withdrawn, and so is a pin that fixes
//!   nothing any more. Several rows of one step change its pins in turn.
//! * Money is in yuan with at most two decimals. Times are `2026-03-02 09:00`; a date alone means
//!   its beginning where something begins, and its end where something ends or is due.
//! * Several names are parted by `;`. A skill is `tax:4`, or `tax:4@2026-12-31` with the last day
//!   of a certificate. Names may be ids or what people read, if only one thing is called so.
//!
//! | code | meaning |
//! |---|---|
//! | T401 | the file is not UTF-8 text |
//! | T402 | the workbook cannot be opened |
//! | T403 | no sheet is one of ours |
//! | T404 | a column is unknown and resembles a known one |
//! | T405 | a column stands twice |
//! | T406 | a column is missing |
//! | T407 | a cell is empty that must not be |
//! | T408 | a time cannot be read |
//! | T409 | an amount cannot be read |
//! | T410 | a skill cannot be read |
//! | T411 | a word is none of those allowed |
//! | T412 | a name nobody bears |
//! | T413 | a name several bear |
//! | T414 | an id stands in two rows |
//! | T415 | a new row lacks what only a known one may leave out |
//! | T416 | an end does not come after its start |
//! | T417 | a sheet has more than [`MAX_ROWS`] rows |
//! | T418 | a cell holds a spreadsheet error |
//! | T419 | a mark takes away what must be there |
//! | T420 | a column is unknown and left out (warning) |
//! | T421 | a sheet is unknown and left out (warning) |

mod cell;
mod column;
mod comma;
mod edit;
mod facts;
mod fill;
mod grid;
mod merge;
mod names;
mod plan;
mod rows;
mod template;
#[cfg(feature = "xlsx")]
mod workbook;

use crate::model::issue::Issues;

pub use column::Kind;
pub use edit::{CLEAR, Edit};
pub use merge::{Merged, Origins, merge};
pub use plan::{View, plan_csv};
pub use rows::{
    AbsenceRow, ClientRow, Named, PersonRow, PinRow, ProgressRow, Rows, SkillEntry, State,
    TicketRow,
};
pub use template::{filled_csv, template_csv};
#[cfg(feature = "xlsx")]
pub use workbook::{filled_xlsx, plan_xlsx, read_xlsx, template_xlsx};

/// Most rows of one sheet.
pub const MAX_ROWS: usize = 200_000;

/// The codes of the issues of tables, in order.
pub const CODES: [&str; 21] = [
    "T401", "T402", "T403", "T404", "T405", "T406", "T407", "T408", "T409", "T410", "T411", "T412",
    "T413", "T414", "T415", "T416", "T417", "T418", "T419", "T420", "T421",
];

/// Reads a CSV file that holds a table of `kind`; commas, semicolons and tabs part its cells.
///
/// # Errors
/// Everything wrong with it, each issue at its cell.
pub fn read_csv(kind: Kind, bytes: &[u8]) -> Result<Rows, Issues> {
    let grid = comma::read(kind, bytes)?;
    rows::read(&[grid], Vec::new())
}

/// `A`, `B`, … `Z`, `AA`: the letters of a column counted from 0.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(b'A' + u8::try_from((left - 1) % 26).expect("below 26")));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// [`harmless`], and not taken for a remark when it is read again.
fn guarded(text: &str) -> String {
    if text.starts_with('#') { format!("'{text}") } else { harmless(text) }
}

/// A text that a spreadsheet would take for a formula, made plain with an apostrophe; numbers
/// with a sign stay as they are.
fn harmless(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = |text: &str| text.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.');
    if risky && !(text.len() > 1 && text.starts_with(['+', '-']) && number(text)) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{harmless, letters};

    #[test]
    fn columns_are_lettered_as_in_spreadsheets() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_made_plain() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-cmd"), "'-cmd");
        assert_eq!(harmless("-12.50"), "-12.50");
        assert_eq!(harmless("报税"), "报税");
    }
}
