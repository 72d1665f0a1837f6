//! `POST /v1/simulations`: figures at once or as a job, and what is wrong with it.

use std::sync::Arc;

use paidan::app::service::Service;
use paidan::app::service::simulations::Pending;
use paidan::store::{Memory, Store};
use paidan::web::Limits;
use serde_json::{Value, json};

use super::client::Server;
use super::stateless::late;
use crate::question::{step, with};

fn asked(days: u32) -> Value {
    let template = json!({"id": "call", "track": "urgent", "steps": [step("work", "tax", 120)],
        "curves": [{"kind": "urgency", "per_hour_fen": 10_000}]});
    let rates = [6_000; 7];
    let stream = json!({"ticket": template, "per_day_permille": rates,
        "promise": {"working_minutes": 240, "calendar": "office"}});
    json!({
        "scenario": late(), "replications": 2, "policies": ["engine", "first_come"],
        "simulation": {"format": "paidan-simulation/1", "days": days, "drain_days": 4,
                       "streams": [stream]},
        "options": [{"format": "paidan-changes/1",
                     "changes": [{"kind": "demand", "percent": 200}]}],
    })
}

/// R121. Two options under two policies; the same request gets the same figures; a long one is a
/// job.
#[test]
fn a_short_simulation_is_answered_at_once_and_a_long_one_is_a_job() {
    let server = Server::start();
    let told = server.post("/v1/simulations", &asked(2), &[]);
    assert_eq!(told.status, 200, "{}", told.text());
    let report = told.json();
    assert_eq!(report["cells"].as_array().unwrap().len(), 4);
    assert_eq!(report["cells"][2]["option"]["en"], "option 1");
    assert_eq!(report, server.post("/v1/simulations", &asked(2), &[]).json());
    let long = with(asked(30), json!({"replications": 3}));
    let begun = server.post("/v1/simulations", &long, &[]);
    assert_eq!((begun.status, &begun.json()["kind"]), (202, &json!("simulation")));
}

/// R121. Trouble that comes at two at night, and more of it before a statutory date: ten times as
/// much on these dates is more, none of it is none, and what comes comes at night.
#[test]
fn a_simulation_tells_of_nights_and_of_peaks_before_a_statutory_date() {
    let server = Server::start();
    let nightly = |percent: u32| -> u64 {
        let mut asked = asked(2);
        asked["policies"] = json!(["first_come"]);
        asked["options"] = json!([]);
        let stream = &mut asked["simulation"]["streams"][0];
        stream["hours"] = json!((0..24).map(|hour| u32::from(hour == 2)).collect::<Vec<u32>>());
        stream["peaks"] = json!([{"from": "2026-03-09", "to": "2026-03-12", "percent": percent}]);
        let told = server.post("/v1/simulations", &asked, &[]);
        assert_eq!(told.status, 200, "{}", told.text());
        let report = told.json();
        let hours = report["cells"][0]["hours"].as_array().unwrap();
        let night = hours.iter().find(|row| row["name"] == "02:00");
        night.map_or(0, |row| row["tickets"].as_u64().unwrap())
    };
    let usual = nightly(100);
    assert!(usual > 0 && nightly(1_000) > usual, "{usual}");
    assert_eq!(nightly(0), 0);
}

