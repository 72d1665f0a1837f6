//! When the search stands back for the proof: by rounds done and work counted, never by a clock, so
//! the same rounds give the same bound on any machine.

use super::bound::least_cost;
use super::budget::{Budget, Stopwatch};
use super::lanes::Threads;
use super::proof::{Gap, Proof};
use super::schedule::{Placement, Schedule};
use super::{Progress, Proven, first_plan, lean};
use crate::id::Column;
use crate::model::work::Step;
use crate::problem::Problem;

/// Looks the proof may take per round of the search: meant to be about a fifth of what both cost.
const LOOKS: u64 = 8_000_000;
/// Bytes that the prices of a minute of one person take, at most.
const BYTES: u64 = 60;
/// Bytes beyond which no proof is begun.
const MOST_MEMORY: u64 = 1 << 30;

/// A proof that waits for its turn.
pub(super) struct Prover<'p> {
    problem: &'p Problem,
    /// Where the search begins.
    places: Column<Step, Option<Placement>>,
    proof: Option<Proof<'p>>,
    /// What its last step took, in looks.
    last: u64,
}

impl<'p> Prover<'p> {
    pub(super) fn new(problem: &'p Problem, places: Column<Step, Option<Placement>>) -> Self {
        let last = first_looks(problem);
        Prover { problem, places, proof: None, last }
    }

    /// The bound, in fen; `None` before there is one.
    pub(super) fn bound(&self) -> Option<i64> {
        self.proof.as_ref().filter(|proof| proof.steps() > 0).map(Proof::bound)
    }

    /// The proof under way, once it has taken `least` steps.
    pub(super) fn after(&self, least: u32) -> Option<&Proof<'p>> {
        self.proof.as_ref().filter(|proof| proof.steps() >= least)
    }

    /// Takes as many steps as are due after `rounds` rounds.
    pub(super) fn go_on(&mut self, rounds: u32, threads: &Threads) {
        let credit = LOOKS * u64::from(rounds);
        if self.proof.is_none() && self.last <= credit {
            let mut proof = Proof::new(self.problem);
            proof.learn(&self.places);
            self.proof = Some(proof);
        }
        let Some(proof) = &mut self.proof else { return };
        while !proof.is_done() && proof.looks() + self.last <= credit {
            let before = proof.looks();
            proof.step(threads);
            self.last = proof.looks() - before;
        }
    }

    /// What has been proven.
    pub(super) fn into_proof(self) -> Option<Proof<'p>> {
        self.proof.filter(|proof| proof.steps() > 0)
    }
}

/// How far to prove.
#[derive(Clone, Copy)]
pub struct Effort<'s> {
    /// Threads; 0: as many as there are cores. No influence on the result.
    pub threads: usize,
    /// Steps of the proof for rounds.
    pub budget: Budget,
    /// Whether to ask where the gap of the plan lies: that takes as long as a step.
    pub gap: bool,
    /// Asked before every step, and before every ticket in it: whether to stop.
    pub stop: Option<&'s (dyn Fn() -> bool + Sync)>,
}

/// What a proof alone found.
pub struct Bounded<'p> {
    /// The plan asked about, else that of the best priority rule.
    pub schedule: Schedule<'p>,
    /// No plan costs less, in fen.
    pub bound: i64,
    /// Steps taken.
    pub steps: u32,
    /// What more than each ticket alone tells, where it is more.
    pub proof: Option<Proven>,
}

/// Proves a bound without any search; `plan`: one to learn from, whose gap is told. `watch` hears
/// after every step of steps, cost, bound and time; without a plan the cost is that of the best
/// priority rule.
///
/// # Errors
/// When the system refuses threads.
pub fn prove<'p>(
    problem: &'p Problem,
    plan: Option<&Schedule<'p>>,
    effort: &Effort<'_>,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Bounded<'p>, String> {
    let stopwatch = Stopwatch::start();
    let threads = Threads::new(effort.threads)?;
    let tickets: Vec<_> = problem.tickets.ids().collect();
    let least = threads.map(&tickets, |ticket| least_cost(problem, *ticket));
    let alone: i64 = least.iter().sum();
    let plain = lean::Ground::new(problem, &Column::new(least));
    let first = first_plan(problem, plain.as_ref(), &threads).schedule;
    if !fits(problem) || plan.unwrap_or(&first).owed() > 0 {
        let schedule = plan.cloned().unwrap_or(first);
        return Ok(Bounded { schedule, bound: alone, steps: 0, proof: None });
    }
    let mut proof = Proof::new(problem);
    proof.learn(first.places());
    let schedule = plan.cloned().unwrap_or(first);
    proof.learn(schedule.places());
    let cost = schedule.cost();
    let (mut last, mut now) = (0, stopwatch.milliseconds());
    let stop = || effort.stop.is_some_and(|stop| stop());
    while !proof.is_done()
        && proof.bound().max(alone) < cost
        && stopwatch.allows(effort.budget, proof.steps(), last)
        && !stop()
        && proof.step_unless(&threads, &stop)
    {
        let before = now;
        now = stopwatch.milliseconds();
        last = now - before;
        let bound = proof.bound().max(alone);
        watch(&Progress { rounds: proof.steps(), cost, bound, milliseconds: now });
    }
    let (bound, steps) = (proof.bound().max(alone), proof.steps());
    let told = (proof.bound() > alone).then(|| Proven {
        steps,
        gap: match effort.gap {
            true => proof.gap(schedule.places(), &threads),
            false => Gap::default(),
        },
        worth: proof.worth(),
    });
    Ok(Bounded { schedule, bound, steps, proof: told })
}

/// Whether there is room for a proof.
fn fits(problem: &Problem) -> bool {
    let minutes = u64::try_from(problem.horizon - problem.as_of).unwrap_or(0);
    let of_tickets = u64::try_from(problem.tickets.len()).unwrap_or(u64::MAX).saturating_mul(4);
    let of_people = u64::try_from(problem.people.len()).unwrap_or(u64::MAX).saturating_mul(BYTES);
    minutes.saturating_mul(of_tickets.saturating_add(of_people)) <= MOST_MEMORY
}

/// About how many looks the first step takes; more than can ever be due where there is no room.
fn first_looks(problem: &Problem) -> u64 {
    let minutes = u64::try_from(problem.horizon - problem.as_of).unwrap_or(0);
    let tickets = u64::try_from(problem.tickets.len()).unwrap_or(u64::MAX);
    if !fits(problem) {
        return u64::MAX / 2;
    }
    let ways: u64 =
        problem.steps.iter().map(|step| step.options.1 - step.options.0).map(u64::from).sum();
    (ways / 8 + tickets).saturating_mul(minutes)
}
