//! Logs of tickets from other systems: when each arrived, and of what kind. Any table of
//! comma-separated values will do; whoever brings it says which column is what. Must not know what
//! is made of it.

use std::collections::BTreeMap;

use crate::calendar::{Date, Day, Moment};
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;

/// Faults that are told at most.
const MOST_FAULTS: usize = 20;

/// Which column is what.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// When a ticket arrived: `2026-03-02T09:00`, `2026-03-02 09:00:00` or `2/3/2026 09:00`, read
    /// as it stands on the wall; seconds and offsets are passed over.
    pub arrived: &'a str,
    /// What names a ticket, where it has many rows: its earliest one counts.
    pub case: Option<&'a str>,
    /// Rows that count: a column and what has to stand in it.
    pub only: Option<(&'a str, &'a str)>,
    /// Who called, where that is asked for.
    pub who: Option<&'a str>,
    /// Whether `2/3/2026` is the second of March.
    pub is_day_first: bool,
}

/// A ticket that arrived.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// On which date.
    pub day: Day,
    /// At which minute of it.
    pub minute: i64,
    /// By whom; empty where that is not asked for.
    pub who: String,
}

/// The tickets of a log, in order of time.
///
/// # Errors
/// Columns that are not there; times that cannot be read, the first ones; a time so far from the
/// others that it must be a slip.
pub fn read(text: &[u8], columns: &Columns<'_>) -> Result<Vec<Call>, Issues> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let heads = reader.byte_headers().cloned().unwrap_or_default();
    let heads: Vec<String> =
        heads.iter().map(|head| String::from_utf8_lossy(head).trim().to_owned()).collect();
    let mut issues = Vec::new();
    let mut place = |name: &str| {
        let found = heads.iter().position(|head| head == name);
        if found.is_none() {
            issues.push(no_column(name, &heads));
        }
        found
    };
    let arrived = place(columns.arrived);
    let case = columns.case.map(&mut place);
    let only = columns.only.map(|(name, value)| (place(name), value));
    let who = columns.who.and_then(&mut place);
    let Some(arrived) = arrived.filter(|_| issues.is_empty()) else { return Err(issues) };
    let mut cases: BTreeMap<Vec<u8>, (Call, usize)> = BTreeMap::new();
    let mut calls = Vec::new();
    let mut record = csv::ByteRecord::new();
    let mut row = 1;
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        row += 1;
        let field = |at: usize| record.get(at).unwrap_or_default();
        if only.is_some_and(|(at, value)| at.is_none_or(|at| field(at) != value.as_bytes())) {
            continue;
        }
        let told = String::from_utf8_lossy(field(arrived));
        let Some((day, minute)) = time(told.trim(), columns.is_day_first) else {
            issues.push(no_time(columns.arrived, row, &told));
            if issues.len() == MOST_FAULTS {
                return Err(issues);
            }
            continue;
        };
        let caller = who.map(|at| String::from_utf8_lossy(field(at)).trim().to_owned());
        let call = Call { day, minute, who: caller.unwrap_or_default() };
        match case.flatten() {
            Some(at) => {
                let known = cases.entry(field(at).to_vec()).or_insert_with(|| (call.clone(), row));
                if call < known.0 {
                    *known = (call, row);
                }
            }
            None => calls.push((call, row)),
        }
    }
    calls.extend(cases.into_values());
    calls.sort_unstable();
    issues.extend(too_far(columns.arrived, &calls));
    if !issues.is_empty() {
        return Err(issues);
    }
    Ok(calls.into_iter().map(|(call, _)| call).collect())
}

/// Days that a log may span: twenty years.
const MOST_DAYS: i32 = 7_305;

/// What is wrong where `calls`, in order of time and each with its row, span more than a log may:
/// whichever end is further from the middle one.
fn too_far(column: &str, calls: &[(Call, usize)]) -> Option<Issue> {
    let ((first, one), (last, other)) = (calls.first()?, calls.last()?);
    let middle = calls[calls.len() / 2].0.day.0;
    let is_late = last.day.0 - middle >= middle - first.day.0;
    let (call, row) = if is_late { (last, other) } else { (first, one) };
    let far = Issue::error(
        "L103",
        format!("$.{column}[{row}]"),
        format!("第 {row} 行的 {} 离其他日期太远", Date::from(call.day)),
        format!("{} in row {row} is too far from the other dates", Date::from(call.day)),
    )
    .hint(
        "改正日期，或去掉该行：记录最多二十年",
        "mend the date or leave the row out: a log spans twenty years at most",
    );
    (last.day.0 - first.day.0 >= MOST_DAYS).then_some(far)
}

