//! The cheapest way to serve one ticket when its people's time has a price: no plan can serve it
//! for less.

use super::market::{Market, Run, Taken};
use super::minutes::{Numbers, row_number};
use super::table::{Job, NEVER, Row, Table, Way};

/// Room to work in.
#[derive(Default)]
pub(super) struct Desk {
    /// By job of the chain: cost of beginning it in a minute or later, with all that follows.
    values: Vec<Vec<i64>>,
    /// By job of the chain: cost of all that follows when it ends with a minute.
    after: Vec<Vec<i64>>,
    /// By job beside the chain: cost of ending with a minute or earlier, and the work that does it.
    beside: Vec<Vec<(i64, Taken)>>,
    /// By job of the chain: one more than the last minute worth working.
    lasts: Vec<usize>,
    /// One more than the last minute with which the ticket may finish.
    until: usize,
    /// Ends in question, by row, each cheaper than all after it.
    queue: Vec<(i64, u32)>,
    /// Minutes looked at so far, way by way.
    pub(super) looks: u64,
}

impl Desk {
    /// What `row` costs at least, if that is `limit` or less, and the work that does it; else
    /// `limit`.
    pub(super) fn cheapest(
        &mut self,
        table: &Table<'_>,
        market: &Market,
        row: &Row,
        limit: i64,
        taken: &mut Vec<Taken>,
    ) -> i64 {
        taken.clear();
        let jobs = row.chain.len();
        self.values.resize_with(jobs.max(self.values.len()), Vec::new);
        self.after.resize_with(jobs.max(self.after.len()), Vec::new);
        if !self.limits(table, row, limit) {
            return limit;
        }
        self.finish(table, market, row);
        for at in (0..jobs).rev() {
            self.begin(table, market, row, at);
            if at > 0 {
                self.pass(table, row, at);
            }
        }
        let best = self.values[0][row.chain[0].head];
        if best > limit {
            return limit;
        }
        self.trace(table, market, row, taken);
        best
    }

