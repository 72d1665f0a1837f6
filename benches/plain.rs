//! The lean search and that over orders, on plain questions: fixed rounds and seed, time beside the
//! cost reached, one thread beside two for the same two lanes, one lane beside two for the same
//! rounds.
//!
//! `cargo bench --bench plain`; `-- --test` runs every bench once.

use criterion::{Criterion, criterion_group, criterion_main};
use paidan::model::work::{Work, resolve};
use paidan::planning::{Budget, Settings, plan};
use paidan::solver::rng::Rng;
use serde_json::{Value, json};

/// Tickets, people and rounds measured.
const SIZES: [(usize, usize, u32); 3] = [(150, 15, 2), (3_000, 150, 2), (10_000, 400, 2)];

const SKILLS: [&str; 5] = ["tax", "filing", "books", "licence", "legal"];

/// Eight hours a day for twenty working days from Monday 9 March 2026 on, evenings at a price
/// where `evenings`.
fn question(tickets: usize, people: usize, evenings: bool) -> Work {
    let mut rng = Rng::new(1, 0);
    let week = |hours: &[&str]| -> Value {
        ["mon", "tue", "wed", "thu", "fri"].into_iter().map(|day| (day, json!(hours))).collect()
    };
    // So that the work fills about eight tenths of the first two weeks.
    let mean = people * 10 * 480 * 8 / 10 / tickets;
    let staff: Vec<Value> = (0..people).map(|row| somebody(row, evenings, &mut rng)).collect();
    let queue: Vec<Value> = (0..tickets).map(|row| urgent(row, mean, &mut rng)).collect();
    let scenario = json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-09T09:00",
        "horizon": "2026-04-03T18:00",
        "calendars": [
            {"id": "office", "weekly": week(&["09:00-12:00", "13:00-18:00"])},
            {"id": "evening", "weekly": week(&["18:00-21:00"])},
        ],
        "skills": SKILLS.map(|skill| json!({"id": skill})),
        "people": staff,
        "tickets": queue,
    });
    resolve(&serde_json::from_value(scenario).expect("it is a scenario")).expect("names resolve")
}

fn somebody(row: usize, evenings: bool, rng: &mut Rng) -> Value {
    let mut bands = vec![json!({"kind": "regular", "calendar": "office"})];
    if evenings {
        bands.push(json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 9000}));
    }
    let (first, other) = (row % SKILLS.len(), rng.below(SKILLS.len()));
    let mut held = vec![json!({"skill": SKILLS[first], "level": 3})];
    if other != first {
        held.push(json!({"skill": SKILLS[other], "level": 3}));
    }
    json!({"id": format!("p{row}"), "skills": held, "bands": bands})
}

/// A chain of three steps of about `mean` minutes in all, due within two weeks.
fn urgent(row: usize, mean: usize, rng: &mut Rng) -> Value {
    let mut steps: Vec<Value> = Vec::new();
    for number in 0..3 {
        let minutes = mean / 6 + rng.below(mean / 3);
        let seats = json!([{"skill": rng.pick(&SKILLS)}]);
        let mut step =
            json!({"id": format!("s{number}"), "seats": seats, "minutes": minutes.max(1)});
        if number > 0 {
            step["after"] = json!([{"step": format!("s{}", number - 1)}]);
        }
        steps.push(step);
    }
    let day = *rng.pick(&[10, 11, 12, 13, 16, 17, 18, 19, 20]);
    let rate = 100 * rng.range(5, 60);
    json!({"id": format!("t{row}"), "due": format!("2026-03-{day}T18:00"), "steps": steps,
           "unserved": {"urgency_fen": 600 * rate},
           "curves": [{"kind": "urgency", "per_hour_fen": rate}]})
}

/// The cost, in fen, after `rounds` rounds.
fn cost(work: &Work, rounds: u32, lanes: u32, threads: usize) -> i64 {
    let settings = Settings {
        seed: 1,
        lanes,
        threads,
        budget: Budget::Rounds(rounds),
        planned: Some(100),
        until_gap: None,
        fallback: true,
        stop: None,
    };
    let answer = plan(work, None, &settings, "bench", &mut |_| true);
    answer.expect("whoever can be left out can be planned").report.bill.total_fen.0
}

/// Whole runs with the rounds said and, to be taken off from those, with none.
fn rounds(criterion: &mut Criterion) {
    for (name, evenings) in [("lean", true), ("orders", false)] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for (tickets, people, many) in SIZES {
            let work = question(tickets, people, evenings);
            for (rounds, lanes, threads) in [(0, 2, 2), (many, 1, 1), (many, 2, 1), (many, 2, 2)] {
                let name = format!(
                    "{tickets}x{people}, {rounds} rounds, lanes {lanes}, threads {threads}"
                );
                say(&format!("{name}: {} fen", cost(&work, rounds, lanes, threads)));
                group.bench_function(name, |b| b.iter(|| cost(&work, rounds, lanes, threads)));
            }
        }
        group.finish();
    }
}

#[expect(clippy::print_stderr, reason = "a bench reports quality beside criterion's times")]
fn say(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, rounds);
criterion_main!(benches);
