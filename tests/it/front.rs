//! The trade-off between urgency and client value, and starting a search from a plan.

use std::fs;
use std::path::Path;

use paidan::calendar::FORMATS;
use paidan::exchange::json::{Formats, read};
use paidan::model::cost::Weights;
use paidan::model::front::PointStanding;
use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use paidan::planning::{Settings, plan, plan_from};
use paidan::verify::verify;
use paidan::whatif::grid::{ordered, spread};
use paidan::whatif::{Event, Order, Swept, front};
use serde_json::{Value, json};

use crate::question::{finish, one_lane, person, question, step, ticket, with, work};
use crate::tiny::small;

const MONDAY: &str = "2026-03-09T18:00";

fn weights(lambda_urgency: u32, lambda_client_value: u32) -> Weights {
    Weights { lambda_urgency, lambda_client_value }
}

fn swept(work: &Work, points: &[Weights], settings: &Settings) -> Swept {
    let order = Order { work, previous: None, points, settings, digest: "test" };
    front(&order, &mut |_| true).unwrap_or_else(|refusal| panic!("{refusal:#?}"))
}

/// A day's work each for one person, due on Monday 18:00: the second is 24 hours late. Urgency of
/// 100 yuan an hour against a client worth 150.
fn two_days() -> Value {
    let job = |id, kind, rate| {
        let day = ticket(id, MONDAY, json!([step("work", "tax", 480)]));
        with(day, json!({"curves": [{"kind": kind, "per_hour_fen": rate}]}))
    };
    let tickets = json!([job("urgent", "urgency", 10_000), job("valued", "client_value", 15_000)]);
    question(json!([person("an", &["tax"], 3)]), tickets)
}

/// R034. Urgency first leaves the client waiting: 24 × 150 = 3,600 yuan of client value. Else the
/// urgent job waits: 24 × 100 = 2,400 yuan of urgency, whether at 1 : 1 or for the client alone.
#[test]
fn each_weight_has_its_best_plan_and_equal_ones_are_told_once() {
    let points = [weights(1000, 1), weights(1000, 1000), weights(1, 1000)];
    let found = swept(&work(&two_days()), &points, &one_lane(1));
    let rows: Vec<_> = found.points.iter().map(|point| &point.row).collect();
    let amounts: Vec<(i64, i64)> = rows
        .iter()
        .map(|row| (row.amounts.urgency_fen.0, row.amounts.client_value_fen.0))
        .collect();
    assert_eq!(amounts, [(0, 360_000), (240_000, 0), (240_000, 0)]);
    let totals: Vec<i64> = rows.iter().map(|row| row.total_fen.0).collect();
    assert_eq!(totals, [360, 240_000, 240], "at a thousandth, at one, at a thousandth");
    let standings: Vec<_> = rows.iter().map(|row| (row.standing, row.by)).collect();
    let policy = Some(weights(1000, 1000));
    let (on_front, repeats) = (PointStanding::OnFront, PointStanding::Repeats);
    assert_eq!(standings, [(on_front, None), (on_front, None), (repeats, policy)]);
    assert_eq!(rows.iter().map(|row| row.is_policy).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(rows[0].by_policy_fen.0, 360_000);
    assert!(rows.iter().all(|row| row.bound.value_fen <= row.total_fen));
}

/// R034, R035. The contract's penalty of the acceptance outweighs whatever is said to be urgent,
/// however urgency and client value are weighed: one plan is best at every weight, in it the
/// acceptance comes first and the loan last.
#[test]
fn the_penalty_goes_first_at_every_weight() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/w06-three-urgent");
    let text = fs::read(folder.join("scenario.json")).unwrap();
    let scenario: Scenario = read(&text, &Formats::new(FORMATS)).unwrap();
    let work = resolve(&scenario).unwrap();
    let points = spread(work.policy.weights(), 5);
    let found = swept(&work, &points, &one_lane(1));
    let fronts = found.points.iter().filter(|p| p.row.standing == PointStanding::OnFront);
    assert_eq!(fronts.count(), 1);
    for point in &found.points {
        let end = |key: &str| point.report.tickets.iter().find(|t| t.ticket == key).unwrap().finish;
        assert!(end("acceptance") < end("tender") && end("tender") < end("loan"));
        // Tender 24 h × 200 + loan 48 h × 50 = 7,200 yuan, all of it urgency.
        assert_eq!(point.row.amounts.urgency_fen.0, 720_000);
        assert_eq!(point.row.amounts.client_value_fen.0, 0);
    }
}

