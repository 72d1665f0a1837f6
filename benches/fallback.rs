//! What the fallback is worth where capacity is short: generated scenarios, the same total time
//! with and without it, wins and losses counted.
//!
//! `cargo bench --bench fallback`; `-- --test` looks at two scenarios only.

use std::env;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use paidan::generate::{Order, scenario};
use paidan::model::work::{Work, resolve};
use paidan::planning::{Answer, Budget, Settings, plan};

/// Tickets and people.
const SIZES: [(usize, usize); 3] = [(30, 8), (60, 14), (150, 20)];

/// Demand per capacity, in thousandths.
const LOADS: [u32; 4] = [950, 1_000, 1_100, 1_200];

/// Scenarios of every size and load.
const SEEDS: u64 = 3;

/// Milliseconds of search per scenario and side.
const MILLISECONDS: u64 = 2_000;

fn generated((tickets, people): (usize, usize), load_permille: u32, seed: u64) -> Work {
    let order = Order { tickets, people, seed, load_permille, ..Order::default() };
    resolve(&scenario(&order).0).expect("generated scenarios resolve")
}

fn planned(work: &Work, fallback: bool, milliseconds: u64) -> Answer {
    let settings = Settings {
        seed: 1,
        lanes: 2,
        threads: 0,
        budget: Budget::Milliseconds(milliseconds),
        planned: None,
        until_gap: None,
        fallback,
        stop: None,
    };
    let answer = plan(work, None, &settings, "bench", &mut |_| true);
    answer.expect("generated scenarios can be planned")
}

fn cost(answer: &Answer) -> i64 {
    answer.report.bill.total_fen.0
}

/// With and without, scenario by scenario; then wins, losses, ties and the median ratio.
fn compare(criterion: &mut Criterion) {
    let is_test = env::args().any(|argument| argument == "--test");
    let (sizes, loads, seeds) =
        if is_test { (&SIZES[..1], &LOADS[2..], 1) } else { (&SIZES[..], &LOADS[..], SEEDS) };
    let mut permille: Vec<i64> = Vec::new();
    let (mut joined, mut won, mut failed) = (0, 0, 0);
    for size in sizes {
        for load in loads {
            for seed in 1..=seeds {
                let work = generated(*size, *load, seed);
                let without = planned(&work, false, MILLISECONDS);
                let with = planned(&work, true, MILLISECONDS);
                let made = with.plan.provenance.as_ref().expect("it was made here");
                let turns = made.joined.iter().filter(|turn| turn.won).count();
                joined += made.joined.len();
                won += turns;
                failed += made.failed_programs;
                permille.push(cost(&with) * 1_000 / cost(&without).max(1));
                say(&format!(
                    "{}x{} load {load} seed {seed}: {} without ({} out), {} with ({} out), {} turns, {turns} won",
                    size.0,
                    size.1,
                    cost(&without),
                    without.plan.unserved.len(),
                    cost(&with),
                    with.plan.unserved.len(),
                    made.joined.len(),
                ));
            }
        }
    }
    let count = |keep: fn(&i64) -> bool| permille.iter().filter(|ratio| keep(ratio)).count();
    let (wins, losses) = (count(|ratio| *ratio < 1_000), count(|ratio| *ratio > 1_000));
    let ties = permille.len() - wins - losses;
    permille.sort_unstable();
    say(&format!(
        "{} scenarios: {wins} wins, {losses} losses, {ties} ties, median cost {} permille; \
         {joined} turns, {won} won, {failed} programs failed",
        permille.len(),
        permille[permille.len() / 2],
    ));
    let work = generated(SIZES[0], 1_100, 1);
    let mut group = criterion.benchmark_group("fallback");
    group.sample_size(10);
    group.bench_function("30x8, 100 milliseconds", |b| {
        b.iter(|| cost(&planned(black_box(&work), true, 100)));
    });
    group.finish();
}

#[expect(clippy::print_stderr, reason = "a bench reports quality beside criterion's times")]
fn say(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, compare);
criterion_main!(benches);
