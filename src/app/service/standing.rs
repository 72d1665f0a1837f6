//! The plan in force, at hand: when a ticket will be finished, who answers for it, and the
//! sentence its client is told (R101, R133, R134).

use std::collections::{BTreeMap, BTreeSet};

use super::Service;
use super::plans::PlanFile;
use super::tickets::{Standing, State, TicketFile};
use crate::calendar::{Date, Day, Label, Moment, Zone};
use crate::desk::life::Stage;
use crate::model::plan::{Plan, PlannedStep};
use crate::model::ticket::Ticket;
use crate::time::Span;

/// A published plan with ways into it.
#[derive(Debug)]
pub(super) struct InForce {
    pub(super) number: u64,
    pub(super) digest: String,
    pub(super) plan: Plan,
    /// What people are called.
    names: BTreeMap<String, Label>,
    /// The rows of each ticket's steps, by their start.
    rows: BTreeMap<String, Vec<usize>>,
}

impl InForce {
    pub(super) fn of(file: PlanFile) -> InForce {
        let PlanFile { number, digest, plan, .. } = file;
        let mut rows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (row, step) in plan.steps.iter().enumerate() {
            rows.entry(step.ticket.clone()).or_default().push(row);
        }
        for own in rows.values_mut() {
            own.sort_by_key(|row| plan.zone.tick_from(plan.steps[*row].start));
        }
        InForce { number, digest, names: BTreeMap::new(), plan, rows }
    }

    /// The same, with what people are called.
    pub(super) fn naming(self, names: BTreeMap<String, Label>) -> InForce {
        InForce { names, ..self }
    }

    /// The steps of a ticket, by their start.
    pub(super) fn steps(&self, ticket: &str) -> impl DoubleEndedIterator<Item = &PlannedStep> {
        let rows = self.rows.get(ticket).into_iter().flatten();
        rows.map(|row| &self.plan.steps[*row])
    }

