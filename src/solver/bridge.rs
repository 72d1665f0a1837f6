//! From a schedule to a plan document: keys for ids, moments for ticks, pieces for spans.

use super::bound;
use super::extra;
use super::insert::Taste;
use super::limits::worked_pieces;
use super::rng::Rng;
use super::schedule::{Placement, Schedule, worked_from};
use crate::calendar::{Calendar, Day};
use crate::id::Id;
use crate::model::plan::{Piece, PlannedStep, Standing, UnservedReason};
use crate::model::work::{Step, Ticket, Work};
use crate::problem::Fixed;
use crate::time::{Span, Tick};

/// Every step of every served ticket, in the order of tickets and their steps.
#[must_use]
pub fn planned_steps(work: &Work, schedule: &Schedule<'_>) -> Vec<PlannedStep> {
    let served = work.tickets.pairs().filter(|(id, _)| schedule.is_served(*id));
    let steps = served.flat_map(|(_, ticket)| ticket.steps.iter());
    let row = |step: &Id<Step>| Some(planned(work, *step, schedule, *step, schedule.place(*step)?));
    steps.filter_map(row).collect()
}

/// The step `row` of `work`, which stands at `place` as step `id` of the schedule's question.
#[must_use]
pub fn planned(
    work: &Work,
    row: Id<Step>,
    schedule: &Schedule<'_>,
    id: Id<Step>,
    place: Placement,
) -> PlannedStep {
    let problem = schedule.problem;
    let step = &problem.steps[id];
    let provisional =
        |people: &[Id<crate::model::work::Person>]| touches_provisional(work, row, people, place);
    let row = &work.steps[row];
    let standing = match &step.fixed {
        Fixed::Done(..) => Standing::Done,
        Fixed::Begun(..) | Fixed::BegunWait(_) => Standing::Begun,
        Fixed::Free if step.frozen => Standing::Frozen,
        Fixed::Free => Standing::Planned,
    };
    let people = schedule.people_of(id).unwrap_or_default();
    let piece =
        |span: Span| Piece { from: work.zone.moment(span.start), to: work.zone.moment(span.end) };
    PlannedStep {
        ticket: work.tickets[row.ticket].key.clone(),
        step: row.name.clone(),
        people: people.iter().map(|person| work.people[*person].key.clone()).collect(),
        start: work.zone.moment(place.start),
        end: Some(work.zone.moment(place.end)),
        pieces: pieces(schedule, id, place).into_iter().map(piece).collect(),
        standing,
        provisional: provisional(people),
    }
}

/// The worked pieces of a placement, sorted, neighbours joined; none for waits and done steps.
#[must_use]
pub fn pieces(schedule: &Schedule<'_>, step: Id<Step>, place: Placement) -> Vec<Span> {
    let problem = schedule.problem;
    if problem.steps[step].wait.is_some() || problem.steps[step].is_fact() {
        return Vec::new();
    }
    let choice = &problem.options[place.choice as usize];
    let from = worked_from(problem, schedule.places(), step, place.start);
    let regular = Some((0, extra::NONE));
    let split = if place.extra { extra::split(problem, choice, from, place.end) } else { regular };
    let Some((_, counts)) = split else {
        return Vec::new();
    };
    let mut worked = worked_pieces(problem, choice, (from, place.end), &counts);
    worked.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(worked.len());
    for span in worked {
        match joined.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => joined.push(span),
        }
    }
    joined
}

/// Whether a date of the placement rests on hours not announced yet (R246).
fn touches_provisional(
    work: &Work,
    id: Id<Step>,
    people: &[Id<crate::model::work::Person>],
    place: Placement,
) -> bool {
    let row = &work.steps[id];
    let mut calendars: Vec<&Calendar> = Vec::new();
    for person in people {
        calendars.extend(work.people[*person].bands.iter().map(|band| &band.present));
    }
    calendars.extend(row.bureau.map(|(bureau, _)| &work.clocks[work.bureaus[bureau].hours]));
    if let crate::model::work::Lag::WorkingDays(_, clock)
    | crate::model::work::Lag::WorkingMinutes(_, clock) = row.wait
    {
        calendars.push(&work.clocks[clock]);
    }
    let (first, last) = (work.zone.date(place.start), work.zone.date(place.end - 1));
    calendars
        .iter()
        .any(|calendar| (first.0..=last.0).any(|day| work.book.is_provisional(calendar, Day(day))))
}

/// Why `ticket` is left out of `schedule`, as far as can be told quickly. `facts` holds nothing but
/// the facts, before and after.
#[must_use]
pub fn reason<'p>(
    work: &Work,
    schedule: &mut Schedule<'p>,
    facts: &mut Schedule<'p>,
    ticket: Id<Ticket>,
) -> UnservedReason {
    let problem = schedule.problem;
    let row = &problem.tickets[ticket];
    let unmanned = |step: &Id<Step>| {
        let manned = problem.steps[*step].wait.is_some() || !problem.options_of(*step).is_empty();
        !manned
    };
    if row.steps.iter().any(unmanned) {
        let pinned = row.steps.iter().any(|step| !work.steps[*step].pinned_people.is_empty());
        return if pinned { UnservedReason::HeldByPins } else { UnservedReason::NobodyEligible };
    }
    let left_out = |other: &Id<Ticket>| !schedule.is_served(*other);
    let mark = facts.mark();
    let fits_alone = facts.insert_alone(ticket, &mut Rng::new(0, 0));
    facts.rollback(mark);
    if !fits_alone {
        let pinned = row.steps.iter().any(|step| {
            let step = &work.steps[*step];
            step.pinned_start.is_some() || !step.pinned_people.is_empty()
        });
        return match (pinned, bound::earliest_finish(problem, ticket)) {
            (true, _) => UnservedReason::HeldByPins,
            (false, _) if row.after.iter().any(left_out) => UnservedReason::Companion,
            (false, None | Some(_)) => UnservedReason::CannotFit,
        };
    }
    if row.after.iter().any(left_out) {
        return UnservedReason::Companion;
    }
    let mut company: Vec<Id<Ticket>> = row.mates.clone();
    company.push(ticket);
    company.sort_unstable();
    facts.insert_all(&company, &Taste::DEAR, &mut Rng::new(0, 0));
    let served_alone = facts.is_served(ticket);
    facts.rollback(mark);
    if !served_alone {
        return UnservedReason::Companion;
    }
    let mark = schedule.mark();
    let before = schedule.cost();
    schedule.insert_all(&company, &Taste::DEAR, &mut Rng::new(0, 0));
    let (fits, dearer) = (schedule.is_served(ticket), schedule.cost() >= before);
    schedule.rollback(mark);
    if fits && dearer { UnservedReason::Dearer } else { UnservedReason::NoRoom }
}

impl Schedule<'_> {
    /// Whether `ticket` fits beside the facts alone, tickets before it taken as finished.
    fn insert_alone(&mut self, ticket: Id<Ticket>, rng: &mut Rng) -> bool {
        let problem = self.problem;
        problem.tickets[ticket].steps.iter().all(|step| {
            if self.place(*step).is_some() {
                return true;
            }
            let place = self.best_place(*step, &Taste::DEAR, rng);
            place.is_some_and(|place| {
                self.put(*step, place);
                place.end <= Tick::MAX
            })
        })
    }
}
