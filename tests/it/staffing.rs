//! Answers about staff: how many, where an hour is worth most, what changes and overload cost.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use paidan::calendar::Label;
use paidan::model::lang::Lang;
use paidan::model::outcome::{Cell, Ended, Figure, Outcome, Required};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::report::simulation::{Names, hours, needed};
use paidan::whatif::simulate::{
    Choice, Kind, Order, Policy, Target, Unfit, required, simulate, worth,
};
use serde_json::{Value, json};

use crate::question::{person, question, step, ticket, with};
use crate::simulate::{as_it_is, simulation, stream, unfit};

pub(crate) fn scenario(question: &Value) -> Scenario {
    serde_json::from_value(question.clone()).unwrap()
}

pub(crate) fn order<'a>(
    scenario: &'a Scenario,
    simulation: &'a Simulation,
    choices: &'a [Choice],
    policies: &'a [Policy],
) -> Order<'a> {
    let order = Order::of(scenario, simulation, choices, policies);
    Order { seed: 5, replications: 8, threads: 2, verify_every: 20, ..order }
}

pub(crate) fn days(streams: &[Value]) -> Simulation {
    simulation(&json!({"format": "paidan-simulation/1", "days": 5, "drain_days": 5,
        "streams": streams}))
}

fn run(scenario: &Scenario, simulation: &Simulation, policy: Policy) -> Cell {
    let choices = as_it_is();
    let told: Outcome = simulate(&order(scenario, simulation, &choices, &[policy]), &mut |_| true)
        .unwrap_or_else(|fault| panic!("{fault:?}"));
    told.cells.into_iter().next().unwrap()
}

/// So many thousandths of urgent promises kept by at most so many more like `person`.
fn target(person: &str, kept_permille: u32, most: u32) -> Target {
    let kinds = vec![Kind::Person(person.to_owned())];
    Target { kinds, kept_permille, is_urgent: true, most, confidence_permille: 975 }
}

/// R022, R149. Twenty calls of two hours a day, due within four hours, are forty hours of work for
/// one person with eight: with one or two more not even half can be kept whatever is done, and the
/// linear bound says so without any simulation. What is simulated lies below its bound.
#[test]
fn teams_that_cannot_keep_promises_are_not_simulated() {
    let alone = question(json!([person("an", &["tax"], 3)]), json!([]));
    let (scenario, simulation) = (scenario(&alone), days(&[stream("call", 20_000, 120, 4)]));
    let (choices, policies) = (as_it_is(), [Policy::EarliestDue]);
    let order = Order { replications: 40, ..order(&scenario, &simulation, &choices, &policies) };
    let target = target("an", 900, 12);
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let tried: Vec<(u32, bool, bool)> =
        told.tried.iter().map(|row| (row.people[0], row.is_bound, row.is_reached)).collect();
    let least = told.least.clone().unwrap()[0];
    assert!((4..=10).contains(&least), "{tried:?}");
    assert!(told.tried[0].is_bound, "the people there are come first: {tried:?}");
    // Who was not tried is told with whose answer is his: each of 0 to 12 is one or the other.
    let inferred = told.inferred.iter().map(|row| (row.people[0], row.is_enough));
    let all = tried.iter().map(|row| (row.0, row.2)).chain(inferred.clone());
    let mut all: Vec<(u32, bool)> = all.collect();
    all.sort_unstable();
    let expected: Vec<(u32, bool)> = (0..=12).map(|count| (count, count >= least)).collect();
    assert_eq!(all, expected);
    let said = needed(&told, &Names::default(), Lang::En);
    for (count, is_enough) in inferred {
        let like = if is_enough { " are enough)" } else { " are not shown to be enough)" };
        let line = said.lines().find(|line| line.starts_with("Not tried")).unwrap();
        let part = line.split([';', ':']).find(|part| part.contains(&format!(" {count}")));
        assert!(line.contains(like) && part.is_some(), "{count} {said}");
    }
    assert!(said.contains("by the linear bound no dispatch keeps more"), "{said}");
    for row in told.tried.iter().filter(|row| row.is_bound) {
        let bound = row.kept_permille;
        assert!(bound.mean + bound.half_width.unwrap() < 900 && row.people[0] < least, "{row:?}");
        // Eight hours of each are four calls of about twenty a day, give or take a call begun.
        let most = 1_000 * (4 * (i64::from(row.people[0]) + 1) + 4) / 18;
        assert!(bound.mean <= most, "{row:?}");
    }
}

