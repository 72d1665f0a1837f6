//! Bodies that work, for readers of the OpenAPI document: one person, one ticket, one plan.

use serde_json::{Value, json};

fn scenario() -> Value {
    json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-09T09:00",
        "horizon": "2026-03-13T18:00",
        "calendars": [{
            "id": "office",
            "weekly": {
                "mon": ["09:00-12:00", "13:00-18:00"], "tue": ["09:00-12:00", "13:00-18:00"],
            },
        }],
        "skills": [{ "id": "tax", "name": { "zh": "报税", "en": "tax filing" } }],
        "people": [{
            "id": "wang", "name": { "zh": "王芳", "en": "Wang Fang" },
            "skills": [{ "skill": "tax", "level": 3 }],
            "bands": [{ "kind": "regular", "calendar": "office" }],
        }],
        "tickets": [{
            "id": "T-1", "due": "2026-03-09T10:00",
            "steps": [{ "id": "file", "seats": [{ "skill": "tax" }], "minutes": 120 }],
            "curves": [{ "kind": "urgency", "per_hour_fen": 10_000 }],
            "unserved": { "urgency_fen": 1_000_000 },
        }],
    })
}

/// A plan for it that starts at `start`.
fn plan(start: &str) -> Value {
    json!({
        "format": "paidan-plan/1",
        "steps": [{ "ticket": "T-1", "step": "file", "people": ["wang"], "start": start }],
    })
}

/// For `POST /v1/plan`.
pub(crate) fn to_plan() -> Value {
    json!({ "scenario": scenario(), "search": { "rounds": 2 } })
}

/// For `POST /v1/front`.
pub(crate) fn to_front() -> Value {
    json!({ "scenario": scenario(), "points": 2, "search": { "rounds": 1 } })
}

/// For `POST /v1/simulations`.
pub(crate) fn to_simulate() -> Value {
    let steps = json!([{ "id": "file", "seats": [{ "skill": "tax" }], "minutes": 60 }]);
    let curves = json!([{ "kind": "urgency", "per_hour_fen": 10_000 }]);
    json!({
        "scenario": scenario(), "replications": 2,
        "simulation": {
            "format": "paidan-simulation/1", "days": 2, "drain_days": 3,
            "streams": [{
                "ticket": { "id": "call", "track": "urgent", "steps": steps, "curves": curves },
                "per_day_permille": [4_000, 4_000, 4_000, 4_000, 4_000, 0, 0],
                "promise": { "working_minutes": 240, "calendar": "office" },
            }],
        },
        "options": [{
            "format": "paidan-changes/1",
            "changes": [{ "kind": "clone_person", "person": "wang", "id": "ma" }],
        }],
    })
}

/// For `POST /v1/verify`.
pub(crate) fn to_verify() -> Value {
    json!({ "scenario": scenario(), "plan": plan("2026-03-09T09:00+08:00") })
}

/// For `POST /v1/explain`.
pub(crate) fn to_explain() -> Value {
    json!({
        "scenario": scenario(), "plan": plan("2026-03-09T09:00+08:00"), "subject": "T-1",
    })
}

/// For `POST /v1/diff`.
pub(crate) fn to_diff() -> Value {
    json!({
        "scenario": scenario(),
        "from": plan("2026-03-09T09:00+08:00"),
        "to": plan("2026-03-09T10:00+08:00"),
    })
}

/// For `POST /v1/quote`: a second filing, behind the first.
pub(crate) fn to_quote() -> Value {
    let file = json!({ "id": "file", "seats": [{ "skill": "tax" }], "minutes": 120 });
    let mut scenario = scenario();
    scenario["services"] = json!([{ "id": "filing", "normal": [file] }]);
    json!({
        "scenario": scenario,
        "plan": plan("2026-03-09T09:00+08:00"),
        "policy": {
            "format": "paidan-policy/1",
            "quote_minutes": 30,
            "rates": [{ "service": "filing", "normal_fen": 60_000, "surcharge_permille": 200,
                "overtime_permille": 1000, "displacement_permille": 1000 }],
        },
        "request": {
            "format": "paidan-request/1",
            "tickets": [{ "id": "T-2", "service": "filing" }],
            "wish": { "requested": "2026-03-09T18:00" },
        },
    })
}
