//! The definition walked over spans, one local date at a time.
//!
//! Windows are laid out on the local axis (wall-clock minutes from 1970-01-01T00:00), where they
//! need no zone; each even stretch of the clock then maps its part of that axis to ticks. What a
//! clock change skips maps to nothing, what it repeats maps twice.

use super::spec::closed_span;
use super::{Book, Calendar, Day, Opening, windows};
use crate::time::{DAY, Span, Tick};
use std::collections::BTreeSet;

/// How far ahead a search looks before it gives up: three years of dates.
const REACH: i32 = 3 * 366;

impl Book {
    /// The open minutes of `span`, sorted and disjoint, each run with its opening date. Runs of
    /// different dates stay apart even where they touch. Costs a look at each local date.
    #[must_use]
    pub fn open_spans(&self, calendar: &Calendar, span: Span) -> Vec<Opening> {
        if span.minutes() == 0 {
            return Vec::new();
        }
        let zone = self.zone_of(calendar);
        // A window reaches into the next date, and a clock set back at midnight into the one
        // before.
        let (first, last) = (zone.date(span.start).plus(-2), zone.date(span.end).plus(1));
        let mut openings = self.openings_of_days(calendar, first, last);
        openings.retain_mut(|opening| match opening.span.intersection(span) {
            Some(inside) => {
                opening.span = inside;
                true
            }
            None => false,
        });
        openings
    }

    /// How many minutes of `span` are open.
    #[must_use]
    pub fn open_minutes(&self, calendar: &Calendar, span: Span) -> i64 {
        self.open_spans(calendar, span).iter().map(|opening| opening.span.minutes()).sum()
    }

    /// The first open minute at or after `tick`; `None` if three years bring none.
    #[must_use]
    pub fn next_open(&self, calendar: &Calendar, tick: Tick) -> Option<Tick> {
        self.add_open_minutes(calendar, tick, 1).map(|end| end - 1)
    }

    /// When `minutes` open minutes from `from` on are over: the tick after the last of them.
    /// `from` itself for none; `None` if three years do not hold them.
    #[must_use]
    pub fn add_open_minutes(&self, calendar: &Calendar, from: Tick, minutes: i64) -> Option<Tick> {
        if minutes <= 0 {
            return Some(from);
        }
        let mut left = minutes;
        for days in chunks() {
            let start = from + i64::from(days.0) * DAY;
            let span = Span::new(start, from + i64::from(days.1) * DAY);
            for opening in self.open_spans(calendar, span) {
                if opening.span.minutes() >= left {
                    return Some(opening.span.start + left);
                }
                left -= opening.span.minutes();
            }
        }
        None
    }

    /// The first open minute of the `n`-th open date after the local date of `after`; `after`
    /// itself for `n = 0`; `None` if three years bring fewer. A date is open when a minute of
    /// its own windows is.
    #[must_use]
    pub fn nth_opening(&self, calendar: &Calendar, after: Tick, n: u32) -> Option<Tick> {
        if n == 0 {
            return Some(after);
        }
        let today = self.zone_of(calendar).date(after);
        let mut left = n;
        for days in chunks() {
            let (first, last) = (today.plus(days.0 + 1), today.plus(days.1));
            let mut openings = self.openings_of_days(calendar, first, last);
            openings.sort_by_key(|opening| (opening.day, opening.span.start));
            openings.dedup_by_key(|opening| opening.day);
            match openings.get(left as usize - 1) {
                Some(opening) => return Some(opening.span.start),
                None => left -= u32::try_from(openings.len()).expect("a few hundred dates"),
            }
        }
        None
    }

    /// On how many dates a window opened that has an open minute in `span`.
    #[must_use]
    pub fn open_dates_begun(&self, calendar: &Calendar, span: Span) -> i64 {
        let openings = self.open_spans(calendar, span);
        let days: BTreeSet<Day> = openings.iter().map(|opening| opening.day).collect();
        i64::try_from(days.len()).expect("far below 2^63 dates")
    }

    /// All openings whose date is one of `first..=last`, sorted, closures taken off.
    fn openings_of_days(&self, calendar: &Calendar, first: Day, last: Day) -> Vec<Opening> {
        let zone = self.zone_of(calendar);
        let pieces = self.local_pieces(calendar, first, last);
        let (Some(earliest), Some(latest)) = (pieces.first(), pieces.last()) else {
            return Vec::new();
        };
        // No clock is a day away from UTC.
        let ticks = Span::new(earliest.span.start - DAY, latest.span.end + DAY);
        let mut openings: Vec<Opening> = Vec::new();
        let mut done = 0;
        for stretch in zone.stretches(ticks) {
            let local =
                Span::new(stretch.span.start + stretch.offset, stretch.span.end + stretch.offset);
            // A clock set back shows minutes again: look back over what it repeats.
            while done > 0 && pieces[done - 1].span.end > local.start {
                done -= 1;
            }
            while let Some(piece) = pieces.get(done).filter(|p| p.span.start < local.end) {
                if let Some(shown) = piece.span.intersection(local) {
                    let (start, end) = (shown.start - stretch.offset, shown.end - stretch.offset);
                    windows::append(&mut openings, Opening::new(start, end, piece.day));
                }
                done += 1;
            }
        }
        let closures: Vec<Span> =
            calendar.closures.iter().map(|closure| closed_span(zone, closure)).collect();
        windows::without(&openings, &closures)
    }

    /// The windows of `first..=last` on the local axis (as if it were ticks), sorted and
    /// disjoint; a window past midnight gives way to the next date's own.
    fn local_pieces(&self, calendar: &Calendar, first: Day, last: Day) -> Vec<Opening> {
        let mut pieces = Vec::new();
        for day in (first.0..=last.0).map(Day) {
            let midnight = Tick(i64::from(day.0) * DAY);
            let mut own: Vec<Opening> = Vec::new();
            let mut hours = self.hours_on(calendar, day).to_vec();
            hours.sort_unstable();
            for window in hours {
                let (start, end) = (midnight + window.opens(), midnight + window.closes());
                match own.last_mut().filter(|before| before.span.end >= start) {
                    Some(before) => before.span.end = before.span.end.max(end),
                    None => own.push(Opening::new(start, end, day)),
                }
            }
            let tomorrow = midnight + DAY;
            if own.last().is_some_and(|latest| latest.span.end > tomorrow) {
                let next = self.hours_on(calendar, day.plus(1)).iter();
                let taken: Vec<Span> =
                    next.map(|w| Span::new(tomorrow + w.opens(), tomorrow + w.closes())).collect();
                own = windows::without(&own, &taken);
            }
            pieces.append(&mut own);
        }
        pieces.sort_unstable();
        pieces
    }
}

/// Runs of days after the start, longer and longer, up to [`REACH`].
fn chunks() -> impl Iterator<Item = (i32, i32)> {
    let ends = std::iter::successors(Some(8), |&end| (end < REACH).then(|| REACH.min(end * 3)));
    let mut start = 0;
    ends.map(move |end| (std::mem::replace(&mut start, end), end))
}
