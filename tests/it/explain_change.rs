//! `explain` where something is changed: differences, moves by hand, relaxations, conflicts.

use std::cell::Cell;

use paidan::explain::say::{self, Audience, Names};
use paidan::explain::{self, Fact, Question, Reason, Slot};
use paidan::model::lang::Lang;
use paidan::model::plan::Plan;
use paidan::model::rule::Rule;
use paidan::model::scenario::{Pin, Scenario};
use paidan::model::work::resolve;
use paidan::planning;
use paidan::time::Money;
use paidan::verify::Code;
use serde_json::{Value, json};

use crate::explain_case::{Case, case, morning, person, plan, step};
use crate::question::one_lane;

/// The first plan the planner finds.
fn planned(scenario: &Scenario) -> Option<Plan> {
    let work = resolve(scenario).ok()?;
    let settings = one_lane(1);
    Some(planning::plan(&work, None, &settings, "", &mut |_| true).ok()?.plan)
}

fn serves_all(scenario: &Scenario) -> bool {
    planned(scenario).is_some_and(|plan| plan.unserved.is_empty())
}

/// The plan of [`morning`] with 李四 doing what 张三 did for A, an hour earlier.
fn better() -> Plan {
    plan(&[
        ("A/prep", &["li"], "09:00", "10:00"),
        ("A/file", &["li"], "10:00", "11:00"),
        ("A/review", &[], "11:00", "13:00"),
        ("A/close", &["wang"], "13:00", "14:00"),
        ("B/prep", &["zhang"], "09:00", "10:00"),
    ])
}

#[test]
fn a_diff_names_what_moved_and_what_it_saves() {
    let (case, by_hand) = morning();
    let diff = explain::diff(&case.work, &by_hand, &better(), None);
    let moved: Vec<&str> = diff.moved.iter().map(|moved| moved.step.as_str()).collect();
    assert_eq!(moved, ["A/prep", "A/file", "A/review", "A/close"]);
    assert!(diff.moved[0].changes_people() && !diff.moved[3].changes_people());
    assert_eq!((diff.violations_before, diff.violations_after), (0, 0));
    // Two hours late: 10,000 + 2 × 6,000 = 22,000; one hour late: 16,000 fen.
    assert_eq!(diff.added_fen(), Money(-6_000));
    assert_eq!(diff.tickets.len(), 1);
    assert_eq!(diff.tickets[0].cost_before, Money(22_000));
    assert_eq!(diff.tickets[0].cost_after, Money(16_000));
    let names = Names::new(&case.scenario);
    let zh = say::diff_lines(&diff, &names, Lang::Zh).join("\n");
    assert!(zh.contains("A 准备: 张三 → 李四,2026-03-02 10:00 → 2026-03-02 09:00"), "{zh}");
    assert!(zh.contains("合计: ¥220.00 → ¥160.00 (-¥60.00)"), "{zh}");
}

#[test]
fn a_diff_of_a_plan_with_itself_is_empty() {
    let (case, plan) = morning();
    let diff = explain::diff(&case.work, &plan, &plan, None);
    assert!(diff.is_empty());
    assert_eq!(say::diff_lines(&diff, &Names::default(), Lang::En), ["The plans are the same"]);
}

#[test]
fn a_plan_by_hand_needs_no_ends_to_be_compared() {
    let (case, plan) = morning();
    let mut by_hand = plan.clone();
    for row in &mut by_hand.steps {
        row.end = None;
        row.pieces.clear();
    }
    by_hand.steps.retain(|row| !row.people.is_empty());
    assert!(explain::diff(&case.work, &plan, &by_hand, None).is_empty());
}

#[test]
fn tickets_served_and_left_out_are_told_apart() {
    let (case, whole) = morning();
    let mut without = whole.clone();
    without.steps.retain(|row| row.ticket != "B");
    without.unserved = serde_json::from_value(json!([{"ticket": "B"}])).unwrap();
    let diff = explain::diff(&case.work, &whole, &without, None);
    assert_eq!(diff.newly_unserved, ["B"]);
    assert_eq!(explain::diff(&case.work, &without, &whole, None).newly_served, ["B"]);
}

