//! Which pins cannot all hold: a smallest set of them that is in conflict, found by asking an
//! oracle that plans.

use serde::Serialize;

use super::reason::{Fact, Part, Question, Reason, Slot};
use crate::model::scenario::Pin;

/// Most questions asked to prove that no smaller set conflicts.
const MOST_PROOFS: usize = 200;

/// Pins that cannot all hold, though without any one of them the others can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The pins, in the scenario's order.
    pub pins: Vec<Pin>,
    /// Whether every smaller set was tried and holds: then there is no smaller conflict at all.
    pub is_smallest: bool,
    /// The same as a reason.
    pub part: Part,
}

/// Finds a set of `pins` that conflicts while none of its parts does; `serves` says whether a
/// choice of pins, in the given order, leaves a plan that serves what it should. `None` when all
/// of them together do no harm, or harm is done without any.
///
/// QuickXplain (Junker 2004) divides the pins and needs about k log(n/k) questions for a conflict
/// of k among n, where the deletion filter (Chinneck and Dravnieks 1991) needs n. It assumes that
/// more pins never make an impossible choice possible; an oracle that searches may be wrong now
/// and then, so a pin named is one that mattered, not one that is guilty. Where few questions
/// suffice, smaller sets are tried as well.
#[must_use]
pub fn conflict(pins: &[Pin], serves: &dyn Fn(&[Pin]) -> bool) -> Option<Conflict> {
    let all: Vec<usize> = (0..pins.len()).collect();
    let holds = |rows: &[usize]| {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let chosen: Vec<Pin> = rows.into_iter().map(|row| pins[row].clone()).collect();
        serves(&chosen)
    };
    if holds(&all) || !holds(&[]) {
        return None;
    }
    let mut found = narrowed(&[], false, &all, &holds);
    found.sort_unstable();
    let is_smallest = match smaller(&all, found.len(), &holds) {
        Smaller::Found(rows) => {
            found = rows;
            true
        }
        Smaller::None => true,
        Smaller::Unknown => false,
    };
    let chosen: Vec<Pin> = found.into_iter().map(|row| pins[row].clone()).collect();
    let named = Fact::Keys(chosen.iter().map(shown).collect());
    let part = Part::new(Question::Relax, Reason::PinsConflict).with(Slot::Other, named);
    Some(Conflict { pins: chosen, is_smallest, part })
}

/// QuickXplain on row numbers: the part of `among` in conflict with `given`. `grown` says whether
/// `given` has grown since it was last seen to hold.
fn narrowed(
    given: &[usize],
    grown: bool,
    among: &[usize],
    holds: &dyn Fn(&[usize]) -> bool,
) -> Vec<usize> {
    if grown && !holds(given) {
        return Vec::new();
    }
    if among.len() <= 1 {
        return among.to_vec();
    }
    let (first, second) = among.split_at(among.len() / 2);
    let with_first = [given, first].concat();
    let mut found = narrowed(&with_first, true, second, holds);
    let with_found = [given, &found].concat();
    found.extend(narrowed(&with_found, !found.is_empty(), first, holds));
    found
}

/// What looking for a smaller conflict brought.
enum Smaller {
    Found(Vec<usize>),
    None,
    Unknown,
}

/// Tries all single pins, then all pairs, as far as they are fewer than `count`.
fn smaller(all: &[usize], count: usize, holds: &dyn Fn(&[usize]) -> bool) -> Smaller {
    let pairs =
        || all.iter().flat_map(|a| all.iter().filter(move |b| *b > a).map(|b| vec![*a, *b]));
    let singles = || all.iter().map(|row| vec![*row]);
    let few = all.len() <= MOST_PROOFS;
    let few_pairs = all.len() * all.len().saturating_sub(1) / 2 <= MOST_PROOFS;
    let mut sets: Vec<Vec<usize>> = Vec::new();
    if count > 1 && few {
        sets.extend(singles());
    }
    if count > 2 && few_pairs {
        sets.extend(pairs());
    }
    match sets.into_iter().find(|rows| !holds(rows)) {
        Some(rows) => Smaller::Found(rows),
        None if count == 1 || (count == 2 && few) || (count == 3 && few_pairs) => Smaller::None,
        None => Smaller::Unknown,
    }
}

/// The step of a pin, and of an order pin the other one too.
fn shown(pin: &Pin) -> String {
    match &pin.then {
        Some(then) => format!("{} → {then}", pin.step),
        None => pin.step.clone(),
    }
}
