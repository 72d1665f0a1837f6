//! Whether somebody has time (R021): skills, calendars, absences and what is planned already. How
//! fast he is and whom else a step needs is for the plan to say; this is the first answer, in the
//! words of the four verdicts.

use super::life::{Feasible, Verdict};
use crate::calendar::{Book, Opening, windows};
use crate::model::people::{BandKind, Person};
use crate::time::{Span, Tick};

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ask<'a> {
    /// The skill.
    pub skill: &'a str,
    /// At this level or above.
    pub level: u8,
    /// Minutes of work.
    pub minutes: i64,
    /// When it is to be done: from the release to the date it is needed.
    pub span: Span,
}

/// The time somebody has left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Free {
    /// Who.
    pub person: String,
    /// Minutes in his working time.
    pub regular: i64,
    /// Minutes outside it: overtime, on call.
    pub beyond: i64,
}

/// Who could do what is asked for, and how much time each of them has beside what he has `taken`
/// on; in the order of `people`.
#[must_use]
pub fn free(book: &Book, people: &[Person], taken: &[(&str, Span)], ask: &Ask<'_>) -> Vec<Free> {
    let mut found = Vec::new();
    for person in people.iter().filter(|person| !person.trainee) {
        let can =
            |held: &&crate::model::people::Held| held.skill == ask.skill && held.level >= ask.level;
        let Some(held) = person.skills.iter().find(can) else { continue };
        let last = held.until.map(|date| date.day());
        let mut away: Vec<Span> =
            taken.iter().filter(|(who, _)| *who == person.id).map(|(_, span)| *span).collect();
        away.extend(
            person.absences.iter().filter(|one| !one.remote).map(|one| {
                Span::new(book.zone().tick_from(one.from), book.zone().tick_from(one.to))
            }),
        );
        let (mut regular, mut all) = (Vec::new(), Vec::new());
        for band in &person.bands {
            let Some(calendar) = book.calendar(&band.calendar) else { continue };
            let is_regular = band.kind == BandKind::Regular;
            let own = calendar.with(if is_regular { &person.overrides } else { &[] }, &[]);
            let mut open = book.open_spans(&own, ask.span);
            open.retain(|opening| last.is_none_or(|last| opening.day <= last));
            let open = windows::without(&open, &away);
            if is_regular {
                regular.clone_from(&open);
            }
            all = windows::union(&all, &open);
        }
        let (regular, all) = (minutes(&regular), minutes(&all));
        found.push(Free { person: person.id.clone(), regular, beyond: all - regular });
    }
    found
}

fn minutes(openings: &[Opening]) -> i64 {
    openings.iter().map(|opening| opening.span.minutes()).sum()
}

/// The verdict about people: yes when one of them has the time in his working time, only if
/// somebody stays longer when it takes more, else no.
#[must_use]
pub fn verdict(free: &[Free], minutes: i64) -> Verdict {
    let has = |one: &&Free| one.regular >= minutes;
    let stays = |one: &&Free| one.regular + one.beyond >= minutes;
    let told = |one: &Free| {
        format!("{}: {} + {} min, {} min", one.person, one.regular, one.beyond, minutes)
    };
    if let Some(one) = free.iter().filter(has).max_by_key(|one| one.regular) {
        return Verdict { answer: Feasible::Yes, evidence: told(one) };
    }
    if let Some(one) = free.iter().find(stays) {
        return Verdict { answer: Feasible::If, evidence: told(one) };
    }
    let most = free.iter().max_by_key(|one| one.regular + one.beyond);
    let evidence = most.map_or_else(|| format!("-: 0 min, {minutes} min"), told);
    Verdict { answer: Feasible::No, evidence }
}

/// The span between two moments of UTC in milliseconds, in whole minutes inside it.
#[must_use]
pub fn between(from_ms: i64, to_ms: i64) -> Span {
    let from = Tick(from_ms.div_euclid(60_000) + i64::from(from_ms.rem_euclid(60_000) > 0));
    let to = Tick(to_ms.div_euclid(60_000));
    Span::new(from, to.max(from))
}
