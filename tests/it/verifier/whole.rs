//! Tickets as wholes, order pins and freeze: H9, H10, H12 (R250).

use super::{
    asked, broken, clean, hour, judged, judged_after, moment, one, plan, row, single, ticket, with,
};
use serde_json::{Value, json};

#[test]
fn a_ticket_is_planned_with_all_its_steps_or_not_at_all() {
    let scenario = asked(json!([ticket("t", json!([hour("a"), hour("b"), hour("c")]))]));
    let part = plan(json!([row("t/a", &["ana"], "02T09:00", "02T10:00")]));
    assert_eq!(broken(&judged(&scenario, &part)), [("H9", 2)]);
    clean(&judged(&scenario, &plan(json!([]))));
}

#[test]
fn a_ticket_left_out_has_no_steps() {
    let left_out = json!({"unserved": [{"ticket": "t"}]});
    let planned = with(single(&["ana"], "02T09:00", "02T10:00"), left_out.clone());
    assert_eq!(broken(&judged(&one(json!({})), &planned)), [("H9", 1)]);
    let report = judged(&one(json!({})), &with(plan(json!([])), left_out));
    clean(&report);
    assert!(!report.tickets[0].served);
}

#[test]
fn nothing_ends_after_the_horizon() {
    let mut scenario = one(json!({}));
    scenario["horizon"] = json!(moment("02T10:00"));
    clean(&judged(&scenario, &single(&["ana"], "02T09:00", "02T10:00")));
    let over = single(&["ana"], "02T09:25", "02T10:25");
    assert_eq!(broken(&judged(&scenario, &over)), [("H9", 25)]);
}

#[test]
fn a_batch_is_served_all_or_none() {
    let entity = |id: &str| with(ticket(id, json!([hour("a")])), json!({"batch": "group"}));
    let scenario = asked(json!([entity("t"), entity("u"), entity("v")]));
    let t = row("t/a", &["ana"], "02T09:00", "02T10:00");
    let u = row("u/a", &["bo"], "02T09:00", "02T10:00");
    let v = row("v/a", &["cy"], "02T09:00", "02T10:00");
    clean(&judged(&scenario, &plan(json!([t, u, v]))));
    clean(&judged(&scenario, &plan(json!([]))));
    assert_eq!(broken(&judged(&scenario, &plan(json!([t, u])))), [("H9", 1)]);
}

fn follower() -> Value {
    let second = with(ticket("u", json!([hour("a")])), json!({"after": ["t"]}));
    asked(json!([ticket("t", json!([hour("a")])), second]))
}

#[test]
fn a_ticket_starts_after_the_finish_of_the_one_it_follows() {
    let planned = |start: &str, end: &str| {
        plan(json!([row("t/a", &["ana"], "02T09:00", "02T10:00"), row("u/a", &["bo"], start, end)]))
    };
    clean(&judged(&follower(), &planned("02T10:00", "02T11:00")));
    let early = planned("02T09:40", "02T10:40");
    assert_eq!(broken(&judged(&follower(), &early)), [("H10", 20)]);
}

#[test]
fn a_ticket_is_left_out_with_the_one_it_follows() {
    let alone = plan(json!([row("u/a", &["bo"], "02T10:00", "02T11:00")]));
    assert_eq!(broken(&judged(&follower(), &alone)), [("H10", 1)]);
    let first = plan(json!([row("t/a", &["bo"], "02T10:00", "02T11:00")]));
    clean(&judged(&follower(), &first));
}

/// R250
#[test]
fn an_order_pin_means_the_same_lead_one_after_the_other() {
    let mut scenario =
        asked(json!([ticket("t", json!([hour("a")])), ticket("u", json!([hour("a")]))]));
    scenario["pins"] = json!([{"step": "t/a", "then": "u/a"}]);
    let planned = |lead: &str, first: (&str, &str), second: (&str, &str)| {
        plan(json!([
            row("t/a", &["ana"], first.0, first.1),
            row("u/a", &[lead], second.0, second.1),
        ]))
    };
    let (nine, ten) = (("02T09:00", "02T10:00"), ("02T10:00", "02T11:00"));
    clean(&judged(&scenario, &planned("ana", nine, ten)));
    assert_eq!(broken(&judged(&scenario, &planned("bo", nine, ten))), [("H12", 1)]);
    // the second ends where the first should have: 11:00 − 09:00 = 120 minutes early
    assert_eq!(broken(&judged(&scenario, &planned("ana", ten, nine))), [("H12", 120)]);
    // where one of the two is left out the pin does not bind
    let alone = plan(json!([row("u/a", &["bo"], "02T09:00", "02T10:00")]));
    clean(&judged(&scenario, &alone));
}

/// A freeze of two hours from 09:00: what starts before 11:00 stays.
fn frozen() -> Value {
    let mut scenario = one(json!({}));
    scenario["policy"] = json!({"freeze_minutes": 120});
    scenario
}

/// R250
#[test]
fn steps_that_start_within_the_freeze_keep_people_and_start() {
    let scenario = frozen();
    let before = single(&["ana"], "02T10:59", "02T11:59");
    clean(&judged_after(&scenario, &before, &before));
    let moved = single(&["ana"], "02T10:49", "02T11:49");
    assert_eq!(broken(&judged_after(&scenario, &before, &moved)), [("H12", 10)]);
    let handed = single(&["bo"], "02T10:59", "02T11:59");
    assert_eq!(broken(&judged_after(&scenario, &before, &handed)), [("H12", 1)]);
    let gone = plan(json!([]));
    assert_eq!(broken(&judged_after(&scenario, &before, &gone)), [("H12", 1)]);
    // one minute later it is free
    let free = single(&["ana"], "02T11:00", "02T13:00");
    clean(&judged_after(&scenario, &free, &moved));
}

/// R250
#[test]
fn only_frozen_steps_can_be_released() {
    let scenario = frozen();
    let released = json!({"released": [{"ticket": "t", "step": "a", "rule": "H3"}]});
    let moved = with(single(&["bo"], "02T14:00", "02T15:00"), released);
    let before = single(&["ana"], "02T09:00", "02T10:00");
    clean(&judged_after(&scenario, &before, &moved));
    let free = single(&["ana"], "02T11:00", "02T13:00");
    assert_eq!(broken(&judged_after(&scenario, &free, &moved)), [("H12", 1)]);
    assert_eq!(broken(&judged(&scenario, &moved)), [("H12", 1)]);
}
