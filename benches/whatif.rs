//! Simulated days: how long they take on one thread and on two, and whether linear prices and
//! simulation agree about where the next hour is worth most.
//!
//! `cargo bench --bench whatif` prints, for ten days of a firm of 40 with about 30 urgent calls a
//! day, seconds per replication under the engine and under a list; then, for each of 20 firms of
//! 14, on how many skills both agree and how far their orders do. `-- speed` and `-- hours` print
//! one of them; `-- --test` does both on one firm of six over two days.

use std::env;

use paidan::app::clock::Since;
use paidan::generate;
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::model::worth::SkillHour;
use paidan::solver::rng::Rng;
use paidan::whatif::simulate::{Choice, Fault, Order, Policy, simulate, worth};
use serde_json::{Value, json};

/// Services that are called for, with the bureau they go to and the hours promised.
const SERVICES: [(&str, Option<&str>, u32); 9] = [
    ("filing", None, 8),
    ("invoices", Some("tax-xuhui"), 24),
    ("consulting", None, 16),
    ("social", None, 24),
    ("tax-registration", Some("tax-pudong"), 24),
    ("contract", None, 32),
    ("change", Some("market-pudong"), 40),
    ("registration", Some("market-pudong"), 48),
    ("annual-report", None, 40),
];

/// A call `id` for `service`, so many thousandths a working day.
fn stream(scenario: &Scenario, service: (&str, Option<&str>, u32), per_day: u32) -> Value {
    let (service, bureau, hours) = service;
    let mut ticket = json!({"id": format!("call-{service}"), "service": service,
        "track": "urgent",
        "curves": [{"kind": "urgency", "fixed_fen": 50_000, "per_hour_fen": 20_000}]});
    if let Some(bureau) = bureau {
        ticket["bureau"] = json!(bureau);
    }
    let clients: Vec<&str> =
        scenario.clients.iter().take(60).map(|client| client.id.as_str()).collect();
    let day: Vec<u32> = (0..24).map(|hour| u32::from((8..19).contains(&hour))).collect();
    json!({"ticket": ticket, "clients": clients, "hours": day,
        "per_day_permille": [per_day, per_day, per_day, per_day, per_day, 0, 0],
        "promise": {"working_minutes": hours * 60, "calendar": "office"}})
}

fn days(days: u32, streams: &[Value], engine: Value) -> Simulation {
    let document = json!({"format": "paidan-simulation/1", "days": days, "drain_days": 14,
        "streams": streams, "engine": engine,
        "chance": {"effort": {"shape": "triangular", "low": 70, "mode": 95, "high": 170},
                   "waits": {"shape": "triangular", "low": 60, "mode": 100, "high": 200},
                   "rejected_permille": 20, "absent_permille": 25, "cancelled_permille": 30,
                   "false_urgency_permille": 80}});
    serde_json::from_value(document).expect("it is a simulation")
}

/// How large a firm is, and over how many days.
#[derive(Clone, Copy)]
struct Size {
    tickets: usize,
    people: usize,
    days: u32,
}

/// What a smoke test takes.
const TINY: Size = Size { tickets: 4, people: 6, days: 2 };

fn main() {
    let asked: Vec<String> = env::args().skip(1).collect();
    let is_asked = |name: &str| asked.iter().any(|word| word == name);
    let is_test = is_asked("--test");
    let choices = [Choice::as_it_is()];
    if !is_asked("hours") {
        let size = if is_test { TINY } else { Size { tickets: 150, people: 40, days: 10 } };
        speed(&choices, (size, if is_test { 1 } else { 32 }));
    }
    if !is_asked("speed") {
        let size = if is_test { TINY } else { Size { tickets: 24, people: 14, days: 8 } };
        hours(&choices, (size, if is_test { 1 } else { 20 }, if is_test { 2 } else { 64 }));
    }
}

