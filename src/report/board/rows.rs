//! Single rows of the board: names, steps, worked stretches by band, ways between sites.

use std::collections::BTreeMap;

use super::{Step, Stretch, Travel, build};
use crate::calendar::{Label, Opening, Zone};
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::plan::{Plan, PlannedStep, Standing};
use crate::model::scenario::Scenario;
use crate::model::ticket::{self, Service, Track};
use crate::model::work::{self, Work};
use crate::time::{Span, Tick};

/// The band drawn as a person's hours.
pub(in crate::report) const REGULAR: BandKind = BandKind::Regular;

/// `name`, or the key in both languages.
pub(super) fn named(name: Option<&Label>, key: &str) -> Label {
    name.cloned().unwrap_or_else(|| Label::new(key, key))
}

/// Names of services and of their template steps.
pub(super) struct Names<'a> {
    services: BTreeMap<&'a str, &'a Service>,
}

impl<'a> Names<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Names<'a> {
        Names { services: scenario.services.iter().map(|s| (s.id.as_str(), s)).collect() }
    }

    pub(super) fn service(&self, key: &str) -> Label {
        named(self.services.get(key).and_then(|service| service.name.as_ref()), key)
    }

    /// The step as written: in the ticket, in its service's template, or, under the name of a
    /// service that had to come first, in that one's.
    fn written(&self, ticket: &'a ticket::Ticket, name: &str) -> Option<&'a ticket::Step> {
        let own = ticket.steps.iter().find(|step| step.id == name);
        let templates = |key: &str, name: &str| {
            let service = self.services.get(key)?;
            template(service, ticket.track).iter().find(|step| step.id == name)
        };
        let service = ticket.service.as_deref();
        own.or_else(|| templates(service?, name)).or_else(|| {
            let dots = name.match_indices('.').map(|(at, _)| at);
            dots.into_iter().find_map(|at| templates(&name[..at], &name[at + 1..]))
        })
    }
}

fn template(service: &Service, track: Track) -> &[ticket::Step] {
    match (track, &service.urgent) {
        (Track::Urgent, Some(urgent)) => urgent,
        _ => &service.normal,
    }
}

/// The row of a planned step.
pub(super) fn step(
    work: &Work,
    scenario: &Scenario,
    names: &Names,
    source: Id<work::Step>,
    planned: &PlannedStep,
    zone: Zone,
) -> Step {
    let resolved = &work.steps[source];
    let row = resolved.ticket.index();
    let written = names.written(&scenario.tickets[row], &resolved.name);
    let start = build::tick(zone, planned.start);
    let end = planned.end.map_or(start, |end| build::tick(zone, end));
    let person = |key: &String| work.people.iter().position(|person| person.key == *key);
    let thing = |thing: &Id<work::Thing>| {
        let stated = &scenario.things[thing.index()];
        named(stated.name.as_ref(), &stated.id)
    };
    Step {
        ticket: Id::new(row),
        key: resolved.name.clone(),
        name: named(written.and_then(|step| step.name.as_ref()), &resolved.name),
        span: Span::new(start, end),
        people: planned.people.iter().filter_map(person).map(Id::new).collect(),
        site: resolved.site.map(|site| site_name(scenario, site)),
        bureau: resolved.bureau.map(|(bureau, _)| Id::new(bureau.index())),
        by: written.and_then(|step| step.by.clone()),
        things: resolved.things.iter().map(thing).collect(),
        client_trip: resolved.client_trip,
        standing: planned.standing,
        provisional: planned.provisional,
    }
}

fn site_name(scenario: &Scenario, site: Id<work::Site>) -> Label {
    let stated = &scenario.sites[site.index()];
    named(stated.name.as_ref(), &stated.id)
}

/// The planned steps that are rows of the board, in their order.
pub(super) fn known<'a>(work: &Work, plan: &'a Plan) -> Vec<&'a PlannedStep> {
    let known =
        |step: &&PlannedStep| work.step(&format!("{}/{}", step.ticket, step.step)).is_some();
    plan.steps.iter().filter(known).collect()
}