/// All that is wrong with both documents is told at once, before there is a job; so is what
/// cannot be read in one of them beside what does not fit in the other.
#[test]
fn a_simulation_that_does_not_fit_is_refused_with_its_places() {
    let mut wrong = asked(2);
    wrong["options"][0]["changes"][0] = json!({"kind": "tool", "tool": "seal", "available": true});
    wrong["simulation"]["streams"][0]["clients"] = json!(["nobody"]);
    let server = Server::start();
    let places = |problem: &Value| -> Vec<String> {
        let errors = problem["errors"].as_array().unwrap().iter();
        errors.map(|row| row["pointer"].as_str().unwrap().to_owned()).collect()
    };
    let expected = ["/simulation/streams/0/clients/0", "/options/0/changes/0/tool"];
    let refused = server.post("/v1/simulations", &wrong, &[]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(places(&refused.json()), expected);
    let long = with(wrong.clone(), json!({"replications": 500}));
    let never = server.post("/v1/simulations", &long, &[]);
    assert_eq!((never.status, places(&never.json())), (422, expected.map(str::to_owned).to_vec()));
    wrong["simulation"]["streams"][0]["hours"] = json!("all");
    let unread = server.post("/v1/simulations", &wrong, &[]).json();
    assert_eq!(places(&unread), ["/simulation/streams/0/hours", "/options/0/changes/0/tool"]);
}

/// A job goes on after a restart under its own name: what was simulated before is not simulated
/// again, and the result is the one of a server that never stopped. The same request is then
/// answered from what was kept, under no job.
#[test]
fn a_simulation_goes_on_after_a_restart() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let server = || Server::with(Service::over(Arc::clone(&store)).unwrap(), Limits::default());
    let long = with(asked(6), json!({"replications": 64}));
    let first = server();
    let begun = first.post("/v1/simulations", &long, &[]);
    assert_eq!(begun.status, 202, "{}", begun.text());
    let path = format!("/v1/jobs/{}", begun.json()["id"].as_str().unwrap());
    // Eight replications are kept at once; the job has 64.
    while store.documents("simulation_part", None, 1).unwrap().is_empty() {
        std::thread::yield_now();
    }
    first.ended().unwrap();
    let parts = store.documents("simulation_part", None, 100).unwrap();
    // The last of them is cut short by the end of the server.
    let made = |body: &String| -> usize {
        serde_json::from_str::<Value>(body).unwrap()["cells"][0].as_array().unwrap().len()
    };
    let kept: usize = parts.iter().filter_map(|row| row.body.as_ref()).map(made).sum();
    let kept = u64::try_from(kept).unwrap();
    let rounds = |document: &Value| document["progress"]["rounds"].as_u64().unwrap_or(0);
    let second = server();
    let told = loop {
        let told = second.get(&path).json();
        if !["waiting", "running"].contains(&told["standing"].as_str().unwrap()) {
            break told;
        }
        // It begins where the other server ended.
        assert!(rounds(&told) == 0 || rounds(&told) >= kept, "{told}");
        let far = &told["progress"];
        assert!(far.is_null() || (far["most_rounds"] == 64 && far["cost_fen"].is_null()), "{far}");
        std::thread::yield_now();
    };
    assert_eq!(told["standing"], "done", "{told}");
    assert!(kept >= 8, "something was kept");
    assert!(store.documents("simulation_part", None, 1).unwrap().is_empty(), "nothing is left");
    assert!(store.documents("simulation_job", None, 1).unwrap().is_empty(), "nobody waits");
    let again = second.post("/v1/simulations", &long, &[]);
    assert_eq!((again.status, &again.json()), (200, &told["result"]));
    // A third server knows nothing of the job but how it ended: it is told under the same name.
    second.ended().unwrap();
    let third = server();
    let past = third.get(&path).json();
    let both = |field: &str| (past[field].clone(), told[field].clone());
    for field in ["id", "kind", "standing", "created", "finished", "result", "is_cancelled"] {
        let (past, told) = both(field);
        assert_eq!(past, told, "{field}");
    }
    let cancelled = third.ask("DELETE", &path, &[]).json();
    assert_eq!(
        (&cancelled["standing"], &cancelled["is_cancelled"]),
        (&json!("done"), &json!(false))
    );
    assert!(third.get(&format!("{path}/events")).text().contains("event: end"));
    let other = Server::start();
    let begun = other.post("/v1/simulations", &long, &[]).json();
    let path = format!("/v1/jobs/{}", begun["id"].as_str().unwrap());
    let whole = loop {
        let told = other.get(&path).json();
        if told["standing"] == "done" {
            break told;
        }
        std::thread::yield_now();
    };
    assert_eq!(whole["result"], told["result"], "as if it had never stopped");
}

/// What was cancelled before its turn does not begin again after a restart.
/// The same key finds the same job before and after.
#[test]
fn only_what_was_under_way_goes_on_after_a_restart() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let limits = || Limits { workers: 1, ..Limits::default() };
    let server = || Server::with(Service::over(Arc::clone(&store)).unwrap(), limits());
    let first = server();
    let asked = |seed: u32| with(asked(20), json!({"replications": 2_000, "seed": seed}));
    let key = [("idempotency-key", "a-simulation")];
    let begin = |server: &Server, seed: u32, headers: &[(&str, &str)]| {
        let begun = server.post("/v1/simulations", &asked(seed), headers);
        assert_eq!(begun.status, 202, "{}", begun.text());
        begun.json()["id"].as_str().unwrap().to_owned()
    };
    let running = begin(&first, 1, &key);
    let queued = begin(&first, 2, &[]);
    let ended = |server: &Server, id: &str| loop {
        let told = server.get(&format!("/v1/jobs/{id}")).json();
        if !["waiting", "running"].contains(&told["standing"].as_str().unwrap()) {
            break told;
        }
        std::thread::yield_now();
    };
    let cancel = |server: &Server, id: &str| {
        let told = server.ask("DELETE", &format!("/v1/jobs/{id}"), &[]);
        assert!((200..300).contains(&told.status), "{}", told.text());
    };
    cancel(&first, &queued);
    let told = ended(&first, &queued);
    assert_eq!(
        (&told["standing"], &told["problem"]["code"]),
        (&json!("cancelled"), &json!("cancelled"))
    );
    first.ended().unwrap();
    let second = server();
    let past = second.get(&format!("/v1/jobs/{queued}")).json();
    assert_eq!((&past["standing"], &past["problem"]), (&told["standing"], &told["problem"]));
    assert_eq!(begin(&second, 1, &key), running, "the same key, the same job");
    cancel(&second, &running);
    let told = ended(&second, &running);
    second.ended().unwrap();
    let past = server().get(&format!("/v1/jobs/{running}")).json();
    for field in ["standing", "is_cancelled", "result", "problem"] {
        assert_eq!(past[field], told[field], "{field}");
    }
    let waiting = store.documents("simulation_job", None, 9).unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
}

