//! Least data: what of quotes and plans each role is shown.

use paidan::app::service::base::Base;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::{Permission, Role};
use paidan::app::service::tickets::{Asked, NewTicket, ShownTicket};
use paidan::app::service::{Caller, Refusal, Service};
use paidan::model::request::Request;
use serde_json::{Value, json};

use super::quotes::put_policy;
use super::{NOW, base, both, caller, filing, firm, key, read, wang};

/// Acme pays 765,432,100 fen in a year, of which a tenth is at risk once a ticket is late.
const VALUE: i64 = 765_432_100;
const AT_RISK: &str = "76543210";

/// A firm with one ticket of Acme that is due before it can be done.
fn late(service: &Service) {
    let boss = caller(Role::Administrator);
    let mut base = serde_json::to_value(base()).unwrap();
    base["policy"] = json!({"client_value": {"tiers": [],
        "churn": [{"after_hours": 0, "permille": 100}, {"after_hours": 48, "permille": 500}]}});
    let base: Base = serde_json::from_value(base).unwrap();
    service.put_base(&boss, Some(0), base, NOW).unwrap();
    service.create_person(&boss, &wang(), None, NOW).unwrap();
    let acme = json!({"id": "acme", "finance": {"annual_value_fen": VALUE}});
    service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
    let new = json!({"id": "T-1", "channel": "web", "service": "filing", "client": "acme",
        "due": "2026-03-09T09:00+08:00"});
    service.create_ticket(&boss, serde_json::from_value(new).unwrap(), None, NOW).unwrap();
}

fn draft(service: &Service) -> Draft {
    let wish = DraftWish { rounds: 1, seed: 1 };
    let boss = caller(Role::Administrator);
    read(&service.draft(&boss, &wish, None, NOW, &mut |_| true).unwrap())
}

fn publishing(draft: &Draft, replaces: u64) -> Publishing {
    Publishing { draft: Some(draft.id.clone()), rollback_to: None, replaces }
}

/// R240: every role × every place where a plan is shown.
#[test]
fn a_plan_tells_what_a_client_is_worth_only_to_who_may_see_it() {
    both("worth", |service| {
        late(service);
        let boss = caller(Role::Administrator);
        let (first, second) = (draft(service), draft(service));
        service.publish(&boss, &publishing(&first, 0), None, NOW).unwrap();
        for role in Role::ALL.into_iter().filter(|role| caller(*role).may(Permission::PlanRead)) {
            let who = caller(role);
            let may = matches!(role, Role::Administrator | Role::Reviewer);
            let plan = json!(service.current_plan(&who, NOW).unwrap());
            let shown = json!(service.draft_of(&who, &first.id, NOW).unwrap());
            for told in [&plan, &shown] {
                assert_eq!(told.to_string().contains(AT_RISK), may, "{role:?} {told}");
                assert_eq!(told["plan"]["steps"][0]["people"][0], "wang");
            }
            let list = json!(service.published_plans(&who, 0, 9).unwrap()).to_string();
            assert!(!list.contains(AT_RISK), "{role:?} {list}");
            if who.may(Permission::EventRead) {
                let events = json!(service.events(&who, 0, 100, NOW).unwrap()).to_string();
                assert!(!events.contains(AT_RISK), "{role:?} {events}");
            }
            if who.may(Permission::PlanPublish) {
                let refused = service.publish(&who, &publishing(&second, 0), None, NOW);
                let Err(Refusal::Outrun { beside, .. }) = refused else { panic!("published") };
                assert_eq!(beside.to_string().contains(AT_RISK), may, "{role:?} {beside}");
            }
        }
    });
}

