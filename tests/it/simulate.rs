//! Simulated days: arrivals, chance, policies, and figures that repeat.

use paidan::calendar::{FORMATS, Label};
use paidan::exchange::json::{Formats, read};
use paidan::generate;
use paidan::model::change::Change;
use paidan::model::outcome::{Ended, Outcome};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::whatif::simulate::{Choice, Fault, Order, Policy, Target, required, simulate};
use serde_json::{Value, json};

use crate::question::{person, question, step, ticket, with};

/// Read as a file is, so that the schema has its say.
pub(crate) fn simulation(document: &Value) -> Simulation {
    let text = document.to_string();
    read(text.as_bytes(), &Formats::new(FORMATS)).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

fn scenario(question: &Value) -> Scenario {
    serde_json::from_value(question.clone()).unwrap()
}

/// Calls of a stream for tax work, due within `hours` office hours, at `per_day` on working days.
pub(crate) fn stream(id: &str, per_day: u32, minutes: u32, hours: u32) -> Value {
    let rates = [per_day, per_day, per_day, per_day, per_day, 0, 0];
    let office: Vec<u32> = (0..24).map(|hour| u32::from((9..18).contains(&hour))).collect();
    let template = json!({"id": id, "track": "urgent", "steps": [step("work", "tax", minutes)],
        "curves": [{"kind": "urgency", "per_hour_fen": 20_000}], "unserved": {"urgency_fen": 5_000_000}});
    json!({"ticket": template, "per_day_permille": rates, "hours": office,
           "promise": {"working_minutes": hours * 60, "calendar": "office"}})
}

fn days(streams: &[Value], chance: Value) -> Value {
    json!({"format": "paidan-simulation/1", "days": 5, "drain_days": 5, "streams": streams,
           "chance": chance})
}

/// Four people who know taxes; evenings cost 60 yuan an hour.
fn firm() -> Value {
    let evening = json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 6_000});
    let people: Vec<Value> = ["an", "bo", "cy", "di"]
        .into_iter()
        .map(|id| {
            let mut person = person(id, &["tax"], 3);
            person["bands"].as_array_mut().unwrap().push(evening.clone());
            person
        })
        .collect();
    let queue = json!([ticket("old", "2026-03-10T18:00", json!([step("work", "tax", 200)]))]);
    question(json!(people), queue)
}

fn everything() -> Value {
    json!({
        "effort": {"shape": "triangular", "low": 60, "mode": 95, "high": 190},
        "waits": {"shape": "exponential", "mean": 120},
        "rejected_permille": 60, "absent_permille": 80, "cancelled_permille": 50,
        "false_urgency_permille": 100,
    })
}

fn order<'a>(
    scenario: &'a Scenario,
    simulation: &'a Simulation,
    choices: &'a [Choice],
    policies: &'a [Policy],
) -> Order<'a> {
    Order {
        scenario,
        simulation,
        choices,
        policies,
        seed: 7,
        replications: 8,
        half_width: None,
        milliseconds: None,
        threads: 1,
        verify_every: 1,
    }
}

fn as_it_is() -> Vec<Choice> {
    vec![Choice { name: Label::new("现状", "as it is"), changes: Vec::new() }]
}

fn run(order: &Order<'_>) -> Outcome {
    match simulate(order, &mut |_| true) {
        Ok(outcome) => outcome,
        Err(Fault::Unsound(report)) => panic!("{:#?}", report.violations),
        Err(fault) => panic!("{fault:#?}"),
    }
}

