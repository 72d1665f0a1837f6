//! What a log has taught: a level, days of the week, filing dates, holidays, a trend where one shows,
//! and a yearly season where there are two years. Each can be checked by hand.

use super::almanac::{Almanac, Kind};
use crate::calendar::Day;
use crate::model::forecast::Forecast;

/// Days of which the level is taken.
const LATE: usize = 28;

/// Days a log must have.
const LEAST: usize = 56;

/// So often the level is taken to see a trend.
const BLOCKS: usize = 4;

/// Days of a trend, at most: half of those it was seen in.
const FARTHEST: usize = BLOCKS * LATE / 2;

/// Days of a year.
const YEAR: usize = 365;

/// Days that a kind of day counts as usual before its own say otherwise.
const USUAL: i64 = 4;

/// The model, in thousandths.
pub(super) struct Model {
    pub(super) level: i64,
    pub(super) weekdays: [i64; 7],
    pub(super) filing: i64,
    /// Against an average day.
    pub(super) holiday: i64,
    pub(super) make_up: i64,
    /// How many of either it was learnt from.
    pub(super) holidays_seen: u32,
    pub(super) make_ups_seen: u32,
    /// By month of the year.
    pub(super) months: Option<[i64; 12]>,
    /// What 28 days add to the level; 0 where no trend shows.
    trend: i64,
    pub(super) dispersion: i64,
}

/// The days of the week on other dates, on filing dates, holidays, and make-up days.
const KINDS: usize = 16;
const HOLIDAY: usize = 14;
const MAKE_UP: usize = 15;

/// What is known of a day beforehand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    kind: usize,
    weekday: usize,
    month: usize,
}

impl Row {
    pub(super) fn of(day: Day, almanac: &Almanac) -> Row {
        // 1970-01-01 was a Thursday.
        let weekday =
            usize::try_from((day.0.rem_euclid(7) + 3) % 7).expect("a week has seven days");
        let kind = match almanac.kind(day) {
            Kind::Plain { is_filing } => weekday + if is_filing { 7 } else { 0 },
            Kind::Holiday => HOLIDAY,
            Kind::MakeUp => MAKE_UP,
        };
        let month = usize::try_from(day.month()).map_or(0, |month| month.saturating_sub(1).min(11));
        Row { kind, weekday, month }
    }

    /// The day of the week, Monday first.
    pub(super) fn weekday(self) -> usize {
        self.weekday
    }
}

/// What is known of `count` days from `first` on.
pub(super) fn rows(first: Day, count: usize, almanac: &Almanac) -> Vec<Row> {
    let day = |row: usize| first.plus(i32::try_from(row).unwrap_or(i32::MAX));
    (0..count).map(|row| Row::of(day(row), almanac)).collect()
}

/// Tickets per date from `first` to `last`.
pub(super) fn counted(calls: impl Iterator<Item = Day>, first: Day, last: Day) -> Option<Vec<i64>> {
    let length = usize::try_from(last.0 - first.0 + 1).ok()?;
    if length < LEAST {
        return None;
    }
    let mut counts = vec![0; length];
    for day in calls {
        counts[usize::try_from(day.0 - first.0).ok()?] += 1;
    }
    Some(counts)
}

/// `sum` thousandths over `count`, and `default` of nothing.
fn mean(sum: i64, count: i64, default: i64) -> i64 {
    (sum * 1_000).checked_div(count).unwrap_or(default)
}

