//! Many replications of many options under many policies, side by side on all cores. Which
//! replications there are depends on numbers alone; time only decides how many.

use serde::{Deserialize, Serialize};

use super::arrivals::Ground;
use super::course::{Trial, run};
use super::halt::Halt;
use super::policy::Policy;
use super::record::Record;
use super::statistics::{self, FIVE_PERCENT, differences, needed};
use super::streams::{changed, placed};
use super::tally::{self, weekly};
use crate::calendar::Label;
use crate::model::change::Change;
use crate::model::issue::{Issue, Issues};
use crate::model::outcome::{Ended, LEAST_REPLICATIONS, OUTCOME_FORMAT, Outcome};
use crate::model::scenario::Scenario;
use crate::model::simulation::{Simulation, Stream};
use crate::solver::lanes::Threads;
use crate::verify;
use crate::whatif::change::apply_beside_demand;

/// Replications between two looks at the figures.
const BATCH: u32 = 8;

/// The same for a single cell, after the first looks: threads wait for each other at the end of
/// each batch, so the fewer there are, the less is waited.
const LONE_BATCH: u32 = 16;

/// Replications that settle how many it takes for a half-width asked for, and that show anything.
pub(super) const LEAST: u32 = LEAST_REPLICATIONS;

/// Something to be compared.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What people read of it.
    pub name: Label,
    /// What would be different.
    pub changes: Vec<Change>,
}

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What the days may bring.
    pub simulation: &'a Simulation,
    /// The options; the first is what the others are held against.
    pub choices: &'a [Choice],
    /// The policies; every option goes through each.
    pub policies: &'a [Policy],
    /// Seed of all chance.
    pub seed: u64,
    /// Replications at most.
    pub replications: u32,
    /// Ends when every difference to the first cell is known to so many fen per week; of a single
    /// cell its own cost. How many replications that takes the first forty settle.
    pub half_width: Option<i64>,
    /// Ends after so many milliseconds.
    pub milliseconds: Option<u64>,
    /// Asked by every thread, before each course and each step of a proof: whether to stop.
    pub stop: Option<fn() -> bool>,
    /// Threads; 0: as many as there are cores. No influence on the figures.
    pub threads: usize,
    /// Every so many plans one is verified in full.
    pub verify_every: u32,
}

impl Choice {
    /// Nothing is different.
    #[must_use]
    pub fn as_it_is() -> Choice {
        Choice { name: Label::new("现状", "as it is"), changes: Vec::new() }
    }
}

impl<'a> Order<'a> {
    /// Sixteen replications of every choice under every policy, on all cores, with one plan of a
    /// hundred verified in full.
    #[must_use]
    pub fn of(
        scenario: &'a Scenario,
        simulation: &'a Simulation,
        choices: &'a [Choice],
        policies: &'a [Policy],
    ) -> Order<'a> {
        Order {
            scenario,
            simulation,
            choices,
            policies,
            seed: 1,
            replications: 16,
            half_width: None,
            milliseconds: None,
            stop: None,
            threads: 0,
            verify_every: 100,
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Replications done.
    pub done: u32,
    /// Replications at most.
    pub most: u32,
    /// Milliseconds since it began.
    pub milliseconds: u64,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The simulation, beside its scenario.
    Simulation,
    /// The option in this row.
    Option(usize),
}

/// Why there is no report.
#[derive(Debug)]
pub enum Fault {
    /// The simulation does not fit the scenario, or options cannot be made: all that is wrong.
    Unfit(Vec<(Unfit, Issues)>),
    /// A plan broke rules: a fault of this program.
    Unsound(Box<verify::Report>),
    /// The system refused threads.
    Threads(String),
    /// It was stopped before anything was known.
    Nothing,
}

/// Replications that were made before, and somebody who keeps those that are made.
pub struct Ledger<'a> {
    /// What was kept, in order; what does not fit the order is made again.
    pub known: &'a [String],
    /// Hears of each batch: from which replication on, and its records as a text.
    pub keep: &'a mut dyn FnMut(u32, String),
}

/// A batch of replications, cell by cell.
#[derive(Serialize, Deserialize)]
struct Part {
    from: u32,
    cells: Vec<Vec<Record>>,
}

