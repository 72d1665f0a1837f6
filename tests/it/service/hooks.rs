//! Hooks: signed messages, tried again, given up in sight, never to addresses inside the house.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver as Receiving, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use paidan::app::service::clients::ClientFile;
use paidan::app::service::hooks::{Hook, HookWish};
use paidan::app::service::role::Role;
use paidan::app::service::sender::{Message, Post};
use paidan::app::service::{Refusal, Service, signature};
use paidan::store::{Batch, Memory, Outbox as _, Shared, Store as _, Write};
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

/// Sends everything due at `now`, and tells how many messages were tried.
fn sent(service: &Service, post: &dyn Post, now: i64) -> usize {
    let mut count = 0;
    while service.send_next(post, &|| now).unwrap() {
        count += 1;
    }
    count
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
        assert_eq!(sent(service, &receiver, NOW), 1);
        assert_eq!(sent(service, &receiver, NOW + HOUR), 0);
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
        let listed = service.hooks(&caller(Role::Administrator), None, 9).unwrap();
        assert!(listed.items.iter().all(|hook| hook.secret.is_none()));
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
            assert_eq!(sent(service, &receiver, now), 1, "try {before}");
            let pause = (5_000 * (1_i64 << before)).min(HOUR);
            assert_eq!(sent(service, &receiver, now + pause - 1), 0, "{before}");
            now += pause;
        }
        assert_eq!(sent(service, &receiver, now + HOUR), 0);
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
        assert_eq!(sent(service, &willing, now), 1);
        assert_eq!(header(&willing.seen.borrow()[0], "X-Event-Id"), ids[0]);
        assert!(service.dead_letters(&boss, 0, 10).unwrap().is_empty());
        let none = service.send_again(&boss, dead[0].id, now);
        assert!(matches!(none, Err(Refusal::Unknown { .. })));
    });
}

/// Gives up one message at `now`, and tells its number.
fn given_up(service: &Service, key: &str, now: i64) -> u64 {
    let boss = caller(Role::Administrator);
    service.create_ticket(&boss, filing(Some(key)), None, now).unwrap();
    let receiver = Receiver { refuses: true, ..Receiver::default() };
    for hour in 0..15 {
        sent(service, &receiver, now + hour * HOUR);
    }
    service.dead_letters(&boss, 0, 10).unwrap().last().unwrap().id
}

#[test]
fn a_message_that_was_given_up_is_forgotten_when_somebody_says_so_or_after_a_month() {
    const DAY: i64 = 24 * HOUR;
    both("forgotten", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        hook(service, &["ticket.created"], None);
        let first = given_up(service, "T-1", NOW);
        service.drop_dead_letter(&boss, first).unwrap();
        let again = service.drop_dead_letter(&boss, first);
        assert!(matches!(again, Err(Refusal::Unknown { .. })));
        assert_eq!(service.outbox().unwrap(), (0, 0));
        let agent = service.drop_dead_letter(&caller(Role::Dispatcher), first);
        assert!(matches!(agent, Err(Refusal::Forbidden(_))));
        // By a receiver that failed so often it is given up at its first try.
        given_up(service, "T-2", NOW + DAY);
        let end = NOW + DAY + 30 * DAY;
        service.tidy(end).unwrap();
        assert_eq!(service.outbox().unwrap(), (0, 1), "30 days, no more");
        service.tidy(end + 1).unwrap();
        assert_eq!(service.outbox().unwrap(), (0, 0));
    });
}

/// A receiver of which one address keeps whoever calls it waiting until the other was called.
struct Hanging {
    called: Mutex<Sender<()>>,
    hears: Mutex<Receiving<()>>,
}

impl Post for Hanging {
    fn send(&self, message: &Message) -> Result<(), String> {
        if message.url.contains("hangs") {
            // Whoever waits here waits for the message to the other one.
            let patience = Duration::from_secs(60);
            let heard = self.hears.lock().unwrap().recv_timeout(patience);
            return heard.map_err(|error| error.to_string());
        }
        self.called.lock().unwrap().send(()).map_err(|error| error.to_string())
    }
}

