//! Filling in what people need not write in a plan by hand.

use std::collections::BTreeSet;

use super::ahead::Ahead;
use super::hours::Hours;
use super::order::Lags;
use super::replay::{Row, replay};
use super::report::{Code, Violation};
use super::scene;
use crate::id::{Column, Id};
use crate::model::plan::{Piece, Plan, PlannedStep, Standing};
use crate::model::rule::Rule;
use crate::model::ticket::LinkKind;
use crate::model::work::{Progress, Step, Ticket, Work};
use crate::time::{Span, Tick};

/// `plan` with what people need not write by hand filled in: missing ends and pieces (H3), and
/// the facts and waits of its tickets that it does not mention, waits at their earliest start.
/// Steps stay in the plan's order; what is added follows.
///
/// # Errors
/// What cannot be read in it, and the steps whose end cannot be found.
pub fn completed(work: &Work, plan: &Plan) -> Result<Plan, Vec<Violation>> {
    match readable(work, plan) {
        (full, found) if found.is_empty() => Ok(full),
        (_, found) => Err(found),
    }
}

/// The same for a plan that may hold rows that cannot be read: these stay as they are, all others
/// are completed. Beside it what [`completed`] would refuse.
#[must_use]
pub fn readable(work: &Work, plan: &Plan) -> (Plan, Vec<Violation>) {
    let mut found = Vec::new();
    let replay = replay(work, plan, &mut found);
    let hours = scene::hours(work, &[&replay], true);
    let (rows, unreadable, lags) = (replay.rows, replay.unreadable, Lags::new(work));
    let ahead = Ahead::new(work, &rows);
    let mut filling = Filling { work, hours, lags, rows, unreadable, ahead, found };
    let mentioned: BTreeSet<Id<Ticket>> = filling
        .rows
        .pairs()
        .filter(|(id, row)| row.is_some() || filling.unreadable[*id])
        .map(|(id, _)| work.steps[id].ticket)
        .collect();
    let mut added = Vec::new();
    for &ticket in &mentioned {
        filling.facts(ticket, &mut added);
    }
    for id in scene::begun(work).into_iter().chain(work.steps.ids()) {
        filling.end(id);
    }
    // Waits may follow other tickets: those that come first are completed first.
    for ticket in in_order(work, &mentioned) {
        filling.waits(ticket, &mut added);
    }
    (filling.written(plan, &added), filling.found)
}

struct Filling<'a> {
    work: &'a Work,
    hours: Hours,
    lags: Lags<'a>,
    rows: Column<Step, Option<Row>>,
    /// Steps with a row that cannot be read: nothing is added in their place.
    unreadable: Column<Step, bool>,
    /// What steps without an end make way for, from the rows as written.
    ahead: Ahead,
    found: Vec<Violation>,
}

