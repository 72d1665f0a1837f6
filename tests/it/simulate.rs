//! Simulated days: arrivals, chance, policies, and figures that repeat.

use std::sync::atomic::{AtomicU32, Ordering};

use paidan::calendar::{FORMATS, Label};
use paidan::exchange::json::{Formats, read};
use paidan::generate;
use paidan::model::change::Change;
use paidan::model::outcome::{Ended, Outcome};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::whatif::simulate::{
    Choice, Fault, Kind, Order, Policy, Target, Unfit, required, simulate,
};
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
    let order = Order::of(scenario, simulation, choices, policies);
    Order { seed: 7, replications: 8, threads: 1, verify_every: 1, ..order }
}

/// What does not fit, and where.
pub(crate) fn unfit(found: Result<Outcome, Fault>) -> Vec<(Unfit, String)> {
    let Err(Fault::Unfit(unfit)) = found else { panic!("{found:?}") };
    let rows = unfit.into_iter();
    rows.flat_map(|(what, issues)| issues.into_iter().map(move |issue| (what, issue.path)))
        .collect()
}

pub(crate) fn as_it_is() -> Vec<Choice> {
    vec![Choice::as_it_is()]
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

/// R121, R122. Zero noise: ten calls of an hour at the start of the day for one person, promised within
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
        // Two of ten begin within an hour of 9:00, at 9:00 and at 10:00.
        assert_eq!(cell.hour_permille.mean, 200);
        // Late by 2, 3, 4, 5, 6 hours on Monday (finished 14:00 to 18:00), the last two finish on
        // Tuesday 10:00 and 11:00, 22 and 23 hours late: 65 yuan in 5 days, 91 in a week.
        assert_eq!(cell.lateness_fen.mean, 9_100);
    }
    assert_eq!(told.confidence_percent, None, "both cost the same");
    assert_eq!(told.ended, Ended::Replications);
}

/// The same chance in both: one more person never makes a week dearer by much, and what
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
    assert_eq!((told.best, told.confidence_percent), (None, None), "eight show nothing");
    assert_eq!(told.cells[0].tickets, told.cells[1].tickets, "the same calls");
}

