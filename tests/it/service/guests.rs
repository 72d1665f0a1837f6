//! Whose tickets may be quoted and accepted, and for which clients.

use paidan::app::service::clients::ClientFile;
use paidan::app::service::quotes::{AcceptedQuote, Quoted};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::TicketChange;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::model::people::Person;
use paidan::model::quote::OptionKind;
use paidan::model::request::Request;
use serde_json::json;

use super::quotes::{quote, quoting, request};
use super::{NOW, both, caller, filing, read, wang};

fn accept(service: &Service, caller: &Caller, key: &str) -> Result<AcceptedQuote, Refusal> {
    let done = service.accept(caller, key, OptionKind::AsItStands, None, NOW);
    done.map(|made| read(&made))
}

fn number(service: &Service) -> u64 {
    service.current_plan(&caller(Role::Administrator), NOW).unwrap().number
}

#[test]
fn a_ticket_of_somebody_else_is_neither_quoted_nor_accepted() {
    both("elses", |service| {
        quoting(service);
        let (boss, jira) = (caller(Role::Administrator), caller(Role::Ticketing));
        let refused = service.quote(&jira, &request("T-1"), None, NOW);
        assert!(matches!(refused, Err(Refusal::Taken { .. })), "{refused:?}");
        // T-2 becomes somebody else's between quote and acceptance.
        let quoted = quote(service, "T-2");
        service.create_ticket(&boss, filing(Some("T-2")), None, NOW).unwrap();
        let refused = accept(service, &jira, &quoted.id);
        assert!(matches!(refused, Err(Refusal::Taken { .. })), "{refused:?}");
        assert_eq!(number(service), 1);
        assert_eq!(service.ticket(&boss, "T-2", NOW).unwrap().promise, None);
    });
}

#[test]
fn a_ticket_that_is_called_off_is_neither_quoted_nor_accepted() {
    both("closed", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        let quoted: Quoted = read(&service.quote(&boss, &request("T-1"), None, NOW).unwrap());
        service.cancel_ticket(&boss, "T-1", None, NOW).unwrap();
        let refused = accept(service, &boss, &quoted.id);
        assert!(matches!(refused, Err(Refusal::Impossible(_))), "{refused:?}");
        let refused = service.quote(&boss, &request("T-1"), None, NOW);
        assert!(matches!(refused, Err(Refusal::Impossible(_))), "{refused:?}");
        assert_eq!(number(service), 1);
    });
}

#[test]
fn a_change_between_quote_and_acceptance_is_not_lost() {
    both("changed", |service| {
        quoting(service);
        let jira = caller(Role::Ticketing);
        service.create_ticket(&jira, filing(Some("T-2")), None, NOW).unwrap();
        let quoted = quote(service, "T-2");
        let wish: TicketChange =
            serde_json::from_value(json!({"due": "2026-03-09T12:00+08:00"})).unwrap();
        service.change_ticket(&jira, "T-2", Some(1), wish, NOW).unwrap();
        let refused = accept(service, &jira, &quoted.id);
        assert!(matches!(refused, Err(Refusal::Stale { actual: 2, .. })), "{refused:?}");
        assert_eq!(number(service), 1);
        assert!(service.ticket(&jira, "T-2", NOW).unwrap().ticket.due.is_some());
        // Quoted anew it can be accepted.
        let quoted = quote(service, "T-2");
        assert_eq!(accept(service, &jira, &quoted.id).unwrap().plan, 2);
    });
}

fn acme(excluded: &[String]) -> ClientFile {
    serde_json::from_value(json!({"id": "acme", "excluded": excluded})).unwrap()
}

fn request_of_acme(key: &str) -> Request {
    let ticket = json!({"id": key, "service": "filing", "client": "acme"});
    serde_json::from_value(json!({"format": "paidan-request/1", "tickets": [ticket]})).unwrap()
}

/// When the option that moves nobody is finished, and by whom.
fn option(service: &Service, key: &str) -> (String, Vec<String>) {
    let agent = caller(Role::Dispatcher);
    let made = service.quote(&agent, &request_of_acme(key), None, NOW).unwrap();
    let quoted: Quoted = read(&made);
    let mut options = quoted.quote.options.iter();
    let option = options.find(|option| option.kind == OptionKind::AsItStands).unwrap();
    (option.finish.to_string(), option.team.clone())
}

#[test]
fn a_client_without_a_ticket_in_the_plan_is_quoted_for_and_accepted() {
    both("new_client", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        let jira = caller(Role::Ticketing);
        let unknown = service.quote(&jira, &request_of_acme("T-2"), None, NOW);
        assert!(matches!(unknown, Err(Refusal::Faulty { .. })), "{unknown:?}");
        service.create_client(&boss, acme(&[]), None, NOW).unwrap();
        let made = service.quote(&jira, &request_of_acme("T-2"), None, NOW).unwrap();
        let quoted: Quoted = read(&made);
        assert_eq!(accept(service, &jira, &quoted.id).unwrap().plan, 2);
        let ticket = service.ticket(&boss, "T-2", NOW).unwrap();
        assert_eq!(ticket.ticket.client.as_deref(), Some("acme"));
        // The next one is quoted against a plan that has the client.
        assert_eq!(option(service, "T-3").0, "2026-03-09T12:00+08:00");
    });
}

#[test]
fn whom_a_client_excludes_by_now_is_not_in_its_options() {
    both("excluding", |service| {
        let boss = caller(Role::Administrator);
        let li = Person { id: "li".to_owned(), ..wang() };
        service.create_person(&boss, &li, None, NOW).unwrap();
        quoting(service);
        service.create_client(&boss, acme(&[]), None, NOW).unwrap();
        // One of the two files T-1 until ten, the other one is free.
        let (finish, team) = option(service, "T-2");
        assert_eq!(finish, "2026-03-09T10:00+08:00");
        service.put_client(&boss, "acme", None, acme(&team), NOW).unwrap();
        let (finish, others) = option(service, "T-2");
        assert_eq!(finish, "2026-03-09T11:00+08:00");
        assert_ne!(others, team);
    });
}
