//! How early a ticket can finish at the very best (R010): the longest chain through its steps,
//! waits, prerequisites and windows, with the fastest lead for each step and no time off. No plan
//! and no honest quote is earlier. Reads calendars by their definition, for working-day lags only.

use std::collections::BTreeMap;

use super::circle::Walk;
use super::{Found, Subject};
use crate::calendar::Day;
use crate::id::{Column, Id};
use crate::model::issue::Issue;
use crate::model::ticket::LinkKind;
use crate::model::work::{Clock, Lag, Progress, Step, Ticket, Work};
use crate::time::{DAY, Span, Tick};

/// Lower bounds on when things happen.
#[derive(Clone, Debug)]
pub struct Earliest {
    /// Earliest start and end of each step and wait.
    pub steps: Column<Step, Span>,
    /// When all that comes before a step is over, its windows not yet asked.
    pub ready: Column<Step, Tick>,
    /// Earliest finish of each ticket.
    pub finish: Column<Ticket, Tick>,
}

/// The earliest times of everything in `work`, which must be sound: [`super::check`] found no
/// circle in it.
#[must_use]
pub fn earliest(work: &Work) -> Earliest {
    let walk = super::circle::walk_tickets(work);
    along(work, &walk)
}

/// The earliest times, tickets in the order of `walk`.
pub(super) fn along(work: &Work, walk: &Walk) -> Earliest {
    let nothing = Span::new(work.as_of, work.as_of);
    let mut chain = Chain {
        work,
        openings: BTreeMap::new(),
        found: Earliest {
            steps: work.steps.iter().map(|_| nothing).collect(),
            ready: work.steps.iter().map(|_| work.as_of).collect(),
            finish: work.tickets.iter().map(|_| work.as_of).collect(),
        },
    };
    for row in &walk.order {
        chain.ticket(Id::new(*row));
    }
    chain.found
}

struct Chain<'a> {
    work: &'a Work,
    /// Openings after n open dates, by clock and date.
    openings: BTreeMap<(Id<Clock>, Day, u32), Tick>,
    found: Earliest,
}

impl Chain<'_> {
    fn ticket(&mut self, id: Id<Ticket>) {
        let ticket = &self.work.tickets[id];
        let before = ticket.after.iter().map(|earlier| self.found.finish[*earlier]);
        let release = before.fold(ticket.release, Tick::max);
        let mut finish = self.work.as_of;
        for step in &ticket.steps {
            let span = self.step(*step, release);
            self.found.steps[*step] = span;
            finish = finish.max(span.end);
        }
        self.found.finish[id] = finish;
    }

    fn step(&mut self, id: Id<Step>, release: Tick) -> Span {
        let step = &self.work.steps[id];
        match &step.progress {
            Some(Progress::Done { span, .. }) => return *span,
            Some(Progress::Begun { start, remaining, end, .. }) => {
                let wait = if step.is_wait() { self.over(*start, step.wait) } else { *start };
                let worked = self.work.as_of + *remaining;
                return Span::new(*start, end.unwrap_or(wait.max(worked)));
            }
            None => {}
        }
        let mut ready = release;
        for link in &step.links {
            let earlier = self.found.steps[link.step];
            let event = match link.kind {
                LinkKind::FinishStart => earlier.end,
                LinkKind::StartStart => earlier.start,
            };
            ready = ready.max(self.over(event, link.lag));
        }
        self.found.ready[id] = ready;
        let window = step.windows.iter().find(|window| window.end > ready);
        let start = window.map_or(ready, |window| window.start.max(ready));
        let start = step
            .pinned_start
            .filter(|pinned| *pinned < self.work.horizon)
            .map_or(start, |p| p.max(start));
        let end = if step.is_wait() {
            self.over(start, step.wait)
        } else {
            start + least_minutes(self.work, step)
        };
        Span::new(start, end)
    }

    /// When `lag` from `from` is over; of open minutes only that they take as long as elapsed ones.
    fn over(&mut self, from: Tick, lag: Lag) -> Tick {
        match lag {
            Lag::Minutes(minutes) | Lag::WorkingMinutes(minutes, _) => from + minutes,
            Lag::WorkingDays(0, _) => from,
            Lag::WorkingDays(days, clock) => {
                let (book, calendar) = (&self.work.book, &self.work.clocks[clock]);
                let day = book.zone_of(calendar).date(from);
                let opening = self.openings.entry((clock, day, days)).or_insert_with(|| {
                    book.nth_opening(calendar, from, days).unwrap_or(from + i64::from(days) * DAY)
                });
                (*opening).max(from)
            }
        }
    }
}

