//! What is owed for a ticket that is called off after it was billed.

use paidan::app::service::desk::Wanted;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use serde_json::{Value, json};

use super::desk::{doing, happen};
use super::drive::{accept, quote, weighed_ticket, weighed_ticket_of};
use super::{NOW, both, caller, read, replan};

const HOUR: i64 = 3_600_000;

/// T-1 of two hours, promised for 500 yuan and billed in advance.
fn billed(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let policy = replan::policy(&json!([]));
    service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
    let bill = doing("billed", json!({"amount_fen": 50_000}));
    happen(service, &caller(Role::Dispatcher), "T-1", &bill).unwrap();
    assert_eq!(owes(service), (Some(50_000), true));
}

/// The first of the two hours is worked.
fn half_done(service: &Service) {
    let row = json!([{"step": "T-1/file", "state": "done", "people": ["wang"],
        "start": "2026-03-09T09:00", "end": "2026-03-09T10:00"}]);
    let rows: Vec<_> = serde_json::from_value(row).unwrap();
    service.report(&caller(Role::Dispatcher), &rows, NOW + HOUR).unwrap();
}

fn call_off(service: &Service) {
    let wanted = Wanted { key: "T-1", version: None };
    let off = doing("called_off", json!({"reason": "sold the firm"}));
    service.desk_do(&caller(Role::Dispatcher), wanted, &off, None, NOW + HOUR).unwrap();
}

/// What the client owes, and whether the clock of his payment runs.
fn owes(service: &Service) -> (Option<i64>, bool) {
    let agent = caller(Role::Dispatcher);
    let known = service.dossier(&agent, "T-1", NOW + HOUR).unwrap();
    let due = service.desk_due(&agent, NOW + 100 * 24 * HOUR, None, 100).unwrap().items;
    (known.exceptions.owed_fen, due.iter().any(|row| row.timer == "payment"))
}

fn events(service: &Service) -> Vec<(String, Value)> {
    let told = service.timeline(&caller(Role::Dispatcher), "T-1", 0, 100, NOW + HOUR).unwrap();
    let told = told.into_iter().rev().take_while(|entry| entry.kind != "ticket.dispatched");
    told.map(|entry| (entry.kind[7..].to_owned(), entry.payload)).collect()
}

/// R078, R193: why it costs 500 yuan is told with what is owed in the place of that once it was called
/// off.
#[test]
fn the_price_of_what_was_called_off_is_told_with_what_is_owed_of_it() {
    both("settled-why", |service| {
        billed(service);
        half_done(service);
        let boss = caller(Role::Administrator);
        let told = || service.price_of(&boss, "T-1", NOW + HOUR).unwrap();
        assert_eq!(told().settled, None);
        call_off(service);
        let owed = told().settled.map(|settled| settled.billed_fen);
        assert_eq!((told().price.total_fen.0, owed), (50_000, Some(25_000)));
    });
}

/// R193: 500 yuan billed in advance and not paid, one of two hours done: half of it is owed. By the
/// bill that was sent before nobody becomes a late payer.
#[test]
fn an_unpaid_bill_is_made_anew_for_what_was_done() {
    both("settled-half", |service| {
        billed(service);
        half_done(service);
        call_off(service);
        assert_eq!(owes(service), (Some(25_000), true));
        assert_eq!(
            events(service)[0],
            ("billed".to_owned(), json!({"amount_fen": 25_000, "replaces_fen": 50_000}))
        );
    });
}

/// R101, R193: a specialist neither bills nor says what was paid. Beyond the price of 500 yuan a
/// dispatcher bills nothing, and what is paid of it is not billed twice; a manager may.
#[test]
fn nobody_bills_beyond_the_price_but_a_manager() {
    both("settled-price", |service| {
        billed(service);
        let (agent, wang) = (caller(Role::Dispatcher), Caller::person("wang", Role::Specialist));
        let bill = |amount_fen: i64| doing("billed", json!({"amount_fen": amount_fen}));
        let paid = doing("paid", json!({}));
        for one in [bill(1), paid.clone()] {
            let refused = happen(service, &wang, "T-1", &one);
            assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        }
        assert_eq!(happen(service, &agent, "T-1", &bill(50_001)).unwrap_err().code(), "A009");
        happen(service, &agent, "T-1", &paid).unwrap();
        assert_eq!(happen(service, &agent, "T-1", &bill(1)).unwrap_err().code(), "A009");
        // The policy names the reviewer as manager of the department.
        happen(service, &caller(Role::Reviewer), "T-1", &bill(1)).unwrap();
        assert_eq!(owes(service), (Some(1), true));
    });
}

/// T-1, for 500 yuan an hour of collecting, one of filing and one of looking over it, of which its
/// driver began at nine.
fn begun_behind_collecting(service: &Service) {
    let seat = |skill: &str, role: &str| json!([{"skill": skill, "level": 3, "role": role}]);
    let steps = json!([
        {"id": "collect", "seats": seat("audit", "liaison"), "minutes": 60},
        {"id": "file", "seats": seat("tax", "driver"), "minutes": 60,
            "after": [{"step": "collect"}]},
        {"id": "check", "seats": seat("audit", "reviewer"), "minutes": 60,
            "after": [{"step": "file"}]}]);
    weighed_ticket_of(service, steps);
    accept(service, &quote(service, "T-1")).unwrap();
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let driver = ticket.desk.unwrap().crew.unwrap().driver;
    let driver = Caller::person(&driver, Role::Specialist);
    for kind in ["acknowledged", "begun"] {
        happen(service, &driver, "T-1", &doing(kind, json!({}))).unwrap();
    }
}

