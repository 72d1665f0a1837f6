//! Client trips: one per client, site and local date, however many steps share it (R056).

use crate::calendar::Day;
use crate::id::Id;
use crate::model::work::{Site, Step};
use crate::problem::Problem;
use crate::time::Tick;

/// The trips of every client.
#[derive(Clone, Debug)]
pub struct Trips(Vec<Vec<Trip>>);

#[derive(Clone, Copy, Debug)]
struct Trip {
    site: Option<Id<Site>>,
    day: Day,
    count: u32,
}

impl Trips {
    pub(super) fn new(problem: &Problem) -> Trips {
        let owners = problem.tickets.iter().map(|ticket| ticket.trip_owner + 1).max().unwrap_or(0);
        let any = problem.steps.iter().any(|step| step.trip);
        Trips(vec![Vec::new(); if any { owners } else { 0 }])
    }

    /// Room for the tickets that `problem` has beyond those counted so far.
    pub(super) fn grow(&mut self, problem: &Problem) {
        let Trips(rows) = Trips::new(problem);
        self.0.resize(rows.len().max(self.0.len()), Vec::new());
    }

    /// How many there are on `day` and later.
    #[must_use]
    pub fn count_from(&self, day: Day) -> i64 {
        let trips = self.0.iter().flatten().filter(|trip| trip.day >= day);
        i64::try_from(trips.count()).unwrap_or(i64::MAX)
    }

    /// What starting `step` at `start` would add.
    #[must_use]
    pub fn price(&self, problem: &Problem, step: Id<Step>, start: Tick) -> i64 {
        let row = &problem.steps[step];
        if !row.trip {
            return 0;
        }
        let day = problem.midnights.day(start);
        let trips = &self.0[problem.tickets[row.ticket].trip_owner];
        let shared = trips.iter().any(|trip| trip.site == row.site && trip.day == day);
        if shared { 0 } else { problem.trip_price }
    }

    /// Counts a trip in or out and says what it makes a difference of.
    pub(super) fn toggle(
        &mut self,
        problem: &Problem,
        step: Id<Step>,
        start: Tick,
        on: bool,
    ) -> i64 {
        let row = &problem.steps[step];
        let day = problem.midnights.day(start);
        let trips = &mut self.0[problem.tickets[row.ticket].trip_owner];
        let known = trips.iter().position(|trip| trip.site == row.site && trip.day == day);
        match (known, on) {
            (Some(known), true) => {
                trips[known].count += 1;
                0
            }
            (None, true) => {
                trips.push(Trip { site: row.site, day, count: 1 });
                problem.trip_price
            }
            (Some(known), false) if trips[known].count > 1 => {
                trips[known].count -= 1;
                0
            }
            (Some(known), false) => {
                trips.swap_remove(known);
                problem.trip_price
            }
            (None, false) => 0,
        }
    }
}
