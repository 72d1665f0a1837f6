//! Forecasts: what is learnt from a log, and when nothing can be said.

use paidan::calendar::{Date, Day, china};
use paidan::model::forecast::Callers;
use paidan::model::lang::Lang;
use paidan::model::simulation::Stream;
use paidan::report::simulation::forecast as forecast_table;
use paidan::solver::rng::Rng;
use paidan::whatif::almanac::Almanac;
use paidan::whatif::callers::callers;
use paidan::whatif::forecast::{fit, fit_by, forecast, forecast_by, pre_position};
use paidan::whatif::reserve::Prices;
use serde_json::json;

use crate::simulate::stream;

fn monday() -> Day {
    Date::new(2025, 1, 6).unwrap().day()
}

/// Calls at 10:00: on each of `days` days as many as `mean` says in thousandths, by 400 chances.
fn log(days: i32, mean: impl Fn(i32, &mut Rng) -> i64) -> Vec<(Day, i64)> {
    log_of(11, days, mean)
}

/// The same by the chance of `seed`.
fn log_of(seed: u64, days: i32, mean: impl Fn(i32, &mut Rng) -> i64) -> Vec<(Day, i64)> {
    let mut rng = Rng::new(seed, 0);
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

/// R103. What chance alone brings can be forecast, however little it is: of twenty logs of two
/// years each at least eighteen pass. On 182 days 90 % are held give or take 2.2 %, so two in a
/// hundred logs miss 85 to 95 %.
#[test]
fn a_log_of_chance_alone_can_be_forecast() {
    for mean in [1_000, 2_000, 3_000, 5_000, 20_000] {
        let is_passed = |seed: &u64| {
            let calls = log_of(*seed, 730, |_, _| mean);
            forecast(&calls, 14).unwrap().test.is_passed
        };
        let passed = (0..20).filter(is_passed).count();
        assert!(passed >= 18, "{mean}: {passed}");
    }
}

/// Ten a day until the last quarter, then months of five and of twenty by turns: the day after
/// tomorrow can be told, three months ahead cannot, and nothing is told further ahead than was
/// tested: a quarter of 364 days are 91.
#[test]
fn a_forecast_is_tested_as_far_ahead_as_it_tells() {
    let turns = |day: i32, _: &mut Rng| match day {
        0..273 => 10_000,
        _ if day / 28 % 2 == 0 => 5_000,
        _ => 20_000,
    };
    let far = forecast(&log(364, turns), 91).unwrap();
    assert!(!far.test.is_passed && far.days.is_empty(), "{:?}", far.test);
    let steady = |seed: u64| forecast(&log_of(seed, 364, |_, _| 5_000), 366).unwrap();
    let steady = (0..9).map(steady).find(|told| told.test.is_passed).unwrap();
    assert_eq!((steady.test.days, steady.days.len()), (91, 91), "{:?}", steady.test);
}

/// Tickets that double in half a year, 5 a day, after 180 days 10, after 360 days 20, in a straight
/// line between: at the end 10 / 180 more each day are 0.39 a week, 2 % of 19. Steady chance has no
/// trend: of twenty logs at most one shows some, as three standard errors are passed by 0.3 %.
#[test]
fn a_trend_is_told_where_one_shows() {
    let doubled =
        |day: i32, _: &mut Rng| (5_000_i64 << (day / 180)) * i64::from(180 + day % 180) / 180;
    let told = forecast(&log(360, doubled), 28).unwrap();
    assert!((12..=30).contains(&told.trend_permille), "{}", told.trend_permille);
    assert!(told.test.is_passed, "{:?}", told.test);
    // The level is that of the last four weeks, 14 days ago; 28 days ahead are 42 more.
    let far = told.days[27].expected_permille;
    assert!(far > told.level_permille * 105 / 100, "{far} {}", told.level_permille);
    let shows = |seed: &u64| forecast(&log_of(*seed, 364, |_, _| 10_000), 7).unwrap();
    let shown = (0..20).map(|seed| shows(&seed)).filter(|told| told.trend_permille != 0).count();
    assert!(shown <= 1, "{shown}");
}

/// R103. In May twice as many come as in other months, in both of two years: with two years May is
/// told as 200 % of others, which is 2 / (13 / 12) of the mean; with less no season is told.
#[test]
fn a_season_is_told_only_where_there_are_two_years() {
    let may = |day: i32, _: &mut Rng| match monday().plus(day).month() {
        5 => 20_000,
        _ => 10_000,
    };
    let told = forecast(&log(730, may), 7).unwrap();
    let months = &told.months_permille;
    let others = months.iter().sum::<i64>() - months[4];
    let times = months[4] * 11_000 / others;
    assert!((1_750..=2_250).contains(&times), "{months:?}");
    assert!(forecast(&log(729, may), 7).unwrap().months_permille.is_empty());
}

/// R103, R121. Holidays of the firm's calendar: ten a day, none on a public holiday, thirty in the
/// days before filings are due, which move over days off. By the almanac the holiday and the
/// moved date are told; without it neither is. A fitted stream has both as dates.
#[test]
fn holidays_and_moved_due_dates_come_from_the_calendar() {
    let almanac = Almanac::default().with(&china());
    let first = Date::new(2025, 1, 6).unwrap().day();
    let date = |year, month, day| Date::new(year, month, day).unwrap();
    let is_off = |day: Day| {
        let own = Date::from(day);
        china().years.iter().any(|year| year.off.contains(&own))
    };
    let mut rng = Rng::new(4, 0);
    let mut calls = Vec::new();
    for row in 0..400 {
        let day = first.plus(row);
        let mean = match day.day_of_month() {
            _ if is_off(day) => 0,
            10..=15 => 30_000,
            _ => 10_000,
        };
        let count = (0..400).filter(|_| rng.range(0, 400_000) < mean).count();
        calls.extend((0..count).map(|_| (day, 600)));
    }
    // Until 9 February 2026; the Spring Festival holiday lasts from the 15th to the 23rd, so what
    // is due on the 15th is due on the 24th.
    let told = forecast_by(&calls, 20, &almanac).unwrap();
    assert_eq!(told.last, date(2026, 2, 9));
    assert!(told.test.is_passed, "{:?}", told.test);
    let expected = |told: &paidan::model::forecast::Forecast, month, day| {
        let own = told.days.iter().find(|row| row.date == date(2026, month, day)).unwrap();
        own.expected_permille
    };
    assert!(expected(&told, 2, 17) < 3_000 && expected(&told, 2, 24) > 22_000, "{:?}", told.days);
    let plain = forecast_by(&calls, 20, &Almanac::default()).unwrap();
    assert!(plain.holiday_permille.is_none());
    let mut stream: Stream = serde_json::from_value(stream("call", 1_000, 30, 4)).unwrap();
    fit_by(&told, &mut stream, &almanac);
    let peak = |month, day| {
        let day = date(2026, month, day);
        let own = stream.peaks.iter().find(|peak| peak.from <= day && day <= peak.to);
        own.map_or(100, |peak| peak.percent)
    };
    assert!(stream.monthly.is_empty());
    assert!(peak(2, 17) < 40 && peak(2, 24) > 220 && peak(3, 3) == 100, "{:?}", stream.peaks);
}

/// R103. Nothing is said to have been learnt of days the log has none of: from 9 June to 15 August
/// 2025 there was no public holiday and no make-up day. The last quarter, 17 days of 68, is too few to
/// tell 90 % from less: 1.96 × √(0.09 / 17) = 14.2 %.
#[test]
fn what_a_log_has_not_seen_is_not_told_as_learnt() {
    let almanac = Almanac::default().with(&china());
    let first = Date::new(2025, 6, 9).unwrap().day();
    let mut rng = Rng::new(3, 0);
    let mut calls = Vec::new();
    for row in 0..68 {
        let count = (0..400).filter(|_| rng.range(0, 400_000) < 10_000).count();
        calls.extend((0..count).map(|_| (first.plus(row), 600)));
    }
    let told = forecast_by(&calls, 7, &almanac).unwrap();
    assert_eq!((told.holidays_seen, told.make_ups_seen), (Some(0), Some(0)));
    assert_eq!((told.test.days, told.test.uncertain_permille), (17, 142));
    let text = forecast_table(&told, Lang::En);
    for said in [
        "public holidays were not seen in the history",
        "make-up days were not seen",
        "17 days are too few to tell",
        "14.2 percentage points",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("a public holiday brings"), "{text}");
    let zh = forecast_table(&told, Lang::Zh);
    assert!(zh.contains("记录中没有节假日") && zh.contains("17 天太少"), "{zh}");
    // A year has seen them, and its last quarter is long enough.
    let calls = log(364, |_, _| 10_000);
    let told = forecast_by(&calls, 7, &almanac).unwrap();
    let text = forecast_table(&told, Lang::En);
    assert!(told.holidays_seen > Some(20) && !told.test.is_short(), "{:?}", told.test);
    assert!(text.contains("a public holiday brings") && !text.contains("not seen"), "{text}");
}

/// R103. Twelve a day and sixty from the 10th to the 15th: a simulation fitted to that has both, 24
/// × 12 + 6 × 60 = 648 in a month of 30 days, give or take a tenth; peaks it had before are gone.
#[test]
fn a_fitted_stream_keeps_the_days_before_filings_are_due() {
    let calls = log(364, |day, _| match monday().plus(day).day_of_month() {
        10..=15 => 60_000,
        _ => 12_000,
    });
    let told = forecast(&calls, 7).unwrap();
    assert!(told.test.is_passed, "{:?}", told.test);
    let mut stated = stream("call", 1_000, 30, 4);
    stated["peaks"] = json!([{"from": "2026-03-01", "to": "2026-03-31", "percent": 300}]);
    let mut stream: Stream = serde_json::from_value(stated).unwrap();
    fit(&told, &mut stream);
    let [monthly] = stream.monthly[..] else { panic!("{stream:?}") };
    assert!(stream.peaks.is_empty() && (monthly.from, monthly.to) == (10, 15), "{stream:?}");
    assert!((460..=540).contains(&monthly.percent), "{}", monthly.percent);
    let rate = stream.per_day_permille.iter().sum::<u32>() / 7;
    let month = rate * (24 + 6 * monthly.percent / 100);
    assert!((583_000..=713_000).contains(&month), "{month}");
}

/// R103, R153. Forty clients, every fourth of whom calls ten times as often as the others: who is
/// likely to call is told with a chance, a test on days not seen, and the lively ones first. A
/// lively one calls 0.2 times a day, so of ten days 1 − e⁻² = 86 % bring a call.
#[test]
fn who_is_likely_to_call_is_told_from_his_own_history() {
    let mut rng = Rng::new(3, 1);
    let names: Vec<String> = (0..40).map(|row| format!("client{row:02}")).collect();
    let mut calls: Vec<(Day, &str)> = Vec::new();
    for day in 0..280 {
        for (row, name) in names.iter().enumerate() {
            let permille = if row % 4 == 0 { 200 } else { 20 };
            calls.extend(rng.chance(permille).then_some((monday().plus(day), name.as_str())));
        }
    }
    let told = callers(&calls, 10, "client").unwrap();
    assert!(told.test.is_passed && told.test.better_percent > 20, "{:?}", told.test);
    let lively = told.rows[..10].iter().all(|row| row.name[6..].parse::<u32>().unwrap() % 4 == 0);
    assert!(lively, "{:?}", told.rows);
    let first = &told.rows[0];
    assert!((800..=950).contains(&first.chance_permille), "{first:?}");
    assert!(callers(&calls[..20], 10, "client").is_none(), "too few days");
}

/// Twenty clients over two years, each of whom calls on 3 % of the days, but the first on so many.
fn twenty(seed: u64, permille: u32) -> Callers {
    let mut rng = Rng::new(seed, 7);
    let names: Vec<String> = (0..20).map(|row| format!("client{row:02}")).collect();
    let mut calls: Vec<(Day, &str)> = Vec::new();
    for day in 0..728 {
        for (row, name) in names.iter().enumerate() {
            let permille = if row == 0 { permille } else { 30 };
            calls.extend(rng.chance(permille).then_some((monday().plus(day), name.as_str())));
        }
    }
    callers(&calls, 7, "client").unwrap()
}

/// R103, R153. Where all call alike nobody is told apart: of forty logs at most 5 %, two, pass.
#[test]
fn who_calls_is_not_told_where_all_call_alike() {
    let passed = (0..40).filter(|seed| twenty(*seed, 30).test.is_passed).count();
    assert!(passed <= 2, "{passed}");
}

/// R103, R153. One who calls on 30 % of the days has a call in 1 − 0.7⁷ = 92 % of the weeks, others
/// in 1 − 0.97⁷ = 19 %: he is told, in at least eight of ten logs, the first of all.
#[test]
fn the_one_who_calls_more_than_others_is_told() {
    let told: Vec<Callers> = (0..10).map(|seed| twenty(seed, 300)).collect();
    let passed: Vec<&Callers> = told.iter().filter(|told| told.test.is_passed).collect();
    assert!(passed.len() >= 8, "{}", passed.len());
    assert!(passed.iter().all(|told| told.rows[0].name == "client00"));
}

/// R103. Hands are kept free for as many calls as too few and too many cost least: 20 are expected
/// on a Monday; where a call nobody can take is nine times as dear as an idle place, the 90 %
/// quantile, 20 + 1.28 × √20 = 25.7.
#[test]
fn hands_are_kept_free_where_that_costs_least() {
    let calls = log(364, |day, _| if day % 7 < 5 { 20_000 } else { 5_000 });
    let mut told = forecast(&calls, 7).unwrap();
    pre_position(&mut told, Prices { short: 90_000, idle: 10_000 });
    let monday = told.days[0].reserve.unwrap();
    assert!((24..=28).contains(&monday.calls), "{monday:?}");
    assert!(told.days[6].reserve.unwrap().calls < 12, "{:?}", told.days[6]);
}
