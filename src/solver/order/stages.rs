//! Flow shops read as such: where all chains pass the same stages and everybody of a stage is as
//! good as another, a list is decoded stage by stage, each stage serving whoever comes first. That
//! gives the plan of [`super::list`] at a fraction of its work.
//!
//! Knows nothing of how lists are searched.

use super::table::{FAR, Table};

/// Bits of a place and of a job in an arrival.
const BITS: u32 = 16;

/// What a job is at a stage, in minutes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) step: u32,
    pub(super) minutes: u32,
    /// From its end to when it is ready for the next stage.
    pub(super) lag: u32,
    /// At least from its end to the finish.
    pub(super) tail: u32,
}

/// A stage: how many people it has, and the work of each job.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) people: usize,
    pub(super) works: Vec<Work>,
}

/// A flow shop of one ticket, in one sense of time.
#[derive(Clone, Debug)]
pub(super) struct Stages {
    pub(super) stages: Vec<Stage>,
    pub(super) release: u32,
    /// No step may end later.
    pub(super) latest: u32,
    /// When jobs come to a stage, by [`arrival`], in order.
    arrivals: Vec<u64>,
    /// When the people of the stage are free, in order.
    free: Vec<u32>,
}

impl Stages {
    /// Reads `table` as a flow shop whose jobs are the chains, `chain` telling that of each step;
    /// from the end to the beginning when `is_backward`. `None` when it is none, not of one ticket,
    /// or a step has a latest end of its own.
    pub(super) fn new(table: &Table<'_>, chain: &[u32], is_backward: bool) -> Option<Stages> {
        let jobs = chain.iter().max().map_or(0, |last| *last as usize + 1);
        if table.problem.tickets.len() != 1 || jobs >= 1 << BITS {
            return None;
        }
        let mut passes = passes(table, chain, jobs)?;
        let mut works: Vec<Vec<Work>> = passes.iter().map(|pass| works(table, pass)).collect();
        if is_backward {
            passes.iter_mut().for_each(|pass| pass.reverse());
            works.iter_mut().for_each(|works| turn_round(works));
        }
        let count = passes.first()?.len();
        let mut seen = vec![false; table.line_count];
        let mut stages = Vec::with_capacity(count);
        for row in 0..count {
            let people = table.ways.of(passes[0][row] as usize);
            for way in people {
                if std::mem::replace(&mut seen[way.line as usize], true) {
                    return None;
                }
            }
            let same = |pass: &Vec<u32>| {
                let ways = table.ways.of(pass[row] as usize);
                ways.len() == people.len()
                    && ways.iter().zip(people).all(|(way, person)| way.line == person.line)
            };
            if !passes.iter().all(same) {
                return None;
            }
            let works = works.iter().map(|works| works[row]).collect();
            stages.push(Stage { people: people.len(), works });
        }
        let latest = table.latest_end[0];
        if table.latest_end.iter().any(|other| *other != latest) {
            return None;
        }
        Some(Stages {
            stages,
            release: positive(table.release[0]),
            latest: positive(latest.min(FAR - 1)),
            arrivals: Vec::with_capacity(jobs),
            free: Vec::new(),
        })
    }

    /// The finish of the plan of `list`, or `None` when that is after `limit` or a step could
    /// end too late.
    pub(super) fn finish(&mut self, list: &[u32], limit: i32) -> Option<i32> {
        let limit = self.latest.min(positive(limit));
        let release = self.release;
        self.arrivals.clear();
        let first = (0..).zip(list).map(|(place, job)| arrival(release, place << BITS | job));
        self.arrivals.extend(first);
        let mut finish = 0;
        for stage in &self.stages {
            self.free.clear();
            self.free.resize(stage.people, 0);
            finish = serve(stage, &mut self.arrivals, &mut self.free, limit)?;
        }
        i32::try_from(finish).ok()
    }
}

/// Serves who comes first; `arrivals` become those at the next stage. The last end, or `None` when
/// the finish is after `limit`.
fn serve(stage: &Stage, arrivals: &mut [u64], free: &mut [u32], limit: u32) -> Option<u32> {
    let mut last = 0;
    for row in 0..arrivals.len() {
        let (ready, who) = parts(arrivals[row]);
        let work = stage.works[who as usize & ((1 << BITS) - 1)];
        let end = ready.max(free[0]) + work.minutes;
        if end + work.tail > limit {
            return None;
        }
        last = end.max(last);
        let mut person = 0;
        while person + 1 < free.len() && free[person + 1] < end {
            free[person] = free[person + 1];
            person += 1;
        }
        free[person] = end;
        let next = arrival(end + work.lag, who);
        let mut place = row;
        while place > 0 && arrivals[place - 1] > next {
            arrivals[place] = arrivals[place - 1];
            place -= 1;
        }
        arrivals[place] = next;
    }
    Some(last)
}

