//! Simulated annealing without floats (Kirkpatrick, Gelatt and Vecchi 1983): a change for the
//! worse by d is taken with probability e^(−d/T), that is when d ≤ T × −ln u for a random u.

use super::rng::Rng;

/// Entries of the table.
const SIZE: usize = 1024;

/// Fractional bits of its entries.
const BITS: u32 = 16;

/// ln 2 in 62 fractional bits.
const LN_2: u128 = 3_196_577_161_300_663_914;

/// −ln((k + ½) / 1024) for k = 0..1024, in 16 fractional bits.
#[derive(Clone, Debug)]
pub struct Dice(Vec<i64>);

impl Default for Dice {
    fn default() -> Self {
        Dice((0..SIZE as u128).map(|k| minus_ln(2 * k + 1, SIZE.trailing_zeros() + 1)).collect())
    }
}

/// −ln(numerator / 2^shift) in [`BITS`] fractional bits: log₂ bit by bit by squaring.
fn minus_ln(numerator: u128, shift: u32) -> i64 {
    let whole = 127 - numerator.leading_zeros();
    let mut mantissa = (numerator << 62) >> whole;
    let mut fraction: u128 = 0;
    for _ in 0..40 {
        mantissa = (mantissa * mantissa) >> 62;
        fraction <<= 1;
        if mantissa >> 63 != 0 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    let log2 = (u128::from(whole) << 40) + fraction;
    let minus = (u128::from(shift) << 40) - log2;
    i64::try_from((minus * LN_2) >> (40 + 62 - BITS)).expect("below 8 in 16 fractional bits")
}

impl Dice {
    /// The greatest loss to be taken at `temperature` this time.
    pub fn allowance(&self, temperature: i64, rng: &mut Rng) -> i64 {
        if temperature <= 0 {
            return 0;
        }
        let row = rng.below(SIZE);
        let product = i128::from(temperature) * i128::from(self.0[row]);
        i64::try_from(product >> BITS).unwrap_or(i64::MAX)
    }
}

/// `hot` halved so many thousandths of a time, straight between halvings.
#[must_use]
pub fn halved(hot: i64, thousandths: u64) -> i64 {
    let now = hot >> (thousandths / 1000).min(62);
    let within = i64::try_from(thousandths % 1000).expect("it is below 1000");
    now - now / 2 * within / 1000
}

#[cfg(test)]
mod tests {
    use super::{Dice, halved};
    use crate::solver::rng::Rng;

    #[test]
    fn the_table_holds_natural_logarithms() {
        let dice = Dice::default();
        // −ln(1023.5/1024) = 0.000488400 → × 65536 = 32.0; −ln(512.5/1024) = 0.692171 → 45362.1;
        // −ln(0.5/1024) = 7.624619 → 499687.0
        assert_eq!(dice.0[1023], 32);
        assert_eq!(dice.0[512], 45_362);
        assert_eq!(dice.0[0], 499_687);
    }

    #[test]
    fn halving_is_straight_between_halves_and_ends_at_nothing() {
        // 1600 → 800 at 1000; half way there 1200; 1500 thousandths: 800 − 400/2 = 600
        assert_eq!([0, 500, 1000, 1500].map(|at| halved(1600, at)), [1600, 1200, 800, 600]);
        assert_eq!(halved(1600, 99_000), 0);
    }

    #[test]
    fn losses_allowed_average_the_temperature() {
        // The mean of −ln u is 1.
        let (dice, mut rng) = (Dice::default(), Rng::new(3, 0));
        let sum: i64 = (0..100_000).map(|_| dice.allowance(1000, &mut rng)).sum();
        assert!((980..1020).contains(&(sum / 100_000)), "{sum}");
        assert_eq!(dice.allowance(0, &mut rng), 0);
    }
}
