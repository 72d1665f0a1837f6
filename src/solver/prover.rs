//! When the search stands back for the proof: by rounds done and work counted, never by a clock, so
//! the same rounds give the same bound on any machine.

use super::lanes::Threads;
use super::proof::Proof;
use super::schedule::Placement;
use crate::id::Column;
use crate::model::work::Step;
use crate::problem::Problem;

/// Looks the proof may take per round of the search: about a fifth of what both cost together.
const LOOKS: u64 = 8_000_000;
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

    /// The bound and how many steps it took; `None` before there is one.
    pub(super) fn bound(&self) -> Option<i64> {
        self.proof.as_ref().filter(|proof| proof.steps() > 0).map(Proof::bound)
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

/// About how many looks the first step takes; more than can ever be due where there is no room.
fn first_looks(problem: &Problem) -> u64 {
    let minutes = u64::try_from(problem.horizon - problem.as_of).unwrap_or(0);
    let tickets = u64::try_from(problem.tickets.len()).unwrap_or(u64::MAX);
    if minutes.saturating_mul(tickets).saturating_mul(4) > MOST_MEMORY {
        return u64::MAX / 2;
    }
    let ways: u64 =
        problem.steps.iter().map(|step| step.options.1 - step.options.0).map(u64::from).sum();
    (ways / 8 + tickets).saturating_mul(minutes)
}
