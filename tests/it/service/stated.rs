//! What is stated of a matter stays with its ticket, and rules go by it wherever that goes.

use std::sync::Arc;

use paidan::app::service::desk::Wanted;
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::ShownTicket;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::event::Event;
use paidan::desk::life::Stage;
use paidan::store::{Memory, Shared};
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::{accept, weighed_ticket};
use super::{NOW, both, caller, clocks, read};

const DAY: i64 = 86_400_000;

/// A desk whose policy says `more`.
fn desk(service: &Service, more: &Value) {
    weighed_ticket(service);
    let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["rates"] = json!([{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
        "overtime_permille": 1000, "displacement_permille": 1000}]);
    if !more["red_lines"].is_null() {
        policy["red_lines"] = more["red_lines"].clone();
    }
    policy["desk"]["floors"] = more["floors"].as_array().cloned().unwrap_or_default().into();
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
}

fn create(service: &Service, attributes: Value) -> Result<ShownTicket, Refusal> {
    let new = json!({"id": "T-2", "channel": "web", "service": "filing", "attributes": attributes});
    let new = serde_json::from_value(new).unwrap();
    service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).map(|made| read(&made))
}

fn base(amount: &str) -> Value {
    json!([{"name": "social-security-base", "value": amount}])
}

/// R061, W10: a base below the minimum is caught when it is written down, to the fen; one that a new
/// minimum overtakes before anybody files it is caught when it is weighed, and until it is corrected.
/// It comes back from the log, and goes with the words when the ticket is erased.
#[test]
fn a_base_below_the_minimum_is_caught_before_it_is_filed() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    let reason = json!({"zh": "市政府公告", "en": "the city's notice"});
    let floor = |from: &str, fen: i64| json!({"field": "social-security-base", "from": from, "least_fen": fen, "reason": reason});
    let floors = [floor("2025-07-01", 489_900), floor("2026-03-10", 500_000)];
    desk(&service, &json!({"floors": floors}));
    for (amount, wanted) in [("4,898.99", "is below ¥4,899.00"), ("much", "an amount in yuan")] {
        let refused = create(&service, base(amount)).unwrap_err();
        assert!(refused.label().en.contains(wanted), "{:?}", refused.label());
        assert_eq!(refused.code(), "A009");
    }
    create(&service, base("4,899.00")).unwrap();
    let agent = caller(Role::Dispatcher);
    happen(&service, &agent, "T-2", &assessed()).unwrap();
    let wanted = Wanted { key: "T-2", version: None };
    let tomorrow = NOW + DAY;
    let later = service.desk_do(&agent, wanted, &weighed(), None, tomorrow).unwrap_err();
    assert!(later.label().zh.contains("自 2026-03-10 起的下限 ¥5,000.00（市政府公告）"));
    let correct = |amount: &str| {
        let wish = json!({"attributes": base(amount), "reason": "the city raised the minimum"});
        let wish = serde_json::from_value(wish).unwrap();
        service.change_ticket(&agent, "T-2", None, wish, tomorrow)
    };
    assert_eq!(correct("4999.99").unwrap_err().code(), "A009");
    let shown = correct("¥5,000").unwrap();
    assert_eq!(shown.attributes[0].value, "¥5,000");
    service.desk_do(&agent, wanted, &weighed(), None, tomorrow).unwrap();
    let done = service.rebuild(tomorrow, &mut |_, _| {}).unwrap();
    assert_eq!((done.changed, done.left.len()), (0, 0));
    let events = store.events(0, 999).unwrap();
    let is_told = |event: &Event| event.payload.to_string().contains("5,000");
    assert!(!events.iter().any(is_told), "an amount somebody wrote is in an event");
    service.erase_ticket(&caller(Role::Administrator), "T-2", tomorrow).unwrap();
    let shown = service.ticket(&Caller::machine_owner(), "T-2", tomorrow).unwrap();
    assert!(shown.attributes.is_empty());
    let done = service.rebuild(tomorrow, &mut |_, _| {}).unwrap();
    assert_eq!((done.changed, done.left.len()), (0, 0));
}

/// R013: a quote that says nothing of a red line that a ticket crosses by what is stated of it, or
/// something else, is refused all the same; what was said in a request that was accepted stays on the
/// ticket.
#[test]
fn what_a_ticket_states_binds_every_quote_for_it() {
    both("stated-line", |service| {
        let line = json!([{"code": "RL-1", "service": "filing",
            "when": [{"name": "period", "value": "closed_month"}],
            "reason": {"zh": "已结账", "en": "the month is closed"}}]);
        desk(service, &json!({"red_lines": line}));
        let agent = caller(Role::Dispatcher);
        let said = |value: &str| json!([{"name": "period", "value": value}]);
        create(service, said("closed_month")).unwrap();
        happen(service, &agent, "T-2", &assessed()).unwrap();
        let asked = |key: &str, value: &str| {
            let request = json!({"format": "paidan-request/1", "attributes": said(value),
                "tickets": [{"id": key, "service": "filing"}]});
            let request = serde_json::from_value(request).unwrap();
            service.quote(&agent, &request, None, NOW).unwrap()
        };
        let quoted: Quoted = read(&asked("T-2", "this_month"));
        assert_eq!(quoted.quote.refusal.unwrap().code, "RL-1");
        let shown = service.ticket(&agent, "T-2", NOW).unwrap();
        assert_eq!(shown.desk.unwrap().stage, Stage::Refused);
        // T-1 is lawful, and what was said of it is on it from its acceptance on.
        let quoted = read(&asked("T-1", "this_month"));
        accept(service, &quoted).unwrap();
        let shown = service.ticket(&agent, "T-1", NOW).unwrap();
        assert_eq!(serde_json::to_value(shown.attributes).unwrap(), said("this_month"));
    });
}

