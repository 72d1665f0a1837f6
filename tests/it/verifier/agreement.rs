//! The planner and the verifier, each written from the rulings on its own, agree: what is planned
//! from a morning with facts, freeze and limits verifies, and no rule is bent to plan it.

use super::{asked, firm, hour, moment, one, plan, read, resolved, row, single, ticket, with};
use crate::question::one_lane;
use paidan::model::plan::Plan;
use paidan::planning::{self, Answer, Refusal};
use serde_json::{Value, json};

fn planned(scenario: &Value, previous: Option<&Value>) -> Answer {
    let settings = one_lane(1);
    let previous: Option<Plan> = previous.map(read);
    let answer =
        planning::plan(&resolved(scenario), previous.as_ref(), &settings, "", &mut |_| true);
    match answer {
        Ok(answer) => answer,
        Err(Refusal::Unsound(report)) => {
            panic!("{:#?} {:#?}", report.violations, report.bill)
        }
        Err(refusal) => panic!("{refusal:?}"),
    }
}

/// Start and people of `t/a`, or that it is left out.
fn first(answer: &Answer) -> String {
    let step = answer.plan.steps.iter().find(|step| step.ticket == "t" && step.step == "a");
    step.map_or("left out".to_owned(), |step| format!("{} {}", step.start, step.people.join(" ")))
}

fn released(answer: &Answer) -> Vec<&str> {
    answer.plan.released.iter().map(|step| step.rule.as_str()).collect()
}

/// Only ana, with eleven hours of rest, worked until 22:00 last night.
#[test]
fn rest_after_what_was_done_last_night_delays_the_morning() {
    let mut scenario = asked(json!([
        with(ticket("t", json!([hour("a")])), json!({"unserved": {"urgency_fen": 1_000_000}})),
        ticket("u", json!([hour("a")])),
    ]));
    scenario["as_of"] = json!(moment("03T08:00"));
    scenario["people"] = json!([with(firm()["people"][0].clone(), json!({"rest_minutes": 690}))]);
    scenario["tickets"][0]["due"] = json!(moment("03T09:00"));
    scenario["tickets"][0]["curves"] = json!([{"kind": "urgency", "per_hour_fen": 100}]);
    scenario["progress"] = json!([{"step": "u/a", "state": "done", "people": ["ana"],
        "start": moment("02T21:00"), "end": moment("02T22:00")}]);
    // 22:00 + 690 minutes is 09:30
    assert!(*first(&planned(&scenario, None)) >= *"2026-03-03T09:30");
}

/// A freeze of two hours holds `t/a` with bo at 10:00 unless something is in the way.
fn held() -> (Value, Value) {
    let mut scenario = one(json!({}));
    scenario["tickets"][0]["unserved"] = json!({"urgency_fen": 1_000_000});
    scenario["policy"] = json!({"freeze_minutes": 120});
    (scenario, single(&["bo"], "02T10:00", "02T11:00"))
}

/// R250
#[test]
fn a_frozen_step_stays_where_it_is() {
    let (scenario, before) = held();
    let answer = planned(&scenario, Some(&before));
    assert_eq!(first(&answer), "2026-03-02T10:00+08:00 bo");
    assert!(released(&answer).is_empty());
}

/// R250
#[test]
fn a_frozen_step_that_a_changed_fact_makes_impossible_is_released() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 8] = [
        ("he has left", |s| drop(s["people"].as_array_mut().unwrap().remove(1))),
        ("he is excluded", |s| s["tickets"][0]["excluded"] = json!(["bo"])),
        ("he takes urgent tickets only", |s| s["people"][1]["urgent_only"] = json!(true)),
        ("he has lost the skill", |s| s["people"][1]["skills"] = json!([])),
        ("his certificate has expired", |s| {
            s["people"][1]["skills"][0]["until"] = json!("2026-03-01");
        }),
        ("the step is pinned to another", |s| {
            s["pins"] = json!([{"step": "t/a", "people": ["ana"]}]);
        }),
        ("the step is pinned to the afternoon", |s| {
            s["pins"] = json!([{"step": "t/a", "start": moment("02T14:00")}]);
        }),
        ("he is ill", |s| {
            s["people"][1]["absences"] =
                json!([{"from": moment("02T09:00"), "to": moment("02T18:00")}]);
        }),
    ];
    for (what, change) in changes {
        let (mut scenario, before) = held();
        change(&mut scenario);
        let answer = planned(&scenario, Some(&before));
        assert_eq!(released(&answer).len(), 1, "{what}");
        assert_ne!(first(&answer), "left out", "{what}");
    }
}

/// R250
#[test]
fn what_should_have_begun_and_has_not_is_released() {
    let (mut scenario, before) = held();
    scenario["as_of"] = json!(moment("02T10:30"));
    let answer = planned(&scenario, Some(&before));
    assert_eq!(released(&answer), ["H6"]);
}

#[test]
fn steps_under_way_go_on_beside_new_ones() {
    let mut scenario = asked(json!([
        ticket("t", json!([with(hour("a"), json!({"after": [{"step": "b"}]})), hour("b")])),
        with(ticket("u", json!([hour("a")])), json!({"unserved": {"urgency_fen": 1_000_000}})),
    ]));
    scenario["as_of"] = json!(moment("02T10:00"));
    scenario["people"] = json!([firm()["people"][0]]);
    scenario["progress"] = json!([
        {"step": "t/b", "state": "begun", "people": ["ana"], "start": moment("02T09:30"), "remaining_minutes": 30}
    ]);
    let before = plan(json!([row("t/b", &["ana"], "02T09:00", "02T10:00")]));
    let answer = planned(&scenario, Some(&before));
    assert_eq!(answer.plan.steps.len(), 3);
}