/// R100, R253. Weights trade money, never rules: on scenarios in which every rule binds each point
/// of a front is a plan that the verifier passes, with its bound, without a single round of
/// search. No point is dearer at its weights than the plan of any other point.
#[test]
fn no_weight_buys_a_broken_rule_and_every_plan_serves_every_weight() {
    let points = [weights(1000, 1), weights(1000, 1000), weights(250, 1000), weights(1, 1000)];
    let mut seen = 0;
    for (seed, rounds) in (0..40).zip([0, 1].into_iter().cycle()) {
        let Some((_, work)) = small(seed) else { continue };
        let own = work.policy.weights();
        let points = ordered(points.iter().copied().chain([own]).collect());
        let settings = one_lane(rounds);
        let order =
            Order { work: &work, previous: None, points: &points, settings: &settings, digest: "" };
        // Tickets under way that cannot be finished are refused at any weight.
        let Ok(found) = front(&order, &mut |_| true) else { continue };
        for point in &found.points {
            assert!(verify(&work, &point.plan, None).is_clean(), "{seed}");
            let bound = point.plan.bound.as_ref().unwrap();
            assert!(bound.value_fen <= point.row.total_fen, "{seed}");
            for other in &found.points {
                let weights = Some(point.row.weights);
                let (cost, bound) = (None, None);
                let plan = Plan { weights, cost, bound, ..bare(&other.plan) };
                let total = verify(&work, &plan, None).bill.total_fen;
                assert!(point.row.total_fen <= total, "{seed}: {:?}", point.row.weights);
                if other.row.amounts.dominate(&point.row.amounts) {
                    assert_eq!(point.row.standing, PointStanding::Dominated, "{seed}");
                }
            }
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// Without the prices of single tickets.
fn bare(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.unserved.iter_mut().for_each(|row| row.price = None);
    plan
}

/// R252. Threads do not shape a front, and the plan of the policy's point records the sweep.
#[test]
fn a_front_is_the_same_on_any_number_of_threads() {
    let work = work(&two_days());
    let points = spread(work.policy.weights(), 5);
    let texts = |threads| {
        let found = swept(&work, &points, &Settings { threads, ..one_lane(2) });
        let plans: Vec<Plan> = found.points.into_iter().map(|point| point.plan).collect();
        serde_json::to_string(&plans).unwrap()
    };
    assert_eq!(texts(1), texts(3));
    let found = swept(&work, &points, &one_lane(2));
    let sweep = found.points[2].plan.provenance.clone().unwrap().sweep.unwrap();
    assert_eq!(sweep.points, points);
}

/// R253. Stopped during its second point, a sweep keeps what it has: the policy's own point, which
/// comes first, and the one under way.
#[test]
fn a_sweep_that_is_stopped_keeps_the_points_it_knows() {
    let work = work(&two_days());
    let points = spread(work.policy.weights(), 5);
    let settings = one_lane(3);
    let order =
        Order { work: &work, previous: None, points: &points, settings: &settings, digest: "" };
    let mut seen = Vec::new();
    let found = front(&order, &mut |stage| {
        if matches!(stage.event, Event::Done(_)) {
            seen.push(stage.weights);
        }
        stage.place == 1
    });
    let found = found.unwrap();
    assert!(found.is_stopped);
    // The middle of five, then on to urgency.
    assert_eq!(seen, [points[2], points[1]]);
    let known: Vec<Weights> = found.points.iter().map(|point| point.row.weights).collect();
    assert_eq!(known, [points[1], points[2]]);
}

/// A plan that costs less than every rule's is where the search starts, though nothing binds it to
/// it: without a round every shipped plan comes out as it went in.
#[test]
fn a_search_starts_from_a_better_plan() {
    let formats = Formats::new(FORMATS);
    let mut better = 0;
    for name in ["01-morning", "02-filing-day", "w14-night-call", "trainee-with-mentor"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let scenario: Scenario =
            read(&fs::read(folder.join("scenario.json")).unwrap(), &formats).unwrap();
        let shipped: Plan = read(&fs::read(folder.join("plan.json")).unwrap(), &formats).unwrap();
        let work = resolve(&scenario).unwrap();
        let cost = shipped.cost.unwrap().total_fen;
        let cold = plan(&work, None, &one_lane(0), "", &mut |_| true).unwrap();
        let warm = plan_from(&work, None, Some(&shipped), &one_lane(0), "", &mut |_| true).unwrap();
        assert_eq!(warm.report.bill.total_fen, cost, "{name}");
        if cold.report.bill.total_fen > cost {
            assert_eq!(warm.plan.steps, shipped.steps, "{name}");
            better += 1;
        }
    }
    assert!(better >= 2, "else this shows nothing: {better}");
}

/// Every plan can be stood up again, whatever rules, facts and extra hours are in it.
#[test]
fn every_plan_can_be_started_from() {
    let mut better = 0;
    for seed in 0..80 {
        let Some((_, work)) = small(seed) else { continue };
        let searched = plan(&work, None, &one_lane(2), "", &mut |_| true);
        let Ok(searched) = searched else { continue };
        let settings = one_lane(0);
        let cold = plan(&work, None, &settings, "", &mut |_| true).unwrap();
        let warm =
            plan_from(&work, None, Some(&searched.plan), &settings, "", &mut |_| true).unwrap();
        let total = searched.report.bill.total_fen;
        assert_eq!(warm.report.bill.total_fen, total, "{seed}");
        better += usize::from(total < cold.report.bill.total_fen);
    }
    assert!(better > 1, "else this shows nothing: {better}");
}

/// A start that belongs to another question is forgotten: its ticket is not known here, or its
/// person is taken.
#[test]
fn a_start_that_cannot_stand_is_forgotten() {
    let work = work(&two_days());
    let cold = plan(&work, None, &one_lane(0), "", &mut |_| true).unwrap();
    let mut strange = cold.plan.clone();
    strange.steps[0].ticket = "nobody".to_owned();
    let mut clash = cold.plan.clone();
    let start = clash.steps[1].start;
    clash.steps[0].start = start;
    for start in [strange, clash] {
        let warm = plan_from(&work, None, Some(&start), &one_lane(0), "", &mut |_| true).unwrap();
        assert_eq!(warm.plan, cold.plan);
        assert_eq!(finish(&warm, "valued"), MONDAY);
    }
}

/// The weights a plan records price it; the report says so, and what the policy's make of it.
#[test]
fn the_verifier_prices_a_plan_at_the_weights_it_records() {
    let question = two_days();
    let work = work(&question);
    let found = swept(&work, &[weights(1000, 1), weights(1000, 1000)], &one_lane(1));
    let plan = &found.points[0].plan;
    let report = verify(&work, plan, None);
    assert!(report.is_clean(), "{:?}", report.violations);
    assert_eq!(report.weights, Some(weights(1000, 1)));
    // 24 × 150 yuan of client value, a thousandth of it counted.
    assert_eq!((report.bill.total_fen.0, report.by_policy_fen.unwrap().0), (360, 360_000));
    let unweighed = Plan { weights: None, ..plan.clone() };
    let codes: Vec<String> =
        verify(&work, &unweighed, None).violations.iter().map(|v| v.rule.to_string()).collect();
    assert!(!codes.is_empty(), "it states the bill of other weights");
    let own = verify(&work, &found.points[1].plan, None);
    assert_eq!((own.weights, own.by_policy_fen), (None, None), "they are the policy's");
}