    /// The tickets it has steps for.
    pub(super) fn tickets(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// Minutes that people work on a ticket.
    pub(super) fn minutes_of(&self, ticket: &str) -> i64 {
        let zone = self.plan.zone;
        let steps = self.steps(ticket).filter(|step| !step.people.is_empty());
        let pieces = steps.flat_map(|step| &step.pieces);
        pieces.map(|piece| zone.tick_from(piece.to) - zone.tick_from(piece.from)).sum()
    }

    /// Who works on a ticket, in the order of its steps, the lead of each first.
    pub(super) fn people_of(&self, ticket: &str) -> Vec<String> {
        self.steps(ticket).flat_map(|step| step.people.iter().cloned()).collect()
    }

    /// The row of a step that is called ticket/step.
    pub(super) fn step(&self, key: &str) -> Option<&PlannedStep> {
        let (ticket, step) = key.split_once('/')?;
        self.steps(ticket).find(|row| row.step == step)
    }

    /// The tickets `person` works on within `span`.
    pub(super) fn tickets_of(&self, person: &str, span: Span) -> BTreeSet<String> {
        let tick = |moment: Moment| self.plan.zone.tick_from(moment);
        let meets = |from: Moment, to: Moment| tick(from) < span.end && span.start < tick(to);
        let is_then = |row: &&PlannedStep| match row.pieces.as_slice() {
            [] => row.end.is_some_and(|end| meets(row.start, end)),
            pieces => pieces.iter().any(|piece| meets(piece.from, piece.to)),
        };
        let steps = self.plan.steps.iter();
        let own = steps.filter(|row| row.people.iter().any(|own| own == person)).filter(is_then);
        own.map(|row| row.ticket.clone()).collect()
    }

    /// When the plan finishes a ticket; none when it leaves it out.
    pub(super) fn finish(&self, ticket: &str) -> Option<Moment> {
        let ends = self.steps(ticket).filter_map(|step| step.end);
        ends.max_by_key(|end| self.plan.zone.tick_from(*end))
    }

    /// What `person` does on `date`, or at all.
    pub(super) fn day_of(&self, person: &str, date: Option<Date>) -> Vec<PlannedStep> {
        let zone = self.plan.zone;
        let on = |moment: Moment| zone.date(zone.tick_from(moment));
        let is_then = |step: &&PlannedStep| {
            let day = date.map(Date::day);
            let last =
                step.end.map_or_else(|| on(step.start), |end| zone.date(zone.tick_from(end) - 1));
            day.is_none_or(|day: Day| on(step.start) <= day && day <= last)
        };
        let is_his = |step: &&PlannedStep| step.people.iter().any(|own| own == person);
        self.plan.steps.iter().filter(is_his).filter(is_then).cloned().collect()
    }

    /// The sentence about the step that is under way at `now`, or comes next.
    fn told(&self, ticket: &str) -> Label {
        let zone = self.plan.zone;
        let mut people = self.steps(ticket).filter(|step| !step.people.is_empty());
        let Some(step) = people.next() else { return received() };
        let name = step.people.first().and_then(|who| self.names.get(who)).cloned();
        let by = self.finish(ticket).unwrap_or(step.start);
        passed_to(&name.unwrap_or_else(specialist), (zone, Some(by)))
    }
}

impl Service {
    /// How a ticket stands in the plan in force.
    pub(super) fn standing(&self, ticket: &Ticket, state: State) -> Standing {
        let plain = |told| Standing { told, ..Standing::default() };
        match state {
            State::Done => return plain(Label::new("已办结", "done")),
            State::Cancelled => return plain(Label::new("已取消", "called off")),
            State::Open => {}
        }
        let in_force = self.standing.now();
        let plan = in_force.as_ref().map(|in_force| in_force.digest.clone());
        let finish = in_force.as_ref().and_then(|in_force| in_force.finish(&ticket.id));
        let (Some(in_force), Some(finish)) = (in_force, finish) else {
            // What fails outside is told where it is needed, and here nothing is promised.
            let refused = self.refused_for_good(ticket).ok().flatten();
            return Standing { plan, ..plain(refused.unwrap_or_else(received)) };
        };
        let last = in_force.steps(&ticket.id).rev().find_map(|step| step.people.first());
        Standing {
            estimate: Some(finish),
            no_estimate: None,
            is_planned: true,
            accountable: last.cloned(),
            plan,
            told: in_force.told(&ticket.id),
        }
    }
}

impl Service {
    /// How a ticket stands: at the desk by how far it has come and by who has it, before that in the
    /// plan in force (R101, R134).
    pub(super) fn standing_of(&self, file: &TicketFile) -> Standing {
        let mut standing = self.standing(&file.ticket, file.state);
        let Some(desk) = &file.desk else { return standing };
        if desk.stage == Stage::Refused {
            // What fails outside is told where it is needed.
            let why = self.refused_why(&file.ticket, &file.attributes).ok().flatten();
            standing.told = refused(why);
        } else if file.state == State::Open && desk.is_delivered() {
            let told =
                Label::new("已交付，请核对后签收", "handed over: please look at it and sign");
            standing = Standing { told, estimate: None, is_planned: false, ..standing };
        } else if let (State::Open, Some(crew)) = (file.state, &desk.crew) {
            let promised = file.promise.as_ref().map(|promise| promise.finish);
            let by = standing.estimate.or(promised);
            standing.told = passed_to(&self.name_of(&crew.driver), (self.zone(), by));
        }
        if let Some(crew) = &desk.crew {
            standing.accountable = Some(crew.driver.clone());
        }
        standing
    }

    /// What clients call somebody.
    fn name_of(&self, person: &str) -> Label {
        let plan = self.standing.now();
        let name = plan.and_then(|plan| plan.names.get(person).cloned());
        name.unwrap_or_else(specialist)
    }
}

/// The sentence that somebody has it, and by when he answers.
fn passed_to(name: &Label, (zone, by): (Zone, Option<Moment>)) -> Label {
    let Some(by) = by else {
        return Label::new(format!("已转交{}", name.zh), format!("passed to {}", name.en));
    };
    let (zh, en) = (clock(zone, by, true), clock(zone, by, false));
    Label::new(
        format!("已转交{}，预计{zh}前回复", name.zh),
        format!("passed to {}, reply expected before {en}", name.en),
    )
}

fn specialist() -> Label {
    Label::new("专员", "one of our specialists")
}

/// A moment as clients read it.
fn clock(zone: Zone, moment: Moment, is_chinese: bool) -> String {
    let tick = zone.tick_from(moment);
    let (date, minute) = (Date::from(zone.date(tick)), zone.minute_of_day(tick));
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    if is_chinese { format!("{date} {time} ") } else { format!("{time} on {date}") }
}

/// That it was refused, and why.
fn refused(why: Option<Label>) -> Label {
    let Label { zh, en } = Stage::Refused.label();
    match why {
        Some(why) => Label::new(format!("{zh}：{}", why.zh), format!("{en}: {}", why.en)),
        None => Label::new(zh, en),
    }
}

fn received() -> Label {
    Label::new("已受理，等待排期", "received, to be scheduled")
}
