//! `explain`: chains through ways, from the start of a day to what came before it.

use paidan::explain::{self, Explanation, Fact, Question, Reason, Slot};
use serde_json::json;

use crate::explain_case::{case, person, plan, step};

fn when(explanation: &Explanation) -> Vec<Reason> {
    explanation.answers(Question::When).map(|part| part.reason).collect()
}

/// The way of Monday morning is no root: what came before the weekend is.
#[test]
fn a_first_way_leads_on_to_what_came_before_the_closing() {
    let based = |id, zh| {
        let mut based = person(id, zh, "tax", 4);
        based["base"] = json!("base");
        based
    };
    let more = json!({"horizon": "2026-03-13T18:00",
        "sites": [{"id": "base"}, {"id": "hall"}],
        "travel": [{"from": "base", "to": "hall", "minutes": 15}],
        "people": [based("zhang", "张三"), based("li", "李四")]});
    let tickets = json!([
        {"id": "A", "due": "2026-03-06T18:00",
         "curves": [{"kind": "urgency", "per_hour_fen": 100}],
         "steps": [step("s", "tax", json!({"site": "hall"}))]},
        {"id": "B", "steps": [step("s", "tax", json!({"minutes": 120}))]},
    ]);
    let case = case(tickets, more);
    // Zhang is with B to the end of Friday; he is at the hall a quarter after Monday's opening.
    let plan = plan(&[
        ("B/s", &["zhang"], "2026-03-06T16:00", "2026-03-06T18:00"),
        ("A/s", &["zhang"], "2026-03-09T09:15", "2026-03-09T10:15"),
    ]);
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    assert_eq!(when(&told)[..2], [Reason::Travel, Reason::PersonBusy]);
    let way = told.answers(Question::When).next().unwrap();
    assert_eq!(way.key_of(Slot::Person), Some("zhang"));
    assert_eq!(way.facts[&Slot::Minutes], Fact::Number(15));
    assert!(told.has(Reason::LateByOthers) && !told.has(Reason::LateByItself));
    let late = told.parts.iter().find(|part| part.reason == Reason::LateByOthers).unwrap();
    assert_eq!(late.facts[&Slot::OtherTicket], Fact::Keys(vec!["B".to_owned()]));
}

/// Every link of a chain is told: a way and a rest name the step they follow.
#[test]
fn a_way_after_another_step_names_it() {
    let mut zhang = person("zhang", "张三", "tax", 4);
    zhang["base"] = json!("base");
    let more = json!({"sites": [{"id": "base"}, {"id": "hall"}],
        "travel": [{"from": "base", "to": "hall", "minutes": 15}], "people": [zhang]});
    let tickets = json!([{"id": "A", "steps": [step("s", "tax", json!({"site": "hall"}))]},
                         {"id": "B", "steps": [step("s", "tax", json!({}))]}]);
    let case = case(tickets, more);
    let plan =
        plan(&[("B/s", &["zhang"], "09:00", "10:00"), ("A/s", &["zhang"], "10:15", "11:15")]);
    assert_eq!(
        when(&explain::step(&case.work, &plan, None, "A/s").unwrap()),
        [Reason::TravelAfter, Reason::AsOf]
    );
    let told = explain::step(&case.work, &plan, None, "A/s").unwrap();
    let way = told.answers(Question::When).next().unwrap();
    assert_eq!(way.key_of(Slot::Other), Some("B/s"));
}
