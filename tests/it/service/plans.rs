//! Plans: made from what is kept, published one after the other, gone back to.

use paidan::app::service::events::Told;
use paidan::app::service::plans::{Draft, DraftWish, Published, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Refusal, Service};
use serde_json::json;

use super::{NOW, both, caller, filing, firm, read};

fn draft(service: &Service) -> Draft {
    let wish = DraftWish { rounds: 2, seed: 1 };
    let dispatcher = caller(Role::Dispatcher);
    read(&service.draft(&dispatcher, &wish, None, NOW, &mut |_| true).unwrap())
}

fn publish(service: &Service, draft: &Draft, replaces: u64) -> Result<Published, Refusal> {
    let wish = Publishing { draft: Some(draft.id.clone()), rollback_to: None, replaces };
    service.publish(&caller(Role::Dispatcher), &wish, None, NOW).map(|made| read(&made))
}

/// A firm with one ticket and a plan in force for it.
fn planned(service: &Service) {
    firm(service);
    service.create_ticket(&caller(Role::Dispatcher), filing(Some("T-1")), None, NOW).unwrap();
    assert_eq!(publish(service, &draft(service), 0).unwrap().number, 1);
}

/// R133, R134: a ticket says when it will be done, and the client is told whom it was passed to.
#[test]
fn a_ticket_tells_how_it_stands_in_the_plan_in_force() {
    both("stands", |service| {
        planned(service);
        let agent = caller(Role::Dispatcher);
        let standing = service.ticket(&agent, "T-1", NOW).unwrap().standing;
        // An hour of level 3, begun at nine.
        assert_eq!(standing.estimate.unwrap().to_string(), "2026-03-09T10:00+08:00");
        assert_eq!(standing.accountable.as_deref(), Some("wang"));
        assert_eq!(standing.told.zh, "已转交王芳，预计2026-03-09 10:00 前回复");
        assert_eq!(
            standing.told.en,
            "passed to Wang Fang, reply expected before 10:00 on 2026-03-09"
        );
        let day = |date: &str| {
            let date = paidan::calendar::Date::parse(date).unwrap();
            service.day_of(&agent, "wang", Some(date), NOW).unwrap().len()
        };
        assert_eq!((day("2026-03-09"), day("2026-03-10")), (1, 0));
    });
}

/// R252: the same question makes the same plan.
#[test]
fn the_same_scene_makes_the_same_draft() {
    both("same", |service| {
        firm(service);
        for row in 1..=5 {
            let name = format!("T-{row}");
            service
                .create_ticket(&caller(Role::Dispatcher), filing(Some(&name)), None, NOW)
                .unwrap();
        }
        let (one, other) = (draft(service), draft(service));
        assert_eq!((&one.digest, &one.plan), (&other.digest, &other.plan));
    });
}

#[test]
fn of_two_planners_at_once_one_publishes_and_the_other_is_told_the_difference() {
    both("two", |service| {
        planned(service);
        let early = draft(service);
        service.create_ticket(&caller(Role::Dispatcher), filing(Some("T-2")), None, NOW).unwrap();
        let late = draft(service);
        assert_eq!(publish(service, &late, 1).unwrap().number, 2);
        let Err(Refusal::Outrun { beside, label }) = publish(service, &early, 1) else {
            panic!("published over another plan")
        };
        assert_eq!(beside["in_force"], json!(2));
        assert!(beside["diff"]["moved"].is_array() && label.en.contains("plan 2 is in force"));
        // It was not made against plan 2, whatever the planner says it replaces.
        assert!(matches!(publish(service, &early, 2), Err(Refusal::Outrun { .. })));
        let back = Publishing { draft: None, rollback_to: Some(1), replaces: u64::MAX };
        let refused = service.publish(&caller(Role::Dispatcher), &back, None, NOW);
        assert!(matches!(refused, Err(Refusal::Wish(_))));
        let current = service.current_plan(&caller(Role::Specialist), NOW).unwrap();
        assert_eq!((current.number, &current.digest), (2, &late.digest));
    });
}

