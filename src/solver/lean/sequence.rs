//! One line without gaps: the order of jobs, and the best set of moves that do not cross, found by
//! dynamic programming over positions (dynasearch: Congram, Potts and van de Velde 2002; with
//! insertions beside swaps: Grosso, Della Croce and Tadei 2004).
//!
//! Knows jobs by number, how long they take and what ending at a minute costs; no people, no hours.

use crate::solver::search::Alarm;

/// Jobs, and what each costs by when it ends.
#[derive(Debug)]
pub(super) struct Jobs {
    /// Minutes of each.
    minutes: Vec<u32>,
    /// Row by row what a job costs that ends after so many minutes; never falls along a row.
    costs: Vec<i64>,
    width: usize,
}

impl Jobs {
    /// Jobs of so many minutes, each of one at least; `cost` of a job that ends after a number of
    /// minutes.
    pub(super) fn new(minutes: Vec<u32>, cost: impl Fn(usize, u32) -> i64) -> Jobs {
        let all: u32 = minutes.iter().sum();
        let row = |job| (1..=all).map(move |end| (job, end));
        let costs: Vec<i64> =
            (0..minutes.len()).flat_map(row).map(|(job, end)| cost(job, end)).collect();
        let width = all as usize;
        debug_assert!(costs.chunks(width.max(1)).all(|row| row.is_sorted()), "being late is cheap");
        Jobs { minutes, costs, width }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.minutes.len()
    }

    #[inline]
    fn cost(&self, job: u32, end: u32) -> i64 {
        self.costs[job as usize * self.width + end as usize - 1]
    }
}

/// What is done to the jobs from one position to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Change {
    /// Nothing to the one job.
    #[default]
    Stay,
    Swap,
    /// The first goes behind the last.
    Behind,
    /// The last goes before the first.
    Before,
}

/// A job in its place.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    job: u32,
    minutes: u32,
    end: u32,
    cost: i64,
    /// By how much the jobs behind this one, up to the one looked at, become cheaper (≤ 0) when it
    /// leaves.
    gain: i64,
}

/// How the positions up to one are best rearranged: what is gained, and the last move.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    gain: i64,
    from: usize,
    last: Change,
}

impl Prefix {
    fn offer(&mut self, gain: i64, from: usize, last: Change) {
        if gain < self.gain {
            *self = Prefix { gain, from, last };
        }
    }
}

/// An order of jobs.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    order: Vec<u32>,
    cost: i64,
    spots: Vec<Spot>,
    prefixes: Vec<Prefix>,
    next: Vec<u32>,
    /// Pairs of positions looked at so far.
    pairs: u64,
}

impl Sequence {
    /// `order` as it is.
    pub(super) fn new(jobs: &Jobs, order: Vec<u32>) -> Sequence {
        let mut sequence = Sequence { order, ..Sequence::default() };
        sequence.time(jobs);
        sequence
    }

    /// The jobs in order.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    /// What all of them cost.
    pub(super) fn cost(&self) -> i64 {
        self.cost
    }

    /// Pairs of positions looked at so far.
    pub(super) fn pairs(&self) -> u64 {
        self.pairs
    }

    /// Becomes `other`, but for the count of pairs.
    pub(super) fn become_as(&mut self, other: &Sequence) {
        self.order.clone_from(&other.order);
        self.cost = other.cost;
    }

    /// Swaps the jobs of two positions; [`Sequence::descend`] is to follow.
    pub(super) fn swap(&mut self, one: usize, other: usize) {
        self.order.swap(one, other);
    }

    /// Makes the best set of moves again and again until there is none that gains; `false` when
    /// `alarm` rang before.
    pub(super) fn descend(&mut self, jobs: &Jobs, alarm: &Alarm<'_>) -> bool {
        loop {
            if alarm() {
                return false;
            }
            self.time(jobs);
            self.look(jobs);
            if self.prefixes[self.order.len()].gain >= 0 {
                return true;
            }
            self.rearrange();
        }
    }

    fn time(&mut self, jobs: &Jobs) {
        let (mut end, mut sum) = (0, 0);
        self.spots.clear();
        for job in &self.order {
            let minutes = jobs.minutes[*job as usize];
            end += minutes;
            let cost = jobs.cost(*job, end);
            sum += cost;
            self.spots.push(Spot { job: *job, minutes, end, cost, gain: 0 });
        }
        self.cost = sum;
    }

