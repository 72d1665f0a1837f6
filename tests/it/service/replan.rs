//! The desk drives the plan: what happened is planned with, by itself where the policy says so.

use std::collections::BTreeSet;

use paidan::app::service::desk::{ReplanWish, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::Stage;
use paidan::model::people::Absence;
use paidan::model::plan::PlannedStep;
use paidan::policy::Policy;
use paidan::policy::desk::Fact;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, clocks, read};

const HOUR: i64 = 3_600_000;

/// A policy by which the desk plans anew after `after`.
pub(super) fn policy(after: &Value) -> Policy {
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["rates"] = json!([{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
        "overtime_permille": 1000, "displacement_permille": 1000}]);
    policy["desk"]["replan"] = json!({"after": after, "rounds": 1, "is_published": true});
    policy["desk"]["late_payer_permille"] = json!(800);
    let payment = json!({"id": "payment", "label": {"zh": "付款", "en": "payment"},
        "starts": ["ticket.billed"], "stops": ["ticket.paid"], "goal": {"days": 1},
        "runs": "always"});
    policy["desk"]["timers"].as_array_mut().unwrap().push(payment);
    serde_json::from_value(policy).unwrap()
}

/// T-1 promised on Monday at nine, and the first look at what happened taken.
pub(super) fn promised(service: &Service, after: &Value) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy(after), NOW).unwrap();
    assert_eq!(looked(service), BTreeSet::new());
}

pub(super) fn looked(service: &Service) -> BTreeSet<Fact> {
    service.replan_by_itself(NOW).unwrap()
}

pub(super) fn number(service: &Service) -> u64 {
    service.current_plan(&caller(Role::Dispatcher), NOW).unwrap().number
}

pub(super) fn driver(service: &Service) -> String {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    ticket.desk.unwrap().crew.unwrap().driver
}

pub(super) fn away(service: &Service, person: &str) {
    let absence = json!({"from": "2026-03-09T09:00", "to": "2026-03-11T18:00"});
    let absence: Absence = serde_json::from_value(absence).unwrap();
    service.create_absence(&caller(Role::Dispatcher), person, absence, None, NOW).unwrap();
}

/// R189, R191, R250: who rejects is planned around at once: the desk makes and publishes the next
/// plan, and its publishing gives the ticket to another. What it wrote itself is no fact.
#[test]
fn a_rejection_is_planned_around_by_the_desk_itself() {
    both("replan-reject", |service| {
        promised(service, &json!(["rejection"]));
        let first = driver(service);
        let he = Caller::person(&first, Role::Specialist);
        happen(service, &he, "T-1", &doing("rejected", json!({"reason": "no"}))).unwrap();
        let before = number(service);
        assert_eq!(looked(service), BTreeSet::from([Fact::Rejection]));
        assert_eq!(number(service), before + 1);
        let other = if first == "wang" { "zhao" } else { "wang" };
        let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        let desk = ticket.desk.unwrap();
        assert_eq!((desk.stage, desk.crew.unwrap().driver.as_str()), (Stage::Dispatched, other));
        assert_eq!(looked(service), BTreeSet::new());
        assert_eq!(number(service), before + 1);
        let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap();
        let told = events.iter().find(|event| event.kind == "plan.replanned").unwrap();
        assert_eq!(
            (&told.payload["after"], told.actor.as_str()),
            (&json!(["rejection"]), "replan")
        );
    });
}

