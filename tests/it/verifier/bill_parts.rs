//! Overtime, change, imbalance and preference, each with a worked example; figures by person.

use super::{
    asked, clean, hour, judged, judged_after, moment, one, pieced, plan, row, single, ticket, with,
};
use paidan::model::cost::Bill;
use paidan::time::Money;
use paidan::verify::Report;
use serde_json::{Value, json};

/// The report must be clean and its total made up of this part alone.
#[track_caller]
fn only(report: &Report, part: fn(&Bill) -> Money, fen: i64) {
    clean(report);
    assert_eq!(part(&report.bill), Money(fen));
    assert_eq!(report.bill.total_fen, Money(fen));
}

/// R063
#[test]
fn overtime_is_paid_by_person_and_band_and_rounds_up_once() {
    let mut scenario = one(json!({"minutes": 61, "seats": [{"skill": "tax"}, {"skill": "law"}]}));
    scenario["people"][1]["bands"][1]["price_per_hour_fen"] = json!(100);
    let planned = single(&["ana", "bo"], "02T17:30", "02T18:31");
    // 31 minutes: ana 6000 × 31 / 60 = 3100; bo ceil(100 × 31 / 60) = 52
    only(&judged(&scenario, &planned), |bill| bill.overtime_fen, 3152);
    // in two pieces of one step it still rounds up once
    let scenario = {
        let mut one = one(json!({"minutes": 2}));
        one["people"][0]["bands"][1]["price_per_hour_fen"] = json!(1);
        one
    };
    let planned = plan(json!([pieced(
        row("t/a", &["ana"], "02T18:00", "02T19:00"),
        &[("02T18:00", "02T18:01"), ("02T18:59", "02T19:00")]
    )]));
    only(&judged(&scenario, &planned), |bill| bill.overtime_fen, 1);
}

