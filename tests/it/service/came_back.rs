//! What comes back or comes in late: clocks start again, an assessment can be made anew, a forecast
//! of before is none any more, and the day after Friday is Monday.

use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::desk::life::Stage;
use paidan::policy::Policy;
use paidan::policy::desk::Desk;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks, filing};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The policy of the other tests with the house's own clocks of the promise, of the notice and of
/// silence, the last of eight hours of the office.
fn policy() -> Policy {
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    let catalogue = serde_json::to_value(Desk::catalogue()).unwrap();
    let timers = catalogue["timers"].as_array().unwrap().iter();
    let mut timers: Vec<Value> = timers
        .filter(|timer| {
            ["promise", "statutory", "silence"].contains(&timer["id"].as_str().unwrap())
        })
        .cloned()
        .collect();
    for timer in timers.iter_mut().filter(|timer| timer["id"] == "silence") {
        timer["goal"] = json!({"minutes": 480});
    }
    policy["desk"]["timers"] = json!(timers);
    serde_json::from_value(policy).unwrap()
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// T-1, promised at nine on Monday for noon, and delivered at ten.
fn delivered(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy(), NOW).unwrap();
    while service.wind(NOW).unwrap() {}
    let shown = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let crew = shown.desk.unwrap().crew.unwrap();
    let he = Caller::person(&crew.driver, Role::Specialist);
    let she = Caller::person(&crew.reviewer, Role::Reviewer);
    for (who, kind, payload) in [
        (&he, "acknowledged", json!({})),
        (&he, "begun", json!({})),
        (&he, "self_checked", json!({"items": []})),
        (&she, "reviewed", json!({"items": []})),
        (&he, "delivered", json!({"steps": []})),
    ] {
        does(service, who, kind, payload, NOW + HOUR);
    }
}

/// The clocks of T-1 that ran out, in that order.
fn breached(service: &Service) -> Vec<Value> {
    let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap().into_iter();
    let own = events.filter(|event| event.stream == "clock/T-1");
    let out = own.filter(|event| event.kind == "ticket.clock_breached");
    out.map(|event| event.payload["timer"].clone()).collect()
}

/// R066, R072, R131, R249: what comes back is not delivered. Back at eleven, the promise runs out at
/// noon, the silence of eight office hours on Tuesday at eleven (one hour, five and two), the date
/// of the notice after ten days; and the promise counts as broken.
#[test]
fn what_comes_back_has_its_dates_again() {
    both("came-back", |service| {
        delivered(service);
        let agent = caller(Role::Dispatcher);
        let kept = |now_ms: i64| {
            let period = service.desk_review(&agent, (now_ms, 7), now_ms).unwrap().period;
            period.promises.first().map(|row| (row.kept, row.broken))
        };
        assert_eq!(kept(NOW + 2 * HOUR), Some((1, 0)));
        let returned = json!({"reason": "wrong kind", "code": "kind"});
        does(service, &agent, "returned", returned, NOW + 2 * HOUR);
        service.tick(NOW + 3 * HOUR).unwrap();
        assert_eq!(breached(service), Vec::<Value>::new());
        // Nothing is decided before noon.
        assert_eq!(kept(NOW + 2 * HOUR), None);
        for (now_ms, out) in [
            (NOW + 3 * HOUR + 1, vec!["promise"]),
            (NOW + DAY + 2 * HOUR + 1, vec!["promise", "silence"]),
            (NOW + 10 * DAY + 1, vec!["promise", "silence", "statutory"]),
        ] {
            service.tick(now_ms).unwrap();
            assert_eq!(breached(service), out);
        }
        assert_eq!(kept(NOW + DAY), Some((0, 1)));
    });
}

