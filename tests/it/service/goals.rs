//! What clocks go by changes while they run: level, tier, the date of a notice.

use paidan::app::service::Service;
use paidan::app::service::clients::ClientFile;
use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::calendar::Zone;
use paidan::policy::Policy;
use paidan::policy::desk::Desk;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks, filing, firm, replan};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A first call within ten minutes, and for gold clients within eight, day and night; a solution
/// within two hours, and for what takes a director within one; the date of an authority's notice.
fn lay(service: &Service) {
    firm(service);
    let boss = caller(Role::Administrator);
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    let clock = |id: &str, starts: &str, stops: &str| {
        json!({"id": id, "label": {"zh": id, "en": id}, "starts": [starts], "stops": [stops],
            "runs": "tier", "held_by": ["client"]})
    };
    let mut notice = clock("notice", "ticket.assessed", "ticket.delivered");
    (notice["goal"], notice["runs"]) = (json!({"notice": true}), json!("always"));
    policy["desk"]["timers"] = json!([
        clock("call", "ticket.created", "ticket.contacted"),
        clock("solution", "ticket.passed_to_specialist", "ticket.solution_given"),
        notice
    ]);
    let tier = |id: &str, runs: &str, call: u32| {
        json!({"id": id, "label": {"zh": id, "en": id}, "channels": ["phone"], "runs": runs,
            "goals": [{"timer": "call", "goal": {"minutes": call}},
                {"timer": "solution", "goal": {"minutes": 120}},
                {"timer": "solution", "level": 3, "goal": {"minutes": 60}}]})
    };
    policy["desk"]["tiers"] = json!([tier("plain", "working", 10), tier("gold", "always", 8)]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(0), policy, NOW).unwrap();
    let acme = json!({"id": "acme", "tier": "plain"});
    service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
}

/// T-1 of the client, created at this moment.
fn created(service: &Service, at_ms: i64) {
    let mut new = filing(Some("T-1"));
    new.client = Some("acme".to_owned());
    service.create_ticket(&caller(Role::Dispatcher), new, None, at_ms).unwrap();
}

fn happens(service: &Service, kind: &str, payload: Value, at_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    let agent = caller(Role::Dispatcher);
    service.desk_do(&agent, wanted, &doing(kind, payload), None, at_ms).unwrap();
}

/// When the clock of this kind will run out.
fn out(service: &Service, timer: &str) -> Vec<String> {
    let due = service.desk_due(&caller(Role::Dispatcher), NOW + 100 * DAY, None, 100).unwrap();
    let own = due.items.into_iter().filter(|due| due.timer == timer && due.sign == Sign::RunsOut);
    own.map(|due| due.at).collect()
}

/// R127, R132: a solution is due at eleven. At ten past ten a director has it, for whose matters an
/// hour is agreed: 70 minutes have run, and it runs out then, not at ten o'clock, which is past.
#[test]
fn a_higher_level_counts_from_when_it_was_reached() {
    both("goals-level", |service| {
        lay(service);
        created(service, NOW);
        happens(service, "passed_to_specialist", json!({"reason": "tax"}), NOW);
        assert_eq!(out(service, "solution"), ["2026-03-09T03:00:00.000Z"]);
        let at = NOW + 70 * MINUTE;
        service.tick(at).unwrap();
        happens(service, "passed_to_director", json!({"reason": "tax and audit"}), at);
        assert_eq!(out(service, "solution"), ["2026-03-09T02:10:00.000Z"]);
    });
}

/// R110, R113, F11 of the review: called on Friday at 17:55 by the office's hours the ten minutes of
/// a plain client end on Monday at 09:05. On Sunday it becomes gold: of its eight minutes five have
/// run, and they end on Monday at 09:03, not on Friday night. What is created from then on is gold
/// from the start: eight minutes of any hour.
#[test]
fn another_tier_moves_no_breach_into_the_past() {
    both("goals-tier", |service| {
        lay(service);
        let friday = NOW + 4 * DAY + 8 * HOUR + 55 * MINUTE;
        created(service, friday);
        assert_eq!(out(service, "call"), ["2026-03-16T01:05:00.000Z"]);
        let sunday = NOW + 6 * DAY;
        let boss = caller(Role::Administrator);
        let gold: ClientFile = serde_json::from_value(json!({"tier": "gold"})).unwrap();
        service.put_client(&boss, "acme", None, gold, sunday).unwrap();
        // Its tickets are for the caretaker, however many they are.
        assert_eq!(out(service, "call"), ["2026-03-16T01:05:00.000Z"]);
        while service.wind(sunday).unwrap() {}
        assert_eq!(out(service, "call"), ["2026-03-16T01:03:00.000Z"]);
        service.tick(sunday).unwrap();
        assert_eq!(out(service, "call"), ["2026-03-16T01:03:00.000Z"], "nothing ran out");
        let mut new = filing(Some("T-2"));
        new.client = Some("acme".to_owned());
        service.create_ticket(&caller(Role::Dispatcher), new, None, sunday).unwrap();
        // Sunday the 15th at 09:00 in Shanghai, and eight minutes.
        assert_eq!(out(service, "call")[0], "2026-03-15T01:08:00.000Z");
    });
}

