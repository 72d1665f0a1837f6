//! Scenarios of this trade made to order: realistic ones of any size ([`scenario`]) and tiny ones
//! in which every hard rule bites ([`tiny`]).
//!
//! The same order gives the same scenario in every later version. Must not know how plans are
//! made: of the solver it uses the random numbers only.

mod clients;
mod dates;
mod extras;
mod figures;
mod firm;
mod promise;
mod queue;
mod staff;
mod tiny;

use std::collections::BTreeSet;

use crate::calendar::{Date, Label, Moment};
use crate::id::{Column, Id};
use crate::model::people::Person;
use crate::model::scenario::{ProgressState, Scenario};
use crate::model::ticket::Step;
use crate::model::work::{self, Work, resolve};
use crate::solver::rng::Rng;
use crate::time::{Span, Tick};

pub use figures::{Figures, SkillFigure, figures};
pub use tiny::tiny;

/// Working days between the critical window's end and the horizon: room for late tickets.
const DAYS_AFTER: usize = 8;
/// Longest critical window, in working days.
const MOST_DAYS: usize = 230;

/// What to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Tickets, 1 to 100,000.
    pub tickets: usize,
    /// People, 1 to 2,000.
    pub people: usize,
    /// Demand per capacity in the critical window, in thousandths.
    pub load_permille: u32,
    /// Which of the scenarios of this size.
    pub seed: u64,
    /// Length of the critical window in working days; `None`: as long as the tickets take at the
    /// catalogue's own efforts. Efforts are scaled to meet the load.
    pub days: Option<usize>,
    /// The date planned from, at 08:30.
    pub start: Date,
}

impl Default for Order {
    fn default() -> Order {
        Order {
            tickets: 60,
            people: 14,
            load_permille: 900,
            seed: 1,
            days: None,
            start: Date::new(2026, 3, 9).expect("it is a Monday"),
        }
    }
}

/// Makes `order`. Sizes outside their ranges are brought into them.
///
/// # Panics
/// Never: generated names resolve, which tests hold for many orders.
#[must_use]
pub fn scenario(order: &Order) -> (Scenario, Figures) {
    let order = &bounded(order);
    let stream = |number: u64| Rng::new(order.seed, 1_000 + number);
    let base = firm::catalogue();
    let offices = firm::office_count(order.people);
    let mut scenario = firm::firm(offices);
    let dates = dates::Dates::new(&scenario, order.start, MOST_DAYS + DAYS_AFTER + 2);
    let mut people = staff::people(&mut stream(0), order.people);
    let count = (order.tickets / 3).max(offices).max(2);
    let clients = clients::clients(&mut stream(1), &people, count);
    let counter = counter(&base, &clients, &people);
    let mut asked = queue::queue(&mut stream(2), &counter, order.tickets);
    let rough: i64 = asked.iter().map(|one| one.rough_minutes(&base)).sum();
    let days = order.days.unwrap_or_else(|| window(order, &people, rough));
    staff::unevenness(&mut stream(3), &mut people, &dates, days);
    let taken = BTreeSet::new();
    let mut extras = extras::Extras { dates: &dates, days, people: &people, taken };
    let (pins, progress) = extras.add(&mut stream(4), &mut asked);
    extras::disruptions(&mut stream(5), &mut scenario, &dates, days);
    scenario.about = Some(about(order));
    scenario.as_of = Moment::local(dates.day(0), 8 * 60 + 30);
    scenario.horizon = dates.at(days - 1 + DAYS_AFTER, 18, 0);
    let services: Vec<&str> = asked.iter().map(|one| one.service.id.as_str()).collect();
    scenario.tickets = asked.into_iter().map(|one| one.ticket).collect();
    scenario.clients = clients.iter().map(|(client, _)| client.clone()).collect();
    (scenario.people, scenario.pins, scenario.progress) = (people, pins, progress);
    let mut work = resolve(&scenario).expect("generated names resolve");
    let until = work.zone.tick_from(dates.at(days - 1, 18, 0));
    scale(&mut scenario, &mut work, until, i64::from(order.load_permille));
    let promises = promise::Promises { dates: &dates, days };
    promise(&mut stream(6), &services, &mut scenario, &mut work, &promises);
    let figures = figures(&work, until);
    (scenario, figures)
}

