//! Why a step starts when it does: everything that holds it back, the one that binds, and the
//! chain from there to its root.
//!
//! Each earlier event (a step before it in the ticket, on the person, at a thing; the release) is
//! a bound on the start. The latest of them binds, unless the start is later still: then hours,
//! bureau, quota or window explain the rest, or nothing does and the step could start earlier.

use std::collections::BTreeSet;

use super::placed::{Placed, arrival, lag_end, shared_hours, working_date};
use super::reason::{Part, Question, Reason, Slot};
use crate::calendar::{Opening, windows};
use crate::id::Id;
use crate::model::ticket::LinkKind;
use crate::model::work::{Lag, Person, Step};
use crate::time::{DAY, Span, Tick};

/// How far back hours are looked at when asking whether an earlier event mattered at all.
const BACK: i64 = 21 * DAY;

/// Longest chain told; longer ones repeat themselves.
const LONGEST: usize = 60;

/// What binds one start.
pub(super) struct Binding {
    /// The reasons, the one that explains most first.
    pub(super) parts: Vec<Part>,
    /// The step whose own start explains the rest.
    pub(super) next: Option<Id<Step>>,
}

/// A chain of binding reasons to its root.
pub(super) struct Chain {
    /// The reasons, from the step asked about to the root.
    pub(super) parts: Vec<Part>,
    /// The steps passed, that step first.
    pub(super) steps: Vec<Id<Step>>,
}

/// One thing that holds a start back.
struct Bound {
    at: Tick,
    part: Part,
    next: Option<Id<Step>>,
}

/// Follows what binds `step` from step to step until something binds that is no step.
pub(super) fn chain(placed: &Placed, step: Id<Step>) -> Chain {
    let mut chain = Chain { parts: Vec::new(), steps: Vec::new() };
    let mut seen = BTreeSet::new();
    let mut at = Some(step);
    while let Some(step) = at.filter(|step| seen.insert(*step) && seen.len() <= LONGEST) {
        let Some(binding) = binding(placed, step) else { break };
        chain.parts.extend(binding.parts);
        chain.steps.push(step);
        at = binding.next;
    }
    chain
}

/// What binds the start of `step`; `None` when the plan does not hold it.
pub(super) fn binding(placed: &Placed, step: Id<Step>) -> Option<Binding> {
    let start = placed.row(step)?.span.start;
    let fixed = |reason| {
        let part = placed.about(Question::When, reason, step).at(Slot::At, placed.moment(start));
        Some(Binding { parts: vec![part], next: None })
    };
    if placed.work.steps[step].progress.is_some() {
        return fixed(Reason::BegunAlready);
    } else if placed.is_frozen(step) {
        return fixed(Reason::FrozenStart);
    } else if placed.work.steps[step].pinned_start == Some(start) {
        return fixed(Reason::PinnedStart);
    }
    let mut bounds = bounds(placed, step, start);
    bounds.retain(|bound| bound.at <= start);
    let latest = bounds.iter().map(|bound| bound.at).max()?;
    if latest == start {
        let mut told = BTreeSet::new();
        let mut new = |bound: &Bound| bound.next.is_none_or(|next| told.insert(next));
        bounds.retain(|bound| bound.at == latest && new(bound));
        let next = bounds.first().and_then(|bound| bound.next);
        let parts = bounds.into_iter().map(|bound| bound.part).collect();
        return Some(Binding { parts, next });
    }
    let closed = Closed::new(placed, step, start, latest);
    let open = closed.settle(latest);
    if open < start {
        return match placed.previous(step) {
            Some((before, _)) if *before == start => fixed(Reason::KeptStart),
            _ => {
                let part = placed.about(Question::When, Reason::NothingInTheWay, step);
                let part = part.at(Slot::At, placed.moment(open));
                Some(Binding { parts: vec![part], next: None })
            }
        };
    }
    let mut parts = closed.parts(latest);
    // Events matter when they fall into the closed time before the start, after the last minute
    // that was open: without them the step could have started there. The ticket's own come first.
    let release = placed.work.tickets[placed.work.steps[step].ticket].release;
    let earliest = release.max(latest - BACK);
    let last = Closed::new(placed, step, start, earliest).last_open(earliest);
    let event = bounds.into_iter().find(|bound| last.is_some_and(|last| bound.at > last));
    let next = event.as_ref().and_then(|event| event.next);
    parts.extend(event.map(|event| event.part));
    Some(Binding { parts, next })
}

