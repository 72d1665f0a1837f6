//! Warning a client that a promise is at risk: due by itself, in words, within his budget.

use paidan::app::service::desk::{ReplanWish, ShownDue, Sign, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::calendar::Label;
use paidan::desk::life::{Crew, Node};
use paidan::model::people::Absence;
use paidan::policy::desk::Post;
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller};

const HOUR: i64 = 3_600_000;

/// T-1, promised for today; the date, as clients read it.
fn promised(service: &Service) -> String {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let finish = ticket.promise.unwrap().finish.to_string();
    finish[..16].replace('T', " ")
}

fn does(service: &Service, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    let agent = caller(Role::Dispatcher);
    service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

/// Li, who looks over results, is away until noon tomorrow.
fn away(service: &Service) {
    let absence = json!({"from": "2026-03-09T09:00", "to": "2026-03-10T12:00"});
    let absence: Absence = serde_json::from_value(absence).unwrap();
    service.create_absence(&caller(Role::Dispatcher), "li", absence, None, NOW).unwrap();
}

/// What clients are to be warned of until then.
fn due(service: &Service, until_ms: i64) -> Vec<ShownDue> {
    let page = service.desk_due(&caller(Role::Dispatcher), until_ms, None, 100).unwrap();
    page.items.into_iter().filter(|due| due.sign == Sign::TellsClient).collect()
}

fn words(service: &Service) -> Label {
    due(service, NOW).pop().unwrap().words.unwrap()
}

/// R074, R131: that Li is away breaks a promise, and the client is to be warned; with the plan made
/// anew the new date stands in it. Whoever sends it types nothing. Nobody is warned of what was told.
#[test]
fn a_promise_at_risk_is_a_warning_that_only_has_to_be_sent() {
    both("warned-moved", |service| {
        let date = promised(service);
        assert_eq!(due(service, NOW), []);
        away(service);
        let first = due(service, NOW);
        assert_eq!((first.len(), first[0].ticket.as_str()), (1, "T-1"));
        assert_eq!(
            (first[0].post, first[0].name.en.as_str()),
            (Some(Post::Liaison), "warn the client of a date at risk")
        );
        assert_eq!(
            words(service).en,
            format!(
                "It was promised for {date} and may be late: somebody who works on it is away; \
                 the new date follows once it is planned."
            )
        );
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due(service, NOW), first);
        let agent = caller(Role::Dispatcher);
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        let told = words(service);
        let start = format!("原定 {date} 前完成，可能延迟：办理计划有调整；现预计 2026-03-10 1");
        assert!(told.zh.starts_with(&start), "{}", told.zh);
        let period = service.desk_review(&agent, (NOW, 1), NOW).unwrap().period;
        let message = period.messages.iter().find(|row| row.ticket == "T-1").unwrap();
        assert!(message.untold.contains(&(Node::Risk, told.clone())), "{:?}", message.untold);
        does(service, "client_told", json!({"node": "risk"}), NOW);
        let said = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap().pop().unwrap();
        assert_eq!(said.payload["what"], format!("{} / {}", told.zh, told.en));
        assert_eq!(due(service, NOW + HOUR), []);
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due(service, NOW + HOUR), []);
        // Without a warning that is due somebody has to say what.
        let wanted = Wanted { key: "T-1", version: None };
        let empty = doing("client_told", json!({"node": "risk"}));
        assert_eq!(service.desk_do(&agent, wanted, &empty, None, NOW).unwrap_err().code(), "D009");
    });
}

/// R073, R074: a client gets two messages a day. He had both when it came to light, so that he is
/// warned the next day, when the office opens, in Shanghai one in the morning of UTC: there it stands
/// among all that is due, page by page.
#[test]
fn a_warning_is_due_within_the_budget_of_messages() {
    both("warned-budget", |service| {
        promised(service);
        for what in ["taken in", "looked at"] {
            does(service, "client_told", json!({"node": "key", "what": what}), NOW);
        }
        away(service);
        assert_eq!(due(service, NOW + HOUR), []);
        let later = due(service, NOW + 24 * HOUR);
        assert_eq!(later[0].at, "2026-03-10T01:00:00.000Z");
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let agent = caller(Role::Dispatcher);
            let until = NOW + 24 * HOUR;
            let page = service.desk_due(&agent, until, after.as_deref(), 1).unwrap();
            seen.extend(page.items.into_iter().map(|due| due.at));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        assert!(seen.len() > 1 && seen.is_sorted() && seen.contains(&later[0].at), "{seen:?}");
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due(service, NOW + 24 * HOUR), later);
        does(service, "client_told", json!({"node": "risk"}), NOW + 24 * HOUR);
        assert_eq!(due(service, NOW + 24 * HOUR), []);
    });
}

fn crew(service: &Service) -> Crew {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    ticket.desk.unwrap().crew.unwrap()
}

