//! What the fallback is worth where capacity is short: generated scenarios with and without it,
//! wins and losses counted. Both sides have the same rounds, a turn being one of them, so that the
//! result is the same on every machine; the time both took is printed beside.
//!
//! `cargo bench --bench fallback`; `-- --test` looks at two scenarios only.

use std::env;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use paidan::generate::{Order, scenario};
use paidan::model::work::{Work, resolve};
use paidan::planning::{Answer, Budget, Settings, plan};

/// Tickets and people.
const SIZES: [(usize, usize); 3] = [(30, 8), (60, 14), (100, 12)];

/// Demand per capacity, in thousandths.
const LOADS: [u32; 4] = [950, 1_000, 1_100, 1_200];

/// Scenarios of every size and load.
const SEEDS: u64 = 3;

/// Rounds per scenario and side: one of them is a turn.
const ROUNDS: u32 = 24;

fn generated((tickets, people): (usize, usize), load_permille: u32, seed: u64) -> Work {
    let order = Order { tickets, people, seed, load_permille, ..Order::default() };
    resolve(&scenario(&order).0).expect("generated scenarios resolve")
}

/// The answer, and the milliseconds until its last round but for that.
fn planned(work: &Work, fallback: bool, rounds: u32) -> (Answer, u64) {
    let settings = Settings {
        seed: 1,
        lanes: 2,
        threads: 0,
        budget: Budget::Rounds(rounds),
        planned: None,
        until_gap: None,
        fallback,
        stop: None,
    };
    let mut milliseconds = 0;
    let answer = plan(work, None, &settings, "bench", &mut |at| {
        milliseconds = at.milliseconds;
        true
    });
    (answer.expect("generated scenarios can be planned"), milliseconds)
}

fn cost(answer: &Answer) -> i64 {
    answer.report.bill.total_fen.0
}

/// What all scenarios came to.
#[derive(Default)]
struct Score {
    /// Cost with the fallback, in thousandths of that without.
    permille: Vec<i64>,
    turns: usize,
    won: usize,
    failed: u32,
    /// Milliseconds without and with.
    milliseconds: [u64; 2],
}

impl Score {
    fn count(&mut self, name: &str, work: &Work) {
        let (without, time) = planned(work, false, ROUNDS);
        let (with, more_time) = planned(work, true, ROUNDS);
        let made = with.plan.provenance.as_ref().expect("it was made here");
        let won = made.joined.iter().filter(|turn| turn.won).count();
        self.turns += made.joined.len();
        self.won += won;
        self.failed += made.failed_programs;
        self.milliseconds[0] += time;
        self.milliseconds[1] += more_time;
        self.permille.push(cost(&with) * 1_000 / cost(&without).max(1));
        let (out, still_out) = (without.plan.unserved.len(), with.plan.unserved.len());
        let (one, other) = (cost(&without), cost(&with));
        say(&format!(
            "{name}: {one} without ({out} out), {other} with ({still_out} out), {won} won"
        ));
    }

    fn tell(&mut self) {
        self.permille.sort_unstable();
        let count = |keep: fn(&i64) -> bool| self.permille.iter().filter(|row| keep(row)).count();
        let (wins, losses) = (count(|row| *row < 1_000), count(|row| *row > 1_000));
        let Score { permille, turns, won, failed, milliseconds: [time, more_time] } = self;
        say(&format!(
            "{} scenarios: {wins} wins, {losses} losses, {} ties, median cost {} permille; \
             {turns} programs joined, {won} won, {failed} failed; {time} ms without, {more_time} with",
            permille.len(),
            permille.len() - wins - losses,
            permille[permille.len() / 2],
        ));
    }
}

/// With and without, scenario by scenario; then wins, losses, ties and the median ratio.
fn compare(criterion: &mut Criterion) {
    let is_test = env::args().any(|argument| argument == "--test");
    let (sizes, loads, seeds) =
        if is_test { (&SIZES[..1], &LOADS[2..], 1) } else { (&SIZES[..], &LOADS[..], SEEDS) };
    let mut score = Score::default();
    for size in sizes {
        for load in loads {
            for seed in 1..=seeds {
                let name = format!("{}x{}, load {load}, seed {seed}", size.0, size.1);
                score.count(&name, &generated(*size, *load, seed));
            }
        }
    }
    score.tell();
    let work = generated(SIZES[0], 1_100, 1);
    let mut group = criterion.benchmark_group("fallback");
    group.sample_size(10);
    group.bench_function("30x8, a turn after sixteen rounds", |b| {
        b.iter(|| cost(&planned(black_box(&work), true, 17).0));
    });
    group.finish();
}

#[expect(clippy::print_stderr, reason = "a bench reports quality beside criterion's times")]
fn say(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, compare);
criterion_main!(benches);
