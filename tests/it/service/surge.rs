//! Emergencies: who begins one, what plans are made with while it lasts, who is told.

use std::collections::BTreeSet;

use paidan::app::service::desk::{SurgeMove, Wanted};
use paidan::app::service::once::Once;
use paidan::app::service::plans::{Draft, DraftWish};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::model::people::{BandKind, Person};
use paidan::model::scenario::Scenario;
use paidan::policy::Policy;
use paidan::policy::desk::Fact;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, read};

const HOUR: i64 = 3_600_000;

/// T-1, promised, of a class that waits in an emergency; T-0, of which the desk knows nothing.
/// Zhao may be called in, and works an hour of overtime a day at the most; so does Wang.
fn firm(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let boss = caller(Role::Administrator);
    let kept = service.policy(&boss).unwrap();
    let mut policy: Value = serde_json::to_value(kept.document).unwrap();
    policy["desk"]["classes"] = json!([
        {"id": "urgent", "label": {"zh": "急", "en": "urgent"}, "curves": []},
        {"id": "low", "label": {"zh": "缓", "en": "low"}, "curves": []}]);
    policy["desk"]["matrix"] = json!([{"cause": "tender", "class": "urgent"}, {"class": "low"}]);
    policy["desk"]["posts"] = json!([
        {"post": "duty_officer", "people": ["night"]}, {"post": "director", "people": ["gao"]}]);
    policy["desk"]["surge"] = json!({
        "weights": {"lambda_urgency": 2_000, "lambda_client_value": 500},
        "frozen_classes": ["low"], "called_in": ["zhao"], "ladder": ["duty_officer", "director"]});
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
    for key in ["wang", "zhao"] {
        let kept = service.person(&boss, key, NOW).unwrap();
        let mut person = serde_json::to_value(kept.document).unwrap();
        let late = json!({"kind": "overtime", "calendar": "office", "cap_day_minutes": 60});
        person["bands"].as_array_mut().unwrap().push(late);
        let person: Person = serde_json::from_value(person).unwrap();
        service.put_person(&boss, key, Some(kept.version), person, NOW).unwrap();
    }
}

fn turn(service: &Service, who: &Caller, is_on: bool) -> Result<Vec<String>, Refusal> {
    let made = SurgeMove { is_on, reason: "the tax system is down".to_owned(), person: None };
    let shown = service.move_surge(who, &made, None, NOW + HOUR)?;
    assert_eq!(shown.is_on, is_on);
    Ok(shown.told.into_iter().map(|rung| rung.name.en).collect())
}

fn scenario(service: &Service) -> Scenario {
    service.scenario(&caller(Role::Reviewer), NOW + HOUR).unwrap()
}

fn tickets(scenario: &Scenario) -> Vec<&str> {
    scenario.tickets.iter().map(|ticket| ticket.id.as_str()).collect()
}

/// Most minutes of overtime a day.
fn cap(scenario: &Scenario, key: &str) -> Option<u32> {
    let person = scenario.people.iter().find(|one| one.id == key).unwrap();
    person.bands.iter().find(|band| band.kind == BandKind::Overtime).unwrap().cap_day_minutes
}

/// R135: whoever is on duty begins an emergency, and the ladder is told in its order. While it
/// lasts plans are made with other weights, leave aside the class that waits, and say so; who is
/// called in works without a cap. It ends as it began.
#[test]
fn an_emergency_changes_what_is_planned_with_until_it_ends() {
    both("surge-plan", |service| {
        firm(service);
        let night = Caller::person("night", Role::Specialist);
        assert!(!service.surge(&night).unwrap().is_on);
        let before = scenario(service);
        assert_eq!((tickets(&before), cap(&before, "zhao")), (vec!["T-0", "T-1"], Some(60)));

        assert_eq!(turn(service, &night, true).unwrap(), ["the duty officer", "a director"]);
        let shown = service.surge(&caller(Role::Dispatcher)).unwrap();
        assert_eq!((shown.is_on, shown.by.as_deref()), (true, Some("night")));
        assert_eq!(shown.since.as_deref(), Some("2026-03-09T02:00:00.000Z"));
        let during = scenario(service);
        assert_eq!(tickets(&during), ["T-0"]);
        let weights = during.policy.weights();
        assert_eq!((weights.lambda_urgency, weights.lambda_client_value), (2_000, 500));
        assert_eq!((cap(&during, "zhao"), cap(&during, "wang")), (None, Some(60)));
        let agent = caller(Role::Dispatcher);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let draft = service.draft(&agent, &wish, None, NOW + HOUR, &mut |_| true).unwrap();
        let draft: Draft = read(&draft);
        assert_eq!(draft.held_back, ["T-1"]);
        assert!(draft.aside[0].why.en.contains("emergency"), "{:?}", draft.aside);

        turn(service, &Caller::person("gao", Role::Reviewer), false).unwrap();
        let after = scenario(service);
        assert_eq!((tickets(&after), cap(&after, "zhao")), (vec!["T-0", "T-1"], Some(60)));
        assert_eq!(after.policy, before.policy);
        let events = service.events(&caller(Role::Reviewer), 0, 500, NOW).unwrap();
        let told: Vec<(&str, &Value)> = events
            .iter()
            .filter(|event| event.stream == "surge/firm")
            .map(|event| (event.kind.as_str(), &event.payload["to"]))
            .collect();
        let (duty, director) = (&json!("duty_officer"), &json!("director"));
        let rungs = [("desk.surge_told", duty), ("desk.surge_told", director)];
        assert_eq!((told[0].0, &told[1..3]), ("desk.surge_begun", &rungs[..]));
        assert_eq!((told[3].0, &told[4..]), ("desk.surge_ended", &rungs[..]));
    });
}

