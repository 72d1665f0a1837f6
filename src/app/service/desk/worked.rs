//! What happened at the desk, as progress of steps that nobody reported: whoever began is at the
//! first of his steps once what comes before it is done, whoever looked over a result has done all
//! of his, and of what the client has everything is done.

use super::DeskFile;
use super::drive::template;
use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::TicketFile;
use crate::desk::clock::MINUTE;
use crate::desk::life::{Crew, Stage};
use crate::model::plan::{Piece, PlannedStep};
use crate::model::scenario::{Progress, ProgressState};
use crate::model::ticket::{Adjust, LinkKind, Ticket};
use crate::time::{Span, Tick};

impl Service {
    /// Lays into `ticket` and `progress` what of it was done by `now_ms` beside what is `reported`:
    /// while it rests, that so much less is left of the step that was begun.
    pub(in crate::app::service) fn lay_worked(
        &self,
        (ticket, file): (&mut Ticket, &TicketFile),
        (reported, now_ms): (&[Progress], i64),
        progress: &mut Vec<Progress>,
    ) -> Result<(), Refusal> {
        // Of what nobody has begun nothing is worked, and no plan is looked for.
        if file.desk.as_ref().is_none_or(|desk| desk.begun_ms.is_none()) {
            return Ok(());
        }
        let Some(plan) = self.plan_with(&ticket.id, file)? else { return Ok(()) };
        let rows = self.worked(&plan, (&ticket.id, file), (reported, now_ms));
        let is = |so: fn(&DeskFile, i64) -> bool| {
            file.desk.as_ref().is_some_and(|desk| so(desk, now_ms))
        };
        if is(DeskFile::is_resting) {
            for row in rows {
                let step = row.step.split_once('/').map_or("", |(_, step)| step);
                leave(ticket, step, row.remaining_minutes);
            }
        } else if is(DeskFile::is_under_way) {
            progress.extend(rows);
        }
        Ok(())
    }

    /// What was reported of a ticket that counts still: once it came back, the last step that its
    /// driver has done is to be done again, and so is what its reviewer did, by whatever was reported
    /// before (R072). What was done before that last step stays done, and so do waits.
    pub(in crate::app::service) fn progress_left(
        &self,
        file: &TicketFile,
    ) -> Result<Vec<Progress>, Refusal> {
        let mut reported = self.progress_of(&file.ticket.id)?;
        let desk = file.desk.as_ref();
        let back = desk.and_then(|desk| Some((desk.returned_ms?, desk.crew.as_ref()?)));
        let Some((returned_ms, crew)) = back else { return Ok(reported) };
        let (zone, returned) = (self.zone(), tick(returned_ms));
        let is_before = |row: &Progress| {
            let last = row.end.map_or(zone.tick_from(row.start), |end| zone.tick_from(end));
            last <= returned
        };
        let has = |row: &Progress, person: &String| row.people.contains(person);
        let is_his = |row: &&Progress| {
            row.state == ProgressState::Done && is_before(row) && has(row, &crew.driver)
        };
        let last = reported.iter().filter(is_his).max_by_key(|row| zone.tick_from(row.start));
        let last = last.map(|row| row.step.clone());
        reported.retain(|row| {
            let is_looked_over = is_before(row) && has(row, &crew.reviewer);
            last.as_ref() != Some(&row.step) && !is_looked_over
        });
        Ok(reported)
    }

    /// The steps of a ticket that its progress at `now_ms` is known of beside what is `reported`.
    pub(in crate::app::service) fn worked_steps(
        &self,
        (key, file): (&str, &TicketFile),
        (reported, now_ms): (&[Progress], i64),
    ) -> Result<Vec<String>, Refusal> {
        let Some(plan) = self.plan_with(key, file)? else { return Ok(Vec::new()) };
        let rows = self.worked(&plan, (key, file), (reported, now_ms));
        Ok(rows.into_iter().map(|row| row.step).collect())
    }

