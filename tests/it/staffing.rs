//! Answers about staff: how many, where an hour is worth most, what changes and overload cost.

use paidan::calendar::{Hours, Label, Weekday};
use paidan::model::outcome::{Cell, Outcome, Required};
use paidan::model::scenario::Scenario;
use paidan::model::simulation::Simulation;
use paidan::whatif::simulate::{
    Choice, Fault, Kind, Lessons, Order, Policy, Target, required, simulate, training, worth,
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
    let order = order(&scenario, &simulation, &choices, &policies);
    let target = target("an", 900, 12);
    let told = required(&order, &target, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let tried: Vec<(u32, bool, bool)> =
        told.tried.iter().map(|row| (row.people[0], row.is_bound, row.is_reached)).collect();
    let least = told.least.unwrap()[0];
    assert!((4..=10).contains(&least), "{tried:?}");
    assert!(told.tried.iter().any(|row| row.is_bound), "{tried:?}");
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
    let order = order(&scenario, &simulation, &choices, &policies);
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
    assert!(tax.priced_fen.mean > law.priced_fen.mean, "{told:?}");
    assert_eq!((told.decided, told.agreeing), (1, 1), "of law neither says anything: {told:?}");
}

/// Whoever stops while hours are priced gets no answer, and is asked between any two of the proofs.
#[test]
fn prices_of_hours_can_be_stopped() {
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let simulation = days(&[stream("call", 6_000, 60, 4)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let mut looks = 0;
    let told = worth(&order(&scenario, &simulation, &choices, &policies), &mut |stage| {
        // Eight replications are simulated, and priced two at a time: at 0, 2, 4 and 6.
        looks += u32::from(stage.done == 8);
        looks < 4
    });
    assert!(matches!(told, Err(Fault::Nothing)), "{told:?}");
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

/// Twenty hours a quarter for everybody, at `hours`, half of those who can do the same at a time.
fn lessons(hours: Hours) -> Lessons {
    Lessons { skill: None, hours, quarter_minutes: 1_200, most_percent: 50 }
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
    let lessons = lessons(hours);
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

/// R159, R160. Training about a skill is for those who hold it. Whoever learns already needs no
/// more: with the plan made, the next one has nothing to add, and half of it is counted.
#[test]
fn topics_belong_to_skills_and_nobody_learns_twice() {
    let people =
        json!([person("an", &["tax"], 3), person("bo", &["tax"], 3), person("cy", &["legal"], 3)]);
    let document = json!({"format": "paidan-simulation/1", "days": 12, "drain_days": 5,
        "streams": [stream("call", 2_000, 60, 4)]});
    let (firm, simulation) = (question(people, json!([])), simulation(&document));
    let (scenario, policies) = (scenario(&firm), [Policy::FirstCome]);
    let hours = Hours::parse("16:00-18:00").unwrap();
    let tax = Lessons { skill: Some("tax".to_owned()), ..lessons(hours) };
    let planned = |choices: &[Choice], lessons: &Lessons| {
        let order = Order { replications: 2, ..order(&scenario, &simulation, choices, &policies) };
        training(&order, lessons, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"))
    };
    let told = planned(&as_it_is(), &tax);
    let sessions: Vec<usize> = told.people.iter().map(|learner| learner.dates.len()).collect();
    // 1200 × 12 / 91 → 159 minutes: two sessions of two hours.
    assert_eq!(sessions, [2, 2, 0]);
    let mut learning = as_it_is();
    learning[0].changes = told.changes.changes.clone();
    let again = planned(&learning, &lessons(hours));
    let sessions: Vec<(usize, u32)> =
        again.people.iter().map(|row| (row.dates.len(), row.learnt_minutes)).collect();
    assert_eq!(sessions, [(0, 240), (0, 240), (2, 0)]);
    learning[0].changes.truncate(1);
    let more = planned(&learning, &tax);
    // 159 − 120 = 39 minutes are left of one, one session.
    let sessions: Vec<usize> = more.people.iter().map(|learner| learner.dates.len()).collect();
    assert_eq!(sessions, [1, 2, 0]);
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
    let lessons = lessons(hours);
    let order = Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) };
    let told =
        training(&order, &lessons, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    let dates: Vec<_> = told.people.iter().map(|learner| learner.dates.clone()).collect();
    // 1200 × 5 / 91 → 66 minutes: one session of three hours each.
    assert!(dates.iter().all(|dates| dates.len() == 1), "{dates:?}");
    let [an, bo, cy, di, ed] = &dates[..] else { panic!("{dates:?}") };
    assert!(bo != an && bo != cy && di != ed, "{dates:?}");
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
    let found = run(&choices);
    let Err(Fault::Option(1, issues)) = found else { panic!("{found:?}") };
    assert_eq!(issues[0].path, "$.changes[1].streams[0].clients[0]");
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
