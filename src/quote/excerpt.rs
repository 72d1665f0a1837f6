//! What an option touches, cut out of the plan in force and verified by itself: the guest and
//! whoever it moves as whole tickets, and of all others the steps that stand on the same people,
//! things and quotas. A rule that the whole plan breaks because of the option is broken here too.

use std::collections::BTreeMap;

use super::guest::Guest;
use crate::id::{Column, Id};
use crate::model::plan::{PLAN_FORMAT, Plan, PlannedStep};
use crate::model::work::{Order, Person, Progress, Step, Thing, Ticket, Work};
use crate::verify::{Report, against};

/// What verifying an excerpt says.
pub(super) struct Verified {
    /// The report with the option, if nothing is broken.
    pub(super) with: Report,
    /// The report without it.
    pub(super) without: Report,
}

/// Verifies the rows `own` of the guest and `moved` of others; the report is that of the excerpt.
///
/// # Errors
/// The report, when a rule is broken.
pub(super) fn verified(
    guest: &Guest<'_>,
    own: &[PlannedStep],
    moved: &[PlannedStep],
) -> Result<Verified, Box<Report>> {
    let cut = Cut::new(guest, own, moved);
    let (work, rows) = cut.work();
    let plan = |steps: Vec<PlannedStep>| Plan {
        format: PLAN_FORMAT.to_owned(),
        zone: work.zone,
        as_of: None,
        horizon: None,
        steps,
        unserved: Vec::new(),
        released: Vec::new(),
        weights: guest.standing.plan.weights,
        cost: None,
        bound: None,
        prices: Vec::new(),
        provenance: None,
    };
    let now: BTreeMap<_, _> =
        moved.iter().map(|row| ((row.ticket.as_str(), row.step.as_str()), row)).collect();
    let changed = rows.iter().map(|&row| {
        let key = (row.ticket.as_str(), row.step.as_str());
        now.get(&key).copied().unwrap_or(row).clone()
    });
    let changed: Vec<PlannedStep> = own.iter().cloned().chain(changed).collect();
    let before = plan(rows.into_iter().cloned().collect());
    let (with, without) = against(&work, &plan(changed), &before);
    if with.is_clean() { Ok(Verified { with, without }) } else { Err(Box::new(with)) }
}

/// What is cut out.
struct Cut<'a> {
    guest: &'a Guest<'a>,
    /// Whose hours count.
    people: Column<Person, bool>,
    /// Tickets of the plan that are taken whole.
    whole: Vec<Id<Ticket>>,
    /// Steps of the plan that are taken.
    steps: Column<Step, bool>,
}

