//! A schedule kept apart from its question, to go on from under a question with more tickets.

use super::{Limits, Line, Placement, Schedule, Standing, Trips, change_price};
use crate::id::{Column, Id};
use crate::model::work::{Bureau, Person, Step, Thing, Ticket};
use crate::problem::Problem;
use crate::time::Tick;

/// What a [`Schedule`] comes to, without its question.
#[derive(Clone)]
pub struct Parked {
    places: Column<Step, Option<Placement>>,
    habits: Column<Step, u32>,
    lines: Column<Person, Line>,
    things: Column<Thing, Line>,
    quota: Column<Bureau, Vec<i64>>,
    standings: Column<Ticket, Standing>,
    worked: Column<Person, i64>,
    limits: Limits,
    trips: Trips,
    cost: i64,
    owed: i64,
}

impl Parked {
    /// Takes `schedule` off its question.
    #[must_use]
    pub fn new(schedule: Schedule<'_>) -> Parked {
        let Schedule { places, habits, mut lines, things, quota, standings, .. } = schedule;
        let Schedule { worked, limits, trips, cost, owed, .. } = schedule;
        lines.ids().for_each(|person| lines[person].loosen());
        Parked {
            places,
            habits,
            lines,
            things,
            quota,
            standings,
            worked,
            limits,
            trips,
            cost,
            owed,
        }
    }

    /// Where every step stands.
    #[must_use]
    pub fn places(&self) -> &Column<Step, Option<Placement>> {
        &self.places
    }

    /// What `ticket` comes to.
    #[must_use]
    pub fn standing(&self, ticket: Id<Ticket>) -> Standing {
        self.standings[ticket]
    }

    /// What occupies `person`.
    #[must_use]
    pub fn line(&self, person: Id<Person>) -> &Line {
        &self.lines[person]
    }

    /// What departing from the previous plan comes to in all, in fen (H12).
    #[must_use]
    pub fn change(&self, problem: &Problem) -> i64 {
        let priced = problem.steps.pairs().filter(|(_, row)| row.wait.is_none());
        priced.map(|(step, _)| change_price(problem, step, self.places[step])).sum()
    }

    /// From now on `fen` of the cost are paid for otherwise: the question has another previous
    /// plan, against which everything stands where it stood.
    pub fn settle_change(&mut self, fen: i64) {
        self.cost -= fen;
    }

    /// The schedule again, under the question it was taken off, of which prices, releases and
    /// options of steps that stand nowhere may have changed since.
    #[must_use]
    pub fn resumed(self, problem: &Problem) -> Schedule<'_> {
        Schedule {
            problem,
            places: self.places,
            habits: self.habits,
            lines: self.lines,
            things: self.things,
            quota: self.quota,
            standings: self.standings,
            worked: self.worked,
            limits: self.limits,
            trips: self.trips,
            cost: self.cost,
            owed: self.owed,
            journal: Vec::new(),
        }
    }

    /// The schedule under `problem`: the question it was made for, with tickets added that stand
    /// nowhere yet.
    #[must_use]
    pub fn under<'p>(&self, problem: &'p Problem) -> Schedule<'p> {
        let kept = self.clone();
        let mut schedule = Schedule {
            problem,
            places: kept.places,
            habits: kept.habits,
            lines: kept.lines,
            things: kept.things,
            quota: kept.quota,
            standings: kept.standings,
            worked: kept.worked,
            limits: kept.limits,
            trips: kept.trips,
            cost: kept.cost,
            owed: kept.owed,
            journal: Vec::new(),
        };
        for _ in schedule.places.len()..problem.steps.len() {
            schedule.places.push(None);
            schedule.habits.push(u32::MAX);
        }
        schedule.trips.grow(problem);
        let empty = Standing { placed: 0, finish: Tick::MIN, cost: 0, owed: false };
        for _ in schedule.standings.len()..problem.tickets.len() {
            let ticket = schedule.standings.push(empty);
            schedule.settle(ticket);
        }
        schedule
    }
}