/// Every plan of every policy keeps every rule, whatever chance brings (every one is verified), and
/// threads have no influence on a byte.
#[test]
fn every_plan_is_clean_and_threads_change_nothing() {
    let wait = json!({"id": "review", "wait": {"working_minutes": 300, "calendar": "office"},
                      "after": [{"step": "work"}]});
    let after = json!({"id": "sign", "seats": [{"skill": "tax"}], "minutes": 45,
                       "after": [{"step": "review"}], "differs_from": ["work"]});
    let mut long = stream("case", 3_000, 150, 24);
    long["ticket"]["track"] = json!("normal");
    long["ticket"]["steps"].as_array_mut().unwrap().extend([wait, after]);
    let document = days(&[stream("call", 8_000, 120, 4), long], everything());
    let (scenario, simulation) = (scenario(&firm()), simulation(&document));
    let choices = as_it_is();
    let once = run(&order(&scenario, &simulation, &choices, &Policy::ALL));
    assert_eq!(once.verified_plans, once.plans + 8 * 5, "every plan, and the end of every run");
    assert!(once.cells.iter().all(|cell| cell.tickets > 8 * 30), "{}", once.cells[0].tickets);
    let twice = run(&Order { threads: 2, ..order(&scenario, &simulation, &choices, &Policy::ALL) });
    assert_eq!(once, twice);
}

/// R121. Zero noise: ten calls of an hour at the start of the day for one person, promised within
/// three hours, are worked one after the other by any policy: three are kept.
#[test]
fn without_chance_the_figures_are_those_of_arithmetic() {
    let jobs: Vec<Value> = (0..10)
        .map(|row| {
            ticket(&format!("job{row}"), "2026-03-09T12:00", json!([step("work", "tax", 60)]))
        })
        .collect();
    let alone = question(json!([person("an", &["tax"], 3)]), json!(jobs));
    let (scenario, simulation) = (scenario(&alone), simulation(&days(&[], json!({}))));
    let (choices, policies) = (as_it_is(), [Policy::Engine, Policy::FirstCome]);
    let told =
        run(&Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) });
    for cell in &told.cells {
        assert_eq!((cell.tickets, cell.kept_permille.mean), (20, 300));
        assert_eq!(cell.kept_permille.half_width, Some(0));
        // Late by 2, 3, 4, 5, 6 hours on Monday (finished 14:00 to 18:00), the last two finish on
        // Tuesday 10:00 and 11:00, 22 and 23 hours late: 65 yuan in 5 days, 91 in a week.
        assert_eq!(cell.lateness_fen.mean, 9_100);
    }
    assert_eq!(told.confidence_percent, None, "both cost the same");
    assert_eq!(told.ended, Ended::Replications);
}

/// R121, R122. The same chance in both: one more person never makes a week dearer by much, and what
/// he is worth is told with an interval that excludes zero.
#[test]
fn one_more_person_is_worth_something_and_the_interval_says_so() {
    let document = days(&[stream("call", 26_000, 120, 4)], json!({}));
    let (scenario, simulation) = (scenario(&firm()), simulation(&document));
    let mut choices = as_it_is();
    let change = Change::ClonePerson { person: "an".to_owned(), id: "ed".to_owned() };
    choices.push(Choice { name: Label::new("加一人", "one more"), changes: vec![change] });
    let policies = [Policy::Engine];
    let told =
        run(&Order { verify_every: 50, ..order(&scenario, &simulation, &choices, &policies) });
    let difference = told.cells[1].difference_fen;
    assert!(difference.mean + difference.half_width.unwrap() < 0, "{difference:?}");
    assert_eq!((told.best, told.confidence_percent.is_some()), (1, true));
    assert_eq!(told.cells[0].tickets, told.cells[1].tickets, "the same calls");
}

/// R136. Twice the demand brings about twice the calls and keeps those there were.
#[test]
fn demand_scales_what_arrives() {
    let document = days(&[stream("call", 8_000, 30, 4)], json!({}));
    let (scenario, simulation) = (scenario(&firm()), simulation(&document));
    let mut choices = as_it_is();
    let change = Change::Demand { percent: 200, service: None, track: None, tier: None };
    choices.push(Choice { name: Label::new("两倍", "twice"), changes: vec![change] });
    let policies = [Policy::FirstCome];
    let told = run(&order(&scenario, &simulation, &choices, &policies));
    let (one, two) = (told.cells[0].tickets, told.cells[1].tickets);
    // 8 replications × 5 days × 8 = 320 and 640 expected; four standard deviations: 72 and 101.
    assert!(one.abs_diff(328) < 72 && two.abs_diff(648) < 101, "{one} {two}");
}

