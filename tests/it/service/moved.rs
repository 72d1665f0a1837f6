//! Promises that were moved: by the firm alone, and by a quote that the client took.

use paidan::app::service::desk::{DeskReport, PromiseRow, Wanted};
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::model::people::Absence;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, read};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// T-1 promised for Monday at noon at the latest; then both who could file are away until Tuesday.
fn slipped(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let boss = caller(Role::Administrator);
    let away = json!({"from": "2026-03-09T09:00", "to": "2026-03-10T09:00"});
    let away: Absence = serde_json::from_value(away).unwrap();
    for person in ["wang", "zhao"] {
        service.create_absence(&boss, person, away.clone(), None, NOW).unwrap();
    }
}

/// What is told of the promise once it was delivered at this moment of Tuesday.
fn delivered(service: &Service, at_ms: i64) -> PromiseRow {
    let agent = caller(Role::Dispatcher);
    let crew = service.ticket(&agent, "T-1", NOW).unwrap().desk.unwrap().crew.unwrap();
    let driver = Caller::person(&crew.driver, Role::Specialist);
    let reviewer = Caller::person(&crew.reviewer, Role::Reviewer);
    let nothing = || json!({"items": []});
    for (who, kind, payload) in [
        (&driver, "acknowledged", json!({})),
        (&driver, "begun", json!({})),
        (&driver, "self_checked", nothing()),
        (&reviewer, "reviewed", nothing()),
        (&driver, "delivered", json!({"steps": []})),
    ] {
        does(service, who, kind, payload, at_ms);
    }
    let report: DeskReport =
        service.desk_review(&agent, (NOW + 2 * DAY, 7), NOW + 2 * DAY).unwrap();
    report.period.promises[0].clone()
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

fn plan(service: &Service) {
    let agent = caller(Role::Dispatcher);
    let wish = DraftWish { rounds: 1, seed: 1 };
    let draft: Draft = read(&service.draft(&agent, &wish, None, NOW, &mut |_| true).unwrap());
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
    service.publish(&agent, &wish, None, NOW).unwrap();
}

/// Promises the date that the plan in force has, and nobody asks the client.
fn moved(service: &Service) {
    plan(service);
    let kept = service.promise_ticket(&caller(Role::Dispatcher), "T-1", None, NOW + HOUR).unwrap();
    assert!(kept.promise.unwrap().finish.to_string().starts_with("2026-03-10T1"));
}

/// R012, R131: who moves a date before it runs out has not kept it: a day late by the one of before.
#[test]
fn a_date_that_the_firm_moved_alone_is_not_kept_by_that() {
    both("moved-alone", |service| {
        slipped(service);
        moved(service);
        // Filed from nine, looked over from ten on Tuesday: promised for eleven or later.
        let row = delivered(service, NOW + DAY + 2 * HOUR);
        assert_eq!((row.kept, row.broken, row.over_promised_permille), (0, 1, Some(1000)));
        assert_eq!((row.moved, row.kept_as_moved), (1, 1));
        // From Monday 12:00 to Tuesday 11:00.
        assert_eq!(row.early_minutes, Some(-23 * 60));
        // R090: the retrospective compares with the first date, too, and tells the other beside it.
        let agent = caller(Role::Dispatcher);
        let back = service.dossier(&agent, "T-1", NOW + 2 * DAY).unwrap().retrospect;
        assert_eq!(back.early_minutes, Some(-23 * 60));
        assert!(back.early_as_moved_minutes.is_some_and(|minutes| minutes >= 0));
    });
}

/// R012, R032: what the client was late with moves the first date, too.
#[test]
fn what_the_client_was_late_with_is_no_broken_promise() {
    both("moved-client", |service| {
        slipped(service);
        moved(service);
        let agent = caller(Role::Dispatcher);
        does(service, &agent, "material_asked", json!({"items": ["licence"]}), NOW + HOUR);
        let due = json!({"items": ["licence"], "by_ms": NOW + 2 * HOUR});
        does(service, &agent, "client_due", due, NOW + HOUR);
        // Due on Monday at eleven, there on Tuesday at noon: an office day and more.
        let received = json!({"items": ["licence"]});
        does(service, &agent, "material_received", received, NOW + DAY + 3 * HOUR);
        let judged = json!({"item": "licence", "found": "complete", "expires_ms": null});
        does(service, &agent, "material_judged", judged, NOW + DAY + 3 * HOUR);
        // Nine hours of the office: at least a day and an hour after Monday 12:00.
        let row = delivered(service, NOW + DAY + 3 * HOUR + HOUR / 2);
        assert_eq!((row.kept, row.broken, row.moved), (1, 0, 1));
    });
}

/// R012: a date that the client took by a quote is his date.
#[test]
fn a_date_taken_by_a_quote_is_the_one_to_keep() {
    both("moved-quote", |service| {
        slipped(service);
        plan(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let row = delivered(service, NOW + DAY + 2 * HOUR);
        assert_eq!((row.kept, row.broken, row.moved, row.kept_as_moved), (1, 0, 0, 0));
        let told = service.timeline(&caller(Role::Dispatcher), "T-1", 0, 100, NOW).unwrap();
        let last = told.iter().rfind(|entry| entry.kind == "ticket.promise_moved").unwrap();
        assert!(last.payload["quote"].as_str().unwrap().starts_with("Q-"));
    });
}
