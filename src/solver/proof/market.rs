//! What people's time costs: a price for every minute of every group, cut into buckets.

use super::minutes::{Hours, row_number};
use super::table::Table;
use crate::time::Tick;

/// Minutes that are looked at together first.
pub(super) const PART: usize = 16;
/// No bucket.
const NONE: u32 = u32::MAX;

/// Minutes of one group that have one price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    /// Row of the group.
    pub(super) group: usize,
    /// The first minute, and one more than the last.
    pub(super) span: (u32, u32),
    /// Minutes of its people.
    pub(super) capacity: i64,
}

/// All buckets.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    pub(super) rows: Vec<Bucket>,
    /// By group and minute.
    of: Vec<Vec<u32>>,
}

impl Buckets {
    /// Buckets of at most `length` elapsed minutes.
    pub(super) fn new(table: &Table<'_>, length: i64) -> Buckets {
        let ticks: Vec<Tick> = table.minutes.ticks().collect();
        let mut buckets = Buckets {
            rows: Vec::new(),
            of: vec![vec![NONE; ticks.len()]; table.groups.rows.len()],
        };
        for (group, open) in table.open.iter().enumerate() {
            let members = i64::try_from(table.groups.rows[group].len()).expect("few people");
            let mut last = None;
            for &minute in open {
                let part = ticks[minute as usize].0.div_euclid(length);
                if last != Some(part) {
                    last = Some(part);
                    buckets.rows.push(Bucket { group, span: (minute, minute), capacity: 0 });
                }
                let row = buckets.rows.len() - 1;
                buckets.of[group][minute as usize] = row_number(row);
                let bucket = &mut buckets.rows[row];
                bucket.capacity += members;
                bucket.span.1 = minute + 1;
            }
        }
        buckets
    }

    /// Cuts in two every bucket of which `wanted` names a half, by group, first minute, one more
    /// than the last, and capacity; halves of fewer than `least` minutes are not made. The old
    /// bucket of each new one.
    pub(super) fn split(
        &mut self,
        least: u32,
        wanted: impl Fn(usize, u32, u32, i64) -> bool,
    ) -> Vec<usize> {
        let mut parents = Vec::new();
        for row in 0..self.rows.len() {
            let Bucket { group, capacity, .. } = self.rows[row];
            let of = &self.of[group];
            let own = |from: u32, to: u32| {
                let of = &of[from as usize..to as usize];
                let count = of.iter().filter(|bucket| **bucket == row_number(row)).count();
                i64::try_from(count).expect("few minutes")
            };
            let span = &mut self.rows[row].span;
            // Its minutes need not lie close together: both halves must have some.
            let (middle, whole, later) = loop {
                let middle = span.0.midpoint(span.1);
                let (whole, later) = (own(span.0, span.1), own(middle, span.1));
                match later {
                    _ if span.1 - span.0 < 2 * least => break (middle, whole, 0),
                    0 => span.1 = middle,
                    _ if later == whole => span.0 = middle,
                    _ => break (middle, whole, later),
                }
            };
            let span = *span;
            if later == 0 {
                continue;
            }
            let moved = capacity / whole * later;
            let half = |from, to, capacity| wanted(group, from, to, capacity);
            if !half(span.0, middle, capacity - moved) && !half(middle, span.1, moved) {
                continue;
            }
            let new = row_number(self.rows.len());
            for of in &mut self.of[group][middle as usize..span.1 as usize] {
                if *of == row_number(row) {
                    *of = new;
                }
            }
            self.rows[row] = Bucket { group, span: (span.0, middle), capacity: capacity - moved };
            self.rows.push(Bucket { group, span: (middle, span.1), capacity: moved });
            parents.push(row);
        }
        parents
    }

    /// How many minutes of which bucket `taken` occupies, by row.
    pub(super) fn usage(&self, taken: &[Taken]) -> Vec<(u32, u32)> {
        let mut usage: Vec<(u32, u32)> = Vec::new();
        for piece in taken {
            for row in &self.of[piece.group as usize][piece.from as usize..piece.to as usize] {
                match usage.last_mut() {
                    Some(last) if last.0 == *row => last.1 += 1,
                    _ if *row != NONE => usage.push((*row, 1)),
                    _ => {}
                }
            }
        }
        usage.sort_unstable();
        usage.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        usage
    }

