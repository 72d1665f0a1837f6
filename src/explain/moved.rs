//! Editing by hand: a step put on another person or at another time, all else unchanged, checked
//! and priced by the verifier before anybody keeps it.

use serde::Serialize;

use super::obstacle::{Candidate, openings};
use super::placed::{Placed, lag_end, named};
use super::unknown;
use crate::calendar::Moment;
use crate::id::Id;
use crate::model::cost::Bill;
use crate::model::issue::Issues;
use crate::model::plan::{Piece, Plan, PlannedStep, Standing};
use crate::model::ticket::LinkKind;
use crate::model::work::{Person, Step, Work};
use crate::time::{Span, Tick};
use crate::verify::{self, Code, Report, Violation};

/// Most candidate starts that are put before the verifier.
const MOST_TRIALS: usize = 64;

/// Where a step is moved to; what is not stated is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The seat, counted from 1: the first leads.
    pub seat: Option<usize>,
    /// The start.
    pub at: Option<Tick>,
}

/// What a step moved by hand comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The step, as `ticket/step`.
    pub step: String,
    /// The person's key.
    pub person: String,
    /// The seat he fills; 0 leads.
    pub seat: usize,
    /// The start tried.
    pub start: Moment,
    /// The plan with the step moved, when it breaks no rule that was whole before.
    #[serde(skip)]
    pub plan: Option<Plan>,
    /// The rules it would break.
    pub violations: Vec<Violation>,
    /// The bill before.
    pub before: Bill,
    /// The bill after; `None` when the moved step cannot even be written down.
    pub after: Option<Bill>,
}

impl Move {
    /// Whether the moved plan can be kept.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.plan.is_some()
    }
}

/// Puts `step` (as `ticket/step`) on `person` and, when `at` is stated, at that time. Without a
/// time the step keeps its start if that breaks no rule; else the person's earliest start that
/// breaks none is found among the moments at which something changes: an end of his other steps,
/// an opening of his hours, the bureau or a window, the end of what the step waits for. All other
/// steps keep people and times; waits that follow in the ticket begin anew as early as they may.
///
/// Without a seat the person takes the one he may fill: his own if he sits in the step, else the
/// first he may fill, else the first he has the skill for. Where he sits in another, the two change
/// seats. When no start fits, the violations are those of the start the step has now.
///
/// # Errors
/// When step, person or seat is unknown, the step has no seats or is not in the plan, or has several
/// and the person the skill of none.
pub fn moved(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    step: &str,
    person: &str,
    Destination { seat, at }: Destination,
) -> Result<Move, Issues> {
    let placed = Placed::new(work, plan, previous);
    let step = planned(&placed, step)?;
    let person = unknown::person(work, person)?;
    if work.steps[step].is_wait() {
        return Err(unknown::wait(&work.steps[step].key));
    }
    let trial = Trial::new(&placed, plan, previous);
    let seat = chosen_seat(&placed, step, person, seat)?;
    let candidate = Candidate { placed: &placed, step, seat, person };
    let now = placed.row(step).expect("it is in the plan").span.start;
    if let Some(at) = at {
        return Ok(trial.made(candidate, at));
    }
    let first = trial.made(candidate, now);
    if first.is_clean() {
        return Ok(first);
    }
    let starts = starts(candidate).into_iter().filter(|start| *start != now);
    let open = starts.filter(|start| candidate.hindered(*start).is_none()).take(MOST_TRIALS);
    let clean = open.map(|start| trial.made(candidate, start)).find(Move::is_clean);
    Ok(clean.unwrap_or(first))
}

/// The step called `key`, if the plan holds it.
pub(super) fn planned(placed: &Placed, key: &str) -> Result<Id<Step>, Issues> {
    let step = unknown::step(placed.work, key)?;
    placed.row(step).map(|_| step).ok_or_else(|| unknown::unplanned(key))
}

/// The seat stated, counted from 1, or the one `person` takes in `step`.
fn chosen_seat(
    placed: &Placed,
    step: Id<Step>,
    person: Id<Person>,
    stated: Option<usize>,
) -> Result<usize, Issues> {
    let work = placed.work;
    let seats = &work.steps[step].seats;
    if let Some(stated) = stated {
        let seat = stated.checked_sub(1).filter(|seat| *seat < seats.len());
        return seat.ok_or_else(|| unknown::seat(work, step, stated));
    }
    let own = seat_for(placed, step, person);
    let skills = &work.people[person].skills;
    let skilled = |seat: usize| skills.iter().any(|held| held.skill == seats[seat].skill);
    let sits = placed.row(step).is_some_and(|row| row.people.contains(&person));
    if sits || seats.len() == 1 || skilled(own) {
        return Ok(own);
    }
    let other = (0..seats.len()).find(|seat| skilled(*seat));
    other.ok_or_else(|| unknown::seatless(work, step, person))
}

/// The seat `person` takes in `step`.
pub(super) fn seat_for(placed: &Placed, step: Id<Step>, person: Id<Person>) -> usize {
    let sits = placed.row(step).and_then(|row| row.people.iter().position(|p| *p == person));
    sits.unwrap_or_else(|| {
        let mut seats = 0..placed.work.steps[step].seats.len();
        seats
            .find(|seat| Candidate { placed, step, seat: *seat, person }.unfit().is_none())
            .unwrap_or(0)
    })
}

