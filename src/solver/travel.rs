//! Travel (H14): when somebody can be at a site, given the rest of his line.

use super::insert::Taste;
use super::line::Busy;
use super::rng::Rng;
use super::schedule::Schedule;
use crate::calendar::Day;
use crate::id::Id;
use crate::model::work::{Person, Site, Step, Ticket};
use crate::time::Tick;

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

    /// Whether `person` can take on `new` (at `site`, if any): the tick from which to try again
    /// if not, `Err(None)` when there is no way.
    pub(super) fn travel_fits(
        &self,
        person: Id<Person>,
        new: Busy,
        site: Option<Id<Site>>,
    ) -> Result<(), Option<Tick>> {
        let problem = self.problem;
        if !problem.travels || problem.people[person].base.is_none() {
            return Ok(());
        }
        let line = self.line(person).busy();
        let position = line.partition_point(|busy| busy.start < new.start);
        if let Some(site) = site {
            let mut earlier = line[..position].iter().copied();
            let ready = self.arrival(person, site, new.start, &mut earlier).ok_or(None)?;
            if new.start < ready {
                return Err(Some(ready));
            }
        }
        let onward = line[position..].iter().position(|busy| {
            problem.steps[busy.step].site.is_some() && !problem.steps[busy.step].fixed.is_begun()
        });
        let Some(onward) = onward else { return Ok(()) };
        let next = line[position + onward];
        let next_site = problem.steps[next.step].site.expect("it was looked for");
        let mut earlier = line[..position]
            .iter()
            .copied()
            .chain([new])
            .chain(line[position..position + onward].iter().copied());
        match self.arrival(person, next_site, next.start, &mut earlier) {
            Some(ready) if ready <= next.start => Ok(()),
            _ => Err(Some(line[position].end.max(new.start + 1))),
        }
    }

    /// Whether everybody's way still works out on the whole line of `person`.
    pub(super) fn line_travels(&self, person: Id<Person>) -> bool {
        self.stranded(person).is_none()
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
    pub(super) fn mend_travel(&mut self, taste: &Taste, rng: &mut Rng) {
        let problem = self.problem;
        if !problem.travels {
            return;
        }
        let mut out: Vec<Id<Ticket>> = Vec::new();
        for person in problem.people.ids() {
            while let Some(step) = self.stranded(person) {
                let ticket = problem.steps[step].ticket;
                if out.contains(&ticket) {
                    break;
                }
                out.push(ticket);
                self.lift_ticket(ticket);
                self.drop_dependents(ticket);
            }
        }
        self.insert_all(&out, taste, rng);
    }
}
