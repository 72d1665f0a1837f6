//! How many tickets the coming days will bring (R103, R153): transparent, in whole numbers, and
//! tested on days it has not seen before it says anything.

use super::reserve::{Prices, Spread, reserve};
use crate::calendar::{Date, Day};
use crate::model::forecast::{BackTest, DayForecast, FORECAST_FORMAT, Forecast};
use crate::model::simulation::{Monthly, Stream};

/// Days of which the level is taken.
const LATE: usize = 28;

/// Days a log must have.
const LEAST: usize = 56;

/// The model, in thousandths.
pub(super) struct Model {
    level: i64,
    weekdays: [i64; 7],
    filing: i64,
    dispersion: i64,
}

/// The days of the week on filing dates, and those on other dates.
const KINDS: usize = 14;

/// The forecast of `ahead` days after the last of `calls`, pairs of date and minute in order of
/// time, or of as many as could be tested; `None` where they span fewer than eight weeks.
#[must_use]
pub fn forecast(calls: &[(Day, i64)], ahead: u32) -> Option<Forecast> {
    let (first, last) = (calls.first()?.0, calls.last()?.0);
    let counts = counted(calls.iter().map(|(day, _)| *day), first, last)?;
    let kinds = kinds(first, counts.len());
    let model = Model::of(&counts, &kinds);
    let (test, longest) = tested(&counts, &kinds, ahead);
    let mut hours = vec![0; 24];
    for (_, minute) in calls {
        if let Some(count) = usize::try_from(minute / 60).ok().and_then(|hour| hours.get_mut(hour))
        {
            *count += 1;
        }
    }
    let coming = (1..=i32::try_from(longest).ok()?).map(|day| last.plus(day));
    let told = |day: Day| {
        let expected = model.expected(kind(day));
        let (low, high) = Spread::of(expected, model.dispersion).interval();
        let date = Date::from(day);
        DayForecast { date, expected_permille: expected, low, high, reserve: None }
    };
    Some(Forecast {
        format: FORECAST_FORMAT.to_owned(),
        first: Date::from(first),
        last: Date::from(last),
        calls: calls.len() as u64,
        level_permille: model.level,
        weekdays_permille: model.weekdays.to_vec(),
        filing_permille: model.filing,
        hours,
        dispersion_permille: model.dispersion,
        test,
        days: coming.filter(|_| test.is_passed).map(told).collect(),
        callers: None,
    })
}

/// Says for each coming day of `forecast` for how many calls to keep hands free.
pub fn pre_position(forecast: &mut Forecast, prices: Prices) {
    let dispersion = forecast.dispersion_permille;
    for day in &mut forecast.days {
        day.reserve = Some(reserve(day.expected_permille, dispersion, prices));
    }
}

/// `stream` with the rates, hours and filing dates that `forecast` has learnt; its peaks belonged
/// to other rates.
pub fn fit(forecast: &Forecast, stream: &mut Stream) {
    let rate = |weekday: &i64| {
        let rate = forecast.level_permille * weekday / 1_000;
        u32::try_from(rate).unwrap_or(0).min(1_000_000)
    };
    stream.per_day_permille = forecast.weekdays_permille.iter().map(rate).collect();
    let most = forecast.hours.iter().copied().max().unwrap_or(1).max(1);
    let scaled =
        |count: &u32| u32::try_from(u64::from(*count) * 10_000 / u64::from(most)).unwrap_or(10_000);
    stream.hours = forecast.hours.iter().map(scaled).collect();
    let percent = u32::try_from((forecast.filing_permille + 5) / 10).unwrap_or(0).min(5_000);
    let (from, to) = (*FILING.start(), *FILING.end());
    stream.peaks.clear();
    stream.monthly = vec![Monthly { from, to, percent }];
}

/// Tickets per date from `first` to `last`.
pub(super) fn counted(calls: impl Iterator<Item = Day>, first: Day, last: Day) -> Option<Vec<i64>> {
    let length = usize::try_from(last.0 - first.0 + 1).ok()?;
    if length < LEAST {
        return None;
    }
    let mut counts = vec![0; length];
    for day in calls {
        counts[usize::try_from(day.0 - first.0).ok()?] += 1;
    }
    Some(counts)
}

/// The row of the day of the week, Monday first.
fn weekday(day: Day) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((day.0.rem_euclid(7) + 3) % 7).expect("a week has seven days")
}

/// The dates of a month before filings are due.
const FILING: std::ops::RangeInclusive<u32> = 10..=15;

/// The row of `day` among the kinds of day.
fn kind(day: Day) -> usize {
    weekday(day) + if FILING.contains(&day.day_of_month()) { 7 } else { 0 }
}

/// The kinds of `count` days from `first` on.
pub(super) fn kinds(first: Day, count: usize) -> Vec<usize> {
    (0..count).map(|row| kind(first.plus(i32::try_from(row).unwrap_or(i32::MAX)))).collect()
}

