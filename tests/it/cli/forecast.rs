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
