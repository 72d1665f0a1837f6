//! Every form of instance, read and planned to its optimum.

use paidan::exchange::bench::{FEN_PER_UNIT, Family, Named, Wishes, guess, named, read};
use paidan::model::check::check;
use paidan::model::scenario::Scenario;
use paidan::planning::{Answer, Budget, Settings, plan};
use paidan::verify::{completed, verify};
use serde_json::json;

/// Two instances of three jobs: times, weights, due times.
pub(crate) const SINGLE: &str = "3 2 4\n1 5 2\n3 2 9\n 2 2 2\n1 1 1\n6 6 6\n";

/// Three resources and four tasks; two can only do what asks for level 0.
pub(crate) const PROJECT: &str = "\
=====
File name: ours.def
Tasks: 4
=====
ResourceID \t Salary \t Skills
1\t\t50.0\tQ0: 0\tQ1: 1
2\t\t40.0\tQ0: 1
3\t\t30.0\tQ1: 0
=====
TaskID \t Duration \t Skill \t Predecessor IDs
1\t\t5\tQ0: 1
2\t\t4\tQ0: 1
3\t\t3\tQ1: 1\t1
4\t\t2\tQ1: 0\t2\t3
=====
";

/// Three jobs on two machines.
pub(crate) const UNRELATED: &str = "3 2\n3 1 2\n2 4 9\n5 1 3\n";

/// Two jobs on two machines.
pub(crate) const JOB_SHOP: &str = "# ours\n2 2\n0 3 1 2\n1 4 0 1\n";

/// Two jobs of two operations on two machines.
pub(crate) const FLEXIBLE: &str = "2 2 1.5\n2 2 1 3 2 5 1 2 2\n2 1 1 2 2 1 9 2 4\n";

/// Three jobs through two stages, the first with two machines.
pub(crate) const HYBRID: &str = "3\n2\n2 1\n4 2\n3 2\n2 5\n";

/// The one instance of `text`, or the one in row `row`.
pub(crate) fn scenario(family: Family, text: &str, stem: &str, row: usize) -> Scenario {
    let jobs = (family == Family::SingleMachine && !text.contains(',')).then_some(3);
    let wishes = Wishes { jobs, factors: vec![1_300] };
    let all: Vec<Named> = named(family, stem, text.as_bytes(), &wishes).unwrap();
    read(family, text.as_bytes(), &all[row]).unwrap()
}

/// A plan by 20 rounds of search; there must be nothing to warn of.
pub(crate) fn planned(scenario: &Scenario) -> Answer {
    let (_, warnings) = check(scenario).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    planned_with_warnings(scenario)
}

/// A plan by 20 rounds of search.
pub(crate) fn planned_with_warnings(scenario: &Scenario) -> Answer {
    let (work, _) = check(scenario).unwrap();
    let settings = Settings {
        seed: 1,
        lanes: 2,
        threads: 1,
        budget: Budget::Rounds(20),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    };
    plan(&work, None, &settings, "", &mut |_| true).unwrap()
}

/// What the best plan costs, in units of the family.
fn cost(family: Family, text: &str, row: usize) -> i64 {
    let answer = planned(&scenario(family, text, "ours", row));
    let fen = answer.plan.cost.unwrap().total_fen.0;
    assert_eq!(fen % family.unit_fen(), 0, "one unit is a whole number of fen");
    fen / family.unit_fen()
}

/// R033: several urgent jobs at once and one pair of hands.
#[test]
fn jobs_on_one_machine_cost_their_weight_per_minute_late() {
    // minutes 3 2 4, weights 1 5 2, due 3 2 9. Job 2 first (ends 2, due 2), then 1 (ends 5, 2 late
    // at weight 1), then 3 (ends 9, in time): 2. Job 1 first instead: 2 ends 5, 3 late at 5: 15.
    assert_eq!(cost(Family::SingleMachine, SINGLE, 0), 2);
    // three jobs of 2 minutes due at 6: the last ends at 6
    assert_eq!(cost(Family::SingleMachine, SINGLE, 1), 0);
    // the same first instance as lines
    assert_eq!(cost(Family::SingleMachine, "3,1,3\n2,5,2\n4,2,9\n", 0), 2);
}

/// R041: the right person at the right time on the critical step.
#[test]
fn a_project_costs_its_makespan_and_levels_bind() {
    // Q0 level 1 is held by resource 2 alone: tasks 1 and 2 one after another end at 5 and 9 (or 4
    // and 9). Q1 level 1 is held by resource 1 alone: task 3 after 1 at 5..8. Task 4 after 2 and 3
    // starts at 9 and ends at 11.
    assert_eq!(cost(Family::Project, PROJECT, 0), 11);
}

#[test]
fn unrelated_machines_take_minutes_of_their_own() {
    // weights 3 1 2; machine 1: 2 4 9, machine 2: 5 1 3. Job 1 on machine 1 ends at 2 (3 × 2 = 6);
    // on machine 2 job 2 then 3 end at 1 and 4 (1 + 8 = 9), 3 then 2 end at 3 and 4 (6 + 4 = 10);
    // job 2 on machine 1 ends at 6 (6), with 3 alone at 3 (6): 6 + 6 + 6 = 18. The least: 15.
    assert_eq!(cost(Family::Unrelated, UNRELATED, 0), 15);
}

