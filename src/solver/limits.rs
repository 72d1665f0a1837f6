//! Caps on the minutes of bands and rest between working dates (H15).

use super::extra::{self, PerTier};
use super::line::Busy;
use super::schedule::Schedule;
use crate::calendar::Day;
use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::work::{Person, Step};
use crate::problem::{Band, Choice, Fixed, Problem};
use crate::time::{Span, Tick};

/// Dates before `as_of` that month caps may reach back to.
const DAYS_BACK: i32 = 31;
/// Minutes a start moves on at least where extra minutes make the exact next one hard to tell.
const LEAST_MOVE: i64 = 15;

/// Minutes by person, band and working date, for bands with caps: the paid bands in order, then
/// the regular one.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    first: Day,
    /// Months, as a running number, by date row.
    months: Vec<i32>,
    minutes: Column<Person, Vec<Vec<i64>>>,
    /// Somebody has caps.
    capped: bool,
    /// Somebody has caps on his regular band.
    regular: bool,
}

/// Minutes of somebody in one band beyond a cap: how many, and the dates the cap counts.
struct Excess {
    minutes: i64,
    first: Day,
    last: Day,
}

impl Limits {
    pub(super) fn new(problem: &Problem) -> Limits {
        let first = problem.midnights.day(problem.as_of).plus(-DAYS_BACK);
        let last = problem.midnights.day(problem.reach.end);
        let months = (first.0..=last.0 + 1).map(|day| month(Day(day)));
        let regular = problem.people.iter().any(|person| person.regular_band.is_some());
        let paid = problem.people.iter().any(|p| p.bands.iter().any(|band| band.caps.any()));
        let mut limits = Limits {
            first,
            months: months.collect(),
            minutes: Column::default(),
            capped: regular || paid,
            regular,
        };
        for person in problem.people.iter() {
            let rows = person.bands.iter().chain(&person.regular_band).map(|band| {
                let length = if band.caps.any() { limits.months.len() } else { 0 };
                let mut minutes = vec![0; length];
                for (day, used) in &band.used {
                    if let Some(cell) = limits.row(*day).and_then(|row| minutes.get_mut(row)) {
                        *cell += used;
                    }
                }
                minutes
            });
            let rows = rows.collect();
            limits.minutes.push(rows);
        }
        limits
    }

    fn row(&self, day: Day) -> Option<usize> {
        usize::try_from(day.0 - self.first.0).ok()
    }

    /// Whether regular minutes count too, for anybody.
    pub(super) fn counts_regular(&self) -> bool {
        self.regular
    }

    /// Counts the minutes of a placement in or out.
    pub(super) fn book(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        span: (Tick, Tick),
        counts: &PerTier,
        sign: i64,
    ) {
        if !self.capped {
            return;
        }
        self.each(problem, choice, span, counts, |limits, person, band, piece| {
            if limits.minutes[person][band].is_empty() {
                return;
            }
            let day = working_day(problem, person, step, piece.start);
            if let Some(row) = day.and_then(|day| limits.row(day)) {
                limits.minutes[person][band][row] += sign * piece.minutes();
            }
        });
    }

    /// Names every piece of a placement that is worked in a band that may have caps, by person.
    fn each(
        &mut self,
        problem: &Problem,
        choice: &Choice,
        (start, end): (Tick, Tick),
        counts: &PerTier,
        mut each: impl FnMut(&mut Limits, Id<Person>, usize, Span),
    ) {
        let shift = &problem.shifts[choice.shift];
        let crew = problem.crew(choice);
        extra::pieces(problem, choice, start, end, counts, |tier, piece| {
            for (person, band) in crew.iter().zip(&shift.tiers[tier].bands) {
                each(self, *person, usize::from(*band), piece);
            }
        });
        if !self.regular {
            return;
        }
        let from = shift.regular.first_window_ending_after(start);
        let windows = shift.regular.windows()[from..].iter();
        let whole = Span::new(start, end);
        for piece in windows.map_while(|window| window.span.intersection(whole)) {
            for person in crew {
                let row = &problem.people[*person];
                if row.regular_band.is_some() {
                    each(self, *person, row.bands.len(), piece);
                }
            }
        }
    }

