//! Which days are out of the ordinary: those before filings are due, public holidays, and weekend
//! days that are worked in exchange. Must not know counts.

use std::collections::BTreeSet;

use crate::calendar::{Date, Day, HolidayTable, Weekday};

/// Days before a due date in which filings press.
const PRESSING: u32 = 5;

/// What makes days other than their day of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Almanac {
    /// The day of the month on which filings are due.
    due: u32,
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
    /// Whether a due date that is a day off moves to the next working day.
    moves: bool,
}

/// What kind of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A day of the week like others, on which filings press or do not.
    Plain { is_filing: bool },
    /// A public holiday.
    Holiday,
    /// A weekend day that is worked.
    MakeUp,
}

impl Default for Almanac {
    /// Filings are due on the 15th; nothing is known of holidays.
    fn default() -> Almanac {
        Almanac::due_on(15)
    }
}

impl Almanac {
    /// Filings are due on that day of every month; nothing is known of holidays.
    #[must_use]
    pub fn due_on(due: u32) -> Almanac {
        let (off, work) = (BTreeSet::new(), BTreeSet::new());
        Almanac { due: due.clamp(1, 28), off, work, moves: false }
    }

    /// The same with the holidays of `table`: a due date that is a day off moves to the next
    /// working day, as statute has it.
    #[must_use]
    pub fn with(self, table: &HolidayTable) -> Almanac {
        let years = || table.years.iter();
        let off = years().flat_map(|year| year.off.iter().copied()).collect();
        let work = years().flat_map(|year| year.work.iter().copied()).collect();
        Almanac { off, work, moves: true, ..self }
    }

    /// The day of the month on which filings are due.
    #[must_use]
    pub fn due(&self) -> u32 {
        self.due
    }

    /// Whether holidays are known.
    #[must_use]
    pub fn knows_holidays(&self) -> bool {
        self.moves
    }

    /// The first and the last day of the month on which filings press where no holiday moves them.
    pub(super) fn pressing(&self) -> (u32, u32) {
        (self.due.saturating_sub(PRESSING).max(1), self.due)
    }

    /// What kind of day `day` is.
    pub(super) fn kind(&self, day: Day) -> Kind {
        let date = Date::from(day);
        if self.off.contains(&date) {
            Kind::Holiday
        } else if self.work.contains(&date) {
            Kind::MakeUp
        } else {
            Kind::Plain { is_filing: self.is_filing(day) }
        }
    }

    fn is_filing(&self, day: Day) -> bool {
        let (first, nominal) = self.pressing();
        let of_month = day.day_of_month();
        if of_month < first {
            return false;
        }
        // Behind the due date only while it moves on over days off.
        let behind = of_month.saturating_sub(nominal);
        let back = |days: u32| day.plus(-i32::try_from(days).unwrap_or(0));
        behind == 0 || self.moves && (1..=behind).all(|days| self.is_off(back(days)))
    }

    fn is_off(&self, day: Day) -> bool {
        let date = Date::from(day);
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.off.contains(&date) || is_weekend && !self.work.contains(&date)
    }
}

#[cfg(test)]
mod tests {
    use super::{Almanac, Kind};
    use crate::calendar::{Date, china};

    fn kind(almanac: &Almanac, month: u32, day: u32) -> Kind {
        almanac.kind(Date::new(2026, month, day).unwrap().day())
    }

    /// 15 March 2026 is a Sunday, so filings are due on Monday the 16th; the 15th of February is
    /// the first day of the Spring Festival holiday, which ends on the 23rd.
    #[test]
    fn due_dates_move_over_days_off() {
        let almanac = Almanac::default().with(&china());
        let is_filing = |month, day| kind(&almanac, month, day) == Kind::Plain { is_filing: true };
        assert!(!is_filing(3, 9) && is_filing(3, 10) && is_filing(3, 15) && is_filing(3, 16));
        assert!(!is_filing(3, 17));
        assert!(is_filing(2, 13) && is_filing(2, 24) && !is_filing(2, 25));
        assert_eq!(kind(&almanac, 2, 17), Kind::Holiday);
        assert_eq!(kind(&almanac, 2, 28), Kind::MakeUp);
        let plain = Almanac::default();
        let is_filing = |day| kind(&plain, 3, day) == Kind::Plain { is_filing: true };
        assert!(!is_filing(9) && is_filing(10) && is_filing(15) && !is_filing(16));
        assert_eq!(kind(&plain, 2, 17), Kind::Plain { is_filing: false });
    }
}
