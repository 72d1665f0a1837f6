//! What tickets cost: curves, churn, being left out; and bills that are stated wrongly.

use super::{asked, broken, clean, hour, judged, moment, one, plan, row, single, ticket, with};
use paidan::model::cost::Loss;
use paidan::time::Money;
use serde_json::{Value, json};

/// One ticket due at 11:00 with this curve.
fn due(curve: Value) -> Value {
    let mut scenario = one(json!({}));
    scenario["tickets"][0]["due"] = json!(moment("02T11:00"));
    scenario["tickets"][0]["curves"] = json!([with(json!({"kind": "urgency"}), curve)]);
    scenario
}

/// The weighted lateness when the hour of work starts then.
fn lateness(scenario: &Value, start: &str, end: &str) -> i64 {
    let report = judged(scenario, &single(&["ana"], start, end));
    clean(&report);
    assert_eq!(report.bill.total_fen, report.bill.lateness.weighted_fen);
    report.bill.total_fen.0
}

#[test]
fn in_time_costs_nothing_and_a_minute_late_costs_the_fixed_part_and_the_hour_begun_in_part() {
    let scenario = due(json!({"fixed_fen": 500, "per_hour_fen": 1000}));
    assert_eq!(lateness(&scenario, "02T10:00", "02T11:00"), 0);
    // 500 + ceil(1000 × 1 / 60) = 500 + 17
    assert_eq!(lateness(&scenario, "02T10:01", "02T11:01"), 517);
    // 500 + 1000 × 90 / 60, the lunch hour elapses too
    assert_eq!(lateness(&scenario, "02T10:30", "02T11:30"), 1000);
    assert_eq!(lateness(&scenario, "02T11:30", "02T13:30"), 3000);
}

#[test]
fn a_calendar_counts_open_minutes() {
    let scenario = due(json!({"per_hour_fen": 1000, "calendar": "office"}));
    // 11:00–12:00 and 13:00–13:30 are 90 minutes
    assert_eq!(lateness(&scenario, "02T11:30", "02T13:30"), 1500);
    // and to Tuesday 09:30: 60 + 300 + 30 = 390 minutes
    assert_eq!(lateness(&scenario, "02T17:30", "03T09:30"), 6500);
}

#[test]
fn days_begun_are_elapsed_days_or_open_dates() {
    let elapsed = due(json!({"per_day_fen": 10_000}));
    // 30 minutes are a day begun; 24 h and a minute are two
    assert_eq!(lateness(&elapsed, "02T10:30", "02T11:30"), 10_000);
    assert_eq!(lateness(&elapsed, "03T10:00", "03T11:00"), 10_000);
    assert_eq!(lateness(&elapsed, "03T10:01", "03T11:01"), 20_000);
    let mut open = due(json!({"per_day_fen": 10_000, "calendar": "office"}));
    // Monday and Tuesday
    assert_eq!(lateness(&open, "03T09:00", "03T10:00"), 20_000);
    // from Friday 18:00 no open minute passes until Monday 09:00
    open["horizon"] = json!(moment("10T18:00"));
    open["tickets"][0]["due"] = json!(moment("06T18:00"));
    open["tickets"][0]["curves"][0]["fixed_fen"] = json!(5);
    open["people"][0]["overrides"] = json!([{"from": "2026-03-07", "hours": ["09:00-12:00"]}]);
    assert_eq!(lateness(&open, "07T09:00", "07T10:00"), 0);
    assert_eq!(lateness(&open, "09T09:00", "09T10:00"), 10_005);
}

#[test]
fn a_cap_ends_a_curve_and_its_own_point_starts_it() {
    let scenario = due(json!({"fixed_fen": 500, "per_hour_fen": 1000, "cap_fen": 900}));
    assert_eq!(lateness(&scenario, "02T10:30", "02T11:30"), 900); // of 1000
    let scenario = due(json!({"per_hour_fen": 600, "after": moment("02T11:20")}));
    assert_eq!(lateness(&scenario, "02T10:30", "02T11:30"), 100); // ten minutes
}

#[test]
fn weights_apply_to_each_curve_and_round_up_once() {
    let mut scenario = due(json!({"fixed_fen": 3}));
    scenario["tickets"][0]["curves"] = json!([
        {"kind": "urgency", "fixed_fen": 3},
        {"kind": "urgency", "fixed_fen": 3},
        {"kind": "client_value", "fixed_fen": 10},
    ]);
    scenario["policy"] = json!({"lambda_urgency": 500, "lambda_client_value": 1250});
    let report = judged(&scenario, &single(&["ana"], "02T10:01", "02T11:01"));
    // ceil(1.5) + ceil(1.5) + ceil(12.5) = 2 + 2 + 13
    let due = Loss { weighted_fen: Money(17), urgency_fen: Money(6), client_value_fen: Money(10) };
    assert_eq!(report.bill.lateness, due);
    assert_eq!(report.tickets[0].loss, due);
    assert_eq!(report.tickets[0].late_minutes, 1);
    assert_eq!(report.bill.total_fen, Money(17));
}

