//! Levels of response: what calls for a higher one is due until it is passed on, and on record.

use std::sync::Arc;

use paidan::app::service::desk::{ShownDue, Sign, Wanted};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::model::people::Person;
use paidan::model::quote::OptionKind;
use paidan::policy::Policy;
use paidan::policy::desk::Post;
use paidan::store::{Batch, Memory, Shared, Write};
use serde_json::{Value, json};

use super::desk::{doing, happen};
use super::drive::{weighed_ticket, weighed_ticket_of};
use super::{NOW, both, caller, read};

/// T-1, weighed, urgent, takes two fields: a specialist is for two, a director for two departments.
fn lay(service: &Service, by_itself: bool) {
    weighed_ticket(service);
    lay_down(service, by_itself);
}

fn lay_down(service: &Service, by_itself: bool) {
    let boss = caller(Role::Administrator);
    track(service, "urgent");
    for (id, team) in [("wang", "tax"), ("zhao", "tax"), ("li", "audit")] {
        let kept = service.person(&boss, id, NOW).unwrap();
        let mut person = serde_json::to_value(kept.document).unwrap();
        person["team"] = json!(team);
        let person: Person = serde_json::from_value(person).unwrap();
        service.put_person(&boss, id, Some(kept.version), person, NOW).unwrap();
    }
    let mut policy = serde_json::to_value(service.policy(&boss).unwrap().document).unwrap();
    policy["desk"]["levels"] = json!([
        {"level": 1, "post": "agent", "timer": "l1"},
        {"level": 2, "post": "specialist", "timer": "l1", "from_skills": 2,
            "by_itself": by_itself},
        {"level": 3, "post": "director", "timer": "l1", "from_departments": 2}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, None, policy, NOW).unwrap();
    while service.wind(NOW).unwrap() {}
    service.tick(NOW).unwrap();
}

fn track(service: &Service, track: &str) {
    let wish = serde_json::from_value(json!({"track": track})).unwrap();
    service.change_ticket(&caller(Role::Administrator), "T-1", None, wish, NOW).unwrap();
}

/// T-1 is promised on the urgent track, by a plan in which Li looks over what Wang or Zhao does.
fn accept_urgent(service: &Service) {
    let ticket = json!({"id": "T-1", "service": "filing", "track": "urgent"});
    let request = json!({"format": "paidan-request/1", "tickets": [ticket]});
    let request = serde_json::from_value(request).unwrap();
    let agent = caller(Role::Dispatcher);
    let quoted: Quoted = read(&service.quote(&agent, &request, None, NOW).unwrap());
    let mut kinds = quoted.quote.options.iter().map(|option| option.kind);
    let kind = kinds.rfind(|kind| *kind != OptionKind::NormalTrack).unwrap();
    service.accept(&agent, &quoted.id, kind, None, NOW).unwrap();
    service.tick(NOW).unwrap();
}

/// What is to be passed on.
fn due(service: &Service) -> Vec<ShownDue> {
    let page = service.desk_due(&caller(Role::Dispatcher), NOW, None, 100).unwrap();
    page.items.into_iter().filter(|due| due.timer == "response").collect()
}

/// What was said of levels of response.
fn called(service: &Service) -> Vec<Value> {
    let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap().into_iter();
    events.filter(|one| one.kind == "ticket.level_called").map(|one| one.payload).collect()
}

fn passed_on_by(service: &Service) -> Option<Post> {
    let agent = caller(Role::Dispatcher);
    service.dossier(&agent, "T-1", NOW).unwrap().response.unwrap().passed_on_by
}

/// R125, R126, R128: two fields call for a specialist. That is on record once, with why, and due for
/// the client's agent until he passes it on; the log alone tells it again.
#[test]
fn what_calls_for_a_specialist_is_due_until_it_is_passed_on() {
    both("response-due", |service| {
        lay(service, false);
        let told = called(service);
        assert_eq!(told.len(), 1);
        let expected = json!({"timer": "response", "run": 2, "due_ms": NOW, "level": 2, "held": 1,
            "skills": 2, "departments": 0, "client": null, "to": "agent"});
        assert_eq!(told[0], expected);
        let list = due(service);
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].ticket.as_str(), list[0].sign), ("T-1", Sign::PassesOn));
        assert_eq!((list[0].post, passed_on_by(service)), (Some(Post::Agent), Some(Post::Agent)));
        let name = "pass it on to level 2 (a specialist): special fields: 2, departments: 0";
        assert_eq!(list[0].name.en, name);
        assert_eq!(list[0].name.zh, "升至 2 级响应（财税专员）：涉及专业领域 2 个、部门 0 个");
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
        assert_eq!(due(service), list);
        service.tick(NOW).unwrap();
        assert_eq!(called(service).len(), 1, "it is told once");
        let passes = doing("passed_to_specialist", json!({"reason": "tax"}));
        happen(service, &caller(Role::Dispatcher), "T-1", &passes).unwrap();
        assert_eq!((due(service), passed_on_by(service)), (vec![], None));
    });
}

