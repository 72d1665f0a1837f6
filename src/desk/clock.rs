//! Clocks: how long something may take, how long it has taken, when it runs out.
//!
//! A clock is never a stored sum. It is read anew from what happened ([`Turn`]s in the order of
//! the record), from the calendar it runs on, and from now (R247): so a calendar revised, an event
//! put on record late or a restart leaves nothing behind. What holds it depends on the clock
//! (R248); one whose goal is a moment is held by nothing (R249).
//!
//! Moments are milliseconds of UTC since 1970, as in events; calendars know whole minutes. What
//! is done at the very moment a clock runs out is in time. Must not know tickets, nor the time.

use std::collections::BTreeSet;

use crate::calendar::{Book, Calendar, Opening};
pub use crate::policy::desk::Wait;
use crate::time::{DAY, Span, Tick};

/// Milliseconds of a minute.
pub const MINUTE: i64 = 60_000;
/// Days a goal in days looks ahead, before it is given up.
const REACH: i64 = 3 * 366;

/// How long it may take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Goal {
    /// So many milliseconds of its calendar.
    Time(i64),
    /// Until its calendar closes on the so many-th open date after the date it starts on; dates on
    /// which it was held all the time are not counted. 0: until it closes on the date it starts on,
    /// or, when it has closed by then, on the next one. Held at that moment, it runs out when it
    /// goes on.
    Days(u32),
    /// Until a moment, whatever holds (R249).
    Moment(i64),
    /// As long as you like: the date it went by was taken back.
    Never,
}

/// What happens to a clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Turn {
    /// It starts; later starts change nothing.
    Starts,
    /// The ticket waits for something from now on.
    Holds(Wait),
    /// That is over.
    Goes(Wait),
    /// Another agreement: what has run so far counts, and a clock that ran out stays so.
    Goal(Goal),
    /// What it was for is done; nothing after that counts.
    Stops,
    /// What it was for will not happen any more: it is neither kept nor broken, unless it ran out
    /// before (R120).
    Ends,
}

impl Turn {
    /// Whether nothing after it counts.
    #[must_use]
    pub fn is_last(self) -> bool {
        matches!(self, Turn::Stops | Turn::Ends)
    }
}

/// A turn and its moment.
pub type Turned = (i64, Turn);

/// What kind of clock it is.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// How long it may take when it starts.
    pub goal: Goal,
    /// The calendars.
    pub book: &'a Book,
    /// When it runs; always, without one.
    pub calendar: Option<&'a Calendar>,
    /// What holds it.
    pub held_by: &'a BTreeSet<Wait>,
    /// After so many thousandths of its time it warns.
    pub warns_at: u16,
}

/// How a clock stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It has not started.
    Idle,
    /// It runs, or would if its calendar were open.
    Running,
    /// The ticket waits.
    Held,
    /// Done, or over.
    Stopped,
}

/// What a clock shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// How it stands.
    pub state: State,
    /// Milliseconds of its calendar it has run.
    pub ran_ms: i64,
    /// When it ran out, or does if nothing happens; `None` while idle or held, when it was
    /// stopped in time, and when its calendar does not hold so much.
    pub out_ms: Option<i64>,
    /// When it warned, or does if nothing happens; likewise.
    pub warn_ms: Option<i64>,
    /// Whether it ran out before it was stopped or before now.
    pub is_out: bool,
}

/// What a clock of this kind shows at `now_ms`, after `turns`: by moment, those of one moment in
/// the order of the record. Later ones are not looked at.
#[must_use]
pub fn read(rule: &Rule<'_>, turns: &[Turned], now_ms: i64) -> Reading {
    let mut hand = Hand {
        rule,
        goal: rule.goal,
        started: None,
        since: None,
        waits: BTreeSet::new(),
        ran: Vec::new(),
        ran_ms: 0,
        out: None,
        warned: None,
    };
    let mut is_stopped = false;
    for (at_ms, turn) in turns.iter().filter(|turned| turned.0 <= now_ms) {
        if hand.turn(*at_ms, *turn) {
            is_stopped = true;
            break;
        }
    }
    let since = hand.since;
    if !is_stopped {
        hand.run_to(now_ms);
    }
    let is_out = hand.out.is_some();
    // What is to come if nothing happens.
    if since.is_some() && !is_stopped {
        let ahead = hand.ahead(now_ms);
        hand.out = hand.out.or(ahead.0);
        hand.warned = hand.warned.or(ahead.1);
    }
    let state = match (hand.started, since) {
        _ if is_stopped => State::Stopped,
        (None, _) => State::Idle,
        (Some(_), Some(_)) => State::Running,
        (Some(_), None) => State::Held,
    };
    Reading { state, ran_ms: hand.ran_ms, out_ms: hand.out, warn_ms: hand.warned, is_out }
}

