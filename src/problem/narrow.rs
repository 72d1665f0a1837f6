//! Leaves out ways to do a step that no way to do another step of its ticket suits (H11), so that
//! nobody is chosen for the first who leaves nobody for the last: arc consistency (Mackworth 1977).

use std::collections::BTreeMap;

use super::{Choice, Fixed, Step};
use crate::id::{Column, Id};
use crate::model::work;

/// What two steps ask of each other.
#[derive(Clone, Copy)]
enum Rule {
    /// Nobody in common.
    Differ,
    /// The same lead.
    Same,
}

/// Options by the range they were taken from and their rows in it.
type Made = BTreeMap<((u32, u32), Vec<u32>), (u32, u32)>;

/// Narrows the options of `steps`. A step for which nothing would be left keeps all: its ticket
/// cannot be served, and why is told from the rule it breaks.
pub(super) fn narrow(
    steps: &mut Column<work::Step, Step>,
    options: &mut Vec<Choice>,
    crews: &[Id<work::Person>],
) {
    let pairs = pairs(steps);
    let mut made = Made::new();
    loop {
        let mut changed = false;
        for (step, other, rule) in &pairs {
            let (range, beside) = (steps[*step].options, steps[*other].options);
            let kept = suited(options, crews, range, beside, *rule);
            if kept.is_empty() || kept.len() == (range.1 - range.0) as usize {
                continue;
            }
            let kept = *made.entry((range, kept)).or_insert_with_key(|(_, rows)| {
                let from = options.len();
                for row in rows {
                    let choice = options[*row as usize];
                    options.push(choice);
                }
                let position = |row| u32::try_from(row).expect("options are far fewer than 2^32");
                (position(from), position(options.len()))
            });
            let row = &mut steps[*step];
            row.options = kept;
            let left = options[kept.0 as usize..kept.1 as usize].iter();
            row.least_minutes = left.map(|choice| choice.minutes).min().unwrap_or(0);
            changed = true;
        }
        if !changed {
            return;
        }
    }
}

/// Steps of one ticket that are both still to be given out, each with one that it must suit.
fn pairs(steps: &Column<work::Step, Step>) -> Vec<(Id<work::Step>, Id<work::Step>, Rule)> {
    let is_open = |row: &Step| row.fixed == Fixed::Free && !row.frozen && row.wait.is_none();
    let mut pairs = Vec::new();
    for (id, row) in steps.pairs().filter(|(_, row)| is_open(row)) {
        let differ = row.differs.iter().map(|other| (*other, Rule::Differ));
        let same = row.same.iter().map(|other| (*other, Rule::Same));
        for (other, rule) in differ.chain(same) {
            if steps[other].ticket == row.ticket && is_open(&steps[other]) {
                pairs.extend([(id, other, rule), (other, id, rule)]);
            }
        }
    }
    pairs
}

/// The options in `range` which one in `beside` suits.
fn suited(
    options: &[Choice],
    crews: &[Id<work::Person>],
    range: (u32, u32),
    beside: (u32, u32),
    rule: Rule,
) -> Vec<u32> {
    let crew = |row: u32| {
        let (from, to) = options[row as usize].crew;
        &crews[from as usize..to as usize]
    };
    let mut leads: Vec<_> = match rule {
        Rule::Same => (beside.0..beside.1).filter_map(|row| crew(row).first()).collect(),
        Rule::Differ => Vec::new(),
    };
    leads.sort_unstable();
    let suits = |row: &u32| match rule {
        Rule::Same => crew(*row).first().is_some_and(|lead| leads.binary_search(&lead).is_ok()),
        Rule::Differ => (beside.0..beside.1)
            .any(|other| crew(other).iter().all(|person| !crew(*row).contains(person))),
    };
    (range.0..range.1).filter(suits).collect()
}
