//! A cost no plan can undercut, from prices of people's time.
//!
//! *The bound.* Give every minute of every person a price λ ≥ 0, and let each ticket be served for
//! lateness, extra pay and the priced minutes its people are occupied, as cheaply as that can be
//! done (or left out). No plan occupies more minutes than there are, so whatever the prices
//!
//! ```text
//! Σ tickets' cheapest − Σ λ · minutes ≤ the cost of any plan.
//! ```
//!
//! This is Lagrangian relaxation of capacity (Fisher 1973; Luh and Hoitomt 1993 for job shops). The
//! cheapest way of a ticket is found exactly, to the minute, over its chain of steps (`ticket`), in
//! whole numbers of 2⁻²⁰ fen, so nothing is lost to rounding and the solver of the prices need not be
//! trusted. What the relaxation leaves out (all ≥ 0 or only narrowing): people beside the lead,
//! steps' own rules on who else, things, travel, caps, quotas, pins on order, change, imbalance,
//! trips, batches and followers. As every cost is a whole number of fen, the bound is rounded up.
//!
//! *The prices.* Any serve; the best come from column generation (Dantzig and Wolfe 1960): the ways
//! found so far go into a linear program (`solver::lp::master`), its duals are the next prices, half
//! mixed with the best so far (Wentges 1997), and the cheapest ways at those prices are new columns.
//! Prices hold for an hour at first; where they are not 0, hours are halved.
//!
//! Must not know the clock: how far it goes is told by the caller, in steps.

mod chain;
mod groups;
mod market;
mod minutes;
mod table;
mod ticket;
mod worth;

use std::collections::BTreeSet;

use self::market::{Buckets, Market, Taken};
use self::minutes::{UNIT, row_number};
use self::table::{NEVER, Table};
use self::ticket::Desk;
use super::extra;
use super::lanes::Threads;
use super::lp::master::{self, Column, WHOLE, Watched};
use super::schedule::Placement;
use crate::id;
use crate::id::Id;
use crate::model::work::{Step, Ticket};
use crate::problem::{Fixed, Problem};

pub use worth::{Gap, Worth};

/// Elapsed minutes of a bucket at first, at most.
const LENGTH: i64 = 240;
/// The dearest minute, in units: any price is safe as long as all minutes at it still fit, whatever
/// a program may say.
const DEAREST_MINUTE: i64 = 1 << 40;
/// Least minutes of a bucket.
const SHORTEST: u32 = 4;
/// Program and bound agree within one in so many: more steps at these buckets do not pay.
const CLOSE: i128 = 100;
/// Ways kept of each ticket in any case, those cheapest at the best prices.
const KEPT: usize = 12;
/// No way is forgotten that is dearer than the cheapest by less than so many times the difference
/// between program and bound: beyond once, it is no part of any best mix at these buckets.
const CAUTION: i128 = 2;

/// A way to serve a ticket.
struct Way {
    row: usize,
    /// Without the price of people's time, in units.
    cost: i64,
    taken: Vec<Taken>,
    usage: Vec<(u32, u32)>,
}

/// A proof under way.
pub struct Proof<'p> {
    table: Table<'p>,
    buckets: Buckets,
    ways: Vec<Way>,
    known: BTreeSet<(usize, Vec<Taken>)>,
    /// The best prices so far, per bucket.
    best: Vec<i64>,
    /// What each ticket costs at them, in units.
    values: Vec<i64>,
    /// Those the program names.
    named: Vec<i64>,
    watched: Watched,
    /// The next step asks at the prices named alone.
    pure: bool,
    /// In units.
    bound: i128,
    done: bool,
    steps: u32,
    looks: u64,
}

/// What every ticket costs at some prices.
struct Quoted {
    /// In units, with the price of people's time.
    values: Vec<i64>,
    taken: Vec<Vec<Taken>>,
    /// In units.
    bound: i128,
    looks: u64,
}

