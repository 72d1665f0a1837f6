//! Caps on paid minutes and rest between working dates (H15).

use super::extra::{self, PerTier};
use super::schedule::Schedule;
use crate::calendar::Day;
use crate::id::{Column, Id};
use crate::model::work::{Person, Step};
use crate::problem::{Choice, Problem};
use crate::time::{Span, Tick};

/// Dates before `as_of` that month caps may reach back to.
const DAYS_BACK: i32 = 31;

/// Paid minutes by person, band and working date, for bands with caps.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    first: Day,
    /// Months, as a running number, by date row.
    months: Vec<i32>,
    minutes: Column<Person, Vec<Vec<i64>>>,
    /// Somebody has caps.
    capped: bool,
}

impl Limits {
    pub(super) fn new(problem: &Problem) -> Limits {
        let first = problem.midnights.day(problem.as_of).plus(-DAYS_BACK);
        let last = problem.midnights.day(problem.reach.end);
        let months = (first.0..=last.0 + 1).map(|day| month(Day(day)));
        let mut limits = Limits {
            first,
            months: months.collect(),
            minutes: Column::default(),
            capped: problem.people.iter().any(|p| p.bands.iter().any(|band| band.caps.any())),
        };
        for person in problem.people.iter() {
            let rows = person.bands.iter().map(|band| {
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

    /// Counts the extra minutes of a placement in or out.
    pub(super) fn book(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        (start, end): (Tick, Tick),
        counts: &PerTier,
        sign: i64,
    ) {
        if !self.capped {
            return;
        }
        extra::pieces(problem, choice, start, end, counts, |tier, span| {
            self.add(problem, step, choice, tier, span, sign);
        });
    }

    fn add(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        tier: usize,
        span: Span,
        sign: i64,
    ) {
        let bands = &problem.shifts[choice.shift].tiers[tier].bands;
        for (person, band) in problem.crew(choice).iter().zip(bands) {
            if self.minutes[*person][usize::from(*band)].is_empty() {
                continue;
            }
            let day = working_day(problem, *person, step, span.start);
            if let Some(row) = day.and_then(|day| self.row(day)) {
                self.minutes[*person][usize::from(*band)][row] += sign * span.minutes();
            }
        }
    }

    /// Whether the caps hold with the extra minutes of one more placement.
    pub(super) fn admit(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        (start, end): (Tick, Tick),
        counts: &PerTier,
    ) -> bool {
        if !self.capped {
            return true;
        }
        self.book(problem, step, choice, (start, end), counts, 1);
        let mut kept = true;
        extra::pieces(problem, choice, start, end, counts, |tier, span| {
            kept = kept && self.keeps(problem, step, choice, tier, span);
        });
        self.book(problem, step, choice, (start, end), counts, -1);
        kept
    }

    fn keeps(
        &self,
        problem: &Problem,
        step: Id<Step>,
        choice: &Choice,
        tier: usize,
        span: Span,
    ) -> bool {
        let bands = &problem.shifts[choice.shift].tiers[tier].bands;
        problem.crew(choice).iter().zip(bands).all(|(person, band)| {
            let minutes = &self.minutes[*person][usize::from(*band)];
            let day = working_day(problem, *person, step, span.start);
            let Some(row) = day.and_then(|day| self.row(day)) else { return true };
            if minutes.is_empty() {
                return true;
            }
            let caps = problem.people[*person].bands[usize::from(*band)].caps;
            // Day 0 of the epoch was a Thursday: weeks begin three days before it.
            let weekday = usize::try_from((self.first.0 + 3).rem_euclid(7)).unwrap_or(0);
            let monday = (row + weekday) / 7 * 7;
            let week = monday.saturating_sub(weekday)..(monday + 7 - weekday).min(minutes.len());
            let month = self.months[row];
            let of_month = minutes.iter().zip(&self.months).filter(|(_, m)| **m == month);
            caps.day.is_none_or(|cap| minutes[row] <= cap)
                && caps.week.is_none_or(|cap| minutes[week].iter().sum::<i64>() <= cap)
                && caps.month.is_none_or(|cap| of_month.map(|(m, _)| m).sum::<i64>() <= cap)
        })
    }
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
    /// Whether the caps hold with the extra minutes of one more placement.
    pub(super) fn admit_extra(
        &mut self,
        step: Id<Step>,
        choice: &Choice,
        span: (Tick, Tick),
        counts: &PerTier,
    ) -> bool {
        let problem = self.problem;
        self.limits_mut().admit(problem, step, choice, span, counts)
    }

    /// Whether everybody of the crew rests enough around and within the placement.
    pub(super) fn rests(
        &self,
        step: Id<Step>,
        choice: &Choice,
        (start, end): (Tick, Tick),
        counts: &PerTier,
    ) -> bool {
        let problem = self.problem;
        problem.crew(choice).iter().all(|person| {
            let Some(rest) = problem.people[*person].rest else { return true };
            let mut worked = worked_pieces(problem, choice, (start, end), counts);
            worked.sort_unstable();
            // What lies in no band, as a done step may, has no working date and asks for no rest.
            let apart = |first: (Tick, Option<Day>), then: (Tick, Option<Day>)| {
                first.1.is_none() || first.1 == then.1 || then.0 - first.0 >= rest
            };
            // A step under way works its regular minutes whatever lies before.
            let forced = problem.steps[step].fixed.is_begun() && counts.iter().all(|c| *c == 0);
            let day = |tick| working_day(problem, *person, step, tick);
            let inside = forced
                || worked.windows(2).all(|pair| {
                    apart((pair[0].end, day(pair[0].end - 1)), (pair[1].start, day(pair[1].start)))
                });
            let line = self.line(*person).busy();
            let next = self.line(*person).first_ending_after(start);
            let planned = |busy: &super::line::Busy| {
                problem.steps[busy.step].fixed == crate::problem::Fixed::Free
            };
            let before = next.checked_sub(1).map(|row| line[row]);
            let before = before.filter(|busy| !forced || planned(busy));
            let after = line.get(next);
            let of = |busy: super::line::Busy, tick| {
                (tick, working_day(problem, *person, busy.step, tick))
            };
            inside
                && before.is_none_or(|busy| {
                    let (_, last) = of(busy, busy.end - 1);
                    apart((busy.end, last), (start, day(start)))
                })
                && after.is_none_or(|busy| apart((end, day(end - 1)), of(*busy, busy.start)))
        })
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
