//! `schema`, `upgrade`, help, and documents that are wrong.

use std::io::Write as _;
use std::process::Stdio;

use super::bench::{Bench, FIRM, Run};

#[test]
fn help_lists_the_commands_and_the_exit_codes() {
    let help = Bench::new("cli-help").run(&["--help"]).expect(0).out;
    for command in
        ["plan", "verify", "explain", "diff", "move", "import", "export", "generate", "audit"]
    {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
    }
    for code in ["0    done", "1    the plan", "2    bad", "3    refused", "4    some", "130  int"]
    {
        assert!(help.contains(&format!("\n  {code}")), "{code}: {help}");
    }
}

/// R076: what is said of a happening is told where it is said; words of closed lists are named.
#[test]
fn help_lists_the_particulars_of_every_kind_of_happening() {
    let help = Bench::new("cli-help-kinds").run(&["ticket", "do", "--help"]).expect(0).out;
    for line in [
        "  returned  reason, [code=format|figures|kind|material|regulation]\n",
        "  delivered  steps, [tracking]\n",
        "  acknowledged\n",
        "  signed  [digest]\n",
        "  reassigned  crew={driver, liaison, reviewer}, reason\n",
    ] {
        assert!(help.contains(line), "{line}: {help}");
    }
    assert!(!help.contains("\n  quoted"), "{help}");
}

