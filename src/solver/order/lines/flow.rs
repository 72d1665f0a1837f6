//! Times after a change: from the steps touched onward in topological order, as far as anything
//! moves, and no further once the cost is too high.

use super::super::table::{FAR, NONE};
use super::Lines;

impl Lines<'_> {
    fn soil(&mut self, step: u32) {
        let rank = self.rank[step as usize] as usize;
        self.dirty[rank / 64] |= 1 << (rank % 64);
        let (low, high) = self.dirty_words;
        self.dirty_words = (low.min(rank / 64), high.max(rank / 64));
    }

    /// Times and prices the shifts made: the new cost, or `None` when that is above `limit` for
    /// sure or a latest end is broken. Then, and when it is not wanted, all must be taken back.
    pub(in super::super) fn settle(&mut self, limit: i64) -> Option<i64> {
        while let Some(step) = self.touched.pop() {
            self.soil(step);
        }
        let allowed = self.propagate(self.table.finish_limit(limit));
        for row in 0..self.tickets_before.len() {
            let ticket = self.tickets_before[row].0 as usize;
            self.is_noted[ticket] = false;
            self.tickets_before[row].1 = self.finish[ticket];
            self.tickets_before[row].2 = self.cost[ticket];
            if allowed {
                self.finish[ticket] = self.finish_of(ticket);
                let cost = self.table.lateness(ticket, self.finish[ticket]);
                self.total += cost - self.cost[ticket];
                self.cost[ticket] = cost;
            }
        }
        allowed.then_some(self.total)
    }

    /// Moves on every step whose time changes, in topological order; `false` when a ticket would
    /// be finished after `finish_limit` or a step end too late.
    fn propagate(&mut self, finish_limit: i32) -> bool {
        let (mut word, mut allowed) = (self.dirty_words.0, true);
        while allowed && word != usize::MAX && word <= self.dirty_words.1 {
            let bits = self.dirty[word];
            if bits == 0 {
                word += 1;
                continue;
            }
            self.dirty[word] = bits & (bits - 1);
            let step = self.order[word * 64 + bits.trailing_zeros() as usize];
            allowed = self.move_on(step, finish_limit);
        }
        if !allowed {
            self.dirty[self.dirty_words.0..=self.dirty_words.1].fill(0);
        }
        self.dirty_words = (usize::MAX, 0);
        allowed
    }

    fn move_on(&mut self, step: u32, finish_limit: i32) -> bool {
        self.work += 1;
        let row = step as usize;
        let (start, end) = self.earliest(step);
        let before = (self.start[row], self.end[row]);
        if (start, end) == before {
            return true;
        }
        self.times_before.push((step, before.0, before.1));
        (self.start[row], self.end[row]) = (start, end);
        if end == before.1 {
            return true;
        }
        let table = self.table;
        if end > table.latest_end[row].min(FAR - 1) || end + table.tail[row] > finish_limit {
            return false;
        }
        let last = table.last_row[row];
        if last != NONE {
            self.last_ends[last as usize] = end;
            let ticket = table.ticket[row];
            if !self.is_noted[ticket as usize] {
                self.is_noted[ticket as usize] = true;
                self.tickets_before.push((ticket, 0, 0));
            }
        }
        let next = self.next(step);
        if next != NONE {
            self.soil(next);
        }
        for link in table.after.of(row) {
            self.soil(link.0);
        }
        true
    }
}
