//! The parts of the cost that depend on one placement or one person.

use super::schedule::Placement;
use crate::id::Id;
use crate::model::work::{Person, Step};
use crate::problem::Problem;

/// What departing from the previous plan costs for `step` standing at `place`, or nowhere.
pub(super) fn change_price(problem: &Problem, step: Id<Step>, place: Option<Placement>) -> i64 {
    let row = &problem.steps[step];
    let Some((people, start)) = &row.previous else { return 0 };
    let Some(place) = place else { return problem.person_price };
    let choice = &problem.options[place.choice as usize];
    if problem.crew(choice) != people.as_slice() {
        problem.person_price
    } else if (place.start - *start).abs() > problem.tolerance {
        problem.start_price
    } else {
        0
    }
}

/// What `worked` regular minutes of `person` cost by imbalance: `ceil(price × (100 × worked −
/// fair % × regular) / 6000)` if positive.
pub(super) fn imbalance_price(problem: &Problem, person: Id<Person>, worked: i64) -> i64 {
    if problem.imbalance_price == 0 {
        return 0;
    }
    let over = 100 * worked - problem.fair_percent * problem.people[person].regular;
    if over <= 0 { 0 } else { (problem.imbalance_price * over + 5999) / 6000 }
}
