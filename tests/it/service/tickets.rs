//! Tickets: created once whatever gets lost, changed against their version, shown to whom they
//! concern.

use std::sync::Arc;
use std::thread;

use paidan::app::service::desk::Wanted;
use paidan::app::service::once::{Made, Once};
use paidan::app::service::role::{Permission, Role};
use paidan::app::service::tickets::{Asked, NewTicket, Review, ShownTicket, State, TicketChange};
use paidan::app::service::{Caller, Refusal, Service};
use serde_json::json;

use super::desk::doing;
use super::{NOW, both, caller, erase_somebody, filing, firm, key, path, read};

const DAY: i64 = 86_400_000;

fn create(
    service: &Service,
    caller: &Caller,
    name: &str,
    body: &str,
    now: i64,
) -> Result<Made, Refusal> {
    let once = Once::new(caller, "POST /v1/tickets", name, body.as_bytes());
    service.create_ticket(caller, filing(None), Some(&once), now)
}

/// R076: a machine whose clock lags by seconds puts on record what happens all the same, at the moment
/// of the last event; who states an earlier moment is refused.
#[test]
fn a_clock_that_lags_keeps_nobody_from_the_record() {
    both("lagging", |service| {
        firm(service);
        let owner = Caller::machine_owner();
        service.create_ticket(&owner, filing(Some("T-1")), None, NOW).unwrap();
        let wanted = Wanted { key: "T-1", version: None };
        let says = |who: &Caller, now_ms: i64| {
            service.desk_do(who, wanted, &doing("client_chased", json!({})), None, now_ms)
        };
        says(&owner, NOW + 5_000).unwrap();
        let stating = owner.clone().stating_when();
        assert_eq!(says(&stating, NOW + 4_999).unwrap_err().code(), "D062");
        says(&owner, NOW + 1_000).unwrap();
        let told = service.timeline(&owner, "T-1", 0, 100, NOW).unwrap();
        let at: Vec<&str> = told.iter().map(|entry| &entry.at[11..]).collect();
        assert_eq!(at, ["01:00:00.000Z", "01:00:05.000Z", "01:00:05.000Z"]);
        says(&stating, NOW + 5_000).unwrap();
    });
}

/// R019, R113: by mail and chat, too, which tiers promise.
#[test]
fn a_ticket_comes_by_every_channel_there_is() {
    for channel in ["web", "app", "hotline", "mail", "chat", "ticketing"] {
        let new = serde_json::from_value::<NewTicket>(json!({"channel": channel}));
        assert!(new.is_ok(), "{channel}: {new:?}");
    }
}

/// R124: a ticket comes by any channel, and is created once however often it is sent.
#[test]
fn a_request_that_comes_again_has_the_same_answer_and_makes_nothing() {
    both("again", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        let first = create(service, &agent, "k1", "body", NOW).unwrap();
        let again = create(service, &agent, "k1", "body", NOW + DAY - 1).unwrap();
        assert!(!first.is_repeated && again.is_repeated);
        assert_eq!((&first.body, &first.key, first.version), (&again.body, &again.key, 1));
        let all = service.tickets(&agent, &Asked::default(), None, 10, NOW).unwrap();
        assert_eq!(all.items.len(), 1);

        let other = create(service, &agent, "k1", "another body", NOW);
        assert!(matches!(other, Err(Refusal::OtherBody(key)) if key == "k1"));
        // Another caller's key of the same name is another key, and after a day it is a new one.
        let stranger = caller(Role::Administrator);
        assert!(!create(service, &stranger, "k1", "body", NOW).unwrap().is_repeated);
        assert!(!create(service, &agent, "k1", "body", NOW + DAY).unwrap().is_repeated);
    });
}

#[test]
fn an_answer_is_repeated_after_a_restart() {
    let path = path("restart");
    let agent = caller(Role::Dispatcher);
    let first = {
        let service = Service::open(&path).unwrap();
        firm(&service);
        create(&service, &agent, "k1", "body", NOW).unwrap()
    };
    let service = Service::open(&path).unwrap();
    let again = create(&service, &agent, "k1", "body", NOW + 1).unwrap();
    assert!(again.is_repeated);
    assert_eq!(again.body, first.body);
}

