//! What has been done or begun: H13, and how facts stand beside the other rules.

use super::{
    asked, broken, clean, hour, judged, moment, one, pieced, plan, row, rules, single, ticket, with,
};
use serde_json::{Value, json};

/// At 11:00 `t/a` was done from 09:00 to 10:00 by ana; `t/b` is begun by bo since 10:30 with 45
/// minutes left; `t/c` is open.
fn morning() -> Value {
    let last = with(hour("c"), json!({"after": [{"step": "b"}]}));
    let mut scenario = asked(json!([ticket("t", json!([hour("a"), hour("b"), last]))]));
    scenario["as_of"] = json!(moment("02T11:00"));
    scenario["progress"] = json!([
        {"step": "t/a", "state": "done", "people": ["ana"], "start": moment("02T09:00"), "end": moment("02T10:00")},
        {"step": "t/b", "state": "begun", "people": ["bo"], "start": moment("02T10:30"), "remaining_minutes": 45},
    ]);
    scenario
}

fn planned() -> Value {
    plan(json!([
        row("t/a", &["ana"], "02T09:00", "02T10:00"),
        row("t/b", &["bo"], "02T10:30", "02T11:45"),
        row("t/c", &["bo"], "02T13:00", "02T14:00"),
    ]))
}

fn changed(position: usize, fields: Value) -> Value {
    let mut planned = planned();
    planned["steps"][position] = with(planned["steps"][position].clone(), fields);
    planned
}

#[test]
fn facts_stand_in_the_plan_as_stated() {
    let scenario = morning();
    clean(&judged(&scenario, &planned()));
    let report = judged(&scenario, &changed(0, json!({"people": ["bo"]})));
    assert_eq!(broken(&report), [("H13", 1)]);
    let report = judged(&scenario, &changed(0, json!({"end": moment("02T10:05")})));
    assert_eq!(broken(&report), [("H13", 5)]);
    let report = judged(&scenario, &changed(1, json!({"start": moment("02T10:10")})));
    assert_eq!(broken(&report), [("H13", 20)]);
}

#[test]
fn facts_are_not_forgotten_and_not_invented() {
    let scenario = morning();
    let mut without = planned();
    without["steps"].as_array_mut().unwrap().remove(0);
    assert_eq!(broken(&judged(&scenario, &without)), [("H13", 1)]);
    let report = judged(&scenario, &changed(2, json!({"standing": "begun"})));
    assert_eq!(broken(&report), [("H13", 1)]);
    let report = judged(&scenario, &changed(0, json!({"standing": "done"})));
    clean(&report);
}

#[test]
fn a_ticket_under_way_is_not_left_out_but_may_end_after_the_horizon() {
    let mut scenario = morning();
    assert_eq!(broken(&judged(&scenario, &plan(json!([])))), [("H9", 1)]);
    scenario["horizon"] = json!(moment("02T13:30"));
    clean(&judged(&scenario, &planned()));
}

#[test]
fn a_begun_step_works_what_is_left_of_it_from_now_on() {
    let scenario = morning();
    let short = changed(1, json!({"end": moment("02T11:40")}));
    assert_eq!(broken(&judged(&scenario, &short)), [("H3", 5)]);
    let mut late = planned();
    late["steps"][1] =
        pieced(row("t/b", &["bo"], "02T10:30", "02T11:50"), &[("02T11:05", "02T11:50")]);
    // 11:00–11:05 is regular and left out
    assert_eq!(broken(&judged(&scenario, &late)), [("H3", 5)]);
    let mut odd = scenario;
    odd["people"][1]["skills"] = json!([{"skill": "law", "level": 1}]);
    odd["tickets"][0]["excluded"] = json!(["bo"]);
    // skill and eligibility of begun steps are as they are; t/c is not begun
    assert_eq!(rules(&judged(&odd, &planned())), ["H1", "H2"]);
    let mut handed = planned();
    handed["steps"][2] = row("t/c", &["ana"], "02T13:00", "02T14:00");
    clean(&judged(&odd, &handed));
}

