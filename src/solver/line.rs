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

/// How many minutes can be worked between two ticks: regular ones, and all.
pub type Room = [i64; 2];

/// Disjoint stretches, sorted, each with the room before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    busy: Vec<Busy>,
    /// Room between each stretch and the one before it.
    rooms: Vec<Room>,
}

impl Line {
    /// The stretches.
    #[must_use]
    pub fn busy(&self) -> &[Busy] {
        &self.busy
    }

    /// The position of the first stretch that ends after `tick`.
    #[must_use]
    pub fn first_ending_after(&self, tick: Tick) -> usize {
        self.busy.partition_point(|busy| busy.end <= tick)
    }

    /// The first stretch that shares a minute with `[start, end)`, which holds at least `start`.
    #[must_use]
    pub fn conflict(&self, start: Tick, end: Tick) -> Option<Busy> {
        let busy = self.busy.get(self.first_ending_after(start))?;
        (busy.start < end.max(start + 1)).then_some(*busy)
    }

    /// The first tick at or after `start` at which a gap may hold `minutes` worked minutes, extra
    /// ones too when `extra`. A quick look: the gap may still prove too small.
    #[must_use]
    pub fn free_for(&self, start: Tick, minutes: i64, extra: bool) -> Tick {
        let first = self.first_ending_after(start);
        match self.busy.get(first) {
            Some(busy) if busy.start - start < minutes => {}
            _ => return start,
        }
        let kind = usize::from(extra);
        let later = self.rooms[first + 1..].iter().position(|room| room[kind] >= minutes);
        let position = later.map_or(self.busy.len() - 1, |later| first + later);
        self.busy[position].end
    }

    /// Adds a stretch, the rooms before and after it measured by `room`; the caller knows that it
    /// overlaps none.
    pub fn insert(&mut self, busy: Busy, room: impl Fn(Tick, Tick) -> Room) {
        let position = self.busy.partition_point(|other| other.start < busy.start);
        debug_assert!(position == 0 || self.busy[position - 1].end <= busy.start);
        debug_assert!(self.busy.get(position).is_none_or(|next| busy.end <= next.start));
        let before = position.checked_sub(1).map_or(Tick::MIN, |row| self.busy[row].end);
        self.busy.insert(position, busy);
        self.rooms.insert(position, room(before, busy.start));
        if let Some(next) = self.busy.get(position + 1) {
            self.rooms[position + 1] = room(busy.end, next.start);
        }
    }

    /// Takes a stretch away.
    pub fn remove(&mut self, start: Tick, step: Id<Step>, room: impl Fn(Tick, Tick) -> Room) {
        let position = self.busy.partition_point(|other| other.start < start);
        debug_assert_eq!(self.busy[position].step, step);
        self.busy.remove(position);
        self.rooms.remove(position);
        if let Some(next) = self.busy.get(position) {
            let before = position.checked_sub(1).map_or(Tick::MIN, |row| self.busy[row].end);
            self.rooms[position] = room(before, next.start);
        }
    }
}