/// Takes `records` over from what was kept; how many replications that are.
fn taken_over(known: &[String], records: &mut [Vec<Record>], most: u32) -> u32 {
    let mut done: u32 = 0;
    for text in known {
        let Ok(Part { from, cells }) = serde_json::from_str(text) else { break };
        let count = cells.first().map_or(0, Vec::len);
        let until = u32::try_from(count).ok().and_then(|count| done.checked_add(count));
        let is_whole = cells.len() == records.len() && cells.iter().all(|row| row.len() == count);
        let Some(until) = until.filter(|until| from == done && is_whole && *until <= most) else {
            break;
        };
        records.iter_mut().zip(cells).for_each(|(row, made)| row.extend(made));
        done = until;
    }
    done
}

/// Simulates `order`; `watch` is told after every batch and ends it by answering `false`.
///
/// # Errors
/// See [`Fault`].
pub fn simulate(order: &Order<'_>, watch: &mut dyn FnMut(Stage) -> bool) -> Result<Outcome, Fault> {
    simulate_on(order, None, watch)
}

/// [`simulate`] that goes on from what was made before, to the same bytes.
///
/// # Errors
/// See [`Fault`].
pub fn simulate_on(
    order: &Order<'_>,
    ledger: Option<Ledger<'_>>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Outcome, Fault> {
    Ok(report(order, &studied(order, ledger, watch)?))
}

/// What was simulated, cell by cell.
pub(super) struct Studied<'a> {
    pub(super) grounds: Vec<Ground<'a>>,
    /// Options by row, each under each policy.
    cells: Vec<(usize, Policy)>,
    /// Of each cell, replication by replication.
    pub(super) records: Vec<Vec<Record>>,
    pub(super) ended: Ended,
}

/// Simulates `order`, from what `ledger` has on.
pub(super) fn studied<'a>(
    order: &Order<'a>,
    mut ledger: Option<Ledger<'_>>,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Studied<'a>, Fault> {
    let halt = Halt::of(order);
    let threads = Threads::new(order.threads).map_err(Fault::Threads)?;
    let grounds = grounds(order)?;
    let cells: Vec<(usize, Policy)> = (0..grounds.len())
        .flat_map(|row| order.policies.iter().map(move |policy| (row, *policy)))
        .collect();
    let mut records: Vec<Vec<Record>> = cells.iter().map(|_| Vec::new()).collect();
    let known = ledger.as_ref().map_or(&[][..], |ledger| ledger.known);
    let mut done = taken_over(known, &mut records, order.replications);
    let mut last = 0;
    let ended = loop {
        let milliseconds = halt.milliseconds();
        let goes_on = watch(Stage { done, most: order.replications, milliseconds });
        let batch = if cells.len() == 1 && done >= LEAST { LONE_BATCH } else { BATCH };
        let until = (done + batch).min(order.replications);
        let coming = last * u64::from(until - done);
        let is_due = |limit: u64| done > 0 && milliseconds + coming > limit;
        if let Some(ended) = over(order, &records, done) {
            break ended;
        } else if !goes_on {
            break Ended::Interrupted;
        } else if order.milliseconds.is_some_and(is_due) {
            break Ended::Seconds;
        }
        let mut ends = |whole: u32| {
            let (done, milliseconds) = (done + whole, halt.milliseconds());
            let is_due = |limit: u64| done > 0 && milliseconds > limit;
            if !watch(Stage { done, most: order.replications, milliseconds }) {
                Some(Ended::Interrupted)
            } else {
                order.milliseconds.is_some_and(is_due).then_some(Ended::Seconds)
            }
        };
        let made = made(order, (&threads, &halt), (&grounds, &cells), done..until, &mut ends)?;
        let (from, whole) = (done, made.whole);
        if let Some(ledger) = ledger.as_mut().filter(|_| whole > 0) {
            let part = Part { from, cells: made.rows };
            let text = serde_json::to_string(&part).expect("records are whole numbers");
            (ledger.keep)(from, text);
            records.iter_mut().zip(part.cells).for_each(|(row, made)| row.extend(made));
        } else {
            records.iter_mut().zip(made.rows).for_each(|(row, made)| row.extend(made));
        }
        done += whole;
        if let Some(ended) = made.ended {
            break ended;
        }
        last = (halt.milliseconds() - milliseconds) / u64::from(whole.max(1));
    };
    if done == 0 {
        return Err(Fault::Nothing);
    }
    Ok(Studied { grounds, cells, records, ended })
}

/// Courses between two questions whether to go on.
const TOGETHER: usize = 16;

/// Replications that were made together.
struct Batch {
    /// How many are whole: went through every cell, so that figures stand side by side.
    whole: u32,
    rows: Vec<Vec<Record>>,
    /// Why there are fewer than asked for.
    ended: Option<Ended>,
}

