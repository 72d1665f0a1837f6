//! Somebody does something between what a clock or the desk reads and what it writes: nothing of it
//! is lost.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::event::{Event, Head, Stream};
use paidan::desk::hash::Hash;
use paidan::policy::Policy;
use paidan::policy::desk::Fact;
use paidan::store::row::{Access, Answer, ApiKey, Delivery, Document, Mark, Text};
use paidan::store::{
    Accesses, Answers, Batch, Documents, Failure, Heads, Keys, Log, Marks, Memory, Outbox, Receipt,
    Store, Texts, Write,
};
use serde_json::json;

use super::desk::doing;
use super::{NOW, caller, clocks, filing, firm, replan};

const MINUTE: i64 = 60_000;

/// A store in memory where, the first time something is about to be written, somebody else comes
/// first.
#[derive(Default)]
struct Crowded {
    memory: Memory,
    other: Mutex<Option<Other>>,
    commits: AtomicUsize,
}

/// Somebody else.
struct Other {
    service: Weak<Service>,
    /// Before what he comes.
    before: fn(&Write) -> bool,
    does: fn(&Service),
}

impl Crowded {
    /// A service over such a store.
    fn service() -> (Arc<Crowded>, Arc<Service>) {
        let store = Arc::new(Crowded::default());
        let service = Arc::new(Service::over(Arc::<Crowded>::clone(&store)).unwrap());
        (store, service)
    }

    fn awaits(&self, service: &Arc<Service>, before: fn(&Write) -> bool, does: fn(&Service)) {
        let service = Arc::downgrade(service);
        *self.other.lock().unwrap() = Some(Other { service, before, does });
    }

    fn other(&self, batch: &Batch) -> Option<Other> {
        let mut other = self.other.lock().unwrap();
        let before = other.as_ref()?.before;
        batch.writes.iter().any(before).then(|| other.take())?
    }
}

