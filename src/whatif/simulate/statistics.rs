//! Means, intervals and choices, in whole numbers: the same bytes on every machine. Must not know
//! what is measured.
//!
//! Intervals are Student's (1908), quantiles rounded up to the next ten-thousandth and, between
//! rows of the table, taken from the row of fewer degrees: intervals are never narrower than they
//! should be.

/// The chances of being beyond a quantile, in hundredths of a percent.
const TAILS: [u32; 8] = [1_000, 500, 250, 100, 50, 25, 10, 5];

/// Quantiles in ten-thousandths by degrees of freedom, for each of [`TAILS`].
const QUANTILES: &[(u64, [u64; 8])] = &[
    (1, [30_777, 63_138, 127_063, 318_206, 636_568, 1_273_214, 3_183_089, 6_366_193]),
    (2, [18_857, 29_200, 43_027, 69_646, 99_249, 140_891, 223_272, 315_991]),
    (3, [16_378, 23_534, 31_825, 45_408, 58_410, 74_534, 102_146, 129_240]),
    (4, [15_333, 21_319, 27_765, 37_470, 46_041, 55_976, 71_732, 86_104]),
    (5, [14_759, 20_151, 25_706, 33_650, 40_322, 47_734, 58_935, 68_689]),
    (6, [14_398, 19_432, 24_470, 31_427, 37_075, 43_169, 52_077, 59_589]),
    (7, [14_150, 18_946, 23_647, 29_980, 34_995, 40_294, 47_853, 54_079]),
    (8, [13_969, 18_596, 23_061, 28_965, 33_554, 38_326, 45_008, 50_414]),
    (9, [13_831, 18_332, 22_622, 28_215, 32_499, 36_897, 42_969, 47_810]),
    (10, [13_722, 18_125, 22_282, 27_638, 31_693, 35_815, 41_438, 45_869]),
    (11, [13_635, 17_959, 22_010, 27_181, 31_059, 34_967, 40_248, 44_370]),
    (12, [13_563, 17_823, 21_789, 26_810, 30_546, 34_285, 39_297, 43_178]),
    (13, [13_502, 17_710, 21_604, 26_504, 30_123, 33_725, 38_520, 42_209]),
    (14, [13_451, 17_614, 21_448, 26_245, 29_769, 33_257, 37_874, 41_405]),
    (15, [13_407, 17_531, 21_315, 26_025, 29_468, 32_861, 37_329, 40_728]),
    (16, [13_368, 17_459, 21_200, 25_835, 29_208, 32_520, 36_862, 40_150]),
    (17, [13_334, 17_397, 21_099, 25_670, 28_983, 32_225, 36_458, 39_652]),
    (18, [13_304, 17_341, 21_010, 25_524, 28_785, 31_966, 36_105, 39_217]),
    (19, [13_278, 17_292, 20_931, 25_395, 28_610, 31_738, 35_795, 38_835]),
    (20, [13_254, 17_248, 20_860, 25_280, 28_454, 31_535, 35_519, 38_496]),
    (21, [13_232, 17_208, 20_797, 25_177, 28_314, 31_353, 35_272, 38_193]),
    (22, [13_213, 17_172, 20_739, 25_084, 28_188, 31_189, 35_050, 37_922]),
    (23, [13_195, 17_139, 20_687, 24_999, 28_074, 31_040, 34_850, 37_677]),
    (24, [13_179, 17_109, 20_639, 24_922, 27_970, 30_906, 34_668, 37_454]),
    (25, [13_164, 17_082, 20_596, 24_852, 27_875, 30_782, 34_502, 37_252]),
    (26, [13_150, 17_057, 20_556, 24_787, 27_788, 30_670, 34_350, 37_067]),
    (27, [13_138, 17_033, 20_519, 24_727, 27_707, 30_566, 34_211, 36_896]),
    (28, [13_126, 17_012, 20_485, 24_672, 27_633, 30_470, 34_082, 36_740]),
    (29, [13_115, 16_992, 20_453, 24_621, 27_564, 30_381, 33_963, 36_595]),
    (30, [13_105, 16_973, 20_423, 24_573, 27_500, 30_298, 33_852, 36_460]),
    (40, [13_031, 16_839, 20_211, 24_233, 27_045, 29_712, 33_069, 35_510]),
    (60, [12_959, 16_707, 20_003, 23_902, 26_603, 29_146, 32_318, 34_603]),
    (120, [12_887, 16_577, 19_800, 23_579, 26_175, 28_599, 31_596, 33_735]),
    (u64::MAX, [12_816, 16_449, 19_600, 23_264, 25_759, 28_071, 30_903, 32_906]),
];

