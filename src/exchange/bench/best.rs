//! Tables of best-known values: CSV with the columns `instance`, `best_known`, `kind` (optimal,
//! best or recalled) and perhaps `lower_bound`; others are passed over. Must not know where the
//! values come from.

use std::collections::BTreeMap;

use crate::model::issue::{Issue, Issues, Place};

/// How much a best-known value is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Proven: nothing is better.
    Optimal,
    /// Reached by somebody's plan.
    Best,
    /// Remembered from the literature, neither retrieved nor reached: listed apart.
    Recalled,
}

impl Kind {
    /// What tables call it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Kind::Optimal => "optimal",
            Kind::Best => "best",
            Kind::Recalled => "recalled",
        }
    }

    /// The kind tables call `text`.
    #[must_use]
    pub fn of(text: &str) -> Option<Kind> {
        [Kind::Optimal, Kind::Best, Kind::Recalled].into_iter().find(|kind| kind.key() == text)
    }
}

/// The best-known value of an instance, in units of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The value.
    pub value: i64,
    /// How much it is worth.
    pub kind: Kind,
    /// No plan costs less, where somebody proved that.
    pub lower_bound: Option<i64>,
}

/// Best-known values by instance.
pub type BestKnown = BTreeMap<String, Known>;

/// Reads a table. Rows without a value are passed over.
///
/// # Errors
/// B513, each row at its line.
pub fn best_known(bytes: &[u8]) -> Result<BestKnown, Issues> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let heads = reader.headers().cloned().unwrap_or_default();
    let column = |name: &str| heads.iter().position(|head| head.trim() == name);
    let place = |name: &str| column(name).ok_or_else(|| vec![headless(name)]);
    let (instance, value, kind) = (place("instance")?, place("best_known")?, place("kind")?);
    let bound = column("lower_bound");
    let (mut table, mut issues) = (BestKnown::new(), Issues::new());
    for record in reader.records() {
        let Ok(record) = record else { return Err(vec![wrong(1, "?")]) };
        let line = record.position().map_or(1, |at| at.line());
        let cell = |at: usize| record.get(at).unwrap_or("").trim();
        if cell(value).is_empty() {
            continue;
        }
        let lower_bound = bound.and_then(|at| cell(at).parse().ok());
        match (cell(value).parse(), Kind::of(cell(kind))) {
            (Ok(value), Some(kind)) => {
                table.insert(cell(instance).to_owned(), Known { value, kind, lower_bound });
            }
            (Ok(_), None) => issues.push(wrong(line, cell(kind))),
            (Err(_), _) => issues.push(wrong(line, cell(value))),
        }
    }
    if issues.is_empty() { Ok(table) } else { Err(issues) }
}

fn headless(name: &str) -> Issue {
    let mut issue = Issue::error(
        "B513",
        "",
        format!("已知最好值的表没有“{name}”一列"),
        format!("the table of best-known values has no column \"{name}\""),
    );
    issue.place = Some(Place { line: 1, column: 1 });
    issue.hint(
        "第一行写 instance,best_known,kind，可加 lower_bound",
        "let the first line be instance,best_known,kind and perhaps lower_bound",
    )
}

fn wrong(line: u64, text: &str) -> Issue {
    let mut issue = Issue::error(
        "B513",
        "",
        format!("“{text}”不是整数值，也不是 optimal、best 或 recalled"),
        format!("\"{text}\" is neither a whole value nor optimal, best or recalled"),
    );
    issue.place = Some(Place { line: usize::try_from(line).unwrap_or(usize::MAX), column: 1 });
    issue.hint("改正这一行", "correct this row")
}
