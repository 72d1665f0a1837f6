//! The engine's speed and the quality it buys: fixed rounds and seed, both reported together.
//!
//! `cargo bench --bench engine`; `-- --test` runs every bench once.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use paidan::app::documents::{Text, question, written};
use paidan::calendar::timeline::Timeline;
use paidan::generate::{Order, scenario};
use paidan::model::work::{Work, resolve};
use paidan::planning::{Budget, Settings, plan};
use paidan::problem::compile;
use paidan::solver::accept::Dice;
use paidan::solver::construct::{RULES, construct, spreadsheet};
use paidan::solver::insert::Taste;
use paidan::solver::search::Lane;
use paidan::time::{DAY, Span};
use paidan::verify::verify;

/// The sizes measured: tickets and people.
const SIZES: [(usize, usize); 3] = [(60, 14), (600, 40), (3_000, 150)];

fn generated(tickets: usize, people: usize, seed: u64) -> Work {
    let order = Order { tickets, people, seed, load_permille: 1_000, ..Order::default() };
    resolve(&scenario(&order).0).expect("generated scenarios resolve")
}

fn settings(rounds: u32) -> Settings {
    Settings {
        seed: 1,
        lanes: 2,
        threads: 0,
        budget: Budget::Rounds(rounds),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    }
}

fn calendar(criterion: &mut Criterion) {
    let work = generated(60, 14, 1);
    let person = &work.people.as_slice()[0].bands[0].present;
    let span = Span::new(work.as_of, work.as_of + 60 * DAY);
    let midnights = work.zone.midnights(span);
    let expand = || Timeline::from_windows(work.book.open_spans(person, span), &midnights);
    criterion.bench_function("calendar/expand 60 days", |b| b.iter(expand));
    let timeline = expand();
    criterion.bench_function("calendar/end of 500 minutes", |b| {
        b.iter(|| timeline.end_of(black_box(work.as_of + DAY), black_box(500)));
    });
}

fn first_plan(criterion: &mut Criterion) {
    for (tickets, people) in SIZES {
        let work = generated(tickets, people, 1);
        let none = BTreeMap::new();
        let name = format!("compile/{tickets}x{people}");
        criterion.bench_function(&name, |b| b.iter(|| compile(&work, &none)));
        let problem = compile(&work, &none);
        let name = format!("place/{tickets}x{people}, one rule");
        criterion
            .bench_function(&name, |b| b.iter(|| construct(&problem, 4, &Taste::PLAIN).cost()));
        let answer = plan(&work, None, &settings(0), "bench", &mut |_| true);
        let answer = answer.expect("generated scenarios can be planned");
        let name = format!("verify/{tickets}x{people}");
        criterion.bench_function(&name, |b| b.iter(|| verify(&work, &answer.plan, None).bill));
    }
}

/// From the bytes of a scenario to its first verified plan.
fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("first plan, loading included");
    group.sample_size(10);
    for (tickets, people) in [(600, 40), (10_000, 400)] {
        let order = Order { tickets, people, seed: 1, load_permille: 900, ..Order::default() };
        let bytes = written(&scenario(&order).0).into_bytes();
        let text = Text { name: "bench".to_owned(), bytes };
        group.bench_function(format!("{tickets}x{people}"), |b| {
            b.iter(|| {
                let question = question(text.clone(), |_| Ok(Vec::new())).expect("it can be read");
                let answer = plan(&question.work, None, &settings(0), "bench", &mut |_| true);
                answer.expect("generated scenarios can be planned").report.bill
            });
        });
    }
    let work = generated(10_000, 400, 1);
    let answer = plan(&work, None, &settings(0), "bench", &mut |_| true);
    let answer = answer.expect("generated scenarios can be planned");
    group.bench_function("verify alone, 10000x400", |b| {
        b.iter(|| verify(&work, &answer.plan, None).bill);
    });
    group.finish();
}

fn search(criterion: &mut Criterion) {
    for (tickets, people) in SIZES {
        let work = generated(tickets, people, 1);
        let problem = compile(&work, &BTreeMap::new());
        let first = construct(&problem, 4, &Taste::PLAIN);
        let dice = Dice::default();
        let name = format!("search/{tickets}x{people}, 100 steps of one lane");
        criterion.bench_function(&name, |b| {
            b.iter_batched(
                || Lane::new(first.clone(), 1, 0),
                |mut lane| {
                    lane.round(100, 0, &dice, &|| false);
                    lane.best_cost
                },
                BatchSize::LargeInput,
            );
        });
    }
}

/// Quality for a fixed number of rounds, over ten seeds: against the best priority rule and
/// against earliest-due-date list scheduling without extra minutes.
fn quality(criterion: &mut Criterion) {
    let works: Vec<Work> = (1..=10).map(|seed| generated(150, 20, seed)).collect();
    let rounds = settings(10);
    let (mut ours, mut rule, mut sheet) = (0, 0, 0);
    for work in &works {
        let problem = compile(work, &BTreeMap::new());
        let plans = (0..RULES.len()).map(|row| construct(&problem, row, &Taste::PLAIN).cost());
        rule += plans.min().expect("there are rules");
        sheet += spreadsheet(&problem).cost();
        let answer = plan(work, None, &rounds, "bench", &mut |_| true);
        let answer = answer.expect("generated scenarios can be planned");
        ours += answer.report.bill.total_fen.0;
    }
    eprintln_once(&format!(
        "quality/150x20, 10 seeds, 10 rounds: cost {}% of the best rule, {}% of due-date lists",
        ours * 100 / rule.max(1),
        ours * 100 / sheet.max(1)
    ));
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(10);
    group.bench_function("150x20, 10 rounds", |b| {
        b.iter(|| {
            plan(&works[0], None, &rounds, "bench", &mut |_| true).map(|a| a.report.bill).ok()
        });
    });
    group.finish();
}

#[expect(clippy::print_stderr, reason = "a bench reports quality beside criterion's times")]
fn eprintln_once(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, calendar, first_plan, loading, search, quality);
criterion_main!(benches);
