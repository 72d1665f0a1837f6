//! Better prices for people's time, from the ways to serve each ticket known so far: a proximal
//! bundle method, every ticket with a bundle of its own (Kiwiel 1990; Frangioni and Gorgone 2014).
//!
//! The known ways overestimate what prices prove, the more so the farther from prices tried. So the
//! prices asked for next are not the best by this model, but the best less a penalty: the square of
//! the distance to the best prices so far, by the capacity of each bucket and divided by a
//! reach. Its dual is a mix of ways, each ticket's adding up to one, of least cost, where the
//! price of a bucket rises with its overuse from where it stands. That is solved ticket by ticket,
//! moving a share from the dearest way in the mix to the cheapest (pairwise steps of Frank and
//! Wolfe: Lacoste-Julien and Jaggi 2015), which takes milliseconds for tens of thousands of ways.

use super::{float, whole_number};

/// The dearest minute, in units: any price is safe as long as all minutes at it still fit.
const DEAREST_MINUTE: i64 = 1 << 40;
/// Rounds over all tickets between two questions.
const PASSES: u32 = 30;
/// A round that gains less than one in so many of the best one is the last.
const LITTLE: f64 = 100.0;
/// Halvings and Newton steps to the best share to move, at most.
const SEARCHES: u32 = 12;
/// Entries of ways that are as much work as a minute looked at.
const ENTRIES: u64 = 2;
/// A share that counts as none.
const NOTHING: f64 = 1e-12;
/// A whole share.
pub(in crate::solver) const WHOLE: i64 = 1_000_000;
/// By how much the reach changes when prices turned out well, or badly.
const CHANGE: f64 = 1.5;
/// The reach falls to one in so many of its first value: nearer to the best, nothing is learned.
const NEAR: f64 = 3.0;
/// A mix uses full buckets far beyond what there is: by one in so many.
const OVERFULL: f64 = 20.0;
/// The greatest reach, in fen.
const FAR: f64 = 1e15;
/// A way without a share is forgotten after so many questions.
const PATIENCE: u8 = 40;

/// Bucket and minutes.
pub(in crate::solver) type Usage = Vec<(u32, u32)>;

/// A way to serve a ticket.
#[derive(Clone, Debug)]
struct Way {
    /// In fen.
    cost: f64,
    usage: Usage,
    /// Its part in the mix.
    share: f64,
    /// Questions since it had one.
    idle: u8,
}

/// A group's minutes with one price.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    capacity: f64,
    /// By the mix.
    used: f64,
    /// The best price so far, in fen per minute.
    best: f64,
}

impl Bucket {
    /// The price when it is used by `more` minutes than now.
    fn price(&self, more: f64, reach: f64) -> f64 {
        (self.best + reach * ((self.used + more) / self.capacity - 1.0)).max(0.0)
    }
}

/// What is known of all tickets.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Bundle {
    ways: Vec<Way>,
    /// By row of a ticket: its ways.
    of: Vec<Vec<u32>>,
    buckets: Vec<Bucket>,
    /// By how many fen a minute's price rises when a bucket is used twice over.
    reach: f64,
    /// Its least.
    nearest: f64,
    /// Parts of a fen that others reckon in.
    unit: f64,
    /// Of buckets, as the mix stands, in fen per minute.
    prices: Vec<f64>,
    /// Of the step at hand: minutes by bucket, per share moved.
    moved: Vec<(u32, f64)>,
}

impl Bundle {
    /// For `rows` tickets, with costs in parts of a fen, `unit` of them to one.
    pub(in crate::solver) fn new(rows: usize, unit: i64) -> Bundle {
        Bundle { of: vec![Vec::new(); rows], reach: 1.0, unit: float(unit), ..Bundle::default() }
    }

    /// Hears about what a minute may be worth, in fen.
    pub(in crate::solver) fn expect(&mut self, fen: i64) {
        self.reach = float(fen.max(1));
        self.nearest = self.reach / NEAR;
    }

    /// Cuts time into buckets: capacity and best price; with the `usages` of the ways there are, in
    /// their order.
    pub(in crate::solver) fn cut(
        &mut self,
        buckets: impl Iterator<Item = (i64, i64)>,
        usages: impl Iterator<Item = Usage>,
    ) {
        let new = buckets.map(|(capacity, best)| Bucket {
            capacity: float(capacity),
            used: 0.0,
            best: float(best) / self.unit,
        });
        self.buckets = new.collect();
        for (way, usage) in self.ways.iter_mut().zip(usages) {
            way.usage = usage;
            for (bucket, minutes) in &way.usage {
                self.buckets[*bucket as usize].used += f64::from(*minutes) * way.share;
            }
        }
    }

    /// Adds a way to serve the ticket of `row` for `cost`. The first one serves it at once.
    pub(in crate::solver) fn add(&mut self, row: usize, cost: i64, usage: Usage) {
        let share = if self.of[row].is_empty() { 1.0 } else { 0.0 };
        for (bucket, minutes) in &usage {
            self.buckets[*bucket as usize].used += f64::from(*minutes) * share;
        }
        self.of[row].push(u32::try_from(self.ways.len()).expect("fewer ways than fit in memory"));
        self.ways.push(Way { cost: float(cost) / self.unit, usage, share, idle: 0 });
    }

