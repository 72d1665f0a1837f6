//! The orders of all lines and the times that follow from them: each step begins as early as its
//! ticket and the step before it on its line allow. A disjunctive graph (Roy and Sussmann 1964)
//! kept in a topological order.
//!
//! A change is tried by [`Lines::shift`] (once or more), priced by [`Lines::settle`], and kept or
//! taken back. Knows nothing of which changes are worth trying.

mod flow;
mod mend;

use super::table::{Link, NONE, Table};

/// One step moved, to be taken back.
#[derive(Clone, Copy, Debug)]
struct Shift {
    step: u32,
    from: (u32, u32),
    way: u32,
    to: (u32, u32),
    /// Ranks that were mended, and where their old steps are remembered.
    ranks: (u32, u32),
    remembered: usize,
}

/// What the lines hold, enough to come back to.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    lines: Vec<Vec<u32>>,
    ways: Vec<u32>,
}

/// The lines under work.
#[derive(Clone)]
pub(super) struct Lines<'t> {
    pub(super) table: &'t Table<'t>,
    lines: Vec<Vec<u32>>,
    /// Row of each step's way among all ways.
    way: Vec<u32>,
    line: Vec<u32>,
    position: Vec<u32>,
    start: Vec<i32>,
    end: Vec<i32>,
    /// Steps in topological order, and the place of each in it.
    order: Vec<u32>,
    rank: Vec<u32>,
    /// A bit for every rank whose step may have to move.
    dirty: Vec<u64>,
    dirty_words: (usize, usize),
    /// Ends of the steps that nothing follows, ticket by ticket.
    last_ends: Vec<i32>,
    finish: Vec<i32>,
    cost: Vec<i64>,
    total: i64,
    touched: Vec<u32>,
    times_before: Vec<(u32, i32, i32)>,
    tickets_before: Vec<(u32, i32, i64)>,
    total_before: i64,
    shifts: Vec<Shift>,
    remembered: Vec<u32>,
    is_noted: Vec<bool>,
    is_marked: Vec<bool>,
    behind: Vec<u32>,
    work: u64,
}

fn row(position: usize) -> u32 {
    u32::try_from(position).expect("steps are far fewer than 2^32")
}

