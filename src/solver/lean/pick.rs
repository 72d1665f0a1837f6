//! Neighbourhoods of the lean search: which tickets or single steps to take out together. Each is
//! a plain function in [`OPERATORS`]; one more is one function and one line.

use super::board::Board;
use super::table::NOBODY;
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::solver::rng::Rng;

/// What to take out: whole tickets, or single steps whose tickets partly stay.
#[derive(Clone, Debug, Default)]
pub(super) struct Picked {
    pub(super) tickets: Vec<Id<Ticket>>,
    pub(super) steps: Vec<Id<Step>>,
    /// Most of either.
    pub(super) size: usize,
}

impl Picked {
    fn is_full(&self) -> bool {
        self.tickets.len() >= self.size
    }

    fn add(&mut self, ticket: Id<Ticket>) {
        if !self.is_full() && !self.tickets.contains(&ticket) {
            self.tickets.push(ticket);
        }
    }

    fn add_step(&mut self, step: Id<Step>) {
        if !self.steps.contains(&step) {
            self.steps.push(step);
        }
    }
}

/// A neighbourhood.
pub(super) type Operator = fn(&Board<'_>, &mut Rng, &mut Picked);

/// The neighbourhoods by name, with their weights where tickets are few and where they are many.
/// The first are about those at which weights that followed the gains per work settled; the second
/// take less work and gain as much in the same time.
pub(super) const OPERATORS: &[(&str, [u32; 2], Operator)] = &[
    ("random", [3, 1], random),
    ("late-and-blockers", [1, 0], late_and_blockers),
    ("skill-window", [2, 0], skill_window),
    ("person-day", [2, 0], person_day),
    ("blocking-chain", [3, 1], blocking_chain),
    ("steps-window", [3, 0], steps_window),
    ("tail", [8, 10], tail),
    ("blockers", [5, 10], blockers),
];

/// Tickets up to which they are few.
pub(super) const FEW_TICKETS: usize = 100;

/// One of [`OPERATORS`], by weight.
pub(super) fn draw(board: &Board<'_>, rng: &mut Rng) -> Operator {
    let column = usize::from(board.table.tickets.len() > FEW_TICKETS);
    let weights = || OPERATORS.iter().map(|operator| operator.1[column] as usize);
    let mut turn = rng.below(weights().sum());
    let row = weights().position(|weight| {
        let hit = turn < weight;
        turn = turn.saturating_sub(weight);
        hit
    });
    OPERATORS[row.unwrap_or(0)].2
}

/// A ticket that costs more than it must: mostly the dearer of two.
fn costly(board: &Board<'_>, rng: &mut Rng) -> Option<Id<Ticket>> {
    let costly = board.costly();
    if costly.is_empty() {
        return None;
    }
    let (one, other) = (*rng.pick(costly), *rng.pick(costly));
    let excess = |ticket: Id<Ticket>| board.cost(ticket) - board.table.tickets[ticket].least;
    let keeps = excess(one) >= excess(other) || rng.chance(300);
    Some(if keeps { one } else { other })
}

fn any(board: &Board<'_>, rng: &mut Rng) -> Id<Ticket> {
    Id::new(rng.below(board.table.tickets.len()))
}

fn ticket_of(board: &Board<'_>, step: Id<Step>) -> Id<Ticket> {
    board.table.steps[step].ticket
}

/// Somebody who could do `step`.
fn somebody(board: &Board<'_>, step: Id<Step>, rng: &mut Rng) -> Option<Id<Person>> {
    let seats = board.table.seats(&board.table.steps[step]);
    (!seats.is_empty()).then(|| rng.pick(seats).person)
}

/// A step to begin with: mostly of a costly ticket.
fn some_step(board: &Board<'_>, rng: &mut Rng) -> Id<Step> {
    let ticket = if rng.chance(700) { costly(board, rng) } else { None };
    match ticket {
        Some(ticket) => *rng.pick(board.steps(ticket)),
        None => Id::new(rng.below(board.table.steps.len())),
    }
}

/// Adds the tickets on the line of `person` between two ticks, each with a chance.
fn add_window(
    board: &Board<'_>,
    person: Id<Person>,
    (from, until): (i32, i32),
    permille: u32,
    rng: &mut Rng,
    picked: &mut Picked,
) {
    let line = board.line(person).stretches();
    let first = board.line(person).first_ending_after(from);
    let count = line[first..].iter().take_while(|stretch| stretch.start < until).count();
    let offset = if count > 0 { rng.below(count) } else { 0 };
    for row in 0..count {
        if picked.is_full() {
            return;
        }
        if rng.chance(permille) {
            let stretch = line[first + (row + offset) % count];
            picked.add(ticket_of(board, stretch.step));
        }
    }
}

fn random(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    if let Some(ticket) = costly(board, rng) {
        picked.add(ticket);
    }
    for _ in 0..picked.size {
        picked.add(any(board, rng));
    }
}

/// A costly ticket and what stands where its steps could stand in time.
fn late_and_blockers(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let ticket = costly(board, rng).unwrap_or_else(|| any(board, rng));
    picked.add(ticket);
    let steps = board.steps(ticket);
    let due = board.table.tickets[ticket].due;
    let permille = 150 + u32::try_from(rng.below(700)).unwrap_or(0);
    for _ in 0..2 * steps.len() {
        if picked.is_full() {
            return;
        }
        let step = *rng.pick(steps);
        let place = board.place(step);
        let Some(other) = somebody(board, step, rng) else { continue };
        let stays = place.stands() && place.person.index() != NOBODY && rng.chance(300);
        let person = if stays { place.person } else { other };
        let until = if place.stands() { place.end } else { due };
        let from = if rng.chance(500) {
            board.table.tickets[ticket].release
        } else {
            board.frame(&board.table.steps[step]).from
        };
        let near = until.min(due.max(from + 60));
        let until = if near > from { near } else { until };
        add_window(board, person, (from, until), permille, rng, picked);
    }
}

/// Tickets around the same time on people who could do the same.
fn skill_window(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let step = some_step(board, rng);
    let middle = board.place(step).start;
    let width = 60 + i32::try_from(rng.below(1200)).unwrap_or(0);
    picked.add(ticket_of(board, step));
    for _ in 0..2 * picked.size {
        if picked.is_full() {
            return;
        }
        let Some(person) = somebody(board, step, rng) else { return };
        add_window(board, person, (middle - width, middle + width / 2), 500, rng, picked);
    }
}

/// What one person does within some hours.
fn person_day(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let step = some_step(board, rng);
    let place = board.place(step);
    picked.add(ticket_of(board, step));
    let stands = place.stands() && place.person.index() != NOBODY;
    let person = if stands { Some(place.person) } else { somebody(board, step, rng) };
    let Some(person) = person else { return };
    add_window(board, person, (place.start - 720, place.start + 120), 900, rng, picked);
}

/// Back from a costly ticket along whatever keeps each step from starting earlier.
fn blocking_chain(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let ticket = costly(board, rng).unwrap_or_else(|| any(board, rng));
    picked.add(ticket);
    let steps = board.steps(ticket).iter();
    let Some(mut step) = steps.max_by_key(|step| board.place(**step).end).copied() else { return };
    for _ in 0..3 * picked.size {
        let place = board.place(step);
        if picked.is_full() || !place.stands() {
            return;
        }
        let ties = board.table.before(&board.table.steps[step]).iter();
        let end = |tie: &super::table::Tie| board.table.lag_end(tie.lag, board.place(tie.step).end);
        let before = ties.map(|tie| (end(tie), tie.step)).max();
        let on_line = if place.person.index() == NOBODY {
            None
        } else {
            let line = board.line(place.person).stretches();
            let row = board.line(place.person).first_starting_at(place.start);
            row.checked_sub(1).map(|row| (line[row].end, line[row].step))
        };
        step = match (before, on_line) {
            (Some(one), Some(other)) => {
                if (one.0 >= other.0) == rng.chance(800) {
                    one.1
                } else {
                    other.1
                }
            }
            (Some(one), None) => one.1,
            (None, Some(other)) => other.1,
            (None, None) => return,
        };
        picked.add(ticket_of(board, step));
    }
}

/// Single steps around the same time on people who could do the same.
fn steps_window(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let step = some_step(board, rng);
    let place = board.place(step);
    if place.stands() {
        picked.add_step(step);
    }
    let width = 60 + i32::try_from(rng.below(600)).unwrap_or(0);
    let (from, until) = (place.start - width, place.start + width / 2);
    for _ in 0..picked.size {
        let Some(person) = somebody(board, step, rng) else { return };
        let line = board.line(person).stretches();
        let first = board.line(person).first_ending_after(from);
        for stretch in line[first..].iter().take_while(|stretch| stretch.start < until) {
            if picked.steps.len() >= picked.size {
                return;
            }
            picked.add_step(stretch.step);
        }
    }
}

/// The last steps of a costly ticket, and single steps in their way.
fn tail(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let Some(ticket) = costly(board, rng) else { return };
    let steps = board.steps(ticket);
    let from = rng.below(steps.len());
    if !board.place(steps[from]).stands() {
        picked.add(ticket);
        return;
    }
    picked.steps.extend(&steps[from..]);
    let most = picked.steps.len() + picked.size;
    let step = *rng.pick(&steps[from..]);
    let (from, until) = (board.frame(&board.table.steps[step]).from, board.place(step).end);
    for _ in 0..3 {
        let Some(person) = somebody(board, step, rng) else { return };
        let line = board.line(person).stretches();
        let first = board.line(person).first_ending_after(from);
        for stretch in line[first..].iter().take_while(|stretch| stretch.start < until) {
            if picked.steps.len() < most && rng.chance(600) {
                picked.add_step(stretch.step);
            }
        }
    }
}

/// The last steps of a costly ticket, and steps in the way of one of them with all that follow
/// them in their tickets.
fn blockers(board: &Board<'_>, rng: &mut Rng, picked: &mut Picked) {
    let Some(ticket) = costly(board, rng) else { return };
    let steps = board.steps(ticket);
    let first = if rng.chance(500) { 0 } else { rng.below(steps.len()) };
    if !board.place(steps[first]).stands() {
        picked.add(ticket);
        return;
    }
    picked.steps.extend(&steps[first..]);
    let most = 1 + rng.below(picked.size.min(4));
    let mut count = 0;
    for _ in 0..4 {
        if count >= most {
            return;
        }
        let step = *rng.pick(&steps[first..]);
        let (from, until) = (board.frame(&board.table.steps[step]).from, board.place(step).start);
        let Some(person) = somebody(board, step, rng).filter(|_| from < until) else { continue };
        let line = board.line(person);
        let (left, right) = (line.first_ending_after(from), line.first_starting_at(until));
        if left >= right {
            continue;
        }
        let row = left + if rng.chance(500) { 0 } else { rng.below(right - left) };
        let rows = row..(row + 1 + rng.below(2)).min(right);
        for stretch in &line.stretches()[rows] {
            if !picked.steps.contains(&stretch.step) {
                let others = board.steps(ticket_of(board, stretch.step)).iter();
                others.skip_while(|other| **other != stretch.step).for_each(|other| {
                    picked.add_step(*other);
                });
                count += 1;
            }
        }
    }
}