#[test]
fn a_simulation_that_does_not_fit_is_refused_with_every_fault() {
    let mut wrong = stream("call", 1_000, 60, 4);
    wrong["clients"] = json!(["nobody"]);
    wrong["promise"] = json!({"working_minutes": 60});
    let mut other = stream("call", 1_000, 60, 4);
    other["ticket"]["service"] = json!("x");
    let document = with(days(&[wrong, other], json!({})), json!({"warm_up_days": 5}));
    let (scenario, simulation) = (scenario(&firm()), simulation(&document));
    let choices = as_it_is();
    let found = simulate(&order(&scenario, &simulation, &choices, &Policy::ALL), &mut |_| true);
    let Err(Fault::Simulation(issues)) = found else { panic!("{found:?}") };
    let paths: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
    let places = [
        "$.warm_up_days",
        "$.streams[0].clients[0]",
        "$.streams[0].promise",
        "$.streams[1].ticket.id",
    ];
    assert_eq!(paths, places);
}

/// The smallest team that keeps nine of ten urgent promises with confidence, found by halving: one
/// person fewer does not.
#[test]
fn the_smallest_team_that_keeps_promises_is_found() {
    let document = days(&[stream("call", 20_000, 120, 4)], json!({}));
    let (scenario, simulation) = (scenario(&firm()), simulation(&document));
    let choices = as_it_is();
    let order = Order {
        verify_every: 100,
        ..order(&scenario, &simulation, &choices, &[Policy::FirstCome])
    };
    let target = Target { person: "an".to_owned(), kept_permille: 900, is_urgent: true, most: 8 };
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let least = told.least.unwrap();
    assert!((1..8).contains(&least), "{told:?}");
    let reached = |count: u32| told.tried.iter().find(|row| row.people == count);
    assert!(reached(least).is_some_and(|row| row.is_reached));
    assert!(reached(least - 1).is_some_and(|row| !row.is_reached), "{told:?}");
}

/// A firm of this trade, with bureaus, travel, caps, seals and work under way at the start: every
/// plan of every policy keeps every rule.
#[test]
fn a_firm_that_travels_keeps_every_rule() {
    let asked = generate::Order { tickets: 20, people: 12, seed: 2, ..generate::Order::default() };
    let (scenario, _) = generate::scenario(&asked);
    assert!(!scenario.progress.is_empty() && !scenario.travel.is_empty());
    let call = |id: &str, service: &str, bureau: &str| {
        json!({"ticket": {"id": id, "service": service, "track": "urgent", "bureau": bureau,
                          "curves": [{"kind": "urgency", "per_hour_fen": 20_000}]},
               "per_day_permille": [4_000, 4_000, 4_000, 4_000, 4_000, 0, 0],
               "promise": {"working_minutes": 960, "calendar": "office"}})
    };
    let streams =
        [call("invoices", "invoices", "tax-pudong"), call("social", "social", "tax-xuhui")];
    let document = with(days(&streams, everything()), json!({"days": 3, "drain_days": 30}));
    let simulation = simulation(&document);
    let choices = as_it_is();
    let told =
        run(&Order { replications: 3, ..order(&scenario, &simulation, &choices, &Policy::ALL) });
    assert_eq!(told.verified_plans, told.plans + 3 * 5);
}

/// H1. A certificate is in force until Monday's end; work planned for all of Monday that takes
/// longer than planned ends as planned, as nobody may go on with it on Tuesday.
#[test]
fn overruns_do_not_outlast_a_certificate() {
    let mut alone = person("an", &["tax"], 3);
    alone["skills"][0]["until"] = json!("2026-03-09");
    let job = ticket("job", "2026-03-10T18:00", json!([step("work", "tax", 450)]));
    let scenario = scenario(&question(json!([alone]), json!([job])));
    let longer = json!({"effort": {"shape": "triangular", "low": 110, "mode": 150, "high": 190}});
    let simulation = simulation(&days(&[], longer));
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let told = run(&order(&scenario, &simulation, &choices, &policies));
    // 450 minutes from 9:00 with an hour's rest end at 17:30: 510 minutes in every replication.
    assert_eq!((told.cells[0].time_minutes.mean, told.cells[0].tickets), (510, 8));
}