fn bounded(order: &Order) -> Order {
    Order {
        tickets: order.tickets.clamp(1, 100_000),
        people: order.people.clamp(1, 2_000),
        load_permille: order.load_permille.clamp(10, 10_000),
        days: order.days.map(|days| days.clamp(1, MOST_DAYS)),
        ..order.clone()
    }
}

fn about(order: &Order) -> Label {
    let Order { tickets, people, load_permille, seed, .. } = order;
    Label::new(
        format!("生成的场景:{tickets} 张工单、{people} 人、负荷 {load_permille}‰、种子 {seed}"),
        format!(
            "Generated: {tickets} tickets, {people} people, load {load_permille}‰, seed {seed}"
        ),
    )
}

fn counter<'a>(
    base: &'a Scenario,
    clients: &'a [(crate::model::people::Client, usize)],
    people: &[Person],
) -> queue::Counter<'a> {
    let offices = firm::office_count(people.len());
    let of = |office: usize| {
        let count = people.len();
        (0..count)
            .filter(move |row| staff::office_of(*row, count) == office)
            .map(|row| &people[row])
    };
    let teaches = |office| of(office).any(|person| person.trainee && !person.mentors.is_empty());
    queue::Counter {
        base,
        clients,
        teaches: (0..offices).map(teaches).collect(),
        reviews: (0..offices).map(|office| of(office).count() >= 3).collect(),
    }
}

/// Working days in which the people can do `rough` minutes at the load asked for.
fn window(order: &Order, people: &[Person], rough: i64) -> usize {
    let leads = people.iter().filter(|person| !person.trainee).count().max(1);
    // Some three in a hundred days are absences; 480 minutes are a day.
    let per_day = i64::try_from(leads).expect("people are few") * 480 * 97 / 100;
    let days = rough * 1000 / (per_day * i64::from(order.load_permille)) + 1;
    usize::try_from(days).map_or(MOST_DAYS, |days| days.clamp(2, MOST_DAYS))
}

/// Scales all efforts, in the document and in `work` alike, to the load asked for.
fn scale(scenario: &mut Scenario, work: &mut Work, until: Tick, load_permille: i64) {
    let capacity = figures::capacity(work, Span::new(work.as_of, until));
    let leads = work.people.pairs().filter(|(_, person)| !person.trainee);
    let target = leads.map(|(id, _)| capacity[id]).sum::<i64>() * load_permille / 1000;
    let demand: i64 = work.steps.iter().map(figures::demand).sum();
    let scaled = |minutes: i64| ((minutes * target + demand / 2) / demand.max(1)).clamp(1, 100_000);
    let resize = |minutes: &mut Option<u32>| {
        if let Some(value) = minutes {
            *value = u32::try_from(scaled(i64::from(*value))).expect("it is at most 100,000");
        }
    };
    for service in &mut scenario.services {
        let urgent = service.urgent.iter_mut().flatten();
        service
            .normal
            .iter_mut()
            .chain(urgent)
            .for_each(|step: &mut Step| resize(&mut step.minutes));
    }
    for ticket in &mut scenario.tickets {
        ticket.adjust.iter_mut().for_each(|change| resize(&mut change.minutes));
    }
    for progress in &mut scenario.progress {
        if progress.state == ProgressState::Begun {
            resize(&mut progress.remaining_minutes);
        }
    }
    let ids: Vec<Id<work::Step>> = work.steps.ids().collect();
    for id in ids {
        let step = &mut work.steps[id];
        if !step.is_wait() {
            step.effort = scaled(step.effort);
        }
        if let Some(work::Progress::Begun { remaining, .. }) = &mut step.progress {
            *remaining = scaled(*remaining);
        }
    }
}

/// Gives every ticket its due time and prices.
fn promise(
    rng: &mut Rng,
    services: &[&str],
    scenario: &mut Scenario,
    work: &mut Work,
    promises: &promise::Promises,
) {
    let alone: Column<work::Ticket, Option<Tick>> = figures::alone(work);
    for (row, id) in work.tickets.ids().enumerate().collect::<Vec<_>>() {
        let promised = promise::Promised {
            service: services[row],
            alone: alone[id].map_or(scenario.horizon, |finish| work.zone.moment(finish)),
            open: !work.tickets[id].begun,
        };
        let ticket = &mut scenario.tickets[row];
        promises.make(rng, &promised, ticket);
        work.tickets[id].due = ticket.due.map(|due| work.zone.tick_from(due));
    }
}
