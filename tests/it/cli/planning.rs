//! `plan`: what is written where, what repeats, and what an interruption leaves behind.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::bench::{BY_HAND, Bench, FIRM, Run};

#[test]
fn a_plan_is_written_and_verifies() {
    let bench = Bench::new("cli-plan");
    let arguments = ["plan", ".", "--rounds", "3", "--out", "plan.json", "--report", "plan.html"];
    let run = bench.run(&arguments).expect(0);
    // t2 and t3 first, one each; t1 after one of them ends at 12:00, two hours late: 2 × ¥60.
    // Or t1 first and t2 an hour late: 1 × ¥120. Either way ¥120 in all.
    assert!(run.out.contains("¥120.00"), "{}", run.out);
    assert!(run.err.contains("wrote plan.json") && run.err.contains("wrote plan.html"));
    assert_eq!(bench.json("plan.json")["cost"]["total_fen"], 12_000);
    assert!(bench.text("plan.html").contains("<svg"));
    bench.run(&["verify", ".", "plan.json"]).expect(0);
    assert_eq!(bench.files(), ["hand.json", "plan.html", "plan.json", "scenario.json"]);
}

/// R039: what of a morning is taken in, what comes late, what is left out, and the cost of each.
#[test]
fn a_plan_is_summed_up_by_what_is_served_late_and_left_out_each_with_its_cost() {
    let bench = Bench::new("cli-plan-summary");
    let mut scenario = bench.json("scenario.json");
    let nobody = serde_json::json!({"id": "t4", "unserved": {"urgency_fen": 70_000},
        "steps": [{"id": "file", "seats": [{"skill": "tax", "level": 5}], "minutes": 60}]});
    scenario["tickets"].as_array_mut().unwrap().push(nobody);
    bench.put("scenario.json", &scenario.to_string());
    let out = bench.run(&["plan", ".", "--rounds", "3"]).expect(0).out;
    // ¥120 of lateness as above, ¥700 for the one that nobody can do.
    assert!(out.contains("4 tickets (1 late, 1 unserved)"), "{out}");
    for words in ["¥820.00", "¥120.00", "¥700.00"] {
        assert!(out.contains(words), "{words}: {out}");
    }
}

#[test]
fn json_on_the_standard_output_is_the_plan_and_nothing_else() {
    let bench = Bench::new("cli-plan-json");
    let arguments = ["plan", ".", "--rounds", "2", "--format", "json", "--out", "plan.json"];
    let run = bench.run(&arguments).expect(0);
    assert_eq!(run.out, bench.text("plan.json"));
}

#[test]
fn rows_on_the_standard_output_are_one_per_step() {
    let bench = Bench::new("cli-plan-csv");
    let run = bench.run(&["plan", ".", "--rounds", "2", "--format", "csv"]).expect(0);
    assert_eq!(run.out.lines().count(), 1 + 3, "{}", run.out);
}

/// R252: provenance that is the same makes the same bytes, whatever the machine.
#[test]
fn one_two_and_eight_threads_write_the_same_bytes() {
    let bench = Bench::new("cli-threads");
    let bytes = |threads: &str| {
        let rounds = ["plan", ".", "--rounds", "3", "--seed", "7", "--format", "json"];
        bench.run(&[&rounds[..], &["--threads", threads]].concat()).expect(0).out
    };
    let one = bytes("1");
    assert_eq!(one, bytes("2"));
    assert_eq!(one, bytes("8"));
}

#[test]
fn outputs_that_cannot_be_written_are_found_before_anything_is_read() {
    let bench = Bench::new("cli-unwritable");
    // The scenario is wrong as well: had it been read first, the exit code would be 2.
    bench.put("scenario.json", "not a scenario");
    fs::create_dir(bench.path("folder")).unwrap();
    for out in ["nowhere/plan.json", "folder"] {
        for option in ["--out", "--report"] {
            let run = bench.run(&["plan", ".", option, out]).expect(4);
            assert!(run.err.contains(&format!("cannot write {out}")), "{}", run.err);
        }
    }
    assert_eq!(bench.files(), ["folder", "hand.json", "scenario.json"]);
}

