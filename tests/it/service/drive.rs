//! The plan drives the desk, and the desk the plan.

use std::collections::BTreeSet;

use paidan::app::service::desk::Far;
use paidan::app::service::plans::{Draft, DraftWish, Published, Publishing};
use paidan::app::service::quotes::{AcceptedQuote, Quoted};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::ShownTicket;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::{Crew, Stage};
use paidan::model::people::Person;
use paidan::model::quote::OptionKind;
use paidan::policy::Policy;
use paidan::policy::desk::Fact;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::quotes::request;
use super::{NOW, base, both, caller, clocks, filing, key, read, replan, wang};

/// Somebody with this skill.
fn person(id: &str, skill: &str) -> Person {
    let mut person = serde_json::to_value(wang()).unwrap();
    person["id"] = json!(id);
    person["skills"] = json!([{"skill": skill, "level": 3}]);
    serde_json::from_value(person).unwrap()
}

/// A filing is worked on for an hour by Wang Fang or Zhao, then looked over for an hour by Li.
fn firm(service: &Service) {
    firm_of(
        service,
        json!([
        {"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60},
        {"id": "check", "seats": [{"skill": "audit", "level": 3}], "minutes": 60,
            "after": [{"step": "file"}]}]),
    );
}

/// The same people, who file in these steps.
fn firm_of(service: &Service, steps: Value) {
    let boss = caller(Role::Administrator);
    let mut two = serde_json::to_value(base()).unwrap();
    two["skills"] = json!([{"id": "tax"}, {"id": "audit"}]);
    two["services"][0]["normal"] = steps;
    service.put_base(&boss, Some(0), serde_json::from_value(two).unwrap(), NOW).unwrap();
    for person in [wang(), person("zhao", "tax"), person("li", "audit")] {
        service.create_person(&boss, &person, None, NOW).unwrap();
    }
}

fn plan(service: &Service, replaces: u64) {
    let agent = caller(Role::Dispatcher);
    let wish = DraftWish { rounds: 1, seed: 1 };
    let draft: Draft = read(&service.draft(&agent, &wish, None, NOW, &mut |_| true).unwrap());
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces };
    let published: Published = read(&service.publish(&agent, &wish, None, NOW).unwrap());
    assert_eq!(published.number, replaces + 1);
}

/// A plan in force, then a desk, then T-1, assessed and weighed.
pub(super) fn weighed_ticket(service: &Service) {
    firm(service);
    weighed_at(service);
}

/// The same of a filing in these steps.
pub(super) fn weighed_ticket_of(service: &Service, steps: Value) {
    firm_of(service, steps);
    weighed_at(service);
}

fn weighed_at(service: &Service) {
    let agent = caller(Role::Dispatcher);
    service.create_ticket(&agent, filing(Some("T-0")), None, NOW).unwrap();
    plan(service, 0);
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["rates"] = json!([{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
        "overtime_permille": 1000, "displacement_permille": 1000}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&caller(Role::Administrator), Some(0), policy, NOW).unwrap();
    service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
    for one in [assessed(), weighed()] {
        happen(service, &agent, "T-1", &one).unwrap();
    }
}

pub(super) fn quote(service: &Service, ticket: &str) -> Quoted {
    read(&service.quote(&caller(Role::Dispatcher), &request(ticket), None, NOW).unwrap())
}

pub(super) fn accept(service: &Service, quoted: &Quoted) -> Result<AcceptedQuote, Refusal> {
    let (agent, option) = (caller(Role::Dispatcher), OptionKind::AsItStands);
    service.accept(&agent, &quoted.id, option, None, NOW).map(|made| read(&made))
}

fn ticket(service: &Service) -> (Stage, Option<Crew>, ShownTicket) {
    let ticket = service.ticket(&caller(Role::Dispatcher), "T-1", NOW).unwrap();
    let desk = ticket.desk.clone().unwrap();
    (desk.stage, desk.crew, ticket)
}

/// R040, R041, R043: a quote is on record, its acceptance is the promise with its plan, and the
/// plan's people have the ticket.
#[test]
fn an_accepted_quote_is_promised_and_given_to_the_people_of_its_plan() {
    both("drive-accept", |service| {
        weighed_ticket(service);
        let quoted = quote(service, "T-1");
        assert_eq!(ticket(service).0, Stage::Quoted);
        let accepted = accept(service, &quoted).unwrap();
        let (stage, crew, shown) = ticket(service);
        assert_eq!(stage, Stage::Dispatched);
        let crew = crew.unwrap();
        assert!(["wang", "zhao"].contains(&crew.driver.as_str()), "{crew:?}");
        assert_eq!((crew.reviewer.as_str(), &crew.liaison), ("li", &crew.driver));
        assert_eq!(shown.promise.unwrap().plan, accepted.digest);
        let told = service.timeline(&caller(Role::Dispatcher), "T-1", 0, 100, NOW).unwrap();
        let kinds: Vec<&str> = told.iter().map(|entry| &entry.kind[7..]).collect();
        assert_eq!(
            kinds,
            ["created", "assessed", "weighed", "quoted", "promised", "accepted", "dispatched"]
        );
        // The version is the number of the last event.
        assert_eq!(shown.version, 7);
        assert_eq!(service.dispatch_planned(NOW).unwrap(), 0);
    });
}

/// R040: a quote rests on what is asked for and on what holds it, and not on words: the client asks
/// how it stands, is answered, and somebody speaks of another ticket. That it has to wait for an
/// authority is another matter.
#[test]
fn a_quote_outlives_what_does_not_touch_it() {
    both("drive-outlives", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        let says = |key: &str, kind: &str, payload: Value| {
            happen(service, &agent, key, &doing(kind, payload)).unwrap();
        };
        let first = quote(service, "T-1");
        says("T-2", "contacted", json!({}));
        says("T-1", "client_chased", json!({}));
        says("T-1", "answered", json!({"what": "by the 15th"}));
        let accepted = accept(service, &first).unwrap();
        assert_eq!(accepted.tickets, ["T-1"]);
        for one in [assessed(), weighed()] {
            happen(service, &agent, "T-2", &one).unwrap();
        }
        let held = quote(service, "T-2");
        let until = json!({"wait": "agency", "until_ms": NOW + 24 * 3_600_000});
        says("T-2", "wait_begun", until);
        let stale = accept(service, &held);
        assert!(matches!(stale, Err(Refusal::Stale { .. })), "{stale:?}");
    });
}

