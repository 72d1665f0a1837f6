//! Travel (H14): when somebody can be at a site, given the rest of his line.

use super::insert::Taste;
use super::line::Busy;
use super::rng::Rng;
use super::schedule::Schedule;
use crate::calendar::Day;
use crate::id::Id;
use crate::model::work::{Person, Site, Step, Ticket};
use crate::time::{DAY, Tick};

/// How often tickets are put back that were taken out because nobody could get to them.
const MENDINGS: u32 = 4;

impl Schedule<'_> {
    /// The earliest start `travel` allows for a step at `site` on the date of `start`, when the
    /// person's earlier steps are `earlier`; `None` when there is no way.
    fn arrival(
        &self,
        person: Id<Person>,
        site: Id<Site>,
        start: Tick,
        earlier: &mut dyn DoubleEndedIterator<Item = Busy>,
    ) -> Option<Tick> {
        let problem = self.problem;
        let Some(base) = problem.people[person].base else { return Some(Tick::MIN) };
        let today = problem.midnights.day(start);
        let ends_today = |busy: &Busy| problem.midnights.day(busy.end - 1) == today;
        let Some(last) = earlier.next_back().filter(ends_today) else {
            let way = problem.travel[base][site]?;
            let opening = if way > 0 { self.first_regular(person, today) } else { None };
            return Some(opening.map_or(Tick::MIN, |opening| opening + way));
        };
        let mut from = problem.steps[last.step].site;
        while from.is_none() {
            match earlier.next_back().filter(ends_today) {
                Some(busy) => from = problem.steps[busy.step].site,
                None => from = Some(base),
            }
        }
        let way = problem.travel[from.unwrap_or(base)][site]?;
        Some(last.end + way)
    }

    /// The first minute of the local date that is regular for `person`.
    fn first_regular(&self, person: Id<Person>, day: Day) -> Option<Tick> {
        let problem = self.problem;
        let regular = &problem.shifts[problem.people[person].shifts[0]].regular;
        let midnight = problem.midnights.midnight(day)?;
        let first = regular.next_open(midnight)?;
        (problem.midnights.day(first) == day).then_some(first)
    }

    /// Whether `person` can take on `new`: the tick from which to try again if not, `Err(None)`
    /// when there is no way.
    pub(super) fn travel_fits(&self, person: Id<Person>, new: Busy) -> Result<(), Option<Tick>> {
        let problem = self.problem;
        if problem.people[person].base.is_none() {
            return Ok(());
        }
        let line = self.line(person).busy();
        let position = line.partition_point(|busy| busy.start < new.start);
        if let Some(site) = problem.steps[new.step].site {
            let mut earlier = line[..position].iter().copied();
            let ready = self.arrival(person, site, new.start, &mut earlier).ok_or(None)?;
            if new.start < ready {
                return Err(Some(ready));
            }
        }
        let Some(onward) = self.next_visit(person, position, new.end) else { return Ok(()) };
        let next = line[onward];
        let next_site = problem.steps[next.step].site.expect("it was looked for");
        let mut earlier = line[..position]
            .iter()
            .copied()
            .chain([new])
            .chain(line[position..onward].iter().copied());
        match self.arrival(person, next_site, next.start, &mut earlier) {
            Some(ready) if ready <= next.start => Ok(()),
            _ => Err(Some(line[position].end.max(new.start + 1))),
        }
    }

    /// From `row` on, the first stretch of `person` to be travelled to on a date a stretch that
    /// ended at `end` may share.
    fn next_visit(&self, person: Id<Person>, row: usize, end: Tick) -> Option<usize> {
        let near =
            self.line(person).busy()[row..].iter().take_while(|busy| busy.start < end + 2 * DAY);
        let begun = |busy: &Busy| self.problem.steps[busy.step].fixed.is_begun();
        let visit = near.enumerate().find(|(_, busy)| busy.sited && !begun(busy));
        visit.map(|(away, _)| row + away)
    }

    /// Whether `person` still gets in time to where he goes after a stretch that began at `start`
    /// and was taken away.
    pub(super) fn goes_on(&self, person: Id<Person>, start: Tick, end: Tick) -> bool {
        let problem = self.problem;
        let line = self.line(person).busy();
        let position = line.partition_point(|busy| busy.start < start);
        if problem.people[person].base.is_none() {
            return true;
        }
        let Some(next) = self.next_visit(person, position, end) else { return true };
        let step = &problem.steps[line[next].step];
        if step.is_fact() {
            return true;
        }
        let site = step.site.expect("it was looked for");
        let mut earlier = line[..next].iter().copied();
        let ready = self.arrival(person, site, line[next].start, &mut earlier);
        ready.is_some_and(|ready| ready <= line[next].start)
    }

    /// The first step on the line of `person` that he cannot get to in time.
    fn stranded(&self, person: Id<Person>) -> Option<Id<Step>> {
        let problem = self.problem;
        let line = self.line(person).busy();
        let late = |(position, busy): (usize, &Busy)| {
            let step = &problem.steps[busy.step];
            let site = step.site.filter(|_| !step.is_fact() && !step.fixed.is_begun())?;
            let mut earlier = line[..position].iter().copied();
            let ready = self.arrival(person, site, busy.start, &mut earlier);
            ready.is_none_or(|ready| ready > busy.start).then_some(busy.step)
        };
        line.iter().enumerate().find_map(late)
    }

    /// Takes out tickets with steps nobody can get to any more, since a step was taken out before
    /// them, and puts them back where they fit.
    pub fn mend_travel(&mut self, taste: &Taste, rng: &mut Rng) {
        let problem = self.problem;
        if !problem.travels {
            return;
        }
        // What is taken out, or does not fit any more, may have been on somebody else's way.
        for round in 0..MENDINGS {
            let out = self.lift_stranded();
            if out.is_empty() {
                return;
            }
            if round + 1 < MENDINGS {
                self.insert_all(&out, taste, rng);
            }
        }
        // The rest stays out.
        while !self.lift_stranded().is_empty() {}
    }

    /// Takes out tickets with steps nobody can get to any more, until there are none that can be.
    fn lift_stranded(&mut self) -> Vec<Id<Ticket>> {
        let problem = self.problem;
        let mut out: Vec<Id<Ticket>> = Vec::new();
        loop {
            let before = out.len();
            for person in problem.people.ids() {
                while let Some(step) = self.stranded(person) {
                    let ticket = problem.steps[step].ticket;
                    let placed = self.standing(ticket).placed;
                    self.lift_ticket(ticket);
                    if self.standing(ticket).placed == placed {
                        break;
                    }
                    self.drop_dependents(ticket);
                    if !out.contains(&ticket) {
                        out.push(ticket);
                    }
                }
            }
            if out.len() == before {
                return out;
            }
        }
    }
}
