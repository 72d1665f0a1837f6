//! Neighbourhoods: which steps to take out together. Each is a plain function in [`OPERATORS`];
//! one more is one function and one line.
//!
//! A neighbourhood names whole tickets, or single steps of tickets whose other steps stay.

use super::rng::Rng;
use super::schedule::Schedule;
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::problem::Problem;
use crate::time::{DAY, Tick};

/// What to take out.
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// Whole tickets, each once.
    pub tickets: Vec<Id<Ticket>>,
    /// Single steps of other tickets.
    pub steps: Vec<Id<Step>>,
}

impl Picked {
    /// Empties it.
    pub fn clear(&mut self) {
        self.tickets.clear();
        self.steps.clear();
    }

    fn add(&mut self, ticket: Id<Ticket>) {
        if !self.tickets.contains(&ticket) {
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
pub type Operator = fn(&Schedule<'_>, &Targets, &mut Rng, &mut Picked);

/// The neighbourhoods by name.
pub const OPERATORS: &[(&str, Operator)] = &[
    ("random", random),
    ("late-and-blockers", late_and_blockers),
    ("line-window", line_window),
    ("skill-window", skill_window),
    ("person-day", person_day),
    ("blocking-chain", blocking_chain),
    ("tail", tail),
    ("left-out", left_out),
];

/// Tickets worth looking at: those that cost something.
#[derive(Clone, Debug)]
pub struct Targets {
    costly: Vec<Id<Ticket>>,
    movable: Vec<Id<Ticket>>,
}

impl Targets {
    /// Nothing but what can be moved in `problem`.
    #[must_use]
    pub fn new(problem: &Problem) -> Targets {
        let free = |step: &Id<Step>| problem.steps[*step].is_free();
        let any = |ticket: &Id<Ticket>| problem.tickets[*ticket].steps.iter().any(free);
        Targets { costly: Vec::new(), movable: problem.tickets.ids().filter(any).collect() }
    }

    /// These tickets and no others.
    #[must_use]
    pub fn of(movable: Vec<Id<Ticket>>) -> Targets {
        Targets { costly: Vec::new(), movable }
    }

    /// Looks over all of them.
    pub fn refresh(&mut self, schedule: &Schedule<'_>) {
        self.costly.clear();
        self.costly.extend(self.movable.iter().filter(|ticket| {
            let standing = schedule.standing(**ticket);
            standing.cost > 0 || standing.owed
        }));
    }

    /// Whether nothing can be moved.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.movable.is_empty()
    }

    fn costly(&self, schedule: &Schedule<'_>, rng: &mut Rng) -> Id<Ticket> {
        if self.costly.is_empty() {
            return *rng.pick(&self.movable);
        }
        // Of three, the dearest: costs differ by orders of magnitude.
        let three = [(); 3].map(|()| *rng.pick(&self.costly));
        let dearest = three.into_iter().max_by_key(|ticket| schedule.standing(*ticket).cost);
        dearest.expect("three were picked")
    }
}

fn movable(schedule: &Schedule<'_>, step: Id<Step>) -> bool {
    schedule.problem.steps[step].is_free()
}

fn ticket_of(schedule: &Schedule<'_>, step: Id<Step>) -> Id<Ticket> {
    schedule.problem.steps[step].ticket
}

fn random(_: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    for _ in 0..2 + rng.below(4) {
        picked.add(*rng.pick(&targets.movable));
    }
}

/// A costly ticket and what stands where its steps could stand.
fn late_and_blockers(
    schedule: &Schedule<'_>,
    targets: &Targets,
    rng: &mut Rng,
    picked: &mut Picked,
) {
    let ticket = targets.costly(schedule, rng);
    picked.add(ticket);
    let size = 3 + rng.below(4);
    for _ in 0..3 * size {
        if picked.tickets.len() >= size {
            break;
        }
        let step = *rng.pick(&schedule.problem.tickets[ticket].steps);
        if let Some(other) = neighbour(schedule, step, rng) {
            picked.add(ticket_of(schedule, other));
        }
    }
}

/// A movable step on the line of somebody who could do `step`, at or before its time.
fn neighbour(schedule: &Schedule<'_>, step: Id<Step>, rng: &mut Rng) -> Option<Id<Step>> {
    let person = candidate(schedule, step, rng)?;
    let line = schedule.line(person);
    let until = schedule.place(step).map_or(schedule.problem.horizon, |place| place.start);
    let count = line.first_ending_after(until);
    if count == 0 {
        return None;
    }
    let back = rng.below(count.min(6));
    let busy = line.busy()[count - 1 - back];
    movable(schedule, busy.step).then_some(busy.step)
}

fn candidate(schedule: &Schedule<'_>, step: Id<Step>, rng: &mut Rng) -> Option<Id<Person>> {
    let problem = schedule.problem;
    let options = problem.options_of(step);
    if options.is_empty() {
        return None;
    }
    let choice = &problem.options[options.start + rng.below(options.len())];
    Some(*rng.pick(problem.crew(choice)))
}

fn some_step(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng) -> Option<Id<Step>> {
    let ticket =
        if rng.chance(500) { targets.costly(schedule, rng) } else { *rng.pick(&targets.movable) };
    let steps = &schedule.problem.tickets[ticket].steps;
    (0..4)
        .map(|_| *rng.pick(steps))
        .find(|step| movable(schedule, *step) && schedule.problem.steps[*step].wait.is_none())
}

/// Neighbouring steps on one line.
fn line_window(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let Some(step) = some_step(schedule, targets, rng) else { return };
    picked.add(ticket_of(schedule, step));
    let person = match schedule.people_of(step).and_then(|people| people.first()) {
        Some(person) => *person,
        None => match candidate(schedule, step, rng) {
            Some(person) => person,
            None => return,
        },
    };
    let busy = schedule.line(person).busy();
    if busy.is_empty() {
        return;
    }
    let size = 2 + rng.below(4);
    let at = schedule.place(step).map_or_else(
        || rng.below(busy.len()),
        |place| schedule.line(person).first_ending_after(place.start),
    );
    let from = at.saturating_sub(rng.below(size));
    for busy in busy.iter().skip(from).take(size) {
        if movable(schedule, busy.step) {
            picked.add(ticket_of(schedule, busy.step));
        }
    }
}

/// Steps of people who could do the same, around the same time.
fn skill_window(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let Some(step) = some_step(schedule, targets, rng) else { return };
    picked.add(ticket_of(schedule, step));
    let problem = schedule.problem;
    let middle =
        schedule.place(step).map_or(problem.tickets[ticket_of(schedule, step)].due, |p| p.start);
    let size = 3 + rng.below(4);
    for _ in 0..2 * size {
        if picked.tickets.len() >= size {
            break;
        }
        let Some(person) = candidate(schedule, step, rng) else { return };
        let line = schedule.line(person);
        let around = middle + rng.range(-DAY / 2, DAY / 2);
        if let Some(busy) = line.busy().get(line.first_ending_after(around))
            && movable(schedule, busy.step)
        {
            picked.add(ticket_of(schedule, busy.step));
        }
    }
}

/// What one person does on one day.
fn person_day(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let Some(step) = some_step(schedule, targets, rng) else { return };
    let Some(person) = candidate(schedule, step, rng) else { return };
    let at = schedule.place(step).map_or(schedule.problem.as_of, |place| place.start);
    let line = schedule.line(person);
    let from = line.first_ending_after(at - DAY / 4);
    for busy in line.busy()[from..].iter().take_while(|busy| busy.start < at + DAY / 2).take(7) {
        if movable(schedule, busy.step) {
            picked.add(ticket_of(schedule, busy.step));
        }
    }
    picked.add(ticket_of(schedule, step));
}

/// Back from a costly ticket along whatever keeps each step from starting earlier.
fn blocking_chain(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let ticket = targets.costly(schedule, rng);
    picked.add(ticket);
    let steps = &schedule.problem.tickets[ticket].steps;
    let last = steps.iter().filter(|step| schedule.place(**step).is_some());
    let Some(mut step) = last.max_by_key(|step| schedule.place(**step).map(|p| p.end)).copied()
    else {
        return;
    };
    for _ in 0..2 + rng.below(4) {
        let Some(earlier) = blocker(schedule, step, rng) else { return };
        if movable(schedule, earlier) {
            picked.add(ticket_of(schedule, earlier));
        }
        step = earlier;
    }
}

/// The step right before `step` on the line of one of its people, or before it in its ticket.
fn blocker(schedule: &Schedule<'_>, step: Id<Step>, rng: &mut Rng) -> Option<Id<Step>> {
    let place = schedule.place(step)?;
    let links = &schedule.problem.steps[step].before;
    let on_line = schedule.people_of(step).and_then(|people| {
        let line = schedule.line(*rng.pick(people));
        let row = line.first_ending_after(place.start).checked_sub(1)?;
        Some(line.busy()[row].step)
    });
    if links.is_empty() || (on_line.is_some() && rng.chance(700)) {
        return on_line;
    }
    Some(rng.pick(links).step)
}

/// The last steps of a costly ticket, and single steps in their way.
fn tail(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let ticket = targets.costly(schedule, rng);
    if !schedule.is_served(ticket) {
        picked.add(ticket);
        return;
    }
    let steps = &schedule.problem.tickets[ticket].steps;
    let count = 1 + rng.below(steps.len().min(8));
    for step in steps.iter().rev().take(count) {
        if movable(schedule, *step) {
            picked.add_step(*step);
        }
    }
    for _ in 0..1 + rng.below(4) {
        if picked.steps.is_empty() {
            return;
        }
        let step = *rng.pick(&picked.steps);
        if let Some(other) = neighbour(schedule, step, rng)
            && ticket_of(schedule, other) != ticket
        {
            picked.add_step(other);
        }
    }
}

/// A ticket that is left out with its batch, and tickets that stand where their steps could.
fn left_out(schedule: &Schedule<'_>, targets: &Targets, rng: &mut Rng, picked: &mut Picked) {
    let out: Vec<Id<Ticket>> =
        targets.costly.iter().copied().filter(|ticket| !schedule.is_served(*ticket)).collect();
    if out.is_empty() {
        late_and_blockers(schedule, targets, rng, picked);
        return;
    }
    let ticket = *rng.pick(&out);
    let company = || [ticket].into_iter().chain(schedule.problem.tickets[ticket].mates.clone());
    company().for_each(|ticket| picked.add(ticket));
    let most = 4 + 5 * picked.tickets.len();
    for ticket in company() {
        for step in &schedule.problem.tickets[ticket].steps {
            let Some(person) = candidate(schedule, *step, rng).filter(|_| rng.chance(600)) else {
                continue;
            };
            let busy = schedule.line(person).busy();
            if busy.is_empty() || picked.tickets.len() >= most {
                continue;
            }
            let other = busy[rng.below(busy.len())].step;
            if movable(schedule, other) {
                picked.add(ticket_of(schedule, other));
            }
        }
    }
}

/// The first tick of nothing in particular: where steps that stand nowhere are sorted.
pub(super) const NOWHERE: Tick = Tick::MAX;
