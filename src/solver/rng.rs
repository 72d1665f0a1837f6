//! The door to random numbers: one named generator, seeded by (seed, stream).
//!
//! Stable for ever: the same pair gives the same numbers in every later version, so a plan or a
//! generated scenario can be made again years later. Must not know what the numbers decide.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng as _;
use sha2::{Digest as _, Sha256};

/// A stream of random numbers (PCG XSL RR 128/64 MCG; O'Neill 2014).
#[derive(Clone, Debug)]
pub struct Rng(Pcg64Mcg);

impl Rng {
    /// The stream numbered `stream` of `seed`; streams of one seed are independent.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut text = Sha256::new();
        text.update(b"paidan-rng/1");
        text.update(seed.to_le_bytes());
        text.update(stream.to_le_bytes());
        let digest = text.finalize();
        let state =
            digest.iter().take(16).fold(0_u128, |state, byte| state << 8 | u128::from(*byte));
        Rng(Pcg64Mcg::new(state))
    }

    /// The stream of `seed` for whatever `words` name: what else is drawn does not shift it, so two
    /// simulations that differ in one thing share all other chance.
    #[must_use]
    pub fn keyed(seed: u64, words: &[&str]) -> Rng {
        let mut text = Sha256::new();
        text.update(b"paidan-keyed/1");
        text.update(seed.to_le_bytes());
        for word in words {
            text.update(u64::try_from(word.len()).unwrap_or(u64::MAX).to_le_bytes());
            text.update(word.as_bytes());
        }
        let digest = text.finalize();
        let state =
            digest.iter().take(16).fold(0_u128, |state, byte| state << 8 | u128::from(*byte));
        Rng(Pcg64Mcg::new(state))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number of `0..n`, by widening multiplication (Lemire 2019, without the rejection: its
    /// bias stays below n / 2⁶⁴).
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "nothing lies below 0");
        let wide = u128::from(self.bits()) * n as u128;
        usize::try_from(wide >> 64).expect("it is below n")
    }

    /// A number of `low..high`.
    ///
    /// # Panics
    /// If the range is empty or longer than 2⁶³.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        let length = high.checked_sub(low).and_then(|length| usize::try_from(length).ok());
        let offset = self.below(length.expect("low is at most high"));
        low + i64::try_from(offset).expect("it is below high - low")
    }

    /// True in `permille` of 1000 cases.
    pub fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille as usize
    }

    /// One of `items`, each as likely.
    ///
    /// # Panics
    /// If there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Puts `items` into a random order (Fisher and Yates, as Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// A position of `weights`, as likely as its weight; weights of 0 or less are never drawn.
    ///
    /// # Panics
    /// If no weight is positive, or they sum to 2⁶³ or more.
    pub fn weighted(&mut self, weights: &[i64]) -> usize {
        let sum = weights.iter().map(|weight| (*weight).max(0)).sum();
        let mut rest = self.range(0, sum);
        for (position, weight) in weights.iter().enumerate() {
            rest -= (*weight).max(0);
            if rest < 0 {
                return position;
            }
        }
        unreachable!("the draw lies below the sum of the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_same_seed_and_stream_give_the_same_numbers_for_ever() {
        let mut rng = Rng::new(1, 2);
        assert_eq!(
            [rng.bits(), rng.bits(), rng.bits()],
            [16_561_791_357_859_741_272, 15_755_541_802_467_178_017, 14_274_120_325_111_186_046]
        );
        let mut rng = Rng::new(7, 0);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        rng.shuffle(&mut order);
        assert_eq!(order, [2, 7, 5, 3, 6, 1, 0, 4]);
        let draws: Vec<i64> = (0..6).map(|_| rng.range(-5, 5)).collect();
        assert_eq!(draws, [1, 2, -2, 0, -2, -1]);
        let drawn: Vec<usize> = (0..6).map(|_| rng.weighted(&[1, 0, 3, -2])).collect();
        assert_eq!(drawn, [2, 0, 2, 2, 2, 2]);
    }

    #[test]
    fn streams_of_one_seed_differ() {
        assert_ne!(Rng::new(1, 0).bits(), Rng::new(1, 1).bits());
        assert_ne!(Rng::new(1, 0).bits(), Rng::new(0, 1).bits());
    }

    #[test]
    fn draws_follow_their_weights() {
        let mut rng = Rng::new(3, 3);
        let mut count = [0; 4];
        for _ in 0..8000 {
            count[rng.weighted(&[1, 0, 3, -2])] += 1;
        }
        assert_eq!((count[1], count[3]), (0, 0));
        // 8000 × 1/4 = 2000, standard deviation sqrt(8000 × 1/4 × 3/4) < 39: five of them
        assert!((1805..=2195).contains(&count[0]), "{count:?}");
        let hits = (0..8000).filter(|_| rng.chance(250)).count();
        assert!((1805..=2195).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| rng.chance(1000)) && !(0..1000).any(|_| rng.chance(0)));
    }
}
