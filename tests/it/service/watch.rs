//! The desk's watch: daily duties and reminders come due, are late, are put to somebody.

use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::policy::Policy;
use paidan::policy::desk::Post;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The policy of the other tests, with a report owed every day.
fn daily(hour: u8) -> Policy {
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["desk"]["daily"] = json!([{"id": "report", "label": {"zh": "日报", "en": "report"},
        "post": "liaison", "done_by": "ticket.daily_reported", "times": [{"hour": hour}]}]);
    serde_json::from_value(policy).unwrap()
}

/// T-1 promised on Monday at nine, with a report owed at `hour`.
fn promised(service: &Service, hour: u8) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    service.put_policy(&caller(Role::Administrator), None, daily(hour), NOW).unwrap();
    while service.wind(NOW).unwrap() {}
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// What is due of `timer` until then: when, of which sign, and who is told.
fn due(service: &Service, timer: &str, until_ms: i64) -> Vec<(String, Sign, Option<Post>)> {
    let page = service.desk_due(&caller(Role::Dispatcher), until_ms, None, 100).unwrap();
    let own = page.items.into_iter().filter(|one| one.timer == timer && one.ticket == "T-1");
    own.map(|one| (one.at, one.sign, one.post)).collect()
}

/// What was said of `timer`, and to whom.
fn said(service: &Service, timer: &str) -> Vec<(String, Value)> {
    let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap();
    let own = events
        .into_iter()
        .filter(|event| event.stream == "clock/T-1" && event.payload["timer"] == timer);
    own.map(|event| (event.kind, event.payload["to"].clone())).collect()
}

/// R067, R068: the report of the day is due at 16:00. It warns whoever writes it after three
/// quarters of the seven hours since nine; what is not sent by then is a breach and put to the
/// supervisor, once; on the next day it is owed anew.
#[test]
fn a_daily_report_comes_due_is_late_and_is_put_to_somebody() {
    both("watch-daily", |service| {
        promised(service, 16);
        // 14:15 and 16:00 in Shanghai.
        assert_eq!(
            due(service, "report", NOW + 8 * HOUR),
            [
                ("2026-03-09T06:15:00.000Z".to_owned(), Sign::Warns, Some(Post::Liaison)),
                ("2026-03-09T08:00:00.000Z".to_owned(), Sign::RunsOut, Some(Post::Supervisor)),
            ]
        );
        service.tick(NOW + 6 * HOUR).unwrap();
        let warned = || ("ticket.clock_warned".to_owned(), json!("liaison"));
        assert_eq!(said(service, "report"), [warned()]);
        does(
            service,
            &caller(Role::Dispatcher),
            "daily_reported",
            json!({"digest": "d"}),
            NOW + 7 * HOUR,
        );
        service.tick(NOW + 8 * HOUR).unwrap();
        assert_eq!(said(service, "report"), [warned()]);
        // On Tuesday nobody writes it: what is sent at the very minute would be in time.
        service.tick(NOW + DAY + 7 * HOUR).unwrap();
        assert_eq!(said(service, "report"), [warned(), warned()]);
        service.tick(NOW + DAY + 7 * HOUR + 1).unwrap();
        service.tick(NOW + DAY + 8 * HOUR).unwrap();
        let late = [
            warned(),
            warned(),
            ("ticket.clock_breached".to_owned(), Value::Null),
            ("ticket.escalated".to_owned(), json!("supervisor")),
        ];
        assert_eq!(said(service, "report"), late);
        // The day after is the next one, and the last that is told ahead.
        let next = due(service, "report", NOW + 30 * DAY);
        assert_eq!(next.len(), 2);
        assert!(next[0].0.starts_with("2026-03-11"), "{next:?}");
    });
}

/// R069: the time is laid down by date and may change: a report owed at 15:00 from now on is owed
/// then, and what was late by the old time stays late.
#[test]
fn another_time_of_the_report_moves_what_is_due() {
    both("watch-moved", |service| {
        promised(service, 16);
        let other = daily(15);
        service.put_policy(&caller(Role::Administrator), None, other, NOW + HOUR).unwrap();
        while service.wind(NOW + HOUR).unwrap() {}
        let out: Vec<String> = due(service, "report", NOW + 8 * HOUR)
            .into_iter()
            .filter(|one| one.1 == Sign::RunsOut)
            .map(|one| one.0)
            .collect();
        assert_eq!(out, ["2026-03-09T07:00:00.000Z"]);
    });
}

/// R086: a client who has the result and does not sign is reminded after a day, once, by his agent;
/// the signature ends it. R068: with the result in his hands no report is owed.
#[test]
fn a_client_who_does_not_sign_is_reminded() {
    both("watch-signature", |service| {
        promised(service, 16);
        let agent = caller(Role::Dispatcher);
        let crew = service.ticket(&agent, "T-1", NOW).unwrap().desk.unwrap().crew.unwrap();
        let driver = Caller::person(&crew.driver, Role::Specialist);
        let reviewer = Caller::person(&crew.reviewer, Role::Reviewer);
        let steps = [
            (&driver, "acknowledged", json!({})),
            (&driver, "begun", json!({})),
            (&driver, "self_checked", json!({"items": []})),
            (&reviewer, "reviewed", json!({"items": []})),
            (&driver, "delivered", json!({"steps": []})),
        ];
        for (who, kind, payload) in steps {
            does(service, who, kind, payload, NOW + HOUR);
        }
        assert!(due(service, "report", NOW + 30 * DAY).is_empty());
        let reminders = due(service, "signature", NOW + 30 * DAY);
        let at = "2026-03-10T02:00:00.000Z".to_owned();
        assert_eq!(reminders, [(at, Sign::Reminds, Some(Post::Agent))]);
        service.tick(NOW + DAY + HOUR).unwrap();
        service.tick(NOW + 2 * DAY).unwrap();
        let told = [("ticket.reminder_due".to_owned(), json!("agent"))];
        assert_eq!(said(service, "signature"), told);
        let digest = service.confirmation_of(&agent, "T-1").unwrap().digest;
        does(service, &agent, "signed", json!({"digest": digest}), NOW + 2 * DAY);
        assert!(due(service, "signature", NOW + 30 * DAY).is_empty());
    });
}
