//! How many tickets the coming days will bring (R103, R153): transparent, in whole numbers, and
//! tested on days it has not seen before it says anything.

use super::almanac::Almanac;
use super::learnt::{Model, Row, counted, rows};
use super::reserve::{Prices, Spread, reserve};
use crate::calendar::{Date, Day};
use crate::model::forecast::{BackTest, DayForecast, FORECAST_FORMAT, Forecast};
use crate::model::simulation::{Monthly, Peak, Stream};

/// Days from which something is learnt at least, before the first day of a test.
const LEAST: usize = 42;

/// Days for which a fitted stream has its dates.
const FITTED: i32 = 366;

/// [`forecast_by`] an almanac that knows no holidays.
#[must_use]
pub fn forecast(calls: &[(Day, i64)], ahead: u32) -> Option<Forecast> {
    forecast_by(calls, ahead, &Almanac::default())
}

/// The forecast of `ahead` days after the last of `calls`, pairs of date and minute in order of
/// time, or of as many as could be tested; `None` where they span fewer than eight weeks.
#[must_use]
pub fn forecast_by(calls: &[(Day, i64)], ahead: u32, almanac: &Almanac) -> Option<Forecast> {
    let (first, last) = (calls.first()?.0, calls.last()?.0);
    let counts = counted(calls.iter().map(|(day, _)| *day), first, last)?;
    let rows = rows(first, counts.len(), almanac);
    let model = Model::of(&counts, &rows);
    let (test, longest) = tested(&counts, &rows, ahead);
    let mut hours = vec![0; 24];
    for (_, minute) in calls {
        if let Some(count) = usize::try_from(minute / 60).ok().and_then(|hour| hours.get_mut(hour))
        {
            *count += 1;
        }
    }
    let told = |ahead: usize| {
        let day = last.plus(i32::try_from(ahead).unwrap_or(i32::MAX));
        let expected = model.expected(Row::of(day, almanac), ahead);
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
        trend_permille: model.trend_a_week(),
        weekdays_permille: model.weekdays.to_vec(),
        due: almanac.due(),
        filing_permille: model.filing,
        holiday_permille: almanac.knows_holidays().then_some(model.holiday),
        holidays_seen: almanac.knows_holidays().then_some(model.holidays_seen),
        make_ups_seen: almanac.knows_holidays().then_some(model.make_ups_seen),
        make_up_permille: almanac.knows_holidays().then_some(model.make_up),
        months_permille: model.months.map(|months| months.to_vec()).unwrap_or_default(),
        hours,
        dispersion_permille: model.dispersion,
        test,
        days: (1..=longest).filter(|_| test.is_passed).map(told).collect(),
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

/// [`fit_by`] an almanac that knows no holidays.
pub fn fit(forecast: &Forecast, stream: &mut Stream) {
    fit_by(forecast, stream, &Almanac::default());
}

/// `stream` with the rates, hours and dates that `forecast` has learnt by `almanac`; its peaks
/// belonged to other rates.
pub fn fit_by(forecast: &Forecast, stream: &mut Stream, almanac: &Almanac) {
    let rate = |weekday: &i64| {
        let rate = forecast.level_permille * weekday / 1_000;
        u32::try_from(rate).unwrap_or(0).min(1_000_000)
    };
    stream.per_day_permille = forecast.weekdays_permille.iter().map(rate).collect();
    let most = forecast.hours.iter().copied().max().unwrap_or(1).max(1);
    let scaled =
        |count: &u32| u32::try_from(u64::from(*count) * 10_000 / u64::from(most)).unwrap_or(10_000);
    stream.hours = forecast.hours.iter().map(scaled).collect();
    let percent = |permille: i64| u32::try_from((permille + 5) / 10).unwrap_or(0).min(5_000);
    stream.peaks.clear();
    stream.monthly.clear();
    if !almanac.knows_holidays() && forecast.months_permille.is_empty() {
        let (from, to) = almanac.pressing();
        let percent = percent(forecast.filing_permille);
        stream.monthly.push(Monthly { from, to, percent });
        return;
    }
    // Dates that are other than their day of the week, neighbours that are so alike together.
    let model = Model::told(forecast);
    for ahead in 1..=FITTED {
        let day = forecast.last.day().plus(ahead);
        let row = Row::of(day, almanac);
        let usual = forecast.weekdays_permille.get(row.weekday()).copied().unwrap_or(0).max(1);
        let (date, percent) = (Date::from(day), percent(model.usual(row) * 1_000 / usual));
        match stream.peaks.last_mut() {
            Some(last) if last.to == Date::from(day.plus(-1)) && last.percent == percent => {
                last.to = date;
            }
            _ if percent == 100 => {}
            _ => stream.peaks.push(Peak { from: date, to: date, percent }),
        }
    }
}

/// How far a share of 90 % of so many days is moved by chance, in thousandths: 1.96 deviations, each
/// √(0.9 × 0.1 / days).
fn uncertain(days: usize) -> u32 {
    let days = u32::try_from(days.max(1)).unwrap_or(u32::MAX);
    // 1.96 × 0.3 × 1,000 = 588, its square over the days.
    (588 * 588 / days).isqrt().min(1_000)
}

/// How intervals would have done on the last quarter of `counts`, and how many days ahead: each of
/// these days is forecast from as long before as those to come are told, one day, two days, … up to
/// `ahead` in turn.
fn tested(counts: &[i64], rows: &[Row], ahead: u32) -> (BackTest, usize) {
    let from = (counts.len() * 3 / 4).max(LEAST).min(counts.len());
    let days = counts.len() - from;
    let longest = days.min(ahead as usize).max(1);
    let (mut covered, mut held) = (0, 0);
    for (number, row) in (from..counts.len()).enumerate() {
        let back = number % longest;
        let known = row - back;
        let model = Model::of(&counts[..known], &rows[..known]);
        let spread = Spread::of(model.expected(rows[row], back + 1), model.dispersion);
        let (low, high) = spread.interval();
        covered += u32::from((low..=high).contains(&counts[row]));
        held += spread.held(counts[row]);
    }
    let permille = held / u64::try_from(days.max(1)).unwrap_or(u64::MAX);
    let test = BackTest {
        days: u32::try_from(days).unwrap_or(u32::MAX),
        covered,
        held_permille: u32::try_from(permille).unwrap_or(1_000),
        uncertain_permille: uncertain(days),
        is_passed: (850..=950).contains(&permille),
    };
    (test, longest)
}
