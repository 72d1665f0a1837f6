//! One way of doing work at given prices, minute by minute.

use super::market::{Market, PART, Run, Taken};
use super::minutes::{Numbers, row_number};
use super::table::{Table, Way};

/// A way of doing a job.
pub(super) struct Asked<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) market: &'a Market,
    pub(super) way: Way,
    /// One more than the last minute it may work.
    pub(super) last: usize,
}

impl<'a> Asked<'a> {
    /// Its work from the first to the last minute.
    pub(super) fn piece(&self, first: usize, end: usize) -> Taken {
        let group = self.table.lines[self.way.line as usize].group;
        Taken { group: row_number(group), from: row_number(first), to: row_number(end + 1) }
    }

    fn last(&self) -> usize {
        self.last.min(self.way.expires as usize)
    }

    /// The first row of all minutes at or after minute `from`, one more than the last one it may
    /// work, and the minutes; `None` where there are no extra ones.
    pub(super) fn extra_rows(&self, from: usize) -> Option<(usize, usize, &'a [u32])> {
        let all = &self.table.hours[self.table.lines[self.way.line as usize].hours].all;
        let until = all.row(self.last());
        (until > 0).then(|| (all.row(from).min(until), until, &all.rows[..]))
    }

    /// Rows of all minutes with which work from `row` on may end when some, not all, of the extra
    /// minutes between are worked; those at or after `until` are not asked for.
    pub(super) fn ends(&self, row: usize, until: usize) -> (usize, usize) {
        let hours = &self.table.hours[self.table.lines[self.way.line as usize].hours];
        let minutes = self.way.minutes as usize;
        let regular = hours.before[row] as usize + minutes - 1;
        let to = hours.rows.get(regular).map_or(hours.all.rows.len(), |row| *row as usize);
        (row + minutes, to.min(until))
    }

    /// What work from `row` of all minutes on costs beside the value of its end.
    pub(super) fn paid(&self, row: usize) -> i64 {
        let line = self.way.line as usize;
        let hours = &self.table.hours[self.table.lines[line].hours];
        let minutes = i64::from(self.way.minutes) + i64::from(hours.before[row]);
        hours.cheapest * minutes - self.market.lines[line].start[row] + self.way.price
    }

    /// Tells of work that leaves out some, not all, of the extra minutes between and begins with
    /// one of the minutes `starts`, which rise: its first and some last minutes at once.
    pub(super) fn mixed(&self, starts: &[u32], take: &mut impl FnMut(usize, &Ends<'_>)) {
        let Some(first) = starts.first() else { return };
        let Some((mut row, until, all)) = self.extra_rows(*first as usize) else { return };
        let priced = &self.market.lines[self.way.line as usize];
        for start in starts {
            row += all[row..until].iter().take_while(|minute| *minute < start).count();
            if row == until {
                return;
            }
            let (from, to) = self.ends(row, until);
            if all[row] != *start || from >= to {
                continue;
            }
            let paid = self.paid(row);
            for part in from / PART..=(to - 1) / PART {
                let rows = from.max(part * PART)..to.min((part + 1) * PART);
                let least = priced.least[part] + paid;
                let (minutes, due) = (&all[rows.clone()], &priced.mixed[rows]);
                take(*start as usize, &Ends { minutes, due, paid, least });
            }
        }
    }

    /// The last minute of work that begins with minute `start` and its cost: in regular minutes
    /// alone, and in all there are.
    pub(super) fn plain(&self, start: usize) -> [Option<(usize, i64)>; 2] {
        let line = self.way.line as usize;
        let hours = &self.table.hours[self.table.lines[line].hours];
        let priced = &self.market.lines[line];
        let plain = |numbers: &Numbers, run: &Run| {
            let row = numbers.row(start);
            let end = row + self.way.minutes as usize - 1;
            let fits = (numbers.rows.get(end)).is_some_and(|end| (*end as usize) < self.last());
            (fits && numbers.rows[row] as usize == start).then(|| {
                let cost = run.ends[end] - run.starts[row] + self.way.price;
                (numbers.rows[end] as usize, cost)
            })
        };
        [plain(&hours.regular, &priced.regular), plain(&hours.all, &priced.all)]
    }

    /// Tells every last minute of work that begins with minute `start`, and its cost.
    pub(super) fn ends_of(&self, start: usize, take: &mut impl FnMut(usize, i64)) {
        for (end, cost) in self.plain(start).into_iter().flatten() {
            take(end, cost);
        }
        self.mixed(&[row_number(start)], &mut |_, ends| {
            ends.each(take);
        });
    }
}

/// Ends of work that begins with one minute.
pub(super) struct Ends<'a> {
    /// Last minutes.
    minutes: &'a [u32],
    /// What is due with each of them.
    due: &'a [i64],
    /// What is paid besides.
    paid: i64,
    /// What the work costs at least.
    pub(super) least: i64,
}

impl Ends<'_> {
    /// The first last minute.
    pub(super) fn first(&self) -> usize {
        self.minutes[0] as usize
    }

    /// Tells each last minute and what the work costs then; how many there are.
    pub(super) fn each(&self, take: &mut impl FnMut(usize, i64)) -> u64 {
        for (minute, due) in self.minutes.iter().zip(self.due) {
            take(*minute as usize, due + self.paid);
        }
        self.minutes.len() as u64
    }
}
