//! The temperature of the lean search, round by round: short probes find out how hot to begin,
//! one long cycle uses most of the rounds, and what is left over goes into cooler cycles.
//!
//! Annealing wants to know how long it may take: the schedule follows the number of rounds
//! *planned*, which provenance records beside the number done.

use crate::solver::accept::halved;

/// Where probes begin, in thousandths of what a costly ticket costs on average beyond what it must.
const HEATS: [i64; 3] = [500, 150, 45];

/// One probe takes this part of the rounds.
const PROBE: u32 = 25;

/// Fewer rounds than this are too few to probe.
const FEW_ROUNDS: u32 = 50;

/// Thousandths of halvings from the beginning of a cycle to its end: about to a fiftieth.
const HALVINGS: u64 = 5644;

/// What a round begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Go on.
    On,
    /// Begin again from the first plan.
    First,
    /// Begin again from the best plan.
    Best,
}

/// The schedule of temperatures.
#[derive(Clone, Debug)]
pub(super) struct Heat {
    /// What a costly ticket costs on average beyond what it must, in fen.
    unit: i64,
    planned: u32,
    /// Long cycles.
    cycles: u32,
    /// What the probes reached.
    probes: Vec<i64>,
    /// The heat of the cycle under way, its length and the rounds done of it.
    heat: i64,
    length: u32,
    done: u32,
    /// Cycles begun after the probes.
    begun: u32,
}

impl Heat {
    /// For `planned` rounds, `cycles` long cycles.
    pub(super) fn new(unit: i64, planned: u32, cycles: u32) -> Heat {
        let cycles = cycles.clamp(1, 8);
        let (heat, length, begun) = (0, 0, 0);
        Heat { unit, planned, cycles, probes: Vec::new(), heat, length, done: 0, begun }
    }

    /// How the next round begins; `reached` is the best cost of the cycle under way.
    pub(super) fn next(&mut self, reached: i64) -> Start {
        if self.done < self.length {
            return Start::On;
        }
        let probes = if self.planned < FEW_ROUNDS { 0 } else { HEATS.len() };
        if self.length > 0 && self.probes.len() < probes {
            self.probes.push(reached);
        }
        self.done = 0;
        if self.probes.len() < probes {
            self.heat = HEATS[self.probes.len()];
            self.length = (self.planned / PROBE).max(1);
            return Start::First;
        }
        let best = (0..self.probes.len()).min_by_key(|row| self.probes[*row]);
        let heat = best.map_or(HEATS[1], |row| HEATS[row]);
        let count = u32::try_from(probes).unwrap_or(0);
        let rest = self.planned.saturating_sub(self.planned / PROBE * count).max(1);
        self.length = (rest / self.cycles).max(1);
        self.heat = if self.begun.is_multiple_of(2) { heat } else { heat / 3 };
        if self.begun >= self.cycles {
            // More time than planned: the end of a cycle again.
            self.heat = heat / 4;
            self.length = (self.planned / 8).max(1);
        }
        self.begun += 1;
        if self.begun == 1 && probes == 0 { Start::On } else { Start::Best }
    }

    /// The temperature of the next round, in fen.
    pub(super) fn temperature(&mut self) -> i64 {
        let position = u64::from(self.done) * HALVINGS / u64::from(self.length.max(1));
        self.done += 1;
        let hot = self.unit.saturating_mul(self.heat) / 1000;
        halved(hot, position)
    }
}
