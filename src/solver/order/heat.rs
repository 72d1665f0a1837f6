//! How hot a search is: annealing in cycles, from a temperature at which many losses
//! are taken down to next to nothing, at several levels in turn.

use crate::solver::accept::{Dice, halved};
use crate::solver::rng::Rng;

/// Of the losses gauged, the rank in percent of the one that is the middle temperature.
const MIDDLE: usize = 25;

/// Fractional bits of temperatures.
const FINE: u32 = 8;

/// Halvings of the temperature within a cycle, in hundredths: to one fiftieth.
const HALVINGS: u64 = 564;

/// How many quarters of the middle temperature cycles begin at, in turn.
const LEVELS: [i64; 4] = [4, 16, 2, 8];

/// The temperature over time, in batches.
#[derive(Clone, Debug)]
pub(super) struct Heat {
    middle: i64,
    cycle: usize,
    /// Batches of the first cycle since the last restart.
    first: u64,
    length: u64,
    past: u64,
    temperature: i64,
}

impl Heat {
    /// Begins with cycle number `cycle`, the first of `length` batches; `losses` are those of
    /// random moves.
    pub(super) fn new(mut losses: Vec<i64>, cycle: usize, length: u64) -> Heat {
        losses.retain(|loss| *loss > 0);
        losses.sort_unstable();
        let middle = losses.get(losses.len() * MIDDLE / 100).copied().unwrap_or(1);
        let middle = middle.min(i64::MAX >> (2 * FINE)) << FINE;
        let mut heat = Heat { middle, cycle, first: length, length, past: 0, temperature: 0 };
        heat.set();
        heat
    }

    /// Makes the cycle that begins half as long again.
    pub(super) fn lengthen(&mut self) {
        self.length += self.length / 2;
        self.set();
    }

    /// Begins again with short cycles, a quarter longer than the last time.
    pub(super) fn restart(&mut self) {
        self.first += self.first / 4;
        (self.length, self.past) = (self.first, 0);
        self.set();
    }

    /// Halves and halves again over the cycle, evenly between.
    fn set(&mut self) {
        let hot = self.middle / 4 * LEVELS[self.cycle % LEVELS.len()];
        let position = self.past * HALVINGS * 10 / self.length;
        self.temperature = halved(hot, position);
    }

    /// The loss allowed this time, in fen.
    pub(super) fn allowance(&self, dice: &Dice, rng: &mut Rng) -> i64 {
        dice.allowance(self.temperature, rng) >> FINE
    }

    /// One batch is over; `true` when a cycle ended with it.
    pub(super) fn cool(&mut self) -> bool {
        self.past += 1;
        let ended = self.past == self.length;
        if ended {
            self.past = 0;
            self.cycle += 1;
        }
        self.set();
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::{FINE, Heat, LEVELS};

    #[test]
    fn a_cycle_cools_to_a_fiftieth_and_the_next_can_be_half_as_long_again() {
        // Losses 1 to 100: the 26th is 26; levels 4/4 and 16/4 of it.
        let mut heat = Heat::new((-5..=100).collect(), 0, 100);
        assert_eq!(heat.temperature, 26 << FINE);
        assert!((0..99).all(|_| !heat.cool()));
        // After 99 of 100 batches: 26 / 2^(5.64 × 0.99) = 0.54, in 256ths 138
        assert!((130..=150).contains(&heat.temperature), "{}", heat.temperature);
        assert!(heat.cool());
        heat.lengthen();
        assert_eq!(heat.temperature, (26 << FINE) / 4 * LEVELS[1]);
        assert!((0..149).all(|_| !heat.cool()) && heat.cool());
    }

    #[test]
    fn a_restart_goes_back_to_short_cycles_but_longer_ones_than_before() {
        let mut heat = Heat::new((1..=100).collect(), 3, 100);
        // It would have 150 batches; the restart makes that 125.
        heat.lengthen();
        heat.restart();
        assert!((1..125).all(|_| !heat.cool()) && heat.cool());
    }
}
