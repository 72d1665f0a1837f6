//! A period at the desk, told: what waits and the figures, from what happened.

use paidan::app::service::desk::{DeskReport, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::{Cause, Node};
use paidan::model::scenario::Progress;
use paidan::policy::Policy;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn policy() -> Policy {
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["desk"]["learning"] = json!({"least_count": 3, "most_spread_permille": 500});
    policy["desk"]["industry"] = json!([{"service": "filing", "industry_minutes": 1_000,
        "source": {"zh": "协会", "en": "the association"}}]);
    policy["desk"]["tiers"] = json!([{"id": "vip", "label": {"zh": "贵宾", "en": "VIP"},
        "channels": ["phone"]}]);
    serde_json::from_value(policy).unwrap()
}

/// T-1 promised on Monday at nine.
fn promised(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy(), NOW).unwrap();
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

fn told(service: &Service, now_ms: i64) -> DeskReport {
    service.desk_review(&caller(Role::Dispatcher), (now_ms, 7), now_ms).unwrap()
}

fn driver(service: &Service) -> Caller {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    Caller::person(&ticket.desk.unwrap().crew.unwrap().driver, Role::Specialist)
}

/// R073, R074, R079, R180: an open ticket is in the table of progress and on the list of risks, with
/// what does not wait; what its client has not been told is listed until he is told something.
#[test]
fn what_is_open_is_told_with_its_risks_and_what_clients_do_not_know() {
    both("period-open", |service| {
        promised(service);
        let agent = caller(Role::Dispatcher);
        let forecast = json!({"earliest_ms": NOW + DAY, "latest_ms": NOW + 9 * DAY,
            "reason": "training at the office"});
        does(service, &agent, "forecast", forecast, NOW + HOUR);
        does(service, &agent, "client_chased", json!({}), NOW + HOUR);
        let period = told(service, NOW + 2 * HOUR).period;
        assert_eq!((period.from.as_str(), period.to.as_str()), ("2026-03-03", "2026-03-09"));
        let risk = &period.risks[0];
        assert_eq!(
            (risk.ticket.as_str(), risk.latest.to_string().get(..10)),
            ("T-1", Some("2026-03-18"))
        );
        assert_eq!(risk.exceptions[0].en, "the client asked 1 times");
        assert_eq!(period.table[0].stage.en, "dispatched");
        // Friday has none laid down: the digest goes out at 17:00 on every working day.
        assert_eq!(period.table_due.unwrap().to_string(), "2026-03-09T17:00+08:00");
        let message = &period.messages[0];
        let nodes: Vec<Node> = message.untold.iter().map(|(node, _)| *node).collect();
        assert_eq!((nodes, message.left), (vec![Node::Key, Node::Risk], Some(2)));
        assert_eq!(message.untold[1].1.en, "may be late: training at the office");
        does(
            service,
            &agent,
            "client_told",
            json!({"node": "risk", "what": "later"}),
            NOW + 2 * HOUR,
        );
        assert!(told(service, NOW + 3 * HOUR).period.messages.is_empty());
        // The first call was owed at 9:10.
        let overdue = &told(service, NOW + 3 * HOUR).period.overdue[0];
        assert_eq!(
            (overdue.timer.as_str(), overdue.since.to_string().as_str()),
            ("l1", "2026-03-09T09:10+08:00")
        );
        let outside = service.desk_review(&caller(Role::Ticketing), (NOW, 7), NOW);
        assert!(matches!(outside, Err(Refusal::Forbidden(_))));
    });
}

/// R008, R012, R096, R199: causes beside those of the time before, rejections by person, promises
/// kept, the time taken beside the industry's 1,000 minutes.
#[test]
fn figures_of_a_period_are_counted_from_what_happened() {
    both("period-figures", |service| {
        promised(service);
        let agent = caller(Role::Dispatcher);
        let first = driver(service);
        does(service, &first, "rejected", json!({"reason": "not my field"}), NOW + HOUR);
        let other = if first.actor.ends_with("wang") { "zhao" } else { "wang" };
        let crew = json!({"driver": other, "liaison": "mei", "reviewer": "li"});
        does(service, &agent, "dispatched", crew, NOW + HOUR);
        let (he, li) =
            (Caller::person(other, Role::Specialist), Caller::person("li", Role::Reviewer));
        let steps = [
            (&he, "acknowledged", json!({})),
            (&he, "begun", json!({})),
            (&he, "self_checked", json!({"items": []})),
            (&li, "reviewed", json!({"items": []})),
            (&he, "delivered", json!({"steps": []})),
            (&agent, "signed", json!({})),
        ];
        for (who, kind, payload) in steps {
            does(service, who, kind, payload, NOW + 10 * HOUR);
        }
        let period = told(service, NOW + 11 * HOUR).period;
        let cause = &period.causes[0];
        assert_eq!((cause.cause, cause.count, cause.before), (Cause::Contract, 1, 0));
        let row = &period.services[0];
        assert_eq!(
            (row.key.as_str(), row.dispatched, row.first_taken, row.rejections),
            ("filing", 1, 0, 1)
        );
        assert_eq!((row.delivered, row.right_permille), (1, Some(1000)));
        let rejection = &period.rejections[0];
        assert_eq!(
            (rejection.person.as_str(), rejection.count),
            (&first.actor["person/".len()..], 1)
        );
        // Promised for 13:00 or earlier, delivered at 19:00.
        let promise = &period.promises[0];
        assert_eq!(
            (promise.kept, promise.broken, promise.over_promised_permille),
            (0, 1, Some(1000))
        );
        assert!(promise.early_minutes.unwrap() <= -6 * 60);
        assert_eq!(period.unsurveyed, ["T-1"]);
        assert_eq!((period.table.len(), period.risks.len()), (0, 0));
        // Created at nine, signed at seven in the evening; the track is normal, so none is quick.
        assert!(period.quick.is_empty());
        // A week later all of it is the time before.
        let later = told(service, NOW + 7 * DAY + HOUR).period;
        assert_eq!((later.causes[0].count, later.causes[0].before), (0, 1));
        assert!(later.services.is_empty() && later.promises.is_empty());
    });
}

/// R062: minutes of steps done stand beside the stated ones.
#[test]
fn minutes_learned_stand_beside_the_stated_ones() {
    both("period-minutes", |service| {
        promised(service);
        let agent = caller(Role::Dispatcher);
        let row = json!({"step": "T-0/file", "state": "done", "people": ["wang"],
            "start": "2026-03-09T09:00", "end": "2026-03-09T09:45"});
        let row: Progress = serde_json::from_value(row).unwrap();
        service.report(&agent, &[row], NOW + HOUR).unwrap();
        let minutes = &told(service, NOW + 2 * HOUR).period.minutes;
        let one = &minutes[0];
        assert_eq!((one.median, one.stated, one.count, one.is_enough), (45, Some(60), 1, false));
    });
}
