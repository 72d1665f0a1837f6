//! One after the other, travel, caps, rest, shared things: H4, H14, H15, H16.

use super::{asked, broken, clean, hour, judged, one, plan, row, single, ticket, with};
use serde_json::{Value, json};

/// Two tickets of one step each, `first` and `second` on top of an hour of tax work.
fn two(first: Value, second: Value) -> Value {
    asked(json!([
        ticket("t", json!([with(hour("a"), first)])),
        ticket("u", json!([with(hour("a"), second)])),
    ]))
}

fn both(first: (&str, &str, &str), second: (&str, &str, &str)) -> Value {
    plan(json!([
        row("t/a", &[first.0], first.1, first.2),
        row("u/a", &[second.0], second.1, second.2),
    ]))
}

#[test]
fn a_person_is_in_one_step_at_a_time() {
    let scenario = two(json!({}), json!({}));
    clean(&judged(
        &scenario,
        &both(("ana", "02T09:00", "02T10:00"), ("ana", "02T10:00", "02T11:00")),
    ));
    clean(&judged(
        &scenario,
        &both(("ana", "02T09:00", "02T10:00"), ("bo", "02T09:00", "02T10:00")),
    ));
    let report =
        judged(&scenario, &both(("ana", "02T09:00", "02T10:00"), ("ana", "02T09:40", "02T10:40")));
    assert_eq!(broken(&report), [("H4", 20)]);
    assert_eq!(report.violations[0].step.as_deref(), Some("u/a"));
}

#[test]
fn a_pause_is_not_free_for_another_step() {
    let scenario = two(json!({"minutes": 120}), json!({"minutes": 10}));
    let mut planned = both(("ana", "02T16:30", "02T20:30"), ("ana", "02T19:00", "02T19:10"));
    planned["steps"][0]["pieces"] = json!([
        {"from": "2026-03-02T16:30", "to": "2026-03-02T18:00"},
        {"from": "2026-03-02T20:00", "to": "2026-03-02T20:30"}]);
    assert_eq!(broken(&judged(&scenario, &planned)), [("H4", 10)]);
}

#[test]
fn a_long_step_overlaps_every_step_inside_it() {
    let mut scenario = two(json!({"minutes": 180}), json!({}));
    scenario["tickets"].as_array_mut().unwrap().push(ticket("v", json!([hour("a")])));
    let mut planned = both(("ana", "02T09:00", "02T12:00"), ("ana", "02T09:00", "02T10:00"));
    planned["steps"].as_array_mut().unwrap().push(row("v/a", &["ana"], "02T10:30", "02T11:30"));
    assert_eq!(broken(&judged(&scenario, &planned)), [("H4", 60), ("H4", 60)]);
}

/// Everybody starts from the base; the hall is 30 minutes away.
fn based(first: Value, second: Value) -> Value {
    let mut scenario = two(first, second);
    scenario["people"][0]["base"] = json!("base");
    scenario
}

#[test]
fn the_first_trip_of_a_date_starts_with_the_first_regular_minute() {
    let scenario = based(json!({"site": "hall"}), json!({}));
    let at = |start: &str, end: &str| plan(json!([row("t/a", &["ana"], start, end)]));
    clean(&judged(&scenario, &at("02T09:30", "02T10:30")));
    assert_eq!(broken(&judged(&scenario, &at("02T09:10", "02T10:10"))), [("H14", 20)]);
    // Tuesday counts from its own 09:00
    assert_eq!(broken(&judged(&scenario, &at("03T09:10", "03T10:10"))), [("H14", 20)]);
    // bo has no base and knows no travel
    clean(&judged(&scenario, &plan(json!([row("t/a", &["bo"], "02T09:00", "02T10:00")]))));
}

#[test]
fn later_trips_start_with_the_end_of_the_step_before() {
    let scenario = based(json!({}), json!({"site": "hall"}));
    let at = |start: &str, end: &str| both(("ana", "02T09:00", "02T10:00"), ("ana", start, end));
    clean(&judged(&scenario, &at("02T10:30", "02T11:30")));
    assert_eq!(broken(&judged(&scenario, &at("02T10:15", "02T11:15"))), [("H14", 15)]);
}

#[test]
fn a_step_without_site_leaves_a_person_where_he_is() {
    let mut scenario = based(json!({"site": "hall"}), json!({}));
    let third = ticket("v", json!([with(hour("a"), json!({"site": "hall"}))]));
    scenario["tickets"].as_array_mut().unwrap().push(third);
    let mut planned = both(("ana", "02T09:30", "02T10:30"), ("ana", "02T10:30", "02T11:30"));
    planned["steps"].as_array_mut().unwrap().push(row("v/a", &["ana"], "02T13:00", "02T14:00"));
    clean(&judged(&scenario, &planned));
    planned["steps"][2] = row("v/a", &["ana"], "02T11:30", "02T13:30");
    clean(&judged(&scenario, &planned));
    // back at the base it would take him 30 minutes
    scenario["tickets"][2]["steps"][0]["site"] = json!("base");
    assert_eq!(broken(&judged(&scenario, &planned)), [("H14", 30)]);
}