impl Store for Crowded {
    fn commit(&self, batch: Batch) -> Result<Receipt, Failure> {
        if let Some(Other { service, does, .. }) = self.other(&batch)
            && let Some(service) = service.upgrade()
        {
            does(&service);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.memory.commit(batch)
    }
}

impl Log for Crowded {
    fn head(&self, stream: &Stream) -> Result<Head, Failure> {
        self.memory.head(stream)
    }
    fn stream(&self, stream: &Stream, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        self.memory.stream(stream, after, most)
    }
    fn events(&self, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        self.memory.events(after, most)
    }
    fn end(&self) -> Result<u64, Failure> {
        self.memory.end()
    }
    fn heads(&self) -> Result<Heads, Failure> {
        self.memory.heads()
    }
    fn checkpoints(&self) -> Result<Vec<Checkpoint>, Failure> {
        self.memory.checkpoints()
    }
}

impl Texts for Crowded {
    fn text(&self, hash: &Hash) -> Result<Option<Text>, Failure> {
        self.memory.text(hash)
    }
    fn texts_of(
        &self,
        subject: &str,
        after: Option<&Hash>,
        most: usize,
    ) -> Result<Vec<(Hash, Text)>, Failure> {
        self.memory.texts_of(subject, after, most)
    }
    fn texts(&self, after: Option<&Hash>, most: usize) -> Result<Vec<(Hash, Text)>, Failure> {
        self.memory.texts(after, most)
    }
}

impl Documents for Crowded {
    fn document(&self, kind: &str, key: &str) -> Result<Option<Document>, Failure> {
        self.memory.document(kind, key)
    }
    fn version(&self, kind: &str, key: &str, version: u64) -> Result<Option<Document>, Failure> {
        self.memory.version(kind, key, version)
    }
    fn history(
        &self,
        kind: &str,
        key: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        self.memory.history(kind, key, before, most)
    }
    fn documents(
        &self,
        kind: &str,
        after: Option<&str>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        self.memory.documents(kind, after, most)
    }
}

impl Marks for Crowded {
    fn mark(&self, kind: &str, key: &str) -> Result<Option<String>, Failure> {
        self.memory.mark(kind, key)
    }
    fn marks(
        &self,
        kind: &str,
        after: &str,
        before: Option<&str>,
        most: usize,
    ) -> Result<Vec<Mark>, Failure> {
        self.memory.marks(kind, after, before, most)
    }
}

impl Answers for Crowded {
    fn answer(&self, scope: &str, key: &str, now_ms: i64) -> Result<Option<Answer>, Failure> {
        self.memory.answer(scope, key, now_ms)
    }
}

impl Outbox for Crowded {
    fn due(&self, now_ms: i64, most: usize) -> Result<Vec<Delivery>, Failure> {
        self.memory.due(now_ms, most)
    }
    fn first_due(&self, now_ms: i64, but: &BTreeSet<String>) -> Result<Option<Delivery>, Failure> {
        self.memory.first_due(now_ms, but)
    }
    fn dead(&self, after: u64, most: usize) -> Result<Vec<Delivery>, Failure> {
        self.memory.dead(after, most)
    }
    fn depth(&self) -> Result<(u64, u64), Failure> {
        self.memory.depth()
    }
}

impl Accesses for Crowded {
    fn accesses_to(
        &self,
        thing: (&str, &str),
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        self.memory.accesses_to(thing, before, most)
    }
    fn accesses_by(
        &self,
        actor: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        self.memory.accesses_by(actor, before, most)
    }
}

impl Keys for Crowded {
    fn key(&self, prefix: &str) -> Result<Option<ApiKey>, Failure> {
        self.memory.key(prefix)
    }
    fn keys(&self, after: Option<&str>, most: usize) -> Result<Vec<ApiKey>, Failure> {
        self.memory.keys(after, most)
    }
}

/// R247: while the breach of the first call is being told, the client asks how it stands, which
/// starts another clock: the breach is told once, and the other clock's hour is still kept.
#[test]
fn what_happens_while_a_clock_speaks_is_not_lost() {
    let (store, service) = Crowded::service();
    firm(&service);
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    let chase = json!({"id": "chase", "label": {"zh": "催问", "en": "asked"}, "runs": "working",
        "starts": ["ticket.client_chased"], "stops": ["ticket.client_told"],
        "goal": {"minutes": 60}});
    policy["desk"]["timers"].as_array_mut().unwrap().push(chase);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&caller(Role::Administrator), Some(0), policy, NOW).unwrap();
    let agent = caller(Role::Dispatcher);
    service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
    let speaks =
        |write: &Write| matches!(write, Write::Append { stream, .. } if stream.kind == "clock");
    store.awaits(&service, speaks, |service| {
        let wanted = Wanted { key: "T-1", version: None };
        let chased = doing("client_chased", json!({}));
        let agent = caller(Role::Dispatcher);
        service.desk_do(&agent, wanted, &chased, None, NOW + 11 * MINUTE).unwrap();
    });
    service.tick(NOW + 11 * MINUTE).unwrap();
    service.tick(NOW + 12 * MINUTE).unwrap();
    let events = service.events(&agent, 0, 100, NOW).unwrap();
    let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
    assert_eq!((count("ticket.client_chased"), count("ticket.clock_breached")), (1, 1));
    let due = service.desk_due(&agent, NOW + 3 * 60 * MINUTE, None, 100).unwrap().items;
    let out = due.iter().find(|one| one.timer == "chase" && one.sign == Sign::RunsOut).unwrap();
    // 09:11 and an hour.
    assert_eq!(out.at, "2026-03-09T02:11:00.000Z");
}

