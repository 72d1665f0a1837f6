//! The scenario of this moment, put together from what is kept: base, people and their absences,
//! clients, open tickets, progress. What a client earns stays out; what it pays in a year goes in.
//! So do words: nobody's name and no title is asked for by the search.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::aside::{Aside, is_in_the_way, set_aside};
use super::bare::{bare_person, bare_ticket};
use super::change::Change;
use super::clients::{CLIENT, ClientFile};
use super::desk::{DeskFile, forget_pins};
use super::kept::{Kept, must_be_key, read, readable};
use super::marks::{AWAY, LATE, List};
use super::once::{Making, Once};
use super::people::{ABSENCE, AbsenceFile, PERSON};
use super::refusal::Refusal;
use super::role::Permission;
use super::tickets::{State, TICKET, TicketFile};
use super::{Caller, Service};
use crate::app::documents::{Question, Text, written};
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::model::check;
use crate::model::people::{Client, Person};
use crate::model::plan::Plan;
use crate::model::scenario::{Progress, Scenario};
use crate::model::ticket::Ticket;

/// The kind of the documents of progress.
pub(super) const PROGRESS: &str = "progress";
/// Rows read at a time of what was reported of one ticket.
const FEW: usize = 16;

/// The question of this moment.
pub(super) struct Scene {
    pub(super) question: Question,
    /// What could not be planned with as it is.
    pub(super) aside: Vec<Aside>,
}

impl Service {
    /// Reports steps done or begun; one already reported is replaced.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] for a ticket there is not, [`Refusal::Wish`],
    /// what fails outside.
    pub fn report(
        &self,
        caller: &Caller,
        progress: &[Progress],
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.report_once(caller, progress, None, now_ms)
    }

