//! Simulated desks whose figures are known: queues with formulae.

use paidan::calendar::Label;
use paidan::model::outcome::{Cell, Outcome};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::whatif::simulate::{Choice, Order, Policy, simulate};
use serde_json::{Value, json};

use crate::simulate::simulation;

/// `servers` people who work round the clock from Monday midnight on.
fn desk(servers: &[&str]) -> Scenario {
    let day = ["00:00-24:00"];
    let always = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day,
                        "sun": day});
    let person = |id: &&str| {
        json!({"id": id, "skills": [{"skill": "tax", "level": 3}],
               "bands": [{"kind": "regular", "calendar": "always"}]})
    };
    let people: Vec<Value> = servers.iter().map(person).collect();
    serde_json::from_value(json!({
        "format": "paidan-scenario/1", "as_of": "2026-03-09T00:00", "horizon": "2026-03-20T18:00",
        "calendars": [{"id": "always", "weekly": always}], "skills": [{"id": "tax"}],
        "people": people,
    }))
    .unwrap()
}

/// Calls of `minutes` planned minutes, so many thousandths a day.
fn stream(id: &str, track: &str, per_day: u32, minutes: u32) -> Value {
    let rates = [per_day; 7];
    json!({
        "ticket": {"id": id, "track": track,
            "steps": [{"id": "work", "seats": [{"skill": "tax"}], "minutes": minutes}],
            "curves": [{"kind": "urgency", "per_hour_fen": 100}]},
        "per_day_permille": rates, "promise": {"minutes": 0},
    })
}

fn run(servers: &[&str], streams: &[Value], effort: Value, policy: Policy) -> Cell {
    let document = document(16, 2, streams, effort);
    simulated(&desk(servers), &simulation(&document), policy, (3, 16))
}

fn document(days: u32, warm_up: u32, streams: &[Value], effort: Value) -> Value {
    json!({"format": "paidan-simulation/1", "days": days, "warm_up_days": warm_up,
        "drain_days": 3, "streams": streams, "chance": {"effort": effort}})
}