    /// The progress of a ticket at `now_ms` that follows from how far it has come, of the steps of
    /// `plan` that are not among those `reported`.
    pub(super) fn worked(
        &self,
        plan: &InForce,
        (key, file): (&str, &TicketFile),
        (reported, now_ms): (&[Progress], i64),
    ) -> Vec<Progress> {
        let Some(desk) = &file.desk else { return Vec::new() };
        let (Some(crew), Some(begun_ms)) = (&desk.crew, desk.begun_ms) else { return Vec::new() };
        let (begun, now) = (tick(begun_ms), tick(now_ms));
        if begun >= now {
            return Vec::new();
        }
        let zone = self.zone();
        let name = |step: &PlannedStep| format!("{key}/{}", step.step);
        let is_reported = |step: &PlannedStep| {
            let name = name(step);
            reported.iter().any(|row| row.step == name)
        };
        let is_over = |step: &&PlannedStep| is_worked_by(step, desk, crew);
        let row = |step: &PlannedStep, state| Progress {
            step: name(step),
            state,
            people: step.people.clone(),
            start: zone.moment(begun),
            end: None,
            remaining_minutes: None,
        };
        // Whom a dispatcher gave it to works on it, whomever the plan has on it still.
        let seated = self.seated(file);
        let by_hand = |step: &PlannedStep| seated.iter().find(|own| own.is_of(step)).cloned();
        let steps = plan.steps(key);
        let steps: Vec<PlannedStep> = steps
            .map(|step| by_hand(step).map_or_else(|| step.clone(), |own| own.on(step)))
            .collect();
        if desk.stage == Stage::InProgress || desk.is_handed_over() {
            // Where steps are reported, they say how far he is.
            if steps.iter().filter(is_over).any(is_reported) {
                return Vec::new();
            }
            let first = steps.iter().find(is_over).and_then(|step| {
                let from = self.free_from((key, file), (step, &steps), reported)?;
                let start = (from < now).then(|| zone.moment(from.max(begun)))?;
                let at_work = at_work(desk, begun, now);
                let at_work: Vec<Span> =
                    at_work.into_iter().filter_map(|span| clipped(span, from)).collect();
                let remaining_minutes = Some(self.left(file, step, &at_work));
                Some(Progress { start, remaining_minutes, ..row(step, ProgressState::Begun) })
            });
            return first.into_iter().collect();
        }
        let checked = tick(desk.checked_ms.unwrap_or(now_ms)).min(now).max(begun + 1);
        let own = steps.iter().filter(is_over).filter(|step| !is_reported(step));
        let done = own.map(|step| Progress {
            end: Some(zone.moment(checked)),
            ..row(step, ProgressState::Done)
        });
        done.collect()
    }

    /// From when on a step of `steps` could be worked, by what is `reported` of those that end before
    /// it; none while somebody's work that does is not reported done.
    fn free_from(
        &self,
        (key, file): (&str, &TicketFile),
        (step, steps): (&PlannedStep, &[PlannedStep]),
        reported: &[Progress],
    ) -> Option<Tick> {
        let known = self.known.now();
        let base = known.as_ref().map(|known| &known.base);
        let zone = self.zone();
        let (mut before, mut from) = (vec![step.step.as_str()], Tick(i64::MIN));
        let mut next = 0;
        while let Some(name) = before.get(next).copied() {
            next += 1;
            let links = template(base, file, name).into_iter().flat_map(|row| &row.after);
            let ends_first = links.filter(|link| link.kind == LinkKind::FinishStart);
            for name in ends_first.map(|link| link.step.as_str()) {
                if before.contains(&name) {
                    continue;
                }
                before.push(name);
                let told = reported.iter().find(|row| row.step == format!("{key}/{name}"));
                // Nobody reports waits: whoever begins behind one says that it is over.
                let is_work = || steps.iter().any(|own| own.step == name && !own.people.is_empty());
                match told.map(|row| (row.state, row.end)) {
                    Some((ProgressState::Done, end)) => {
                        from = end.map_or(from, |end| from.max(zone.tick_from(end)));
                    }
                    Some(_) => return None,
                    None if is_work() => return None,
                    None => {}
                }
            }
        }
        Some(from)
    }