/// A chance of being wrong to one side, in hundredths of a percent: 250 for an interval of 95 %.
pub type Tail = u32;

/// The tail of a two-sided interval of 95 %.
pub const FIVE_PERCENT: Tail = 250;

/// The quantile beyond which at most `tail` lies, in ten-thousandths; the smallest tail of the
/// table where none is so small.
fn quantile(degrees: u64, tail: Tail) -> u64 {
    let column = TAILS.iter().position(|known| *known <= tail).unwrap_or(TAILS.len() - 1);
    let row = QUANTILES.iter().rev().find(|(known, _)| *known <= degrees);
    row.unwrap_or(&QUANTILES[0]).1[column]
}

/// Natural logarithms of one over each of [`TAILS`], in thousandths, rounded up.
const UNSEEN: [u64; 8] = [2_303, 2_996, 3_689, 4_606, 5_299, 5_992, 6_908, 7_601];

/// Which share, in thousandths, may be otherwise although all of `count` were the same: whatever is
/// more frequent would have shown with a chance above 1 − `tail`. The rule of three: 3 / n at a
/// tail of 5 % (Hanley and Lippman-Hand 1983).
#[must_use]
pub fn unseen(count: u64, tail: Tail) -> i64 {
    let column = TAILS.iter().position(|known| *known <= tail).unwrap_or(TAILS.len() - 1);
    i64::try_from(UNSEEN[column].div_ceil(count.max(1)).min(1_000)).unwrap_or(1_000)
}

/// A mean with the half-width of its interval, both in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The mean, rounded to the nearest.
    pub mean: i64,
    /// Half the width of its interval, rounded up; none from fewer than two values.
    pub half_width: Option<i64>,
}

impl Estimate {
    /// Of `values`, each of another replication; the chance of the truth above the interval is at
    /// most `tail`, and of below as much.
    #[must_use]
    pub fn of(values: &[i64], tail: Tail) -> Estimate {
        let count = i128::try_from(values.len()).expect("far fewer than 2^127");
        if count == 0 {
            return Estimate { mean: 0, half_width: None };
        }
        let (mean, spread) = spread(values, count);
        if count == 1 {
            return Estimate { mean, half_width: None };
        }
        let count = count.unsigned_abs();
        let degrees = u64::try_from(count - 1).unwrap_or(u64::MAX);
        let quantile = u128::from(quantile(degrees, tail));
        // (t s / √n)² with t in ten-thousandths
        let below = count * count * (count - 1);
        let square = (spread / below).saturating_mul(quantile * quantile)
            + (spread % below).saturating_mul(quantile * quantile) / below;
        let root = square.isqrt() + u128::from(square.isqrt().pow(2) < square);
        let half = i64::try_from(root.div_ceil(10_000)).unwrap_or(i64::MAX);
        Estimate { mean, half_width: Some(half) }
    }

    /// Whether the interval lies wholly below 0.
    #[must_use]
    pub fn is_below_zero(&self) -> bool {
        self.half_width.is_some_and(|half| self.mean.saturating_add(half) < 0)
    }

    /// Whether the interval lies wholly above 0.
    #[must_use]
    pub fn is_above_zero(&self) -> bool {
        self.half_width.is_some_and(|half| self.mean > half)
    }
}

/// The mean of `values`, `count` of them, and n (n − 1) s².
fn spread(values: &[i64], count: i128) -> (i64, u128) {
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let mean = rounded(sum, count);
    // n Σ(x − c)² − (Σ(x − c))² for every c: one near the mean keeps it small.
    let from = |value: &i64| i128::from(*value) - i128::from(mean);
    let squares: u128 = values.iter().map(|value| from(value).unsigned_abs().pow(2)).sum();
    let rest = values.iter().map(from).sum::<i128>().unsigned_abs().pow(2);
    (mean, (squares * count.unsigned_abs()).saturating_sub(rest))
}

