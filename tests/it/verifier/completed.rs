//! Plans by hand: ticket, step, people and start are enough.

use super::{asked, hour, judged, moment, one, plan, read, resolved, ticket, with};
use paidan::model::plan::Plan;
use paidan::verify::{Violation, completed, readable, verify};
use serde_json::{Value, json};

/// A row as people write it.
fn by_hand(step: &str, people: &[&str], start: &str) -> Value {
    let (ticket, step) = step.split_once('/').unwrap();
    json!({"ticket": ticket, "step": step, "people": people, "start": moment(start)})
}

fn filled(scenario: &Value, plan: &Value) -> Result<Plan, Vec<Violation>> {
    completed(&resolved(scenario), &read(plan))
}

fn shown(plan: &Plan) -> Vec<String> {
    let each = plan.steps.iter();
    each.map(|s| format!("{}/{} {} {}", s.ticket, s.step, s.start, s.end.unwrap())).collect()
}

#[test]
fn the_end_is_the_earliest_in_regular_hours() {
    let scenario = one(json!({"minutes": 180}));
    let full = filled(&scenario, &plan(json!([by_hand("t/a", &["ana"], "02T16:30")]))).unwrap();
    // 16:30–18:00, then 09:00–10:30 on Tuesday; no evening
    assert_eq!(shown(&full), ["t/a 2026-03-02T16:30 2026-03-03T10:30+08:00"]);
    let pieces: Vec<String> =
        full.steps[0].pieces.iter().map(|p| format!("{} {}", p.from, p.to)).collect();
    assert_eq!(
        pieces,
        [
            "2026-03-02T16:30+08:00 2026-03-02T18:00+08:00",
            "2026-03-03T09:00+08:00 2026-03-03T10:30+08:00",
        ]
    );
    assert!(verify(&resolved(&scenario), &full, None).is_clean());
}

#[test]
fn a_stated_end_takes_the_evening() {
    let scenario = one(json!({"minutes": 180}));
    let row = with(by_hand("t/a", &["ana"], "02T16:30"), json!({"end": moment("02T20:00")}));
    let full = filled(&scenario, &plan(json!([row]))).unwrap();
    let work = resolved(&scenario);
    let report = verify(&work, &full, None);
    assert!(report.is_clean());
    // 90 regular minutes, 90 of the evening: the earliest 89 and the last
    assert_eq!(report.bill.overtime_fen.0, 9000);
    assert_eq!(full.steps[0].pieces.len(), 2);
    assert_eq!(full.steps[0].pieces[1].from.to_string(), "2026-03-02T19:59+08:00");
}

#[test]
fn waits_and_their_ends_need_not_be_written() {
    let wait = json!({"id": "w", "wait": {"working_days": 1, "calendar": "office"}, "bureau": "hall",
        "after": [{"step": "a"}]});
    let review = json!({"id": "x", "wait": {"minutes": 30}, "after": [{"step": "w"}]});
    let last = with(hour("b"), json!({"after": [{"step": "x"}]}));
    let scenario = asked(json!([ticket("t", json!([hour("a"), wait, review, last]))]));
    let hand =
        plan(json!([by_hand("t/a", &["ana"], "02T11:00"), by_hand("t/b", &["bo"], "03T10:00"),]));
    let full = filled(&scenario, &hand).unwrap();
    // a ends at 12:00, the hall opens again at 13:30; the next open date begins at 09:00
    assert_eq!(
        shown(&full)[2..],
        [
            "t/w 2026-03-02T13:30+08:00 2026-03-03T09:00+08:00",
            "t/x 2026-03-03T09:00+08:00 2026-03-03T09:30+08:00",
        ]
    );
    assert!(verify(&resolved(&scenario), &full, None).is_clean());
}

#[test]
fn a_wait_written_without_end_gets_one() {
    let scenario = asked(json!([ticket("t", json!([{"id": "w", "wait": {"minutes": 45}}]))]));
    let full = filled(&scenario, &plan(json!([by_hand("t/w", &[], "02T10:00")]))).unwrap();
    assert_eq!(shown(&full), ["t/w 2026-03-02T10:00 2026-03-02T10:45+08:00"]);
}

#[test]
fn facts_need_not_be_written_again() {
    let mut scenario = asked(json!([ticket("t", json!([hour("a"), hour("b"), hour("c")]))]));
    scenario["as_of"] = json!(moment("02T11:00"));
    scenario["progress"] = json!([
        {"step": "t/a", "state": "done", "people": ["ana"], "start": moment("02T09:00"), "end": moment("02T10:00")},
        {"step": "t/b", "state": "begun", "people": ["bo"], "start": moment("02T10:30"), "remaining_minutes": 90},
    ]);
    let full = filled(&scenario, &plan(json!([by_hand("t/c", &["ana"], "02T11:00")]))).unwrap();
    // 90 minutes from 11:00 on: 11:00–12:00 and 13:00–13:30
    assert_eq!(
        shown(&full)[1..],
        [
            "t/a 2026-03-02T09:00+08:00 2026-03-02T10:00+08:00",
            "t/b 2026-03-02T10:30+08:00 2026-03-02T13:30+08:00",
        ]
    );
    assert!(verify(&resolved(&scenario), &full, None).is_clean());
}

