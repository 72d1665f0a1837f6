//! What one replication came to: per ticket, per person, and in all. Must not know how it was run.

use serde::{Deserialize, Serialize};

use super::arrivals::{Arrival, Ground};
use super::world::World;
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::problem::{Choice, Problem};
use crate::solver::schedule::Schedule;
use crate::time::Tick;

/// One replication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The tickets that count, by arrival.
    pub(super) tickets: Vec<Counted>,
    /// Regular minutes worked per person, in steps that start on days that count, until arrivals
    /// end: what is finished after that is no load of those days.
    pub(super) worked: Vec<i64>,
    /// Regular minutes there are on days that count until arrivals end, per person.
    pub(super) regular: Vec<i64>,
    /// Extra minutes worked per person, in steps that start on days that count.
    pub(super) extra: Vec<i64>,
    /// Fen for changes of plans that had been handed out, by the prices of the first option.
    pub(super) change: i64,
    /// Fen for work beyond a fair share: of all days, times the share of days that count.
    pub(super) imbalance: i64,
    /// Fen for client trips on days that count.
    pub(super) trips: i64,
    /// Plans made.
    pub(super) plans: u32,
    /// Plans verified.
    pub(super) verified: u32,
}

/// A ticket that counts; kept as a row of numbers, as there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Row", from = "Row")]
pub(super) struct Counted {
    /// Its stream; none: of the queue at the start.
    pub(super) stream: Option<usize>,
    /// The row of its client in the scenario.
    pub(super) client: Option<usize>,
    /// The row of its service in the scenario.
    pub(super) service: Option<usize>,
    /// The hour of its arrival, 0 to 23.
    pub(super) hour: usize,
    pub(super) is_urgent: bool,
    pub(super) is_served: bool,
    /// Finished by its due time.
    pub(super) is_kept: bool,
    /// Lateness cost nothing.
    pub(super) is_on_time: bool,
    /// Minutes from arrival until its first step began.
    pub(super) wait: Option<i64>,
    /// Minutes from arrival to finish.
    pub(super) time: Option<i64>,
    /// Weighted fen for lateness.
    pub(super) lateness: i64,
    /// Weighted fen for leaving it out.
    pub(super) unserved: i64,
    /// Fen for extra minutes.
    pub(super) overtime: i64,
    /// Fen for departures from preferences.
    pub(super) preference: i64,
}

/// The fields of [`Counted`] in their order.
type Row = [Option<i64>; 14];

impl From<Counted> for Row {
    fn from(own: Counted) -> Row {
        let row = |row: usize| i64::try_from(row).ok();
        [
            own.stream.and_then(row),
            own.client.and_then(row),
            row(own.hour),
            Some(own.is_urgent.into()),
            Some(own.is_served.into()),
            Some(own.is_kept.into()),
            Some(own.is_on_time.into()),
            own.wait,
            own.time,
            Some(own.lateness),
            Some(own.unserved),
            Some(own.overtime),
            Some(own.preference),
            own.service.and_then(row),
        ]
    }
}

impl From<Row> for Counted {
    fn from(row: Row) -> Counted {
        let whole = |at: usize| row[at].and_then(|value| usize::try_from(value).ok());
        let (is, fen) = (|at: usize| row[at] == Some(1), |at: usize| row[at].unwrap_or(0));
        Counted {
            stream: whole(0),
            client: whole(1),
            service: whole(13),
            hour: whole(2).unwrap_or(0),
            is_urgent: is(3),
            is_served: is(4),
            is_kept: is(5),
            is_on_time: is(6),
            wait: row[7],
            time: row[8],
            lateness: fen(9),
            unserved: fen(10),
            overtime: fen(11),
            preference: fen(12),
        }
    }
}

impl Record {
    /// Weighted fen in all.
    pub(super) fn cost(&self) -> i64 {
        let tickets: i64 = self.tickets.iter().map(Counted::cost).sum();
        tickets + self.change + self.imbalance + self.trips
    }
}

impl Record {
    /// The share of promises kept, in thousandths: of all of them, or of urgent ones alone.
    pub(super) fn kept_permille(&self, is_urgent: bool) -> Option<i64> {
        let counts = |own: &&Counted| own.is_urgent || !is_urgent;
        let all = self.tickets.iter().filter(counts).count();
        let kept = self.tickets.iter().filter(counts).filter(|own| own.is_kept).count();
        i64::try_from((kept * 1000 + all / 2).checked_div(all)?).ok()
    }

    /// How many promises that is.
    pub(super) fn promises(&self, is_urgent: bool) -> u64 {
        let counts = |own: &&Counted| own.is_urgent || !is_urgent;
        u64::try_from(self.tickets.iter().filter(counts).count()).unwrap_or(u64::MAX)
    }
}

impl Counted {
    /// All it costs.
    pub(super) fn cost(&self) -> i64 {
        self.lateness + self.unserved + self.overtime + self.preference
    }
}

