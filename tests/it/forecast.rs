//! Forecasts: what is learnt from a log, and when nothing can be said.

use paidan::calendar::{Date, Day};
use paidan::solver::rng::Rng;
use paidan::whatif::forecast::forecast;

fn monday() -> Day {
    Date::new(2025, 1, 6).unwrap().day()
}

/// Calls at 10:00: on each of `days` days as many as `mean` says in thousandths, by 400 chances.
fn log(days: i32, mean: impl Fn(i32, &mut Rng) -> i64) -> Vec<(Day, i64)> {
    let mut rng = Rng::new(11, 0);
    let mut calls = Vec::new();
    for day in 0..days {
        let mean = mean(day, &mut rng);
        let count = (0..400).filter(|_| rng.range(0, 400_000) < mean).count();
        calls.extend((0..count).map(|_| (monday().plus(day), 600)));
    }
    calls
}

/// R103, R153. Twenty on working days and five at weekends for a year: the level is learnt, the
/// days of the week, and the interval of 90 % of a Monday, 20 ± 1.645 √20 = 20 ± 7.4.
#[test]
fn a_steady_log_is_learnt_and_tested() {
    let calls = log(364, |day, _| if day % 7 < 5 { 20_000 } else { 5_000 });
    let told = forecast(&calls, 7).unwrap();
    assert!(told.test.is_passed, "{:?}", told.test);
    // (5 × 20 + 2 × 5) / 7 = 15.7 a day; a Monday brings 127 % of that, a Sunday 32 %.
    assert!((14_200..17_200).contains(&told.level_permille), "{}", told.level_permille);
    assert!((1_200..1_350).contains(&told.weekdays_permille[0]), "{:?}", told.weekdays_permille);
    assert!((260..380).contains(&told.weekdays_permille[6]), "{:?}", told.weekdays_permille);
    assert_eq!(told.hours.iter().sum::<u32>(), told.hours[10]);
    let next = told.days[0];
    assert_eq!((told.days.len(), next.date.to_string()), (7, "2026-01-05".to_owned()));
    assert!((10..=15).contains(&next.low) && (25..=30).contains(&next.high), "{next:?}");
}

/// A log whose last months have nothing to do with those before says that no forecast is possible;
/// one of a few weeks is too short.
#[test]
fn where_the_past_says_nothing_no_forecast_is_made() {
    let wild = |day: i32, rng: &mut Rng| match day {
        0..270 => 10_000,
        _ => [0, 0, 0, 90_000][rng.below(4)],
    };
    let told = forecast(&log(364, wild), 7).unwrap();
    assert!(!told.test.is_passed && told.days.is_empty(), "{:?}", told.test);
    assert!(forecast(&log(40, |_, _| 10_000), 7).is_none());
}
