//! How many tickets the coming days will bring (R103, R153): transparent, in whole numbers, and
//! tested on days it has not seen before it says anything.

use super::reserve::{Prices, reserve};
use crate::calendar::{Date, Day};
use crate::model::forecast::{BackTest, DayForecast, FORECAST_FORMAT, Forecast};
use crate::model::simulation::Stream;

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

/// The forecast of `ahead` days after the last of `calls`, pairs of date and minute in order of
/// time; `None` where they span fewer than eight weeks.
#[must_use]
pub fn forecast(calls: &[(Day, i64)], ahead: u32) -> Option<Forecast> {
    let (first, last) = (calls.first()?.0, calls.last()?.0);
    let counts = counted(calls.iter().map(|(day, _)| *day), first, last)?;
    let model = Model::of(&counts, first);
    let test = tested(&counts, first);
    let mut hours = vec![0; 24];
    for (_, minute) in calls {
        if let Some(count) = usize::try_from(minute / 60).ok().and_then(|hour| hours.get_mut(hour))
        {
            *count += 1;
        }
    }
    let coming = (1..=i32::try_from(ahead).ok()?).map(|day| last.plus(day));
    let told = |day: Day| {
        let (expected, low, high) = model.told(day);
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

/// `stream` with the rates and hours that `forecast` has learnt.
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

fn is_filing(day: Day) -> bool {
    (10..=15).contains(&day.day_of_month())
}

/// `sum` thousandths over `count`, and `default` of nothing.
fn mean(sum: i64, count: i64, default: i64) -> i64 {
    (sum * 1_000).checked_div(count).unwrap_or(default)
}

impl Model {
    /// Learnt from `counts`, the first of them on `first`.
    pub(super) fn of(counts: &[i64], first: Day) -> Model {
        let day = |row: usize| first.plus(i32::try_from(row).unwrap_or(i32::MAX));
        let average = |is: &dyn Fn(Day) -> bool, default: i64| {
            let rows = counts.iter().enumerate().filter(|(row, _)| is(day(*row)));
            let (sum, count) = rows.fold((0, 0), |(sum, n), (_, own)| (sum + own, n + 1));
            mean(sum, count, default)
        };
        let all = average(&|_| true, 0).max(1);
        let weekdays =
            std::array::from_fn(|row| average(&|day| weekday(day) == row, all) * 1_000 / all);
        // Filing dates against others, each by what its day of the week would bring.
        let share = |is: bool| {
            let rows = counts.iter().enumerate().filter(|(row, _)| is_filing(day(*row)) == is);
            let (sum, usual) = rows.fold((0, 0), |(sum, usual), (row, own)| {
                (sum + own * 1_000, usual + weekdays[weekday(day(row))] * all / 1_000)
            });
            (sum * 1_000).checked_div(usual).unwrap_or(1_000)
        };
        let (filing, other) = (share(true), share(false).max(1));
        let mut model =
            Model { level: all, weekdays, filing: filing * 1_000 / other, dispersion: 1_000 };
        let from = counts.len().saturating_sub(LATE);
        let late: i64 = counts[from..].iter().sum();
        let usual: i64 = (from..counts.len()).map(|row| model.expected(day(row))).sum();
        model.level = (all * late * 1_000).checked_div(usual).unwrap_or(all).max(1);
        // Pearson's χ² over its degrees of freedom, on the level of the days around each.
        let mut chi = 0;
        for (row, own) in counts.iter().enumerate() {
            let from = row.saturating_sub(LATE / 2).min(counts.len() - LATE);
            let near: i64 = counts[from..from + LATE].iter().sum();
            let usual: i64 = (from..from + LATE).map(|row| model.expected(day(row))).sum();
            let mean = (model.expected(day(row)) * near * 1_000).checked_div(usual).unwrap_or(0);
            let off = own * 1_000 - mean;
            chi += (off * off).checked_div(mean).unwrap_or(0);
        }
        let degrees = i64::try_from(counts.len()).unwrap_or(i64::MAX) - 9;
        model.dispersion = (chi / degrees.max(1)).max(1_000);
        model
    }

    /// What `day` brings by its weekday and the filing calendar, in thousandths of an average day.
    pub(super) fn usual(&self, day: Day) -> i64 {
        let usual = self.weekdays[weekday(day)];
        if is_filing(day) { usual * self.filing / 1_000 } else { usual }
    }

    /// Tickets on `day`, in thousandths.
    fn expected(&self, day: Day) -> i64 {
        let usual = self.level * self.weekdays[weekday(day)] / 1_000;
        if is_filing(day) { usual * self.filing / 1_000 } else { usual }
    }

    /// Tickets on `day` in thousandths, and the interval of 90 %: 1.645 standard deviations, the
    /// variance being the mean × the dispersion, to the next whole ticket outwards.
    fn told(&self, day: Day) -> (i64, i64, i64) {
        let expected = self.expected(day);
        let variance = u64::try_from(expected * self.dispersion).unwrap_or(0);
        let half = i64::try_from(variance.isqrt()).unwrap_or(i64::MAX) * 1_645 / 1_000;
        // Half a ticket on either side: counts are whole.
        let (low, high) = (expected - half, expected + half);
        ((expected), ((low + 500) / 1_000).max(0), (high + 500) / 1_000)
    }
}

/// How intervals would have done on the last quarter of `counts`.
fn tested(counts: &[i64], first: Day) -> BackTest {
    let from = (counts.len() * 3 / 4).max(LATE + 14).min(counts.len());
    let covered = (from..counts.len()).filter(|row| {
        let model = Model::of(&counts[..*row], first);
        let (_, low, high) = model.told(first.plus(i32::try_from(*row).unwrap_or(i32::MAX)));
        (low..=high).contains(&counts[*row])
    });
    let (days, covered) = (counts.len() - from, covered.count());
    BackTest {
        days: u32::try_from(days).unwrap_or(u32::MAX),
        covered: u32::try_from(covered).unwrap_or(u32::MAX),
        is_passed: covered * 100 >= days * 85 && covered * 100 <= days * 95,
    }
}
