//! The question as the proof reads it: people in groups with one price each, ways of working, and
//! of every ticket the chain of steps that takes longest.

use std::collections::BTreeMap;

use super::chain::{Pass, chain, link, onward};
use super::groups::Groups;
use super::minutes::{Hours, Minutes, UNIT, row_number};
use crate::id::Id;
use crate::model::ticket::BureauRule;
use crate::model::work::{self, Clock};
use crate::problem::{Fixed, Problem, Shift};
use crate::solver::bound::{self, Ends, earliest_ends};
use crate::time::Tick;

/// More than any ticket is allowed to cost here, in fen.
const DEAREST: i64 = 1 << 38;
/// More minutes than any horizon has.
const LONG: i64 = 1 << 40;
/// No way.
pub(super) const NEVER: i64 = i64::MAX / 4;

/// A way open to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    /// Row of [`Table::lines`].
    pub(super) line: u32,
    /// Worked minutes.
    pub(super) minutes: u32,
    /// The first minute of all that may not be worked any more.
    pub(super) expires: u32,
    /// In units.
    pub(super) price: i64,
}

/// A step that somebody works on.
pub(super) struct Job {
    /// The first minute it may begin in.
    pub(super) head: usize,
    /// One more than the last minute that may be worked.
    pub(super) last: usize,
    /// Row of the minutes it may begin in, if not all.
    pub(super) starts: Option<usize>,
    /// Row of [`Table::kinds`].
    pub(super) kind: usize,
    /// Least worked minutes.
    pub(super) least: usize,
    /// Row of passages: by its last minute, the first minute in which the next job may begin.
    pub(super) passage: usize,
    /// Least elapsed minutes from its end to the finish.
    pub(super) tail: i64,
}

/// A ticket.
pub(super) struct Row {
    pub(super) ticket: Id<work::Ticket>,
    pub(super) chain: Vec<Job>,
    /// Jobs beside the chain.
    pub(super) beside: Vec<Job>,
    /// What it costs in fen when its last job of the chain ends with a minute, from the head of
    /// that job on; never falls, [`u32::MAX`] where it cannot be, and less than that elsewhere,
    /// which is less than the cost where that is over 42 million yuan.
    late: Vec<u32>,
    /// The first of those minutes.
    first: usize,
    /// What leaving it out costs, in units.
    pub(super) unserved: i64,
    /// Cost without occupying anybody, where that must be allowed for; [`NEVER`] if not.
    pub(super) escape: i64,
}

/// Working hours of a group: what is priced.
pub(super) struct Line {
    pub(super) group: usize,
    pub(super) hours: usize,
}

/// The question.
pub(super) struct Table<'p> {
    pub(super) problem: &'p Problem,
    pub(super) minutes: Minutes,
    pub(super) groups: Groups,
    /// By group: minutes in which its people may work.
    pub(super) open: Vec<Vec<u32>>,
    pub(super) hours: Vec<Hours>,
    pub(super) lines: Vec<Line>,
    pub(super) ways: Vec<Way>,
    /// By kind of work, which tells who may do it and how fast: range of ways.
    pub(super) kinds: Vec<(u32, u32)>,
    pub(super) starts: Vec<Vec<bool>>,
    pub(super) passages: Vec<Vec<u32>>,
    pub(super) rows: Vec<Row>,
    /// Tickets' least costs that take no part, in fen.
    pub(super) rest: i64,
}

/// What says when a job may begin: hours, and windows.
type Starts = (Option<Id<Clock>>, Vec<(Tick, Tick)>);

/// Fills a table.
struct Maker<'p> {
    table: Table<'p>,
    hours: BTreeMap<(Id<Shift>, bool), usize>,
    lines: BTreeMap<(usize, usize), usize>,
    kinds: BTreeMap<((u32, u32), usize), usize>,
    starts: BTreeMap<Starts, usize>,
    passages: BTreeMap<Vec<Pass>, usize>,
}

/// The jobs of a ticket.
struct Jobs {
    chain: Vec<Job>,
    beside: Vec<Job>,
    /// What passes after the last job of the chain.
    passes: Vec<Pass>,
}

/// What passes from when the wait `step` may begin to its end.
fn wait(problem: &Problem, step: Id<work::Step>) -> Vec<Pass> {
    let row = &problem.steps[step];
    let gate = row.bureau.map(|(_, clock, _)| Pass::Gate(clock));
    let window = row.windows.first().map(|window| Pass::Until(window.start));
    let lag = row.wait.map(Pass::Lag);
    [gate, window, lag].into_iter().flatten().collect()
}