impl Model {
    /// Learnt from `counts`, days of `rows`.
    pub(super) fn of(counts: &[i64], rows: &[Row]) -> Model {
        let (mut sums, mut days) = ([0; KINDS], [0; KINDS]);
        for (count, row) in counts.iter().zip(rows) {
            sums[row.kind] += count;
            days[row.kind] += 1;
        }
        let of = |rows: &[i64; KINDS]| rows[..HOLIDAY].iter().sum::<i64>();
        let all = mean(of(&sums), of(&days), 0).max(1);
        let weekdays: [i64; 7] = std::array::from_fn(|row| {
            mean(sums[row] + sums[row + 7], days[row] + days[row + 7], all) * 1_000 / all
        });
        // Filing dates against others, each by what its day of the week would bring.
        let share = |kinds: std::ops::Range<usize>| {
            let sum: i64 = sums[kinds.clone()].iter().sum();
            let usual = |row: usize| days[row] * (weekdays[row % 7] * all / 1_000);
            let usual: i64 = kinds.map(usual).sum();
            (sum * 1_000_000).checked_div(usual).unwrap_or(1_000)
        };
        let (filing, other) = (share(7..HOLIDAY), share(0..7).max(1));
        // Few dates: taken for a Sunday, or an average working day, until their own say more.
        let few = |kind: usize, usual: i64| {
            let sum = sums[kind] * 1_000_000 / all + USUAL * usual;
            sum / (days[kind] + USUAL)
        };
        let working = weekdays[..5].iter().sum::<i64>() / 5;
        let (holiday, make_up) = (few(HOLIDAY, weekdays[6]), few(MAKE_UP, working));
        let filing = filing * 1_000 / other;
        let seen = |kind: usize| u32::try_from(days[kind]).unwrap_or(u32::MAX);
        let mut model = Model {
            level: all,
            weekdays,
            filing,
            holiday,
            make_up,
            holidays_seen: seen(HOLIDAY),
            make_ups_seen: seen(MAKE_UP),
            months: None,
            trend: 0,
            dispersion: 1_000,
        };
        model.months = model.season(counts, rows);
        let from = counts.len().saturating_sub(LATE);
        model.level = model.level_of(&counts[from..], &rows[from..]).unwrap_or(all).max(1);
        model.dispersion = model.spread(counts, rows).max(1_000);
        model.trend = model.slope(counts, rows);
        model
    }

    /// What `forecast` tells of it.
    pub(super) fn told(forecast: &Forecast) -> Model {
        let at = |rows: &[i64], row: usize| rows.get(row).copied().unwrap_or(1_000);
        Model {
            level: forecast.level_permille,
            weekdays: std::array::from_fn(|row| at(&forecast.weekdays_permille, row)),
            filing: forecast.filing_permille,
            holiday: forecast.holiday_permille.unwrap_or(1_000),
            make_up: forecast.make_up_permille.unwrap_or(1_000),
            holidays_seen: forecast.holidays_seen.unwrap_or(0),
            make_ups_seen: forecast.make_ups_seen.unwrap_or(0),
            months: (!forecast.months_permille.is_empty())
                .then(|| std::array::from_fn(|row| at(&forecast.months_permille, row))),
            trend: 0,
            dispersion: forecast.dispersion_permille,
        }
    }

    /// The level of some days: what they brought against what they usually do.
    fn level_of(&self, counts: &[i64], rows: &[Row]) -> Option<i64> {
        let sum: i64 = counts.iter().sum();
        let usual: i64 = rows.iter().map(|row| self.usual(*row)).sum();
        (sum * 1_000_000).checked_div(usual)
    }

    /// What each month brings, where there are two years and both say the same of it: more, or
    /// less; the year that says less of it counts. Growth from one year to the next is taken out
    /// as a straight line.
    fn season(&self, counts: &[i64], rows: &[Row]) -> Option<[i64; 12]> {
        let from = counts.len().checked_sub(2 * YEAR)?;
        let (counts, rows) = (&counts[from..], &rows[from..]);
        let sum = |counts: &[i64]| counts.iter().sum::<i64>();
        let (one, other) = (sum(&counts[..YEAR]), sum(&counts[YEAR..]));
        // The years' middles lie 182.5 days from the middle of both.
        let steep = ((other - one) * 1_000).checked_div(one + other)?.clamp(-400, 400);
        let weight = |row: usize| {
            let off = i64::try_from(row).unwrap_or(0) - i64::try_from(YEAR).unwrap_or(0);
            1_000 + steep * off * 10 / 1_825
        };
        let mut factors = [[1_000; 12]; 2];
        for (year, factors) in factors.iter_mut().enumerate() {
            let (mut sums, mut usual) = ([0; 12], [0; 12]);
            for row in year * YEAR..(year + 1) * YEAR {
                sums[rows[row].month] += counts[row];
                usual[rows[row].month] += self.usual(rows[row]) * weight(row) / 1_000;
            }
            let (all, whole) = (sums.iter().sum::<i64>(), usual.iter().sum::<i64>());
            for (month, factor) in factors.iter_mut().enumerate() {
                let expected = (usual[month] * all).checked_div(whole).unwrap_or(0);
                *factor = (sums[month] * 1_000).checked_div(expected).unwrap_or(1_000);
            }
        }
        Some(std::array::from_fn(|month| match (factors[0][month], factors[1][month]) {
            (one, other) if one > 1_000 && other > 1_000 => one.min(other),
            (one, other) if one < 1_000 && other < 1_000 => one.max(other),
            _ => 1_000,
        }))
    }

