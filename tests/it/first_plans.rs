//! Every way to a first plan keeps every rule, also those the search seldom begins with.

use std::collections::BTreeMap;

use paidan::generate::{Order, scenario};
use paidan::model::plan::Plan;
use paidan::model::work::{Work, resolve};
use paidan::planning::plan;
use paidan::problem::compile;
use paidan::solver::bridge::planned_steps;
use paidan::solver::construct::{RULES, construct};
use paidan::solver::insert::Taste;
use paidan::verify::verify;
use serde_json::{Value, json};

use crate::question::{person, question, settings, step, ticket, with, work};
use crate::tiny::small;

/// Verifies the plan of every row of [`RULES`] that says something without a previous plan, and
/// its price; how many there were that serve all they must.
fn first_plans_are_sound(work: &Work, name: &str) -> usize {
    let mut sound = 0;
    let problem = compile(work, &BTreeMap::new());
    for (row, (rule, _)) in RULES.iter().enumerate().take(RULES.len() - 1) {
        let schedule = construct(&problem, row, &Taste::PLAIN);
        if schedule.owed() > 0 {
            continue;
        }
        sound += 1;
        let out = work.tickets.pairs().filter(|(id, _)| !schedule.is_served(*id));
        let out: Vec<_> = out.map(|(_, ticket)| json!({"ticket": ticket.key})).collect();
        let empty = json!({"format": "paidan-plan/1", "zone": work.zone.name(), "unserved": out});
        let mut written: Plan = serde_json::from_value(empty).unwrap();
        written.as_of = Some(work.zone.moment(work.as_of));
        written.horizon = Some(work.zone.moment(work.horizon));
        written.steps = planned_steps(work, &schedule);
        let report = verify(work, &written, None);
        assert!(report.is_clean(), "{name}, {rule}: {:?}", report.violations);
        assert_eq!(report.bill.total_fen.0, schedule.cost(), "{name}, {rule}");
    }
    sound
}

/// Travel, counters, crews, caps and batches of this trade, too much of it for the people.
#[test]
fn every_priority_rule_gives_a_plan_that_keeps_every_rule() {
    for seed in 1..=4 {
        let order =
            Order { tickets: 120, people: 10, seed, load_permille: 1_100, ..Order::default() };
        let work = resolve(&scenario(&order).0).expect("generated scenarios resolve");
        let sound = first_plans_are_sound(&work, &format!("seed {seed}"));
        assert_eq!(sound, RULES.len() - 1);
    }
}

/// Pins, facts, windows, quotas, things and everything else, a few tickets each.
#[test]
fn every_priority_rule_keeps_every_rule_on_tiny_questions() {
    let mut sound = 0;
    for seed in 0..200 {
        let Some((_, work)) = small(seed) else { continue };
        sound += first_plans_are_sound(&work, &format!("tiny {seed}"));
    }
    assert!(sound > 500, "{sound} plans verified");
}

/// A person who works the day and, paid, the evening.
fn evening_worker() -> Value {
    json!({
        "id": "an",
        "skills": [{"skill": "tax", "level": 3}],
        "bands": [
            {"kind": "regular", "calendar": "office"},
            {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 6000},
        ],
    })
}

/// Begun at 18:05 in paid minutes: ending where the regular ones alone would do is no way out, as
/// the first minute is worked.
#[test]
fn a_step_pinned_into_the_evening_is_worked_from_its_first_minute() {
    let long = with(
        ticket("t", "2026-03-10T18:00", json!([step("a", "tax", 480)])),
        json!({"curves": [{"kind": "urgency", "per_hour_fen": 100_000}]}),
    );
    let mut question = question(json!([evening_worker()]), json!([long]));
    question["pins"] = json!([{"step": "t/a", "start": "2026-03-09T18:05"}]);
    let answer = plan(&work(&question), None, &settings(), "test", &mut |_| true).unwrap();
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    let planned = &answer.plan.steps[0];
    assert_eq!(planned.start, planned.pieces[0].from);
}

/// A wait that is done has nobody; the search goes past it.
#[test]
fn waits_that_are_done_do_not_stop_the_search() {
    let steps = json!([
        with(json!({"id": "w"}), json!({"wait": {"minutes": 120}})),
        with(step("b", "tax", 600), json!({"after": [{"step": "w"}]})),
    ]);
    let rows = ["t0", "t1", "t2"];
    let late = |id: &&str| {
        with(
            ticket(id, "2026-03-09T10:00", steps.clone()),
            json!({"curves": [{"kind": "urgency", "per_hour_fen": 1000}]}),
        )
    };
    let mut question = question(
        json!([person("an", &["tax"], 3)]),
        json!(rows.iter().map(late).collect::<Vec<Value>>()),
    );
    let done = |id: &&str| {
        json!({"step": format!("{id}/w"), "state": "done",
               "start": "2026-03-06T10:00", "end": "2026-03-06T12:00"})
    };
    question["progress"] = json!(rows.iter().map(done).collect::<Vec<Value>>());
    let answer = plan(&work(&question), None, &settings(), "test", &mut |_| true).unwrap();
    assert!(answer.plan.unserved.is_empty() && answer.fault.is_none());
}