/// An absence counts where it takes somebody the plan has; of others, and of what the policy does
/// not name, nothing follows.
#[test]
fn only_what_the_plan_rests_on_and_the_policy_names_is_planned_around() {
    both("replan-absence", |service| {
        promised(service, &json!(["absence"]));
        let plan = number(service);
        let busy = driver(service);
        // Li looks over everything; somebody nobody planned with may go.
        let mut ann = serde_json::to_value(super::wang()).unwrap();
        ann["id"] = json!("ann");
        ann["skills"] = json!([{"skill": "audit", "level": 1}]);
        let ann = serde_json::from_value(ann).unwrap();
        service.create_person(&caller(Role::Administrator), &ann, None, NOW).unwrap();
        away(service, "ann");
        assert_eq!((looked(service), number(service)), (BTreeSet::new(), plan));
        away(service, &busy);
        assert_eq!((looked(service), number(service)), (BTreeSet::from([Fact::Absence]), plan + 1));
        // Whoever has it by the new plan rejects it, which the policy does not name.
        let other = driver(service);
        assert_ne!(other, busy);
        let he = Caller::person(&other, Role::Specialist);
        happen(service, &he, "T-1", &doing("rejected", json!({"reason": "no"}))).unwrap();
        assert_eq!((looked(service), number(service)), (BTreeSet::new(), plan + 1));
    });
}

/// Somebody may ask for it at any time, and publish it or not; who may not draft is refused.
#[test]
fn a_dispatcher_plans_anew_when_he_asks_for_it() {
    both("replan-asked", |service| {
        promised(service, &json!([]));
        let agent = caller(Role::Dispatcher);
        let plan = number(service);
        let steps = || service.current_plan(&agent, NOW).unwrap().plan.unwrap().steps;
        let before = steps();
        away(service, &driver(service));
        let wish = |publish| ReplanWish { rounds: 1, seed: 1, publish };
        let draft = service.replan(&agent, &wish(false), None, NOW, &mut |_| true).unwrap();
        assert_eq!((draft.basis, draft.published, number(service)), (plan, None, plan));
        let done = service.replan(&agent, &wish(true), None, NOW, &mut |_| true).unwrap();
        assert_eq!((done.published, number(service)), (Some(plan + 1), plan + 1));
        // What moved is told with from when to when, and from whom to whom.
        let own = |steps: &[PlannedStep]| {
            let step = steps.iter().find(|step| (&*step.ticket, &*step.step) == ("T-1", "file"));
            let step = step.unwrap();
            (step.start, step.people.clone())
        };
        let moved = done.moved.iter().find(|moved| moved.step == "T-1/file").unwrap();
        assert_eq!((moved.from, moved.people_before.clone()), own(&before));
        assert_eq!((moved.to, moved.people.clone()), own(&steps()));
        assert_ne!(moved.people, moved.people_before);
        let outside = caller(Role::Specialist);
        let refused = service.replan(&outside, &wish(false), None, NOW, &mut |_| true);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))));
    });
}

/// R032: work is planned from when the client was told to bring his material. What was wanted by
/// five and came at eight is an hour of the office late: noon becomes two o'clock, behind lunch; when
/// the client needs it stays as it is.
#[test]
fn material_that_is_to_come_and_was_late_moves_release_and_promise() {
    both("replan-material", |service| {
        promised(service, &json!([]));
        let agent = caller(Role::Dispatcher);
        let due = json!({"due": "2026-03-12T18:00"});
        let due = serde_json::from_value(due).unwrap();
        service.change_ticket(&agent, "T-1", None, due, NOW).unwrap();
        let planned = |now_ms| {
            let scenario = service.scenario(&caller(Role::Reviewer), now_ms).unwrap();
            let ticket = scenario.tickets.into_iter().find(|ticket| ticket.id == "T-1").unwrap();
            [ticket.release, ticket.due].map(|moment| moment.map(|moment| moment.to_string()))
        };
        let does = |kind: &str, payload: Value, now_ms: i64| {
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
        };
        does("material_asked", json!({"items": ["licence"]}), NOW);
        does("client_due", json!({"items": ["licence"], "by_ms": NOW + 8 * HOUR}), NOW);
        let [release, due] = planned(NOW);
        assert_eq!(release.as_deref(), Some("2026-03-09T17:00+08:00"));
        assert_eq!(due.as_deref(), Some("2026-03-12T18:00"));
        does("material_received", json!({"items": ["licence"]}), NOW + 11 * HOUR);
        let [release, due] = planned(NOW + 11 * HOUR);
        assert_eq!((release, due.as_deref()), (None, Some("2026-03-12T18:00")));
        assert_eq!(owed(service), ("2026-03-09T14:00+08:00".to_owned(), 60));
    });
}

