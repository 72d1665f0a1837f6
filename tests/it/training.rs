//! When to learn: sessions where they cost least, and no team left without whoever can do it.

use std::sync::atomic::{AtomicU32, Ordering};

use paidan::calendar::{Hours, Weekday};
use paidan::model::lang::Lang;
use paidan::model::outcome::Ended;
use paidan::report::simulation;
use paidan::whatif::simulate::{Choice, Fault, Lessons, Order, Policy, training};
use serde_json::json;

use crate::question::{person, question, step, with};
use crate::simulate::{as_it_is, simulation as days_of, stream};
use crate::staffing::{days, order, scenario};

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
    let (scenario, simulation) = (scenario(&question(people, json!([]))), days_of(&document));
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
    let said = simulation::training(&told, &simulation::Names::default(), Lang::En);
    assert!(said.contains("the least of the dates tried"), "{said}");
    assert!(said.contains("at most 50 % are away at a time"), "{said}");
    assert!(said.contains("breaks this limit and may therefore cost less"), "{said}");
    let zh = simulation::training(&told, &simulation::Names::default(), Lang::Zh);
    assert!(zh.contains("不超过 50%") && zh.contains("不守此限"), "{zh}");
}

/// R159. Whoever stops in the middle of the first proof, after a few steps that ask once for each of
/// some sixty calls, gets the plan by the prices it has, and hears that they are rough; who stops
/// before its first step hears that nothing is known.
#[test]
fn a_plan_by_prices_of_a_proof_cut_short_says_so() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let simulation = days(&[stream("call", 12_000, 60, 4)]);
    let scenario = scenario(&question(json!([person("an", &["tax"], 3)]), json!([])));
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let order = order(&scenario, &simulation, &choices, &policies);
    let stop: Option<fn() -> bool> = Some(|| ASKED.fetch_add(1, Ordering::Relaxed) >= 330);
    let order = Order { threads: 1, replications: 1, stop, ..order };
    let lessons = lessons(Hours::parse("15:00-17:00").unwrap());
    let told =
        training(&order, &lessons, &mut |_| true).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!((told.priced, told.rough, told.replications), (1, 1, 0), "{told:?}");
    assert_eq!(told.ended, Ended::Interrupted);
    let said = simulation::training(&told, &simulation::Names::default(), Lang::En);
    assert!(said.contains("cut short: they are rough. Simulated 0 times"), "{said}");
    assert!(said.contains("before the first day is not counted. It was interrupted."), "{said}");
    let none = training(&order, &lessons, &mut |_| true);
    assert!(matches!(none, Err(Fault::Nothing)), "{none:?}");
}

/// R159, R160. Training about a skill is for those who hold it. Whoever learns already needs no
/// more: with the plan made, the next one has nothing to add, and half of it is counted.
#[test]
fn topics_belong_to_skills_and_nobody_learns_twice() {
    let people =
        json!([person("an", &["tax"], 3), person("bo", &["tax"], 3), person("cy", &["legal"], 3)]);
    let document = json!({"format": "paidan-simulation/1", "days": 12, "drain_days": 5,
        "streams": [stream("call", 2_000, 60, 4)]});
    let (firm, simulation) = (question(people, json!([])), days_of(&document));
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

/// A day away for training is the eight hours he would have worked, no night and no noon.
#[test]
fn training_planned_before_counts_its_regular_minutes() {
    let day = json!([{"from": "2026-03-10T00:00", "to": "2026-03-11T00:00", "reason": {"zh": "培训", "en": "training"}}]);
    let people = json!([with(person("an", &["tax"], 3), json!({"absences": day}))]);
    let scenario = scenario(&question(people, json!([])));
    let simulation = days(&[stream("call", 1_000, 60, 8)]);
    let (choices, policies) = (as_it_is(), [Policy::FirstCome]);
    let order = Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) };
    let told = training(&order, &lessons(Hours::parse("16:00-18:00").unwrap()), &mut |_| true);
    assert_eq!(told.unwrap_or_else(|fault| panic!("{fault:?}")).people[0].learnt_minutes, 480);
}

/// One of three who know taxes may be away at a time, on three dates: a session each, though one of
/// them is scarcer than the others. 18,000 × 3 / 91 → 594 minutes are five sessions of two hours,
/// so all stay four short and are named. Who stops it once there are prices gets the plan alone.
#[test]
fn nobody_learns_twice_before_everybody_has_learnt_once() {
    let people = json!([
        person("an", &["tax", "seal"], 3),
        person("bo", &["tax"], 3),
        person("cy", &["tax"], 3)
    ]);
    let firm =
        with(question(people, json!([])), json!({"skills": [{"id": "tax"}, {"id": "seal"}]}));
    let simulation = days_of(&json!({"format": "paidan-simulation/1", "days": 3,
        "drain_days": 5, "streams": [stream("call", 1_000, 60, 8)]}));
    let (scenario, choices, policies) = (scenario(&firm), as_it_is(), [Policy::FirstCome]);
    let order = Order { replications: 2, ..order(&scenario, &simulation, &choices, &policies) };
    let hours = Hours::parse("16:00-18:00").unwrap();
    let lessons = Lessons { quarter_minutes: 18_000, ..lessons(hours) };
    let mut looks = 0;
    let told = training(&order, &lessons, &mut |_| {
        looks += 1;
        looks < 2
    });
    let told = told.unwrap_or_else(|fault| panic!("{fault:?}"));
    let sessions: Vec<(usize, u32)> =
        told.people.iter().map(|row| (row.dates.len(), row.short_minutes)).collect();
    assert_eq!(sessions, [(1, 480); 3]);
    assert_eq!((told.priced, told.replications, told.ended), (2, 0, Ended::Interrupted));
    let said = simulation::training(&told, &simulation::Names::default(), Lang::En);
    assert!(said.contains("3 stay short: an, bo, cy"), "{said}");
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