    /// As [`Service::report`] for a request that may come again: it is told once.
    ///
    /// # Errors
    /// As there, and [`Refusal::OtherBody`].
    pub fn report_once(
        &self,
        caller: &Caller,
        progress: &[Progress],
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::ProgressReport)?;
        let again = |key: &str| Ok(Kept { key: key.to_owned(), version: 0, document: () });
        self.once(once, now_ms, again, || {
            let change = self.reported(caller, progress, now_ms)?;
            Ok(Making::new(PROGRESS, 0, &(), change))
        })?;
        Ok(())
    }

    /// What is written of these steps.
    fn reported(
        &self,
        caller: &Caller,
        progress: &[Progress],
        now_ms: i64,
    ) -> Result<Change, Refusal> {
        let mut change = Change::by(caller, now_ms);
        let mut tickets = BTreeMap::new();
        for row in progress {
            let ticket = ticket_of(row);
            must_be_key(ticket)?;
            if !tickets.contains_key(ticket) {
                let kept = self.find::<TicketFile>(TICKET, ticket)?;
                tickets.insert(ticket.to_owned(), kept.document.ticket);
            }
            let client = tickets.get(ticket).and_then(|ticket: &Ticket| ticket.client.clone());
            change.put(PROGRESS, &row.step, None, row);
            // Beside the ticket's own stream, whose numbers are versions of what was asked for.
            let stream = Stream::new(PROGRESS, ticket);
            let mut payload = json!(row);
            // Whoever is told of it is told by the consent of this client (R242).
            payload["client"] = json!(client);
            change.event(self, (&stream, None), "ticket.progress", &payload)?;
            self.tell_of_progress(&mut change, ticket, row)?;
        }
        self.must_have_happened(progress, tickets.into_values().collect(), now_ms)?;
        self.note_overtaken(&mut change, progress)?;
        Ok(change)
    }

    /// Takes back what was reported of a step by mistake.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn take_back(
        &self,
        caller: &Caller,
        ticket: &str,
        step: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::ProgressReport)?;
        let key = format!("{ticket}/{step}");
        self.find::<Progress>(PROGRESS, &key)?;
        let mut change = Change::by(caller, now_ms);
        change.remove(PROGRESS, &key, None);
        self.forget_overtaken(&mut change, &key);
        let stream = Stream::new(PROGRESS, ticket);
        change.event(self, (&stream, None), "ticket.progress_taken_back", &json!({"step": key}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(())
    }

    /// Makes sure that nobody's work on open tickets hangs on this person.
    pub(super) fn must_be_free(&self, person: &str) -> Result<(), Refusal> {
        for file in self.open_tickets()?.0 {
            for row in self.progress_of(&file.ticket.id)? {
                if !row.people.iter().any(|key| key == person) {
                    continue;
                }
                let step = &row.step;
                return Err(Refusal::Impossible(Label::new(
                    format!("{person} 已在做 {step}：请先结束该工单，或只清空其工作时间"),
                    format!(
                        "{person} has worked on {step}: close that ticket first, or only take the \
                         working time away"
                    ),
                )));
            }
        }
        Ok(())
    }

    /// Puts the scenario of this moment together. What is wrong in itself is set aside and told, so
    /// that it does not keep the rest waiting.
    pub(super) fn scene(&self, now_ms: i64) -> Result<Scene, Refusal> {
        let known = self.known.now().ok_or_else(no_base)?;
        let mut scenario = known.base.scenario(now_ms);
        scenario.people = self.people_now()?;
        self.partnered(&mut scenario.services)?;
        let mut aside = Vec::new();
        let mut held = BTreeMap::new();
        scenario.tickets = self.tickets_now((&scenario.people, now_ms), &mut aside, &mut held)?;
        scenario.clients = self.clients_of(clients_named(&scenario.tickets), &scenario)?;
        for file in held.values() {
            self.hold(file, &mut scenario, &mut aside);
        }
        for ticket in &mut scenario.tickets {
            let reported = match held.get(&ticket.id) {
                None => self.progress_of(&ticket.id)?,
                Some(file) => {
                    let reported = self.progress_left(file)?;
                    self.lay_worked((ticket, file), (&reported, now_ms), &mut scenario.progress)?;
                    reported
                }
            };
            scenario.progress.extend(reported);
        }
        self.surged(&mut scenario, &mut aside)?;
        forget_closed(&mut scenario);
        loop {
            match check::check(&scenario) {
                Ok((_, issues))
                    if issues.iter().any(is_in_the_way)
                        && set_aside(&mut scenario, &issues, &mut aside) => {}
                Ok((work, _)) => {
                    let bytes = written(&scenario).into_bytes();
                    let text = Text { name: "scenario".to_owned(), bytes };
                    let question = Question { text, scenario, work, warnings: Vec::new() };
                    return Ok(Scene { question, aside });
                }
                Err(issues) => {
                    if !set_aside(&mut scenario, &issues, &mut aside) {
                        return Err(super::base::faulty("scenario", &scenario, issues));
                    }
                    forget_closed(&mut scenario);
                }
            }
        }
    }

    /// The open tickets, those of them that somebody has beside. What is done holds up nobody who
    /// comes after it; what was called off does, until somebody decides.
    fn tickets_now(
        &self,
        (people, now_ms): (&[Person], i64),
        aside: &mut Vec<Aside>,
        held: &mut BTreeMap<String, TicketFile>,
    ) -> Result<Vec<Ticket>, Refusal> {
        let zone = self.zone();
        let (open, unread) = self.open_tickets()?;
        aside.extend(unread.iter().map(|key| Aside::new(TICKET, key, unreadable())));
        let closed = self.closed_before(&open)?;
        let people: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let mut tickets = Vec::with_capacity(open.len());
        for file in open {
            let is_held = |desk: &DeskFile| {
                desk.begun_ms.is_some() || (desk.crew.is_some() && !desk.is_by_plan)
            };
            if file.desk.as_ref().is_some_and(is_held) {
                held.insert(file.ticket.id.clone(), file.clone());
            }
            let behind = self.put_behind(&file, now_ms)?;
            let TicketFile { mut ticket, attributes, desk, promise, created_ms, .. } = file;
            self.adjust(&mut ticket, created_ms)?;
            if desk.as_ref().is_some_and(DeskFile::is_delivered) {
                continue;
            }
            if let Some(desk) = desk.as_ref().filter(|desk| !desk.is_to_be_planned()) {
                aside.push(Aside::new(TICKET, &ticket.id, desk.not_planned()));
                continue;
            }
            if let Some(forbidden) = self.crossed(&ticket, &attributes, promise.is_some())? {
                aside.push(Aside::new(TICKET, &ticket.id, forbidden));
                continue;
            }
            if let Some(desk) = &desk {
                ticket = desk.as_planned(ticket, zone, now_ms);
            }
            for person in desk.into_iter().flat_map(|desk| desk.excluded).chain(behind) {
                if !ticket.excluded.contains(&person) {
                    ticket.excluded.push(person);
                }
            }
            if let Some(promise) = promise {
                ticket.curves.extend(self.promise_curve(promise.finish)?);
            }
            ticket.after.retain(|key| closed.get(key) != Some(&State::Done));
            ticket.excluded.retain(|key| people.contains(key.as_str()));
            match ticket.after.iter().find(|key| closed.contains_key(*key)) {
                Some(first) => aside.push(Aside::new(TICKET, &ticket.id, called_off(first))),
                None => tickets.push(bare_ticket(ticket)),
            }
        }
        Ok(tickets)
    }

    /// How those closed tickets stand that open ones come after.
    fn closed_before(&self, open: &[TicketFile]) -> Result<BTreeMap<String, State>, Refusal> {
        let keys: BTreeSet<&String> = open.iter().flat_map(|file| &file.ticket.after).collect();
        let mut closed = BTreeMap::new();
        for key in keys {
            let found = self.find_if_any::<TicketFile>(TICKET, key);
            if let Some(kept) = readable(found, key, &mut Vec::<String>::new())?.flatten() {
                // What the client has holds nobody up, signed or not.
                let is_delivered = kept.document.desk.is_some_and(|desk| desk.is_delivered());
                let state = if is_delivered { State::Done } else { kept.document.state };
                closed.insert(key.clone(), state);
            }
        }
        closed.retain(|_, state| *state != State::Open);
        Ok(closed)
    }

    /// What was reported of a ticket.
    pub(super) fn progress_of(&self, ticket: &str) -> Result<Vec<Progress>, Refusal> {
        let lead = format!("{ticket}/");
        let (mut own, mut behind) = (Vec::new(), lead.clone());
        loop {
            let rows = self.store.documents(PROGRESS, Some(&behind), FEW)?;
            let Some(last) = rows.last() else { return Ok(own) };
            behind.clone_from(&last.key);
            for row in rows {
                if !row.key.starts_with(&lead) {
                    return Ok(own);
                }
                own.extend(read(row)?.map(|kept: Kept<Progress>| kept.document));
            }
        }
    }

    pub(super) fn people_now(&self) -> Result<Vec<Person>, Refusal> {
        let mut away = BTreeMap::new();
        for kept in self.all_of::<AbsenceFile>(List { marks: AWAY, within: None }, ABSENCE)? {
            let AbsenceFile { person, absence, .. } = kept.document;
            away.entry(person).or_insert_with(Vec::new).push(absence);
        }
        let people = self.all::<Person>(PERSON)?.into_iter().map(|kept| kept.document);
        Ok(people
            .map(|mut person| {
                person.absences.extend(away.remove(&person.id).unwrap_or_default());
                bare_person(person)
            })
            .collect())
    }

    /// These clients as they are now, for a scenario with these people.
    pub(super) fn clients_of(
        &self,
        keys: BTreeSet<String>,
        scenario: &Scenario,
    ) -> Result<Vec<Client>, Refusal> {
        let mut clients = Vec::new();
        let late = self.laid()?.and_then(|laid| laid.late_payer_permille());
        for key in keys {
            let is_late = late.is_some()
                && !self.marks_of(List { marks: LATE, within: Some(&key) })?.is_empty();
            let weight = late.filter(|_| is_late).unwrap_or(1000);
            let file = self.find_if_any::<ClientFile>(CLIENT, &key)?;
            let file = file.map(|kept| kept.document).unwrap_or_default();
            let is_there = |key: &&String| scenario.people.iter().any(|one| one.id == **key);
            clients.push(Client {
                // Who has not paid in time weighs less, by the policy (R193).
                annual_value_fen: self.annual_value(&key)?.scaled_up(weight, 1000),
                name: None,
                tier: file.tier,
                owner: file.owner.filter(|key| is_there(&key)),
                excluded: file.excluded.iter().filter(is_there).cloned().collect(),
                completed: file.completed,
                site: file.site,
                id: key,
            });
        }
        Ok(clients)
    }
}

