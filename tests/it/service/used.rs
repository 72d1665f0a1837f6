//! What clients have called on of what they are entitled to, counted from marks.

use std::sync::Arc;

use paidan::app::service::Service;
use paidan::app::service::desk::Wanted;
use paidan::app::service::role::Role;
use paidan::policy::Policy;
use paidan::store::{Batch, Memory, Shared, Write};
use serde_json::{Value, json};

use super::desk::doing;
use super::{NOW, both, caller, clocks, filing, firm};

const DAY: i64 = 86_400_000;

/// Three answers a month for Acme and Bolt, who have two tickets each.
fn lay(service: &Service) {
    firm(service);
    let boss = caller(Role::Administrator);
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    let label = |text: &str| json!({"zh": text, "en": text});
    policy["desk"]["tiers"] = json!([{"id": "plain", "label": label("plain"),
        "channels": ["phone"], "runs": "working", "entitlements": [{"id": "advice",
            "label": label("advice"), "kind": "consultation", "count": 3, "unit": label("answers"),
            "per": "month", "within": {"minutes": 120}, "channels": ["phone"], "depth": 1}]}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(0), policy, NOW).unwrap();
    for client in ["acme", "bolt"] {
        let new = json!({"id": client, "tier": "plain"});
        service.create_client(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        for number in 1..=2 {
            let mut new = filing(Some(&format!("{client}-{number}")));
            new.client = Some(client.to_owned());
            service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).unwrap();
        }
    }
    answered(service, "acme-1", NOW);
    answered(service, "acme-2", NOW);
    answered(service, "bolt-1", NOW);
}

fn answered(service: &Service, key: &str, at_ms: i64) {
    let (agent, wanted) = (caller(Role::Dispatcher), Wanted { key, version: None });
    let one = doing("answered", json!({"what": "by the 15th"}));
    service.desk_do(&agent, wanted, &one, None, at_ms).unwrap();
}

/// What is left for the client of a ticket at a moment.
fn left(service: &Service, key: &str, at_ms: i64) -> u32 {
    service.dossier(&caller(Role::Dispatcher), key, at_ms).unwrap().entitled[0].left
}

/// R116: of three answers a month Acme has had two over its tickets, Bolt one; a month later nobody
/// has had any, and what is answered then counts for then. The log alone tells the same.
#[test]
fn what_is_left_is_counted_over_all_tickets_of_a_client_and_of_no_other() {
    both("used-left", |service| {
        lay(service);
        let now = || ["acme-1", "acme-2", "bolt-2"].map(|key| left(service, key, NOW));
        assert_eq!(now(), [1, 1, 2]);
        let later = NOW + 31 * DAY;
        assert_eq!(left(service, "acme-1", later), 3);
        answered(service, "acme-2", later);
        assert_eq!((left(service, "acme-1", later), now()), (2, [1, 1, 2]));
        assert_eq!(service.rebuild(later, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!((left(service, "acme-1", later), now()), (2, [1, 1, 2]));
    });
}

/// R116: a store of before there were such marks is given them from its log when it is opened.
#[test]
fn a_store_without_marks_of_use_is_given_them_when_it_is_opened() {
    let store: Shared = Arc::new(Memory::new());
    lay(&Service::over(Arc::clone(&store)).unwrap());
    let (kind, key, body) = ("marks".to_owned(), "made".to_owned(), "7".to_owned());
    let batch = Batch::new().and(Write::UnmarkAll { kind: "used".to_owned() });
    store.commit(batch.and(Write::Mark { kind, key, body })).unwrap();
    let service = Service::over(Arc::clone(&store)).unwrap();
    assert_eq!(["acme-1", "bolt-1"].map(|key| left(&service, key, NOW)), [1, 2]);
}

/// R108, R128: a store of before there were levels of response that are due, and ladders: its clocks
/// are read anew once it is opened, so that open tickets have them without anything happening.
#[test]
fn a_store_of_the_form_before_has_its_clocks_read_anew() {
    let store: Shared = Arc::new(Memory::new());
    lay(&Service::over(Arc::clone(&store)).unwrap());
    let service = Service::over(Arc::clone(&store)).unwrap();
    while service.wind(NOW).unwrap() {}
    let clocks = store.marks("clock", "", None, 10).unwrap();
    assert_eq!(clocks.len(), 4);
    let (kind, key, body) = ("marks".to_owned(), "made".to_owned(), "7".to_owned());
    let batch = Batch::new().and(Write::UnmarkAll { kind: "clock".to_owned() });
    store.commit(batch.and(Write::Mark { kind, key, body })).unwrap();
    let service = Service::over(Arc::clone(&store)).unwrap();
    while service.wind(NOW).unwrap() {}
    assert_eq!(store.marks("clock", "", None, 10).unwrap(), clocks);
}
