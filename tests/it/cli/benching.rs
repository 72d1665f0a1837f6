//! `bench`, and public instances by `import`.

use std::fs;

use super::bench::Bench;

/// Two instances of three jobs on one machine; the best plans cost 2 and 0.
const SINGLE: &str = "3 2 4\n1 5 2\n3 2 9\n 2 2 2\n1 1 1\n6 6 6\n";

/// Three jobs on two machines of their own minutes; the best plan costs 15.
const UNRELATED: &str = "3 2\n3 1 2\n2 4 9\n5 1 3\n";

const BEST: &str = "instance,best_known,kind\nwt3-1,2,optimal\nwt3-2,0,optimal\nours,14,recalled\n";

/// A folder `set` with instances, a table of values and a file that is neither.
fn set(name: &str) -> Bench {
    let bench = Bench::new(name);
    fs::create_dir_all(bench.path("set/deep")).unwrap();
    bench.put("set/wt3.txt", SINGLE);
    bench.put("set/deep/ours.txt", UNRELATED);
    bench.put("set/best_known.csv", BEST);
    bench.put("set/INDEX.md", "# about the set\n");
    bench
}

/// The cells of the CSV, without its head, the columns that hold times left out.
fn cells(text: &str) -> Vec<Vec<String>> {
    let timed = [15, 16, 18, 19, 20, 21, 22, 23];
    let row = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(at, _)| !timed.contains(at));
        cells.map(|(_, cell)| cell.to_owned()).collect()
    };
    text.lines().skip(1).map(row).collect()
}

/// R252: the same instances, seeds and rounds give the same plans, told by their digests.
#[test]
fn instances_of_a_folder_are_run_and_summed_up() {
    let bench = set("bench-folder");
    let asked = ["bench", "set", "--rounds", "5", "--seeds", "1,2", "--csv"];
    let run = bench.run(&[&asked[..], &["one.csv"]].concat()).expect(0);
    assert!(run.out.contains("## smtwt: single machine, weighted tardiness"), "{}", run.out);
    assert!(run.out.contains("- 2 at the known value"), "{}", run.out);
    assert!(run.out.contains("optima of nought: 1 hit, 0 missed"), "{}", run.out);
    // 15 / 14 − 1 = 1 / 14 = 7.1429 %
    assert!(
        run.out.contains("apart from these 1 recalled values: mean gap 7.1429 %"),
        "{}",
        run.out
    );
    assert!(
        run.err.contains("[6/6] unrelated ours seed 2: 15 (recalled 14, 7.1429 %)"),
        "{}",
        run.err
    );

    bench.run(&[&asked[..], &["two.csv", "--threads", "1"]].concat()).expect(0);
    let (one, mut two) = (cells(&bench.text("one.csv")), cells(&bench.text("two.csv")));
    for (row, other) in one.iter().zip(&mut two) {
        other[7].clone_from(&row[7]);
    }
    assert_eq!(one, two, "threads do not count");
    assert_eq!(one.len(), 6);
    assert_eq!(one[0][..6], ["smtwt", "wt3-1", "", "1", "5 rounds", "4"]);
    assert_eq!(one[0][8..10], ["verified", "2"]);
}

#[test]
fn runs_on_file_are_not_made_again_and_a_torn_line_is_mended() {
    let bench = set("bench-resume");
    let asked = ["bench", "set", "--rounds", "5", "--seeds", "1", "--csv", "r.csv"];
    bench.run(&asked).expect(0);
    let first = bench.text("r.csv");
    let again = bench.run(&asked).expect(0);
    assert_eq!(bench.text("r.csv"), first);
    assert_eq!(again.err.matches(", on file").count(), 3, "{}", again.err);
    assert!(again.out.contains("- 2 at the known value"), "{}", again.out);

    // As if the program had been killed while it wrote the last row.
    bench.put("r.csv", &first[..first.len() - 20]);
    let mended = bench.run(&asked).expect(0);
    assert_eq!(mended.err.matches(", on file").count(), 2, "{}", mended.err);
    assert_eq!(cells(&bench.text("r.csv")), cells(&first));

    // Another seed is another run; a head torn in the middle is begun anew.
    bench.run(&["bench", "set", "--rounds", "5", "--seeds", "1,7", "--csv", "r.csv"]).expect(0);
    assert_eq!(cells(&bench.text("r.csv")).len(), 6);
    bench.put("r.csv", "family,inst");
    bench.run(&asked).expect(0);
    assert_eq!(cells(&bench.text("r.csv")), cells(&first));
}