#[test]
fn an_output_never_falls_on_an_input_or_another_output() {
    let bench = Bench::new("cli-overwrite");
    for outputs in [&["--out", "scenario.json"][..], &["--out", "x", "--report", "x"]] {
        let run = bench.run(&[&["plan", "."], outputs].concat()).expect(2);
        assert!(run.err.contains("would overwrite"), "{}", run.err);
    }
    assert_eq!(bench.text("scenario.json"), FIRM);
}

#[test]
fn a_plan_that_is_written_over_is_whole_before_and_after() {
    let bench = Bench::new("cli-replace");
    bench.put("plan.json", BY_HAND);
    let again = ["plan", ".", "--previous", "plan.json", "--rounds", "2", "--out", "plan.json"];
    bench.run(&again).expect(0);
    bench.run(&again).expect(0);
    bench.run(&["verify", ".", "plan.json"]).expect(0);
    bench.put("scenario.json", "{}");
    let before = bench.text("plan.json");
    bench.run(&again).expect(2);
    assert_eq!(bench.text("plan.json"), before);
}

#[test]
fn progress_is_told_on_the_standard_error_when_asked() {
    let bench = Bench::new("cli-ticker");
    // One that is not proven the best within four rounds.
    let hard =
        ["generate", "--tickets", "30", "--people", "5", "--load", "1.6", "--out", "hard.json"];
    bench.run(&hard).expect(0);
    let quiet = bench.run(&["plan", "hard.json", "--rounds", "4", "--format", "json"]).expect(0);
    assert_eq!(quiet.err, "");
    let every = ["plan", "hard.json", "--rounds", "4", "--format", "json", "--progress-every", "2"];
    let told = bench.run(&every).expect(0);
    assert_eq!(told.err.lines().filter(|line| line.starts_with("round ")).count(), 3, "0, 2, 4");
    assert_eq!(told.out, quiet.out);
}

/// R250's other half: a run cut short is not a run lost.
#[test]
fn an_interrupted_run_writes_its_best_plan_and_exits_with_130() {
    let bench = Bench::new("cli-interrupt");
    let arguments = ["plan", ".", "--rounds", "1000000", "--progress-every", "1"];
    let arguments = [&arguments[..], &["--out", "plan.json", "--format", "json"]].concat();
    let mut command = bench.command(&arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("round "), "{first}");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{}", rest.join("\n"));
    bench.run(&["verify", ".", "plan.json"]).expect(0);
}

#[test]
fn what_happened_since_the_morning_moves_the_plan_on() {
    let bench = Bench::new("cli-progress");
    bench.put(
        "eleven.json",
        r#"{
          "format": "paidan-progress/1",
          "as_of": "2026-03-09T11:00",
          "progress": [
            {"step": "t2/file", "state": "done", "people": ["li"],
             "start": "2026-03-09T09:00", "end": "2026-03-09T11:00"},
            {"step": "t3/file", "state": "begun", "people": ["wang"],
             "start": "2026-03-09T09:00", "remaining_minutes": 30}
          ],
          "absences": [
            {"person": "li",
             "absence": {"from": "2026-03-09T11:00", "to": "2026-03-14T00:00"}}
          ]
        }"#,
    );
    let options = ["--progress", "eleven.json", "--previous", "hand.json", "--rounds", "2"];
    let run = bench.run(&[&["plan", ".", "--format", "json"], &options[..]].concat()).expect(0);
    let plan: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let row = |ticket: &str| {
        let rows = plan["steps"].as_array().unwrap();
        rows.iter().find(|row| row["ticket"] == ticket).unwrap().clone()
    };
    assert_eq!(row("t2")["standing"], "done");
    assert_eq!(row("t3")["standing"], "begun");
    // Li is away and Wang is busy until 11:30.
    assert_eq!(row("t1")["people"][0], "wang");
    assert_eq!(row("t1")["start"], "2026-03-09T11:30+08:00");
    bench.put("eleven.json", &bench.text("eleven.json").replace("\"li\",\n", "\"lin\",\n"));
    let run = bench.run(&[&["plan", "."], &options[..]].concat()).expect(2);
    assert!(run.err.contains("no person called \"lin\""), "{}", run.err);
}

