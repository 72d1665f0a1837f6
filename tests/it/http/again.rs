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
