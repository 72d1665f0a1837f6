//! The scenario of this moment, put together from what is kept: base, people and their absences,
//! clients, open tickets, progress. What a client earns stays out; what it pays in a year goes in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::change::Change;
use super::clients::{CLIENT, ClientFile};
use super::kept::must_be_key;
use super::people::PERSON;
use super::refusal::Refusal;
use super::role::Permission;
use super::tickets::{State, TICKET, TicketFile};
use super::{Caller, Service};
use crate::app::documents::{Question, Text, written};
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::model::check;
use crate::model::issue::{Issue, Severity};
use crate::model::people::{Client, Person};
use crate::model::plan::Plan;
use crate::model::scenario::{Progress, Scenario};

/// The kind of the documents of progress.
const PROGRESS: &str = "progress";

/// The question of this moment.
pub(super) struct Scene {
    pub(super) question: Question,
    /// Tickets that cannot be planned as they are, with what is wrong with them.
    pub(super) held_back: BTreeMap<String, Vec<Issue>>,
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
        caller.must(Permission::ProgressReport)?;
        let mut change = Change::by(caller, now_ms);
        for row in progress {
            let ticket = row.step.split_once('/').map_or("", |(ticket, _)| ticket);
            must_be_key(ticket)?;
            self.find::<TicketFile>(TICKET, ticket)?;
            change.put(PROGRESS, &row.step, None, row);
            // Beside the ticket's own stream, whose numbers are versions of what was asked for.
            let stream = Stream::new(PROGRESS, ticket);
            change.event(self, (&stream, None), "ticket.progress", &json!(row))?;
        }
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(())
    }

    /// Puts the scenario of this moment together. Tickets that are wrong in themselves are held
    /// back and told, so that one of them does not keep the others waiting.
    pub(super) fn scene(&self, now_ms: i64) -> Result<Scene, Refusal> {
        let known = self.known.now().ok_or_else(no_base)?;
        let mut scenario = known.base.scenario(now_ms);
        scenario.people = self.people_now()?;
        let open = self.all::<TicketFile>(TICKET)?.into_iter().map(|kept| kept.document);
        let open = open.filter(|file| file.state == State::Open);
        scenario.tickets = open.map(|file| file.ticket).collect();
        let named = scenario.tickets.iter().filter_map(|ticket| ticket.client.clone()).collect();
        scenario.clients = self.clients_of(named, &scenario)?;
        let keys: BTreeSet<&str> = scenario.tickets.iter().map(|row| row.id.as_str()).collect();
        let progress = self.all::<Progress>(PROGRESS)?.into_iter().map(|kept| kept.document);
        let is_open = |row: &Progress| {
            row.step.split_once('/').is_some_and(|(ticket, _)| keys.contains(ticket))
        };
        scenario.progress = progress.filter(is_open).collect();
        let mut held_back = BTreeMap::new();
        loop {
            match check::check(&scenario) {
                Ok((work, _)) => {
                    let bytes = written(&scenario).into_bytes();
                    let text = Text { name: "scenario".to_owned(), bytes };
                    let question = Question { text, scenario, work, warnings: Vec::new() };
                    return Ok(Scene { question, held_back });
                }
                Err(issues) => {
                    if !hold_back(&mut scenario, &issues, &mut held_back) {
                        return Err(super::base::faulty("scenario", &scenario, issues));
                    }
                }
            }
        }
    }

    fn people_now(&self) -> Result<Vec<Person>, Refusal> {
        let mut away = BTreeMap::new();
        for file in self.all_absences()? {
            away.entry(file.person).or_insert_with(Vec::new).push(file.absence);
        }
        let people = self.all::<Person>(PERSON)?.into_iter().map(|kept| kept.document);
        Ok(people
            .map(|mut person| {
                person.absences.extend(away.remove(&person.id).unwrap_or_default());
                person
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
        for key in keys {
            let file = self.find_if_any::<ClientFile>(CLIENT, &key)?;
            let file = file.map(|kept| kept.document).unwrap_or_default();
            let is_there = |key: &&String| scenario.people.iter().any(|one| one.id == **key);
            clients.push(Client {
                annual_value_fen: self.annual_value(&key)?,
                name: file.name,
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

/// Takes out the tickets that have errors of their own; false when there are none.
fn hold_back(
    scenario: &mut Scenario,
    issues: &[Issue],
    held_back: &mut BTreeMap<String, Vec<Issue>>,
) -> bool {
    let mut gone = BTreeSet::new();
    for issue in issues.iter().filter(|issue| issue.severity == Severity::Error) {
        let row = issue.path.strip_prefix("$.tickets[").and_then(|rest| rest.split_once(']'));
        let row = row.and_then(|(row, _)| row.parse::<usize>().ok());
        let Some(row) = row.filter(|row| *row < scenario.tickets.len()) else { continue };
        gone.insert(row);
        let key = scenario.tickets[row].id.clone();
        held_back.entry(key).or_default().push(issue.clone());
    }
    let mut at = 0;
    scenario.tickets.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
    let keys: BTreeSet<&str> = scenario.tickets.iter().map(|ticket| ticket.id.as_str()).collect();
    scenario
        .progress
        .retain(|row| row.step.split_once('/').is_some_and(|(ticket, _)| keys.contains(ticket)));
    !gone.is_empty()
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

pub(super) fn no_base() -> Refusal {
    Refusal::Impossible(Label::new(
        "还没有基础数据：请先 PUT /v1/base",
        "there is no base yet: put one with PUT /v1/base",
    ))
}

/// For tests of what goes into the search.
impl Scene {
    pub(super) fn left_out(&self) -> Vec<String> {
        self.held_back.keys().cloned().collect()
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