    /// What 28 days add to the level, by a straight line through those of the last four times 28;
    /// 0 where it is less than three times what chance makes of it.
    fn slope(&self, counts: &[i64], rows: &[Row]) -> i64 {
        let Some(from) = counts.len().checked_sub(BLOCKS * LATE) else { return 0 };
        let levels = counts[from..].chunks(LATE).zip(rows[from..].chunks(LATE));
        let levels: Vec<i64> =
            levels.filter_map(|(counts, rows)| self.level_of(counts, rows)).collect();
        let [one, two, three, four] = levels[..] else { return 0 };
        // At −3, −1, 1, 3 halves: Σ x y / Σ x² = (3 (four − one) + three − two) / 10.
        let slope = (3 * (four - one) + three - two) / 10;
        // A level of 28 days varies by D × level / 28, the slope by a fifth of that.
        let mean = levels.iter().sum::<i64>() / 4;
        let days = i64::try_from(LATE).unwrap_or(1);
        let variance = mean * self.dispersion / days / 5;
        if slope * slope > 9 * variance { slope } else { 0 }
    }

    /// What a week adds to the level, in thousandths of it.
    pub(super) fn trend_a_week(&self) -> i64 {
        self.trend * 250 / self.level.max(1)
    }

    /// Pearson's χ² over its degrees of freedom, on the level of the days around each.
    fn spread(&self, counts: &[i64], rows: &[Row]) -> i64 {
        let usual = |row: usize| self.usual(rows[row]);
        let width = LATE.min(counts.len());
        let mut near: i64 = counts[..width].iter().sum();
        let mut around: i64 = (0..width).map(usual).sum();
        let (mut from, mut chi) = (0, 0);
        for (row, own) in counts.iter().enumerate() {
            while from < row.saturating_sub(LATE / 2).min(counts.len() - width) {
                near += counts[from + width] - counts[from];
                around += usual(from + width) - usual(from);
                from += 1;
            }
            let mean = (usual(row) * near * 1_000).checked_div(around).unwrap_or(0);
            let off = own * 1_000 - mean;
            chi += (off * off).checked_div(mean).unwrap_or(0);
        }
        chi / (i64::try_from(counts.len()).unwrap_or(i64::MAX) - 9).max(1)
    }

    /// What a day brings by what is known of it, in thousandths of an average day.
    pub(super) fn usual(&self, row: Row) -> i64 {
        let usual = match row.kind {
            HOLIDAY => self.holiday,
            MAKE_UP => self.make_up,
            kind if kind >= 7 => self.weekdays[kind % 7] * self.filing / 1_000,
            kind => self.weekdays[kind],
        };
        self.months.map_or(usual, |months| usual * months[row.month] / 1_000)
    }

    /// Tickets on a day so many days `ahead` of the last one known, in thousandths.
    pub(super) fn expected(&self, row: Row, ahead: usize) -> i64 {
        // The level is that of the middle of the last 28 days.
        let ahead = i64::try_from(ahead.min(FARTHEST)).unwrap_or(0);
        let days = i64::try_from(LATE).unwrap_or(1);
        let level = self.level + self.trend * (2 * ahead + days - 1) / (2 * days);
        self.usual(row) * level.max(1) / 1_000
    }
}