impl Filling<'_> {
    /// Done and begun steps that the plan does not mention.
    fn facts(&mut self, ticket: Id<Ticket>, added: &mut Vec<Id<Step>>) {
        for &id in &self.work.tickets[ticket].steps {
            let (people, start, end, standing) = match &self.work.steps[id].progress {
                Some(Progress::Done { people, span }) => {
                    (people, span.start, Some(span.end), Standing::Done)
                }
                Some(Progress::Begun { people, start, end, .. }) => {
                    (people, *start, *end, Standing::Begun)
                }
                None => continue,
            };
            if self.rows[id].is_none() && !self.unreadable[id] {
                let people = people.clone();
                self.rows[id] = Some(Row {
                    position: usize::MAX,
                    people,
                    start,
                    end,
                    pieces: Vec::new(),
                    standing,
                });
                added.push(id);
            }
        }
    }

    /// From when on a begun step is worked, as far as the ends of those before it are known.
    fn turn(&self, id: Id<Step>) -> Option<Tick> {
        let begun = matches!(self.work.steps[id].progress, Some(Progress::Begun { .. }));
        begun.then(|| scene::turns(self.work, &self.rows).get(&id).copied()).flatten()
    }

    /// The end of a step with seats that states none.
    fn end(&mut self, id: Id<Step>) {
        let work = self.work;
        let step = &work.steps[id];
        let turn = self.turn(id);
        let Some(row) = self.rows[id].as_mut().filter(|row| row.end.is_none()) else { return };
        if step.is_wait() {
            row.end = self.lags.wait_end(step, row.start);
        } else if let Some(Progress::Done { span, .. }) = &step.progress {
            row.end = Some(span.end);
        } else if let Some(piece) = row.pieces.last() {
            row.end = Some(piece.end);
        } else if let Some(minutes) = scene::needed(work, id, &row.people) {
            let span = scene::worked(Span::new(row.start, work.reach().end), turn.as_ref());
            let end =
                |extra| self.hours.earliest_end(work, step, &row.people, span, minutes, extra);
            let mut fits = |end: &Tick| self.ahead.fits(work, &mut self.lags, id, row, *end);
            let regular = end(false);
            let sooner = match regular {
                Some(end) if fits(&end) => None,
                _ if step.progress.is_some() => None,
                _ => end(true).filter(fits),
            };
            row.end = sooner.or(regular);
        } else {
            let key = &step.key;
            let violation = Violation::new(
                Code::Rule(Rule::H1),
                format!("步骤 {key} 的主办人没有所需技能,算不出结束时间"),
                format!("the lead of step {key} lacks its skill, so its end cannot be told"),
            );
            self.found.push(violation.step(work, id).at(work, row.start).by(1));
            return;
        }
        if row.end.is_none() {
            let key = &step.key;
            let violation = Violation::new(
                Code::Rule(Rule::H3),
                format!("步骤 {key} 从所写的开始算起,在可用的工作时间内做不完"),
                format!("step {key} does not end in the hours there are from its start on"),
            );
            self.found.push(violation.step(work, id).at(work, row.start).by(1));
        }
    }

    /// Waits the plan does not mention, each at its earliest start.
    fn waits(&mut self, ticket: Id<Ticket>, added: &mut Vec<Id<Step>>) {
        let work = self.work;
        for &id in &work.tickets[ticket].steps {
            let known = self.rows[id].is_some() || self.unreadable[id];
            if known || !work.steps[id].is_wait() {
                continue;
            }
            let Some(start) = self.earliest(id) else { continue };
            let end = self.lags.wait_end(&work.steps[id], start);
            if end.is_some() {
                let (people, pieces, standing) = (Vec::new(), Vec::new(), Standing::Planned);
                self.rows[id] =
                    Some(Row { position: usize::MAX, people, start, end, pieces, standing });
                added.push(id);
            }
        }
    }

    /// The first tick at which the wait may start (H5 to H8, H10); `None` when a step it follows
    /// is missing or no window is left. A step that cannot be read holds nothing back.
    fn earliest(&mut self, id: Id<Step>) -> Option<Tick> {
        let work = self.work;
        let step = &work.steps[id];
        let ticket = &work.tickets[step.ticket];
        let mut start = ticket.release.max(work.as_of);
        for link in step.links.iter().filter(|link| !self.unreadable[link.step]) {
            let row = self.rows[link.step].as_ref()?;
            let event = match link.kind {
                LinkKind::FinishStart => row.end?,
                LinkKind::StartStart => row.start,
            };
            start = start.max(self.lags.end(event, link.lag)?);
        }
        if !ticket.begun {
            let ahead = ticket.after.iter().flat_map(|&other| &work.tickets[other].steps);
            let ends = ahead.filter_map(|&step| self.rows[step].as_ref()?.end);
            start = ends.fold(start, Tick::max);
        }
        loop {
            let moved = match step.bureau {
                Some((bureau, _)) => {
                    work.book.next_open(&work.clocks[work.bureaus[bureau].hours], start)?
                }
                _ => start,
            };
            let windows = &step.windows;
            let fits = windows.is_empty() || windows.iter().any(|window| window.contains(moved));
            if fits {
                return Some(moved);
            }
            start = windows.iter().map(|w| w.start).filter(|&from| from > moved).min()?;
        }
    }

    fn written(&self, plan: &Plan, added: &[Id<Step>]) -> Plan {
        let mut full = plan.clone();
        for (id, row) in self.rows.pairs() {
            if let Some(row) = row
                && let Some(planned) = full.steps.get_mut(row.position)
            {
                self.fill(id, row, planned);
            }
        }
        for &id in added {
            let Some(row) = &self.rows[id] else { continue };
            let step = &self.work.steps[id];
            let keys = row.people.iter().map(|&person| self.work.people[person].key.clone());
            let mut planned = PlannedStep {
                ticket: self.work.tickets[step.ticket].key.clone(),
                step: step.name.clone(),
                people: keys.collect(),
                start: self.work.zone.moment(row.start),
                end: None,
                pieces: Vec::new(),
                standing: row.standing,
                provisional: false,
            };
            self.fill(id, row, &mut planned);
            full.steps.push(planned);
        }
        full
    }

    fn fill(&self, id: Id<Step>, row: &Row, planned: &mut PlannedStep) {
        let zone = self.work.zone;
        let Some(end) = row.end else { return };
        planned.end = planned.end.or(Some(zone.moment(end)));
        if planned.pieces.is_empty() {
            let span = scene::worked(Span::new(row.start, end), self.turn(id).as_ref());
            let pieces = scene::pieces(self.work, &self.hours, id, &row.people, span);
            let piece =
                |span: Span| Piece { from: zone.moment(span.start), to: zone.moment(span.end) };
            planned.pieces = pieces.into_iter().map(piece).collect();
        }
    }
}

/// `tickets` such that every ticket follows those it comes after, as far as that is possible.
fn in_order(work: &Work, tickets: &BTreeSet<Id<Ticket>>) -> Vec<Id<Ticket>> {
    let mut order = Vec::with_capacity(tickets.len());
    let mut seen: BTreeSet<Id<Ticket>> = BTreeSet::new();
    for &ticket in tickets {
        let mut trail = vec![(ticket, false)];
        while let Some((ticket, ready)) = trail.pop() {
            if ready {
                order.push(ticket);
            } else if seen.insert(ticket) {
                trail.push((ticket, true));
                let earlier = work.tickets[ticket].after.iter();
                trail.extend(earlier.filter(|id| tickets.contains(id)).map(|&id| (id, false)));
            }
        }
    }
    order
}
