//! Where faults are told: of plans that cannot be read, of files that change a scenario, of
//! documents with several faults.

use std::fs;

use super::bench::{BY_HAND, Bench, FIRM, Run};

/// A plan that names a ticket, a person and a step that are not there.
fn unreadable() -> String {
    BY_HAND
        .replace("\"ticket\": \"t1\"", "\"ticket\": \"t9\"")
        .replace("\"wang\"", "\"wong\"")
        .replace("\"t2\", \"step\": \"file\"", "\"t2\", \"step\": \"fly\"")
}

#[test]
fn plans_that_cannot_be_read_are_neither_compared_nor_exported() {
    let bench = Bench::new("cli-unreadable");
    bench.put("bad.json", &unreadable());
    for arguments in [
        &["diff", ".", "hand.json", "bad.json"][..],
        &["diff", ".", "bad.json", "hand.json"],
        &["export", ".", "bad.json", "--csv", "plan.csv"],
    ] {
        let run = bench.run(arguments).expect(2);
        assert!(run.out.is_empty(), "{}", run.out);
        for part in ["\"t9\"", "\"wong\"", "\"fly\"", "cannot be read in 3 places"] {
            assert!(run.err.contains(part), "{part}: {}", run.err);
        }
    }
    assert!(!bench.path("plan.csv").exists());
    let run = bench.run(&["diff", ".", "bad.json", "bad.json", "--lang", "zh"]).expect(2);
    assert_eq!(run.err.matches("bad.json：计划有 3 处无法读懂").count(), 2, "{}", run.err);
}

/// The report lies in its own file, so that is where its faults stand.
#[test]
fn faults_of_progress_stand_in_the_file_of_progress() {
    let bench = Bench::new("cli-progress-faults");
    bench.put(
        "eleven.json",
        r#"{
  "format": "paidan-progress/1",
  "as_of": "2026-03-09T11:00",
  "progress": [
    {"step": "t2/file", "state": "done", "people": ["li"],
     "start": "2026-03-09T09:00", "end": "2026-03-09T11:00"},
    {"step": "t9/file", "state": "done", "people": ["li"],
     "start": "2026-03-09T09:00", "end": "2026-03-09T10:00"}
  ],
  "absences": [
    {"person": "wang",
     "absence": {"from": "2026-03-09T12:00", "to": "2026-03-09T11:00"}},
    {"person": "lin",
     "absence": {"from": "2026-03-09T11:00", "to": "2026-03-14T00:00"}}
  ]
}"#,
    );
    let run = bench.run(&["plan", ".", "--progress", "eleven.json", "--rounds", "1"]).expect(2);
    // line 7, column 14: the value of "step" in the second row
    for part in [
        "eleven.json:7:14: error[S101]",
        "at $.progress[1].step",
        "eleven.json:12:",
        "at $.absences[0].absence",
        "eleven.json:13:16: error[S101] there is no person called \"lin\"",
        "did you mean \"li\"?",
        "eleven.json: 3 errors",
    ] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert!(!run.err.contains("scenario.json:"), "{}", run.err);
}

#[test]
fn faults_of_a_holiday_table_and_of_the_scenario_are_told_together() {
    let bench = Bench::new("cli-holiday-faults");
    bench.put("scenario.json", &FIRM.replace("\"id\": \"t2\"", "\"id\": \"t1\""));
    bench.put(
        "table.json",
        r#"{"format": "paidan-holidays/1", "id": "china", "years": [
            {"year": 2026, "notice": "for the test", "off": ["2025-03-09"], "work": []}]}"#,
    );
    let run = bench.run(&["plan", ".", "--holidays", "table.json", "--rounds", "1"]).expect(2);
    assert!(run.err.contains("table.json:2:") && run.err.contains("[S224]"), "{}", run.err);
    assert!(run.err.contains("at $.years[0]"), "{}", run.err);
    assert!(run.err.contains("scenario.json:41:13: error[S102]"), "{}", run.err);
}

