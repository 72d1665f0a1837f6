//! Promises that are in danger: those that the plan in force does not keep, and those that an
//! absence or a late step breaks before anybody has planned anew. Each is told once, again when
//! what there is to tell has changed, and when it is safe again (R131).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Service;
use super::change::Change;
use super::desk::{Because, Warning, has_to_act};
use super::marks::{List, PROMISED, Promised};
use super::refusal::Refusal;
use super::standing::InForce;
use super::tickets::{TICKET, TicketFile};
use crate::calendar::Moment;
use crate::desk::event::Stream;
use crate::desk::life::Life;
use crate::model::scenario::{Progress, ProgressState};
use crate::policy::desk::Post;
use crate::time::Span;

/// What was told last of the promises in danger, by ticket. It is in no document: where it is lost,
/// they are told once more.
const AT_RISK: &str = "at_risk";

/// What is told of a promise in danger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Risk {
    promised: Moment,
    /// When the plan finishes it; none when it does not, or until it is planned anew.
    planned: Option<Moment>,
    because: Because,
}

impl Service {
    /// Events for what the new plan changes for promises, those `settled` with it left out.
    pub(super) fn tell_of_promises(
        &self,
        change: &mut Change,
        next: &InForce,
        settled: &BTreeSet<&String>,
    ) -> Result<(), Refusal> {
        let marks = self.marks_of(List { marks: AT_RISK, within: None })?.into_iter();
        let mut told: BTreeMap<String, String> = marks.map(|mark| (mark.key, mark.body)).collect();
        for (key, promise) in self.promises()? {
            if settled.contains(&key) {
                continue;
            }
            let before = told.remove(&key);
            if !keeps(next, &key, &promise) {
                let (promised, planned) = (promise.finish, next.finish(&key));
                let risk = Risk { promised, planned, because: Because::Plan };
                let told = (risk, next.digest.as_str());
                if let Some(warning) = self.tell_of_risk(change, (&key, &promise), told, before)? {
                    self.warn(change, &key, warning)?;
                }
            } else if before.is_some() {
                let payload = json!({
                    "ticket": key,
                    "client": promise.client,
                    "promised": promise.finish,
                    "planned": next.finish(&key),
                    "plan": next.digest,
                });
                let stream = Stream::new("promise", &key);
                change.event(self, (&stream, None), "promise.safe", &payload)?;
                self.warn_no_more(change, &key)?;
                change.unmark(AT_RISK, key);
            }
        }
        // Settled by now, or closed.
        for key in told.into_keys() {
            self.warn_no_more(change, &key)?;
            change.unmark(AT_RISK, key);
        }
        Ok(())
    }

    /// Events for the promises that rest on `person` being there between two moments.
    pub(super) fn tell_of_absence(
        &self,
        change: &mut Change,
        person: &str,
        (from, to): (Moment, Moment),
    ) -> Result<(), Refusal> {
        let Some(plan) = self.standing.now() else { return Ok(()) };
        let zone = plan.plan.zone;
        let away = Span::new(zone.tick_from(from), zone.tick_from(to));
        for key in plan.tickets_of(person, away) {
            if let Some(warning) = self.tell_of_fact(change, &plan, &key, Because::Absence)? {
                self.warn(change, &key, warning)?;
            }
        }
        Ok(())
    }

    /// Events for the promises that a step breaks by being later than planned.
    pub(super) fn tell_of_progress(
        &self,
        change: &mut Change,
        ticket: &str,
        row: &Progress,
    ) -> Result<(), Refusal> {
        let Some(plan) = self.standing.now() else { return Ok(()) };
        let zone = plan.plan.zone;
        let Some(step) = plan.step(&row.step) else { return Ok(()) };
        let (is, was) = match row.state {
            ProgressState::Done => (row.end, step.end),
            ProgressState::Begun => (Some(row.start), Some(step.start)),
        };
        let (Some(is), Some(was)) = (is, was) else { return Ok(()) };
        let late = zone.tick_from(is) - zone.tick_from(was);
        let Some(body) = self.store.mark(PROMISED, ticket)? else { return Ok(()) };
        let Ok(promise) = serde_json::from_str::<Promised>(&body) else { return Ok(()) };
        let slack = plan
            .finish(ticket)
            .map(|finish| zone.tick_from(promise.finish) - zone.tick_from(finish));
        if slack.is_some_and(|slack| late > 0 && late > slack)
            && let Some(warning) = self.tell_of_fact(change, &plan, ticket, Because::Progress)?
        {
            self.warn(change, ticket, warning)?;
        }
        Ok(())
    }

    /// Events for a promise that `life` waits too long for, and what its client is to be warned of.
    pub(super) fn tell_of_wait(
        &self,
        change: &mut Change,
        ticket: &str,
        life: &Life,
    ) -> Result<Option<Warning>, Refusal> {
        let owed_ms = life.owed_ms().filter(|_| life.stage.is_promised());
        if owed_ms.is_none_or(|owed_ms| life.held_until_ms() <= Some(owed_ms)) {
            return Ok(None);
        }
        let Some(plan) = self.standing.now() else { return Ok(None) };
        self.tell_of_fact(change, &plan, ticket, Because::Wait)
    }

    /// An event for a promise that the plan kept, and that a fact breaks, and what its client is to
    /// be warned of.
    fn tell_of_fact(
        &self,
        change: &mut Change,
        plan: &InForce,
        key: &str,
        because: Because,
    ) -> Result<Option<Warning>, Refusal> {
        let Some(body) = self.store.mark(PROMISED, key)? else { return Ok(None) };
        let Ok(promise) = serde_json::from_str::<Promised>(&body) else { return Ok(None) };
        if !keeps(plan, key, &promise) {
            return Ok(None);
        }
        let before = self.store.mark(AT_RISK, key)?;
        let risk = Risk { promised: promise.finish, planned: None, because };
        self.tell_of_risk(change, (key, &promise), (risk, &plan.digest), before)
    }

    fn tell_of_risk(
        &self,
        change: &mut Change,
        (key, promise): (&str, &Promised),
        (risk, plan): (Risk, &str),
        before: Option<String>,
    ) -> Result<Option<Warning>, Refusal> {
        let told = serde_json::to_string(&risk).expect("moments have a spelling");
        if before.as_ref() == Some(&told) {
            return Ok(None);
        }
        let mut payload = json!({
            "ticket": key,
            "client": promise.client,
            "promised": risk.promised,
            "planned": risk.planned,
            "because": risk.because,
            "plan": plan,
        });
        // Somebody has to act on it: whoever has the ticket, or the manager.
        let file = self.find_if_any::<TicketFile>(TICKET, key)?.map(|kept| kept.document);
        let crew = file.and_then(|file| file.desk?.crew);
        match has_to_act(crew.as_ref()) {
            Some(person) => payload["person"] = json!(person),
            None => payload["to"] = json!(Post::DepartmentManager),
        }
        let stream = Stream::new("promise", key);
        change.event(self, (&stream, None), "promise.at_risk", &payload)?;
        change.mark(AT_RISK, key.to_owned(), told);
        // R074: so the client is to be warned.
        let Risk { promised, planned, because } = risk;
        Ok(Some(Warning { at_ms: change.now_ms, promised, planned, because }))
    }
}

/// Whether `plan` finishes a ticket by the date promised.
fn keeps(plan: &InForce, key: &str, promise: &Promised) -> bool {
    let tick = |moment: Moment| plan.plan.zone.tick_from(moment);
    plan.finish(key).is_some_and(|finish| tick(finish) <= tick(promise.finish))
}
