//! A date promised is one date, wherever it is told.

use std::sync::Arc;

use paidan::app::service::desk::{ReplanWish, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::desk::life::Stage;
use paidan::store::{Memory, Shared};
use serde_json::{Value, json};

use super::desk::{doing, happen};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks};

const HOUR: i64 = 3_600_000;

/// The date of T-1 on the ticket, to its client, in the table of progress.
fn dates(service: &Service, token: &str, now_ms: i64) -> [String; 3] {
    let agent = caller(Role::Dispatcher);
    let promise = service.ticket(&agent, "T-1", now_ms).unwrap().promise.unwrap();
    let seen = service.client_view(token, now_ms).unwrap().expected.unwrap();
    let table = service.desk_review(&agent, (now_ms, 1), now_ms).unwrap().period.table;
    let owed = table.iter().find(|row| row.ticket == "T-1").unwrap().owed.unwrap();
    [promise.finish, seen, owed].map(|moment| moment.to_string())
}

/// R032: material that came two hours of the office late moves the date on the ticket, the one its
/// client reads, the one reports go by, and the one it is found in danger by; all of it follows
/// from the log.
#[test]
fn late_material_moves_the_date_wherever_it_is_told() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    weighed_ticket(&service);
    accept(&service, &quote(&service, "T-1")).unwrap();
    let agent = caller(Role::Dispatcher);
    let token = service.make_link(&agent, "T-1", NOW).unwrap();
    let marked = || -> Value {
        let mark = store.mark("promised", "T-1").unwrap().unwrap();
        serde_json::from_str(&mark).unwrap()
    };
    // Beside T-0, which has the morning's first hours.
    let promised = "2026-03-09T12:00+08:00";
    assert_eq!(dates(&service, &token, NOW), [promised; 3]);
    assert_eq!(marked()["finish"], promised);
    let does = |kind: &str, payload: Value, now_ms: i64| {
        let wanted = Wanted { key: "T-1", version: None };
        service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
    };
    does("material_asked", json!({"items": ["licence", "chart"]}), NOW);
    let due = json!({"items": ["licence", "chart"], "by_ms": NOW + HOUR});
    does("client_due", due, NOW);
    does("material_received", json!({"items": ["licence"]}), NOW + 2 * HOUR);
    // Two hours of the office in all, lunch left out, and not one and two.
    does("material_received", json!({"items": ["chart"]}), NOW + 4 * HOUR);
    let later = "2026-03-09T15:00+08:00";
    assert_eq!(dates(&service, &token, NOW + 4 * HOUR), [later; 3]);
    assert_eq!(marked()["finish"], later);
    let done = service.rebuild(NOW + 4 * HOUR, &mut |_, _| {}).unwrap();
    assert_eq!((done.changed, done.left.len()), (0, 0));
    assert_eq!(marked()["finish"], later);
}

/// R131: a date promised anew is the one that reports go by, too; and at the desk none is promised
/// but by a quote, whatever a plan has.
#[test]
fn a_date_promised_anew_is_the_desks_as_well() {
    both("owed-anew", |service| {
        weighed_ticket(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let agent = caller(Role::Dispatcher);
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        let late = [
            doing("material_asked", json!({"items": ["licence"]})),
            doing("client_due", json!({"items": ["licence"], "by_ms": NOW + HOUR})),
        ];
        for one in late {
            happen(service, &agent, "T-1", &one).unwrap();
        }
        let received = doing("material_received", json!({"items": ["licence"]}));
        let wanted = Wanted { key: "T-1", version: None };
        service.desk_do(&agent, wanted, &received, None, NOW + 3 * HOUR).unwrap();
        // Two hours of the office, of which lunch is none.
        assert_eq!(dates(service, &token, NOW), ["2026-03-09T15:00+08:00"; 3]);
        // The plan in force still has 12:00, and somebody stands by that.
        let shown = service.promise_ticket(&agent, "T-1", None, NOW + 3 * HOUR).unwrap();
        assert_eq!(dates(service, &token, NOW), ["2026-03-09T12:00+08:00"; 3]);
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let kinds: Vec<&str> = told.iter().map(|entry| &entry.kind[7..]).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["promised", "promise_moved"]);
        let count = kinds.iter().filter(|kind| !kind.starts_with("link")).count();
        assert_eq!(shown.version, u64::try_from(count).unwrap(), "the number of its last event");
        let moved = json!({"plan": "p", "finish_ms": NOW});
        let claimed = happen(service, &agent, "T-1", &doing("promise_moved", moved));
        assert_eq!(claimed.unwrap_err().code(), "D026");
        // T-0 is in the plan, and at the desk from now on.
        happen(service, &agent, "T-0", &doing("contacted", json!({}))).unwrap();
        let boss = Caller::machine_owner();
        assert_eq!(service.promise_ticket(&boss, "T-0", None, NOW).unwrap_err().code(), "D001");
    });
}

/// R111, R112: the analysis that Acme is owed by the thirteenth is promised by his contract: from the
/// tenth on it is planned and given to people like any other, and nobody is called to answer a call
/// that there was not. All of it follows from the log.
#[test]
fn what_the_contract_owes_is_promised_planned_and_not_chased() {
    both("owed-contract", |service| {
        weighed_ticket(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let acme = serde_json::from_value(json!({"id": "acme"})).unwrap();
        service.create_client(&boss, acme, None, NOW).unwrap();
        let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
        let promise = json!({"id": "promise", "label": {"zh": "承诺", "en": "promise"},
            "starts": ["ticket.accepted"], "stops": ["ticket.delivered"],
            "goal": {"promise": true}, "runs": "always"});
        policy["desk"]["timers"].as_array_mut().unwrap().push(promise);
        policy["desk"]["obligations"] = json!([{"id": "analysis", "service": "filing",
            "label": {"zh": "月度分析", "en": "monthly analysis"}, "client": "acme",
            "per": "month", "month": 1, "day": 13, "shift": "none", "lead_days": 3}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, None, policy, NOW).unwrap();
        let (key, now) = ("analysis-acme-2026-03", NOW + 24 * HOUR);
        assert_eq!(service.create_owed(now).unwrap(), 1);
        let shown = service.ticket(&agent, key, now).unwrap();
        // Created, promised, accepted.
        assert_eq!((shown.desk.unwrap().stage, shown.version), (Stage::Accepted, 3));
        let finish = shown.promise.unwrap().finish;
        assert_eq!(finish.to_string(), "2026-03-13T18:00+08:00");
        let due = service.desk_due(&agent, NOW + 100 * 24 * HOUR, None, 100).unwrap().items;
        let own: Vec<&str> =
            due.iter().filter(|row| row.ticket == key).map(|row| row.timer.as_str()).collect();
        assert!(own.contains(&"promise") && !own.contains(&"l1"), "{own:?}");
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, now, &mut |_| true).unwrap();
        let desk = service.ticket(&agent, key, now).unwrap().desk.unwrap();
        assert_eq!((desk.stage, desk.crew.unwrap().reviewer.as_str()), (Stage::Dispatched, "li"));
        assert_eq!(service.create_owed(now + HOUR).unwrap(), 0);
        let done = service.rebuild(now, &mut |_, _| {}).unwrap();
        assert_eq!((done.changed, done.left.len()), (0, 0));
    });
}
