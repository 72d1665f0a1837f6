//! Answers about staff: how many, where an hour is worth most, what changes and overload cost.

use paidan::calendar::{Hours, Label, Weekday};
use paidan::model::outcome::{Cell, Outcome};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::whatif::simulate::{
    Choice, Lessons, Order, Policy, Target, required, simulate, training, worth,
};
use serde_json::{Value, json};

use crate::question::{person, question, step, ticket, with};
use crate::simulate::{simulation, stream};

fn scenario(question: &Value) -> Scenario {
    serde_json::from_value(question.clone()).unwrap()
}

fn as_it_is() -> Vec<Choice> {
    vec![Choice { name: Label::new("现状", "as it is"), changes: Vec::new() }]
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
        seed: 5,
        replications: 8,
        half_width: None,
        milliseconds: None,
        threads: 2,
        verify_every: 20,
    }
}

fn days(streams: &[Value]) -> Simulation {
    simulation(&json!({"format": "paidan-simulation/1", "days": 5, "drain_days": 5,
        "streams": streams}))
}

fn run(scenario: &Scenario, simulation: &Simulation, policy: Policy) -> Cell {
    let choices = as_it_is();
    let told: Outcome = simulate(&order(scenario, simulation, &choices, &[policy]), &mut |_| true)
        .unwrap_or_else(|fault| panic!("{fault:?}"));
    told.cells.into_iter().next().unwrap()
}

/// R022, R149. Twenty calls of two hours a day, due within four hours, are forty hours of work for
/// one person with eight: with one or two more not even half can be kept whatever is done, and the
/// linear bound says so without any simulation. What is simulated lies below its bound.
#[test]
fn teams_that_cannot_keep_promises_are_not_simulated() {
    let alone = question(json!([person("an", &["tax"], 3)]), json!([]));
    let (scenario, simulation) = (scenario(&alone), days(&[stream("call", 20_000, 120, 4)]));
    let (choices, policies) = (as_it_is(), [Policy::EarliestDue]);
    let order = order(&scenario, &simulation, &choices, &policies);
    let target = Target { person: "an".to_owned(), kept_permille: 900, is_urgent: true, most: 12 };
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let tried: Vec<(u32, bool, bool)> =
        told.tried.iter().map(|row| (row.people, row.is_bound, row.is_reached)).collect();
    let least = told.least.unwrap();
    assert!((4..=10).contains(&least), "{tried:?}");
    assert!(told.tried.iter().any(|row| row.is_bound), "{tried:?}");
    for row in told.tried.iter().filter(|row| row.is_bound) {
        let bound = row.kept_permille;
        assert!(bound.mean + bound.half_width.unwrap() < 900 && row.people < least, "{row:?}");
        // Eight hours of each are four calls of about twenty a day, give or take a call begun.
        let most = 1_000 * (4 * (i64::from(row.people) + 1) + 4) / 18;
        assert!(bound.mean <= most, "{row:?}");
    }
}

/// Two skills: calls for tax are many for one person, those for law few for another. An hour of tax
/// is worth more by both ways, and an hour of law nothing that shows.
#[test]
fn the_next_hour_is_worth_most_where_calls_wait() {
    let people = json!([person("an", &["tax"], 3), person("bo", &["law"], 3)]);
    let mut firm = question(people, json!([]));
    firm["skills"] = json!([{"id": "tax"}, {"id": "law"}]);
    let mut law = stream("suit", 1_000, 60, 40);
    law["ticket"]["steps"] = json!([step("work", "law", 60)]);
    let (scenario, simulation) = (scenario(&firm), days(&[stream("call", 6_000, 120, 4), law]));
    let (choices, policies) = (as_it_is(), [Policy::Engine]);
    let told = worth(&order(&scenario, &simulation, &choices, &policies), &mut |_| true)
        .unwrap_or_else(|fault| panic!("{fault:?}"));
    let [tax, law] = &told.skills[..] else { panic!("{told:?}") };
    assert_eq!((tax.skill.as_str(), law.skill.as_str()), ("tax", "law"));
    assert!(tax.simulated_fen.mean > tax.simulated_fen.half_width.unwrap(), "{tax:?}");
    assert!(tax.priced_fen.mean > law.priced_fen.mean, "{told:?}");
    assert_eq!((told.decided, told.agreeing), (1, 1), "of law neither says anything: {told:?}");
}