/// `plan` without the tickets that `question` does not hold, and with those it leaves out said to
/// be left out.
pub(super) fn fitted(question: &Question, plan: &Plan) -> Plan {
    let keys = &question.work.ticket_keys;
    let mut plan = plan.clone();
    plan.steps.retain(|step| keys.contains_key(step.ticket.as_str()));
    plan.unserved.retain(|row| keys.contains_key(row.ticket.as_str()));
    let told: BTreeSet<&str> = plan
        .steps
        .iter()
        .map(|step| step.ticket.as_str())
        .chain(plan.unserved.iter().map(|row| row.ticket.as_str()))
        .collect();
    let all = question.scenario.tickets.iter().map(|ticket| ticket.id.as_str());
    let left: Vec<String> = all.filter(|key| !told.contains(key)).map(str::to_owned).collect();
    let left_out =
        |ticket| crate::model::plan::UnservedTicket { ticket, reason: None, price: None };
    plan.unserved.extend(left.into_iter().map(left_out));
    plan
}

/// The clients that tickets name.
pub(super) fn clients_named(tickets: &[Ticket]) -> BTreeSet<String> {
    tickets.iter().filter_map(|ticket| ticket.client.clone()).collect()
}

/// The ticket a row of progress is about.
fn ticket_of(row: &Progress) -> &str {
    row.step.split_once('/').map_or("", |(ticket, _)| ticket)
}

