//! Working days of generated scenarios, counted from the first. Must not know tickets or people.

use crate::calendar::{Book, Date, Day, Moment, china};
use crate::model::scenario::Scenario;

/// The working days of the firm from a date on.
pub(super) struct Dates {
    days: Vec<Day>,
}

impl Dates {
    /// The first `count` working days of the firm's office calendar from `start` on.
    pub(super) fn new(firm: &Scenario, start: Date, count: usize) -> Dates {
        let book = Book::new(firm.zone, vec![china()], firm.calendars.clone());
        let office = book.calendar("office").expect("the firm has office hours");
        let mut days = Vec::with_capacity(count);
        let mut day = start.day();
        while days.len() < count {
            if !book.hours_on(office, day).is_empty() {
                days.push(day);
            }
            day = day.plus(1);
        }
        Dates { days }
    }

    /// Working day number `index` from 0 on; the last one known for later ones.
    pub(super) fn day(&self, index: usize) -> Day {
        self.days[index.min(self.days.len() - 1)]
    }

    /// `hour`:`minute` of working day `index`.
    pub(super) fn at(&self, index: usize, hour: u16, minute: u16) -> Moment {
        Moment::local(self.day(index), hour * 60 + minute)
    }

    /// The number of the first working day on or after `day`.
    pub(super) fn index_of(&self, day: Day) -> usize {
        self.days.partition_point(|known| *known < day)
    }
}