/// Every earlier event that holds `step` back, the ticket's own first.
fn bounds(placed: &Placed, step: Id<Step>, start: Tick) -> Vec<Bound> {
    let work = placed.work;
    let row = &work.steps[step];
    let mut bounds = linked(placed, step);
    let mut add = |reason, at: Tick, next: Id<Step>| {
        let part = placed.about(Question::When, reason, step).at(Slot::At, placed.moment(at));
        let part = part.key(Slot::Other, &work.steps[next].key);
        let ticket = &work.tickets[work.steps[next].ticket].key;
        bounds.push(Bound { at, part: part.key(Slot::OtherTicket, ticket), next: Some(next) });
    };
    for &ticket in &work.tickets[row.ticket].after {
        if let Some((last, end)) = placed.last_step(ticket) {
            add(Reason::AfterTicket, end, last);
        }
    }
    for order in work.orders.iter().filter(|order| order.then == step) {
        if let Some(first) = placed.row(order.first) {
            add(Reason::AfterOrder, first.span.end, order.first);
        }
    }
    let people = placed.row(step).map_or(&[][..], |row| &row.people);
    for &person in people {
        bounds.extend(on_the_line(placed, step, person, start));
    }
    for &thing in &row.things {
        if let Some((holder, span)) = placed.holder_before(thing, start, step) {
            let part = placed.about(Question::When, Reason::ThingHeld, step);
            let part = part.key(Slot::Thing, &work.things[thing]);
            let part = part.key(Slot::Other, &work.steps[holder].key);
            let part = part.at(Slot::At, placed.moment(span.end));
            bounds.push(Bound { at: span.end, part, next: Some(holder) });
        }
    }
    let at = work.tickets[row.ticket].release.max(work.as_of);
    let reason = if at > work.as_of { Reason::Release } else { Reason::AsOf };
    let part = placed.about(Question::When, reason, step).at(Slot::At, placed.moment(at));
    bounds.push(Bound { at, part, next: None });
    bounds
}

/// What the links of `step` ask for.
fn linked(placed: &Placed, step: Id<Step>) -> Vec<Bound> {
    let work = placed.work;
    let mut bounds = Vec::new();
    for link in &work.steps[step].links {
        let Some(row) = placed.row(link.step) else { continue };
        let event = match link.kind {
            LinkKind::FinishStart => row.span.end,
            LinkKind::StartStart => row.span.start,
        };
        let Some(at) = lag_end(work, link.lag, event) else { continue };
        let reason = match (link.kind, link.lag) {
            (LinkKind::FinishStart, Lag::Minutes(0)) if work.steps[link.step].is_wait() => {
                Reason::AfterWait
            }
            (LinkKind::FinishStart, Lag::Minutes(0)) => Reason::AfterStep,
            (LinkKind::StartStart, Lag::Minutes(0)) => Reason::AfterStart,
            _ => Reason::AfterLag,
        };
        let part = placed.about(Question::When, reason, step);
        let part = part.key(Slot::Other, &work.steps[link.step].key);
        let part = part.at(Slot::At, placed.moment(at));
        bounds.push(Bound { at, part, next: Some(link.step) });
    }
    bounds
}