/// R149. Five calls of two hours a day for tax and five for law, due within six hours, of which one
/// person can do four: one more of each is the smallest team that keeps eight of ten, and neither
/// is one more of one kind. Whoever is content with less confidence never needs more people.
#[test]
fn the_smallest_team_of_several_skills_is_found() {
    let people = json!([person("an", &["tax"], 3), person("bo", &["legal"], 3)]);
    let mut law = stream("suit", 5_000, 120, 6);
    law["ticket"]["steps"] = json!([step("work", "legal", 120)]);
    let streams = [stream("call", 5_000, 120, 6), law];
    let (scenario, simulation) = (scenario(&question(people, json!([]))), days(&streams));
    let (choices, policies) = (as_it_is(), [Policy::EarliestDue]);
    let order = Order { replications: 40, ..order(&scenario, &simulation, &choices, &policies) };
    let kinds = ["tax", "legal"].map(|skill| Kind::Skill(skill.to_owned())).to_vec();
    let sure = Target { kinds, ..target("", 800, 4) };
    let told = required(&order, &sure, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let least = told.least.clone().unwrap();
    assert_eq!(least, [1, 1], "{told:?}");
    let is_tried = |team: &[u32]| told.tried.iter().any(|row| row.people == team);
    assert!([[0, 0], [0, 1], [1, 0]].iter().all(|team| is_tried(team)), "{told:?}");
    let less = Target { confidence_permille: 900, ..sure };
    let less = required(&order, &less, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert!(less.least.unwrap().iter().sum::<u32>() <= 2);
    let half = |told: &Required| told.tried[0].kept_permille.half_width.unwrap();
    assert!(half(&told) > 0);
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
    assert!(tax.priced_fen.unwrap().mean > law.priced_fen.unwrap().mean, "{told:?}");
    assert_eq!((told.decided, told.agreeing), (1, 1), "of law neither says anything: {told:?}");
}

/// Whoever stops while hours are priced gets what is known, and is asked between any two of the
/// proofs; whoever stops before the first gets what was simulated, without prices.
#[test]
fn prices_of_hours_can_be_stopped() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 6_000, 60, 4)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let stopped = |most: u32| {
        let mut looks = 0;
        let told = worth(&order(&scenario, &simulation, &choices, &policies), &mut |stage| {
            // Eight replications are simulated, and priced two at a time: at 0, 2, 4 and 6.
            looks += u32::from(stage.done == 8);
            looks < most
        });
        told.unwrap_or_else(|fault| panic!("{fault:?}"))
    };
    let told = stopped(4);
    assert_eq!((told.replications, told.priced, told.ended), (8, 4, Ended::Interrupted));
    let told = stopped(2);
    assert_eq!((told.priced, told.decided, told.skills[0].priced_fen), (0, 0, None));
}

/// Whoever stops while a proof is under way is not kept waiting for its forty steps: it is given up
/// within the first, and the hours have no prices. How far their intervals can be trusted is said.
#[test]
fn a_proof_that_is_under_way_is_given_up() {
    static IS_SIMULATED: AtomicBool = AtomicBool::new(false);
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let stop = || {
        let is_simulated = IS_SIMULATED.load(Ordering::Relaxed);
        is_simulated && ASKED.fetch_add(1, Ordering::Relaxed) >= 3
    };
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 6_000, 60, 4)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let order = order(&scenario, &simulation, &choices, &policies);
    let order = Order { threads: 1, stop: Some(stop), ..order };
    let told = worth(&order, &mut |stage| {
        IS_SIMULATED.store(stage.done == 8, Ordering::Relaxed);
        true
    });
    let told = told.unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!((told.replications, told.priced, told.ended), (8, 0, Ended::Interrupted));
    assert!(
        hours(&told, &Names::default(), Lang::En)
            .contains("about 92 % of the time. It was interrupted.")
    );
}

