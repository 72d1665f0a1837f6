//! Bounds are held against the best plans known, on thousands of tiny questions in which every rule
//! bites; the certificate against the plan it is written in.

use paidan::generate::tiny;
use paidan::model::plan::{BoundMethod, Plan};
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use paidan::planning::plan;
use paidan::solver::rng::Rng;
use paidan::time::Money;

use serde_json::json;

use crate::question::{one_lane, person, question, step, ticket, with, work};

/// The tiny question of `seed`, off the grid of half hours that tiny ones are made on.
fn uneven(seed: u64) -> Scenario {
    let mut scenario = tiny(seed);
    let mut rng = Rng::new(seed, 4_000);
    for step in scenario.tickets.iter_mut().flat_map(|ticket| &mut ticket.steps) {
        step.minutes =
            step.minutes.map(|minutes| minutes + u32::try_from(rng.range(0, 29)).unwrap());
    }
    scenario
}

fn planned(work: &Work) -> Option<Plan> {
    plan(work, None, &one_lane(2), "test", &mut |_| true).ok().map(|answer| answer.plan)
}

/// How the questions came out.
#[derive(Debug, Default)]
struct Tally {
    planned: u32,
    /// The plan costs what no plan can undercut.
    closed: u32,
    /// Prices of time prove more than the tickets alone.
    priced: u32,
}

fn tally(seeds: std::ops::Range<u64>, question: fn(u64) -> Scenario) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let Ok(work) = resolve(&question(seed)) else { continue };
        let Some(plan) = planned(&work) else { continue };
        let cost = plan.cost.unwrap().total_fen;
        let bound = plan.bound.unwrap();
        assert!(bound.value_fen <= cost, "seed {seed}: bound {bound:?}, plan {cost}");
        tally.planned += 1;
        tally.closed += u32::from(bound.value_fen == cost);
        tally.priced += u32::from(bound.method == BoundMethod::PricedTime);
    }
    tally
}

/// R100: the bound holds whatever rule bites. The plans are the best ones nine times in ten, so a
/// bound above the best would show among so many. It knows only some of the rules: when this was
/// written it met 594 of 1,992 plans, and said more than the tickets alone of 1,078.
#[test]
fn no_bound_lies_above_the_plan_of_any_of_two_thousand_tiny_questions() {
    let tally = tally(0..2_000, tiny);
    assert!(tally.planned >= 1_500, "{tally:?}");
    assert!(tally.closed * 4 >= tally.planned, "{tally:?}");
    assert!(tally.priced * 2 >= tally.planned, "{tally:?}");
}

/// R100: to the minute: nothing here lies on half hours.
#[test]
fn no_bound_lies_above_the_plan_where_minutes_are_uneven() {
    let tally = tally(0..1_500, uneven);
    assert!(tally.planned >= 1_000, "{tally:?}");
    assert!(tally.priced >= 30, "{tally:?}");
}

/// The parts of the gap come to all of it, in whole fen but for one lost per part.
#[test]
fn the_parts_of_the_gap_add_up_to_it() {
    let mut seen = 0;
    for seed in 0..400 {
        let Some(plan) = resolve(&tiny(seed)).ok().and_then(|work| planned(&work)) else {
            continue;
        };
        let bound = plan.bound.unwrap();
        let Some(gap) = bound.gap else { continue };
        let whole = plan.cost.unwrap().total_fen.0 - bound.value_fen.0;
        let tickets: Money = gap.tickets.iter().map(|share| share.fen).sum();
        let parts = tickets.0 + gap.idle_fen.0 + gap.other_fen.0;
        assert!((parts - whole).abs() <= 10, "seed {seed}: {parts} of {whole}: {gap:?}");
        let days: Money = gap.days.iter().map(|share| share.fen).sum();
        assert_eq!(days, tickets + gap.idle_fen, "seed {seed}");
        let skills: Money = gap.skills.iter().map(|share| share.fen).sum();
        assert_eq!(skills, tickets, "seed {seed}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}

/// The dearest evening and the dearest lateness a scenario may state: sums must not overflow. One
/// person, eight hours due at 12:00: 09:00-18:00 costs six hours' lateness or an absurd evening.
#[test]
fn the_largest_amounts_there_are_can_be_proven() {
    let bands = json!([{"kind": "regular", "calendar": "office"},
        {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 100_000_000_000_i64}]);
    let curves = json!([{"kind": "urgency", "per_hour_fen": 1_000_000_000}]);
    let job = |id| {
        let job = ticket(id, "2026-03-09T12:00", json!([step("work", "tax", 480)]));
        with(job, json!({"curves": curves, "unserved": {"urgency_fen": 100_000_000_000_i64}}))
    };
    let people = json!([with(person("p", &["tax"], 3), json!({"bands": bands}))]);
    let plan = planned(&work(&question(people, json!([job("one"), job("two")])))).unwrap();
    let bound = plan.bound.unwrap();
    assert!(bound.value_fen <= plan.cost.unwrap().total_fen, "{bound:?}");
    // Alone each ends at 18:00, six hours late.
    assert!(bound.value_fen >= Money(2 * 6 * 1_000_000_000), "{bound:?}");
}