/// The worked spans of a planned step; all of it where the plan states none.
pub(super) fn pieces(planned: &PlannedStep, step: &Step, zone: Zone) -> Vec<Span> {
    if planned.pieces.is_empty() {
        return vec![step.span];
    }
    let span = |piece: &crate::model::plan::Piece| {
        Span::new(build::tick(zone, piece.from), build::tick(zone, piece.to))
    };
    planned.pieces.iter().map(span).collect()
}

/// One person's open minutes by band, for present and for remote steps.
pub(super) struct Bands {
    present: Vec<(BandKind, Vec<Opening>)>,
    remote: Vec<(BandKind, Vec<Opening>)>,
}

impl Bands {
    pub(super) fn new(work: &Work, person: &work::Person, span: Span) -> Bands {
        let open = |remote: bool| {
            let bands = person.bands.iter().map(|band| {
                let calendar = if remote { &band.remote } else { &band.present };
                (band.kind, work.book.open_spans(calendar, span))
            });
            bands.collect()
        };
        let differs = person.bands.iter().any(|band| band.present != band.remote);
        let present: Vec<(BandKind, Vec<Opening>)> = open(false);
        Bands { remote: if differs { open(true) } else { present.clone() }, present }
    }

    /// `pieces` cut where the band changes; a minute belongs to the first band that covers it.
    pub(super) fn cut(&self, pieces: &[Span], remote: bool) -> Vec<Stretch> {
        let bands = if remote { &self.remote } else { &self.present };
        let mut stretches = Vec::new();
        for piece in pieces {
            let mut left = vec![*piece];
            for (kind, openings) in bands {
                let mut rest = Vec::new();
                for span in left {
                    let mut at = span.start;
                    let first = openings.partition_point(|o| o.span.end <= span.start);
                    for opening in openings[first..].iter().take_while(|o| o.span.start < span.end)
                    {
                        let Some(shared) = opening.span.intersection(span) else { continue };
                        stretches.push(Stretch { span: shared, band: Some(*kind) });
                        rest.push(Span::new(at, shared.start));
                        at = shared.end;
                    }
                    rest.push(Span::new(at, span.end));
                }
                left = rest.into_iter().filter(|span| span.minutes() > 0).collect();
            }
            stretches.extend(left.into_iter().map(|span| Stretch { span, band: None }));
        }
        stretches.sort_by_key(|stretch| stretch.span);
        joined(stretches)
    }
}

/// Touching stretches of one band as one.
fn joined(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match all.last_mut() {
            Some(last) if last.span.end == stretch.span.start && last.band == stretch.band => {
                last.span.end = stretch.span.end;
            }
            _ => all.push(stretch),
        }
    }
    all
}

/// The way to each of one person's steps, which are given by start (H14).
pub(super) fn travels(
    work: &Work,
    scenario: &Scenario,
    person: &work::Person,
    mine: &[(Id<Step>, usize)],
    steps: &Column<Step, Step>,
    sources: &[Id<work::Step>],
) -> Vec<Option<Travel>> {
    let Some(base) = person.base else { return vec![None; mine.len()] };
    let mut ways = Vec::with_capacity(mine.len());
    for (position, (step, _)) in mine.iter().enumerate() {
        let site = work.steps[sources[step.index()]].site;
        let date = work.zone.date(steps[*step].span.start);
        let today = |(earlier, _): &&(Id<Step>, usize)| {
            let end: Tick = steps[*earlier].span.end - 1;
            work.zone.date(end) == date
        };
        let before = mine[..position].iter().rev().filter(today);
        let from = before.filter_map(|(earlier, _)| work.steps[sources[earlier.index()]].site);
        let from = from.into_iter().next().unwrap_or(base);
        let begun = matches!(steps[*step].standing, Standing::Begun | Standing::Done);
        let minutes = site.filter(|_| !begun).and_then(|site| work.travel[from][site]);
        let minutes = minutes.filter(|minutes| *minutes > 0);
        ways.push(minutes.map(|minutes| Travel { minutes, from: site_name(scenario, from) }));
    }
    ways
}
