//! One person does everything and can begin everything at once, as one notary or one window: what
//! is left is an order. Iterated dynasearch (Congram, Potts and van de Velde 2002): a few random
//! swaps, the best set of moves until none gains, and back to the best when that leads nowhere.

use super::board::Board;
use super::sequence::{Jobs, Sequence};
use super::table::{Seat, Table};
use crate::id::Id;
use crate::model::work::Step;
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;
use crate::solver::schedule::Schedule;
use crate::solver::search::Alarm;
use crate::solver::{Found, Progress, Tools};

/// Most costs kept, one for every job and minute: 64 MB.
const MOST_COSTS: usize = 8_000_000;

/// Where its random streams begin among all.
const STREAM: u64 = 1 << 32;

/// Pairs of positions that a lane looks at in a round.
const PAIRS: u64 = 2_000_000;

/// Random swaps before a descent: so many, and fewer than so many more. Two to five take longer to
/// the best known plans of 125 instances of 100 jobs, five to eight a little.
const FEWEST_SWAPS: usize = 3;
const MORE_SWAPS: usize = 4;

/// The temperature is the best cost divided by this.
const COOL: i64 = 2000;

/// Descents without a better order after which the best is gone back to.
const MOST_IDLE: usize = 300;

/// The question.
pub(in crate::solver) struct Single<'t> {
    table: &'t Table<'t>,
    jobs: Jobs,
    /// Their steps.
    steps: Vec<(Id<Step>, Seat)>,
}

impl<'t> Single<'t> {
    /// `None` when an order is not all there is to find.
    pub(super) fn new(table: &'t Table<'t>) -> Option<Single<'t>> {
        let tickets = table.problem.tickets.iter();
        let steps: Option<Vec<(Id<Step>, Seat)>> =
            tickets.map(|ticket| only(table, &ticket.steps)).collect();
        let steps = steps.filter(|steps| steps.len() > 1)?;
        let person = steps[0].1.person;
        let shift = table.shifts[person];
        let hours = &table.working[shift].hours[0];
        let starts = |id: &Id<Step>| hours.before(table.tickets[table.steps[*id].ticket].release);
        if steps.iter().any(|(id, seat)| seat.person != person || starts(id) > 0) {
            return None;
        }
        let minutes: Option<Vec<u32>> =
            steps.iter().map(|(_, seat)| u32::try_from(seat.minutes).ok()).collect();
        let minutes = minutes?;
        let all: u64 = minutes.iter().copied().map(u64::from).sum();
        if (all + 1).saturating_mul(steps.len() as u64) > MOST_COSTS as u64 {
            return None;
        }
        let cost = |job: usize, end: u32| {
            let (id, seat) = steps[job];
            let ticket = table.steps[id].ticket;
            let unserved = table.tickets[ticket].unserved;
            let end = hours.end(i32::try_from(end).unwrap_or(i32::MAX));
            let price = table.problem.options[seat.choice as usize].price;
            if end > table.steps[id].latest_end {
                return unserved;
            }
            unserved.min(price + table.lateness(ticket, end))
        };
        let jobs = Jobs::new(minutes, cost);
        Some(Single { table, jobs, steps })
    }

    /// Where steps stand when they are done in this order, less those better left out; and what
    /// that costs on the board.
    fn board(&self, order: &[u32]) -> Board<'t> {
        let mut board = Board::new(self.table);
        let mut number = 0;
        for job in order {
            let (id, seat) = self.steps[*job as usize];
            let hours = &self.table.working[self.table.shifts[seat.person]].hours[0];
            let span = (hours.tick(number), hours.end(number + seat.minutes));
            let (step, ticket) = (&self.table.steps[id], self.table.steps[id].ticket);
            if span.1 > step.latest_end {
                continue;
            }
            let place = board.priced(id, seat.choice, span);
            let cost = place.price + self.table.lateness(ticket, span.1);
            if cost <= self.table.tickets[ticket].unserved {
                board.put(id, place, None);
                board.settle(ticket);
                number += seat.minutes;
            }
        }
        board.commit();
        board
    }

    /// Searches from the order of `first` until the budget is used up, the gap is closed, or
    /// `watch` answers `false`.
    pub(in crate::solver) fn search(
        &self,
        first: &Schedule<'_>,
        tools: &Tools<'_>,
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> Found {
        let (mut best, mut cost) = (first.places().clone(), first.cost());
        let beyond = cost - Board::of(self.table, first).total();
        let begins = |job: &u32| first.place(self.steps[*job as usize].0).map(|place| place.start);
        let mut order: Vec<u32> = (0..).take(self.steps.len()).collect();
        order.sort_by_key(|job| (begins(job).is_none(), begins(job)));
        let sequence = Sequence::new(&self.jobs, order);
        let numbers = 0..u64::from(tools.settings.lanes.max(1));
        let mut lanes: Vec<Lane> =
            numbers.map(|number| Lane::new(&sequence, tools.settings.seed, number)).collect();
        let dice = Dice::default();
        let (mut rounds, mut last) = (0, 0);
        while tools.goes_on((rounds, last), (0, cost), watch) {
            let milliseconds = tools.stopwatch.milliseconds();
            let alarm = || tools.is_over();
            if !tools.threads.every(&mut lanes, |lane| lane.round(&self.jobs, &dice, &alarm)) {
                break;
            }
            for lane in lanes.iter().filter(|lane| lane.is_ahead) {
                let board = self.board(lane.best.order());
                if board.total() + beyond < cost {
                    cost = board.total() + beyond;
                    best = board.placements();
                }
            }
            rounds += 1;
            last = tools.stopwatch.milliseconds() - milliseconds;
        }
        let steps_per_round = u32::try_from(PAIRS).unwrap_or(u32::MAX);
        Found { places: best, cost: (0, cost), rounds, planned: None, steps_per_round }
    }
}

