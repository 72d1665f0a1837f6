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
//! cheapest way of a ticket is found exactly, to the minute, over its chain of steps (`ticket`; work
//! that many tickets need is priced once: `frontier`), in whole numbers of 2⁻²⁰ fen, so nothing is
//! lost to rounding and the solver of the prices need not be trusted. What the relaxation leaves
//! out (all ≥ 0 or only narrowing): people beside the lead, steps' own rules on who else,
//! things, travel, caps, quotas, pins on order, change, imbalance, trips, batches and followers.
//! As every cost is a whole number of fen, the bound is rounded up.
//!
//! *The prices.* Any serve. Better ones come from the ways found so far by a bundle method
//! (`solver::lp::bundle`), and the cheapest ways at those are new ones. Prices hold for two hours at
//! first; a time of which a part is asked for too often is cut in two. Linear programs over the same
//! ways (Dantzig and Wolfe 1960), solved by an interior point method, gave the same prices far more
//! slowly: the crate's documentation tells how much.
//!
//! Must not know the clock: how far it goes is told by the caller, in steps.

mod asked;
mod chain;
mod frontier;
mod groups;
mod market;
mod minutes;
mod table;
mod ticket;
mod worth;

use std::collections::BTreeMap;

use self::frontier::Frontier;
use self::market::{Buckets, Market, Taken};
use self::minutes::row_number;
use self::table::{NEVER, Table};
use self::ticket::{Desk, Found, Offers};
use super::extra;
use super::lanes::Threads;
use super::lp::bundle::{Bundle, Usage, WHOLE};
use super::schedule::Placement;
use crate::id;
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::problem::{Fixed, Problem};
use crate::time::Tick;

pub(super) use self::minutes::UNIT;
pub use worth::{Gap, Worth};

/// Elapsed minutes of a bucket at first, at most.
const LENGTH: u32 = 120;
/// No bucket is cut so that it is more than so many times shorter than a piece of work on average.
const PIECES: u32 = 20;
/// Model and bound agree within one in so many: more steps at these buckets do not pay.
const CLOSE: i128 = 100;
/// The same when no bucket is cut any more.
const CLOSEST: i128 = 1000;
/// Prices are settled on when they gain one in so many of what the model says.
const GAIN: i128 = 10;
/// A minute may be worth so many times what one costs on average in the plan learned from.
const DEAR: i64 = 8;

/// Minutes of work that is priced once for several jobs, at most: each takes some fifty bytes.
const MOST_SHARED: usize = 1 << 22;

/// A way to serve a ticket.
struct Way {
    row: usize,
    /// Without the price of people's time, in units.
    cost: i64,
    taken: Vec<Taken>,
}

/// A proof under way.
pub struct Proof<'p> {
    table: Table<'p>,
    buckets: Buckets,
    ways: Vec<Way>,
    known: BTreeMap<(usize, Vec<Taken>), i64>,
    /// The best prices so far, per bucket.
    best: Vec<i64>,
    bundle: Bundle,
    /// Least minutes of a bucket.
    shortest: u32,
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
    /// By ticket: ways to serve it, the cheapest first.
    found: Vec<Vec<Found>>,
    /// In units.
    bound: i128,
    /// What the bound would be if there were no ways but those known, in units.
    model: i128,
    looks: u64,
}