/// Seconds per replication, by policy and threads.
fn speed(choices: &[Choice], (size, replications): (Size, u32)) {
    let Size { tickets, people, .. } = size;
    let asked = generate::Order { tickets, people, ..generate::Order::default() };
    let (scenario, _) = generate::scenario(&asked);
    let rates = [8_000, 9_000, 6_000, 7_000];
    let streams: Vec<Value> = SERVICES
        .iter()
        .zip(rates)
        .map(|(service, rate)| stream(&scenario, *service, rate))
        .collect();
    let simulation = days(size.days, &streams, json!({}));
    for policy in [Policy::Engine, Policy::EarliestDue] {
        let mut alone = 0;
        for threads in [1, 2] {
            let policies = [policy];
            let order = Order::of(&scenario, &simulation, choices, &policies);
            let begun = Since::now();
            let told = simulate(&Order { replications, threads, ..order }, &mut |_| true);
            let milliseconds = begun.microseconds() / 1_000;
            let told = told.unwrap_or_else(|fault| panic!("{}", faulty(&fault)));
            if threads == 1 {
                alone = milliseconds;
            }
            let times = alone * 100 / milliseconds.max(1);
            say(&format!(
                "{policy:?}, {threads} threads: {} ms a replication, {}.{:02} times one thread, \
                 {} calls and tickets, {} plans, {} verified",
                milliseconds / u64::from(replications),
                times / 100,
                times % 100,
                told.cells[0].tickets / u64::from(replications),
                told.plans / u64::from(replications),
                told.verified_plans,
            ));
        }
    }
}

/// A fault in a few words.
fn faulty(fault: &Fault) -> String {
    match fault {
        Fault::Unsound(report) => format!("{:?}", report.violations),
        fault => format!("{fault:?}"),
    }
}

/// How much of what simulated values of skills differ by is not chance, in thousandths: nothing can
/// correlate with them by more than its root. Half an interval is about two standard errors.
fn reliability(skills: &[SkillHour]) -> Option<i64> {
    let count = i64::try_from(skills.len()).ok()?;
    let mean = skills.iter().map(|row| row.simulated_fen.mean).sum::<i64>() / count.max(1);
    let square = |row: &SkillHour| (row.simulated_fen.mean - mean).pow(2);
    let error = |row: &SkillHour| (row.simulated_fen.half_width.unwrap_or(0) / 2).pow(2);
    let variance = skills.iter().map(square).sum::<i64>().checked_div(count - 1)?;
    let chance = skills.iter().map(error).sum::<i64>().checked_div(count)?;
    Some((variance - chance).max(0) * 1_000 / variance.max(1))
}

/// Linear prices beside simulation, firm by firm. Asked for are 90 % and 600 thousandths.
fn hours(choices: &[Choice], (size, firms, replications): (Size, u64, u32)) {
    let Size { tickets, people, .. } = size;
    let (mut agreeing, mut skills, mut ranks, mut chances) = (0, 0, Vec::new(), Vec::new());
    for seed in 1..=firms {
        let asked = generate::Order { tickets, people, seed, ..generate::Order::default() };
        let (scenario, _) = generate::scenario(&asked);
        let mut rng = Rng::new(seed, 7);
        let streams: Vec<Value> = SERVICES
            .iter()
            .map(|service| {
                let rate = u32::try_from(rng.range(200, 2_600)).unwrap_or(200);
                stream(&scenario, *service, rate)
            })
            .collect();
        let simulation = days(size.days, &streams, json!({"morning_steps": 100, "call_steps": 20}));
        let policies = [Policy::Engine];
        let order = Order::of(&scenario, &simulation, choices, &policies);
        let told = worth(&Order { replications, seed, ..order }, &mut |_| true);
        let told = told.unwrap_or_else(|fault| panic!("{}", faulty(&fault)));
        let all = told.decided;
        say(&format!(
            "firm {seed}: {} of {all} skills that show anything agree, rank {:?}",
            told.agreeing, told.rank_permille
        ));
        agreeing += told.agreeing as usize;
        skills += all as usize;
        ranks.extend(told.rank_permille);
        chances.extend(reliability(&told.skills));
    }
    let mean =
        |rows: &[i64]| rows.iter().sum::<i64>() / i64::try_from(rows.len().max(1)).unwrap_or(1);
    say(&format!(
        "{agreeing} of {skills} skills that show anything agree, mean rank correlation {} \
         thousandths; of what simulated values differ by, {} thousandths are not chance",
        mean(&ranks),
        mean(&chances),
    ));
}

#[expect(clippy::print_stdout, reason = "a bench reports what it measured")]
fn say(line: &str) {
    println!("{line}");
}