    /// Up to where each job is worth working when all may cost `limit`; whether there is any such
    /// way.
    fn limits(&mut self, table: &Table<'_>, row: &Row, limit: i64) -> bool {
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

    /// The cost by the last minute of the chain.
    fn finish(&mut self, table: &Table<'_>, market: &Market, row: &Row) {
        let at = row.chain.len() - 1;
        // Others may end after the chain, and the ticket with them.
        let beyond = !row.beside.is_empty();
        let last = if beyond { self.until } else { self.lasts[at] };
        let head = row.chain[at].head;
        let after = &mut self.after[at];
        after.resize(table.minutes.count(), NEVER);
        for (minute, after) in after.iter_mut().enumerate().take(last).skip(head) {
            *after = row.late(minute);
        }
        self.beside.clear();
        for job in &row.beside {
            let none = (NEVER, Taken { group: 0, from: 0, to: 0 });
            let mut ends = vec![none; table.minutes.count()];
            for way in table.ways_of(job) {
                let asked = Asked { table, market, job, way: *way, last: job.last };
                self.looks += asked.looks();
                asked.ended(&mut self.queue, &mut |start, end, cost| {
                    if cost < ends[end].0 {
                        ends[end] = (cost, asked.piece(start, end));
                    }
                });
            }
            for minute in 1..ends.len() {
                if ends[minute - 1].0 < ends[minute].0 {
                    ends[minute] = ends[minute - 1];
                }
            }
            self.beside.push(ends);
        }
        if row.beside.is_empty() {
            return;
        }
        let mut later = NEVER;
        for minute in (head..last).rev() {
            let mut cost = after[minute];
            for (job, ends) in row.beside.iter().zip(&self.beside) {
                let by = last_by(table, job, minute);
                cost = (cost + by.map_or(NEVER, |by| ends[by].0)).min(NEVER);
            }
            later = later.min(cost);
            after[minute] = later;
        }
    }

    /// The cost of beginning job `at`, from each minute on.
    fn begin(&mut self, table: &Table<'_>, market: &Market, row: &Row, at: usize) {
        let job = &row.chain[at];
        let last = self.lasts[at];
        let values = &mut self.values[at];
        values.resize(table.minutes.count() + 1, NEVER);
        values[job.head..=last].fill(NEVER);
        for way in table.ways_of(job) {
            let asked = Asked { table, market, job, way: *way, last };
            self.looks += asked.looks();
            asked.starts(&self.after[at], &mut self.queue, values);
        }
        if let Some(starts) = job.starts.map(|row| &table.starts[row]) {
            for (value, open) in values[job.head..last].iter_mut().zip(&starts[job.head..last]) {
                if !open {
                    *value = NEVER;
                }
            }
        }
        let mut later = NEVER;
        for value in values[job.head..last].iter_mut().rev() {
            later = later.min(*value);
            *value = later;
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

    /// The work behind the best value.
    fn trace(&self, table: &Table<'_>, market: &Market, row: &Row, taken: &mut Vec<Taken>) {
        let mut from = row.chain[0].head;
        for (at, job) in row.chain.iter().enumerate() {
            let values = &self.values[at][from..self.lasts[at]];
            let value = values[0];
            let start = from + values.partition_point(|later| *later == value) - 1;
            let mut found = None;
            for way in table.ways_of(job) {
                let asked = Asked { table, market, job, way: *way, last: self.lasts[at] };
                asked.ends_of(start, &mut |end, cost| {
                    if cost + self.after[at][end] == value && found.is_none() {
                        found = Some(asked.piece(start, end));
                    }
                });
            }
            let piece = found.expect("a value has a way behind it");
            taken.push(piece);
            let end = piece.to as usize - 1;
            match row.chain.get(at + 1) {
                Some(next) => from = (table.passages[job.passage][end] as usize).max(next.head),
                None => self.trace_beside(table, row, end, taken),
            }
        }
    }

    /// The work beside the chain when that ends with minute `end`.
    fn trace_beside(&self, table: &Table<'_>, row: &Row, end: usize, taken: &mut Vec<Taken>) {
        if row.beside.is_empty() {
            return;
        }
        let at = row.chain.len() - 1;
        let values = &self.after[at][end..self.until];
        let minute = end + values.partition_point(|later| *later == values[0]) - 1;
        for (job, ends) in row.beside.iter().zip(&self.beside) {
            taken.extend(last_by(table, job, minute).map(|by| ends[by].1));
        }
    }
}

/// The last minute that `job` may work when the ticket finishes with `minute`, or before the next
/// one in which anybody works.
fn last_by(table: &Table<'_>, job: &Job, minute: usize) -> Option<usize> {
    let is_last = minute + 1 == table.minutes.count();
    let end = if is_last { table.problem.horizon } else { table.minutes.tick(minute + 1) };
    table.minutes.next(end - job.tail).checked_sub(1)
}

/// A way of doing a job.
struct Asked<'a> {
    table: &'a Table<'a>,
    market: &'a Market,
    job: &'a Job,
    way: Way,
    /// One more than the last minute it may work.
    last: usize,
}

impl Asked<'_> {
    fn piece(&self, first: usize, end: usize) -> Taken {
        let group = self.table.lines[self.way.line as usize].group;
        Taken { group: row_number(group), from: row_number(first), to: row_number(end + 1) }
    }

    fn last(&self) -> usize {
        self.last.min(self.way.expires as usize)
    }

    /// About how much work it is to ask for its starts or ends, in minutes.
    fn looks(&self) -> u64 {
        u64::try_from(self.last().saturating_sub(self.job.head) + 1).unwrap_or(u64::MAX / 4)
    }

    /// Lowers `values`, by first minute, to what the way costs with what comes `after`.
    fn starts(&self, after: &[i64], queue: &mut Vec<(i64, u32)>, values: &mut [i64]) {
        let line = &self.table.lines[self.way.line as usize];
        let hours = &self.table.hours[line.hours];
        let priced = &self.market.lines[self.way.line as usize];
        let mut take = |start: usize, end: usize, paid: &[i64], due: &[i64]| {
            let values = values[start..start + paid.len()].iter_mut();
            let rows = values.zip(paid).zip(due).zip(&after[end..end + paid.len()]);
            for (((value, paid), due), after) in rows {
                *value = (*value).min(due - paid + after + self.way.price);
            }
        };
        self.plain(&hours.regular, &priced.regular, self.job.head, &mut take);
        if hours.all.rows.is_empty() {
            return;
        }
        self.plain(&hours.all, &priced.all, self.job.head, &mut take);
        queue.clear();
        let (mut head, mut next) = (0, 0);
        let (first, until) = (hours.all.row(self.job.head), hours.all.row(self.last()));
        let all = &hours.all.rows;
        for row in first..until {
            let (from, to) = self.ends(row, until);
            if from >= to {
                continue;
            }
            if next < from {
                queue.clear();
                (head, next) = (0, from);
            }
            while next < to {
                let value = priced.mixed[next] + after[all[next] as usize];
                while queue.len() > head && queue[queue.len() - 1].0 >= value {
                    queue.pop();
                }
                queue.push((value, row_number(next)));
                next += 1;
            }
            while queue.get(head).is_some_and(|end| (end.1 as usize) < from) {
                head += 1;
            }
            if let Some(end) = queue.get(head) {
                let start = &mut values[all[row] as usize];
                *start = (*start).min(end.0 + self.paid(row));
            }
        }
    }

    /// Rows of all minutes with which work from `row` on may end when some, not all, of the extra
    /// minutes between are worked; those at or after `until` are not asked for.
    fn ends(&self, row: usize, until: usize) -> (usize, usize) {
        let hours = &self.table.hours[self.table.lines[self.way.line as usize].hours];
        let minutes = self.way.minutes as usize;
        let regular = hours.before[row] as usize + minutes - 1;
        let to = hours.rows.get(regular).map_or(hours.all.rows.len(), |row| *row as usize);
        (row + minutes, to.min(until))
    }

    /// What work from `row` of all minutes on costs beside the value of its end.
    fn paid(&self, row: usize) -> i64 {
        let line = self.way.line as usize;
        let hours = &self.table.hours[self.table.lines[line].hours];
        let minutes = i64::from(self.way.minutes) + i64::from(hours.before[row]);
        hours.cheapest * minutes - self.market.lines[line].start[row] + self.way.price
    }

    /// Tells work that takes the minutes of `numbers` from `head` on one after another, many starts
    /// at once: the first start and its last minute, which both go on without a break, what is paid
    /// before each start, and up to each end.
    fn plain(
        &self,
        numbers: &Numbers,
        run: &Run,
        head: usize,
        take: &mut impl FnMut(usize, usize, &[i64], &[i64]),
    ) {
        let minutes = self.way.minutes as usize;
        let (mut row, until) = (numbers.row(head), numbers.row(self.last()));
        while row + minutes <= until {
            let end = row + minutes - 1;
            let both = numbers.together(row).min(numbers.together(end)).min(until - end);
            let (start, last) = (numbers.rows[row] as usize, numbers.rows[end] as usize);
            take(start, last, &run.starts[row..row + both], &run.ends[end..end + both]);
            row += both;
        }
    }

    /// Tells for every last minute the spans to be asked for, the cheapest among them: first minute,
    /// last, cost.
    fn ended(&self, queue: &mut Vec<(i64, u32)>, take: &mut impl FnMut(usize, usize, i64)) {
        let line = &self.table.lines[self.way.line as usize];
        let hours = &self.table.hours[line.hours];
        let priced = &self.market.lines[self.way.line as usize];
        let starts = self.job.starts.map(|row| &self.table.starts[row]);
        let is_open = |start: usize| starts.is_none_or(|open| open[start]);
        let mut many = |start: usize, end: usize, paid: &[i64], due: &[i64]| {
            for (at, (paid, due)) in paid.iter().zip(due).enumerate() {
                if is_open(start + at) {
                    take(start + at, end + at, due - paid + self.way.price);
                }
            }
        };
        self.plain(&hours.regular, &priced.regular, self.job.head, &mut many);
        if hours.all.rows.is_empty() {
            return;
        }
        self.plain(&hours.all, &priced.all, self.job.head, &mut many);
        queue.clear();
        let (first, until) = (hours.all.row(self.job.head), hours.all.row(self.last()));
        let (mut head, mut next) = (0, first);
        let all = &hours.all.rows;
        for end in first..until {
            // Starts come into question and go again in their order.
            while next < end && self.ends(next, until).0 <= end {
                let (row, paid) = (next, self.paid(next));
                next += 1;
                if self.ends(row, until).1 <= end || !is_open(all[row] as usize) {
                    continue;
                }
                while queue.len() > head && queue[queue.len() - 1].0 >= paid {
                    queue.pop();
                }
                queue.push((paid, row_number(row)));
            }
            while queue.get(head).is_some_and(|row| self.ends(row.1 as usize, until).1 <= end) {
                head += 1;
            }
            if let Some((paid, row)) = queue.get(head) {
                take(all[*row as usize] as usize, all[end] as usize, priced.mixed[end] + paid);
            }
        }
    }

    /// Tells every last minute of work that begins with minute `start`, and its cost.
    fn ends_of(&self, start: usize, take: &mut impl FnMut(usize, i64)) {
        let line = &self.table.lines[self.way.line as usize];
        let hours = &self.table.hours[line.hours];
        let priced = &self.market.lines[self.way.line as usize];
        let minutes = self.way.minutes as usize;
        let mut plain = |numbers: &Numbers, run: &Run| {
            let (row, until) = (numbers.row(start), numbers.row(self.last()));
            if row + minutes <= until && numbers.rows[row] as usize == start {
                let end = row + minutes - 1;
                let cost = run.ends[end] - run.starts[row] + self.way.price;
                take(numbers.rows[end] as usize, cost);
            }
        };
        plain(&hours.regular, &priced.regular);
        if hours.all.rows.is_empty() {
            return;
        }
        plain(&hours.all, &priced.all);
        let (row, until) = (hours.all.row(start), hours.all.row(self.last()));
        if row >= until || hours.all.rows[row] as usize != start {
            return;
        }
        let (from, to) = self.ends(row, until);
        for end in from..to {
            take(hours.all.rows[end] as usize, priced.mixed[end] + self.paid(row));
        }
    }
}