#[test]
fn a_move_that_fits_keeps_everything_else() {
    let (case, plan) = morning();
    let nine = Some(case.work.as_of);
    let made = explain::moved(
        &case.work,
        &plan,
        None,
        "A/prep",
        "li",
        explain::Destination { seat: None, at: nine },
    )
    .unwrap();
    assert_eq!(made.violations, []);
    let after = made.plan.as_ref().unwrap();
    assert_eq!(after.steps[0].people, ["li"]);
    assert_eq!(after.steps[1..], plan.steps[1..]);
    // Filing still begins at 11:00, so A is as late as before.
    assert_eq!(made.after.map(|bill| bill.total_fen), Some(Money(22_000)));
    let said = say::move_lines(&made, &Names::new(&case.scenario), Lang::En).join("\n");
    assert!(said.contains("no rule is broken"), "{said}");
}

#[test]
fn a_move_says_which_rules_it_would_break() {
    let (case, plan) = morning();
    let broken = |step: &str, person: &str, minutes: i64| {
        let at = Some(case.work.as_of + minutes);
        let made = explain::moved(
            &case.work,
            &plan,
            None,
            step,
            person,
            explain::Destination { seat: None, at },
        )
        .unwrap();
        assert!(!made.is_clean() && made.plan.is_none());
        let mut rules: Vec<Code> = made.violations.iter().map(|v| v.rule).collect();
        rules.dedup();
        rules
    };
    // The lawyer has no tax skill.
    assert_eq!(broken("A/prep", "wang", 60), [Code::Rule(Rule::H1)]);
    // 11:00–12:00 is filing, by the same man, and must follow.
    assert_eq!(broken("A/prep", "zhang", 120), [Code::Rule(Rule::H4), Code::Rule(Rule::H5)]);
    // He did B from nine to ten.
    assert_eq!(broken("A/prep", "zhang", 0), [Code::Rule(Rule::H4)]);
}

/// Without a time the step goes where the person first has room, and waits move along.
#[test]
fn a_move_without_a_time_finds_the_earliest_start() {
    let tickets = json!([
        {"id": "T", "steps": [step("s", "tax", json!({})),
                              {"id": "w", "wait": {"minutes": 60}, "after": [{"step": "s"}]}]},
        {"id": "U", "steps": [step("s", "tax", json!({}))]},
    ]);
    let case = case(tickets, json!({}));
    let plan = plan(&[
        ("T/s", &["zhang"], "09:00", "10:00"),
        ("T/w", &[], "10:00", "11:00"),
        ("U/s", &["li"], "09:00", "10:00"),
    ]);
    let made =
        explain::moved(&case.work, &plan, None, "T/s", "li", explain::Destination::default())
            .unwrap();
    let after = made.plan.expect("李四 is free from ten");
    let rows: Vec<String> = after.steps.iter().map(|r| format!("{} {}", r.step, r.start)).collect();
    let expected =
        ["s 2026-03-02T10:00+08:00", "w 2026-03-02T11:00+08:00", "s 2026-03-02T09:00+08:00"];
    assert_eq!(rows[0], expected[0]);
    assert_eq!(rows[1], expected[1]);
    let told = explain::why_not(&case.work, &plan, None, "T/s", "li").unwrap();
    let reasons: Vec<Reason> = told.parts.iter().map(|part| part.reason).collect();
    assert_eq!(reasons, [Reason::BusyThen, Reason::CouldThen]);
}

/// What was done in the evening stays in the evening when somebody else takes it over.
#[test]
fn a_move_in_overtime_stays_in_overtime() {
    let late = |id: &str| {
        let mut late = person(id, id, "tax", 4);
        late["bands"] = json!([{"kind": "regular", "calendar": "office"},
            {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 8_000}]);
        late
    };
    let people = json!({"people": [late("zhang"), late("li"), person("wang", "王五", "tax", 4)]});
    let case = case(json!([{"id": "T", "steps": [step("s", "tax", json!({}))]}]), people);
    let plan = plan(&[("T/s", &["zhang"], "19:00", "20:00")]);
    let made =
        explain::moved(&case.work, &plan, None, "T/s", "li", explain::Destination::default())
            .unwrap();
    let end = made.plan.as_ref().and_then(|plan| plan.steps[0].end).unwrap();
    assert_eq!(end.to_string(), "2026-03-02T20:00+08:00");
    // One hour of overtime: 8,000 fen, as before.
    assert_eq!((made.before, made.after), (made.before, Some(made.before)));
    assert_eq!(made.before.overtime_fen, Money(8_000));
    // 王五 has no evenings: from nine on Monday.
    let made =
        explain::moved(&case.work, &plan, None, "T/s", "wang", explain::Destination::default())
            .unwrap();
    assert_eq!(made.start.to_string(), "2026-03-02T09:00+08:00");
    assert_eq!(made.after.map(|bill| bill.total_fen), Some(Money(0)));
}

