//! What becomes the plan in force is held against how things stand by then.

use paidan::app::service::plans::{Draft, DraftWish, Published, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::TicketChange;
use paidan::app::service::{Refusal, Service};
use paidan::model::scenario::Progress;
use serde_json::{Value, json};

use super::{NOW, both, caller, filing, firm, read};

/// NOW + 2 h: eleven o'clock.
const ELEVEN: i64 = NOW + 7_200_000;

fn draft(service: &Service, now_ms: i64) -> Draft {
    let wish = DraftWish { rounds: 1, seed: 1 };
    read(&service.draft(&caller(Role::Dispatcher), &wish, None, now_ms, &mut |_| true).unwrap())
}

fn publish(service: &Service, draft: &Draft, now_ms: i64) -> Result<Published, Refusal> {
    let wish =
        Publishing { draft: Some(draft.id.clone()), rollback_to: None, replaces: draft.basis };
    service.publish(&caller(Role::Dispatcher), &wish, None, now_ms).map(|made| read(&made))
}

/// T-1 and T-2 of an hour each, drafted and then `change`d: what publication says has changed.
fn changed(name: &str, change: impl Fn(&Service)) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let told_to = std::cell::RefCell::new(&mut told);
    both(name, |service| {
        firm(service);
        for key in ["T-1", "T-2"] {
            service.create_ticket(&caller(Role::Dispatcher), filing(Some(key)), None, NOW).unwrap();
        }
        let draft = draft(service, NOW);
        change(service);
        let rows = match publish(service, &draft, ELEVEN) {
            Ok(_) => Vec::new(),
            Err(Refusal::Outrun { beside, .. }) => beside["changed"].as_array().unwrap().clone(),
            Err(other) => panic!("{other:?}"),
        };
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        **told_to.borrow_mut() = rows.iter().map(|r| (text(r, "kind"), text(r, "key"))).collect();
    });
    told
}

fn one(kind: &str, key: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), key.to_owned())]
}

#[test]
fn a_draft_with_a_ticket_that_was_called_off_since_is_not_published() {
    let told = changed("since-cancelled", |service| {
        service.cancel_ticket(&caller(Role::Administrator), "T-2", None, NOW).unwrap();
    });
    assert_eq!(told, one("ticket", "T-2"));
}

#[test]
fn a_draft_with_a_ticket_that_was_changed_since_is_not_published() {
    let told = changed("since-changed", |service| {
        let wish: TicketChange =
            serde_json::from_value(json!({"release": "2026-03-10T09:00"})).unwrap();
        service.change_ticket(&caller(Role::Administrator), "T-1", None, wish, NOW).unwrap();
    });
    assert_eq!(told, one("ticket", "T-1"));
}

#[test]
fn a_draft_with_somebody_at_work_who_is_absent_since_is_not_published() {
    let told = changed("since-absent", |service| {
        let away = json!({"from": "2026-03-09T09:00", "to": "2026-03-09T18:00"});
        let away = serde_json::from_value(away).unwrap();
        service.create_absence(&caller(Role::Administrator), "wang", away, None, NOW).unwrap();
    });
    assert_eq!(told, one("person", "wang"));
}

#[test]
fn a_new_ticket_and_a_new_title_hold_no_draft_up() {
    let told = changed("since-nothing", |service| {
        let boss = caller(Role::Administrator);
        service.create_ticket(&boss, filing(Some("T-3")), None, NOW).unwrap();
        let wish = json!({"title": {"zh": "加急", "en": "urgent"}});
        let wish: TicketChange = serde_json::from_value(wish).unwrap();
        service.change_ticket(&boss, "T-1", None, wish, NOW).unwrap();
    });
    assert_eq!(told, []);
}

#[test]
fn a_step_done_as_it_was_planned_holds_no_draft_up() {
    both("since-as-planned", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        let draft = draft(service, NOW);
        service.report(&boss, &done("T-1/file", "09:00", "10:00"), ELEVEN).unwrap();
        assert_eq!(publish(service, &draft, ELEVEN).unwrap().number, 1);
    });
}

fn done(step: &str, start: &str, end: &str) -> Vec<Progress> {
    let row = json!({"step": step, "state": "done", "people": ["wang"],
        "start": format!("2026-03-09T{start}"), "end": format!("2026-03-09T{end}")});
    vec![serde_json::from_value(row).unwrap()]
}

#[test]
fn a_step_done_otherwise_than_a_draft_plans_it_is_told() {
    let told = changed("since-done", |service| {
        let rows = done("T-1/file", "09:30", "10:30");
        service.report(&caller(Role::Administrator), &rows, ELEVEN).unwrap();
    });
    assert!(told.contains(&("progress".to_owned(), "T-1/file".to_owned())), "{told:?}");
}

/// A plan of before can be gone back to after work has begun: what is done stays as it was done.
#[test]
fn an_earlier_plan_is_gone_back_to_with_what_has_happened_since() {
    both("back-begun", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let late = json!({"id": "T-2", "channel": "web", "service": "filing",
            "release": "2026-03-09T14:00"});
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        service.create_ticket(&boss, serde_json::from_value(late).unwrap(), None, NOW).unwrap();
        publish(service, &draft(service, NOW), NOW).unwrap();
        let back = || {
            let wish = Publishing { draft: None, rollback_to: Some(1), replaces: 2 };
            service.publish(&boss, &wish, None, ELEVEN).map(|made| read::<Published>(&made))
        };
        publish(service, &draft(service, NOW), NOW).unwrap();
        // T-1 should have begun at nine, and nobody has said that it did.
        let Err(Refusal::Outrun { beside, .. }) = back() else { panic!("it begins in the past") };
        assert_eq!(beside["violations"][0]["rule"], json!("H6"));
        let rows = done("T-1/file", "09:10", "10:05");
        service.report(&boss, &rows, ELEVEN).unwrap();
        let plan = back().unwrap().plan.unwrap();
        let rows: Vec<(&str, String)> =
            plan.steps.iter().map(|row| (row.ticket.as_str(), row.start.to_string())).collect();
        let expected = [("T-1", "2026-03-09T09:10+08:00"), ("T-2", "2026-03-09T14:00+08:00")];
        assert_eq!(rows, expected.map(|(key, start)| (key, start.to_owned())));
    });
}
