//! For one kind of work: the ends it may come to from each first minute and what they cost. Ends
//! that another one is both no later and no dearer than are left out, so tickets that need the same
//! work look at a few ends instead of at all people.

use super::asked::Asked;
use super::market::{Market, Run};
use super::minutes::{Numbers, row_number};
use super::table::{NEVER, Table, Way};

/// All ends worth looking at.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    /// The first minute told of.
    from: usize,
    /// By minute from there: where its ends begin; one more for the last.
    rows: Vec<u32>,
    /// Last minutes and costs, by minute the later the cheaper.
    ends: Vec<(u32, i64)>,
    /// By minute: what work costs at least that leaves out some, not all, of the extra minutes
    /// before its end, and the first minute that may be its last. Empty where there is no such work.
    mixed: Vec<(i64, u32)>,
    /// Starts at hand: by how long work takes, what it costs from each of them.
    spans: Vec<(u32, Vec<i64>)>,
    queue: Vec<(i64, u32)>,
}

/// Work that takes the minutes of a run one after another.
struct Cursor<'a> {
    numbers: &'a Numbers,
    run: &'a Run,
    /// Row of its next start.
    row: usize,
    /// One more than the last row it may work.
    until: usize,
    minutes: usize,
    price: i64,
}

impl<'a> Cursor<'a> {
    fn new(numbers: &'a Numbers, run: &'a Run, way: &Way, from: usize) -> Cursor<'a> {
        Cursor {
            numbers,
            run,
            row: numbers.row(from),
            until: numbers.row(way.expires as usize),
            minutes: way.minutes as usize,
            price: way.price,
        }
    }

    /// For how many minutes from `minute` on it is as now: no start, or starts whose work takes
    /// equally long.
    fn steady(&self, minute: usize) -> usize {
        let end = self.row + self.minutes - 1;
        if end >= self.until {
            return usize::MAX;
        }
        let wait = self.numbers.rows[self.row] as usize - minute;
        if wait > 0 {
            return wait;
        }
        let both = self.numbers.together(self.row).min(self.numbers.together(end));
        both.min(self.until - end)
    }

    /// Goes on from `minute` by as many minutes; the span of the work from each of them and what
    /// is paid before and up to its end, if they are starts.
    fn advance(&mut self, minute: usize, by: usize) -> Option<(u32, &'a [i64], &'a [i64])> {
        let (row, end) = (self.row, self.row + self.minutes - 1);
        if end >= self.until || self.numbers.rows[row] as usize != minute {
            return None;
        }
        self.row += by;
        let span = self.numbers.rows[end] - self.numbers.rows[row];
        Some((span, &self.run.starts[row..row + by], &self.run.ends[end..end + by]))
    }
}

impl Frontier {
    /// The ends of `ways` from the minutes between `from` and `until` on; how many minutes were
    /// looked at.
    pub(super) fn fill(
        &mut self,
        table: &Table<'_>,
        market: &Market,
        ways: &[Way],
        (from, until): (usize, usize),
    ) -> u64 {
        self.from = from;
        self.rows.clear();
        self.ends.clear();
        let mut cursors = Vec::new();
        for way in ways {
            let hours = &table.hours[table.lines[way.line as usize].hours];
            let priced = &market.lines[way.line as usize];
            cursors.push(Cursor::new(&hours.regular, &priced.regular, way, from));
            if !hours.all.rows.is_empty() {
                cursors.push(Cursor::new(&hours.all, &priced.all, way, from));
            }
        }
        let mut minute = from;
        while minute < until {
            let steady = cursors.iter().map(|cursor| cursor.steady(minute)).min();
            let by = steady.unwrap_or(usize::MAX).min(until - minute);
            self.fill_some(&mut cursors, minute, by);
            minute += by;
        }
        self.rows.push(row_number(self.ends.len()));
        let mixed = self.fill_mixed(table, market, ways, until);
        (cursors.len() + mixed) as u64 * until.saturating_sub(from) as u64
    }

    /// The ends from so many minutes on, in which no way begins or ceases to be open.
    fn fill_some(&mut self, cursors: &mut [Cursor<'_>], minute: usize, count: usize) {
        let mut used = 0;
        for cursor in cursors {
            let price = cursor.price;
            let Some((span, paid, due)) = cursor.advance(minute, count) else { continue };
            let known = self.spans[..used].iter().position(|other| other.0 == span);
            let row = known.unwrap_or(used);
            if row == self.spans.len() {
                self.spans.push((span, Vec::new()));
            }
            let (length, costs) = &mut self.spans[row];
            if known.is_none() {
                used += 1;
                *length = span;
                costs.clear();
                costs.resize(count, NEVER);
            }
            for ((cost, paid), due) in costs.iter_mut().zip(paid).zip(due) {
                *cost = (*cost).min(due - paid + price);
            }
        }
        let spans = &mut self.spans[..used];
        spans.sort_unstable_by_key(|(span, _)| *span);
        for at in 0..count {
            self.rows.push(row_number(self.ends.len()));
            let mut least = NEVER;
            for (span, costs) in &*spans {
                if costs[at] < least {
                    least = costs[at];
                    self.ends.push((row_number(minute + at) + span, least));
                }
            }
        }
    }

    /// How many ways there are that leave out extra minutes.
    fn fill_mixed(
        &mut self,
        table: &Table<'_>,
        market: &Market,
        ways: &[Way],
        until: usize,
    ) -> usize {
        self.mixed.clear();
        let mut count = 0;
        for way in ways {
            let asked = Asked { table, market, way: *way, last: way.expires as usize };
            let Some((first, last, all)) = asked.extra_rows(self.from) else { continue };
            count += 1;
            self.mixed.resize(until.saturating_sub(self.from), (NEVER, u32::MAX));
            let mixed = &market.lines[way.line as usize].mixed;
            self.queue.clear();
            let (mut head, mut next) = (0, 0);
            for row in first..last {
                let (from, to) = asked.ends(row, last);
                let start = all[row] as usize - self.from;
                if start >= self.mixed.len() {
                    break;
                }
                if from >= to {
                    continue;
                }
                if next < from {
                    self.queue.clear();
                    (head, next) = (0, from);
                }
                for (end, cost) in mixed.iter().enumerate().take(to).skip(next) {
                    while self.queue.len() > head && self.queue[self.queue.len() - 1].0 >= *cost {
                        self.queue.pop();
                    }
                    self.queue.push((*cost, row_number(end)));
                }
                next = next.max(to);
                while (self.queue[head].1 as usize) < from {
                    head += 1;
                }
                let known = &mut self.mixed[start];
                let cost = self.queue[head].0 + asked.paid(row);
                *known = (known.0.min(cost), known.1.min(all[from]));
            }
        }
        count
    }

    /// The ends of work that begins with `minute`: last minutes and costs, the later the cheaper.
    pub(super) fn ends(&self, minute: usize) -> &[(u32, i64)] {
        let row = minute - self.from;
        &self.ends[self.rows[row] as usize..self.rows[row + 1] as usize]
    }

    /// Work beginning with `minute` that leaves out extra minutes: what it costs at least, and its
    /// first last minute.
    pub(super) fn mixed(&self, minute: usize) -> Option<(i64, usize)> {
        let (cost, end) = *self.mixed.get(minute - self.from)?;
        (cost < NEVER).then_some((cost, end as usize))
    }
}