/// The date promised, and how many minutes of the office the client was late.
fn owed(service: &Service) -> (String, i64) {
    let agent = caller(Role::Dispatcher);
    let promise = service.ticket(&agent, "T-1", NOW).unwrap().promise.unwrap();
    let known = service.dossier(&agent, "T-1", NOW).unwrap();
    (promise.finish.to_string(), known.exceptions.client_late_minutes)
}

/// R032, R249: wanted by Friday at six and there on Monday at nine, no hour of the office is lost, and
/// noon stays promised. At ten it is an hour, and one o'clock to two makes it up; the notice of the
/// authority is of the date it was.
#[test]
fn a_weekend_makes_nobody_late_and_moves_no_notice() {
    for (hour, after) in [
        (0, ("2026-03-09T12:00+08:00".to_owned(), 0)),
        (1, ("2026-03-09T14:00+08:00".to_owned(), 60)),
    ] {
        both(&format!("replan-weekend-{hour}"), |service| {
            promised(service, &json!([]));
            let agent = caller(Role::Dispatcher);
            let does = |kind: &str, payload: Value, now_ms: i64| {
                let wanted = Wanted { key: "T-1", version: None };
                service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
            };
            let curves = || {
                let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
                let ticket = scenario.tickets.into_iter().find(|ticket| ticket.id == "T-1");
                ticket.unwrap().curves
            };
            let curve = json!({"curves": [{"kind": "urgency", "after": "2026-03-12T18:00",
                "per_day_fen": 100}]});
            let curve = serde_json::from_value(curve).unwrap();
            service.change_ticket(&agent, "T-1", None, curve, NOW).unwrap();
            let before = curves();
            does("material_asked", json!({"items": ["licence"]}), NOW);
            let friday = NOW + (4 * 24 + 9) * HOUR;
            does("client_due", json!({"items": ["licence"], "by_ms": friday}), NOW);
            let monday = NOW + (7 * 24 + hour) * HOUR;
            does("material_received", json!({"items": ["licence"]}), monday);
            assert_eq!((owed(service), curves()), (after.clone(), before));
        });
    }
}

/// R032: no plan goes on before the authority is expected to be done, and it is planned anew once that
/// is known; when the wait is over, or nobody said how long it takes, nothing is held back.
#[test]
fn a_wait_at_an_authority_with_a_date_holds_the_plan_back_until_then() {
    both("replan-wait", |service| {
        promised(service, &json!(["delay"]));
        let agent = caller(Role::Dispatcher);
        let wait = |until: Value| doing("wait_begun", json!({"wait": "agency", "until_ms": until}));
        let release = || {
            let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
            let ticket = scenario.tickets.into_iter().find(|ticket| ticket.id == "T-1").unwrap();
            ticket.release.map(|moment| moment.to_string())
        };
        let past = happen(service, &agent, "T-1", &wait(json!(NOW)));
        assert_eq!(past.unwrap_err().code(), "D035");
        happen(service, &agent, "T-1", &wait(Value::Null)).unwrap();
        assert_eq!((release(), looked(service)), (None, BTreeSet::new()));
        let over = doing("wait_over", json!({"wait": "agency"}));
        happen(service, &agent, "T-1", &over).unwrap();
        // Half a minute past five is 17:01.
        happen(service, &agent, "T-1", &wait(json!(NOW + 8 * HOUR + 30_000))).unwrap();
        assert_eq!(release().as_deref(), Some("2026-03-09T17:01+08:00"));
        assert_eq!(looked(service), BTreeSet::from([Fact::Delay]));
        happen(service, &agent, "T-1", &over).unwrap();
        assert_eq!(release(), None);
    });
}

