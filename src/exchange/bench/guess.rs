//! Which family a text is of, by what it holds. Must not know how instances are read.

use super::words::{self, Words};
use super::{Family, project, single};
use crate::model::issue::{Issue, Issues};
use crate::model::scenario::SCENARIO_FORMAT;

/// The family of the file called `stem` + `.` + `ending`; `None` when it is none of ours. A file of
/// single-machine instances is known by `jobs`, else by its name or the usual 125 instances.
#[must_use]
pub fn guess(bytes: &[u8], stem: &str, ending: &str, jobs: Option<usize>) -> Option<Family> {
    let text = words::text(bytes).ok()?;
    if text.trim_start().starts_with('{') {
        // Keys of their own tell the two apart, wherever they stand.
        let is_minutes = text.contains("\"factor_pct\"") && text.contains("\"staff\"");
        let is_scenario = text.contains(&format!("\"{SCENARIO_FORMAT}\""));
        return match (is_scenario, is_minutes) {
            (true, _) => Some(Family::Scenario),
            (false, true) => Some(Family::Minutes),
            (false, false) => None,
        };
    }
    let heads = |head| text.lines().any(|line| line.split_whitespace().next() == Some(head));
    if heads(project::RESOURCES) && heads(project::TASKS) {
        return Some(Family::Project);
    }
    if ending.eq_ignore_ascii_case("fjs") {
        return Some(Family::Flexible);
    }
    if single::is_lines(text) {
        let is_whole = single::words(text).values().is_some_and(|all| all.len().is_multiple_of(3));
        return is_whole.then_some(Family::SingleMachine);
    }
    numbers(text).or_else(|| {
        single::words(text).values()?;
        single::sizes(text, stem, jobs).is_ok().then_some(Family::SingleMachine)
    })
}

/// The family that a text of nothing but numbers is of by how many there are.
fn numbers(text: &str) -> Option<Family> {
    let words = Words::new(text, |_| false);
    if words.on_first_line() == 3 {
        // The third number of such a head is an average, perhaps with decimals.
        let values: Option<Vec<i64>> = words
            .rest()
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != 2)
            .map(|(_, w)| w.text.parse().ok())
            .collect();
        return values.filter(|values| is_flexible(values)).map(|_| Family::Flexible);
    }
    let values = words.values()?;
    let head = |at: usize| values.get(at).copied().and_then(|value| usize::try_from(value).ok());
    let (first, second, count) = (head(0)?, head(1)?, values.len());
    let total = |per_job: usize, more: usize| {
        first.checked_mul(per_job).and_then(|most| most.checked_add(more))
    };
    let holds = |per_job: Option<usize>, more: usize| {
        per_job.and_then(|per_job| total(per_job, more)) == Some(count) && first > 0 && second > 0
    };
    match words.on_first_line() {
        1 if holds(Some(second), second.checked_add(2)?) => Some(Family::Hybrid),
        2 if holds(second.checked_mul(2), 2) => Some(Family::JobShop),
        2 if holds(second.checked_add(1), 2) => Some(Family::Unrelated),
        2 if is_flexible(&values) => Some(Family::Flexible),
        _ => None,
    }
}

/// Whether jobs, operations and options add up to the whole text, a head of two numbers included.
fn is_flexible(values: &[i64]) -> bool {
    let Some(jobs) = values.first().and_then(|value| usize::try_from(*value).ok()) else {
        return false;
    };
    let mut place = 2;
    for _ in 0..jobs {
        let Some(operations) = whole(values, &mut place) else { return false };
        for _ in 0..operations {
            let Some(options) = whole(values, &mut place) else { return false };
            place = place.saturating_add(options.saturating_mul(2));
        }
    }
    place == values.len()
}

fn whole(values: &[i64], place: &mut usize) -> Option<usize> {
    let value = usize::try_from(*values.get(*place)?).ok()?;
    *place += 1;
    Some(value)
}

/// B512: the text is of no known format.
#[must_use]
pub fn unknown() -> Issues {
    let issue = Issue::error(
        "B512",
        "",
        "看不出这是哪一种算例",
        "this is none of the known forms of instances",
    );
    vec![issue.hint(
        "用 --format-of 指明格式，单机算例可用 --jobs N 说明工件数",
        "name the format by --format-of; for single-machine files give --jobs N",
    )]
}
