//! What to look out for: tickets at risk and the key moments of the day.

use super::{Board, Event, Fate, Figures, KeyMoment, Risk, Step};
use crate::calendar::Day;
use crate::id::Id;
use crate::model::people::BandKind;
use crate::model::plan::Standing;
use crate::model::work::Work;
use crate::time::{Span, Tick};

/// A bureau's closing binds a step that begins there at most so long before it (minutes).
const LAST_CALL: i64 = 60;

/// The date of the first work at or after `as_of`; that of `as_of` if there is none.
pub(super) fn day(board: &Board) -> Day {
    let open = |step: &&Step| !step.people.is_empty() && step.span.end > board.as_of;
    let first = board.steps.iter().filter(open).map(|step| step.span.start).min();
    board.zone.date(first.unwrap_or(board.as_of).max(board.as_of))
}

/// Served tickets that cost more if they slip, dearest first.
pub(super) fn at_risk(board: &Board, work: &Work, figures: &Figures) -> Vec<Risk> {
    let mut risks = Vec::new();
    for (id, ticket) in board.tickets.pairs() {
        let Some(finish) = ticket.finish.filter(|finish| *finish > board.as_of) else { continue };
        let Some(amounts) = figures.tickets.get(&ticket.key) else { continue };
        let slip_cost = amounts.slipped.weighted_fen - amounts.loss.weighted_fen;
        let curves = &work.tickets[Id::new(id.index())].curves;
        let point = ticket.due.or_else(|| curves.iter().map(|curve| curve.after).min());
        if slip_cost.0 > 0 {
            let slack_minutes = point.map_or(0, |point| point - finish);
            risks.push(Risk { ticket: id, slack_minutes, slip_cost });
        }
    }
    risks.sort_by_key(|risk| (-risk.slip_cost, risk.slack_minutes, risk.ticket));
    risks
}

/// The key moments of the board's day from `as_of` on, by time.
pub(super) fn moments(board: &Board) -> Vec<KeyMoment> {
    let start = board.zone.midnight(board.day).max(board.as_of);
    let today = Span::new(start, board.zone.midnight(board.day.plus(1)));
    let mut moments = Vec::new();
    let mut note = |at: Tick, event: Event| {
        if today.contains(at) {
            moments.push(KeyMoment { at, event });
        }
    };
    for (id, ticket) in board.tickets.pairs() {
        if let (Some(due), true) = (ticket.due, ticket.fate() != Fate::Unserved) {
            note(due, Event::Due(id));
        }
        for (earlier, later) in hand_overs(board, &ticket.steps) {
            note(board.steps[later].span.start, Event::HandOver(earlier, later));
        }
    }
    for (id, step) in board.steps.pairs() {
        if step.client_trip {
            note(step.span.start, Event::ClientTrip(id));
        }
        if step.people.is_empty() && step.standing != Standing::Done {
            note(step.span.end, Event::Answer(id));
        }
    }
    for (id, bureau) in board.bureaus.pairs() {
        for visit in &bureau.visits {
            let start = board.steps[*visit].span.start;
            let open = bureau.open.iter().find(|opening| opening.span.contains(start));
            if let Some(close) = open.map(|opening| opening.span.end)
                && close - start <= LAST_CALL
            {
                note(close, Event::Closing(id, *visit));
            }
        }
    }
    for (id, person) in board.people.pairs() {
        for turn in &person.turns {
            let extra = turn.pieces.iter().find(|stretch| stretch.band != Some(BandKind::Regular));
            if let Some(stretch) = extra {
                note(stretch.span.start, Event::Extra(id, turn.step));
            }
        }
    }
    moments.sort_by_key(|moment| (moment.at, moment.event));
    moments
}

/// Neighbouring steps of a ticket whose leads differ; waits between them are passed over.
fn hand_overs(board: &Board, steps: &[Id<Step>]) -> Vec<(Id<Step>, Id<Step>)> {
    let led = steps.iter().filter(|step| !board.steps[**step].people.is_empty());
    let led: Vec<Id<Step>> = led.copied().collect();
    let lead = |step: Id<Step>| board.steps[step].people.first();
    let pairs = led.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|(earlier, later)| {
            let (one, other) = (&board.steps[*earlier].span, &board.steps[*later].span);
            lead(*earlier) != lead(*later) && one.end <= other.start
        })
        .collect()
}
