//! The verifier: from a plan that keeps every rule, each rule is broken in turn, and exactly that
//! rule must fire; every part of the bill has a worked example.
//!
//! Monday is 2 March 2026; the office works 09:00–12:00 and 13:00–18:00; everybody is at level 3,
//! where pace is 100 %.

mod agreement;
mod bill;
mod bill_parts;
mod completed;
mod facts;
mod form;
mod hours;
mod limits;
mod people;
mod times;
mod whole;

use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use paidan::verify::{Report, verify};
use serde_json::{Value, json};

/// `02T09:00` is that minute of March 2026.
fn moment(text: &str) -> String {
    format!("2026-03-{text}")
}

/// A firm of three, an evening band at 60 yuan an hour, a tax hall, and no tickets yet.
fn firm() -> Value {
    let week = |hours: Value| json!({"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours});
    let person = |id: &str| {
        json!({"id": id, "team": "one",
            "skills": [{"skill": "tax", "level": 3}, {"skill": "law", "level": 3}],
            "bands": [{"kind": "regular", "calendar": "office"},
                {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 6000}]})
    };
    json!({
        "format": "paidan-scenario/1",
        "as_of": moment("02T09:00"),
        "horizon": moment("06T18:00"),
        "calendars": [
            {"id": "office", "weekly": week(json!(["09:00-12:00", "13:00-18:00"]))},
            {"id": "evening", "weekly": week(json!(["18:00-22:00"]))},
            {"id": "late", "weekly": week(json!(["10:00-12:00", "13:00-19:00"]))},
            {"id": "night", "weekly": week(json!(["22:00-06:00"]))},
            {"id": "counter", "weekly": week(json!(["09:30-11:30", "13:30-16:30"]))},
        ],
        "skills": [{"id": "tax"}, {"id": "law"}],
        "sites": [{"id": "base"}, {"id": "hall"}, {"id": "island"}],
        "travel": [{"from": "base", "to": "hall", "minutes": 30}],
        "people": [person("ana"), person("bo"), person("cy")],
        "bureaus": [{"id": "hall", "calendar": "counter", "site": "hall"}],
        "things": [{"id": "seal"}],
        "clients": [{"id": "acme"}],
        "tickets": [],
    })
}

/// The firm with these tickets.
fn asked(tickets: Value) -> Value {
    let mut scenario = firm();
    scenario["tickets"] = tickets;
    scenario
}

/// A ticket of these steps.
fn ticket(id: &str, steps: Value) -> Value {
    json!({"id": id, "steps": steps})
}

/// A step of an hour by one tax person.
fn hour(id: &str) -> Value {
    json!({"id": id, "minutes": 60, "seats": [{"skill": "tax"}]})
}

/// `base` with other fields.
fn with(mut base: Value, fields: Value) -> Value {
    for (key, value) in fields.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

/// A planned step: `t/a`, people, start and end.
fn row(step: &str, people: &[&str], start: &str, end: &str) -> Value {
    let (ticket, step) = step.split_once('/').unwrap();
    json!({"ticket": ticket, "step": step, "people": people,
        "start": moment(start), "end": moment(end)})
}

/// `row` with its pieces.
fn pieced(row: Value, pieces: &[(&str, &str)]) -> Value {
    let pieces: Vec<Value> =
        pieces.iter().map(|(from, to)| json!({"from": moment(from), "to": moment(to)})).collect();
    with(row, json!({ "pieces": pieces }))
}

/// A plan of these rows.
fn plan(rows: Value) -> Value {
    json!({"format": "paidan-plan/1", "steps": rows})
}

fn resolved(scenario: &Value) -> Work {
    let scenario: Scenario = serde_json::from_value(scenario.clone()).unwrap();
    resolve(&scenario).map_err(|issues| format!("{issues:?}")).unwrap()
}

fn read(plan: &Value) -> Plan {
    serde_json::from_value(plan.clone()).unwrap()
}

fn judged(scenario: &Value, plan: &Value) -> Report {
    verify(&resolved(scenario), &read(plan), None)
}

fn judged_after(scenario: &Value, previous: &Value, plan: &Value) -> Report {
    verify(&resolved(scenario), &read(plan), Some(&read(previous)))
}

/// Rule and amount of each violation.
fn broken(report: &Report) -> Vec<(&'static str, i64)> {
    report.violations.iter().map(|found| (found.rule.code(), found.amount)).collect()
}

/// The rules broken, each once.
fn rules(report: &Report) -> Vec<&'static str> {
    let mut codes: Vec<&str> = broken(report).into_iter().map(|(code, _)| code).collect();
    codes.dedup();
    codes
}

#[track_caller]
fn clean(report: &Report) {
    assert_eq!(report.violations, [], "the plan should keep every rule");
}

/// One ticket `t` with one step `a` of an hour.
fn one(fields: Value) -> Value {
    asked(json!([ticket("t", json!([with(hour("a"), fields)]))]))
}

/// One row for `t/a`.
fn single(people: &[&str], start: &str, end: &str) -> Value {
    plan(json!([row("t/a", people, start, end)]))
}

#[test]
fn a_violation_says_what_is_broken_where_and_by_how_much_in_both_languages() {
    let report = judged(&one(json!({})), &single(&["ana"], "02T09:00", "02T10:30"));
    let found = &report.violations[0];
    assert_eq!((found.rule.code(), found.amount), ("H3", 30)); // 90 minutes instead of 60
    assert_eq!(found.ticket.as_deref(), Some("t"));
    assert_eq!(found.step.as_deref(), Some("t/a"));
    assert_eq!(found.at.as_deref(), Some("2026-03-02T09:00+08:00"));
    assert!(found.zh.contains("60") && found.zh.contains("90"), "{}", found.zh);
    assert!(found.en.contains("60") && found.en.contains("90"), "{}", found.en);
    let written = serde_json::to_value(&report).unwrap();
    assert_eq!(written["violations"][0]["rule"], "H3");
}
