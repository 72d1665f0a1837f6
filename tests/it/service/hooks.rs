//! Hooks: signed messages, tried again, given up in sight, never to addresses inside the house.

use std::cell::RefCell;

use paidan::app::service::clients::ClientFile;
use paidan::app::service::hooks::{Hook, HookWish};
use paidan::app::service::role::Role;
use paidan::app::service::sender::{Message, Post};
use paidan::app::service::{Refusal, Service, signature};
use serde_json::{Value, json};

use super::{NOW, both, caller, filing, firm, read};

const HOUR: i64 = 3_600_000;

/// A receiver that takes messages or refuses them, and remembers all.
#[derive(Default)]
struct Receiver {
    seen: RefCell<Vec<Message>>,
    refuses: bool,
}

impl Post for Receiver {
    fn send(&self, message: &Message) -> Result<(), String> {
        self.seen.borrow_mut().push(message.clone());
        if self.refuses { Err("status 500".to_owned()) } else { Ok(()) }
    }
}

fn hook(service: &Service, events: &[&str], party: Option<&str>) -> Hook {
    let wish = HookWish {
        url: "https://desk.example.com/in".to_owned(),
        events: events.iter().map(|&kind| kind.to_owned()).collect(),
        party: party.map(str::to_owned),
    };
    read(&service.create_hook(&caller(Role::Administrator), wish, None, NOW).unwrap())
}

fn header<'a>(message: &'a Message, name: &str) -> &'a str {
    &message.headers.iter().find(|(own, _)| *own == name).unwrap().1
}

#[test]
fn an_event_is_told_signed_to_who_wants_to_hear_of_its_kind() {
    both("told", |service| {
        firm(service);
        let hook = hook(service, &["ticket.*"], None);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        service.create_client(&agent, ClientFile::default(), None, NOW).unwrap();
        let receiver = Receiver::default();
        assert_eq!(service.send_due(&receiver, NOW).unwrap(), 1);
        assert_eq!(service.send_due(&receiver, NOW + HOUR).unwrap(), 0);
        let seen = receiver.seen.borrow();
        let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
        assert_eq!(
            (&body["kind"], &body["stream"]),
            (&json!("ticket.created"), &json!("ticket/T-1"))
        );
        assert_eq!(body["id"], header(&seen[0], "X-Event-Id"));
        // The seconds of NOW.
        let timestamp = header(&seen[0], "X-Timestamp");
        assert_eq!(timestamp, (NOW / 1_000).to_string());
        let secret = hook.secret.unwrap();
        let signed = signature(secret.as_bytes(), &[timestamp.as_bytes(), b".", &seen[0].body]);
        assert_eq!(header(&seen[0], "X-Signature"), format!("sha256={signed}"));
        let listed = service.hooks(&caller(Role::Administrator)).unwrap();
        assert!(listed.iter().all(|hook| hook.secret.is_none()));
    });
}

#[test]
fn a_message_nobody_takes_is_tried_with_growing_pauses_and_then_given_up_in_sight() {
    both("retried", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        hook(service, &["ticket.created"], None);
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        let receiver = Receiver { refuses: true, ..Receiver::default() };
        // Pauses of 5 s, 10 s, 20 s, …, an hour at most: 5 × 2^9 s = 2,560 s is the last below it.
        let mut now = NOW;
        for before in 0..15_u32 {
            assert_eq!(service.send_due(&receiver, now).unwrap(), 1, "try {before}");
            let pause = (5_000 * (1_i64 << before)).min(HOUR);
            assert_eq!(service.send_due(&receiver, now + pause - 1).unwrap(), 0, "{before}");
            now += pause;
        }
        assert_eq!(service.send_due(&receiver, now + HOUR).unwrap(), 0);
        let dead = service.dead_letters(&boss, 0, 10).unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 15));
        assert_eq!(dead[0].said.as_deref(), Some("status 500"));
        // The same event id every time, so that a receiver can tell.
        let ids: Vec<String> = receiver
            .seen
            .borrow()
            .iter()
            .map(|message| header(message, "X-Event-Id").to_owned())
            .collect();
        assert!(ids.len() == 15 && ids.iter().all(|id| *id == ids[0]));

        service.send_again(&boss, dead[0].id, now).unwrap();
        let willing = Receiver::default();
        assert_eq!(service.send_due(&willing, now).unwrap(), 1);
        assert_eq!(header(&willing.seen.borrow()[0], "X-Event-Id"), ids[0]);
        assert!(service.dead_letters(&boss, 0, 10).unwrap().is_empty());
        let none = service.send_again(&boss, dead[0].id, now);
        assert!(matches!(none, Err(Refusal::Unknown { .. })));
    });
}

/// R242: a third party hears of a client with its consent only.
#[test]
fn a_third_party_is_told_of_a_client_with_its_consent_only() {
    both("consent", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        hook(service, &["ticket.created"], Some("bank"));
        let create = |client: &str, consents: Value| {
            let file = json!({"id": client, "consents": consents});
            service.create_client(&boss, serde_json::from_value(file).unwrap(), None, NOW).unwrap();
            let new = json!({"channel": "web", "service": "filing", "client": client});
            service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        };
        create("silent", json!([]));
        create("other", json!([{"party": "park"}]));
        create("withdrawn", json!([{"party": "bank"}, {"party": "bank", "is_withdrawn": true}]));
        create("open", json!([{"party": "bank", "evidence": "contract 7"}]));
        let receiver = Receiver::default();
        assert_eq!(service.send_due(&receiver, NOW).unwrap(), 4);
        let seen = receiver.seen.borrow();
        let clients: Vec<Value> = seen
            .iter()
            .map(|message| serde_json::from_slice::<Value>(&message.body).unwrap())
            .map(|body| body["payload"]["client"].clone())
            .collect();
        assert_eq!(clients, ["open"]);
        let dead = service.dead_letters(&boss, 0, 10).unwrap();
        assert!(dead.len() == 3 && dead[0].said.as_ref().unwrap().contains("consented"));
    });
}

#[test]
fn addresses_inside_the_house_are_called_only_where_that_is_wanted() {
    let wish = |url: &str| HookWish {
        url: url.to_owned(),
        events: vec!["plan.published".to_owned()],
        party: None,
    };
    let boss = caller(Role::Administrator);
    let inside = [
        "http://localhost/x",
        "http://127.0.0.1:8080/x",
        "http://10.1.2.3",
        "http://172.16.0.1",
        "http://192.168.1.1",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
    ];
    let (careful, open) = (Service::in_memory(), Service::in_memory().calling_inside());
    for url in inside {
        let refused = careful.create_hook(&boss, wish(url), None, NOW);
        assert!(matches!(refused, Err(Refusal::Wish(_))), "{url}");
        assert!(open.create_hook(&boss, wish(url), None, NOW).is_ok(), "{url}");
    }
    for url in ["ftp://a.example", "https://", "https://user@a.example", "a.example", "http:// a"] {
        assert!(matches!(open.create_hook(&boss, wish(url), None, NOW), Err(Refusal::Wish(_))));
    }
    assert!(careful.create_hook(&boss, wish("https://8.8.8.8/x"), None, NOW).is_ok());
}
