//! Chance, one stream for every purpose and thing: what happens to one ticket does not depend on
//! what was drawn for another, so options are compared under the same luck (common random
//! numbers). Whole numbers only.

use crate::model::simulation::Spread;
use crate::solver::rng::Rng;

/// ln 2 in 32 fractional bits.
const LN_2: u128 = 2_977_044_472;

/// The luck of one replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Luck {
    seed: u64,
    replication: u32,
}

impl Luck {
    pub(super) fn new(seed: u64, replication: u32) -> Luck {
        Luck { seed, replication }
    }

    /// The stream for `thing` in `purpose`.
    pub(super) fn stream(&self, purpose: &str, thing: &str) -> Rng {
        Rng::keyed(self.seed, &[purpose, &self.replication.to_string(), thing])
    }

    /// Whether what happens in `permille` of 1000 cases happens to `thing`. Whoever raises the
    /// share adds cases and takes none away.
    pub(super) fn happens(&self, purpose: &str, thing: &str, permille: u32) -> bool {
        permille > 0 && self.stream(purpose, thing).below(1000) < permille as usize
    }

    /// Thousandths of a percent drawn for `thing`.
    pub(super) fn spread(&self, purpose: &str, thing: &str, spread: Spread) -> i64 {
        drawn(spread, self.stream(purpose, thing).bits())
    }
}

/// `spread` at the uniform draw `bits`, in thousandths of a percent.
fn drawn(spread: Spread, bits: u64) -> i64 {
    match spread {
        Spread::Triangular { low, mode, high } => {
            let mut ends = [low, mode, high].map(i64::from);
            ends.sort_unstable();
            triangular(ends, bits)
        }
        Spread::Exponential { mean } => {
            // −ln u = −log₂ u × ln 2; u is never 0.
            let ln = (u128::from(minus_log2(bits | 1)) * LN_2) >> 32;
            i64::try_from((ln * u128::from(mean) * 1_000) >> 32).unwrap_or(i64::MAX)
        }
    }
}

/// By the inverse of its distribution.
fn triangular([low, mode, high]: [i64; 3], bits: u64) -> i64 {
    let (width, rise, fall) = (high - low, mode - low, high - mode);
    if width == 0 {
        return low * 1_000;
    }
    let unit = u128::from(bits >> 32);
    let part = |length: i64, unit: u128| {
        let square = u128::from(width.unsigned_abs()) * u128::from(length.unsigned_abs());
        let root = ((square * unit * 1_000_000) >> 32).isqrt();
        i64::try_from(root).expect("no longer than the whole width")
    };
    let turn = (u128::from(rise.unsigned_abs()) << 32) / u128::from(width.unsigned_abs());
    if unit < turn {
        low * 1_000 + part(rise, unit)
    } else {
        high * 1_000 - part(fall, (1 << 32) - unit)
    }
}

/// −log₂(bits / 2⁶⁴) in 32 fractional bits, bit by bit by squaring.
pub(in crate::whatif) fn minus_log2(bits: u64) -> u64 {
    let zeros = bits.leading_zeros();
    let mut mantissa = u128::from(bits << zeros);
    let mut fraction: u64 = 0;
    for _ in 0..32 {
        mantissa = (mantissa * mantissa) >> 63;
        fraction <<= 1;
        if mantissa >> 64 != 0 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    (u64::from(zeros + 1) << 32) - fraction
}

#[cfg(test)]
mod tests {
    use super::{Luck, drawn, minus_log2};
    use crate::model::simulation::Spread;

    #[test]
    fn logarithms_are_right_at_powers_of_two() {
        assert_eq!(minus_log2(1 << 63), 1 << 32);
        assert_eq!(minus_log2(1 << 60), 4 << 32);
        // −log₂ 0.75 = 0.415037 of 2³²
        assert_eq!(minus_log2(3 << 62) / 4_294_968, 415);
    }

    #[test]
    fn draws_have_the_means_of_their_shapes() {
        let triangular = Spread::Triangular { low: 70, mode: 100, high: 160 };
        let exponential = Spread::Exponential { mean: 100 };
        let luck = Luck::new(1, 0);
        let mean = |spread| {
            let sum: i64 = (0..20_000).map(|row| luck.spread("t", &format!("{row}"), spread)).sum();
            sum / 20_000
        };
        // (70 + 100 + 160) / 3 = 110 %, standard error 0.13 %
        assert!((mean(triangular) - 110_000).abs() < 600, "{}", mean(triangular));
        // standard error 100 % / √20000 = 0.7 %
        assert!((mean(exponential) - 100_000).abs() < 2_800, "{}", mean(exponential));
        assert_eq!(drawn(triangular, 0), 70_000);
        assert_eq!(drawn(Spread::Triangular { low: 100, mode: 100, high: 100 }, 77), 100_000);
    }

    #[test]
    fn a_larger_share_keeps_the_cases_of_a_smaller_one() {
        let luck = Luck::new(9, 4);
        let hit = |row: u32, share| luck.happens("absent", &row.to_string(), share);
        assert!((0..2_000).all(|row| !hit(row, 100) || hit(row, 200)));
        assert!((0..2_000).any(|row| hit(row, 200) && !hit(row, 100)));
    }
}