/// Somebody may be called as the newcomers are: they take another name.
#[test]
fn newcomers_take_names_that_are_free() {
    let people = json!([person("+tax", &["tax"], 3), person("+tax+1", &["tax"], 3)]);
    let scenario = scenario(&question(people, json!([])));
    let simulation = days(&[stream("call", 2_000, 30, 4)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let order = Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) };
    let told = worth(&order, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(told.skills.len(), 1);
    let person = "+tax".to_owned();
    let target = Target { person, kept_permille: 500, is_urgent: true, most: 2 };
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(told.least, Some(0), "two people have hardly anything to do");
}

/// R250. A job stands at 9:00 in the plan of Monday's morning; at 9:00 nothing has changed. With
/// urgent calls all day plans change, and each step that begins otherwise than handed out is paid
/// for by the scenario's price; without a price nothing is.
#[test]
fn changes_of_a_plan_handed_out_have_their_price() {
    let jobs: Vec<Value> = (0..6)
        .map(|row| {
            ticket(&format!("job{row}"), "2026-03-10T18:00", json!([step("work", "tax", 100)]))
        })
        .collect();
    let mut firm = question(json!([person("an", &["tax"], 3)]), json!(jobs));
    let calls = days(&[stream("call", 3_000, 60, 2)]);
    let free = run(&scenario(&firm), &calls, Policy::CurrentPractice);
    assert_eq!(free.change_fen.mean, 0);
    let price = json!({"person_fen": 1_000, "start_fen": 1_000});
    firm["policy"] = with(firm["policy"].clone(), json!({"change": price}));
    let priced = run(&scenario(&firm), &calls, Policy::CurrentPractice);
    // The list decides as before; at least one step a week moves, at 10 yuan each.
    assert!(priced.change_fen.mean >= 1_000, "{:?}", priced.change_fen);
    assert_eq!(priced.cost_fen.mean, free.cost_fen.mean + priced.change_fen.mean);
    let none = run(&scenario(&firm), &days(&[]), Policy::CurrentPractice);
    assert_eq!(none.change_fen.mean, 0, "without chance a plan stands");
}

/// R238. Four jobs of 480 minutes in five days of one person who has eight hours a day: 1920 of
/// 2400 regular minutes are 80 %. Beyond a fair share of 50 % 720 minutes are 12 hours at 10 yuan,
/// 120 in five days or 168 in a week.
#[test]
fn work_beyond_a_fair_share_is_part_of_the_cost() {
    let jobs: Vec<Value> = (0..4)
        .map(|row| {
            ticket(&format!("job{row}"), "2026-03-13T18:00", json!([step("work", "tax", 480)]))
        })
        .collect();
    let mut firm = question(json!([person("an", &["tax"], 3)]), json!(jobs));
    let imbalance = json!({"per_hour_fen": 1_000, "fair_percent": 50});
    firm["policy"] = with(firm["policy"].clone(), json!({"imbalance": imbalance}));
    let told = run(&scenario(&firm), &days(&[]), Policy::Engine);
    assert_eq!((told.imbalance_fen.mean, told.cost_fen.mean), (16_800, 16_800));
}

/// R159, R162. Twenty hours a quarter are 20 × 60 × 12 / 91 → 159 minutes in twelve days, one
/// session of three hours each. Calls come on Mondays and Tuesdays only, so nobody learns then; of
/// the two who can do the same only one is away at a time.
#[test]
fn everybody_learns_when_he_is_missed_least() {
    let people = json!([person("an", &["tax"], 3), person("bo", &["tax"], 3)]);
    let mut calls = stream("call", 0, 120, 4);
    calls["per_day_permille"] = json!([12_000, 12_000, 0, 0, 0, 0, 0]);
    let document = json!({"format": "paidan-simulation/1", "days": 12, "drain_days": 5,
        "streams": [calls]});
    let (scenario, simulation) = (scenario(&question(people, json!([]))), simulation(&document));
    let (choices, policies) = (as_it_is(), [Policy::Engine]);
    let hours = Hours::parse("15:00-18:00").unwrap();
    let lessons = Lessons { hours, quarter_minutes: 1_200, most_percent: 50 };
    let order = order(&scenario, &simulation, &choices, &policies);
    let told =
        training(&order, &lessons, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(told.needed_minutes, 159);
    let dates: Vec<_> = told.people.iter().flat_map(|learner| &learner.dates).collect();
    assert_eq!((told.people.len(), dates.len()), (2, 2), "{told:?}");
    assert_ne!(dates[0], dates[1]);
    let weekdays = dates.iter().map(|date| date.day().weekday());
    assert!(weekdays.clone().all(|day| day != Weekday::Mon && day != Weekday::Tue), "{dates:?}");
    assert!(told.priced_fen <= told.together_fen, "{told:?}");
    // Two absences of three hours on quiet days: nothing that shows.
    assert!(told.simulated_fen.mean <= told.simulated_fen.half_width.unwrap(), "{told:?}");
    assert_eq!(told.changes.changes.len(), 2);
}

/// R159. Calls for taxes and for law come from Monday to Thursday, so on Friday everybody is missed
/// least. One knows taxes, one law and one both: of the two who know either only one may be away,
/// so the third learns on another date than both. Of two kept for urgent tickets one stays, too,
/// whatever else they can do.
#[test]
fn nobody_is_left_without_whoever_can_do_it() {
    let kept = |id: &str, skill: &str| with(person(id, &[skill], 3), json!({"urgent_only": true}));
    let people = json!([
        person("an", &["tax"], 3),
        person("bo", &["tax", "legal"], 3),
        person("cy", &["legal"], 3),
        kept("di", "filing"),
        kept("ed", "sealing"),
    ]);
    let skills = ["tax", "legal", "filing", "sealing"].map(|id| json!({"id": id}));
    let firm = with(question(people, json!([])), json!({"skills": skills}));
    let calls = ["tax", "legal", "filing", "sealing"].map(|skill| {
        let mut calls = stream(skill, 4_000, 120, 4);
        calls["per_day_permille"] = json!([6_000, 6_000, 6_000, 6_000, 0, 0, 0]);
        calls["ticket"]["steps"] = json!([step("work", skill, 120)]);
        calls
    });
    let (scenario, simulation) = (scenario(&firm), days(&calls));
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let hours = Hours::parse("15:00-18:00").unwrap();
    let lessons = Lessons { hours, quarter_minutes: 1_200, most_percent: 50 };
    let order = Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) };
    let told =
        training(&order, &lessons, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let dates: Vec<_> = told.people.iter().map(|learner| learner.dates.clone()).collect();
    // 1200 × 5 / 91 → 66 minutes: one session of three hours each.
    assert!(dates.iter().all(|dates| dates.len() == 1), "{dates:?}");
    let [an, bo, cy, di, ed] = &dates[..] else { panic!("{dates:?}") };
    assert!(bo != an && bo != cy && di != ed, "{dates:?}");
}