/// R001: no quote is accepted for what the desk has not assessed, and nothing is left behind.
#[test]
fn no_quote_leads_past_the_desk() {
    both("drive-past", |service| {
        weighed_ticket(service);
        assert_eq!(accept(service, &quote(service, "T-9")).unwrap_err().code(), "D001");
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        assert_eq!(accept(service, &quote(service, "T-2")).unwrap_err().code(), "D001");
        assert_eq!(service.current_plan(&agent, NOW).unwrap().number, 1);
    });
}

/// R191: who rejects is out of the next plan, and its publishing gives the ticket to another.
#[test]
fn after_a_rejection_the_next_plan_gives_the_ticket_to_another() {
    both("drive-reject", |service| {
        weighed_ticket(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let first = ticket(service).1.unwrap().driver;
        let he = Caller::person(&first, Role::Specialist);
        let no = doing("rejected", json!({"reason": "outside my field"}));
        happen(service, &he, "T-1", &no).unwrap();
        plan(service, 2);
        let (stage, crew, _) = ticket(service);
        let other = if first == "wang" { "zhao" } else { "wang" };
        assert_eq!((stage, crew.unwrap().driver.as_str()), (Stage::Dispatched, other));
    });
}

/// R059: a link leads to three states, a date, what to do, and to nothing else; taken back or
/// made anew it leads nowhere.
#[test]
fn a_progress_link_shows_three_states_and_ends_when_it_is_taken_back() {
    both("drive-link", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        let token = service.make_link(&agent, "T-1", NOW).unwrap();
        // 128 bits.
        assert_eq!(token.len(), 32);
        let view = || service.client_view(&token, NOW).unwrap();
        assert_eq!((view().state, view().expected), (Far::Material, None));
        accept(service, &quote(service, "T-1")).unwrap();
        assert!(view().expected.is_some());
        let driver = Caller::person(&ticket(service).1.unwrap().driver, Role::Specialist);
        for kind in ["acknowledged", "begun"] {
            happen(service, &driver, "T-1", &doing(kind, json!({}))).unwrap();
        }
        let wait = doing("wait_begun", json!({"wait": "client"}));
        happen(service, &agent, "T-1", &wait).unwrap();
        assert_eq!((view().state, view().to_do.len()), (Far::Agency, 1));
        let asked = [
            doing("material_asked", json!({"items": ["licence"]})),
            doing("client_due", json!({"items": ["licence"], "by_ms": NOW + 8 * 3_600_000})),
        ];
        for one in asked {
            happen(service, &agent, "T-1", &one).unwrap();
        }
        // Not looked at yet, and nobody can begin without it.
        let bring = "please bring: licence (by 2026-03-09 17:00)";
        assert_eq!((view().state, view().to_do[0].en.as_str()), (Far::Material, bring));
        let told = serde_json::to_value(view()).unwrap();
        let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["expected", "name", "state", "to_do"]);
        // R075, R080: what was forecast, as an interval, and why it changed.
        let days = |count: i64| NOW + count * 86_400_000;
        let forecast = json!({"earliest_ms": days(1), "latest_ms": days(2), "reason": "training"});
        happen(service, &agent, "T-1", &doing("forecast", forecast)).unwrap();
        let seen = view();
        let dates = [seen.earliest, seen.expected].map(|date| date.unwrap().to_string());
        assert_eq!(dates, ["2026-03-10T09:00+08:00", "2026-03-11T09:00+08:00"]);
        assert_eq!(seen.because.as_deref(), Some("training"));
        let events = serde_json::to_string(&service.events(&agent, 0, 100, NOW).unwrap()).unwrap();
        assert!(!events.contains(&token));

        let other = service.make_link(&agent, "T-1", NOW).unwrap();
        let gone =
            |token: &str| matches!(service.client_view(token, NOW), Err(Refusal::Unknown { .. }));
        assert!(gone(&token) && !gone(&other) && gone("") && gone("T-1"));
        service.revoke_link(&agent, "T-1", NOW).unwrap();
        assert!(gone(&other));
        let program = service.authenticate(&key(service, Role::Ticketing).key, NOW).unwrap();
        assert!(matches!(service.make_link(&program, "T-1", NOW), Err(Refusal::Forbidden(_))));
    });
}

