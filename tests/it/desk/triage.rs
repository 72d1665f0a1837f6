//! From what was found out to a class, a level, a refusal of amounts; who could take a ticket.

use std::collections::BTreeMap;

use paidan::calendar::{Date, Moment};
use paidan::desk::life::{Assessment, Cause, Crew, Degree, Life, Loss};
use paidan::desk::staffing::{Row, candidates, settlement};
use paidan::desk::triage::{below, class, counted_from, curves, is_frozen, level};

use super::{demonstration, scenario};

const DAY: i64 = 86_400_000;

fn found_out(cause: Cause, losses: &[Loss], degree: Degree) -> Assessment {
    Assessment {
        cause,
        losses: losses.to_vec(),
        degree,
        wished_ms: Some(2 * DAY),
        needed_ms: Some(6 * DAY),
        has_notice: true,
        stuck_at: "审计".to_owned(),
        reach_today: "受理".to_owned(),
    }
}

/// R002, R008, R017, R018, R035: a contract with a penalty is critical, unease is not; what it
/// costs begins on the day it is needed.
#[test]
fn cause_loss_and_degree_give_a_class_and_its_costs() {
    let desk = demonstration();
    let of = |cause, losses: &[Loss], degree| {
        class(&desk, &found_out(cause, losses, degree)).unwrap().id.clone()
    };
    assert_eq!(of(Cause::Contract, &[Loss::Deal], Degree::Grave), "critical");
    assert_eq!(of(Cause::Bank, &[Loss::Project], Degree::Grave), "urgent");
    assert_eq!(of(Cause::Regulator, &[Loss::Regulatory], Degree::Grave), "critical");
    assert_eq!(of(Cause::Regulator, &[Loss::Deal], Degree::Slight), "urgent");
    assert_eq!(of(Cause::Unease, &[], Degree::Grave), "normal");
    assert_eq!(of(Cause::Unease, &[], Degree::Final), "critical");
    let needed = Moment::parse("2026-03-10T18:00").unwrap();
    let critical = class(&desk, &found_out(Cause::Tender, &[], Degree::Final)).unwrap();
    let begun = curves(critical, needed);
    assert_eq!((begun[0].after, begun[0].per_hour_fen.0), (Some(needed), 50_000));
}

/// R007: lateness counts from the day there is evidence for; what he wishes counts only without it.
#[test]
fn lateness_counts_from_the_day_there_is_evidence_for() {
    let assessment = found_out(Cause::Unease, &[], Degree::Slight);
    assert_eq!(counted_from(&assessment), Some(6 * DAY));
    let wished = Assessment { needed_ms: None, ..assessment };
    assert_eq!(counted_from(&wished), Some(2 * DAY));
}

/// R125, R126, R127, R128: a special field leads to level 2, two departments to level 3.
#[test]
fn fields_and_departments_lead_to_levels() {
    let desk = demonstration();
    let of = |skills, departments| level(&desk, skills, departments).unwrap().level;
    assert_eq!([of(0, 1), of(1, 1), of(5, 1), of(0, 2), of(1, 3)], [1, 2, 2, 3, 3]);
}

/// R135: in an emergency the normal class waits.
#[test]
fn an_emergency_freezes_low_classes() {
    let desk = demonstration();
    assert!(is_frozen(&desk, "normal") && !is_frozen(&desk, "critical"));
}

/// R061, W10: below the floor from its date on, to the fen.
#[test]
fn a_base_below_the_floor_is_caught() {
    let desk = demonstration();
    let day = |text: &str| Date::parse(text).unwrap().day();
    let caught = |fen, on: &str| below(&desk, "social-security-base", fen, day(on)).is_some();
    assert!(caught(489_899, "2026-03-09") && !caught(489_900, "2026-03-09"));
    assert!(!caught(1, "2025-06-30") && below(&desk, "other", 1, day("2026-03-09")).is_none());
}

/// R189, R191, W15: the same department first, then the others; neither who has it, nor who
/// rejected it, nor the reviewer.
#[test]
fn another_owner_is_sought_in_the_same_department_first() {
    let people = scenario().people;
    let (driver, liaison, reviewer) = ("li".to_owned(), "mei".to_owned(), "wang".to_owned());
    let crew = Some(Crew { driver, liaison, reviewer });
    let mut life = Life { crew, ..Life::default() };
    let names = |life: &Life| -> Vec<(String, bool)> {
        let found = candidates(&people, life, "tax", 3);
        found.into_iter().map(|one| (one.person, one.is_same_department)).collect()
    };
    let row = |name: &str, is_same: bool| (name.to_owned(), is_same);
    assert_eq!(names(&life), [row("sun", true), row("han", true), row("lu", false)]);
    life.excluded.insert("sun".to_owned());
    assert_eq!(names(&life), [row("han", true), row("lu", false)]);
}

/// 60 of 120 minutes done at ¥1,000: ¥500 in full; four fifths of it ¥400. What was to come frees
/// whoever had it.
#[test]
fn calling_off_a_half_done_ticket_bills_what_was_done_and_frees_the_rest() {
    let row = |step: &str, person: &str, done, left| Row {
        step: step.to_owned(),
        people: vec![person.to_owned()],
        done,
        left,
    };
    let rows =
        [row("collect", "mei", 30, 0), row("enter", "li", 30, 30), row("review", "wang", 0, 30)];
    let settled = settlement(&rows, 100_000, 1000);
    assert_eq!((settled.undone.join(" "), settled.billed_fen), ("enter review".to_owned(), 50_000));
    let freed = BTreeMap::from([("li".to_owned(), 30), ("wang".to_owned(), 30)]);
    assert_eq!(settled.freed, freed);
    assert_eq!(settlement(&rows, 100_000, 800).billed_fen, 40_000);
    assert_eq!(settlement(&[], 100_000, 1000).billed_fen, 0);
    // a third of one fen is a fen
    assert_eq!(settlement(&[row("a", "li", 1, 2)], 1, 1000).billed_fen, 1);
}