#[test]
fn where_there_is_no_way_nobody_goes() {
    let scenario = based(json!({"site": "island"}), json!({}));
    let late = plan(json!([row("t/a", &["ana"], "05T14:00", "05T15:00")]));
    assert_eq!(broken(&judged(&scenario, &late)), [("H14", 1)]);
}

fn capped(caps: Value) -> Value {
    let mut scenario = one(json!({"minutes": 120}));
    scenario["people"][0]["bands"][1] = with(scenario["people"][0]["bands"][1].clone(), caps);
    scenario
}

/// R063: an evening of two hours.
#[test]
fn overtime_stays_within_its_caps_by_day_week_and_month() {
    let evening = single(&["ana"], "02T18:00", "02T20:00");
    clean(&judged(&capped(json!({"cap_day_minutes": 120})), &evening));
    // 120 worked of 100
    let tight = capped(json!({"cap_day_minutes": 100}));
    assert_eq!(broken(&judged(&tight, &evening)), [("H15", 20)]);
    // 1 March is a Sunday: another ISO week, the same month
    let used = json!([{"date": "2026-03-01", "minutes": 90}]);
    clean(&judged(&capped(json!({"cap_week_minutes": 150, "used": used})), &evening));
    let month = capped(json!({"cap_month_minutes": 150, "used": used}));
    assert_eq!(broken(&judged(&month, &evening)), [("H15", 60)]); // 90 + 120 − 150
    // what was used alone breaks nothing that the plan decides
    let idle = capped(json!({"cap_month_minutes": 80, "used": used}));
    clean(&judged(&idle, &single(&["ana"], "02T09:00", "02T11:00")));
}

#[test]
fn a_weekly_cap_counts_the_evenings_of_a_week_together() {
    let mut scenario = two(json!({}), json!({}));
    scenario["people"][0]["bands"][1]["cap_week_minutes"] = json!(90);
    let planned = both(("ana", "02T18:00", "02T19:00"), ("ana", "05T18:00", "05T19:00"));
    assert_eq!(broken(&judged(&scenario, &planned)), [("H15", 30)]); // 60 + 60 − 90
}

/// R177: on call from Monday 22:00 to Tuesday 06:00, then the office at 09:00.
#[test]
fn rest_lies_between_two_working_dates() {
    let mut scenario = two(json!({}), json!({}));
    scenario["people"][0]["rest_minutes"] = json!(600);
    scenario["people"][0]["bands"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kind": "on_call", "calendar": "night", "price_per_hour_fen": 9000}));
    // worked until 02:00, which is Monday's date: 10 hours later it is 12:00
    let night = ("ana", "03T01:00", "03T02:00");
    clean(&judged(&scenario, &both(night, ("ana", "03T13:00", "03T14:00"))));
    // 09:00 is 7 hours later, 3 hours too early
    let report = judged(&scenario, &both(night, ("ana", "03T09:00", "03T10:00")));
    assert_eq!(broken(&report), [("H15", 180)]);
    // from 22:00 to 02:00 it is one date, whatever midnight says
    clean(&judged(&scenario, &both(("ana", "02T22:00", "02T23:00"), night)));
}

#[test]
fn a_shared_thing_is_held_by_one_step_at_a_time() {
    let seal = || json!({"things": ["seal"]});
    let at = |start: &str, end: &str| both(("ana", "02T09:00", "02T10:00"), ("bo", start, end));
    let scenario = two(seal(), seal());
    clean(&judged(&scenario, &at("02T10:00", "02T11:00")));
    assert_eq!(broken(&judged(&scenario, &at("02T09:25", "02T10:25"))), [("H16", 35)]);
    clean(&judged(&two(seal(), json!({})), &at("02T09:25", "02T10:25")));
}

#[test]
fn a_thing_is_held_through_pauses() {
    let seal = || json!({"things": ["seal"]});
    let mut scenario = two(seal(), seal());
    scenario["people"][1]["bands"][0]["calendar"] = json!("counter");
    scenario["calendars"][4]["weekly"] = json!({"mon": ["12:00-14:00"]});
    // ana pauses from 12:00 to 13:00, the seal stays with her
    let planned = both(("ana", "02T11:30", "02T13:30"), ("bo", "02T12:00", "02T13:00"));
    assert_eq!(broken(&judged(&scenario, &planned)), [("H16", 60)]);
}
