//! The search for good plans: [`solve`] reads top to bottom.
//!
//! Sees only the compiled [`Problem`]: no wall clock, no text, no floats. The result depends on
//! problem, seed, lanes and rounds; a time budget decides only how many rounds there are.

pub mod accept;
pub mod bound;
pub mod bridge;
pub mod budget;
pub mod construct;
pub mod destroy;
mod dispatch;
mod extra;
pub mod insert;
pub mod lanes;
mod lean;
mod limits;
pub mod line;
pub mod place;
mod price;
pub mod rng;
pub mod schedule;
pub mod search;
mod travel;
pub mod trips;

use crate::id::Column;
use crate::model::work::Step;
use crate::problem::{Fixed, Problem};
use accept::Dice;
use budget::{Budget, Stopwatch};
use construct::{RULES, rule_count};
use lanes::Threads;
use schedule::{Placement, Schedule};
use search::Lane;

/// How to search.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Seed of all random streams.
    pub seed: u64,
    /// Lanes; at least 1.
    pub lanes: u32,
    /// Threads; 0: as many as there are cores. No influence on the result.
    pub threads: usize,
    /// How long.
    pub budget: Budget,
    /// Stop when the gap to the bound is at most this, in hundredths of a percent.
    pub until_gap: Option<u32>,
    /// Asked often: whether to stop at once. The round under way is then forgotten.
    pub stop: Option<fn() -> bool>,
}

/// How far the search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rounds finished.
    pub rounds: u32,
    /// The best cost so far, in fen.
    pub cost: i64,
    /// The proven bound, in fen.
    pub bound: i64,
    /// Milliseconds since the search began.
    pub milliseconds: u64,
}

/// What the search found.
pub struct Outcome<'p> {
    /// The best schedule.
    pub schedule: Schedule<'p>,
    /// Row in [`RULES`] and cost of each priority rule's plan that was tried.
    pub rules: Vec<(usize, i64)>,
    /// The row of the rule the search began with.
    pub construction: usize,
    /// Rounds finished.
    pub rounds: u32,
    /// Search steps per lane and round.
    pub steps_per_round: u32,
    /// A cost no plan can undercut.
    pub bound: i64,
}

/// Searches until the budget is used up, the gap is closed, or `watch` answers `false`.
///
/// # Errors
/// When the system refuses threads.
pub fn solve<'p>(
    problem: &'p Problem,
    settings: &Settings,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Outcome<'p>, String> {
    let stopwatch = Stopwatch::start();
    let threads = Threads::new(settings.threads)?;
    let bound = bound::tickets_alone(problem);
    let FirstPlan { rules, construction, schedule: first } = first_plan(problem, &threads);
    let mut best = first.places().clone();
    let mut best_cost = (first.owed(), first.cost());
    let steps = steps_per_round(problem);
    let dice = Dice::default();
    if let Some(ground) = lean::Ground::new(problem) {
        let lean = lean::Lean::new(&ground, &first, settings.seed, settings.lanes);
        let (schedule, rounds) =
            lean_search(problem, lean, settings, &threads, bound, &stopwatch, watch);
        return Ok(Outcome { schedule, rules, construction, rounds, steps_per_round: steps, bound });
    }
    let mut heat = Heat::new(&first);
    let mut lanes: Vec<Lane<'p>> = (0..settings.lanes.max(1))
        .map(|number| Lane::new(first.clone(), settings.seed, number))
        .collect();
    drop(first);
    let (mut rounds, mut last) = (0, 0);
    loop {
        let milliseconds = stopwatch.milliseconds();
        let progress = Progress { rounds, cost: best_cost.1, bound, milliseconds };
        let proven = best_cost == (0, bound)
            || settings.until_gap.is_some_and(|gap| gap_basis_points(best_cost.1, bound) <= gap);
        if !watch(&progress) || proven || !stopwatch.allows(settings.budget, rounds, last) {
            break;
        }
        if heat.begins_cycle() {
            threads.restart(&mut lanes, &best);
        }
        let temperatures = heat.temperatures(lanes.len());
        let alarm =
            || stopwatch.is_over(settings.budget) || settings.stop.is_some_and(|stop| stop());
        if !threads.round(&mut lanes, steps, &temperatures, &dice, &alarm) {
            break;
        }
        for lane in &lanes {
            if lane.best_cost < best_cost {
                best_cost = lane.best_cost;
                best.clone_from(&lane.best);
            }
        }
        rounds += 1;
        heat.cool();
        last = stopwatch.milliseconds() - milliseconds;
    }
    let schedule = rebuilt(problem, &best);
    debug_assert_eq!((schedule.owed(), schedule.cost()), best_cost);
    let schedule = if problem.start_price > 0 || problem.person_price > 0 {
        let mut last = Lane::new(schedule, settings.seed, settings.lanes);
        last.restore();
        last.schedule
    } else {
        schedule
    };
    Ok(Outcome { schedule, rules, construction, rounds, steps_per_round: steps, bound })
}

