//! What red lines, floors and approvals read of a ticket is stated otherwise by nobody who works on
//! it, and not without a reason.

use paidan::app::service::role::Role;
use paidan::app::service::tickets::ShownTicket;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::Stage;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, read, replan};

/// T-1 states a refund of 800,000 yuan, and is in the hands of who drives it.
fn refund(service: &Service) -> Caller {
    weighed_ticket(service);
    let mut policy = serde_json::to_value(replan::policy(&json!([]))).unwrap();
    policy["desk"]["approvals"] =
        json!([{"service": "filing", "amount": "refund", "post": "department_manager"}]);
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
    accept(service, &quote(service, "T-1")).unwrap();
    let shown = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let driver = Caller::person(&shown.desk.unwrap().crew.unwrap().driver, Role::Specialist);
    // What nobody has stated yet, whoever works on it may.
    states(service, &driver, "800000.00", None).unwrap();
    driver
}

fn states(
    service: &Service,
    who: &Caller,
    amount: &str,
    reason: Option<&str>,
) -> Result<ShownTicket, Refusal> {
    let wish = json!({"attributes": [{"name": "refund", "value": amount}], "reason": reason});
    service.change_ticket(who, "T-1", None, serde_json::from_value(wish).unwrap(), NOW)
}

/// R052: the amount that decides who approves is changed by a dispatcher who says why, and neither by
/// a specialist nor by a dispatcher who drives it himself; a second amount beside the first is no
/// way round it. Who changed it and why is on record.
#[test]
fn who_works_on_a_ticket_does_not_choose_who_approves_it() {
    both("restated-amount", |service| {
        let driver = refund(service);
        let mei = Caller::person("mei", Role::Dispatcher);
        let refused = states(service, &driver, "49999.00", Some("a typing error"));
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        let two = json!([{"name": "refund", "value": "49999.00"},
            {"name": "refund", "value": "800000.00"}]);
        let two = serde_json::from_value(json!({"attributes": two})).unwrap();
        let refused = service.change_ticket(&driver, "T-1", None, two, NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        let none = serde_json::from_value(json!({"attributes": null})).unwrap();
        let refused = service.change_ticket(&driver, "T-1", None, none, NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        for reason in [None, Some(" ")] {
            let refused = states(service, &mei, "49999.00", reason).unwrap_err();
            assert_eq!(refused.code(), "D009");
        }
        let drives = driver.actor.strip_prefix("person/").unwrap();
        let drives = Caller::person(drives, Role::Dispatcher);
        let refused = states(service, &drives, "49999.00", Some("a typing error")).unwrap_err();
        assert_eq!(refused.code(), "A008");
        states(service, &mei, "49999.00", Some("the office's notice says so")).unwrap();
        let told = service.timeline(&mei, "T-1", 0, 100, NOW).unwrap();
        let told = told.into_iter().rev().find(|entry| entry.kind == "ticket.changed").unwrap();
        assert_eq!(told.note.as_deref(), Some("the office's notice says so"));
        assert_eq!(told.actor, "person/mei");
    });
}

/// R052: what was approved by its amount is changed by a manager alone, and then the approval is
/// worth nothing; what the client has is changed by nobody.
#[test]
fn what_was_approved_stays_as_it_was_stated() {
    both("restated-approved", |service| {
        let driver = refund(service);
        let (mei, li) =
            (Caller::person("mei", Role::Dispatcher), Caller::person("li", Role::Reviewer));
        let boss = caller(Role::Reviewer);
        let does = |who: &Caller, kind: &str, payload: Value| {
            happen(service, who, "T-1", &doing(kind, payload))
        };
        does(&mei, "approval_asked", json!({"amount_fen": 80_000_000})).unwrap();
        does(&boss, "approved", json!({})).unwrap();
        let refused = states(service, &mei, "1.00", Some("less came of it")).unwrap_err();
        assert_eq!(refused.code(), "A008");
        states(service, &boss, "1.00", Some("less came of it")).unwrap();
        for kind in ["acknowledged", "begun"] {
            does(&driver, kind, json!({})).unwrap();
        }
        does(&driver, "self_checked", json!({"items": []})).unwrap();
        let reviewed = || does(&li, "reviewed", json!({"items": []}));
        assert_eq!(reviewed().unwrap_err().code(), "A009");
        states(service, &boss, "800000.00", Some("it was right")).unwrap();
        reviewed().unwrap();
        does(&li, "delivered", json!({"steps": []})).unwrap();
        let refused = states(service, &boss, "1.00", Some("less came of it")).unwrap_err();
        assert_eq!(refused.code(), "A008");
    });
}

/// R013: a red line that was crossed when the ticket was weighed is on record, and stating something
/// else afterwards does not make it lawful.
#[test]
fn a_line_that_was_crossed_stays_crossed() {
    both("restated-line", |service| {
        weighed_ticket(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        policy["red_lines"] = json!([{"code": "RL-1", "service": "filing",
            "when": [{"name": "period", "value": "closed_month"}],
            "reason": {"zh": "已结账", "en": "the month is closed"}}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        let period = |value: &str| json!([{"name": "period", "value": value}]);
        let new = json!({"id": "T-2", "channel": "web", "service": "filing",
            "attributes": period("closed_month")});
        let new = serde_json::from_value(new).unwrap();
        let made = service.create_ticket(&agent, new, None, NOW).unwrap();
        assert_eq!(read::<ShownTicket>(&made).version, 1);
        happen(service, &agent, "T-2", &assessed()).unwrap();
        assert_eq!(happen(service, &agent, "T-2", &weighed()).unwrap_err().code(), "A008");
        let shown = service.ticket(&agent, "T-2", NOW).unwrap();
        // Created, assessed, refused.
        assert_eq!((shown.desk.unwrap().stage, shown.version), (Stage::Refused, 3));
        let told = service.timeline(&agent, "T-2", 0, 100, NOW).unwrap();
        let last = told.last().unwrap();
        assert_eq!(
            (last.kind.as_str(), &last.payload["red_line"]),
            ("ticket.refused", &json!("RL-1"))
        );
        let open = json!({"attributes": period("open_month"), "reason": "it was another month"});
        let open = serde_json::from_value(open).unwrap();
        let refused = service.change_ticket(&boss, "T-2", None, open, NOW).unwrap_err();
        assert_eq!(refused.code(), "A008");
        assert!(happen(service, &agent, "T-2", &weighed()).is_err());
    });
}

/// R052: where the track decides who approves, it is an amount like any other: changed by whoever
/// takes orders, who says why, and not by who works on it.
#[test]
fn the_track_that_decides_who_approves_is_not_the_drivers_to_change() {
    both("restated-track", |service| {
        let driver = refund(service);
        let boss = caller(Role::Administrator);
        let mei = Caller::person("mei", Role::Dispatcher);
        let urgent = |who: &Caller, reason: Option<&str>| {
            let wish = json!({"track": "urgent", "reason": reason});
            service.change_ticket(who, "T-1", None, serde_json::from_value(wish).unwrap(), NOW)
        };
        let normal = serde_json::from_value(json!({"track": null})).unwrap();
        // By the amount alone the track is anybody's.
        urgent(&driver, None).unwrap();
        service.change_ticket(&driver, "T-1", None, normal, NOW).unwrap();
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        policy["desk"]["approvals"] =
            json!([{"service": "filing", "urgent": true, "post": "department_manager"}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        let refused = urgent(&driver, Some("he is in a hurry"));
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        assert_eq!(urgent(&mei, None).unwrap_err().code(), "D009");
        urgent(&mei, Some("the bank moved its date")).unwrap();
    });
}