#[test]
fn a_wait_or_a_stranger_cannot_be_moved() {
    let (case, plan) = morning();
    assert!(
        explain::moved(&case.work, &plan, None, "A/review", "li", explain::Destination::default())
            .is_err()
    );
    assert!(
        explain::moved(
            &case.work,
            &plan,
            None,
            "A/prep",
            "nobody",
            explain::Destination::default()
        )
        .is_err()
    );
}

/// What would serve the only ticket of a scenario with this step, and how many were tried.
fn relaxed(more: Value, fields: Value) -> (Reason, explain::Relaxation) {
    let case = case(json!([{"id": "T", "steps": [step("s", "tax", more)]}]), fields);
    assert!(!serves_all(&case.scenario), "it is left out at first");
    let found = explain::relaxation(&case.work, &case.scenario, "T", &[], &serves_all).unwrap();
    if let Some(scenario) = &found.scenario {
        assert!(serves_all(scenario));
    }
    (found.part.reason, found)
}

#[test]
fn a_window_before_office_hours_is_widened() {
    let early = json!({"windows": [{"from": "2026-03-02T08:00", "to": "2026-03-02T08:30"}]});
    let (reason, found) = relaxed(early, json!({"as_of": "2026-03-02T07:00"}));
    // 08:30 + 60 min reaches into the office hours from nine on.
    assert_eq!((reason, found.tried), (Reason::WiderWindow, 1));
    assert_eq!(found.part.facts.get(&Slot::Minutes), Some(&Fact::Number(60)));
}

#[test]
fn a_hard_end_or_a_horizon_too_near_is_put_off() {
    let end = json!({"latest_end": "2026-03-02T09:30"});
    assert_eq!(relaxed(end, json!({})).0, Reason::LaterEnd);
    // Two hours do not fit between nine and ten, whoever comes to help.
    let (reason, found) = relaxed(json!({"minutes": 120}), json!({"horizon": "2026-03-02T10:00"}));
    assert_eq!(reason, Reason::LaterHorizon);
    assert_eq!(found.part.facts.get(&Slot::Minutes), Some(&Fact::Number(1440)));
}

#[test]
fn overtime_hours_pins_and_levels_are_tried() {
    let mut night = person("zhang", "张三", "tax", 4);
    night["bands"] = json!([{"kind": "regular", "calendar": "office"},
                            {"kind": "overtime", "calendar": "evening", "cap_day_minutes": 0}]);
    let evening = json!({"people": [night],
                         "pins": [{"step": "T/s", "start": "2026-03-02T18:00"}]});
    assert_eq!(relaxed(json!({}), evening).0, Reason::MoreOvertime);

    let at_night = json!({"pins": [{"step": "T/s", "start": "2026-03-02T23:00"}]});
    assert_eq!(relaxed(json!({}), at_night).0, Reason::PinLifted);

    // Nobody holds tax at level 5: an hour of it each day would do.
    let high = json!({"seats": [{"skill": "tax", "level": 5}]});
    assert_eq!(relaxed(high, json!({})).0, Reason::MoreHours);

    // 540 minutes with 张三 pinned and a level he lacks: no help by others.
    let pinned = json!({"pins": [{"step": "T/s", "people": ["li"]}]});
    let high = json!({"seats": [{"skill": "tax", "level": 4}]});
    assert_eq!(relaxed(high, pinned).0, Reason::PinLifted);
}

#[test]
fn quotas_exclusions_levels_and_promises_are_among_what_is_tried() {
    let fields = json!({"bureaus": [{"id": "hall", "calendar": "counter", "quota_per_day": 0}]});
    let (reason, _) = relaxed(json!({"bureau": "hall"}), fields);
    assert_eq!(reason, Reason::MoreQuota);

    let ticket = json!([{"id": "T", "due": "2026-03-02T12:00", "excluded": ["li"],
                         "steps": [step("s", "tax", json!({}))]}]);
    let case = case(ticket, json!({}));
    let none = explain::relaxation(&case.work, &case.scenario, "T", &[], &|_| false).unwrap();
    assert_eq!(none.part.reason, Reason::NothingHelps);
    let parts = explain::relaxations(&case.work, &case.scenario, "T");
    assert_eq!(none.tried, parts.len());
    let lifted = |s: &Scenario| s.tickets[0].excluded.is_empty();
    let lower = |s: &Scenario| s.tickets[0].steps[0].seats[0].level == 2;
    let later = |s: &Scenario| s.tickets[0].due != case.scenario.tickets[0].due;
    let found = |serves: &dyn Fn(&Scenario) -> bool| {
        explain::relaxation(&case.work, &case.scenario, "T", &[], serves).unwrap().part.reason
    };
    assert_eq!(found(&lifted), Reason::ExclusionLifted);
    assert_eq!(found(&lower), Reason::LowerLevel);
    assert_eq!(found(&later), Reason::LaterDue);
}

