//! `front`: the table, the document, the curve, and the plan that is chosen.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::bench::{Bench, FIRM};
use serde_json::{Value, json};

/// Two jobs of a day for one person, due on Monday 18:00: 100 yuan an hour of urgency, 150 of
/// client value. Whichever is second is 24 hours late.
fn two_days(bench: &Bench) {
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    let job = |id: &str, kind: &str, rate: u32| {
        json!({"id": id, "due": "2026-03-09T18:00",
            "curves": [{"kind": kind, "per_hour_fen": rate}],
            "steps": [{"id": "file", "seats": [{"skill": "tax"}], "minutes": 480}]})
    };
    firm["tickets"] = json!([job("rush", "urgency", 10_000), job("key", "client_value", 15_000)]);
    firm["people"].as_array_mut().unwrap().pop();
    bench.put("scenario.json", &firm.to_string());
}

const SWEEP: [&str; 6] = ["front", ".", "--rounds", "1", "--weights", "1:0.001,0.001:1"];

/// R034. What each weight costs, in both languages; 24 × 100 = ¥2,400 and 24 × 150 = ¥3,600.
#[test]
fn the_table_tells_what_each_weight_costs() {
    let bench = Bench::new("cli-front");
    two_days(&bench);
    let run = bench.run(&SWEEP).expect(0);
    for words in [
        "Urgency against client value",
        "1 : 0.001",
        "the scenario's weights",
        "1 more weights tried: 1 come to the same",
        "from 1 : 1 to 1 : 0.001: saves ¥2,400.00 of urgency, costs ¥3,600.00 more of client value",
    ] {
        assert!(run.out.contains(words), "{words}\n{}", run.out);
    }
    assert!(run.err.contains("[1/3] weights 1 : 1: weighted cost ¥2,400.00"), "{}", run.err);
    let zh = bench.run(&[&SWEEP[..], &["--lang", "zh"]].concat()).expect(0);
    let words = "由 1 : 1 改为 1 : 0.001：紧急损失省 ¥2,400.00，客户价值损失多 ¥3,600.00";
    assert!(zh.out.contains(words) && zh.out.contains("场景的权重"), "{}", zh.out);
    assert!(zh.err.contains("[3/3] 权重 0.001 : 1"), "{}", zh.err);
}

/// R252. The document is the same on any number of threads, and has a schema.
#[test]
fn the_document_lists_every_point_and_repeats() {
    let bench = Bench::new("cli-front-json");
    two_days(&bench);
    let text = |threads: &str| {
        let more = ["--format", "json", "--threads", threads];
        bench.run(&[&SWEEP[..], &more].concat()).expect(0).out
    };
    let one = text("1");
    assert_eq!(one, text("2"));
    let front: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(front["format"], "paidan-front/1");
    let points = front["points"].as_array().unwrap();
    let standings: Vec<&Value> = points.iter().map(|point| &point["standing"]).collect();
    assert_eq!(standings, ["on_front", "on_front", "repeats"]);
    assert_eq!(points[1]["is_policy"], true);
    assert_eq!(points[0]["amounts"]["client_value_fen"], 360_000);
    let schema = bench.run(&["schema", "front"]).expect(0);
    assert!(schema.out.contains("\"standing\"") && schema.out.contains("client_value_fen"));
}

