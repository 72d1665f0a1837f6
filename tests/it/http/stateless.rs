//! Documents that are posted and nothing kept of them: planned, checked, explained, compared.

use std::fs;
use std::path::Path;

use paidan::app::morning::{self, Budget, Progress, Settings};
use paidan::app::posted::Posted;
use paidan::app::reasons;
use paidan::web::Limits;
use serde_json::{Value, json};

use super::client::Server;
use crate::question::{person, planned, question, step, ticket, with};
use paidan::app::service::Service;

const NOON: &str = "2026-03-09T12:00";

/// One person, two hours of work asked for in one: an hour late at 1 yuan.
pub(crate) fn late() -> Value {
    let job = ticket("one", "2026-03-09T10:00", json!([step("work", "tax", 120)]));
    question(json!([person("an", &["tax"], 3)]), json!([job]))
}

/// A scenario that comes with the program.
pub(crate) fn shipped(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    serde_json::from_str(&fs::read_to_string(path.join("scenario.json")).unwrap()).unwrap()
}

/// `{scenario, search: {rounds}}`.
pub(crate) fn asked(scenario: &Value, rounds: u32) -> Value {
    json!({ "scenario": scenario, "search": { "rounds": rounds } })
}

#[test]
fn a_posted_scenario_is_planned_checked_explained_and_compared() {
    let server = Server::start();
    let answer = server.post("/v1/plan", &asked(&late(), 2), &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let plan = answer.json()["plan"].clone();
    assert_eq!(plan["cost"]["total_fen"], 100);
    let body = json!({ "scenario": late(), "plan": plan });
    let report = server.post("/v1/verify", &body, &[]).json();
    assert_eq!(
        (&report["is_clean"], &report["report"]["bill"]["total_fen"]),
        (&json!(true), &json!(100))
    );
    let body = with(body, json!({ "subject": "one" }));
    let told = server.post("/v1/explain", &body, &[]).json();
    assert!(told["lines"][0]["zh"].is_string() && told["lines"][0]["en"].is_string(), "{told}");
    assert_eq!(told["explanation"]["subject"]["ticket"], "one");
    let client = server.post("/v1/explain", &with(body, json!({ "reader": "client" })), &[]);
    assert!(client.json().get("explanation").is_none());
    let mut later = plan.clone();
    later["steps"][0]["start"] = json!("2026-03-09T10:00+08:00");
    later["steps"][0].as_object_mut().unwrap().remove("end");
    later["steps"][0].as_object_mut().unwrap().remove("pieces");
    for field in ["cost", "bound"] {
        later.as_object_mut().unwrap().remove(field);
    }
    let body = json!({ "scenario": late(), "from": plan, "to": later });
    let compared = server.post("/v1/diff", &body, &[]);
    assert_eq!(compared.status, 200, "{}", compared.text());
    // An hour later: two hours late instead of one.
    let diff = &compared.json()["diff"];
    assert_eq!(diff["moved"][0]["step"], "one/work");
    assert_eq!(diff["tickets"][0]["cost_after"], 200);
}

/// R252: the same provenance, the same bytes; at once and as a job.
#[test]
fn the_same_question_is_answered_by_the_same_bytes() {
    let server = Server::start();
    let body = asked(&shipped("w06-three-urgent"), 3);
    let [one, two] = [0, 1].map(|_| server.post("/v1/plan", &body, &[]));
    assert_eq!(one.status, 200, "{}", one.text());
    assert_eq!(one.body, two.body);
    let job = server.post("/v1/plan", &body, &[("prefer", "respond-async")]);
    assert_eq!(job.status, 202, "{}", job.text());
    let path = job.header("location").unwrap().to_owned();
    let events = server.get(&format!("{path}/events"));
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let end = events.text().split("\n\n").find(|event| event.starts_with("event: end")).unwrap();
    assert!(end.contains("\"standing\":\"done\""), "{end}");
    let done = server.get(&path).json();
    assert_eq!(done["result"], one.json());
}

/// Faults of form and of meaning are told together, each with its pointer.
#[test]
fn everything_wrong_is_told_at_once_with_pointers_in_both_languages() {
    let server = Server::start();
    let mut scenario = late();
    scenario["tickets"][0]["steps"][0]["minutes"] = json!("two hours");
    scenario["people"][0]["skills"][0]["skill"] = json!("cooking");
    let answer = server.post("/v1/plan", &asked(&scenario, 1), &[("accept-language", "en")]);
    assert_eq!(answer.problem(), (422, "invalid".to_owned()));
    let problem = answer.json();
    let errors = problem["errors"].as_array().unwrap();
    let pointers: Vec<&str> =
        errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert!(pointers.contains(&"/scenario/tickets/0/steps/0/minutes"), "{problem:#}");
    assert!(pointers.contains(&"/scenario/people/0/skills/0/skill"), "{problem:#}");
    assert!(errors.iter().all(|error| error["message"]["zh"] != error["message"]["en"]));
    let none = server.post("/v1/plan", &json!({ "serach": {}, "search": { "lanes": 0 } }), &[]);
    let codes: Vec<Value> =
        none.json()["errors"].as_array().unwrap().iter().map(|e| e["code"].clone()).collect();
    // A field unknown, one out of range, one missing.
    for code in ["J021", "J022", "J024"] {
        assert!(codes.contains(&json!(code)), "{codes:?}");
    }
}

#[test]
fn a_body_that_is_no_document_is_refused_by_what_it_is() {
    let server = Server::start();
    let cut = server.send("POST", "/v1/plan", &[], b"{\"scenario\": {");
    assert_eq!(cut.problem(), (400, "malformed".to_owned()));
    let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
    assert_eq!(server.send("POST", "/v1/plan", &[], &deep).problem().0, 400);
    let empty = server.send("POST", "/v1/plan", &[], b"");
    assert_eq!(empty.problem(), (400, "malformed".to_owned()));
    for kind in ["text/plain", "application/json; charset=gbk"] {
        let wrong = server.send("POST", "/v1/plan", &[("content-type", kind)], b"{}");
        assert_eq!(wrong.problem(), (415, "wrong_type".to_owned()), "{kind}");
    }
    let both = json!({ "scenario": late(), "search": { "rounds": 1, "milliseconds": 1 } });
    assert_eq!(server.post("/v1/plan", &both, &[]).problem(), (422, "invalid".to_owned()));
    let long = json!({ "scenario": late(), "search": { "milliseconds": 600_001 } });
    assert_eq!(server.post("/v1/plan", &long, &[]).problem(), (422, "invalid".to_owned()));
    let stranger = json!({
        "scenario": late(), "plan": planned(&late()).plan, "subject": "nobody",
    });
    assert_eq!(server.post("/v1/explain", &stranger, &[]).problem().0, 422);
}

/// Of the two plans made to price a choice, the second is not begun after a no to the first.
#[test]
fn searches_for_an_explanation_end_when_nobody_waits_for_it() {
    let people = json!([person("an", &["tax"], 3), person("bo", &["tax"], 3)]);
    let job = ticket("one", "2026-03-09T10:00", json!([step("work", "tax", 120)]));
    let scenario = question(people, json!([job])).to_string();
    let asked = Posted { scenario: &scenario, ..Posted::default() }.question().unwrap();
    let settings = Settings {
        seed: 1,
        lanes: 1,
        threads: 0,
        budget: Budget::Rounds(1),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    };
    let plan = morning::plan(&asked, None, &settings, &mut |_| true).unwrap().plan;
    let other = if plan.steps[0].people[0] == "an" { "bo" } else { "an" };
    let times_asked = |goes_on: bool| {
        let mut count = 0;
        let mut watch = |_: &Progress| {
            count += 1;
            goes_on
        };
        let choice = ("one/work", other);
        reasons::why_not(&asked, &plan, None, choice, Some(&mut watch)).unwrap();
        count
    };
    assert_eq!(times_asked(false), 1);
    assert!(times_asked(true) >= 2);
}

/// Begun at 08:30 with an hour to go, so the review cannot be pinned to 09:15.
#[test]
fn what_cannot_be_planned_is_told_so() {
    let review = with(step("review", "tax", 30), json!({ "after": [{ "step": "work" }] }));
    let job = ticket("one", NOON, json!([step("work", "tax", 60), review]));
    let facts = json!({
        "pins": [{ "step": "one/review", "start": "2026-03-09T09:15" }],
        "progress": [{ "step": "one/work", "state": "begun", "people": ["an"],
                       "start": "2026-03-09T08:30", "remaining_minutes": 60 }],
    });
    let scenario = with(question(json!([person("an", &["tax"], 3)]), json!([job])), facts);
    let answer = Server::start().post("/v1/plan", &asked(&scenario, 1), &[]);
    assert_eq!(answer.problem(), (422, "impossible".to_owned()), "{}", answer.text());
    assert!(answer.json()["details"]["en"].as_str().unwrap().contains("one/review"));
}

/// Two weights and the scenario's own, which is one of them: two points.
#[test]
fn a_front_is_swept_at_the_weights_asked_for() {
    let body = json!({
        "scenario": late(),
        "weights": [
            { "lambda_urgency": 1000, "lambda_client_value": 1000 },
            { "lambda_urgency": 2000, "lambda_client_value": 1000 },
        ],
        "search": { "rounds": 1 },
    });
    let server =
        Server::with(Service::in_memory(), Limits { inline_rounds: 2, ..Limits::default() });
    let front = server.post("/v1/front", &body, &[]);
    assert_eq!((front.status, front.json()["points"].as_array().unwrap().len()), (200, 2));
    let longer = with(body, json!({ "search": { "rounds": 2 } }));
    assert_eq!(server.post("/v1/front", &longer, &[]).status, 202);
}

#[test]
fn warnings_come_with_the_plan() {
    let mut scenario = late();
    scenario["tickets"][0]["steps"][0]["seats"][0]["level"] = json!(5);
    let plan = Server::start().post("/v1/plan", &asked(&scenario, 1), &[]).json();
    assert_eq!(plan["warnings"][0]["code"], "W301", "{plan:#}");
    assert!(plan["warnings"][0]["pointer"].as_str().unwrap().starts_with("/scenario/tickets/0"));
    let noon = with(late(), json!({ "as_of": NOON }));
    assert_eq!(Server::start().post("/v1/plan", &asked(&noon, 1), &[]).status, 200);
}

/// What the OpenAPI document shows as an example works as it stands.
#[test]
fn every_example_of_the_openapi_document_is_answered() {
    let server = Server::start();
    let document = server.get("/v1/openapi.json").json();
    let mut count = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let media = &methods["post"]["requestBody"]["content"]["application/json"];
        let Some(example) = media.get("example") else { continue };
        let answer = server.post(path, example, &[]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        count += 1;
    }
    assert_eq!(count, 7);
}
