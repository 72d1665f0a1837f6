//! Who is likely to call in the coming days (R103, R153): each caller's own history, drawn towards
//! that of all the more, the shorter it is (a gamma prior fitted to how callers differ; Robbins
//! 1956), spread over the days as all calls are. Tested on days it has not seen, in whole numbers.

use std::collections::BTreeMap;

use super::almanac::Almanac;
use super::learnt::{Model, Row, counted, rows};
use super::simulate::minus_log2;
use super::simulate::statistics::{Estimate, Tail};
use crate::calendar::Day;
use crate::model::forecast::{Caller, Callers, CallersTest};

/// Callers told, the likeliest.
const MOST: usize = 20;

/// One whole in millionths.
const MILLION: i128 = 1_000_000;

/// The chance of telling callers apart who call alike, in hundredths of a percent: one-sided 95 %.
const ALIKE: Tail = 500;

/// What is known of callers at some moment.
struct Known<'a> {
    counts: BTreeMap<&'a str, i128>,
    /// The strength of the prior in millionths of a call, and the same over the mean count.
    prior: (i128, i128),
}

/// [`callers_by`] an almanac that knows no holidays.
#[must_use]
pub fn callers(calls: &[(Day, &str)], ahead: u32, column: &str) -> Option<Callers> {
    callers_by(calls, ahead, column, &Almanac::default())
}

/// Who of the callers in `calls`, pairs of date and name in order of time, is likely to call in the
/// `ahead` days after the last one; their names stand in `column`. `None` where calls span fewer
/// than eight weeks.
#[must_use]
pub fn callers_by(
    calls: &[(Day, &str)],
    ahead: u32,
    column: &str,
    almanac: &Almanac,
) -> Option<Callers> {
    let (first, last) = (calls.first()?.0, calls.last()?.0);
    let counts = &counted(calls.iter().map(|(day, _)| *day), first, last)?;
    let length = counts.len();
    let rows = predicted(calls, (counts, first, almanac), length, ahead);
    let mut rows: Vec<Caller> = rows
        .into_iter()
        .map(|row| Caller {
            name: row.name.to_owned(),
            calls: u64::try_from(row.count).unwrap_or(0),
            expected_permille: i64::try_from(row.expected / 1_000).unwrap_or(i64::MAX),
            chance_permille: u32::try_from(row.chance / 1_000).unwrap_or(1_000),
        })
        .collect();
    rows.sort_by(|one, other| {
        (other.expected_permille, &one.name).cmp(&(one.expected_permille, &other.name))
    });
    rows.truncate(MOST);
    let test = tested(calls, (counts, first, almanac), ahead);
    Some(Callers {
        column: column.to_owned(),
        days: ahead,
        test,
        rows: if test.is_passed { rows } else { Vec::new() },
    })
}

/// What is said of one caller, in millionths.
struct Said<'a> {
    name: &'a str,
    count: i128,
    expected: i128,
    chance: i128,
}

/// What the `from` first days of `counts` say of the `ahead` days behind them.
fn predicted<'a>(
    calls: &[(Day, &'a str)],
    (counts, first, almanac): (&[i64], Day, &Almanac),
    from: usize,
    ahead: u32,
) -> Vec<Said<'a>> {
    let day = |row: usize| first.plus(i32::try_from(row).unwrap_or(i32::MAX));
    let model = Model::of(&counts[..from], &rows(first, from, almanac));
    let usual = |rows: std::ops::Range<usize>| {
        rows.map(|row| i128::from(model.usual(Row::of(day(row), almanac)))).sum::<i128>()
    };
    let coming = usual(from..from + ahead as usize);
    // The coming days against those known, in millionths.
    let share = coming * MILLION / usual(0..from).max(1);
    let known = Known::of(calls.iter().filter(|(date, _)| *date < day(from)));
    let (strength, weight) = known.prior;
    let rows = known.counts.iter();
    rows.map(|(name, count)| {
        let shape = strength + count * MILLION;
        let expected = shape * share / (weight + MILLION);
        // (w + 1) / (w + 1 + share) to the power of the shape
        let bits = ((weight + MILLION) << 64) / (weight + MILLION + share);
        let bits = u64::try_from(bits).unwrap_or(u64::MAX);
        let halvings = i128::from(minus_log2(bits | 1)) * shape / MILLION;
        Said { name, count: *count, expected, chance: MILLION - halved(halvings) }
    })
    .collect()
}