#[test]
fn a_job_shop_is_due_by_the_rule_of_singer_and_pinedo() {
    // Two jobs: 0 < 2/5 → job 1 weighs 4; 5 < 8 → job 2 weighs 2. Sums 5 and 5, f = 1.3: due
    // ⌊6.5⌋ = 6. Job 1: machine 0 at 0..3, then 1; job 2: machine 1 at 0..4, then machine 0 at
    // 4..5. Job 1 on machine 1 at 4..6, in time: 0.
    let scenario = scenario(Family::JobShop, JOB_SHOP, "ours", 0);
    assert_eq!(scenario.tickets[0].due.unwrap().to_string(), "2026-03-02T00:06");
    assert_eq!(scenario.tickets[0].curves[0].per_hour_fen.0, 4 * 6_000);
    assert_eq!(scenario.tickets[1].curves[0].per_hour_fen.0, 2 * 6_000);
    assert_eq!(cost(Family::JobShop, JOB_SHOP, 0), 0);
    // Both jobs machine 0 first, 3 and 3 minutes, then machine 1, 3 and 3: due ⌊1.3 × 6⌋ = 7. The
    // first ends at 6, the second at 9: 2 late, at weight 2 when it is job 2: 4.
    assert_eq!(cost(Family::JobShop, "2 2\n0 3 1 3\n0 3 1 3\n", 0), 4);
}

#[test]
fn a_job_shop_of_more_than_ten_jobs_is_cut_to_ten() {
    let text = format!("11 1\n{}", "0 2\n".repeat(11));
    let scenario = scenario(Family::JobShop, &text, "la21", 0);
    assert_eq!(scenario.tickets.len(), 10);
    let rates: Vec<i64> =
        scenario.tickets.iter().map(|t| t.curves[0].per_hour_fen.0 / 6_000).collect();
    assert_eq!(rates, [4, 4, 2, 2, 2, 2, 2, 2, 1, 1]);
}

#[test]
fn a_flexible_job_shop_costs_its_makespan() {
    // Job 1: first on machine 1 (3) or 2 (5), then on 2 (2). Job 2: first on 1 (2), then on 1 (9)
    // or 2 (4). Job 2 first on machine 1 at 0..2, then on 2 at 2..6. Job 1 on machine 1 at 2..5,
    // then on 2 at 6..8: 8. Job 1 first: 3, machine 2 at 3..5; job 2 at 3..5, then 5..9: 9. Job 1
    // on machine 2 at 0..5, 5..7: job 2 at 7..11, or on machine 1 at 2..11. The least: 8.
    let scenario = scenario(Family::Flexible, FLEXIBLE, "ours", 0);
    let row = |step, person, start: &str| {
        let start = format!("2026-03-02T00:{start}");
        json!({"ticket": "project", "step": step, "people": [person], "start": start})
    };
    let steps = [
        row("j2-o1", "m1", "00"),
        row("j2-o2", "m2", "02"),
        row("j1-o1", "m1", "02"),
        row("j1-o2", "m2", "06"),
    ];
    let by_hand = json!({"format": "paidan-plan/1", "steps": steps});
    let (work, _) = check(&scenario).unwrap();
    let plan = completed(&work, &serde_json::from_value(by_hand).unwrap()).unwrap();
    let report = verify(&work, &plan, None);
    assert!(report.is_clean(), "{:?}", report.violations);
    assert_eq!(report.bill.total_fen.0, 8 * FEN_PER_UNIT);
    assert_eq!(cost(Family::Flexible, FLEXIBLE, 0), 8);
}

#[test]
fn a_hybrid_flow_shop_costs_its_makespan() {
    // Stage 1 on two machines: 4 3 2; stage 2 on one: 2 2 5, in all 9. Stage 2 cannot begin before
    // 2: at least 11. Job 3 at 0..2, then 2..7; job 2 at 0..3, then 7..9; job 1 at 2..6, then
    // 9..11: 11.
    assert_eq!(cost(Family::Hybrid, HYBRID, 0), 11);
}

#[test]
fn forms_are_told_from_what_files_hold() {
    let told = |text: &str, stem, ending| guess(text.as_bytes(), stem, ending, None);
    assert_eq!(told(SINGLE, "wt3", "txt"), Some(Family::SingleMachine));
    assert_eq!(told("3,1,3\n2,5,2\n", "lines", "txt"), Some(Family::SingleMachine));
    assert_eq!(told(PROJECT, "ours", "def"), Some(Family::Project));
    assert_eq!(told(UNRELATED, "ours", "txt"), Some(Family::Unrelated));
    assert_eq!(told(JOB_SHOP, "ours", "txt"), Some(Family::JobShop));
    assert_eq!(told(FLEXIBLE, "ours", "txt"), Some(Family::Flexible));
    assert_eq!(told(HYBRID, "ours", "txt"), Some(Family::Hybrid));
    assert_eq!(told("{\"format\": \"paidan-scenario/1\"}", "s", "json"), Some(Family::Scenario));
    assert_eq!(told("{\"factor_pct\": {}, \"staff\": []}", "s", "json"), Some(Family::Minutes));
    // values beside the instances, tables, prose
    assert_eq!(told("913\n1225\n537\n", "wtopt40", "txt"), None);
    assert_eq!(told("instance,best_known,kind\na,1,optimal\n", "best_known", "csv"), None);
    assert_eq!(told("# about\nrows of ResourceID and TaskID\n", "INDEX", "md"), None);
}