/// R013, R019: of two tickets of one order each goes by what it states itself. The one that crosses
/// a red line is refused, the other is lawful still and is quoted by itself.
#[test]
fn what_one_ticket_of_an_order_states_refuses_no_other() {
    both("stated-other", |service| {
        let line = json!([{"code": "RL-1", "service": "filing",
            "when": [{"name": "period", "value": "closed_month"}],
            "reason": {"zh": "已结账", "en": "the month is closed"}}]);
        desk(service, &json!({"red_lines": line}));
        let agent = caller(Role::Dispatcher);
        for (key, month) in [("T-2", "closed_month"), ("T-3", "open_month")] {
            order(service, key, json!([{"name": "period", "value": month}]));
        }
        let stages = || {
            let stage = |key: &str| service.ticket(&agent, key, NOW).unwrap().desk.unwrap().stage;
            ["T-2", "T-3"].map(stage)
        };
        let quoted = together(service, &["T-2", "T-3"]);
        assert_eq!(quoted.quote.refusal.unwrap().code, "RL-1");
        assert_eq!(stages(), [Stage::Refused, Stage::Assessed]);
        happen(service, &agent, "T-3", &weighed()).unwrap();
        assert_eq!(together(service, &["T-3"]).quote.refusal, None);
        assert_eq!(stages(), [Stage::Refused, Stage::Quoted]);
    });
}

/// R019, R052: T-2 states a refund, T-3 states none. Accepted as one order each has what it stated
/// itself: nobody decides about T-3 by the amount of T-2. What a request states of one ticket is
/// stated of that one, and of none that it does not ask for.
#[test]
fn tickets_of_an_order_keep_each_its_own_facts() {
    both("stated-own", |service| {
        desk(service, &json!({}));
        let agent = caller(Role::Dispatcher);
        let amount = json!([{"name": "refund", "value": "100.00"}]);
        order(service, "T-2", amount.clone());
        order(service, "T-3", json!([]));
        for key in ["T-2", "T-3"] {
            happen(service, &agent, key, &weighed()).unwrap();
        }
        accept(service, &together(service, &["T-2", "T-3"])).unwrap();
        let has = |key: &str| {
            let shown = service.ticket(&agent, key, NOW).unwrap();
            serde_json::to_value(shown.attributes).unwrap()
        };
        assert_eq!((has("T-2"), has("T-3")), (amount, json!([])));
        let stranger = json!({"ticket": "T-9", "attribute": {"name": "refund", "value": "1"}});
        let request = json!({"format": "paidan-request/1", "stated": [stranger],
            "tickets": [{"id": "T-1", "service": "filing"}]});
        let request = serde_json::from_value(request).unwrap();
        let refused = service.quote(&agent, &request, None, NOW);
        let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((issues[0].code, issues[0].path.as_str()), ("Q104", "$.stated[0].ticket"));
    });
}

/// R101: three filings of two hours for 1,500 yuan are one price, and not the price of each: by a
/// dispatcher 500 yuan are billed for one of them, and as much is what its calling off goes by.
#[test]
fn the_price_of_an_order_is_billed_once() {
    both("stated-share", |service| {
        desk(service, &json!({}));
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let keys = ["T-2", "T-3", "T-4"];
        for key in keys {
            order(service, key, json!([]));
            happen(service, &agent, key, &weighed()).unwrap();
        }
        accept(service, &together(service, &keys)).unwrap();
        let bill = |key: &str, fen: i64| {
            happen(service, &agent, key, &doing("billed", json!({"amount_fen": fen})))
        };
        for key in keys {
            let told = service.price_of(&boss, key, NOW).unwrap();
            let share = told.bargain.unwrap().share_fen.unwrap();
            assert_eq!((told.price.total_fen.0, share.0), (150_000, 50_000));
            assert_eq!(bill(key, 50_001).unwrap_err().code(), "A009");
            bill(key, 50_000).unwrap();
        }
    });
}

/// A ticket that states `attributes`, assessed.
fn order(service: &Service, key: &str, attributes: Value) {
    let new = json!({"id": key, "channel": "web", "service": "filing", "attributes": attributes});
    let new = serde_json::from_value(new).unwrap();
    service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).unwrap();
    happen(service, &caller(Role::Dispatcher), key, &assessed()).unwrap();
}

/// One quote for all of these.
fn together(service: &Service, keys: &[&str]) -> Quoted {
    let tickets: Vec<Value> =
        keys.iter().map(|key| json!({"id": key, "service": "filing"})).collect();
    let request = json!({"format": "paidan-request/1", "tickets": tickets});
    let request = serde_json::from_value(request).unwrap();
    read(&service.quote(&caller(Role::Dispatcher), &request, None, NOW).unwrap())
}
