//! What happened at the desk, as progress of steps that nobody reported: whoever began is at the
//! first of his steps, whoever looked over a result has done all of his, and of what the client
//! has everything is done.

use super::drive::template;
use crate::app::service::Service;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::TicketFile;
use crate::desk::clock::MINUTE;
use crate::desk::life::{Crew, Stage};
use crate::model::plan::{Piece, PlannedStep};
use crate::model::scenario::{Progress, ProgressState};
use crate::time::{Span, Tick};

impl Service {
    /// The progress of a ticket at `now_ms` that follows from how far it has come, of the steps of
    /// `plan` that are not among those `reported`.
    pub(in crate::app::service) fn worked(
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
        let is_over = |step: &&PlannedStep| is_worked_by(step, desk.stage, crew);
        let row = |step: &PlannedStep, state| Progress {
            step: name(step),
            state,
            people: step.people.clone(),
            start: zone.moment(begun),
            end: None,
            remaining_minutes: None,
        };
        if desk.stage == Stage::InProgress {
            // Where steps are reported, they say how far he is.
            if plan.steps(key).filter(is_over).any(is_reported) {
                return Vec::new();
            }
            let first = plan.steps(key).find(is_over);
            let first = first.map(|step| Progress {
                remaining_minutes: Some(self.left(file, step, Span::new(begun, now))),
                ..row(step, ProgressState::Begun)
            });
            return first.into_iter().collect();
        }
        let checked = tick(desk.checked_ms.unwrap_or(now_ms)).min(now).max(begun + 1);
        let own = plan.steps(key).filter(is_over).filter(|step| !is_reported(step));
        let done = own.map(|step| Progress {
            end: Some(zone.moment(checked)),
            ..row(step, ProgressState::Done)
        });
        done.collect()
    }

    /// Minutes still to be worked of a step that was begun at the start of `since`, at least one.
    fn left(&self, file: &TicketFile, step: &PlannedStep, since: Span) -> u32 {
        let known = self.known.now();
        let base = known.as_ref().map(|known| &known.base);
        let adjusted = file.ticket.adjust.iter().find(|change| change.step == step.step);
        let stated = adjusted
            .and_then(|change| change.minutes)
            .or_else(|| template(base, file, &step.step)?.minutes);
        let zone = self.zone();
        let piece = |piece: &Piece| zone.tick_from(piece.to) - zone.tick_from(piece.from);
        let whole = stated.map_or_else(|| step.pieces.iter().map(piece).sum(), i64::from);
        let laid = self.laid().ok().flatten();
        let office = laid.as_ref().and_then(|laid| laid.desk.working.as_deref());
        let worked = known.as_ref().map_or(0, |known| {
            let office = office.and_then(|id| known.book.calendar(id));
            office.map_or(since.minutes(), |office| known.book.open_minutes(office, since))
        });
        u32::try_from((whole - worked).max(1)).unwrap_or(1)
    }
}

/// Whether people who have worked on a ticket by this stage are on a step.
fn is_worked_by(step: &PlannedStep, stage: Stage, crew: &Crew) -> bool {
    let is_on = |person: &String| step.people.contains(person);
    match stage {
        Stage::InProgress | Stage::SelfChecked => is_on(&crew.driver),
        Stage::Reviewed => is_on(&crew.driver) || is_on(&crew.reviewer),
        Stage::Delivered => !step.people.is_empty(),
        _ => false,
    }
}

fn tick(at_ms: i64) -> Tick {
    Tick(at_ms.div_euclid(MINUTE))
}
