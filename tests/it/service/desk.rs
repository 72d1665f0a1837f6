//! The desk over stored tickets: commands become events and documents, or are refused by a rule.

use std::sync::Arc;
use std::thread;

use paidan::app::service::desk::{Doing, Wanted, named};
use paidan::app::service::once::Once;
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::{HAPPENINGS, Permission, Role, needed_for};
use paidan::app::service::tickets::{Settled, ShownTicket, State, TicketChange};
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::{KINDS, Stage};
use paidan::model::quote::OptionKind;
use serde_json::{Value, json};

use super::{NOW, both, caller, filing, firm, path, quotes, read};

const DAY: i64 = 86_400_000;

/// That `kind` happened, with `payload`.
pub(super) fn doing(kind: &str, payload: Value) -> Doing {
    Doing { kind: format!("ticket.{kind}"), payload, person: None, note: None }
}

/// The ticket after `who` put something on record.
pub(super) fn happen(
    service: &Service,
    who: &Caller,
    key: &str,
    doing: &Doing,
) -> Result<ShownTicket, Refusal> {
    let wanted = Wanted { key, version: None };
    service.desk_do(who, wanted, doing, None, NOW).map(|made| read(&made))
}

pub(super) fn assessed() -> Doing {
    doing(
        "assessed",
        json!({"cause": "contract", "losses": ["deal"], "degree": "grave", "wished_ms": null,
            "needed_ms": NOW + 10 * DAY, "has_notice": true, "stuck_at": "audit",
            "reach_today": "taken in"}),
    )
}

pub(super) fn weighed() -> Doing {
    let yes = json!({"answer": "yes", "evidence": "plan"});
    doing("weighed", json!({"people": yes, "process": yes, "tools": yes, "risk": yes}))
}

/// The client signs the confirmation of `key` as it stands.
pub(super) fn signed(service: &Service, key: &str) -> Doing {
    let confirmed = service.confirmation_of(&caller(Role::Dispatcher), key).unwrap();
    doing("signed", json!({"digest": confirmed.digest}))
}

/// The quote `key` is accepted: its plan has nobody to look over the result, so that a dispatcher
/// gives the ticket to people.
fn accept(service: &Service, key: &str) {
    let agent = caller(Role::Dispatcher);
    service.accept(&agent, key, OptionKind::AsItStands, None, NOW).unwrap();
}

fn dispatched(driver: &str) -> Doing {
    doing("dispatched", json!({"driver": driver, "liaison": "mei", "reviewer": "boss"}))
}

/// The stage of a ticket, and whether work on it goes on.
fn stage(ticket: &ShownTicket) -> (Stage, State) {
    (ticket.desk.as_ref().unwrap().stage, ticket.state)
}

/// T-1, assessed, weighed and quoted by the dispatcher; the key of its quote.
fn quoted(service: &Service) -> String {
    quotes::planned(service);
    let agent = caller(Role::Dispatcher);
    service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
    for one in [assessed(), weighed()] {
        happen(service, &agent, "T-1", &one).unwrap();
    }
    let quoted: Quoted = read(&service.quote(&agent, &quotes::request("T-1"), None, NOW).unwrap());
    quoted.id
}

/// T-1 in the hands of Wang Fang.
fn held(service: &Service) -> (Caller, Caller) {
    let quote = quoted(service);
    let (agent, wang) = (caller(Role::Dispatcher), Caller::person("wang", Role::Specialist));
    accept(service, &quote);
    happen(service, &agent, "T-1", &dispatched("wang")).unwrap();
    happen(service, &wang, "T-1", &doing("acknowledged", json!({}))).unwrap();
    (agent, wang)
}

