//! Which weights a sweep looks at. Knows no plan.

use std::cmp::{Ordering, Reverse};

use crate::model::cost::Weights;

/// Powers of two in eighths, in thousandths: 2^(row/8).
const EIGHTHS: [u64; 8] = [1000, 1091, 1189, 1297, 1414, 1542, 1682, 1834];

/// How far points between the ends go from the policy: so many eighths of a doubling, 64 times.
const REACH: usize = 48;

/// The larger weight where the policy has none, in thousandths.
const PLAIN: u32 = 1000;

/// About `count` pairs of weights from urgency alone to client value alone, with those of `policy`
/// in the middle: the ratio grows by equal factors up to 64 times that of the policy, and at the
/// ends the other kind weighs a thousandth of one, so that it decides between equals only. The
/// larger weight of each pair is the larger one of the policy, so that losses weigh against
/// overtime as before. A policy that weighs one kind by nothing counts as 1 : 1 in this.
#[must_use]
pub fn spread(policy: Weights, count: usize) -> Vec<Weights> {
    let Weights { lambda_urgency, lambda_client_value } = policy;
    let most = match lambda_urgency.max(lambda_client_value) {
        0 => PLAIN,
        most => most,
    };
    let ratio = if lambda_urgency.min(lambda_client_value) == 0 {
        (1, 1)
    } else {
        (u64::from(lambda_urgency), u64::from(lambda_client_value))
    };
    let mut points = vec![policy];
    points.extend(side(count / 2).map(|more| {
        let (lambda_urgency, lambda_client_value) =
            more.map_or((most, 1), |m| grown(ratio, m, most));
        Weights { lambda_urgency, lambda_client_value }
    }));
    points.extend(side(count.saturating_sub(1) / 2).map(|more| {
        let ratio = (ratio.1, ratio.0);
        let (lambda_client_value, lambda_urgency) =
            more.map_or((most, 1), |m| grown(ratio, m, most));
        Weights { lambda_urgency, lambda_client_value }
    }));
    ordered(points)
}

/// By how many eighths of a doubling each of `count` points lies on one side of the policy; the
/// last one is the end.
fn side(count: usize) -> impl Iterator<Item = Option<usize>> {
    (1..=count).map(move |number| (number < count).then(|| REACH * number / (count - 1)))
}

/// Weights in the ratio of `first` to `second` grown by 2^(`eighths`/8), the larger one `most` and
/// neither below a thousandth.
fn grown((first, second): (u64, u64), eighths: usize, most: u32) -> (u32, u32) {
    let (first, second) = ((first * EIGHTHS[eighths % 8]) << (eighths / 8), second * 1000);
    let larger = first.max(second);
    let part = |weight: u64| {
        let rounded = (weight * u64::from(most) + larger / 2) / larger;
        u32::try_from(rounded.max(1)).expect("it is at most the larger weight")
    };
    (part(first), part(second))
}

/// `points` from urgency to client value, each once.
#[must_use]
pub fn ordered(mut points: Vec<Weights>) -> Vec<Weights> {
    points.sort_by(by_ratio);
    points.dedup();
    points
}

/// Urgency first; of the same ratio the larger weights first; no weights at all last.
fn by_ratio(one: &Weights, other: &Weights) -> Ordering {
    let product = |one: &Weights, other: &Weights| {
        u64::from(one.lambda_client_value) * u64::from(other.lambda_urgency)
    };
    let is_none = |weights: &Weights| weights.lambda_urgency.max(weights.lambda_client_value) == 0;
    let size = |weights: &Weights| Reverse((weights.lambda_urgency, weights.lambda_client_value));
    is_none(one)
        .cmp(&is_none(other))
        .then(product(one, other).cmp(&product(other, one)))
        .then(size(one).cmp(&size(other)))
}

#[cfg(test)]
mod tests {
    use super::{ordered, spread};
    use crate::model::cost::Weights;

    fn pairs(points: &[Weights]) -> Vec<(u32, u32)> {
        points.iter().map(|w| (w.lambda_urgency, w.lambda_client_value)).collect()
    }

    fn weights(lambda_urgency: u32, lambda_client_value: u32) -> Weights {
        Weights { lambda_urgency, lambda_client_value }
    }

    #[test]
    fn nine_points_go_by_fours_from_urgency_to_client_value() {
        // 1000/4 = 250, /16 = 62.5, /64 = 15.6, and a thousandth at the ends.
        let expected = [
            (1000, 1),
            (1000, 16),
            (1000, 63),
            (1000, 250),
            (1000, 1000),
            (250, 1000),
            (63, 1000),
            (16, 1000),
            (1, 1000),
        ];
        assert_eq!(pairs(&spread(weights(1000, 1000), 9)), expected);
    }

    #[test]
    fn a_policy_of_two_to_one_stays_in_the_middle() {
        // Ratio 2 × 64 = 128: 2000/128 = 15.6. Ratio 2/64 = 1/32: 2000/32 = 62.5.
        let points = pairs(&spread(weights(2000, 1000), 5));
        assert_eq!(points, [(2000, 1), (2000, 16), (2000, 1000), (63, 2000), (1, 2000)]);
    }

    #[test]
    fn few_points_are_the_policy_and_the_ends() {
        assert_eq!(pairs(&spread(weights(7, 9), 1)), [(7, 9)]);
        assert_eq!(pairs(&spread(weights(7, 9), 2)), [(9, 1), (7, 9)]);
        assert_eq!(pairs(&spread(weights(7, 9), 3)), [(9, 1), (7, 9), (1, 9)]);
    }

    #[test]
    fn a_policy_that_ignores_a_kind_is_one_of_the_points() {
        assert_eq!(pairs(&spread(weights(500, 0), 3)), [(500, 0), (500, 1), (1, 500)]);
        assert_eq!(pairs(&spread(weights(0, 0), 3)), [(1000, 1), (1, 1000), (0, 0)]);
    }

    #[test]
    fn every_count_gives_as_many_points_in_order() {
        for count in 1..=65 {
            let points = spread(weights(1000, 1000), count);
            assert_eq!((points.len(), ordered(points.clone())), (count, points), "{count}");
        }
    }

    #[test]
    fn the_largest_weights_stay_within_the_format() {
        let points = spread(weights(100_000, 1), 65);
        let fits = |w: &Weights| w.lambda_urgency.max(w.lambda_client_value) == 100_000;
        assert!(points.iter().all(fits), "{points:?}");
    }
}