impl<'p> Table<'p> {
    /// The table of `problem`.
    pub(super) fn new(problem: &'p Problem) -> Table<'p> {
        let minutes = Minutes::new(problem);
        let groups = Groups::new(problem);
        let open = |group: &Vec<Id<work::Person>>| {
            let shifts = problem.people[group[0]].shifts.iter();
            let hours =
                shifts.map(|row| Hours::new(problem, &minutes, &problem.shifts[*row], true));
            let mut open: Vec<u32> = hours.flat_map(|hours| hours.regular.rows).collect();
            open.sort_unstable();
            open.dedup();
            open
        };
        let open = groups.rows.iter().map(open).collect();
        let table = Table {
            problem,
            minutes,
            groups,
            open,
            hours: Vec::new(),
            lines: Vec::new(),
            ways: Vec::new(),
            kinds: Vec::new(),
            starts: Vec::new(),
            passages: Vec::new(),
            rows: Vec::new(),
            rest: 0,
        };
        let mut maker = Maker {
            table,
            hours: BTreeMap::new(),
            lines: BTreeMap::new(),
            kinds: BTreeMap::new(),
            starts: BTreeMap::new(),
            passages: BTreeMap::new(),
        };
        for ticket in problem.tickets.ids() {
            match maker.row(ticket) {
                Some(row) => maker.table.rows.push(row),
                None => maker.table.rest += bound::least_cost(problem, ticket),
            }
        }
        maker.table
    }

    /// The ways to do jobs of the kind in row `kind`.
    pub(super) fn ways_of(&self, kind: usize) -> &[Way] {
        let (from, to) = self.kinds[kind];
        &self.ways[from as usize..to as usize]
    }
}

impl Row {
    /// What it costs when its last job of the chain ends with `minute`, in units.
    pub(super) fn late(&self, minute: usize) -> i64 {
        match self.late.get(minute - self.first) {
            Some(&fen) if fen < u32::MAX => i64::from(fen) * UNIT,
            _ => NEVER,
        }
    }

    /// The first minute with which it costs more than `limit`.
    pub(super) fn before(&self, limit: i64) -> usize {
        let dear = |fen: &u32| i64::from(*fen) * UNIT <= limit && *fen < u32::MAX;
        self.first + self.late.partition_point(dear)
    }
}

/// The greatest numbers at or below `numbers` that never fall.
fn never_falling(mut numbers: Vec<u32>) -> Vec<u32> {
    let mut least = u32::MAX;
    for number in numbers.iter_mut().rev() {
        least = least.min(*number);
        *number = least;
    }
    numbers
}

impl Maker<'_> {
    /// The row of `ticket`; `None` when it takes no part.
    fn row(&mut self, ticket: Id<work::Ticket>) -> Option<Row> {
        let problem = self.table.problem;
        let row = &problem.tickets[ticket];
        let ends = earliest_ends(problem, ticket)?;
        let finish = ends.finish;
        if finish > problem.horizon {
            return None;
        }
        let late = problem.lateness(ticket, problem.horizon.max(finish)).min(DEAREST) * UNIT;
        let escape = if row.must { late } else { NEVER };
        let unserved = if row.must { NEVER } else { row.unserved.min(DEAREST) * UNIT };
        let Jobs { chain, beside, passes } = self.jobs(ticket, &ends)?;
        let first = chain.last()?.head;
        let fen = self.table.minutes.ticks().skip(first).map(|tick| {
            let end = onward(problem, &passes, tick + 1).map(|end| end.max(finish));
            let end = end.filter(|end| *end <= problem.horizon);
            let most = u32::MAX - 1;
            let fen = |end| u32::try_from(problem.lateness(ticket, end)).unwrap_or(most).min(most);
            end.map_or(u32::MAX, fen)
        });
        let late = never_falling(fen.collect());
        Some(Row { ticket, chain, beside, late, first, unserved, escape })
    }

    /// The jobs of `ticket`; `None` when a fact stands amid them.
    fn jobs(&mut self, ticket: Id<work::Ticket>, ends: &Ends) -> Option<Jobs> {
        let problem = self.table.problem;
        let steps = &problem.tickets[ticket].steps;
        let order = chain(problem, ticket)?;
        let works = |step: Id<work::Step>| {
            problem.steps[step].fixed == Fixed::Free && problem.steps[step].wait.is_none()
        };
        let mut jobs = Jobs { chain: Vec::new(), beside: Vec::new(), passes: Vec::new() };
        for (at, row) in order.path.iter().enumerate() {
            let step = steps[*row];
            if let Some(before) = at.checked_sub(1) {
                let link = link(problem, steps[order.path[before]], step)?;
                jobs.passes.push(Pass::Lag(link.lag));
            }
            if works(step) {
                let passes = std::mem::take(&mut jobs.passes);
                if let Some(job) = jobs.chain.last_mut() {
                    job.passage = self.passage(passes);
                }
                jobs.chain.push(self.job(step, ends, *row, order.tails[*row])?);
            } else if problem.steps[step].fixed == Fixed::Free {
                jobs.passes.extend(wait(problem, step));
            } else if jobs.chain.is_empty() {
                // A fact: what comes after knows it by its own earliest start.
                jobs.passes.clear();
            } else {
                return None;
            }
        }
        for (row, step) in steps.iter().enumerate() {
            if works(*step) && !order.path.contains(&row) {
                // What comes after the chain takes time in which the others may go on.
                let tail = if jobs.passes.is_empty() { order.tails[row] } else { -LONG };
                jobs.beside.push(self.job(*step, ends, row, tail)?);
            }
        }
        Some(jobs)
    }

