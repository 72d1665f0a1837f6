//! How many more people like one of the firm it takes to keep promises: the smallest number whose
//! mean share of kept promises is at least the target with the confidence of one side of the
//! interval, 97.5 %. More people under the same chance are taken to keep no fewer promises, so the
//! number is found by halving, and the number before it was always tried. A number with which not
//! even the linear bound keeps enough is not simulated.

use super::draw::Luck;
use super::future::kept_at_most;
use super::statistics::{Estimate, FIVE_PERCENT};
use super::study::{Choice, Fault, Order, Stage, grounds, simulate};
use super::worth::free_id;
use crate::calendar::Label;
use crate::model::change::Change;
use crate::model::outcome::{Ended, Figure, REQUIRED_FORMAT, Required, Tried};
use crate::model::people::Person;
use crate::solver::budget::Stopwatch;
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
    let stopwatch = Stopwatch::start();
    let threads = Threads::new(order.threads).map_err(Fault::Threads)?;
    let mut reaches = |count: u32, tried: &mut Vec<Tried>| -> Result<bool, Fault> {
        let milliseconds = stopwatch.milliseconds();
        if !watch(Stage { done: 0, most: order.replications, milliseconds }) {
            return Err(Fault::Nothing);
        }
        let bound = at_most(order, target, count, &threads)?;
        let is_hopeless = |(bound, _): &(Figure, u32)| {
            let half = bound.half_width.unwrap_or(1_000);
            bound.mean + half < i64::from(target.kept_permille)
        };
        if let Some((kept_permille, replications)) = bound.filter(is_hopeless) {
            let (is_bound, is_reached) = (true, false);
            tried.push(Tried { people: count, kept_permille, replications, is_bound, is_reached });
            return Ok(false);
        }
        // One stopwatch for all numbers tried.
        let left = |most: u64| most.saturating_sub(stopwatch.milliseconds());
        let order = Order { milliseconds: order.milliseconds.map(left), ..order.clone() };
        let (kept_permille, replications) = kept(&order, target, count, watch)?;
        let is_reached = is_reached(kept_permille, target.kept_permille);
        tried.push(Tried {
            people: count,
            kept_permille,
            replications,
            is_bound: false,
            is_reached,
        });
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

/// Whether the whole interval of `kept` lies at or above `target`; a figure without an interval
/// shows nothing.
fn is_reached(kept: Figure, target: u32) -> bool {
    kept.half_width.is_some_and(|half| kept.mean - half >= i64::from(target))
}

/// The first option with `count` people more.
fn with(order: &Order<'_>, target: &Target, count: u32) -> Choice {
    let mut people = order.scenario.people.clone();
    let like = people.iter().find(|person| person.id == target.person).cloned();
    let copies = (1..=count).map(|row| {
        let id = free_id(&people, &format!("{}+{row}", target.person));
        people.extend(like.iter().map(|like| Person { id: id.clone(), ..like.clone() }));
        Change::ClonePerson { person: target.person.clone(), id }
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
) -> Result<Option<(Figure, u32)>, Fault> {
    let choices = [with(order, target, count)];
    let grounds = grounds(&Order { choices: &choices, ..order.clone() })?;
    let rows: Vec<u32> = (0..order.replications.min(BOUNDED)).collect();
    let shares = threads.map_singly(&rows, |row| {
        let luck = Luck::new(order.seed, *row);
        kept_at_most(&grounds[0], luck, target.is_urgent, PROOF_STEPS)
    });
    let shares: Vec<i64> = shares.into_iter().flatten().collect();
    let Estimate { mean, half_width } = Estimate::of(&shares, FIVE_PERCENT);
    let count = u32::try_from(shares.len()).unwrap_or(u32::MAX);
    Ok((count > 0).then_some((Figure { mean, half_width }, count)))
}

/// Replications of which the bound is asked.
const BOUNDED: u32 = 8;

/// Steps of each proof.
const PROOF_STEPS: u32 = 6;

/// The share of kept promises with `count` people more, and over how many replications.
fn kept(
    order: &Order<'_>,
    target: &Target,
    count: u32,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<(Figure, u32), Fault> {
    let choices = [with(order, target, count)];
    let policies = &order.policies[..order.policies.len().min(1)];
    let found = simulate(&Order { choices: &choices, policies, ..order.clone() }, watch)?;
    // Who was interrupted knows less than he asked for.
    let is_whole = found.ended != Ended::Interrupted;
    let cell = found.cells.into_iter().next().filter(|_| is_whole).ok_or(Fault::Nothing)?;
    let kept = if target.is_urgent { cell.urgent_kept_permille } else { cell.kept_permille };
    Ok((kept, found.replications))
}

#[cfg(test)]
mod tests {
    use super::is_reached;
    use crate::model::outcome::Figure;

    #[test]
    fn one_replication_shows_nothing() {
        let figure = |mean, half_width| Figure { mean, half_width };
        assert!(!is_reached(figure(1_000, None), 900));
        assert!(!is_reached(figure(920, Some(21)), 900) && is_reached(figure(920, Some(20)), 900));
    }
}
