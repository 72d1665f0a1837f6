//! Templates and agreements as data: what may be simplified, what is a client's own, how long
//! partners take, tiers side by side.

use paidan::calendar::{Date, Zone};
use paidan::desk::decide::Rules;
use paidan::desk::rules::{adjust, partnered};
use paidan::policy::desk::{Desk, Source, check, thin};
use serde_json::{Value, json};

use super::{at, demonstration, scenario};

/// The desk of the demonstration with `value` put at `pointer`.
fn with(pointer: &str, value: Value) -> Desk {
    let mut whole = serde_json::to_value(demonstration()).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    serde_json::from_value(whole).unwrap()
}

fn codes(desk: &Desk) -> Vec<(String, String)> {
    let issues = check(desk, &scenario(), "$");
    issues.into_iter().map(|issue| (issue.code.to_owned(), issue.path)).collect()
}

/// R051: five steps become three; the supervisor's review and the check before filing away are both
/// replaced by a review in which two people see it. One alone is too few, and nothing in their
/// place is worse.
#[test]
fn five_steps_of_a_filing_become_three_when_two_people_still_see_it() {
    let (desk, scenario) = (demonstration(), scenario());
    let filing = scenario.services.iter().find(|service| service.id == "tax-filing").unwrap();
    let names = |steps: &[paidan::model::ticket::Step]| -> Vec<String> {
        steps.iter().map(|step| step.id.clone()).collect()
    };
    let normal = ["collect", "supervisor-review", "enter", "submit", "archive"];
    assert_eq!(names(&filing.normal), normal);
    let urgent = filing.urgent.as_ref().unwrap();
    assert_eq!(names(urgent), ["collect", "enter", "two-person-review"]);
    assert_eq!(thin(&desk, &scenario), []);
    let mut alone = scenario.clone();
    for service in &mut alone.services {
        service.urgent.iter_mut().flatten().for_each(|step| step.differs_from.clear());
    }
    let thin: Vec<usize> = thin(&desk, &alone).into_iter().map(|(_, count)| count).collect();
    assert_eq!(thin, [1; 4], "supervisor's review and archive of two services");
    let issues = check(&desk, &alone, "$");
    assert_eq!(issues.iter().filter(|issue| issue.code == "P223").count(), 4);
    let dropped = with("/controls/0/replaced_by", json!([]));
    assert_eq!(codes(&dropped), [("P212".to_owned(), "$.controls[0]".to_owned())]);
}

/// R054: a control may go for a trace on file, which urgent tickets then need and others not.
#[test]
fn a_step_dropped_for_a_trace_makes_urgent_tickets_need_the_trace() {
    let register = json!({"service": "tax-filing", "step": "archive", "evidence": "receipt"});
    let desk = with("/controls/1", register);
    assert_eq!(codes(&desk), []);
    let now = at("2026-03-09T10:00");
    let rules = |is_urgent| Rules::of(&desk, Some("tax-filing"), is_urgent, Zone::default(), now);
    assert_eq!(rules(true).evidence, [Source::Receipt]);
    assert_eq!(rules(false).evidence, []);
}

/// R102: the standard stays for everybody; for one client an item is looked at beside the usual,
/// delivery goes another way, and a step takes 90 minutes in place of 60.
#[test]
fn a_client_has_steps_and_checks_of_his_own_on_top_of_the_standard() {
    let own = json!([{
        "service": "tax-filing",
        "adjust": [{"step": "enter", "minutes": 90}],
        "reviews": [{"id": "group-code", "label": {"zh": "集团科目", "en": "group accounts"}}],
        "delivery": [{"id": "portal", "label": {"zh": "上传集团平台", "en": "to the group's portal"}}]
    }]);
    let desk = with("/contracts/0/versions/1/own", own);
    assert_eq!(codes(&desk), []);
    let rules = |client: Option<&str>, text: &str| {
        let (now, service) = (at(text), Some("tax-filing"));
        let rules = Rules::of(&desk, service, true, Zone::default(), now);
        let rules = rules.agreed(&desk, (client, service), Zone::default(), now);
        (rules.checklist, rules.delivery)
    };
    let standard = rules(None, "2026-03-09T10:00");
    assert_eq!(standard.0, ["rate", "statements", "surtax"]);
    assert_eq!(rules(Some("group"), "2026-03-08T10:00"), standard, "before that agreement");
    let (checklist, delivery) = rules(Some("group"), "2026-03-09T10:00");
    assert_eq!(checklist, ["rate", "statements", "surtax", "group-code"]);
    assert_eq!(delivery, ["portal"]);
    let day = Date::parse("2026-03-09").unwrap().day();
    let mut ticket = scenario().tickets[0].clone();
    ticket.service = Some("tax-filing".to_owned());
    let minutes = |client: &str, mut ticket: paidan::model::ticket::Ticket| {
        ticket.client = Some(client.to_owned());
        adjust(&desk, &mut ticket, day);
        ticket.adjust.iter().map(|one| (one.step.clone(), one.minutes)).collect::<Vec<_>>()
    };
    (ticket.steps, ticket.adjust) = (Vec::new(), Vec::new());
    assert_eq!(minutes("group", ticket.clone()), [("enter".to_owned(), Some(90))]);
    assert_eq!(minutes("other", ticket.clone()), []);
    let stray = json!([{"service": "tax-filing", "adjust": [{"step": "sing", "minutes": 1}]}]);
    let path = "$.contracts[0].versions[1].own[0].adjust[0].step".to_owned();
    assert_eq!(codes(&with("/contracts/0/versions/1/own", stray)), [("P211".to_owned(), path)]);
}

