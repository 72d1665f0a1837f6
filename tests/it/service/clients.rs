//! Clients: least data per role, views on record, erasure.

use paidan::app::service::clients::ClientFile;
use paidan::app::service::role::{Permission, Role};
use paidan::app::service::tickets::NewTicket;
use paidan::app::service::{Refusal, Service};
use paidan::desk::chain::check_chain;
use serde_json::{Value, json};

use super::{NOW, both, caller, firm};

fn acme() -> ClientFile {
    serde_json::from_value(json!({
        "id": "acme",
        "name": {"zh": "安美公司", "en": "Acme"},
        "contacts": [{"name": "李雷", "phone": "13900000000"}],
        "finance": {"annual_value_fen": 12_345_678, "turnover_fen": 98_765_432,
            "arrears_fen": 5_555, "taxpayer": "9131X", "tax_situation": "disputed"}
    }))
    .unwrap()
}

fn with_acme(service: &Service) {
    firm(service);
    service.create_client(&caller(Role::Administrator), acme(), None, NOW).unwrap();
}

/// R240: every role × every field about finances, wherever a client is shown.
#[test]
fn the_finances_of_a_client_never_leave_for_who_may_not_see_them() {
    both("finance", |service| {
        with_acme(service);
        let secrets = ["12345678", "98765432", "5555", "9131X", "disputed"];
        for role in Role::ALL {
            let who = caller(role);
            let one = service.client(&who, "acme", NOW);
            let many = service.clients(&who, None, 10, NOW);
            if !who.may(Permission::ClientRead) {
                assert!(matches!(one, Err(Refusal::Forbidden(_))), "{role:?}");
                assert!(matches!(many, Err(Refusal::Forbidden(_))), "{role:?}");
                continue;
            }
            let one = serde_json::to_string(&one.unwrap().document).unwrap();
            let many = serde_json::to_string(&many.unwrap().items).unwrap();
            let may = matches!(role, Role::Administrator | Role::Reviewer);
            for secret in secrets {
                assert_eq!(one.contains(secret), may, "{role:?} {secret}");
                assert!(!many.contains(secret), "a list shows no finances: {role:?} {secret}");
            }
        }
        let events = service.events(&caller(Role::Administrator), 0, 100, NOW).unwrap();
        let events = serde_json::to_string(&events).unwrap();
        assert!(secrets.iter().all(|secret| !events.contains(secret)));
    });
}

#[test]
fn who_may_not_see_finances_changes_the_rest_and_leaves_them_as_they_are() {
    both("leave", |service| {
        with_acme(service);
        let (agent, reviewer) = (caller(Role::Dispatcher), caller(Role::Reviewer));
        let refused = service.put_client(&agent, "acme", Some(1), acme(), NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(Permission::ClientFinance))));
        let rest = ClientFile { finance: None, tier: Some("gold".to_owned()), ..acme() };
        assert_eq!(service.put_client(&agent, "acme", Some(1), rest, NOW).unwrap().version, 2);
        let seen = service.client(&reviewer, "acme", NOW).unwrap().document;
        assert_eq!((seen.tier.as_deref(), seen.finance), (Some("gold"), acme().finance));
        let stale = service.put_client(&agent, "acme", Some(1), ClientFile::default(), NOW);
        assert!(matches!(stale, Err(Refusal::Stale { actual: 2, .. })));
    });
}

/// R244: every view of a record is on record.
#[test]
fn every_view_of_a_client_or_ticket_is_on_record() {
    both("views", |service| {
        with_acme(service);
        let (agent, reviewer) = (caller(Role::Dispatcher), caller(Role::Reviewer));
        service.client(&agent, "acme", NOW).unwrap();
        service.client(&reviewer, "acme", NOW + 1).unwrap();
        service.clients(&agent, None, 10, NOW + 2).unwrap();
        let auditor = caller(Role::Auditor);
        let seen = service.accesses_to(&auditor, ("client", "acme"), None, 10).unwrap();
        let seen: Vec<(&str, &str)> =
            seen.iter().map(|row| (row.actor.as_str(), row.detail.as_str())).collect();
        let expected = [
            ("person/dispatcher", "list"),
            ("person/reviewer", "finance"),
            ("person/dispatcher", ""),
        ];
        assert_eq!(seen, expected);
        assert_eq!(service.accesses_by(&auditor, "person/reviewer", None, 10).unwrap().len(), 1);
        let refused = service.accesses_to(&agent, ("client", "acme"), None, 10);
        assert!(matches!(refused, Err(Refusal::Forbidden(Permission::AccessRead))));
    });
}

/// R244: whoever changes a client is answered with it, and that is a view.
#[test]
fn the_answer_to_a_change_of_a_client_is_a_view_on_record() {
    both("changed", |service| {
        with_acme(service);
        for role in [Role::Administrator, Role::Dispatcher] {
            let same = ClientFile { finance: None, ..acme() };
            service.put_client(&caller(role), "acme", None, same, NOW).unwrap();
        }
        let seen =
            service.accesses_to(&caller(Role::Auditor), ("client", "acme"), None, 10).unwrap();
        let seen: Vec<(&str, &str)> =
            seen.iter().map(|row| (row.actor.as_str(), row.detail.as_str())).collect();
        assert_eq!(seen, [("person/dispatcher", ""), ("person/administrator", "finance")]);
    });
}

/// R243: what is known of a client can be erased, and the chain of what happened stays whole.
#[test]
fn an_erased_client_is_gone_and_the_chain_stays_whole() {
    both("erased", |service| {
        with_acme(service);
        let boss = caller(Role::Administrator);
        let new = json!({"id": "T-1", "channel": "web", "service": "filing", "client": "acme",
            "title": {"zh": "李雷的申报", "en": "Li Lei's filing"},
            "contact": {"name": "李雷"}});
        let new: NewTicket = serde_json::from_value(new).unwrap();
        service.create_ticket(&boss, new, None, NOW).unwrap();
        service.erase_client(&boss, "acme", NOW).unwrap();
        assert!(matches!(service.client(&boss, "acme", NOW), Err(Refusal::Unknown { .. })));
        let ticket = service.ticket(&boss, "T-1", NOW).unwrap();
        assert_eq!((ticket.contact, ticket.ticket.title, ticket.version), (None, None, 2));
        let events = service.events_of(&boss, &"ticket/T-1".parse().unwrap(), 0, 10, NOW).unwrap();
        assert_eq!(events.len(), 2);
        let refused = service.erase_client(&caller(Role::Dispatcher), "acme", NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(Permission::ClientErase))));
        // A client of that key can be taken on again, and its numbers go on.
        let again = service.create_client(&boss, acme(), None, NOW).unwrap();
        let shown: Value = serde_json::from_slice(&again.body).unwrap();
        assert_eq!((again.version, &shown["id"]), (3, &json!("acme")));
    });
    let path = super::path("erased-chain");
    let service = Service::open(&path).unwrap();
    with_acme(&service);
    service.erase_client(&caller(Role::Administrator), "acme", NOW).unwrap();
    drop(service);
    let store = paidan::store::Sqlite::open(&path).unwrap();
    let stream = "client/acme".parse().unwrap();
    let events = paidan::store::Log::stream(&store, &stream, 0, 10).unwrap();
    assert_eq!((check_chain(&events), events.len()), (Vec::new(), 2));
}
