//! What happened to a ticket at the desk is planned with, whether or not anybody reported its steps.

use paidan::app::service::desk::Wanted;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::{Aside, Caller, Service};
use paidan::model::people::Person;
use paidan::model::scenario::{ProgressState, Scenario};
use paidan::model::ticket::Ticket;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, read, replan};

const MINUTE: i64 = 60_000;

fn driver(service: &Service) -> Caller {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    Caller::person(&ticket.desk.unwrap().crew.unwrap().driver, Role::Specialist)
}

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// T-1, an hour of filing and an hour of looking over it, begun at half past nine.
fn begun(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let driver = driver(service);
    does(service, &driver, "acknowledged", json!({}), NOW);
    does(service, &driver, "begun", json!({}), NOW + 30 * MINUTE);
}

fn reviewed(service: &Service) {
    begun(service);
    let nothing = || json!({"items": []});
    does(service, &driver(service), "self_checked", nothing(), NOW + 50 * MINUTE);
    let li = Caller::person("li", Role::Reviewer);
    does(service, &li, "reviewed", nothing(), NOW + 55 * MINUTE);
}

fn scenario(service: &Service) -> Scenario {
    service.scenario(&caller(Role::Reviewer), NOW + 60 * MINUTE).unwrap()
}

fn has(service: &Service, key: &str) -> bool {
    scenario(service).tickets.iter().any(|ticket| ticket.id == key)
}

/// What is said of the steps of T-1 at ten o'clock.
fn said(service: &Service) -> Vec<(String, ProgressState, Option<u32>)> {
    let rows = scenario(service).progress.into_iter();
    let mut rows: Vec<_> = rows.map(|row| (row.step, row.state, row.remaining_minutes)).collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows
}

/// R250: begun at half past nine and reported by nobody, half of the first hour is left at ten, and
/// a plan made then lets it go on. What its driver looked over is done, and what the reviewer did
/// is, too. Whoever reports counts before that.
#[test]
fn what_was_begun_and_looked_over_is_progress_for_the_next_plan() {
    let row = |step: &str, state, left| (format!("T-1/{step}"), state, left);
    both("worked-begun", |service| {
        begun(service);
        assert_eq!(said(service), [row("file", ProgressState::Begun, Some(30))]);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let (agent, later) = (caller(Role::Dispatcher), NOW + 60 * MINUTE);
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        let mut steps = draft.plan.steps.iter().filter(|step| step.ticket == "T-1");
        let file = steps.find(|step| step.step == "file").unwrap().clone();
        let end = file.end.map(|end| end.to_string());
        assert_eq!(end.as_deref(), Some("2026-03-09T10:30+08:00"));
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        let reported = json!([{"step": "T-1/file", "state": "begun", "people": file.people,
            "start": "2026-03-09T09:30", "remaining_minutes": 50}]);
        let reported: Vec<_> = serde_json::from_value(reported).unwrap();
        service.report(&agent, &reported, later).unwrap();
        assert_eq!(said(service), [row("file", ProgressState::Begun, Some(50))]);
    });
    // Nobody works on what waits, or on what somebody else is to go on with.
    let until = NOW + 24 * 60 * MINUTE;
    let rests = [
        ("wait_begun", json!({"wait": "agency", "until_ms": until})),
        ("blocked", json!({"reason": "no chop", "until_ms": until})),
        ("owner_change_asked", json!({"reason": "does not answer"})),
    ];
    for (kind, payload) in rests {
        both("worked-rests", |service| {
            begun(service);
            let at = NOW + 45 * MINUTE;
            does(service, &caller(Role::Dispatcher), kind, payload.clone(), at);
            assert_eq!(said(service), [], "{kind}");
        });
    }
    both("worked-reviewed", |service| {
        reviewed(service);
        let done =
            [row("check", ProgressState::Done, None), row("file", ProgressState::Done, None)];
        assert_eq!(said(service), done);
    });
}

