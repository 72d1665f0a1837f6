//! A search over lists: every chain of steps has a place in the list, and people take the steps as
//! these become ready, by that place where several are ready at once. Where one ticket is all, that
//! also goes from the end to the beginning, which packs the last stages better. A plan from a list
//! is dense, so for questions of many chains it shows sooner where a good plan lies than moves in a
//! plan do.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::heat::Heat;
use super::lines::Lines;
use super::stages::Stages;
use super::table::{FAR, Link, NONE, Rows, Table};
use crate::solver::accept::Dice;
use crate::solver::rng::Rng;
use crate::solver::search::Alarm;

/// Lists tried between two looks at the alarm.
const BATCH: u32 = 16;

/// Lists by which losses are gauged.
const SAMPLE: usize = 200;

/// How a search goes about it.
#[derive(Clone, Copy, Debug)]
struct Habit {
    /// Cycles without a better list after which it is stuck.
    stuck: usize,
    /// Steps placed after which it is over.
    enough: u64,
    /// Work that a step counts for.
    effort: u64,
    /// By what the losses gauged are divided.
    cold: i64,
    /// How often a cycle is made half as long again.
    longer: usize,
}

/// Where every list takes its time.
const THOROUGH: Habit = Habit { stuck: 1, enough: u64::MAX, effort: 4, cold: 1, longer: 1 };

/// Where lists are decoded stage by stage: cycles are soon over, and colder.
const SWIFT: Habit = Habit { stuck: 2, enough: 1_000_000_000, effort: 1, cold: 4, longer: 2 };

/// Where its random stream begins among all, beyond those of the lanes.
const STREAM: u64 = 2 << 32;

/// Fewest chains and fewest steps to a chain, on average, for which lists are tried.
const LEAST: (usize, usize) = (10, 2);

/// A list search.
pub(super) struct List<'t> {
    table: &'t Table<'t>,
    /// Plans are made from the end to the beginning.
    is_backward: bool,
    /// Least minutes of a ticket beyond the end of each step, in the sense of time of the plan.
    tail: Vec<i32>,
    chain: Vec<u32>,
    /// The chains in order, and the place of each.
    list: Vec<u32>,
    place: Vec<u32>,
    cost: i64,
    /// The best list and its cost.
    best: Vec<u32>,
    pub(super) best_cost: i64,
    /// That at the end of the last cycle, and how many cycles have brought nothing.
    last_cost: i64,
    idle: usize,
    /// Steps placed so far.
    placed: u64,
    /// The question as a flow shop, if it is one.
    stages: Option<Stages>,
    rng: Rng,
    heat: Option<Heat>,
    /// Steps that nothing holds back, by [`turn`].
    ready: BinaryHeap<Reverse<u128>>,
    waits: Vec<u32>,
    from: Vec<i32>,
    free: Vec<i32>,
    way: Vec<u32>,
    start: Vec<i32>,
    finish: Vec<i32>,
}

/// Whether time can be turned round: one ticket, everybody is always there, and nothing has its
/// own limits.
fn is_reversible(table: &Table<'_>) -> bool {
    table.problem.tickets.len() == 1 && table.ways.items().iter().all(|way| !way.has_hours())
}

/// Least minutes of work and waits before each step.
fn heads(table: &Table<'_>) -> Vec<i32> {
    let mut heads = vec![0; table.ticket.len()];
    for step in table.problem.tickets.iter().flat_map(|ticket| ticket.steps.iter()) {
        let before = table.before.of(step.index()).iter().map(|(other, lag)| {
            let least = table.ways.of(*other as usize).iter().map(|way| way.minutes).min();
            lag + least.unwrap_or(0) + heads[*other as usize]
        });
        heads[step.index()] = before.max().unwrap_or(0).min(FAR);
    }
    heads
}

