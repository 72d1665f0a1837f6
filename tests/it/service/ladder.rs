//! The ladder of an agreement: who hears of a clock that ran out, and who next.

use paidan::app::service::Service;
use paidan::app::service::desk::{Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::policy::Policy;
use paidan::policy::desk::Post;
use serde_json::{Value, json};

use super::desk::doing;
use super::{NOW, both, caller, clocks, filing, firm};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// T-1 of Acme, created at nine, whose first call is owed at ten past; its agreement's ladder.
fn lay(service: &Service, ladder: &Value, after_minutes: Option<u32>) {
    firm(service);
    let boss = caller(Role::Administrator);
    let acme = json!({"id": "acme", "tier": "plain"});
    service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    let label = |text: &str| json!({"zh": text, "en": text});
    policy["desk"]["tiers"] = json!([{"id": "plain", "label": label("plain"),
        "channels": ["phone"], "runs": "working"}]);
    policy["desk"]["contracts"] = json!([{"client": "acme", "versions": [{
        "from": "2026-01-01", "tier": "plain", "scope": [label("filings")], "own": [],
        "escalation": ladder, "escalates_after_minutes": after_minutes,
        "breach": label("one month free")}]}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(0), policy, NOW).unwrap();
    let mut new = filing(Some("T-1"));
    new.client = Some("acme".to_owned());
    service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).unwrap();
}

/// Who was told, and as which rung.
fn told(service: &Service) -> Vec<(Value, Value)> {
    let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap().into_iter();
    let own = events.filter(|event| event.kind == "ticket.escalated");
    own.map(|event| (event.payload["to"].clone(), event.payload["rung"].clone())).collect()
}

/// Who is to be told next, and when.
fn next(service: &Service) -> Vec<(String, Option<Post>)> {
    let page = service.desk_due(&caller(Role::Dispatcher), NOW + 24 * HOUR, None, 100).unwrap();
    let rungs = page.items.into_iter().filter(|due| due.sign == Sign::Escalates);
    rungs.map(|due| (due.at, due.post)).collect()
}

/// R108: the call owed at ten past nine is not made. The supervisor hears at once, the director two
/// hours later at ten past eleven, the general manager two hours of the office after that: at ten
/// past two, as it closes at noon for an hour. What the firm owes for it stands beside the breach.
#[test]
fn who_is_asked_next_hears_when_it_is_still_open() {
    both("ladder-order", |service| {
        lay(service, &json!(["supervisor", "director", "general_manager"]), Some(120));
        let rung = |post: &str, rung: u64| (json!(post), json!(rung));
        service.tick(NOW + 10 * MINUTE + 1).unwrap();
        assert_eq!(told(service), [rung("supervisor", 0)]);
        let director = ("2026-03-09T03:10:00.000Z".to_owned(), Some(Post::Director));
        let manager = ("2026-03-09T06:10:00.000Z".to_owned(), Some(Post::GeneralManager));
        assert_eq!(next(service), [director, manager.clone()]);
        service.tick(NOW + 130 * MINUTE - 1).unwrap();
        assert_eq!(told(service).len(), 1);
        service.tick(NOW + 130 * MINUTE).unwrap();
        assert_eq!(told(service), [rung("supervisor", 0), rung("director", 1)]);
        assert_eq!(next(service), [manager]);
        assert_eq!(service.rebuild(NOW + 140 * MINUTE, &mut |_, _| {}).unwrap().changed, 0);
        for hours in [6, 7, 30] {
            service.tick(NOW + hours * HOUR).unwrap();
        }
        let all = [rung("supervisor", 0), rung("director", 1), rung("general_manager", 2)];
        assert_eq!((told(service), next(service)), (all.to_vec(), vec![]));
        let late = NOW + 8 * HOUR;
        let period =
            service.desk_review(&caller(Role::Dispatcher), (late, 1), late).unwrap().period;
        let kept = period.kept.iter().find(|row| row.timer == "l1").unwrap();
        let breach = kept.breach.as_ref().map(|breach| breach.en.as_str());
        assert_eq!((kept.broken, breach), (1, Some("one month free")));
    });
}

/// R108: whoever calls at half past ten ends it: nobody else is told. Who looks for the first time a
/// day later tells all of them, in their order.
#[test]
fn what_is_done_climbs_no_further_and_what_was_missed_climbs_at_once() {
    both("ladder-done", |service| {
        lay(service, &json!(["supervisor", "director"]), Some(120));
        service.tick(NOW + 11 * MINUTE).unwrap();
        let (agent, wanted) = (caller(Role::Dispatcher), Wanted { key: "T-1", version: None });
        let call = doing("contacted", json!({}));
        service.desk_do(&agent, wanted, &call, None, NOW + 90 * MINUTE).unwrap();
        service.tick(NOW + 24 * HOUR).unwrap();
        assert_eq!((told(service).len(), next(service)), (1, vec![]));
    });
    both("ladder-missed", |service| {
        lay(service, &json!(["supervisor", "director"]), Some(120));
        service.tick(NOW + 24 * HOUR).unwrap();
        let posts: Vec<Value> = told(service).into_iter().map(|(post, _)| post).collect();
        assert_eq!(posts, [json!("supervisor"), json!("director")]);
    });
}

/// R108: whom the firm names for the clock hears, too, where he is not on the ladder. Where the
/// agreement does not say when the next one is asked, nobody is by himself: it has to say so.
#[test]
fn a_ladder_without_a_time_is_refused_and_invents_none() {
    both("ladder-firm", |service| {
        lay(service, &json!(["director"]), None);
        service.tick(NOW + HOUR).unwrap();
        let rows = [(json!("supervisor"), Value::Null), (json!("director"), json!(0))];
        assert_eq!((told(service), next(service)), (rows.to_vec(), vec![]));
        let boss = caller(Role::Administrator);
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        let version = &mut policy["desk"]["contracts"][0]["versions"][0];
        version["escalation"] = json!(["director", "general_manager"]);
        let policy: Policy = serde_json::from_value(policy).unwrap();
        let refused = service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap_err();
        let paidan::app::service::Refusal::Faulty { issues, .. } = refused else {
            panic!("{refused:?}")
        };
        let path = "$.desk.contracts[0].versions[0].escalates_after_minutes";
        assert_eq!((issues[0].code, issues[0].path.as_str()), ("P201", path));
    });
}