/// R062, R071: begun at half past nine, it rests from a quarter to ten on: three quarters of an hour
/// are left of it, planned from tomorrow on, and an eighth of the price is earned. At a quarter past
/// ten it goes on after all, and at half past ten half an hour is left.
#[test]
fn what_rests_keeps_what_was_worked() {
    both("worked-kept", |service| {
        begun(service);
        let agent = caller(Role::Dispatcher);
        let wait = json!({"wait": "agency", "until_ms": NOW + 24 * 60 * MINUTE});
        does(service, &agent, "wait_begun", wait, NOW + 45 * MINUTE);
        let ticket = || scenario(service).tickets.into_iter().find(|one| one.id == "T-1").unwrap();
        let left = |ticket: Ticket| {
            let rows = ticket.adjust.into_iter();
            rows.map(|row| (row.step, row.minutes)).collect::<Vec<_>>()
        };
        assert_eq!((said(service), left(ticket())), (vec![], vec![("file".to_owned(), Some(45))]));
        let dossier = service.dossier(&agent, "T-1", NOW + 120 * MINUTE).unwrap();
        assert_eq!(dossier.calling_off.unwrap().billed_fen, 6_250);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let later = NOW + 60 * MINUTE;
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        let file = draft.plan.steps.iter().find(|step| step.ticket == "T-1").unwrap();
        let times = (file.start.to_string(), file.end.unwrap().to_string());
        let tomorrow = ["2026-03-10T09:00+08:00", "2026-03-10T09:45+08:00"].map(str::to_owned);
        assert_eq!(times, tomorrow.into());
        does(service, &agent, "wait_over", json!({"wait": "agency"}), NOW + 75 * MINUTE);
        let rows = service.scenario(&caller(Role::Reviewer), NOW + 90 * MINUTE).unwrap().progress;
        assert_eq!(rows.iter().map(|row| row.remaining_minutes).collect::<Vec<_>>(), [Some(30)]);
        let dossier = service.dossier(&agent, "T-1", NOW + 90 * MINUTE).unwrap();
        assert_eq!(dossier.calling_off.unwrap().billed_fen, 12_500);
    });
}

/// R062, R071: by a plan in force that has only what is left of a step, the same is earned as by the
/// one before: a quarter of an hour of two.
#[test]
fn what_was_worked_is_earned_by_a_plan_without_it_too() {
    both("worked-earned", |service| {
        begun(service);
        let (agent, later) = (caller(Role::Dispatcher), NOW + 60 * MINUTE);
        let wait = json!({"wait": "agency", "until_ms": NOW + 24 * 60 * MINUTE});
        does(service, &agent, "wait_begun", wait, NOW + 45 * MINUTE);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        let dossier = service.dossier(&agent, "T-1", later).unwrap();
        assert_eq!(dossier.calling_off.unwrap().billed_fen, 6_250);
    });
}

/// R062, R248: a wait of which nobody says when it ends is no work either. Begun at half past nine,
/// it waits from a quarter to ten on: at ten three quarters of an hour are left, and at eleven an
/// eighth of the price is earned. It goes on at a quarter past eleven, half an hour is left at half
/// past.
#[test]
fn a_wait_without_a_date_counts_as_no_work_in_plan_and_bill() {
    let waits = [
        json!({"wait": "agency"}),
        json!({"wait": "client"}),
        json!({"wait": "payment"}),
        json!({"wait": "partner"}),
    ];
    for wait in waits {
        both("worked-undated", |service| {
            begun(service);
            let agent = caller(Role::Dispatcher);
            does(service, &agent, "wait_begun", wait.clone(), NOW + 45 * MINUTE);
            let left = |left: u32| vec![("T-1/file".to_owned(), ProgressState::Begun, Some(left))];
            assert_eq!(said(service), left(45), "{wait}");
            let dossier = service.dossier(&agent, "T-1", NOW + 120 * MINUTE).unwrap();
            assert_eq!(dossier.calling_off.unwrap().billed_fen, 6_250);
            does(service, &agent, "wait_over", wait.clone(), NOW + 135 * MINUTE);
            let scenario = service.scenario(&caller(Role::Reviewer), NOW + 150 * MINUTE).unwrap();
            let rows = scenario.progress.iter().map(|row| row.remaining_minutes);
            assert_eq!(rows.collect::<Vec<_>>(), [Some(30)]);
        });
    }
}

