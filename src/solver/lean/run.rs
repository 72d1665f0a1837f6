//! The lean search as a whole: who searches together, how hot, and the budget.

use super::Ground;
use super::guide::Guide;
use super::heat::{Heat, Start};
use super::share::Search;
use crate::solver::accept::Dice;
use crate::solver::budget::Budget;
use crate::solver::fallback::Fallback;
use crate::solver::schedule::Schedule;
use crate::solver::{Found, Progress, Settings, Tools, rebuilt};

/// Tickets up to which lanes search apart: what they lack there is variety, not speed.
const APART: usize = 100;

/// Steps of the proof after which its prices are first of use; they are asked for again whenever
/// twice as many are done.
const PRICED: u32 = 8;

/// Rounds by which the speed is measured.
const GAUGE: u32 = 3;

/// Searches from `first` on until the budget is used up, the gap is closed, or `watch` answers
/// `false`.
pub(in crate::solver) fn search<'p>(
    ground: &Ground<'p>,
    first: &Schedule<'p>,
    tools: &Tools<'_>,
    steps: u32,
    fallback: &mut Fallback<'p>,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Found {
    let dice = Dice::default();
    let mut team = Team::new(ground, first, tools.settings);
    let is_open = team.best().best_cost() > tools.bound();
    let planned = match tools.settings.planned {
        Some(planned) => planned,
        None if is_open => team.planned(tools, steps, &dice),
        None => 1,
    };
    team.plan(planned, steps);
    let (mut rounds, mut last) = (0, 0);
    let mut due = PRICED;
    while tools.goes_on((rounds, last), (0, team.best().best_cost()), watch) {
        if ground.0.tickets.len() > APART {
            team.follow(tools, ground, &mut due);
        }
        if fallback.is_due(rounds) {
            let best = rebuilt(ground.0.problem, &team.best().places());
            if let Some(better) = fallback.turn(rounds, &best, tools) {
                if better.cost() < best.cost() {
                    team.take(&better);
                }
                rounds += 1;
                continue;
            }
        }
        let milliseconds = tools.stopwatch.milliseconds();
        if !team.round(tools, steps, &dice) {
            break;
        }
        fallback.meet(&team.best().places());
        rounds += 1;
        last = tools.stopwatch.milliseconds() - milliseconds;
    }
    let (best, planned) = (team.best(), Some(planned));
    let cost = (0, best.best_cost());
    Found { places: best.places(), cost, rounds, planned, steps_per_round: steps }
}

/// A search and its temperature.
#[derive(Clone)]
struct Member<'t> {
    search: Search<'t>,
    heat: Heat,
}

/// All lanes in one search, or each in its own.
#[derive(Clone)]
struct Team<'t>(Vec<Member<'t>>);

impl<'t> Team<'t> {
    /// All begin from `first`.
    fn new(ground: &'t Ground<'_>, first: &Schedule<'_>, settings: &Settings) -> Team<'t> {
        let lanes = settings.lanes.max(1) as usize;
        let member = |numbers| {
            let search = Search::new(ground, first, settings.seed, numbers);
            Member { heat: search.heat(1, 1), search }
        };
        if ground.0.tickets.len() <= APART {
            Team((0..lanes).map(|number| member(number..number + 1)).collect())
        } else {
            Team(vec![member(0..lanes)])
        }
    }

    /// Cools over `planned` rounds of `steps` steps.
    fn plan(&mut self, planned: u32, steps: u32) {
        for member in &mut self.0 {
            member.heat = member.search.heat(planned, steps);
        }
    }

    /// The row of whoever has met the best schedule, the first of equals.
    fn leader(&self) -> usize {
        let cost = |row: &usize| self.0[*row].search.record.cost;
        (0..self.0.len()).min_by_key(cost).expect("there is at least one lane")
    }

    fn best(&self) -> &Search<'t> {
        &self.0[self.leader()].search
    }

    /// How many rounds the budget has room for, by the speed of the first few, done on a copy.
    fn planned(&self, tools: &Tools<'_>, steps: u32, dice: &Dice) -> u32 {
        let limit = match tools.settings.budget {
            Budget::Rounds(rounds) => return rounds,
            Budget::Milliseconds(limit) => limit,
        };
        let mut copy = self.clone();
        copy.plan(GAUGE, steps);
        let began = tools.stopwatch.milliseconds();
        let (mut rounds, mut now) = (0, began);
        while rounds < GAUGE && (now - began).saturating_mul(30) <= limit {
            rounds += u32::from(copy.round(tools, steps, dice));
            now = tools.stopwatch.milliseconds();
            if tools.is_over() {
                break;
            }
        }
        // A fifth is for the proof.
        let left = limit.saturating_sub(now) / 5 * 4;
        let fits = left.saturating_mul(u64::from(rounds)) / (now - began).max(1);
        u32::try_from(fits).unwrap_or(u32::MAX).max(1)
    }

    /// One round of all; `false` when the time was up before it was done, and then nothing of it
    /// counts.
    fn round(&mut self, tools: &Tools<'_>, steps: u32, dice: &Dice) -> bool {
        self.begin();
        self.0.iter_mut().for_each(|member| member.search.record.mark());
        let alarm = || tools.is_over();
        let done = match &mut self.0[..] {
            [Member { search, heat }] => {
                search.round(Some(tools.threads), steps, heat.temperature(), dice, &alarm)
            }
            members => tools.threads.every(members, |Member { search, heat }| {
                search.round(None, steps, heat.temperature(), dice, &alarm)
            }),
        };
        if !done {
            self.0.iter_mut().for_each(|member| member.search.record.take_back());
        }
        done
    }

    /// All go on from `schedule`, which is better than any met.
    fn take(&mut self, schedule: &Schedule<'_>) {
        for member in &mut self.0 {
            member.search.take(schedule);
        }
    }

    /// All reckon with the prices of the proof, where it has taken the steps that are due.
    fn follow(&mut self, tools: &Tools<'_>, ground: &Ground<'_>, due: &mut u32) {
        let guide = tools.proof_after(*due, |proof| {
            *due = proof.steps() * 2;
            Guide::new(&ground.0, proof)
        });
        if let Some(guide) = guide {
            self.0.iter_mut().for_each(|member| member.search.follow(&guide));
        }
    }

    /// Sends those whose cycle is over to where the next one begins.
    fn begin(&mut self) {
        let leader = self.leader();
        for row in 0..self.0.len() {
            let Member { search, heat } = &mut self.0[row];
            match heat.next(search.record.cycle_cost) {
                Start::On => {}
                Start::First => search.rewind(),
                Start::Best if row == leader => search.restart(),
                Start::Best => {
                    let best = self.0[leader].search.record.clone();
                    self.0[row].search.adopt(best);
                    self.0[row].search.restart();
                }
            }
        }
    }
}
