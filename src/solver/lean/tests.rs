//! The lean search, checked against prices and lines worked out anew after every single move.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Ground;
use super::run::search;
use crate::model::work::resolve;
use crate::problem::{Problem, compile};
use crate::solver::budget::{Budget, Stopwatch};
use crate::solver::construct::construct;
use crate::solver::insert::Taste;
use crate::solver::lanes::Threads;
use crate::solver::rng::Rng;
use crate::solver::{Found, Settings, Tools};

/// Chains of one to three steps, too many for the people, who may stay in the evening.
fn question(tickets: usize, people: usize) -> Problem {
    let mut rng = Rng::new(3, 0);
    let office: BTreeMap<&str, Value> =
        ["mon", "tue", "wed", "thu", "fri"].map(|day| (day, json!(["09:00-17:00"]))).into();
    let evening: BTreeMap<&str, Value> =
        ["mon", "tue", "wed"].map(|day| (day, json!(["17:00-20:00"]))).into();
    let skills = ["tax", "legal"];
    let bands = json!([{"kind": "regular", "calendar": "office"},
        {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 9000}]);
    let person = |row: usize| {
        let held = json!([{"skill": skills[row % 2], "level": 3}]);
        json!({"id": format!("p{row}"), "skills": held, "bands": bands})
    };
    let mut ticket = |row: usize| {
        let step = |number: usize, rng: &mut Rng| {
            let mut step = json!({"id": format!("s{number}"), "minutes": 20 + rng.below(100),
                "seats": [{"skill": rng.pick(&skills)}]});
            if number > 0 {
                step["after"] = json!([{"step": format!("s{}", number - 1)}]);
            }
            step
        };
        let steps: Vec<Value> =
            (0..1 + rng.below(3)).map(|number| step(number, &mut rng)).collect();
        let due = format!("2026-03-{:02}T12:00", 9 + rng.below(2));
        json!({"id": format!("t{row}"), "due": due, "steps": steps,
            "unserved": {"urgency_fen": 90_000},
            "curves": [{"kind": "urgency", "per_hour_fen": 100 * rng.range(1, 40)}]})
    };
    let scenario = json!({"format": "paidan-scenario/1", "as_of": "2026-03-09T09:00",
        "horizon": "2026-03-20T18:00", "skills": skills.map(|skill| json!({"id": skill})),
        "calendars": [{"id": "office", "weekly": office}, {"id": "evening", "weekly": evening}],
        "people": (0..people).map(person).collect::<Vec<_>>(),
        "tickets": (0..tickets).map(&mut ticket).collect::<Vec<_>>()});
    let scenario = serde_json::from_value(scenario).expect("it is a scenario");
    compile(&resolve(&scenario).expect("names resolve"), &BTreeMap::new())
}

fn found(problem: &Problem, lanes: u32, threads: usize, budget: Budget) -> Found {
    let settings = Settings {
        seed: 1,
        lanes,
        threads,
        budget,
        planned: Some(60),
        until_gap: None,
        stop: None,
    };
    let threads = Threads::new(threads).expect("threads can be had");
    let stopwatch = Stopwatch::start();
    let tools = Tools { settings: &settings, threads: &threads, stopwatch: &stopwatch, bound: 0 };
    let ground = Ground::new(problem).expect("the rules are plain");
    let first = construct(problem, 0, &Taste::PLAIN);
    search(&ground, &first, &tools, 40, &mut |_| true)
}

/// 210 tickets: lanes merge, which compares what they keep; 20: each searches on its own.
#[test]
fn lanes_keep_prices_and_lines_move_by_move_and_find_the_same_on_any_threads() {
    for (tickets, people) in [(210, 12), (20, 3)] {
        let problem = question(tickets, people);
        let first = construct(&problem, 0, &Taste::PLAIN).cost();
        let one = found(&problem, 3, 1, Budget::Rounds(4));
        let two = found(&problem, 3, 2, Budget::Rounds(4));
        assert_eq!((one.cost, &one.places), (two.cost, &two.places));
        assert!(one.cost.1 < first, "{} of {first}", one.cost.1);
    }
}

/// R252: without tickets there is nothing to gauge the speed by, and nothing to search.
#[test]
fn an_empty_queue_is_planned_at_once() {
    let problem = question(0, 2);
    let found = found(&problem, 2, 2, Budget::Milliseconds(60_000));
    assert_eq!((found.rounds, found.cost), (0, (0, 0)));
}
