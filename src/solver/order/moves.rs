//! What the order search tries: a step to another place on its line or another line, two steps in
//! each other's places, or a turn within a block of steps that follow each other on one line and on
//! a path that holds a costly ticket back (Mati, Dauzère-Pérès and Lahlou 2011). Steps on such a
//! path are tried most.

use super::lines::Lines;
use super::table::NONE;
use crate::solver::rng::Rng;

/// How often, in permille, a block is turned.
const TURN: u32 = 400;

/// How often, in permille, the turn begins earlier than its first neighbours; else how often it
/// ends later; and then how often by one step more.
const WIDER: u32 = 500;

/// How often, in permille, the costlier of two tickets is looked at.
const DUEL: u32 = 900;

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
        if rng.chance(TURN) {
            let (step, to) = self.turn(lines, rng)?;
            let (low, high) = lines.room(step, lines.seat(step).0);
            let moved = to >= low && to <= high && lines.shift(step, lines.way(step), to);
            return if moved { lines.settle(limit) } else { None };
        }
        let step = self.draw(lines, rng);
        let longest = lines.line(lines.seat(step).0).len().max(2) - 1;
        let most = 1 << rng.below(REACH.min(longest.ilog2() as usize + 1));
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
        if rng.chance(CRITICAL) && self.knows_path(lines, rng) {
            return self.path[rng.below(self.path.len())];
        }
        any(lines, rng)
    }

    /// Whether there is a critical path: the last one where one ticket is all, else a new one.
    fn knows_path(&mut self, lines: &Lines<'_>, rng: &mut Rng) -> bool {
        let single = lines.table.problem.tickets.len() == 1;
        if !single || !self.is_current {
            self.is_current = self.trace(lines, rng);
        }
        self.is_current
    }

    /// A step of a critical block, and where in the block it goes.
    fn turn(&mut self, lines: &Lines<'_>, rng: &mut Rng) -> Option<(u32, usize)> {
        if !self.knows_path(lines, rng) || self.path.len() < 2 {
            return None;
        }
        let path = &self.path;
        let joined =
            |row: &usize| path.get(row + 1).is_some_and(|step| lines.previous(path[*row]) == *step);
        let row = (0..DRAWS).map(|_| rng.below(path.len() - 1)).find(joined)?;
        let (mut first, mut last) = (row + 1, row);
        if rng.chance(WIDER) {
            while joined(&first) && rng.chance(WIDER) {
                first += 1;
            }
        } else if rng.chance(WIDER) {
            while last > 0 && joined(&(last - 1)) && rng.chance(WIDER) {
                last -= 1;
            }
        }
        let (first, last) = (path[first], path[last]);
        let forward = rng.chance(500);
        let (step, to) = if forward { (first, last) } else { (last, first) };
        Some((step, lines.seat(to).1))
    }

    /// Follows what holds a random costly ticket back, from its finish to where nothing does;
    /// `false` when none was found.
    fn trace(&mut self, lines: &Lines<'_>, rng: &mut Rng) -> bool {
        self.path.clear();
        if lines.total() == 0 {
            return false;
        }
        let tickets = lines.table.problem.tickets.len();
        let costly = |_| {
            let (one, other) = (rng.below(tickets), rng.below(tickets));
            let duel = lines.cost(other) > lines.cost(one) && rng.chance(DUEL);
            Some(if duel { other } else { one }).filter(|ticket| lines.cost(*ticket) > 0)
        };
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
