//! Who may: H1, H2, H11.

use super::{
    asked, broken, clean, hour, judged, moment, one, plan, row, rules, single, ticket, with,
};
use serde_json::{Value, json};

#[test]
fn a_seat_needs_its_level() {
    let scenario = one(json!({"seats": [{"skill": "tax", "level": 4}]}));
    // ana holds level 3 of the 4 needed
    assert_eq!(broken(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:00"))), [("H1", 1)]);
    let scenario = one(json!({"seats": [{"skill": "tax", "level": 3}]}));
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:00")));
}

#[test]
fn a_seat_needs_its_skill_whoever_leads() {
    let mut scenario = one(json!({"seats": [{"skill": "tax"}, {"skill": "law", "level": 2}]}));
    scenario["people"][1]["skills"] = json!([{"skill": "tax", "level": 3}]);
    let report = judged(&scenario, &single(&["ana", "bo"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H1", 2)]); // level 0 of 2
    assert_eq!(report.violations[0].person.as_deref(), Some("bo"));
    // A lead without the skill: how long he takes cannot be told, so H3 stays silent.
    let report = judged(&scenario, &single(&["bo", "ana"], "02T09:00", "02T10:00"));
    clean(&report);
    scenario["people"][1]["skills"] = json!([{"skill": "law", "level": 3}]);
    let report = judged(&scenario, &single(&["bo", "ana"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H1", 1)]);
}

/// R064
#[test]
fn a_certificate_holds_to_the_end_of_its_last_day() {
    let mut scenario = one(json!({}));
    scenario["people"][0]["skills"][0]["until"] = json!("2026-03-02");
    clean(&judged(&scenario, &single(&["ana"], "02T17:00", "02T18:00")));
    // half an hour today, half an hour tomorrow
    let report = judged(&scenario, &single(&["ana"], "02T17:30", "03T09:30"));
    assert_eq!(broken(&report), [("H1", 1)]);
}

#[test]
fn excluded_people_stay_away_by_ticket_and_by_client() {
    let mut scenario = one(json!({}));
    let planned = single(&["ana"], "02T09:00", "02T10:00");
    scenario["tickets"][0]["excluded"] = json!(["ana"]);
    assert_eq!(broken(&judged(&scenario, &planned)), [("H2", 1)]);
    scenario["tickets"][0]["excluded"] = json!([]);
    scenario["tickets"][0]["client"] = json!("acme");
    clean(&judged(&scenario, &planned));
    scenario["clients"][0]["excluded"] = json!(["ana"]);
    assert_eq!(broken(&judged(&scenario, &planned)), [("H2", 1)]);
}

/// R022
#[test]
fn people_kept_for_urgent_tickets_take_no_others() {
    let mut scenario = one(json!({}));
    scenario["people"][0]["urgent_only"] = json!(true);
    let planned = single(&["ana"], "02T09:00", "02T10:00");
    assert_eq!(broken(&judged(&scenario, &planned)), [("H2", 1)]);
    scenario["tickets"][0]["track"] = json!("urgent");
    clean(&judged(&scenario, &planned));
}

/// R043
#[test]
fn nobody_fills_two_seats_of_a_step() {
    let scenario = one(json!({"seats": [{"skill": "tax"}, {"skill": "law"}]}));
    clean(&judged(&scenario, &single(&["ana", "bo"], "02T09:00", "02T10:00")));
    let report = judged(&scenario, &single(&["ana", "ana"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H2", 1)]);
}

fn trainee() -> Value {
    let mut scenario =
        one(json!({"seats": [{"skill": "tax"}, {"skill": "tax", "role": "trainee"}]}));
    scenario["people"][2]["trainee"] = json!(true);
    scenario["people"][2]["mentors"] = json!(["ana"]);
    scenario
}

/// R158
#[test]
fn a_trainee_sits_beside_his_mentor_and_never_leads() {
    let scenario = trainee();
    clean(&judged(&scenario, &single(&["ana", "cy"], "02T09:00", "02T10:00")));
    let report = judged(&scenario, &single(&["bo", "cy"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H2", 1)]); // bo is not his mentor
    let report = judged(&scenario, &single(&["ana", "bo"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H2", 1)]); // bo is no trainee
    let mut alone = scenario;
    alone["tickets"][0]["steps"][0]["seats"] = json!([{"skill": "tax"}]);
    assert_eq!(rules(&judged(&alone, &single(&["cy"], "02T09:00", "02T10:00"))), ["H2"]);
}

fn reviewed(fields: Value) -> Value {
    asked(json!([ticket("t", json!([hour("a"), with(hour("b"), fields)]))]))
}

fn pair(first: &str, second: &str) -> Value {
    plan(json!([
        row("t/a", &[first], "02T09:00", "02T10:00"),
        row("t/b", &[second], "02T10:00", "02T11:00"),
    ]))
}

#[test]
fn four_eyes_are_two_people() {
    let scenario = reviewed(json!({"differs_from": ["a"]}));
    clean(&judged(&scenario, &pair("ana", "bo")));
    assert_eq!(broken(&judged(&scenario, &pair("ana", "ana"))), [("H11", 1)]);
    // said by both steps it is still broken once
    let mut mutual = scenario;
    mutual["tickets"][0]["steps"][0]["differs_from"] = json!(["b"]);
    assert_eq!(broken(&judged(&mutual, &pair("ana", "ana"))), [("H11", 1)]);
}

#[test]
fn one_driver_leads_both() {
    let scenario = reviewed(json!({"same_as": ["a"]}));
    clean(&judged(&scenario, &pair("ana", "ana")));
    assert_eq!(broken(&judged(&scenario, &pair("ana", "bo"))), [("H11", 1)]);
}

#[test]
fn pins_bind_people_seat_by_seat_and_starts() {
    let mut scenario = one(json!({"seats": [{"skill": "tax"}, {"skill": "law"}]}));
    scenario["pins"] = json!([{"step": "t/a", "people": ["ana"]}]);
    clean(&judged(&scenario, &single(&["ana", "cy"], "02T09:00", "02T10:00")));
    let report = judged(&scenario, &single(&["bo", "ana"], "02T09:00", "02T10:00"));
    assert_eq!(broken(&report), [("H12", 1)]);
    scenario["pins"] = json!([{"step": "t/a", "start": moment("02T09:00")}]);
    let report = judged(&scenario, &single(&["bo", "ana"], "02T09:20", "02T10:20"));
    assert_eq!(broken(&report), [("H12", 20)]);
    // A pin binds only where the ticket is served.
    clean(&judged(&scenario, &plan(json!([]))));
}
