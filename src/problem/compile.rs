//! From [`Work`] to [`Problem`].

use std::collections::BTreeMap;

use super::clocks::Expander;
use super::narrow::narrow;
use super::options::Pools;
use super::shift::Shifts;
use super::steps::{Workshop, link_forward, take_turns};
use super::{Band, Curve, Fixed, Person, Problem, Shift, Step, Ticket};
use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::ticket::CurveKind;
use crate::model::work::{self, Lag, Progress, Work};
use crate::time::{DAY, Money, Span, Tick};

pub use super::steps::Before;

/// Compiles `work`; `previous` holds the steps of the previous plan that are no facts.
#[must_use]
pub fn compile(work: &Work, previous: &BTreeMap<Id<work::Step>, Before>) -> Problem {
    let reach = Span::new(work.as_of - 2 * DAY, work.reach().end);
    let long = Span::new(earliest(work), reach.end);
    let mut dates = Expander::new(&work.book, long);
    let clocks: Column<work::Clock, Timeline> =
        work.clocks.iter().map(|calendar| dates.timeline(calendar)).collect();
    let mut shifts = Shifts::new(Expander::new(&work.book, reach));
    let person_shifts: Vec<[Id<Shift>; 2]> = work
        .people
        .iter()
        .map(|person| [shifts.person(person, false), shifts.person(person, true)])
        .collect();
    let people = work.people.pairs().map(|(id, person)| {
        let pair = person_shifts[id.index()];
        compiled_person(work, person, pair, &shifts.rows)
    });
    let people = people.collect();
    let mut shop = Workshop {
        work,
        clocks: &clocks,
        shifts,
        person_shifts,
        previous,
        pools: Pools::default(),
        options: Vec::new(),
        crews: Vec::new(),
        kinds: BTreeMap::new(),
    };
    let mut steps: Column<work::Step, Step> = work.steps.ids().map(|id| shop.step(id)).collect();
    let Workshop { shifts, mut options, crews, .. } = shop;
    narrow(&mut steps, &mut options, &crews);
    link_forward(work, &mut steps);
    let begun = take_turns(&mut steps, &options, &crews);
    let tickets = tickets(work, &steps, &clocks);
    let policy = &work.policy;
    Problem {
        as_of: work.as_of,
        horizon: work.horizon,
        reach,
        midnights: work.zone.midnights(long),
        shifts: shifts.rows,
        people,
        quotas: work.bureaus.iter().map(|bureau| bureau.quota).collect(),
        steps,
        begun,
        tickets,
        options,
        crews,
        travel: work.travel.clone(),
        thing_count: work.things.len(),
        travels: work.people.iter().any(|person| person.base.is_some())
            && work.steps.iter().any(|step| step.site.is_some()),
        trip_price: policy.preference.client_trip_fen.0,
        tolerance: i64::from(policy.change.tolerance_minutes),
        start_price: policy.change.start_fen.0,
        person_price: policy.change.person_fen.0,
        imbalance_price: policy.imbalance.per_hour_fen.0,
        fair_percent: i64::from(policy.imbalance.fair_percent),
        clocks,
    }
}

/// The first tick any lag or curve can start from; at most about three years back.
fn earliest(work: &Work) -> Tick {
    let facts = work.steps.iter().filter_map(|step| match step.progress.as_ref()? {
        Progress::Done { span, .. } => Some(span.start),
        Progress::Begun { start, .. } => Some(*start),
    });
    let points = work.tickets.iter().flat_map(|ticket| ticket.curves.iter().map(|c| c.after));
    let first = facts.chain(points).min().unwrap_or(work.as_of);
    first.min(work.as_of).max(work.as_of - 1100 * DAY) - 2 * DAY
}

/// When `lag` from `tick` is over.
pub(super) fn lag_end(
    clocks: &Column<work::Clock, Timeline>,
    lag: Lag,
    tick: Tick,
) -> Option<Tick> {
    match lag {
        Lag::Minutes(minutes) => Some(tick + minutes),
        Lag::WorkingDays(days, clock) => clocks[clock].nth_opening(tick, days),
        Lag::WorkingMinutes(minutes, clock) => clocks[clock].add_open_minutes(tick, minutes),
    }
}

fn compiled_person(
    work: &Work,
    person: &work::Person,
    shifts: [Id<Shift>; 2],
    rows: &Column<Shift, Shift>,
) -> Person {
    let compiled = |band: &work::Band| Band {
        price: band.price_per_hour.0,
        caps: band.caps,
        used: band.used.clone(),
    };
    let (regular, paid): (Vec<_>, Vec<_>) =
        person.bands.iter().partition(|band| band.kind == BandKind::Regular);
    Person {
        shifts,
        base: person.base,
        rest: person.rest.filter(|rest| needs_rest_check(&rows[shifts[1]], *rest)),
        bands: paid.into_iter().map(compiled).collect(),
        regular_band: regular.into_iter().find(|band| band.caps.any()).map(compiled),
        regular: rows[shifts[0]].regular.open_between(work.as_of, work.horizon),
    }
}