impl<'p> Proof<'p> {
    /// Begins with no price at all.
    #[must_use]
    pub fn new(problem: &'p Problem) -> Proof<'p> {
        let table = Table::new(problem);
        let buckets = Buckets::new(&table, LENGTH);
        let nothing = vec![0; buckets.rows.len()];
        let done = table.rows.is_empty() || table.minutes.count() == 0;
        let mut proof = Proof {
            table,
            buckets,
            ways: Vec::new(),
            known: BTreeSet::new(),
            best: nothing.clone(),
            values: Vec::new(),
            named: nothing,
            watched: Watched::default(),
            pure: false,
            bound: 0,
            done,
            steps: 0,
            looks: 0,
        };
        for (row, ticket) in proof.table.rows.iter().enumerate() {
            let cost = ticket.unserved.min(ticket.escape);
            proof.ways.push(Way { row, cost, taken: Vec::new(), usage: Vec::new() });
        }
        proof
    }

    /// Whether more steps would not help.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Steps taken.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// How much work the steps so far were: minutes looked at, and entries of the programs many
    /// times over. The same on every machine.
    #[must_use]
    pub fn looks(&self) -> u64 {
        self.looks
    }

    /// No plan costs less, in fen.
    #[must_use]
    pub fn bound(&self) -> i64 {
        let unit = i128::from(UNIT);
        let up = (self.bound + unit - 1).div_euclid(unit);
        i64::try_from(up).unwrap_or(0).max(0)
    }

    /// One step: prices, the cheapest ways at them, and what these say of better prices.
    pub fn step(&mut self, threads: &Threads) {
        if self.done {
            return;
        }
        self.steps += 1;
        let mixed = self.best.iter().zip(&self.named).map(|(best, named)| (best + named) / 2);
        let rates = if self.pure { self.named.clone() } else { mixed.collect() };
        let quoted = self.quote(&rates, threads);
        let news = self.take(quoted, &rates);
        let columns = self.ways.iter().map(|way| Column {
            row: way.row,
            cost: way.cost / UNIT,
            usage: &way.usage,
        });
        let columns: Vec<Column<'_>> = columns.collect();
        self.looks += master::looks(&columns);
        let capacities: Vec<i64> = self.buckets.rows.iter().map(|row| row.capacity).collect();
        let rows = self.table.rows.len();
        let Some(prices) = master::prices(rows, &capacities, &columns, UNIT, &mut self.watched)
        else {
            self.done = true;
            return;
        };
        self.named = prices.rates.into_iter().map(|rate| rate.min(DEAREST_MINUTE)).collect();
        let gap = i128::from(prices.value) * i128::from(UNIT) - self.bound;
        // Nothing new at the prices named means that they are the best for these buckets.
        let is_best = self.pure && news == 0;
        self.pure = news == 0 && !is_best;
        if is_best || gap <= self.bound.abs() / CLOSE + i128::from(UNIT) {
            self.refine(&prices.mix);
        } else {
            self.forget(gap * CAUTION);
        }
    }

    /// Halves the buckets of which a half is used beyond what there is by `mix` of the ways.
    fn refine(&mut self, mix: &[i64]) {
        let used = self.used(mix);
        let parents = self.buckets.split(SHORTEST, |group, from, to, capacity| {
            let used = used[group][to as usize] - used[group][from as usize];
            used > capacity * WHOLE + WHOLE / 20
        });
        self.done = parents.is_empty();
        for parent in parents {
            self.best.push(self.best[parent]);
            self.named.push(self.named[parent]);
            self.watched.split(parent);
        }
        for way in &mut self.ways {
            way.usage = self.buckets.usage(&way.taken);
        }
    }

    /// By group: minutes used before each one by `mix` of the ways, in millionths.
    fn used(&self, mix: &[i64]) -> Vec<Vec<i64>> {
        let minutes = self.table.minutes.count() + 1;
        let mut used = vec![vec![0; minutes]; self.table.groups.rows.len()];
        for (way, share) in self.ways.iter().zip(mix).filter(|(_, share)| **share > 0) {
            for piece in &way.taken {
                let group = &mut used[piece.group as usize];
                group[piece.from as usize] += share;
                group[piece.to as usize] -= share;
            }
        }
        for group in &mut used {
            let (mut now, mut sum) = (0, 0);
            for minute in group {
                now += *minute;
                (sum, *minute) = (sum + now, sum);
            }
        }
        used
    }

    /// Forgets the ways that are dearer than the cheapest of their ticket by more than `gap` at the
    /// best prices.
    fn forget(&mut self, gap: i128) {
        let price = |way: &Way| {
            let priced = way
                .usage
                .iter()
                .map(|(bucket, minutes)| self.best[*bucket as usize] * i64::from(*minutes));
            way.cost.saturating_add(priced.sum::<i64>()).saturating_sub(self.values[way.row])
        };
        let prices: Vec<i64> = self.ways.iter().map(price).collect();
        let mut order: Vec<usize> = (0..self.ways.len()).collect();
        order.sort_by_key(|way| (self.ways[*way].row, prices[*way], *way));
        let mut kept = vec![false; self.ways.len()];
        for of_row in order.chunk_by(|one, other| self.ways[*one].row == self.ways[*other].row) {
            for (rank, way) in of_row.iter().enumerate() {
                let near = i128::from(prices[*way]) <= gap;
                kept[*way] = rank < KEPT || near || self.ways[*way].taken.is_empty();
            }
        }
        let mut kept = kept.into_iter();
        let known = &mut self.known;
        self.ways.retain(|way| {
            let stays = kept.next().unwrap_or(true);
            if !stays {
                known.remove(&(way.row, way.taken.clone()));
            }
            stays
        });
    }

    /// What every ticket costs at `rates` per bucket and minute.
    fn quote(&self, rates: &[i64], threads: &Threads) -> Quoted {
        let market = Market::new(&self.table, &self.buckets, rates);
        let table = &self.table;
        let mut limits: Vec<i64> = vec![NEVER; table.rows.len()];
        for way in &self.ways {
            let limit = &mut limits[way.row];
            *limit = (*limit).min(way.cost.saturating_add(market.price(&way.taken)));
        }
        let rows: Vec<usize> = (0..table.rows.len()).collect();
        let found = threads.map_with(&rows, Desk::default, |desk, row| {
            desk.looks = 0;
            let mut taken = Vec::new();
            let value = desk.cheapest(table, &market, &table.rows[*row], limits[*row], &mut taken);
            (value, taken, desk.looks)
        });
        let mut bound = i128::from(table.rest) * i128::from(UNIT);
        for (bucket, rate) in self.buckets.rows.iter().zip(rates) {
            bound -= i128::from(bucket.capacity) * i128::from(*rate);
        }
        let mut quoted = Quoted { values: Vec::new(), taken: Vec::new(), bound, looks: 0 };
        for (value, taken, looks) in found {
            // Without any way at all nothing is known of it.
            let value = if value < NEVER { value } else { 0 };
            quoted.bound += i128::from(value);
            quoted.looks += looks;
            quoted.values.push(value);
            quoted.taken.push(taken);
        }
        quoted
    }

    /// Takes what was quoted at `rates`; how many ways were new.
    fn take(&mut self, quoted: Quoted, rates: &[i64]) -> usize {
        let market = Market::new(&self.table, &self.buckets, rates);
        self.looks += quoted.looks;
        if quoted.bound > self.bound || self.steps == 1 {
            self.bound = quoted.bound;
            self.best = rates.to_vec();
            self.values.clone_from(&quoted.values);
        }
        let mut news = 0;
        for (row, (value, taken)) in quoted.values.into_iter().zip(quoted.taken).enumerate() {
            if taken.is_empty() {
                continue;
            }
            let cost = value - market.price(&taken);
            news += usize::from(self.know(row, cost, taken));
        }
        news
    }

    /// Adds a way to serve `row`; whether it is new.
    fn know(&mut self, row: usize, cost: i64, taken: Vec<Taken>) -> bool {
        let is_new = self.known.insert((row, taken.clone()));
        if is_new {
            let usage = self.buckets.usage(&taken);
            self.ways.push(Way { row, cost, taken, usage });
        }
        is_new
    }

    /// Takes the ways in which tickets are served at `places` for known: with them the program
    /// knows from the beginning about what all of them cost together.
    pub fn learn(&mut self, places: &id::Column<Step, Option<Placement>>) {
        let problem = self.table.problem;
        for row in 0..self.table.rows.len() {
            let ticket = self.table.rows[row].ticket;
            if let Some((cost, taken)) = self.served(problem, ticket, places) {
                self.know(row, cost, taken);
            }
        }
    }

    /// The cost and the work of `ticket` at `places`; `None` when it is not whole there.
    fn served(
        &self,
        problem: &Problem,
        ticket: Id<Ticket>,
        places: &id::Column<Step, Option<Placement>>,
    ) -> Option<(i64, Vec<Taken>)> {
        let (mut cost, mut taken) = (0, Vec::new());
        let mut finish = problem.as_of;
        for step in &problem.tickets[ticket].steps {
            let place = places[*step]?;
            finish = finish.max(place.end);
            let row = &problem.steps[*step];
            if row.fixed != Fixed::Free || row.wait.is_some() {
                continue;
            }
            let choice = &problem.options[place.choice as usize];
            cost += choice.price;
            if place.extra {
                let (_, counts) = extra::split(problem, choice, place.start, place.end)?;
                cost += extra::price(problem, choice, &counts);
            }
            let group = self.table.groups.of[*problem.crew(choice).first()?];
            let minutes = &self.table.minutes;
            taken.push(Taken {
                group: row_number(group),
                from: row_number(minutes.next(place.start)),
                to: row_number(minutes.next(place.end)),
            });
        }
        cost += problem.lateness(ticket, finish);
        Some((cost.min(1 << 38) * UNIT, taken))
    }
}
