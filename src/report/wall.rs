//! Wall-clock times as readers see them: short, in one zone, which the page names once.

use crate::calendar::{Day, Weekday, Zone};
use crate::model::lang::Lang;
use crate::time::{Span, Tick};

/// The wall clock of a board.
#[derive(Clone, Copy)]
pub(super) struct Wall(pub(super) Zone);

impl Wall {
    /// `09:00`.
    pub(super) fn clock(self, tick: Tick) -> String {
        let minute = self.0.minute_of_day(tick);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// `03-02 09:00`.
    pub(super) fn stamp(self, tick: Tick) -> String {
        format!("{} {}", date(self.0.date(tick)), self.clock(tick))
    }

    /// `2026-03-02 09:00`.
    pub(super) fn full(self, tick: Tick) -> String {
        format!("{} {}", self.0.date(tick), self.clock(tick))
    }

    /// `03-02 09:00–10:30`, with the date of the end where it is another.
    pub(super) fn span(self, span: Span) -> String {
        let (first, last) = (self.0.date(span.start), self.0.date(span.end - 1));
        if first == last || span.minutes() == 0 {
            let end = self.last_clock(span.end);
            return format!("{}–{end}", self.stamp(span.start));
        }
        format!("{}–{} {}", self.stamp(span.start), date(last), self.last_clock(span.end))
    }

    /// `09:00–10:30`, both on one date.
    pub(super) fn hours(self, span: Span) -> String {
        format!("{}–{}", self.clock(span.start), self.last_clock(span.end))
    }

    /// The end of a half-open span: midnight reads `24:00`.
    fn last_clock(self, end: Tick) -> String {
        if self.0.minute_of_day(end) == 0 { "24:00".to_owned() } else { self.clock(end) }
    }

    /// `UTC+08:00` at `tick`.
    pub(super) fn offset(self, tick: Tick) -> String {
        let minutes = self.0.offset(tick);
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// `03-02`.
pub(super) fn date(day: Day) -> String {
    format!("{:02}-{:02}", day.month(), day.day_of_month())
}

/// `周一` or `Mon`.
pub(super) fn weekday(day: Day, lang: Lang) -> &'static str {
    match day.weekday() {
        Weekday::Mon => lang.of("周一", "Mon"),
        Weekday::Tue => lang.of("周二", "Tue"),
        Weekday::Wed => lang.of("周三", "Wed"),
        Weekday::Thu => lang.of("周四", "Thu"),
        Weekday::Fri => lang.of("周五", "Fri"),
        Weekday::Sat => lang.of("周六", "Sat"),
        Weekday::Sun => lang.of("周日", "Sun"),
    }
}

/// Elapsed time: `2小时05分` or `2 h 05 min`; days of 24 hours from two days on. The sign is left
/// off.
pub(super) fn length(minutes: i64, lang: Lang) -> String {
    let minutes = minutes.abs();
    let (days, hours) = (minutes / 1440, minutes % 1440 / 60);
    if days < 2 {
        return worked(minutes, lang);
    }
    lang.of(format!("{days}天{hours}小时"), format!("{days} d {hours} h"))
}

/// Working time, which is never told in days: `56小时` or `56 h`.
pub(super) fn worked(minutes: i64, lang: Lang) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => lang.of(format!("{rest}分"), format!("{rest} min")),
        (hours, 0) => lang.of(format!("{hours}小时"), format!("{hours} h")),
        (hours, rest) => {
            lang.of(format!("{hours}小时{rest:02}分"), format!("{hours} h {rest:02} min"))
        }
    }
}

/// As short as it can be understood in either language: `50m`, `1h50`, `2d3h`.
pub(super) fn brief(minutes: i64) -> String {
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (2.., hours, _) => format!("{}d{}h", hours / 24, hours % 24),
        (_, 0, rest) => format!("{rest}m"),
        (_, hours, 0) => format!("{hours}h"),
        (_, hours, rest) => format!("{hours}h{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Wall, brief, length, worked};
    use crate::calendar::Zone;
    use crate::model::lang::Lang;
    use crate::time::{Span, Tick};

    #[test]
    fn elapsed_time_has_days_and_working_time_has_none() {
        // 80 h = 4800 min = 3 × 24 h + 8 h
        assert_eq!(length(4_800, Lang::En), "3 d 8 h");
        assert_eq!(worked(4_800, Lang::En), "80 h");
        assert_eq!(length(-125, Lang::Zh), "2小时05分");
        assert_eq!(
            (brief(4_800).as_str(), brief(125).as_str(), brief(50).as_str()),
            ("3d8h", "2h05", "50m")
        );
    }

    #[test]
    fn a_span_names_its_second_date_only_when_there_is_one() {
        let wall = Wall(Zone::default());
        let nine = Zone::default().midnight(crate::calendar::Day(20_514)) + 9 * 60;
        assert_eq!(wall.span(Span::new(nine, nine + 60)), "03-02 09:00–10:00");
        assert_eq!(wall.span(Span::new(nine, nine + 15 * 60)), "03-02 09:00–24:00");
        assert_eq!(wall.span(Span::new(nine, nine + 24 * 60)), "03-02 09:00–03-03 09:00");
        assert_eq!(wall.offset(Tick(0)), "UTC+08:00");
    }
}
