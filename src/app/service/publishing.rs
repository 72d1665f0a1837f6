//! What is held against how things stand before it becomes the plan in force: a draft against what
//! has changed since it was made, an earlier plan against what has happened since.

use std::collections::{BTreeMap, BTreeSet};

use super::Service;
use super::aside::Aside;
use super::bare::bare;
use super::plans::DraftFile;
use super::refusal::Refusal;
use super::tickets::{TICKET, TicketFile};
use crate::app::documents::Question;
use crate::calendar::{Label, Moment};
use crate::model::plan::{Plan, PlannedStep, Standing};
use crate::model::scenario::{Pin, Progress, ProgressState, Scenario};
use crate::model::ticket::Ticket;

impl Service {
    /// What a draft was made with that is not so any more. Tickets that came since are none of it:
    /// they wait for the next plan.
    pub(super) fn changed_since(&self, file: &DraftFile) -> Result<Vec<Aside>, Refusal> {
        let today = bare(self.scene(file.made_ms)?.question.scenario);
        let then = &file.scenario;
        let mut changed = Vec::new();
        if !is_same_frame(then, &today) {
            changed.push(Aside::new("base", "base", changed_label()));
        }
        let tickets: BTreeMap<&str, &Ticket> =
            today.tickets.iter().map(|ticket| (ticket.id.as_str(), ticket)).collect();
        for old in &then.tickets {
            match tickets.get(old.id.as_str()) {
                None => changed.push(Aside::new(TICKET, &old.id, gone_label())),
                Some(now) if !is_same_ticket(old, now) => {
                    changed.push(Aside::new(TICKET, &old.id, changed_label()));
                }
                Some(_) => {}
            }
        }
        for old in &then.clients {
            let now = today.clients.iter().find(|client| client.id == old.id);
            if now.is_some_and(|now| now != old) {
                changed.push(Aside::new("client", &old.id, changed_label()));
            }
        }
        changed.extend(changed_people(file, &today));
        changed.extend(given_since(file, &today));
        changed.extend(self.other_progress(file)?);
        Ok(changed)
    }

    /// What was reported of the draft's tickets since, or taken back, and is not as it plans.
    fn other_progress(&self, file: &DraftFile) -> Result<Vec<Aside>, Refusal> {
        let mut others = Vec::new();
        let then: BTreeMap<&str, &Progress> =
            file.scenario.progress.iter().map(|row| (row.step.as_str(), row)).collect();
        let mut known = BTreeSet::new();
        for ticket in &file.scenario.tickets {
            let kept = self.find_if_any::<TicketFile>(TICKET, &ticket.id)?;
            let reported = match &kept {
                None => self.progress_of(&ticket.id)?,
                Some(kept) => {
                    let reported = self.progress_left(&kept.document)?;
                    // What follows from how far it has come is known as long as it has come so far.
                    let own = (ticket.id.as_str(), &kept.document);
                    known.extend(self.worked_steps(own, (&reported, file.made_ms))?);
                    reported
                }
            };
            for row in reported {
                known.insert(row.step.clone());
                let is_known = then.get(row.step.as_str()).is_some_and(|old| **old == row);
                if !is_known && !is_as_planned(&file.plan, &row) {
                    others.push(Aside::new("progress", &row.step, changed_label()));
                }
            }
        }
        let taken_back = then.keys().filter(|step| !known.contains(**step));
        others.extend(taken_back.map(|step| Aside::new("progress", step, gone_label())));
        Ok(others)
    }
}

/// The people at work in the draft who are not there any more or not as they were.
fn changed_people(file: &DraftFile, today: &Scenario) -> Vec<Aside> {
    let at_work: BTreeSet<&String> = file.plan.steps.iter().flat_map(|step| &step.people).collect();
    let mut changed = Vec::new();
    for old in file.scenario.people.iter().filter(|person| at_work.contains(&person.id)) {
        match today.people.iter().find(|person| person.id == old.id) {
            None => changed.push(Aside::new("person", &old.id, gone_label())),
            Some(now) if now != old => {
                changed.push(Aside::new("person", &old.id, changed_label()));
            }
            Some(_) => {}
        }
    }
    changed
}

