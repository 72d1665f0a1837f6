//! A search over queues: at every stage of a flow shop the jobs stand in an order of their own, and
//! whoever is free first takes the next. Begins where lists end: lists let every stage serve who
//! comes first, and the best plans do not. A move shifts a job of the critical path a little.

use std::ops::Range;

use super::heat::Heat;
use super::lines::Lines;
use super::service::{BLOCK, Service, freed};
use super::stages::{Stages, positive};
use super::table::{NONE, Table};
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;
use crate::solver::search::Alarm;

/// Moves between two looks at the alarm.
const BATCH: u32 = 16;

/// Moves by which losses are gauged, in batches.
const SAMPLE: u32 = 16;

/// By what the losses gauged are divided: jobs on the critical path drift where that costs
/// nothing, and go astray where it is hot.
const COLD: i64 = 6;

/// Batches of the first cycle for every job.
const FIRST_BATCHES: u64 = 20;

/// How often, in permille, the job is drawn from the critical path rather than from all.
const CRITICAL: u32 = 900;

/// How far a job is moved at most.
const REACH: usize = 4;

/// Where its random stream begins among all, beyond those of the lanes and of the lists.
const STREAM: u64 = 3 << 32;

/// Times of all jobs at all stages, stage by stage.
#[derive(Clone, Debug, Default)]
struct Times {
    end: Vec<u32>,
    /// The job whose end a job waits for, or [`NONE`].
    held: Vec<u32>,
    /// Who is free when before each block of jobs, by [`freed`], person by person in that order.
    marks: Vec<u64>,
}

impl Times {
    /// Becomes like `other` in stage `row`.
    fn take(&mut self, other: &Times, places: Range<usize>, marks: Range<usize>) {
        self.end[places.clone()].copy_from_slice(&other.end[places.clone()]);
        self.held[places.clone()].copy_from_slice(&other.held[places]);
        self.marks[marks.clone()].copy_from_slice(&other.marks[marks]);
    }
}

/// A job of a queue goes to another position.
#[derive(Clone, Copy, Debug)]
struct Shift {
    /// The row of its stage.
    stage: usize,
    from: usize,
    to: usize,
    /// The jobs of both positions change places; else those between move up.
    swaps: bool,
}

impl Shift {
    /// What takes it back.
    fn undone(self) -> Shift {
        Shift { from: self.to, to: self.from, ..self }
    }

    /// The stage and the positions between which its queue changes.
    fn changes(self) -> (usize, usize, usize) {
        (self.stage, self.from.min(self.to), self.from.max(self.to))
    }
}

/// A queue search.
pub(super) struct Queues<'t> {
    table: &'t Table<'t>,
    stages: Stages,
    jobs: usize,
    /// Where the marks of each stage begin, and where those of the last end.
    marks: Vec<usize>,
    /// The jobs of every stage in order.
    queues: Vec<u32>,
    times: Times,
    /// Those of the move under trial, from its stage on.
    trial: Times,
    /// Rows of stage and job of a critical path; empty when none is known.
    path: Vec<(usize, u32)>,
    cost: i64,
    best: Vec<u32>,
    pub(super) best_cost: i64,
    rng: Rng,
    heat: Option<Heat>,
    number: u32,
    free: Vec<u64>,
    work: u64,
}