/// What `world` came to, in which `arrivals` came; `plans` were made and verified.
pub(super) fn recorded(
    ground: &Ground<'_>,
    world: &mut World,
    arrivals: &[Arrival],
    (plans, verified): (u32, u32),
) -> Record {
    let first = world.work.tickets.len() - arrivals.len();
    let (zone, from) = (world.work.zone, ground.counted_from());
    let stated: Vec<_> = world
        .work
        .tickets
        .iter()
        .map(|row| (row.client.map(Id::index), row.urgent, row.release, row.due))
        .collect();
    let (end, change) = (ground.last(), world.changed);
    let judged = world.judged.take();
    world.plan(|schedule, states| {
        let problem = schedule.problem;
        let prices = judged.as_deref().unwrap_or(problem);
        let mut record = Record { change, plans, verified, ..Record::default() };
        let (all, warm_up) = (ground.simulation.days, ground.simulation.warm_up_days);
        record.imbalance =
            schedule.imbalance(prices) * i64::from(all - warm_up) / i64::from(all.max(1));
        record.trips = schedule.trips().count_from(zone.date(from)) * prices.trip_price;
        for id in problem.tickets.ids() {
            let (client, is_urgent, _, due) = stated[id.index()];
            let row = id.index().checked_sub(first);
            let at = row.map_or(problem.as_of, |row| arrivals[row].at);
            let state = &states[id.index()];
            if state.is_off || at < from {
                continue;
            }
            let hour = zone.minute_of_day(at) / 60;
            let paid = paid(schedule, prices, id);
            let finish = schedule.is_served(id).then(|| schedule.standing(id).finish);
            let lateness = finish.map_or(0, |finish| prices.lateness(id, finish));
            record.tickets.push(Counted {
                stream: row.map(|row| arrivals[row].stream),
                client,
                service: service(ground, id.index(), row.map(|row| arrivals[row].stream)),
                hour: usize::try_from(hour).expect("a day has 24 hours"),
                is_urgent,
                is_served: finish.is_some(),
                is_kept: finish.is_some_and(|finish| due.is_none_or(|due| finish <= due)),
                is_on_time: finish.is_some() && lateness == 0,
                wait: state.began.map(|began| (began - at).max(0)),
                time: finish.map(|finish| (finish - at).max(0)),
                lateness,
                unserved: if finish.is_some() { 0 } else { prices.tickets[id].unserved },
                overtime: paid.0,
                preference: paid.1,
            });
        }
        for person in problem.people.ids() {
            let (worked, extra) = minutes(schedule, person, (from, end));
            record.worked.push(worked);
            record.regular.push(regular(schedule, person, (from, end)));
            record.extra.push(extra);
        }
        record
    })
}

/// The row of the service of a ticket: of the queue's in row `ticket`, or of one of a stream.
fn service(ground: &Ground<'_>, ticket: usize, stream: Option<usize>) -> Option<usize> {
    let key = match stream {
        Some(row) => ground.simulation.streams.get(row)?.ticket.service.as_ref()?,
        None => ground.scenario.tickets.get(ticket)?.service.as_ref()?,
    };
    ground.scenario.services.iter().position(|service| service.id == *key)
}

/// Fen for extra minutes, and by `prices` for departures from preferences.
fn paid(schedule: &Schedule<'_>, prices: &Problem, ticket: Id<Ticket>) -> (i64, i64) {
    let problem = schedule.problem;
    let mut sums = (0, 0);
    for step in &problem.tickets[ticket].steps {
        sums.0 += schedule.extra_of(*step).1;
        let place = schedule.place(*step).filter(|_| problem.steps[*step].wait.is_none());
        let option = place.and_then(|place| problem.options.get(place.choice as usize));
        sums.1 += option.map_or(0, |option| preference(problem, prices, *step, option));
    }
    sums
}

/// What `prices` ask for `option` of `step`: what they ask for whoever leads it.
fn preference(problem: &Problem, prices: &Problem, step: Id<Step>, option: &Choice) -> i64 {
    if std::ptr::eq(problem, prices) {
        return option.price;
    }
    let lead = problem.crew(option)[0];
    let mut known = prices.options_of(step).map(|row| &prices.options[row]);
    known.find(|known| prices.crew(known)[0] == lead).map_or(option.price, |known| known.price)
}

fn regular(schedule: &Schedule<'_>, person: Id<Person>, (from, end): (Tick, Tick)) -> i64 {
    let problem = schedule.problem;
    let shift = problem.people[person].shifts[0];
    problem.shifts[shift].regular.open_between(from, end)
}

/// Regular minutes of `person` in steps that start from `from` to `end`, and extra ones in those
/// that start from `from` on.
fn minutes(schedule: &Schedule<'_>, person: Id<Person>, (from, end): (Tick, Tick)) -> (i64, i64) {
    let problem = schedule.problem;
    let mut sums = (0, 0);
    for busy in schedule.line(person).busy() {
        if busy.start < from {
            continue;
        }
        let extra = schedule.extra_of(busy.step).0;
        sums.1 += extra;
        if let Some(place) = schedule.place(busy.step).filter(|_| busy.start < end) {
            // What was under way at the start is no option and counts as nothing worked.
            let option = problem.options.get(place.choice as usize);
            sums.0 += option.map_or(0, |option| option.minutes - extra);
        }
    }
    sums
}
