//! What if: changes made to a scenario, and plans before and after.

use paidan::calendar::FORMATS;
use paidan::exchange::json::{Formats, read};
use paidan::model::change::Changes;
use paidan::model::check::check;
use paidan::model::issue::Issues;
use paidan::model::scenario::Scenario;
use paidan::planning::{Answer, plan};
use paidan::whatif::change::apply;
use paidan::whatif::contrast::contrast;
use serde_json::{Value, json};

use crate::question::{person, question, settings, step, ticket, with};

fn scenario(question: &Value) -> Scenario {
    serde_json::from_value(question.clone()).unwrap()
}

/// Read as a file is, so that the schema has its say.
fn changes(changes: Value) -> Changes {
    let text = json!({"format": "paidan-changes/1", "changes": changes}).to_string();
    read(text.as_bytes(), &Formats::new(FORMATS)).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

fn changed(question: &Value, list: Value) -> Scenario {
    apply(&scenario(question), &changes(list).changes)
        .unwrap_or_else(|issues| panic!("{issues:#?}"))
}

fn refused(question: &Value, list: Value) -> Issues {
    apply(&scenario(question), &changes(list).changes).expect_err("it is refused")
}

fn planned(scenario: &Scenario) -> Answer {
    let (work, _) = check(scenario).unwrap_or_else(|issues| panic!("{issues:#?}"));
    let answer = plan(&work, None, &settings(), "test", &mut |_| true);
    answer.unwrap_or_else(|refusal| panic!("{refusal:#?}"))
}

/// Two days of work for one person, both due on Monday evening.
fn crowded() -> Value {
    let job = |id| ticket(id, "2026-03-09T18:00", json!([step("work", "tax", 480)]));
    question(json!([person("an", &["tax"], 3)]), json!([job("one"), job("two")]))
}

/// R121. One more person like the first: the second job is no longer 24 hours late, which cost
/// 24 × 1 yuan.
#[test]
fn one_more_person_saves_what_the_wait_costs() {
    let list = json!([{"kind": "clone_person", "person": "an", "id": "bo"}]);
    let (before, after) =
        (planned(&scenario(&crowded())), planned(&changed(&crowded(), list.clone())));
    let told = contrast(&changes(list), &before, &after);
    assert_eq!((told.before.cost.total_fen.0, told.after.cost.total_fen.0), (2_400, 0));
    assert_eq!((told.before.late, told.after.late), (1, 0));
    assert!(told.before.bound_fen.0 <= 2_400);
    assert_eq!(told.tickets.len(), 1, "one ticket finishes earlier");
    assert_eq!((told.other_people, told.other_start), (1, 0));
}

#[test]
fn every_fault_of_a_list_is_told_at_once_with_its_place() {
    let list = json!([
        {"kind": "skill", "person": "ann", "skill": "taxes", "level": 4},
        {"kind": "clone_person", "person": "an", "id": "an"},
        {"kind": "tool", "tool": "seal", "available": false},
        {"kind": "band", "band": "overtime", "price_per_hour_fen": 1},
        {"kind": "training", "person": "an", "first": "2026-03-12", "last": "2026-03-10",
         "weekday": "thu", "hours": "09:00-11:00"},
        {"kind": "absence", "person": "ann", "from": "2026-03-11T00:00", "to": "2026-03-10T00:00"},
    ]);
    let issues = refused(&crowded(), list);
    let told: Vec<(&str, &str)> =
        issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    let expected = [
        ("S101", "$.changes[0].skill"),
        ("S101", "$.changes[0].person"),
        ("S102", "$.changes[1].id"),
        ("S101", "$.changes[2].tool"),
        ("C103", "$.changes[3].band"),
        ("C101", "$.changes[4].last"),
        ("C101", "$.changes[5].to"),
        ("S101", "$.changes[5].person"),
    ];
    assert_eq!(told, expected);
    assert_eq!(issues[1].hint_en.as_deref(), Some("did you mean \"an\"?"));
}

/// R065: away on Monday and Tuesday, the jobs wait for Wednesday and Thursday. R136: of every
/// hundred tickets 150 are two of one and one of the other: three days of work for one person.
#[test]
fn absence_and_demand_change_what_there_is_to_plan() {
    let away = json!([{"kind": "absence", "person": "an", "from": "2026-03-09T00:00",
                       "to": "2026-03-11T00:00"}]);
    let away = planned(&changed(&crowded(), away));
    let starts: Vec<String> = away.plan.steps.iter().map(|step| step.start.to_string()).collect();
    assert!(starts.iter().any(|start| start.starts_with("2026-03-11T09:00")), "{starts:?}");
    assert!(starts.iter().any(|start| start.starts_with("2026-03-12T09:00")), "{starts:?}");
    let more = changed(&crowded(), json!([{"kind": "demand", "percent": 150}]));
    let ids: Vec<&str> = more.tickets.iter().map(|ticket| ticket.id.as_str()).collect();
    assert_eq!(ids, ["one", "two", "two+2"]);
    let fewer = changed(&crowded(), json!([{"kind": "demand", "percent": 50}]));
    assert_eq!(fewer.tickets.len(), 1);
}

/// R159, R162. Two hours of training on Thursdays; for two days only half of the 480 minutes, so
/// that a job of 480 takes both days.
#[test]
fn training_takes_hours_and_a_dip_leaves_a_share_of_them() {
    let training = json!([{"kind": "training", "person": "an", "first": "2026-03-09",
                           "last": "2026-03-20", "weekday": "thu", "hours": "09:00-11:00"}]);
    let absences = &changed(&crowded(), training).people[0].absences;
    let days: Vec<String> = absences.iter().map(|absence| absence.from.to_string()).collect();
    assert_eq!(days, ["2026-03-12T09:00", "2026-03-19T09:00"]);
    let dip = json!([
        {"kind": "demand", "percent": 50},
        {"kind": "dip", "person": "an", "first": "2026-03-09", "last": "2026-03-10", "percent": 50},
    ]);
    let plan = planned(&changed(&crowded(), dip)).plan;
    // 09:00–12:00 and 13:00–14:00 are 240 minutes, on each of the two dates.
    assert_eq!(
        plan.steps[0].end.map(|end| end.to_string()).as_deref(),
        Some("2026-03-10T14:00+08:00")
    );
}

/// Who leaves is left out wherever he is named, unless something is fixed to him.
#[test]
fn who_leaves_is_named_nowhere_any_more() {
    let people = json!([
        person("an", &["tax"], 3),
        with(person("bo", &["tax"], 3), json!({"trainee": true, "mentors": ["an"]}))
    ]);
    let clients = json!([{"id": "firm", "owner": "an", "excluded": ["bo"]}]);
    let firm = with(question(people, crowded()["tickets"].clone()), json!({"clients": clients}));
    let left = changed(&firm, json!([{"kind": "remove_person", "person": "an"}]));
    assert_eq!(left.people.len(), 1);
    assert!(left.people[0].mentors.is_empty() && left.clients[0].owner.is_none());
    let pinned = with(firm, json!({"pins": [{"step": "one/work", "people": ["an"]}]}));
    let issues = refused(&pinned, json!([{"kind": "remove_person", "person": "an"}]));
    assert_eq!(issues[0].code, "C102");
}

/// R024, R022, R034, R161: tools, the urgent team, weights, prices and levels of skills are set as
/// stated.
#[test]
fn what_is_set_stands_in_the_scenario() {
    let step = with(step("work", "tax", 480), json!({"tools": [{"tool": "esign", "percent": 50}]}));
    let wait = json!({"id": "review", "wait": {"working_days": 3, "calendar": "office"}});
    let jobs = json!([ticket("one", "2026-03-09T18:00", json!([step, wait]))]);
    let firm = with(
        question(json!([person("an", &["tax"], 3)]), jobs),
        json!({"tools": [{"id": "esign", "available": false}]}),
    );
    let list = json!([
        {"kind": "tool", "tool": "esign", "available": true},
        {"kind": "urgent_only", "person": "an", "urgent_only": true},
        {"kind": "weights", "lambda_urgency": 2000},
        {"kind": "prices", "prices": {"freeze_minutes": 30, "off_owner_fen": 500}},
        {"kind": "agency", "calendar": "office", "percent": 150},
        {"kind": "hours", "person": "an", "band": "overtime", "calendar": "evening"},
        {"kind": "band", "band": "overtime", "price_per_hour_fen": 6000, "cap_day_minutes": 120},
        {"kind": "skill", "person": "an", "skill": "tax", "level": 5},
        {"kind": "add_service", "service": {"id": "audit", "normal": []}},
    ]);
    let made = changed(&firm, list);
    assert!(made.tools[0].available && made.people[0].urgent_only);
    assert_eq!((made.policy.lambda_urgency, made.policy.lambda_client_value), (2000, 1000));
    assert_eq!((made.policy.freeze_minutes, made.policy.preference.off_owner_fen.0), (30, 500));
    // 3 × 150 % = 4.5, rounded up
    assert_eq!(made.tickets[0].steps[1].wait.as_ref().unwrap().working_days, Some(5));
    let overtime = &made.people[0].bands[1];
    assert_eq!((overtime.price_per_hour_fen.0, overtime.cap_day_minutes), (6000, Some(120)));
    assert_eq!((made.people[0].skills[0].level, made.services.len()), (5, 1));
}
