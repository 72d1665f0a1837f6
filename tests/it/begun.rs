//! What is under way when a plan is made: it stands, whatever the rules say of it, and people work
//! on one thing at a time.

use serde_json::{Value, json};

use crate::question::{finish, person, placed, planned, question, start, step, ticket, with};

const MONDAY: &str = "2026-03-09T18:00";

fn begun(step: &str, people: &[&str], time: &str, minutes: u32) -> Value {
    json!({"step": step, "state": "begun", "people": people, "remaining_minutes": minutes,
        "start": format!("2026-03-06T{time}")})
}

fn job(id: &str, fields: Value) -> Value {
    ticket(id, MONDAY, json!([with(step("work", "tax", 30), fields)]))
}

/// Begun at 15:00 and at 16:00 on Friday: 90 minutes until 10:30, then 60 until 11:30, then the new
/// one. Of two begun at once the one the scenario names first goes first.
#[test]
fn steps_begun_by_one_person_are_finished_in_the_order_they_were_begun() {
    let finishes = |first: &str, second: &str| {
        let tickets = json!([job("a", json!({})), job("b", json!({})), job("c", json!({}))]);
        let progress =
            json!([begun("a/work", &["an"], first, 60), begun("b/work", &["an"], second, 90)]);
        let people = json!([person("an", &["tax"], 3)]);
        let answer = planned(&with(question(people, tickets), json!({"progress": progress})));
        ["a", "b", "c"].map(|ticket| finish(&answer, ticket)[11..].to_owned())
    };
    assert_eq!(finishes("16:00", "15:00"), ["11:30", "10:30", "12:00"]);
    assert_eq!(finishes("15:00", "15:00"), ["10:00", "11:30", "12:00"]);
}

/// `an` and `bo` work an hour on the first, `bo` and `cy` then half an hour on the second: `cy`,
/// who waits for `bo`, begins nothing before 10:30.
#[test]
fn a_begun_step_of_several_people_waits_for_all_of_them() {
    let pair = || json!({"seats": [{"skill": "tax"}, {"skill": "tax"}]});
    let pinned = json!([{"step": "c/work", "people": ["cy"]}]);
    let progress = json!([
        begun("a/work", &["an", "bo"], "15:00", 60),
        begun("b/work", &["bo", "cy"], "16:00", 30)
    ]);
    let people = json!(["an", "bo", "cy"].map(|id| person(id, &["tax"], 3)));
    let tickets = json!([job("a", pair()), job("b", pair()), job("c", json!({}))]);
    let more = json!({"progress": progress, "pins": pinned});
    let answer = planned(&with(question(people, tickets), more));
    assert_eq!(finish(&answer, "b"), "2026-03-09T10:30");
    let worked = &placed(&answer, "b", "work").pieces;
    assert!(worked[0].from.to_string().starts_with("2026-03-09T10:00"), "{worked:?}");
    assert_eq!(start(&answer, "c", "work"), "2026-03-09T10:30");
}

/// It should have ended at 09:30, and an hour is left: 10:00.
#[test]
fn a_begun_step_past_its_latest_end_is_finished_all_the_same() {
    let late = job("a", json!({"latest_end": "2026-03-09T09:30"}));
    let progress = json!([begun("a/work", &["an"], "17:00", 60)]);
    let people = json!([person("an", &["tax"], 3)]);
    let answer = planned(&with(question(people, json!([late])), json!({"progress": progress})));
    assert_eq!(finish(&answer, "a"), "2026-03-09T10:00");
}

/// Two begun steps hold one seal, until 10:00 and until 11:00; a third gets it then.
#[test]
fn begun_steps_may_share_a_thing_and_new_ones_wait_for_it() {
    let seal = || json!({"things": ["seal"]});
    let tickets = json!([job("a", seal()), job("b", seal()), job("c", seal())]);
    let progress =
        json!([begun("a/work", &["an"], "17:00", 60), begun("b/work", &["bo"], "17:00", 120)]);
    let people = json!(["an", "bo", "cy"].map(|id| person(id, &["tax"], 3)));
    let more = json!({"progress": progress, "things": [{"id": "seal"}]});
    let answer = planned(&with(question(people, tickets), more));
    assert_eq!(start(&answer, "c", "work"), "2026-03-09T11:00");
}
