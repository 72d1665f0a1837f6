//! Where amounts, marks and their numbers stand in a drawing. Knows no words.

/// A scale from fen to drawing units with round marks: even where amounts are alike; where the
/// largest is many times the smallest, equal lengths for equal ratios, or all but one point would
/// fall together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// What is added before ratios count, so that nought has a place; `None` on an even scale.
    ratios: Option<i64>,
    low: i64,
    high: i64,
    marks: Vec<i64>,
    /// Where the lowest and the highest amount are drawn.
    ends: (i64, i64),
}

/// Most steps between marks.
const STEPS: i64 = 6;

/// So many times the smallest amount above nought the largest may be on an even scale.
const EVEN: i64 = 8;

impl Scale {
    /// A scale over all `amounts`, drawn from `ends.0` to `ends.1`.
    pub(super) fn new(amounts: &[i64], ends: (i64, i64)) -> Scale {
        let least = amounts.iter().copied().min().unwrap_or(0);
        let most = amounts.iter().copied().max().unwrap_or(0);
        let above = amounts.iter().copied().filter(|amount| *amount > 0).min();
        match above.filter(|above| least >= 0 && most / EVEN > *above) {
            Some(above) => Scale::by_ratios((least, above, most), ends),
            None => Scale::even((least, most), ends),
        }
    }

    /// From nought on where that is not far.
    fn even((least, most): (i64, i64), ends: (i64, i64)) -> Scale {
        // Where all cost the same, up to that from nought on; one yuan where that is nothing.
        let (least, most) = if most > least { (least, most) } else { (0, most.max(100)) };
        let least = if least >= 0 && least <= most - least { 0 } else { least };
        let span = most - least;
        let step = series().find(|step| span / step < STEPS).unwrap_or(span);
        let low = least.div_euclid(step) * step;
        let high = low + (most - low).div_euclid(step) * step + step;
        let marks = (0..=(high - low) / step).map(|number| low + number * step).collect();
        Scale { ratios: None, low, high, marks, ends }
    }

    fn by_ratios((least, above, most): (i64, i64, i64), ends: (i64, i64)) -> Scale {
        let start = series().take_while(|round| *round <= above).last().unwrap_or(1);
        let high = series().find(|round| *round >= most).unwrap_or(most);
        let (low, unit) = if least > 0 { (start, 0) } else { (0, start) };
        let round = || series().take_while(|round| *round <= high).filter(|round| *round >= start);
        let tens = |round: &i64| round.to_string().trim_end_matches('0') == "1";
        let is_few = round().count() <= 8;
        let kept = round().filter(|mark| is_few || tens(mark) || *mark == high);
        let marks = (low == 0).then_some(0).into_iter().chain(kept).collect();
        Scale { ratios: Some(unit), low, high, marks, ends }
    }

    /// Whether equal lengths are equal ratios.
    pub(super) fn is_by_ratios(&self) -> bool {
        self.ratios.is_some()
    }

    /// Where `amount` is drawn.
    pub(super) fn at(&self, amount: i64) -> i64 {
        let reach = |amount: i64| match self.ratios {
            None => i128::from(amount),
            Some(unit) => i128::from(logarithm(amount + unit)),
        };
        let length = i128::from(self.ends.1 - self.ends.0);
        let part =
            (reach(amount) - reach(self.low)) * length / (reach(self.high) - reach(self.low));
        self.ends.0 + i64::try_from(part).expect("it is within the drawing")
    }

    /// The round amounts marked.
    pub(super) fn marks(&self) -> impl Iterator<Item = i64> + '_ {
        self.marks.iter().copied()
    }
}

/// 1, 2 and 5 times each power of ten.
fn series() -> impl Iterator<Item = i64> {
    let powers = std::iter::successors(Some(1_i64), |power| power.checked_mul(10));
    powers.flat_map(|power| [1, 2, 5].into_iter().filter_map(move |part| power.checked_mul(part)))
}

/// The logarithm to base two in 2^-16, straight between powers of two (Mitchell 1962): good enough
/// for the eye, and the marks stand on the same curve.
fn logarithm(amount: i64) -> i64 {
    let amount = amount.max(1);
    let whole = amount.ilog2();
    let rest = (i128::from(amount - (1 << whole)) << 16) >> whole;
    (i64::from(whole) << 16) + i64::try_from(rest).expect("it is less than one doubling")
}