/// R189: one of the driver's department has the time, so that the desk, by itself, gives the ticket
/// to him, and a dispatcher gives it to nobody of another department by hand. Without him it may go
/// there.
#[test]
fn another_owner_is_sought_in_the_same_department_first() {
    for has_colleague in [true, false] {
        both("drive-department", |service| {
            weighed_ticket(service);
            accept(service, &quote(service, "T-1")).unwrap();
            let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
            let policy = replan::policy(&json!(["owner_change"]));
            service.put_policy(&boss, None, policy, NOW).unwrap();
            assert_eq!(replan::looked(service), BTreeSet::new());
            let first = ticket(service).1.unwrap().driver;
            let other = if first == "wang" { "zhao" } else { "wang" };
            for (id, team) in [(first.as_str(), "tax"), (other, "licence")] {
                let one = Person { team: Some(team.to_owned()), ..person(id, "tax") };
                service.put_person(&boss, id, None, one, NOW).unwrap();
            }
            if has_colleague {
                let sun = Person { team: Some("tax".to_owned()), ..person("sun", "tax") };
                service.create_person(&boss, &sun, None, NOW).unwrap();
            }
            let another = doing("owner_change_asked", json!({"reason": "does not answer"}));
            happen(service, &agent, "T-1", &another).unwrap();
            let crew = json!({"driver": other, "liaison": "li", "reviewer": "li"});
            // Said in other words it is the same.
            let anew = doing("reassigned", json!({"crew": crew, "reason": "he asked"}));
            if has_colleague {
                let refused = happen(service, &agent, "T-1", &anew).unwrap_err();
                assert_eq!(refused.code(), "D055");
            }
            let by_hand = happen(service, &agent, "T-1", &doing("dispatched", crew));
            if has_colleague {
                let refused = by_hand.unwrap_err();
                assert!(refused.code() == "D055" && refused.label().en.contains("sun"));
                assert_eq!(replan::looked(service), BTreeSet::from([Fact::OwnerChange]));
                assert_eq!(ticket(service).1.unwrap().driver, "sun");
            } else {
                assert_eq!(by_hand.unwrap().desk.unwrap().crew.unwrap().driver, other);
            }
        });
    }
}

/// R189: whoever is to be replaced does not go on with it, neither before he began nor after: what he
/// looked over himself nobody could take from him any more.
#[test]
fn who_is_to_be_replaced_goes_on_with_nothing() {
    for next in ["acknowledged", "begun", "self_checked"] {
        both("drive-leaving", |service| {
            weighed_ticket(service);
            accept(service, &quote(service, "T-1")).unwrap();
            let driver = Caller::person(&ticket(service).1.unwrap().driver, Role::Specialist);
            let say = |kind: &str| {
                let payload = if kind == "self_checked" { json!({"items": []}) } else { json!({}) };
                happen(service, &driver, "T-1", &doing(kind, payload))
            };
            let before = ["acknowledged", "begun", "self_checked"].into_iter();
            for kind in before.take_while(|kind| *kind != next) {
                say(kind).unwrap();
            }
            let another = doing("owner_change_asked", json!({"reason": "does not answer"}));
            happen(service, &caller(Role::Dispatcher), "T-1", &another).unwrap();
            let stage = ticket(service).0;
            assert_eq!(say(next).unwrap_err().code(), "D008");
            assert_eq!(ticket(service).0, stage);
        });
    }
}