#[test]
fn forcing_a_choice_has_a_price() {
    // 李四 takes twice as long for T, which is due at ten.
    let ticket = json!([{"id": "T", "due": "2026-03-02T10:00",
        "curves": [{"kind": "urgency", "per_hour_fen": 6_000}],
        "steps": [step("s", "tax", json!({"stated": [{"person": "li", "minutes": 120}]}))]}]);
    let case = case(ticket, json!({}));
    let force = |scenario: &Scenario| planned(scenario)?.cost;
    let bill = force(&case.scenario).unwrap();
    assert_eq!(bill.total_fen, Money(0));
    let priced = |person: &str| explain::forced(&case.scenario, "T/s", person, &bill, &force);
    // One hour late: 6,000 fen.
    let part = priced("li");
    assert_eq!((part.reason, part.question), (Reason::Forced, Question::Price));
    assert_eq!(part.facts.get(&Slot::Amount), Some(&Fact::Amount(Money(6_000))));
    assert_eq!(priced("zhang").reason, Reason::ForcedFree);
    let never = explain::forced(&case.scenario, "T/s", "wang", &bill, &|scenario| {
        let plan = planned(scenario)?;
        plan.unserved.is_empty().then_some(plan.cost?)
    });
    assert_eq!(never.reason, Reason::ForcedNever);
    let said = say::sentence(&never, &Names::default(), Lang::En, Audience::Staff);
    assert_eq!(said.as_deref(), Some("\"T/s\" cannot be forced on wang"));
}

fn pins(count: usize) -> Vec<Pin> {
    let pin = |row| Pin { step: format!("T{row}/s"), people: Vec::new(), start: None, then: None };
    (0..count).map(pin).collect()
}

/// The rows in the conflict found among `count` pins, where each of `conflicts` is one.
fn conflicting(count: usize, conflicts: &[&[usize]]) -> Option<(Vec<usize>, bool, u32)> {
    let asked = Cell::new(0);
    let all = pins(count);
    let serves = |chosen: &[Pin]| {
        asked.set(asked.get() + 1);
        let has = |row: &usize| chosen.contains(&all[*row]);
        !conflicts.iter().any(|conflict| conflict.iter().all(has))
    };
    let found = explain::conflict(&all, &serves)?;
    let row = |pin: &Pin| all.iter().position(|other| other == pin).unwrap();
    Some((found.pins.iter().map(row).collect(), found.is_smallest, asked.get()))
}

#[test]
fn conflicting_pins_are_narrowed_to_a_set_without_bystanders() {
    let (rows, is_smallest, _) = conflicting(9, &[&[1, 4]]).unwrap();
    assert_eq!((rows, is_smallest), (vec![1, 4], true));
    // Of two conflicts the smaller is told, whichever is met first.
    let (rows, is_smallest, _) = conflicting(9, &[&[5, 7, 8], &[0, 2]]).unwrap();
    assert_eq!((rows, is_smallest), (vec![0, 2], true));
    let (rows, is_smallest, _) = conflicting(9, &[&[1, 2, 6, 7]]).unwrap();
    assert_eq!((rows, is_smallest), (vec![1, 2, 6, 7], false));
}

#[test]
fn few_questions_find_one_guilty_pin_among_many() {
    // 2 questions to begin with and at most 2 for each halving of 64 pins: 2 + 2 × 6
    let (rows, is_smallest, asked) = conflicting(64, &[&[41]]).unwrap();
    assert_eq!((rows, is_smallest), (vec![41], true));
    assert!(asked <= 14, "{asked}");
}

#[test]
fn pins_are_not_blamed_where_they_do_no_harm_or_harm_is_done_without_them() {
    assert_eq!(conflicting(4, &[]), None);
    assert_eq!(conflicting(4, &[&[]]), None);
    assert_eq!(conflicting(0, &[]), None);
}

