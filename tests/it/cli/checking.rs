//! `verify` on plans made by hand.

use super::bench::{BY_HAND, Bench};

#[test]
fn a_plan_made_by_hand_is_completed_checked_and_priced() {
    let bench = Bench::new("cli-by-hand");
    let run = bench.run(&["verify", ".", "hand.json"]).expect(0);
    // t1 ends at 12:00, two hours late: 2 × ¥60.
    assert!(run.out.contains("keeps every rule") && run.out.contains("¥120.00"), "{}", run.out);
    let run = bench.run(&["verify", ".", "hand.json", "--format", "json"]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["bill"]["total_fen"], 12_000);
}

#[test]
fn a_plan_that_breaks_rules_exits_with_1_and_names_each() {
    let bench = Bench::new("cli-broken");
    // Li does t2 from 9 to 11 already: one at a time.
    bench.put("hand.json", &BY_HAND.replace("T11:00", "T10:00"));
    let run = bench.run(&["verify", ".", "hand.json"]).expect(1);
    assert!(run.out.contains("H4") && run.out.contains("breaks 1 rule"), "{}", run.out);
    let run = bench.run(&["verify", ".", "hand.json", "--format", "json"]).expect(1);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["violations"][0]["rule"], "H4");
}