/// Two replications of which all is kept show nothing, nor do forty that keep fewer promises than
/// it takes to see one broken of a hundred: five calls a day in five days are 25 a replication,
/// 2.5 times 400 of forty. By the rule of three at 2.5 % that is 3.689 / 1,000 → 0.4 %.
#[test]
fn equal_shares_of_few_promises_reach_nothing() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 5_000, 10, 16)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let asked = |replications: u32, kept_permille: u32| {
        let order = Order { replications, ..order(&scenario, &simulation, &choices, &policies) };
        let target = target("an", kept_permille, 0);
        required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"))
    };
    let few = asked(2, 980);
    let kept = few.tried[0].kept_permille;
    assert!(kept.mean == 1_000 && kept.half_width.unwrap() > 0, "{few:?}");
    assert!(few.least.is_none() && !few.is_missed(&few.tried[0]), "not shown either way: {few:?}");
    let said = needed(&few, &Names::default(), Lang::En);
    assert!(said.contains("not shown either way") && said.contains("undecided"), "{said}");
    let many = asked(40, 996);
    assert_eq!(many.tried[0].kept_permille, Figure { mean: 1_000, half_width: Some(4) });
    assert_eq!(many.least, Some(vec![0]));
    let said = needed(&many, &Names::default(), Lang::En);
    assert!(said.contains("Nobody more is needed, so nothing else was tried."), "{said}");
    assert_eq!(asked(40, 997).least, None);
}

/// Whoever stops the search for a team gets the teams tried, and hears that fewer may do; whoever
/// stops before the first hears that nothing is known. Time that is up ends it after the first.
#[test]
fn a_search_for_a_team_that_is_stopped_tells_what_was_tried() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 6_000, 120, 6)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let asked = |most: u32, milliseconds: Option<u64>| {
        let order = order(&scenario, &simulation, &choices, &policies);
        let order = Order { replications: 40, milliseconds, ..order };
        let mut ends = 0;
        let told = required(&order, &target("an", 900, 4), &mut |stage| {
            ends += u32::from(stage.done == 40);
            ends < most
        });
        told.unwrap_or_else(|fault| panic!("{fault:?}"))
    };
    let told = asked(2, None);
    // Nobody more is too few by the bound alone; four are enough, two are, and then it is stopped.
    assert!(told.tried[0].is_bound, "{told:?}");
    assert_eq!((told.least.clone(), told.ended), (Some(vec![2]), Ended::Interrupted), "{told:?}");
    let said = needed(&told, &Names::default(), Lang::En);
    assert!(said.contains("It was interrupted. Fewer may do."), "{said}");
    let told = asked(0, None);
    assert_eq!((told.tried.len(), told.ended), (0, Ended::Interrupted));
    assert!(needed(&told, &Names::default(), Lang::Zh).contains("还没有任何结果"));
    // The bound has but a quarter of the time, and what there is is simulated.
    let told = asked(9, Some(0));
    assert_eq!((told.least, told.ended), (None, Ended::Seconds));
    assert_eq!((told.tried.len(), told.tried[0].is_bound), (1, false));
}

/// R149. Where the people there are keep the promises, nobody else is asked about.
#[test]
fn where_nobody_more_is_needed_nothing_else_is_tried() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 5_000, 10, 16)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let order = Order { replications: 40, ..order(&scenario, &simulation, &choices, &policies) };
    let told = required(&order, &target("an", 900, 6), &mut |_| true);
    let told = told.unwrap_or_else(|fault| panic!("{fault:?}"));
    let tried: Vec<&[u32]> = told.tried.iter().map(|row| row.people.as_slice()).collect();
    assert_eq!((told.least, tried), (Some(vec![0]), vec![&[0][..]]));
    assert!(told.inferred.iter().all(|row| row.is_enough && row.like == [0]));
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
    let target = target("+tax", 500, 2);
    let order = Order { replications: 40, ..order };
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(told.least, Some(vec![0]), "two people have hardly anything to do");
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

/// R135. A system fails: four times the calls. The surge profile (everybody takes extra hours and
/// urgency weighs five times as much) keeps more of the urgent promises than going on as usual under
/// the same chance.
#[test]
fn a_surge_profile_keeps_more_urgent_promises_when_a_system_fails() {
    let mut worker = person("an", &["tax"], 3);
    worker["bands"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 5_000,
               "cap_day_minutes": 0}));
    let scenario = scenario(&question(json!([worker]), json!([])));
    let simulation = days(&[stream("call", 2_000, 90, 8)]);
    let mass = json!({"kind": "demand", "percent": 400, "track": "urgent"});
    let profile = [
        mass,
        json!({"kind": "band", "band": "overtime", "cap_day_minutes": 180}),
        json!({"kind": "weights", "lambda_urgency": 5_000}),
    ];
    let option = |changes: &[Value]| Choice {
        name: Label::new("激增", "surge"),
        changes: serde_json::from_value(json!(changes)).unwrap(),
    };
    let choices = [option(&profile[..1]), option(&profile[..2]), option(&profile)];
    let policies = [Policy::Engine];
    let order = Order { replications: 16, ..order(&scenario, &simulation, &choices, &policies) };
    let told = simulate(&order, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let [usual, hours, surge] = &told.cells[..] else { panic!("three cells") };
    // Under the same weights the extra hours save more than they cost, by a paired interval.
    let saved = hours.difference_fen;
    assert!(saved.mean + saved.half_width.unwrap() < 0, "{saved:?}");
    let kept = |cell: &Cell| cell.urgent_kept_permille.mean;
    assert!(kept(surge) >= kept(usual) + 50, "{} {}", kept(usual), kept(surge));
    assert!(surge.overtime_minutes.mean > 0 && usual.overtime_minutes.mean == 0);
    // Four times the calls leave little idle time, which is told.
    assert!(usual.people[0].idle_minutes < 1_000, "{:?}", usual.people);
}