impl<'t> List<'t> {
    /// Begins with the chains by the times at which they begin in `lines`; `None` where lists are
    /// no use: few chains, or chains of single steps.
    pub(super) fn new(lines: &Lines<'t>, seed: u64, number: u32) -> Option<List<'t>> {
        let table = lines.table;
        let chain = chains(table);
        let chains = chain.iter().max().map_or(0, |last| *last as usize + 1);
        let steps = table.ticket.len();
        let is_backward = number.is_multiple_of(2);
        let fits = chains >= LEAST.0 && steps / chains >= LEAST.1;
        if !fits || is_backward && !is_reversible(table) {
            return None;
        }
        let mut first = vec![FAR; chains];
        for (step, chain) in (0..).zip(&chain) {
            let first = &mut first[*chain as usize];
            let (start, end) = lines.times(step);
            *first = if is_backward { -end } else { start }.min(*first);
        }
        let mut list: Vec<u32> = (0..).take(chains).collect();
        list.sort_by_key(|chain| (first[*chain as usize], *chain));
        let mut search = List {
            table,
            is_backward,
            stages: Stages::new(table, &chain, is_backward),
            tail: if is_backward { heads(table) } else { table.tail.clone() },
            chain,
            best: list.clone(),
            list,
            place: vec![0; chains],
            cost: 0,
            best_cost: 0,
            last_cost: 0,
            idle: 0,
            placed: 0,
            rng: Rng::new(seed, STREAM + u64::from(number)),
            heat: None,
            ready: BinaryHeap::with_capacity(steps),
            waits: vec![0; steps],
            from: vec![0; steps],
            free: vec![0; table.line_count],
            way: vec![NONE; steps],
            start: vec![0; steps],
            finish: vec![0; table.problem.tickets.len()],
        };
        search.cost = search.decode(i64::MAX)?;
        (search.best_cost, search.last_cost) = (search.cost, search.cost);
        Some(search)
    }

    /// One batch after the other until about `work` steps were placed; `Some(true)`: a cycle ended
    /// meanwhile; `None`: `alarm` rang.
    pub(super) fn round(&mut self, work: u64, dice: &Dice, alarm: &Alarm<'_>) -> Option<bool> {
        let mut heat = match self.heat.take() {
            Some(heat) => heat,
            None => self.gauge(alarm)?,
        };
        let habit = self.habit();
        let (mut done, mut ended) = (0, false);
        while done < work {
            if alarm() {
                return None;
            }
            for _ in 0..BATCH {
                let limit = self.cost.saturating_add(heat.allowance(dice, &mut self.rng));
                self.attempt(limit);
            }
            let placed = u64::from(BATCH) * self.chain.len() as u64;
            done += habit.effort * placed;
            self.placed += placed;
            if heat.cool() {
                (0..habit.longer).for_each(|_| heat.lengthen());
                ended = true;
                self.idle = if self.best_cost < self.last_cost { 0 } else { self.idle + 1 };
                self.last_cost = self.best_cost;
            }
        }
        self.heat = Some(heat);
        Some(ended)
    }

    /// Whether lists have brought what they can.
    pub(super) fn is_stuck(&self) -> bool {
        let habit = self.habit();
        self.idle >= habit.stuck || self.placed >= habit.enough
    }

    fn habit(&self) -> Habit {
        if self.is_swift() { SWIFT } else { THOROUGH }
    }

    /// The question as a flow shop from the beginning to the end, if it is one.
    pub(super) fn stages(&self) -> Option<Stages> {
        Stages::new(self.table, &self.chain, false)
    }

    /// Whether lists are decoded stage by stage.
    pub(super) fn is_swift(&self) -> bool {
        self.stages.is_some()
    }

    /// The heat to begin with; `None`: `alarm` rang.
    fn gauge(&mut self, alarm: &Alarm<'_>) -> Option<Heat> {
        let (list, cost) = (self.list.clone(), self.cost);
        let mut losses = Vec::with_capacity(SAMPLE);
        while losses.len() < SAMPLE {
            if alarm() {
                return None;
            }
            for _ in 0..BATCH {
                self.attempt(i64::MAX);
                losses.push((self.cost - cost) / self.habit().cold);
                self.list.clone_from(&list);
                self.cost = cost;
            }
        }
        Some(Heat::new(losses, 0, 20 * self.list.len() as u64))
    }

    /// Moves one chain in the list or swaps two; kept when that costs no more than `limit`.
    fn attempt(&mut self, limit: i64) {
        let count = self.list.len();
        let (one, other) = (self.rng.below(count), self.rng.below(count));
        let swaps = self.rng.chance(500);
        change(&mut self.list, one, other, swaps);
        match self.price(limit) {
            Some(cost) if cost <= limit => {
                self.cost = cost;
                if cost < self.best_cost {
                    self.best_cost = cost;
                    self.best.clone_from(&self.list);
                }
            }
            _ => change(&mut self.list, other, one, swaps),
        }
    }

    /// What the plan of the list costs, or `None` when that is above `limit` for sure or a step
    /// would end too late.
    fn price(&mut self, limit: i64) -> Option<i64> {
        let Some(stages) = &mut self.stages else { return self.decode(limit) };
        let finish = stages.finish(&self.list, self.table.finish_limit(limit))?;
        Some(self.table.lateness(0, finish))
    }

    /// The plan of the list: its cost, or `None` when that is above `limit` for sure or a step
    /// would end too late.
    fn decode(&mut self, limit: i64) -> Option<i64> {
        let table = self.table;
        let finish_limit = table.finish_limit(limit);
        self.reset();
        while let Some(Reverse(next)) = self.ready.pop() {
            let step = step_of(next);
            let row = step as usize;
            let (way, (start, end)) = self.earliest_way(step, self.from[row])?;
            if end > table.latest_end[row].min(FAR - 1) || end + self.tail[row] > finish_limit {
                return None;
            }
            self.way[row] = way;
            self.start[row] = start;
            self.free[table.ways.items()[way as usize].line as usize] = end;
            let finish = &mut self.finish[table.ticket[row] as usize];
            *finish = end.max(*finish);
            for (next, lag) in self.links(true).of(row) {
                let next_row = *next as usize;
                self.from[next_row] = self.from[next_row].max(end + lag);
                self.waits[next_row] -= 1;
                if self.waits[next_row] == 0 {
                    let place = self.place[self.chain[next_row] as usize];
                    self.ready.push(Reverse(turn(self.from[next_row], place, *next)));
                }
            }
        }
        let costs =
            self.finish.iter().enumerate().map(|(row, finish)| table.lateness(row, *finish));
        Some(costs.sum())
    }

    /// The links to the steps that come later in the plan, or to those that come earlier.
    fn links(&self, later: bool) -> &'t Rows<Link> {
        if later == self.is_backward { &self.table.before } else { &self.table.after }
    }