/// What this role is shown of a quote for a ticket that another one gives way to.
fn quoted(service: &Service, role: Role) -> Value {
    let wish = json!({"format": "paidan-request/1", "wish": {"requested": "2026-03-09T10:00+08:00"},
        "tickets": [{"id": "X-1", "service": "filing"}]});
    let request: Request = serde_json::from_value(wish).unwrap();
    let made = service.quote(&caller(role), &request, None, NOW).unwrap();
    let answer: Value = read(&made);
    let again = service.quote_of(&caller(role), &made.key, NOW).unwrap();
    assert_eq!(json!(again), answer);
    answer
}

/// R240, R242: every role × what a quote tells of others. Who accepts and publishes weighs what an
/// option costs the firm and those that give way; what a client's price rests on is not for him.
#[test]
fn a_quote_tells_a_ticketing_system_of_no_other_ticket_and_no_person() {
    both("least", |service| {
        late(service);
        let boss = caller(Role::Administrator);
        service.publish(&boss, &publishing(&draft(service), 0), None, NOW).unwrap();
        put_policy(service);
        for role in Role::ALL.into_iter().filter(|role| caller(*role).may(Permission::QuoteMake)) {
            let answer = quoted(service, role);
            let options = answer["quote"]["options"].as_array().unwrap();
            let moving = options.iter().find(|option| option["kind"] == "displacing").unwrap();
            assert_eq!(moving["finish"], "2026-03-09T10:00+08:00", "{role:?}");
            assert!(moving["price"]["total_fen"].is_i64() && moving["client"]["en"].is_string());
            let text = answer.to_string();
            let reads_plans = caller(role).may(Permission::PlanRead);
            let may = matches!(role, Role::Administrator | Role::Reviewer);
            let weighs = may || role == Role::Dispatcher;
            assert_eq!(text.contains("T-1"), reads_plans, "{role:?} {text}");
            assert_eq!(text.contains("wang"), reads_plans, "{role:?} {text}");
            assert_eq!(moving["displaced"].is_array(), reads_plans, "{role:?}");
            for field in ["firm", "reason"] {
                assert_eq!(moving.get(field).is_some(), weighs, "{role:?} {field}");
            }
            for secret in [AT_RISK, "old_cost_fen"] {
                assert_eq!(text.contains(secret), weighs, "{role:?} {secret}");
            }
            assert!(may || !text.contains("765,432.10"), "{role:?} {text}");
            assert!(may || !text.contains("evidence"), "{role:?} {text}");
        }
    });
}