/// R062, R189: a quarter of an hour was worked when the client wanted somebody else: three quarters
/// are planned for whoever goes on with it, nothing is worked until he begins, and a quarter of an
/// hour after that a quarter of the price is earned.
#[test]
fn who_goes_on_with_a_step_has_what_others_did_of_it_behind_him() {
    both("worked-other", |service| {
        begun(service);
        let (agent, before) = (caller(Role::Dispatcher), driver(service));
        let leaves = json!({"reason": "does not answer"});
        does(service, &agent, "owner_change_asked", leaves, NOW + 45 * MINUTE);
        let left = |at_ms: i64| {
            let scenario = service.scenario(&caller(Role::Reviewer), at_ms).unwrap();
            let ticket = scenario.tickets.into_iter().find(|one| one.id == "T-1").unwrap();
            let rows = ticket.adjust.into_iter();
            rows.map(|row| (row.step, row.minutes)).collect::<Vec<_>>()
        };
        let rest = || vec![("file".to_owned(), Some(45))];
        assert_eq!((said(service), left(NOW + 60 * MINUTE)), (vec![], rest()));
        let (wish, later) = (DraftWish { rounds: 1, seed: 1 }, NOW + 60 * MINUTE);
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        let next = driver(service);
        assert_ne!(next.actor, before.actor);
        does(service, &next, "acknowledged", json!({}), NOW + 65 * MINUTE);
        assert_eq!(left(NOW + 80 * MINUTE), rest());
        does(service, &next, "begun", json!({}), NOW + 90 * MINUTE);
        let scenario = service.scenario(&caller(Role::Reviewer), NOW + 105 * MINUTE).unwrap();
        let rows = scenario.progress.iter().map(|row| row.remaining_minutes);
        assert_eq!(rows.collect::<Vec<_>>(), [Some(30)]);
        // Half an hour of the two that were promised.
        let dossier = service.dossier(&agent, "T-1", NOW + 105 * MINUTE).unwrap();
        assert_eq!(dossier.calling_off.unwrap().billed_fen, 12_500);
        assert_eq!(service.rebuild(NOW + 105 * MINUTE, &mut |_, _| {}).unwrap().changed, 0);
    });
}

/// R091: the layout was to come on the tenth, and no plan began before it. Accepted without it, or
/// found complete by word of the authority, nobody waits for it any more.
#[test]
fn what_is_accepted_without_is_not_waited_for() {
    for found in ["tolerated", "complete"] {
        both("worked-tolerated", |service| {
            weighed_ticket(service);
            accept(service, &quote(service, "T-1")).unwrap();
            let agent = caller(Role::Dispatcher);
            does(service, &agent, "material_asked", json!({"items": ["layout"]}), NOW);
            let due = json!({"items": ["layout"], "by_ms": NOW + 24 * 60 * MINUTE});
            does(service, &agent, "client_due", due, NOW);
            let release = || {
                let ticket = scenario(service).tickets.into_iter().find(|one| one.id == "T-1");
                ticket.unwrap().release.map(|release| release.to_string())
            };
            assert_eq!(release().as_deref(), Some("2026-03-10T09:00+08:00"));
            let judged = json!({"item": "layout", "found": found, "expires_ms": null});
            does(service, &agent, "material_judged", judged, NOW);
            assert_eq!(release(), None);
        });
    }
}

/// Of two hours half an hour is worked when it is called off: a quarter of 500 yuan is billed,
/// though nobody reported a step.
#[test]
fn what_was_begun_is_billed_when_it_is_called_off() {
    both("worked-off", |service| {
        begun(service);
        let agent = caller(Role::Dispatcher);
        let dossier = service.dossier(&agent, "T-1", NOW + 60 * MINUTE).unwrap();
        assert_eq!(dossier.calling_off.unwrap().billed_fen, 12_500);
    });
}

/// R084, R250: what the client has takes nobody's time and is at risk by no plan, and what comes
/// after it may begin; what came back is planned again.
#[test]
fn what_was_delivered_is_not_planned_until_it_comes_back() {
    both("worked-delivered", |service| {
        reviewed(service);
        assert!(has(service, "T-1"));
        let agent = caller(Role::Dispatcher);
        let after = serde_json::from_value(json!({"after": ["T-1"]})).unwrap();
        service.change_ticket(&agent, "T-0", None, after, NOW).unwrap();
        assert!(has(service, "T-0"));
        let li = Caller::person("li", Role::Reviewer);
        does(service, &li, "delivered", json!({"steps": []}), NOW + 60 * MINUTE);
        assert!(!has(service, "T-1"));
        assert!(has(service, "T-0"), "it comes after what is done");
        let wish = DraftWish { rounds: 1, seed: 1 };
        let later = NOW + 60 * MINUTE;
        let draft: Draft = read(&service.draft(&agent, &wish, None, later, &mut |_| true).unwrap());
        assert!(draft.aside.iter().all(|one| one.key != "T-1"), "{:?}", draft.aside);
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, later).unwrap();
        let told = service.events(&agent, 0, 500, later).unwrap();
        assert!(told.iter().all(|event| event.kind != "promise.at_risk"));
        let back = json!({"reason": "wrong period", "code": "figures"});
        does(service, &agent, "returned", back, later);
        assert!(has(service, "T-1"));
    });
}