#[test]
fn two_starts_of_one_person_at_nine_conflict() {
    let ticket = |id: &str| json!({"id": id, "steps": [step("s", "tax", json!({}))]});
    let pin = |step: &str, person: &str| json!({"step": step, "people": [person], "start": "2026-03-02T09:00"});
    let pins = json!({"pins": [pin("T/s", "zhang"), pin("U/s", "li"), pin("V/s", "zhang")]});
    let case = case(json!([ticket("T"), ticket("U"), ticket("V")]), pins);
    let found = explain::conflict(&case.scenario.pins, &|pins| {
        serves_all(&Scenario { pins: pins.to_vec(), ..case.scenario.clone() })
    });
    let found = found.unwrap();
    let steps: Vec<&str> = found.pins.iter().map(|pin| pin.step.as_str()).collect();
    assert_eq!(steps, ["T/s", "V/s"]);
    let said = say::sentence(&found.part, &Names::default(), Lang::Zh, Audience::Staff).unwrap();
    assert!(said.contains("T/s、V/s"), "{said}");
}

/// A meeting of 张三 (tax) and 王五 (law) at nine; 赵六 has no skill.
fn meeting() -> (Case, Plan) {
    let seats = json!([{"skill": "tax", "level": 3}, {"skill": "law", "level": 3}]);
    let tickets = json!([{"id": "T", "steps": [step("s", "tax", json!({"seats": seats}))]}]);
    let mut zhao = person("zhao", "赵六", "tax", 1);
    zhao["skills"] = json!([]);
    let people = json!({"people": [person("zhang", "张三", "tax", 4), zhao,
        person("li", "李四", "tax", 3), person("wang", "王五", "law", 5)]});
    (case(tickets, people), plan(&[("T/s", &["zhang", "wang"], "09:00", "10:00")]))
}

#[test]
fn a_move_takes_the_seat_stated_or_the_one_of_the_skill() {
    let (case, plan) = meeting();
    let try_seat = |person: &str, seat: Option<usize>| {
        let to = explain::Destination { seat, at: None };
        explain::moved(&case.work, &plan, None, "T/s", person, to)
    };
    let made = try_seat("li", None).unwrap();
    assert_eq!((made.seat, made.plan.unwrap().steps[0].people[0].as_str()), (0, "li"));
    // In the second seat he lacks law. 张三 and 王五 lack each other's skill when they change seats.
    for person in ["li", "zhang"] {
        let made = try_seat(person, Some(2)).unwrap();
        assert_eq!((made.seat, made.violations[0].rule), (1, Code::Rule(Rule::H1)));
    }
    let none = try_seat("li", Some(3)).unwrap_err();
    assert_eq!(none[0].hint_en.as_deref(), Some("seats: 1 tax, 2 law"));
    let none = try_seat("zhao", None).unwrap_err();
    assert_eq!((none[0].code, none[0].hint_zh.as_deref()), ("E005", Some("席位: 1 tax, 2 law")));
    assert!(try_seat("zhao", Some(1)).is_ok());
}

/// T and U are served together or not at all, and U must end before it can: an hour from nine on is
/// over at ten. Asked about T, the later end of U is told; a later promise of U is one of the rest.
#[test]
fn what_serves_a_companion_serves_the_ticket() {
    let tickets = json!([
        {"id": "T", "batch": "both", "steps": [step("s", "tax", json!({}))]},
        {"id": "U", "batch": "both", "due": "2026-03-02T12:00",
         "steps": [step("s", "tax", json!({"latest_end": "2026-03-02T09:30"}))]},
        {"id": "V", "after": ["T"], "steps": [step("s", "tax", json!({}))]},
    ]);
    let case = case(tickets, json!({}));
    let plan = planned(&case.scenario).unwrap();
    assert_eq!(plan.unserved.len(), 3);
    let company = explain::company(&case.work, &plan, "V");
    assert_eq!(company, ["T", "U"]);
    let found =
        explain::relaxation(&case.work, &case.scenario, "V", &company, &serves_all).unwrap();
    assert_eq!((found.part.reason, found.part.key_of(Slot::Step)), (Reason::LaterEnd, Some("U/s")));
    let alone = explain::relaxation(&case.work, &case.scenario, "V", &[], &serves_all).unwrap();
    assert_eq!(alone.part.reason, Reason::NothingHelps);
    let later = |s: &Scenario| s.tickets[1].due != case.scenario.tickets[1].due;
    let found = explain::relaxation(&case.work, &case.scenario, "V", &company, &later).unwrap();
    assert_eq!((found.part.reason, found.part.code), (Reason::CompanionDue, "E713"));
    let said = say::sentence(&found.part, &Names::default(), Lang::En, Audience::Staff).unwrap();
    assert!(said.contains("\"U\""), "{said}");
}
