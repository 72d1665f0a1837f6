//! The lean search, checked against prices and lines worked out anew after every single move.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use std::collections::BTreeMap;

use super::Ground;
use super::guide::Guide;
use super::run::search;
use crate::calendar::FORMATS;
use crate::exchange::json::Formats;
use crate::exchange::json::read;
use crate::id::Column;
use crate::model::scenario::Scenario;
use crate::model::work::resolve;
use crate::problem::{Problem, compile};
use crate::solver::bound::least_cost;
use crate::solver::budget::{Budget, Stopwatch};
use crate::solver::construct::construct;
use crate::solver::fallback::Fallback;
use crate::solver::insert::Taste;
use crate::solver::lanes::Threads;
use crate::solver::proof::{Proof, UNIT};
use crate::solver::prover::Prover;
use crate::solver::rng::Rng;
use crate::solver::{Found, Settings, Tools};

/// The text of a list.
fn listed(rows: impl Iterator<Item = String>) -> String {
    format!("[{}]", rows.collect::<Vec<_>>().join(","))
}

/// The hours of these days, alike.
fn week(days: &[&str], hours: &str) -> String {
    let days: Vec<String> = days.iter().map(|day| format!(r#""{day}":["{hours}"]"#)).collect();
    format!("{{{}}}", days.join(","))
}

/// Chains of one to three steps, too many for the people, who may stay in the evening.
fn question(tickets: usize, people: usize) -> Problem {
    let mut rng = Rng::new(3, 0);
    let skills = ["tax", "legal"];
    let office = week(&["mon", "tue", "wed", "thu", "fri"], "09:00-17:00");
    let evening = week(&["mon", "tue", "wed"], "17:00-20:00");
    let person = |row: usize| {
        let skill = skills[row % 2];
        format!(
            r#"{{"id":"p{row}","skills":[{{"skill":"{skill}","level":3}}],"bands":[
            {{"kind":"regular","calendar":"office"}},
            {{"kind":"overtime","calendar":"evening","price_per_hour_fen":9000}}]}}"#
        )
    };
    let ticket = |row: usize| {
        let count = 1 + rng.below(3);
        let steps = listed(
            (0..count).map(|number| step(number, skills[rng.below(2)], 20 + rng.below(100))),
        );
        let (day, rate) = (9 + rng.below(2), 100 * rng.range(1, 40));
        format!(
            r#"{{"id":"t{row}","due":"2026-03-{day:02}T12:00","steps":{steps},
            "unserved":{{"urgency_fen":90000}},
            "curves":[{{"kind":"urgency","per_hour_fen":{rate}}}]}}"#
        )
    };
    let queue = listed((0..tickets).map(ticket));
    let staff = listed((0..people).map(person));
    let text = format!(
        r#"{{"format":"paidan-scenario/1","as_of":"2026-03-09T09:00","horizon":"2026-03-20T18:00",
        "skills":[{{"id":"tax"}},{{"id":"legal"}}],"people":{staff},"tickets":{queue},
        "calendars":[{{"id":"office","weekly":{office}}},{{"id":"evening","weekly":{evening}}}]}}"#
    );
    let scenario: Scenario =
        read(text.as_bytes(), &Formats::new(FORMATS)).expect("it is a scenario");
    compile(&resolve(&scenario).expect("names resolve"), &BTreeMap::new())
}

/// A step that follows the one before it.
fn step(number: usize, skill: &str, minutes: usize) -> String {
    let before = number.checked_sub(1).map(|before| format!(r#"{{"step":"s{before}"}}"#));
    let after = listed(before.into_iter());
    format!(
        r#"{{"id":"s{number}","minutes":{minutes},"seats":[{{"skill":"{skill}"}}],"after":{after}}}"#
    )
}

fn found(problem: &Problem, lanes: u32, threads: usize, budget: Budget) -> Found {
    let settings = Settings {
        seed: 1,
        lanes,
        threads,
        budget,
        planned: Some(60),
        until_gap: None,
        fallback: false,
        stop: None,
    };
    let threads = Threads::new(threads).expect("threads can be had");
    let stopwatch = Stopwatch::start();
    let least: Vec<i64> = problem.tickets.ids().map(|ticket| least_cost(problem, ticket)).collect();
    let mut fallback = Fallback::new(problem, &least, &settings);
    let ground = Ground::new(problem, &Column::new(least)).expect("the rules are plain");
    let first = construct(problem, 0, &Taste::PLAIN);
    let prover = Mutex::new(Prover::new(problem, first.places().clone()));
    let tools = Tools {
        settings: &settings,
        threads: &threads,
        stopwatch: &stopwatch,
        alone: 0,
        prover,
        proof: AtomicU64::new(0),
    };
    search(&ground, &first, &tools, 40, &mut fallback, &mut |_| true)
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

/// The quick search reckons with the proof's prices, minute by minute of each person's hours.
#[test]
fn minutes_have_the_prices_that_the_proof_gives_them() {
    let problem = question(210, 12);
    let least: Vec<i64> =
        problem.tickets.ids().map(|ticket| least_cost(&problem, ticket)).collect();
    let ground = Ground::new(&problem, &Column::new(least)).expect("the rules are plain");
    let threads = Threads::new(1).expect("threads can be had");
    let mut proof = Proof::new(&problem);
    proof.learn(construct(&problem, 0, &Taste::PLAIN).places());
    (0..10).for_each(|_| proof.step(&threads));
    let guide = Guide::new(&ground.0, &proof);
    let mut dear = 0;
    for person in problem.people.ids() {
        let hours = &ground.0.working[ground.0.shifts[person]].hours[0];
        for number in (0..600).step_by(7) {
            let ticks = (number..number + 60).map(|number| ground.0.tick(hours.tick(number)));
            let units: i64 = ticks.map(|tick| proof.rate(person, tick)).sum();
            let told = guide.price(person, (number, number + 60));
            assert!((told - units / UNIT).abs() <= 1, "{person:?} {number}: {told}");
            dear = dear.max(told);
        }
    }
    assert!(dear > 0, "an hour of somebody is worth something");
}

/// R252: without tickets there is nothing to gauge the speed by, and nothing to search.
#[test]
fn an_empty_queue_is_planned_at_once() {
    let problem = question(0, 2);
    let found = found(&problem, 2, 2, Budget::Milliseconds(60_000));
    assert_eq!((found.rounds, found.cost), (0, (0, 0)));
}
