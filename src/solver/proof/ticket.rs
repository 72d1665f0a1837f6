//! The cheapest way to serve one ticket when its people's time has a price: no plan can serve it
//! for less.

use super::asked::Asked;
use super::frontier::Frontier;
use super::market::{Market, Taken};
use super::minutes::row_number;
use super::table::{Job, NEVER, Row, Table, Way};

/// What people's time costs, and the work asked for by several tickets at these prices.
pub(super) struct Offers<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) market: &'a Market,
    /// By kind of work, where several ask for it.
    pub(super) shared: &'a [Option<Frontier>],
}

/// Ways of one ticket told at a time, at most: the more are known, the sooner prices are good ones.
const MANY: usize = 8;
/// Minutes between their beginnings, at least.
const APART: usize = 60;

/// A way to serve a ticket: what it costs with the price of people's time, and its work.
pub(super) type Found = (i64, Vec<Taken>);

/// Room to work in.
#[derive(Default)]
pub(super) struct Desk {
    /// By job of the chain: cost of beginning it in a minute or later, with all that follows.
    values: Vec<Vec<i64>>,
    /// By job of the chain: cost of all that follows when it ends with a minute.
    after: Vec<Vec<i64>>,
    /// By job beside the chain: cost of ending with a minute or earlier, and its first minute.
    beside: Vec<Vec<(i64, u32)>>,
    /// By job of the chain: one more than the last minute worth working.
    lasts: Vec<usize>,
    /// One more than the last minute with which the ticket may finish.
    until: usize,
    /// First minutes of work that may do well to leave out extra minutes.
    starts: Vec<u32>,
    /// Of work that no other ticket asks for.
    own: Frontier,
    /// Minutes and ends looked at so far.
    pub(super) looks: u64,
}

impl Desk {
    /// What `row` costs at least, if that is `limit` or less, with the work that does it and other
    /// ways that begin later; else `limit`.
    pub(super) fn cheapest(
        &mut self,
        offers: &Offers<'_>,
        row: &Row,
        limit: i64,
        found: &mut Vec<Found>,
    ) -> i64 {
        let jobs = row.chain.len();
        self.values.resize_with(jobs.max(self.values.len()), Vec::new);
        self.after.resize_with(jobs.max(self.after.len()), Vec::new);
        if !self.limits(offers.table, row, limit) {
            return limit;
        }
        self.finish(offers, row);
        for at in (0..jobs).rev() {
            self.begin(offers, &row.chain[at], at);
            if at > 0 {
                self.pass(offers.table, row, at);
            }
        }
        let best = self.values[0][row.chain[0].head];
        if best > limit || best >= NEVER {
            return limit;
        }
        let mut from = row.chain[0].head;
        while from < self.lasts[0] && self.values[0][from] < NEVER && found.len() < MANY {
            let taken = self.trace(offers, row, from);
            found.push((self.values[0][from], taken));
            from = self.start(0, from) + APART;
        }
        best
    }

    /// Up to where each job is worth working when all may cost `limit`; whether there is any such
    /// way.
    pub(super) fn limits(&mut self, table: &Table<'_>, row: &Row, limit: i64) -> bool {
        self.lasts.clear();
        self.lasts.resize(row.chain.len(), 0);
        let mut last = row.before(limit);
        self.until = last;
        for (at, job) in row.chain.iter().enumerate().rev() {
            last = last.min(job.last);
            self.lasts[at] = last;
            let Some(start) = last.checked_sub(job.least) else { return false };
            if start < job.head {
                return false;
            }
            if at > 0 {
                let passage = &table.passages[row.chain[at - 1].passage];
                last = passage.partition_point(|first| *first as usize <= start);
            }
        }
        true
    }

