//! Working time: H3.

use super::{broken, clean, judged, moment, one, pieced, plan, row, rules, single, with};
use serde_json::{Value, json};

#[test]
fn a_step_takes_the_minutes_of_its_lead() {
    let mut scenario = one(json!({"minutes": 100}));
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:40")));
    assert_eq!(broken(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:39"))), [("H3", 1)]);
    // at level 1, 150 % of 100 minutes
    scenario["people"][0]["skills"][0]["level"] = json!(1);
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T11:30")));
    // minutes stated for him replace all of it
    scenario["tickets"][0]["steps"][0]["stated"] = json!([{"person": "ana", "minutes": 45}]);
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T09:45")));
}

#[test]
fn lunch_is_a_pause_and_cannot_be_worked() {
    let scenario = one(json!({}));
    clean(&judged(&scenario, &single(&["ana"], "02T11:30", "02T13:30")));
    // worked 11:30–12:30: half an hour of it at lunch
    assert_eq!(
        broken(&judged(
            &scenario,
            &plan(json!([pieced(
                row("t/a", &["ana"], "02T11:30", "02T12:30"),
                &[("02T11:30", "02T12:30")]
            )]))
        )),
        [("H3", 30)]
    );
}

#[test]
fn regular_minutes_on_the_way_cannot_be_left_out() {
    let planned = plan(json!([pieced(
        row("t/a", &["ana"], "02T09:00", "02T10:30"),
        &[("02T09:00", "02T09:30"), ("02T10:00", "02T10:30")]
    )]));
    assert_eq!(broken(&judged(&one(json!({})), &planned)), [("H3", 30)]);
}

#[test]
fn pieces_stay_between_start_and_end_and_reach_both() {
    let scenario = one(json!({"minutes": 180}));
    let outside = plan(json!([pieced(
        row("t/a", &["ana"], "02T09:00", "02T12:00"),
        &[("02T09:00", "02T12:00"), ("02T14:00", "02T14:10")]
    )]));
    // ten minutes outside, and ten too many
    assert_eq!(broken(&judged(&scenario, &outside)), [("H3", 10), ("H3", 10)]);
    let trailing = plan(json!([pieced(
        row("t/a", &["ana"], "02T09:00", "02T12:30"),
        &[("02T09:00", "02T12:00")]
    )]));
    assert_eq!(broken(&judged(&scenario, &trailing)), [("H3", 1)]); // 12:29 is not worked
    let leading = plan(json!([pieced(
        row("t/a", &["ana"], "02T12:30", "02T16:00"),
        &[("02T13:00", "02T16:00")]
    )]));
    assert_eq!(broken(&judged(&scenario, &leading)), [("H3", 1)]); // 12:30 is not worked
}

#[test]
fn evenings_can_be_worked_where_there_is_a_band_for_them() {
    let mut scenario = one(json!({}));
    let evening = single(&["ana"], "02T17:30", "02T18:30");
    clean(&judged(&scenario, &evening));
    let chosen = plan(json!([pieced(
        row("t/a", &["ana"], "02T17:50", "02T21:00"),
        &[("02T17:50", "02T18:10"), ("02T20:20", "02T21:00")]
    )]));
    clean(&judged(&scenario, &chosen)); // 20 + 40 minutes, gaps are his to choose
    scenario["people"][0]["bands"] = json!([{"kind": "regular", "calendar": "office"}]);
    // 18:29 is no minute of his, and 29 of 60 minutes are missing
    assert_eq!(broken(&judged(&scenario, &evening)), [("H3", 1), ("H3", 29)]);
}

fn meeting() -> Value {
    let mut scenario = one(json!({"minutes": 180, "seats": [{"skill": "tax"}, {"skill": "law"}]}));
    scenario["people"][1]["bands"][0]["calendar"] = json!("late");
    scenario
}

#[test]
fn two_people_work_the_minutes_that_are_regular_for_both() {
    let scenario = meeting();
    // 10:00–12:00 and 13:00–14:00
    clean(&judged(&scenario, &single(&["ana", "bo"], "02T10:00", "02T14:00")));
    // at 09:00 only ana is at work
    assert_eq!(rules(&judged(&scenario, &single(&["ana", "bo"], "02T09:00", "02T13:59"))), ["H3"]);
}

#[test]
fn a_minute_that_is_regular_for_one_and_overtime_for_the_other_is_a_pause() {
    let scenario = meeting();
    // 16:00–18:00, then bo is regular to 19:00 while ana's overtime runs: a pause; 19:00–20:00 is
    // overtime for both
    let through = plan(json!([pieced(
        row("t/a", &["ana", "bo"], "02T16:00", "02T20:00"),
        &[("02T16:00", "02T18:00"), ("02T19:00", "02T20:00")]
    )]));
    clean(&judged(&scenario, &through));
    let joined = plan(json!([pieced(
        row("t/a", &["ana", "bo"], "02T16:00", "02T19:00"),
        &[("02T16:00", "02T19:00")]
    )]));
    assert_eq!(broken(&judged(&scenario, &joined)), [("H3", 60)]);
}

#[test]
fn a_bureau_that_binds_wholly_pauses_the_step_while_it_is_closed() {
    let scenario = one(json!({"bureau": "hall", "bureau_rule": "wholly"}));
    // 11:00–11:30 and 13:30–14:00
    clean(&judged(&scenario, &single(&["ana"], "02T11:00", "02T14:00")));
    let through = plan(json!([pieced(
        row("t/a", &["ana"], "02T11:00", "02T12:00"),
        &[("02T11:00", "02T12:00")]
    )]));
    assert_eq!(broken(&judged(&scenario, &through)), [("H3", 30)]);
}

/// R177
#[test]
fn a_night_roster_works_across_midnight() {
    let mut scenario = one(json!({"minutes": 120}));
    scenario["people"][0]["bands"] = json!([{"kind": "regular", "calendar": "night"}]);
    clean(&judged(&scenario, &single(&["ana"], "02T23:00", "03T01:00")));
    assert_eq!(rules(&judged(&scenario, &single(&["ana"], "03T05:00", "03T07:00"))), ["H3"]);
}

#[test]
fn absence_takes_the_time_away_save_for_remote_steps() {
    let mut scenario = one(json!({"remote": true}));
    scenario["people"][0]["absences"] =
        json!([{"from": moment("02T09:00"), "to": moment("02T12:00"), "remote": true}]);
    let planned = single(&["ana"], "02T09:00", "02T10:00");
    clean(&judged(&scenario, &planned));
    scenario["tickets"][0]["steps"][0]["remote"] = json!(false);
    assert_eq!(rules(&judged(&scenario, &planned)), ["H3"]);
}

/// The clock of Berlin goes from 02:00 to 03:00 on 29 March 2026, a Sunday.
#[test]
fn a_night_that_loses_an_hour_is_an_hour_shorter() {
    let mut scenario = one(json!({"minutes": 120}));
    scenario["zone"] = json!("Europe/Berlin");
    scenario["as_of"] = json!("2026-03-28T09:00");
    scenario["horizon"] = json!("2026-03-30T09:00");
    scenario["calendars"][3]["weekly"] = json!({"sat": ["22:00-06:00"]});
    scenario["people"][0]["bands"] = json!([{"kind": "regular", "calendar": "night"}]);
    let night = |start: &str, end: &str| {
        judged(&scenario, &with(single(&["ana"], start, end), json!({"zone": "Europe/Berlin"})))
    };
    // 01:00–02:00 and 03:00–04:00 on the wall clock
    clean(&night("29T01:00", "29T04:00"));
    assert_eq!(broken(&night("29T01:00", "29T03:00")), [("H3", 60)]);
    // a moment that the clock skips cannot be read
    assert_eq!(rules(&night("29T02:30", "29T04:30")), ["form"]);
}
