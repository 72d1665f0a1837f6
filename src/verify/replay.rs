//! The plan's rows by id, and what is wrong with how it is written. Nothing here prices or judges
//! working time.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Code, Violation};
use crate::calendar::{Moment, Zone};
use crate::id::{Column, Id};
use crate::model::plan::{PLAN_FORMAT, Plan, PlannedStep, Standing};
use crate::model::work::{Person, Step, Ticket, Work};
use crate::time::{Span, Tick};

/// A planned step as written.
pub(super) struct Row {
    /// Its position in the plan.
    pub(super) position: usize,
    pub(super) people: Vec<Id<Person>>,
    pub(super) start: Tick,
    pub(super) end: Option<Tick>,
    /// Sorted and disjoint; none stated: empty.
    pub(super) pieces: Vec<Span>,
    pub(super) standing: Standing,
}

/// A step with seats in the previous plan.
pub(super) struct Before {
    pub(super) people: Vec<String>,
    pub(super) start: Tick,
}

/// The plan by id.
pub(super) struct Replay {
    pub(super) rows: Column<Step, Option<Row>>,
    /// Steps the plan mentions in a way that cannot be read.
    pub(super) unreadable: Column<Step, bool>,
    /// Tickets the plan lists as unserved.
    pub(super) left_out: BTreeSet<Id<Ticket>>,
    /// Steps the plan lists as released.
    pub(super) released: BTreeSet<Id<Step>>,
}

fn form(zh: impl Into<String>, en: impl Into<String>) -> Violation {
    Violation::new(Code::Form, zh, en)
}

/// The rows of `plan`; what cannot be read goes to `found`.
pub(super) fn replay(work: &Work, plan: &Plan, found: &mut Vec<Violation>) -> Replay {
    let mut replay = Replay {
        rows: work.steps.iter().map(|_| None).collect(),
        unreadable: work.steps.iter().map(|_| false).collect(),
        left_out: BTreeSet::new(),
        released: BTreeSet::new(),
    };
    if plan.format != PLAN_FORMAT {
        found.push(form(
            format!("计划格式“{}”应为 {PLAN_FORMAT}", plan.format),
            format!("the plan's format \"{}\" should be {PLAN_FORMAT}", plan.format),
        ));
    }
    let people: BTreeMap<&str, Id<Person>> =
        work.people.pairs().map(|(id, person)| (person.key.as_str(), id)).collect();
    for (position, planned) in plan.steps.iter().enumerate() {
        let Some(step) = known(work, &planned.ticket, &planned.step, found) else { continue };
        if replay.rows[step].is_some() || replay.unreadable[step] {
            let key = &work.steps[step].key;
            let twice = form(
                format!("步骤 {key} 在计划中出现两次"),
                format!("step {key} is in the plan twice"),
            );
            found.push(twice.step(work, step).by(1));
            continue;
        }
        match row(work, plan.zone, position, planned, step, &people) {
            Ok(row) => replay.rows[step] = Some(row),
            Err(fault) => {
                found.push(fault.step(work, step));
                replay.unreadable[step] = true;
            }
        }
    }
    lists(work, plan, &mut replay, found);
    replay
}

fn known(work: &Work, ticket: &str, step: &str, found: &mut Vec<Violation>) -> Option<Id<Step>> {
    let key = format!("{ticket}/{step}");
    let id = work.step(&key);
    if id.is_none() {
        let (zh, en) = match work.ticket(ticket) {
            Some(_) => (
                format!("工单 {ticket} 没有步骤“{step}”"),
                format!("ticket {ticket} has no step \"{step}\""),
            ),
            None => (
                format!("场景中没有工单“{ticket}”"),
                format!("the scenario has no ticket \"{ticket}\""),
            ),
        };
        let mut unknown = form(zh, en).by(1);
        (unknown.ticket, unknown.step) = (Some(ticket.to_owned()), Some(key));
        found.push(unknown);
    }
    id
}

