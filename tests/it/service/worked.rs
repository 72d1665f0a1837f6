//! What happened to a ticket at the desk is planned with, whether or not anybody reported its steps.

use paidan::app::service::desk::Wanted;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::model::scenario::Scenario;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, read};

const MINUTE: i64 = 60_000;

fn driver(service: &Service) -> Caller {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    Caller::person(&ticket.desk.unwrap().crew.unwrap().driver, Role::Specialist)
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// T-1, an hour of filing and an hour of looking over it, begun at half past nine.
fn begun(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let driver = driver(service);
    does(service, &driver, "acknowledged", json!({}), NOW);
    does(service, &driver, "begun", json!({}), NOW + 30 * MINUTE);
}

fn reviewed(service: &Service) {
    begun(service);
    let nothing = || json!({"items": []});
    does(service, &driver(service), "self_checked", nothing(), NOW + 50 * MINUTE);
    let li = Caller::person("li", Role::Reviewer);
    does(service, &li, "reviewed", nothing(), NOW + 55 * MINUTE);
}

fn scenario(service: &Service) -> Scenario {
    service.scenario(&caller(Role::Reviewer), NOW + 60 * MINUTE).unwrap()
}

fn has(service: &Service, key: &str) -> bool {
    scenario(service).tickets.iter().any(|ticket| ticket.id == key)
}

/// R084, R250: what the client has takes nobody's time and is at risk by no plan, and what comes
/// after it may begin; what came back is planned again.
#[test]
fn what_was_delivered_is_not_planned_until_it_comes_back() {
    both("worked-delivered", |service| {
        reviewed(service);
        assert!(has(service, "T-1"));
        let agent = caller(Role::Dispatcher);
        let after = serde_json::from_value(json!({"after": ["T-1"]})).unwrap();
        service.change_ticket(&agent, "T-0", None, after, NOW).unwrap();
        assert!(has(service, "T-0"));
        let li = Caller::person("li", Role::Reviewer);
        does(service, &li, "delivered", json!({"steps": []}), NOW + 60 * MINUTE);
        assert!(!has(service, "T-1"));
        assert!(has(service, "T-0"), "it comes after what is done");
        let wish = DraftWish { rounds: 1, seed: 1 };
        let later = NOW + 60 * MINUTE;
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        assert!(draft.aside.iter().all(|one| one.key != "T-1"), "{:?}", draft.aside);
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        let told = service.events(&agent, 0, 500, later).unwrap();
        assert!(told.iter().all(|event| event.kind != "promise.at_risk"));
        let back = json!({"reason": "wrong period", "code": "figures"});
        does(service, &agent, "returned", back, later);
        assert!(has(service, "T-1"));
    });
}