/// R171. Two know taxes, one of them well and one who learns; a stream asks for level 4 of it, which one
/// person has. With two people left who know one thing each, both skills hang on one.
#[test]
fn skills_that_hang_on_one_person_are_told() {
    let mut firm = question(
        json!([
            person("an", &["tax"], 5),
            person("bo", &["tax"], 3),
            with(person("cy", &["tax", "filing"], 5), json!({"trainee": true, "mentors": ["an"]})),
            person("di", &["filing"], 1),
            person("ed", &["filing"], 1),
        ]),
        json!([]),
    );
    let mut calls = stream("call", 1_000, 30, 4);
    let told = |firm: &Value, calls: &Value| {
        let simulation = simulation(&days(std::slice::from_ref(calls), json!({})));
        let (scenario, choices) = (scenario(firm), as_it_is());
        let order = order(&scenario, &simulation, &choices, &[Policy::FirstCome]);
        let points = run(&Order { replications: 1, ..order }).single_points;
        points.into_iter().map(|point| (point.skill, point.people)).collect::<Vec<_>>()
    };
    assert_eq!(told(&firm, &calls), [], "an and bo can do it");
    calls["ticket"]["steps"][0]["seats"] =
        json!([{"skill": "tax", "level": 4}, {"skill": "filing"}]);
    assert_eq!(told(&firm, &calls), [("tax".to_owned(), vec!["an".to_owned()])]);
    firm["people"].as_array_mut().unwrap().truncate(2);
    calls["ticket"]["steps"][0]["seats"] =
        json!([{"skill": "tax", "level": 3}, {"skill": "filing"}]);
    firm["people"][0]["skills"] = json!([{"skill": "filing", "level": 3}]);
    let alone = |skill: &str, who: &str| (skill.to_owned(), vec![who.to_owned()]);
    assert_eq!(told(&firm, &calls), [alone("tax", "bo"), alone("filing", "an")]);
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

fn options(changes: &[&[Value]]) -> Vec<Choice> {
    let mut choices = as_it_is();
    choices.extend(changes.iter().map(|list| Choice {
        name: Label::new("另一种", "another"),
        changes: serde_json::from_value(json!(list)).unwrap(),
    }));
    choices
}

/// Calls from a vip and a gold client.
fn tiered() -> (Scenario, Simulation) {
    let mut firm = firm();
    firm["clients"] = json!([{"id": "acme", "tier": "vip"}, {"id": "bolt", "tier": "gold"}]);
    let mut calls = stream("call", 8_000, 30, 4);
    calls["clients"] = json!(["acme", "bolt"]);
    (scenario(&firm), simulation(&days(&[calls], json!({}))))
}

/// R136. Twice the demand of one tier doubles its calls and leaves those of the others as they
/// were: four people who are idle half the time handle both, so the others' figures stay, too.
#[test]
fn demand_of_a_tier_is_of_its_clients_alone() {
    let (scenario, simulation) = tiered();
    let demand = |percent: u32| json!({"kind": "demand", "percent": percent, "tier": "vip"});
    let choices = options(&[&[demand(200)], &[demand(0)]]);
    let policies = [Policy::FirstCome];
    let told = run(&order(&scenario, &simulation, &choices, &policies));
    let tickets = |cell: usize, tier: &str| {
        let row = told.cells[cell].tiers.iter().find(|row| row.name == tier);
        row.map_or(0, |row| row.tickets)
    };
    let (gold, vip) = (tickets(0, "gold"), tickets(0, "vip"));
    // 8 replications × 5 days × 4 = 160 of each expected; four standard deviations: 51.
    assert!(gold.abs_diff(160) < 51 && vip.abs_diff(160) < 51, "{gold} {vip}");
    assert_eq!((tickets(1, "gold"), tickets(2, "gold")), (gold, gold), "nobody asked for these");
    let twice = tickets(1, "vip");
    assert!(twice.abs_diff(320) < 72 && twice > vip, "{vip} {twice}");
    assert_eq!(tickets(2, "vip"), 0);
}

/// Demand is checked like every change, and each fault is told by its row of the whole list.
#[test]
fn demand_of_something_unknown_is_refused_in_its_place() {
    let (scenario, simulation) = tiered();
    let faults = |changes: &[Value]| -> Vec<String> {
        let choices = options(&[changes]);
        let found = simulate(&order(&scenario, &simulation, &choices, &Policy::ALL), &mut |_| true);
        let found = unfit(found).into_iter();
        found.filter(|(what, _)| *what == Unfit::Option(1)).map(|(_, path)| path).collect()
    };
    let demand = |more: Value| with(json!({"kind": "demand", "percent": 200}), more);
    assert_eq!(faults(&[demand(json!({"service": "none"}))]), ["$.changes[0].service"]);
    assert_eq!(faults(&[demand(json!({"tier": "god"}))]), ["$.changes[0].tier"]);
    let tool = json!({"kind": "tool", "tool": "none", "available": true});
    assert_eq!(faults(&[demand(json!({})), tool]), ["$.changes[1].tool"]);
}

/// Two weeks alike without chance: sixty calls of nine minutes every working day from 9:00 on, 540
/// minutes for one person who has 480 and works the rest in the evening, because lateness is dear.
/// A week has 5 × 60 = 300 extra minutes, whether the first of two counts or not; as the first has
/// no call at 9:00 sharp and nothing to do in that minute, it has eight minutes less. Work beyond a
/// fair share of half the 4,800 regular minutes is told per week of all days.
#[test]
fn days_before_the_count_begins_leave_no_trace_in_figures_per_week() {
    let mut calls = stream("call", 60_000, 9, 2);
    calls["hours"] = json!((0..24).map(|hour| u32::from(hour == 9)).collect::<Vec<u32>>());
    let mut person = person("an", &["tax"], 3);
    person["bands"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 100}));
    let mut alone = question(json!([person]), json!([]));
    let imbalance = json!({"per_hour_fen": 1_000, "fair_percent": 50});
    alone["policy"] = json!({"imbalance": imbalance});
    let scenario = scenario(&alone);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let told = [0, 7].map(|warm_up: u32| {
        let document = days(std::slice::from_ref(&calls), json!({}));
        let more = json!({"days": 14, "drain_days": 5, "warm_up_days": warm_up});
        let simulation = simulation(&with(document, more));
        let order = order(&scenario, &simulation, &choices, &policies);
        run(&Order { replications: 2, verify_every: 50, ..order }).cells.remove(0)
    });
    let tickets = told.each_ref().map(|cell| cell.tickets);
    assert_eq!(tickets, [2 * (10 * 60 - 1), 2 * 5 * 60]);
    let extra = told.each_ref().map(|cell| cell.overtime_minutes.mean);
    assert_eq!(extra, [(10 * 60 - 9 + 1) / 2, 300]);
    // 4,799 minutes are worked where 2,400 are fair: 39,984 fen in two weeks, rounded up.
    assert_eq!(told.each_ref().map(|cell| cell.imbalance_fen.mean), [19_992, 19_992]);
    let load = told.each_ref().map(|cell| cell.people[0].load_permille);
    assert_eq!(load, [999, 1_000]);
}