impl<'p> Proof<'p> {
    /// Begins with no price at all.
    #[must_use]
    pub fn new(problem: &'p Problem) -> Proof<'p> {
        let table = Table::new(problem);
        let buckets = Buckets::new(&table, i64::from(LENGTH));
        let nothing = vec![0; buckets.rows.len()];
        let done = table.rows.is_empty() || table.minutes.count() == 0;
        let mut proof = Proof {
            table,
            buckets,
            ways: Vec::new(),
            known: BTreeMap::new(),
            best: nothing,
            bundle: Bundle::new(0, UNIT),
            shortest: 1,
            bound: 0,
            done,
            steps: 0,
            looks: 0,
        };
        proof.bundle = Bundle::new(proof.table.rows.len(), UNIT);
        proof.cut();
        for row in 0..proof.table.rows.len() {
            let ticket = &proof.table.rows[row];
            let cost = ticket.unserved.min(ticket.escape);
            proof.know(row, cost, Vec::new());
        }
        proof
    }

    /// What the minute of `person` at `tick` costs at the best prices so far, in units of which
    /// [`UNIT`] are a fen; 0 outside working time.
    pub(super) fn rate(&self, person: Id<Person>, tick: Tick) -> i64 {
        let minute = self.table.minutes.next(tick);
        self.buckets.rate(self.table.groups.of[person], minute, &self.best)
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
        self.step_unless(threads, &|| false);
    }

    /// One step, given up before any ticket at which `stop` says so; `false` where it was. Then
    /// everything is as it was before, but for prices asked for and not used: take no other.
    pub fn step_unless(&mut self, threads: &Threads, stop: &(dyn Fn() -> bool + Sync)) -> bool {
        if self.done {
            return true;
        }
        let rates = if self.steps == 0 { self.best.clone() } else { self.bundle.prices() };
        let Some(quoted) = self.quote(&rates, threads, stop) else { return false };
        self.steps += 1;
        self.looks += quoted.looks;
        let (before, gained) = (self.bound, quoted.bound - self.bound);
        let hoped = quoted.model - before;
        if self.steps == 1 {
            self.bound = quoted.bound;
            self.learn_scale();
        } else {
            if gained * 2 >= hoped {
                self.bundle.widen();
            } else if gained < -hoped {
                self.bundle.narrow();
            }
            if gained > 0 {
                self.bound = quoted.bound;
                self.best.clone_from(&rates);
            }
            if gained * GAIN >= hoped {
                self.bundle.settle(&rates);
            }
        }
        self.take(quoted, &rates);
        if self.steps > 1 && hoped.abs() <= before.abs() / CLOSE + i128::from(UNIT) * 100 {
            self.agree(hoped);
        }
        self.forget();
        self.looks += self.bundle.relax();
        true
    }

    /// Model and bound agree but for `hoped`: prices at these buckets are about the best, if prices
    /// could move as far as they would.
    fn agree(&mut self, hoped: i128) {
        if self.bundle.is_overfull() {
            self.bundle.widen();
        } else if !self.refine() {
            self.done = hoped <= self.bound.abs() / CLOSEST + i128::from(UNIT);
            self.bundle.widen();
        }
    }

    /// What a minute may be worth, and how short a bucket may be, as far as the ways known tell.
    fn learn_scale(&mut self) {
        let mut rows = vec![(i64::MAX, 0); self.table.rows.len()];
        let (mut pieces, mut length) = (0, 0);
        for way in self.ways.iter().filter(|way| !way.taken.is_empty()) {
            let minutes: u32 = way.taken.iter().map(|piece| piece.to - piece.from).sum();
            rows[way.row] = rows[way.row].min((way.cost / UNIT, i64::from(minutes)));
            length += u64::from(minutes);
            pieces += way.taken.len() as u64;
        }
        let known = rows.iter().filter(|row| row.0 < i64::MAX);
        let (cost, minutes) = known.fold((0, 1), |sum, row| (sum.0 + row.0, sum.1 + row.1));
        self.bundle.expect(cost / minutes * DEAR);
        let shortest = length / (pieces * u64::from(PIECES)).max(1);
        self.shortest = u32::try_from(shortest).unwrap_or(u32::MAX).max(1);
    }

    /// Tells the bundle of all buckets anew.
    fn cut(&mut self) {
        let rows = self.buckets.rows.iter().map(|bucket| bucket.capacity);
        let buckets = rows.zip(self.best.iter().copied());
        let usages = self.ways.iter().map(|way| self.buckets.usage(&way.taken));
        self.bundle.cut(buckets, usages);
    }

    /// Halves the buckets of which a half is used beyond what there is by the mix of ways, else those
    /// of which a smaller part is; whether there are any.
    fn refine(&mut self) -> bool {
        let used = self.used(&self.bundle.mix());
        let parts = (0..).map(|doubled| 1 << doubled).take_while(|parts| *parts < LENGTH);
        for parts in parts {
            let parents = self.buckets.split(self.shortest, |group, from, to, capacity| {
                let used = &used[group];
                let edge = |part| (from + (to - from) * part / parts) as usize;
                (0..parts).any(|part| {
                    let used = used[edge(part + 1)] - used[edge(part)];
                    used * i64::from(parts) > capacity * WHOLE + WHOLE / 20
                })
            });
            if !parents.is_empty() {
                for parent in &parents {
                    self.best.push(self.best[*parent]);
                }
                self.cut();
                return true;
            }
        }
        false
    }

    /// By group: minutes of its hours used before each one by `mix` of the ways, in millionths.
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
        for (group, open) in used.iter_mut().zip(&self.table.open) {
            let (mut now, mut sum) = (0, 0);
            let mut open = open.iter().peekable();
            for (at, minute) in group.iter_mut().enumerate() {
                now += *minute;
                let is_open = open.next_if(|minute| **minute as usize == at).is_some();
                (sum, *minute) = (sum + if is_open { now } else { 0 }, sum);
            }
        }
        used
    }

