//! What is counted of results on stored tickets.

use paidan::app::service::desk::{Sign, Wanted};
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

/// R083, R097: an error found after the signature is counted as escaped when it is found, in a period
/// of its own; with the ticket that puts it right it is on record. Before the signature it is no such
/// thing: then the result comes back.
#[test]
fn an_error_found_after_the_signature_has_escaped() {
    both("counted-later", |service| {
        let (he, she) = taken(service);
        let agent = caller(Role::Dispatcher);
        let wanted = Wanted { key: "T-1", version: None };
        let defect = |follow_up: &str| {
            let payload = json!({"code": "figures", "reason": "the old rate", "found_by": "client",
                "follow_up": follow_up});
            doing("defect_found", payload)
        };
        let refused = |follow_up: &str, now_ms: i64| {
            service.desk_do(&agent, wanted, &defect(follow_up), None, now_ms).unwrap_err().code()
        };
        does(service, &he, "self_checked", json!({"items": []}), NOW + HOUR);
        does(service, &she, "reviewed", json!({"items": []}), NOW + HOUR);
        does(service, &he, "delivered", json!({"steps": []}), NOW + HOUR);
        assert_eq!(refused("T-0", NOW + HOUR), "D001");
        let dossier = service.dossier(&agent, "T-1", NOW + HOUR).unwrap();
        let signed = json!({"digest": dossier.confirmation.digest});
        does(service, &agent, "signed", signed, NOW + HOUR);
        let later = NOW + 40 * 24 * HOUR;
        assert_eq!((refused("T-9", later), refused("T-1", later)), ("A003", "A009"));
        service.desk_do(&agent, wanted, &defect("T-0"), None, later).unwrap();
        // It waits for whoever drove it, until it is put right.
        let due = || -> Vec<_> {
            let rows = service.desk_due(&agent, later, None, 100).unwrap().items.into_iter();
            let rows = rows.filter(|row| row.sign == Sign::Mends);
            rows.map(|row| (row.ticket, row.person, row.post)).collect()
        };
        let driver = he.actor.strip_prefix("person/").map(str::to_owned);
        assert_eq!(due(), [("T-1".to_owned(), driver, None)]);
        let told = service.desk_review(&agent, (NOW, 7), NOW + 5 * HOUR).unwrap();
        let row = &told.period.services[0];
        assert_eq!((row.escaped, row.delivered, row.right_permille), (0, 1, Some(1000)));
        let told = service.desk_review(&agent, (later, 7), later + HOUR).unwrap();
        let row = &told.period.services[0];
        assert_eq!((row.escaped, row.delivered, row.right_permille), (1, 0, None));
        // Over both there is one result, and it was wrong.
        let told = service.desk_review(&agent, (later, 50), later + HOUR).unwrap();
        assert_eq!(told.period.services[0].right_permille, Some(0));
        let defects = service.dossier(&agent, "T-1", later).unwrap().words.defects;
        assert_eq!(defects[0].follow_up.as_deref(), Some("T-0"));
        assert_eq!(service.rebuild(later, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due().len(), 1, "the log tells so as well");
        does(service, &agent, "defect_mended", json!({"how": "filed again"}), later);
        assert_eq!(due(), []);
        service.rebuild(later, &mut |_, _| {}).unwrap();
        assert_eq!(due(), []);
    });
}

/// R101, R134: who drives it answers for it, also after a hand-over, and the client reads his name;
/// once it is delivered nobody is expected to reply any more.
#[test]
fn how_a_ticket_stands_is_told_by_who_has_it() {
    both("counted-stands", |service| {
        let (he, she) = taken(service);
        let stands = |now_ms: i64| {
            service.ticket(&caller(Role::Dispatcher), "T-1", now_ms).unwrap().standing
        };
        let his = |who: &Caller| who.actor.strip_prefix("person/").map(str::to_owned);
        assert_eq!(stands(NOW).accountable, his(&he));
        let dispatcher = caller(Role::Dispatcher);
        let ticket = service.ticket(&dispatcher, "T-1", NOW).unwrap();
        let other = if his(&he).as_deref() == Some("wang") { "zhao" } else { "wang" };
        let mut crew = serde_json::to_value(ticket.desk.unwrap().crew.unwrap()).unwrap();
        crew["driver"] = json!(other);
        does(service, &dispatcher, "reassigned", json!({"crew": crew, "reason": "ill"}), NOW);
        assert_eq!(stands(NOW).accountable.as_deref(), Some(other));
        assert!(stands(NOW).told.en.contains("reply expected before"), "{:?}", stands(NOW).told);
        let other = Caller::person(other, Role::Specialist);
        for kind in ["acknowledged", "begun"] {
            does(service, &other, kind, json!({}), NOW);
        }
        does(service, &other, "self_checked", json!({"items": []}), NOW + HOUR);
        does(service, &she, "reviewed", json!({"items": []}), NOW + HOUR);
        does(service, &other, "delivered", json!({"steps": []}), NOW + HOUR);
        let now = stands(NOW + HOUR);
        assert_eq!(now.told.en, "handed over: please look at it and sign");
        assert_eq!(now.told.zh, "已交付，请核对后签收");
        assert_eq!((now.accountable, now.estimate), (his(&other), None));
    });
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