    /// Fills the prefixes from the first position on.
    fn look(&mut self, jobs: &Jobs) {
        let Sequence { spots, prefixes, .. } = self;
        prefixes.clear();
        prefixes.push(Prefix::default());
        for row in 0..spots.len() {
            self.pairs += row as u64;
            let last = spots[row];
            let mut best = Prefix { from: row, last: Change::Stay, ..prefixes[row] };
            // By how much the jobs before the last one become dearer when it comes before them.
            let mut loss = 0;
            for from in (0..row).rev() {
                let first = spots[from];
                let gained = prefixes[from].gain;
                let start = first.end - first.minutes;
                let behind = jobs.cost(first.job, last.end) - first.cost;
                let before = jobs.cost(last.job, start + last.minutes) - last.cost;
                loss += jobs.cost(first.job, first.end + last.minutes) - first.cost;
                best.offer(gained + loss + before, from, Change::Before);
                let most = if last.minutes < first.minutes { first.gain } else { 0 };
                let gain = jobs.cost(last.job, last.end - first.minutes) - last.cost;
                spots[from].gain += gain;
                best.offer(gained + first.gain + gain + behind, from, Change::Behind);
                if gained + behind + before + most < best.gain {
                    let between = Between { spots: &spots[from + 1..row], first, last };
                    let limit = best.gain - gained - behind - before;
                    if let Some(change) = between.change(jobs, limit) {
                        best.offer(gained + behind + before + change, from, Change::Swap);
                    }
                }
            }
            prefixes.push(best);
        }
    }

    /// Makes the moves that the last prefix stands for.
    fn rearrange(&mut self) {
        self.next.clone_from(&self.order);
        let mut end = self.order.len();
        while end > 0 {
            let Prefix { from, last, .. } = self.prefixes[end];
            let jobs = &mut self.next[from..end];
            match last {
                Change::Stay => {}
                Change::Swap => jobs.swap(0, end - from - 1),
                Change::Behind => jobs.rotate_left(1),
                Change::Before => jobs.rotate_right(1),
            }
            end = from;
        }
        std::mem::swap(&mut self.order, &mut self.next);
    }
}

/// The jobs between two that swap.
struct Between<'s> {
    spots: &'s [Spot],
    first: Spot,
    last: Spot,
}

impl Between<'_> {
    /// By how much they become dearer; `None` when that is `limit` or more for sure.
    fn change(&self, jobs: &Jobs, limit: i64) -> Option<i64> {
        let mut change = 0;
        if self.last.minutes == self.first.minutes {
            return (limit > 0).then_some(0);
        }
        let (gains, shift) = if self.last.minutes > self.first.minutes {
            (false, self.last.minutes - self.first.minutes)
        } else {
            (true, self.first.minutes - self.last.minutes)
        };
        for spot in self.spots {
            let end = if gains { spot.end - shift } else { spot.end + shift };
            change += jobs.cost(spot.job, end) - spot.cost;
            if !gains && change >= limit {
                return None;
            }
        }
        (change < limit).then_some(change)
    }
}

#[cfg(test)]
mod tests {
    use super::{Jobs, Sequence};
    use crate::solver::rng::Rng;

    /// Jobs of 1 to 9 minutes, due within the first half of all, at 0 to 5 fen per minute late and
    /// at most 60 fen.
    fn random(count: usize, rng: &mut Rng) -> Jobs {
        let minutes: Vec<u32> = (0..count).map(|_| 1 + below(rng, 9)).collect();
        let all: u32 = minutes.iter().sum();
        let rows: Vec<(u32, i64)> =
            (0..count).map(|_| (below(rng, all / 2), rng.range(0, 6))).collect();
        Jobs::new(minutes, |job, end| {
            (i64::from(end.saturating_sub(rows[job].0)) * rows[job].1).min(60)
        })
    }

    fn below(rng: &mut Rng, most: u32) -> u32 {
        u32::try_from(rng.below(most as usize)).unwrap()
    }

    fn numbers(count: usize) -> Vec<u32> {
        (0..).take(count).collect()
    }

    #[test]
    fn what_the_last_prefix_promises_is_what_the_changes_gain() {
        let mut rng = Rng::new(5, 0);
        let mut gained = 0;
        for round in 0..400 {
            let jobs = random(2 + round % 12, &mut rng);
            let mut order = numbers(jobs.len());
            rng.shuffle(&mut order);
            let mut sequence = Sequence::new(&jobs, order);
            let before = sequence.cost();
            sequence.look(&jobs);
            let promised = sequence.prefixes[jobs.len()].gain;
            sequence.rearrange();
            sequence.time(&jobs);
            assert_eq!(sequence.cost() - before, promised);
            gained += i64::from(promised < 0);
            let mut sorted = sequence.order().to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, numbers(jobs.len()), "every job once");
        }
        assert!(gained > 300, "{gained}");
    }

    /// Every swap and every insertion, tried one by one.
    #[test]
    fn where_a_descent_ends_no_swap_and_no_insertion_gains() {
        let mut rng = Rng::new(6, 0);
        for _ in 0..100 {
            let jobs = random(9, &mut rng);
            let mut sequence = Sequence::new(&jobs, numbers(9));
            assert!(sequence.descend(&jobs, &|| false));
            let cost = |change: &dyn Fn(&mut [u32])| {
                let mut order = sequence.order().to_vec();
                change(&mut order);
                Sequence::new(&jobs, order).cost()
            };
            for one in 0..9 {
                for other in one + 1..9 {
                    assert!(cost(&|order| order.swap(one, other)) >= sequence.cost());
                    assert!(cost(&|order| order[one..=other].rotate_left(1)) >= sequence.cost());
                    assert!(cost(&|order| order[one..=other].rotate_right(1)) >= sequence.cost());
                }
            }
        }
    }
}
