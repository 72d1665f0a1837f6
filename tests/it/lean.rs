//! The lean search and that for one person alone, asked on questions of plain rules: where somebody
//! may work overtime the lean one answers. Debug builds check every price
//! the lean search keeps up to date against one worked out anew after every round.

use paidan::planning::{Budget, Settings, plan};
use paidan::solver::rng::Rng;
use serde_json::{Value, json};

use crate::question::{person, planned, question, settings, step, ticket, with, work};

/// Minutes and fen per hour late of a job due at once.
type Job = (i64, i64);

fn jobs(seed: u64, count: usize) -> Vec<Job> {
    let mut rng = Rng::new(seed, 0);
    (0..count).map(|_| (rng.range(20, 66), 60 * rng.range(1, 30))).collect()
}

/// One-step tickets due at 09:00, for `people` people of the office, who may stay for the evening.
fn urgent(jobs: &[Job], people: usize) -> Value {
    let mut question = daytime(jobs, people);
    for person in question["people"].as_array_mut().unwrap() {
        let evening =
            json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 9000});
        person["bands"].as_array_mut().unwrap().push(evening);
    }
    question
}

/// The same, where nobody stays longer.
fn daytime(jobs: &[Job], people: usize) -> Value {
    let row = |(row, (minutes, rate)): (usize, &Job)| {
        let minutes = u32::try_from(*minutes).unwrap();
        let steps = json!([step("only", "tax", minutes)]);
        with(
            ticket(&format!("t{row}"), "2026-03-09T09:00", steps),
            json!({"curves": [{"kind": "urgency", "per_hour_fen": rate}]}),
        )
    };
    let people = (0..people).map(|row| person(&format!("p{row}"), &["tax"], 3));
    let tickets = jobs.iter().enumerate().map(row);
    question(json!(people.collect::<Vec<_>>()), json!(tickets.collect::<Vec<_>>()))
}

/// What the best order of `jobs` costs one person who begins at 09:00 and stops for lunch from
/// 12:00 to 13:00: rates are whole fen a minute, so a job that ends m minutes after 09:00 costs
/// m × rate / 60, and one left out `unserved`.
fn best_order(jobs: &[Job], unserved: i64) -> i64 {
    fn rest(jobs: &[Job], unserved: i64, left: &mut Vec<usize>, worked: i64) -> i64 {
        let mut best = unserved * i64::try_from(left.len()).unwrap();
        for position in 0..left.len() {
            let row = left.remove(position);
            let worked = worked + jobs[row].0;
            let end = worked + if worked > 180 { 60 } else { 0 };
            best = best.min(end * jobs[row].1 / 60 + rest(jobs, unserved, left, worked));
            left.insert(position, row);
        }
        best
    }
    rest(jobs, unserved, &mut (0..jobs.len()).collect(), 0)
}

#[test]
fn jobs_of_one_person_come_in_the_best_order_of_all() {
    for seed in 0..6 {
        let jobs = jobs(seed, 7);
        for question in [urgent(&jobs, 1), daytime(&jobs, 1)] {
            let question = work(&question);
            let answer = plan(&question, None, &settings(), "test", &mut |_| true).unwrap();
            let cost = answer.plan.cost.unwrap().total_fen.0;
            assert_eq!(cost, best_order(&jobs, 1_000_000), "seed {seed}: {jobs:?}");
        }
    }
}

/// 2,000 fen is what 100 minutes cost at 20 fen a minute: several of seven jobs are left out.
#[test]
fn jobs_of_one_person_are_left_out_where_that_costs_less_than_being_late() {
    let mut fewest = usize::MAX;
    for seed in 0..6 {
        let jobs = jobs(seed, 7);
        let mut question = daytime(&jobs, 1);
        for ticket in question["tickets"].as_array_mut().unwrap() {
            ticket["unserved"] = json!({"urgency_fen": 2_000});
        }
        let plan = planned(&question).plan;
        assert_eq!(
            plan.cost.unwrap().total_fen.0,
            best_order(&jobs, 2_000),
            "seed {seed}: {jobs:?}"
        );
        fewest = fewest.min(plan.unserved.len());
    }
    assert!(fewest > 0, "somebody waits in every plan");
}