/// What the step before on the line of `person` asks for: its end, the way from it, rest.
fn on_the_line(placed: &Placed, step: Id<Step>, person: Id<Person>, start: Tick) -> Vec<Bound> {
    let work = placed.work;
    let mut bounds = Vec::new();
    let before = placed.step_before(person, start, step);
    let part = |reason, at: Tick| {
        let part = placed.about(Question::When, reason, step).at(Slot::At, placed.moment(at));
        part.key(Slot::Person, &work.people[person].key)
    };
    if let Some((other, span)) = before {
        let busy = part(Reason::PersonBusy, span.end);
        let busy = busy.key(Slot::Other, &work.steps[other].key);
        bounds.push(Bound { at: span.end, part: busy, next: Some(other) });
        let remote = work.steps[other].remote;
        let last = working_date(work, person, remote, span.end - 1);
        let date = working_date(work, person, work.steps[step].remote, start);
        if let Some(rest) = work.people[person].rest.filter(|_| last.is_some() && last != date) {
            let at = span.end + rest;
            let part = part(Reason::Rest, at).number(Slot::Minutes, rest);
            let part = part.key(Slot::Other, &work.steps[other].key);
            bounds.push(Bound { at, part, next: Some(other) });
        }
        // The first way of a date follows no step but the opening of the hours: see `Closed`.
        let today = work.zone.date(span.end - 1) == work.zone.date(start);
        if let (true, Ok(Some((at, minutes)))) = (today, arrival(placed, person, step, start)) {
            let part = part(Reason::TravelAfter, at).number(Slot::Minutes, minutes);
            let part = part.key(Slot::Other, &work.steps[other].key);
            bounds.push(Bound { at, part, next: Some(other) });
        }
    }
    bounds
}

/// What keeps a step from starting while no earlier event does: hours, the first way of a date,
/// bureau, quota, windows.
struct Closed<'a> {
    placed: &'a Placed<'a>,
    step: Id<Step>,
    start: Tick,
    /// Minutes its people can start in; `None` for a wait.
    hours: Option<Vec<Opening>>,
}

