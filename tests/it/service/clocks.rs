//! Clocks of stored tickets: due by time, told once, read anew when calendars or rules change.

use std::sync::Arc;

use paidan::app::service::desk::{ShownDue, Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Refusal, Service};
use paidan::desk::event::{Draft, Stream};
use paidan::desk::payload::Payload;
use paidan::policy::Policy;
use paidan::policy::desk::Post;
use paidan::store::{Batch, Memory, Shared, Write};
use serde_json::json;

use super::desk::{assessed, doing, happen};
use super::{NOW, base, both, caller, filing, firm, path};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A policy whose clock `l1` runs `minutes` of the office's time from creation to the first call.
pub(super) fn policy(minutes: u32) -> Policy {
    serde_json::from_value(json!({
        "format": "paidan-policy/1",
        "quote_minutes": 30,
        "desk": {
            "working": "office", "warns_permille": 750, "escalates_to": "supervisor",
            "timers": [{"id": "l1", "label": {"zh": "首次联系", "en": "first call"},
                "starts": ["ticket.created"], "stops": ["ticket.contacted", "ticket.called_off"],
                "goal": {"minutes": minutes}, "runs": "working"}],
            "daily": [], "levels": [], "tiers": [], "vague": [], "delivery": [], "kick_off": [],
            "classes": [{"id": "urgent", "label": {"zh": "急", "en": "urgent"}, "curves": []}],
            "matrix": [{"class": "urgent"}],
            "posts": [{"post": "department_manager", "people": ["reviewer"]},
                {"post": "agent", "people": ["mei"]}, {"post": "reviewer", "people": ["boss"]}],
            "messages_per_day": 2, "reminders": [{"after_days": 1, "post": "agent"}],
            "digest": {"post": "department_manager", "hour": 17}, "client_days": 90
        }
    }))
    .unwrap()
}

/// A firm with a desk, and T-1 created at nine on Monday.
pub(super) fn desk(service: &Service) {
    firm(service);
    service.put_policy(&caller(Role::Administrator), Some(0), policy(10), NOW).unwrap();
    service.create_ticket(&caller(Role::Dispatcher), filing(Some("T-1")), None, NOW).unwrap();
}

fn due(service: &Service, until_ms: i64) -> Vec<ShownDue> {
    service.desk_due(&caller(Role::Dispatcher), until_ms, None, 100).unwrap().items
}

/// What clocks have said, in order.
fn said(service: &Service) -> Vec<String> {
    let events = service.events(&caller(Role::Dispatcher), 0, 100, NOW).unwrap();
    let said = events.into_iter().filter(|event| event.stream.starts_with("clock/"));
    said.map(|event| event.kind).collect()
}

/// R125, R247: ten minutes to the first call; at 7.5 minutes it warns, at 10 somebody is told, and
/// each of it once. What is done at the very moment is in time.
#[test]
fn a_clock_warns_and_runs_out_once() {
    both("clock-once", |service| {
        desk(service);
        let told = due(service, NOW + HOUR);
        let signs: Vec<(Sign, Option<Post>)> =
            told.iter().map(|due| (due.sign, due.post)).collect();
        assert_eq!(signs, [(Sign::Warns, None), (Sign::RunsOut, Some(Post::Supervisor))]);
        // 01:00 UTC and 450 s, and 600 s.
        assert_eq!(told[0].at, "2026-03-09T01:07:30.000Z");
        assert_eq!(told[1].at, "2026-03-09T01:10:00.000Z");
        assert_eq!(due(service, NOW + 8 * MINUTE).len(), 1);

        assert_eq!(service.tick(NOW + 450_000 - 1).unwrap(), 0);
        service.tick(NOW + 450_000).unwrap();
        assert_eq!(said(service), ["ticket.clock_warned"]);
        service.tick(NOW + 450_000).unwrap();
        service.tick(NOW + 10 * MINUTE).unwrap();
        assert_eq!(said(service), ["ticket.clock_warned"]);
        service.tick(NOW + 10 * MINUTE + 1).unwrap();
        service.tick(NOW + HOUR).unwrap();
        let all = ["ticket.clock_warned", "ticket.clock_breached", "ticket.escalated"];
        assert_eq!(said(service), all);
        assert!(due(service, NOW + 100 * HOUR).is_empty());
        // Beside the ticket's own stream: nobody's version became stale.
        assert_eq!(service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap().version, 1);
    });
}

