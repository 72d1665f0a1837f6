//! When: H5, H6, H7, H8.

use super::{asked, broken, clean, hour, judged, moment, one, plan, row, single, ticket, with};
use serde_json::{Value, json};

fn chain(link: Value) -> Value {
    asked(json!([ticket("t", json!([hour("a"), with(hour("b"), json!({"after": [link]}))]))]))
}

fn then(start: &str, end: &str) -> Value {
    plan(json!([row("t/a", &["ana"], "02T09:00", "02T10:00"), row("t/b", &["bo"], start, end)]))
}

#[test]
fn a_step_starts_after_the_end_of_the_one_before_it() {
    let scenario = chain(json!({"step": "a"}));
    clean(&judged(&scenario, &then("02T10:00", "02T11:00")));
    assert_eq!(broken(&judged(&scenario, &then("02T09:50", "02T10:50"))), [("H5", 10)]);
}

/// R053
#[test]
fn start_to_start_lets_two_steps_overlap() {
    let scenario = chain(json!({"step": "a", "kind": "start_start", "lag": {"minutes": 15}}));
    clean(&judged(&scenario, &then("02T09:15", "02T10:15")));
    assert_eq!(broken(&judged(&scenario, &then("02T09:10", "02T10:10"))), [("H5", 5)]);
}

#[test]
fn lags_count_elapsed_minutes_open_minutes_or_open_dates() {
    let scenario = chain(json!({"step": "a", "lag": {"minutes": 30}}));
    assert_eq!(broken(&judged(&scenario, &then("02T10:20", "02T11:20"))), [("H5", 10)]);
    // three open hours after 10:00: 10–12 and 13–14
    let scenario =
        chain(json!({"step": "a", "lag": {"working_minutes": 180, "calendar": "office"}}));
    clean(&judged(&scenario, &then("02T14:00", "02T15:00")));
    assert_eq!(broken(&judged(&scenario, &then("02T13:59", "02T14:59"))), [("H5", 1)]);
    // one working day after Monday: Tuesday 09:00; Monday 17:00 is 16 h early
    let scenario = chain(json!({"step": "a", "lag": {"working_days": 1, "calendar": "office"}}));
    clean(&judged(&scenario, &then("03T09:00", "03T10:00")));
    assert_eq!(broken(&judged(&scenario, &then("02T17:00", "02T18:00"))), [("H5", 960)]);
}

/// R046
#[test]
fn parallel_branches_join() {
    let join = with(hour("c"), json!({"after": [{"step": "a"}, {"step": "b"}]}));
    let scenario = asked(json!([ticket("t", json!([hour("a"), hour("b"), join]))]));
    let planned = |start: &str, end: &str| {
        plan(json!([
            row("t/a", &["ana"], "02T09:00", "02T10:00"),
            row("t/b", &["bo"], "02T09:30", "02T10:30"),
            row("t/c", &["cy"], start, end),
        ]))
    };
    clean(&judged(&scenario, &planned("02T10:30", "02T11:30")));
    // after a, but not after b
    assert_eq!(broken(&judged(&scenario, &planned("02T10:10", "02T11:10"))), [("H5", 20)]);
}

fn waiting() -> Value {
    let wait = json!({"id": "w", "wait": {"working_days": 2, "calendar": "office"},
        "after": [{"step": "a"}]});
    let last = with(hour("b"), json!({"after": [{"step": "w"}]}));
    asked(json!([ticket("t", json!([hour("a"), wait, last]))]))
}

fn waited(start: &str, end: &str) -> Value {
    plan(json!([
        row("t/a", &["ana"], "02T09:00", "02T10:00"),
        row("t/w", &[], start, end),
        row("t/b", &["ana"], "04T09:00", "04T10:00"),
    ]))
}

#[test]
fn a_wait_ends_when_its_days_are_over() {
    let scenario = waiting();
    // two open dates after Monday the 2nd: Wednesday the 4th, 09:00
    clean(&judged(&scenario, &waited("02T10:00", "04T09:00")));
    clean(&judged(&scenario, &waited("02T17:00", "04T09:00")));
    assert_eq!(broken(&judged(&scenario, &waited("02T10:00", "04T08:00"))), [("H5", 60)]);
    // started before what it follows
    assert_eq!(broken(&judged(&scenario, &waited("02T09:30", "04T09:00"))), [("H5", 30)]);
    // what follows starts an hour before it ends
    let mut early = waited("02T10:00", "04T09:00");
    early["steps"][2] = row("t/b", &["ana"], "03T17:00", "03T18:00");
    assert_eq!(broken(&judged(&scenario, &early)), [("H5", 960)]);
}