/// R192: two rejected it, and the client asked for another owner between them: still no plan gives
/// it to a third one; the manager does.
#[test]
fn no_plan_asks_a_third_one_after_two_rejections() {
    both("drive-third", |service| {
        weighed_ticket(service);
        let boss = caller(Role::Administrator);
        service.create_person(&boss, &person("sun", "tax"), None, NOW).unwrap();
        accept(service, &quote(service, "T-1")).unwrap();
        let no = doing("rejected", json!({"reason": "outside my field"}));
        let first = ticket(service).1.unwrap().driver;
        happen(service, &Caller::person(&first, Role::Specialist), "T-1", &no).unwrap();
        plan(service, 2);
        let (stage, crew, _) = ticket(service);
        let second = crew.unwrap().driver;
        assert!(stage == Stage::Dispatched && second != first, "{second}");
        let another = doing("owner_change_asked", json!({"reason": "does not answer"}));
        happen(service, &caller(Role::Dispatcher), "T-1", &another).unwrap();
        happen(service, &Caller::person(&second, Role::Specialist), "T-1", &no).unwrap();
        assert_eq!(ticket(service).0, Stage::ManagerDecision);
        plan(service, 3);
        assert_eq!(ticket(service).0, Stage::ManagerDecision);
        let mut people = vec!["sun", "wang", "zhao"];
        people.retain(|driver| *driver != first && *driver != second);
        let crew = json!({"driver": people[0], "liaison": "li", "reviewer": "li"});
        let to = doing("dispatched", crew);
        let decided = happen(service, &caller(Role::Reviewer), "T-1", &to).unwrap();
        assert_eq!(decided.desk.unwrap().stage, Stage::Dispatched);
    });
}

/// R013, R014: what crosses a red line as it was asked is refused for good: asked again without
/// saying so, it is not quoted. By hand only a line of the policy refuses.
#[test]
fn a_red_line_once_crossed_is_remembered() {
    both("drive-line", |service| {
        weighed_ticket(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        policy["red_lines"] = json!([{"code": "RL-001", "service": "filing",
            "when": [{"name": "period", "value": "closed_month"}],
            "reason": {"zh": "已过月", "en": "the month is closed"}}]);
        let policy: Policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        for key in ["T-2", "T-3"] {
            service.create_ticket(&agent, filing(Some(key)), None, NOW).unwrap();
            happen(service, &agent, key, &assessed()).unwrap();
        }
        let mut asked = serde_json::to_value(request("T-1")).unwrap();
        asked["attributes"] = json!([{"name": "period", "value": "closed_month"}]);
        let asked = serde_json::from_value(asked).unwrap();
        let quoted: Quoted = read(&service.quote(&agent, &asked, None, NOW).unwrap());
        assert_eq!(quoted.quote.refusal.unwrap().code, "RL-001");
        assert_eq!(ticket(service).0, Stage::Refused);
        let again = service.quote(&agent, &request("T-1"), None, NOW);
        assert!(matches!(again, Err(Refusal::Impossible(_))), "{again:?}");

        let no = |line: &str| doing("refused", json!({"red_line": line, "alternative": null}));
        let made_up = happen(service, &agent, "T-2", &no("RL-999"));
        assert!(matches!(made_up, Err(Refusal::Wish(_))), "{made_up:?}");
        let other = json!({"red_line": "RL-001", "alternative": "audit"});
        let other = happen(service, &agent, "T-2", &doing("refused", other));
        assert!(matches!(other, Err(Refusal::Wish(_))), "{other:?}");
        let shown = happen(service, &agent, "T-3", &no("RL-001")).unwrap();
        assert_eq!(shown.desk.unwrap().stage, Stage::Refused);
    });
}

/// R059: a program of a client sees the three states of its tickets, and not how the house works.
#[test]
fn a_program_sees_three_states_and_no_stage() {
    both("drive-far", |service| {
        weighed_ticket(service);
        let program = caller(Role::Ticketing);
        service.create_ticket(&program, filing(Some("T-2")), None, NOW).unwrap();
        let agent = caller(Role::Dispatcher);
        happen(service, &agent, "T-2", &assessed()).unwrap();
        let own = service.ticket(&program, "T-2", NOW).unwrap();
        assert_eq!((own.desk, own.progress.unwrap().state), (None, Far::Material));
        let inside = service.ticket(&agent, "T-2", NOW).unwrap();
        assert_eq!((inside.desk.unwrap().stage, inside.progress), (Stage::Assessed, None));
    });
}
