//! The fallback: where insertion leaves tickets out, a program finds the assignment; it takes part
//! at fixed rounds, competes by verified cost, and can be switched off.

use std::fs;
use std::path::Path;

use paidan::calendar::FORMATS;
use paidan::exchange::json::{Formats, read};
use paidan::generate::{Order, scenario};
use paidan::model::plan::{Joiner, Plan, Provenance};
use paidan::model::scenario::Scenario;
use paidan::model::work::{Work, resolve};
use paidan::planning::{Budget, Settings, plan};
use paidan::time::Money;

use crate::question::settings;

/// Sixteen tax halls, sixteen agents of two halls each, one day.
fn tight() -> Work {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/1x-tight-capacity");
    let text = fs::read(path.join("scenario.json")).unwrap();
    let scenario: Scenario = read(&text, &Formats::new(FORMATS)).unwrap();
    resolve(&scenario).unwrap()
}

fn searched(work: &Work, fallback: bool, rounds: u32, threads: usize) -> Plan {
    let budget = Budget::Rounds(rounds);
    let settings = Settings { budget, fallback, threads, ..settings() };
    let answer = plan(work, None, &settings, "test", &mut |_| true).unwrap();
    assert!(answer.report.is_clean());
    answer.plan
}

fn made(plan: &Plan) -> &Provenance {
    plan.provenance.as_ref().unwrap()
}

/// Whoever is quick elsewhere leaves his own hall alone: only when all sixteen stay at home is
/// everything filed. Fifteen of them then end at 18:00 instead of 16:00, at 60 to 100 yuan an hour,
/// 1,200 in all: 2,400 yuan for two hours, against 8,000 for leaving Chongming out.
#[test]
fn a_full_assignment_is_found_where_rules_and_search_leave_tickets_out() {
    let work = tight();
    let without = searched(&work, false, 30, 2);
    assert_eq!(without.unserved.len(), 1);
    let with = searched(&work, true, 17, 2);
    assert_eq!(with.unserved, []);
    assert_eq!(without.cost.unwrap().total_fen, Money(800_000));
    assert_eq!(with.cost.unwrap().total_fen, Money(240_000));
    let won: Vec<(u32, Joiner)> = made(&with)
        .joined
        .iter()
        .filter(|turn| turn.won)
        .map(|turn| (turn.round, turn.by))
        .collect();
    assert_eq!(won, [(16, Joiner::Assignment)]);
}

/// The first plan does not wait for a program.
#[test]
fn nothing_joins_the_first_plan() {
    let plan = searched(&tight(), true, 0, 1);
    assert_eq!((&made(&plan).joined[..], plan.unserved.len()), (&[][..], 1));
}

#[test]
fn what_is_switched_off_stays_away_and_the_provenance_says_so() {
    let plan = searched(&tight(), false, 17, 1);
    assert!(!made(&plan).fallback && made(&plan).joined.is_empty());
    assert_eq!(made(&plan).failed_programs, 0);
    assert!(made(&searched(&tight(), true, 1, 1)).fallback);
}

/// R252, in the lean search and in that over all rules.
#[test]
fn any_number_of_threads_gives_the_same_bytes_with_programs_in_it() {
    let order = Order { tickets: 8, people: 2, load_permille: 1_600, ..Order::default() };
    let generated = resolve(&scenario(&order).0).unwrap();
    for work in [tight(), generated] {
        let first = searched(&work, true, 18, 1);
        assert!(made(&first).joined.iter().any(|turn| turn.round == 16));
        let bytes = |plan: &Plan| serde_json::to_string(plan).unwrap();
        for threads in [2, 8] {
            assert_eq!(bytes(&first), bytes(&searched(&work, true, 18, threads)), "{threads}");
        }
    }
}

/// A turn gives back what it was given, or better.
#[test]
fn a_turn_never_makes_the_plan_worse() {
    let order = Order { tickets: 8, people: 2, load_permille: 1_600, ..Order::default() };
    let work = resolve(&scenario(&order).0).unwrap();
    let [before, after] = [16, 17].map(|rounds| searched(&work, true, rounds, 1));
    assert!(made(&before).joined.is_empty() && !made(&after).joined.is_empty());
    assert!(after.cost.unwrap().total_fen <= before.cost.unwrap().total_fen);
}
