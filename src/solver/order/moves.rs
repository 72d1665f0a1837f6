//! What the order search tries: a step to another place on its line or another line, or two steps
//! in each other's places. Steps on a path that holds a costly ticket back are tried most.

use super::lines::Lines;
use super::table::NONE;
use crate::solver::rng::Rng;

/// How often, in permille, the step is drawn from a critical path rather than from all.
const CRITICAL: u32 = 800;

/// How often, in permille, one of its ways is drawn rather than the present one kept.
const OTHER_WAY: u32 = 500;

/// How often, in permille, two steps change places.
const SWAP: u32 = 200;

/// Distances are below 2 to a number below this.
const REACH: usize = 7;

/// Draws at a late ticket before giving up.
const DRAWS: usize = 20;

/// Draws moves; remembers the last critical path.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    path: Vec<u32>,
    is_current: bool,
}

impl Moves {
    /// The lines have changed: what is known of them holds no more.
    pub(super) fn forget(&mut self) {
        self.is_current = false;
    }

    /// Makes a random move on `lines`; the new cost, or `None` when there is none to be had below
    /// `limit`. What was begun must be taken back then.
    pub(super) fn attempt(
        &mut self,
        lines: &mut Lines<'_>,
        limit: i64,
        rng: &mut Rng,
    ) -> Option<i64> {
        let step = self.draw(lines, rng);
        let most = 1 << rng.below(REACH);
        let reach = 1 + rng.below(most);
        let (from, to) = lines.table.ways.range(step as usize);
        let way = if to - from > 1 && rng.chance(OTHER_WAY) {
            drawn(from, to, rng)
        } else {
            lines.way(step)
        };
        let moved = if rng.chance(SWAP) {
            swap(lines, step, way, reach, rng)
        } else {
            insert(lines, step, way, reach, rng)
        };
        if moved { lines.settle(limit) } else { None }
    }

    fn draw(&mut self, lines: &Lines<'_>, rng: &mut Rng) -> u32 {
        if rng.chance(CRITICAL) {
            let single = lines.table.problem.tickets.len() == 1;
            if !single || !self.is_current {
                self.is_current = self.trace(lines, rng);
            }
            if self.is_current {
                return self.path[rng.below(self.path.len())];
            }
        }
        any(lines, rng)
    }

    /// Follows what holds a random costly ticket back, from its finish to where nothing does;
    /// `false` when none was found.
    fn trace(&mut self, lines: &Lines<'_>, rng: &mut Rng) -> bool {
        self.path.clear();
        if lines.total() == 0 {
            return false;
        }
        let tickets = lines.table.problem.tickets.len();
        let costly = |_| Some(rng.below(tickets)).filter(|ticket| lines.cost(*ticket) > 0);
        let Some(ticket) = (0..DRAWS).find_map(costly) else { return false };
        let finish = lines.finish(ticket);
        let (mut step, mut count) = (NONE, 0);
        for last in lines.table.lasts.of(ticket) {
            if lines.times(*last).1 == finish {
                count += 1;
                if count == 1 || rng.below(count) == 0 {
                    step = *last;
                }
            }
        }
        while step != NONE {
            self.path.push(step);
            step = held_back_by(lines, step, rng);
        }
        !self.path.is_empty()
    }
}

/// A step that keeps `step` from beginning earlier, or [`NONE`].
fn held_back_by(lines: &Lines<'_>, step: u32, rng: &mut Rng) -> u32 {
    let start = lines.times(step).0;
    let (mut found, mut count) = (NONE, 0);
    let previous = lines.previous(step);
    if previous != NONE && lines.ready_by(previous, 0, step) == start {
        (found, count) = (previous, 1);
    }
    for (other, lag) in lines.table.before.of(step as usize) {
        if lines.ready_by(*other, *lag, step) == start {
            count += 1;
            if count == 1 || rng.below(count) == 0 {
                found = *other;
            }
        }
    }
    found
}

/// A row from `from` to before `to`.
fn drawn(from: u32, to: u32, rng: &mut Rng) -> u32 {
    let row = rng.below((to - from) as usize);
    from + u32::try_from(row).expect("it is below a number of 32 bits")
}

fn any(lines: &Lines<'_>, rng: &mut Rng) -> u32 {
    let last = lines.table.ticket.len();
    drawn(0, u32::try_from(last).expect("steps are far fewer than 2^32"), rng)
}

/// A position `reach` before or behind `position`.
fn away(position: usize, reach: usize, rng: &mut Rng) -> Option<usize> {
    if rng.chance(500) { Some(position + reach) } else { position.checked_sub(reach) }
}

/// Moves `step` by `way`; `false` when the place drawn is not to be had.
fn insert(lines: &mut Lines<'_>, step: u32, way: u32, reach: usize, rng: &mut Rng) -> bool {
    let line = lines.table.ways.items()[way as usize].line;
    let (own, position) = lines.seat(step);
    let (low, high) = lines.room(step, line);
    let to = if line == own {
        away(position, reach, rng)
    } else if is_barred(lines, step, line) {
        None
    } else {
        (lines.beside(step, line) + rng.below(2 * reach + 1)).checked_sub(reach)
    };
    to.is_some_and(|to| to >= low && to <= high && lines.shift(step, way, to))
}

/// Lets `step` and another one change places; `false` when that is not to be had.
fn swap(lines: &mut Lines<'_>, step: u32, way: u32, reach: usize, rng: &mut Rng) -> bool {
    let line = lines.table.ways.items()[way as usize].line;
    let (own, position) = lines.seat(step);
    let to = if line == own {
        away(position, reach, rng)
    } else {
        (lines.beside(step, line) + rng.below(2 * reach)).checked_sub(reach)
    };
    let Some(to) = to else { return false };
    let Some(other) = lines.line(line).get(to).copied() else { return false };
    let ways = lines.table.ways.range(other as usize);
    let suits = |way: &u32| lines.table.ways.items()[*way as usize].line == own;
    let back = if line == own { Some(lines.way(other)) } else { (ways.0..ways.1).find(suits) };
    let Some(back) = back else { return false };
    let (low, high) = lines.room(step, line);
    let (first, last) = lines.room(other, own);
    let fits = to >= low && to <= high && position >= first && position <= last;
    let barred = line != own && (is_barred(lines, step, line) || is_barred(lines, other, own));
    fits && !barred && lines.shift(step, way, to) && lines.shift(other, back, position)
}

/// Whether a step that needs another person than `step` is on `line`.
fn is_barred(lines: &Lines<'_>, step: u32, line: u32) -> bool {
    let differs = lines.table.differs.of(step as usize);
    differs.iter().any(|other| lines.seat(*other).0 == line)
}
