//! The plan drives the desk, and quotes do: a quote is put on record at its tickets, its acceptance
//! is their promise, and a published plan gives promised tickets to people.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Before, coming, doing, life_of};
use crate::app::service::base::Base;
use crate::app::service::change::Change;
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::kept::Kept;
use crate::app::service::plans::PlanFile;
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Moment;
use crate::desk;
use crate::desk::clock::MINUTE;
use crate::desk::event::Stream;
use crate::desk::life::{Crew, Happening, Stage};
use crate::desk::payload::Payload;
use crate::model::plan::PlannedStep;
use crate::model::ticket::{Role, Step, Track};

/// The actor of dispatches that follow from a plan.
pub(super) const ACTOR: &str = "plan";
/// The kind and key of the mark that says up to which plan tickets were dispatched.
const DISPATCHED: (&str, &str) = ("dispatched", "plan");

impl Service {
    /// Gives tickets that are promised, or whose driver is to be replaced, to the people the plan
    /// in force has for them (R041, R043); answers for how many. Where the plan has no second
    /// person to look over the result, or a rule stands against it, a dispatcher decides.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn dispatch_planned(&self, now_ms: i64) -> Result<usize, Refusal> {
        let Some(plan) = self.standing.now() else { return Ok(0) };
        let last = self.store.mark(DISPATCHED.0, DISPATCHED.1)?;
        let last: Option<u64> = last.and_then(|last| last.parse().ok());
        if last.is_some_and(|last| last >= plan.number) {
            return Ok(0);
        }
        let owner = Caller::machine_owner();
        let (mut count, mut is_whole) = (0, true);
        for key in plan.tickets() {
            let Some(kept) = self.find_if_any::<TicketFile>(TICKET, key)? else { continue };
            let Some(crew) = self.crew(&kept.document, &plan, key)? else { continue };
            let mut change = Change::by(&owner, now_ms);
            ACTOR.clone_into(&mut change.actor);
            let before = self.before_of(kept)?;
            match self.happen(&mut change, &owner, before, Happening::Dispatched(crew)) {
                Ok(_) => {}
                Err(Refusal::Desk(_)) => continue,
                Err(other) => return Err(other),
            }
            match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
                Ok(_) => count += 1,
                Err(Refusal::Stale { .. }) => is_whole = false,
                Err(other) => return Err(other),
            }
        }
        if is_whole {
            let mut change = Change::by(&owner, now_ms);
            change.mark(DISPATCHED.0, DISPATCHED.1.to_owned(), plan.number.to_string());
            self.store.commit(change.batch())?;
        }
        Ok(count)
    }

    /// Who works on a ticket by a plan: each post is for the first person on a seat of that part
    /// (R043, R044). Where no seat says so, the first person drives, the last other one looks over
    /// the result, and the client's owner talks with him. None when nobody is wanted, or when the
    /// manager decides (R192).
    fn crew(&self, file: &TicketFile, plan: &InForce, key: &str) -> Result<Option<Crew>, Refusal> {
        let Some(desk) = &file.desk else { return Ok(None) };
        let is_wanted = desk.stage == Stage::Accepted || desk.is_owner_leaving;
        if !is_wanted || desk.stage == Stage::ManagerDecision {
            return Ok(None);
        }
        let (people, known) = (plan.people_of(key), self.known.now());
        let base = known.as_ref().map(|known| &known.base);
        let on = |part: Role| on_seat(base, file, plan.steps(key), part);
        let driver = on(Role::Driver).or_else(|| people.first().cloned());
        let Some(driver) = driver else { return Ok(None) };
        let other = people.iter().rev().find(|person| **person != driver).cloned();
        let before = desk.crew.as_ref().map(|crew| crew.reviewer.clone());
        let others = [on(Role::Reviewer), other, before].into_iter().flatten();
        let reviewer = others.into_iter().find(|reviewer| *reviewer != driver);
        let owner = match &file.ticket.client {
            Some(client) => self.find_if_any::<ClientFile>(CLIENT, client)?,
            None => None,
        };
        let owner = owner.and_then(|kept| kept.document.owner);
        let liaison = owner.or_else(|| on(Role::Liaison)).unwrap_or_else(|| driver.clone());
        Ok(reviewer.map(|reviewer| Crew { driver, liaison, reviewer }))
    }

    fn before_of(&self, kept: Kept<TicketFile>) -> Result<Before, Refusal> {
        let Kept { key, version, document: file } = kept;
        let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
        let life = life_of(&events)?;
        Ok(Before { key, version, file, life, events })
    }

    /// Puts on record at tickets with these versions that they were quoted, where they are at the
    /// desk and far enough; leaves the versions they have then.
    pub(in crate::app::service) fn quoted_at_desk(
        &self,
        change: &mut Change,
        caller: &Caller,
        versions: &mut BTreeMap<String, u64>,
        quote: &str,
    ) -> Result<(), Refusal> {
        for (key, version) in versions {
            let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
            let Some(kept) = kept.filter(|kept| kept.version == *version) else { continue };
            let stage = kept.document.desk.as_ref().map(|desk| desk.stage);
            if matches!(stage, Some(Stage::Weighed | Stage::Quoted)) {
                let wish = Happening::Quoted { quote: quote.to_owned() };
                *version = self.happen(change, caller, self.before_of(kept)?, wish)?.version;
            }
        }
        Ok(())
    }

    /// Puts on record that a ticket at the desk was accepted with the promise in `file` (R040).
    pub(in crate::app::service) fn accepted_at_desk(
        &self,
        change: &mut Change,
        caller: &Caller,
        (key, version, file): (&str, u64, TicketFile),
        (plan, finish): (&PlanFile, Option<Moment>),
    ) -> Result<(), Refusal> {
        let Some(finish) = finish.filter(|_| file.desk.is_some()) else { return Ok(()) };
        let mut before = self.before_of(Kept { key: key.to_owned(), version, document: file })?;
        // The promise is on record by an event of its own, which is not written yet.
        let nothing = Payload::of(&json!({})).map_err(|unfit| doing::unfit(&unfit))?;
        let stream = Stream::new(TICKET, key);
        let promised = coming(&stream, &before.events, change, ("ticket.promised", &nothing));
        before.events.push(promised);
        before.version += 1;
        let quote = before.life.quote.clone().unwrap_or_default();
        let finish_ms = plan.plan.zone.tick_from(finish).0 * MINUTE;
        let (plan, option) = (plan.digest.clone(), "quoted".to_owned());
        let wish = Happening::Accepted { quote, option, plan, finish_ms };
        self.happen(change, caller, before, wish).map(drop)
    }

    /// Goes on only where a ticket there is, or one the desk has not to assess first (R001).
    pub(in crate::app::service) fn must_be_past_the_desk(
        &self,
        is_on_record: bool,
    ) -> Result<(), Refusal> {
        if is_on_record || self.laid()?.is_none() {
            return Ok(());
        }
        Err(Refusal::Desk(desk::refusal::Refusal::Stage(Stage::New)))
    }

    /// Dispatches what the plan in force has; what fails is left to the caretaker.
    pub(in crate::app::service) fn dispatch_or_leave(&self, now_ms: i64) {
        let _ = self.dispatch_planned(now_ms);
    }
}

/// The row of a step as its ticket or its service has it.
pub(super) fn template<'a>(
    base: Option<&'a Base>,
    file: &'a TicketFile,
    step: &str,
) -> Option<&'a Step> {
    let sold = base.and_then(|base| {
        base.services.iter().find(|sold| Some(&sold.id) == file.ticket.service.as_ref())
    });
    let urgent = sold.into_iter().flat_map(|sold| sold.urgent.iter().flatten());
    let normal = sold.into_iter().flat_map(|sold| &sold.normal);
    let own: Vec<&Step> = match file.ticket.track {
        Track::Urgent => urgent.chain(normal).collect(),
        Track::Normal => normal.chain(urgent).collect(),
    };
    file.ticket.steps.iter().chain(own).find(|row| row.id == step)
}

/// The first person whom the plan has on a seat of this part.
fn on_seat<'a>(
    base: Option<&Base>,
    file: &TicketFile,
    steps: impl Iterator<Item = &'a PlannedStep>,
    part: Role,
) -> Option<String> {
    let mut found = steps.filter_map(|step| {
        let row = template(base, file, &step.step)?;
        let seat = row.seats.iter().position(|seat| seat.role == Some(part))?;
        step.people.get(seat).cloned()
    });
    found.next()
}