    /// The first cap that one more placement breaks: whether of a regular band, and by how much.
    fn broken(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        span: (Tick, Tick),
        counts: &PerTier,
    ) -> Option<(bool, Excess)> {
        if !self.capped || (!self.regular && counts.iter().all(|count| *count == 0)) {
            return None;
        }
        // A step under way works its regular minutes whatever the caps say.
        let forced = problem.steps[step].fixed.is_begun();
        let mut broken = None;
        self.book(problem, step, choice, span, counts, 1);
        self.each(problem, choice, span, counts, |limits, person, band, piece| {
            let regular = band == problem.people[person].bands.len();
            if broken.is_none() && !(forced && regular) {
                let excess = limits.excess(problem, step, person, band, piece);
                broken = excess.map(|excess| (regular, excess));
            }
        });
        self.book(problem, step, choice, span, counts, -1);
        broken
    }

    /// What the period of `piece` holds beyond the caps of `person` in one band.
    fn excess(
        &self,
        problem: &Problem,
        step: Id<Step>,
        person: Id<Person>,
        band: usize,
        piece: Span,
    ) -> Option<Excess> {
        let minutes = &self.minutes[person][band];
        if minutes.is_empty() {
            return None;
        }
        let day = working_day(problem, person, step, piece.start)?;
        let row = self.row(day).filter(|row| *row < minutes.len())?;
        let caps = band_of(problem, person, band).caps;
        // Day 0 of the epoch was a Thursday: weeks begin three days before it.
        let weekday = usize::try_from((self.first.0 + 3).rem_euclid(7)).unwrap_or(0);
        let monday = (row + weekday) / 7 * 7;
        let week = monday.saturating_sub(weekday)..(monday + 7 - weekday).min(minutes.len());
        let from = self.months.partition_point(|month| *month < self.months[row]);
        let to = self.months.partition_point(|month| *month <= self.months[row]);
        let date = |row: usize| Some(self.first.plus(i32::try_from(row).ok()?));
        let periods = [(caps.day, row..row + 1), (caps.week, week), (caps.month, from..to)];
        periods.into_iter().find_map(|(cap, rows)| {
            let excess = minutes[rows.clone()].iter().sum::<i64>() - cap?;
            let (first, last) = (date(rows.start)?, date(rows.end - 1)?);
            (excess > 0).then_some(Excess { minutes: excess, first, last })
        })
    }
}

fn band_of(problem: &Problem, person: Id<Person>, band: usize) -> &Band {
    let row = &problem.people[person];
    let regular = || row.regular_band.as_ref().expect("only capped regular bands are counted");
    row.bands.get(band).unwrap_or_else(regular)
}

fn month(day: Day) -> i32 {
    day.year() * 12 + i32::try_from(day.month()).unwrap_or(0)
}

/// The working date of a worked minute of `person` on `step`.
fn working_day(problem: &Problem, person: Id<Person>, step: Id<Step>, tick: Tick) -> Option<Day> {
    let shift = &problem.shifts[problem.people[person].shifts[problem.steps[step].presence]];
    let tiers = shift.tiers.iter().map(|tier| &tier.minutes);
    [&shift.regular].into_iter().chain(tiers).find_map(|minutes| minutes.opening_day(tick))
}