/// Worked minutes under the best conceivable lead.
fn least_minutes(work: &Work, step: &Step) -> i64 {
    let pace = work
        .policy
        .pace_percent
        .get(usize::from(step.seats[0].level).saturating_sub(1)..)
        .unwrap_or(&[]);
    let pace = i64::from(pace.iter().copied().min().unwrap_or(1));
    let stated = step.stated.iter().map(|(_, minutes)| *minutes).min();
    let scaled = (step.effort * step.tool_percent * pace + 9_999) / 10_000;
    // A step may state minutes for some people and no effort for the others.
    let scaled = if step.effort == 0 { stated.unwrap_or(1) } else { scaled };
    stated.unwrap_or(scaled).min(scaled).max(1)
}

/// S213: windows that end before they begin. W315: every window is over too early or begins too
/// late. W316: the latest end cannot be kept. W320: the ticket cannot end within the horizon.
pub(super) fn times(subject: &Subject, found: &mut Found) {
    let work = subject.work;
    let earliest = along(work, &subject.ticket_walk);
    for (id, ticket) in work.tickets.pairs() {
        let mut told = false;
        for step in &ticket.steps {
            if work.steps[*step].progress.is_none() {
                told |= step_times(subject, *step, &earliest, found);
            }
        }
        let finish = earliest.finish[id];
        if !told && !ticket.begun && finish > work.horizon {
            let (key, finish) = (&ticket.key, work.zone.moment(finish));
            found.add(
                Issue::warning(
                    "W320",
                    subject.ticket_path(id),
                    format!("工单“{key}”最快 {finish} 才能办完，超出计划终点，将排不进去"),
                    format!("ticket \"{key}\" cannot be finished before {finish}, after the horizon, and will be unserved"),
                )
                .hint("延后计划终点，或缩短流程", "move the horizon, or shorten the chain"),
            );
        }
    }
}

/// Whether something was wrong with when `id` may be done.
fn step_times(subject: &Subject, id: Id<Step>, earliest: &Earliest, found: &mut Found) -> bool {
    let (work, step) = (subject.work, &subject.work.steps[id]);
    let (mut told, key) = (false, &step.key);
    if step.windows.iter().any(|window| window.minutes() == 0) {
        let written = subject.written(id);
        let (path, windows) = written.windows();
        for (position, window) in windows.iter().enumerate() {
            let (from, to) = (window.from, window.to);
            if work.zone.tick_from(to) <= work.zone.tick_from(from) {
                told = true;
                let place = format!("{path}[{position}].to");
                let (zh, en) =
                    (format!("{to} 不晚于 {from}"), format!("{to} does not come after {from}"));
                found.add(
                    Issue::error("S213", place, zh, en).hint("改正起止时间", "correct the times"),
                );
            }
        }
    }
    let ready = earliest.ready[id];
    let usable = |window: &Span| window.end > ready && window.start < work.horizon;
    if !told && !step.windows.is_empty() && !step.windows.iter().any(usable) {
        told = true;
        let ready = work.zone.moment(ready);
        found.add(
            Issue::warning(
                "W315",
                subject.written(id).windows().0,
                format!("步骤“{key}”没有可用的时间窗口：最早 {ready} 才能开始，须早于计划终点"),
                format!("step \"{key}\" has no usable window: it cannot start before {ready} and must before the horizon"),
            )
            .hint("约一个新的时间", "arrange another time"),
        );
    }
    let end = earliest.steps[id].end;
    if let Some(latest) = step.latest_end.filter(|latest| *latest < end) {
        told = true;
        let (latest, end) = (work.zone.moment(latest), work.zone.moment(end));
        found.add(
            Issue::warning(
                "W316",
                subject.written(id).latest_end(),
                format!("步骤“{key}”须于 {latest} 前结束，但最快也要到 {end}"),
                format!("step \"{key}\" must end by {latest} but cannot before {end}"),
            )
            .hint("延后 latest_end，或提前准备材料", "move `latest_end`, or release it earlier"),
        );
    }
    told
}
