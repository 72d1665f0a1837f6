//! The plan laid out once for all rules: every step with its span and worked pieces, every
//! person's steps in order and worked minutes by band.

use std::collections::{BTreeMap, BTreeSet};

use super::hours::Hours;
use super::replay::{Before, Replay, Row, before};
use super::report::{Code, Violation};
use super::spans;
use crate::calendar::Day;
use crate::id::{Column, Id};
use crate::model::plan::{Plan, Standing};
use crate::model::work::{Person, Progress, Step, Ticket, Work};
use crate::time::{DAY, Span, Tick};

/// A step or wait in the plan.
pub(super) struct Placed {
    pub(super) people: Vec<Id<Person>>,
    pub(super) span: Span,
    /// Worked minutes, sorted and disjoint; none of a wait.
    pub(super) pieces: Vec<Span>,
    pub(super) standing: Standing,
}

/// Worked minutes of one person in one band, from `as_of` on.
pub(super) struct Shift {
    pub(super) span: Span,
    pub(super) day: Day,
    pub(super) band: usize,
    pub(super) regular: bool,
    pub(super) step: Id<Step>,
    /// Whether the plan chose them: not the regular minutes of a begun step.
    pub(super) chosen: bool,
}

/// What the rules are held against.
pub(super) struct Scene<'a> {
    pub(super) work: &'a Work,
    pub(super) placed: Column<Step, Option<Placed>>,
    /// Steps the plan mentions in a way that cannot be read.
    pub(super) unreadable: Column<Step, bool>,
    pub(super) left_out: BTreeSet<Id<Ticket>>,
    pub(super) released: BTreeSet<Id<Step>>,
    /// The previous plan's steps with seats.
    pub(super) before: BTreeMap<Id<Step>, Before>,
    pub(super) hours: &'a Hours,
    /// From when on begun steps are worked.
    pub(super) turns: BTreeMap<Id<Step>, Tick>,
    /// Each person's steps by start, facts included.
    pub(super) lines: Column<Person, Vec<Id<Step>>>,
    /// Each person's worked minutes by start.
    pub(super) shifts: Column<Person, Vec<Shift>>,
}

impl<'a> Scene<'a> {
    /// Lays `replay` out; a step without end goes to `found`.
    pub(super) fn new(
        work: &'a Work,
        replay: Replay,
        hours: &'a Hours,
        previous: Option<&Plan>,
        found: &mut Vec<Violation>,
    ) -> Scene<'a> {
        let turns = turns(work, &replay.rows);
        let Replay { rows, mut unreadable, left_out, released } = replay;
        let mut placed: Column<Step, Option<Placed>> = work.steps.iter().map(|_| None).collect();
        let mut lines: Column<Person, Vec<Id<Step>>> =
            work.people.iter().map(|_| Vec::new()).collect();
        for (id, row) in rows.pairs() {
            let Some(row) = row else { continue };
            let Some(end) = row.end else {
                found.push(endless(work, id));
                unreadable[id] = true;
                continue;
            };
            let span = Span::new(row.start, end);
            let pieces = match row.pieces.as_slice() {
                [] => pieces(work, hours, id, &row.people, worked(span, turns.get(&id))),
                stated => stated.to_vec(),
            };
            for &person in distinct(&row.people).iter() {
                lines[person].push(id);
            }
            let people = row.people.clone();
            placed[id] = Some(Placed { people, span, pieces, standing: row.standing });
        }
        for person in work.people.ids() {
            let key = |id: &Id<Step>| placed[*id].as_ref().map(|row| (row.span, *id));
            lines[person].sort_by_key(key);
        }
        let before = before(work, previous);
        let shifts = shifts(work, &placed, hours);
        Scene { work, placed, unreadable, left_out, released, before, hours, turns, lines, shifts }
    }

    /// Whether the step has been done or begun.
    pub(super) fn is_fact(&self, step: Id<Step>) -> bool {
        self.work.steps[step].progress.is_some()
    }

    /// Every readable step of the plan, in the scenario's order.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Id<Step>, &Step, &Placed)> {
        self.placed
            .pairs()
            .filter_map(|(id, placed)| Some((id, &self.work.steps[id], placed.as_ref()?)))
    }

    /// Whether the plan has any step of the ticket; a ticket without steps is served unless left
    /// out.
    pub(super) fn is_served(&self, ticket: Id<Ticket>) -> bool {
        let steps = &self.work.tickets[ticket].steps;
        let mentioned = |&step: &Id<Step>| self.placed[step].is_some() || self.unreadable[step];
        steps.iter().any(mentioned) || (steps.is_empty() && !self.left_out.contains(&ticket))
    }

    /// The latest end of the ticket's steps and waits.
    pub(super) fn finish(&self, ticket: Id<Ticket>) -> Option<Tick> {
        let ends = self.work.tickets[ticket].steps.iter();
        ends.filter_map(|&step| Some(self.placed[step].as_ref()?.span.end)).max()
    }
}

fn endless(work: &Work, step: Id<Step>) -> Violation {
    let key = &work.steps[step].key;
    Violation::new(
        Code::Form,
        format!("步骤 {key} 没有写结束时间"),
        format!("step {key} states no end"),
    )
    .step(work, step)
    .by(1)
}

/// Each of `people` once, in order.
pub(super) fn distinct(people: &[Id<Person>]) -> Vec<Id<Person>> {
    let mut once = people.to_vec();
    once.sort_unstable();
    once.dedup();
    once
}

/// The level at which `person` holds what `seat` needs, whatever the certificate's date.
pub(super) fn level(work: &Work, step: &Step, seat: usize, person: Id<Person>) -> Option<u8> {
    let skill = step.seats.get(seat)?.skill;
    let held = work.people[person].skills.iter().filter(|held| held.skill == skill);
    held.map(|held| held.level).max()
}