impl<'a> Closed<'a> {
    /// Hours are known from `from` to `start`.
    fn new(placed: &'a Placed<'a>, step: Id<Step>, start: Tick, from: Tick) -> Closed<'a> {
        let work = placed.work;
        let people = placed.row(step).map_or(&[][..], |row| &row.people);
        let span = Span::new(from, start + 1);
        let hours = (!people.is_empty()).then(|| {
            let (regular, extra) = shared_hours(work, people, work.steps[step].remote, span);
            if regular.iter().any(|opening| opening.span.contains(start)) {
                return regular;
            }
            windows::union(&regular, &extra)
        });
        Closed { placed, step, start, hours }
    }

    /// The first minute from `from` on in which everything is open, `start` at the latest.
    fn settle(&self, from: Tick) -> Tick {
        let mut at = from;
        while at < self.start {
            let pushed = self.pushes(at).into_iter().map(|(to, _)| to).max();
            match pushed.filter(|to| *to > at) {
                Some(to) => at = to,
                None => return at,
            }
        }
        self.start
    }

    /// The last minute between `from` and the start in which everything is open.
    fn last_open(&self, from: Tick) -> Option<Tick> {
        let work = self.placed.work;
        let row = &work.steps[self.step];
        let span = Span::new(from, self.start);
        let whole = || vec![Opening { span, day: work.zone.date(from) }];
        let mut open = self.hours.clone().unwrap_or_else(whole);
        if let Some((bureau, _)) = row.bureau {
            let hours = &work.clocks[work.bureaus[bureau].hours];
            open = windows::intersect(&open, &work.book.open_spans(hours, span));
        }
        if !row.windows.is_empty() {
            let allowed: Vec<Opening> = row
                .windows
                .iter()
                .map(|w| Opening { span: *w, day: work.zone.date(w.start) })
                .collect();
            open = windows::intersect(&open, &allowed);
        }
        let date = work.zone.date(self.start);
        for (_, there, _) in self.first_ways() {
            let way = Span::new(work.zone.midnight(date), there);
            open = windows::subtract(&open, &[Opening { span: way, day: date }]);
        }
        let full = |tick: Tick| {
            row.bureau.is_some_and(|(bureau, _)| {
                let quota = work.bureaus[bureau].quota;
                quota.is_some_and(|quota| self.placed.begun_at(bureau, tick, self.step) >= quota)
            })
        };
        let inside = open.iter().filter_map(|opening| opening.span.intersection(span));
        inside.map(|span| span.end - 1).filter(|last| !full(*last)).max()
    }

    /// Who begins the date of the start with this step after a way, when he arrives, and how long
    /// he is on the way.
    fn first_ways(&self) -> Vec<(Id<Person>, Tick, i64)> {
        let Closed { placed, step, start, .. } = *self;
        let zone = placed.work.zone;
        let people = placed.row(step).map_or(&[][..], |row| &row.people).iter().copied();
        let date = zone.date(start);
        let first = people.filter(|person| {
            let before = placed.step_before(*person, start, step);
            before.is_none_or(|(_, span)| zone.date(span.end - 1) != date)
        });
        let way = |person| Some((person, arrival(placed, person, step, start).ok()??));
        first.filter_map(way).map(|(person, (there, minutes))| (person, there, minutes)).collect()
    }

    /// The moments to which each of them puts a start at `at` off.
    fn pushes(&self, at: Tick) -> Vec<(Tick, Reason)> {
        let work = self.placed.work;
        let row = &work.steps[self.step];
        let never = self.start;
        let mut pushes = Vec::new();
        if let Some((bureau, _)) = row.bureau {
            let hours = &work.clocks[work.bureaus[bureau].hours];
            let opens = work.book.next_open(hours, at).unwrap_or(never);
            let full = work.bureaus[bureau]
                .quota
                .is_some_and(|quota| self.placed.begun_at(bureau, at, self.step) >= quota);
            if full {
                let tomorrow = work.zone.midnight(work.zone.date(at).plus(1));
                pushes.push((tomorrow, Reason::QuotaFull));
            }
            pushes.push((opens, Reason::BureauOpens));
        }
        if !row.windows.is_empty() {
            let window = row.windows.iter().find(|window| window.end > at);
            let opens = window.map_or(never, |window| window.start);
            pushes.push((opens, Reason::WindowOpens));
        }
        if let Some(hours) = &self.hours {
            let opening = hours.iter().find(|opening| opening.span.end > at);
            let opens = opening.map_or(never, |opening| opening.span.start);
            pushes.push((opens, Reason::PeopleHours));
        }
        for &person in self.placed.row(self.step).map_or(&[][..], |row| &row.people) {
            match arrival(self.placed, person, self.step, at) {
                Ok(Some((there, _))) => pushes.push((there.min(never), Reason::Travel)),
                Ok(None) => {}
                Err(()) => pushes.push((never, Reason::Travel)),
            }
        }
        pushes
    }

    /// The reasons that closed the time from `from` to the start: a full quota if there was one,
    /// else whatever opens with the start.
    fn parts(&self, from: Tick) -> Vec<Part> {
        let (mut at, mut reasons) = (from, BTreeSet::new());
        while at < self.start {
            let pushes = self.pushes(at);
            let Some(to) = pushes.iter().map(|(to, _)| *to).max().filter(|to| *to > at) else {
                break;
            };
            if pushes.iter().any(|(to, reason)| *to > at && *reason == Reason::QuotaFull) {
                reasons = BTreeSet::from([Reason::QuotaFull]);
            } else if !reasons.contains(&Reason::QuotaFull) {
                let latest = pushes.iter().filter(|(moment, _)| *moment == to);
                reasons = latest.map(|(_, reason)| *reason).collect();
            }
            at = to;
        }
        reasons.into_iter().map(|reason| self.part(reason)).collect()
    }

    fn part(&self, reason: Reason) -> Part {
        let placed = self.placed;
        let part = placed.about(Question::When, reason, self.step);
        let part = part.at(Slot::At, placed.moment(self.start));
        let bureau = placed.work.steps[self.step].bureau;
        match (reason, bureau, placed.row(self.step)) {
            (Reason::PeopleHours, _, Some(row)) => {
                part.with(Slot::People, placed.keys(&row.people))
            }
            (Reason::Travel, ..) => {
                let ways = self.first_ways();
                let way = ways.iter().find(|(_, there, _)| *there == self.start);
                way.map_or(part.clone(), |(person, _, minutes)| {
                    let part = part.number(Slot::Minutes, *minutes);
                    part.key(Slot::Person, &placed.work.people[*person].key)
                })
            }
            (Reason::BureauOpens | Reason::QuotaFull, Some((bureau, _)), _) => {
                part.key(Slot::Bureau, &placed.work.bureaus[bureau].key)
            }
            _ => part,
        }
    }
}
