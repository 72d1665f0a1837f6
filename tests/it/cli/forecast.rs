//! `forecast`: days to come, a stream that learns, and columns that are not there.

use super::bench::Bench;

/// Four calls at nine on every working day for 20 weeks, three and five by turns.
fn log() -> String {
    let mut text = "ticket,opened\n".to_owned();
    let (mut number, mut day) = (0, 0);
    for month in 1..=5 {
        for date in 1..=28 {
            // Made up: 28 days a month keep weekdays in step only roughly, which is chance enough.
            day += 1;
            for _ in 0..(3 + (day * 7 + month) % 5) {
                number += 1;
                text += &format!("T{number},{date}/{month}/2026 09:30\n");
            }
        }
    }
    text
}

#[test]
fn a_log_is_forecast_or_told_to_be_of_no_use() {
    let bench = Bench::new("cli-forecast");
    bench.put("log.csv", &log());
    let asked = ["forecast", "log.csv", "--arrived", "opened", "--case", "ticket", "--day-first"];
    let json = bench.run(&[&asked[..], &["--format", "json"]].concat());
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(told["format"], "paidan-forecast/1");
    let is_passed = told["test"]["is_passed"].as_bool().unwrap();
    assert_eq!(told["days"].as_array().unwrap().is_empty(), !is_passed);
    let code = if is_passed { 0 } else { 1 };
    let zh = bench.run(&[&asked[..], &["--lang", "zh"]].concat()).expect(code).out;
    assert!(zh.contains("回测"), "{zh}");
    let wrong = bench.run(&["forecast", "log.csv", "--arrived", "open"]).expect(2);
    assert!(wrong.err.contains("L101") && wrong.err.contains("opened"), "{}", wrong.err);
}

/// Two tickets a day for four months, then none and thirty by turns: no forecast is possible, and
/// so no simulation is fitted to it.
#[test]
fn nothing_is_fitted_to_a_log_of_no_use() {
    let bench = Bench::new("cli-forecast-fit");
    let mut text = "opened\n".to_owned();
    for month in 1..=6 {
        for date in 1..=28 {
            let count = if month <= 4 { 2 } else { date % 2 * 30 };
            text += &format!("2026-{month:02}-{date:02} 09:30\n").repeat(count);
        }
    }
    bench.put("log.csv", &text);
    let asked = ["forecast", "log.csv", "--arrived", "opened", "--into", "stated.json"];
    let stated = std::fs::read_to_string("scenarios/05-staffing/simulation.json").unwrap();
    bench.put("stated.json", &stated);
    let more = ["--stream", "call", "--out", "fitted.json", "--lang", "en"];
    let told = bench.run(&[&asked[..], &more].concat()).expect(2);
    assert!(told.out.contains("No forecast is possible"), "{}", told.out);
    assert!(told.err.contains("no simulation is fitted"), "{}", told.err);
    assert!(!bench.path("fitted.json").exists());
}