/// R002, R007, R249: a written notice may come in until the client has the result. It changes no
/// stage, and its date has a clock from then on.
#[test]
fn a_notice_that_comes_after_weighing_is_assessed() {
    both("late-notice", |service| {
        delivered(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        let mut first = assessed();
        first.payload["needed_ms"] = Value::Null;
        first.payload["has_notice"] = json!(false);
        first.payload["wished_ms"] = json!(NOW + 9 * DAY);
        happen(service, &agent, "T-2", &first).unwrap();
        happen(service, &agent, "T-2", &weighed()).unwrap();
        let due = || {
            let page = service.desk_due(&agent, NOW + 20 * DAY, None, 100).unwrap();
            let own = page.items.into_iter().filter(|one| one.ticket == "T-2");
            let out = own.filter(|one| one.timer == "statutory" && one.sign == Sign::RunsOut);
            out.map(|one| one.at).collect::<Vec<_>>()
        };
        assert!(due().is_empty());
        // 2026-03-12 at nine in Shanghai.
        let mut notice = assessed();
        notice.payload["needed_ms"] = json!(NOW + 3 * DAY);
        let shown = happen(service, &agent, "T-2", &notice).unwrap();
        assert_eq!(shown.desk.unwrap().stage, Stage::Weighed);
        assert_eq!(due(), ["2026-03-12T01:00:00.000Z"]);
        // Taken back, it has none any more.
        happen(service, &agent, "T-2", &first).unwrap();
        assert!(due().is_empty());
        // The client has T-1.
        let refused = happen(service, &agent, "T-1", &notice);
        assert_eq!(refused.unwrap_err().code(), "D001");
    });
}

/// R249: what is due is told by its time, of whatever ticket. T-1's notice is of the ninth day, T-2's
/// of the eighth, and both warn after three quarters of that.
#[test]
fn what_is_due_next_is_told_first() {
    both("due-by-time", |service| {
        weighed_ticket(service);
        service.put_policy(&caller(Role::Administrator), None, policy(), NOW).unwrap();
        while service.wind(NOW).unwrap() {}
        let agent = caller(Role::Dispatcher);
        for (key, days) in [("T-2", 8), ("T-1", 9)] {
            if key == "T-2" {
                service.create_ticket(&agent, filing(Some(key)), None, NOW).unwrap();
            }
            let mut notice = assessed();
            notice.payload["needed_ms"] = json!(NOW + days * DAY);
            happen(service, &agent, key, &notice).unwrap();
        }
        let page = service.desk_due(&agent, NOW + 20 * DAY, None, 100).unwrap();
        let times: Vec<String> = page.items.into_iter().map(|one| one.at).collect();
        assert!(times.len() >= 4 && times.is_sorted(), "{times:?}");
    });
}

/// R070: after Friday comes Monday. What is planned for the ninth is in the draft of the sixth.
#[test]
fn the_day_after_friday_is_monday() {
    both("after-friday", |service| {
        weighed_ticket(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let agent = caller(Role::Dispatcher);
        let report = service.desk_report(&agent, NOW - 3 * DAY).unwrap();
        assert_eq!((report.day.as_str(), report.next_day.as_str()), ("2026-03-06", "2026-03-09"));
        let own = report.tickets.iter().find(|day| day.ticket == "T-1").unwrap();
        // To file, and to check.
        assert_eq!(own.tomorrow.len(), 2);
    });
}

/// R032, R080: a forecast that ends before the date owed since is none any more. Material two hours
/// late moves noon to three, lunch left out; forecast was one o'clock.
#[test]
fn no_client_reads_a_forecast_before_the_date_owed() {
    both("old-forecast", |service| {
        weighed_ticket(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let agent = caller(Role::Dispatcher);
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        let items = || json!(["licence"]);
        does(service, &agent, "material_asked", json!({"items": items()}), NOW);
        let due = json!({"items": items(), "by_ms": NOW + HOUR});
        does(service, &agent, "client_due", due, NOW);
        let forecast = json!({"earliest_ms": NOW + 3 * HOUR, "latest_ms": NOW + 4 * HOUR,
            "reason": "a queue"});
        does(service, &agent, "forecast", forecast, NOW);
        let seen = || {
            let view = service.client_view(&token, NOW + 3 * HOUR).unwrap();
            (view.expected.unwrap().to_string(), view.earliest.is_some(), view.because)
        };
        let told = ("2026-03-09T13:00+08:00".to_owned(), true, Some("a queue".to_owned()));
        assert_eq!(seen(), told);
        does(service, &agent, "material_received", json!({"items": items()}), NOW + 3 * HOUR);
        assert_eq!(seen(), ("2026-03-09T15:00+08:00".to_owned(), false, None));
    });
}