/// The chosen plan records its weights and verifies; without them its bill is not what it says.
#[test]
fn the_chosen_plan_records_its_weights() {
    let bench = Bench::new("cli-front-choose");
    two_days(&bench);
    let chosen = ["--choose", "1:0.001", "--out", "chosen.json", "--svg", "front.svg"];
    let run = bench.run(&[&SWEEP[..], &chosen].concat()).expect(0);
    assert!(run.err.contains("wrote chosen.json") && run.err.contains("wrote front.svg"));
    let mut plan = bench.json("chosen.json");
    assert_eq!(plan["weights"], json!({"lambda_urgency": 1000, "lambda_client_value": 1}));
    assert_eq!(plan["provenance"]["sweep"]["points"].as_array().unwrap().len(), 3);
    // A thousandth of ¥3,600.
    assert_eq!(plan["cost"]["total_fen"], 360);
    let verified = bench.run(&["verify", ".", "chosen.json"]).expect(0);
    let words = "(urgency : client value = 1 : 0.001); at the scenario's it comes to ¥3,600.00";
    assert!(verified.out.contains(words), "{}", verified.out);
    let zh = bench.run(&["verify", ".", "chosen.json", "--lang", "zh"]).expect(0);
    assert!(zh.out.contains("按场景的权重合计 ¥3,600.00"), "{}", zh.out);
    let told = bench.run(&["explain", ".", "chosen.json", "key"]).expect(0);
    assert!(told.out.contains("¥3,600.00 (¥3.60 weighted)"), "{}", told.out);
    bench.run(&["export", ".", "chosen.json", "--report", "page.html"]).expect(0);
    assert!(bench.text("page.html").contains("client value) 1 : 0.001, chosen for this plan"));
    let next = ["plan", ".", "--previous", "chosen.json", "--rounds", "0", "--format", "json"];
    let next = bench.run(&next).expect(0);
    assert!(next.err.contains("the previous plan was made at weights 1 : 0.001"), "{}", next.err);
    assert!(!next.out.contains("\"weights\""), "it is made at the scenario's");
    plan.as_object_mut().unwrap().remove("weights");
    bench.put("forgetful.json", &plan.to_string());
    bench.run(&["verify", ".", "forgetful.json"]).expect(1);
}

/// Plans made at different weights are compared at the scenario's: ¥2,400 against ¥3,600.
#[test]
fn plans_of_different_weights_are_compared_on_one_scale() {
    let bench = Bench::new("cli-front-diff");
    two_days(&bench);
    bench.run(&["plan", ".", "--rounds", "1", "--out", "plan.json"]).expect(0);
    let chosen = ["--choose", "1:0.001", "--out", "chosen.json"];
    bench.run(&[&SWEEP[..], &chosen].concat()).expect(0);
    let diff = bench.run(&["diff", ".", "plan.json", "chosen.json"]).expect(0);
    assert!(diff.err.contains("both are priced at the scenario's"), "{}", diff.err);
    assert!(diff.out.contains("¥1,200.00"), "{}", diff.out);
    let same = bench.run(&["diff", ".", "chosen.json", "chosen.json"]).expect(0);
    assert_eq!(same.err, "");
}