/// R071, R187: what cannot go on takes nobody's time: the plan begins it when that is expected to be
/// over; where nobody said when, no plan holds it until it goes on again.
#[test]
fn what_cannot_go_on_takes_nobodys_time_until_it_does() {
    both("replan-block", |service| {
        promised(service, &json!(["anomaly", "delay"]));
        let agent = caller(Role::Dispatcher);
        let does = |kind: &str, payload: Value| {
            happen(service, &agent, "T-1", &doing(kind, payload)).map(drop)
        };
        let starts = || {
            let plan = service.current_plan(&agent, NOW).unwrap().plan.unwrap();
            let step = plan.steps.into_iter().find(|step| step.ticket == "T-1");
            step.map(|step| step.start.to_string())
        };
        let past = does("blocked", json!({"reason": "no chop", "until_ms": NOW}));
        assert_eq!(past.unwrap_err().code(), "D035");
        does("blocked", json!({"reason": "no chop"})).unwrap();
        assert_eq!((looked(service), starts()), (BTreeSet::from([Fact::Delay]), None));
        does("unblocked", json!({})).unwrap();
        assert_eq!(looked(service), BTreeSet::from([Fact::Delay]));
        assert!(starts().is_some_and(|start| start.as_str() < "2026-03-09T16"));
        let he = Caller::person(&driver(service), Role::Specialist);
        happen(service, &he, "T-1", &doing("acknowledged", json!({}))).unwrap();
        let down = json!({"what": "the system is down", "until_ms": NOW + 7 * HOUR});
        does("anomaly_raised", down).unwrap();
        assert_eq!(looked(service), BTreeSet::from([Fact::Anomaly]));
        assert_eq!(starts().as_deref(), Some("2026-03-09T16:00+08:00"));
    });
}

/// R193: a client who has not paid on the day after weighs 80 % of his value in the next plans, until
/// he has paid.
#[test]
fn a_client_who_pays_late_weighs_less_until_he_has_paid() {
    both("replan-late", |service| {
        promised(service, &json!([]));
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let client = json!({"id": "acme", "finance": {"annual_value_fen": 1_000_000}});
        service.create_client(&boss, serde_json::from_value(client).unwrap(), None, NOW).unwrap();
        let new = json!({"id": "T-2", "channel": "hotline", "service": "filing", "client": "acme"});
        service.create_ticket(&agent, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        // Another one of his, promised, so that he is planned for.
        let asked = json!({"id": "T-3", "service": "filing", "client": "acme"});
        let mut new = asked.clone();
        new["channel"] = json!("hotline");
        service.create_ticket(&agent, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        for one in [assessed(), weighed()] {
            happen(service, &agent, "T-3", &one).unwrap();
        }
        let request = json!({"format": "paidan-request/1", "tickets": [asked]});
        let request = serde_json::from_value(request).unwrap();
        accept(service, &read(&service.quote(&agent, &request, None, NOW).unwrap())).unwrap();
        let value = |now_ms| {
            let scenario = service.scenario(&caller(Role::Reviewer), now_ms).unwrap();
            scenario.clients.first().map(|client| client.annual_value_fen.0)
        };
        let does = |kind: &str, payload: Value, now_ms: i64| {
            let wanted = Wanted { key: "T-2", version: None };
            service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
        };
        does("contacted", json!({}), NOW);
        does("called_off", json!({"reason": "no longer needed"}), NOW);
        does("billed", json!({"amount_fen": 10_000}), NOW);
        let later = NOW + 3 * 24 * HOUR;
        service.tick(NOW + HOUR).unwrap();
        assert_eq!(value(NOW + HOUR), Some(1_000_000));
        service.tick(later).unwrap();
        assert_eq!(value(later), Some(800_000));
        service.rebuild(later, &mut |_, _| {}).unwrap();
        assert_eq!(value(later), Some(800_000));
        does("paid", json!({}), later);
        assert_eq!(value(later), Some(1_000_000));
    });
}