#[test]
fn an_earlier_plan_is_published_anew_when_it_fits_and_its_faults_are_told_when_not() {
    both("rollback", |service| {
        planned(service);
        let boss = caller(Role::Administrator);
        assert_eq!(publish(service, &draft(service), 1).unwrap().number, 2);
        let back = |replaces| {
            let wish = Publishing { draft: None, rollback_to: Some(1), replaces };
            service.publish(&boss, &wish, None, NOW)
        };
        let published: Published = read(&back(2).unwrap());
        assert_eq!((published.number, published.rollback_of), (3, Some(1)));
        let history = service.published_plans(&boss, 0, 10).unwrap();
        let numbers: Vec<u64> = history.iter().map(|plan| plan.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        // Wang Fang is away all day: the earlier plan has her at work.
        let away = json!({"from": "2026-03-09T00:00", "to": "2026-03-10T00:00"});
        let away = serde_json::from_value(away).unwrap();
        service.create_absence(&boss, "wang", away, None, NOW).unwrap();
        let Err(Refusal::Outrun { beside, .. }) = back(3) else { panic!("it does not fit") };
        assert_eq!(beside["violations"][0]["rule"], json!("H3"));
        assert_eq!(service.current_plan(&boss, NOW).unwrap().number, 3);
    });
}

/// R131: a promise rests on a plan, and a plan that breaks one says so.
#[test]
fn a_date_is_promised_with_its_plan_and_at_risk_when_a_later_plan_breaks_it() {
    both("promise", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        let none = service.promise_ticket(&boss, "T-1", None, NOW);
        assert!(matches!(none, Err(Refusal::Impossible(_))));
        let published = publish(service, &draft(service), 0).unwrap();
        let promised = service.promise_ticket(&boss, "T-1", Some(1), NOW).unwrap();
        let promise = promised.promise.unwrap();
        assert_eq!(promise.plan, published.digest);
        assert_eq!(promise.finish.to_string(), "2026-03-09T10:00+08:00");
        let away = json!({"from": "2026-03-09T09:00", "to": "2026-03-09T18:00"});
        let away = serde_json::from_value(away).unwrap();
        service.create_absence(&boss, "wang", away, None, NOW).unwrap();
        let risks = |service: &Service| -> Vec<String> {
            let events = service.events(&boss, 0, 200, NOW).unwrap();
            let own = events.iter().filter(|event| event.stream == "promise/T-1");
            let told =
                |e: &Told| format!("{} {} {}", e.kind, e.payload["because"], e.payload["planned"]);
            own.map(told).collect()
        };
        // She is away when she was to do it: nobody knows yet when it will be done.
        let mut told = vec![r#"promise.at_risk "absence" null"#.to_owned()];
        assert_eq!(risks(service), told);
        publish(service, &draft(service), 1).unwrap();
        told.push(r#"promise.at_risk "plan" "2026-03-10T10:00+08:00""#.to_owned());
        assert_eq!(risks(service), told);
        // A plan that says the same tells nothing new.
        publish(service, &draft(service), 2).unwrap();
        assert_eq!(risks(service), told);
        let absences = service.absences(&boss, "wang", (None, 9), NOW).unwrap().items;
        let key = absences[0].id.clone().unwrap();
        service.remove_absence(&boss, "wang", &key, NOW).unwrap();
        publish(service, &draft(service), 3).unwrap();
        told.push(r#"promise.safe null "2026-03-09T10:00+08:00""#.to_owned());
        assert_eq!(risks(service), told);
    });
}

/// R131: a step that took so long that the rest cannot be in time puts the promise at risk.
#[test]
fn a_late_step_puts_a_promise_at_risk_before_anybody_plans_anew() {
    both("late-step", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
        publish(service, &draft(service), 0).unwrap();
        service.promise_ticket(&boss, "T-1", Some(1), NOW).unwrap();
        let report = |end: &str| {
            let row = json!([{"step": "T-1/file", "state": "done", "people": ["wang"],
                "start": "2026-03-09T09:00+08:00", "end": end}]);
            let rows = serde_json::from_value::<Vec<_>>(row).unwrap();
            service.report(&boss, &rows, NOW + 3 * 3_600_000).unwrap();
            let events = service.events(&boss, 0, 100, NOW).unwrap();
            events.iter().filter(|event| event.kind == "promise.at_risk").count()
        };
        // Promised and planned for 10:00: then it is in time, a minute later it is not.
        assert_eq!(report("2026-03-09T10:00+08:00"), 0);
        assert_eq!(report("2026-03-09T10:01+08:00"), 1);
        assert_eq!(report("2026-03-09T10:05+08:00"), 1, "it is told once");
    });
}

#[test]
fn a_ticket_that_is_wrong_in_itself_is_held_back_and_the_others_are_planned() {
    both("held", |service| {
        planned(service);
        let boss = caller(Role::Administrator);
        let new = json!({"id": "T-2", "channel": "web", "service": "filing", "after": ["T-9"]});
        service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        let draft = draft(service);
        assert_eq!(draft.held_back, ["T-2"]);
        assert_eq!(draft.plan.steps[0].ticket, "T-1");
    });
}

/// R240: what a client earns is no part of the question the search is asked.
#[test]
fn the_search_is_told_what_a_client_pays_and_not_what_it_earns() {
    both("engine", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let acme = json!({"id": "acme", "finance": {"annual_value_fen": 7_654_321,
            "turnover_fen": 98_765_432, "taxpayer": "9131X"}});
        service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
        let new = json!({"id": "T-1", "channel": "web", "service": "filing", "client": "acme"});
        service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
        let scenario = service.scenario(&boss, NOW).unwrap();
        assert_eq!(scenario.clients[0].annual_value_fen.0, 7_654_321);
        let text = serde_json::to_string(&scenario).unwrap();
        assert!(!text.contains("98765432") && !text.contains("9131X"));
        let refused = service.scenario(&caller(Role::Dispatcher), NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))));
    });
}