    /// Forgets the ways that have been of no use for long.
    fn forget(&mut self) {
        let mut kept = self.bundle.forget().into_iter();
        let known = &mut self.known;
        self.ways.retain(|way| {
            let stays = kept.next().unwrap_or(true);
            if !stays {
                let key = (way.row, way.taken.clone());
                if known.get(&key) == Some(&way.cost) {
                    known.remove(&key);
                }
            }
            stays
        });
    }

    /// What every ticket costs at `rates` per bucket and minute; `None` where `stop` said no.
    fn quote(
        &self,
        rates: &[i64],
        threads: &Threads,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Quoted> {
        let market = Market::new(&self.table, &self.buckets, rates);
        let table = &self.table;
        let mut limits: Vec<i64> = vec![NEVER; table.rows.len()];
        for way in &self.ways {
            let limit = &mut limits[way.row];
            *limit = (*limit).min(way.cost.saturating_add(market.price(&way.taken)));
        }
        let (shared, looks) = self.fronts(&market, &limits, threads);
        let offers = Offers { table, market: &market, shared: &shared };
        let rows: Vec<usize> = (0..table.rows.len()).collect();
        let found = threads.map_with(&rows, Desk::default, |desk, row| {
            if stop() {
                return None;
            }
            desk.looks = 0;
            let mut ways = Vec::new();
            let value = desk.cheapest(&offers, &table.rows[*row], limits[*row], &mut ways);
            Some((value, ways, desk.looks))
        });
        let found: Vec<_> = found.into_iter().collect::<Option<_>>()?;
        let mut bound = i128::from(table.rest) * i128::from(UNIT);
        for (bucket, rate) in self.buckets.rows.iter().zip(rates) {
            bound -= i128::from(bucket.capacity) * i128::from(*rate);
        }
        let mut quoted =
            Quoted { values: Vec::new(), found: Vec::new(), bound, model: bound, looks };
        quoted.model += limits.iter().map(|limit| i128::from(*limit)).sum::<i128>();
        for (value, ways, looks) in found {
            // Without any way at all nothing is known of it.
            let value = if value < NEVER { value } else { 0 };
            quoted.bound += i128::from(value);
            quoted.looks += looks;
            quoted.values.push(value);
            quoted.found.push(ways);
        }
        Some(quoted)
    }

    /// The ends of work that several jobs ask for, by kind, when tickets may cost `limits`; and how
    /// many minutes were looked at.
    fn fronts(
        &self,
        market: &Market,
        limits: &[i64],
        threads: &Threads,
    ) -> (Vec<Option<Frontier>>, u64) {
        let table = &self.table;
        // By kind: the minutes in question, and how many they are for each job alone.
        let mut asked = vec![((usize::MAX, 0), 0); table.kinds.len()];
        let mut desk = Desk::default();
        for (row, limit) in table.rows.iter().zip(limits) {
            if desk.limits(table, row, *limit) {
                for (kind, (from, until)) in desk.asks(row) {
                    let (span, sum) = &mut asked[kind];
                    *span = (span.0.min(from), span.1.max(until));
                    *sum += until.saturating_sub(from);
                }
            }
        }
        let mut room = MOST_SHARED;
        let spans = asked.into_iter().map(|(span, sum)| {
            let minutes = span.1.saturating_sub(span.0);
            let shared = sum > minutes && minutes <= room;
            room -= if shared { minutes } else { 0 };
            shared.then_some(span)
        });
        let spans: Vec<_> = spans.enumerate().collect();
        let fronts = threads.map(&spans, |(kind, span)| {
            let mut front = Frontier::default();
            let ways = table.ways_of(*kind);
            let looks = span.map(|span| front.fill(table, market, ways, span));
            (looks.map(|_| front), looks.unwrap_or(0))
        });
        let looks = fronts.iter().map(|front| front.1).sum();
        (fronts.into_iter().map(|front| front.0).collect(), looks)
    }

    /// Takes the ways quoted at `rates` for known.
    fn take(&mut self, quoted: Quoted, rates: &[i64]) {
        let market = Market::new(&self.table, &self.buckets, rates);
        for (row, ways) in quoted.found.into_iter().enumerate() {
            for (value, taken) in ways {
                let cost = value - market.price(&taken);
                self.know(row, cost, taken);
            }
        }
    }

    /// Adds a way to serve `row`, if it is new or cheaper than known.
    fn know(&mut self, row: usize, cost: i64, taken: Vec<Taken>) {
        let known = self.known.entry((row, taken.clone())).or_insert(i64::MAX);
        if cost < *known {
            *known = cost;
            let usage: Usage = self.buckets.usage(&taken);
            self.bundle.add(row, cost, usage);
            self.ways.push(Way { row, cost, taken });
        }
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