/// R121. Nights, and peaks before filings are due: days of every month have their own rates, unless
/// a peak says otherwise. Of 10 and 11 March the first brings 60 calls, one a minute from 2:00 at
/// night on, the second none.
#[test]
fn days_of_the_month_have_their_own_rates() {
    let mut calls = stream("call", 1_000, 5, 4);
    calls["hours"] = json!((0..24).map(|hour| u32::from(hour == 2)).collect::<Vec<u32>>());
    calls["monthly"] = json!([{"from": 10, "to": 11, "percent": 3_000}]);
    calls["peaks"] = json!([{"from": "2026-03-11", "to": "2026-03-20", "percent": 0},
                            {"from": "2026-03-09", "to": "2026-03-09", "percent": 0}]);
    calls["per_day_permille"] = json!([2_000, 2_000, 2_000, 2_000, 2_000, 0, 0]);
    let (scenario, simulation) = (scenario(&firm()), simulation(&days(&[calls], json!({}))));
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let told =
        run(&Order { replications: 1, ..order(&scenario, &simulation, &choices, &policies) });
    // 2 × 3,000 % are 60 in an hour, one a minute. And the queue's ticket.
    assert_eq!(told.cells[0].tickets, 60 + 1);
    let night = told.cells[0].hours.iter().find(|row| row.name == "02:00");
    assert_eq!(night.map(|row| row.tickets), Some(60));
}

/// A single cell ends when its own cost is known: without chance after the first 40 replications.
/// Whoever stops in the middle of a batch of 8 × 5 courses gets the replications that were whole.
#[test]
fn it_ends_when_it_is_exact_and_when_it_is_stopped() {
    let simulation = simulation(&days(&[], json!({})));
    let (scenario, choices) = (scenario(&firm()), as_it_is());
    let alone = order(&scenario, &simulation, &choices, &[Policy::FirstCome]);
    let exact = run(&Order { replications: 99, half_width: Some(1), ..alone.clone() });
    assert_eq!((exact.ended, exact.replications), (Ended::HalfWidth, 40));
    let all = Order { replications: 99, policies: &Policy::ALL, ..alone };
    let mut looks = 0;
    let stopped = simulate(&all, &mut |stage| {
        looks += u32::from(stage.done > 8);
        looks < 1
    });
    let stopped = stopped.unwrap_or_else(|fault| panic!("{fault:?}"));
    // Of the second batch 16 courses were made: three replications of five and one course more.
    assert_eq!((stopped.ended, stopped.replications), (Ended::Interrupted, 11));
}

