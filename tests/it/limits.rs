//! Caps and rest (H15) where the planner meets them: regular bands have caps too, and a start that
//! a limit refuses moves no farther than it has to.

use serde_json::{Value, json};

use crate::question::{finish, person, planned, question, start, step, ticket, with};

const MONDAY: &str = "2026-03-09T18:00";

/// Somebody alone whose regular band has `caps`, and a ticket for each of `minutes`.
fn capped(caps: Value, minutes: &[u32]) -> Value {
    let mut someone = person("an", &["tax"], 3);
    someone["bands"][0] = with(someone["bands"][0].clone(), caps);
    let job = |(row, minutes): (usize, &u32)| {
        ticket(&format!("t{row}"), MONDAY, json!([step("work", "tax", *minutes)]))
    };
    let tickets: Vec<Value> = minutes.iter().enumerate().map(job).collect();
    with(question(json!([someone]), json!(tickets)), json!({"horizon": "2026-04-03T18:00"}))
}

/// The finishes of the tickets, sorted.
fn finishes(question: &Value) -> Vec<String> {
    let answer = planned(question);
    let mut ends: Vec<String> =
        answer.report.tickets.iter().map(|bill| finish(&answer, &bill.ticket)).collect();
    ends.sort();
    ends
}

/// Four hours a day: 9–12 fills three of them, so the second job of three hours works one hour on
/// Monday, from 17:00, and two on Tuesday. Without the cap it ends at 16:00.
#[test]
fn a_day_cap_on_regular_hours_moves_work_to_the_next_day() {
    let tight = capped(json!({"cap_day_minutes": 240}), &[180, 180]);
    assert_eq!(finishes(&tight), ["2026-03-09T12:00", "2026-03-10T11:00"]);
    let wide = capped(json!({}), &[180, 180]);
    assert_eq!(finishes(&wide), ["2026-03-09T12:00", "2026-03-09T16:00"]);
}

/// Two days a week: the third day's work waits for the Monday after.
#[test]
fn a_week_cap_on_regular_hours_moves_work_to_the_next_week() {
    let tight = capped(json!({"cap_week_minutes": 960}), &[480, 480, 480]);
    assert_eq!(finishes(&tight), ["2026-03-09T18:00", "2026-03-10T18:00", "2026-03-16T18:00"]);
}

/// 50 minutes are used of 300, the first job takes 240: ten are left, from 17:50 on 31 March. The
/// other 230 are worked on 1 April: 9–12 and 13:00–13:50.
#[test]
fn a_month_cap_on_regular_hours_counts_what_was_used() {
    let used = json!([{"date": "2026-03-02", "minutes": 50}]);
    let tight = capped(json!({"cap_month_minutes": 300, "used": used}), &[240, 240]);
    assert_eq!(finishes(&tight), ["2026-03-09T14:00", "2026-04-01T13:50"]);
}

/// A job of eight hours under a cap of four a day: the last four of Monday, the first of Tuesday.
#[test]
fn a_long_step_starts_where_every_day_keeps_its_cap() {
    let answer = planned(&capped(json!({"cap_day_minutes": 240}), &[480]));
    assert_eq!(start(&answer, "t0", "work"), "2026-03-09T14:00");
    assert_eq!(finish(&answer, "t0"), "2026-03-10T14:00");
}

/// What is under way is worked whatever the cap says; what comes after it finds the day full.
#[test]
fn a_begun_step_may_use_up_the_day() {
    let mut tight = capped(json!({"cap_day_minutes": 120}), &[180, 60]);
    tight["progress"] = json!([{"step": "t0/work", "state": "begun", "people": ["an"],
        "start": "2026-03-06T17:00", "remaining_minutes": 150}]);
    assert_eq!(finishes(&tight), ["2026-03-09T11:30", "2026-03-10T10:00"]);
}

/// Two people at one step: the cap of the second holds as well.
#[test]
fn caps_of_every_seat_hold() {
    let both =
        json!({"id": "work", "seats": [{"skill": "tax"}, {"skill": "legal"}], "minutes": 180});
    let mut second = person("bo", &["legal"], 3);
    second["bands"][0]["cap_day_minutes"] = json!(120);
    let people = json!([person("an", &["tax"], 3), second]);
    // two of three hours fit on Monday: 16–18, then Tuesday 9–10
    let answer = planned(&question(people, json!([ticket("one", MONDAY, json!([both]))])));
    assert_eq!(start(&answer, "one", "work"), "2026-03-09T16:00");
}

/// Worked until 21:00 last night, 12 hours and a half of rest: from 09:30 on, not a day later.
#[test]
fn a_step_starts_the_minute_rest_ends() {
    let mut someone = with(person("an", &["tax"], 3), json!({"rest_minutes": 750}));
    let evening = json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 6000});
    someone["bands"].as_array_mut().unwrap().push(evening);
    let steps = json!([step("late", "tax", 60), step("early", "tax", 60)]);
    let tickets = json!([ticket("one", "2026-03-10T09:00", steps)]);
    let done = json!([{"step": "one/late", "state": "done", "people": ["an"],
        "start": "2026-03-09T20:00", "end": "2026-03-09T21:00"}]);
    let rested = with(
        question(json!([someone]), tickets),
        json!({"as_of": "2026-03-10T09:00", "progress": done}),
    );
    assert_eq!(start(&planned(&rested), "one", "early"), "2026-03-10T09:30");
}
