//! The table of results: a row per run, as CSV that grows row by row and can be read again after
//! whatever happened to the program. Must not know how runs are made.

use super::best::{Kind, Known};
use super::shown_factor;
use crate::model::issue::{Issue, Issues, Place};

/// The seconds at which the cost so far is told.
pub const MARKS: [u64; 4] = [1, 3, 10, 30];

/// The heads of the columns, in order.
const HEADS: [&str; 25] = [
    "family",
    "instance",
    "factor",
    "seed",
    "budget",
    "lanes",
    "version",
    "threads",
    "status",
    "cost",
    "best_known",
    "kind",
    "known_bound",
    "gap_percent",
    "bound",
    "best_after_ms",
    "search_ms",
    "rounds",
    "rounds_per_second",
    "cost_1s",
    "cost_3s",
    "cost_10s",
    "cost_30s",
    "first_plan_ms",
    "plan_digest",
];

/// What tells one run from another: the same run need not be made twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The key of the family.
    pub family: String,
    /// The instance.
    pub instance: String,
    /// Thousandths of the due-date rule, where there is one.
    pub factor: Option<u32>,
    /// The seed.
    pub seed: u64,
    /// Such as `10s` or `200 rounds`.
    pub budget: String,
    /// Lanes of the search.
    pub lanes: u32,
    /// The version of the program, and which build of it.
    pub version: String,
    /// Threads it had; no influence on a plan of so many rounds.
    pub threads: usize,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The verifier found nothing wrong.
    Verified,
    /// The verifier refused the plan of the search: our fault. The cost is of a priority rule's.
    FellBack,
    /// The verifier refused every plan: our fault.
    Unsound,
    /// No plan keeps what is fixed.
    Refused,
}

impl Status {
    /// What the table calls it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Status::Verified => "verified",
            Status::FellBack => "fell_back",
            Status::Unsound => "unsound",
            Status::Refused => "refused",
        }
    }

    fn of(text: &str) -> Option<Status> {
        let all = [Status::Verified, Status::FellBack, Status::Unsound, Status::Refused];
        all.into_iter().find(|status| status.key() == text)
    }
}

/// One run. Costs and bounds are in units of the family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which run.
    pub key: Key,
    /// How it ended.
    pub status: Status,
    /// What the plan costs; none without a plan.
    pub cost: Option<i64>,
    /// The best-known value.
    pub known: Option<Known>,
    /// What we proved no plan undercuts.
    pub bound: Option<i64>,
    /// Milliseconds until the best plan was there.
    pub best_after: Option<u64>,
    /// Milliseconds of search.
    pub milliseconds: u64,
    /// Rounds finished.
    pub rounds: u32,
    /// The cost at each of [`MARKS`]; none where no plan was there yet or the budget is shorter.
    pub at: [Option<i64>; 4],
    /// Milliseconds until there was a plan.
    pub first_after: Option<u64>,
    /// SHA-256 of the plan.
    pub digest: String,
}

impl Row {
    /// Cost over best-known value − 1 in millionths; nothing without either or against 0.
    #[must_use]
    pub fn gap_ppm(&self) -> Option<i64> {
        gap_ppm(self.cost?, self.known?.value)
    }

    /// Rounds per second, in hundredths.
    #[must_use]
    pub fn pace_hundredths(&self) -> Option<u64> {
        let rounds = u64::from(self.rounds) * 100_000;
        (self.milliseconds > 0).then(|| rounds / self.milliseconds)
    }
}

/// `cost / best − 1` in millionths, rounded away from nought so that only equality shows as 0.
#[must_use]
pub fn gap_ppm(cost: i64, best: i64) -> Option<i64> {
    if best <= 0 {
        return None;
    }
    let (over, best) = (i128::from(cost - best) * 1_000_000, i128::from(best));
    let rounded = if over >= 0 { (over + best - 1) / best } else { -((best - 1 - over) / best) };
    i64::try_from(rounded).ok()
}

/// Millionths as percent with four decimals: `0.0150`.
#[must_use]
pub fn percent(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let ppm = ppm.unsigned_abs();
    format!("{sign}{}.{:04}", ppm / 10_000, ppm % 10_000)
}

/// The line of heads.
#[must_use]
pub fn head() -> String {
    line(HEADS.map(str::to_owned))
}