/// Leaves out the progress of tickets that are not in `scenario`.
pub(super) fn forget_closed(scenario: &mut Scenario) {
    let keys: BTreeSet<&str> = scenario.tickets.iter().map(|row| row.id.as_str()).collect();
    scenario.progress.retain(|row| keys.contains(ticket_of(row)));
    forget_pins(scenario);
}

/// What is said of a ticket that comes after one that was called off.
fn called_off(first: &str) -> Label {
    Label::new(
        format!("它排在 {first} 之后，而 {first} 已取消：请修改 after"),
        format!("it comes after {first}, which was called off: change `after`"),
    )
}

/// What is said of a ticket that cannot be read.
fn unreadable() -> Label {
    Label::new(
        "资料无法读懂：请停止服务后运行 desk rebuild",
        "it cannot be read: stop the server and run `desk rebuild`",
    )
}

pub(super) fn no_base() -> Refusal {
    Refusal::Impossible(Label::new(
        "还没有基础数据：请先 PUT /v1/base",
        "there is no base yet: put one with PUT /v1/base",
    ))
}

/// For tests of what goes into the search.
impl Scene {
    pub(super) fn left_out(&self) -> Vec<String> {
        let tickets = self.aside.iter().filter(|one| one.kind == TICKET);
        let keys: BTreeSet<String> = tickets.map(|one| one.key.clone()).collect();
        keys.into_iter().collect()
    }
}

impl Service {
    /// The scenario of this moment, as the search is asked.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] for who may not see what clients pay, [`Refusal::Impossible`]
    /// without a base, [`Refusal::Faulty`], what fails outside.
    pub fn scenario(&self, caller: &Caller, now_ms: i64) -> Result<Scenario, Refusal> {
        caller.must(Permission::PlanDraft)?;
        caller.must(Permission::ClientFinance)?;
        Ok(self.scene(now_ms)?.question.scenario)
    }
}