#[test]
fn fresh_options_tell_no_more_than_the_first_ones() {
    both("fresh", |service| {
        late(service);
        let boss = caller(Role::Administrator);
        service.publish(&boss, &publishing(&draft(service), 0), None, NOW).unwrap();
        put_policy(service);
        let answer = quoted(service, Role::Ticketing);
        service.create_ticket(&boss, filing(Some("T-2")), None, NOW).unwrap();
        service.publish(&boss, &publishing(&draft(service), 1), None, NOW).unwrap();
        let (jira, key) = (caller(Role::Ticketing), answer["id"].as_str().unwrap());
        let kind = paidan::model::quote::OptionKind::AsItStands;
        let Err(Refusal::Outrun { beside, .. }) = service.accept(&jira, key, kind, None, NOW)
        else {
            panic!("accepted against another plan")
        };
        let text = beside.to_string();
        assert!(text.contains("X-1"));
        for secret in ["T-1", "T-2", "wang", AT_RISK, "firm"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    });
}

/// A ticketing system and another one.
fn two_programs(service: &Service) -> [Caller; 2] {
    [key(service, Role::Ticketing), key(service, Role::Ticketing)]
        .map(|made| service.authenticate(&made.key, NOW).unwrap())
}

#[test]
fn what_a_ticket_weighs_is_for_who_plans_to_say() {
    both("weighs", |service| {
        firm(service);
        let [jira, _] = two_programs(service);
        let own = |more: Value| {
            let mut new = json!({"id": "T-1", "channel": "ticketing", "service": "filing"});
            new.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
            serde_json::from_value::<NewTicket>(new).unwrap()
        };
        let curve = json!([{"kind": "urgency", "after": "2026-03-09T12:00+08:00",
            "per_hour_fen": 100_000_000}]);
        let unserved = json!({"urgency_fen": 1});
        let heavy = [("curves", &curve), ("unserved", &unserved), ("excluded", &json!(["wang"]))];
        for more in heavy.map(|(name, value)| json!({name: value})) {
            let refused = service.create_ticket(&jira, own(more.clone()), None, NOW);
            assert!(matches!(refused, Err(Refusal::Forbidden(Permission::PlanDraft))), "{more}");
        }
        service.create_ticket(&jira, own(json!({})), None, NOW).unwrap();
        let change = |who: &Caller, wish: Value| {
            let wish = serde_json::from_value(wish).unwrap();
            service.change_ticket(who, "T-1", None, wish, NOW)
        };
        let boss = caller(Role::Administrator);
        let done = change(&boss, json!({"curves": curve, "excluded": ["wang"]})).unwrap();
        assert_eq!(done.ticket.excluded, ["wang"]);
        // Whoever is not shown who is excluded hands nobody back, and changes nothing by that.
        let done = change(&jira, json!({"excluded": [], "curves": curve})).unwrap();
        assert!(done.ticket.excluded.is_empty(), "{done:?}");
        let kept = service.ticket(&boss, "T-1", NOW).unwrap();
        assert_eq!(kept.ticket.excluded, ["wang"]);
        for more in [json!({"curves": null}), json!({"excluded": ["li"]})] {
            let refused = change(&jira, more);
            assert!(matches!(refused, Err(Refusal::Forbidden(Permission::PlanDraft))));
        }
    });
}

#[test]
fn another_program_orders_and_batches_nothing_but_its_own_tickets() {
    both("own-batches", |service| {
        firm(service);
        let [jira, zendesk] = two_programs(service);
        let create = |who: &Caller, id: &str, more: Value| {
            let mut new = json!({"id": id, "channel": "ticketing", "service": "filing"});
            new.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
            service.create_ticket(who, serde_json::from_value(new).unwrap(), None, NOW)
        };
        create(&zendesk, "Z-1", json!({"batch": "ORDER-7"})).unwrap();
        let made = create(&jira, "J-1", json!({"batch": "ORDER-7"})).unwrap();
        assert_eq!(read::<ShownTicket>(&made).ticket.batch.as_deref(), Some("ORDER-7"));
        let boss = caller(Role::Administrator);
        let batch = |id: &str| service.ticket(&boss, id, NOW).unwrap().ticket.batch.unwrap();
        assert_ne!(batch("Z-1"), batch("J-1"));
        assert_eq!(batch("J-1"), format!("{}/ORDER-7", jira.owner));
        for stranger in ["Z-1", "nowhere"] {
            let refused = create(&jira, "J-2", json!({"after": [stranger]}));
            let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
            let told = (issues[0].path.as_str(), issues[0].en.as_str());
            let expected = format!("there is no ticket called \"{stranger}\"");
            assert_eq!(told, ("$.after[0]", expected.as_str()));
        }
        create(&jira, "J-2", json!({"after": ["J-1"]})).unwrap();
    });
}

#[test]
fn where_a_list_goes_on_names_nobody_elses_ticket() {
    both("own-pages", |service| {
        firm(service);
        let [jira, zendesk] = two_programs(service);
        for row in 0..6 {
            let who = if row % 3 == 0 { &jira } else { &zendesk };
            service.create_ticket(who, filing(Some(&format!("T-{row}"))), None, NOW).unwrap();
        }
        let first = service.tickets(&jira, &Asked::default(), None, 1, NOW).unwrap();
        assert_eq!((first.items[0].id.as_str(), first.next.as_deref()), ("T-0", Some("T-0")));
        let next = service.tickets(&jira, &Asked::default(), Some("T-0"), 1, NOW).unwrap();
        assert_eq!((next.items[0].id.as_str(), next.next), ("T-3", None));
    });
}