    /// Of each job of `row`: what kind it is of, and the minutes in question, as far as known by
    /// its limits.
    pub(super) fn asks<'a>(
        &'a self,
        row: &'a Row,
    ) -> impl Iterator<Item = (usize, (usize, usize))> {
        let chain = row.chain.iter().zip(&self.lasts).map(|(job, last)| (job, *last));
        let beside = row.beside.iter().map(|job| (job, job.last));
        chain.chain(beside).map(|(job, last)| (job.kind, (job.head, last)))
    }

    /// The cost by the last minute of the chain.
    fn finish(&mut self, offers: &Offers<'_>, row: &Row) {
        let at = row.chain.len() - 1;
        // Others may end after the chain, and the ticket with them.
        let beyond = !row.beside.is_empty();
        let last = if beyond { self.until } else { self.lasts[at] };
        let head = row.chain[at].head;
        self.after[at].resize(offers.table.minutes.count(), NEVER);
        for (minute, after) in self.after[at].iter_mut().enumerate().take(last).skip(head) {
            *after = row.late(minute);
        }
        self.beside.clear();
        for job in &row.beside {
            let ends = self.ended(offers, job);
            self.beside.push(ends);
        }
        if row.beside.is_empty() {
            return;
        }
        let after = &mut self.after[at];
        let mut later = NEVER;
        for minute in (head..last).rev() {
            let mut cost = after[minute];
            for (job, ends) in row.beside.iter().zip(&self.beside) {
                let by = last_by(offers.table, job, minute);
                cost = (cost + by.map_or(NEVER, |by| ends[by].0)).min(NEVER);
            }
            later = later.min(cost);
            after[minute] = later;
        }
    }

    /// What `job` costs, and its first minute then, when it ends with a minute or before.
    fn ended(&mut self, offers: &Offers<'_>, job: &Job) -> Vec<(i64, u32)> {
        let table = offers.table;
        let (front, looks) = offers.front(&mut self.own, job.kind, (job.head, job.last));
        self.looks += looks;
        let open = job.starts.map(|row| &table.starts[row]);
        let is_open = |start: &usize| open.is_none_or(|open| open[*start]);
        let mut ends = vec![(NEVER, 0); table.minutes.count()];
        for start in (job.head..job.last).filter(is_open) {
            let found = front.ends(start);
            self.looks += found.len() as u64;
            for (end, cost) in found.iter().filter(|end| (end.0 as usize) < job.last) {
                let known = &mut ends[*end as usize];
                *known = (*known).min((*cost, row_number(start)));
            }
        }
        or_before(&mut ends);
        let mixed = |start: &usize| {
            let mixed = front.mixed(*start).filter(|mixed| mixed.1 < job.last);
            mixed.is_some_and(|(cost, end)| cost < ends[end].0)
        };
        let starts = (job.head..job.last).filter(is_open).filter(mixed);
        let starts: Vec<u32> = starts.map(row_number).collect();
        for way in table.ways_of(job.kind) {
            let asked = Asked { table, market: offers.market, way: *way, last: job.last };
            asked.mixed(&starts, &mut |start, some| {
                self.looks += 1;
                if some.least < ends[some.first()].0 {
                    self.looks += some.each(&mut |end, cost| {
                        ends[end] = ends[end].min((cost, row_number(start)));
                    });
                }
            });
        }
        or_before(&mut ends);
        self.looks += job.last.saturating_sub(job.head) as u64;
        if cfg!(feature = "audit") {
            let mut all = vec![(NEVER, 0); ends.len()];
            for start in (job.head..job.last).filter(is_open) {
                offers.each(job, start, job.last, &mut |_, end, cost| {
                    all[end] = all[end].min((cost, row_number(start)));
                });
            }
            or_before(&mut all);
            let costs = |ends: &[(i64, u32)]| ends.iter().map(|end| end.0).collect::<Vec<_>>();
            assert_eq!(costs(&ends), costs(&all), "a job beside the chain");
        }
        ends
    }

    /// The cost of beginning `job`, the one in place `at`, from each minute on.
    fn begin(&mut self, offers: &Offers<'_>, job: &Job, at: usize) {
        let (table, last) = (offers.table, self.lasts[at]);
        let values = &mut self.values[at];
        values.resize(table.minutes.count() + 1, NEVER);
        values[last] = NEVER;
        let (front, looks) = offers.front(&mut self.own, job.kind, (job.head, last));
        self.looks += looks + (last - job.head) as u64;
        let open = job.starts.map(|row| &table.starts[row]);
        let after = &self.after[at];
        self.starts.clear();
        let mut later = NEVER;
        for start in (job.head..last).rev() {
            if open.is_none_or(|open| open[start]) {
                for (end, cost) in front.ends(start) {
                    let end = *end as usize;
                    // What follows a later end costs no less.
                    if end >= last || after[end] >= later {
                        break;
                    }
                    later = later.min(cost + after[end]);
                }
                let mixed = front.mixed(start).filter(|mixed| mixed.1 < last);
                if mixed.is_some_and(|(cost, end)| cost + after[end] < later) {
                    self.starts.push(row_number(start));
                }
            }
            values[start] = later;
        }
        if !self.starts.is_empty() {
            self.starts.reverse();
            self.begin_mixed(offers, job, at);
        }
        if cfg!(feature = "audit") {
            self.audit(offers, job, at);
        }
    }

    /// Adds work on `job` that leaves out extra minutes, from the minutes noted.
    fn begin_mixed(&mut self, offers: &Offers<'_>, job: &Job, at: usize) {
        let last = self.lasts[at];
        let (values, after) = (&mut self.values[at], &self.after[at]);
        for way in offers.table.ways_of(job.kind) {
            let asked = Asked { table: offers.table, market: offers.market, way: *way, last };
            asked.mixed(&self.starts, &mut |start, some| {
                self.looks += 1;
                if some.least + after[some.first()] < values[start] {
                    self.looks += some.each(&mut |end, cost| {
                        values[start] = values[start].min(cost + after[end]);
                    });
                }
            });
        }
        for start in (job.head..last).rev() {
            values[start] = values[start].min(values[start + 1]);
        }
    }

    /// Looks at every way from every minute, and compares.
    fn audit(&self, offers: &Offers<'_>, job: &Job, at: usize) {
        let (values, after) = (&self.values[at], &self.after[at]);
        let open = job.starts.map(|row| &offers.table.starts[row]);
        let mut later = NEVER;
        for start in (job.head..self.lasts[at]).rev() {
            if open.is_none_or(|open| open[start]) {
                offers.each(job, start, self.lasts[at], &mut |_, end, cost| {
                    later = later.min(cost + after[end]);
                });
            }
            assert_eq!(values[start], later, "job {at} of the chain from minute {start} on");
        }
    }

    /// What follows the job before `at`, by its last minute.
    fn pass(&mut self, table: &Table<'_>, row: &Row, at: usize) {
        let (job, before) = (&row.chain[at], &row.chain[at - 1]);
        let last = self.lasts[at];
        let (values, after) = (&self.values[at], &mut self.after[at - 1]);
        after.resize(table.minutes.count(), NEVER);
        let passage = &table.passages[before.passage];
        let range = before.head..self.lasts[at - 1];
        for (after, first) in after[range.clone()].iter_mut().zip(&passage[range]) {
            let first = (*first as usize).max(job.head);
            *after = if first < last { values[first] } else { NEVER };
        }
    }

    /// When job `at` of the chain begins at best, from minute `from` on.
    fn start(&self, at: usize, from: usize) -> usize {
        let values = &self.values[at][from..self.lasts[at]];
        from + values.partition_point(|later| *later == values[0]) - 1
    }

    /// The work behind the best value from minute `from` on.
    fn trace(&self, offers: &Offers<'_>, row: &Row, mut from: usize) -> Vec<Taken> {
        let mut taken = Vec::new();
        for (at, job) in row.chain.iter().enumerate() {
            let (after, last) = (&self.after[at], self.lasts[at]);
            let value = self.values[at][from];
            let start = self.start(at, from);
            let piece = offers.piece(job, (start, last), value, |end| after[end]);
            taken.push(piece);
            let end = piece.to as usize - 1;
            match row.chain.get(at + 1) {
                Some(next) => {
                    from = (offers.table.passages[job.passage][end] as usize).max(next.head);
                }
                None => self.trace_beside(offers, row, end, &mut taken),
            }
        }
        taken
    }

    /// The work beside the chain when that ends with minute `end`.
    fn trace_beside(&self, offers: &Offers<'_>, row: &Row, end: usize, taken: &mut Vec<Taken>) {
        if row.beside.is_empty() {
            return;
        }
        let at = row.chain.len() - 1;
        let values = &self.after[at][end..self.until];
        let minute = end + values.partition_point(|later| *later == values[0]) - 1;
        for (job, ends) in row.beside.iter().zip(&self.beside) {
            let Some(by) = last_by(offers.table, job, minute) else { continue };
            let (best, start) = ends[by];
            let follows = |end| if end <= by { 0 } else { NEVER };
            taken.push(offers.piece(job, (start as usize, job.last), best, follows));
        }
    }
}

