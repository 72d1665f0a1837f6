//! The bound alone, the search paused: fixed steps, so that the bound is the same on every machine;
//! the bound, that of each ticket alone, and the best priority rule's cost are printed beside the
//! time.
//!
//! `cargo bench --bench proof`; `-- --test` proves the smallest question once.

use std::env;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use paidan::generate::{Order, scenario};
use paidan::model::proof::Proof;
use paidan::model::work::{Work, resolve};
use paidan::planning::{Budget, Effort, prove};

/// Tickets, people, steps of the proof.
const SIZES: [(usize, usize, u32); 3] = [(40, 6, 30), (150, 15, 20), (600, 40, 10)];

/// Demand per capacity, in thousandths.
const LOAD: u32 = 1_200;

fn question(tickets: usize, people: usize) -> Work {
    let order = Order { tickets, people, load_permille: LOAD, ..Order::default() };
    resolve(&scenario(&order).0).expect("generated scenarios resolve")
}

fn proof(work: &Work, steps: u32) -> Proof {
    let effort = Effort { threads: 0, budget: Budget::Rounds(steps), gap: true, stop: None };
    prove(work, None, None, &effort, &mut |_| {}).expect("threads can be had")
}

fn bounds(criterion: &mut Criterion) {
    let is_test = env::args().any(|argument| argument == "--test");
    let mut group = criterion.benchmark_group("bound alone");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    let sizes = if is_test { &SIZES[..1] } else { &SIZES[..] };
    for (tickets, people, steps) in sizes {
        let work = question(*tickets, *people);
        let name = format!("{tickets}x{people}, {steps} steps");
        let (cost, bound) = (proof(&work, 0).cost_fen, proof(&work, *steps).bound.value_fen);
        let alone = proof(&work, 0).bound.value_fen;
        say(&format!("{name}: bound {bound}, tickets alone {alone}, best priority rule {cost}"));
        group.bench_function(name, |b| b.iter(|| black_box(proof(&work, *steps))));
    }
    group.finish();
}

#[expect(clippy::print_stderr, reason = "a bench reports quality beside criterion's times")]
fn say(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, bounds);
criterion_main!(benches);