/// Whoever stops is asked before each course: of two policies five courses are two replications
/// and one course more. Before the first replication is whole nothing is known.
#[test]
fn no_course_is_begun_once_it_is_stopped() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let simulation = simulation(&days(&[], json!({})));
    let (scenario, choices) = (scenario(&firm()), as_it_is());
    let policies = [Policy::FirstCome, Policy::EarliestDue];
    let order = order(&scenario, &simulation, &choices, &policies);
    let stop: Option<fn() -> bool> = Some(|| ASKED.fetch_add(1, Ordering::Relaxed) >= 5);
    let order = Order { replications: 9, threads: 1, stop, ..order };
    let stopped = run(&order);
    assert_eq!((stopped.ended, stopped.replications), (Ended::Interrupted, 2));
    let none = simulate(&order, &mut |_| true);
    assert!(matches!(none, Err(Fault::Nothing)), "{none:?}");
}

/// How many replications an interval takes the first forty settle: for two thirds of the half-width
/// they have it takes (3/2)² as many, 90, which a batch of 16 ends.
#[test]
fn what_a_half_width_takes_is_settled_by_the_first_forty() {
    let simulation = simulation(&days(&[stream("call", 8_000, 60, 2)], everything()));
    let (scenario, choices) = (scenario(&firm()), as_it_is());
    let order = order(&scenario, &simulation, &choices, &[Policy::FirstCome]);
    let order = Order { verify_every: 1_000, replications: 40, ..order };
    let half = run(&order).cells[0].cost_fen.half_width.unwrap();
    let half_width = Some(half * 2 / 3);
    let told = run(&Order { replications: 400, half_width, ..order });
    assert_eq!(told.ended, Ended::HalfWidth);
    assert!((90..=106).contains(&told.replications), "{}", told.replications);
}

/// What would be cut or dropped unseen is refused: more than one call a minute, if only by twice
/// the demand, and promises that end after the days simulated.
#[test]
fn what_cannot_arrive_or_be_late_is_refused() {
    let mut calls = stream("call", 60_000, 1, 4);
    calls["hours"] = json!((0..24).map(|hour| u32::from(hour == 10)).collect::<Vec<u32>>());
    let scenario = scenario(&firm());
    let choices = options(&[&[json!({"kind": "demand", "percent": 101})]]);
    let told = |calls: &Value| {
        let document = simulation(&days(std::slice::from_ref(calls), json!({})));
        unfit(simulate(&order(&scenario, &document, &choices, &Policy::ALL), &mut |_| true))
    };
    let rate = (Unfit::Option(1), "$.streams[0].per_day_permille".to_owned());
    assert_eq!(told(&calls), std::slice::from_ref(&rate));
    calls["promise"] = json!({"working_days": 200, "calendar": "office"});
    let promise = (Unfit::Simulation, "$.streams[0].promise".to_owned());
    assert_eq!(told(&calls), [promise, rate], "both, and each once");
}

/// A ticket of the scenario must not be called as one that may arrive.
#[test]
fn names_of_arrivals_are_not_taken() {
    let steps = json!([step("work", "tax", 60)]);
    let queue = json!([ticket("call@2026-03-10T1005", "2026-03-12T18:00", steps)]);
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), queue));
    let simulation = simulation(&days(&[stream("call", 8_000, 30, 4)], json!({})));
    let choices = as_it_is();
    let found = simulate(&order(&scenario, &simulation, &choices, &Policy::ALL), &mut |_| true);
    assert_eq!(unfit(found), [(Unfit::Simulation, "$.streams[0].ticket.id".to_owned())]);
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
    let places = [
        "$.warm_up_days",
        "$.streams[0].clients[0]",
        "$.streams[0].promise",
        "$.streams[1].ticket.id",
        "$.streams[1].ticket.service",
    ];
    assert_eq!(unfit(found), places.map(|place| (Unfit::Simulation, place.to_owned())));
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
        replications: 40,
        ..order(&scenario, &simulation, &choices, &[Policy::FirstCome])
    };
    let kinds = vec![Kind::Person("an".to_owned())];
    let target =
        Target { kinds, kept_permille: 900, is_urgent: true, most: 8, confidence_permille: 975 };
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let least = told.least.clone().unwrap()[0];
    assert!((1..8).contains(&least), "{told:?}");
    let reached = |count: u32| told.tried.iter().find(|row| row.people == [count]);
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
