//! The size of the firm: a year of urgent requests, and what a client lost is worth.

use paidan::model::scenario::Scenario;
use paidan::whatif::simulate::{Choice, Order, Policy, simulate};
use serde_json::{Value, json};

use crate::question::{person, planned, question, step, ticket, with};
use crate::simulate::{simulation, stream};

/// R098: more than 300 urgent requests a year, one to three on a working day on average, with
/// bursts. One a day on 262 weekdays, four on the 24 weekdays among the 13th to the 15th of the
/// months from April on: 262 + 3 × 24 = 334 expected, ± 18. A team of three (R022) is at work.
#[test]
fn a_year_brings_more_than_three_hundred_urgent_requests_with_bursts() {
    let months = [
        "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11",
        "2026-12", "2027-01", "2027-02",
    ];
    let peaks: Vec<Value> = months
        .iter()
        .map(|month| {
            json!({"from": format!("{month}-13"), "to": format!("{month}-15"),
            "percent": 400})
        })
        .collect();
    let count = |peaks: Vec<Value>| {
        let calls = with(stream("urgent", 1_000, 120, 16), json!({"peaks": peaks}));
        let document = json!({"format": "paidan-simulation/1", "days": 366, "streams": [calls]});
        let team: Vec<Value> = ["an", "bo", "cy"].map(|id| person(id, &["tax"], 3)).to_vec();
        let scenario: Scenario = serde_json::from_value(question(json!(team), json!([]))).unwrap();
        let simulation = simulation(&document);
        let choices = [Choice::as_it_is()];
        let order = Order::of(&scenario, &simulation, &choices, &[Policy::FirstCome]);
        let order = Order { seed: 98, replications: 1, threads: 1, verify_every: 1_000, ..order };
        let outcome = simulate(&order, &mut |_| true);
        let outcome = outcome.unwrap_or_else(|fault| panic!("{fault:#?}"));
        (outcome.cells[0].tickets, outcome.cells[0].kept_permille.mean)
    };
    let (year, kept) = count(peaks);
    assert!((300..=3 * 262).contains(&year), "{year} requests");
    assert!(kept >= 900, "{kept} thousandths of the promises are kept");
    assert!(count(Vec::new()).0 < year, "the bursts are in it");
}

/// R123: 850 thousandths of the clients leave once it is unsolved beyond 24 hours. Of 100,000 yuan
/// a year that is 85,000 at risk, at one step: exactly 24 hours late nothing, a minute more all.
#[test]
fn beyond_twenty_four_hours_most_of_the_clients_value_is_at_risk() {
    let at_risk = |due: &str| {
        let mut job = ticket("one", due, json!([step("work", "tax", 480)]));
        (job["client"], job["curves"]) = (json!("acme"), json!([]));
        job["unserved"] = json!({"urgency_fen": 1_000_000_000});
        let question = question(json!([person("an", &["tax"], 3)]), json!([job]));
        let clients = json!([{"id": "acme", "annual_value_fen": 10_000_000}]);
        let value = json!({"churn": [{"after_hours": 24, "permille": 850}]});
        let asked = json!({"clients": clients, "policy": {"client_value": value}});
        planned(&with(question, asked)).report.bill.lateness.client_value_fen.0
    };
    // The day's work is done on Monday at 18:00.
    assert_eq!(at_risk("2026-03-08T18:00"), 0);
    assert_eq!(at_risk("2026-03-08T17:59"), 8_500_000);
}