/// R127, R128: the plan names who knows the field, so that nobody has to find a specialist any more;
/// its people are of two departments, so that the specialist passes it on to the director.
#[test]
fn two_departments_call_for_the_director() {
    both("response-director", |service| {
        lay(service, false);
        accept_urgent(service);
        let told = called(service).pop().unwrap();
        let parts = (&told["level"], &told["held"], &told["departments"], &told["to"]);
        assert_eq!(parts, (&json!(3), &json!(2), &json!(2), &json!("specialist")));
        let list = due(service);
        assert_eq!((list.len(), list[0].post), (1, Some(Post::Specialist)));
        let passes = doing("passed_to_director", json!({"reason": "tax and audit"}));
        happen(service, &caller(Role::Dispatcher), "T-1", &passes).unwrap();
        assert_eq!(due(service), []);
        service.tick(NOW).unwrap();
        assert_eq!(called(service).len(), 2);
    });
}

/// R043, R128: somebody who talks with the client and somebody who looks over the result are of every
/// ticket: their departments call for no director.
#[test]
fn the_usual_three_call_for_no_director() {
    both("response-three", |service| {
        let seat = |skill: &str, role: &str| json!([{"skill": skill, "level": 3, "role": role}]);
        let steps = json!([
            {"id": "file", "seats": seat("tax", "driver"), "minutes": 60},
            {"id": "check", "seats": seat("audit", "reviewer"), "minutes": 60,
                "after": [{"step": "file"}]}]);
        weighed_ticket_of(service, steps);
        lay_down(service, false);
        accept_urgent(service);
        let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        assert_eq!(ticket.desk.unwrap().crew.unwrap().reviewer, "li");
        assert_eq!((due(service), passed_on_by(service)), (vec![], None));
        let levels: Vec<Value> = called(service).iter().map(|one| one["level"].clone()).collect();
        assert_eq!(levels, [json!(2)]);
    });
}

/// R128: where the policy says so the desk passes it on itself, once, and says why.
#[test]
fn the_desk_passes_on_what_the_policy_lets_it() {
    both("response-itself", |service| {
        lay(service, true);
        let agent = caller(Role::Dispatcher);
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let passed: Vec<_> =
            told.iter().filter(|entry| entry.kind == "ticket.passed_to_specialist").collect();
        assert_eq!((passed.len(), passed[0].actor.as_str()), (1, "desk"));
        let why = "涉及专业领域 2 个、部门 0 个 / special fields: 2, departments: 0";
        assert_eq!(passed[0].payload["reason"], why);
        assert_eq!((due(service), passed_on_by(service)), (vec![], None));
        // A director is asked by people: of his level the policy says nothing.
        accept_urgent(service);
        assert_eq!(due(service).len(), 1);
        let events = service.events(&agent, 0, 500, NOW).unwrap();
        assert!(events.iter().all(|event| event.kind != "ticket.passed_to_director"));
    });
}

