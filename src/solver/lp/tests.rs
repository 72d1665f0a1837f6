//! The assignment on questions of a few tickets, whose answers can be seen.

use std::collections::BTreeMap;

use super::assign::{Scope, Wish};
use crate::calendar::FORMATS;
use crate::exchange::json::{Formats, read};
use crate::id::Id;
use crate::model::scenario::Scenario;
use crate::model::work::resolve;
use crate::problem::{Problem, compile};
use crate::solver::rng::Rng;
use crate::solver::schedule::Schedule;

/// An and Bo at work from 09:00 to 17:00 on Monday and Tuesday, 480 minutes each day, An in the
/// evening to 21:00 too at 90 yuan an hour; only Bo holds `filing`. Every ticket costs 500 yuan
/// left out and nothing late.
fn problem(horizon: &str, tickets: &[(&str, &[(&str, u32)])]) -> Problem {
    let step = |(row, (skill, minutes)): (usize, &(&str, u32))| {
        let after =
            row.checked_sub(1).map_or(String::new(), |row| format!(r#"{{"step":"s{row}"}}"#));
        format!(
            r#"{{"id":"s{row}","minutes":{minutes},"seats":[{{"skill":"{skill}"}}],"after":[{after}]}}"#
        )
    };
    let ticket = |(id, steps): &(&str, &[(&str, u32)])| {
        let steps: Vec<String> = steps.iter().enumerate().map(step).collect();
        let steps = steps.join(",");
        format!(r#"{{"id":"{id}","steps":[{steps}],"unserved":{{"urgency_fen":50000}}}}"#)
    };
    let tickets: Vec<String> = tickets.iter().map(ticket).collect();
    let tickets = tickets.join(",");
    let text = format!(
        r#"{{"format":"paidan-scenario/1","as_of":"2026-03-09T09:00","horizon":"{horizon}",
        "skills":[{{"id":"tax"}},{{"id":"filing"}}],"tickets":[{tickets}],
        "calendars":[{{"id":"office","weekly":{{"mon":["09:00-17:00"],"tue":["09:00-17:00"]}}}},
          {{"id":"evening","weekly":{{"mon":["17:00-21:00"],"tue":["17:00-21:00"]}}}}],
        "people":[
          {{"id":"an","skills":[{{"skill":"tax","level":3}}],"bands":[
            {{"kind":"regular","calendar":"office"}},
            {{"kind":"overtime","calendar":"evening","price_per_hour_fen":9000}}]}},
          {{"id":"bo","skills":[{{"skill":"tax","level":3}},{{"skill":"filing","level":3}}],
            "bands":[{{"kind":"regular","calendar":"office"}}]}}]}}"#
    );
    let scenario: Scenario =
        read(text.as_bytes(), &Formats::new(FORMATS)).expect("it is a scenario");
    compile(&resolve(&scenario).expect("names resolve"), &BTreeMap::new())
}

/// What is wished for all tickets of `problem` when `stand` are placed: step, person and the option
/// each stands by.
fn wishes(problem: &Problem, stand: &[(usize, usize)]) -> Option<Vec<Wish>> {
    let (mut current, mut rng) = (Schedule::new(problem), Rng::new(0, 0));
    for (step, person) in stand {
        let choice = choice(problem, *step, *person);
        let place = current.place_by(Id::new(*step), choice, &mut rng).expect("it fits");
        current.put(Id::new(*step), place);
    }
    let mut scope = Scope::new(problem);
    let mut ground = current.clone();
    for ticket in problem.tickets.ids() {
        assert!(scope.take(&current, ticket));
        ground.lift_ticket(ticket);
    }
    scope.assign(&ground, current.cost() - ground.cost()).expect("there is an answer")
}

fn choice(problem: &Problem, step: usize, person: usize) -> u32 {
    let lead = |row: &usize| problem.crew(&problem.options[*row])[0] == Id::new(person);
    let row = problem.options_of(Id::new(step)).find(lead).expect("he may do it");
    u32::try_from(row).expect("options are few")
}

/// Step, person and day of every wish.
fn told(problem: &Problem, wishes: Option<Vec<Wish>>) -> Vec<(usize, usize, usize)> {
    let wish = |wish: &Wish| {
        let lead = problem.crew(&problem.options[wish.choice as usize])[0];
        (wish.step.index(), lead.index(), wish.day)
    };
    let mut told: Vec<_> = wishes.iter().flatten().map(wish).collect();
    told.sort_unstable();
    told
}

/// Bo does what An could, so that nobody is left for the filing: An is to take it.
#[test]
fn who_is_needed_elsewhere_is_set_free() {
    let problem = problem("2026-03-09T17:00", &[("a", &[("tax", 480)]), ("b", &[("filing", 480)])]);
    assert_eq!(told(&problem, wishes(&problem, &[(0, 1)])), [(0, 0, 0), (1, 1, 0)]);
}

/// What stands as well as it could gives no wish; nobody moves for nothing.
#[test]
fn what_is_served_stays() {
    let problem = problem("2026-03-10T17:00", &[("a", &[("tax", 480)]), ("b", &[("tax", 480)])]);
    assert_eq!(wishes(&problem, &[(0, 1), (1, 0)]), None);
}

/// A day's work for Bo after a day's work for Bo: on Monday and on Tuesday, in this order.
#[test]
fn steps_of_a_chain_end_on_days_in_order() {
    let problem = problem("2026-03-10T17:00", &[("a", &[("filing", 480), ("filing", 480)])]);
    assert_eq!(told(&problem, wishes(&problem, &[])), [(0, 1, 0), (1, 1, 1)]);
}

/// 600 minutes on Monday are 120 in the evening: 180 yuan, less than 500. 720 are 240 in the
/// evening, and 721 do not fit.
#[test]
fn evenings_are_worked_where_they_pay() {
    for (minutes, served) in [(600, true), (720, true), (721, false)] {
        let problem = problem("2026-03-09T21:00", &[("a", &[("tax", minutes)])]);
        let wishes = told(&problem, wishes(&problem, &[]));
        assert_eq!(wishes, if served { vec![(0, 0, 0)] } else { vec![] }, "{minutes}");
    }
}
