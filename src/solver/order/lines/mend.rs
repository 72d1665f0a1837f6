//! The topological order after one step has moved: only the ranks between its old place and its
//! new neighbours change (as Pearce and Kelly 2006).

use super::super::table::{Link, NONE};
use super::Lines;

impl Lines<'_> {
    /// Brings the topological order up to date after `step` was moved; `false` when there is none.
    pub(super) fn mend(&mut self, step: u32) -> bool {
        let (previous, next) = (self.previous(step), self.next(step));
        let rank = self.rank[step as usize];
        if previous != NONE && self.rank[previous as usize] > rank {
            let last = self.rank[previous as usize];
            self.remember(rank, last);
            self.sink(step, previous, rank, last)
        } else if next != NONE && self.rank[next as usize] < rank {
            let first = self.rank[next as usize];
            self.remember(first, rank);
            self.raise(step, next, first, rank)
        } else {
            true
        }
    }

    fn remember(&mut self, first: u32, last: u32) {
        self.remembered.extend_from_slice(&self.order[first as usize..=last as usize]);
        if let Some(shift) = self.shifts.last_mut() {
            shift.ranks = (first, last + 1);
        }
        self.work += u64::from(last - first) / 2;
    }

    pub(super) fn seat_rank(&mut self, step: u32, rank: u32) {
        self.order[rank as usize] = step;
        self.rank[step as usize] = rank;
    }

    /// Moves `step` and what follows it behind `previous`.
    fn sink(&mut self, step: u32, previous: u32, first: u32, last: u32) -> bool {
        self.behind.clear();
        self.behind.push(step);
        self.is_marked[step as usize] = true;
        let mut free = first;
        for rank in first + 1..=last {
            let other = self.order[rank as usize];
            let neighbour = self.previous(other);
            let follows = (neighbour != NONE && self.is_marked[neighbour as usize])
                || self.follows_marked(self.table.before.of(other as usize));
            if follows {
                self.is_marked[other as usize] = true;
                self.behind.push(other);
            } else {
                self.seat_rank(other, free);
                free += 1;
            }
        }
        let sound = !self.is_marked[previous as usize];
        for row in 0..self.behind.len() {
            let other = self.behind[row];
            self.is_marked[other as usize] = false;
            self.seat_rank(other, free);
            free += 1;
        }
        sound
    }

    fn follows_marked(&self, links: &[Link]) -> bool {
        links.iter().any(|link| self.is_marked[link.0 as usize])
    }

    /// Moves `step` and what it follows before `next`.
    fn raise(&mut self, step: u32, next: u32, first: u32, last: u32) -> bool {
        self.behind.clear();
        self.behind.push(step);
        self.is_marked[step as usize] = true;
        let mut taken = last + 1;
        for rank in (first..last).rev() {
            let other = self.order[rank as usize];
            let neighbour = self.next(other);
            let leads = (neighbour != NONE && self.is_marked[neighbour as usize])
                || self.follows_marked(self.table.after.of(other as usize));
            if leads {
                self.is_marked[other as usize] = true;
                self.behind.push(other);
            } else {
                taken -= 1;
                self.seat_rank(other, taken);
            }
        }
        let sound = !self.is_marked[next as usize];
        for row in 0..self.behind.len() {
            let other = self.behind[row];
            self.is_marked[other as usize] = false;
            taken -= 1;
            self.seat_rank(other, taken);
        }
        sound
    }
}
