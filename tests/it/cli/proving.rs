//! `prove`: how far a plan is from the best, whoever made it.

use super::bench::Bench;

#[test]
fn a_proof_tells_cost_bound_and_gap_of_a_plan() {
    let bench = Bench::new("cli-prove");
    let plan = ["plan", ".", "--rounds", "3", "--out", "plan.json"];
    bench.run(&plan).expect(0);
    let run = bench.run(&["prove", ".", "plan.json", "--steps", "30", "--lang", "en"]).expect(0);
    // The plan costs ¥120.00 (see `planning`).
    assert!(run.out.starts_with("plan: ¥120.00\n"), "{}", run.out);
    assert!(!run.err.contains("does not stand up"), "{}", run.err);
    let arguments = ["prove", ".", "plan.json", "--steps", "30", "--format", "json"];
    let (once, again) = (bench.run(&arguments).expect(0), bench.run(&arguments).expect(0));
    assert_eq!(once.out, again.out, "so many steps give the same bound");
    let proof: serde_json::Value = serde_json::from_str(&once.out).unwrap();
    assert_eq!((&proof["given"], &proof["cost_fen"]), (&true.into(), &12_000.into()));
    assert!(proof["bound"]["value_fen"].as_i64().unwrap() <= 12_000);
}

#[test]
fn a_plan_that_does_not_stand_up_is_told_and_not_measured() {
    let bench = Bench::new("cli-prove-fallen");
    bench.run(&["plan", ".", "--rounds", "3", "--out", "plan.json"]).expect(0);
    let mut plan = bench.json("plan.json");
    plan["steps"][1] = plan["steps"][0].clone();
    bench.put("plan.json", &plan.to_string());
    for (lang, word) in [("en", "does not stand up"), ("zh", "站不住")] {
        let arguments = ["prove", ".", "plan.json", "--steps", "3", "--lang", lang];
        let run = bench.run(&arguments).expect(0);
        assert!(run.err.contains(word), "{}", run.err);
    }
}
