//! Every scenario of the repository comes with a plan, and that plan keeps its word.

use std::fs;
use std::path::Path;

use paidan::calendar::FORMATS;
use paidan::exchange::json::{Formats, read};
use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::model::work::resolve;
use paidan::planning::plan;
use paidan::verify::{completed, verify};
use paidan::whatif::simulate::{Choice, Order, Policy, simulate};

use crate::question::one_lane;

/// What people write by hand is enough: ticket, step, people and start break no rule. What starts
/// do not tell is which steps go into the evening though nothing begins after them, so the bill
/// may differ.
#[test]
fn the_morning_without_ends_breaks_no_rule() {
    let formats = Formats::new(FORMATS);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/01-morning");
    let scenario: Scenario =
        read(&fs::read(folder.join("scenario.json")).unwrap(), &formats).unwrap();
    let shipped: Plan = read(&fs::read(folder.join("plan.json")).unwrap(), &formats).unwrap();
    let work = resolve(&scenario).unwrap();
    let mut hand = Plan { cost: None, bound: None, provenance: None, ..shipped };
    for step in &mut hand.steps {
        (step.end, step.pieces) = (None, Vec::new());
    }
    let full = completed(&work, &hand).unwrap();
    let report = verify(&work, &full, None);
    assert!(report.is_clean(), "{:?}", report.violations);
}

/// The shipped plan is clean, states its bill truly, was made from this very scenario, and a few
/// rounds from it do not cost more (R251, R252).
#[test]
fn every_shipped_plan_verifies_and_can_be_planned_on_from() {
    let formats = Formats::new(FORMATS);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario: Scenario =
            read(&fs::read(path.join("scenario.json")).unwrap(), &formats).unwrap();
        assert!(scenario.about.is_some(), "{}: no about", path.display());
        let shipped: Plan = read(&fs::read(path.join("plan.json")).unwrap(), &formats).unwrap();
        let work = resolve(&scenario).unwrap();
        let report = verify(&work, &shipped, None);
        assert!(report.is_clean(), "{}: {:?}", path.display(), report.violations);
        assert_eq!(shipped.cost, Some(report.bill), "{}", path.display());
        let settings = one_lane(1);
        let again = plan(&work, Some(&shipped), &settings, "test", &mut |_| true).unwrap();
        assert!(again.report.bill.total_fen <= report.bill.total_fen, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 15);
}

/// What the README says of the shipped firm: lists by due date and of current practice cost more
/// than the engine, by intervals that exclude 0 at sixteen replications already.
#[test]
fn lists_cost_the_shipped_firm_more_than_the_engine() {
    let formats = Formats::new(FORMATS);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/05-staffing");
    let scenario: Scenario =
        read(&fs::read(folder.join("scenario.json")).unwrap(), &formats).unwrap();
    let simulation: Simulation =
        read(&fs::read(folder.join("simulation.json")).unwrap(), &formats).unwrap();
    let choices = [Choice::as_it_is()];
    let policies = [Policy::Engine, Policy::EarliestDue, Policy::CurrentPractice];
    let order = Order::of(&scenario, &simulation, &choices, &policies);
    let order = Order { threads: 2, verify_every: 1_000, ..order };
    let told = simulate(&order, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    for cell in &told.cells[1..] {
        let more = cell.difference_fen;
        assert!(more.mean > more.half_width.unwrap(), "{:?}: {more:?}", cell.policy);
    }
}