/// Tickets that cost nothing late cost nothing left out either.
#[test]
fn jobs_that_cost_nothing_are_done_all_the_same() {
    let mut question = daytime(&jobs(2, 7), 1);
    for row in [2, 5] {
        let ticket = question["tickets"][row].as_object_mut().unwrap();
        ticket.remove("curves");
        ticket.remove("unserved");
    }
    assert!(planned(&question).plan.unserved.is_empty());
}

/// The search for one person looks at so many pairs of positions in a round.
#[test]
fn only_where_an_order_says_it_all_is_nothing_but_an_order_looked_for() {
    let is_order = |question: &Value| {
        let made = planned(question).plan.provenance.unwrap();
        made.steps_per_round == 2_000_000
    };
    let plain = || daytime(&jobs(1, 7), 1);
    assert!(is_order(&plain()));
    assert!(!is_order(&urgent(&jobs(1, 7), 1)), "overtime");
    assert!(!is_order(&daytime(&jobs(1, 7), 2)), "two people");
    let changed = |change: fn(&mut Value)| {
        let mut question = plain();
        change(&mut question);
        question
    };
    let others = [
        changed(|question| question["tickets"][3]["release"] = json!("2026-03-09T10:00")),
        changed(|question| question["policy"] = json!({"imbalance": {"per_hour_fen": 100}})),
        changed(|question| {
            question["bureaus"] = json!([{"id": "hall", "calendar": "office"}]);
            question["tickets"][3]["steps"][0]["bureau"] = json!("hall");
        }),
        changed(|question| {
            let step = json!([step("one", "tax", 20), step("two", "tax", 20)]);
            question["tickets"][3]["steps"] = step;
        }),
    ];
    for (row, question) in others.iter().enumerate() {
        assert!(!is_order(question), "{row}");
    }
}

/// R253. However little time there is, there is a verified plan.
#[test]
fn jobs_of_one_person_are_planned_in_no_time_too() {
    let question = work(&daytime(&jobs(4, 60), 1));
    let hurried = Settings { budget: Budget::Milliseconds(1), ..settings() };
    let answer = plan(&question, None, &hurried, "test", &mut |_| true).unwrap();
    assert!(answer.report.is_clean() && answer.fault.is_none());
}

/// R252. A plan that ran out of time was cooled for more rounds than it did; told so, the same
/// number of rounds makes it again.
#[test]
fn a_plan_cut_short_is_made_again_with_its_planned_rounds() {
    let question = work(&urgent(&jobs(3, 40), 3));
    let cut = Settings { budget: Budget::Rounds(2), planned: Some(80), ..settings() };
    let first = plan(&question, None, &cut, "test", &mut |_| true).unwrap().plan;
    let made = first.provenance.clone().unwrap();
    assert_eq!((made.rounds, made.planned_rounds), (2, Some(80)));
    let again = Settings {
        budget: Budget::Rounds(made.rounds),
        planned: made.planned_rounds,
        threads: 2,
        ..settings()
    };
    let second = plan(&question, None, &again, "test", &mut |_| true).unwrap().plan;
    assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&second).unwrap());
}

/// R033, R041. Lanes that merge lose nothing: what they agree on is a plan that verifies, whose
/// cost is the sum they kept.
#[test]
fn four_lanes_agree_on_one_verified_plan() {
    let question = work(&urgent(&jobs(9, 60), 4));
    let four = Settings { lanes: 4, threads: 2, ..settings() };
    let answer = plan(&question, None, &four, "test", &mut |_| true).unwrap();
    assert!(answer.report.is_clean() && answer.fault.is_none());
    let rules = answer.rules.iter().map(|(_, cost)| *cost).min().unwrap();
    assert!(answer.plan.cost.unwrap().total_fen <= rules);
}