#[test]
fn faults_of_form_do_not_hide_faults_of_meaning() {
    let bench = Bench::new("cli-both-stages");
    let wrong = FIRM
        .replace("\"per_hour_fen\": 6000", "\"per_hour_fen\": NaN")
        .replace("\"id\": \"t3\",", "\"id\": \"t3\", \"client\": \"acme\", \"after\": [\"t1\"],");
    bench.put("scenario.json", &wrong);
    let run = bench.run(&["plan", ".", "--rounds", "1"]).expect(2);
    assert!(
        run.err.contains("[J007]") && run.err.contains("$.tickets[0].curves[0]"),
        "{}",
        run.err
    );
    assert!(run.err.contains("no client called \"acme\""), "{}", run.err);
    assert!(run.err.contains("$.tickets[2].client"), "{}", run.err);
    // t1 is there, though it is faulty: nobody is told that it is missing.
    assert!(run.err.contains("2 errors"), "{}", run.err);
}

#[test]
fn misused_arguments_are_told_in_chinese_where_it_is_spoken() {
    let bench = Bench::new("cli-misuse");
    for (arguments, parts) in [
        (&["plan", "--lang", "zh"][..], &["缺少参数：<SCENARIO>"][..]),
        (&["plan", ".", "--secnds", "3"], &["没有参数“--secnds”", "是不是“--seconds”"]),
        (&["plan", ".", "--format", "tabel"], &["“tabel”不对", "table"]),
        (&["plan", ".", "--until-gap", "wide"], &["“wide”不对：应为百分比，如 5%"]),
        (&["plan", ".", "--lanes", "0"], &["“0”不对：应在 1..=256 之内"]),
        (&["plan", ".", "--rounds", "3", "--seconds", "3"], &["不能与"]),
        (&["paln"], &["没有命令“paln”", "是不是“plan”"]),
    ] {
        let mut command = bench.command(arguments);
        let run = Run::of(command.env("LANG", "zh_CN.UTF-8").output().unwrap()).expect(2);
        for part in parts {
            assert!(run.err.contains(part), "{part}: {}", run.err);
        }
        assert!(!run.err.contains("error"), "{}", run.err);
    }
    let run = bench.run(&["plan", ".", "--secnds", "3"]).expect(2);
    assert!(run.err.contains("unexpected argument"), "{}", run.err);
}

#[test]
fn what_the_system_says_is_told_in_chinese() {
    let bench = Bench::new("cli-system");
    fs::create_dir(bench.path("folder")).unwrap();
    bench.put("queue.xlsx", "no workbook");
    for (arguments, code, part) in [
        (&["verify", "none.json", "hand.json"][..], 2, "无法读取 none.json：文件或文件夹不存在"),
        (&["verify", ".", "folder"], 2, "无法读取 folder：这是一个文件夹"),
        (&["plan", ".", "--out", "folder"], 4, "无法写入 folder：这是一个文件夹"),
        (&["import", ".", "queue.xlsx"], 2, "不是 XLSX 文件"),
    ] {
        let run = bench.run(&[arguments, &["--lang", "zh"]].concat()).expect(code);
        assert!(run.err.contains(part), "{part}: {}", run.err);
        assert!(!run.err.contains("位于 \n"), "{}", run.err);
    }
}

#[test]
fn a_target_that_may_not_be_written_or_is_the_source_is_refused() {
    let bench = Bench::new("cli-read-only");
    bench.put("plan.json", BY_HAND);
    let mut rights = fs::metadata(bench.path("plan.json")).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(bench.path("plan.json"), rights).unwrap();
    // The scenario is wrong as well: had it been read first, the exit code would be 2.
    bench.put("scenario.json", "not a scenario");
    let run = bench.run(&["plan", ".", "--out", "plan.json"]).expect(4);
    assert!(run.err.contains("cannot write plan.json"), "{}", run.err);
    let run = bench.run(&["plan", ".", "--out", "scenario.json"]).expect(2);
    assert!(run.err.contains("would overwrite"), "{}", run.err);
    assert_eq!(bench.text("scenario.json"), "not a scenario");
}
