//! A period at the desk, told: what waits and the figures, from what happened.

use paidan::app::service::desk::{DeskReport, ReplanWish, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::{Cause, Node};
use paidan::model::scenario::Progress;
use paidan::policy::Policy;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks, filing};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn policy() -> Policy {
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["desk"]["learning"] = json!({"least_count": 3, "most_spread_permille": 500});
    policy["desk"]["industry"] = json!([{"service": "filing", "industry_minutes": 1_000,
        "source": {"zh": "协会", "en": "the association"}}]);
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
        ];
        for (who, kind, payload) in steps {
            does(service, who, kind, payload, NOW + 10 * HOUR);
        }
        let digest = service.confirmation_of(&agent, "T-1").unwrap().digest;
        does(service, &agent, "signed", json!({"digest": digest}), NOW + 11 * HOUR - 1);
        let period = told(service, NOW + 11 * HOUR).period;
        let cause = &period.causes[0];
        assert_eq!((cause.cause, cause.count, cause.before), (Cause::Contract, 1, 0));
        let row = &period.services[0];
        assert_eq!(
            (row.key.as_str(), row.dispatched, row.first_taken, row.rejections),
            ("filing", 1, 0, 1)
        );
        assert_eq!((row.delivered, row.right_permille), (1, Some(1000)));
        // R004: of one that was looked at, none was false.
        let urgency = period.urgency.unwrap();
        assert_eq!((urgency.assessed, urgency.redirected, urgency.false_permille), (1, 0, 0));
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
        // R090, R131: that he signed an hour later is nobody's lateness, here and when it is looked
        // back on.
        let back = service.dossier(&agent, "T-1", NOW + 11 * HOUR).unwrap().retrospect;
        assert_eq!(back.early_minutes, promise.early_minutes);
        assert_eq!(period.unsurveyed, ["T-1"]);
        // R088: weeks later it is still not asked, though nothing happened to it since.
        let weeks = told(service, NOW + 40 * DAY).period;
        assert_eq!((weeks.from.as_str(), weeks.unsurveyed), ("2026-04-12", vec!["T-1".to_owned()]));
        assert_eq!((period.table.len(), period.risks.len()), (0, 0));
        // Created at nine, signed at eight in the evening; the track is normal, so none is quick.
        assert!(period.quick.is_empty());
        // A week later all of it is the time before.
        let later = told(service, NOW + 7 * DAY + HOUR).period;
        assert_eq!((later.causes[0].count, later.causes[0].before), (0, 1));
        assert!(later.services.is_empty() && later.promises.is_empty());
    });
}

/// R062: minutes of steps done stand beside the stated ones; three of them that lie close together
/// are enough by the policy and take their place, two are not.
#[test]
fn minutes_learned_stand_beside_the_stated_ones_and_take_their_place_when_there_are_enough() {
    both("period-minutes", |service| {
        promised(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let reported = |ticket: &str, from: &str, to: &str, now_ms: i64| {
            let row = json!({"step": format!("{ticket}/file"), "state": "done",
                "people": ["wang"], "start": from, "end": to});
            let row: Progress = serde_json::from_value(row).unwrap();
            service.report(&agent, &[row], now_ms).unwrap();
        };
        let stated = || service.base(&boss).unwrap().document.services[0].normal[0].minutes;
        reported("T-0", "2026-03-09T09:00", "2026-03-09T09:45", NOW + HOUR);
        let minutes = told(service, NOW + 2 * HOUR).period.minutes;
        let one = &minutes[0];
        assert_eq!((one.median, one.stated, one.count, one.is_enough), (45, Some(60), 1, false));
        assert!(service.desk_learn(&boss, 30, NOW + 2 * HOUR).unwrap().is_empty());
        assert_eq!(stated(), Some(60));
        for (ticket, from, to) in [
            ("T-7", "2026-03-09T10:00", "2026-03-09T10:40"),
            ("T-8", "2026-03-09T11:00", "2026-03-09T11:50"),
        ] {
            service.create_ticket(&agent, filing(Some(ticket)), None, NOW).unwrap();
            reported(ticket, from, to, NOW + 3 * HOUR);
        }
        // 40, 45 and 50 minutes of somebody of level 3, whose pace is the stated one.
        let changed = service.desk_learn(&boss, 30, NOW + 4 * HOUR).unwrap();
        assert_eq!(
            (changed[0].median, changed[0].stated, changed[0].is_enough),
            (45, Some(60), true)
        );
        assert_eq!(stated(), Some(45));
        let no = service.desk_learn(&agent, 30, NOW + 4 * HOUR);
        assert!(matches!(no, Err(Refusal::Forbidden(_))));
    });
}

/// R111, R112: a service owed every month is listed before it is there, and becomes a ticket of its
/// own when its time to begin has come, once. R241: a client of whom much is missing is listed.
#[test]
fn what_is_owed_again_becomes_a_ticket_once() {
    both("period-owed", |service| {
        promised(service);
        let boss = caller(Role::Administrator);
        let acme = serde_json::from_value(json!({"id": "acme"})).unwrap();
        service.create_client(&boss, acme, None, NOW).unwrap();
        let mut policy = serde_json::to_value(policy()).unwrap();
        policy["desk"]["obligations"] = json!([{"id": "analysis", "service": "filing",
            "label": {"zh": "月度分析", "en": "monthly analysis"}, "client": "acme",
            "per": "month", "month": 1, "day": 13, "shift": "none", "lead_days": 3}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, None, policy, NOW).unwrap();
        let owed = |now_ms| {
            let rows = told(service, now_ms).period.owed;
            rows.into_iter().map(|row| (row.ticket, row.is_there)).collect::<Vec<_>>()
        };
        let key = || "analysis-acme-2026-03".to_owned();
        assert_eq!(owed(NOW), [(key(), false)]);
        // It may be begun from the tenth on.
        assert_eq!(service.create_owed(NOW).unwrap(), 0);
        assert_eq!(service.create_owed(NOW + DAY).unwrap(), 1);
        assert_eq!(service.create_owed(NOW + DAY).unwrap(), 0);
        assert_eq!(owed(NOW + DAY)[0], (key(), true));
        let ticket = service.ticket(&boss, &key(), NOW).unwrap().ticket;
        assert_eq!(ticket.due.unwrap().to_string(), "2026-03-13T18:00");
        let stale = told(service, NOW + DAY).period.stale;
        assert_eq!((stale[0].client.as_str(), stale[0].missing.len()), ("acme", 3));
    });
}

/// R079: everybody who could file it is away for months, so that the next plan leaves out what is
/// promised: it is late by the end of that plan at the least, and on the list with nothing else to
/// say of it.
#[test]
fn what_the_plan_leaves_out_is_at_risk_though_nobody_said_so() {
    both("period-left-out", |service| {
        promised(service);
        let agent = caller(Role::Dispatcher);
        assert_eq!(told(service, NOW + HOUR).period.risks, []);
        for person in ["wang", "zhao"] {
            let absence = json!({"from": "2026-03-09T09:00", "to": "2027-03-09T09:00"});
            let absence = serde_json::from_value(absence).unwrap();
            service.create_absence(&agent, person, absence, None, NOW).unwrap();
        }
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        let risks = told(service, NOW + HOUR).period.risks;
        let [risk] = risks.as_slice() else { panic!("{risks:?}") };
        assert_eq!((risk.ticket.as_str(), risk.exceptions.len()), ("T-1", 0));
        let zone = paidan::calendar::Zone::default();
        assert!(zone.tick_from(risk.latest) > zone.tick_from(risk.owed.unwrap()));
    });
}
