//! What a proof tells beside its bound: where the gap to a plan lies, and what an hour is worth.

use std::collections::BTreeSet;

use super::Proof;
use super::market::{Market, Taken};
use super::minutes::UNIT;
use crate::calendar::Day;
use crate::id;
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::solver::lanes::Threads;
use crate::solver::schedule::Placement;

/// Where the difference between the cost of a plan and the bound lies. All parts together, rounded,
/// are the gap but for costs that no ticket has alone (change, imbalance, trips), and tickets that
/// take no part in the proof.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// What a ticket costs in the plan, people's time priced, beyond what it costs at least; in
    /// fen.
    pub tickets: Vec<(Id<Ticket>, i64)>,
    /// Priced time in which nobody leads a step that may still be moved: people, day, fen.
    pub idle: Vec<(Vec<Id<Person>>, Day, i64)>,
}

/// What one more hour is worth.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    /// Of people who can stand in for each other, on a day: fen per hour on average over their
    /// working time that day.
    pub people: Vec<(Vec<Id<Person>>, Day, i64)>,
    /// The same of whoever may do the step, the cheapest at each minute: fen per hour by row of
    /// its options.
    pub steps: Vec<(Id<Step>, Day, i64)>,
}

impl Proof<'_> {
    /// Where the gap of the plan at `places` lies.
    #[must_use]
    pub fn gap(&self, places: &id::Column<Step, Option<Placement>>, threads: &Threads) -> Gap {
        let problem = self.table.problem;
        let mut gap = Gap::default();
        let Some(quoted) = self.quote(&self.best, threads, &|| false) else { return gap };
        let market = Market::new(&self.table, &self.buckets, &self.best);
        let mut used = vec![0_i64; self.buckets.rows.len()];
        for (row, least) in self.table.rows.iter().zip(&quoted.values) {
            let (cost, taken): (i64, Vec<Taken>) = self
                .served(problem, row.ticket, places)
                .unwrap_or((row.unserved.min(row.escape), Vec::new()));
            for (bucket, minutes) in self.buckets.usage(&taken) {
                used[bucket as usize] += i64::from(minutes);
            }
            let beyond = cost.saturating_add(market.price(&taken)) - least;
            if beyond >= UNIT {
                gap.tickets.push((row.ticket, beyond / UNIT));
            }
        }
        let mut idle: Vec<((usize, Day), i64)> = Vec::new();
        for ((bucket, rate), used) in self.buckets.rows.iter().zip(&self.best).zip(used) {
            let day = problem.midnights.day(self.table.minutes.tick(bucket.span.0 as usize));
            idle.push(((bucket.group, day), (bucket.capacity - used).max(0) * rate));
        }
        idle.sort_unstable();
        for part in idle.chunk_by(|one, other| one.0 == other.0) {
            let fen = part.iter().map(|(_, units)| units).sum::<i64>() / UNIT;
            if fen > 0 {
                let people = self.table.groups.rows[part[0].0.0].clone();
                gap.idle.push((people, part[0].0.1, fen));
            }
        }
        gap
    }
}

impl Proof<'_> {
    /// What one more hour is worth by the best prices: 0 is left out.
    #[must_use]
    pub fn worth(&self) -> Worth {
        let (table, problem) = (&self.table, self.table.problem);
        let days: Vec<Day> =
            table.minutes.ticks().map(|tick| problem.midnights.day(tick)).collect();
        let mut rates = vec![vec![None; days.len()]; table.groups.rows.len()];
        for (bucket, rate) in self.buckets.rows.iter().zip(&self.best) {
            for minute in bucket.span.0..bucket.span.1 {
                rates[bucket.group][minute as usize] = Some(*rate);
            }
        }
        for (group, open) in table.open.iter().enumerate() {
            let mut open = open.iter().map(|minute| *minute as usize).peekable();
            for (minute, rate) in rates[group].iter_mut().enumerate() {
                if open.next_if_eq(&minute).is_none() {
                    *rate = None;
                }
            }
        }
        let mut worth = Worth::default();
        for (group, rates) in rates.iter().enumerate() {
            for (day, fen) in by_day(&days, rates) {
                worth.people.push((table.groups.rows[group].clone(), day, fen));
            }
        }
        let mut seen = BTreeSet::new();
        for (id, step) in problem.steps.pairs() {
            if !step.is_free() || step.wait.is_some() || !seen.insert(step.options) {
                continue;
            }
            let leads =
                step.choices().filter_map(|row| problem.crew(&problem.options[row]).first());
            let groups: BTreeSet<usize> = leads.map(|lead| table.groups.of[*lead]).collect();
            let cheapest = |minute| groups.iter().filter_map(|group| rates[*group][minute]).min();
            let cheapest: Vec<Option<i64>> = (0..days.len()).map(cheapest).collect();
            for (day, fen) in by_day(&days, &cheapest) {
                worth.steps.push((id, day, fen));
            }
        }
        worth
    }
}

/// Fen per hour on each day, on average over the minutes that have a rate; 0 is left out.
fn by_day(days: &[Day], rates: &[Option<i64>]) -> Vec<(Day, i64)> {
    let rows: Vec<(Day, i64)> =
        days.iter().zip(rates).filter_map(|(day, rate)| Some((*day, (*rate)?))).collect();
    let mut worth = Vec::new();
    for part in rows.chunk_by(|one, other| one.0 == other.0) {
        let sum: i128 = part.iter().map(|(_, rate)| i128::from(*rate)).sum();
        let minutes = i128::try_from(part.len()).expect("few minutes");
        let fen = sum * 60 / (minutes * i128::from(UNIT));
        if fen > 0 {
            worth.push((part[0].0, i64::try_from(fen).unwrap_or(i64::MAX)));
        }
    }
    worth
}