/// R124, R243: erasing one client empties all answers, and takes none of them from whoever did not
/// hear his.
#[test]
fn a_request_that_comes_again_after_an_erasure_hears_of_what_it_made() {
    both("erased", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        let first = create(service, &agent, "k1", "body", NOW).unwrap();
        erase_somebody(service);
        let again = create(service, &agent, "k1", "body", NOW).unwrap();
        assert!(again.is_repeated);
        assert_eq!((&again.body, &again.key, again.version), (&first.body, &first.key, 1));
        let other = create(service, &agent, "k1", "another body", NOW);
        assert!(matches!(other, Err(Refusal::OtherBody(_))));
    });
}

#[test]
fn what_was_made_and_erased_since_is_not_made_again() {
    both("gone", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let once = Once::new(&boss, "POST /v1/clients", "k1", b"body");
        let acme = || {
            serde_json::from_value(json!({"id": "acme", "name": {"zh": "安美公司", "en": "Acme"}}))
                .unwrap()
        };
        service.create_client(&boss, acme(), Some(&once), NOW).unwrap();
        service.erase_client(&boss, "acme", NOW).unwrap();
        let again = service.create_client(&boss, acme(), Some(&once), NOW);
        assert!(matches!(&again, Err(Refusal::Gone(key)) if key == "k1"), "{again:?}");
        assert_eq!(again.unwrap_err().code(), "A013");
    });
}

#[test]
fn of_many_at_once_with_one_key_one_creates_and_all_hear_the_same() {
    let service = Arc::new(Service::open(&path("at-once")).unwrap());
    firm(&service);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let service = Arc::clone(&service);
            thread::spawn(move || {
                create(&service, &caller(Role::Dispatcher), "k1", "body", NOW).unwrap()
            })
        })
        .collect();
    let made: Vec<Made> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(made.iter().filter(|made| !made.is_repeated).count(), 1);
    assert!(made.iter().all(|one| one.body == made[0].body));
    let agent = caller(Role::Dispatcher);
    assert_eq!(service.tickets(&agent, &Asked::default(), None, 10, NOW).unwrap().items.len(), 1);
}

/// R101: who answers for a ticket, what it costs, and whether it was looked over stand on it.
#[test]
fn a_change_says_which_version_it_was_made_from() {
    both("change", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        let wish = TicketChange { review: Some(Review::Passed), ..TicketChange::default() };
        // Whoever does the work does not pass it.
        for role in [Role::Dispatcher, Role::Specialist, Role::Ticketing] {
            let own = service.change_ticket(&caller(role), "T-1", Some(1), wish.clone(), NOW);
            assert!(matches!(own, Err(Refusal::Forbidden(Permission::TicketReview))), "{role:?}");
        }
        let reviewer = caller(Role::Reviewer);
        let changed = service.change_ticket(&reviewer, "T-1", Some(1), wish.clone(), NOW).unwrap();
        assert_eq!((changed.version, changed.review), (2, Review::Passed));
        let stale = service.change_ticket(&reviewer, "T-1", Some(1), wish.clone(), NOW);
        assert!(matches!(stale, Err(Refusal::Stale { actual: 2, .. })));

        let gone = service.cancel_ticket(&agent, "T-1", Some(2), NOW).unwrap();
        assert_eq!((gone.state, gone.version), (State::Cancelled, 3));
        for relied in [Some(2), Some(3), None] {
            assert_eq!(service.cancel_ticket(&agent, "T-1", relied, NOW).unwrap(), gone);
        }
        let after = service.change_ticket(&reviewer, "T-1", None, wish, NOW);
        assert!(matches!(after, Err(Refusal::Impossible(_))));
        let events = service.events(&agent, 0, 100, NOW).unwrap();
        let own = events.iter().filter(|event| event.stream == "ticket/T-1");
        let kinds: Vec<&str> = own.map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["ticket.created", "ticket.changed", "ticket.cancelled"]);
    });
}

