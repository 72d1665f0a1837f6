//! Which days and people get a chart: today by itself, the days ahead two at a time, and no
//! more of either than a page can carry.

use super::axis::Axis;
use crate::calendar::Day;
use crate::id::Id;
use crate::report::board::{Board, Bureau, Person};
use crate::time::Span;

/// Most turns drawn on a page; charts beyond are left out (the first is always drawn).
const TURNS: usize = 1_000;

/// Most charts on a page.
const CHARTS: usize = 7;

/// Most people in one chart.
const PEOPLE: usize = 150;

/// Days in a chart after the first.
const DAYS: usize = 2;

/// How wide the time axis is drawn.
pub(super) const WIDTH: i64 = 1120;

/// One chart.
pub(super) struct Panel {
    /// Its dates, in order.
    pub(super) days: Vec<Day>,
    /// All of it.
    pub(super) span: Span,
    pub(super) axis: Axis,
    pub(super) people: Vec<Id<Person>>,
    /// Bureaus visited.
    pub(super) bureaus: Vec<Id<Bureau>>,
    /// People at work that are not drawn.
    pub(super) people_left: usize,
}

/// The charts of a board, and how many dates with work are left out.
pub(super) fn panels(board: &Board) -> (Vec<Panel>, usize) {
    let days = worked_days(board);
    let (mut panels, mut drawn, mut taken) = (Vec::new(), 0, 0);
    while taken < days.len() && panels.len() < CHARTS {
        let count = if taken == 0 { 1 } else { DAYS };
        let group = &days[taken..days.len().min(taken + count)];
        let panel = panel(board, group, taken == 0);
        let turns = turns(board, &panel);
        if drawn > 0 && drawn + turns > TURNS {
            break;
        }
        drawn += turns;
        taken += group.len();
        panels.push(panel);
    }
    (panels, days.len() - taken)
}

/// The dates from that of `as_of` on with work.
fn worked_days(board: &Board) -> Vec<Day> {
    let first = board.zone.date(board.as_of).min(board.day);
    let mut days: Vec<Day> = Vec::new();
    for person in board.people.iter() {
        for stretch in person.turns.iter().flat_map(|turn| &turn.pieces) {
            let (from, to) =
                (board.zone.date(stretch.span.start), board.zone.date(stretch.span.end - 1));
            days.extend((from.0..=to.0).map(Day).filter(|day| *day >= first));
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn turns(board: &Board, panel: &Panel) -> usize {
    let here = |person: &Id<Person>| {
        let turns = &board.people[*person].turns;
        turns.iter().filter(|turn| board.steps[turn.step].span.overlaps(panel.span)).count()
    };
    panel.people.iter().map(here).sum()
}

/// The chart of `days`; people without work are in it only where `everybody` is wanted.
fn panel(board: &Board, days: &[Day], everybody: bool) -> Panel {
    let (first, last) = (days[0], days[days.len() - 1]);
    let span = Span::new(board.zone.midnight(first), board.zone.midnight(last.plus(1)));
    // Only the dates with work: a weekend between two of them is folded.
    let inside = |other: Span| {
        let worked = other.intersection(span)?;
        days.contains(&board.zone.date(worked.start)).then_some(worked)
    };
    let at_work = |person: &Person| {
        let mut pieces = person.turns.iter().flat_map(|turn| &turn.pieces);
        pieces.any(|stretch| stretch.span.overlaps(span))
    };
    let here = |person: &Person| person.regular.iter().any(|o| inside(o.span).is_some());
    let mut people: Vec<Id<Person>> = Vec::new();
    people.extend(board.people.pairs().filter(|(_, p)| at_work(p)).map(|(id, _)| id));
    let people_left = people.len().saturating_sub(PEOPLE);
    let idle = |person: &Person| everybody && !at_work(person) && here(person);
    people.extend(board.people.pairs().filter(|(_, p)| idle(p)).map(|(id, _)| id));
    people.truncate(PEOPLE);
    people.sort_unstable();
    let mut busy: Vec<Span> = Vec::new();
    for person in people.iter().map(|id| &board.people[*id]) {
        busy.extend(person.regular.iter().filter_map(|opening| inside(opening.span)));
        let pieces = person.turns.iter().flat_map(|turn| &turn.pieces);
        busy.extend(pieces.filter_map(|stretch| stretch.span.intersection(span)));
    }
    let visited = |bureau: &Bureau| {
        bureau.visits.iter().any(|step| span.contains(board.steps[*step].span.start))
    };
    let bureaus = board.bureaus.pairs().filter(|(_, bureau)| visited(bureau)).map(|(id, _)| id);
    Panel {
        days: days.to_vec(),
        span,
        axis: Axis::new(&busy, WIDTH, board.zone.offset(span.start)),
        bureaus: bureaus.collect(),
        people,
        people_left,
    }
}
