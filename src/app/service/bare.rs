//! What is kept for good, and what the search is asked, holds no words about anybody: no names, no
//! titles, no reasons. Words lie with clients, people and tickets alone, where they can be erased
//! (R243), and so does what a client pays; entities become numbers.

use std::collections::BTreeMap;

use serde_json::json;

use super::Service;
use super::change::Change;
use super::people::PERSON;
use super::refusal::Refusal;
use super::tickets::{TICKET, TicketFile};
use crate::app::chance;
use crate::calendar::Label;
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;
use crate::model::people::Person;
use crate::model::scenario::Scenario;
use crate::model::ticket::Ticket;
use crate::store::Write;
use crate::time::Money;

/// `ticket` without words. Its entity stays, as rules ask for it.
pub(super) fn bare_ticket(mut ticket: Ticket) -> Ticket {
    ticket.title = None;
    ticket.curves.iter_mut().for_each(|curve| curve.reason = None);
    for step in &mut ticket.steps {
        (step.name, step.by) = (None, None);
    }
    ticket
}

/// `person` without words.
pub(super) fn bare_person(mut person: Person) -> Person {
    person.name = None;
    person.absences.iter_mut().for_each(|absence| absence.reason = None);
    person
}

/// Numbers in the place of what entities are called, as many as there are.
#[derive(Default)]
pub(super) struct Entities(BTreeMap<String, usize>);

impl Entities {
    pub(super) fn number(&mut self, entity: Option<String>) -> Option<String> {
        let next = self.0.len() + 1;
        entity.map(|name| format!("#{}", self.0.entry(name).or_insert(next)))
    }
}

/// `scenario` as it is kept.
pub(super) fn bare(mut scenario: Scenario) -> Scenario {
    let mut entities = Entities::default();
    scenario.about = None;
    scenario.people = scenario.people.into_iter().map(bare_person).collect();
    for client in &mut scenario.clients {
        (client.name, client.annual_value_fen) = (None, Money::ZERO);
    }
    let tickets = scenario.tickets.into_iter().map(bare_ticket);
    let numbered =
        |ticket: Ticket| Ticket { entity: entities.number(ticket.entity.clone()), ..ticket };
    scenario.tickets = tickets.map(numbered).collect();
    scenario
}

/// What somebody wrote about a ticket, as one text; none where nobody wrote anything.
fn words(file: &TicketFile) -> Option<String> {
    let ticket = &file.ticket;
    let reasons: Vec<&Label> =
        ticket.curves.iter().filter_map(|curve| curve.reason.as_ref()).collect();
    let steps: Vec<&Label> =
        ticket.steps.iter().flat_map(|step| [&step.name, &step.by]).flatten().collect();
    let is_silent = (&ticket.title, &ticket.entity, &file.external) == (&None, &None, &None)
        && reasons.is_empty()
        && steps.is_empty();
    (!is_silent).then(|| {
        let words = json!({
            "title": ticket.title,
            "entity": ticket.entity,
            "external": file.external,
            "reasons": reasons,
            "steps": steps,
        });
        words.to_string()
    })
}

/// Whom the texts of a ticket are about.
pub(super) fn subject(ticket: &str) -> String {
    format!("{TICKET}/{ticket}")
}

impl Change {
    /// Keeps the words of a ticket apart from its events, where they are others than `before`, and
    /// tells the hash that the event names.
    pub(super) fn words_apart(
        &mut self,
        before: Option<&TicketFile>,
        file: &TicketFile,
    ) -> Result<Option<Hash>, Refusal> {
        let before = before.and_then(words);
        let Some(text) = words(file).filter(|text| before.as_ref() != Some(text)) else {
            return Ok(None);
        };
        let text = PersonalText { subject: subject(&file.ticket.id), salt: chance::bytes()?, text };
        let hash = text.hash();
        self.and(Write::PutText(text));
        Ok(Some(hash))
    }

    /// Is refused when there is no such client any more.
    pub(super) fn needs_client(&mut self, client: Option<&String>) {
        if let Some(key) = client {
            let kind = super::clients::CLIENT.to_owned();
            self.and(Write::Need { kind, key: key.clone() });
        }
    }
}

impl Service {
    /// A kept scenario with what clients pay by now, and what entities and people are called.
    pub(super) fn dressed(&self, mut scenario: Scenario) -> Result<Scenario, Refusal> {
        for client in &mut scenario.clients {
            client.annual_value_fen = self.annual_value(&client.id)?;
        }
        for ticket in &mut scenario.tickets {
            if let Some(kept) = self.find_if_any::<TicketFile>(TICKET, &ticket.id)?
                && kept.document.ticket.entity.is_some()
            {
                ticket.entity = kept.document.ticket.entity;
            }
        }
        let mut names = self.names()?;
        for person in &mut scenario.people {
            person.name = names.remove(&person.id);
        }
        Ok(scenario)
    }

    /// What people are called.
    pub(super) fn names(&self) -> Result<BTreeMap<String, Label>, Refusal> {
        let people = self.all::<Person>(PERSON)?.into_iter();
        Ok(people.filter_map(|kept| Some((kept.key, kept.document.name?))).collect())
    }
}
