//! `POST /v1/simulations`: figures at once or as a job, and what is wrong with it.

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

#[test]
fn a_simulation_that_does_not_fit_is_refused_with_its_place() {
    let mut wrong = asked(2);
    wrong["options"][0]["changes"][0] = json!({"kind": "tool", "tool": "seal", "available": true});
    wrong["simulation"]["streams"][0]["clients"] = json!(["nobody"]);
    let refused = Server::start().post("/v1/simulations", &wrong, &[]);
    assert!((400..500).contains(&refused.status), "{}", refused.text());
    assert!(refused.text().contains("nobody") || refused.text().contains("clients"));
}