/// What stops a clock takes its moments away; what was late is told however late.
#[test]
fn a_clock_that_was_stopped_says_nothing_more() {
    both("clock-stopped", |service| {
        desk(service);
        let agent = caller(Role::Dispatcher);
        happen(service, &agent, "T-1", &doing("contacted", json!({}))).unwrap();
        assert!(due(service, NOW + 100 * HOUR).is_empty());
        service.tick(NOW + HOUR).unwrap();
        assert!(said(service).is_empty());
        // A second ticket, called off an hour later, when nobody had looked at the clock.
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        let wanted = Wanted { key: "T-2", version: None };
        let off = doing("called_off", json!({"reason": "no longer needed"}));
        service.desk_do(&agent, wanted, &off, None, NOW + HOUR).unwrap();
        service.tick(NOW + HOUR).unwrap();
        assert_eq!(said(service), ["ticket.clock_breached", "ticket.escalated"]);
    });
}

/// Clocks outlast a restart, and what was told before it is not told again.
#[test]
fn a_restart_neither_loses_a_moment_nor_tells_it_twice() {
    let path = path("clock-restart");
    desk(&Service::open(&path).unwrap());
    let service = Service::open(&path).unwrap();
    service.tick(NOW + 8 * MINUTE).unwrap();
    drop(service);
    let service = Service::open(&path).unwrap();
    service.tick(NOW + 9 * MINUTE).unwrap();
    assert_eq!(said(&service), ["ticket.clock_warned"]);
    assert_eq!(due(&service, NOW + HOUR).len(), 1);
}

/// R247: the calendar revised or another goal laid down, clocks are read anew.
#[test]
fn a_revised_calendar_and_another_goal_move_what_is_due() {
    both("clock-revised", |service| {
        desk(service);
        let boss = caller(Role::Administrator);
        let wind = || while service.wind(NOW).unwrap() {};
        wind();
        // On that Monday the office opens at two: 14:10 in Shanghai is 06:10 UTC.
        let mut revised = serde_json::to_value(base()).unwrap();
        revised["calendars"][0]["weekly"]["mon"] = json!(["14:00-18:00"]);
        let revised = serde_json::from_value(revised).unwrap();
        service.put_base(&boss, None, revised, NOW).unwrap();
        assert!(service.wind(NOW).unwrap());
        wind();
        let out = |row: usize| due(service, NOW + 100 * HOUR)[row].at.clone();
        assert_eq!(out(1), "2026-03-09T06:10:00.000Z");
        service.put_policy(&boss, None, policy(40), NOW).unwrap();
        wind();
        // 40 minutes, of which 30 to the warning.
        assert_eq!(
            (out(0), out(1)),
            ("2026-03-09T06:30:00.000Z".to_owned(), "2026-03-09T06:40:00.000Z".to_owned(),)
        );
        assert!(!service.wind(NOW).unwrap());
    });
}

/// R001: where the firm uses the desk, a new ticket waits for its assessment.
#[test]
fn with_a_desk_a_new_ticket_is_on_it_at_once() {
    both("clock-new", |service| {
        desk(service);
        let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
        assert!(scenario.tickets.is_empty());
        let agent = caller(Role::Dispatcher);
        assert_eq!(happen(service, &agent, "T-1", &assessed()).unwrap().version, 2);
    });
}