impl Offers<'_> {
    /// The ends of work of `kind`, and how many minutes were looked at for it now.
    fn front<'f>(
        &'f self,
        own: &'f mut Frontier,
        kind: usize,
        span: (usize, usize),
    ) -> (&'f Frontier, u64) {
        if let Some(front) = &self.shared[kind] {
            return (front, 0);
        }
        let looks = own.fill(self.table, self.market, self.table.ways_of(kind), span);
        (own, looks)
    }

    /// Tells every work on `job` from minute `start` on: the way, its last minute, and the cost.
    fn each(
        &self,
        job: &Job,
        start: usize,
        last: usize,
        take: &mut impl FnMut(&Asked<'_>, usize, i64),
    ) {
        for way in self.table.ways_of(job.kind) {
            let asked = Asked { table: self.table, market: self.market, way: *way, last };
            asked.ends_of(start, &mut |end, cost| take(&asked, end, cost));
        }
    }

    /// Work on `job` from minute `start` on that costs `value` with what follows its end, which
    /// never falls. Work that leaves out extra minutes comes last: its ends are many.
    fn piece(
        &self,
        job: &Job,
        (start, last): (usize, usize),
        value: i64,
        follows: impl Fn(usize) -> i64,
    ) -> Taken {
        let ways = self.table.ways_of(job.kind);
        let asked = |way: &Way| Asked { table: self.table, market: self.market, way: *way, last };
        for asked in ways.iter().map(asked) {
            let mut plain = asked.plain(start).into_iter().flatten();
            if let Some((end, _)) = plain.find(|(end, cost)| cost + follows(*end) == value) {
                return asked.piece(start, end);
            }
        }
        let mixed = |asked: Asked<'_>| {
            let mut found = None;
            asked.mixed(&[row_number(start)], &mut |_, some| {
                if found.is_none() && some.least + follows(some.first()) <= value {
                    some.each(&mut |end, cost| {
                        if cost + follows(end) == value {
                            found.get_or_insert_with(|| asked.piece(start, end));
                        }
                    });
                }
            });
            found
        };
        ways.iter().map(asked).find_map(mixed).expect("a value has a way behind it")
    }
}

/// Lets every entry be the least so far.
fn or_before(ends: &mut [(i64, u32)]) {
    for minute in 1..ends.len() {
        ends[minute] = ends[minute].min(ends[minute - 1]);
    }
}

/// The last minute that `job` may work when the ticket finishes with `minute`, or before the next
/// one in which anybody works.
fn last_by(table: &Table<'_>, job: &Job, minute: usize) -> Option<usize> {
    let is_last = minute + 1 == table.minutes.count();
    let end = if is_last { table.problem.horizon } else { table.minutes.tick(minute + 1) };
    table.minutes.next(end - job.tail).checked_sub(1)
}
