//! `quote`: what is printed, which exit code tells it, and what an acceptance writes.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::bench::Bench;

/// The files of `scenarios/03-quotes` in a folder of their own.
fn bench(name: &str) -> Bench {
    let bench = Bench::new(name);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/03-quotes");
    for entry in fs::read_dir(folder).unwrap() {
        let from = entry.unwrap().path();
        let text = fs::read_to_string(&from).unwrap();
        bench.put(from.file_name().unwrap().to_str().unwrap(), &text);
    }
    bench
}

/// R004, R005, R078: the slack of a false urgency, and what a surcharge is for, in both languages.
#[test]
fn a_quote_is_printed_in_both_languages_and_as_a_document() {
    let bench = bench("cli-quote");
    let asked = ["quote", ".", "--request", "w01-food-licence.json"];
    let english = bench.run(&asked).expect(0).out;
    for words in ["recommended normal_track", "¥1,500.00", "surcharge for urgency ¥300.00"] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let chinese = bench.run(&[&["--lang", "zh"], &asked[..]].concat()).expect(0).out;
    for words in ["推荐 normal_track", "¥1,500.00", "加急费 ¥300.00"] {
        assert!(chinese.contains(words), "{words}: {chinese}");
    }
    let run = bench.run(&[&asked[..], &["--format", "json", "--quick"]].concat()).expect(0);
    let quote: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(quote["format"], "paidan-quote/1");
}

/// R013, R014: told with the reason, and the exit code is that of a refusal.
#[test]
fn a_red_line_ends_with_three() {
    let bench = bench("cli-quote-refused");
    let run = bench.run(&["quote", ".", "--request", "w03-invoice-name.json"]).expect(3);
    assert!(run.out.starts_with("refused RL-001: "), "{}", run.out);
    assert!(run.out.contains("normal_track"), "the lawful alternative: {}", run.out);
}

#[test]
fn an_accepted_option_is_written_and_makes_the_quote_stale() {
    let bench = bench("cli-quote-accept");
    let quote = ["quote", ".", "--request", "w06-loan.json", "--format", "json"];
    bench.put("quote.json", &bench.run(&quote).expect(0).out);
    let accept = ["quote", ".", "--quote", "quote.json", "--accept", "normal_track"];
    let to = ["--out", "new.json", "--scenario-out", "next.json"];
    let run = bench.run(&[&accept[..], &to].concat()).expect(0);
    assert!(run.err.contains("wrote new.json") && run.err.contains("wrote next.json"));
    bench.run(&["verify", "next.json", "new.json"]).expect(0);
    let tickets = bench.json("next.json")["tickets"].clone();
    assert!(tickets.as_array().unwrap().iter().any(|ticket| ticket["id"] == "loan"), "{tickets}");

    // The new plan is in force: the same quote comes too late, and fresh options are told.
    fs::remove_file(bench.path("new.json")).unwrap();
    let after = ["quote", ".", "--request", "w13-surcharge.json", "--accept", "normal_track"];
    bench
        .run(&[&after[..], &["--out", "after.json", "--scenario-out", "s.json"]].concat())
        .expect(0);
    let late = ["quote", "s.json", "--plan", "after.json", "--quote", "quote.json"];
    let late = [&late[..], &["--accept", "normal_track", "--out", "new.json"]].concat();
    let run = bench.run(&late).expect(3);
    assert!(run.err.contains("no longer the one this was quoted against"), "{}", run.err);
    assert!(run.out.contains("normal_track"), "{}", run.out);
    assert!(!bench.path("new.json").exists());
    let chinese = bench.run(&[&["--lang", "zh"], &late[..]].concat()).expect(3);
    assert!(chinese.err.contains("不再有效"), "{}", chinese.err);
    let expired = [&accept[..], &["--out", "new.json", "--at", "2026-03-09 09:30"]].concat();
    assert!(bench.run(&expired).expect(3).err.contains("expired"));
}

#[test]
fn what_is_wrong_with_a_request_or_policy_ends_with_two() {
    let bench = bench("cli-quote-faults");
    let run = bench.run(&["quote", "."]).expect(2);
    assert!(run.err.contains("--request"), "{}", run.err);
    let mut request = bench.json("w06-loan.json");
    request["tickets"][0]["client"] = json!("nobody");
    bench.put("wrong.json", &request.to_string());
    let run = bench.run(&["quote", ".", "--request", "wrong.json"]).expect(2);
    assert!(run.err.contains("nobody") && run.err.contains("wrong.json"), "{}", run.err);
    bench.put("policy.json", r#"{"format": "paidan-policy/1"}"#);
    let run = bench.run(&["quote", ".", "--request", "w06-loan.json"]).expect(2);
    assert!(run.err.contains("P101") && run.err.contains("quote_minutes"), "{}", run.err);
}