/// What another version began and this one cannot read is told to be interrupted, and what to do; it
/// does not begin again. A job whose result was kept before it could be told is done. Neither is
/// anybody else's.
#[test]
fn what_cannot_go_on_after_a_restart_says_so() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let service = || Service::over(Arc::clone(&store)).unwrap();
    let owner = |server: &Server| {
        let long = with(asked(30), json!({"replications": 500}));
        assert_eq!(server.post("/v1/simulations", &long, &[]).status, 202);
        let row = store.documents("simulation_job", None, 1).unwrap().remove(0);
        serde_json::from_str::<Pending>(row.body.as_deref().unwrap()).unwrap()
    };
    let first = Server::with(service(), Limits::default());
    let pending = owner(&first);
    first.ended().unwrap();
    let left = |id: &str, digest: &str, owner: &str| {
        let (id, digest, owner) = (id.to_owned(), digest.to_owned(), owner.to_owned());
        let body = "{\"scenario\": 1}".to_owned();
        let own = Pending { id, digest, owner, body, ..pending.clone() };
        service().begin_simulation(&own).unwrap();
    };
    left("old", "0-0-old", &pending.owner);
    left("known", "0-0-known", &pending.owner);
    left("other", "0-0-other", "key/somebody");
    let result = "{\"cells\":[]}".to_owned();
    service().end_simulation("0-0-known", result, pending.created_ms).unwrap();
    let second = Server::with(service(), Limits::default());
    let told = |id: &str| second.get(&format!("/v1/jobs/{id}"));
    let old = told("old").json();
    assert_eq!(
        (&old["standing"], &old["problem"]["code"]),
        (&json!("interrupted"), &json!("interrupted"))
    );
    assert!(
        old["problem"]["details"]["en"].as_str().unwrap().contains("post the same request again")
    );
    let known = told("known").json();
    assert_eq!((&known["standing"], &known["result"]), (&json!("done"), &json!({"cells": []})));
    assert_eq!(told("other").status, 404);
    let waiting = store.documents("simulation_job", None, 9).unwrap();
    assert!(waiting.iter().all(|row| row.key == pending.id), "{waiting:?}");
}

/// What is kept of a simulation while it runs has no names of people in it.
#[test]
fn what_waits_for_a_restart_has_no_words() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let server = Server::with(Service::over(Arc::clone(&store)).unwrap(), Limits::default());
    let mut long = with(asked(30), json!({"replications": 500}));
    long["scenario"]["people"][0]["name"] = json!({"zh": "王小明", "en": "Wang Xiaoming"});
    assert_eq!(server.post("/v1/simulations", &long, &[]).status, 202);
    let rows = store.documents("simulation_job", None, 2).unwrap();
    let body = rows[0].body.as_deref().unwrap();
    assert!(body.contains("simulation") && !body.contains("Xiaoming"), "{body}");
}

/// What is wrong with a long simulation is told before anybody is asked to come again, all of it; the
/// same question while its job runs is that job, and another's is another.
#[test]
fn a_long_simulation_is_checked_first_and_begun_once() {
    let server = Server::start();
    let mut wrong = with(asked(30), json!({"replications": 3}));
    wrong["simulation"]["streams"][0]["clients"] = json!(["nobody"]);
    wrong["simulation"]["streams"][0]["ticket"]["bureau"] = json!("none");
    wrong["options"][0]["changes"] = json!([{"kind": "demand", "percent": 200, "tier": "god"}]);
    let refused = server.post("/v1/simulations", &wrong, &[]);
    assert!(matches!(refused.status, 400 | 422), "{} {}", refused.status, refused.text());
    for place in ["clients", "bureau", "tier"] {
        assert!(refused.text().contains(place), "{place}\n{}", refused.text());
    }
    let long = |seed: u32| with(asked(30), json!({"replications": 2_000, "seed": seed}));
    let begun = |seed: u32| {
        let told = server.post("/v1/simulations", &long(seed), &[]);
        assert_eq!(told.status, 202, "{}", told.text());
        told.json()["id"].clone()
    };
    let first = begun(1);
    assert!(first.is_string());
    assert_eq!(first, begun(1));
    assert_ne!(first, begun(2));
}