/// R125: level 1 is done when it is known why it is urgent and to what degree: by a call that says
/// both, or by the assessment. A call that leaves one open is none.
#[test]
fn level_one_ends_when_nature_and_degree_are_known() {
    let call = |payload: Value| ("contacted", payload);
    let assessed = json!({"cause": "unease", "losses": [], "degree": "slight",
        "wished_ms": NOW + DAY, "needed_ms": null, "has_notice": false, "stuck_at": "audit",
        "reach_today": "taken in"});
    let ends = [
        (call(json!({})), false),
        (call(json!({"cause": "bank"})), false),
        (call(json!({"degree": "grave"})), false),
        (call(json!({"cause": "bank", "degree": "grave"})), true),
        (("assessed", assessed), true),
    ];
    for ((kind, payload), is_over) in ends {
        both("goals-first", |service| {
            lay(service);
            let boss = caller(Role::Administrator);
            let kept = service.policy(&boss).unwrap();
            let mut policy = serde_json::to_value(kept.document).unwrap();
            let stops = json!(["ticket.contacted", "ticket.assessed"]);
            policy["desk"]["timers"][0]["stops"] = stops;
            let policy: Policy = serde_json::from_value(policy).unwrap();
            service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
            created(service, NOW);
            happens(service, kind, payload.clone(), NOW + 4 * MINUTE);
            assert_eq!(out(service, "call").is_empty(), is_over, "{kind} {payload}");
            // What is open is told, and whose turn it is.
            let known = service.dossier(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
            let open = known.left_open.map(|open| open.en);
            let lacks = |key: &str| open.as_ref().is_some_and(|open| open.contains(key));
            let expected = |key: &str| !is_over && payload.get(key).is_none();
            let told = [lacks("(cause)"), lacks("(degree)"), lacks("agent")];
            assert_eq!(told, [expected("cause"), expected("degree"), !is_over], "{open:?}");
        });
    }
    // So it is in the firm's catalogue.
    let first = Desk::catalogue().timers.into_iter().find(|timer| timer.id == "l1").unwrap();
    assert!(
        ["ticket.contacted", "ticket.assessed"]
            .iter()
            .all(|stop| { first.stops.iter().any(|other| other == stop) })
    );
}

/// R249: the date of an authority's notice is a clock that waiting does not hold; another notice is
/// another date, and a wish without a notice is none.
#[test]
fn a_statutory_date_is_a_clock_that_nothing_holds() {
    both("goals-notice", |service| {
        lay(service);
        created(service, NOW);
        let found = |needed_ms: i64, has_notice: bool| {
            json!({"cause": "regulator", "losses": ["regulatory"], "degree": "grave",
                "wished_ms": null, "needed_ms": needed_ms, "has_notice": has_notice,
                "stuck_at": "audit", "reach_today": "taken in"})
        };
        happens(service, "assessed", found(NOW + 10 * DAY, true), NOW);
        assert_eq!(out(service, "notice"), ["2026-03-19T01:00:00.000Z"]);
        happens(service, "wait_begun", json!({"wait": "client"}), NOW + HOUR);
        assert_eq!(out(service, "notice"), ["2026-03-19T01:00:00.000Z"]);
        happens(service, "assessed", found(NOW + 12 * DAY, true), NOW + DAY);
        assert_eq!(out(service, "notice"), ["2026-03-21T01:00:00.000Z"]);
    });
    both("goals-wish", |service| {
        // Without a notice there is none.
        lay(service);
        created(service, NOW);
        let wish = json!({"cause": "unease", "losses": [], "degree": "slight",
            "wished_ms": NOW + DAY, "needed_ms": null, "has_notice": false, "stuck_at": "audit",
            "reach_today": "taken in"});
        happens(service, "assessed", wish, NOW);
        assert!(out(service, "notice").is_empty());
    });
}

/// R131, R248: the date promised runs out though nobody reports anything. Waiting does not hold it,
/// and what the client brings half an hour late moves it by half an hour.
#[test]
fn a_promise_is_a_clock_that_runs_out_though_nobody_reports_anything() {
    both("goals-promise", |service| {
        weighed_ticket(service);
        let mut policy = serde_json::to_value(replan::policy(&json!([]))).unwrap();
        let promise = json!({"id": "promise", "label": {"zh": "承诺", "en": "promise"},
            "starts": ["ticket.accepted"], "stops": ["ticket.delivered"],
            "goal": {"promise": true}, "runs": "always", "held_by": ["client"]});
        policy["desk"]["timers"].as_array_mut().unwrap().push(promise);
        let policy: Policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
        assert!(out(service, "promise").is_empty());
        let finish = accept(service, &quote(service, "T-1")).unwrap().finish;
        // Minutes from nine o'clock, which is one of UTC.
        let promised = Zone::default().tick_from(finish).0 - NOW / MINUTE;
        let at = |minutes: i64| {
            format!("2026-03-09T{:02}:{:02}:00.000Z", 1 + minutes / 60, minutes % 60)
        };
        // Noon, so that half an hour of the office later is half past one.
        assert_eq!((promised, out(service, "promise")), (180, vec![at(180)]));
        happens(service, "wait_begun", json!({"wait": "client"}), NOW + MINUTE);
        assert_eq!(out(service, "promise"), [at(promised)]);
        let items = || json!({"items": ["licence"]});
        happens(service, "material_asked", items(), NOW + MINUTE);
        let due = json!({"items": ["licence"], "by_ms": NOW + 30 * MINUTE});
        happens(service, "client_due", due, NOW + MINUTE);
        happens(service, "material_received", items(), NOW + 60 * MINUTE);
        assert_eq!(out(service, "promise"), [at(270)]);
        service.tick(NOW + 10 * HOUR).unwrap();
        let told = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap();
        let is_out = |kind: &str, payload: &Value| {
            kind == "ticket.clock_breached" && payload["timer"] == "promise"
        };
        let count = told.iter().filter(|event| is_out(&event.kind, &event.payload)).count();
        assert_eq!(count, 1);
    });
}

/// Acme's agreement, and the minutes in which it is owed a solution.
fn agree(service: &Service, minutes: u32, at_ms: i64) {
    let boss = caller(Role::Administrator);
    let mut policy = serde_json::to_value(service.policy(&boss).unwrap().document).unwrap();
    let label = |text: &str| json!({"zh": text, "en": text});
    policy["desk"]["tiers"][0]["goals"][1]["goal"] = json!({"minutes": minutes});
    policy["desk"]["contracts"] = json!([{"client": "acme", "versions": [{
        "from": "2026-01-01", "tier": "plain", "scope": [label("filings")], "own": [],
        "escalation": ["supervisor"], "breach": label("one month free")}]}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, None, policy, at_ms).unwrap();
}

/// R120, R132: what was kept by two hours stays kept when one is laid down later, what took longer
/// stays broken when three are. What runs by then runs out when that is laid down, and no sooner.
#[test]
fn the_statement_judges_nothing_by_rules_that_came_later() {
    both("goals-later", |service| {
        lay(service);
        agree(service, 120, NOW);
        created(service, NOW);
        let kept = |hours: i64| {
            let at = NOW + hours * HOUR;
            let told = service.desk_review(&caller(Role::Dispatcher), (at, 1), at).unwrap().period;
            let row = told.kept.into_iter().find(|row| row.timer == "solution").unwrap();
            let over = told.overdue.into_iter().filter(|row| row.timer == "solution");
            let over: Vec<String> = over.map(|row| row.since.to_string()).collect();
            // R108: what is owed for a breach is told where there is one.
            let breach = row.breach.map(|breach| breach.en);
            let owed = (row.broken > 0).then(|| "one month free".to_owned());
            assert_eq!(breach, owed);
            ((row.kept, row.broken, row.open), over)
        };
        happens(service, "passed_to_specialist", json!({"reason": "tax"}), NOW);
        happens(service, "solution_given", json!({"what": "file"}), NOW + 100 * MINUTE);
        agree(service, 60, NOW + 2 * HOUR);
        assert_eq!(kept(3), ((1, 0, 0), vec![]));
        // From half past one on an hour and a quarter.
        let since = NOW + 4 * HOUR + 30 * MINUTE;
        happens(service, "passed_to_specialist", json!({"reason": "tax"}), since);
        happens(service, "solution_given", json!({"what": "file"}), since + 75 * MINUTE);
        service.tick(NOW + 6 * HOUR).unwrap();
        agree(service, 180, NOW + 6 * HOUR);
        assert_eq!(kept(6), ((1, 1, 0), vec![]));
        // Three hours from three o'clock; after one of them half an hour is laid down.
        happens(service, "passed_to_specialist", json!({"reason": "tax"}), NOW + 6 * HOUR);
        agree(service, 30, NOW + 7 * HOUR);
        let four = "2026-03-09T16:00+08:00".to_owned();
        assert_eq!(kept(8), ((1, 2, 0), vec![four]));
    });
}

/// R120, R132: of two hours for a solution 100 minutes were taken. That a director has the ticket
/// later, for whose matters one hour is agreed, makes no breach of what was kept.
#[test]
fn what_was_kept_stays_kept_at_a_higher_level() {
    both("goals-kept", |service| {
        lay(service);
        agree(service, 120, NOW);
        created(service, NOW);
        happens(service, "passed_to_specialist", json!({"reason": "tax"}), NOW);
        happens(service, "solution_given", json!({"what": "file"}), NOW + 100 * MINUTE);
        happens(service, "passed_to_director", json!({"reason": "audit"}), NOW + 110 * MINUTE);
        let later = NOW + 8 * HOUR;
        let told = service.desk_review(&caller(Role::Dispatcher), (later, 1), later).unwrap();
        let kept = told.period.kept.iter().find(|row| row.timer == "solution").unwrap();
        assert_eq!((kept.kept, kept.broken, kept.open), (1, 0, 0));
    });
}
