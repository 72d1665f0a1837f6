//! What the catalogue asks of the plan as a whole: order, time, stability, proof; each beside a
//! twin without it.

use paidan::model::plan::{BoundMethod, Plan};
use paidan::model::proof::HourPrice;
use paidan::model::rule::Rule;
use paidan::model::work::Work;
use paidan::planning::{Budget, Settings, plan};
use paidan::verify::verify;
use serde_json::{Value, json};

use crate::question::{
    finish, lead, person, planned, planned_after, question, settings, start, step, ticket, with,
    work,
};

const NOON: &str = "2026-03-09T12:00";
const MONDAY: &str = "2026-03-09T18:00";

/// R026. Asked for 10:00 where the work takes until 11:00, the answer is the best plan with its
/// date and price (1 hour at 1 yuan), not a no. Asked for 11:00 it costs nothing.
#[test]
fn feasibility_is_answered_with_a_plan_its_date_and_its_price() {
    let answer_by = |due| {
        let job = ticket("one", due, json!([step("work", "tax", 120)]));
        planned(&question(json!([person("an", &["tax"], 3)]), json!([job])))
    };
    let late = answer_by("2026-03-09T10:00");
    assert_eq!(
        (finish(&late, "one").as_str(), late.report.bill.total_fen.0),
        ("2026-03-09T11:00", 100)
    );
    assert_eq!(answer_by("2026-03-09T11:00").report.bill.total_fen.0, 0);
}

/// R034. A day's work each, due on Monday: the second is 24 hours late. Urgency of 100 yuan an
/// hour against a client worth 150: the client goes first; at half weight of client value (75)
/// the urgent one does. The money is told by kind, unweighted.
#[test]
fn urgency_and_client_value_are_weighed_by_policy() {
    let answer_with = |lambda| {
        let job = |id, kind, rate| {
            let day = ticket(id, MONDAY, json!([step("work", "tax", 480)]));
            with(day, json!({"curves": [{"kind": kind, "per_hour_fen": rate}]}))
        };
        let tickets =
            json!([job("urgent", "urgency", 10_000), job("valued", "client_value", 15_000)]);
        let question = question(json!([person("an", &["tax"], 3)]), tickets);
        planned(&with(question, json!({"policy": {"lambda_client_value": lambda}})))
    };
    let even = answer_with(1000);
    assert_eq!(finish(&even, "valued"), MONDAY);
    assert_eq!(even.report.bill.lateness.urgency_fen.0, 24 * 10_000);
    let halved = answer_with(500);
    assert_eq!(finish(&halved, "urgent"), MONDAY);
    assert_eq!(halved.report.bill.lateness.client_value_fen.0, 24 * 15_000);
    assert_eq!(halved.report.bill.lateness.weighted_fen.0, 24 * 7_500);
}

/// R053. Entry into the system may begin half an hour after collecting began: 09:30 + 120 with
/// somebody else = 11:30. One after the other: 11:00–12:00, 13:00–14:00.
#[test]
fn steps_may_overlap_from_start_to_start() {
    let answer_with = |link: Value| {
        let enter = with(step("enter", "filing", 120), json!({"after": [link]}));
        let steps = json!([step("collect", "tax", 120), enter]);
        let people = json!([person("an", &["tax"], 3), person("bo", &["filing"], 3)]);
        planned(&question(people, json!([ticket("one", NOON, steps)])))
    };
    let overlapping = json!({"step": "collect", "kind": "start_start", "lag": {"minutes": 30}});
    assert_eq!(finish(&answer_with(overlapping), "one"), "2026-03-09T11:30");
    assert_eq!(finish(&answer_with(json!({"step": "collect"})), "one"), "2026-03-09T14:00");
}

/// R057. The plan proves what the bottleneck costs and prices its hour. Three jobs of an hour due
/// at 10:00: alone they cost nothing, one specialist ends at 10, 11, 12 (1 + 2 hours at 1 yuan),
/// and no plan costs less. With three specialists nothing is late and no hour is worth anything.
#[test]
fn the_bottleneck_is_proven_and_its_hour_has_a_price() {
    let answer_of = |count: usize| {
        let people: Vec<Value> =
            (0..count).map(|row| person(&format!("p{row}"), &["tax"], 3)).collect();
        let job = |id| ticket(id, "2026-03-09T10:00", json!([step("work", "tax", 60)]));
        planned(&question(json!(people), json!([job("one"), job("two"), job("three")])))
    };
    let short = answer_of(1);
    let bound = short.plan.bound.unwrap();
    assert_eq!((bound.value_fen.0, bound.method), (300, BoundMethod::PricedTime));
    assert_eq!((short.report.bill.total_fen.0, bound.gap_basis_points), (300, 0));
    let of_skill = |price: &&HourPrice| price.skill.as_deref() == Some("tax");
    let tax = short.plan.prices.iter().find(of_skill).unwrap();
    assert!(tax.date.to_string() == "2026-03-09" && tax.fen_per_hour.0 > 0, "{tax:?}");
    let ample = answer_of(3).plan;
    let bound = ample.bound.unwrap();
    assert_eq!((bound.method, bound.gap_basis_points), (BoundMethod::TicketsAlone, 0));
    assert!(ample.prices.is_empty());
}

