//! H15: caps of bands per working date, ISO week and month, and rest between worked dates.

use std::collections::BTreeMap;

use super::report::{Code, Violation};
use super::scene::{Scene, Shift};
use crate::calendar::Day;
use crate::id::Id;
use crate::model::rule::Rule;
use crate::model::work::{Band, Person, Progress, Step};
use crate::time::{Span, Tick};

/// H15 for everybody.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    for (id, person) in scene.work.people.pairs() {
        for (row, band) in person.bands.iter().enumerate() {
            if band.caps.any() {
                caps(scene, id, row, band, found);
            }
        }
        if let Some(least) = person.rest {
            rest(scene, id, least, found);
        }
    }
}

/// The first date of what a cap is counted over.
type Period = fn(Day) -> Day;

fn date(day: Day) -> Day {
    day
}

fn week(day: Day) -> Day {
    day.plus(-(day.weekday() as i32))
}

fn month(day: Day) -> Day {
    day.plus(1 - i32::try_from(day.day_of_month()).unwrap_or(1))
}

/// Minutes of one period, and the last shift the plan chose in it.
#[derive(Default)]
struct Total<'a> {
    minutes: i64,
    chosen: Option<&'a Shift>,
}

fn caps(scene: &Scene, id: Id<Person>, row: usize, band: &Band, found: &mut Vec<Violation>) {
    let work = scene.work;
    let caps = &band.caps;
    let periods: [(Option<i64>, Period, &str, &str); 3] = [
        (caps.day, date, "日", "day"),
        (caps.week, week, "周", "week"),
        (caps.month, month, "月", "month"),
    ];
    for (cap, period, zh, en) in periods {
        let Some(cap) = cap else { continue };
        let mut totals: BTreeMap<Day, Total> = BTreeMap::new();
        for (day, minutes) in &band.used {
            totals.entry(period(*day)).or_default().minutes += minutes;
        }
        for shift in scene.shifts[id].iter().filter(|shift| shift.band == row) {
            let total = totals.entry(period(shift.day)).or_default();
            total.minutes += shift.span.minutes();
            if shift.chosen {
                total.chosen = Some(shift);
            }
        }
        for (first, total) in totals {
            let Some(shift) = total.chosen.filter(|_| total.minutes > cap) else { continue };
            let (name, minutes) = (&work.people[id].key, total.minutes);
            let violation = Violation::new(
                Code::Rule(Rule::H15),
                format!("{name} 在 {first} 起的一{zh}内该时段工作 {minutes} 分钟,上限 {cap}"),
                format!(
                    "{name} works {minutes} minutes of the band in the {en} of {first}, the cap is {cap}"
                ),
            );
            let violation = violation.step(work, shift.step).person(work, id);
            found.push(violation.at(work, shift.span.start).by(minutes - cap));
        }
    }
}

/// A worked stretch, as far as rest is concerned.
#[derive(Clone, Copy)]
struct Worked {
    span: Span,
    day: Day,
    step: Id<Step>,
    chosen: bool,
}

fn rest(scene: &Scene, id: Id<Person>, least: i64, found: &mut Vec<Violation>) {
    let work = scene.work;
    let mut worked: Vec<Worked> = Vec::new();
    worked.extend(scene.lines[id].iter().filter_map(|&step| last_done(scene, id, step)));
    worked.extend(scene.shifts[id].iter().map(|shift| Worked {
        span: shift.span,
        day: shift.day,
        step: shift.step,
        chosen: shift.chosen,
    }));
    worked.sort_by_key(|worked| (worked.span, worked.step));
    for pair in worked.windows(2) {
        let [before, after] = [pair[0], pair[1]];
        let gap = after.span.start - before.span.end;
        let judged = before.day != after.day && (before.chosen || after.chosen);
        if judged && gap >= 0 && gap < least {
            let name = &work.people[id].key;
            let violation = Violation::new(
                Code::Rule(Rule::H15),
                format!(
                    "{name} 在 {} 与 {} 两个工作日之间只休息 {gap} 分钟,至少 {least}",
                    before.day, after.day
                ),
                format!(
                    "{name} rests {gap} minutes between {} and {}, at least {least} are due",
                    before.day, after.day
                ),
            );
            let violation = violation.step(work, after.step).person(work, id);
            found.push(violation.at(work, after.span.start).by(least - gap));
        }
    }
}

/// Of a done step only its last minute is known to have been worked.
fn last_done(scene: &Scene, id: Id<Person>, step: Id<Step>) -> Option<Worked> {
    let row = &scene.work.steps[step];
    let Some(Progress::Done { span, .. }) = &row.progress else { return None };
    let last: Tick = span.end - 1;
    let minute = Span::new(last, last + 1);
    let slot = scene.hours.within(id, row.remote, minute).next()?;
    Some(Worked { span: minute, day: slot.day, step, chosen: false })
}