/// R135, R250: where the policy says so an emergency is planned with as soon as it begins, and its
/// end is. T-1 has its hour until then and afterwards.
#[test]
fn an_emergency_is_planned_with_by_itself_when_it_begins_and_ends() {
    both("surge-replan", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let kept = service.policy(&boss).unwrap();
        let mut policy: Value = serde_json::to_value(kept.document).unwrap();
        policy["desk"]["replan"] = json!({"after": ["surge"], "rounds": 1, "is_published": true});
        let policy: Policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        let looked = || service.replan_by_itself(NOW + HOUR).unwrap();
        let has = || {
            let plan = service.current_plan(&caller(Role::Dispatcher), NOW + HOUR).unwrap();
            plan.plan.unwrap().steps.iter().any(|step| step.ticket == "T-1")
        };
        assert_eq!((looked(), has()), (BTreeSet::new(), true));
        for is_on in [true, false] {
            turn(service, &Caller::person("night", Role::Specialist), is_on).unwrap();
            assert_eq!((looked(), has()), (BTreeSet::from([Fact::Surge]), !is_on));
            assert_eq!(looked(), BTreeSet::new());
        }
    });
}

/// R135: what somebody has begun already does not wait, whatever its class.
#[test]
fn what_was_begun_goes_on_in_an_emergency() {
    both("surge-begun", |service| {
        firm(service);
        let agent = caller(Role::Dispatcher);
        let driver = service.ticket(&agent, "T-1", NOW).unwrap().desk.unwrap().crew.unwrap().driver;
        let he = Caller::person(&driver, Role::Specialist);
        for kind in ["acknowledged", "begun"] {
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&he, wanted, &doing(kind, json!({})), None, NOW).unwrap();
        }
        turn(service, &Caller::person("night", Role::Specialist), true).unwrap();
        assert!(tickets(&scenario(service)).contains(&"T-1"));
    });
}

/// R135: who holds no post for it begins no emergency; without a reason nobody does; none begins
/// twice.
#[test]
fn an_emergency_is_begun_by_who_answers_for_it_and_once() {
    both("surge-may", |service| {
        firm(service);
        let code = |done: Result<Vec<String>, Refusal>| done.unwrap_err().code();
        let night = Caller::person("night", Role::Specialist);
        for who in [caller(Role::Dispatcher), Caller::person("wang", Role::Specialist)] {
            assert_eq!(code(turn(service, &who, true)), "D027", "{}", who.actor);
        }
        let outside = turn(service, &caller(Role::Ticketing), true);
        assert!(matches!(outside, Err(Refusal::Forbidden(_))));
        let bare = SurgeMove { is_on: true, reason: " ".to_owned(), person: None };
        assert_eq!(service.move_surge(&night, &bare, None, NOW).unwrap_err().code(), "D009");
        assert!(matches!(turn(service, &night, false), Err(Refusal::Impossible(_))));
        turn(service, &night, true).unwrap();
        assert!(matches!(turn(service, &night, true), Err(Refusal::Impossible(_))));
        // The owner of the machine says that the director ended it.
        let person = Some("gao".to_owned());
        let made = SurgeMove { is_on: false, reason: "it is up again".to_owned(), person };
        let owner = Caller::machine_owner();
        let once = Once::new(&owner, "POST /v1/desk/surge", "k1", b"body");
        let [shown, again] = [NOW, NOW + 1]
            .map(|now_ms| service.move_surge(&owner, &made, Some(&once), now_ms).unwrap());
        assert_eq!((shown.is_on, shown.by.as_deref()), (false, Some("gao")));
        // What is sent again is answered alike, and as it stands.
        assert_eq!((&again, &service.surge(&owner).unwrap()), (&shown, &shown));
    });
}

/// R135: why there is an emergency, and who was called, is told to nobody outside.
#[test]
fn an_emergency_is_told_to_who_works_here() {
    both("surge-told", |service| {
        firm(service);
        for role in Role::ALL {
            let told = service.surge(&caller(role)).is_ok();
            assert_eq!(told, role != Role::Ticketing, "{role:?}");
        }
    });
}