/// Two steps begun by one person are worked one after the other, from ten and from half past; of
/// both and the seal they hold nothing new may take a minute.
#[test]
fn facts_alone_break_no_rule_but_steps_beside_them_do() {
    let seal = || with(hour("a"), json!({"things": ["seal"]}));
    let mut scenario = asked(json!([
        ticket("t", json!([seal()])),
        ticket("u", json!([seal()])),
        ticket("v", json!([seal()])),
    ]));
    scenario["as_of"] = json!(moment("02T10:00"));
    let begun = |step: &str| json!({"step": step, "state": "begun", "people": ["ana"], "start": moment("02T09:30"), "remaining_minutes": 30});
    scenario["progress"] = json!([begun("t/a"), begun("u/a")]);
    let planned = |who: &str, start: &str, end: &str| {
        plan(json!([
            row("t/a", &["ana"], "02T09:30", "02T10:30"),
            row("u/a", &["ana"], "02T09:30", "02T11:00"),
            row("v/a", &[who], start, end),
        ]))
    };
    clean(&judged(&scenario, &planned("ana", "02T11:00", "02T12:00")));
    // 10:50–11:00
    let report = judged(&scenario, &planned("bo", "02T10:50", "02T11:50"));
    assert_eq!(broken(&report), [("H16", 10)]);
    scenario["tickets"][2]["steps"][0]["things"] = json!([]);
    let report = judged(&scenario, &planned("ana", "02T10:50", "02T11:50"));
    assert_eq!(broken(&report), [("H4", 10)]);
    // both at once would be over by half past ten, with nothing worked in the turn of the second
    let mut at_once = planned("bo", "02T13:00", "02T14:00");
    at_once["steps"][1]["end"] = json!(moment("02T10:30"));
    assert_eq!(broken(&judged(&scenario, &at_once)), [("H3", 30)]);
}

#[test]
fn a_begun_wait_ends_as_stated_or_as_if_it_had_just_been_started() {
    let mut scenario = asked(json!([ticket("t", json!([{"id": "w", "wait": {"minutes": 120}}]))]));
    scenario["as_of"] = json!(moment("02T11:00"));
    let begun = |end: Value| {
        with(json!({"step": "t/w", "state": "begun", "start": moment("02T08:00")}), end)
    };
    // 08:00 + 120 minutes is over, so it ends now
    scenario["progress"] = json!([begun(json!({}))]);
    clean(&judged(&scenario, &plan(json!([row("t/w", &[], "02T08:00", "02T11:00")]))));
    let early = plan(json!([row("t/w", &[], "02T08:00", "02T10:00")]));
    assert_eq!(broken(&judged(&scenario, &early)), [("H13", 60)]);
    scenario["progress"] = json!([begun(json!({"end": moment("02T15:00")}))]);
    clean(&judged(&scenario, &plan(json!([row("t/w", &[], "02T08:00", "02T15:00")]))));
}

/// Worked until 23:00 last night, ten hours of rest: nothing before 09:00, here 30 minutes more.
#[test]
fn rest_counts_from_what_was_done_last_night() {
    let mut scenario = asked(json!([ticket("t", json!([hour("a"), hour("b")]))]));
    scenario["as_of"] = json!(moment("03T09:00"));
    scenario["calendars"][1]["weekly"] = json!({"mon": ["18:00-23:00"]});
    scenario["people"][0]["rest_minutes"] = json!(630);
    scenario["progress"] = json!([{"step": "t/a", "state": "done", "people": ["ana"],
        "start": moment("02T22:00"), "end": moment("02T23:00")}]);
    let planned = |start: &str, end: &str| {
        plan(json!([
            row("t/a", &["ana"], "02T22:00", "02T23:00"),
            row("t/b", &["ana"], start, end)
        ]))
    };
    clean(&judged(&scenario, &planned("03T09:30", "03T10:30")));
    assert_eq!(broken(&judged(&scenario, &planned("03T09:10", "03T10:10"))), [("H15", 20)]);
}

#[test]
fn quotas_count_facts_and_begun_steps_have_travelled() {
    let step = || json!([with(hour("a"), json!({"bureau": "hall", "site": "hall"}))]);
    let mut scenario = asked(json!([ticket("t", step()), ticket("u", step())]));
    scenario["bureaus"][0]["quota_per_day"] = json!(1);
    scenario["people"][0]["base"] = json!("base");
    scenario["as_of"] = json!(moment("02T10:00"));
    scenario["progress"] = json!([{"step": "t/a", "state": "begun", "people": ["ana"],
        "start": moment("02T09:00"), "remaining_minutes": 60}]);
    let t = row("t/a", &["ana"], "02T09:00", "02T11:00");
    clean(&judged(&scenario, &plan(json!([t]))));
    let second = row("u/a", &["ana"], "02T11:00", "02T12:00");
    // he is at the hall already, but the day's one appointment is gone
    assert_eq!(broken(&judged(&scenario, &plan(json!([t, second])))), [("H7", 1)]);
}

#[test]
fn a_fact_outranks_pins() {
    let mut scenario = one(json!({}));
    scenario["as_of"] = json!(moment("02T09:30"));
    scenario["pins"] = json!([{"step": "t/a", "people": ["bo"], "start": moment("02T14:00")}]);
    scenario["progress"] = json!([{"step": "t/a", "state": "begun", "people": ["ana"],
        "start": moment("02T09:00"), "remaining_minutes": 30}]);
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:00")));
}
