//! Small questions written as JSON, planned on the one road, and answers read from their plans.
//!
//! Everything happens from Monday 9 March 2026 09:00 on; the office works 09:00–12:00 and
//! 13:00–18:00 (480 minutes) from Monday to Friday, evenings are 18:00–21:00.

use paidan::calendar::Moment;
use paidan::model::check::check;
use paidan::model::plan::{Plan, PlannedStep};
use paidan::model::work::Work;
use paidan::planning::{Answer, Budget, Settings, plan};
use serde_json::{Value, json};

/// A question without people and tickets.
pub(crate) fn question(people: Value, tickets: Value) -> Value {
    let week = |hours: &[&str]| json!({"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours});
    json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-09T09:00",
        "horizon": "2026-03-20T18:00",
        "calendars": [
            {"id": "office", "weekly": week(&["09:00-12:00", "13:00-18:00"])},
            {"id": "evening", "weekly": week(&["18:00-21:00"])},
        ],
        "skills": [{"id": "tax"}, {"id": "filing"}, {"id": "legal"}],
        "people": people,
        "tickets": tickets,
    })
}

/// Somebody at work in the office who holds `skills` at `level`.
pub(crate) fn person(id: &str, skills: &[&str], level: u8) -> Value {
    let held: Vec<Value> =
        skills.iter().map(|skill| json!({"skill": skill, "level": level})).collect();
    json!({"id": id, "skills": held, "bands": [{"kind": "regular", "calendar": "office"}]})
}

/// A ticket that costs 1 yuan for every hour after `due`, and ten thousand left out.
pub(crate) fn ticket(id: &str, due: &str, steps: Value) -> Value {
    json!({"id": id, "due": due, "steps": steps, "unserved": {"urgency_fen": 1_000_000},
           "curves": [{"kind": "urgency", "per_hour_fen": 100}]})
}

/// A step with one seat.
pub(crate) fn step(id: &str, skill: &str, minutes: u32) -> Value {
    json!({"id": id, "seats": [{"skill": skill}], "minutes": minutes})
}

/// `value` with `more` written over it, field by field.
pub(crate) fn with(mut value: Value, more: Value) -> Value {
    for (field, content) in more.as_object().unwrap() {
        value[field] = content.clone();
    }
    value
}

/// The question without problems, as rows.
pub(crate) fn work(question: &Value) -> Work {
    match check(&serde_json::from_value(question.clone()).unwrap()) {
        Ok((work, _)) => work,
        Err(issues) => panic!("{issues:#?}"),
    }
}

/// As little search as a test may need: one lane, `rounds` rounds.
pub(crate) fn one_lane(rounds: u32) -> Settings {
    Settings { lanes: 1, budget: Budget::Rounds(rounds), ..settings() }
}

/// How tests search: two lanes, two rounds.
pub(crate) fn settings() -> Settings {
    Settings {
        seed: 1,
        lanes: 2,
        threads: 1,
        budget: Budget::Rounds(2),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    }
}

/// The verified answer.
pub(crate) fn planned(question: &Value) -> Answer {
    planned_after(question, None)
}

/// The verified answer where `previous` is in force.
pub(crate) fn planned_after(question: &Value, previous: Option<&Plan>) -> Answer {
    let answer = plan(&work(question), previous, &settings(), "test", &mut |_| true);
    let answer = answer.unwrap_or_else(|refusal| panic!("{refusal:#?}"));
    assert!(answer.report.is_clean());
    answer
}

/// A step of the plan, by ticket and step.
pub(crate) fn placed<'a>(answer: &'a Answer, ticket: &str, step: &str) -> &'a PlannedStep {
    let mut rows = answer.plan.steps.iter();
    rows.find(|row| row.ticket == ticket && row.step == step).unwrap()
}

/// Who leads a step.
pub(crate) fn lead<'a>(answer: &'a Answer, ticket: &str, step: &str) -> &'a str {
    &placed(answer, ticket, step).people[0]
}

/// When a step starts, such as `2026-03-09T09:00`.
pub(crate) fn start(answer: &Answer, ticket: &str, step: &str) -> String {
    local(placed(answer, ticket, step).start)
}

/// When a ticket finishes.
pub(crate) fn finish(answer: &Answer, ticket: &str) -> String {
    let bill = answer.report.tickets.iter().find(|bill| bill.ticket == ticket).unwrap();
    local(bill.finish_at.unwrap())
}

fn local(moment: Moment) -> String {
    moment.to_string().chars().take(16).collect()
}