/// Annual value 1,000,000 fen, tier weight 1.5: 1 % at once, 4 % after a day in all.
fn valued() -> Value {
    let mut scenario = due(json!({"fixed_fen": 70}));
    scenario["tickets"][0]["client"] = json!("acme");
    scenario["clients"] = json!([{"id": "acme", "tier": "gold", "annual_value_fen": 1_000_000}]);
    scenario["policy"] = json!({"client_value": {
        "tiers": [{"tier": "gold", "permille": 1500}],
        "churn": [{"after_hours": 0, "permille": 10}, {"after_hours": 24, "permille": 40}]}});
    scenario
}

/// R123. A client unserved beyond 24 hours is likelier to leave: a step at that hour.
#[test]
fn churn_is_client_value_lost_in_steps() {
    let scenario = valued();
    // 70 + 1,000,000 × 1.5 × 1 %
    assert_eq!(lateness(&scenario, "02T10:01", "02T11:01"), 15_070);
    assert_eq!(lateness(&scenario, "03T10:00", "03T11:00"), 15_070);
    // and × 3 % more once a day has passed
    assert_eq!(lateness(&scenario, "03T10:01", "03T11:01"), 60_070);
}

#[test]
fn left_out_is_priced_one_day_after_the_horizon_with_churn_in_full() {
    let mut scenario = valued();
    scenario["horizon"] = json!(moment("02T11:00"));
    scenario["policy"]["client_value"]["churn"][1]["after_hours"] = json!(1000);
    scenario["tickets"][0]["curves"] = json!([{"kind": "urgency", "per_hour_fen": 100}]);
    let report = judged(&scenario, &plan(json!([])));
    clean(&report);
    // 24 hours at 100, and 4 % of 1,500,000 although it comes after 1000 hours only
    let left = Loss {
        weighted_fen: Money(2400 + 60_000),
        urgency_fen: Money(2400),
        client_value_fen: Money(60_000),
    };
    assert_eq!((report.bill.unserved, report.bill.lateness), (left, Loss::default()));
    assert_eq!(report.tickets[0].loss, left);
    assert!(!report.tickets[0].served && report.tickets[0].finish.is_none());
}

#[test]
fn a_stated_price_replaces_the_curves_of_a_ticket_left_out() {
    let mut scenario = valued();
    scenario["tickets"][0]["unserved"] = json!({"urgency_fen": 333, "client_value_fen": 101});
    scenario["policy"]["lambda_urgency"] = json!(1500);
    let report = judged(&scenario, &plan(json!([])));
    // ceil(333 × 1.5) + 101 = 500 + 101
    assert_eq!(report.bill.total_fen, Money(601));
    assert_eq!(report.bill.unserved.urgency_fen, Money(333));
}

#[test]
fn the_finish_is_the_latest_end_over_steps_and_waits() {
    let mut scenario = asked(json!([ticket(
        "t",
        json!([hour("a"), {"id": "w", "wait": {"minutes": 90}, "after": [{"step": "a"}]}])
    )]));
    scenario["tickets"][0]["due"] = json!(moment("02T11:00"));
    scenario["tickets"][0]["curves"] = json!([{"kind": "urgency", "per_hour_fen": 600}]);
    let planned = plan(json!([
        row("t/a", &["ana"], "02T09:00", "02T10:00"),
        row("t/w", &[], "02T10:00", "02T11:30"),
    ]));
    // the wait ends 30 minutes late
    assert_eq!(judged(&scenario, &planned).bill.total_fen, Money(300));
}

#[test]
fn a_stated_bill_is_recomputed_part_by_part() {
    let scenario = due(json!({"fixed_fen": 500, "per_hour_fen": 1000}));
    let mut planned = single(&["ana"], "02T10:30", "02T11:30");
    let mut cost = serde_json::to_value(judged(&scenario, &planned).bill).unwrap();
    planned["cost"] = cost.clone();
    clean(&judged(&scenario, &planned));
    cost["total_fen"] = json!(990);
    planned["cost"] = cost.clone();
    assert_eq!(broken(&judged(&scenario, &planned)), [("bill", -10)]); // 990 − 1000
    // a total that is right but shifted between its parts is no better
    cost["total_fen"] = json!(1000);
    cost["lateness"]["urgency_fen"] = json!(900);
    cost["lateness"]["client_value_fen"] = json!(100);
    planned["cost"] = cost;
    assert_eq!(broken(&judged(&scenario, &planned)), [("bill", -100), ("bill", 100)]);
}

#[test]
fn a_bound_above_the_cost_and_a_wrong_price_of_a_ticket_left_out_are_found() {
    let scenario = due(json!({"per_hour_fen": 1000}));
    let mut planned = single(&["ana"], "02T10:30", "02T11:30"); // costs 500
    planned["bound"] = json!({"value_fen": 500, "method": "tickets_alone", "gap_basis_points": 0});
    clean(&judged(&scenario, &planned));
    planned["bound"]["value_fen"] = json!(501);
    assert_eq!(broken(&judged(&scenario, &planned)), [("bill", 1)]);
    let loss = json!({"weighted_fen": 1, "urgency_fen": 1, "client_value_fen": 0});
    let empty = with(plan(json!([])), json!({"unserved": [{"ticket": "t", "price": loss}]}));
    // left out it costs 1000 × (4 × 24 + 7 + 24) hours = 127,000
    assert_eq!(broken(&judged(&scenario, &empty)), [("bill", 1 - 127_000)]);
}
