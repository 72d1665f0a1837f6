//! How many more people like one of the firm it takes to keep promises: the smallest number whose
//! share of kept promises is at least the target with the confidence of the interval. More people
//! under the same chance are taken to keep no fewer promises, so the number is found by halving. A
//! number with which not even the linear bound keeps enough is not simulated.

use super::draw::Luck;
use super::future::kept_at_most;
use super::statistics::{Estimate, FIVE_PERCENT};
use super::study::{Choice, Fault, Order, Stage, grounds, simulate};
use crate::calendar::Label;
use crate::model::change::Change;
use crate::model::outcome::{Figure, REQUIRED_FORMAT, Required, Tried};
use crate::solver::lanes::Threads;

/// What is to be reached.
#[derive(Clone, Debug)]
pub struct Target {
    /// Whom the new people are like.
    pub person: String,
    /// The least share of kept promises, in thousandths.
    pub kept_permille: u32,
    /// Whether only urgent tickets count.
    pub is_urgent: bool,
    /// Most people looked at.
    pub most: u32,
}

/// The smallest number of people that reaches `target` under the first policy of `order`.
///
/// # Errors
/// As [`simulate()`].
pub fn required(
    order: &Order<'_>,
    target: &Target,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Required, Fault> {
    let mut tried: Vec<Tried> = Vec::new();
    let threads = Threads::new(order.threads).map_err(Fault::Threads)?;
    let mut reaches = |count: u32, tried: &mut Vec<Tried>| -> Result<bool, Fault> {
        let bound = at_most(order, target, count, &threads)?;
        let is_hopeless = |bound: &Figure| {
            let half = bound.half_width.unwrap_or(1_000);
            bound.mean + half < i64::from(target.kept_permille)
        };
        if let Some(bound) = bound.filter(is_hopeless) {
            tried.push(Tried {
                people: count,
                kept_permille: bound,
                is_bound: true,
                is_reached: false,
            });
            return Ok(false);
        }
        let kept = kept(order, target, count, watch)?;
        let is_reached =
            kept.mean - kept.half_width.unwrap_or(0) >= i64::from(target.kept_permille);
        tried.push(Tried { people: count, kept_permille: kept, is_bound: false, is_reached });
        Ok(is_reached)
    };
    let mut least = None;
    // Everything below `low` is too few; `high` is enough once it has been tried.
    let (mut low, mut high) = (0, target.most);
    if reaches(high, &mut tried)? {
        while low < high {
            let middle = low + (high - low) / 2;
            if reaches(middle, &mut tried)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        least = Some(high);
    }
    tried.sort_by_key(|row| row.people);
    Ok(Required {
        format: REQUIRED_FORMAT.to_owned(),
        person: target.person.clone(),
        target_permille: target.kept_permille,
        is_urgent: target.is_urgent,
        least,
        tried,
    })
}

/// The first option with `count` people more.
fn with(order: &Order<'_>, target: &Target, count: u32) -> Choice {
    let copies = (1..=count).map(|row| Change::ClonePerson {
        person: target.person.clone(),
        id: format!("{}+{row}", target.person),
    });
    let mut changes: Vec<Change> =
        order.choices.first().map_or_else(Vec::new, |first| first.changes.clone());
    changes.extend(copies);
    Choice { name: Label::new("", ""), changes }
}

/// The share of promises that nobody could surpass with `count` people more, by the linear bound
/// of the first replications.
fn at_most(
    order: &Order<'_>,
    target: &Target,
    count: u32,
    threads: &Threads,
) -> Result<Option<Figure>, Fault> {
    let choices = [with(order, target, count)];
    let grounds = grounds(&Order { choices: &choices, ..order.clone() })?;
    let rows: Vec<u32> = (0..order.replications.min(BOUNDED)).collect();
    let shares = threads.map_singly(&rows, |row| {
        let luck = Luck::new(order.seed, *row);
        kept_at_most(&grounds[0], luck, target.is_urgent, PROOF_STEPS)
    });
    let shares: Vec<i64> = shares.into_iter().flatten().collect();
    let Estimate { mean, half_width } = Estimate::of(&shares, FIVE_PERCENT);
    Ok((!shares.is_empty()).then_some(Figure { mean, half_width }))
}

/// Replications of which the bound is asked.
const BOUNDED: u32 = 8;

/// Steps of each proof.
const PROOF_STEPS: u32 = 6;

/// The share of kept promises with `count` people more.
fn kept(
    order: &Order<'_>,
    target: &Target,
    count: u32,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Figure, Fault> {
    let choices = [with(order, target, count)];
    let policies = &order.policies[..order.policies.len().min(1)];
    let found = simulate(&Order { choices: &choices, policies, ..order.clone() }, watch)?;
    let cell = found.cells.into_iter().next().ok_or(Fault::Nothing)?;
    Ok(if target.is_urgent { cell.urgent_kept_permille } else { cell.kept_permille })
}
