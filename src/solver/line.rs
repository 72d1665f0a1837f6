//! What occupies one person or one thing, in order of time.

use crate::id::Id;
use crate::model::work::Step;
use crate::time::Tick;

/// A stretch of occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Its first minute.
    pub start: Tick,
    /// The first minute after it.
    pub end: Tick,
    /// By what.
    pub step: Id<Step>,
}

/// Disjoint stretches, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(Vec<Busy>);

impl Line {
    /// The stretches.
    #[must_use]
    pub fn busy(&self) -> &[Busy] {
        &self.0
    }

    /// The position of the first stretch that ends after `tick`.
    #[must_use]
    pub fn first_ending_after(&self, tick: Tick) -> usize {
        self.0.partition_point(|busy| busy.end <= tick)
    }

    /// The first stretch that shares a minute with `[start, end)`, which holds at least `start`.
    #[must_use]
    pub fn conflict(&self, start: Tick, end: Tick) -> Option<Busy> {
        let busy = self.0.get(self.first_ending_after(start))?;
        (busy.start < end.max(start + 1)).then_some(*busy)
    }

    /// The first tick at or after `start` with `minutes` elapsed minutes free.
    #[must_use]
    pub fn free_for(&self, mut start: Tick, minutes: i64) -> Tick {
        for busy in &self.0[self.first_ending_after(start)..] {
            if busy.start - start >= minutes {
                break;
            }
            start = busy.end;
        }
        start
    }

    /// Adds a stretch; the caller knows that it overlaps none.
    pub fn insert(&mut self, busy: Busy) {
        let position = self.0.partition_point(|other| other.start < busy.start);
        debug_assert!(position == 0 || self.0[position - 1].end <= busy.start);
        debug_assert!(self.0.get(position).is_none_or(|next| busy.end <= next.start));
        self.0.insert(position, busy);
    }

    /// Takes a stretch away.
    pub fn remove(&mut self, start: Tick, step: Id<Step>) {
        let position = self.0.partition_point(|other| other.start < start);
        debug_assert_eq!(self.0[position].step, step);
        self.0.remove(position);
    }
}