/// How many values it takes until half their interval is no wider than `half`, told by the spread
/// of the `first` ones alone (Stein 1945). Who looks again after each value stops where chance
/// makes the spread small, and his intervals hold the truth less often than they say.
#[must_use]
pub fn needed(first: &[i64], half: i64, tail: Tail) -> u32 {
    let count = u128::try_from(first.len()).unwrap_or(u128::MAX);
    if count < 2 {
        return u32::MAX;
    }
    let (_, spread) = spread(first, i128::try_from(count).unwrap_or(i128::MAX));
    let variance = spread.div_ceil(count * (count - 1));
    let quantile = u128::from(quantile(u64::try_from(count - 1).unwrap_or(u64::MAX), tail));
    let half = u128::from(half.max(1).unsigned_abs());
    let asked = variance
        .saturating_mul(quantile * quantile)
        .div_ceil(half.saturating_mul(half).saturating_mul(100_000_000));
    u32::try_from(asked.max(count)).unwrap_or(u32::MAX)
}

/// `sum / count` to the nearest, halves away from 0.
fn rounded(sum: i128, count: i128) -> i64 {
    let twice = 2 * sum.abs() + count;
    let whole = twice / (2 * count);
    i64::try_from(if sum < 0 { -whole } else { whole }).unwrap_or(i64::MAX)
}

/// `one` less `other`, replication by replication: what chance has in common cancels out.
#[must_use]
pub fn differences(one: &[i64], other: &[i64]) -> Vec<i64> {
    one.iter().zip(other).map(|(one, other)| one - other).collect()
}

/// Which of the `rows` is shown to have the least mean, and with which confidence, in percent: each
/// other one is dearer by its paired two-sided interval at a tail of α / 2 (k − 1), so that all of
/// them hold together (Bonferroni; Nelson and Matejcik 1995 for common random numbers). `None`
/// where not even 95 % can be said, as where the interval of one difference holds 0.
#[must_use]
pub fn best(rows: &[&[i64]]) -> Option<(usize, u32)> {
    let mean = |row: &[i64]| Estimate::of(row, FIVE_PERCENT).mean;
    let (best, own) = rows.iter().enumerate().min_by_key(|(_, row)| mean(row))?;
    let others = u32::try_from(rows.len() - 1).ok().filter(|others| *others > 0)?;
    let holds = |percent: &u32| {
        let tail = (100 - percent) * 50 / others;
        tail >= TAILS[TAILS.len() - 1]
            && rows
                .iter()
                .enumerate()
                .filter(|(row, _)| *row != best)
                .all(|(_, row)| Estimate::of(&differences(own, row), tail).is_below_zero())
    };
    [99, 95].into_iter().find(holds).map(|percent| (best, percent))
}