/// A time as logs write it.
fn time(text: &str, is_day_first: bool) -> Option<(Day, i64)> {
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let day = match date.split_once('/') {
        None => Date::parse(date).ok()?.day(),
        Some(_) => {
            let parts: Option<Vec<u32>> = date.split('/').map(|part| part.parse().ok()).collect();
            let [one, two, three] = parts?[..] else { return None };
            let (year, month, day) = match (one > 31, is_day_first) {
                (true, _) => (one, two, three),
                (false, true) => (three, two, one),
                (false, false) => (three, one, two),
            };
            Date::new(i32::try_from(year).ok()?, month, day)?.day()
        }
    };
    let (hours, rest) = clock.split_once(':')?;
    let minutes: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let moment = Moment::local(day, hours * 60 + minutes);
    Some((moment.day(), i64::from(hours * 60 + minutes)))
}

fn no_column(name: &str, heads: &[String]) -> Issue {
    let issue = Issue::error(
        "L101",
        "$",
        format!("没有名为“{name}”的列"),
        format!("there is no column \"{name}\""),
    );
    match nearest(name, heads.iter().map(String::as_str)) {
        Some(near) => issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?")),
        None => issue.hint(
            format!("列有：{}", heads.join("、")),
            format!("the columns are {}", heads.join(", ")),
        ),
    }
}

fn no_time(column: &str, row: usize, told: &str) -> Issue {
    Issue::error(
        "L102",
        format!("$.{column}[{row}]"),
        format!("第 {row} 行的“{told}”不是时刻"),
        format!("\"{told}\" in row {row} is no time"),
    )
    .hint(
        "应写作 2026-03-02T09:00 或 2/3/2026 09:00（后者加 --day-first）",
        "write 2026-03-02T09:00, or 2/3/2026 09:00 with --day-first",
    )
}

#[cfg(test)]
mod tests {
    use super::{Columns, read};

    const NONE: Columns<'static> =
        Columns { arrived: "", case: None, only: None, who: None, is_day_first: false };

    const LOG: &str = "id,at,kind\n1,2026-03-02 09:05:10,a\n1,2026-03-01T10:00+01:00,a\n\
                       2,2/3/2026 23:59,b\n";

    #[test]
    fn the_earliest_row_of_a_case_counts_whatever_its_form() {
        let columns =
            Columns { arrived: "at", case: Some("id"), only: None, who: None, is_day_first: true };
        let calls = read(LOG.as_bytes(), &columns).unwrap_or_default();
        let told: Vec<String> =
            calls.iter().map(|call| format!("{} {}", call.day, call.minute)).collect();
        assert_eq!(told, ["2026-03-01 600", "2026-03-02 1439"]);
        let only = Columns { only: Some(("kind", "b")), who: Some("kind"), ..columns };
        let calls = read(LOG.as_bytes(), &only).unwrap_or_default();
        assert_eq!(calls.iter().map(|call| call.who.as_str()).collect::<Vec<_>>(), ["b"]);
    }

    /// 2204 for 2024: a log of 180 years is a slip of the pen.
    #[test]
    fn a_date_far_from_the_others_is_told_by_its_row() {
        let log = "at\n2024-03-01 09:00\n2204-03-01 09:00\n2024-03-02 09:00\n2024-03-03 09:00\n";
        let columns = Columns { arrived: "at", ..NONE };
        let issues = read(log.as_bytes(), &columns).unwrap_err();
        let told: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
        assert_eq!(told, [("L103", "$.at[3]")]);
        let log = log.replace("2204", "1924");
        assert_eq!(read(log.as_bytes(), &columns).unwrap_err()[0].path, "$.at[3]");
        assert_eq!(read(log.replace("1924", "2023").as_bytes(), &columns).unwrap().len(), 4);
    }

    #[test]
    fn what_is_no_column_or_no_time_is_told() {
        let columns = Columns { arrived: "att", case: Some("ids"), is_day_first: false, ..NONE };
        let issues = read(LOG.as_bytes(), &columns).unwrap_err();
        assert_eq!(issues.iter().map(|issue| issue.code).collect::<Vec<_>>(), ["L101", "L101"]);
        let kind = Columns { arrived: "kind", ..NONE };
        assert_eq!(read(LOG.as_bytes(), &kind).unwrap_err().len(), 3);
    }
}
