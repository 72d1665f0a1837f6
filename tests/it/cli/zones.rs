//! A plan that states no zone, beside a scenario that does.

use super::bench::{Bench, FIRM};

/// From Friday in winter time, with everything planned kept; clocks go forward on Sunday 8 March.
fn new_york(name: &str) -> Bench {
    let bench = Bench::new(name);
    let firm = FIRM
        .replace("\"as_of\": \"2026-03-09T09:00\"", "\"as_of\": \"2026-03-06T09:00\"")
        .replace("\"horizon\"", "\"zone\": \"America/New_York\",\n  \"horizon\"")
        .replacen("\"skills\"", "\"policy\": {\"freeze_minutes\": 10000},\n  \"skills\"", 1);
    bench.put("scenario.json", &firm);
    bench
}

/// t1 on Friday, the others on Monday: all in time, and in hours of New York only.
const HAND: &str = r#"{
  "format": "paidan-plan/1",
  "steps": [
    {"ticket": "t1", "step": "file", "people": ["li"], "start": "2026-03-06T09:00"},
    {"ticket": "t2", "step": "file", "people": ["li"], "start": "2026-03-09T09:00"},
    {"ticket": "t3", "step": "file", "people": ["wang"], "start": "2026-03-09T09:00"}
  ]
}
"#;

#[test]
fn a_plan_without_a_zone_is_read_in_the_scenarios() {
    let bench = new_york("cli-zone");
    bench.put("hand.json", HAND);
    let run = bench.run(&["verify", ".", "hand.json", "--format", "json"]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    // Due on Monday at 10:00 and 11:00 and done by then: nothing is late.
    assert_eq!(report["bill"]["total_fen"], 0, "{}", run.out);
    // The same hours stated with their offsets: five hours behind in winter, four in summer.
    let stated = HAND.replace("06T09:00", "06T09:00-05:00").replace("09T09:00", "09T09:00-04:00");
    bench.put("stated.json", &stated);
    let same = bench.run(&["verify", ".", "stated.json", "--format", "json"]).expect(0);
    assert_eq!(same.out, run.out);
    // One that states its own zone is read in that: the office in New York is closed then.
    let own = HAND.replace("\"steps\"", "\"zone\": \"Asia/Shanghai\", \"steps\"");
    bench.put("own.json", &own);
    bench.run(&["verify", ".", "own.json"]).expect(1);
}

#[test]
fn every_command_that_reads_a_plan_takes_the_scenarios_zone() {
    let bench = new_york("cli-zone-all");
    bench.put("hand.json", HAND);
    let diff = bench.run(&["diff", ".", "hand.json", "hand.json", "--format", "json"]).expect(0);
    assert!(!diff.out.contains("violation\":"), "{}", diff.out);
    let told = bench.run(&["explain", ".", "hand.json", "t2/file"]).expect(0);
    assert!(told.out.contains("09:00") && !told.out.contains("20:00"), "{}", told.out);
    let more = ["--scenario", ".", "--plan", "hand.json", "--out", "moved.json"];
    bench.run(&[&["move", "t2/file", "--to", "wang"], &more[..]].concat());
    let out = ["--previous", "hand.json", "--rounds", "1", "--out", "next.json"];
    bench.run(&[&["plan", "."], &out[..]].concat()).expect(0);
    let next = bench.json("next.json");
    assert_eq!(next["zone"], "America/New_York");
    let starts: Vec<&str> = next["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["start"].as_str())
        .collect();
    assert_eq!(
        starts,
        ["2026-03-06T09:00-05:00", "2026-03-09T09:00-04:00", "2026-03-09T09:00-04:00"]
    );
}

#[test]
fn a_plan_without_a_zone_goes_out_in_the_scenarios() {
    let bench = new_york("cli-zone-out");
    bench.put("hand.json", HAND);
    let out = ["--ics", "li.ics", "--person", "li", "--csv", "plan.csv"];
    bench.run(&[&["export", ".", "hand.json"], &out[..]].concat()).expect(0);
    let calendar = bench.text("li.ics");
    // 09:00 is 14:00 UTC on Friday and 13:00 UTC on Monday, after the clocks went forward.
    assert!(calendar.contains("DTSTART:20260306T140000Z"), "{calendar}");
    assert!(calendar.contains("DTSTART:20260309T130000Z"), "{calendar}");
    assert!(bench.text("plan.csv").contains("2026-03-09 09:00"));
}

#[test]
fn the_schema_of_plans_promises_no_zone() {
    let schema = Bench::new("cli-zone-schema").run(&["schema", "plan"]).expect(0).out;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let zone = &schema["properties"]["zone"];
    assert!(zone["description"].is_string() && zone["default"].is_null(), "{zone}");
}