/// Whether two windows of different dates lie closer than `rest` minutes.
fn needs_rest_check(shift: &Shift, rest: i64) -> bool {
    let tiers = shift.tiers.iter().map(|tier| &tier.minutes);
    let mut windows: Vec<_> = tiers
        .chain([&shift.regular])
        .flat_map(|minutes| minutes.windows().iter().copied())
        .collect();
    windows.sort_unstable();
    windows
        .windows(2)
        .any(|pair| pair[0].day != pair[1].day && pair[1].span.start - pair[0].span.end < rest)
}

fn tickets(
    work: &Work,
    steps: &Column<work::Step, Step>,
    clocks: &Column<work::Clock, Timeline>,
) -> Column<work::Ticket, Ticket> {
    let mut rows: Column<work::Ticket, Ticket> = work
        .tickets
        .pairs()
        .map(|(id, ticket)| compiled_ticket(work, id, ticket, steps, clocks))
        .collect();
    let mut batches: BTreeMap<Id<work::Batch>, Vec<Id<work::Ticket>>> = BTreeMap::new();
    for (id, ticket) in work.tickets.pairs() {
        if let Some(batch) = ticket.batch.filter(|_| !ticket.begun) {
            batches.entry(batch).or_default().push(id);
        }
        for earlier in rows[id].after.clone() {
            rows[earlier].before.push(id);
        }
    }
    for mates in batches.values() {
        for id in mates {
            rows[*id].mates = mates.iter().copied().filter(|mate| mate != id).collect();
        }
    }
    spread_must(&mut rows);
    rows
}

/// A ticket that must be served takes its batch and the tickets it follows with it (H9, H10),
/// unless it is under way already.
fn spread_must(rows: &mut Column<work::Ticket, Ticket>) {
    let mut waiting: Vec<_> = rows.ids().filter(|id| rows[*id].must && !rows[*id].begun).collect();
    while let Some(id) = waiting.pop() {
        let company: Vec<_> = rows[id].mates.iter().chain(&rows[id].after).copied().collect();
        for other in company {
            if !rows[other].must {
                rows[other].must = true;
                waiting.push(other);
            }
        }
    }
}

pub(super) fn compiled_ticket(
    work: &Work,
    id: Id<work::Ticket>,
    ticket: &work::Ticket,
    steps: &Column<work::Step, Step>,
    clocks: &Column<work::Clock, Timeline>,
) -> Ticket {
    let weight = |kind| {
        i64::from(match kind {
            CurveKind::Urgency => work.policy.lambda_urgency,
            CurveKind::ClientValue => work.policy.lambda_client_value,
        })
    };
    let curves: Vec<Curve> = ticket
        .curves
        .iter()
        .map(|curve| Curve {
            after: curve.after,
            calendar: curve.calendar,
            fixed: curve.fixed,
            per_hour: curve.per_hour,
            per_day: curve.per_day,
            cap: curve.cap,
            weight: weight(curve.kind),
            churn: curve.churn,
        })
        .filter(|curve| curve.weight > 0)
        .collect();
    let must = ticket.begun || ticket.steps.iter().any(|step| steps[*step].frozen);
    let derived = || {
        let whole = |curve: &Curve| {
            if curve.churn { curve.whole() } else { curve.weighted(work.horizon + DAY, clocks) }
        };
        curves.iter().map(whole).sum()
    };
    let stated = |(urgency, value): (Money, Money)| {
        urgency.scaled_up(weight(CurveKind::Urgency), 1000).0
            + value.scaled_up(weight(CurveKind::ClientValue), 1000).0
    };
    let points = curves.iter().map(|curve| curve.after).min();
    Ticket {
        release: ticket.release,
        unserved: ticket.unserved.map_or_else(derived, stated),
        must,
        after: unique(&ticket.after),
        before: Vec::new(),
        mates: Vec::new(),
        steps: ticket.steps.clone(),
        planned_count: ticket.steps.iter().filter(|step| !steps[**step].is_fact()).count(),
        begun: ticket.begun,
        due: ticket.due.or(points).unwrap_or(work.horizon),
        trip_owner: ticket.client.map_or(work.clients.len() + id.index(), Id::index),
        effort: ticket.steps.iter().map(|step| steps[*step].least_minutes).sum(),
        curves,
    }
}

fn unique(tickets: &[Id<work::Ticket>]) -> Vec<Id<work::Ticket>> {
    let mut tickets = tickets.to_vec();
    tickets.sort_unstable();
    tickets.dedup();
    tickets
}

impl Fixed {
    /// Whether the step is under way.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        matches!(self, Fixed::Begun(..))
    }
}