#[test]
fn what_gut_feeling_breaks_is_still_priced() {
    let mut scenario =
        asked(json!([ticket("t", json!([hour("a")])), ticket("u", json!([hour("a")]))]));
    scenario["tickets"][1]["due"] = json!(moment("02T09:30"));
    scenario["tickets"][1]["curves"] = json!([{"kind": "urgency", "per_hour_fen": 1000}]);
    let hand =
        plan(json!([by_hand("t/a", &["ana"], "02T09:00"), by_hand("u/a", &["ana"], "02T09:30"),]));
    let full = filled(&scenario, &hand).unwrap();
    let report = verify(&resolved(&scenario), &full, None);
    assert_eq!(super::broken(&report), [("H4", 30)]);
    assert_eq!(report.bill.total_fen.0, 1000); // an hour late
}

/// H3: who starts in the evening goes on through the evening.
#[test]
fn a_start_in_extra_time_goes_on_until_it_is_done() {
    let scenario = one(json!({"minutes": 180}));
    let work = resolved(&scenario);
    for (start, end, pieces, overtime) in [
        // within the evening: 3 h × 60 yuan
        ("02T18:30", "02T21:30", 1, 18_000),
        // 2 h to 22:00, then the first hour of Tuesday: 2 × 60 yuan
        ("02T20:00", "03T10:00", 2, 12_000),
    ] {
        let hand = plan(json!([by_hand("t/a", &["ana"], start)]));
        let full = filled(&scenario, &hand).unwrap();
        let ends = format!("t/a 2026-03-{start} 2026-03-{end}+08:00");
        assert_eq!((shown(&full), full.steps[0].pieces.len()), (vec![ends], pieces));
        let report = verify(&work, &full, None);
        assert_eq!((report.violations.len(), report.bill.overtime_fen.0), (0, overtime));
        // the end stated without pieces comes to the same
        let row = with(by_hand("t/a", &["ana"], start), json!({"end": moment(end)}));
        let stated = filled(&scenario, &plan(json!([row]))).unwrap();
        assert_eq!(stated.steps[0].pieces, full.steps[0].pieces);
    }
}

/// H3: what the plan begins next tells that the step goes on into the evening.
#[test]
fn a_step_makes_way_for_what_begins_after_it() {
    let scenario = asked(json!([
        ticket("t", json!([with(hour("a"), json!({"minutes": 180}))])),
        ticket("u", json!([hour("a")])),
    ]));
    for (next, end, overtime) in [
        // from 19:30 on bo is elsewhere: 90 regular minutes, 90 of the evening, and his own hour
        ("02T19:30", "2026-03-02T19:30", 9_000 + 6_000),
        // nothing until noon of Tuesday: no evening
        ("03T11:00", "2026-03-03T10:30", 0),
        // the evening does not help: it is left out, and the steps overlap
        ("02T19:00", "2026-03-03T10:30", 6_000),
    ] {
        let hand =
            plan(json!([by_hand("t/a", &["bo"], "02T16:30"), by_hand("u/a", &["bo"], next)]));
        let full = filled(&scenario, &hand).unwrap();
        let ends = full.steps[0].end.unwrap().to_string();
        assert!(ends.starts_with(end), "{next}: {ends}");
        let report = verify(&resolved(&scenario), &full, None);
        assert_eq!(report.bill.overtime_fen.0, overtime, "{next}");
    }
}

#[test]
fn one_row_that_cannot_be_read_leaves_the_others_alone() {
    let wait = json!({"id": "w", "wait": {"minutes": 30}, "after": [{"step": "a"}]});
    let scenario = asked(json!([
        ticket("t", json!([hour("a"), wait, with(hour("b"), json!({"after": [{"step": "w"}]}))])),
        ticket("u", json!([hour("a")])),
    ]));
    let hand = plan(json!([
        by_hand("t/a", &["nobody"], "02T09:00"),
        by_hand("t/b", &["ana"], "02T11:00"),
        by_hand("u/a", &["bo"], "02T09:00"),
    ]));
    let work = resolved(&scenario);
    let (full, refused) = readable(&work, &read(&hand));
    let codes: Vec<&str> = refused.iter().map(|found| found.rule.code()).collect();
    assert_eq!(codes, ["form"]);
    // the wait after the row that cannot be read begins at once
    let ends: Vec<Option<String>> = full
        .steps
        .iter()
        .map(|step| step.end.map(|end| end.to_string()[11..16].to_owned()))
        .collect();
    let at = |end: &str| Some(end.to_owned());
    assert_eq!(ends, [None, at("12:00"), at("10:00"), at("09:30")]);
    assert_eq!(super::broken(&verify(&work, &full, None)), [("form", 1)]);
}

#[test]
fn what_cannot_be_read_or_never_ends_is_refused() {
    let mut scenario = one(json!({}));
    let unknown = plan(json!([by_hand("t/a", &["nobody"], "02T09:00")]));
    assert_eq!(filled(&scenario, &unknown).unwrap_err()[0].rule.code(), "form");
    scenario["people"][0]["bands"] = json!([]);
    let hand = plan(json!([by_hand("t/a", &["ana"], "02T09:00")]));
    assert_eq!(filled(&scenario, &hand).unwrap_err()[0].rule.code(), "H3");
    // whole plans come back as they are
    let whole = super::single(&["bo"], "02T09:00", "02T10:00");
    assert!(judged(&scenario, &whole).is_clean());
    assert_eq!(filled(&scenario, &whole).unwrap().steps[0].end, read(&whole).steps[0].end);
}