/// The one step of a ticket and the one who can do it, where an order says all about it.
fn only(table: &Table<'_>, steps: &[Id<Step>]) -> Option<(Id<Step>, Seat)> {
    let [id] = steps else { return None };
    let step = &table.steps[*id];
    let [seat] = table.seats(step) else { return None };
    let tiers = &table.problem.shifts[table.shifts[seat.person]].tiers;
    let plain = step.flat && !step.rigid && !step.bound && step.gate.is_none() && tiers.is_empty();
    (plain && seat.minutes > 0).then_some((*id, *seat))
}

/// A lane: independent of the others.
struct Lane {
    rng: Rng,
    current: Sequence,
    trial: Sequence,
    best: Sequence,
    /// Descents since the best was met or gone back to.
    idle: usize,
    /// The best was found in the last round.
    is_ahead: bool,
}

impl Lane {
    fn new(sequence: &Sequence, seed: u64, number: u64) -> Lane {
        let [current, trial, best] = [(); 3].map(|()| sequence.clone());
        Lane {
            rng: Rng::new(seed, STREAM + number),
            current,
            trial,
            best,
            idle: 0,
            is_ahead: false,
        }
    }

    /// Looks at [`PAIRS`] more pairs; `false` when `alarm` rang before.
    fn round(&mut self, jobs: &Jobs, dice: &Dice, alarm: &Alarm<'_>) -> bool {
        self.is_ahead = false;
        let until = self.trial.pairs() + PAIRS;
        let count = jobs.len();
        while self.trial.pairs() < until {
            self.trial.become_as(&self.current);
            for _ in 0..FEWEST_SWAPS + self.rng.below(MORE_SWAPS) {
                let (one, other) = (self.rng.below(count), self.rng.below(count));
                self.trial.swap(one, other);
            }
            if !self.trial.descend(jobs, alarm) {
                return false;
            }
            let allowance = dice.allowance(self.best.cost() / COOL, &mut self.rng);
            if self.trial.cost() <= self.current.cost() + allowance {
                self.current.become_as(&self.trial);
            }
            self.idle += 1;
            if self.trial.cost() < self.best.cost() {
                self.best.become_as(&self.trial);
                self.is_ahead = true;
                self.idle = 0;
            }
            if self.idle > MOST_IDLE {
                self.current.become_as(&self.best);
                self.idle = 0;
            }
        }
        true
    }
}