    /// Looks for the best mix; about how much work that was, in minutes looked at by the proof.
    pub(in crate::solver) fn relax(&mut self) -> u64 {
        let price = |bucket: &Bucket| bucket.price(0.0, self.reach);
        self.prices = self.buckets.iter().map(price).collect();
        let (mut entries, mut first) = (0, NOTHING);
        for _ in 0..PASSES {
            let mut gain = 0.0;
            for row in 0..self.of.len() {
                gain += self.relax_row(row);
            }
            entries += self.ways.iter().map(|way| way.usage.len()).sum::<usize>();
            first = first.max(gain);
            if gain <= first / LITTLE {
                break;
            }
        }
        for way in &mut self.ways {
            way.idle = if way.share > 0.0 { 0 } else { way.idle.saturating_add(1) };
        }
        u64::try_from(entries).unwrap_or(u64::MAX) / ENTRIES
    }

    /// Moves a share of one ticket; about how much that gains, in fen.
    fn relax_row(&mut self, row: usize) -> f64 {
        let (mut cheapest, mut dearest) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
        for way in &self.of[row] {
            let cost = self.cost(&self.ways[*way as usize]);
            if cost < cheapest.0 {
                cheapest = (cost, *way as usize);
            }
            if cost > dearest.0 && self.ways[*way as usize].share > 0.0 {
                dearest = (cost, *way as usize);
            }
        }
        let (to, from) = (cheapest.1, dearest.1);
        let gain = dearest.0 - cheapest.0;
        if gain <= 0.0 {
            return 0.0;
        }
        self.moved.clear();
        for (way, sign) in [(to, 1.0), (from, -1.0)] {
            let usage = self.ways[way].usage.iter();
            self.moved.extend(usage.map(|(bucket, minutes)| (*bucket, f64::from(*minutes) * sign)));
        }
        let share =
            self.best_share(self.ways[to].cost - self.ways[from].cost, self.ways[from].share);
        for (bucket, minutes) in &self.moved {
            let row = *bucket as usize;
            self.buckets[row].used += minutes * share;
            self.prices[row] = self.buckets[row].price(0.0, self.reach);
        }
        self.ways[to].share += share;
        let left = self.ways[from].share - share;
        self.ways[from].share = if left > NOTHING { left } else { 0.0 };
        gain * share
    }

    /// How much to move as `self.moved` tells, at `cost` more, so that nothing is gained by more;
    /// at most `all`.
    fn best_share(&mut self, cost: f64, all: f64) -> f64 {
        // Both ways may use a bucket.
        self.moved.sort_unstable_by_key(|(bucket, _)| *bucket);
        self.moved.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        let slope = |share: f64| {
            let (mut slope, mut rise) = (cost, 0.0);
            for (bucket, minutes) in &self.moved {
                let bucket = &self.buckets[*bucket as usize];
                let price = bucket.price(share * minutes, self.reach);
                if price > 0.0 {
                    slope += price * minutes;
                    rise += self.reach / bucket.capacity * minutes * minutes;
                }
            }
            (slope, rise)
        };
        if slope(all).0 <= 0.0 {
            return all;
        }
        let (mut least, mut most, mut share) = (0.0, all, 0.0);
        for _ in 0..SEARCHES {
            let (now, rise) = slope(share);
            *(if now > 0.0 { &mut most } else { &mut least }) = share;
            let newton = share - now / rise;
            let inside = newton > least && newton < most;
            let next = if inside { newton } else { f64::midpoint(least, most) };
            if (next - share).abs() <= all * 1e-6 {
                return next;
            }
            share = next;
        }
        share
    }

    /// Cost of a way, its time priced.
    fn cost(&self, way: &Way) -> f64 {
        let priced =
            |(bucket, minutes): &(u32, u32)| self.prices[*bucket as usize] * f64::from(*minutes);
        way.cost + way.usage.iter().map(priced).sum::<f64>()
    }

    /// The prices of the mix, to be asked for next, by bucket and per minute.
    pub(in crate::solver) fn prices(&self) -> Vec<i64> {
        let whole = |fen: &f64| whole_number(fen * self.unit).min(DEAREST_MINUTE);
        self.prices.iter().map(whole).collect()
    }

    /// Hears that `prices` are the best so far.
    pub(in crate::solver) fn settle(&mut self, prices: &[i64]) {
        for (bucket, price) in self.buckets.iter_mut().zip(prices) {
            bucket.best = float(*price) / self.unit;
        }
    }

    /// Lets prices move further from the best from now on.
    pub(in crate::solver) fn widen(&mut self) {
        self.reach = (self.reach * CHANGE).min(FAR);
    }

    /// Keeps prices closer to the best from now on.
    pub(in crate::solver) fn narrow(&mut self) {
        self.reach = (self.reach / CHANGE).max(self.nearest);
    }