/// R074: what comes up at nine in the evening is told when the office opens at nine in the morning, by
/// whoever talks with the client.
#[test]
fn a_warning_of_the_night_waits_for_the_office_and_names_somebody() {
    both("warned-night", |service| {
        promised(service);
        let night = NOW + 12 * HOUR;
        let until = json!({"wait": "agency", "until_ms": NOW + 72 * HOUR});
        does(service, "wait_begun", until, night);
        assert_eq!(due(service, night), []);
        let told = service.desk_report(&caller(Role::Dispatcher), night).unwrap();
        let risk = &told.at_risk[0];
        assert_eq!((risk.person.clone(), risk.post), (Some(crew(service).driver), None));
        let row = due(service, NOW + 24 * HOUR).remove(0);
        assert_eq!(row.at, "2026-03-10T01:00:00.000Z");
        assert_eq!(row.person, Some(crew(service).liaison));
        assert_eq!(service.rebuild(night, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due(service, NOW + 24 * HOUR), [row]);
        // It goes on after all, and the plan made anew keeps the promise: nothing is at risk that day.
        does(service, "wait_over", json!({"wait": "agency"}), night);
        let agent = caller(Role::Dispatcher);
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        let told = || service.desk_report(&agent, night).unwrap().at_risk;
        assert_eq!(told().len(), 1);
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        assert_eq!(told(), []);
    });
}

/// R071: what went wrong is for whoever drives the ticket: its clock names him before it runs out and
/// when it does, and so does the list of risks.
#[test]
fn an_anomaly_names_who_drives_the_ticket() {
    both("warned-anomaly", |service| {
        promised(service);
        let boss = caller(Role::Administrator);
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        let timer = json!({"id": "anomaly", "label": {"zh": "异常响应", "en": "anomaly"},
            "starts": ["ticket.anomaly_raised"], "stops": ["ticket.anomaly_answered"],
            "goal": {"minutes": 60}, "runs": "working"});
        policy["desk"]["timers"].as_array_mut().unwrap().push(timer);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        let driver = crew(service).driver;
        let he = Caller::person(&driver, Role::Specialist);
        for (kind, payload) in [
            ("acknowledged", json!({})),
            ("begun", json!({})),
            ("anomaly_raised", json!({"what": "the system is down"})),
        ] {
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&he, wanted, &doing(kind, payload), None, NOW).unwrap();
        }
        let agent = caller(Role::Dispatcher);
        let page = service.desk_due(&agent, NOW + 2 * HOUR, None, 100).unwrap().items.into_iter();
        let named: Vec<_> = page
            .filter(|row| row.timer == "anomaly")
            .map(|row| (row.sign, row.person.unwrap()))
            .collect();
        assert_eq!(named, [(Sign::Warns, driver.clone()), (Sign::RunsOut, driver.clone())]);
        for minutes in [50, 61] {
            service.tick(NOW + minutes * HOUR / 60).unwrap();
        }
        let told = service.desk_report(&agent, NOW).unwrap();
        let clocks = told.clocks.iter().filter(|row| row.kind != "ticket.escalated");
        let named: Vec<_> = clocks.filter_map(|row| row.person.as_ref()).collect();
        assert_eq!(named, [&driver, &driver]);
        let period = service.desk_review(&agent, (NOW, 1), NOW).unwrap().period;
        let risk = period.risks.iter().find(|row| row.ticket == "T-1").unwrap();
        assert_eq!((risk.person.as_ref(), risk.post), (Some(&driver), None));
    });
}

/// R074: what an authority keeps until after the promised date is a delay that nobody has to
/// forecast; while the project is blocked marketing tells the client (R187).
#[test]
fn a_wait_beyond_the_promise_is_a_warning_too() {
    both("warned-wait", |service| {
        promised(service);
        let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        let driver = ticket.desk.unwrap().crew.unwrap().driver;
        let he = Caller::person(&driver, Role::Specialist);
        for kind in ["acknowledged", "begun"] {
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&he, wanted, &doing(kind, json!({})), None, NOW).unwrap();
        }
        does(service, "wait_begun", json!({"wait": "agency", "until_ms": NOW + HOUR}), NOW);
        assert_eq!(due(service, NOW), [], "there is time for that");
        does(service, "wait_over", json!({"wait": "agency"}), NOW);
        let until = json!({"wait": "agency", "until_ms": NOW + 24 * HOUR});
        does(service, "wait_begun", until, NOW);
        assert!(words(service).en.contains("it has to wait and cannot go on now"));
        let (row, crew) = (due(service, NOW).remove(0), crew(service));
        assert_eq!((row.post, row.person), (Some(Post::Liaison), Some(crew.liaison)));
        does(service, "blocked", json!({"reason": "the system is down"}), NOW);
        let row = due(service, NOW).remove(0);
        assert_eq!((row.post, row.person), (Some(Post::Marketing), None));
        does(service, "called_off", json!({"reason": "sold the firm"}), NOW);
        assert_eq!(due(service, NOW + HOUR), []);
    });
}
