//! Steps share the rows of who may do them where, and only where, those are the same.

use std::collections::BTreeMap;

use paidan::model::work::Work;
use paidan::problem::compile;
use serde_json::{Value, json};

use crate::question::{person, question, step, ticket, with, work};

/// Two tickets of a client whose person is An, each of one step; `change` is made to the second.
fn twins(change: impl Fn(&mut Value, &mut Value)) -> Work {
    let of = |id| {
        with(
            ticket(id, "2026-03-10T12:00", json!([step("only", "tax", 60)])),
            json!({"client": "c"}),
        )
    };
    let (mut other, mut rest) = (of("b"), json!({}));
    change(&mut other, &mut rest);
    let people = json!([
        with(person("an", &["tax"], 3), json!({"base": "home"})),
        person("bo", &["tax"], 4),
        with(person("chen", &["tax"], 2), json!({"urgent_only": true})),
    ]);
    let more = json!({
        "clients": [
            {"id": "c", "owner": "an"},
            {"id": "d", "owner": "bo"},
            {"id": "e", "owner": "an", "excluded": ["bo"]},
        ],
        "sites": [{"id": "home"}, {"id": "town"}],
        "bureaus": [{"id": "hall", "calendar": "mornings"}],
        "tools": [{"id": "robot", "available": true}],
        "policy": {"preference": {"off_owner_fen": 5000}},
    });
    let mut question = with(question(people, json!([of("a"), other])), with(more, rest));
    let mornings = json!({"id": "mornings", "weekly": {"tue": ["09:00-11:00"]}});
    question["calendars"].as_array_mut().unwrap().push(mornings);
    work(&question)
}

fn share(work: &Work) -> bool {
    let problem = compile(work, &BTreeMap::new());
    let rows: Vec<_> = problem.steps.iter().map(|step| step.options).collect();
    assert_eq!(rows.len(), 2);
    rows[0] == rows[1]
}

#[test]
fn steps_that_differ_in_nothing_share_their_options() {
    assert!(share(&twins(|_, _| {})));
    // When it is due says nothing of who may do it.
    assert!(share(&twins(|ticket, _| ticket["due"] = json!("2026-03-12T12:00"))));
}

/// Every fact of a step that decides who may do it, how long it takes or at what price.
#[test]
fn steps_that_differ_in_one_fact_do_not_share_their_options() {
    type Change = fn(&mut Value, &mut Value);
    let facts: &[(&str, Change)] = &[
        ("level", |ticket, _| ticket["steps"][0]["seats"][0]["level"] = json!(3)),
        ("skill", |ticket, _| ticket["steps"][0]["seats"][0]["skill"] = json!("legal")),
        ("pin", |_, rest| rest["pins"] = json!([{"step": "b/only", "people": ["bo"]}])),
        ("track", |ticket, _| ticket["track"] = json!("urgent")),
        ("excluded", |ticket, _| ticket["client"] = json!("e")),
        ("minutes", |ticket, _| ticket["steps"][0]["minutes"] = json!(61)),
        ("tool", |ticket, _| {
            ticket["steps"][0]["tools"] = json!([{"tool": "robot", "percent": 50}]);
        }),
        ("stated", |ticket, _| {
            ticket["steps"][0]["stated"] = json!([{"person": "bo", "minutes": 20}]);
        }),
        ("site", |ticket, _| ticket["steps"][0]["site"] = json!("town")),
        ("remote", |ticket, _| ticket["steps"][0]["remote"] = json!(true)),
        ("bureau", |ticket, _| {
            ticket["steps"][0]["bureau"] = json!("hall");
            ticket["steps"][0]["bureau_rule"] = json!("wholly");
        }),
        ("owner", |ticket, _| ticket["client"] = json!("d")),
    ];
    for (name, change) in facts {
        assert!(!share(&twins(change)), "{name}");
    }
}
