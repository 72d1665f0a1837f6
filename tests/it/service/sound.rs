//! One wrong record does not stop the planning of everything else.

use paidan::app::service::plans::{Draft, DraftWish};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::TicketChange;
use paidan::app::service::{Refusal, Service};
use paidan::model::scenario::Progress;
use serde_json::{Value, json};

use super::{NOW, base, both, caller, filing, firm, read, wang};

/// NOW + 2 h: eleven o'clock.
const ELEVEN: i64 = NOW + 7_200_000;

fn draft(service: &Service, now_ms: i64) -> Draft {
    let wish = DraftWish { rounds: 2, seed: 1 };
    let dispatcher = caller(Role::Dispatcher);
    read(&service.draft(&dispatcher, &wish, None, now_ms, &mut |_| true).unwrap())
}

fn change(service: &Service, key: &str, wish: Value) {
    let wish: TicketChange = serde_json::from_value(wish).unwrap();
    service.change_ticket(&caller(Role::Administrator), key, None, wish, NOW).unwrap();
}

/// A row of progress of ten o'clock: done in an hour by these.
fn done(step: &str, people: &[&str]) -> Vec<Progress> {
    let row = json!({"step": step, "state": "done", "people": people,
        "start": "2026-03-09T09:00", "end": "2026-03-09T10:00"});
    vec![serde_json::from_value(row).unwrap()]
}

/// A firm with T-1, and T-2 after it.
fn two(service: &Service) {
    firm(service);
    let boss = caller(Role::Administrator);
    service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
    let new = json!({"id": "T-2", "channel": "web", "service": "filing", "after": ["T-1"]});
    service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
}

#[test]
fn a_ticket_after_one_that_is_done_is_planned() {
    both("after-done", |service| {
        two(service);
        change(service, "T-1", json!({"state": "done"}));
        let draft = draft(service, NOW);
        assert!(draft.aside.is_empty());
        assert_eq!(draft.plan.steps[0].ticket, "T-2");
    });
}

#[test]
fn a_ticket_after_one_that_was_called_off_waits_until_that_is_changed() {
    both("after-cancelled", |service| {
        two(service);
        service.cancel_ticket(&caller(Role::Administrator), "T-1", None, NOW).unwrap();
        let held = draft(service, NOW);
        assert_eq!(held.held_back, ["T-2"]);
        assert!(held.aside[0].why.en.contains("T-1, which was called off"));
        change(service, "T-2", json!({"after": []}));
        assert_eq!(draft(service, NOW).plan.steps[0].ticket, "T-2");
    });
}

#[test]
fn progress_that_cannot_be_is_refused_and_what_was_a_mistake_is_taken_back() {
    both("progress", |service| {
        two(service);
        let agent = caller(Role::Specialist);
        for (step, people) in [("T-1/typo", &["wang"][..]), ("T-1/file", &[][..])] {
            let refused = service.report(&agent, &done(step, people), ELEVEN);
            assert!(matches!(refused, Err(Refusal::Faulty { .. })), "{step}");
        }
        // At nine it has not ended yet.
        let early = service.report(&agent, &done("T-1/file", &["wang"]), NOW);
        assert!(matches!(early, Err(Refusal::Faulty { .. })));
        service.report(&agent, &done("T-1/file", &["wang"]), ELEVEN).unwrap();
        let boss = caller(Role::Administrator);
        let removed = service.remove_person(&boss, "wang", None, ELEVEN);
        assert!(matches!(removed, Err(Refusal::Impossible(_))));
        service.take_back(&agent, "T-1", "file", ELEVEN).unwrap();
        let again = service.take_back(&agent, "T-1", "file", ELEVEN);
        assert!(matches!(again, Err(Refusal::Unknown { .. })));
        assert!(service.scenario(&boss, ELEVEN).unwrap().progress.is_empty());
    });
}

#[test]
fn people_clients_and_bases_that_do_not_fit_are_refused() {
    both("unfit", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let mut stranger = wang();
        (stranger.id, stranger.skills[0].skill) = ("li".to_owned(), "law".to_owned());
        let refused = service.create_person(&boss, &stranger, None, NOW);
        assert!(matches!(refused, Err(Refusal::Faulty { .. })));
        let client = serde_json::from_value(json!({"site": "moon"})).unwrap();
        let refused = service.create_client(&boss, client, None, NOW);
        assert!(matches!(refused, Err(Refusal::Faulty { .. })));
        let mut other = base();
        (other.skills, other.services) = (Vec::new(), Vec::new());
        let Err(Refusal::Faulty { issues, .. }) = service.put_base(&boss, Some(1), other, NOW)
        else {
            panic!("a base without the skill of somebody")
        };
        assert!(issues[0].en.starts_with("wang: "));
    });
}

/// The report was of eleven o'clock and is told at nine: it speaks of what is still to come.
#[test]
fn a_report_that_cannot_be_is_set_aside_and_told() {
    both("aside", |service| {
        two(service);
        service.report(&caller(Role::Specialist), &done("T-1/file", &["wang"]), ELEVEN).unwrap();
        let draft = draft(service, NOW);
        let told: Vec<&str> = draft.aside.iter().map(|one| one.key.as_str()).collect();
        assert_eq!((told, draft.plan.steps.len()), (vec!["T-1/file"], 2));
    });
}

#[test]
fn a_trainee_loses_a_mentor_who_left_and_is_planned_with_as_before() {
    both("mentor", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let (mut mentor, mut trainee) = (wang(), wang());
        mentor.id = "li".to_owned();
        (trainee.id, trainee.trainee) = ("zhao".to_owned(), true);
        trainee.mentors = vec!["li".to_owned(), "wang".to_owned()];
        service.create_person(&boss, &mentor, None, NOW).unwrap();
        service.create_person(&boss, &trainee, None, NOW).unwrap();
        service.remove_person(&boss, "li", None, NOW).unwrap();
        let people = service.scenario(&boss, NOW).unwrap().people;
        let trainee = people.iter().find(|one| one.id == "zhao").unwrap();
        assert_eq!(trainee.mentors, ["wang"]);
    });
}
