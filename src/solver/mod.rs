//! The search for good plans: [`solve`] reads top to bottom.
//!
//! Sees only the compiled [`Problem`]: no wall clock, no text, no floats. The result depends on
//! problem, seed, lanes, rounds and the rounds the cooling is planned for; a time budget decides
//! only those two numbers, and provenance records them.

pub mod accept;
pub mod bound;
pub mod bridge;
pub mod budget;
pub mod construct;
pub mod destroy;
mod dispatch;
mod extra;
mod fallback;
pub mod insert;
pub mod lanes;
mod lean;
mod limits;
pub mod line;
mod lp;
mod order;
pub mod place;
mod plain;
mod pool;
mod price;
pub mod proof;
pub mod prover;
pub mod rng;
pub mod schedule;
pub mod search;
pub mod start;
mod travel;
pub mod trips;
mod unfold;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::id::Column;
use crate::model::plan::Joined;
use crate::model::work::Step;
use crate::problem::{Fixed, Problem};
use accept::{Dice, halved};
use budget::{Budget, Stopwatch};
use construct::{RULES, rule_count};
use fallback::Fallback;
use lanes::Threads;
use proof::{Gap, Proof, Worth};
use prover::Prover;
use schedule::{Placement, Schedule};
use search::Lane;
use start::Start;

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
    /// Rounds the cooling is planned for; `None`: as many as the budget has room for.
    pub planned: Option<u32>,
    /// Stop when the gap to the bound is at most this, in hundredths of a percent.
    pub until_gap: Option<u32>,
    /// Whether programs may take part, at fixed rounds, where insertion leaves tickets out.
    pub fallback: bool,
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
    /// Rounds the cooling was planned for, where it follows a plan.
    pub planned: Option<u32>,
    /// About how many steps a lane takes per round; over orders, how many it looks at; for one
    /// person alone, pairs of positions.
    pub steps_per_round: u32,
    /// A cost no plan can undercut.
    pub bound: i64,
    /// The turns of the fallback, each in place of a round.
    pub joined: Vec<Joined>,
    /// Programs of the fallback that broke down.
    pub failed: u32,
    /// What its proof tells, where it is more than each ticket alone.
    pub proof: Option<Proven>,
}

/// What a proof by prices of people's time tells.
pub struct Proven {
    /// Steps it took.
    pub steps: u32,
    /// Where the gap lies.
    pub gap: Gap,
    /// What one more hour is worth.
    pub worth: Worth,
}

/// Searches until the budget is used up, the gap is closed, or `watch` answers `false`; from
/// `start` on where that can be stood up and costs less than every priority rule's plan.
///
/// # Errors
/// When the system refuses threads.
pub fn solve<'p>(
    problem: &'p Problem,
    start: Option<&[Start]>,
    settings: &Settings,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Outcome<'p>, String> {
    let stopwatch = Stopwatch::start();
    let threads = Threads::new(settings.threads)?;
    let tickets: Vec<_> = problem.tickets.ids().collect();
    let least = threads.map(&tickets, |ticket| bound::least_cost(problem, *ticket));
    let bound = least.iter().sum();
    let mut fallback = Fallback::new(problem, &least, settings);
    let plain = lean::Ground::new(problem, &Column::new(least));
    let first = first_plan(problem, plain.as_ref(), &threads);
    let FirstPlan { rules, construction, schedule: first } = first;
    let start = start.and_then(|rows| start::stood_up(problem, rows));
    let value = |schedule: &Schedule<'_>| (schedule.owed(), schedule.cost());
    let first = start.filter(|start| value(start) < value(&first)).unwrap_or(first);
    let prover = Mutex::new(Prover::new(problem, first.places().clone()));
    let alone = bound;
    let tools = Tools {
        settings,
        threads: &threads,
        stopwatch: &stopwatch,
        alone,
        prover,
        proof: AtomicU64::new(0),
    };
    let single = plain.as_ref().and_then(lean::Ground::single);
    let ordered = order::Ground::new(problem);
    let ordered = ordered.as_ref().and_then(|ground| order::Search::new(ground, &first, settings));
    let found = match (single, ordered, &plain) {
        (Some(single), ..) => single.search(&first, &tools, watch),
        (None, Some(search), _) => search.run(&tools, watch),
        (None, None, Some(ground)) => {
            let steps = (steps_per_round(problem) * LEAN_STEPS).clamp(300, 4_000);
            lean::search(ground, &first, &tools, steps, &mut fallback, watch)
        }
        (None, None, None) => search_by_all_rules(first, &tools, &mut fallback, watch),
    };
    let schedule = rebuilt(problem, &found.places);
    debug_assert_eq!((schedule.owed(), schedule.cost()), found.cost);
    let schedule = restored(schedule, settings);
    let Found { rounds, planned, steps_per_round, .. } = found;
    let bound = tools.bound();
    let proof = tools.prover.into_inner().unwrap_or_else(PoisonError::into_inner).into_proof();
    let proof = proof.filter(|proof| proof.bound() > alone).map(|proof| Proven {
        steps: proof.steps(),
        gap: proof.gap(schedule.places(), &threads),
        worth: proof.worth(),
    });
    let Fallback { joined, failed, .. } = fallback;
    Ok(Outcome {
        schedule,
        rules,
        construction,
        rounds,
        planned,
        steps_per_round,
        bound,
        joined,
        failed,
        proof,
    })
}