fn row(
    work: &Work,
    zone: Zone,
    position: usize,
    planned: &PlannedStep,
    step: Id<Step>,
    names: &BTreeMap<&str, Id<Person>>,
) -> Result<Row, Box<Violation>> {
    let key = &work.steps[step].key;
    let mut people = Vec::with_capacity(planned.people.len());
    for name in &planned.people {
        let Some(&person) = names.get(name.as_str()) else {
            let (zh, en) = (
                format!("场景中没有人员“{name}”"),
                format!("the scenario has no person \"{name}\""),
            );
            let mut unknown = form(zh, en).by(1);
            unknown.person = Some(name.clone());
            return Err(Box::new(unknown));
        };
        people.push(person);
    }
    let (seats, filled) = (work.steps[step].seats.len(), people.len());
    if seats != filled {
        let difference = i64::try_from(seats.abs_diff(filled)).unwrap_or(i64::MAX);
        return Err(Box::new(
            form(
                format!("步骤 {key} 有 {seats} 个席位,计划写了 {filled} 人"),
                format!("step {key} has {seats} seats, the plan names {filled} people"),
            )
            .by(difference),
        ));
    }
    let start = tick(zone, planned.start)?;
    let end = planned.end.map(|end| tick(zone, end)).transpose()?;
    if let Some(end) = end.filter(|&end| end < start || (end == start && seats > 0)) {
        return Err(Box::new(
            form(
                format!("步骤 {key} 的结束不晚于开始"),
                format!("step {key} does not end after its start"),
            )
            .at(work, end)
            .by(start - end),
        ));
    }
    let mut pieces: Vec<Span> = Vec::with_capacity(planned.pieces.len());
    for piece in &planned.pieces {
        let span = Span::new(tick(zone, piece.from)?, tick(zone, piece.to)?);
        let earliest = pieces.last().map_or(Tick::MIN, |before| before.end);
        if span.start < earliest || span.minutes() == 0 {
            return Err(Box::new(form(
                format!("步骤 {key} 的工作片段须先后有序、互不重叠、不为空"),
                format!(
                    "the pieces of step {key} must follow each other, without overlap, none empty"
                ),
            )
            .at(work, span.start)
            .by((earliest.max(span.start) - span.start).max(1))));
        }
        pieces.push(span);
    }
    Ok(Row { position, people, start, end, pieces, standing: planned.standing })
}

fn tick(zone: Zone, moment: Moment) -> Result<Tick, Box<Violation>> {
    zone.tick(moment).map_err(|what| Box::new(form(what.zh, what.en).by(1)))
}

/// The unserved and the released.
fn lists(work: &Work, plan: &Plan, replay: &mut Replay, found: &mut Vec<Violation>) {
    for unserved in &plan.unserved {
        let key = &unserved.ticket;
        let Some(ticket) = work.ticket(key) else {
            let mut unknown = form(
                format!("场景中没有工单“{key}”"),
                format!("the scenario has no ticket \"{key}\""),
            )
            .by(1);
            unknown.ticket = Some(key.clone());
            found.push(unknown);
            continue;
        };
        if !replay.left_out.insert(ticket) {
            let twice = form(
                format!("工单 {key} 两次列为未排入"),
                format!("ticket {key} is listed as unserved twice"),
            );
            found.push(twice.ticket(work, ticket).by(1));
        }
    }
    for released in &plan.released {
        let Some(step) = known(work, &released.ticket, &released.step, found) else { continue };
        if !replay.released.insert(step) {
            let key = &work.steps[step].key;
            let twice = form(
                format!("步骤 {key} 两次列为解除冻结"),
                format!("step {key} is listed as released twice"),
            );
            found.push(twice.step(work, step).by(1));
        }
    }
}

/// The steps with seats of the previous plan that still exist; of steps it has twice, the first.
pub(super) fn before(work: &Work, previous: Option<&Plan>) -> BTreeMap<Id<Step>, Before> {
    let mut before = BTreeMap::new();
    let Some(previous) = previous else { return before };
    for planned in &previous.steps {
        let Some(step) = work.step(&format!("{}/{}", planned.ticket, planned.step)) else {
            continue;
        };
        let Ok(start) = previous.zone.tick(planned.start) else { continue };
        if !work.steps[step].is_wait() {
            let people = planned.people.clone();
            before.entry(step).or_insert(Before { people, start });
        }
    }
    before
}