/// R128: what nobody has assessed, what takes the normal track and what is called off call for
/// nothing.
#[test]
fn what_is_over_or_not_urgent_calls_for_nothing() {
    both("response-over", |service| {
        lay(service, false);
        let (agent, wanted) = (caller(Role::Dispatcher), Wanted { key: "T-1", version: None });
        track(service, "normal");
        assert_eq!((due(service), passed_on_by(service)), (vec![], None));
        track(service, "urgent");
        assert_eq!(due(service).len(), 1);
        let off = doing("called_off", json!({"reason": "sold the firm"}));
        service.desk_do(&agent, wanted, &off, None, NOW).unwrap();
        assert_eq!(due(service), []);
        let new = super::filing(Some("T-2"));
        service.create_ticket(&Caller::person("mei", Role::Dispatcher), new, None, NOW).unwrap();
        service.tick(NOW).unwrap();
        assert_eq!((due(service), called(service).len()), (vec![], 1));
    });
}

/// R128: who has taken it asks for help himself: nothing is called for any more.
#[test]
fn what_somebody_has_taken_calls_for_nothing() {
    both("response-taken", |service| {
        lay(service, false);
        accept_urgent(service);
        assert_eq!((due(service).len(), passed_on_by(service)), (1, Some(Post::Specialist)));
        let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
        let driver = ticket.desk.unwrap().crew.unwrap().driver;
        let he = Caller::person(&driver, Role::Specialist);
        happen(service, &he, "T-1", &doing("acknowledged", json!({}))).unwrap();
        assert_eq!((due(service), passed_on_by(service)), (vec![], None));
    });
}

/// R128: what the desk may not pass on by itself it asks once, until something happens to the ticket:
/// here one that was called off, of which a mark was left behind.
#[test]
fn what_the_desk_may_not_pass_on_it_asks_once() {
    let store: Shared = Arc::new(Memory::new());
    let service = &Service::over(Arc::clone(&store)).unwrap();
    lay(service, true);
    let off = doing("called_off", json!({"reason": "sold the firm"}));
    happen(service, &caller(Role::Dispatcher), "T-1", &off).unwrap();
    let place = format!("{NOW:016}/T-1/passing");
    let mark = |kind: &str, key: &str, body: &str| {
        let [kind, key, body] = [kind, key, body].map(str::to_owned);
        Write::Mark { kind, key, body }
    };
    let left = r#"{"at_ms":0,"level":2,"held":1,"skills":2,"departments":0}"#;
    let left = left.replace(":0,\"level", &format!(":{NOW},\"level"));
    let batch = Batch::new().and(mark("at_once", &place, &left));
    store.commit(batch.and(mark("passing", "T-1", &place))).unwrap();
    let told = || store.mark("at_once", &place).unwrap().unwrap();
    assert_eq!(told(), left);
    service.tick(NOW).unwrap();
    let refused = left.replace('}', ",\"is_refused\":true}");
    assert_eq!(told(), refused);
    let before = store.heads().unwrap().position;
    service.tick(NOW).unwrap();
    assert_eq!((told(), store.heads().unwrap().position), (refused, before));
}

/// R067: what is to be passed on stands among the clocks, by the moment it was called for.
#[test]
fn what_is_to_be_passed_on_stands_among_the_clocks_page_by_page() {
    both("response-pages", |service| {
        lay(service, false);
        let agent = caller(Role::Dispatcher);
        let until = NOW + 3_600_000;
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = service.desk_due(&agent, until, after.as_deref(), 1).unwrap();
            seen.extend(page.items.into_iter().map(|due| (due.ticket, due.timer, due.sign)));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        let all = service.desk_due(&agent, until, None, 100).unwrap().items.into_iter();
        let all: Vec<_> = all.map(|due| (due.ticket, due.timer, due.sign)).collect();
        let row = |timer: &str, sign| ("T-1".to_owned(), timer.to_owned(), sign);
        let expected =
            [row("response", Sign::PassesOn), row("l1", Sign::Warns), row("l1", Sign::RunsOut)];
        assert_eq!((&all, &seen), (&expected.to_vec(), &expected.to_vec()));
    });
}