impl Schedule<'_> {
    /// Whether caps and rest hold with one more placement, which may work minutes that are not
    /// regular when `extra`; if not, the tick from which to look for a better start.
    pub(super) fn limits_kept(
        &mut self,
        step: Id<Step>,
        choice: &Choice,
        (start, end): (Tick, Tick),
        extra: bool,
    ) -> Result<(), Option<Tick>> {
        let problem = self.problem;
        let regular = Some((0, extra::NONE));
        let split = if extra { extra::split(problem, choice, start, end) } else { regular };
        let Some((_, counts)) = split else {
            return Err(self.next_midnight(start));
        };
        let broken = self.limits_mut().broken(problem, step, choice, (start, end), &counts);
        let Some((regular, excess)) = broken else {
            return problem.crew(choice).iter().try_for_each(|person| {
                self.rests(*person, step, choice, (start, end), &counts).map_err(Some)
            });
        };
        let shift = &problem.shifts[choice.shift];
        let extra = counts.iter().position(|count| *count > 0);
        Err(match extra {
            _ if !regular => self.next_midnight(start),
            None => self.next_with_room(&shift.regular, (start, end), &excess),
            Some(_) => {
                let all = shift.levels.last().unwrap_or(&shift.regular);
                all.end_of(start, excess.minutes.max(LEAST_MOVE))
            }
        })
    }

    /// Regular minutes are worked until the step is done, so it starts where no more of them are
    /// left of the date, week or month than that has room for.
    fn next_with_room(
        &self,
        regular: &Timeline,
        (start, end): (Tick, Tick),
        excess: &Excess,
    ) -> Option<Tick> {
        let midnights = &self.problem.midnights;
        let opening = midnights.midnight(excess.first).unwrap_or(start);
        let close = midnights.midnight(excess.last.plus(1))?;
        let worked = regular.open_between(start.max(opening), end.min(close));
        let room = (worked - excess.minutes).max(0);
        let next = regular.latest_start(close, room + 1)? + 1;
        (next > start).then_some(next)
    }

    fn next_midnight(&self, tick: Tick) -> Option<Tick> {
        let midnights = &self.problem.midnights;
        midnights.midnight(midnights.day(tick).plus(1))
    }

    /// Whether `person` rests enough around and within the placement; if not, the tick before
    /// which no start is any better.
    fn rests(
        &self,
        person: Id<Person>,
        step: Id<Step>,
        choice: &Choice,
        (start, end): (Tick, Tick),
        counts: &PerTier,
    ) -> Result<(), Tick> {
        let problem = self.problem;
        let Some(rest) = problem.people[person].rest else { return Ok(()) };
        let mut worked = worked_pieces(problem, choice, (start, end), counts);
        worked.sort_unstable();
        // What lies in no band, as a done step may, has no working date and asks for no rest.
        let apart = |first: (Tick, Option<Day>), then: (Tick, Option<Day>)| {
            first.1.is_none() || first.1 == then.1 || then.0 - first.0 >= rest
        };
        // A step under way works its regular minutes whatever lies before.
        let forced = problem.steps[step].fixed.is_begun() && counts.iter().all(|c| *c == 0);
        let day = |tick| working_day(problem, person, step, tick);
        let tight = worked.windows(2).find(|pair| {
            !apart((pair[0].end, day(pair[0].end - 1)), (pair[1].start, day(pair[1].start)))
        });
        if let Some(pair) = tight.filter(|_| !forced) {
            return Err(pair[1].start);
        }
        let line = self.line(person).busy();
        let next = self.line(person).first_ending_after(start);
        let planned = |busy: &Busy| problem.steps[busy.step].fixed == Fixed::Free;
        let before = next.checked_sub(1).map(|row| line[row]);
        let before = before.filter(|busy| !forced || planned(busy));
        let after = line.get(next);
        let of = |busy: Busy, tick| (tick, working_day(problem, person, busy.step, tick));
        if let Some(busy) = before
            && !apart((busy.end, of(busy, busy.end - 1).1), (start, day(start)))
        {
            let rested = busy.end + rest;
            return Err(after.map_or(rested, |after| rested.min(after.end)));
        }
        if let Some(busy) = after
            && !apart((end, day(end - 1)), of(*busy, busy.start))
        {
            let next_date = self.next_midnight(start).unwrap_or(busy.end);
            return Err(busy.end.min(next_date));
        }
        Ok(())
    }
}

/// Everything worked in a placement, in no order, runs of one window apart.
pub(super) fn worked_pieces(
    problem: &Problem,
    choice: &Choice,
    (start, end): (Tick, Tick),
    counts: &PerTier,
) -> Vec<Span> {
    let regular = &problem.shifts[choice.shift].regular;
    let from = regular.first_window_ending_after(start);
    let span = Span::new(start, end);
    let windows = regular.windows()[from..].iter();
    let mut worked: Vec<Span> =
        windows.map_while(|window| window.span.intersection(span)).collect();
    extra::pieces(problem, choice, start, end, counts, |_, span| worked.push(span));
    worked
}