/// `sum` thousandths over `count`, and `default` of nothing.
fn mean(sum: i64, count: i64, default: i64) -> i64 {
    (sum * 1_000).checked_div(count).unwrap_or(default)
}

impl Model {
    /// Learnt from `counts`, days of `kinds`.
    pub(super) fn of(counts: &[i64], kinds: &[usize]) -> Model {
        let (mut sums, mut days) = ([0; KINDS], [0; KINDS]);
        for (count, kind) in counts.iter().zip(kinds) {
            sums[*kind] += count;
            days[*kind] += 1;
        }
        let all = mean(sums.iter().sum(), days.iter().sum(), 0).max(1);
        let weekdays = std::array::from_fn(|row| {
            mean(sums[row] + sums[row + 7], days[row] + days[row + 7], all) * 1_000 / all
        });
        // Filing dates against others, each by what its day of the week would bring.
        let share = |kinds: std::ops::Range<usize>| {
            let sum: i64 = sums[kinds.clone()].iter().sum();
            let usual = |row: usize| days[row] * (weekdays[row % 7] * all / 1_000);
            let usual: i64 = kinds.map(usual).sum();
            (sum * 1_000_000).checked_div(usual).unwrap_or(1_000)
        };
        let (filing, other) = (share(7..KINDS), share(0..7).max(1));
        let mut model =
            Model { level: all, weekdays, filing: filing * 1_000 / other, dispersion: 1_000 };
        let from = counts.len().saturating_sub(LATE);
        let late: i64 = counts[from..].iter().sum();
        let usual: i64 = kinds[from..counts.len()].iter().map(|row| model.expected(*row)).sum();
        model.level = (all * late * 1_000).checked_div(usual).unwrap_or(all).max(1);
        model.dispersion = model.spread(counts, kinds).max(1_000);
        model
    }

    /// Pearson's χ² over its degrees of freedom, on the level of the days around each.
    fn spread(&self, counts: &[i64], kinds: &[usize]) -> i64 {
        let expected: [i64; KINDS] = std::array::from_fn(|row| self.expected(row));
        let usual = |row: usize| expected[kinds[row]];
        let width = LATE.min(counts.len());
        let mut near: i64 = counts[..width].iter().sum();
        let mut around: i64 = (0..width).map(usual).sum();
        let (mut from, mut chi) = (0, 0);
        for (row, own) in counts.iter().enumerate() {
            while from < row.saturating_sub(LATE / 2).min(counts.len() - width) {
                near += counts[from + width] - counts[from];
                around += usual(from + width) - usual(from);
                from += 1;
            }
            let mean = (usual(row) * near * 1_000).checked_div(around).unwrap_or(0);
            let off = own * 1_000 - mean;
            chi += (off * off).checked_div(mean).unwrap_or(0);
        }
        chi / (i64::try_from(counts.len()).unwrap_or(i64::MAX) - 9).max(1)
    }

    /// What `day` brings by its weekday and the filing calendar, in thousandths of an average day.
    pub(super) fn usual(&self, day: Day) -> i64 {
        self.raised(kind(day), self.weekdays[weekday(day)])
    }

    /// Tickets on a day of `kind`, in thousandths.
    fn expected(&self, kind: usize) -> i64 {
        self.raised(kind, self.level * self.weekdays[kind % 7] / 1_000)
    }

    /// `usual` as a day of `kind` has it.
    fn raised(&self, kind: usize, usual: i64) -> i64 {
        if kind < 7 { usual } else { usual * self.filing / 1_000 }
    }
}

/// How intervals would have done on the last quarter of `counts`, and how many days ahead: each of
/// these days is forecast from as long before as those to come are told, one day, two days, … up to
/// `ahead` in turn.
fn tested(counts: &[i64], kinds: &[usize], ahead: u32) -> (BackTest, usize) {
    let from = (counts.len() * 3 / 4).max(LATE + 14).min(counts.len());
    let days = counts.len() - from;
    let longest = days.min(ahead as usize).max(1);
    let (mut covered, mut held) = (0, 0);
    for (number, row) in (from..counts.len()).enumerate() {
        let known = row - number % longest;
        let model = Model::of(&counts[..known], &kinds[..known]);
        let spread = Spread::of(model.expected(kinds[row]), model.dispersion);
        let (low, high) = spread.interval();
        covered += u32::from((low..=high).contains(&counts[row]));
        held += spread.held(counts[row]);
    }
    let permille = held / u64::try_from(days.max(1)).unwrap_or(u64::MAX);
    let test = BackTest {
        days: u32::try_from(days).unwrap_or(u32::MAX),
        covered,
        held_permille: u32::try_from(permille).unwrap_or(1_000),
        is_passed: (850..=950).contains(&permille),
    };
    (test, longest)
}