/// Collecting took from nine until then.
fn collected(service: &Service, until: &str, now_ms: i64) {
    let row = json!([{"step": "T-1/collect", "state": "done", "people": ["li"],
        "start": "2026-03-09T09:00", "end": format!("2026-03-09T{until}")}]);
    let rows: Vec<_> = serde_json::from_value(row).unwrap();
    service.report(&caller(Role::Dispatcher), &rows, now_ms).unwrap();
}

/// What calling T-1 off would come to.
fn would_bill(service: &Service, now_ms: i64) -> i64 {
    service
        .dossier(&caller(Role::Dispatcher), "T-1", now_ms)
        .unwrap()
        .calling_off
        .unwrap()
        .billed_fen
}

/// R062, R193: nobody files while it is collected. At half past ten an hour and a half of the three
/// are worked, whether or not a plan was made since, and by that plan filing takes until eleven.
#[test]
fn a_step_is_begun_when_what_comes_before_it_is_done() {
    both("settled-behind", |service| {
        begun_behind_collecting(service);
        assert_eq!(would_bill(service, NOW + HOUR), 0);
        collected(service, "10:00", NOW + HOUR);
        assert_eq!(would_bill(service, NOW + HOUR), 16_667);
        let later = NOW + HOUR + HOUR / 2;
        assert_eq!(would_bill(service, later), 25_000);
        let (agent, wish) = (caller(Role::Dispatcher), DraftWish { rounds: 1, seed: 1 });
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        assert_eq!(would_bill(service, later), 25_000);
        let estimate = service.ticket(&agent, "T-1", later).unwrap().standing.estimate;
        // Half an hour of filing is left, and an hour of looking over it.
        assert_eq!(estimate.unwrap().to_string(), "2026-03-09T12:00+08:00");
    });
}

/// R193: what is done took so long as is reported: twenty minutes, and two hours are to come.
#[test]
fn what_was_done_sooner_than_planned_is_billed_as_it_took() {
    both("settled-sooner", |service| {
        begun_behind_collecting(service);
        collected(service, "09:20", NOW + HOUR / 3);
        // 50,000 · 20 / (20 + 120), rounded up.
        assert_eq!(would_bill(service, NOW + HOUR / 3), 7_143);
    });
}

/// R084: a specialist calls no ticket off, neither by saying so nor by cancelling it.
#[test]
fn who_takes_no_orders_calls_none_off() {
    both("settled-who", |service| {
        billed(service);
        let li = Caller::person("li", Role::Specialist);
        let off = doing("called_off", json!({"reason": "sold the firm"}));
        let refused = happen(service, &li, "T-1", &off);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        let refused = service.cancel_ticket(&li, "T-1", None, NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        service.cancel_ticket(&caller(Role::Dispatcher), "T-1", None, NOW).unwrap();
    });
}

/// R052: who approves follows from the refund that the ticket states, and from nothing that whoever
/// asks writes: without it nobody is asked.
#[test]
fn an_approval_is_asked_for_over_what_the_ticket_states() {
    both("settled-approval", |service| {
        billed(service);
        let mut policy = serde_json::to_value(replan::policy(&json!([]))).unwrap();
        policy["desk"]["approvals"] =
            json!([{"service": "filing", "amount": "refund", "post": "department_manager"}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
        let ask = doing("approval_asked", json!({"amount_fen": 1}));
        let refused = happen(service, &caller(Role::Dispatcher), "T-1", &ask).unwrap_err();
        assert_eq!(refused.code(), "A009");
        assert!(refused.label().en.contains("refund"), "{refused:?}");
    });
}

/// R193: nothing is done, so nothing is owed and no clock of a payment runs on.
#[test]
fn an_unpaid_bill_for_what_was_not_done_is_owed_no_more() {
    both("settled-nothing", |service| {
        billed(service);
        call_off(service);
        assert_eq!(owes(service), (None, false));
    });
}

/// Of 500 yuan that are paid the half that was not worked goes back: said before and on record.
#[test]
fn what_was_paid_and_not_done_goes_back() {
    both("settled-paid", |service| {
        billed(service);
        let paid = doing("paid", json!({}));
        happen(service, &caller(Role::Dispatcher), "T-1", &paid).unwrap();
        half_done(service);
        let agent = caller(Role::Dispatcher);
        let would = service.dossier(&agent, "T-1", NOW + HOUR).unwrap().calling_off.unwrap();
        assert_eq!((would.billed_fen, would.refund_fen), (25_000, 25_000));
        call_off(service);
        assert_eq!(owes(service), (None, false));
        let (kind, payload) = &events(service)[0];
        assert_eq!(
            (kind.as_str(), &payload["settled"]["refund_fen"]),
            ("called_off", &json!(25_000))
        );
    });
}