impl<'t> Queues<'t> {
    /// Begins from `lines`, a plan of `stages` in their sense of time; `None` when its queues, each
    /// job served by whoever is free first, end too late.
    pub(super) fn new(
        lines: &Lines<'t>,
        stages: Stages,
        seed: u64,
        number: u32,
    ) -> Option<Queues<'t>> {
        let jobs = stages.stages.first().map_or(0, |stage| stage.works.len());
        let places = jobs * stages.stages.len();
        let mut marks = vec![0];
        for stage in &stages.stages {
            marks.push(marks[marks.len() - 1] + stage.people * jobs.div_ceil(BLOCK));
        }
        let empty = vec![freed(0, NONE); marks[marks.len() - 1]];
        let times = Times { end: vec![0; places], held: vec![NONE; places], marks: empty };
        let mut search = Queues {
            table: lines.table,
            stages,
            jobs,
            marks,
            queues: Vec::with_capacity(places),
            trial: times.clone(),
            times,
            path: Vec::new(),
            cost: 0,
            best: Vec::new(),
            best_cost: i64::MAX,
            rng: Rng::new(seed, STREAM + u64::from(number)),
            heat: None,
            number,
            free: Vec::new(),
            work: 0,
        };
        search.begin(lines).then_some(search)
    }

    /// Goes to the order of `lines`; `false` when that ends too late.
    pub(super) fn begin(&mut self, lines: &Lines<'_>) -> bool {
        self.queues.clear();
        for stage in &self.stages.stages {
            let from = self.queues.len();
            self.queues.extend((0..).zip(&stage.works).map(|(job, _): (u32, _)| job));
            let start = |job: &u32| lines.times(stage.works[*job as usize].step).0;
            self.queues[from..].sort_by_key(|job| (start(job), *job));
        }
        self.times.end.fill(NONE);
        let Some((cost, last)) = self.time((0, 0, self.jobs - 1), i64::MAX) else { return false };
        self.cost = cost;
        self.accept(0, last);
        self.keep_best();
        true
    }

    fn keep_best(&mut self) {
        if self.cost < self.best_cost {
            self.best_cost = self.cost;
            self.best.clone_from(&self.queues);
        }
    }

    /// Moves until about `work` jobs were served; `Some(true)`: a cycle ended; `None`: `alarm`
    /// rang.
    pub(super) fn round(&mut self, work: u64, dice: &Dice, alarm: &Alarm<'_>) -> Option<bool> {
        let mut heat = match self.heat.take() {
            Some(heat) => heat,
            None => self.gauge(alarm)?,
        };
        let (until, mut ended) = (self.work + work, false);
        while self.work < until && !ended {
            if alarm() {
                return None;
            }
            for _ in 0..BATCH {
                let limit = self.cost.saturating_add(heat.allowance(dice, &mut self.rng));
                self.attempt(limit);
            }
            if heat.cool() {
                heat.lengthen();
                ended = true;
            }
        }
        self.heat = Some(heat);
        Some(ended)
    }

    /// The heat to begin with; `None`: `alarm` rang.
    fn gauge(&mut self, alarm: &Alarm<'_>) -> Option<Heat> {
        let mut losses = Vec::new();
        for _ in 0..SAMPLE {
            if alarm() {
                return None;
            }
            for _ in 0..BATCH {
                let Some(shift) = self.draw() else { continue };
                self.change(shift);
                let priced = self.time(shift.changes(), i64::MAX);
                losses.extend(priced.map(|(cost, _)| (cost - self.cost) / COLD));
                self.change(shift.undone());
            }
        }
        Some(Heat::new(losses, self.number as usize, FIRST_BATCHES * self.jobs as u64))
    }

    /// Makes a random move; kept when that costs no more than `limit`.
    fn attempt(&mut self, limit: i64) {
        let Some(shift) = self.draw() else { return };
        self.change(shift);
        match self.time(shift.changes(), limit) {
            Some((cost, last)) if cost <= limit => {
                self.cost = cost;
                self.accept(shift.stage, last);
                self.keep_best();
            }
            _ => self.change(shift.undone()),
        }
    }

    /// A random move; `None` when the one drawn leads out of the queue.
    fn draw(&mut self) -> Option<Shift> {
        self.work += 1;
        let (stage, from) = if self.rng.chance(CRITICAL) {
            if self.path.is_empty() {
                self.trace();
            }
            let (stage, job) = self.path[self.rng.below(self.path.len())];
            let queue = &self.queues[stage * self.jobs..(stage + 1) * self.jobs];
            (stage, queue.iter().position(|other| *other == job)?)
        } else {
            (self.rng.below(self.stages.stages.len()), self.rng.below(self.jobs))
        };
        let reach = 1 + self.rng.below(REACH);
        let to = if self.rng.chance(500) { from + reach } else { from.checked_sub(reach)? };
        let swaps = self.rng.chance(500);
        (to < self.jobs).then_some(Shift { stage, from, to, swaps })
    }

    fn change(&mut self, Shift { stage, from, to, swaps }: Shift) {
        let queue = &mut self.queues[stage * self.jobs..(stage + 1) * self.jobs];
        super::list::change(queue, from, to, swaps);
    }

    /// Times anew what changes when the queue of the stage in row `first` has changed between two
    /// positions: the cost, and the row from which on nothing is different. `None`: the cost is
    /// above `limit`, or something ends too late.
    fn time(
        &mut self,
        (first, one, other): (usize, usize, usize),
        limit: i64,
    ) -> Option<(i64, usize)> {
        let latest = positive(self.table.finish_limit(limit)).min(self.stages.latest);
        let (jobs, count) = (self.jobs, self.stages.stages.len());
        let mut changed = (one, other);
        for row in first..count {
            let (places, marks) =
                (row * jobs..(row + 1) * jobs, self.marks[row]..self.marks[row + 1]);
            let queue = &self.queues[places.clone()];
            let before = places.start.saturating_sub(jobs)..places.start;
            if row > first {
                let (now, then) =
                    (&self.trial.end[before.clone()], &self.times.end[before.clone()]);
                let moves = |job: &u32| now[*job as usize] != then[*job as usize];
                let Some(from) = queue.iter().position(moves) else {
                    return Some((self.cost, row));
                };
                changed = (from, queue.iter().rposition(moves).unwrap_or(from));
            }
            self.trial.take(&self.times, places.clone(), marks.clone());
            if row == first && row > 0 {
                self.trial.end[before.clone()].copy_from_slice(&self.times.end[before.clone()]);
            }
            let (ends, rest) = self.trial.end.split_at_mut(places.start);
            let works = if row == 0 { &[][..] } else { &self.stages.stages[row - 1].works };
            let mut service = Service {
                stage: &self.stages.stages[row],
                before: (&ends[before], works),
                release: self.stages.release,
                end: &mut rest[..jobs],
                held: &mut self.trial.held[places],
                marks: &mut self.trial.marks[marks.clone()],
                free: &mut self.free,
                served: 0,
            };
            let done = service.serve(queue, changed, &self.times.marks[marks], latest);
            self.work += service.served;
            done?;
        }
        let finish = self.trial.end[(count - 1) * jobs..].iter().max()?;
        Some((self.table.lateness(0, i32::try_from(*finish).ok()?), count))
    }

    /// The times under trial become those of stages `first` to before `last`.
    fn accept(&mut self, first: usize, last: usize) {
        let places = first * self.jobs..last * self.jobs;
        self.times.take(&self.trial, places, self.marks[first]..self.marks[last]);
        self.path.clear();
    }

    /// Follows what holds the last job back, to where nothing does.
    fn trace(&mut self) {
        let mut stage = self.stages.stages.len() - 1;
        let ends = &self.times.end[stage * self.jobs..];
        let last = (0..).zip(ends).max_by_key(|(_, end)| **end);
        let mut job: u32 = last.map_or(0, |(job, _)| job);
        loop {
            self.path.push((stage, job));
            let held = self.times.held[stage * self.jobs + job as usize];
            if held != NONE {
                job = held;
            } else if stage == 0 {
                return;
            } else {
                stage -= 1;
            }
        }
    }

    /// The plan of the best queues.
    pub(super) fn lines(&self) -> Option<Lines<'t>> {
        let steps = self.table.len();
        let (mut ways, mut starts) = (vec![NONE; steps], vec![0; steps]);
        let mut ready = vec![i32::try_from(self.stages.release).ok()?; self.jobs];
        for (stage, queue) in self.stages.stages.iter().zip(self.best.chunks(self.jobs)) {
            let mut free = vec![0; stage.people];
            for job in queue {
                let work = &stage.works[*job as usize];
                let first = (0..free.len()).min_by_key(|person| free[*person])?;
                let ready = &mut ready[*job as usize];
                let start = free[first].max(*ready);
                free[first] = start + i32::try_from(work.minutes).ok()?;
                *ready = free[first] + i32::try_from(work.lag).ok()?;
                let row = work.step as usize;
                (ways[row], starts[row]) = (self.table.ways.range(row).0, start);
                ways[row] += u32::try_from(first).ok()?;
            }
        }
        Lines::new(self.table, &ways, &starts)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::super::lines::Lines;
    use super::super::stages::Stages;
    use super::super::table::Table;
    use super::super::tests::{begun, first, flow};
    use super::Queues;
    use crate::solver::accept::Dice;
    use crate::solver::rng::Rng;

    /// Chains of a flow shop whose steps stand job by job.
    fn chains(jobs: u32, stages: u32) -> Vec<u32> {
        (0..jobs * stages).map(|step| step / stages).collect()
    }

    fn queues<'t>(lines: &Lines<'t>, stages: Stages, seed: u64) -> Queues<'t> {
        Queues::new(lines, stages, seed, 0).expect("there is time")
    }

    /// A sample of 16 × 16 moves, 16 between two looks, then 16 at a time.
    #[test]
    fn a_round_of_queues_heeds_the_alarm_while_it_gauges_and_while_it_moves() {
        let problem = flow(12, 3, 2, 1);
        let table = Table::new(&problem).expect("plain steps");
        let lines = begun(&table, &first(&problem));
        let stages = Stages::new(&table, &chains(12, 3), false).expect("a flow shop");
        for rings in 1..40 {
            let mut search = queues(&lines, stages.clone(), 1);
            let heard = AtomicU32::new(0);
            let alarm = || heard.fetch_add(1, Ordering::Relaxed) + 1 >= rings;
            assert!(search.round(u64::MAX / 4, &Dice::default(), &alarm).is_none());
            assert_eq!(heard.load(Ordering::Relaxed), rings, "it goes on after the alarm");
        }
    }

    #[test]
    fn after_any_moves_times_are_those_of_the_queues_timed_afresh() {
        let mut kept = 0;
        for (seed, people) in (0..).zip([1, 2, 3, 1, 2, 3]) {
            let problem = flow(40, 4, people, seed);
            let table = Table::new(&problem).expect("plain steps");
            let lines = begun(&table, &first(&problem));
            let stages = Stages::new(&table, &chains(40, 4), false).expect("a flow shop");
            let mut search = queues(&lines, stages.clone(), seed);
            let (mut afresh, mut rng) = (queues(&lines, stages, seed), Rng::new(seed, 9));
            for _ in 0..300 {
                let (before, queues) = (search.cost, search.queues.clone());
                search.attempt(before + rng.range(0, 1000));
                kept += usize::from(search.queues != queues);
                afresh.times.end.fill(u32::MAX);
                afresh.queues.clone_from(&search.queues);
                let (cost, last) = afresh.time((0, 0, 39), i64::MAX).expect("there is time");
                afresh.accept(0, last);
                assert_eq!((cost, &afresh.times.end), (search.cost, &search.times.end));
                assert_eq!(afresh.times.held, search.times.held);
                assert_eq!(afresh.times.marks, search.times.marks);
            }
            let plan = search.lines().expect("the plan is allowed");
            assert!(plan.total() <= search.best_cost, "seed {seed}");
        }
        assert!(kept > 500, "{kept} moves kept");
    }

    /// The orders in which `count` things can stand.
    fn orders(count: u32) -> Vec<Vec<u32>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let longer = |order: Vec<u32>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, count - 1);
                order
            })
        };
        orders(count - 1).into_iter().flat_map(longer).collect()
    }

    /// Five jobs at two stages of two people: 120 × 120 pairs of queues.
    #[test]
    fn small_flow_shops_are_solved_as_well_as_by_trying_every_queue() {
        for seed in 0..4 {
            let problem = flow(5, 2, 2, seed);
            let table = Table::new(&problem).expect("plain steps");
            let lines = begun(&table, &first(&problem));
            let stages = Stages::new(&table, &chains(5, 2), false).expect("a flow shop");
            let mut search = queues(&lines, stages, seed);
            let mut best = i64::MAX;
            for one in orders(5) {
                for other in orders(5) {
                    search.times.end.fill(u32::MAX);
                    search.queues = [one.clone(), other].concat();
                    let priced = search.time((0, 0, 4), i64::MAX).expect("there is time");
                    best = best.min(priced.0);
                }
            }
            assert!(search.begin(&lines));
            for _ in 0..60 {
                assert!(search.round(20_000, &Dice::default(), &|| false).is_some());
            }
            assert_eq!(search.best_cost, best, "seed {seed}");
        }
    }
}