/// The line of `row`.
#[must_use]
pub fn written(row: &Row) -> String {
    let whole = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    let time = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    let [at_1, at_3, at_10, at_30] = row.at.map(whole);
    let pace = row.pace_hundredths().map(|pace| format!("{}.{:02}", pace / 100, pace % 100));
    line([
        row.key.family.clone(),
        row.key.instance.clone(),
        row.key.factor.map(shown_factor).unwrap_or_default(),
        row.key.seed.to_string(),
        row.key.budget.clone(),
        row.key.lanes.to_string(),
        row.key.version.clone(),
        row.key.threads.to_string(),
        row.status.key().to_owned(),
        whole(row.cost),
        whole(row.known.map(|known| known.value)),
        row.known.map_or("", |known| known.kind.key()).to_owned(),
        whole(row.known.and_then(|known| known.lower_bound)),
        row.gap_ppm().map(percent).unwrap_or_default(),
        whole(row.bound),
        time(row.best_after),
        row.milliseconds.to_string(),
        row.rounds.to_string(),
        pace.unwrap_or_default(),
        at_1,
        at_3,
        at_10,
        at_30,
        time(row.first_after),
        row.digest.clone(),
    ])
}

fn line(cells: [String; 25]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(cells).expect("memory can be written to");
    let bytes = writer.into_inner().expect("memory can be written to");
    String::from_utf8(bytes).expect("cells are texts")
}

/// How many bytes of `bytes` are whole lines: what follows was torn when the program ended.
#[must_use]
pub fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// The rows of a table that [`head`] and [`written`] made.
///
/// # Errors
/// B514: it is another table, or a row is damaged.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, Issues> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let heads = reader.headers().cloned().unwrap_or_default();
    if !heads.iter().eq(HEADS) {
        return Err(vec![foreign(1)]);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let line =
            record.as_ref().ok().and_then(csv::StringRecord::position).map_or(1, |at| at.line());
        let row = record.ok().and_then(|record| row(&record));
        rows.push(row.ok_or_else(|| vec![foreign(line)])?);
    }
    Ok(rows)
}

fn foreign(line: u64) -> Issue {
    let mut issue = Issue::error(
        "B514",
        "",
        "这不是本程序写的结果表，或这一行已损坏",
        "this is no table of results of this program, or this row is damaged",
    );
    issue.place = Some(Place { line: usize::try_from(line).unwrap_or(usize::MAX), column: 1 });
    issue.hint("换一个 --csv 文件，或删去这一行", "name another file for --csv, or delete this row")
}

fn row(record: &csv::StringRecord) -> Option<Row> {
    let cell = |at: usize| record.get(at);
    let whole = |at: usize| parsed::<i64>(cell(at)?);
    let time = |at: usize| parsed::<u64>(cell(at)?);
    if record.len() != HEADS.len() {
        return None;
    }
    let kind = cell(11).and_then(Kind::of);
    let known = whole(10)?.zip(kind);
    let lower_bound = whole(12)?;
    Some(Row {
        key: Key {
            family: cell(0)?.to_owned(),
            instance: cell(1)?.to_owned(),
            factor: factor(cell(2)?)?,
            seed: cell(3)?.parse().ok()?,
            budget: cell(4)?.to_owned(),
            lanes: cell(5)?.parse().ok()?,
            version: cell(6)?.to_owned(),
            threads: cell(7)?.parse().ok()?,
        },
        status: Status::of(cell(8)?)?,
        cost: whole(9)?,
        known: known.map(|(value, kind)| Known { value, kind, lower_bound }),
        bound: whole(14)?,
        best_after: time(15)?,
        milliseconds: cell(16)?.parse().ok()?,
        rounds: cell(17)?.parse().ok()?,
        at: [whole(19)?, whole(20)?, whole(21)?, whole(22)?],
        first_after: time(23)?,
        digest: cell(24)?.to_owned(),
    })
}

/// A cell that may be empty; nothing when it is neither that nor a number.
fn parsed<T: std::str::FromStr>(cell: &str) -> Option<Option<T>> {
    if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) }
}

/// [`shown_factor`] read again.
fn factor(cell: &str) -> Option<Option<u32>> {
    if cell.is_empty() {
        return Some(None);
    }
    let (whole, part) = cell.split_once('.')?;
    let part = format!("{part:0<3}");
    let (whole, part): (u32, u32) = (whole.parse().ok()?, part.parse().ok()?);
    Some(Some(whole.checked_mul(1000)?.checked_add(part)?))
}

#[cfg(test)]
mod tests {
    use super::{gap_ppm, percent, whole_lines};

    #[test]
    fn a_gap_is_nought_only_when_costs_are_equal() {
        assert_eq!(gap_ppm(100, 100), Some(0));
        // 1 / 700,000,001 is 0.0014 millionths: told as one
        assert_eq!(gap_ppm(700_000_002, 700_000_001), Some(1));
        assert_eq!(gap_ppm(99, 100), Some(-10_000));
        assert_eq!(gap_ppm(5, 0), None);
        assert_eq!(percent(10_150), "1.0150");
        assert_eq!(percent(-100), "-0.0100");
    }

    #[test]
    fn a_torn_last_line_does_not_count() {
        assert_eq!(whole_lines(b"a,b\n1,2\n3,"), 8);
        assert_eq!(whole_lines(b"a,"), 0);
        assert_eq!(whole_lines(b"a\n"), 2);
    }
}