    fn reset(&mut self) {
        let table = self.table;
        for (place, chain) in (0..).zip(&self.list) {
            self.place[*chain as usize] = place;
        }
        self.ready.clear();
        self.free.fill(0);
        self.finish.fill(0);
        self.way.fill(NONE);
        self.from.copy_from_slice(&table.release);
        for (step, chain) in (0..).zip(&self.chain) {
            let row = step as usize;
            let waits = self.links(false).range(row);
            self.waits[row] = waits.1 - waits.0;
            if waits.0 == waits.1 {
                let place = self.place[*chain as usize];
                self.ready.push(Reverse(turn(self.from[row], place, step)));
            }
        }
    }

    /// The way to do `step` that ends first behind what its people have, and when.
    fn earliest_way(&self, step: u32, ready: i32) -> Option<(u32, (i32, i32))> {
        let (from, to) = self.table.ways.range(step as usize);
        let differs = self.table.differs.of(step as usize);
        let mut found: Option<(u32, (i32, i32))> = None;
        for row in from..to {
            let way = &self.table.ways.items()[row as usize];
            let bars = |other: &u32| {
                let other = self.way[*other as usize];
                other != NONE && self.table.ways.items()[other as usize].line == way.line
            };
            if differs.iter().any(bars) {
                continue;
            }
            let span = self.table.span(way, ready.max(self.free[way.line as usize]));
            if found.is_none_or(|(_, best)| span.1 < best.1) {
                found = Some((row, span));
            }
        }
        found
    }

    /// The plan of the best list.
    pub(super) fn lines(&mut self) -> Option<Lines<'t>> {
        let list = std::mem::replace(&mut self.list, self.best.clone());
        let whole = self.decode(i64::MAX).is_some();
        self.list = list;
        if self.is_backward {
            for (start, way) in self.start.iter_mut().zip(&self.way) {
                *start = -*start - self.table.ways.items()[*way as usize].minutes;
            }
        }
        if whole { Lines::new(self.table, &self.way, &self.start) } else { None }
    }
}

/// A number that is less for what is ready sooner, then for what stands earlier in the list.
fn turn(ready: i32, place: u32, step: u32) -> u128 {
    let ready = u32::try_from(ready.max(0)).expect("it is not negative");
    u128::from(ready) << 64 | u128::from(place) << 32 | u128::from(step)
}

/// The step of a [`turn`].
fn step_of(turn: u128) -> u32 {
    u32::try_from(turn & u128::from(u32::MAX)).expect("the rest is cut off")
}

/// Moves the chain at `one` to `other`, or swaps the two.
pub(super) fn change(list: &mut [u32], one: usize, other: usize, swaps: bool) {
    if swaps {
        list.swap(one, other);
    } else if one < other {
        list[one..=other].rotate_left(1);
    } else {
        list[other..=one].rotate_right(1);
    }
}

/// The chain of every step: steps are of one chain when links join them.
fn chains(table: &Table<'_>) -> Vec<u32> {
    let mut chain = vec![NONE; table.ticket.len()];
    let mut next = 0;
    let mut open: Vec<u32> = Vec::new();
    for (step, _) in (0..).zip(&table.ticket) {
        if chain[step as usize] != NONE {
            continue;
        }
        open.push(step);
        while let Some(step) = open.pop() {
            let row = step as usize;
            if chain[row] == NONE {
                chain[row] = next;
                let links = table.before.of(row).iter().chain(table.after.of(row));
                open.extend(links.map(|link| link.0));
            }
        }
        next += 1;
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::super::tests::{begun, first, flow};
    use super::List;

    #[test]
    fn stage_by_stage_a_list_costs_what_it_costs_step_by_step() {
        for (seed, people) in (0..).zip([1, 2, 3, 1, 2, 3]) {
            let problem = flow(15, 4, people, seed);
            let table = Table::new(&problem).expect("plain steps");
            let lines = begun(&table, &first(&problem));
            for number in [0, 1] {
                let mut list = List::new(&lines, seed, number).expect("chains of four steps");
                assert!(list.is_swift());
                for _ in 0..20 {
                    list.rng.shuffle(&mut list.list);
                    let cost = list.decode(i64::MAX).expect("there is time");
                    assert_eq!(list.price(i64::MAX), Some(cost));
                    assert_eq!(list.price(cost), Some(cost));
                    assert_eq!(list.price(cost - 1), None);
                }
            }
        }
    }
}