/// How many minutes must be worked: those left of a begun step; `None` when the step is done, a
/// wait, or the lead does not hold the skill.
pub(super) fn needed(work: &Work, step: Id<Step>, people: &[Id<Person>]) -> Option<i64> {
    let step = &work.steps[step];
    match &step.progress {
        Some(Progress::Done { .. }) => return None,
        Some(Progress::Begun { remaining, .. }) => return (!step.is_wait()).then_some(*remaining),
        None => {}
    }
    let lead = *people.first()?;
    let stated = step.stated.iter().any(|(person, _)| *person == lead);
    let level = level(work, step, 0, lead).or(stated.then_some(1))?;
    Some(step.minutes(lead, level, &work.policy.pace_percent))
}

/// The begun steps with seats in the order in which shared people work them.
pub(super) fn begun(work: &Work) -> Vec<Id<Step>> {
    let started = |(id, step): (Id<Step>, &Step)| match &step.progress {
        Some(Progress::Begun { start, .. }) if !step.is_wait() => Some((*start, id)),
        _ => None,
    };
    let mut begun: Vec<_> = work.steps.pairs().filter_map(started).collect();
    begun.sort_unstable();
    begun.into_iter().map(|(_, id)| id).collect()
}

/// From when on each begun step is worked: its people's begun steps before it end first, as far
/// as the plan says when.
pub(super) fn turns(work: &Work, rows: &Column<Step, Option<Row>>) -> BTreeMap<Id<Step>, Tick> {
    let mut free: Column<Person, Tick> = work.people.iter().map(|_| work.as_of).collect();
    let mut turns = BTreeMap::new();
    for id in begun(work) {
        let Some(Progress::Begun { people, .. }) = &work.steps[id].progress else { continue };
        let turn = people.iter().map(|&person| free[person]).max().unwrap_or(work.as_of);
        turns.insert(id, turn);
        let end = rows[id].as_ref().and_then(|row| row.end).unwrap_or(turn);
        for &person in people {
            free[person] = free[person].max(end);
        }
    }
    turns
}

/// What of a step's span may be worked: of a begun one what lies after its turn.
pub(super) fn worked(span: Span, turn: Option<&Tick>) -> Span {
    turn.map_or(span, |&turn| Span::new(span.start.max(turn).min(span.end), span.end))
}

/// The pieces of a step that states none, within the part of its span that may be worked.
pub(super) fn pieces(
    work: &Work,
    hours: &Hours,
    id: Id<Step>,
    people: &[Id<Person>],
    span: Span,
) -> Vec<Span> {
    let (step, needed) = (&work.steps[id], needed(work, id, people));
    match &step.progress {
        Some(Progress::Done { .. }) => Vec::new(),
        _ if step.is_wait() => Vec::new(),
        Some(Progress::Begun { .. }) => {
            let last = if span.minutes() > 0 { vec![span.end - 1] } else { Vec::new() };
            hours.derived(work, step, people, span, &last, needed)
        }
        None => hours.derived(work, step, people, span, &[span.start, span.end - 1], needed),
    }
}

/// Everybody's hours over what the plans need of them, or over all of the scenario's `reach`.
pub(super) fn hours(work: &Work, replays: &[&Replay], all: bool) -> Hours {
    let reach = work.reach();
    let beyond = if all { reach.end } else { work.horizon };
    let usual = Span::new(work.as_of, beyond);
    let mut spans: Column<Person, Span> = work.people.iter().map(|_| usual).collect();
    let mut remote: Column<Person, bool> = work.people.iter().map(|_| all).collect();
    let mut hull = usual;
    for (id, row) in replays.iter().flat_map(|replay| replay.rows.pairs()) {
        let Some(row) = row else { continue };
        let end = row.end.unwrap_or(row.start);
        hull = Span::new(hull.start.min(row.start), hull.end.max(end));
        for &person in &row.people {
            let span = &mut spans[person];
            *span = Span::new(span.start.min(row.start), span.end.max(end));
            remote[person] |= work.steps[id].remote;
        }
    }
    // Whole dates at the front, so that the first regular minute of a date is seen.
    let first = work.zone.midnight(work.zone.date(work.as_of));
    let clip = |span: Span| {
        let start = span.start.max(reach.start);
        let start = if start == work.as_of { first } else { start - DAY };
        Span::new(start, span.end.min(reach.end))
    };
    let spans = spans.iter().map(|&span| clip(span)).collect();
    Hours::new(work, &spans, &remote, clip(hull))
}

fn shifts(
    work: &Work,
    placed: &Column<Step, Option<Placed>>,
    hours: &Hours,
) -> Column<Person, Vec<Shift>> {
    let mut shifts: Column<Person, Vec<Shift>> = work.people.iter().map(|_| Vec::new()).collect();
    let from_now = [Span::new(work.as_of, Tick::MAX)];
    for (id, row) in placed.pairs() {
        let Some(row) = row else { continue };
        let step = &work.steps[id];
        if matches!(step.progress, Some(Progress::Done { .. })) {
            continue;
        }
        let worked = spans::common(&row.pieces, &from_now);
        for person in distinct(&row.people) {
            for piece in &worked {
                let own = hours.within(person, step.remote, *piece).map(|slot| Shift {
                    span: slot.span,
                    day: slot.day,
                    band: slot.band,
                    regular: slot.regular,
                    step: id,
                    chosen: step.progress.is_none() || !slot.regular,
                });
                shifts[person].extend(own);
            }
        }
    }
    for person in work.people.ids() {
        shifts[person].sort_by_key(|shift| (shift.span, shift.step));
    }
    shifts
}
