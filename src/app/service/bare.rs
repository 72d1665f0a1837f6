//! What is kept for good, and what the search is asked, holds no words about anybody: no names, no
//! titles, no reasons. Words lie with clients, people and tickets alone, where they can be erased
//! (R243), and so does what a client pays; entities become numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Service;
use super::bargain::Priced;
use super::change::Change;
use super::people::PERSON;
use super::refusal::Refusal;
use super::tickets::{TICKET, TicketFile};
use crate::app::chance;
use crate::calendar::Label;
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;
use crate::model::people::Person;
use crate::model::request::Attribute;
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

/// What somebody wrote about a ticket. Reasons and names stand where they are in the ticket.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Words {
    title: Option<Label>,
    entity: Option<String>,
    external: Option<String>,
    reasons: Vec<Option<Label>>,
    steps: Vec<(Option<Label>, Option<Label>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute>,
}

impl Words {
    /// The words of a ticket; none where nobody wrote anything.
    fn of(file: &TicketFile) -> Option<Words> {
        let ticket = &file.ticket;
        let steps = ticket.steps.iter().map(|step| (step.name.clone(), step.by.clone()));
        let words = Words {
            title: ticket.title.clone(),
            entity: ticket.entity.clone(),
            external: file.external.clone(),
            reasons: ticket.curves.iter().map(|curve| curve.reason.clone()).collect(),
            steps: steps.collect(),
            attributes: file.attributes.clone(),
        };
        let is_silent = (&words.title, &words.entity, &words.external) == (&None, &None, &None)
            && words.attributes.is_empty()
            && words.reasons.iter().all(Option::is_none)
            && words.steps.iter().all(|(name, by)| (name, by) == (&None, &None));
        (!is_silent).then_some(words)
    }

    /// Puts them back into the ticket they were taken from; false when they are not of it.
    pub(super) fn put_into(self, file: &mut TicketFile) -> bool {
        let ticket = &mut file.ticket;
        if (self.reasons.len(), self.steps.len()) != (ticket.curves.len(), ticket.steps.len()) {
            return false;
        }
        (ticket.title, ticket.entity) = (self.title, self.entity);
        (file.external, file.attributes) = (self.external, self.attributes);
        for (curve, reason) in ticket.curves.iter_mut().zip(self.reasons) {
            curve.reason = reason;
        }
        for (step, (name, by)) in ticket.steps.iter_mut().zip(self.steps) {
            (step.name, step.by) = (name, by);
        }
        true
    }
}

/// What an event says of words kept apart: of whose hash, that there are none, or nothing where
/// they are as before.
pub(super) enum Apart {
    New(Hash),
    None,
    Same,
}

impl Apart {
    /// Puts it into the payload of an event under `name`.
    pub(super) fn told(&self, payload: &mut Value, name: &str) {
        match self {
            Apart::New(hash) => payload[name] = json!(hash),
            Apart::None => payload[name] = Value::Null,
            Apart::Same => {}
        }
    }
}

fn spelt(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and whole numbers have a spelling")
}

/// What the price of a ticket is kept as, apart from its words.
pub(super) fn price_subject(ticket: &str) -> String {
    format!("price/{ticket}")
}

/// Whom the texts of a ticket are about.
pub(super) fn subject(ticket: &str) -> String {
    format!("{TICKET}/{ticket}")
}

impl Change {
    /// Keeps the words of a ticket apart from its events, where they are others than `before`.
    pub(super) fn words_apart(
        &mut self,
        before: Option<&TicketFile>,
        file: &TicketFile,
    ) -> Result<Apart, Refusal> {
        let words = Words::of(file);
        if before.is_some_and(|before| Words::of(before) == words) {
            return Ok(Apart::Same);
        }
        let text = words.map(|words| spelt(&words));
        self.keep_apart(subject(&file.ticket.id), text)
    }

    /// The same of what its order costs.
    pub(super) fn price_apart(
        &mut self,
        before: Option<&TicketFile>,
        file: &TicketFile,
    ) -> Result<Apart, Refusal> {
        let told = |file: &TicketFile| (file.price.clone(), file.bargain.clone());
        if before.is_some_and(|before| told(before) == told(file)) {
            return Ok(Apart::Same);
        }
        let (price, bargain) = told(file);
        let text = price.map(|price| spelt(&Priced { price, bargain }));
        self.keep_apart(price_subject(&file.ticket.id), text)
    }

    fn keep_apart(&mut self, subject: String, text: Option<String>) -> Result<Apart, Refusal> {
        let Some(text) = text else { return Ok(Apart::None) };
        let text = PersonalText { subject, salt: chance::bytes()?, text };
        let hash = text.hash();
        self.and(Write::PutText(text));
        Ok(Apart::New(hash))
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