/// R074. The agency trains its staff on Monday: what would be filed on Monday is filed on Tuesday.
#[test]
fn a_disruption_of_an_agency_moves_the_plan() {
    let answer_with = |disruptions| {
        let file = with(step("file", "filing", 60), json!({"bureau": "agency"}));
        let tickets = json!([ticket("one", MONDAY, json!([file]))]);
        let question = question(json!([person("an", &["filing"], 3)]), tickets);
        planned(&with(
            question,
            json!({"bureaus": [
            {"id": "agency", "calendar": "office", "disruptions": disruptions}]}),
        ))
    };
    let training = json!([{"from": "2026-03-09T00:00", "to": "2026-03-10T00:00"}]);
    assert_eq!(start(&answer_with(training), "one", "file"), "2026-03-10T09:00");
    assert_eq!(start(&answer_with(json!([])), "one", "file"), "2026-03-09T09:00");
}

/// R178, R031. A partner's 180 minutes count on the partner's own calendar, here evenings:
/// 18:00–21:00. On the office's they end at noon.
#[test]
fn a_partner_works_on_its_own_calendar() {
    let answer_on = |calendar| {
        let audit = json!({"id": "audit", "by": {"zh": "合作事务所", "en": "partner firm"},
            "wait": {"working_minutes": 180, "calendar": calendar}});
        let file = with(step("file", "filing", 60), json!({"after": [{"step": "audit"}]}));
        let tickets = json!([ticket("one", MONDAY, json!([audit, file]))]);
        planned(&question(json!([person("an", &["filing"], 3)]), tickets))
    };
    assert_eq!(start(&answer_on("evening"), "one", "file"), "2026-03-10T09:00");
    assert_eq!(start(&answer_on("office"), "one", "file"), "2026-03-09T13:00");
}

/// R249. A statutory deadline runs on: due Friday 18:00, finished Monday 10:00, it is 64 hours late,
/// nights and the weekend included, though materials came on Monday only. A curve that pauses
/// outside office hours counts 1 hour.
#[test]
fn a_statutory_deadline_is_not_moved_by_pauses() {
    let answer_with = |calendar| {
        let mut job = ticket("one", "2026-03-06T18:00", json!([step("work", "tax", 60)]));
        job["release"] = json!("2026-03-09T09:00");
        job["curves"] = json!([{"kind": "urgency", "per_hour_fen": 100, "calendar": calendar}]);
        planned(&question(json!([person("an", &["tax"], 3)]), json!([job])))
    };
    assert_eq!(answer_with(Value::Null).report.bill.total_fen.0, 64 * 100);
    assert_eq!(answer_with(json!("office")).report.bill.total_fen.0, 100);
}

/// R246. One working day after Friday 3 April 2026 is Tuesday the 7th by the published holidays
/// (Qingming, Saturday to Monday); without them it is Monday the 6th.
#[test]
fn working_days_of_the_plan_follow_the_published_holidays() {
    let answer_with = |holidays| {
        let wait = json!({"id": "review", "wait": {"working_days": 1, "calendar": "office"}});
        let file = with(step("file", "filing", 60), json!({"after": [{"step": "review"}]}));
        let tickets = json!([ticket("one", "2026-04-10T18:00", json!([wait, file]))]);
        let mut question = question(json!([person("an", &["filing"], 3)]), tickets);
        question["calendars"][0]["holidays"] = holidays;
        let dates = json!({"as_of": "2026-04-03T09:00", "horizon": "2026-04-10T18:00"});
        planned(&with(question, dates))
    };
    assert_eq!(start(&answer_with(json!("china")), "one", "file"), "2026-04-07T09:00");
    assert_eq!(start(&answer_with(Value::Null), "one", "file"), "2026-04-06T09:00");
}

