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
fn a_quote_is_accepted_as_long_as_the_plan_has_room_for_it_and_once() {
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

    // Another order was accepted meanwhile, which leaves it room: the quote is good still.
    fs::remove_file(bench.path("new.json")).unwrap();
    let after = ["quote", ".", "--request", "w13-surcharge.json", "--accept", "normal_track"];
    bench
        .run(&[&after[..], &["--out", "after.json", "--scenario-out", "s.json"]].concat())
        .expect(0);
    let still = ["quote", "s.json", "--plan", "after.json", "--quote", "quote.json"];
    let to = ["--accept", "normal_track", "--out", "both.json", "--scenario-out", "b.json"];
    bench.run(&[&still[..], &to].concat()).expect(0);
    bench.run(&["verify", "b.json", "both.json"]).expect(0);

    // That plan has it: the same quote comes too late, and fresh options are told.
    let late = ["quote", "b.json", "--plan", "both.json", "--quote", "quote.json"];
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

/// Archiving asks for level 4, which only Wang has, and for somebody else than who submitted, who
/// is who entered: so Wang, though quickest, enters nothing. Collected 9:00 to 10:00, reviewed in
/// 30 × 85 % = 26 minutes, entered and submitted in 60 and 30 by 11:56, archived in 26, four of
/// them before lunch at 12:00: 13:22.
#[test]
fn an_empty_plan_finds_the_people_who_leave_somebody_for_the_last_step() {
    let bench = Bench::new("cli-quote-empty");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/04-desk");
    bench.put("policy.json", &fs::read_to_string(folder.join("policy.json")).unwrap());
    let text = fs::read_to_string(folder.join("scenario.json")).unwrap();
    let mut scenario: Value = serde_json::from_str(&text).unwrap();
    scenario["tickets"] = json!([]);
    bench.put("scenario.json", &scenario.to_string());
    let plan = bench.run(&["plan", ".", "--rounds", "1", "--format", "json"]).expect(0).out;
    bench.put("plan.json", &plan);
    let ticket = json!({"id": "new", "service": "tax-filing", "client": "bakery"});
    let request = json!({"format": "paidan-request/1", "tickets": [ticket]});
    bench.put("request.json", &request.to_string());
    let quote = ["quote", ".", "--request", "request.json", "--format", "json"];
    let quote: Value = serde_json::from_str(&bench.run(&quote).expect(0).out).unwrap();
    assert_eq!(quote["options"][0]["finish"], "2026-03-09T13:22+08:00", "{quote}");

    // The first plan serves it, too, with no luck needed.
    scenario["tickets"] = json!([ticket]);
    bench.put("scenario.json", &scenario.to_string());
    let plan = bench.run(&["plan", ".", "--rounds", "1", "--format", "json"]).expect(0).out;
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["steps"].as_array().unwrap().len(), 5, "{plan}");
}
