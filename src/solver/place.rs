//! Where a step fits: for one option, the earliest allowed placement at each level of extra
//! minutes; over all options, the cheapest.

use super::extra;
use super::line::Busy;
use super::price::{change_price, imbalance_price};
use super::schedule::{Placement, Schedule, worked_from};
use crate::calendar::timeline::Timeline;
use crate::id::Id;
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{Person, Step};
use crate::problem::{Choice, Fixed, Problem};
use crate::time::{Span, Tick};

/// Dates a quota or cap may push a start on before the search gives up.
const DATES_TRIED: usize = 40;

/// What the steps already placed leave for one step.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Start at or after.
    pub earliest: Tick,
    /// Start at or before.
    pub latest_start: Tick,
    /// End at or before.
    pub latest_end: Tick,
}

impl Schedule<'_> {
    /// What placed steps and tickets leave for `step`; `None` when nothing does.
    #[must_use]
    pub fn bounds(&self, step: Id<Step>) -> Option<Bounds> {
        let problem = self.problem;
        let row = &problem.steps[step];
        let ticket = &problem.tickets[row.ticket];
        let mut bounds = Bounds {
            earliest: ticket.release.max(problem.as_of),
            latest_start: Tick::MAX,
            latest_end: row.latest_end,
        };
        if row.fixed.is_begun() {
            return Some(bounds);
        }
        for link in &row.before {
            let Some(place) = self.place(link.step) else { continue };
            let event = if link.kind == LinkKind::FinishStart { place.end } else { place.start };
            bounds.earliest = bounds.earliest.max(problem.lag_end(link.lag, event)?);
        }
        for link in &row.after {
            let Some(place) = self.place(link.step).filter(|_| is_planned(problem, link.step))
            else {
                continue;
            };
            let latest = problem.lag_latest(link.lag, place.start)?;
            match link.kind {
                LinkKind::FinishStart => bounds.latest_end = bounds.latest_end.min(latest),
                LinkKind::StartStart => bounds.latest_start = bounds.latest_start.min(latest),
            }
        }
        for earlier in &row.pinned_after {
            if let Some(place) = self.place(*earlier) {
                bounds.earliest = bounds.earliest.max(place.end);
            }
        }
        for later in &row.pinned_before {
            if let Some(place) = self.place(*later).filter(|_| is_planned(problem, *later)) {
                bounds.latest_end = bounds.latest_end.min(place.start);
            }
        }
        self.bounds_between_tickets(row.ticket, &mut bounds);
        Some(bounds)
    }

    /// H10: after the finish of tickets before it, before the start of tickets after it.
    fn bounds_between_tickets(&self, id: Id<crate::model::work::Ticket>, bounds: &mut Bounds) {
        let ticket = &self.problem.tickets[id];
        if !ticket.begun {
            for earlier in &ticket.after {
                bounds.earliest = bounds.earliest.max(self.standing(*earlier).finish);
            }
        }
        for later in ticket.before.iter().filter(|later| !self.problem.tickets[**later].begun) {
            for step in &self.problem.tickets[*later].steps {
                if let Some(place) = self.place(*step) {
                    bounds.latest_end = bounds.latest_end.min(place.start);
                }
            }
        }
    }

    /// Where a wait fits.
    #[must_use]
    pub fn place_wait(&self, step: Id<Step>, bounds: Bounds) -> Option<Placement> {
        let lag = self.problem.steps[step].wait?;
        let mut start = bounds.earliest;
        loop {
            start = self.allowed_start(step, start)?;
            if start > bounds.latest_start {
                return None;
            }
            let end = self.problem.lag_end(lag, start)?;
            if end > bounds.latest_end {
                return None;
            }
            match self.thing_conflict(step, start, end) {
                None => return Some(Placement { start, end, choice: u32::MAX, extra: false }),
                Some(free) => start = free,
            }
        }
    }

    /// The first start at or after `start` that bureau, windows and quota allow.
    fn allowed_start(&self, step: Id<Step>, mut start: Tick) -> Option<Tick> {
        let problem = self.problem;
        let row = &problem.steps[step];
        for _ in 0..DATES_TRIED {
            let begins = |rule| rule == BureauRule::Begins || row.wait.is_some();
            if let Some((_, clock, _)) = row.bureau.filter(|(.., rule)| begins(*rule)) {
                start = problem.clocks[clock].next_open(start)?;
            }
            if !row.windows.is_empty() {
                let window = row.windows.iter().find(|window| window.end > start)?;
                if window.start > start {
                    start = window.start;
                    continue;
                }
            }
            if self.quota_has_room(step, start) {
                return Some(start);
            }
            start = problem.midnights.midnight(problem.midnights.day(start).plus(1))?;
        }
        None
    }

    fn thing_conflict(&self, step: Id<Step>, start: Tick, end: Tick) -> Option<Tick> {
        let things = self.problem.steps[step].things.iter();
        things.filter_map(|thing| Some(self.thing(*thing).conflict(start, end)?.end)).max()
    }

    /// The first tick at or after `start` at which no thing of `step` is held for `minutes`: no step
    /// takes less time than it has minutes.
    #[must_use]
    pub(super) fn things_free(&self, step: Id<Step>, mut start: Tick, minutes: i64) -> Tick {
        let things = &self.problem.steps[step].things;
        loop {
            let free = things.iter().fold(start, |start, thing| {
                let line = self.thing(*thing);
                line.room_for(start, minutes)
            });
            if free == start || things.len() < 2 {
                return free;
            }
            start = free;
        }
    }

    /// The earliest placement of `step` by option `choice` that works every minute of its level;
    /// only one that ends before `beat` is of use.
    #[must_use]
    pub fn fit(
        &mut self,
        step: Id<Step>,
        choice: u32,
        level: usize,
        bounds: Bounds,
        beat: Tick,
    ) -> Option<Placement> {
        let problem = self.problem;
        let option = &problem.options[choice as usize];
        let last = bounds.latest_end.min(option.expires).min(beat - 1);
        if let Fixed::Begun(stated, _) = problem.steps[step].fixed {
            let from = worked_from(problem, self.places(), step, stated);
            let minutes = problem.shifts[option.shift].levels.get(level)?;
            let end = minutes.end_of(from, option.minutes)?;
            let stands =
                end < beat && self.limits_kept(step, option, (from, end), level > 0).is_ok();
            return stands.then_some(Placement { start: stated, end, choice, extra: level > 0 });
        }
        let crew = problem.crew(option);
        let (mut start, mut row) = (bounds.earliest, 0);
        loop {
            (row, start) = self.gap(crew, (row, start), option.minutes, level > 0, last);
            if start > bounds.latest_start || start + option.minutes > last {
                return None;
            }
            let minutes = problem.shifts[option.shift].levels.get(level)?;
            let span = self.worked_span(step, minutes, start, option.minutes)?;
            if span.start > bounds.latest_start || span.end > last {
                return None;
            }
            let busy = self.clash(crew, &mut row, span);
            if let Some(free) = busy.or_else(|| self.thing_conflict(step, span.start, span.end)) {
                start = self.things_free(step, free, option.minutes);
                continue;
            }
            match self.way(step, option, span.start, span.end) {
                Err(again) => start = again?.max(span.start + 1),
                Ok(()) => match self.limits_kept(step, option, (span.start, span.end), level > 0) {
                    Ok(()) => {
                        let (start, end, extra) = (span.start, span.end, level > 0);
                        return Some(Placement { start, end, choice, extra });
                    }
                    Err(again) => start = again?.max(span.start + 1),
                },
            }
        }
    }

    /// From the first minute at or after `start` that is worked and allowed as a start, until
    /// `length` minutes are worked.
    fn worked_span(
        &self,
        step: Id<Step>,
        minutes: &Timeline,
        start: Tick,
        length: i64,
    ) -> Option<Span> {
        let row = &self.problem.steps[step];
        let anytime = row.windows.is_empty()
            && row.bureau.is_none_or(|(bureau, _, rule)| {
                rule != BureauRule::Begins && self.problem.quotas[bureau].is_none()
            });
        if anytime {
            return minutes.stretch(start, length);
        }
        let start = self.open_start(step, minutes, start)?;
        Some(Span::new(start, minutes.end_of(start, length)?))
    }

    /// The first minute at or after `start` that is worked and allowed as a start.
    fn open_start(&self, step: Id<Step>, minutes: &Timeline, mut start: Tick) -> Option<Tick> {
        loop {
            let open = minutes.next_open(start)?;
            let allowed = self.allowed_start(step, open)?;
            if allowed == open {
                return Some(open);
            }
            start = allowed;
        }
    }

    /// The first tick at or after `start` at which everybody may have a gap for `minutes`; of one
    /// person with the row of the stretch behind it, no stretch before `row` ending after `start`.
    fn gap(
        &self,
        crew: &[Id<Person>],
        (row, mut start): (usize, Tick),
        minutes: i64,
        extra: bool,
        last: Tick,
    ) -> (usize, Tick) {
        if let [person] = crew {
            let line = self.line(*person);
            start = start.max(line.packed_until(extra));
            if start + minutes > last {
                return (row, start);
            }
            return line.gap_for(line.onward(row, start), start, minutes, extra, last);
        }
        loop {
            let free = crew.iter().fold(start, |start, person| {
                let line = self.line(*person);
                line.gap_for(line.first_ending_after(start), start, minutes, extra, last).1
            });
            if free == start || free + minutes > last {
                return (0, free);
            }
            start = free;
        }
    }

    /// If somebody is occupied in `span`: when he is free again. Moves `row` on as [`Self::gap`]
    /// wants it.
    fn clash(&self, crew: &[Id<Person>], row: &mut usize, span: Span) -> Option<Tick> {
        let [person] = crew else { return self.crew_busy(crew, span.start, span.end) };
        let line = self.line(*person);
        *row = line.onward(*row, span.start);
        let busy = line.busy().get(*row).filter(|busy| busy.start < span.end)?;
        Some(busy.end)
    }

    /// If somebody is occupied in `[start, end)`: when he is free again.
    fn crew_busy(&self, crew: &[Id<Person>], start: Tick, end: Tick) -> Option<Tick> {
        crew.iter().find_map(|person| Some(self.line(*person).conflict(start, end)?.end))
    }

    fn way(
        &self,
        step: Id<Step>,
        option: &Choice,
        start: Tick,
        end: Tick,
    ) -> Result<(), Option<Tick>> {
        if !self.problem.travels {
            return Ok(());
        }
        let sited = self.problem.steps[step].site.is_some();
        for person in self.problem.crew(option) {
            self.travel_fits(*person, Busy { start, end, step, sited })?;
        }
        Ok(())
    }

    /// Whether a placement at exactly `[start, end)` is allowed, links and starts aside.
    fn admits(
        &mut self,
        step: Id<Step>,
        option: &Choice,
        (start, end): (Tick, Tick),
        last: Tick,
    ) -> bool {
        end <= last
            && self.crew_busy(self.problem.crew(option), start, end).is_none()
            && self.thing_conflict(step, start, end).is_none()
            && self.limits_kept(step, option, (start, end), true).is_ok()
    }

    /// Whether exactly `place` is allowed for a step that is not under way.
    #[must_use]
    pub fn keeps(&mut self, step: Id<Step>, place: Placement, bounds: Bounds) -> bool {
        let problem = self.problem;
        let option = &problem.options[place.choice as usize];
        let Some(all) = problem.shifts[option.shift].levels.last() else { return false };
        let (start, end) = (place.start, place.end);
        let last = bounds.latest_end.min(option.expires);
        let starts = start >= bounds.earliest && start <= bounds.latest_start;
        starts
            && start < end
            && all.is_open(start)
            && all.is_open(end - 1)
            && self.allowed_start(step, start) == Some(start)
            && self.way(step, option, start, end).is_ok()
            && self.admits(step, option, (start, end), last)
    }

    /// Ends a placement with extra minutes later, at `limit` at the latest, so that fewer of them
    /// are needed; the same placement where that does not work.
    #[must_use]
    pub fn shed(
        &mut self,
        step: Id<Step>,
        place: Placement,
        limit: Tick,
        bounds: Bounds,
    ) -> Placement {
        let problem = self.problem;
        let option = &problem.options[place.choice as usize];
        let from = worked_from(problem, self.places(), step, place.start);
        let shift = &problem.shifts[option.shift];
        let last = limit.min(bounds.latest_end).min(option.expires);
        let Some(minute) = shift.regular.last_open_before(last) else { return place };
        let end = minute + 1;
        if end <= place.end || extra::split(problem, option, from, end).is_none() {
            return place;
        }
        let way = problem.steps[step].fixed.is_begun() || self.way(step, option, from, end).is_ok();
        if way && self.admits(step, option, (from, end), last) {
            Placement { end, extra: true, ..place }
        } else {
            place
        }
    }

    /// What standing at `place` would add to the cost, lateness aside; `extra`: whether it may work
    /// extra minutes.
    #[must_use]
    pub fn added_cost(&self, step: Id<Step>, place: Placement, extra: bool) -> i64 {
        let problem = self.problem;
        let trip = self.trips().price(problem, step, place.start);
        if problem.steps[step].wait.is_some() {
            return trip;
        }
        let option = &problem.options[place.choice as usize];
        let mut cost = trip + option.price;
        cost += change_price(problem, step, Some(place)) - change_price(problem, step, None);
        let mut regular = option.minutes;
        if extra {
            let from = worked_from(problem, self.places(), step, place.start);
            let Some((extra, counts)) = extra::split(problem, option, from, place.end) else {
                return i64::MAX;
            };
            cost += if extra > 0 { extra::price(problem, option, &counts) } else { 0 };
            regular -= extra;
        }
        if problem.imbalance_price > 0 {
            for person in problem.crew(option) {
                let worked = self.worked(*person);
                cost += imbalance_price(problem, *person, worked + regular);
                cost -= imbalance_price(problem, *person, worked);
            }
        }
        cost
    }

    /// Whether the people of `option` suit the steps already placed (H11, order pins).
    #[must_use]
    pub fn suits(&self, step: Id<Step>, option: &Choice) -> bool {
        let problem = self.problem;
        let row = &problem.steps[step];
        if row.unbound {
            return true;
        }
        let crew = problem.crew(option);
        // Facts are not judged by facts.
        let judged = |other: &&Id<Step>| !row.fixed.is_begun() || is_planned(problem, **other);
        let apart = row.differs.iter().filter(judged).all(|other| {
            self.people_of(*other).is_none_or(|people| !people.iter().any(|p| crew.contains(p)))
        });
        let lead = |other: &Id<Step>| {
            self.people_of(*other).and_then(|people| people.first()).is_none_or(|p| *p == crew[0])
        };
        apart
            && row.same.iter().filter(judged).all(lead)
            && row.pinned_after.iter().filter(judged).all(lead)
            && row.pinned_before.iter().filter(judged).all(lead)
    }

    /// The people of a placed step or fact; `None` when it is not placed or a wait.
    #[must_use]
    pub fn people_of(&self, step: Id<Step>) -> Option<&[Id<Person>]> {
        let problem = self.problem;
        if problem.steps[step].wait.is_some() {
            return None;
        }
        if let Fixed::Done(people, _) = &problem.steps[step].fixed {
            return Some(people).filter(|people| !people.is_empty()).map(Vec::as_slice);
        }
        let place = self.place(step)?;
        Some(problem.crew(&problem.options[place.choice as usize]))
    }
}

fn is_planned(problem: &Problem, step: Id<Step>) -> bool {
    problem.steps[step].fixed == Fixed::Free
}
