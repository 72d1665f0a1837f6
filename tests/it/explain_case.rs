//! The small firm that the tests of `explain` ask about: two tax people, one lawyer, one bureau.

use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use serde_json::{Value, json};

/// A question and its resolved form.
pub(crate) struct Case {
    pub(crate) scenario: Scenario,
    pub(crate) work: Work,
}

/// Monday 2 March 2026, 09:00, to Friday 18:00; offices 09–12 and 13–18, the hall 10–12 and 13–16.
/// Everybody works at effort (pace 100 %). `more` replaces or adds top-level fields.
pub(crate) fn case(tickets: Value, more: Value) -> Case {
    let mut document = json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T09:00",
        "horizon": "2026-03-06T18:00",
        "calendars": [week("office", &["09:00-12:00", "13:00-18:00"]),
                      week("counter", &["10:00-12:00", "13:00-16:00"]),
                      week("evening", &["18:00-22:00"])],
        "skills": [{"id": "tax", "name": {"zh": "税务", "en": "tax"}}, {"id": "law"}],
        "people": [person("zhang", "张三", "tax", 4), person("li", "李四", "tax", 3),
                   person("wang", "王五", "law", 5)],
        "clients": [{"id": "acme", "name": {"zh": "甲公司", "en": "Acme"}},
                    {"id": "beta", "name": {"zh": "乙公司", "en": "Beta"}}],
        "bureaus": [{"id": "hall", "name": {"zh": "办税服务厅", "en": "the tax hall"},
                     "calendar": "counter"}],
        "policy": {"pace_percent": [100, 100, 100, 100, 100]},
    });
    let fields = document.as_object_mut().unwrap();
    fields.insert("tickets".to_owned(), tickets);
    for (name, value) in more.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    let scenario: Scenario = serde_json::from_value(document).unwrap();
    let work = resolve(&scenario).unwrap_or_else(|issues| panic!("{issues:#?}"));
    Case { scenario, work }
}

/// The same hours from Monday to Friday.
pub(crate) fn week(id: &str, hours: &[&str]) -> Value {
    json!({"id": id, "weekly": {"mon": hours, "tue": hours, "wed": hours, "thu": hours,
                                "fri": hours}})
}

/// Somebody with one skill and office hours.
pub(crate) fn person(id: &str, zh: &str, skill: &str, level: u8) -> Value {
    json!({"id": id, "name": {"zh": zh, "en": zh}, "skills": [{"skill": skill, "level": level}],
           "bands": [{"kind": "regular", "calendar": "office"}]})
}

/// A step of an hour for one person with `skill`; `more` adds fields.
pub(crate) fn step(id: &str, skill: &str, more: Value) -> Value {
    let mut step = json!({"id": id, "minutes": 60, "seats": [{"skill": skill, "level": 3}]});
    for (name, value) in more.as_object().unwrap() {
        step[name] = value.clone();
    }
    step
}

/// A plan of rows `(ticket/step, people, start, end)` on 2 March unless the times state a date.
pub(crate) fn plan(rows: &[(&str, &[&str], &str, &str)]) -> Plan {
    let at = |time: &str| {
        let day = if time.contains('T') { "" } else { "2026-03-02T" };
        format!("{day}{time}+08:00")
    };
    let steps: Vec<Value> = rows
        .iter()
        .map(|(key, people, start, end)| {
            let (ticket, step) = key.split_once('/').unwrap();
            let pieces = json!([{"from": at(start), "to": at(end)}]);
            let pieces = if people.is_empty() { json!([]) } else { pieces };
            json!({"ticket": ticket, "step": step, "people": people, "start": at(start),
                   "end": at(end), "pieces": pieces})
        })
        .collect();
    serde_json::from_value(json!({"format": "paidan-plan/1", "steps": steps})).unwrap()
}

/// The morning most tests look at. `B` keeps 张三 until ten; `A` follows with him, waits for the
/// authority from 12:00 to 14:00 and ends with the lawyer at 15:00, two hours after its due time.
pub(crate) fn morning() -> (Case, Plan) {
    let tickets = json!([
        {"id": "A", "title": {"zh": "清税", "en": "Tax clearance"}, "client": "acme",
         "due": "2026-03-02T13:00",
         "curves": [{"kind": "urgency", "fixed_fen": 10_000, "per_hour_fen": 6_000}],
         "steps": [
            step("prep", "tax", json!({"name": {"zh": "准备", "en": "Preparation"}})),
            step("file", "tax", json!({"bureau": "hall", "after": [{"step": "prep"}],
                                       "name": {"zh": "申报", "en": "Filing"}})),
            {"id": "review", "wait": {"minutes": 120}, "after": [{"step": "file"}],
             "name": {"zh": "税局审核", "en": "Authority review"}},
            step("close", "law", json!({"after": [{"step": "review"}],
                                        "name": {"zh": "结案", "en": "Closing"}})),
         ]},
        {"id": "B", "title": {"zh": "乙公司年报", "en": "Beta annual report"}, "client": "beta",
         "steps": [step("prep", "tax", json!({}))]},
    ]);
    let plan = plan(&[
        ("A/prep", &["zhang"], "10:00", "11:00"),
        ("A/file", &["zhang"], "11:00", "12:00"),
        ("A/review", &[], "12:00", "14:00"),
        ("A/close", &["wang"], "14:00", "15:00"),
        ("B/prep", &["zhang"], "09:00", "10:00"),
    ]);
    (case(tickets, json!({})), plan)
}