#[test]
fn a_receiver_that_hangs_keeps_nobody_else_waiting() {
    both("hangs", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        for url in ["https://hangs.example.com/", "https://live.example.com/"] {
            let events = vec!["ticket.created".to_owned()];
            let wish = HookWish { url: url.to_owned(), events, party: None };
            service.create_hook(&boss, wish, None, NOW).unwrap();
        }
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        let (called, hears) = channel();
        let post = Hanging { called: Mutex::new(called), hears: Mutex::new(hears) };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..2)
                .map(|_| scope.spawn(|| service.send_next(&post, &|| NOW).unwrap()))
                .collect();
            let sent = threads.into_iter().map(|thread| thread.join().unwrap());
            assert_eq!(sent.collect::<Vec<_>>(), [true, true]);
        });
        assert_eq!(service.outbox().unwrap(), (0, 0));
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
        assert_eq!(sent(service, &receiver, NOW), 4);
        let seen = receiver.seen.borrow();
        let clients: Vec<Value> = seen
            .iter()
            .map(|message| serde_json::from_slice::<Value>(&message.body).unwrap())
            .map(|body| body["payload"]["client"].clone())
            .collect();
        assert_eq!(clients, ["open"]);
        // What is withheld on purpose did not fail.
        assert_eq!(service.outbox().unwrap(), (0, 0));
    });
}

/// R242: what names no client is not told to a third party, whatever kind of event it is.
#[test]
fn a_third_party_hears_of_nobody_who_has_not_consented() {
    both("third", |service| {
        let boss = caller(Role::Administrator);
        hook(service, &["*"], Some("bank"));
        firm(service);
        let clients = [("silent", json!([])), ("open", json!([{"party": "bank"}]))];
        for (client, consents) in clients {
            let file = json!({"id": client, "consents": consents});
            service.create_client(&boss, serde_json::from_value(file).unwrap(), None, NOW).unwrap();
        }
        for (key, client) in [("T-0", None), ("T-1", Some("silent")), ("T-2", Some("open"))] {
            let new = json!({"id": key, "channel": "web", "service": "filing", "client": client});
            service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
            let row = json!([{"step": format!("{key}/file"), "state": "done", "people": ["wang"],
                "start": "2026-03-09T08:00+08:00", "end": "2026-03-09T09:00+08:00"}]);
            service.report(&boss, &serde_json::from_value::<Vec<_>>(row).unwrap(), NOW).unwrap();
        }
        let away = json!({"from": "2026-03-10T09:00+08:00", "to": "2026-03-10T12:00+08:00"});
        let away = serde_json::from_value(away).unwrap();
        service.create_absence(&boss, "wang", away, None, NOW).unwrap();
        hook(service, &["key.rotated"], None);
        let receiver = Receiver::default();
        // Base, person, two clients, three tickets with their progress, absence, hook.
        assert_eq!(sent(service, &receiver, NOW), 12);
        let told: Vec<String> = receiver
            .seen
            .borrow()
            .iter()
            .map(|message| serde_json::from_slice::<Value>(&message.body).unwrap())
            .map(|body| format!("{} {}", body["kind"], body["stream"]).replace('"', ""))
            .collect();
        let expected = [
            "base.changed base/base",
            "client.changed client/open",
            "ticket.created ticket/T-2",
            "ticket.progress progress/T-2",
        ];
        assert_eq!(told, expected);
    });
}

/// A receiver behind which one address takes nothing.
struct Picky {
    seen: RefCell<Vec<String>>,
    refused: &'static str,
}

impl Post for Picky {
    fn send(&self, message: &Message) -> Result<(), String> {
        self.seen.borrow_mut().push(message.url.clone());
        if message.url == self.refused { Err("status 500".to_owned()) } else { Ok(()) }
    }
}