/// R001, R076: nothing is planned before it was assessed and promised; every step is an event, and
/// the version is the number of the last one.
#[test]
fn a_ticket_on_the_desk_is_planned_from_its_promise_to_its_signature() {
    both("desk-life", |service| {
        quotes::planned(service);
        let agent = caller(Role::Dispatcher);
        let (reviewer, wang) = (caller(Role::Reviewer), Caller::person("wang", Role::Specialist));
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        let is_planned = || {
            let scenario = service.scenario(&reviewer, NOW).unwrap();
            scenario.tickets.iter().any(|ticket| ticket.id == "T-1")
        };
        // Off the desk a ticket is planned as it always was.
        assert!(is_planned());
        let shown = happen(service, &agent, "T-1", &assessed()).unwrap();
        assert_eq!((shown.version, stage(&shown)), (2, (Stage::Assessed, State::Open)));
        assert!(!is_planned());
        happen(service, &agent, "T-1", &weighed()).unwrap();
        let asked = quotes::request("T-1");
        let quoted: Quoted = read(&service.quote(&agent, &asked, None, NOW).unwrap());
        accept(service, &quoted.id);
        assert!(is_planned());
        happen(service, &agent, "T-1", &dispatched("wang")).unwrap();
        for kind in ["acknowledged", "begun"] {
            happen(service, &wang, "T-1", &doing(kind, json!({}))).unwrap();
        }
        happen(service, &wang, "T-1", &doing("self_checked", json!({"items": []}))).unwrap();
        let boss = Caller::person("boss", Role::Reviewer);
        happen(service, &boss, "T-1", &doing("reviewed", json!({"items": []}))).unwrap();
        happen(service, &wang, "T-1", &doing("delivered", json!({"steps": []}))).unwrap();
        // R085: what the client signs is the confirmation with the time of completion and the files
        // as they stand; another document filed since, or none read, is not signed for.
        let early = service.confirmation_of(&agent, "T-1").unwrap();
        assert_eq!(early.completed.unwrap().to_string(), "2026-03-09T09:00+08:00");
        let receipt = json!({"name": "receipt", "digest": "sha256:1", "supersedes": null});
        happen(service, &agent, "T-1", &doing("document_filed", receipt)).unwrap();
        for stale in [json!({}), json!({"digest": early.digest})] {
            let refused = happen(service, &agent, "T-1", &doing("signed", stale));
            assert_eq!(refused.unwrap_err().code(), "D054");
        }
        let signed = happen(service, &agent, "T-1", &signed(service, "T-1")).unwrap();
        // Created, promised, and twelve happenings.
        assert_eq!((signed.version, stage(&signed)), (14, (Stage::Signed, State::Done)));
        assert!(!is_planned());
        let kept = service.ticket(&agent, "T-1", NOW).unwrap();
        assert_eq!(kept, ShownTicket { contact: None, ..signed });
    });
}

