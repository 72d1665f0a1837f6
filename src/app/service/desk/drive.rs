//! The plan drives the desk, and quotes do: a quote is put on record at its tickets, its acceptance
//! is their promise, and a published plan gives promised tickets to people.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Before, coming, doing, life_of};
use crate::app::service::base::Base;
use crate::app::service::change::Change;
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::kept::{Kept, readable};
use crate::app::service::plans::PlanFile;
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::{Promise, TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Moment;
use crate::desk;
use crate::desk::clock::MINUTE;
use crate::desk::event::Stream;
use crate::desk::life::{Crew, Happening, Stage};
use crate::desk::payload::Payload;
use crate::model::plan::{PlannedStep, Standing};
use crate::model::quote::Quote;
use crate::model::ticket::{Role, Step, Track};

/// The actor of dispatches that follow from a plan.
pub(super) const ACTOR: &str = desk::life::PLAN;
/// The kind and key of the mark that says up to which plan tickets were dispatched.
const DISPATCHED: (&str, &str) = ("dispatched", "plan");
/// Tickets of a plan that are dispatched while whoever published it waits.
const FEW: usize = 200;

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
        let (count, is_whole) = self.dispatch_each(&plan, plan.tickets(), now_ms)?;
        if is_whole {
            let mut change = Change::by(&Caller::machine_owner(), now_ms);
            change.mark(DISPATCHED.0, DISPATCHED.1.to_owned(), plan.number.to_string());
            self.store.commit(change.batch())?;
        }
        Ok(count)
    }

    /// Dispatches those of `tickets` that wait for it: how many, and whether nobody was faster.
    fn dispatch_each<'k>(
        &self,
        plan: &InForce,
        tickets: impl Iterator<Item = &'k str>,
        now_ms: i64,
    ) -> Result<(usize, bool), Refusal> {
        let owner = Caller::machine_owner();
        let (mut count, mut is_whole) = (0, true);
        for key in tickets {
            let found = readable(
                self.find_if_any::<TicketFile>(TICKET, key),
                key,
                &mut Vec::<String>::new(),
            );
            let Some(kept) = found?.flatten() else { continue };
            let Some(wish) = self.given(&kept.document, plan, key)? else { continue };
            let mut change = Change::by(&owner, now_ms);
            ACTOR.clone_into(&mut change.actor);
            let before = match self.before_of(kept) {
                Ok(before) => before,
                // What cannot be read keeps nothing else from being dispatched.
                Err(damage) if damage.is_damage() => continue,
                Err(other) => return Err(other),
            };
            match self.happen(&mut change, &owner, before, wish) {
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
        Ok((count, is_whole))
    }

    /// What a plan says of who has a ticket: to whom it goes, or that others have it now where an
    /// earlier plan gave it away (R065). What a dispatcher decided by hand, no plan changes.
    fn given(
        &self,
        file: &TicketFile,
        plan: &InForce,
        key: &str,
    ) -> Result<Option<Happening>, Refusal> {
        let Some(desk) = &file.desk else { return Ok(None) };
        let Some(before) = desk.crew.as_ref().filter(|_| desk.is_by_plan && desk.is_taken()) else {
            return Ok(self.crew(file, plan, key)?.map(Happening::Dispatched));
        };
        if desk.is_owner_leaving {
            return Ok(self.crew(file, plan, key)?.map(Happening::Dispatched));
        }
        let Some(crew) = self.regiven(file, plan, (key, before)) else { return Ok(None) };
        let reason = "计划改由他人办理 / the plan names others".to_owned();
        Ok((crew != *before).then_some(Happening::Reassigned { crew, reason }))
    }

    /// Who has a ticket by the steps that are still to be done: whoever is on one of them stays, and
    /// somebody else on them takes the part of who is on none.
    fn regiven(
        &self,
        file: &TicketFile,
        plan: &InForce,
        (key, before): (&str, &Crew),
    ) -> Option<Crew> {
        let known = self.known.now();
        let base = known.as_ref().map(|known| &known.base);
        let left = || plan.steps(key).filter(|step| step.standing != Standing::Done);
        let people: Vec<&String> = left().flat_map(|step| &step.people).collect();
        if people.is_empty() {
            return None;
        }
        let on = |part: Role| on_seat(base, file, left(), part);
        let stays = |person: &String| people.contains(&person).then(|| person.clone());
        let other =
            |taken: &String| people.iter().find(|one| **one != taken).map(|one| (*one).clone());
        let reviewer = on(Role::Reviewer).or_else(|| stays(&before.reviewer));
        let beside = reviewer.as_ref().unwrap_or(&before.reviewer);
        let driver = on(Role::Driver).or_else(|| stays(&before.driver)).or_else(|| other(beside));
        let driver = driver.unwrap_or_else(|| before.driver.clone());
        let reviewer = reviewer.unwrap_or_else(|| before.reviewer.clone());
        let liaison = match before.liaison == before.driver {
            true => driver.clone(),
            false => before.liaison.clone(),
        };
        (driver != reviewer).then_some(Crew { driver, liaison, reviewer })
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

    pub(super) fn before_of(&self, kept: Kept<TicketFile>) -> Result<Before, Refusal> {
        let Kept { key, version, document: file } = kept;
        let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
        let life = life_of(&events)?;
        Ok(Before { key, version, file, life, events })
    }

    /// Puts on record at tickets with these versions that they were quoted, where they are at the
    /// desk and far enough; leaves the versions they have then. Which of them crosses a red line by what
    /// was said of it is at its end: asked again in other words it stays refused (R013). The others
    /// of the order are lawful still.
    pub(in crate::app::service) fn quoted_at_desk(
        &self,
        change: &mut Change,
        caller: &Caller,
        versions: &mut BTreeMap<String, u64>,
        (key_of_quote, quote): (&str, &Quote),
    ) -> Result<(), Refusal> {
        for (key, version) in versions {
            let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
            let Some(kept) = kept.filter(|kept| kept.version == *version) else { continue };
            let stage = kept.document.desk.as_ref().map(|desk| desk.stage);
            let wish = match (&quote.refusal, stage) {
                (None, Some(Stage::Weighed | Stage::Quoted)) => {
                    Some(Happening::Quoted { quote: key_of_quote.to_owned() })
                }
                (
                    Some(_),
                    Some(Stage::Assessed | Stage::Redirected | Stage::Weighed | Stage::Quoted),
                ) => self.refused_by(&quote.request, &kept.document.ticket)?,
                _ => None,
            };
            if let Some(wish) = wish {
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
        let before = self.after_promise(change, (key, version, file))?;
        let bargain = before.file.bargain.as_ref();
        let option = bargain.map_or("", |bargain| bargain.taken.code()).to_owned();
        let quote = bargain.map(|bargain| bargain.quote.clone()).unwrap_or_default();
        let finish_ms = plan.plan.zone.tick_from(finish).0 * MINUTE;
        let plan = plan.digest.clone();
        // Of what is promised already the date moves.
        let wish = match before.life.stage.is_promised() {
            true => Happening::PromiseMoved { plan, finish_ms, quote: Some(quote) },
            false => Happening::Accepted { quote, option, plan, finish_ms },
        };
        self.happen(change, caller, before, wish).map(drop)
    }

    /// Puts on record at the desk that the date promised is the one in `file` by now (R131): the
    /// promise clocks, reports and expiries go by and the one that is shown are the same. Leaves the
    /// ticket and its version. None is promised there but by a quote.
    pub(in crate::app::service) fn promise_moved_at_desk(
        &self,
        change: &mut Change,
        caller: &Caller,
        (key, version, file): (&str, u64, TicketFile),
        promise: &Promise,
    ) -> Result<(u64, TicketFile), Refusal> {
        let before = self.after_promise(change, (key, version, file))?;
        let zone = self.standing.now().map_or_else(|| self.zone(), |plan| plan.plan.zone);
        let finish_ms = zone.tick_from(promise.finish).0 * MINUTE;
        let wish = Happening::PromiseMoved { plan: promise.plan.clone(), finish_ms, quote: None };
        let after = self.happen(change, caller, before, wish)?;
        Ok((after.version, after.file))
    }

    /// A ticket as it is after the event of its promise, which is not written yet.
    pub(super) fn after_promise(
        &self,
        change: &Change,
        (key, version, file): (&str, u64, TicketFile),
    ) -> Result<Before, Refusal> {
        let mut before = self.before_of(Kept { key: key.to_owned(), version, document: file })?;
        let nothing = Payload::of(&json!({})).map_err(|unfit| doing::unfit(&unfit))?;
        let stream = Stream::new(TICKET, key);
        let promised = coming(&stream, &before.events, change, ("ticket.promised", &nothing));
        before.events.push(promised);
        before.version += 1;
        Ok(before)
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

    /// Dispatches what the plan in force has while somebody waits for it: these tickets where they
    /// are named, else all of a plan that holds few. The rest, and what fails, is left to the
    /// caretaker.
    pub(in crate::app::service) fn dispatch_or_leave(&self, asked: Option<&[&str]>, now_ms: i64) {
        let Some(plan) = self.standing.now() else { return };
        if let Some(asked) = asked {
            let _ = self.dispatch_each(&plan, asked.iter().copied(), now_ms);
        } else if plan.tickets().count() <= FEW {
            let _ = self.dispatch_planned(now_ms);
        }
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
