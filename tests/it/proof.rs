//! Bounds are held against the best plans known, on thousands of tiny questions in which every rule
//! bites; the certificate against the plan it is written in.

use std::collections::BTreeMap;

use paidan::generate::tiny;
use paidan::model::plan::{BoundMethod, Plan};
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use paidan::planning::plan;
use paidan::problem::compile;
use paidan::solver::lanes::Threads;
use paidan::solver::proof::Proof;
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

/// The bound of prices alone, from nothing: no plan is known to it.
fn unlearned(work: &Work, steps: u32) -> Money {
    let problem = compile(work, &BTreeMap::new());
    let threads = Threads::new(1).unwrap();
    let mut proof = Proof::new(&problem);
    for _ in 0..steps {
        proof.step(&threads);
    }
    Money(proof.bound())
}

/// R100: nor does a bound made without knowing any plan lie above one.
#[test]
fn no_bound_made_from_nothing_lies_above_a_plan() {
    let mut priced = 0;
    for seed in 0..600 {
        let scenario = if seed % 2 == 0 { tiny(seed) } else { uneven(seed) };
        let Ok(work) = resolve(&scenario) else { continue };
        let Some(plan) = planned(&work) else { continue };
        let (cost, bound) = (plan.cost.unwrap().total_fen, unlearned(&work, 12));
        assert!(bound <= cost, "seed {seed}: bound {bound}, plan {cost}");
        priced += u32::from(bound > Money::ZERO);
    }
    assert!(priced >= 200, "{priced}");
}

/// A ticket whose wait ends at 18:30, when nobody works: half an hour late, not the night too.
#[test]
fn a_wait_beside_the_chain_may_end_when_nobody_works() {
    let late = json!([{"from": "2026-03-09T17:00", "to": "2026-03-09T18:00"}]);
    let steps = json!([
        step("long", "tax", 120),
        with(step("short", "tax", 30), json!({"windows": late})),
        {"id": "wait", "wait": {"minutes": 60}, "after": [{"step": "short"}]},
    ]);
    let people = json!([person("p", &["tax"], 3), person("q", &["tax"], 3)]);
    for horizon in ["2026-03-09T19:00", "2026-03-10T18:00"] {
        let question =
            question(people.clone(), json!([ticket("t", "2026-03-09T18:00", steps.clone())]));
        let work = work(&with(question, json!({"horizon": horizon})));
        assert_eq!(planned(&work).unwrap().cost.unwrap().total_fen, Money(50));
        assert!(unlearned(&work, 5) <= Money(50), "until {horizon}");
    }
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
    let with_evenings = work(&question(people, json!([job("one"), job("two")])));
    let plan = planned(&with_evenings).unwrap();
    let bound = plan.bound.unwrap();
    assert!(bound.value_fen <= plan.cost.unwrap().total_fen, "{bound:?}");
    // Alone each ends at 18:00, six hours late; more is known to tickets alone.
    assert!(bound.value_fen >= Money(2 * 6 * 1_000_000_000), "{bound:?}");
    assert!(unlearned(&with_evenings, 5) <= plan.cost.unwrap().total_fen);
}
