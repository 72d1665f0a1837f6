//! Simulated desks whose figures are known: queues with formulae.

use paidan::calendar::Label;
use paidan::model::outcome::{Cell, Outcome};
use paidan::model::scenario::Scenario;
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
    let document = json!({"format": "paidan-simulation/1", "days": 16, "warm_up_days": 2,
        "drain_days": 3, "streams": streams, "chance": {"effort": effort}});
    let (scenario, simulation) = (desk(servers), simulation(&document));
    let choices = [Choice { name: Label::new("现状", "as it is"), changes: Vec::new() }];
    let order = Order {
        scenario: &scenario,
        simulation: &simulation,
        choices: &choices,
        policies: &[policy],
        seed: 3,
        replications: 16,
        half_width: None,
        milliseconds: None,
        threads: 2,
        verify_every: 500,
    };
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