/// R253: without a single round of search there is a verified plan.
#[test]
fn at_most_so_many_are_run_and_plans_and_scenarios_kept() {
    let bench = set("bench-keep");
    let asked = ["bench", "set", "--at-most", "1", "--rounds", "0", "--seeds", "3"];
    let kept = ["--plans", "plans", "--scenarios", "stated", "--markdown", "sum.md"];
    let run = bench.run(&[&asked[..], &kept[..]].concat()).expect(0);
    assert_eq!(run.out, "");
    assert!(run.err.contains("[2/2]"), "{}", run.err);
    assert!(bench.text("sum.md").starts_with("# paidan bench: results\n"));
    let (scenario, plan) =
        ("stated/smtwt-wt3-1.json", "plans/smtwt-wt3-1-seed3-0-rounds-lanes4.json");
    bench.run(&["verify", scenario, plan]).expect(0);
    assert!(bench.path("plans/unrelated-ours-seed3-0-rounds-lanes4.json").is_file());
    assert!(!bench.path("plans/smtwt-wt3-2-seed3-0-rounds-lanes4.json").exists());
}

#[test]
fn plans_of_the_minutes_form_are_written_in_it() {
    let bench = Bench::new("bench-minutes");
    bench.put("firm.json", &crate::bench::minutes::instance().to_string());
    // 827: see the tests of the form
    let asked = ["bench", "firm.json", "--rounds", "20", "--seeds", "1", "--plans", "plans"];
    let run = bench.run(&asked).expect(0);
    assert!(run.err.contains("[1/1] minutes firm seed 1: 827,"), "{}", run.err);
    let plan = bench.json("plans/minutes-firm-seed1-20-rounds-lanes4.minutes.json");
    assert_eq!(plan["steps"][1]["end"], 740);
    assert_eq!(
        bench.json("plans/minutes-firm-seed1-20-rounds-lanes4.json")["cost"]["total_fen"],
        827
    );
}

#[test]
fn scenarios_are_called_by_their_folders() {
    let bench = Bench::new("bench-scenario");
    let run = bench.run(&["bench", ".", "--rounds", "2", "--seeds", "1"]).expect(0);
    assert!(run.err.contains("[1/1] scenario bench-scenario seed 1:"), "{}", run.err);
}

#[test]
fn what_cannot_be_run_is_told_before_anything_is() {
    let bench = set("bench-faults");
    let named = bench.run(&["bench", "set/INDEX.md"]).expect(2);
    assert!(named.err.contains("error[B512]"), "{}", named.err);
    let none = bench.run(&["bench", "set", "--format-of", "hybrid"]).expect(2);
    assert!(none.err.contains("no instance in these files"), "{}", none.err);

    bench.put("set/deep/short.fjs", "1 1\n1 1 1 x\n");
    bench.put("set/deep/long.fjs", "1 1\n1 1 1 5\n9\n");
    let both = bench.run(&["bench", "set", "--csv", "r.csv", "--lang", "zh"]).expect(2);
    assert!(both.err.contains("错误[B502]") && both.err.contains("错误[B504]"), "{}", both.err);
    assert!(!both.err.contains("[1/"), "nothing was run: {}", both.err);

    bench.put("mine.csv", "name,money\nli,3\n");
    let foreign = bench.run(&["bench", "set/wt3.txt", "--csv", "mine.csv"]).expect(2);
    assert!(foreign.err.contains("error[B514]"), "{}", foreign.err);
    assert_eq!(bench.text("mine.csv"), "name,money\nli,3\n");
    bench.put("mine.csv", "a line of mine without an end");
    bench.run(&["bench", "set/wt3.txt", "--csv", "mine.csv"]).expect(2);
    assert_eq!(bench.text("mine.csv"), "a line of mine without an end");

    let twins = bench.run(&["bench", "set/deep/ours.txt", "set/deep/ours.txt"]).expect(2);
    assert!(twins.err.contains("two instances are called \"ours\""), "{}", twins.err);
}

#[test]
fn a_public_instance_becomes_a_scenario_to_work_with() {
    let bench = set("bench-import");
    let asked = ["import", "set/wt3.txt", "--format-of", "smtwt", "--instance", "wt3-2"];
    bench.run(&[&asked[..], &["--out", "two.json"]].concat()).expect(0);
    let plan = bench.run(&["plan", "two.json", "--rounds", "5", "--out", "plan-two.json"]);
    plan.expect(0);
    bench.run(&["verify", "two.json", "plan-two.json"]).expect(0);
    bench.run(&["explain", "two.json", "plan-two.json", "j1"]).expect(0);
    let wrong =
        bench.run(&["import", "set/wt3.txt", "--format-of", "smtwt", "--instance", "wt3-9"]);
    assert!(wrong.expect(2).err.contains("did you mean \"wt3-1\"?"));
    bench.run(&["import", "scenario.json"]).expect(2);
}