/// What a search works with.
struct Tools<'a> {
    settings: &'a Settings,
    threads: &'a Threads,
    stopwatch: &'a Stopwatch,
    /// What the tickets cost at least, each alone.
    alone: i64,
    prover: Mutex<Prover<'a>>,
    /// The longest turn of the proof so far, in milliseconds.
    proof: AtomicU64,
}

impl Tools<'_> {
    /// A cost no plan can undercut, as far as it is proven.
    fn bound(&self) -> i64 {
        let prover = self.prover.lock().unwrap_or_else(PoisonError::into_inner);
        prover.bound().unwrap_or(0).max(self.alone)
    }

    /// What `told` makes of the proof once that has taken `least` steps.
    fn proof_after<T>(&self, least: u32, told: impl FnOnce(&Proof<'_>) -> T) -> Option<T> {
        let prover = self.prover.lock().unwrap_or_else(PoisonError::into_inner);
        prover.after(least).map(told)
    }

    /// Lets the proof go on after `rounds` rounds.
    fn prove(&self, rounds: u32) {
        let mut prover = self.prover.lock().unwrap_or_else(PoisonError::into_inner);
        prover.go_on(rounds, self.threads);
    }

    /// Whether to stop at once.
    fn is_over(&self) -> bool {
        let settings = self.settings;
        self.stopwatch.is_over(settings.budget) || settings.stop.is_some_and(|stop| stop())
    }

    /// Whether to go on after `rounds` rounds, the last of which took `last` milliseconds;
    /// `cost`: tickets owed, then fen.
    fn goes_on(
        &self,
        (rounds, last): (u32, u64),
        cost: (i64, i64),
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> bool {
        let before = self.stopwatch.milliseconds();
        if cost != (0, self.bound()) {
            self.prove(rounds);
        }
        let bound = self.bound();
        let milliseconds = self.stopwatch.milliseconds();
        // Proof steps grow slowly: the next one may take as long, and comes after the next round.
        let proof = self.proof.fetch_max(milliseconds - before, Ordering::Relaxed);
        let last = last + proof.max(milliseconds - before);
        let progress = Progress { rounds, cost: cost.1, bound, milliseconds };
        let gap = self.settings.until_gap;
        // While begun tickets are owed it is no plan yet, and its cost says nothing.
        let proven = cost.0 == 0
            && (cost.1 == bound || gap.is_some_and(|gap| gap_basis_points(cost.1, bound) <= gap));
        watch(&progress) && !proven && self.stopwatch.allows(self.settings.budget, rounds, last)
    }
}

/// What a search found.
struct Found {
    places: Column<Step, Option<Placement>>,
    /// Tickets owed, then fen.
    cost: (i64, i64),
    rounds: u32,
    planned: Option<u32>,
    steps_per_round: u32,
}

/// The search that knows every rule.
fn search_by_all_rules<'p>(
    first: Schedule<'p>,
    tools: &Tools<'_>,
    fallback: &mut Fallback<'p>,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Found {
    let (settings, threads) = (tools.settings, tools.threads);
    let problem = first.problem;
    let steps = steps_per_round(problem);
    let mut best = first.places().clone();
    let mut best_cost = (first.owed(), first.cost());
    let dice = Dice::default();
    let mut heat = Heat::new(&first);
    let mut lanes: Vec<Lane<'_>> = (0..settings.lanes.max(1))
        .map(|number| Lane::new(first.clone(), settings.seed, number))
        .collect();
    drop(first);
    let (mut rounds, mut last) = (0, 0);
    while tools.goes_on((rounds, last), best_cost, watch) {
        if fallback.is_due(rounds) {
            let turn = fallback.turn(rounds, &rebuilt(problem, &best), tools);
            if let Some(better) = turn {
                if (better.owed(), better.cost()) < best_cost {
                    best_cost = (better.owed(), better.cost());
                    best.clone_from(better.places());
                    threads.restart(&mut lanes, &best);
                }
                rounds += 1;
                continue;
            }
        }
        let milliseconds = tools.stopwatch.milliseconds();
        if heat.begins_cycle() {
            threads.restart(&mut lanes, &best);
        }
        let temperatures = heat.temperatures(lanes.len());
        if !threads.round(&mut lanes, steps, &temperatures, &dice, &|| tools.is_over()) {
            break;
        }
        for lane in &lanes {
            fallback.meet(&lane.best);
            if lane.best_cost < best_cost {
                best_cost = lane.best_cost;
                best.clone_from(&lane.best);
            }
        }
        rounds += 1;
        heat.cool();
        last = tools.stopwatch.milliseconds() - milliseconds;
    }
    Found { places: best, cost: best_cost, rounds, planned: None, steps_per_round: steps }
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

/// The same where neighbours slide; where steps are very many the first two of them.
const FEW_SLIDING_RULES: [usize; 3] = [1, 5, 4];

/// Steps above which they are very many: at 275,000 each rule takes 7 s.
const VERY_MANY_STEPS: usize = 100_000;

/// The best plan of the priority rules tried, with each one's row and cost, and the best row.
fn first_plan<'p>(
    problem: &'p Problem,
    plain: Option<&lean::Ground<'p>>,
    threads: &Threads,
) -> FirstPlan<'p> {
    let many = problem.steps.len() > MANY_STEPS;
    let rows = |few: &[usize]| -> Vec<usize> {
        let all = 0..rule_count(problem);
        all.filter(|row| !many || few.contains(row) || *row + 1 == RULES.len()).collect()
    };
    let few = &FEW_SLIDING_RULES[..if problem.steps.len() > VERY_MANY_STEPS { 2 } else { 3 }];
    let plans = plain.and_then(|plain| plain.first_plans(&rows(few), threads));
    if let Some(mut plans) = plans {
        let best = (0..plans.len()).min_by_key(|row| plans[*row].1);
        let best = best.expect("there are rules");
        let schedule = rebuilt(problem, &std::mem::take(&mut plans[best].2));
        let beyond = schedule.cost() - plans[best].1;
        let rules = plans.iter().map(|(row, cost, _)| (*row, cost + beyond)).collect();
        return FirstPlan { rules, construction: plans[best].0, schedule };
    }
    let rows = rows(&FEW_RULES);
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

/// So many steps of the lean search take the time of one step of the search over all rules.
const LEAN_STEPS: u32 = 3;

/// With every step back where it stood in the previous plan, where change has a price and that
/// costs no more.
fn restored<'p>(schedule: Schedule<'p>, settings: &Settings) -> Schedule<'p> {
    if schedule.problem.start_price == 0 && schedule.problem.person_price == 0 {
        return schedule;
    }
    let mut last = Lane::new(schedule, settings.seed, settings.lanes);
    last.restore();
    last.schedule
}

/// Temperature by round: cycles that grow by half, each falling from hot to cold.
struct Heat {
    hot: i64,
    round: u64,
    length: u64,
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
        // Ten times over a cycle.
        let now = halved(self.hot, self.round * 10 * 1000 / self.length);
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
