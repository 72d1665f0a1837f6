//! Timelines from calendar definitions, each distinct definition expanded once.

use crate::calendar::timeline::Timeline;
use crate::calendar::{Book, Calendar, Midnights, Opening};
use crate::time::Span;

/// Expands calendars over one span, remembering what it has seen.
pub(super) struct Expander<'a> {
    book: &'a Book,
    span: Span,
    pub(super) midnights: Midnights,
    seen: Vec<(Calendar, Vec<Opening>)>,
}

impl<'a> Expander<'a> {
    pub(super) fn new(book: &'a Book, span: Span) -> Expander<'a> {
        let midnights = book.zone().midnights(span);
        Expander { book, span, midnights, seen: Vec::new() }
    }

    /// The open minutes of `calendar`.
    pub(super) fn openings(&mut self, calendar: &Calendar) -> Vec<Opening> {
        // Most people share a handful of definitions; those with absences are seen once each.
        let recent = self.seen.iter().take(64).find(|(known, _)| known == calendar);
        if let Some((_, openings)) = recent {
            return openings.clone();
        }
        let openings = self.book.open_spans(calendar, self.span);
        self.seen.push((calendar.clone(), openings.clone()));
        openings
    }

    /// The timeline of `calendar` on its own zone's dates.
    pub(super) fn timeline(&mut self, calendar: &Calendar) -> Timeline {
        let openings = self.openings(calendar);
        let zone = self.book.zone_of(calendar);
        if zone == self.book.zone() {
            Timeline::from_windows(openings, &self.midnights)
        } else {
            Timeline::from_windows(openings, &zone.midnights(self.span))
        }
    }
}
