//! How many calls to keep hands free for: the level at which too few and too many cost least
//! (the newsvendor; Arrow, Harris and Marschak 1951), in whole numbers. Counts spread as the
//! forecast says: Poisson where its dispersion is 1, else negative binomial.

use crate::model::forecast::Reserve;
use crate::time::Money;

/// The weight of the likeliest count.
const PEAK: u128 = 1 << 60;

/// What being wrong costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// A call for which nobody is free, in fen.
    pub short: i64,
    /// Keeping hands free for a call that does not come, in fen.
    pub idle: i64,
}

/// The reserve at which `prices` come to least on average, when `expected` thousandths of a call
/// are expected whose variance is `dispersion` thousandths of that.
#[must_use]
pub fn reserve(expected: i64, dispersion: i64, prices: Prices) -> Reserve {
    let weights = weights(expected.max(0), dispersion.max(1_000));
    let all: u128 = weights.iter().map(|(_, weight)| weight).sum();
    let (short, idle) = (prices.short.max(0).unsigned_abs(), prices.idle.max(0).unsigned_abs());
    // The first count with a chance of at least short / (short + idle) not to be passed.
    let mut below: u128 = 0;
    let level = weights.iter().find(|(_, weight)| {
        below += weight;
        below * u128::from(short + idle) >= all * u128::from(short)
    });
    let level = level.or(weights.last()).map_or(0, |(count, _)| *count);
    let cost = weights.iter().map(|(count, weight)| {
        let off = u128::from((count - level).unsigned_abs());
        weight * off * u128::from(if *count > level { short } else { idle })
    });
    let cost = cost.sum::<u128>().div_ceil(all.max(1));
    Reserve { calls: level, cost_fen: Money(i64::try_from(cost).unwrap_or(i64::MAX)) }
}

/// Counts whose spread takes more steps than this are taken for normal: to them a whole ticket is
/// next to nothing.
const MOST_STEPS: i64 = 20_000;

/// How a count spreads.
pub(super) enum Spread {
    /// Counts with their weights, and the sum of these.
    Exact(Vec<(i64, u128)>, u128),
    /// The mean and 1.645 standard deviations, in thousandths.
    Normal(i64, i64),
}

impl Spread {
    /// Around `expected` thousandths, the variance being `dispersion` thousandths of that.
    pub(super) fn of(expected: i64, dispersion: i64) -> Spread {
        let (expected, dispersion) = (expected.max(0), dispersion.max(1_000));
        let variance = u64::try_from(i128::from(expected) * i128::from(dispersion));
        let deviation = i64::try_from(variance.unwrap_or(u64::MAX).isqrt()).unwrap_or(i64::MAX);
        // Weights end ten deviations out, or where the tail of a wide one has fallen by e⁻⁴².
        if deviation / 100 + dispersion / 24 > MOST_STEPS {
            let half = i128::from(deviation) * 1_645 / 1_000;
            return Spread::Normal(expected, i64::try_from(half).unwrap_or(i64::MAX));
        }
        let rows = weights(expected, dispersion);
        let all = rows.iter().map(|(_, weight)| weight).sum();
        Spread::Exact(rows, all)
    }

    /// The least interval beyond which at most 5 % lie to each side.
    pub(super) fn interval(&self) -> (i64, i64) {
        let (rows, all) = match self {
            Spread::Exact(rows, all) => (rows, *all),
            Spread::Normal(mean, half) => {
                return ((mean - half).max(0) / 1_000, mean.saturating_add(*half) / 1_000 + 1);
            }
        };
        let mut below: u128 = 0;
        let (mut low, mut high) = (None, None);
        for (count, weight) in rows {
            below += weight;
            low = low.or((below * 20 > all).then_some(*count));
            high = high.or((below * 20 >= all * 19).then_some(*count));
        }
        (low.unwrap_or(0), high.unwrap_or(0))
    }

    /// The share of the chance of `count` that lies in the middle 90 %, in thousandths: 900 on
    /// average however coarse counts are, as at the ends of an interval only that part counts
    /// which makes it one of 90 % (a randomised test without its draw).
    pub(super) fn held(&self, count: i64) -> u64 {
        let (rows, all) = match self {
            Spread::Exact(rows, all) => (rows, *all),
            Spread::Normal(mean, half) => {
                let off = i128::from(count) * 1_000 - i128::from(*mean);
                return if off.abs() <= i128::from(*half) { 1_000 } else { 0 };
            }
        };
        let Ok(row) = rows.binary_search_by_key(&count, |(count, _)| *count) else { return 0 };
        let below: u128 = rows[..row].iter().map(|(_, weight)| weight).sum();
        let weight = rows[row].1;
        let (from, to) = ((below * 20).max(all), ((below + weight) * 20).min(all * 19));
        let share = (to.saturating_sub(from) * 1_000).checked_div(20 * weight);
        share.and_then(|share| u64::try_from(share).ok()).unwrap_or(0)
    }
}