#[cfg(test)]
mod tests {
    use super::{Estimate, FIVE_PERCENT, best, needed, quantile};
    use crate::solver::rng::Rng;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert_eq!(quantile(1, 250), 127_063);
        assert_eq!(quantile(10, 250), 22_282);
        // 35 degrees: the row of 30, on the safe side
        assert_eq!(quantile(35, 250), quantile(30, 250));
        assert_eq!(quantile(10, 30), quantile(10, 25), "no tail of 0.3 %: that of 0.25 %");
        assert!(quantile(10_000, 250) >= 19_600);
    }

    #[test]
    fn an_interval_is_worked_out_by_hand() {
        // 1, 2, 3: mean 2, s = 1, t = 4.3027, half = 4.3027 / √3 = 2.4842
        let three = Estimate::of(&[1_000, 2_000, 3_000], FIVE_PERCENT);
        assert_eq!(three, Estimate { mean: 2_000, half_width: Some(2_485) });
        assert_eq!(Estimate::of(&[7], FIVE_PERCENT), Estimate { mean: 7, half_width: None });
        let alike = Estimate::of(&[-5, -5], FIVE_PERCENT);
        assert!(alike.is_below_zero() && alike.half_width == Some(0));
    }

    /// 1,000 times ten sums of twelve even draws, nearly normal with a known mean: the interval of
    /// 95 % holds it 950 times give or take 2 × √(1000 × 0.95 × 0.05) = 14; 93 to 97 % are asked.
    #[test]
    fn intervals_cover_the_truth_as_often_as_they_say() {
        let covered = (0..1_000).filter(|run| {
            let mut rng = Rng::new(5, *run);
            let draw = |rng: &mut Rng| (0..12).map(|_| rng.range(0, 10_001)).sum::<i64>();
            let values: Vec<i64> = (0..10).map(|_| draw(&mut rng)).collect();
            let told = Estimate::of(&values, FIVE_PERCENT);
            (told.mean - 60_000).abs() <= told.half_width.unwrap_or(0)
        });
        let covered = covered.count();
        assert!((930..=970).contains(&covered), "{covered}");
    }

    /// The same draws until half an interval is 2,500: s = 10,000 asks for (2.02 × 10 / 2.5)² = 65
    /// of them, of which the first forty decide. Means that many hold the truth within 2,500 in 93
    /// to 97 % of 1,000 runs. So do not those of squared draws, whose mean goes with their spread:
    /// E x² = 1/3, s = √(1/5 − 1/9) = 0.298, and within 0.0746 are nine of ten.
    #[test]
    fn what_the_first_ones_ask_for_is_as_exact_as_asked() {
        let within = |run: u64, draw: &dyn Fn(&mut Rng) -> i64, (mean, half): (i64, i64)| {
            let mut rng = Rng::new(6, run);
            let mut values: Vec<i64> = (0..40).map(|_| draw(&mut rng)).collect();
            let asked = needed(&values, half, FIVE_PERCENT);
            assert!((40..200).contains(&asked), "{asked}");
            values.extend((40..asked).map(|_| draw(&mut rng)));
            (Estimate::of(&values, FIVE_PERCENT).mean - mean).abs() <= half
        };
        let even = |rng: &mut Rng| (0..12).map(|_| rng.range(0, 10_001)).sum::<i64>();
        let held = (0..1_000).filter(|run| within(*run, &even, (60_000, 2_500))).count();
        assert!((930..=970).contains(&held), "{held}");
        let skewed = |rng: &mut Rng| rng.range(0, 1_001).pow(2);
        let held = (0..1_000).filter(|run| within(*run, &skewed, (333_500, 74_600))).count();
        assert!((900..=970).contains(&held), "{held}");
    }

    /// 1,000 and 3,000: s² = 2,000,000 and t = 12.7063 of one degree, so for half of 4,000 it takes
    /// 12.7063² × 2 × 10⁶ / (16 × 10⁶) = 20.2 values.
    #[test]
    fn how_many_it_takes_is_worked_out_by_hand() {
        assert_eq!(needed(&[1_000, 3_000], 4_000, FIVE_PERCENT), 21);
        assert_eq!(needed(&[5, 5, 5], 1, FIVE_PERCENT), 3, "no fewer than there are");
        assert_eq!(needed(&[5], 1, FIVE_PERCENT), u32::MAX, "one says nothing of a spread");
    }

    #[test]
    fn the_best_is_told_with_the_confidence_it_has() {
        let noise = [3, 8, 1, 6, 2, 9, 4, 7, 5, 5];
        let row = |more: i64| noise.iter().map(|value| value * 100 + more).collect::<Vec<i64>>();
        // The same chance in all of them: every difference is exactly 50 or 90.
        assert_eq!(best(&[&row(50), &row(0), &row(90)]), Some((1, 99)));
        let other: Vec<i64> = noise.iter().rev().map(|value| value * 100 + 1).collect();
        assert_eq!(best(&[&row(0), &other]), None);
        assert_eq!(best(&[&row(0)]), None, "nothing is dearer");
    }

    /// Differences of 5,000 and −1,000, five of each: mean 2,000, s / √n = 3,000 × √(10/9) / √10 =
    /// 1,000. Half of the interval of 95 % is 2.2622 × 1,000, so it holds 0, though to one side 1.8331
    /// would do. With 5,500 and −500 the mean is 2,500, and it does not; but of two others each has
    /// to be beyond 2.6850 × 1,000.
    #[test]
    fn none_is_best_whose_interval_holds_nothing() {
        let own = [0; 10];
        let other = |high: i64, low: i64| [high, low].repeat(5);
        let half = Estimate::of(&other(5_000, -1_000), FIVE_PERCENT).half_width;
        assert_eq!(half, Some(2_263));
        assert_eq!(best(&[&own, &other(5_000, -1_000)]), None);
        assert_eq!(best(&[&own, &other(5_500, -500)]), Some((0, 95)));
        assert_eq!(best(&[&own, &other(5_500, -500), &other(9_000, 8_000)]), None);
    }
}
