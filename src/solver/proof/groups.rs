//! People who can stand in for each other share one price: by symmetry nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{Column, Id};
use crate::model::work::Person;
use crate::problem::{Problem, Shift};
use crate::time::Tick;

/// What one person can do: options, minutes, price, when that ends, seat.
type Sign = (u32, i64, i64, Tick, usize);

/// All people, in groups.
pub(super) struct Groups {
    /// The people of each group.
    pub(super) rows: Vec<Vec<Id<Person>>>,
    /// The group of each person.
    pub(super) of: Column<Person, usize>,
}

impl Groups {
    /// Together: those with the same hours, and the same minutes and price wherever one of them
    /// may do something.
    pub(super) fn new(problem: &Problem) -> Groups {
        let mut signs = signs(problem);
        let mut known: BTreeMap<([Id<Shift>; 2], Vec<Sign>), usize> = BTreeMap::new();
        let mut groups = Groups { rows: Vec::new(), of: Column::default() };
        for person in problem.people.ids() {
            let key = (problem.people[person].shifts, std::mem::take(&mut signs[person.index()]));
            let row = *known.entry(key).or_insert_with(|| {
                groups.rows.push(Vec::new());
                groups.rows.len() - 1
            });
            groups.rows[row].push(person);
            groups.of.push(row);
        }
        groups
    }
}

fn signs(problem: &Problem) -> Vec<Vec<Sign>> {
    let mut seen = BTreeSet::new();
    let mut signs = vec![Vec::new(); problem.people.len()];
    for step in problem.steps.iter().filter(|step| seen.insert(step.options)) {
        for choice in step.choices().map(|row| &problem.options[row]) {
            for (seat, person) in problem.crew(choice).iter().enumerate() {
                let (minutes, price, expires) = (choice.minutes, choice.price, choice.expires);
                let sign = (step.options.0, minutes, price, expires, seat);
                signs[person.index()].push(sign);
            }
        }
    }
    signs
}