/// A plan, what the verifier says of it, and changes tried on it.
pub(super) struct Trial<'a> {
    placed: &'a Placed<'a>,
    plan: &'a Plan,
    previous: Option<&'a Plan>,
    pub(super) base: Report,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        placed: &'a Placed<'a>,
        plan: &'a Plan,
        previous: Option<&'a Plan>,
    ) -> Trial<'a> {
        let base = verify::verify(placed.work, plan, previous);
        Trial { placed, plan, previous, base }
    }

    /// The plan with the candidate in his seat from `start` on, and what the verifier says of it.
    ///
    /// # Errors
    /// Why the plan cannot be written down.
    pub(super) fn tried(
        &self,
        candidate: Candidate,
        start: Tick,
    ) -> Result<(Plan, Report), Vec<Violation>> {
        let work = self.placed.work;
        let mut after = verify::completed(work, &self.rewritten(candidate, start))?;
        let place = |row: &PlannedStep| {
            let same = |old: &PlannedStep| old.ticket == row.ticket && old.step == row.step;
            self.plan.steps.iter().position(same)
        };
        after.steps.sort_by_cached_key(|row| place(row).unwrap_or(usize::MAX));
        let mut report = verify::verify(work, &after, self.previous);
        report.violations = added(&self.base.violations, report.violations);
        after.cost = Some(report.bill);
        Ok((after, report))
    }

    /// The same as a move.
    pub(super) fn made(&self, candidate: Candidate, start: Tick) -> Move {
        let work = self.placed.work;
        let (plan, violations, after) = match self.tried(candidate, start) {
            Ok((plan, report)) => (Some(plan), report.violations, Some(report.bill)),
            Err(violations) => (None, violations, None),
        };
        Move {
            step: work.steps[candidate.step].key.clone(),
            person: work.people[candidate.person].key.clone(),
            seat: candidate.seat,
            start: work.zone.moment(start),
            plan: plan.filter(|_| violations.is_empty()),
            violations,
            before: self.base.bill,
            after,
        }
    }

    fn rewritten(&self, candidate: Candidate, start: Tick) -> Plan {
        let work = self.placed.work;
        let step = &work.steps[candidate.step];
        let ticket = &work.tickets[step.ticket];
        let mut later = vec![candidate.step];
        for &other in &ticket.steps {
            if work.steps[other].links.iter().any(|link| later.contains(&link.step)) {
                later.push(other);
            }
        }
        let follows = |name: &str| {
            let wait = named(work, &ticket.key, name).filter(|id| later.contains(id));
            wait.map(|id| &work.steps[id]).is_some_and(|w| w.is_wait() && w.progress.is_none())
        };
        let piece = |span: Span| Piece {
            from: work.zone.moment(span.start),
            to: work.zone.moment(span.end),
        };
        let mut plan = self.plan.clone();
        (plan.cost, plan.bound, plan.provenance) = (None, None, None);
        plan.steps.retain(|row| row.ticket != ticket.key || !follows(&row.step));
        for row in &mut plan.steps {
            if row.ticket == ticket.key && row.step == step.name {
                let people = candidate.people().into_iter();
                row.people = people.map(|person| work.people[person].key.clone()).collect();
                row.start = work.zone.moment(start);
                let pieces = candidate.pieces(start).filter(|_| candidate.uses_extra(start));
                row.end = None;
                row.pieces = pieces.unwrap_or_default().into_iter().map(piece).collect();
                if row.standing == Standing::Frozen {
                    row.standing = Standing::Planned;
                }
            }
        }
        plan
    }
}

/// The violations of `after` that `before` did not have.
fn added(before: &[Violation], after: Vec<Violation>) -> Vec<Violation> {
    let same = |one: &Violation, other: &Violation| {
        (one.rule, &one.ticket, &one.step, &one.person)
            == (other.rule, &other.ticket, &other.step, &other.person)
    };
    let new = after.into_iter().filter(|violation| violation.rule != Code::Bill);
    new.filter(|violation| !before.iter().any(|old| same(old, violation))).collect()
}

/// The moments at which the candidate might start, in order, none before what the step follows.
fn starts(candidate: Candidate) -> Vec<Tick> {
    let Candidate { placed, step, person, .. } = candidate;
    let work = placed.work;
    let row = &work.steps[step];
    let mut earliest = work.tickets[row.ticket].release.max(work.as_of);
    for link in &row.links {
        let Some(before) = placed.row(link.step) else { continue };
        let event = match link.kind {
            LinkKind::FinishStart => before.span.end,
            LinkKind::StartStart => before.span.start,
        };
        earliest = earliest.max(lag_end(work, link.lag, event).unwrap_or(work.horizon));
    }
    let span = Span::new(earliest, work.horizon);
    let mut starts = vec![earliest];
    starts.extend(openings(work, person, row.remote, span));
    let line = placed.line(person).iter().filter(|other| **other != step);
    starts.extend(line.filter_map(|other| Some(placed.row(*other)?.span.end)));
    starts.extend(row.windows.iter().map(|window| window.start));
    starts.extend(row.pinned_start);
    if let Some((bureau, _)) = row.bureau {
        let hours = &work.clocks[work.bureaus[bureau].hours];
        let openings = work.book.open_spans(hours, span);
        starts.extend(openings.iter().map(|opening| opening.span.start));
    }
    for start in starts.clone() {
        if let Ok(Some((there, _))) = super::placed::arrival(placed, person, step, start) {
            starts.push(there);
        }
    }
    starts.retain(|start| span.contains(*start));
    starts.sort_unstable();
    starts.dedup();
    starts
}