#[test]
fn a_key_that_is_taken_or_a_name_nobody_bears_is_refused() {
    both("taken", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        let taken = service.create_ticket(&agent, filing(Some("T-1")), None, NOW);
        assert!(matches!(taken, Err(Refusal::Taken { kind: "ticket", .. })), "{taken:?}");
        for wrong in [
            json!({"channel": "web", "service": "flying"}),
            json!({"channel": "web", "service": "filing", "client": "nobody"}),
            json!({"channel": "web", "service": "filing", "bureau": "moon"}),
            json!({"channel": "web", "service": "filing", "id": "a/b"}),
        ] {
            let new: NewTicket = serde_json::from_value(wrong.clone()).unwrap();
            let refused = service.create_ticket(&agent, new, None, NOW);
            assert!(matches!(refused, Err(Refusal::Faulty { .. })), "{wrong}: {refused:?}");
        }
        let own = json!({"channel": "web", "steps": [
            {"id": "a", "seats": [{"skill": "magic", "level": 1}], "minutes": 5}]});
        let refused =
            service.create_ticket(&agent, serde_json::from_value(own).unwrap(), None, NOW);
        let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
        assert!(issues.iter().any(|issue| issue.path == "$.steps[0].seats[0].skill"), "{issues:?}");
    });
}

#[test]
fn a_ticketing_system_sees_what_it_created_and_nothing_else() {
    both("own", |service| {
        firm(service);
        let made = [key(service, Role::Ticketing), key(service, Role::Ticketing)];
        let [jira, zendesk] = made.map(|made| service.authenticate(&made.key, NOW).unwrap());
        service.create_ticket(&jira, filing(Some("T-1")), None, NOW).unwrap();
        service.create_ticket(&zendesk, filing(Some("T-2")), None, NOW).unwrap();
        assert!(service.ticket(&jira, "T-1", NOW).is_ok());
        let other = service.ticket(&jira, "T-2", NOW);
        assert!(matches!(other, Err(Refusal::Unknown { .. })));
        let listed = service.tickets(&jira, &Asked::default(), None, 10, NOW).unwrap();
        let keys: Vec<&str> = listed.items.iter().map(|ticket| ticket.id.as_str()).collect();
        assert_eq!(keys, ["T-1"]);
        let change = service.cancel_ticket(&jira, "T-2", None, NOW);
        assert!(matches!(change, Err(Refusal::Unknown { .. })));
    });
}

#[test]
fn tickets_are_paged_by_key_and_chosen_by_state_and_client() {
    both("pages", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        for row in 1..=5 {
            let name = format!("T-{row}");
            service.create_ticket(&agent, filing(Some(&name)), None, NOW).unwrap();
        }
        service.cancel_ticket(&agent, "T-2", None, NOW).unwrap();
        let open = Asked { state: Some(State::Open), ..Asked::default() };
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = service.tickets(&agent, &open, after.as_deref(), 2, NOW).unwrap();
            assert!(page.items.len() <= 2);
            seen.extend(page.items.into_iter().map(|ticket| ticket.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["T-1", "T-3", "T-4", "T-5"]);
        let none = Asked { client: Some("C1".to_owned()), ..Asked::default() };
        assert!(service.tickets(&agent, &none, None, 10, NOW).unwrap().items.is_empty());
    });
}

/// R240: whom to talk to is no part of any event, and not for everybody.
#[test]
fn a_contact_lies_apart_and_is_shown_to_who_may_know_clients() {
    both("contact", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        let new = json!({"id": "T-1", "channel": "app", "service": "filing",
            "title": {"zh": "王小明报税", "en": "Filing for Wang Xiaoming"},
            "contact": {"name": "王小明", "phone": "13800000000"}});
        let new: NewTicket = serde_json::from_value(new).unwrap();
        let made = service.create_ticket(&agent, new, None, NOW).unwrap();
        assert!(read::<ShownTicket>(&made).contact.is_none());
        let shown = service.ticket(&agent, "T-1", NOW).unwrap();
        assert_eq!(shown.contact.unwrap().phone.as_deref(), Some("13800000000"));
        let events = serde_json::to_string(&service.events(&agent, 0, 100, NOW).unwrap()).unwrap();
        for personal in ["王小明", "13800000000", "Xiaoming"] {
            assert!(!events.contains(personal), "{personal}");
        }
    });
}
