//! What is counted of results, and the two hours in which material is looked at, on stored tickets.

use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::policy::Policy;
use paidan::policy::desk::Desk;
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

/// R028: material that came in at nine is looked at by eleven; after an hour and a half the clock
/// of the catalogue warns, and at eleven somebody is told. It is not the client's clock, which was
/// promised nothing.
#[test]
fn material_is_looked_at_within_two_hours_or_somebody_is_told() {
    both("counted-pre-check", |service| {
        let (he, _) = taken(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let kept = service.policy(&boss).unwrap();
        let mut policy: Value = serde_json::to_value(kept.document).unwrap();
        let own = Desk::catalogue().timers.into_iter().find(|timer| timer.id == "pre-check");
        policy["desk"]["timers"] = json!([own.unwrap()]);
        let policy: Policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        while service.wind(NOW).unwrap() {}
        let items = || json!({"items": ["licence"]});
        does(service, &agent, "material_asked", items(), NOW);
        does(service, &agent, "material_received", items(), NOW);
        let due = service.desk_due(&agent, NOW + 3 * HOUR, None, 100).unwrap().items;
        let due: Vec<_> = due.iter().map(|one| (one.at.as_str(), one.sign)).collect();
        // 90 of 120 minutes after 01:00 in UTC.
        let (warns, out) = ("2026-03-09T02:30:00.000Z", "2026-03-09T03:00:00.000Z");
        assert_eq!(due, [(warns, Sign::Warns), (out, Sign::RunsOut)]);
        service.tick(NOW + 2 * HOUR).unwrap();
        let events = service.events(&agent, 0, 500, NOW).unwrap();
        let told = events.iter().find(|event| event.kind == "ticket.escalated").unwrap();
        assert_eq!(
            (&told.payload["timer"], &told.payload["to"]),
            (&json!("pre-check"), &json!("supervisor"))
        );
        let judged = json!({"item": "licence", "found": "complete", "expires_ms": null});
        does(service, &he, "material_judged", judged, NOW + 2 * HOUR);
        assert_eq!(service.desk_due(&agent, NOW + 9 * HOUR, None, 100).unwrap().items, []);
    });
}