/// R247: another goal does not run out clocks that were stopped by the goal of their day, and does
/// not tell a second time of one that ran out.
#[test]
fn another_goal_says_nothing_of_clocks_that_were_stopped_or_ran_out_before() {
    both("clock-past", |service| {
        desk(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        // T-1 was called after seven minutes of ten. T-2 ran out at ten.
        let wanted = Wanted { key: "T-1", version: None };
        let called = doing("contacted", json!({}));
        service.desk_do(&agent, wanted, &called, None, NOW + 7 * MINUTE).unwrap();
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        service.tick(NOW + 11 * MINUTE).unwrap();
        let rest = ["ticket.clock_breached", "ticket.escalated"];
        assert_eq!(said(service), rest);
        // From then on five minutes, and later twenty.
        for (minutes, after) in [(5, 12), (20, 13)] {
            service.put_policy(&boss, None, policy(minutes), NOW + after * MINUTE).unwrap();
            while service.wind(NOW + after * MINUTE).unwrap() {}
            service.tick(NOW + HOUR).unwrap();
            assert_eq!(said(service), rest, "{minutes}");
        }
        assert!(due(service, NOW + 100 * HOUR).is_empty());
    });
}

/// R132, R247: seven minutes of ten have run when five are laid down. It runs out then, not two
/// minutes before anybody had said so.
#[test]
fn a_tighter_goal_runs_no_clock_out_before_it_was_laid_down() {
    both("clock-tighter", |service| {
        desk(service);
        let (boss, at) = (caller(Role::Administrator), NOW + 7 * MINUTE);
        service.put_policy(&boss, None, policy(5), at).unwrap();
        while service.wind(at).unwrap() {}
        let rows: Vec<(String, Sign)> =
            due(service, NOW + HOUR).into_iter().map(|one| (one.at, one.sign)).collect();
        assert_eq!(rows, [("2026-03-09T01:07:00.000Z".to_owned(), Sign::RunsOut)]);
        service.tick(NOW + 8 * MINUTE).unwrap();
        let told = service.events(&caller(Role::Dispatcher), 0, 100, NOW).unwrap();
        let out: Vec<i64> = told
            .iter()
            .filter(|event| event.kind == "ticket.clock_breached")
            .map(|event| event.payload["due_ms"].as_i64().unwrap())
            .collect();
        assert_eq!(out, [at]);
    });
}

/// What ran out before another goal was laid down is told by the goal of its day.
#[test]
fn what_ran_out_before_the_policy_changed_is_told() {
    both("clock-before", |service| {
        desk(service);
        let wanted = Wanted { key: "T-1", version: None };
        let called = doing("contacted", json!({}));
        let agent = caller(Role::Dispatcher);
        // 12 minutes of 10; nobody had looked when the goal became 40.
        service.desk_do(&agent, wanted, &called, None, NOW + 12 * MINUTE).unwrap();
        let boss = caller(Role::Administrator);
        service.put_policy(&boss, None, policy(40), NOW + 13 * MINUTE).unwrap();
        assert_eq!(said(service), ["ticket.clock_breached", "ticket.escalated"]);
    });
}

/// One event that cannot be read keeps no other ticket's clock from being told.
#[test]
fn an_event_that_cannot_be_read_silences_no_other_clock() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    desk(&service);
    // Its moment is the same, and its key comes before.
    service.create_ticket(&caller(Role::Dispatcher), filing(Some("A-1")), None, NOW).unwrap();
    let payload = Payload::of(&json!({"wait": "moonlight"})).unwrap();
    let (actor, kind) = ("owner".to_owned(), "ticket.wait_begun".to_owned());
    let drafts = vec![Draft { at_ms: NOW, actor: actor.clone(), kind, payload }];
    let stream = Stream::new("ticket", "A-1");
    let kept = store.document("ticket", "A-1").unwrap().unwrap();
    let put = Write::PutDocument {
        kind: "ticket".to_owned(),
        key: "A-1".to_owned(),
        expected_version: Some(1),
        body: kept.body,
        at_ms: NOW,
        actor,
    };
    let append = Write::Append { stream, expected_seq: Some(1), drafts };
    store.commit(Batch { writes: vec![append, put] }).unwrap();
    for _ in 0..2 {
        assert!(matches!(service.tick(NOW + HOUR), Err(Refusal::Store(_))));
        assert_eq!(said(&service), ["ticket.clock_breached", "ticket.escalated"]);
    }
    while service.wind(NOW + HOUR).unwrap() {}
}
