//! What is made by a request that comes again (R124): it is made once, and the second answer is the
//! first one, but for secrets, which are told once.

use serde_json::{Value, json};

use super::client::Answer;
use super::desk::{Desk, filing};

/// The answers to the same request, sent twice by the idempotency key `k`; with `other` for a body
/// that key is taken.
fn twice(desk: &Desk, path: &str, body: &Value, other: &Value) -> [Answer; 2] {
    let once = [("idempotency-key", "k")];
    let answers = [0, 1].map(|_| desk.post(path, body, &once));
    assert_eq!(desk.post(path, other, &once).problem(), (409, "key_reused".to_owned()), "{path}");
    answers
}

fn count(desk: &Desk, path: &str) -> usize {
    desk.get(path).json()["items"].as_array().unwrap().len()
}

#[test]
fn a_key_is_made_and_rotated_once_and_told_to_the_first_alone() {
    let desk = Desk::open();
    let (wish, other) = (json!({"role": "auditor"}), json!({"role": "reviewer"}));
    let [first, again] = twice(&desk, "/v1/keys", &wish, &other);
    let place = first.header("location").unwrap();
    let (wish, other) = (json!({"overlap_hours": 1}), json!({"overlap_hours": 2}));
    let [turned, turned_again] = twice(&desk, &format!("{place}/rotation"), &wish, &other);
    for (first, again) in [(&first, &again), (&turned, &turned_again)] {
        assert_eq!((first.status, again.status), (201, 201), "{}", again.text());
        assert_eq!(first.header("location"), again.header("location"));
        let (mut first, again) = (first.json(), again.json());
        let key = first.as_object_mut().unwrap().remove("key").unwrap();
        assert!(key.as_str().unwrap().starts_with("pd_"));
        assert_eq!(first, again, "all but the key");
    }
    assert_eq!(count(&desk, "/v1/keys"), 3, "the administrator's, the new one, the one after it");
}

#[test]
fn a_progress_link_is_made_once_and_opens_still_when_it_was_asked_for_again() {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    let (path, wish) = ("/v1/tickets/T-1/progress-link", json!({}));
    let [first, again] = twice(&desk, path, &wish, &json!({"base": "https://desk.example.com"}));
    assert_eq!((first.status, again.status), (201, 201), "{}", again.text());
    assert_eq!((again.json(), again.header("location")), (json!({}), Some(path)));
    assert_eq!(desk.get(first.json()["url"].as_str().unwrap()).status, 200);
}

#[test]
fn what_is_planned_anew_is_drafted_and_published_once() {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    let wish = |publish: bool| json!({"rounds": 1, "publish": publish});
    let [first, again] = twice(&desk, "/v1/desk/replan", &wish(true), &wish(false));
    assert_eq!((first.status, first.text()), (200, again.text()));
    assert_eq!((&first.json()["published"], count(&desk, "/v1/plans")), (&json!(1), 1));
    assert_eq!(desk.post("/v1/desk/replan", &wish(true), &[]).json()["published"], 2);
}

/// Who reported a step and lost the answer reports it again: it is put on record once.
#[test]
fn what_is_reported_is_on_record_once() {
    let desk = Desk::open();
    assert_eq!(desk.post("/v1/tickets", &filing("T-1"), &[]).status, 201);
    let rows = |end: &str| {
        let end = format!("2026-03-09T{end}+08:00");
        json!({"progress": [{"step": "T-1/file", "state": "done", "people": ["wang"],
            "start": "2026-03-09T09:00+08:00", "end": end}]})
    };
    let [first, again] = twice(&desk, "/v1/progress", &rows("10:00"), &rows("11:00"));
    assert_eq!((first.status, again.status), (204, 204), "{} {}", first.text(), again.text());
    let told = desk.get("/v1/events?limit=500").json();
    let told = told["items"].as_array().unwrap().iter();
    assert_eq!(told.filter(|event| event["kind"] == "ticket.progress").count(), 1);
}

/// R196: without the key the second is refused, as the application is with staff already.
#[test]
fn an_application_is_handed_in_once() {
    let desk = Desk::open();
    let submit = json!({"kind": "application.submitted", "payload": {"is_confirmed": true}});
    let approve = json!({"kind": "application.approved", "payload": {}});
    let path = "/v1/applications/P-1/moves";
    let [first, again] = twice(&desk, path, &submit, &approve);
    assert_eq!((first.status, first.text()), (200, again.text()));
    assert_eq!(first.json()["version"], 1);
    assert_eq!(desk.post(path, &submit, &[]).status, 409);
}

/// R019, R124: what happens to several tickets is put on record once; where it may not happen to one
/// of them every ticket in the way is pointed at, and nothing is kept.
#[test]
fn what_happens_to_several_tickets_is_told_of_each_and_kept_once() {
    let desk = Desk::open();
    for key in ["T-1", "T-2", "T-3"] {
        assert_eq!(desk.post("/v1/tickets", &filing(key), &[]).status, 201);
    }
    let called =
        |tickets: &[&str]| json!({"tickets": tickets, "happening": {"kind": "ticket.contacted"}});
    let (both, other) = (called(&["T-1", "T-2"]), called(&["T-3"]));
    let [first, again] = twice(&desk, "/v1/happenings", &both, &other);
    assert_eq!((first.status, first.text()), (200, again.text()));
    let versions: Vec<(Value, Value)> = first.json()["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].clone(), one["ticket"]["version"].clone()))
        .collect();
    assert_eq!(versions, [(json!("T-1"), json!(2)), (json!("T-2"), json!(2))]);

    let version = |key: &str| desk.get(&format!("/v1/tickets/{key}")).json()["version"].clone();
    let begun = |rest: Value| {
        let mut body = json!({"tickets": ["T-1", "none", "T-3"],
            "happening": {"kind": "ticket.begun"}});
        for (name, value) in rest.as_object().unwrap() {
            body[name] = value.clone();
        }
        desk.post("/v1/happenings", &body, &[])
    };
    let refused = begun(json!({}));
    assert_eq!(refused.problem(), (409, "conflict".to_owned()));
    let told = refused.json();
    let pointers: Vec<(&Value, &Value)> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| (&wrong["pointer"], &wrong["code"]))
        .collect();
    let named = [json!("/tickets/0"), json!("/tickets/1"), json!("/tickets/2")];
    let codes = [json!("D001"), json!("A003"), json!("D001")];
    assert_eq!(pointers, named.iter().zip(&codes).collect::<Vec<_>>());
    for lang in ["zh", "en"] {
        assert!(told["errors"][1]["message"][lang].as_str().unwrap().starts_with("none"));
    }
    // Each for itself: what may happen to none is refused as before.
    assert_eq!(begun(json!({"each_for_itself": true})).problem().0, 409);
    let unsaid = json!({"kind": "ticket.called_off", "payload": {"reason": " "}});
    assert_eq!(begun(json!({"happening": unsaid, "tickets": ["T-1"]})).problem().0, 422);
    let off = json!({"kind": "ticket.called_off", "payload": {"reason": "sold"}});
    let done = begun(json!({"happening": off, "each_for_itself": true}));
    assert_eq!((done.status, &done.json()["tickets"][1]["refused"]["code"]), (200, &json!("A003")));
    assert_eq!(["T-1", "T-2", "T-3"].map(version), [json!(3), json!(2), json!(2)]);
    assert_eq!(begun(json!({"tickets": []})).problem().0, 422);
}