/// One curve per language, with axes in yuan and fen, the scenario's own point, and no reference
/// to anything outside.
#[test]
fn the_curve_stands_by_itself() {
    let bench = Bench::new("cli-front-svg");
    two_days(&bench);
    bench.run(&[&SWEEP[..], &["--svg", "en.svg"]].concat()).expect(0);
    bench.run(&[&SWEEP[..], &["--svg", "zh.svg", "--lang", "zh"]].concat()).expect(0);
    let (en, zh) = (bench.text("en.svg"), bench.text("zh.svg"));
    for words in ["urgency loss (¥)", "client-value loss (¥)", "¥2,500.00", "class=\"own\""] {
        assert!(en.contains(words), "{words}");
    }
    assert!(zh.contains("紧急损失（¥）") && zh.contains("场景的权重"));
    for text in [&en, &zh] {
        assert_eq!(text.matches("http").count(), 1, "the name space and nothing else");
        assert!(text.contains("prefers-color-scheme: dark"));
        assert!(!text.contains("<script") && !text.contains("url("));
    }
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_planned() {
    let bench = Bench::new("cli-front-refused");
    for wrong in [
        &["--weights", "0:0"][..],
        &["--weights", "1:101"],
        &["--points", "0"],
        &["--points", "3", "--weights", "1:1"],
        &["--choose", "1:1"],
        &["--out", "plan.json"],
        &["--svg", "scenario.json"],
        &["--choose", "1:1", "--out", "x", "--svg", "x"],
    ] {
        bench.run(&[&["front", ".", "--rounds", "0"], wrong].concat()).expect(2);
    }
    assert_eq!(bench.text("scenario.json"), FIRM);
}

/// Costs that cannot be reckoned with at the weights asked for are told as the scenario's fault:
/// 10^10 fen a day for some 20,000 days in 300 curves is 6 × 10^16, which fits; not so 100 times it.
#[test]
fn weights_too_large_for_the_amounts_are_refused() {
    let bench = Bench::new("cli-front-heavy");
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    let curve = json!({
        "kind": "urgency", "after": "1970-01-02T00:00", "per_day_fen": 10_000_000_000_i64
    });
    firm["tickets"][0]["curves"] = Value::Array(vec![curve; 300]);
    bench.put("scenario.json", &firm.to_string());
    bench.run(&["verify", ".", "hand.json"]).expect(0);
    let heavy = bench.run(&["front", ".", "--rounds", "0", "--weights", "100:1"]).expect(2);
    assert!(heavy.err.contains("S215"), "{}", heavy.err);
    let mut plan = bench.json("hand.json");
    plan["weights"] = json!({"lambda_urgency": 100_000, "lambda_client_value": 1000});
    bench.put("hand.json", &plan.to_string());
    let broken = bench.run(&["verify", ".", "hand.json"]).expect(1);
    assert!(broken.out.contains("too large to reckon with"), "{}", broken.out);
}

/// A shipped scenario, as a user would: a table, and a curve.
#[test]
fn the_shipped_morning_has_a_front() {
    let bench = Bench::new("cli-front-morning");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/01-morning");
    let sweep = ["front", shipped, "--rounds", "0", "--points", "3", "--format", "json"];
    let run = bench.run(&sweep).expect(0);
    let front: Value = serde_json::from_str(&run.out).unwrap();
    let points = front["points"].as_array().unwrap();
    let amount = |row: usize, kind: &str| points[row]["amounts"][kind].as_i64().unwrap();
    assert_eq!(points.len(), 3);
    assert!(amount(0, "urgency_fen") <= amount(2, "urgency_fen"));
    assert!(amount(2, "client_value_fen") <= amount(0, "client_value_fen"));
    let chosen = ["--choose", "0.001:1", "--out", "plan.json"];
    bench.run(&[&sweep[..], &chosen].concat()).expect(0);
    bench.run(&["verify", shipped, "plan.json"]).expect(0);
}

/// R253. Interrupted, it tells the points it knows and exits with 130. The policy counts client
/// value alone, of which there is none, so its point is proven at once; the next goes on and on.
#[test]
fn an_interrupted_front_tells_the_points_it_knows() {
    let bench = Bench::new("cli-front-interrupt");
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    let job = |row: u32| {
        let skill = json!([{"skill": "tax"}]);
        json!({"id": format!("t{row}"), "due": "2026-03-09T12:00",
            "curves": [{"kind": "urgency", "per_hour_fen": 1000 + row * 137 % 900}],
            "steps": [{"id": "one", "seats": skill, "minutes": 31 + row * 17 % 53},
                {"id": "two", "seats": skill, "minutes": 23 + row * 29 % 47,
                 "after": [{"step": "one"}]}]})
    };
    firm["tickets"] = json!((0..18).map(job).collect::<Vec<Value>>());
    firm["policy"] = json!({"lambda_urgency": 0, "lambda_client_value": 1000});
    bench.put("scenario.json", &firm.to_string());
    let sweep = ["front", ".", "--rounds", "1000000", "--weights", "1:1,1:0"];
    let mut command = bench.command(&sweep);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("[1/3] weights 0 : 1"), "{first}");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("interrupted: "), "{table}");
}