/// A number that is less for who is ready sooner, then for whose place in the list is earlier.
fn arrival(ready: u32, who: u32) -> u64 {
    u64::from(ready) << 32 | u64::from(who)
}

/// Ready and who of an [`arrival`].
fn parts(arrival: u64) -> (u32, u32) {
    let half = |half: u64| u32::try_from(half).expect("it is half of 64 bits");
    (half(arrival >> 32), half(arrival & u64::from(u32::MAX)))
}

/// Minutes that are not negative.
pub(super) fn positive(minutes: i32) -> u32 {
    u32::try_from(minutes.max(0)).expect("it is not negative")
}

/// The steps of every job in order; `None` when one is not a row of plain steps, as long as the
/// others.
fn passes(table: &Table<'_>, chain: &[u32], jobs: usize) -> Option<Vec<Vec<u32>>> {
    let mut passes: Vec<Vec<u32>> = vec![Vec::new(); jobs];
    for (step, chain) in (0..).zip(chain) {
        let row = step as usize;
        if !is_plain(table, row) {
            return None;
        }
        if table.before.of(row).is_empty() {
            let mut pass = vec![step];
            let mut last = row;
            while let Some((next, _)) = table.after.of(last).first() {
                pass.push(*next);
                last = *next as usize;
            }
            passes[*chain as usize] = pass;
        }
    }
    let steps: usize = passes.iter().map(Vec::len).sum();
    let alike = passes.iter().all(|pass| pass.len() == passes[0].len());
    (alike && steps == chain.len()).then_some(passes)
}

/// Whether a step has one step before and after it at most, and everybody takes as long for it.
fn is_plain(table: &Table<'_>, row: usize) -> bool {
    let ways = table.ways.of(row);
    table.before.of(row).len() <= 1
        && table.after.of(row).len() <= 1
        && table.differs.of(row).is_empty()
        && ways.iter().all(|way| !way.has_hours() && way.minutes == ways[0].minutes)
}

/// The work of a job at each stage.
fn works(table: &Table<'_>, pass: &[u32]) -> Vec<Work> {
    let work = |step: &u32| {
        let row = *step as usize;
        let minutes = table.ways.of(row).first().map_or(0, |way| way.minutes);
        let lag = table.after.of(row).first().map_or(0, |link| link.1);
        let (minutes, lag, tail) = (positive(minutes), positive(lag), positive(table.tail[row]));
        Work { step: *step, minutes, lag, tail }
    };
    pass.iter().map(work).collect()
}

/// The same job from the end to the beginning.
fn turn_round(works: &mut [Work]) {
    let lags: Vec<u32> = works.iter().map(|work| work.lag).collect();
    let mut head = 0;
    for (row, work) in works.iter_mut().enumerate() {
        work.lag = if row == 0 { 0 } else { lags[row - 1] };
        head += work.lag;
        work.tail = head;
        head += work.minutes;
    }
    works.reverse();
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::super::tests::{flexible, flow};
    use super::Stages;
    use crate::id::Id;

    /// Two people at each of three stages; the jobs are the rows of three steps.
    #[test]
    fn a_flow_shop_is_read_as_one_and_a_job_shop_is_not() {
        let problem = flow(4, 3, 2, 1);
        let table = Table::new(&problem).expect("plain steps");
        let chain: Vec<u32> = (0..12).map(|step| step / 3).collect();
        let stages = Stages::new(&table, &chain, false).expect("a flow shop");
        assert_eq!(stages.stages.iter().map(|stage| stage.people).collect::<Vec<_>>(), [2, 2, 2]);
        let backward = Stages::new(&table, &chain, true).expect("a flow shop");
        let (first, last) = (&stages.stages[0].works[1], &backward.stages[2].works[1]);
        assert_eq!((first.step, first.minutes), (last.step, last.minutes));
        // What lies behind the first stage lies before it the other way round: nothing.
        assert!(first.tail > 0 && last.tail == 0);
        let others = flexible(4, 3, 1);
        let table = Table::new(&others).expect("plain steps");
        assert!(Stages::new(&table, &chain, false).is_none());
    }

    #[test]
    fn a_flow_shop_with_a_step_that_has_to_end_earlier_is_not_read_as_one() {
        let mut problem = flow(4, 3, 2, 1);
        problem.steps[Id::new(5)].latest_end.0 -= 1;
        let table = Table::new(&problem).expect("plain steps");
        let chain: Vec<u32> = (0..12).map(|step| step / 3).collect();
        assert!(Stages::new(&table, &chain, false).is_none());
    }
}