impl<'t> Lines<'t> {
    /// Lines with the steps in the order of `starts`, each by its way in `ways` (a row among all
    /// ways); `None` when the times that follow are not allowed.
    pub(super) fn new(table: &'t Table<'t>, ways: &[u32], starts: &[i32]) -> Option<Lines<'t>> {
        let (count, tickets) = (table.len(), table.lasts.items().len());
        let mut lines = Lines {
            table,
            lines: vec![Vec::new(); table.line_count],
            way: vec![0; count],
            line: vec![0; count],
            position: vec![0; count],
            start: vec![0; count],
            end: vec![0; count],
            order: vec![0; count],
            rank: vec![0; count],
            dirty: vec![0; count / 64 + 1],
            dirty_words: (usize::MAX, 0),
            last_ends: vec![0; tickets],
            finish: vec![0; table.problem.tickets.len()],
            cost: vec![0; table.problem.tickets.len()],
            total: 0,
            touched: Vec::new(),
            times_before: Vec::new(),
            tickets_before: Vec::new(),
            total_before: 0,
            shifts: Vec::new(),
            remembered: Vec::new(),
            is_noted: vec![false; table.problem.tickets.len()],
            is_marked: vec![false; count],
            behind: Vec::new(),
            work: 0,
        };
        let mut steps: Vec<u32> = (0..row(count)).collect();
        steps.sort_by_key(|step| (starts[*step as usize], *step));
        let mut orders = Orders { lines: lines.lines.clone(), ways: ways.to_vec() };
        for step in steps {
            let line = table.ways.items()[ways[step as usize] as usize].line;
            orders.lines[line as usize].push(step);
        }
        lines.load(&orders).then_some(lines)
    }

    /// What the lines hold.
    pub(super) fn save(&self, orders: &mut Orders) {
        orders.lines.clone_from(&self.lines);
        orders.ways.clone_from(&self.way);
    }

    /// Goes to `orders`; `false` when they contradict the links or break a latest end.
    pub(super) fn load(&mut self, orders: &Orders) -> bool {
        self.lines.clone_from(&orders.lines);
        self.way.clone_from(&orders.ways);
        for (line, steps) in (0..).zip(&self.lines) {
            for (position, step) in (0..).zip(steps) {
                self.position[*step as usize] = position;
                self.line[*step as usize] = line;
            }
        }
        self.keep();
        self.sort() && self.time_all()
    }

    /// A topological order from scratch; `false` when there is none.
    fn sort(&mut self) -> bool {
        let count = self.table.len();
        let waits = |step| self.table.before.of(step).len() + usize::from(self.position[step] > 0);
        let mut waits: Vec<usize> = (0..count).map(waits).collect();
        let mut ready: Vec<u32> = Vec::with_capacity(count);
        ready.extend((0..row(count)).filter(|step| waits[*step as usize] == 0));
        let mut next = 0;
        while let Some(step) = ready.get(next).copied() {
            self.order[next] = step;
            self.rank[step as usize] = row(next);
            next += 1;
            let links = self.table.after.of(step as usize).iter().map(|link| link.0);
            for other in links.chain(Some(self.next(step)).filter(|next| *next != NONE)) {
                waits[other as usize] -= 1;
                if waits[other as usize] == 0 {
                    ready.push(other);
                }
            }
        }
        next == count
    }

    /// All times and costs from scratch; `false` when a latest end is broken.
    fn time_all(&mut self) -> bool {
        let mut allowed = true;
        for rank in 0..self.order.len() {
            let step = self.order[rank];
            let (start, end) = self.earliest(step);
            self.start[step as usize] = start;
            self.end[step as usize] = end;
            allowed &= end <= self.table.latest_end[step as usize];
            let last = self.table.last_row[step as usize];
            if last != NONE {
                self.last_ends[last as usize] = end;
            }
        }
        for ticket in 0..self.cost.len() {
            self.finish[ticket] = self.finish_of(ticket);
            self.cost[ticket] = self.table.lateness(ticket, self.finish[ticket]);
        }
        self.total = self.cost.iter().sum();
        self.total_before = self.total;
        allowed
    }

    fn finish_of(&self, ticket: usize) -> i32 {
        let (from, to) = self.table.lasts.range(ticket);
        self.last_ends[from as usize..to as usize].iter().fold(0, |finish, end| finish.max(*end))
    }

    fn earliest(&self, step: u32) -> (i32, i32) {
        let row = step as usize;
        let links = self.table.before.of(row);
        let ready = |ready: i32, (other, lag): &Link| ready.max(self.end[*other as usize] + lag);
        let mut from = links.iter().fold(self.table.release[row], ready);
        let previous = self.previous(step);
        if previous != NONE {
            from = from.max(self.end[previous as usize]);
        }
        self.table.span(&self.table.ways.items()[self.way[row] as usize], from)
    }

    /// The step before `step` on its line, or [`NONE`].
    pub(super) fn previous(&self, step: u32) -> u32 {
        let position = self.position[step as usize];
        if position == 0 {
            return NONE;
        }
        self.lines[self.line[step as usize] as usize][position as usize - 1]
    }

    /// The step after `step` on its line, or [`NONE`].
    fn next(&self, step: u32) -> u32 {
        let line = &self.lines[self.line[step as usize] as usize];
        line.get(self.position[step as usize] as usize + 1).copied().unwrap_or(NONE)
    }

    /// When `step` could begin if it had to wait only until `lag` is over after the end of `other`.
    pub(super) fn ready_by(&self, other: u32, lag: i32, step: u32) -> i32 {
        let ready = self.end[other as usize] + lag;
        self.table.span(&self.table.ways.items()[self.way[step as usize] as usize], ready).0
    }

    /// The steps of `line`, in order.
    pub(super) fn line(&self, line: u32) -> &[u32] {
        &self.lines[line as usize]
    }

    /// Line and position of `step`.
    pub(super) fn seat(&self, step: u32) -> (u32, usize) {
        (self.line[step as usize], self.position[step as usize] as usize)
    }

    /// The way `step` is done: a row among all ways.
    pub(super) fn way(&self, step: u32) -> u32 {
        self.way[step as usize]
    }

    /// Start and end of `step`.
    pub(super) fn times(&self, step: u32) -> (i32, i32) {
        (self.start[step as usize], self.end[step as usize])
    }

    /// The cost, in fen.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// What `ticket` costs.
    pub(super) fn cost(&self, ticket: usize) -> i64 {
        self.cost[ticket]
    }

    /// When `ticket` is finished.
    pub(super) fn finish(&self, ticket: usize) -> i32 {
        self.finish[ticket]
    }

    /// Steps looked at since the beginning.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// The first and last position on `line`, `step` itself not counted, where `step` cannot close
    /// a circle: nothing before it waits for a step after it in its ticket, and the other way round
    /// (by times: Mastrolilli and Gambardella 2000).
    pub(super) fn room(&self, step: u32, line: u32) -> (usize, usize) {
        let row = step as usize;
        let after = self.table.after.of(row).iter().map(|link| self.end[link.0 as usize]).min();
        let before = self.table.before.of(row).iter().map(|link| self.start[link.0 as usize]).max();
        let steps = &self.lines[line as usize];
        let mut low = before
            .map_or(0, |start| steps.partition_point(|other| self.end[*other as usize] <= start));
        let mut high = after.map_or(steps.len(), |end| {
            steps.partition_point(|other| self.start[*other as usize] < end)
        });
        if self.line[row] == line {
            let own = self.position[row] as usize;
            low -= usize::from(own < low);
            high -= usize::from(own < high);
        }
        (low, high.max(low))
    }

    /// The position on `line` of the first step that ends after `step` starts.
    pub(super) fn beside(&self, step: u32, line: u32) -> usize {
        let start = self.start[step as usize];
        self.lines[line as usize].partition_point(|other| self.end[*other as usize] <= start)
    }

    /// Moves `step` by `way` to position `to` of that way's line, itself not counted; times wait
    /// for [`Lines::settle`]. `false`: that closes a circle, and all must be taken back.
    pub(super) fn shift(&mut self, step: u32, way: u32, to: usize) -> bool {
        let from = (self.line[step as usize], self.position[step as usize]);
        let line = self.table.ways.items()[way as usize].line;
        let shift = Shift {
            step,
            from,
            way: self.way[step as usize],
            to: (line, row(to)),
            ranks: (0, 0),
            remembered: self.remembered.len(),
        };
        let left = self.next(step);
        self.relocate(step, from, shift.to);
        self.way[step as usize] = way;
        self.shifts.push(shift);
        if !self.mend(step) {
            return false;
        }
        let right = self.next(step);
        self.touched.extend([left, step, right].into_iter().filter(|step| *step != NONE));
        true
    }

    fn relocate(&mut self, step: u32, from: (u32, u32), to: (u32, u32)) {
        let (old, new) = (from.1 as usize, to.1 as usize);
        if from.0 == to.0 {
            let steps = &mut self.lines[from.0 as usize];
            let first = if old < new {
                steps[old..=new].rotate_left(1);
                old
            } else {
                steps[new..=old].rotate_right(1);
                new
            };
            let last = old.max(new);
            for (position, step) in (from.1.min(to.1)..).zip(&steps[first..=last]) {
                self.position[*step as usize] = position;
            }
            return;
        }
        let steps = &mut self.lines[from.0 as usize];
        steps.remove(old);
        for (position, step) in (from.1..).zip(&steps[old..]) {
            self.position[*step as usize] = position;
        }
        let steps = &mut self.lines[to.0 as usize];
        steps.insert(new, step);
        for (position, step) in (to.1..).zip(&steps[new..]) {
            self.position[*step as usize] = position;
        }
        self.line[step as usize] = to.0;
    }

    /// Takes back everything since the last [`Lines::keep`].
    pub(super) fn take_back(&mut self) {
        self.touched.clear();
        while let Some((step, start, end)) = self.times_before.pop() {
            self.start[step as usize] = start;
            self.end[step as usize] = end;
            let last = self.table.last_row[step as usize];
            if last != NONE {
                self.last_ends[last as usize] = end;
            }
        }
        while let Some((ticket, finish, cost)) = self.tickets_before.pop() {
            self.finish[ticket as usize] = finish;
            self.cost[ticket as usize] = cost;
        }
        while let Some(shift) = self.shifts.pop() {
            self.relocate(shift.step, shift.to, shift.from);
            self.way[shift.step as usize] = shift.way;
            let ranks = shift.ranks.0..shift.ranks.1;
            for (row, rank) in (shift.remembered..).zip(ranks) {
                self.seat_rank(self.remembered[row], rank);
            }
        }
        self.remembered.clear();
        self.total = self.total_before;
    }

    /// Keeps everything done so far.
    pub(super) fn keep(&mut self) {
        self.touched.clear();
        self.times_before.clear();
        self.tickets_before.clear();
        self.shifts.clear();
        self.remembered.clear();
        self.total_before = self.total;
    }
}
