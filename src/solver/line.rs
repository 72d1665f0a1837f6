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
    /// Whether somebody has to be somewhere for it.
    pub sited: bool,
}

/// A minute measured by the minutes that can be worked before it: regular ones, and all.
pub type Mark = [i32; 2];

/// Disjoint stretches, sorted, with the marks of their beginnings and ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    busy: Vec<Busy>,
    marks: Vec<(Mark, Mark)>,
    /// The mark of the minute planned from.
    origin: Mark,
    /// Room below this holds nothing.
    least: i32,
    /// How many stretches stand without room before any of them: by regular minutes, by all.
    packed: [usize; 2],
}

impl Line {
    /// An empty line planned from a minute with the mark `origin`; room for fewer than `least`
    /// minutes counts as none.
    #[must_use]
    pub fn new(origin: Mark, least: i32) -> Line {
        Line { origin, least, ..Line::default() }
    }

    /// Before this tick there is no room, extra minutes counted when `extra`.
    #[must_use]
    pub fn packed_until(&self, extra: bool) -> Tick {
        match self.packed[usize::from(extra)].checked_sub(1) {
            Some(row) => self.busy[row].end,
            None => Tick::MIN,
        }
    }

    /// Counts the stretches without room before them anew, those before `row` being as they were.
    fn pack(&mut self, row: usize) {
        for kind in [0, 1] {
            let mut packed = self.packed[kind].min(row);
            while let Some((begin, _)) = self.marks.get(packed) {
                let free = packed.checked_sub(1).map_or(self.origin, |row| self.marks[row].1);
                if begin[kind] - free[kind] >= self.least {
                    break;
                }
                packed += 1;
            }
            self.packed[kind] = packed;
        }
    }

    /// From now on room for a single minute counts, as steps shorter than any so far may come.
    pub(super) fn loosen(&mut self) {
        (self.least, self.packed) = (1, [0; 2]);
        self.pack(0);
    }

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

    /// `row` if that stretch ends after `tick`, else the first later one that does; nothing before
    /// `row` may.
    #[must_use]
    pub fn onward(&self, row: usize, tick: Tick) -> usize {
        match self.busy.get(row) {
            Some(busy) if busy.end <= tick => self.first_ending_after(tick),
            _ => row,
        }
    }

    /// The first gap at or after `start` that may hold `minutes` worked minutes, extra ones too
    /// when `extra`: the row of the stretch behind it, and where it begins. A quick look: the gap
    /// may still prove too small. It gives up with a gap from which they cannot end by `last`.
    /// `row` is that of the first stretch that ends after `start`.
    #[must_use]
    pub fn gap_for(
        &self,
        row: usize,
        start: Tick,
        minutes: i64,
        extra: bool,
        last: Tick,
    ) -> (usize, Tick) {
        match self.busy.get(row) {
            Some(busy) if busy.start - start < minutes => {}
            _ => return (row, start),
        }
        let kind = usize::from(extra);
        for later in row + 1..self.busy.len() {
            let free = self.busy[later - 1].end;
            let room = self.marks[later].0[kind] - self.marks[later - 1].1[kind];
            if i64::from(room) >= minutes || free + minutes > last {
                return (later, free);
            }
        }
        (self.busy.len(), self.busy[self.busy.len() - 1].end)
    }

    /// The first tick at or after `start` from which `minutes` pass before the next stretch.
    #[must_use]
    pub fn room_for(&self, start: Tick, minutes: i64) -> Tick {
        let mut free = start;
        for busy in &self.busy[self.first_ending_after(start)..] {
            if busy.start - free >= minutes {
                break;
            }
            free = free.max(busy.end);
        }
        free
    }

    /// Adds a stretch with the marks of its beginning and its end; the caller knows that it
    /// overlaps none.
    pub fn insert(&mut self, busy: Busy, marks: (Mark, Mark)) {
        let position = self.busy.partition_point(|other| other.start < busy.start);
        debug_assert!(position == 0 || self.busy[position - 1].end <= busy.start);
        debug_assert!(self.busy.get(position).is_none_or(|next| busy.end <= next.start));
        self.busy.insert(position, busy);
        self.marks.insert(position, marks);
        self.pack(position);
    }

    /// Takes a stretch away.
    pub fn remove(&mut self, start: Tick, step: Id<Step>) {
        let position = self.busy.partition_point(|other| other.start < start);
        debug_assert_eq!(self.busy[position].step, step);
        self.busy.remove(position);
        self.marks.remove(position);
        self.packed = self.packed.map(|packed| packed.min(position));
    }
}