/// The records of some replications, cell by cell; `ends` says after so many whole ones whether to
/// end, and why, and so does `halt` before each course. What is not whole then is dropped; but the
/// first replication of all is made however late it is, unless somebody stops it.
fn made(
    order: &Order<'_>,
    (threads, halt): (&Threads, &Halt),
    (grounds, cells): (&[Ground<'_>], &[(usize, Policy)]),
    replications: std::ops::Range<u32>,
    ends: &mut dyn FnMut(u32) -> Option<Ended>,
) -> Result<Batch, Fault> {
    let trials: Vec<(usize, Trial<'_>)> = replications
        .flat_map(|replication| {
            cells.iter().enumerate().map(move |(cell, row)| (cell, (*row, replication)))
        })
        .map(|(cell, ((ground, policy), replication))| {
            let (ground, seed) = (&grounds[ground], order.seed);
            let verify_every = order.verify_every;
            (cell, Trial { ground, policy, seed, replication, verify_every })
        })
        .collect();
    let mut rows: Vec<Vec<Record>> = cells.iter().map(|_| Vec::new()).collect();
    let whole = |courses: usize| u32::try_from(courses / cells.len().max(1)).unwrap_or(u32::MAX);
    for (number, trials) in trials.chunks(TOGETHER).enumerate() {
        let whole = whole(number * TOGETHER);
        if number > 0
            && let Some(ended) = ends(whole)
        {
            return Ok(cut(rows, ended));
        }
        let told = threads.map_singly(trials, |(cell, trial)| match halt.why() {
            Some(ended) if trial.replication > 0 || ended == Ended::Interrupted => Err(ended),
            _ => Ok((*cell, run(*trial))),
        });
        for one in told {
            match one {
                Ok((cell, record)) => rows[cell].push(record.map_err(Fault::Unsound)?),
                Err(ended) => return Ok(cut(rows, ended)),
            }
        }
    }
    Ok(Batch { whole: whole(trials.len()), rows, ended: None })
}

/// The whole replications of `rows`, which ended before all were made.
fn cut(mut rows: Vec<Vec<Record>>, ended: Ended) -> Batch {
    let whole = rows.iter().map(Vec::len).min().unwrap_or(0);
    rows.iter_mut().for_each(|row| row.truncate(whole));
    Batch { whole: u32::try_from(whole).unwrap_or(u32::MAX), rows, ended: Some(ended) }
}

/// Whether enough is known.
fn over(order: &Order<'_>, records: &[Vec<Record>], done: u32) -> Option<Ended> {
    if done >= order.replications {
        return Some(Ended::Replications);
    }
    let half = order.half_width.filter(|_| done >= LEAST)?;
    let days = order.simulation.days - order.simulation.warm_up_days;
    let costs = |row: &Vec<Record>| -> Vec<i64> {
        row.iter().take(LEAST as usize).map(|own| weekly(own, days)).collect()
    };
    let first = costs(&records[0]);
    let asked = match &records[1..] {
        // Nothing to compare with: its own cost.
        [] => needed(&first, half, FIVE_PERCENT),
        others => {
            let others = others.iter().map(|row| differences(&costs(row), &first));
            others.map(|row| needed(&row, half, FIVE_PERCENT)).max().unwrap_or(0)
        }
    };
    (done >= asked).then_some(Ended::HalfWidth)
}

/// Whether the simulation and every option of `order` fit its scenario.
///
/// # Errors
/// [`Fault::Unfit`] with all that is wrong.
pub fn fits(order: &Order<'_>) -> Result<(), Fault> {
    grounds(order).map(drop)
}

/// The scenario of each option, with the demand it means.
pub(super) fn grounds<'a>(order: &Order<'a>) -> Result<Vec<Ground<'a>>, Fault> {
    let mut grounds = Vec::with_capacity(order.choices.len());
    let mut unfit: Vec<(Unfit, Issues)> = Vec::new();
    for (row, choice) in order.choices.iter().enumerate() {
        let scenario = match apply_beside_demand(order.scenario, &choice.changes) {
            Ok(scenario) => scenario,
            Err(issues) => {
                unfit.push((Unfit::Option(row), issues));
                continue;
            }
        };
        let simulation = changed(order.simulation, &choice.changes);
        let streams = simulation.streams.iter();
        let demand = streams.map(|stream| demand(stream, &choice.changes, &scenario)).collect();
        match Ground::new(&scenario, simulation, demand) {
            Ok(ground) => grounds.push(ground),
            Err(issues) if row == 0 => unfit.push((Unfit::Simulation, issues)),
            Err(mut issues) => {
                issues.retain(|issue| !is_of_simulation(issue, &unfit));
                let count = order.simulation.streams.len();
                let issues = placed(issues, count, &choice.changes);
                unfit.extend((!issues.is_empty()).then_some((Unfit::Option(row), issues)));
            }
        }
    }
    if !unfit.is_empty() {
        return Err(Fault::Unfit(unfit));
    }
    // Who may set the prices he is judged by costs least with none: an option's steer its plans,
    // and the first one's tell what they came to.
    if let Some((first, others)) = grounds.split_first_mut() {
        let policy = &first.work.policy;
        for other in others.iter_mut().filter(|other| other.work.policy != *policy) {
            other.judged_by = Some(policy.clone());
        }
    }
    Ok(grounds)
}

/// Whether `issue` was told of the simulation and is not the option's.
fn is_of_simulation(issue: &Issue, unfit: &[(Unfit, Issues)]) -> bool {
    let told = unfit.iter().filter(|(what, _)| *what == Unfit::Simulation);
    let mut told = told.flat_map(|(_, issues)| issues);
    told.any(|known| (known.code, &known.path) == (issue.code, &issue.path))
}

/// How much of `stream` arrives after `changes`, in percent: of each of its clients, or of the one
/// of its ticket.
fn demand(stream: &Stream, changes: &[Change], scenario: &Scenario) -> Vec<u32> {
    let ticket = &stream.ticket;
    let of = |client: Option<&String>| {
        let client = client.and_then(|key| scenario.clients.iter().find(|row| row.id == *key));
        let mut all: u64 = 100;
        for change in changes {
            let Change::Demand { percent, service, track, tier } = change else { continue };
            let is_meant = service.as_ref().is_none_or(|key| ticket.service.as_ref() == Some(key))
                && track.is_none_or(|track| ticket.track == track)
                && (tier.is_none() || client.is_some_and(|client| client.tier == *tier));
            if is_meant {
                all = all * u64::from(*percent) / 100;
            }
        }
        u32::try_from(all).unwrap_or(u32::MAX).min(10_000)
    };
    match stream.clients.as_slice() {
        [] => vec![of(ticket.client.as_ref())],
        clients => clients.iter().map(|client| of(Some(client))).collect(),
    }
}

/// The cell that is shown to cost least, of those with the demand of the first, and with which
/// confidence: demand is nobody's choice.
fn best(
    grounds: &[Ground<'_>],
    cells: &[(usize, Policy)],
    costs: &[Vec<i64>],
) -> Option<(usize, u32)> {
    let rows = cells.iter().enumerate();
    let held = rows.filter(|(_, (ground, _))| !grounds[*ground].asks_other_than(&grounds[0]));
    let held: Vec<usize> = held.map(|(row, _)| row).collect();
    let rows: Vec<&[i64]> = held.iter().map(|row| costs[*row].as_slice()).collect();
    let is_enough = costs[0].len() >= LEAST as usize;
    let (row, percent) = statistics::best(&rows).filter(|_| is_enough)?;
    Some((held[row], percent))
}

fn report(order: &Order<'_>, studied: &Studied<'_>) -> Outcome {
    let Studied { grounds, cells, records, ended } = studied;
    let days = order.simulation.days - order.simulation.warm_up_days;
    let costs: Vec<Vec<i64>> =
        records.iter().map(|row| row.iter().map(|own| weekly(own, days)).collect()).collect();
    let best = best(grounds, cells, &costs);
    let all = || records.iter().flatten();
    let cell = |((ground, policy), row): (&(usize, Policy), usize)| {
        let name = order.choices[*ground].name.clone();
        tally::cell(
            (&grounds[*ground], &grounds[0]),
            (name, *policy),
            &records[row],
            (&costs[row], &costs[0]),
            days,
        )
    };
    Outcome {
        format: OUTCOME_FORMAT.to_owned(),
        about: order.simulation.about.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: order.seed,
        replications: u32::try_from(records[0].len()).unwrap_or(u32::MAX),
        counted_days: days,
        ended: *ended,
        cells: cells.iter().zip(0..).map(cell).collect(),
        best: best.and_then(|(row, _)| u32::try_from(row).ok()),
        confidence_percent: best.map(|(_, percent)| percent),
        plans: all().map(|record| u64::from(record.plans)).sum(),
        verified_plans: all().map(|record| u64::from(record.verified)).sum(),
        single_points: tally::single_points(&grounds[0].scenario, order.simulation),
    }
}