/// R072: filed by a quarter to ten and looked over by ten to, as was reported, and back at three
/// minutes to ten: both hours are to be worked once more, of which three minutes are by ten. Reported
/// done since, the filing is.
#[test]
fn what_came_back_takes_its_time_again() {
    both("worked-rework", |service| {
        reviewed(service);
        let (agent, at) = (caller(Role::Dispatcher), |minute: i64| NOW + minute * MINUTE);
        let filed = driver(service).actor.replace("person/", "");
        let done = |step: &str, who: &str, from: &str, to: &str| {
            json!({"step": format!("T-1/{step}"), "state": "done", "people": [who],
                "start": format!("2026-03-09T{from}"), "end": format!("2026-03-09T{to}")})
        };
        let report = |rows: Value, now_ms: i64| {
            let rows: Vec<_> = serde_json::from_value(rows).unwrap();
            service.report(&agent, &rows, now_ms).unwrap();
        };
        let file = done("file", &filed, "09:30", "09:45");
        report(json!([file, done("check", "li", "09:45", "09:50")]), at(56));
        let row = |step: &str, state, left| (format!("T-1/{step}"), state, left);
        let both_done =
            [row("check", ProgressState::Done, None), row("file", ProgressState::Done, None)];
        assert_eq!(said(service), both_done);
        does(service, &agent, "returned", json!({"reason": "wrong form"}), at(57));
        assert_eq!(said(service), [row("file", ProgressState::Begun, Some(57))]);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let draft: Draft =
            read(&service.draft(&agent, &wish, None, at(60), &mut |_| true).unwrap());
        let end = |name: &str| {
            let mut steps = draft.plan.steps.iter().filter(|step| step.ticket == "T-1");
            let step = steps.find(|step| step.step == name).unwrap();
            step.end.unwrap().minute()
        };
        // 57 minutes, and an hour behind them.
        assert!(end("check") - end("file") >= 60);
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
        service.publish(&agent, &wish, None, at(60)).unwrap();
        report(json!([done("file", &filed, "09:57", "09:59")]), at(60));
        assert_eq!(said(service), [row("file", ProgressState::Done, None)]);
    });
}