/// A clock on its way through its turns.
struct Hand<'r> {
    rule: &'r Rule<'r>,
    goal: Goal,
    started: Option<i64>,
    /// Since when it runs.
    since: Option<i64>,
    /// What the ticket waits for, of what holds this clock.
    waits: BTreeSet<Wait>,
    /// When it ran.
    ran: Vec<(i64, i64)>,
    ran_ms: i64,
    out: Option<i64>,
    warned: Option<i64>,
}

impl Hand<'_> {
    /// Takes one turn; whether the clock stops.
    fn turn(&mut self, at_ms: i64, turn: Turn) -> bool {
        match turn {
            Turn::Starts if self.started.is_none() => {
                self.started = Some(at_ms);
                self.since = self.goes().then_some(at_ms);
            }
            Turn::Starts => {}
            Turn::Holds(wait) if self.rule.held_by.contains(&wait) => {
                self.run_to(at_ms);
                self.waits.insert(wait);
                self.since = self.since.filter(|_| self.goes());
            }
            Turn::Holds(_) => {}
            Turn::Goes(wait) => {
                self.waits.remove(&wait);
                self.go_on(at_ms);
            }
            Turn::Goal(goal) => {
                // What it waits for it goes on waiting for: a moment is not held by that, a time is.
                self.run_to(at_ms);
                self.goal = goal;
                self.since = self.since.filter(|_| self.goes());
                self.go_on(at_ms);
            }
            Turn::Stops | Turn::Ends => {
                self.run_to(at_ms);
                return self.started.is_some();
            }
        }
        false
    }

    /// Whether nothing holds it now: a moment is held by nothing at all.
    fn goes(&self) -> bool {
        matches!(self.goal, Goal::Moment(_)) || self.waits.is_empty()
    }

    /// Lets a clock that was started run from `at_ms` on, unless it runs or is held.
    fn go_on(&mut self, at_ms: i64) {
        if self.started.is_some() && self.goes() {
            self.since = self.since.or(Some(at_ms));
        }
    }

    /// Lets it run until `to_ms`, if it runs.
    fn run_to(&mut self, to_ms: i64) {
        let Some(from) = self.since.filter(|from| *from < to_ms) else { return };
        let (out, warn) = self.ahead(from);
        self.out = self.out.or(out.filter(|out| *out < to_ms));
        self.warned = self.warned.or(warn.filter(|warn| *warn <= to_ms));
        self.ran_ms += self.rule.open_ms(from, to_ms);
        self.ran.push((from, to_ms));
        self.since = Some(to_ms);
    }

    /// When it runs out and when it warns if it runs on from `from_ms`.
    fn ahead(&self, from_ms: i64) -> (Option<i64>, Option<i64>) {
        let part = |whole: i64| {
            let part = i128::from(whole) * i128::from(self.rule.warns_at) / 1000;
            i64::try_from(part).unwrap_or(whole)
        };
        match self.goal {
            Goal::Never => (None, None),
            Goal::Time(goal) => {
                let at = |goal: i64| self.rule.reached(from_ms, (goal - self.ran_ms).max(0));
                (at(goal), at(part(goal)))
            }
            Goal::Days(days) => {
                // What closed while it was held, or by another agreement had closed before, runs
                // it out when it goes on and no sooner.
                let out = self.closing(from_ms, days).map(|out| out.max(from_ms));
                let start = self.started.unwrap_or(from_ms);
                // Nobody is there to be warned while the office is shut.
                let warn = |out: i64| self.rule.opened(start + part(out - start), out);
                (out, out.map(warn))
            }
            Goal::Moment(moment) => {
                let start = self.started.unwrap_or(from_ms);
                (Some(moment), Some(start + part((moment - start).max(0))))
            }
        }
    }

    /// When the calendar closes on the so many-th open date after the start's on which the clock
    /// ran, if it runs on from `from_ms`.
    fn closing(&self, from_ms: i64, days: u32) -> Option<i64> {
        let start = self.started?;
        let zone = self
            .rule
            .calendar
            .map_or(self.rule.book.zone(), |calendar| self.rule.book.zone_of(calendar));
        let is_today = days == 0;
        let (after, days) = if is_today { (0, 1) } else { (1, days) };
        let own = zone.date(tick(start));
        let first = zone.midnight(own.plus(after));
        let ahead = REACH.min(i64::from(days) * 10 + 60) * DAY;
        let span = Span::new(first, first.max(tick(from_ms)) + ahead);
        let mut left = days;
        let mut counted = None;
        let mut closes = None;
        for opening in self.rule.openings(span) {
            if counted == Some(opening.day) {
                closes = Some(opening.span.end);
                continue;
            }
            if left == 0 {
                break;
            }
            let (from, to) = (opening.span.start.0 * MINUTE, opening.span.end.0 * MINUTE);
            // Hours past midnight belong to the date they opened on.
            let is_before = if is_today { to <= start } else { opening.day <= own };
            if is_before {
                continue;
            }
            let ran = self.ran.iter().any(|ran| ran.0 < to && from < ran.1);
            if ran || from_ms < to {
                (counted, left) = (Some(opening.day), left - 1);
                closes = Some(opening.span.end);
            }
        }
        closes.filter(|_| left == 0).map(|tick| tick.0 * MINUTE)
    }
}

