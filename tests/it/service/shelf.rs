//! How plans are kept: in parts that plans share, told whole.

use std::sync::Arc;

use paidan::app::service::Service;
use paidan::app::service::once::Once;
use paidan::app::service::plans::Publishing;
use paidan::app::service::role::Role;
use paidan::store::{Batch, Documents as _, Memory, Shared, Store as _, Write};
use serde_json::{Value, json};

use super::quotes::{accept, quote, quoting};
use super::{NOW, caller, read};

fn kept() -> (Arc<Memory>, Service) {
    let store = Arc::new(Memory::new());
    let shared: Shared = Arc::<Memory>::clone(&store);
    let service = Service::over(shared).unwrap();
    (store, service)
}

fn parts(store: &Memory) -> usize {
    store.documents("part", None, 1_000).unwrap().len()
}

/// The plan of this number as it is shown.
fn plan(service: &Service, number: u64) -> Value {
    json!(service.published_plan(&caller(Role::Administrator), number, NOW).unwrap())
}

#[test]
fn a_plan_that_an_acceptance_makes_shares_what_it_has_in_common_with_the_one_before() {
    let (store, service) = kept();
    quoting(&service);
    // Scenario, people, tickets, steps.
    assert_eq!(parts(&store), 4);
    accept(&service, &quote(&service, "T-2"), NOW).unwrap();
    // The tickets and the steps are others.
    assert_eq!(parts(&store), 6);
    let boss = caller(Role::Administrator);
    let back = Publishing { draft: None, rollback_to: Some(1), replaces: 2 };
    service.publish(&boss, &back, None, NOW).unwrap();
    let steps = |number: u64| plan(&service, number)["plan"]["steps"].as_array().unwrap().len();
    assert_eq!([1, 2, 3].map(steps), [1, 2, 1]);
}

#[test]
fn a_plan_that_was_kept_whole_is_read_as_it_is() {
    let (store, service) = kept();
    quoting(&service);
    let before = plan(&service, 1);
    let text = |kind: &str, key: &str| {
        let document = store.document(kind, key).unwrap().unwrap();
        serde_json::from_str::<Value>(&document.body.unwrap()).unwrap()
    };
    // As it was kept before there were parts.
    let mut whole = text("plan", "0000000001");
    let parts = whole.as_object_mut().unwrap().remove("parts").unwrap();
    let rows = |list: &str| -> Vec<Value> {
        let parts = parts[list].as_array().unwrap().iter();
        let rows = parts.map(|part| text("part", part.as_str().unwrap()));
        rows.flat_map(|rows| rows.as_array().unwrap().clone()).collect()
    };
    let mut scenario = rows("frame").remove(0);
    for list in ["travel", "people", "clients", "tickets", "pins", "progress"] {
        scenario[list] = json!(rows(list));
    }
    whole["scenario"] = scenario;
    whole["plan"]["steps"] = json!(rows("steps"));
    let put = Write::PutDocument {
        kind: "plan".to_owned(),
        key: "0000000001".to_owned(),
        expected_version: None,
        body: Some(whole.to_string()),
        at_ms: NOW,
        actor: "test".to_owned(),
    };
    store.commit(Batch::new().and(put)).unwrap();
    let shared: Shared = Arc::<Memory>::clone(&store);
    let later = Service::over(shared).unwrap();
    assert_eq!(plan(&later, 1), before);
    assert_eq!(accept(&later, &quote(&later, "T-2"), NOW).unwrap().plan, 2);
}

/// R124: a publication that comes again is answered as the first time, from the plan itself.
#[test]
fn a_publication_that_comes_again_is_answered_as_the_first_time() {
    let (_, service) = kept();
    quoting(&service);
    let boss = caller(Role::Administrator);
    let back = Publishing { draft: None, rollback_to: Some(1), replaces: 1 };
    let once = Once::new(&boss, "POST /v1/plans", "p1", b"body");
    let first = service.publish(&boss, &back, Some(&once), NOW).unwrap();
    let again = service.publish(&boss, &back, Some(&once), NOW + 1).unwrap();
    assert_eq!((first.is_repeated, again.is_repeated), (false, true));
    assert_eq!((&first.body, &first.key, first.version), (&again.body, &again.key, again.version));
    assert_eq!(read::<Value>(&again)["number"], 2);
}
