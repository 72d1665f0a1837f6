//! The definition: what it means that a calendar is open, told from the wall clock.
//!
//! A minute is open when its wall-clock minute lies in a window of its local date, or, counted on
//! from the midnight before, in a window of the date before, and no closure holds it. Where both
//! dates claim a minute it belongs to its own date. Must not know the compiled timeline.

use super::{Calendar, Closure, Date, Day, HolidayTable, Hours, Weekday, Zone};
use crate::time::{DAY, Span, Tick};
use std::collections::BTreeMap;

/// The calendars of one document, the holiday tables they follow, and the document's zone.
#[derive(Clone, Debug, Default)]
pub struct Book {
    zone: Zone,
    tables: BTreeMap<String, Table>,
    calendars: BTreeMap<String, Calendar>,
}

/// A holiday table, looked up by date.
#[derive(Clone, Debug, Default)]
struct Table {
    /// Whether the date is worked; dates the table does not list are absent.
    works: BTreeMap<Date, bool>,
    /// Whether the year is provisional; years without an entry are absent.
    years: BTreeMap<i32, bool>,
}

impl Book {
    /// A book of these; of equal ids the last wins, so a user's table replaces a built-in one.
    #[must_use]
    pub fn new(zone: Zone, tables: Vec<HolidayTable>, calendars: Vec<Calendar>) -> Book {
        let tables = tables.into_iter().map(|table| (table.id.clone(), indexed(&table)));
        let calendars = calendars.into_iter().map(|calendar| (calendar.id.clone(), calendar));
        Book { zone, tables: tables.collect(), calendars: calendars.collect() }
    }

    /// The document's zone.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The zone of `calendar`'s wall clock.
    #[must_use]
    pub fn zone_of(&self, calendar: &Calendar) -> Zone {
        calendar.zone.unwrap_or(self.zone)
    }

    /// The calendar called `id`.
    #[must_use]
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id)
    }

    /// All calendars, by id.
    pub fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        self.calendars.values()
    }

    /// The windows that open on `day`, as listed; closures are not taken off.
    #[must_use]
    pub fn hours_on<'a>(&self, calendar: &'a Calendar, day: Day) -> &'a [Hours] {
        let date = Date::from(day);
        if let Some(other) = calendar.overrides.iter().rev().find(|other| other.covers(date)) {
            return &other.hours;
        }
        let in_force = calendar.revisions.iter().filter(|revision| revision.from <= date);
        let weekly = in_force.max_by_key(|revision| revision.from);
        let weekly = weekly.map_or(&calendar.weekly, |revision| &revision.weekly);
        match self.table_of(calendar).and_then(|table| table.works.get(&date)) {
            None => weekly.on(day.weekday()),
            Some(true) => weekly.on(calendar.make_up.unwrap_or(Weekday::Mon)),
            Some(false) => &[],
        }
    }

    /// Whether the minute `tick` is open.
    #[must_use]
    pub fn is_open(&self, calendar: &Calendar, tick: Tick) -> bool {
        self.opening_day(calendar, tick).is_some()
    }

    /// The date on which the window that holds the open minute `tick` opens; `None` when closed.
    #[must_use]
    pub fn opening_day(&self, calendar: &Calendar, tick: Tick) -> Option<Day> {
        let zone = self.zone_of(calendar);
        let (today, minute) = (zone.date(tick), zone.minute_of_day(tick));
        let yesterday = today.plus(-1);
        let holds =
            |day, minute| self.hours_on(calendar, day).iter().any(|hours| hours.contains(minute));
        let day = if holds(today, minute) {
            today
        } else if holds(yesterday, minute + DAY) {
            yesterday
        } else {
            return None;
        };
        let closed = calendar.closures.iter().any(|c| closed_span(zone, c).contains(tick));
        (!closed).then_some(day)
    }

    /// Whether the hours of `day` rest on a holiday table that has not published its year, or
    /// only guesses it. A date with an override of its own is certain.
    #[must_use]
    pub fn is_provisional(&self, calendar: &Calendar, day: Day) -> bool {
        let date = Date::from(day);
        if calendar.holidays.is_none() || calendar.overrides.iter().any(|o| o.covers(date)) {
            return false;
        }
        let guessed = self.table_of(calendar).and_then(|table| table.years.get(&day.year()));
        guessed.copied().unwrap_or(true)
    }

    fn table_of(&self, calendar: &Calendar) -> Option<&Table> {
        self.tables.get(calendar.holidays.as_ref()?)
    }
}

/// The ticks a closure takes away; a bound that the clock skips means the first tick after.
pub(super) fn closed_span(zone: Zone, closure: &Closure) -> Span {
    Span::new(zone.tick_from(closure.from), zone.tick_from(closure.to))
}

fn indexed(table: &HolidayTable) -> Table {
    let mut index = Table::default();
    for year in &table.years {
        index.years.insert(year.year, year.provisional);
        index.works.extend(year.off.iter().map(|&date| (date, false)));
        index.works.extend(year.work.iter().map(|&date| (date, true)));
    }
    index
}