/// R031, R178, W5: a partner's three working days stand in one place, and every wait for him takes
/// them.
#[test]
fn the_lead_time_of_a_partner_stands_in_every_wait_for_him() {
    let partner = json!([{
        "id": "audit-firm",
        "label": {"zh": "合作事务所", "en": "audit firm"},
        "working_days": 3,
        "calendar": "office",
        "waits": [{"service": "food-licence", "step": "review"}]
    }]);
    let desk = with("/partners", partner.clone());
    assert_eq!(codes(&desk), []);
    let mut services = scenario().services;
    partnered(&desk, &mut services);
    let food = services.iter().find(|service| service.id == "food-licence").unwrap();
    let days = |steps: &[paidan::model::ticket::Step]| steps[1].wait.as_ref().unwrap().working_days;
    assert_eq!(days(&food.normal), Some(3));
    assert_eq!(days(food.urgent.as_ref().unwrap()), Some(3));
    let other = services.iter().find(|service| service.id == "filing").unwrap();
    assert_eq!(other, scenario().services.iter().find(|one| one.id == "filing").unwrap());
    let mut work = partner;
    work[0]["waits"][0]["step"] = json!("prepare");
    let path = "$.partners[0].waits[0].step".to_owned();
    assert_eq!(codes(&with("/partners", work)), [("P225".to_owned(), path)]);
}

/// R114: tiers side by side, item by item; what a tier does not have is empty.
#[test]
fn tiers_are_compared_item_by_item() {
    let table = demonstration().comparison();
    let tiers: Vec<&str> = table.tiers.iter().map(|tier| tier.en.as_str()).collect();
    assert_eq!(tiers, ["basic", "VIP"]);
    let row = |name: &str| -> Vec<Option<String>> {
        let (_, cells) = table.rows.iter().find(|(label, _)| label.en == name).unwrap();
        cells.iter().map(|cell| cell.as_ref().map(|label| label.en.clone())).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(row("channels"), [some("e-mail"), some("phone, chat, e-mail, on site")]);
    assert_eq!(row("hours"), [some("office hours"), some("day and night")]);
    assert_eq!(row("answer"), [some("24 h"), None]);
    assert_eq!(row("on-site emergency"), [None, some("2 h")]);
    assert_eq!(row("monthly policy letter"), [some("1 letter a month"), None]);
    // A firm writes its unit for one; two are told as two.
    assert_eq!(row("help with a tax audit"), [None, some("2 times a year")]);
}

/// R119: "consultation" with neither number nor unit nor time, neither form nor depth, is the ten
/// minutes on the phone after which a client paid 200,000 yuan too much: no such entitlement
/// passes.
#[test]
fn a_vague_promise_of_advice_does_not_pass() {
    let vague = json!({"id": "advice", "label": {"zh": "税务咨询等服务", "en": "advice, etc."},
        "kind": "consultation"});
    let found = codes(&with("/tiers/0/entitlements/0", vague));
    let count = |code: &str| found.iter().filter(|(one, _)| one == code).count();
    // count, unit, per; channels, within, depth; and both wordings
    assert_eq!((count("P214"), count("P213"), found.len()), (6, 2, 8));
}

/// R058: a rule about material that no service asks for is told.
#[test]
fn a_pre_check_of_unknown_material_is_told() {
    let path = "$.prechecks[0].item".to_owned();
    let found = codes(&with("/prechecks/0/item", json!("seal")));
    assert_eq!(found, [("P224".to_owned(), path)]);
}

/// R111, R112: what is owed again and again names whom it is owed to and a month there is.
#[test]
fn what_comes_again_names_its_client_and_a_month_there_is() {
    let found = codes(&with("/obligations/0/month", json!(2)));
    assert_eq!(found, [("P226".to_owned(), "$.obligations[0].month".to_owned())]);
    let found = codes(&with("/obligations/0/tier", json!("vip")));
    assert_eq!(found, [("P226".to_owned(), "$.obligations[0]".to_owned())]);
}