    fn job(&mut self, step: Id<work::Step>, ends: &Ends, place: usize, tail: i64) -> Option<Job> {
        let problem = self.table.problem;
        let row = &problem.steps[step];
        let head = self.table.minutes.next(ends.spans[place].0);
        let gate =
            row.bureau.filter(|(.., rule)| *rule == BureauRule::Begins).map(|(_, clock, _)| clock);
        let starts = (gate.is_some() || !row.windows.is_empty()).then(|| {
            let key = (gate, row.windows.iter().map(|w| (w.start, w.end)).collect::<Vec<_>>());
            self.starts(key)
        });
        let last = self.table.minutes.next(row.latest_end.min(problem.horizon));
        let kind = self.kind(step);
        let minutes = self.table.ways_of(kind).iter().map(|way| way.minutes as usize);
        let least = minutes.min()?;
        Some(Job { head, last, starts, kind, least, passage: 0, tail })
    }

    fn starts(&mut self, key: Starts) -> usize {
        if let Some(row) = self.starts.get(&key) {
            return *row;
        }
        let (table, problem) = (&self.table, self.table.problem);
        let minutes = table.minutes.ticks().map(|tick| {
            let open = key.0.is_none_or(|clock| problem.clocks[clock].is_open(tick));
            open && (key.1.is_empty() || key.1.iter().any(|w| w.0 <= tick && tick < w.1))
        });
        let minutes = minutes.collect();
        self.table.starts.push(minutes);
        self.starts.insert(key, self.table.starts.len() - 1);
        self.table.starts.len() - 1
    }

    fn passage(&mut self, passes: Vec<Pass>) -> usize {
        if let Some(row) = self.passages.get(&passes) {
            return *row;
        }
        let (table, problem) = (&self.table, self.table.problem);
        let first = table.minutes.ticks().map(|tick| {
            let tick = onward(problem, &passes, tick + 1);
            row_number(tick.map_or(table.minutes.count(), |tick| table.minutes.next(tick)))
        });
        let first = never_falling(first.collect());
        self.table.passages.push(first);
        self.passages.insert(passes, self.table.passages.len() - 1);
        self.table.passages.len() - 1
    }

    /// The row of what `step` asks for.
    fn kind(&mut self, step: Id<work::Step>) -> usize {
        let problem = self.table.problem;
        let row = &problem.steps[step];
        if let Some(kind) = self.kinds.get(&(row.options, row.presence)) {
            return *kind;
        }
        let mut best: Vec<Way> = Vec::new();
        for choice in row.choices() {
            let choice = &problem.options[choice];
            let crew = problem.crew(choice);
            let alone = crew.len() == 1;
            let lead = crew[0];
            let shift =
                if alone { choice.shift } else { problem.people[lead].shifts[row.presence] };
            let hours = self.hours(shift, !alone);
            let line = row_number(self.line(self.table.groups.of[lead], hours));
            let minutes = u32::try_from(choice.minutes).unwrap_or(u32::MAX / 4);
            let price = if alone { choice.price.min(DEAREST) * UNIT } else { 0 };
            // Crews left out may work later.
            let expires = if alone { choice.expires } else { problem.horizon };
            let expires = row_number(self.table.minutes.next(expires));
            best.push(Way { line, minutes, expires, price });
        }
        best.sort_unstable();
        best.dedup_by_key(|way| (way.line, way.minutes, way.expires));
        let from = row_number(self.table.ways.len());
        self.table.ways.extend(best);
        let ways = (from, row_number(self.table.ways.len()));
        let kind = self.table.kinds.len();
        self.table.kinds.push(ways);
        self.kinds.insert((row.options, row.presence), kind);
        kind
    }

    fn hours(&mut self, shift: Id<Shift>, free: bool) -> usize {
        let table = &mut self.table;
        *self.hours.entry((shift, free)).or_insert_with(|| {
            let shift = &table.problem.shifts[shift];
            table.hours.push(Hours::new(table.problem, &table.minutes, shift, free));
            table.hours.len() - 1
        })
    }

    fn line(&mut self, group: usize, hours: usize) -> usize {
        let table = &mut self.table;
        *self.lines.entry((group, hours)).or_insert_with(|| {
            table.lines.push(Line { group, hours });
            table.lines.len() - 1
        })
    }
}
