//! A search over queues: at every stage of a flow shop the jobs stand in an order of their own, and
//! whoever is free first takes the next. Begins where lists end: lists let every stage serve who
//! comes first, and the best plans do not. A move shifts a job of the critical path a little.

use super::heat::Heat;
use super::lines::Lines;
use super::stages::{Stage, Stages, Work, positive};
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
const COLD: i64 = 16;

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
}

/// A move: the row of the stage, two positions, and whether their jobs change places.
type Move = (usize, usize, usize, bool);

/// A queue search.
pub(super) struct Queues<'t> {
    table: &'t Table<'t>,
    stages: Stages,
    jobs: usize,
    /// The jobs of every stage in order.
    queues: Vec<u32>,
    times: Times,
    /// Those of the move under trial, from its stage on.
    trial: Times,
    /// Rows of stage and job that nothing can be saved beside, as long as known.
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
    /// Begins from `lines`, a plan of `stages` in their sense of time.
    pub(super) fn new(lines: &Lines<'t>, stages: Stages, seed: u64, number: u32) -> Queues<'t> {
        let jobs = stages.stages.first().map_or(0, |stage| stage.works.len());
        let places = jobs * stages.stages.len();
        let times = Times { end: vec![0; places], held: vec![NONE; places] };
        let mut search = Queues {
            table: lines.table,
            stages,
            jobs,
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
        search.begin(lines);
        search
    }

    /// Goes to the order of `lines`.
    pub(super) fn begin(&mut self, lines: &Lines<'_>) {
        self.queues.clear();
        for stage in &self.stages.stages {
            let from = self.queues.len();
            self.queues.extend((0..).zip(&stage.works).map(|(job, _): (u32, _)| job));
            let start = |job: &u32| lines.times(stage.works[*job as usize].step).0;
            self.queues[from..].sort_by_key(|job| (start(job), *job));
        }
        self.times.end.fill(NONE);
        self.cost = self.time(0, i64::MAX).map_or(i64::MAX, |(cost, _)| cost);
        self.accept(0, self.stages.stages.len());
        self.keep_best();
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
                let Some(drawn) = self.draw() else { continue };
                self.change(drawn);
                let priced = self.time(drawn.0, i64::MAX);
                losses.extend(priced.map(|(cost, _)| (cost - self.cost) / COLD));
                self.change((drawn.0, drawn.2, drawn.1, drawn.3));
            }
        }
        Some(Heat::new(losses, self.number as usize, FIRST_BATCHES * self.jobs as u64))
    }

    /// Makes a random move; kept when that costs no more than `limit`.
    fn attempt(&mut self, limit: i64) {
        let Some(drawn) = self.draw() else { return };
        self.change(drawn);
        match self.time(drawn.0, limit) {
            Some((cost, last)) if cost <= limit => {
                self.cost = cost;
                self.accept(drawn.0, last);
                self.keep_best();
            }
            _ => self.change((drawn.0, drawn.2, drawn.1, drawn.3)),
        }
    }

    /// A random move; `None` when the one drawn leads out of the queue.
    fn draw(&mut self) -> Option<Move> {
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
        (to < self.jobs).then_some((stage, from, to, self.rng.chance(500)))
    }

    fn change(&mut self, (stage, from, to, swaps): Move) {
        let queue = &mut self.queues[stage * self.jobs..(stage + 1) * self.jobs];
        super::list::change(queue, from, to, swaps);
    }

    /// Times all from the stage in row `first` on: the cost, and the row from which on nothing is
    /// different. `None`: the cost is above `limit`, or something ends too late.
    fn time(&mut self, first: usize, limit: i64) -> Option<(i64, usize)> {
        let latest = positive(self.table.finish_limit(limit)).min(self.stages.latest);
        let (jobs, count) = (self.jobs, self.stages.stages.len());
        let mut finish = 0;
        for row in first..count {
            let stage = &self.stages.stages[row];
            let (from, to) = (row * jobs, (row + 1) * jobs);
            let (done, rest) = self.trial.end.split_at_mut(from);
            let before = if row == 0 {
                None
            } else {
                let ends = if row == first { &self.times.end[..from] } else { &*done };
                Some((&ends[from - jobs..], &self.stages.stages[row - 1].works[..]))
            };
            self.work += jobs as u64;
            self.free.clear();
            self.free.resize(stage.people, u64::from(NONE));
            finish = serve(
                (stage, before, self.stages.release),
                &self.queues[from..to],
                (&mut rest[..jobs], &mut self.trial.held[from..to]),
                &mut self.free,
                latest,
            )?;
            if row + 1 < count && rest[..jobs] == self.times.end[from..to] {
                return Some((self.cost, row + 1));
            }
        }
        Some((self.table.lateness(0, i32::try_from(finish).ok()?), count))
    }

    /// The times under trial become those of stages `first` to before `last`.
    fn accept(&mut self, first: usize, last: usize) {
        let (from, to) = (first * self.jobs, last * self.jobs);
        self.times.end[from..to].copy_from_slice(&self.trial.end[from..to]);
        self.times.held[from..to].copy_from_slice(&self.trial.held[from..to]);
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

/// A stage, ends and works at the one before, and the release.
type Place<'a> = (&'a Stage, Option<(&'a [u32], &'a [Work])>, u32);

/// Serves the jobs of `queue` in order; `free` has when somebody is free and after which job. The
/// last end, or `None` when the finish is after `latest`.
fn serve(
    (stage, before, release): Place<'_>,
    queue: &[u32],
    (ends, held): (&mut [u32], &mut [u32]),
    free: &mut [u64],
    latest: u32,
) -> Option<u32> {
    let half = |half: u64| u32::try_from(half).expect("it is half of 64 bits");
    let mut last = 0;
    for job in queue {
        let row = *job as usize;
        let work = &stage.works[row];
        let ready = before.map_or(release, |(ends, works)| ends[row] + works[row].lag);
        let (idle, other) = (half(free[0] >> 32), half(free[0] & u64::from(u32::MAX)));
        let end = idle.max(ready) + work.minutes;
        if end + work.tail > latest {
            return None;
        }
        ends[row] = end;
        held[row] = if idle > ready { other } else { NONE };
        last = end.max(last);
        let next = u64::from(end) << 32 | u64::from(*job);
        let mut person = 0;
        while person + 1 < free.len() && free[person + 1] < next {
            free[person] = free[person + 1];
            person += 1;
        }
        free[person] = next;
    }
    Some(last)
}
