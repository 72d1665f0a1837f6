//! The best prices for people's time, as far as the ways to serve each ticket known so far tell:
//! the master program of column generation (Dantzig and Wolfe 1960).
//!
//! Minimise the cost of a mix of ways, each ticket's adding up to one, no bucket of people's time
//! used beyond what there is. The duals of the buckets are the prices. Solved by an interior point
//! method, whose duals lie amid all best ones: those of a corner jump about from call to call.

use good_lp::solvers::clarabel::clarabel;
use good_lp::{
    DualValues as _, Expression, ProblemVariables, Solution as _, SolutionWithDual as _,
    SolverModel as _, variable,
};

/// A way to serve a ticket.
#[derive(Clone, Copy, Debug)]
pub(in crate::solver) struct Column<'a> {
    /// The ticket's row.
    pub(in crate::solver) row: usize,
    /// What it costs, in fen.
    pub(in crate::solver) cost: i64,
    /// Bucket and minutes.
    pub(in crate::solver) usage: &'a [(u32, u32)],
}

/// What the program says.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Prices {
    /// Per minute of each bucket, in parts of a fen: `unit` of them are one.
    pub(in crate::solver) rates: Vec<i64>,
    /// The least cost of a mix, in fen, about.
    pub(in crate::solver) value: i64,
    /// The share of each column in that mix, in millionths.
    pub(in crate::solver) mix: Vec<i64>,
}

/// A whole share.
pub(in crate::solver) const WHOLE: i64 = 1_000_000;

/// Fen that count as one in the program, so that its numbers lie near one.
const SCALE: f64 = 100.0;

/// About how much work the program of `columns` is, in minutes looked at by the proof.
pub(in crate::solver) fn looks(columns: &[Column<'_>]) -> u64 {
    let entries: usize = columns.iter().map(|column| column.usage.len() + 3).sum();
    u64::try_from(entries).unwrap_or(u64::MAX / 4096) * 2_000
}

/// Buckets in the program: by bucket, for how many more calls it stays though it has no price.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Watched(Vec<u8>);

/// Calls a bucket without a price stays.
const PATIENCE: u8 = 4;
/// Programs in one call: each adds the buckets that the mix of the last one overused.
const TURNS: u32 = 4;
/// A mix may overuse a bucket by one in so many before that is added.
const SLACK: f64 = 100.0;

impl Watched {
    /// Watches bucket `new` as long as `old`.
    pub(in crate::solver) fn split(&mut self, old: usize) {
        self.0.push(self.0.get(old).copied().unwrap_or(0));
    }
}

/// The prices at which the best mix of `columns` pays; `None` when the solver finds none. Every
/// row needs a column that uses nothing. `unit` is the finest part of a fen. Most buckets are never
/// short: only those `watched` are in the program, whose effort grows with the cube of their number.
pub(in crate::solver) fn prices(
    rows: usize,
    capacities: &[i64],
    columns: &[Column<'_>],
    unit: i64,
    watched: &mut Watched,
) -> Option<Prices> {
    watched.0.resize(capacities.len(), 0);
    let mut turn = 0;
    loop {
        turn += 1;
        let names = (0..capacities.len()).filter(|bucket| watched.0[*bucket] > 0);
        let names: Vec<usize> = names.collect();
        let (mix, duals) = solved(rows, capacities, columns, &names)?;
        let overused = overused(capacities, columns, &mix);
        let news = overused.into_iter().filter(|bucket| watched.0[*bucket] == 0);
        let news: Vec<usize> = news.collect();
        for bucket in &news {
            watched.0[*bucket] = PATIENCE;
        }
        if !news.is_empty() && turn < TURNS {
            continue;
        }
        let mut rates = vec![0; capacities.len()];
        for (bucket, dual) in names.into_iter().zip(duals) {
            let fen = dual * SCALE / float(capacities[bucket]);
            rates[bucket] = whole_number(fen * float(unit)).max(0);
            let left = &mut watched.0[bucket];
            // An interior point has a little of every price.
            *left = if fen > 1e-4 { PATIENCE } else { *left - 1 };
        }
        let costs = mix.iter().zip(columns).map(|(share, column)| share * float(column.cost));
        let value = whole_number(costs.sum());
        let mix = mix.iter().map(|share| whole_number(share * float(WHOLE)).max(0)).collect();
        return Some(Prices { rates, value, mix });
    }
}

/// The best mix of `columns` and what the `names` buckets are worth.
fn solved(
    rows: usize,
    capacities: &[i64],
    columns: &[Column<'_>],
    names: &[usize],
) -> Option<(Vec<f64>, Vec<f64>)> {
    let mut number = vec![usize::MAX; capacities.len()];
    for (row, bucket) in names.iter().enumerate() {
        number[*bucket] = row;
    }
    let mut variables = ProblemVariables::new();
    let shares: Vec<_> = columns.iter().map(|_| variables.add(variable().min(0.0))).collect();
    let mut cost = Expression::with_capacity(columns.len());
    let mut whole = vec![Expression::default(); rows];
    let mut used = vec![Expression::default(); names.len()];
    for (share, column) in shares.iter().zip(columns) {
        cost.add_mul(float(column.cost) / SCALE, *share);
        whole[column.row].add_mul(1.0, *share);
        for (bucket, minutes) in column.usage {
            let bucket = *bucket as usize;
            if let Some(used) = used.get_mut(number[bucket]) {
                used.add_mul(f64::from(*minutes) / float(capacities[bucket]), *share);
            }
        }
    }
    let mut model = variables.minimise(cost).using(clarabel);
    model.settings().verbose(false);
    for row in whole {
        model.add_constraint(row.eq(1.0));
    }
    let limits: Vec<_> = used.into_iter().map(|row| model.add_constraint(row.leq(1.0))).collect();
    let mut solution = model.solve().ok()?;
    let mix = shares.iter().map(|share| solution.value(*share)).collect();
    let duals = solution.compute_dual();
    // A limit from above in a minimisation has a dual that is not positive.
    let duals = limits.into_iter().map(|limit| -duals.dual(limit)).collect();
    Some((mix, duals))
}

/// The buckets that `mix` uses beyond what there is.
fn overused(capacities: &[i64], columns: &[Column<'_>], mix: &[f64]) -> Vec<usize> {
    let mut used = vec![0.0; capacities.len()];
    for (column, share) in columns.iter().zip(mix) {
        for (bucket, minutes) in column.usage {
            used[*bucket as usize] += share * f64::from(*minutes);
        }
    }
    let most = capacities.iter().map(|capacity| float(*capacity) * (1.0 + 1.0 / SLACK));
    let rows = used.iter().zip(most).enumerate();
    rows.filter(|(_, (used, most))| *used > most).map(|(bucket, _)| bucket).collect()
}

#[expect(clippy::cast_precision_loss, reason = "costs and minutes are far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "it saturates, and what is not a number is 0")]
fn whole_number(number: f64) -> i64 {
    number.round() as i64
}
