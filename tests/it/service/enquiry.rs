//! Tickets of who calls and does not know yet what he needs.

use paidan::app::service::role::Role;
use paidan::app::service::tickets::{ShownTicket, TicketChange};
use paidan::app::service::{Refusal, Service};
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, filing, firm, read};

fn change(service: &Service, key: &str, wish: Value) -> Result<ShownTicket, Refusal> {
    let wish: TicketChange = serde_json::from_value(wish).unwrap();
    service.change_ticket(&caller(Role::Dispatcher), key, None, wish, NOW)
}

/// R001, R124, R179: who calls has a ticket though nobody knows yet what he needs; once that is found
/// out it is quoted and promised like any other, and is changed no more.
#[test]
fn who_calls_has_a_ticket_before_it_is_known_what_he_needs() {
    both("enquiry", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        let mut new = filing(Some("T-2"));
        new.service = None;
        let made: ShownTicket = read(&service.create_ticket(&agent, new, None, NOW).unwrap());
        assert_eq!((made.ticket.service, made.desk.is_some()), (None, true));
        happen(service, &agent, "T-2", &doing("contacted", json!({}))).unwrap();
        // It is in nobody's way, and of nothing there is no quote.
        let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
        assert!(scenario.tickets.iter().all(|ticket| ticket.id != "T-2"));
        let asked = json!({"format": "paidan-request/1", "tickets": [{"id": "T-2"}]});
        let asked = serde_json::from_value(asked).unwrap();
        let refused = service.quote(&agent, &asked, None, NOW);
        assert!(matches!(refused, Err(Refusal::Faulty { .. })), "{refused:?}");
        let unknown = change(service, "T-2", json!({"service": "baking"}));
        assert!(matches!(unknown, Err(Refusal::Faulty { .. })), "{unknown:?}");
        let named = change(service, "T-2", json!({"service": "filing"})).unwrap();
        assert_eq!(named.ticket.service.as_deref(), Some("filing"));
        for one in [assessed(), weighed()] {
            happen(service, &agent, "T-2", &one).unwrap();
        }
        accept(service, &quote(service, "T-2")).unwrap();
        let late = change(service, "T-2", json!({"service": null}));
        assert!(matches!(late, Err(Refusal::Impossible(_))), "{late:?}");
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
    });
}

/// Where there is no desk that could find it out, a ticket names what it is for.
#[test]
fn without_a_desk_a_ticket_names_its_service() {
    both("enquiry-bare", |service| {
        firm(service);
        let mut new = filing(Some("T-1"));
        new.service = None;
        let refused = service.create_ticket(&caller(Role::Dispatcher), new, None, NOW);
        assert!(matches!(refused, Err(Refusal::Faulty { .. })), "{refused:?}");
    });
}