#[test]
fn extra_minutes_that_are_not_written_are_the_cheapest_then_the_earliest() {
    let mut scenario = one(json!({"minutes": 120}));
    scenario["people"][0]["bands"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kind": "on_call", "calendar": "night", "price_per_hour_fen": 600}));
    // Monday 17:00 to Tuesday 01:00: one regular hour, then the last minute at 00:59 and 59 more
    // on call at 10 fen a minute, none of the evening at 100
    let planned = single(&["ana"], "02T17:00", "03T01:00");
    only(&judged(&scenario, &planned), |bill| bill.overtime_fen, 600);
}

#[test]
fn a_minute_belongs_to_the_first_band_that_covers_it() {
    let mut scenario = one(json!({}));
    scenario["calendars"][1]["weekly"] = json!({"mon": ["17:00-22:00"]});
    // 17:00–18:00 is regular first
    only(
        &judged(&scenario, &single(&["ana"], "02T17:00", "02T18:00")),
        |bill| bill.overtime_fen,
        0,
    );
    let later = single(&["ana"], "02T17:30", "02T18:30");
    only(&judged(&scenario, &later), |bill| bill.overtime_fen, 3000);
}

/// Berlin loses the hour from 02:00 to 03:00 on 29 March 2026.
#[test]
fn a_night_that_loses_an_hour_pays_what_was_worked() {
    let mut scenario = one(json!({"minutes": 120}));
    scenario["zone"] = json!("Europe/Berlin");
    scenario["as_of"] = json!("2026-03-28T09:00");
    scenario["horizon"] = json!("2026-03-30T09:00");
    scenario["calendars"][3]["weekly"] = json!({"sat": ["22:00-06:00"]});
    scenario["people"][0]["bands"] =
        json!([{"kind": "on_call", "calendar": "night", "price_per_hour_fen": 6000}]);
    let mut planned = single(&["ana"], "29T01:00", "29T04:00");
    planned["zone"] = json!("Europe/Berlin");
    only(&judged(&scenario, &planned), |bill| bill.overtime_fen, 12_000); // two hours, not three
}

fn changing() -> Value {
    let mut scenario = one(json!({}));
    scenario["policy"] = json!({"change": {"person_fen": 900, "start_fen": 70}});
    scenario
}

/// R250
#[test]
fn change_is_paid_for_other_people_else_for_another_start() {
    let scenario = changing();
    let before = single(&["ana"], "02T10:00", "02T11:00");
    let change = |plan: &Value, fen| {
        only(&judged_after(&scenario, &before, plan), |bill| bill.change_fen, fen);
    };
    change(&before, 0);
    change(&single(&["ana"], "02T10:15", "02T11:15"), 0); // within the tolerance
    change(&single(&["ana"], "02T10:16", "02T11:16"), 70);
    change(&single(&["bo"], "02T10:16", "02T11:16"), 900); // not 970
    change(&plan(json!([])), 900); // now left out
    only(&judged(&scenario, &before), |bill| bill.change_fen, 0); // nothing to differ from
}

/// R250
#[test]
fn what_has_begun_or_is_no_longer_asked_for_changes_for_nothing() {
    let mut scenario = changing();
    let before = plan(json!([
        row("t/a", &["bo"], "02T10:00", "02T11:00"),
        row("gone/a", &["bo"], "02T11:00", "02T12:00"),
    ]));
    scenario["as_of"] = json!(moment("02T09:30"));
    scenario["progress"] = json!([{"step": "t/a", "state": "begun", "people": ["ana"],
        "start": moment("02T09:00"), "remaining_minutes": 30}]);
    let planned = single(&["ana"], "02T09:00", "02T10:00");
    only(&judged_after(&scenario, &before, &planned), |bill| bill.change_fen, 0);
}

#[test]
fn imbalance_is_paid_beyond_the_fair_share_of_regular_hours() {
    let mut scenario = one(json!({"minutes": 420}));
    scenario["horizon"] = json!(moment("02T18:00")); // 8 regular hours: 480 minutes
    scenario["policy"] = json!({"imbalance": {"per_hour_fen": 1000, "fair_percent": 85}});
    let planned = single(&["ana"], "02T09:00", "02T17:00");
    let report = judged(&scenario, &planned);
    // 420 − 0.85 × 480 = 12 minutes: 1000 × 12 / 60
    only(&report, |bill| bill.imbalance_fen, 200);
    let figures = |row: usize| {
        let person = &report.people[row];
        (person.regular_minutes, person.regular_available, person.imbalance_fen.0)
    };
    assert_eq!((figures(0), figures(1)), ((420, 480, 200), (0, 480, 0)));
    // evenings are no regular minutes: 300 + 120
    let evening = plan(json!([pieced(
        row("t/a", &["ana"], "02T13:00", "02T20:00"),
        &[("02T13:00", "02T20:00")]
    )]));
    scenario["horizon"] = json!(moment("02T20:00"));
    let report = judged(&scenario, &evening);
    only(&report, |bill| bill.overtime_fen, 12_000);
    assert_eq!((report.people[0].overtime_minutes, report.people[0].regular_minutes), (120, 300));
}

fn preferring(fields: Value) -> Value {
    let mut scenario = one(fields);
    scenario["tickets"][0]["client"] = json!("acme");
    scenario["clients"] = json!([{"id": "acme", "owner": "ana"}]);
    scenario["policy"] =
        json!({"preference": {"off_owner_fen": 300, "off_team_fen": 50, "client_trip_fen": 7}});
    scenario
}

/// R130
#[test]
fn leaving_out_the_owner_is_paid_for_where_he_could_have_led() {
    let mut scenario = preferring(json!({"seats": [{"skill": "tax", "level": 3}]}));
    let (ana, bo) =
        (single(&["ana"], "02T09:00", "02T10:00"), single(&["bo"], "02T09:00", "02T10:00"));
    only(&judged(&scenario, &ana), |bill| bill.preference_fen, 0);
    only(&judged(&scenario, &bo), |bill| bill.preference_fen, 300);
    scenario["people"][0]["skills"][0]["level"] = json!(2);
    only(&judged(&scenario, &bo), |bill| bill.preference_fen, 0); // his level is too low
    scenario["people"][0]["skills"][0]["level"] = json!(3);
    scenario["people"][0]["urgent_only"] = json!(true);
    only(&judged(&scenario, &bo), |bill| bill.preference_fen, 0); // he takes urgent tickets only
}

/// R189
#[test]
fn leaving_the_owners_team_is_paid_for() {
    let mut scenario = preferring(json!({}));
    scenario["people"][0]["skills"] = json!([]); // the owner cannot lead, his team counts all the same
    scenario["people"][1]["team"] = json!("two");
    let by = |who: &str| single(&[who], "02T09:00", "02T10:00");
    only(&judged(&scenario, &by("bo")), |bill| bill.preference_fen, 50);
    only(&judged(&scenario, &by("cy")), |bill| bill.preference_fen, 0);
}

/// R056
#[test]
fn trips_of_one_client_to_one_site_on_one_date_count_once() {
    let trip = |id: &str| with(hour(id), json!({"client_trip": true, "site": "hall"}));
    let visit = |id: &str, client: Option<&str>| {
        let ticket = ticket(id, json!([trip("a")]));
        client.map_or(ticket.clone(), |client| with(ticket, json!({ "client": client })))
    };
    let mut scenario = asked(json!([
        visit("t", Some("acme")),
        visit("u", Some("acme")),
        visit("v", None),
        visit("w", None),
    ]));
    scenario["policy"] = json!({"preference": {"client_trip_fen": 7}});
    let planned = |second: (&str, &str)| {
        plan(json!([
            row("t/a", &["ana"], "02T09:00", "02T10:00"),
            row("u/a", &["ana"], second.0, second.1),
            row("v/a", &["bo"], "02T09:00", "02T10:00"),
            row("w/a", &["cy"], "02T09:00", "02T10:00"),
        ]))
    };
    // one trip of acme's, and one each for the tickets without client: 3 × 7
    let report = judged(&scenario, &planned(("02T10:00", "02T11:00")));
    only(&report, |bill| bill.preference_fen, 21);
    // on another date acme comes twice
    let report = judged(&scenario, &planned(("03T09:00", "03T10:00")));
    only(&report, |bill| bill.preference_fen, 28);
}

/// R246: the holiday notice for 2027 is not published.
#[test]
fn steps_in_a_year_without_notice_are_marked() {
    let mut scenario = one(json!({}));
    scenario["horizon"] = json!("2027-01-10T18:00");
    scenario["calendars"][0]["holidays"] = json!("china");
    let early = judged(&scenario, &single(&["ana"], "02T09:00", "02T10:00"));
    assert!(early.provisional.is_empty());
    let late = json!({"ticket": "t", "step": "a", "people": ["ana"],
        "start": "2027-01-05T09:00", "end": "2027-01-05T10:00"});
    let report = judged(&scenario, &plan(json!([late])));
    clean(&report);
    assert_eq!(report.provisional, ["t/a"]);
}
