//! When an office is open: calendars as people state them, and the wall clock of their zone.
//!
//! Two readings of the same calendar live here and share no arithmetic. The *definition*
//! ([`Book`]) answers from the wall clock, local date by local date; the verifier reads that one.
//! The *compiled* reading ([`timeline`]) answers from sorted windows and prefix sums; the solver
//! reads that one. A property test holds the two against each other minute by minute.
//!
//! | word | 中文 | is |
//! |---|---|---|
//! | calendar | 日历 | when an office, a band or a bureau is open |
//! | holiday table | 节假日表 | the days off and make-up working days (调休补班) of each year |
//! | opening | 开放时段 | a span of open minutes and the date on which it opened |
//! | closure | 停办 | an exact span taken away from a calendar |
//! | provisional | 暂定 | of a year whose holiday notice is not published yet |
//!
//! This room knows nothing of people, tickets or prices.

mod axis;
mod check;
mod day;
mod expand;
mod form;
mod holiday;
mod hours;
mod label;
mod moment;
mod spec;
pub mod timeline;
pub mod windows;

pub use axis::{Stretch, Zone};
pub use day::{Day, Midnights, Opening, Weekday};
pub use form::{Calendar, Closure, Override, Revision, Weekly};
pub use holiday::{HOLIDAYS_FORMAT, HolidayName, HolidayTable, HolidayYear, china};
pub use hours::Hours;
pub use label::{Fault, Label};
pub use moment::{Date, Moment};
pub use spec::Book;

/// Whether a text is well formed: nothing, or the sentence for whoever wrote it.
pub type Check = fn(&str) -> Result<(), Label>;

/// The string formats this room defines for JSON Schema, each with its check.
pub const FORMATS: &[(&str, Check)] = &[
    ("paidan-moment", |text| Moment::parse(text).map(drop)),
    ("paidan-date", |text| Date::parse(text).map(drop)),
    ("paidan-hours", |text| Hours::parse(text).map(drop)),
    ("paidan-zone", |text| Zone::parse(text).map(drop)),
];
