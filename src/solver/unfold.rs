//! A plan as it unfolds: where a step that takes longer or shorter than planned comes to end, and
//! what its extra minutes come to.

use super::extra;
use super::schedule::{Placement, Schedule};
use crate::id::Id;
use crate::model::work::{Person, Step};
use crate::time::Tick;

impl Schedule<'_> {
    /// Where `step`, not placed any more, ends when it stands at `planned` save that it is done by
    /// option `choice`: in regular minutes where it was planned so or they suffice by the planned
    /// end, else in extra ones too. `None` where caps leave no room for that.
    #[must_use]
    pub fn unfolded(
        &mut self,
        step: Id<Step>,
        choice: u32,
        planned: Placement,
    ) -> Option<Placement> {
        let problem = self.problem;
        let option = &problem.options[choice as usize];
        let start = planned.start;
        let levels = &problem.shifts[option.shift].levels;
        let ends = |level: usize| {
            let minutes = levels.get(level).filter(|minutes| minutes.is_open(start))?;
            minutes.end_of(start, option.minutes)
        };
        if let Some(end) = ends(0).filter(|end| !planned.extra || *end <= planned.end) {
            let kept = self.limits_kept(step, option, (start, end), false).is_ok();
            return kept.then_some(Placement { start, end, choice, extra: false });
        }
        let fits = (1..levels.len()).rev().filter_map(ends).find(|end| {
            extra::split(problem, option, start, *end).is_some()
                && self.limits_kept(step, option, (start, *end), true).is_ok()
        });
        let found = fits.map(|end| Placement { start, end, choice, extra: true });
        found.or_else(|| {
            let end = ends(0)?;
            let kept = self.limits_kept(step, option, (start, end), false).is_ok();
            kept.then_some(Placement { start, end, choice, extra: false })
        })
    }

    /// Whether caps and rest hold with `step`, not placed now, standing at `place` (H15).
    #[must_use]
    pub fn holds_limits(&mut self, step: Id<Step>, place: Placement) -> bool {
        let problem = self.problem;
        if problem.steps[step].wait.is_some() {
            return true;
        }
        let option = &problem.options[place.choice as usize];
        self.limits_kept(step, option, (place.start, place.end), place.extra).is_ok()
    }

    /// Extra minutes per person at `step`, and what they cost, in fen.
    #[must_use]
    pub fn extra_of(&self, step: Id<Step>) -> (i64, i64) {
        let problem = self.problem;
        let Some(place) = self.place(step).filter(|place| place.extra) else { return (0, 0) };
        let choice = &problem.options[place.choice as usize];
        match extra::split(problem, choice, place.start, place.end) {
            Some((minutes, counts)) => (minutes, extra::price(problem, choice, &counts)),
            None => (0, 0),
        }
    }

    /// The first step on the line of `person` that starts at or after `start`, with its start.
    #[must_use]
    pub fn next_on_line(&self, person: Id<Person>, start: Tick) -> Option<(Id<Step>, Tick)> {
        let busy = self.line(person).busy();
        let row = busy.partition_point(|busy| busy.start < start);
        busy.get(row).map(|busy| (busy.step, busy.start))
    }

    /// Whether everybody at `step` still gets to where he goes next (H14).
    #[must_use]
    pub fn lets_go_on(&self, step: Id<Step>) -> bool {
        let problem = self.problem;
        let Some(place) = self.place(step).filter(|_| problem.steps[step].wait.is_none()) else {
            return true;
        };
        let crew = problem.crew(&problem.options[place.choice as usize]);
        // From its end on, for it stands on the line itself.
        !problem.travels || crew.iter().all(|person| self.goes_on(*person, place.end, place.end))
    }
}