/// The figures of so many `replications` from `seed`.
fn simulated(
    scenario: &Scenario,
    simulation: &Simulation,
    policy: Policy,
    (seed, replications): (u64, u32),
) -> Cell {
    let choices = [Choice::as_it_is()];
    let policies = [policy];
    let order = Order::of(scenario, simulation, &choices, &policies);
    let order = Order { seed, replications, threads: 2, verify_every: 500, ..order };
    let told: Outcome = simulate(&order, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    told.cells.into_iter().next().unwrap()
}

/// M/M/2 (Erlang 1917): λ = 28.8 a day = 0.02 a minute, 1/μ = 60 minutes, ρ = 0.6. The chance to
/// wait is C = 2ρ²/(1 + ρ) = 0.45, the mean wait C / (2μ − λ) = 0.45 / (0.0333 − 0.02) = 33.75.
#[test]
fn two_servers_without_memory_keep_callers_waiting_as_erlang_says() {
    let effort = json!({"shape": "exponential", "mean": 100});
    let streams = [stream("call", "normal", 28_800, 60)];
    let told = run(&["an", "bo"], &streams, effort, Policy::FirstCome).wait_minutes;
    let half = told.half_width.unwrap();
    assert!((told.mean - 34).abs() <= half + 1 && half < 12, "{told:?}");
}

/// M/G/1 with two priorities, nobody interrupted (Cobham 1954): 0.01 urgent and 0.013 normal calls
/// a minute of 15 to 45 minutes (triangular, E S = 30, E S² = 937.5): ρ₁ = 0.3, ρ = 0.69,
/// R = 0.023 × 937.5 / 2 = 10.78. Urgent ones wait R / 0.7 = 15.4, normal ones
/// 15.4 / 0.31 = 49.7, all of them (10 × 15.4 + 13 × 49.7) / 23 = 34.8.
#[test]
fn urgent_calls_wait_less_by_as_much_as_cobham_says() {
    let effort = json!({"shape": "triangular", "low": 50, "mode": 100, "high": 150});
    let streams = [stream("rush", "urgent", 14_400, 30), stream("plain", "normal", 18_720, 30)];
    let told = run(&["an"], &streams, effort, Policy::CurrentPractice);
    let wait = |name: &str| told.streams.iter().find(|row| row.name == name).unwrap().wait_minutes;
    assert!((14..=17).contains(&wait("rush")), "{}", wait("rush"));
    assert!((42..=58).contains(&wait("plain")), "{}", wait("plain"));
    let (mean, half) = (told.wait_minutes.mean, told.wait_minutes.half_width.unwrap());
    assert!((mean - 35).abs() <= half + 1, "{mean} ± {half}");
}

/// In how many of 1,000 simulations of six replications each, every one with its own seed, the
/// interval of the time from arrival to finish holds `truth` minutes.
fn covered(
    servers: &[&str],
    streams: &[Value],
    effort: Value,
    policy: Policy,
    truth: i64,
) -> usize {
    let scenario = desk(servers);
    let simulation = simulation(&document(6, 1, streams, effort));
    let holds = |seed: &u64| {
        let told = simulated(&scenario, &simulation, policy, (*seed, 6)).time_minutes;
        told.half_width.is_some_and(|half| (told.mean - truth).abs() <= half)
    };
    (0..1_000).filter(holds).count()
}

/// M/M/2 (Erlang 1917): ρ = 0.5, so C = 2ρ²/(1 + ρ) = 1/3; a call of 60 minutes on average is
/// finished after 60 + C × 60 / (2 × 0.5) = 80. Intervals of 95 % are to hold that in 93 to 97 %.
#[test]
fn intervals_hold_what_erlang_says_as_often_as_they_claim() {
    let effort = json!({"shape": "exponential", "mean": 100});
    let streams = [stream("call", "normal", 24_000, 60)];
    let told = covered(&["an", "bo"], &streams, effort, Policy::FirstCome, 80);
    assert!((930..=970).contains(&told), "{told}");
}

/// M/G/1 with two priorities (Pollaczek 1930, Khinchine 1932, Cobham 1954): 18 urgent calls a day
/// of 20 minutes and 6 normal ones of 60, each 50 to 150 % of that (triangular, so E S² = 25/24
/// (E S)²): ρ₁ = 0.25, ρ = 0.5, R = (1/80 × 416.7 + 1/240 × 3750) / 2 = 10.42; urgent ones wait
/// R / 0.75 = 13.9, normal ones R / (0.75 × 0.5) = 27.8; all are done after
/// (18 × 33.9 + 6 × 87.8) / 24 = 47.4 minutes on average.
#[test]
fn intervals_hold_what_cobham_says_as_often_as_they_claim() {
    let effort = json!({"shape": "triangular", "low": 50, "mode": 100, "high": 150});
    let streams = [stream("rush", "urgent", 18_000, 20), stream("plain", "normal", 6_000, 60)];
    let told = covered(&["an"], &streams, effort, Policy::CurrentPractice, 47);
    assert!((930..=970).contains(&told), "{told}");
}

/// M/M/1: λ = 12 a day = 1/120 a minute, 1/μ = 60 minutes: the time in the desk is exponential with
/// mean 1 / (1/60 − 1/120) = 120 minutes, so of promises of two hours 1 − e⁻¹ = 63.2 % are kept.
/// Intervals of that share are to hold it in 93 to 97 % of 1,000 simulations.
#[test]
fn intervals_of_kept_promises_hold_the_truth_as_often_as_they_claim() {
    let scenario = desk(&["an"]);
    let mut calls = stream("call", "normal", 12_000, 60);
    calls["promise"] = json!({"minutes": 120});
    let effort = json!({"shape": "exponential", "mean": 100});
    let simulation = simulation(&document(12, 2, &[calls], effort));
    let holds = |seed: &u64| {
        let told = simulated(&scenario, &simulation, Policy::FirstCome, (*seed, 6)).kept_permille;
        told.half_width.is_some_and(|half| (told.mean - 632).abs() <= half)
    };
    let covered = (0..1_000).filter(holds).count();
    assert!((930..=970).contains(&covered), "{covered}");
}

/// What decisions rest on is a paired difference of costs, skewed as costs are. One server (M/M/1,
/// λ = 12 a day, 1/μ = 60: 120 minutes in the desk) against two (ρ = 0.25, C = 0.1, 4 minutes of
/// wait, 64 in the desk): 56 minutes at 100 fen an hour for 84 calls a week are 7,840 fen. Calls
/// come at whole minutes, at most one, which takes λ E S / 2 (1 − ρ) = 0.5 minutes of them: 7,770.
/// Forty replications of two days each, as many as settle a half-width. Costs of few days are
/// skewed, so it holds it less often than 95 %: 922 of 1,000 times, 230 of 250 give or take
/// 2 × √(250 × 0.92 × 0.08) = 9; at most 16 fewer are let pass.
#[test]
fn intervals_of_paired_differences_hold_the_truth_nine_times_of_ten() {
    let scenario = desk(&["an"]);
    let calls = [stream("call", "normal", 12_000, 60)];
    let effort = json!({"shape": "exponential", "mean": 100});
    let simulation = simulation(&document(4, 2, &calls, effort));
    let more = json!([{"kind": "clone_person", "person": "an", "id": "bo"}]);
    let choices = [
        Choice::as_it_is(),
        Choice {
            name: Label::new("加人", "one more"),
            changes: serde_json::from_value(more).unwrap(),
        },
    ];
    let holds = |seed: &u64| {
        let order = Order::of(&scenario, &simulation, &choices, &[Policy::FirstCome]);
        let order =
            Order { seed: *seed, replications: 40, threads: 2, verify_every: 1_000, ..order };
        let told = simulate(&order, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
        let saved = told.cells[1].difference_fen;
        saved.half_width.is_some_and(|half| (saved.mean + 7_770).abs() <= half)
    };
    let covered = (0..250).filter(holds).count();
    assert!((214..=246).contains(&covered), "{covered}");
}