impl<'a> Cut<'a> {
    fn new(guest: &'a Guest<'a>, own: &[PlannedStep], moved: &[PlannedStep]) -> Cut<'a> {
        let work = &guest.standing.work;
        let mut cut = Cut {
            guest,
            people: work.people.iter().map(|_| false).collect(),
            whole: Vec::new(),
            steps: work.steps.iter().map(|_| false).collect(),
        };
        let mut touched = cut.people.clone();
        let keys: BTreeMap<&str, Id<Person>> =
            guest.work.people.pairs().map(|(id, person)| (person.key.as_str(), id)).collect();
        let named = own.iter().chain(moved).flat_map(|row| &row.people);
        for person in named.filter_map(|key| keys.get(key.as_str())) {
            touched[*person] = true;
        }
        cut.take_company(moved);
        for ticket in cut.whole.clone() {
            for step in &work.tickets[ticket].steps {
                cut.steps[*step] = true;
                let old = cut.crew(*step);
                let is_moved = moved.iter().any(|row| row.ticket == work.tickets[ticket].key);
                if is_moved {
                    old.iter().for_each(|person| touched[*person] = true);
                }
            }
        }
        cut.take_obstacles(touched);
        cut
    }

    /// Whole tickets: those moved, and those that they or the guest come before or after.
    fn take_company(&mut self, moved: &[PlannedStep]) {
        let standing = self.guest.standing;
        let mut take = |ticket: Id<Ticket>| {
            if !self.whole.contains(&ticket) && !self.guest.withdrawn.contains(&ticket) {
                self.whole.push(ticket);
            }
        };
        let mut main: Vec<Id<Ticket>> =
            moved.iter().filter_map(|row| standing.work.ticket(&row.ticket)).collect();
        main.sort_unstable();
        main.dedup();
        for ticket in main {
            let row = &standing.problem.tickets[ticket];
            take(ticket);
            row.after.iter().chain(&row.before).for_each(|other| take(*other));
        }
        let first = standing.problem.tickets.len();
        for own in self.guest.ids() {
            let after = &self.guest.problem.tickets[own].after;
            after.iter().filter(|other| other.index() < first).for_each(|other| take(*other));
        }
    }

    /// Who works on `step` in the plan in force.
    fn crew(&self, step: Id<Step>) -> &'a [Id<Person>] {
        let (problem, parked) = (&self.guest.standing.problem, &self.guest.standing.parked);
        if let crate::problem::Fixed::Done(people, _) = &problem.steps[step].fixed {
            return people;
        }
        match parked.places()[step] {
            Some(place) if problem.steps[step].wait.is_none() => {
                problem.crew(&problem.options[place.choice as usize])
            }
            _ => &[],
        }
    }

    /// Every step of others on the same people, things, quotas and client trips.
    fn take_obstacles(&mut self, mut touched: Column<Person, bool>) {
        let standing = self.guest.standing;
        let (work, own) = (&standing.work, &self.guest.work);
        let guests = own.steps.iter().filter(|step| step.ticket.index() < self.guest.tickets.len());
        let taken = work.steps.pairs().filter(|(id, _)| self.steps[*id]).map(|(_, step)| step);
        let main: Vec<&Step> = guests.chain(taken).collect();
        let things: Vec<Id<Thing>> = main.iter().flat_map(|step| &step.things).copied().collect();
        let quotas: Vec<_> = main.iter().filter_map(|step| Some(step.bureau?.0)).collect();
        let quotas: Vec<_> =
            quotas.into_iter().filter(|b| work.bureaus[*b].quota.is_some()).collect();
        let trips: Vec<_> = main
            .iter()
            .filter(|step| step.client_trip)
            .filter_map(|step| {
                let tickets = if guest_row(own, step) { &own.tickets } else { &work.tickets };
                tickets[step.ticket].client
            })
            .collect();
        loop {
            let mut more = false;
            for (id, step) in work.steps.pairs() {
                let withdrawn = self.guest.withdrawn.contains(&step.ticket);
                if self.steps[id] || withdrawn || standing.rows[id].is_none() {
                    continue;
                }
                let crew = self.crew(id);
                let stands = crew.iter().any(|person| touched[*person])
                    || step.things.iter().any(|thing| things.contains(thing))
                    || step.bureau.is_some_and(|(bureau, _)| quotas.contains(&bureau))
                    || (step.client_trip
                        && work.tickets[step.ticket].client.is_some_and(|c| trips.contains(&c)));
                if stands {
                    self.steps[id] = true;
                    // Turns of steps under way hang on all that their people have begun.
                    let begun = matches!(step.progress, Some(Progress::Begun { .. }));
                    for person in crew.iter().filter(|_| begun) {
                        more |= !std::mem::replace(&mut touched[*person], true);
                    }
                }
            }
            if !more {
                break;
            }
        }
        self.people = touched;
        for id in work.steps.ids().filter(|id| self.steps[*id]) {
            for person in self.crew(id) {
                self.people[*person] = true;
            }
        }
    }

    /// The excerpt as a question, and the rows of the plan in force that belong to it.
    fn work(&self) -> (Work, Vec<&'a PlannedStep>) {
        let standing = self.guest.standing;
        let mut work = self.guest.work.clone();
        let count = self.guest.tickets.len();
        keep_first(&mut work, count);
        for (id, person) in standing.work.people.pairs() {
            if !self.people[id] {
                work.people[id].bands.clear();
            }
            debug_assert_eq!(person.key, work.people[id].key);
        }
        let mut numbers: BTreeMap<Id<Step>, Id<Step>> = BTreeMap::new();
        let mut rows = Vec::new();
        let kept = standing.work.steps.ids().filter(|id| self.steps[*id]);
        let kept: Vec<Id<Step>> = kept.collect();
        for group in kept.chunk_by(|a, b| self.ticket(*a) == self.ticket(*b)) {
            self.add(&mut work, group, &mut numbers);
            let planned = group.iter().filter_map(|id| standing.rows[*id]);
            rows.extend(planned.map(|row| &standing.plan.steps[row]));
        }
        for id in &self.whole {
            let Some(ticket) = work.ticket(&standing.work.tickets[*id].key) else { continue };
            let known = |other: &Id<Ticket>| work.ticket(&standing.work.tickets[*other].key);
            work.tickets[ticket].after =
                standing.work.tickets[*id].after.iter().filter_map(known).collect();
        }
        let order = |order: &Order| {
            Some(Order { first: *numbers.get(&order.first)?, then: *numbers.get(&order.then)? })
        };
        work.orders = standing.work.orders.iter().filter_map(order).collect();
        self.follow(&mut work);
        (work, rows)
    }

    fn ticket(&self, step: Id<Step>) -> Id<Ticket> {
        self.guest.standing.work.steps[step].ticket
    }

    /// Adds the steps of one ticket.
    fn add(&self, work: &mut Work, group: &[Id<Step>], numbers: &mut BTreeMap<Id<Step>, Id<Step>>) {
        let standing = &self.guest.standing.work;
        let ticket = Id::new(work.tickets.len());
        for id in group {
            numbers.insert(*id, Id::new(work.steps.len() + numbers_in(group, *id)));
        }
        for id in group {
            let mut step = standing.steps[*id].clone();
            step.ticket = ticket;
            step.links.retain_mut(|link| match numbers.get(&link.step) {
                Some(number) => {
                    link.step = *number;
                    true
                }
                None => false,
            });
            for others in [&mut step.differs_from, &mut step.same_as] {
                *others = others.iter().filter_map(|other| numbers.get(other).copied()).collect();
            }
            work.step_keys.insert(step.key.clone(), Id::new(work.steps.len()));
            work.steps.push(step);
        }
        let old = self.ticket(group[0]);
        let mut row = standing.tickets[old].clone();
        row.steps = row.steps.iter().filter_map(|step| numbers.get(step).copied()).collect();
        row.after = Vec::new();
        row.batch = None;
        if !self.whole.contains(&old) {
            row.curves = Vec::new();
            row.unserved = None;
        }
        work.ticket_keys.insert(row.key.clone(), ticket);
        work.tickets.push(row);
    }

    /// The guest's tickets come after those of the plan that they name.
    fn follow(&self, work: &mut Work) {
        for row in 0..self.guest.tickets.len() {
            let after = self.guest.work.tickets[Id::new(row)].after.iter();
            let keys = after.map(|earlier| &self.guest.work.tickets[*earlier].key);
            let after: Vec<Id<Ticket>> = keys.filter_map(|key| work.ticket(key)).collect();
            work.tickets[Id::new(row)].after = after;
        }
    }
}

/// Whether `step` is a row of `own`.
fn guest_row(own: &Work, step: &Step) -> bool {
    own.steps.iter().any(|row| std::ptr::eq(row, step))
}

/// How far into `group` step `id` stands.
fn numbers_in(group: &[Id<Step>], id: Id<Step>) -> usize {
    group.iter().position(|other| *other == id).unwrap_or(0)
}

/// Nothing but the first `count` tickets with their steps.
fn keep_first(work: &mut Work, count: usize) {
    work.tickets = work.tickets.iter().take(count).cloned().collect();
    work.steps =
        work.steps.iter().take_while(|step| step.ticket.index() < count).cloned().collect();
    let (tickets, steps) = (work.tickets.len(), work.steps.len());
    work.ticket_keys.retain(|_, id| id.index() < tickets);
    work.step_keys.retain(|_, id| id.index() < steps);
    for ticket in work.tickets.ids() {
        work.tickets[ticket].after.retain(|earlier| earlier.index() < tickets);
        work.tickets[ticket].batch = None;
    }
}
