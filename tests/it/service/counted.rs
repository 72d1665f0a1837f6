//! What is counted of results on stored tickets.

use paidan::app::service::desk::Wanted;
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller};

const HOUR: i64 = 3_600_000;

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// T-1 in the hands of its driver; he, and whoever looks over it.
fn taken(service: &Service) -> (Caller, Caller) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let crew = ticket.desk.unwrap().crew.unwrap();
    let he = Caller::person(&crew.driver, Role::Specialist);
    for kind in ["acknowledged", "begun"] {
        does(service, &he, kind, json!({}), NOW);
    }
    (he, Caller::person(&crew.reviewer, Role::Reviewer))
}

/// R083, R097, W18: what the reviewer sends back was caught; what the client sends back got away,
/// and of two results handed over one was right: 500 in 1,000.
#[test]
fn what_is_caught_in_review_and_what_gets_away_is_counted() {
    both("counted-caught", |service| {
        let (he, she) = taken(service);
        let items = || json!({"items": []});
        let back = || json!({"reason": "the wrong kind of refund", "code": "kind"});
        let handed_over = |now_ms: i64| {
            does(service, &he, "self_checked", items(), now_ms);
            does(service, &she, "reviewed", items(), now_ms);
            does(service, &he, "delivered", json!({"steps": []}), now_ms);
        };
        does(service, &he, "self_checked", items(), NOW + HOUR);
        does(service, &she, "returned", back(), NOW + HOUR);
        handed_over(NOW + 2 * HOUR);
        does(service, &caller(Role::Dispatcher), "returned", back(), NOW + 3 * HOUR);
        handed_over(NOW + 4 * HOUR);
        let agent = caller(Role::Dispatcher);
        let told = service.desk_review(&agent, (NOW, 7), NOW + 5 * HOUR).unwrap();
        let row = &told.period.services[0];
        assert_eq!((row.key.as_str(), row.caught, row.escaped, row.delivered), ("filing", 1, 1, 2));
        assert_eq!(row.right_permille, Some(500));
    });
}