/// Where the number of a mark may stand beside it: right above, left above, right below, left
/// below, above, below, right, left.
const SIDES: [(i64, i64); 8] =
    [(13, -9), (-13, -9), (13, 18), (-13, 18), (0, -13), (0, 24), (18, 5), (-18, 5)];

/// How far apart numbers and marks keep, across and up.
const APART: (i64, i64) = (20, 15);

/// Middles of the numbers of `marks`, each beside its own and away from the others as far as there
/// is a place.
pub(super) fn numbers(marks: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut taken: Vec<(i64, i64)> = Vec::with_capacity(marks.len());
    for (x, y) in marks {
        let is_near = |one: &(i64, i64), other: (i64, i64)| {
            (one.0 - other.0).abs() < APART.0 && (one.1 - other.1).abs() < APART.1
        };
        let collisions = |side: &(i64, i64)| {
            let place = (x + side.0, y + side.1);
            // A number stands on its baseline: its middle is a little above.
            let middle = (place.0, place.1 - 5);
            let others = marks.iter().filter(|mark| **mark != (*x, *y));
            taken.iter().filter(|other| is_near(other, place)).count()
                + others.filter(|mark| is_near(mark, middle)).count()
        };
        let side = SIDES.iter().min_by_key(|side| collisions(side)).expect("there are sides");
        taken.push((x + side.0, y + side.1));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::{Scale, numbers};

    #[test]
    fn marks_are_round_and_start_at_nought_when_that_is_near() {
        // 300 to 1100 fen: 300 ≤ 800, so from 0; 1100/200 = 5 steps fit, and one above.
        let scale = Scale::new(&[300, 1100], (0, 600));
        assert_eq!(scale.marks().collect::<Vec<_>>(), [0, 200, 400, 600, 800, 1000, 1200]);
        assert_eq!((scale.at(0), scale.at(600), scale.at(1200)), (0, 300, 600));
    }

    #[test]
    fn amounts_that_differ_many_times_are_drawn_by_their_ratios() {
        // 400 to 6400 fen: from 200 up to 10000 by 1, 2, 5; half way is a ratio of √50 = 7.07.
        let scale = Scale::new(&[400, 6400], (0, 600));
        assert_eq!(scale.marks().collect::<Vec<_>>(), [200, 500, 1000, 2000, 5000, 10_000]);
        assert_eq!((scale.at(200), scale.at(10_000)), (0, 600));
        assert!((295..=305).contains(&scale.at(1414)), "{}", scale.at(1414));
        // 3 decades: tens alone are marked, and nought has a place.
        let scale = Scale::new(&[0, 1000, 2_000_000], (0, 600));
        let marks: Vec<i64> = scale.marks().collect();
        assert_eq!(marks, [0, 1000, 10_000, 100_000, 1_000_000, 2_000_000]);
        assert_eq!(scale.at(0), 0);
    }

    #[test]
    fn amounts_far_from_nought_keep_their_own_scale() {
        let scale = Scale::new(&[100_000, 100_300], (600, 0));
        assert_eq!(scale.marks().next(), Some(100_000));
        assert_eq!((scale.at(100_000), scale.at(100_400)), (600, 0));
    }

    #[test]
    fn one_amount_alone_has_a_scale() {
        let scale = Scale::new(&[5_000], (0, 600));
        // From nought to 6000 fen in steps of a thousand.
        assert_eq!((scale.at(0), scale.at(5_000), scale.marks().count()), (0, 500, 7));
        assert_eq!(Scale::new(&[0], (0, 100)).at(0), 0);
    }

    #[test]
    fn numbers_of_neighbours_do_not_cover_each_other() {
        let places = numbers(&[(100, 100), (106, 100), (100, 106)]);
        for (row, one) in places.iter().enumerate() {
            for other in &places[..row] {
                let apart = (one.0 - other.0).abs() >= 20 || (one.1 - other.1).abs() >= 15;
                assert!(apart, "{places:?}");
            }
        }
    }
}