#[test]
fn nothing_starts_before_its_materials_are_complete() {
    let mut scenario = one(json!({}));
    scenario["tickets"][0]["release"] = json!(moment("02T14:00"));
    clean(&judged(&scenario, &single(&["ana"], "02T14:00", "02T15:00")));
    let early = single(&["ana"], "02T13:15", "02T14:15");
    assert_eq!(broken(&judged(&scenario, &early)), [("H6", 45)]);
    // a wait as little as a step
    let mut scenario = waiting();
    scenario["tickets"][0]["steps"][1]["after"] = json!([]);
    scenario["tickets"][0]["release"] = json!(moment("02T09:00"));
    assert_eq!(broken(&judged(&scenario, &waited("02T08:30", "04T09:00"))), [("H6", 30)]);
}

#[test]
fn nothing_new_starts_before_the_moment_planned_from() {
    let mut scenario = one(json!({}));
    scenario["as_of"] = json!(moment("02T11:00"));
    let early = single(&["ana"], "02T10:30", "02T11:30");
    assert_eq!(broken(&judged(&scenario, &early)), [("H6", 30)]);
}

#[test]
fn a_wait_begins_while_its_bureau_is_open_whichever_the_rule() {
    for rule in ["begins", "wholly"] {
        let mut scenario = waiting();
        let wait = &mut scenario["tickets"][0]["steps"][1];
        *wait = with(wait.clone(), json!({"bureau": "hall", "bureau_rule": rule}));
        clean(&judged(&scenario, &waited("02T11:29", "04T09:00")));
        assert_eq!(broken(&judged(&scenario, &waited("02T11:30", "04T09:00"))), [("H7", 1)]);
    }
}

#[test]
fn a_bureau_is_open_when_a_step_begins_there() {
    let scenario = one(json!({"bureau": "hall"}));
    // it may go on after the hall has closed at 11:30
    clean(&judged(&scenario, &single(&["ana"], "02T11:29", "02T13:29")));
    let late = single(&["ana"], "02T11:30", "02T13:30");
    assert_eq!(broken(&judged(&scenario, &late)), [("H7", 1)]);
}

#[test]
fn a_disruption_closes_the_bureau() {
    let mut scenario = one(json!({"bureau": "hall"}));
    scenario["bureaus"][0]["disruptions"] =
        json!([{"from": moment("02T10:00"), "to": moment("02T11:00")}]);
    let planned = single(&["ana"], "02T10:30", "02T11:30");
    assert_eq!(broken(&judged(&scenario, &planned)), [("H7", 1)]);
}

#[test]
fn a_quota_counts_the_steps_that_begin_on_a_date() {
    let step = || json!([with(hour("a"), json!({"bureau": "hall"}))]);
    let mut scenario = asked(json!([ticket("t", step()), ticket("u", step())]));
    scenario["bureaus"][0]["quota_per_day"] = json!(1);
    let planned = |start: &str, end: &str| {
        plan(json!([row("t/a", &["ana"], "02T09:30", "02T10:30"), row("u/a", &["bo"], start, end)]))
    };
    clean(&judged(&scenario, &planned("03T09:30", "03T10:30")));
    let report = judged(&scenario, &planned("02T14:00", "02T15:00"));
    assert_eq!(broken(&report), [("H7", 1)]);
    assert_eq!(report.violations[0].step.as_deref(), Some("u/a"));
}

#[test]
fn a_step_starts_in_one_of_its_windows() {
    let windows = json!([{"from": moment("02T10:00"), "to": moment("02T10:30")},
        {"from": moment("02T15:00"), "to": moment("02T16:00")}]);
    let scenario = one(json!({"windows": windows}));
    clean(&judged(&scenario, &single(&["ana"], "02T10:29", "02T11:29")));
    clean(&judged(&scenario, &single(&["ana"], "02T15:00", "02T16:00")));
    // 10:30 is one minute past the last start of the first window
    let late = single(&["ana"], "02T10:30", "02T11:30");
    assert_eq!(broken(&judged(&scenario, &late)), [("H8", 1)]);
}

/// R249
#[test]
fn a_latest_end_is_absolute() {
    let scenario = one(json!({"latest_end": moment("02T11:00")}));
    clean(&judged(&scenario, &single(&["ana"], "02T10:00", "02T11:00")));
    let late = single(&["ana"], "02T10:20", "02T11:20");
    assert_eq!(broken(&judged(&scenario, &late)), [("H8", 20)]);
}