/// The plan in force of [`kept`]: the slower one at 10:00.
fn in_force() -> Plan {
    serde_json::from_value(json!({"format": "paidan-plan/1", "zone": "Asia/Shanghai",
        "steps": [{"ticket": "one", "step": "work", "people": ["slow"],
                   "start": "2026-03-09T10:00"}]}))
    .unwrap()
}

/// One easy job that the plan in force gives to the slower of two people, at 10:00.
fn kept(more: Value) -> (String, String) {
    let people = json!([person("quick", &["tax"], 5), person("slow", &["tax"], 2)]);
    let job = ticket("one", MONDAY, json!([step("work", "tax", 60)]));
    let question = with(question(people, json!([job])), more);
    let answer = planned_after(&question, Some(&in_force()));
    (lead(&answer, "one", "work").to_owned(), start(&answer, "one", "work"))
}

/// R250. Change has a price: people and start stay. The twin without prices starts anew.
#[test]
fn people_are_not_shuffled_where_change_has_a_price() {
    let stays = ("slow".to_owned(), "2026-03-09T10:00".to_owned());
    let anew = ("quick".to_owned(), "2026-03-09T09:00".to_owned());
    let prices = json!({"policy": {"change": {"person_fen": 1_000, "start_fen": 300}}});
    assert_eq!(kept(prices), stays);
    assert_eq!(kept(json!({})), anew);
}

/// R250. What starts within the freeze stays, whatever change costs.
#[test]
fn the_frozen_horizon_keeps_people_and_start() {
    let stays = ("slow".to_owned(), "2026-03-09T10:00".to_owned());
    assert_eq!(kept(json!({"policy": {"freeze_minutes": 61}})), stays);
    assert_ne!(kept(json!({"policy": {"freeze_minutes": 60}})), stays);
}

/// R250. A pin holds the person, the start, or both.
#[test]
fn pins_hold_by_dimension() {
    let pin = |pin| kept(json!({"pins": [with(json!({"step": "one/work"}), pin)]}));
    let row = |person: &str, start: &str| (person.to_owned(), start.to_owned());
    let start = "2026-03-09T14:00";
    assert_eq!(pin(json!({"people": ["slow"]})), row("slow", "2026-03-09T09:00"));
    assert_eq!(pin(json!({"start": start})), row("quick", start));
    assert_eq!(pin(json!({"people": ["slow"], "start": start})), row("slow", start));
}

/// R253. Without a single round there is a verified plan with its bound; more rounds never cost
/// more.
#[test]
fn no_time_at_all_still_gives_a_verified_plan() {
    let job = |row: u32| {
        let rate = 100 * (row * 7 % 5 + 1);
        let steps = json!([step("work", "tax", 60 + row)]);
        let day = ticket(&format!("t{row}"), NOON, steps);
        with(day, json!({"curves": [{"kind": "urgency", "per_hour_fen": rate}]}))
    };
    let tickets: Vec<Value> = (0..12).map(job).collect();
    let people = json!([person("an", &["tax"], 3), person("bo", &["tax"], 4)]);
    let work: Work = work(&question(people, json!(tickets)));
    let cost_after = |rounds| {
        let settings = Settings { budget: Budget::Rounds(rounds), ..settings() };
        let answer = plan(&work, None, &settings, "test", &mut |_| true).unwrap();
        assert!(verify(&work, &answer.plan, None).is_clean());
        let bound = answer.plan.bound.unwrap().value_fen;
        assert!(bound <= answer.report.bill.total_fen);
        assert_eq!(answer.plan.provenance.unwrap().rounds, rounds);
        answer.report.bill.total_fen
    };
    assert!(cost_after(2) <= cost_after(0));
}

/// R254. What the engine says is said in Chinese and in English.
#[test]
fn rules_and_violations_speak_both_languages() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for rule in Rule::ALL {
        let (zh, en) = rule.name();
        assert!(chinese(zh) && !chinese(en) && !en.is_empty(), "{}", rule.code());
    }
    let job = ticket("one", NOON, json!([step("work", "tax", 60)]));
    let question = question(json!([person("an", &["tax"], 3)]), json!([job]));
    let mut plan = planned(&question).plan;
    plan.steps[0].start = serde_json::from_value(json!("2026-03-09T08:00")).unwrap();
    let report = verify(&work(&question), &plan, None);
    assert!(!report.is_clean());
    assert!(report.violations.iter().all(|found| chinese(&found.zh) && !chinese(&found.en)));
}