#[test]
fn arguments_that_make_no_sense_exit_with_2() {
    let bench = Bench::new("cli-arguments");
    for arguments in [
        &["plan"][..],
        &["plan", ".", "--rounds", "3", "--seconds", "3"],
        &["plan", ".", "--seconds", "0"],
        &["plan", ".", "--until-gap", "wide"],
        &["paint"],
    ] {
        let run = bench.run(arguments).expect(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn everything_wrong_with_a_scenario_is_told_at_once_with_its_line() {
    let bench = Bench::new("cli-wrong");
    let wrong = FIRM.replace("\"due\": \"2026-03-09T10:00\"", "\"deu\": \"2026-03-09T10:00\"");
    bench.put("scenario.json", &wrong.replace("\"minutes\": 60", "\"minutes\": 0"));
    let line = |part: &str| bench.text("scenario.json").lines().position(|l| l.contains(part));
    for arguments in [&["verify", ".", "hand.json"][..], &["plan", ".", "--out", "plan.json"]] {
        let run = bench.run(arguments).expect(2);
        assert!(run.out.is_empty(), "{}", run.out);
        assert!(run.err.contains("2 errors"), "{}", run.err);
        for part in ["\"deu\"", "\"minutes\": 0"] {
            let place = format!("scenario.json:{}:", line(part).unwrap() + 1);
            assert!(run.err.contains(&place), "{place} in {}", run.err);
        }
    }
    assert_eq!(bench.files(), ["hand.json", "scenario.json"]);
}

#[test]
fn faults_of_meaning_have_a_line_too() {
    let bench = Bench::new("cli-meaning");
    bench.put("scenario.json", &FIRM.replace("\"id\": \"t2\"", "\"id\": \"t1\""));
    let run = bench.run(&["plan", ".", "--rounds", "1"]).expect(2);
    assert!(run.err.contains("[S102]") && run.err.contains("scenario.json:41:13:"), "{}", run.err);
}

#[test]
fn a_file_that_is_not_there_is_bad_input() {
    let run = Bench::new("cli-absent").run(&["verify", "nowhere.json", "hand.json"]).expect(2);
    assert!(run.err.contains("cannot read nowhere.json"), "{}", run.err);
}

#[test]
fn the_language_follows_the_environment_and_the_option_wins() {
    let bench = Bench::new("cli-language");
    let mut command = bench.command(&["verify", "nowhere.json", "hand.json"]);
    let run = Run::of(command.env("LANG", "zh_CN.UTF-8").output().unwrap()).expect(2);
    assert!(run.err.contains("无法读取"), "{}", run.err);
    let mut command = bench.command(&["verify", "nowhere.json", "hand.json", "--lang", "en"]);
    let run = Run::of(command.env("LANG", "zh_CN.UTF-8").output().unwrap()).expect(2);
    assert!(run.err.contains("cannot read"), "{}", run.err);
}

#[test]
fn a_scenario_comes_in_through_standard_input_too() {
    let bench = Bench::new("cli-stdin");
    let mut command = bench.command(&["verify", "-", "hand.json"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(FIRM.as_bytes()).unwrap();
    Run::of(child.wait_with_output().unwrap()).expect(0);
}

#[test]
fn schemas_are_printed_for_every_document() {
    let bench = Bench::new("cli-schema");
    for (document, field) in [
        ("scenario", "tickets"),
        ("plan", "steps"),
        ("progress", "absences"),
        ("holidays", "years"),
        ("hours", "skills"),
        ("required-staff", "least"),
        ("training", "people"),
        ("forecast", "months_permille"),
    ] {
        let out = bench.run(&["schema", document]).expect(0).out;
        let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(schema["properties"][field].is_object(), "{document}");
    }
}

#[test]
fn an_older_scenario_is_refused_with_advice_and_upgraded() {
    let bench = Bench::new("cli-upgrade");
    let old = FIRM
        .replace("paidan-scenario/1", "paidan-scenario/0")
        .replace("\"due\"", "\"due_at\"")
        .replace("\"people\": [\n", "\"staff\": [\n");
    bench.put("old.json", &old);
    let run = bench.run(&["verify", "old.json", "hand.json"]).expect(2);
    assert!(run.err.contains("paidan upgrade"), "{}", run.err);
    bench.run(&["upgrade", "old.json", "--out", "new.json"]).expect(0);
    assert_eq!(bench.text("new.json"), FIRM);
    assert_eq!(bench.text("old.json"), old);
    bench.run(&["upgrade", "hand.json", "--out", "none/new.json"]).expect(4);
    let mut command = bench.command(&["upgrade", "-"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(old.as_bytes()).unwrap();
    assert_eq!(Run::of(child.wait_with_output().unwrap()).expect(0).out, FIRM);
}

/// The older document is kept under its version, and never written over another file; what cannot
/// be upgraded or is current stays as it is, with nothing beside it.
#[test]
fn a_document_is_upgraded_in_place_and_the_older_one_is_kept() {
    let bench = Bench::new("cli-upgrade-in-place");
    let old = FIRM.replace("paidan-scenario/1", "paidan-scenario/0");
    for arguments in [&["upgrade", "a.json"][..], &["upgrade", "b.json", "--out", "./b.json"]] {
        let (name, kept) = (arguments[1], format!("{}.v0", arguments[1]));
        bench.put(name, &old);
        let run = bench.run(arguments).expect(0);
        assert!(run.out.is_empty() && run.err.contains(&kept), "{} {}", run.out, run.err);
        assert_eq!((bench.text(name), bench.text(&kept)), (FIRM.to_owned(), old.clone()));
        // Current by now.
        let run = bench.run(arguments).expect(0);
        assert!(run.err.contains("current version already"), "{}", run.err);
        assert_eq!((bench.text(name), bench.text(&kept)), (FIRM.to_owned(), old.clone()));
    }
    bench.put("a.json", &old);
    bench.put("a.json.v0", "something else");
    let run = bench.run(&["upgrade", "a.json"]).expect(2);
    assert!(run.err.contains("a.json.v0 is there already"), "{}", run.err);
    assert_eq!((bench.text("a.json"), bench.text("a.json.v0").as_str()), (old, "something else"));
    bench.put("c.json", "{\"format\": \"paidan-scenario/9\"}");
    bench.run(&["upgrade", "c.json"]).expect(2);
    let files =
        ["a.json", "a.json.v0", "b.json", "b.json.v0", "c.json", "hand.json", "scenario.json"];
    assert_eq!(bench.files(), files);
}