    /// Minutes that all of a step takes as its ticket or its service states it.
    pub(super) fn stated(&self, file: &TicketFile, step: &str) -> Option<u32> {
        let known = self.known.now();
        let base = known.as_ref().map(|known| &known.base);
        let adjusted = file.ticket.adjust.iter().find(|change| change.step == step);
        let own = adjusted.and_then(|change| change.minutes);
        own.or_else(|| template(base, file, step)?.minutes)
    }

    /// Minutes still to be worked of a step on which somebody was at work so long, at least one.
    fn left(&self, file: &TicketFile, step: &PlannedStep, at_work: &[Span]) -> u32 {
        let known = self.known.now();
        let stated = self.stated(file, &step.step);
        let zone = self.zone();
        let piece = |piece: &Piece| zone.tick_from(piece.to) - zone.tick_from(piece.from);
        let whole = stated.map_or_else(|| step.pieces.iter().map(piece).sum(), i64::from);
        let laid = self.laid().ok().flatten();
        let office = laid.as_ref().and_then(|laid| laid.desk.working.as_deref());
        let worked: i64 = known.as_ref().map_or(0, |known| {
            let office = office.and_then(|id| known.book.calendar(id));
            let open = |span: &Span| {
                office.map_or(span.minutes(), |office| known.book.open_minutes(office, *span))
            };
            at_work.iter().map(open).sum()
        });
        u32::try_from((whole - worked).max(1)).unwrap_or(1)
    }
}

/// When somebody was at work until `now`: from `begun` on, not while it rested, and others before.
fn at_work(desk: &DeskFile, begun: Tick, now: Tick) -> Vec<Span> {
    let span = |(from, to): &(i64, i64)| Span::new(tick(*from), tick(*to));
    let mut spans: Vec<Span> = desk.earlier.iter().map(span).collect();
    let mut from = begun;
    for (rest_ms, until_ms) in &desk.rests {
        let rest = tick(*rest_ms).min(now);
        if from < rest {
            spans.push(Span::new(from, rest));
        }
        from = from.max(until_ms.map_or(now, tick).min(now));
    }
    if from < now {
        spans.push(Span::new(from, now));
    }
    spans
}

/// What of a span is not before a moment.
fn clipped(span: Span, from: Tick) -> Option<Span> {
    (from < span.end).then(|| Span::new(span.start.max(from), span.end))
}

/// Only these minutes are left of a step.
fn leave(ticket: &mut Ticket, step: &str, left: Option<u32>) {
    if let Some(own) = ticket.steps.iter_mut().find(|own| own.id == step) {
        own.minutes = left.or(own.minutes);
        return;
    }
    if let Some(own) = ticket.adjust.iter_mut().find(|own| own.step == step) {
        own.minutes = left.or(own.minutes);
        return;
    }
    let (step, minutes) = (step.to_owned(), left);
    ticket.adjust.push(Adjust { step, minutes, windows: None, latest_end: None, site: None });
}

/// Whether people who have worked on a ticket by this stage are on a step.
fn is_worked_by(step: &PlannedStep, desk: &DeskFile, crew: &Crew) -> bool {
    let is_on = |person: &String| step.people.contains(person);
    match desk.stage {
        // By the plan before it was given to somebody else, or by the one after.
        _ if desk.is_handed_over() => is_on(&crew.driver) || desk.drove.iter().any(is_on),
        Stage::InProgress | Stage::SelfChecked => is_on(&crew.driver),
        Stage::Reviewed => is_on(&crew.driver) || is_on(&crew.reviewer),
        Stage::Delivered => !step.people.is_empty(),
        _ => false,
    }
}

fn tick(at_ms: i64) -> Tick {
    Tick(at_ms.div_euclid(MINUTE))
}