    /// Whether the mix uses full buckets far beyond what there is, and prices could still be moved
    /// further: the model then says little of the best prices.
    pub(in crate::solver) fn is_overfull(&self) -> bool {
        let overfull = self.buckets.iter().filter(|bucket| bucket.used > bucket.capacity);
        let (mut over, mut all) = (0.0, 0.0);
        for bucket in overfull {
            over += bucket.used - bucket.capacity;
            all += bucket.capacity;
        }
        over > all / OVERFULL && self.reach < FAR
    }

    /// The share of each way in the mix, in millionths.
    pub(in crate::solver) fn mix(&self) -> Vec<i64> {
        self.ways.iter().map(|way| whole_number(way.share * float(WHOLE))).collect()
    }

    /// Forgets ways that have had no share for long; which of them stay, by their order.
    pub(in crate::solver) fn forget(&mut self) -> Vec<bool> {
        let stays = |way: &Way| way.idle < PATIENCE || way.usage.is_empty();
        let kept: Vec<bool> = self.ways.iter().map(stays).collect();
        let mut number = 0;
        let mut numbers = Vec::with_capacity(kept.len());
        for stays in &kept {
            numbers.push(stays.then_some(number));
            number += u32::from(*stays);
        }
        for of in &mut self.of {
            *of = of.iter().filter_map(|way| numbers[*way as usize]).collect();
        }
        self.ways.retain(stays);
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::{Bundle, PATIENCE, Usage, WHOLE};

    /// Parts of a fen.
    const UNIT: i64 = 1 << 20;

    /// What `prices` prove when these are all ways there are: (row, fen, minutes by bucket).
    fn proven(ways: &[(usize, i64, Usage)], capacities: &[i64], prices: &[i64]) -> i64 {
        let priced = |way: &(usize, i64, Usage)| {
            let time =
                way.2.iter().map(|(bucket, used)| prices[*bucket as usize] * i64::from(*used));
            way.1 * UNIT + time.sum::<i64>()
        };
        let rows = ways.iter().map(|way| way.0).max().unwrap_or(0);
        let least = |row| ways.iter().filter(|way| way.0 == row).map(priced).min().unwrap_or(0);
        let idle: i64 = capacities.iter().zip(prices).map(|(minutes, price)| minutes * price).sum();
        ((0..=rows).map(least).sum::<i64>() - idle) / UNIT
    }

    /// The best that is proven in so many questions.
    fn best(ways: &[(usize, i64, Usage)], capacities: &[i64], questions: u32) -> i64 {
        let mut bundle = Bundle::new(4, UNIT);
        bundle.cut(capacities.iter().map(|capacity| (*capacity, 0)), std::iter::empty());
        bundle.expect(1);
        for (row, cost, usage) in ways {
            bundle.add(*row, *cost * UNIT, usage.clone());
        }
        let mut best = 0;
        for _ in 0..questions {
            bundle.relax();
            let prices = bundle.prices();
            let now = proven(ways, capacities, &prices);
            if now > best {
                best = now;
                bundle.settle(&prices);
            }
            bundle.widen();
        }
        best
    }

    /// Two tickets of an hour each ask for the same hour, one of them must wait for 100 fen.
    #[test]
    fn an_hour_asked_for_twice_has_the_price_of_waiting() {
        let ways = [
            (0, 0, vec![(0, 60)]),
            (0, 100, Vec::new()),
            (1, 0, vec![(0, 60)]),
            (1, 100, Vec::new()),
        ];
        assert_eq!(best(&ways, &[60], 30), 99, "rounded down");
        // With two hours nobody waits.
        assert_eq!(best(&ways, &[120], 30), 0);
    }

    /// Three tickets and two hours, of which the third ticket needs both: who waits most cheaply
    /// does.
    #[test]
    fn the_cheapest_waits() {
        let mut ways = vec![(2, 0, vec![(0, 60), (1, 60)]), (2, 250, Vec::new())];
        for (row, cost) in [(0, 100), (1, 120)] {
            ways.push((row, 0, vec![(0, 60)]));
            ways.push((row, 10, vec![(1, 60)]));
            ways.push((row, cost, Vec::new()));
        }
        // The first two for 100 + 120; were it the third, for 250 and 10 more in the second hour.
        let found = best(&ways, &[60, 60], 60);
        assert!((219..=220).contains(&found), "{found}");
    }

    #[test]
    fn what_has_no_share_for_long_is_forgotten() {
        let mut bundle = Bundle::new(1, UNIT);
        bundle.cut([(60, 0)].into_iter(), std::iter::empty());
        for cost in [5, 3, 4] {
            bundle.add(0, cost * UNIT, vec![(0, 30)]);
        }
        for _ in 0..=PATIENCE {
            bundle.relax();
        }
        assert_eq!(bundle.mix(), [0, WHOLE, 0]);
        assert_eq!(bundle.forget(), [false, true, false]);
        assert_eq!(bundle.mix(), [WHOLE]);
    }
}