/// R247: what is due of three tickets is told in one commit. While that of three others is, one of
/// them is called: of it nothing is told any more, and of the others each by itself.
#[test]
fn what_is_due_at_once_is_told_at_once() {
    let (store, service) = Crowded::service();
    clocks::desk(&service);
    let agent = caller(Role::Dispatcher);
    for key in ["T-2", "T-3"] {
        service.create_ticket(&agent, filing(Some(key)), None, NOW).unwrap();
    }
    let later = NOW + 5 * MINUTE;
    for key in ["T-4", "T-5", "T-6"] {
        service.create_ticket(&agent, filing(Some(key)), None, later).unwrap();
    }
    let told = || {
        let events = service.events(&agent, 0, 500, NOW).unwrap();
        let out = events.into_iter().filter(|event| event.kind == "ticket.clock_breached");
        out.map(|event| event.stream).collect::<Vec<_>>()
    };
    let before = store.commits.load(Ordering::Relaxed);
    assert_eq!(service.tick(NOW + 11 * MINUTE).unwrap(), 3);
    assert_eq!(store.commits.load(Ordering::Relaxed), before + 1);
    assert_eq!(told(), ["clock/T-1", "clock/T-2", "clock/T-3"]);
    let speaks =
        |write: &Write| matches!(write, Write::Append { stream, .. } if stream.kind == "clock");
    store.awaits(&service, speaks, |service| {
        let wanted = Wanted { key: "T-5", version: None };
        let called = doing("contacted", json!({}));
        let agent = caller(Role::Dispatcher);
        service.desk_do(&agent, wanted, &called, None, NOW + 10 * MINUTE).unwrap();
    });
    service.tick(NOW + 16 * MINUTE).unwrap();
    service.tick(NOW + 17 * MINUTE).unwrap();
    assert_eq!(told()[3..], ["clock/T-4", "clock/T-6"]);
}

/// R250: somebody is away, and while the desk plans around that, whoever has the ticket rejects it:
/// the draft holds no longer. The next look plans around both, and the one after finds nothing.
#[test]
fn what_happens_while_the_desk_plans_is_planned_around_next() {
    let (store, service) = Crowded::service();
    replan::promised(&service, &json!(["absence", "rejection"]));
    let before = replan::number(&service);
    replan::away(&service, "li");
    let drafts =
        |write: &Write| matches!(write, Write::PutDocument { kind, .. } if kind == "draft");
    store.awaits(&service, drafts, |service| {
        let he = Caller::person(&replan::driver(service), Role::Specialist);
        let wanted = Wanted { key: "T-1", version: None };
        let rejected = doing("rejected", json!({"reason": "not my field"}));
        service.desk_do(&he, wanted, &rejected, None, NOW).unwrap();
    });
    assert_eq!(replan::looked(&service), BTreeSet::from([Fact::Absence]));
    assert_eq!(replan::number(&service), before, "the draft held no longer");
    let both = BTreeSet::from([Fact::Absence, Fact::Rejection]);
    assert_eq!(replan::looked(&service), both);
    assert_eq!(replan::number(&service), before + 1);
    assert_eq!(replan::looked(&service), BTreeSet::new());
}

/// What cannot be planned for a reason of its own is tried twice, and then left until something
/// happens.
#[test]
fn what_cannot_be_planned_is_tried_twice() {
    let (store, service) = Crowded::service();
    replan::promised(&service, &json!(["absence"]));
    replan::away(&service, "li");
    let drafts =
        |write: &Write| matches!(write, Write::PutDocument { kind, .. } if kind == "draft");
    let absence = BTreeSet::from([Fact::Absence]);
    for found in [absence.clone(), absence, BTreeSet::new()] {
        // Each time somebody changes the ticket while it is planned.
        store.awaits(&service, drafts, |service| {
            let agent = caller(Role::Dispatcher);
            let kept = service.ticket(&agent, "T-1", NOW).unwrap();
            let due = json!({"due": format!("2026-03-12T10:{:02}", kept.version)});
            let due = serde_json::from_value(due).unwrap();
            service.change_ticket(&agent, "T-1", None, due, NOW).unwrap();
        });
        assert_eq!(replan::looked(&service), found);
    }
}