fn lean_search<'p>(
    problem: &'p Problem,
    mut lean: lean::Lean<'_>,
    settings: &Settings,
    threads: &Threads,
    bound: i64,
    stopwatch: &Stopwatch,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> (Schedule<'p>, u32) {
    let dice = Dice::default();
    let steps = steps_per_round(problem) * 3;
    let (mut rounds, mut last) = (0, 0);
    let ev = |k: &str, d: i64| std::env::var(k).ok().and_then(|x| x.parse().ok()).unwrap_or(d);
    let mut cycle = (0i64, ev("CYC", 16));
    let mut hot = 0;
    loop {
        let milliseconds = stopwatch.milliseconds();
        let cost = lean.best_cost();
        let progress = Progress { rounds, cost, bound, milliseconds };
        let proven = cost == bound
            || settings.until_gap.is_some_and(|gap| gap_basis_points(cost, bound) <= gap);
        if !watch(&progress) || proven || !stopwatch.allows(settings.budget, rounds, last) {
            break;
        }
        if cycle.0 == 0 {
            lean.restart(threads);
            hot = lean.mean_excess() * ev("TC", 300) / 1000;
            let lanes = i64::from(settings.lanes);
            let per_ticket = cycle.1 * i64::from(steps) * lanes / problem.tickets.len() as i64;
            hot = hot * ((per_ticket * 100).max(1).isqrt()).clamp(2, 100) / 100;
        }
        let position = cycle.0 * 56 * 100 / cycle.1;
        let (h, w) = (position / 1000, position % 1000);
        let now = hot >> h.min(62);
        let temperature = now - now / 2 * w / 1000;
        let alarm =
            || stopwatch.is_over(settings.budget) || settings.stop.is_some_and(|stop| stop());
        if !lean.round(threads, steps, temperature, &dice, &alarm) {
            break;
        }
        rounds += 1;
        cycle.0 += 1;
        if cycle.0 == cycle.1 {
            cycle = (0, cycle.1 * 3 / 2);
        }
        last = stopwatch.milliseconds() - milliseconds;
    }
    let schedule = rebuilt(problem, &lean.places());
    assert_eq!(schedule.cost(), lean.best_cost());
    (schedule, rounds)
}

/// (cost − bound) / cost in hundredths of a percent, rounded up; 0 when both are 0.
#[must_use]
pub fn gap_basis_points(cost: i64, bound: i64) -> u32 {
    if cost <= bound {
        return 0;
    }
    let gap = i128::from(cost - bound) * 10_000;
    let rounded = (gap + i128::from(cost) - 1) / i128::from(cost);
    u32::try_from(rounded).unwrap_or(u32::MAX)
}

/// Steps above which only the rules of [`FEW_RULES`] are tried: the first plan must not wait.
const MANY_STEPS: usize = 20_000;

/// The rules for many steps: the best two by the bench on generated scenarios of that size.
const FEW_RULES: [usize; 2] = [1, 4];

/// The best plan of the priority rules tried, with each one's row and cost, and the best row.
fn first_plan<'p>(problem: &'p Problem, threads: &Threads) -> FirstPlan<'p> {
    let all = 0..rule_count(problem);
    let few = all.clone().filter(|row| FEW_RULES.contains(row) || *row + 1 == RULES.len());
    let many = problem.steps.len() > MANY_STEPS;
    let rows: Vec<usize> = if many { few.collect() } else { all.collect() };
    let mut plans = threads.construct(problem, &rows);
    let rules = rows.iter().zip(&plans).map(|(row, plan)| (*row, plan.cost())).collect();
    let best = (0..plans.len()).min_by_key(|row| (plans[*row].owed(), plans[*row].cost(), *row));
    let best = best.expect("there are rules");
    FirstPlan { rules, construction: rows[best], schedule: plans.swap_remove(best) }
}

/// Where the search begins.
struct FirstPlan<'p> {
    rules: Vec<(usize, i64)>,
    construction: usize,
    schedule: Schedule<'p>,
}

/// A schedule with every step where `places` says.
#[must_use]
pub fn rebuilt<'p>(problem: &'p Problem, places: &Column<Step, Option<Placement>>) -> Schedule<'p> {
    let mut schedule = Schedule::new(problem);
    let planned = problem.steps.ids().filter(|step| problem.steps[*step].fixed == Fixed::Free);
    for step in problem.begun.iter().copied().chain(planned) {
        if let Some(place) = places[step] {
            schedule.put(step, place);
        }
    }
    schedule.commit();
    schedule
}

/// Steps of one round, by size only: below a tenth of a second on one core up to 3,000 tickets, so
/// that progress shows and a budget of seconds is kept.
fn steps_per_round(problem: &Problem) -> u32 {
    let size = u32::try_from(problem.steps.len()).unwrap_or(u32::MAX).max(1);
    (3_000_000 / (size + 400)).clamp(10, 4_000)
}

/// Temperature by round: cycles that grow by half, each falling from hot to cold.
struct Heat {
    hot: i64,
    round: i64,
    length: i64,
}

impl Heat {
    /// Hot is three tenths of what a costly ticket costs on average.
    fn new(schedule: &Schedule<'_>) -> Heat {
        let tickets = schedule.problem.tickets.ids();
        let costs = tickets.map(|ticket| schedule.standing(ticket).cost).filter(|cost| *cost > 0);
        let (count, sum) = costs.fold((0, 0), |(count, sum), cost| (count + 1, sum + cost));
        let hot = if count == 0 { schedule.cost() / 100 } else { sum / count * 3 / 10 };
        Heat { hot, round: 0, length: 16 }
    }

    fn begins_cycle(&self) -> bool {
        self.round == 0
    }

    /// One temperature per lane: lanes of a higher number run cooler.
    fn temperatures(&self, lanes: usize) -> Vec<i64> {
        // Halved ten times over a cycle, straight between halvings.
        let position = self.round * 10 * 1000 / self.length;
        let (halvings, within) = (position / 1000, position % 1000);
        let now = self.hot >> halvings.min(62);
        let now = now - now / 2 * within / 1000;
        (0..lanes).map(|lane| now >> (2 * lane).min(62)).collect()
    }

    fn cool(&mut self) {
        self.round += 1;
        if self.round == self.length {
            self.round = 0;
            self.length += self.length / 2;
        }
    }
}