#[test]
fn a_target_that_fails_rests_as_a_whole_while_the_others_take_turns() {
    both("rests", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        for url in ["https://dead.example.com/", "https://live.example.com/"] {
            let wish =
                HookWish { url: url.to_owned(), events: vec!["ticket.*".to_owned()], party: None };
            service.create_hook(&boss, wish, None, NOW).unwrap();
        }
        for key in ["T-1", "T-2", "T-3"] {
            service.create_ticket(&boss, filing(Some(key)), None, NOW).unwrap();
        }
        let post = Picky { seen: RefCell::default(), refused: "https://dead.example.com/" };
        // The dead one is tried with one message of its three, the other takes all of its own.
        assert_eq!(sent(service, &post, NOW), 1 + 3);
        // The first two tries are one of each.
        let seen = post.seen.borrow()[..2].to_vec();
        assert!(seen[0] != seen[1], "{seen:?}");
        // It rests 5 s, and 10 s after it failed again; every time it is tried with one message.
        let at = [4_999, 5_000, 14_999, 15_000].map(|ms| sent(service, &post, NOW + ms));
        assert_eq!(at, [0, 1, 0, 1]);
        let willing = Receiver::default();
        assert_eq!(sent(service, &willing, NOW + HOUR), 3);
        assert_eq!(service.outbox().unwrap(), (0, 0));
    });
}

#[test]
fn a_message_that_cannot_be_made_is_a_try_that_failed_and_the_others_go_on() {
    let store = Arc::new(Memory::new());
    let shared: Shared = Arc::<Memory>::clone(&store);
    let service = Service::over(shared).unwrap();
    firm(&service);
    let boss = caller(Role::Administrator);
    hook(&service, &["ticket.created"], Some("bank"));
    for client in ["torn", "open"] {
        let file = json!({"id": client, "consents": [{"party": "bank"}]});
        service.create_client(&boss, serde_json::from_value(file).unwrap(), None, NOW).unwrap();
        let new = json!({"channel": "web", "service": "filing", "client": client});
        service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
    }
    let (kind, key) = ("client".to_owned(), "torn".to_owned());
    let body = Some("no document".to_owned());
    let (at_ms, actor, expected_version) = (NOW, "test".to_owned(), None);
    let torn = Write::PutDocument { kind, key, expected_version, body, at_ms, actor };
    store.commit(Batch::new().and(torn)).unwrap();
    let receiver = Receiver::default();
    assert_eq!(sent(&service, &receiver, NOW), 2);
    assert_eq!(receiver.seen.borrow().len(), 1);
    let waiting = store.due(i64::MAX, 9).unwrap();
    assert_eq!((waiting.len(), waiting[0].attempts, waiting[0].next_ms), (1, 1, NOW + 5_000));
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

#[test]
fn kinds_that_no_event_has_are_refused_with_those_there_are() {
    let wish = |events: &[&str]| HookWish {
        url: "https://8.8.8.8/x".to_owned(),
        events: events.iter().map(|&kind| kind.to_owned()).collect(),
        party: None,
    };
    let (service, boss) = (Service::in_memory(), caller(Role::Administrator));
    let refused =
        service.create_hook(&boss, wish(&["*", "tickets.foo", "plan*", "x.*"]), None, NOW);
    let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
    let paths: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["$.events[1]", "$.events[3]"]);
    let hint = issues[0].hint_en.as_deref().unwrap();
    assert!(hint.contains("plan.published, ") && hint.contains("ticket.created, "), "{hint}");
    for kind in written() {
        assert!(service.create_hook(&boss, wish(&[&kind]), None, NOW).is_ok(), "{kind}");
    }
}

/// The kinds that stand in the source where the service writes events.
fn written() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/service");
    let mut folders = vec![root];
    let mut kinds = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let calls = text.split(".event(").skip(1).chain(text.split(".tell(").skip(1));
            let calls = calls.map(|rest| rest.split(';').next().unwrap());
            let literals = calls.flat_map(|call| call.split('"').skip(1).step_by(2));
            kinds.extend(literals.filter(|word| word.contains('.')).map(str::to_owned));
        }
    }
    assert!(kinds.len() > 20, "{kinds:?}");
    kinds
}
