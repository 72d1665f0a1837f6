//! What can be wrong in a calendar or a holiday table that parsed.

use super::{Calendar, Date, Fault, HolidayTable, Hours, Weekday, Weekly, Zone};
use std::collections::BTreeMap;

impl Calendar {
    /// Everything wrong in it, given the document's zone and holiday tables.
    #[must_use]
    pub fn problems(&self, zone: Zone, tables: &[HolidayTable]) -> Vec<Fault> {
        let mut faults = Vec::new();
        weekly_faults("weekly", &self.weekly, &mut faults);
        if let Some(id) = self.holidays.as_ref().filter(|id| tables.iter().all(|t| t.id != **id)) {
            faults.push(Fault::new(
                "holidays",
                format!("没有名为“{id}”的节假日表"),
                format!("there is no holiday table \"{id}\""),
            ));
        }
        for (row, other) in self.overrides.iter().enumerate() {
            hours_faults(&format!("overrides[{row}].hours"), &other.hours, &mut faults);
            if let Some(to) = other.to.filter(|&to| to < other.from) {
                let from = other.from;
                faults.push(Fault::new(
                    format!("overrides[{row}].to"),
                    format!("止日 {to} 早于起日 {from}"),
                    format!("the last date {to} is before the first, {from}"),
                ));
            }
        }
        for (row, revision) in self.revisions.iter().enumerate() {
            weekly_faults(&format!("revisions[{row}].weekly"), &revision.weekly, &mut faults);
            let earlier = row.checked_sub(1).map(|row| self.revisions[row].from);
            if let Some(earlier) = earlier.filter(|&earlier| earlier >= revision.from) {
                let from = revision.from;
                faults.push(Fault::new(
                    format!("revisions[{row}].from"),
                    format!("{from} 应晚于上一次修订的 {earlier}"),
                    format!("{from} must come after the revision before it, {earlier}"),
                ));
            }
        }
        self.closure_faults(self.zone.unwrap_or(zone), &mut faults);
        faults
    }

    fn closure_faults(&self, zone: Zone, faults: &mut Vec<Fault>) {
        for (row, closure) in self.closures.iter().enumerate() {
            let place = |field| format!("closures[{row}].{field}");
            let bounds = [("from", zone.tick(closure.from)), ("to", zone.tick(closure.to))];
            if let [(_, Ok(from)), (_, Ok(to))] = bounds
                && to <= from
            {
                let (from, to) = (closure.from, closure.to);
                faults.push(Fault::new(
                    place("to"),
                    format!("{to} 不晚于 {from}"),
                    format!("{to} does not come after {from}"),
                ));
            }
            for (field, bound) in bounds {
                if let Err(what) = bound {
                    faults.push(Fault { path: place(field), what });
                }
            }
        }
    }
}

impl HolidayTable {
    /// Everything wrong in it: dates outside their year, dates listed twice, years listed twice.
    #[must_use]
    pub fn problems(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut years: BTreeMap<i32, usize> = BTreeMap::new();
        let mut seen: BTreeMap<Date, String> = BTreeMap::new();
        for (row, year) in self.years.iter().enumerate() {
            if let Some(first) = years.insert(year.year, row) {
                let year = year.year;
                faults.push(Fault::new(
                    format!("years[{row}].year"),
                    format!("{year} 年已在 years[{first}] 列出"),
                    format!("{year} is listed already in years[{first}]"),
                ));
            }
            for (list, dates) in [("off", &year.off), ("work", &year.work)] {
                for (position, &date) in dates.iter().enumerate() {
                    let place = format!("years[{row}].{list}[{position}]");
                    if date.day().year() != year.year {
                        let year = year.year;
                        faults.push(Fault::new(
                            place.clone(),
                            format!("{date} 不在 {year} 年"),
                            format!("{date} is not in {year}"),
                        ));
                    }
                    if let Some(first) = seen.insert(date, place.clone()) {
                        faults.push(Fault::new(
                            place,
                            format!("{date} 已在 {first} 列出"),
                            format!("{date} is listed already at {first}"),
                        ));
                    }
                }
            }
        }
        faults
    }
}

fn weekly_faults(place: &str, weekly: &Weekly, faults: &mut Vec<Fault>) {
    for weekday in Weekday::ALL {
        hours_faults(&format!("{place}.{}", weekday.key()), weekly.on(weekday), faults);
    }
}

/// Windows of one date that share a minute.
fn hours_faults(place: &str, hours: &[Hours], faults: &mut Vec<Fault>) {
    for (row, window) in hours.iter().enumerate() {
        let shares =
            |other: &&Hours| other.opens() < window.closes() && window.opens() < other.closes();
        if let Some(other) = hours[..row].iter().find(shares) {
            faults.push(Fault::new(
                format!("{place}[{row}]"),
                format!("{window} 与同日的 {other} 重叠"),
                format!("{window} overlaps {other} of the same day"),
            ));
        }
    }
}
