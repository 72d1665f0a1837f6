//! One stage of a flow shop at work: the jobs of its queue in order, each by whoever is free first,
//! timed anew from the first that has changed on. Knows nothing of moves.

use super::stages::{Stage, Work};
use super::table::NONE;

/// Jobs of a queue between two marks.
pub(super) const BLOCK: usize = 16;

/// A stage and what is written of it.
pub(super) struct Service<'a> {
    pub(super) stage: &'a Stage,
    /// Ends and works at the stage before; empty for the first.
    pub(super) before: (&'a [u32], &'a [Work]),
    pub(super) release: u32,
    pub(super) end: &'a mut [u32],
    pub(super) held: &'a mut [u32],
    pub(super) marks: &'a mut [u64],
    pub(super) free: &'a mut Vec<u64>,
    /// Jobs served.
    pub(super) served: u64,
}

impl Service<'_> {
    /// Serves the jobs of `queue` from the first that has changed until all is as in `known`;
    /// `None` when the finish is after `latest`.
    pub(super) fn serve(
        &mut self,
        queue: &[u32],
        changed: (usize, usize),
        known: &[u64],
        latest: u32,
    ) -> Option<()> {
        let people = self.stage.people;
        let first = changed.0 / BLOCK;
        self.free.clear();
        self.free.extend_from_slice(&known[first * people..(first + 1) * people]);
        for (row, block) in queue.chunks(BLOCK).enumerate().skip(first) {
            let mark = row * people..(row + 1) * people;
            if row * BLOCK > changed.1 && self.free[..] == known[mark.clone()] {
                break;
            }
            self.marks[mark].copy_from_slice(self.free);
            for job in block {
                self.served += 1;
                self.serve_job(*job, latest)?;
            }
        }
        Some(())
    }

    fn serve_job(&mut self, job: u32, latest: u32) -> Option<()> {
        let half = |half: u64| u32::try_from(half).expect("it is half of 64 bits");
        let (row, free) = (job as usize, &mut self.free[..]);
        let work = &self.stage.works[row];
        let (ends, works) = self.before;
        let ready = ends.get(row).map_or(self.release, |end| end + works[row].lag);
        let (idle, other) = (half(free[0] >> 32), half(free[0] & u64::from(u32::MAX)));
        let end = idle.max(ready) + work.minutes;
        if end + work.tail > latest {
            return None;
        }
        self.end[row] = end;
        self.held[row] = if idle > ready { other } else { NONE };
        let next = freed(end, job);
        let mut person = 0;
        while person + 1 < free.len() && free[person + 1] < next {
            free[person] = free[person + 1];
            person += 1;
        }
        free[person] = next;
        Some(())
    }
}

/// Somebody who is free from `end` on, after `job`; less for who is free sooner.
pub(super) fn freed(end: u32, job: u32) -> u64 {
    u64::from(end) << 32 | u64::from(job)
}
