//! From a resolved scenario and a plan to the board.
//!
//! Only calendar definitions and the plan's own moments are used. A planned step the scenario does
//! not know is left out: the verifier names it, and the board shows its sentence.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{self, Names};
use super::{Board, Bureau, Figures, Person, Step, Ticket, Unserved, lookout, proof};
use crate::calendar::{Day, Label, Opening, Zone};
use crate::id::{Column, Id};
use crate::model::plan::{Plan, ReleasedStep};
use crate::model::rule::Rule;
use crate::model::scenario::Scenario;
use crate::model::work::{self, Work};
use crate::time::{DAY, Span, Tick};

/// The board of `plan`. Ends and pieces that a plan by hand leaves out should be filled in
/// before; a step without an end is shown as a point.
#[must_use]
pub fn build(work: &Work, scenario: &Scenario, plan: &Plan, figures: &Figures) -> Board {
    let names = Names::new(scenario);
    let mut steps: Column<Step, Step> = Column::default();
    let mut sources: Vec<Id<work::Step>> = Vec::new();
    for planned in &plan.steps {
        let key = format!("{}/{}", planned.ticket, planned.step);
        let Some(source) = work.step(&key) else { continue };
        steps.push(rows::step(work, scenario, &names, source, planned, plan.zone));
        sources.push(source);
    }
    let shown = shown(work, &steps);
    let people = people(work, scenario, plan, &steps, &sources, shown, figures);
    let tickets = tickets(work, scenario, &names, &steps, figures);
    let mut board = Board {
        about: scenario.about.clone(),
        zone: work.zone,
        as_of: work.as_of,
        horizon: work.horizon,
        bill: figures.bill,
        weights: plan.weights,
        bound: plan.bound.clone(),
        gap: proof::gap(work, scenario, plan),
        hours: proof::hours(work, scenario, plan),
        provenance: plan.provenance.clone(),
        violations: figures.violations.clone(),
        unserved: unserved(work, plan, figures),
        bureaus: bureaus(work, scenario, &steps, shown),
        released: plan.released.iter().map(|step| released(work, step)).collect(),
        people,
        tickets,
        steps,
        at_risk: Vec::new(),
        day: Day::default(),
        moments: Vec::new(),
    };
    board.day = lookout::day(&board);
    board.at_risk = lookout::at_risk(&board, work, figures);
    board.moments = lookout::moments(&board);
    board
}

/// Whole local dates from the one of `as_of` to the last end.
fn shown(work: &Work, steps: &Column<Step, Step>) -> Span {
    let last = steps.iter().map(|step| step.span.end).max().unwrap_or(work.as_of);
    let last = last.max(work.as_of).min(work.horizon + work::DAYS_BEYOND * DAY);
    let from = work.zone.midnight(work.zone.date(work.as_of));
    Span::new(from, work.zone.midnight(work.zone.date(last).plus(1)))
}

fn people(
    work: &Work,
    scenario: &Scenario,
    plan: &Plan,
    steps: &Column<Step, Step>,
    sources: &[Id<work::Step>],
    shown: Span,
    figures: &Figures,
) -> Column<Person, Person> {
    let mut turns: Vec<Vec<(Id<Step>, usize)>> = vec![Vec::new(); work.people.len()];
    for (id, step) in steps.pairs() {
        for (seat, person) in step.people.iter().enumerate() {
            turns[person.index()].push((id, seat));
        }
    }
    let planned = rows::known(work, plan);
    let mut lines = Column::default();
    let mut names: Vec<Label> =
        scenario.people.iter().map(|row| rows::named(row.name.as_ref(), &row.id)).collect();
    tell_apart(&mut names, scenario);
    for (((id, person), stated), name) in work.people.pairs().zip(&scenario.people).zip(names) {
        let regular = person.bands.iter().find(|band| band.kind == rows::REGULAR);
        let regular = regular.map_or_else(Vec::new, |b| work.book.open_spans(&b.present, shown));
        let mut mine = std::mem::take(&mut turns[id.index()]);
        mine.sort_by_key(|(step, seat)| (steps[*step].span.start, *step, *seat));
        let whole = whole(shown, steps, &mine);
        let bands = rows::Bands::new(work, person, whole);
        let ways = rows::travels(work, scenario, person, &mine, steps, sources);
        let turns = mine.iter().zip(ways).map(|(&(step, seat), travel)| {
            let pieces = rows::pieces(planned[step.index()], &steps[step], plan.zone);
            let remote = work.steps[sources[step.index()]].remote;
            super::Turn { step, seat, pieces: bands.cut(&pieces, remote), travel }
        });
        lines.push(Person {
            key: person.key.clone(),
            name,
            team: stated.team.as_deref().map(|team| called(scenario, team)),
            regular,
            turns: turns.collect(),
            figures: figures.people.get(&person.key).copied().unwrap_or_default(),
        });
    }
    lines
}

/// What the team is called; its key where nothing is said.
fn called(scenario: &Scenario, team: &str) -> Label {
    let listed = scenario.teams.iter().find(|listed| listed.id == team);
    let name = listed.and_then(|listed| listed.name.clone());
    name.unwrap_or_else(|| Label::new(team, team))
}

