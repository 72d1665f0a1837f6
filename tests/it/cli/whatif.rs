//! `plan --what-if`: the comparison, short changes, and lists that are wrong.

use super::bench::{Bench, FIRM};
use serde_json::{Value, json};

/// Two days of work for one person, due on Monday evening: the second is 24 hours late at 100 yuan.
fn two_days(bench: &Bench) {
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    let job = |id: &str| {
        json!({"id": id, "due": "2026-03-09T18:00",
            "curves": [{"kind": "urgency", "per_hour_fen": 10_000}],
            "steps": [{"id": "file", "seats": [{"skill": "tax"}], "minutes": 480}]})
    };
    firm["tickets"] = json!([job("rush"), job("key")]);
    firm["people"].as_array_mut().unwrap().truncate(1);
    bench.put("scenario.json", &firm.to_string());
}

/// R121. 24 × ¥100 saved by somebody more, said in both languages and as a document.
#[test]
fn a_comparison_tells_what_a_change_is_worth() {
    let bench = Bench::new("cli-what-if");
    two_days(&bench);
    let firm: Value = serde_json::from_str(FIRM).unwrap();
    let own = firm["people"][0]["id"].as_str().unwrap();
    let more = format!("like={own} id=ma");
    let asked = ["plan", ".", "--rounds", "1", "--add-person", &more];
    let en = bench.run(&asked).expect(0).out;
    assert!(en.contains("as it would be") && en.contains("−¥2,400.00"), "{en}");
    let zh = bench.run(&[&asked[..], &["--lang", "zh"]].concat()).expect(0).out;
    assert!(zh.contains("假设") && zh.contains("逾期工单"), "{zh}");
    let json = bench.run(&[&asked[..], &["--format", "json"]].concat()).expect(0).out;
    let told: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(told["format"], "paidan-what-if/1");
    assert_eq!(told["after"]["cost"]["total_fen"], 0);
}

/// R034, R250. Monday: li has eight hours of audit due at 18:00, wang nothing; an hour of tax for li's
/// client is due at 10:00, and all lateness costs ¥1.00 an hour. As it is wang does the hour, for
/// nothing. At ¥500.00 for not being his, li does: his audit goes on until Tuesday 10:00, 16 hours
/// late, ¥16.00.
#[test]
fn a_price_that_would_be_another_makes_another_plan() {
    let bench = Bench::new("cli-what-if-prices");
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    firm["skills"] = json!([{"id": "tax"}, {"id": "audit"}]);
    firm["people"][1]["skills"] =
        json!(["tax", "audit"].map(|id| json!({"skill": id, "level": 3})));
    firm["clients"] = json!([{"id": "acme", "owner": "li"}]);
    let job = |id: &str, skill: &str, minutes: u32, due: &str| {
        json!({"id": id, "due": due, "curves": [{"kind": "urgency", "per_hour_fen": 100}],
            "steps": [{"id": "do", "seats": [{"skill": skill}], "minutes": minutes}]})
    };
    let mut hour = job("hour", "tax", 60, "2026-03-09T10:00");
    hour["client"] = json!("acme");
    firm["tickets"] = json!([job("books", "audit", 480, "2026-03-09T18:00"), hour]);
    bench.put("scenario.json", &firm.to_string());
    let set = "prices prices.off_owner_fen=50000";
    let asked = ["plan", ".", "--rounds", "2", "--format", "json", "--set", set];
    let once = bench.run(&asked).expect(0).out;
    assert_eq!(once, bench.run(&asked).expect(0).out, "the same again");
    let told: Value = serde_json::from_str(&once).unwrap();
    let total = |side: &str| told[side]["cost"]["total_fen"].clone();
    assert_eq!((total("before"), total("after")), (json!(0), json!(1_600)), "{told}");
    assert_eq!((&told["other_people"], &told["other_start"]), (&json!(1), &json!(1)), "{told}");
}

#[test]
fn a_list_that_is_wrong_is_refused_with_its_place() {
    let bench = Bench::new("cli-what-if-wrong");
    two_days(&bench);
    let list = json!({"format": "paidan-changes/1",
        "changes": [{"kind": "remove_person", "person": "nobody"}]});
    bench.put("changes.json", &serde_json::to_string_pretty(&list).unwrap());
    let run = bench.run(&["plan", ".", "--what-if", "changes.json"]).expect(2);
    assert!(run.err.contains("changes.json") && run.err.contains("S101"), "{}", run.err);
    let run = bench.run(&["plan", ".", "--set", "person=an"]).expect(2);
    assert!(run.err.contains("cannot read"), "{}", run.err);
    for document in ["changes", "what-if"] {
        let schema = bench.run(&["schema", document]).expect(0).out;
        assert!(schema.contains("clone_person"), "{document}");
    }
}