/// The tickets that somebody was given by hand since, whom the draft does not have on them.
fn given_since(file: &DraftFile, today: &Scenario) -> Vec<Aside> {
    let is_new = |pin: &&Pin| !file.scenario.pins.contains(pin);
    let is_otherwise = |pin: &&Pin| {
        let step = planned(&file.plan, &pin.step);
        step.is_some_and(|step| pin.people.iter().any(|own| !step.people.contains(own)))
    };
    let pins = today.pins.iter().filter(is_new).filter(is_otherwise);
    let given: BTreeSet<&str> = pins.filter_map(|pin| pin.step.split('/').next()).collect();
    given.into_iter().map(|ticket| Aside::new(TICKET, ticket, changed_label())).collect()
}

/// Whether both have the same base, at the same moment.
fn is_same_frame(one: &Scenario, other: &Scenario) -> bool {
    let frame = |scenario: &Scenario| Scenario {
        tickets: Vec::new(),
        people: Vec::new(),
        clients: Vec::new(),
        progress: Vec::new(),
        // Who has what by hand is looked at for itself: [`given_since`].
        pins: Vec::new(),
        ..scenario.clone()
    };
    frame(one) == frame(other)
}

/// Entities are numbered by whatever else there is, and never change.
fn is_same_ticket(one: &Ticket, other: &Ticket) -> bool {
    let entity = one.entity.clone();
    *one == Ticket { entity, ..other.clone() }
}

/// The row of `step`, which is ticket/step.
fn planned<'a>(plan: &'a Plan, step: &str) -> Option<&'a PlannedStep> {
    let (ticket, step) = step.split_once('/')?;
    plan.steps.iter().find(|row| row.ticket == ticket && row.step == step)
}

/// Whether a step is under way as it was planned, or done so.
fn is_as_planned(plan: &Plan, row: &Progress) -> bool {
    let Some(step) = planned(plan, &row.step) else { return false };
    let tick = |moment: Moment| plan.zone.tick_from(moment);
    let is_begun_so = tick(step.start) == tick(row.start) && step.people == row.people;
    is_begun_so && (row.state == ProgressState::Begun || row.end.map(tick) == step.end.map(tick))
}

/// `plan` as one for the moment of `scenario`, with what has happened in the place of what it meant
/// to happen. What it costs is for the verifier to say anew.
pub(super) fn with_facts(mut plan: Plan, scenario: &Scenario) -> Plan {
    (plan.as_of, plan.horizon) = (Some(scenario.as_of), Some(scenario.horizon));
    (plan.cost, plan.bound) = (None, None);
    (plan.released, plan.prices) = (Vec::new(), Vec::new());
    let zone = scenario.zone;
    // As plans write moments, with their offset.
    let whole = |moment: Moment| zone.moment(zone.tick_from(moment));
    for own in &mut plan.steps {
        own.standing = Standing::Planned;
    }
    for row in &scenario.progress {
        let Some((ticket, step)) = row.step.split_once('/') else { continue };
        let own = plan.steps.iter_mut().find(|own| own.ticket == ticket && own.step == step);
        if let Some(own) = own {
            *own = PlannedStep {
                people: row.people.clone(),
                start: whole(row.start),
                end: row.end.map(whole),
                pieces: Vec::new(),
                standing: stands(row.state),
                ..own.clone()
            };
        }
    }
    plan
}

fn stands(state: ProgressState) -> Standing {
    match state {
        ProgressState::Done => Standing::Done,
        ProgressState::Begun => Standing::Begun,
    }
}

fn changed_label() -> Label {
    Label::new("草案做出后有变动", "it has changed since the draft was made")
}

fn gone_label() -> Label {
    Label::new("草案做出后已不在", "it is there no more since the draft was made")
}

/// What is said of a draft that was made for other circumstances.
pub(super) fn made_for_others() -> Label {
    Label::new(
        "草案做出后情况有变，没有发布：请看变动之处，重新排",
        "things have changed since the draft was made, so it was not published: look at what has \
         changed, and plan anew",
    )
}

/// What is said of a plan that breaks rules as things stand.
pub(super) fn does_not_fit() -> Label {
    Label::new(
        "该计划不符合现在的情况，没有发布：请看所违反的规则，重新排",
        "that plan does not fit how things stand and was not published: look at the rules it \
         breaks, and plan anew",
    )
}

/// The plan in force without tickets that are closed by now: they are nobody's previous plan.
pub(super) fn without_strangers(question: &Question, plan: &Plan) -> Plan {
    let keys = &question.work.ticket_keys;
    let mut plan = plan.clone();
    plan.steps.retain(|step| keys.contains_key(step.ticket.as_str()));
    plan.unserved.retain(|row| keys.contains_key(row.ticket.as_str()));
    plan
}