impl<'a> Known<'a> {
    fn of<'c>(calls: impl Iterator<Item = &'c (Day, &'a str)>) -> Known<'a>
    where
        'a: 'c,
    {
        let mut counts: BTreeMap<&str, i128> = BTreeMap::new();
        calls.for_each(|(_, name)| *counts.entry(name).or_default() += 1);
        let number = i128::try_from(counts.len()).unwrap_or(1).max(1);
        let sum: i128 = counts.values().sum();
        // Both × number, so that nothing is lost: μ = sum / n, v = (Σ k² − sum² / n) / (n − 1).
        let squares: i128 = counts.values().map(|count| count * count).sum();
        let variance = (squares * number - sum * sum) / (number - 1).max(1);
        let beyond = (variance - sum).max(0);
        // The strength is μ² / (v − μ); where callers do not differ, so much that nothing counts.
        let strength = (sum * sum * MILLION / number).checked_div(beyond).unwrap_or(i128::MAX);
        let strength = strength.clamp(1, 10_000 * MILLION);
        let weight = strength * number / sum.max(1);
        Known { counts, prior: (strength, weight) }
    }
}

/// 2 to the power of −`halvings` / 2³², in millionths.
fn halved(halvings: i128) -> i128 {
    let whole = halvings >> 32;
    if whole >= 64 {
        return 0;
    }
    // 2^-(1/2), 2^-(1/4), … by roots, for each bit behind the point.
    let (mut root, mut value): (u128, u128) = (1 << 61, 1 << 62);
    for bit in (0..32).rev() {
        root = (root << 62).isqrt();
        if halvings >> bit & 1 == 1 {
            value = (value * root) >> 62;
        }
    }
    let value = i128::try_from(value >> whole).unwrap_or(0);
    (value * MILLION) >> 62
}

/// How it would have done on the last quarter of the days, in windows as long as it tells ahead. A
/// single window shows nothing.
fn tested(
    calls: &[(Day, &str)],
    (counts, first, almanac): (&[i64], Day, &Almanac),
    ahead: u32,
) -> CallersTest {
    let length = counts.len();
    let (mut expected, mut spread, mut called) = (0, 0, 0);
    let (mut own, mut alike) = (0, 0);
    // What each window gains, in millionths: in the same days chance is the same to both.
    let mut gains: Vec<i64> = Vec::new();
    let mut from = length * 3 / 4;
    while ahead > 0 && from + ahead as usize <= length {
        let day = |row: usize| first.plus(i32::try_from(row).unwrap_or(i32::MAX));
        let (start, end) = (day(from), day(from + ahead as usize));
        let came: std::collections::BTreeSet<&str> = calls
            .iter()
            .filter(|(date, _)| *date >= start && *date < end)
            .map(|(_, name)| *name)
            .collect();
        let rows = predicted(calls, (counts, first, almanac), from, ahead);
        let number = i128::try_from(rows.len()).unwrap_or(1).max(1);
        let mean = rows.iter().map(|row| row.chance).sum::<i128>() / number;
        let before = alike - own;
        for row in &rows {
            let truth = if came.contains(row.name) { MILLION } else { 0 };
            expected += row.chance;
            spread += row.chance * (MILLION - row.chance);
            called += truth / MILLION;
            own += (row.chance - truth).pow(2);
            alike += (mean - truth).pow(2);
        }
        gains.push(i64::try_from((alike - own - before) / MILLION).unwrap_or(i64::MAX));
        from += ahead as usize;
    }
    let half = i128::try_from(spread.unsigned_abs().isqrt()).unwrap_or(0) * 1_645 / 1_000;
    let off = (called * MILLION - expected).abs();
    let told = |millionths: i128| u32::try_from(millionths / MILLION).unwrap_or(u32::MAX);
    let better_percent = (alike - own).max(0) * 100 / alike.max(1);
    let is_shown = better_percent > 0 && Estimate::of(&gains, ALIKE).is_above_zero();
    CallersTest {
        windows: u32::try_from(gains.len()).unwrap_or(u32::MAX),
        expected: told(expected + MILLION / 2),
        called: u32::try_from(called).unwrap_or(u32::MAX),
        better_percent: u32::try_from(better_percent).unwrap_or(0),
        is_passed: is_shown && off <= half.max(expected * 15 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::halved;

    #[test]
    fn powers_of_one_half_are_right() {
        let half = |numerator: i128, denominator: i128| halved((numerator << 32) / denominator);
        assert_eq!((half(0, 1), half(1, 1), half(3, 1)), (1_000_000, 500_000, 125_000));
        // 2^-0.5 = 0.7071067, 2^-1.25 = 0.4204482
        assert!((half(1, 2) - 707_106).abs() <= 1 && (half(5, 4) - 420_448).abs() <= 1);
        assert_eq!(half(200, 1), 0);
    }
}