    /// What `minute` of `group` costs at `rates` per bucket; 0 where it is in none.
    pub(super) fn rate(&self, group: usize, minute: usize, rates: &[i64]) -> i64 {
        let row = self.of[group].get(minute).copied().unwrap_or(NONE);
        rates.get(row as usize).copied().unwrap_or(0)
    }

    /// By group: what all minutes before each cost at `rates` per bucket.
    fn before(&self, rates: &[i64]) -> Vec<Vec<i64>> {
        let one = |of: &Vec<u32>| {
            let mut sum = 0;
            let sums = of.iter().map(|row| {
                sum += rates.get(*row as usize).copied().unwrap_or(0);
                sum
            });
            std::iter::once(0).chain(sums).collect()
        };
        self.of.iter().map(one).collect()
    }
}

/// A piece of work: somebody of a group is occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taken {
    /// Row of the group.
    pub(super) group: u32,
    /// The first minute.
    pub(super) from: u32,
    /// One more than the last.
    pub(super) to: u32,
}

/// Prices of people's time.
pub(super) struct Market {
    /// By group: the price of all minutes before each.
    before: Vec<Vec<i64>>,
    /// By line.
    pub(super) lines: Vec<Priced>,
}

/// The minutes of a line, priced.
pub(super) struct Priced {
    /// Regular minutes.
    pub(super) regular: Run,
    /// All of them, with what extra ones cost; empty where there are none.
    pub(super) all: Run,
    /// By row of all: up to its end, less the cheapest extra price of all regular ones so far.
    pub(super) mixed: Vec<i64>,
    /// The least of each [`PART`] of them.
    pub(super) least: Vec<i64>,
    /// By row of all: what is paid before it.
    pub(super) start: Vec<i64>,
}

/// What is paid for the minutes up to each start and each end.
pub(super) struct Run {
    pub(super) starts: Vec<i64>,
    pub(super) ends: Vec<i64>,
}

impl Market {
    /// Buckets at `rates` per minute.
    pub(super) fn new(table: &Table<'_>, buckets: &Buckets, rates: &[i64]) -> Market {
        let before = buckets.before(rates);
        let lines = table.lines.iter();
        let lines = lines.map(|line| Priced::new(&table.hours[line.hours], &before[line.group]));
        let lines = lines.collect();
        Market { before, lines }
    }

    /// What occupying people so costs.
    pub(super) fn price(&self, taken: &[Taken]) -> i64 {
        let one = |piece: &Taken| {
            let before = &self.before[piece.group as usize];
            before[piece.to as usize] - before[piece.from as usize]
        };
        taken.iter().map(one).sum()
    }
}

impl Priced {
    fn new(hours: &Hours, before: &[i64]) -> Priced {
        let run = |numbers: &[u32]| Run {
            starts: numbers.iter().map(|number| before[*number as usize]).collect(),
            ends: numbers.iter().map(|number| before[*number as usize + 1]).collect(),
        };
        let (regular, mut all) = (run(&hours.regular.rows), run(&hours.all.rows));
        let start = all.starts.clone();
        let regular_to = |row: usize| {
            let next = hours.before.get(row + 1).map_or(hours.regular.rows.len(), |n| *n as usize);
            i64::try_from(next).expect("few minutes")
        };
        let ends = all.ends.iter().enumerate();
        let mixed: Vec<i64> =
            ends.map(|(row, end)| end - hours.cheapest * regular_to(row)).collect();
        let least = mixed.chunks(PART).filter_map(|part| part.iter().min().copied()).collect();
        for (start, paid) in all.starts.iter_mut().zip(&hours.paid) {
            *start += paid;
        }
        for (end, paid) in all.ends.iter_mut().zip(hours.paid.iter().skip(1)) {
            *end += paid;
        }
        Priced { regular, all, mixed, least, start }
    }
}