/// A service the firm begins to sell brings its own arrivals, five a day for a week; an authority
/// that is twice as slow is so for what arrives, too. A fault is told where it was written.
#[test]
fn a_new_service_arrives_and_authorities_are_slow_for_arrivals() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let mut call = stream("call", 1_000, 30, 8);
    call["ticket"]["steps"] = json!([{"id": "file", "seats": [{"skill": "tax"}], "minutes": 30},
        {"id": "review", "wait": {"working_minutes": 120, "calendar": "office"},
         "after": [{"step": "file"}]}]);
    let simulation = days(&[call]);
    let mut sold = stream("advice-call", 5_000, 30, 8);
    sold["ticket"] = json!({"id": "advice-call", "service": "advice", "track": "urgent"});
    let service = json!({"id": "advice", "normal": [step("talk", "tax", 30)]});
    let option = |changes: Value| Choice {
        name: Label::new("方案", "option"),
        changes: serde_json::from_value(changes).unwrap(),
    };
    let begin = json!([{"kind": "add_service", "service": service, "streams": [sold]}]);
    let slow = json!([{"kind": "agency", "calendar": "office", "percent": 200}]);
    let mut choices = vec![as_it_is().remove(0), option(begin), option(slow)];
    let policies = [Policy::FirstCome];
    let run = |choices: &[Choice]| {
        let order = Order { replications: 8, ..order(&scenario, &simulation, choices, &policies) };
        simulate(&order, &mut |_| true)
    };
    let told = run(&choices).unwrap_or_else(|fault| panic!("{fault:?}"));
    let [usual, begun, slower] = &told.cells[..] else { panic!("three cells") };
    let new = begun.streams.iter().find(|row| row.name == "advice-call").unwrap().tickets;
    // 8 × 5 days × 5 = 200, give or take 3 × √200.
    assert!((157..=243).contains(&new), "{new}");
    assert_eq!(begun.tickets - new, usual.tickets, "the others come as before");
    // Everybody waits two office hours more, nights and noon included.
    assert!(slower.time_minutes.mean >= usual.time_minutes.mean + 120, "{slower:?}");
    sold["clients"] = json!(["nobody"]);
    choices[1] = option(json!([{"kind": "weights"},
        {"kind": "add_service", "service": service, "streams": [sold]}]));
    let place = "$.changes[1].streams[0].clients[0]".to_owned();
    assert_eq!(unfit(run(&choices)), [(Unfit::Option(1), place)]);
}

/// Load and idle time add up to the hours there are while tickets arrive, and work that is
/// finished after that is of no load: a week of five days of eight hours, 2,400 minutes, of which
/// two jobs of 480 take 960, the third stands after the last arrival.
#[test]
fn load_and_idle_time_are_of_the_days_that_count() {
    let job = |id: &str, release: &str| {
        let job = ticket(id, "2026-03-18T18:00", json!([step("work", "tax", 480)]));
        with(job, json!({"release": release}))
    };
    let jobs = [
        job("one", "2026-03-09T09:00"),
        job("two", "2026-03-10T09:00"),
        job("late", "2026-03-16T09:00"),
    ];
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!(jobs)));
    let told = run(&scenario, &days(&[]), Policy::FirstCome);
    let load = &told.people[0];
    // 960 of 2,400; 1,440 idle in five days are 2,016 in seven.
    assert_eq!((load.load_permille, load.idle_minutes), (400, 2_016), "{load:?}");
    assert_eq!(told.unbegun_permille.mean, 0);
}