/// Counts with their weights, in order: those that come at all.
fn weights(mean: i64, dispersion: i64) -> Vec<(i64, u128)> {
    let beyond = dispersion - 1_000;
    // w(k + 1) / w(k) = (k (d − 1) + m) / ((k + 1) d)
    let ratio = |count: i64| {
        let over = u128::from((count * beyond + mean).unsigned_abs());
        let under = u128::from(((count + 1) * dispersion).unsigned_abs());
        (over, under)
    };
    let top = mean / 1_000;
    let mut rows = vec![(top, PEAK)];
    let (mut count, mut weight) = (top, PEAK);
    while count > 0 && weight > 0 {
        count -= 1;
        let (over, under) = ratio(count);
        weight = (weight * under).checked_div(over).unwrap_or(0);
        rows.push((count, weight));
    }
    rows.reverse();
    (count, weight) = (top, PEAK);
    while weight > 0 {
        let (over, under) = ratio(count);
        weight = weight * over / under;
        count += 1;
        rows.push((count, weight));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{Prices, Spread, reserve, weights};
    use crate::time::Money;

    /// Poisson with mean 4: the chance of at most 4 is 0.629, of at most 5 it is 0.785; three
    /// quarters are asked where a call too many is three times as dear.
    #[test]
    fn the_reserve_is_the_quantile_that_prices_ask_for() {
        let told = reserve(4_000, 1_000, Prices { short: 30_000, idle: 10_000 });
        assert_eq!(told.calls, 5);
        // E(N − 5)⁺ = 0.410 calls short and E(5 − N)⁺ = 1 + 0.410: 123.0 + 141.0 yuan.
        assert!((26_300..=26_500).contains(&told.cost_fen.0), "{}", told.cost_fen);
        assert_eq!(reserve(4_000, 1_000, Prices { short: 0, idle: 1 }).calls, 0);
        let none = reserve(0, 1_000, Prices { short: 9, idle: 1 });
        assert_eq!((none.calls, none.cost_fen), (0, Money(0)));
    }

    /// The more counts spread, the more is kept free against dear calls.
    #[test]
    fn what_spreads_more_needs_more_in_reserve() {
        let prices = Prices { short: 90_000, idle: 10_000 };
        let level = |dispersion| reserve(20_000, dispersion, prices).calls;
        // Poisson: 20 + 1.28 × √20 = 25.7; variance 80: 20 + 1.28 × 8.9 = 31.5, skewed a little.
        assert!((25..=27).contains(&level(1_000)), "{}", level(1_000));
        assert!((31..=33).contains(&level(4_000)), "{}", level(4_000));
    }

    /// Poisson with mean 1: 0.368, 0.736, 0.920, 0.981 are the chances of at most 0, 1, 2, 3. The
    /// middle 90 % are 0.05 to 0.95: of 0 (0.368 − 0.05) / 0.368 = 86.4 %, of 1 and 2 all, of 3
    /// (0.95 − 0.9197) / 0.0613 = 49.4 %; in all 0.318 + 0.368 + 0.184 + 0.030 = 90 %.
    #[test]
    fn ninety_percent_are_ninety_however_coarse_counts_are() {
        let spread = Spread::of(1_000, 1_000);
        assert_eq!(spread.interval(), (0, 3));
        assert_eq!([0, 1, 2, 3, 4].map(|count| spread.held(count)), [864, 1_000, 1_000, 494, 0]);
        // So wide that it is taken for normal: 10⁶ ± 1.645 × √(10⁶ × 10³).
        let wide = Spread::of(1_000_000_000, 1_000_000);
        assert_eq!(wide.interval(), (947_980, 1_052_020));
        assert_eq!([940_000, 1_000_000].map(|count| wide.held(count)), [0, 1_000]);
    }

    #[test]
    fn weights_have_the_mean_and_the_variance_they_stand_for() {
        for (mean, dispersion) in [(4_000, 1_000), (20_000, 4_000), (300, 1_500)] {
            let rows = weights(mean, dispersion);
            let all: u128 = rows.iter().map(|(_, weight)| weight).sum();
            let sum = |of: &dyn Fn(u128) -> u128| {
                rows.iter().map(|(count, weight)| weight * of((*count).unsigned_abs().into())).sum()
            };
            let first: u128 = sum(&|count| count * 1_000_000);
            let second: u128 = sum(&|count| count * count * 1_000_000);
            let (first, second) = (first / all, second / all);
            let mean = u128::from(mean.unsigned_abs()) * 1_000;
            assert!(first.abs_diff(mean) < 10, "{first} {mean}");
            let variance = second - first * first / 1_000_000;
            let meant = mean * u128::from(dispersion.unsigned_abs()) / 1_000;
            assert!(variance.abs_diff(meant) < 200, "{variance} {meant}");
        }
    }
}