impl Rule<'_> {
    /// Milliseconds of its calendar between two moments.
    fn open_ms(&self, from_ms: i64, to_ms: i64) -> i64 {
        if self.calendar.is_none() {
            return (to_ms - from_ms).max(0);
        }
        let span = Span::new(tick(from_ms), tick(to_ms) + 1);
        let spans = self.openings(span).into_iter().map(|opening| {
            let (from, to) = (opening.span.start.0 * MINUTE, opening.span.end.0 * MINUTE);
            (to.min(to_ms) - from.max(from_ms)).max(0)
        });
        spans.sum()
    }

    /// When `left_ms` of its calendar have passed from `from_ms` on.
    pub(crate) fn reached(&self, from_ms: i64, left_ms: i64) -> Option<i64> {
        let Some(calendar) = self.calendar else { return from_ms.checked_add(left_ms) };
        if left_ms <= 0 {
            return Some(from_ms);
        }
        // The rest of the minute it is in.
        let next = tick(from_ms) + 1;
        let rest = self.open_ms(from_ms, next.0 * MINUTE);
        if left_ms <= rest {
            return Some(from_ms + left_ms);
        }
        let left = left_ms - rest;
        let minutes = (left + MINUTE - 1) / MINUTE;
        let end = self.book.add_open_minutes(calendar, next, minutes)?;
        Some(end.0 * MINUTE - (minutes * MINUTE - left))
    }

    /// The first moment from `at_ms` on at which its calendar is open, and `most_ms` at the latest.
    fn opened(&self, at_ms: i64, most_ms: i64) -> i64 {
        if self.calendar.is_none() || most_ms <= at_ms {
            return at_ms;
        }
        let coming = self.openings(Span::new(tick(at_ms), tick(most_ms) + 1)).into_iter();
        let mut coming = coming.filter(|one| one.span.end.0 * MINUTE > at_ms);
        let first = coming.next().map_or(at_ms, |first| first.span.start.0 * MINUTE);
        at_ms.max(first).min(most_ms)
    }

    /// When it is open in `span`; without a calendar, day by day.
    fn openings(&self, span: Span) -> Vec<Opening> {
        if let Some(calendar) = self.calendar {
            return self.book.open_spans(calendar, span);
        }
        let zone = self.book.zone();
        let (first, last) = (zone.date(span.start), zone.date(span.end));
        let days = (first.0..=last.0).map(|day| first.plus(day - first.0));
        days.map(|day| Opening::new(zone.midnight(day), zone.midnight(day.plus(1)), day)).collect()
    }
}

/// The minute of a moment.
fn tick(at_ms: i64) -> Tick {
    Tick(at_ms.div_euclid(MINUTE))
}