/// R061: a minimum that came into force after the review holds the result back, too, until what is
/// stated is corrected.
#[test]
fn a_minimum_in_force_since_the_review_is_kept_before_the_result_goes_out() {
    both("worked-floor", |service| {
        reviewed(service);
        let mut policy = serde_json::to_value(replan::policy(&json!([]))).unwrap();
        policy["desk"]["floors"] = json!([{"field": "base", "from": "2026-03-10",
            "least_fen": 500_000, "reason": {"zh": "市政府公告", "en": "the city's notice"}}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
        let (agent, tuesday) = (caller(Role::Dispatcher), NOW + 24 * 60 * MINUTE);
        let states = |amount: &str, now_ms: i64| {
            let stated = json!({"attributes": [{"name": "base", "value": amount}],
                "reason": "a new minimum"});
            let stated = serde_json::from_value(stated).unwrap();
            service.change_ticket(&agent, "T-1", None, stated, now_ms).unwrap();
        };
        states("4,999.99", NOW + 60 * MINUTE);
        let out = doing("delivered", json!({"steps": []}));
        let wanted = || Wanted { key: "T-1", version: None };
        let refused = service.desk_do(&agent, wanted(), &out, None, tuesday).unwrap_err();
        assert!(refused.label().en.contains("¥5,000.00"), "{:?}", refused.label());
        states("5,000", tuesday);
        service.desk_do(&agent, wanted(), &out, None, tuesday).unwrap();
    });
}

/// R049: a regulation that came into force after the review holds the result back until it is checked
/// against that.
#[test]
fn a_regulation_in_force_since_the_review_is_checked_before_the_result_goes_out() {
    both("worked-regulation", |service| {
        reviewed(service);
        let mut policy = serde_json::to_value(replan::policy(&json!([]))).unwrap();
        policy["desk"]["regulations"] =
            json!([{"version": "2026-2", "services": ["filing"], "from": "2026-03-10"}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
        let (driver, tuesday) = (driver(service), NOW + 24 * 60 * MINUTE);
        let wanted = || Wanted { key: "T-1", version: None };
        let out = doing("delivered", json!({"steps": []}));
        let refused = service.desk_do(&driver, wanted(), &out, None, tuesday).unwrap_err();
        assert_eq!(refused.code(), "D029");
        let li = Caller::person("li", Role::Reviewer);
        does(service, &li, "regulation_checked", json!({"version": "2026-2"}), tuesday);
        service.desk_do(&driver, wanted(), &out, None, tuesday).unwrap();
    });
}

/// R041, R250: Sun, whom no plan has on T-1, is given it by hand and begins. The next plan has him on
/// it, whose hour he has been at for half, and books nobody else for it.
#[test]
fn who_was_given_a_ticket_by_hand_is_planned_with() {
    both("worked-by-hand", |service| {
        given_to_sun(service);
        assert_eq!(plan_of(service, NOW).0, his());
        let sun = Caller::person("sun", Role::Specialist);
        does(service, &sun, "acknowledged", json!({}), NOW);
        does(service, &sun, "begun", json!({}), NOW + 30 * MINUTE);
        let scenario: Scenario =
            service.scenario(&caller(Role::Reviewer), NOW + 60 * MINUTE).unwrap();
        let row = scenario.progress.iter().find(|row| row.step == "T-1/file").unwrap();
        assert_eq!((row.state, row.remaining_minutes), (ProgressState::Begun, Some(30)));
        assert_eq!(row.people, ["sun"]);
        assert_eq!(plan_of(service, NOW + 60 * MINUTE).0, his());
        // What he has checked is done, though no plan in force has him on it.
        does(service, &sun, "self_checked", json!({"items": []}), NOW + 70 * MINUTE);
        let later = NOW + 80 * MINUTE;
        let scenario: Scenario = service.scenario(&caller(Role::Reviewer), later).unwrap();
        let row = scenario.progress.iter().find(|row| row.step == "T-1/file").unwrap();
        assert_eq!(
            (row.state, row.people.as_slice()),
            (ProgressState::Done, &["sun".to_owned()][..])
        );
    });
}

/// R041, R065: who fell ill, or has lost the skill, holds nothing up: the step is planned with who is
/// there, and the draft says whom it was to be for.
#[test]
fn who_cannot_work_on_what_he_was_given_is_told_and_planned_around() {
    both("worked-by-hand-ill", |service| {
        let sun = given_to_sun(service);
        let boss = caller(Role::Administrator);
        let unfit = Person { skills: Vec::new(), ..sun };
        service.put_person(&boss, "sun", Some(1), unfit, NOW).unwrap();
        let told = |service: &Service| {
            let (people, aside) = plan_of(service, NOW);
            assert!(people.len() == 2 && people[0] != ["sun"], "{people:?}");
            let pins = aside.into_iter().filter(|one| one.kind == "pin");
            pins.map(|one| (one.key, one.why.en)).collect::<Vec<_>>()
        };
        let lost = told(service);
        assert_eq!(lost.len(), 1);
        assert!(lost[0].0 == "T-1/file" && lost[0].1.contains("does not hold"), "{lost:?}");
        let kept = service.person(&boss, "sun", NOW).unwrap();
        let able = Person { id: "sun".to_owned(), ..super::wang() };
        service.put_person(&boss, "sun", Some(kept.version), able, NOW).unwrap();
        let away = json!({"from": "2026-03-09T09:00", "to": "2026-03-13T00:00"});
        let away = serde_json::from_value(away).unwrap();
        service.create_absence(&boss, "sun", away, None, NOW).unwrap();
        let ill = told(service);
        assert_eq!(ill.len(), 1);
        assert!(ill[0].1.contains("sun, who has it by hand, is away"), "{ill:?}");
    });
}

/// T-1, promised with others, given by hand to Sun, with Li to look over it.
fn given_to_sun(service: &Service) -> Person {
    weighed_ticket(service);
    let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
    accept(service, &quote(service, "T-1")).unwrap();
    let sun = Person { id: "sun".to_owned(), ..super::wang() };
    service.create_person(&boss, &sun, None, NOW).unwrap();
    let crew = json!({"driver": "sun", "liaison": "sun", "reviewer": "li"});
    let to = json!({"crew": crew, "reason": "he knows the client"});
    does(service, &agent, "reassigned", to, NOW);
    sun
}

fn his() -> Vec<Vec<String>> {
    vec![vec!["sun".to_owned()], vec!["li".to_owned()]]
}

/// Who a draft of this moment has on the steps of T-1, and what it was made without.
fn plan_of(service: &Service, now_ms: i64) -> (Vec<Vec<String>>, Vec<Aside>) {
    let wish = DraftWish { rounds: 1, seed: 1 };
    let agent = caller(Role::Dispatcher);
    let draft = service.draft(&agent, &wish, None, now_ms, &mut |_| true).unwrap();
    let draft: Draft = read(&draft);
    let steps = draft.plan.steps.into_iter().filter(|step| step.ticket == "T-1");
    (steps.map(|step| step.people).collect(), draft.aside)
}
