//! Every way to a first plan keeps every rule, also those the search seldom begins with.

use std::collections::BTreeMap;

use paidan::generate::{Order, scenario};
use paidan::model::plan::Plan;
use paidan::model::work::{Work, resolve};
use paidan::problem::compile;
use paidan::solver::bridge::planned_steps;
use paidan::solver::construct::{RULES, construct};
use paidan::solver::insert::Taste;
use paidan::verify::verify;
use serde_json::json;

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
        let mut plan: Plan = serde_json::from_value(empty).unwrap();
        plan.as_of = Some(work.zone.moment(work.as_of));
        plan.horizon = Some(work.zone.moment(work.horizon));
        plan.steps = planned_steps(work, &schedule);
        let report = verify(work, &plan, None);
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