/// R076: a refusal has its code, why, and what to do, and leaves nothing behind.
#[test]
fn what_a_rule_forbids_is_told_by_its_code_and_leaves_nothing_behind() {
    both("desk-refused", |service| {
        let (agent, wang) = held(service);
        let code = |who: &Caller, one: &Doing| match happen(service, who, "T-1", one) {
            Err(Refusal::Desk(refusal)) => refusal.code(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(&agent, &weighed()), "D001");
        assert_eq!(code(&agent, &dispatched("wang")), "D012");
        assert_eq!(code(&agent, &doing("begun", json!({}))), "D010");
        assert_eq!(code(&wang, &doing("owner_change_asked", json!({"reason": " "}))), "D009");
        let refused = happen(service, &agent, "T-1", &weighed()).unwrap_err();
        let label = refused.label();
        assert!(label.zh.starts_with("D001 ") && label.en.starts_with("D001 "), "{label:?}");
        assert_eq!(service.ticket(&agent, "T-1", NOW).unwrap().version, 8);

        // What cannot be read is no refusal of the desk.
        for (kind, payload) in [("vanished", json!({})), ("begun", json!({"when": 1}))] {
            let unread = happen(service, &wang, "T-1", &doing(kind, payload));
            assert!(matches!(unread, Err(Refusal::Wish(_))), "{unread:?}");
        }
    });
}

/// R013, R040: nobody says that a ticket was quoted or accepted. Only a quote, which asks the red
/// lines, and its acceptance, which binds the promise to a plan, put that on record.
#[test]
fn a_promise_without_a_plan_cannot_be_written_down_by_hand() {
    both("desk-by-hand", |service| {
        let quote = quoted(service);
        let before = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        let forged = json!({"quote": &quote, "option": "x", "plan": "x", "finish_ms": NOW + DAY});
        for who in [Role::Dispatcher, Role::Reviewer, Role::Administrator] {
            for one in [doing("quoted", json!({"quote": "q"})), doing("accepted", forged.clone())] {
                let refused = happen(service, &caller(who), "T-1", &one).unwrap_err();
                assert_eq!(refused.code(), "D026", "{}", one.kind);
            }
        }
        assert_eq!(service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap(), before);
        accept(service, &quote);
        let shown = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        let plan = service.current_plan(&caller(Role::Dispatcher), NOW).unwrap();
        assert_eq!((stage(&shown).0, shown.promise.unwrap().plan), (Stage::Accepted, plan.digest));
    });
}

/// R191, R192: whoever rejects is out of the next plan; after two the manager decides.
#[test]
fn a_rejection_keeps_its_person_out_of_the_next_plan() {
    both("desk-rejected", |service| {
        let quote = quoted(service);
        let (agent, wang) = (caller(Role::Dispatcher), Caller::person("wang", Role::Specialist));
        accept(service, &quote);
        happen(service, &agent, "T-1", &dispatched("wang")).unwrap();
        let no = doing("rejected", json!({"reason": "outside my field"}));
        let shown = happen(service, &wang, "T-1", &no).unwrap();
        assert_eq!(stage(&shown).0, Stage::Accepted);
        let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
        let excluded = |key: &str| {
            let found = scenario.tickets.iter().find(|ticket| ticket.id == key);
            found.unwrap().excluded.clone()
        };
        assert_eq!(excluded("T-1"), ["wang"]);
        // The second rejection brings another event along: two more than before.
        happen(service, &agent, "T-1", &dispatched("li")).unwrap();
        let li = Caller::person("li", Role::Specialist);
        let shown = happen(service, &li, "T-1", &no).unwrap();
        assert_eq!((shown.version, stage(&shown).0), (11, Stage::ManagerDecision));
        let third = happen(service, &agent, "T-1", &dispatched("zhao")).unwrap_err();
        assert_eq!(third.code(), "D011");
        let reviewer = caller(Role::Reviewer);
        assert!(happen(service, &reviewer, "T-1", &dispatched("zhao")).is_ok());
    });
}

/// The state of a ticket on the desk follows from its events; calling it off is one of them.
#[test]
fn nobody_sets_the_state_of_a_ticket_on_the_desk() {
    both("desk-state", |service| {
        quoted(service);
        let agent = caller(Role::Dispatcher);
        let done = TicketChange { state: Some(Settled::Done), ..TicketChange::default() };
        let set = service.change_ticket(&agent, "T-1", None, done, NOW);
        assert!(matches!(set, Err(Refusal::Impossible(_))));
        let off = service.cancel_ticket(&agent, "T-1", Some(4), NOW).unwrap();
        assert_eq!((off.version, stage(&off)), (5, (Stage::CalledOff, State::Cancelled)));
        assert_eq!(service.cancel_ticket(&agent, "T-1", Some(4), NOW).unwrap(), off);
        assert_eq!(happen(service, &agent, "T-1", &assessed()).unwrap_err().code(), "D001");
        // One that was closed without the desk stays closed.
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        service.cancel_ticket(&agent, "T-2", None, NOW).unwrap();
        let late = happen(service, &agent, "T-2", &assessed());
        assert!(matches!(late, Err(Refusal::Impossible(_))));
    });
}

/// R124: a command relies on a version or on none; of four and twenty at once that rely on none each
/// is outrun by each of the others once at the most, and all are on record.
#[test]
fn commands_at_once_follow_one_another() {
    let service = Arc::new(Service::open(&path("desk-at-once")).unwrap());
    firm(&service);
    let agent = caller(Role::Dispatcher);
    service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
    let stale = Wanted { key: "T-1", version: Some(7) };
    let refused = service.desk_do(&agent, stale, &assessed(), None, NOW);
    assert!(matches!(refused, Err(Refusal::Stale { actual: 1, .. })));
    let calls: Vec<_> = (0..24)
        .map(|_| {
            let service = Arc::clone(&service);
            let contacted = doing("contacted", json!({}));
            thread::spawn(move || {
                happen(&service, &caller(Role::Dispatcher), "T-1", &contacted).is_ok()
            })
        })
        .collect();
    let told = calls.into_iter().filter_map(|call| call.join().unwrap().then_some(())).count();
    let version = service.ticket(&agent, "T-1", NOW).unwrap().version;
    assert_eq!((told, version), (24, 25));

    let once = Once::new(&agent, "POST happenings", "k", b"assessed");
    let any = Wanted { key: "T-1", version: None };
    let first = service.desk_do(&agent, any, &assessed(), Some(&once), NOW).unwrap();
    let again = service.desk_do(&agent, any, &assessed(), Some(&once), NOW).unwrap();
    assert!(again.is_repeated && again.body == first.body);
}

/// R172 to R179: one table says who may do what; a client's system does what clients do, and only
/// to its own tickets.
#[test]
fn who_may_do_what_stands_in_one_table() {
    for (kind, needed) in HAPPENINGS {
        assert!(KINDS.contains(kind) && !needed.is_empty(), "{kind}");
    }
    assert_eq!(needed_for("ticket.assessed"), [Permission::DeskWork]);
    both("desk-roles", |service| {
        quoted(service);
        let may = |who: &Caller, kind: &str, payload: Value| {
            let done = happen(service, who, "T-1", &doing(kind, payload));
            !matches!(done, Err(Refusal::Forbidden(_)))
        };
        let auditor = caller(Role::Auditor);
        let (agent, specialist) = (caller(Role::Dispatcher), caller(Role::Specialist));
        assert!(!may(&auditor, "contacted", json!({})));
        assert!(may(&specialist, "contacted", json!({})));
        assert!(!may(&specialist, "dispatched", dispatched("wang").payload));
        assert!(!may(&agent, "reviewed", json!({"items": []})));
        let program = caller(Role::Ticketing);
        let own = happen(service, &program, "T-1", &doing("called_off", json!({"reason": "x"})));
        assert!(matches!(own, Err(Refusal::Unknown { .. })), "{own:?}");
        assert!(!may(&program, "assessed", assessed().payload));
    });
}

/// R043, R081: a program says for whom it speaks; a person speaks for himself.
#[test]
fn a_person_is_told_apart_from_the_program_that_speaks_for_him() {
    both("desk-who", |service| {
        let quote = quoted(service);
        let agent = caller(Role::Dispatcher);
        accept(service, &quote);
        happen(service, &agent, "T-1", &dispatched("wang")).unwrap();
        let yes = |person: &str| Doing {
            person: Some(person.to_owned()),
            ..doing("acknowledged", json!({}))
        };
        let other = happen(service, &agent, "T-1", &yes("wang"));
        assert!(matches!(other, Err(Refusal::NotHis(_))), "{other:?}");
        let key = super::key_for(service, Role::Specialist, &["wang", "li"]);
        let program = service.authenticate(&key.key, NOW).unwrap();
        assert_eq!(happen(service, &program, "T-1", &yes("li")).unwrap_err().code(), "D010");
        happen(service, &program, "T-1", &yes("wang")).unwrap();
        let told = service.timeline(&program, "T-1", 0, 100, NOW).unwrap();
        let last = told.last().unwrap();
        assert_eq!((last.kind.as_str(), last.person.as_str()), ("ticket.acknowledged", "wang"));
        assert!(last.actor.starts_with("key/") && last.actor.ends_with("/wang"), "{}", last.actor);
    });
}

/// R243: words about persons lie apart from the events, for whoever may read them, until they are
/// erased with the client.
#[test]
fn words_about_persons_are_told_only_to_who_may_read_them() {
    both("desk-notes", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let acme = json!({"id": "acme", "name": {"zh": "安美公司", "en": "Acme"}});
        service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
        let mut new = filing(Some("T-1"));
        new.client = Some("acme".to_owned());
        service.create_ticket(&boss, new, None, NOW).unwrap();
        let words = "called Mr Zhao on 13800000000".to_owned();
        let called = Doing { note: Some(words.clone()), ..doing("contacted", json!({})) };
        happen(service, &boss, "T-1", &called).unwrap();
        let note = |who: &Caller| {
            let told = service.timeline(who, "T-1", 0, 100, NOW).unwrap();
            let kinds: Vec<&str> = told.iter().map(|entry| entry.kind.as_str()).collect();
            assert_eq!(kinds, ["ticket.created", "ticket.contacted"]);
            told[1].note.clone()
        };
        assert_eq!(note(&boss), Some(words));
        let scopes = vec![Permission::EventRead, Permission::TicketRead];
        let wish = paidan::app::service::keys::Wish {
            role: Role::Auditor,
            scopes,
            people: Vec::new(),
            expires_ms: None,
        };
        let key = paidan::app::service::Owner::of_service(service).make_key(wish, NOW).unwrap();
        assert_eq!(note(&service.authenticate(&key.key, NOW).unwrap()), None);
        let events = serde_json::to_string(&service.events(&boss, 0, 100, NOW).unwrap()).unwrap();
        assert!(!events.contains("13800000000"));
        let outside = service.timeline(&caller(Role::Ticketing), "T-1", 0, 100, NOW);
        assert!(matches!(outside, Err(Refusal::Forbidden(_))));
        service.erase_client(&boss, "acme", NOW).unwrap();
        let told = service.timeline(&boss, "T-1", 0, 100, NOW).unwrap();
        assert!(told.iter().all(|entry| entry.note.is_none()));
    });
}

#[test]
fn everything_that_can_happen_has_a_name_in_both_languages() {
    for kind in KINDS {
        let label = named(kind);
        assert!(label.zh != kind && label.en != kind, "{kind}");
    }
}