#[test]
fn a_gap_that_is_reached_ends_the_search() {
    let bench = Bench::new("cli-gap");
    let arguments = ["plan", ".", "--until-gap", "100%", "--rounds", "9", "--format", "json"];
    let run = bench.run(&arguments).expect(0);
    let plan: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    // No gap is wider than 100 %, so the best priority rule's plan will do.
    assert_eq!(plan["provenance"]["rounds"], 0);
}

#[test]
fn a_pin_that_a_ticket_under_way_cannot_keep_is_refused_and_named() {
    let bench = Bench::new("cli-refused");
    let first = r#"{"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60}"#;
    let second = r#"{"id": "review", "seats": [{"skill": "tax", "level": 3}], "minutes": 30,
                     "after": [{"step": "file"}]}"#;
    let two_steps = FIRM.replacen(first, &format!("{first}, {second}"), 1);
    // Li works on t1 until 10:00, so its review cannot start at 09:30.
    let facts = r#""pins": [{"step": "t2/file", "people": ["wang"]},
                            {"step": "t1/review", "start": "2026-03-09T09:30"}],
                   "progress": [{"step": "t1/file", "state": "begun", "people": ["li"],
                                 "start": "2026-03-09T08:30", "remaining_minutes": 60}],
                   "tickets""#;
    bench.put("scenario.json", &two_steps.replace("\"tickets\"", facts));
    let run = bench.run(&["plan", ".", "--rounds", "1", "--out", "plan.json"]).expect(3);
    assert!(run.err.contains("these pins conflict: t1/review\n"), "{}", run.err);
    assert!(!bench.path("plan.json").exists());
}

#[test]
fn holidays_come_from_a_file_without_a_new_build() {
    let bench = Bench::new("cli-holidays");
    bench.put(
        "closed.json",
        r#"{"format": "paidan-holidays/1", "id": "china", "years": [
            {"year": 2026, "notice": "for the test", "off": ["2026-03-09"], "work": []}]}"#,
    );
    let arguments = ["plan", ".", "--holidays", "closed.json", "--rounds", "1", "--format", "json"];
    let plan: serde_json::Value =
        serde_json::from_str(&bench.run(&arguments).expect(0).out).unwrap();
    for step in plan["steps"].as_array().unwrap() {
        assert!(step["start"].as_str().unwrap() >= "2026-03-10", "{step}");
    }
}

#[test]
fn the_digest_follows_the_meaning_and_not_the_spelling() {
    let bench = Bench::new("cli-digest");
    let digest = || {
        let run = bench.run(&["plan", ".", "--rounds", "0", "--format", "json"]).expect(0);
        let plan: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        plan["provenance"]["digest"].as_str().unwrap().to_owned()
    };
    let first = digest();
    assert_eq!(first.len(), 64);
    bench.put("scenario.json", &FIRM.replace("  ", "\t"));
    assert_eq!(digest(), first);
    bench.put("scenario.json", &FIRM.replace("12000", "12001"));
    assert_ne!(digest(), first);
}

#[test]
fn a_reader_who_leaves_early_is_no_fault() {
    let bench = Bench::new("cli-pipe");
    let mut command = bench.command(&["schema", "scenario"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

#[test]
fn the_fallback_serves_a_ticket_more_and_can_be_switched_off() {
    let bench = Bench::new("cli-plan-fallback");
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/1x-tight-capacity");
    let out = |fallback: &str| {
        let arguments = ["plan", scenario, "--rounds", "17", "--out", "plan.json", "--fallback"];
        bench.run(&[&arguments[..], &[fallback]].concat()).expect(0);
        bench.json("plan.json")["unserved"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((out("on"), out("off")), (0, 1));
}