/// Adds the keys of people to names that several bear in one of the languages.
fn tell_apart(names: &mut [Label], scenario: &Scenario) {
    let mut bearers: BTreeMap<String, usize> = BTreeMap::new();
    for Label { zh, en } in names.iter() {
        for name in BTreeSet::from([zh, en]) {
            *bearers.entry(name.clone()).or_default() += 1;
        }
    }
    for (name, row) in names.iter_mut().zip(&scenario.people) {
        if [&name.zh, &name.en].into_iter().any(|name| bearers.get(name) > Some(&1)) {
            let key = &row.id;
            *name = Label::new(format!("{} ({key})", name.zh), format!("{} ({key})", name.en));
        }
    }
}

/// `shown`, widened to hold every step of one person.
fn whole(shown: Span, steps: &Column<Step, Step>, mine: &[(Id<Step>, usize)]) -> Span {
    mine.iter().fold(shown, |span, (step, _)| {
        let step = steps[*step].span;
        Span::new(span.start.min(step.start), span.end.max(step.end))
    })
}

fn tickets(
    work: &Work,
    scenario: &Scenario,
    names: &Names,
    steps: &Column<Step, Step>,
    figures: &Figures,
) -> Column<Ticket, Ticket> {
    let mut own: Vec<Vec<Id<Step>>> = vec![Vec::new(); work.tickets.len()];
    for (id, step) in steps.pairs() {
        own[step.ticket.index()].push(id);
    }
    let mut lines = Column::default();
    for ((id, ticket), stated) in work.tickets.pairs().zip(&scenario.tickets) {
        let mut mine = std::mem::take(&mut own[id.index()]);
        mine.sort_by_key(|step| (steps[*step].span.start, steps[*step].span.end, *step));
        let service = stated.service.as_deref().map(|key| names.service(key));
        let title = stated.title.clone().or_else(|| service.clone());
        let client = ticket.client.map(|client| &scenario.clients[client.index()]);
        lines.push(Ticket {
            key: ticket.key.clone(),
            title: rows::named(title.as_ref(), &ticket.key),
            client: client.map(|client| rows::named(client.name.as_ref(), &client.id)),
            service,
            urgent: ticket.urgent,
            due: ticket.due,
            finish: mine.iter().map(|step| steps[*step].span.end).max(),
            steps: mine,
            loss: figures.tickets.get(&ticket.key).map(|amounts| amounts.loss).unwrap_or_default(),
        });
    }
    lines
}

fn unserved(work: &Work, plan: &Plan, figures: &Figures) -> Vec<Unserved> {
    let mut rows: Vec<Unserved> = plan
        .unserved
        .iter()
        .filter_map(|left| {
            let ticket = *work.ticket_keys.get(&left.ticket)?;
            let known = figures.tickets.get(&left.ticket).map(|amounts| amounts.loss);
            let price = known.or(left.price).unwrap_or_default();
            Some(Unserved { ticket: Id::new(ticket.index()), reason: left.reason, price })
        })
        .collect();
    rows.sort_by_key(|row| (-row.price.weighted_fen, row.ticket));
    rows
}

fn bureaus(
    work: &Work,
    scenario: &Scenario,
    steps: &Column<Step, Step>,
    shown: Span,
) -> Column<Bureau, Bureau> {
    let mut lines = Column::default();
    for ((id, bureau), stated) in work.bureaus.pairs().zip(&scenario.bureaus) {
        let here = |step: &Step| step.bureau.is_some_and(|other| other.index() == id.index());
        let visits = steps.pairs().filter(|(_, step)| here(step)).map(|(row, _)| row);
        let mut visits: Vec<Id<Step>> = visits.collect();
        visits.sort_by_key(|step| (steps[*step].span.start, *step));
        let open: Vec<Opening> = work.book.open_spans(&work.clocks[bureau.hours], shown);
        let name = rows::named(stated.name.as_ref(), &bureau.key);
        lines.push(Bureau { key: bureau.key.clone(), name, open, visits });
    }
    lines
}

fn released(work: &Work, step: &ReleasedStep) -> Label {
    let ReleasedStep { ticket, step, rule } = step;
    let release = work.ticket(ticket).map(|id| work.tickets[id].release);
    // Nothing but the passing of time breaks H6 where the materials are there.
    if rule == Rule::H6.code() && release.is_some_and(|release| release <= work.as_of) {
        let minute = work.zone.minute_of_day(work.as_of);
        let at = format!("{:02}:{:02}", minute / 60, minute % 60);
        return Label::new(
            format!("{ticket}/{step} 原计划已冻结，应在 {at} 前开始，却没有进度报告，因此放开"),
            format!(
                "{ticket}/{step} was frozen and had to be let go: it should have begun before \
                 {at} and no progress is reported"
            ),
        );
    }
    Label::new(
        format!("{ticket}/{step} 原计划已冻结，因 {rule} 不再可行而放开"),
        format!("{ticket}/{step} was frozen and had to be let go: {rule} no longer holds"),
    )
}

/// The tick of a plan's moment.
pub(super) fn tick(zone: Zone, moment: crate::calendar::Moment) -> Tick {
    zone.tick_from(moment)
}
