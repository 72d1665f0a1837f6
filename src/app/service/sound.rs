//! What is written is held against the base first, so that nothing is kept that could not be
//! planned with. Without a base there is nothing to hold it against, and it is kept as it is.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use super::Service;
use super::base::{Base, faulty, stand_in};
use super::clients::{CLIENT, ClientFile};
use super::people::PERSON;
use super::refusal::Refusal;
use super::scene::clients_named;
use crate::model::check;
use crate::model::issue::{Issue, Issues, Severity, has_errors};
use crate::model::people::{Absence, Client, Person};
use crate::model::scenario::{Progress, Scenario};
use crate::model::ticket::Ticket;

/// Refuses `document` when something below `place` is wrong in `scenario`; places are told as
/// those of the document, which stands at `place`.
pub(super) fn alone(
    scenario: &Scenario,
    (place, root): (&str, &str),
    document: &impl Serialize,
) -> Result<(), Refusal> {
    let Err(mut issues) = check::check(scenario) else { return Ok(()) };
    issues.retain(|issue| issue.path.starts_with(place));
    for issue in &mut issues {
        issue.path = issue.path.replacen(place, root, 1);
    }
    if has_errors(&issues) { Err(faulty("", document, issues)) } else { Ok(()) }
}

impl Service {
    /// Makes sure that a person's calendars, skills, sites and mentors are there.
    pub(super) fn must_fit(&self, person: &Person, now_ms: i64) -> Result<(), Refusal> {
        let Some(known) = self.known.now() else { return Ok(()) };
        let mut scenario = known.base.scenario(now_ms);
        scenario.people.push(person.clone());
        for key in person.mentors.iter().collect::<BTreeSet<&String>>() {
            if *key != person.id
                && let Some(kept) = self.find_if_any::<Person>(PERSON, key)?
            {
                scenario.people.push(bare(kept.document));
            }
        }
        alone(&scenario, ("$.people[0]", "$"), person)
    }

    /// Makes sure that an absence of a person makes sense.
    pub(super) fn must_be_away(
        &self,
        person: &Person,
        absence: &Absence,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let Some(known) = self.known.now() else { return Ok(()) };
        let mut scenario = known.base.scenario(now_ms);
        let absences = vec![absence.clone()];
        scenario.people.push(Person { absences, ..bare(person.clone()) });
        alone(&scenario, ("$.people[0].absences[0]", "$"), absence)
    }

    /// Makes sure that a client's site and completed services are there.
    pub(super) fn must_suit(
        &self,
        key: &str,
        file: &ClientFile,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let Some(known) = self.known.now() else { return Ok(()) };
        if file.site.is_none() && file.completed.is_empty() {
            return Ok(());
        }
        let mut scenario = known.base.scenario(now_ms);
        scenario.clients.push(placed(key.to_owned(), file));
        alone(&scenario, ("$.clients[0]", "$"), file)
    }

    /// Makes sure that rows of progress fit the steps of `tickets`, their seats, and the clock.
    pub(super) fn must_have_happened(
        &self,
        rows: &[Progress],
        tickets: Vec<Ticket>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let Some(known) = self.known.now() else { return Ok(()) };
        let mut scenario = known.base.scenario(now_ms);
        scenario.people = self.people_now()?;
        scenario.tickets = tickets
            .into_iter()
            .map(|ticket| Ticket { after: Vec::new(), excluded: Vec::new(), batch: None, ..ticket })
            .collect();
        scenario.clients = self.clients_of(clients_named(&scenario.tickets), &scenario)?;
        scenario.progress = rows.to_vec();
        alone(&scenario, ("$.progress", "$.progress"), &json!({"progress": rows}))
    }

    /// Makes sure that the people and clients who fit the base in force fit `base`, too.
    pub(super) fn must_keep(&self, base: &Base, now_ms: i64) -> Result<(), Refusal> {
        let people = self.all::<Person>(PERSON)?.into_iter().map(|kept| kept.document);
        let clients = self.all::<ClientFile>(CLIENT)?.into_iter();
        let people: Vec<Person> = people.collect();
        let clients: Vec<Client> = clients.map(|kept| placed(kept.key, &kept.document)).collect();
        let wrong = |base: &Base| -> Issues {
            let scenario = Scenario {
                people: people.clone(),
                clients: clients.clone(),
                ..base.scenario(now_ms)
            };
            let mut issues = check::check(&scenario).err().unwrap_or_default();
            issues.retain(|issue| issue.severity == Severity::Error);
            issues
        };
        let before = self.known.now().map(|known| wrong(&known.base)).unwrap_or_default();
        let is_new = |issue: &Issue| {
            !before.iter().any(|old| (old.code, &old.path) == (issue.code, &issue.path))
        };
        let issues: Issues = wrong(base)
            .into_iter()
            .filter(is_new)
            .map(|issue| whose(issue, &people, &clients))
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(faulty("", base, issues)) }
    }
}

/// Somebody of whom nothing is asked but to be there.
pub(super) fn bare(person: Person) -> Person {
    Person { skills: Vec::new(), mentors: Vec::new(), absences: Vec::new(), ..person }
}

/// A client with what it says of places and services.
fn placed(key: String, file: &ClientFile) -> Client {
    Client { site: file.site.clone(), completed: file.completed.clone(), ..stand_in(key) }
}

/// An issue about a person or a client, said of the base, which does not hold them.
fn whose(issue: Issue, people: &[Person], clients: &[Client]) -> Issue {
    let row = |table: &str| -> Option<usize> {
        issue.path.strip_prefix(table)?.split_once(']')?.0.parse().ok()
    };
    let person = row("$.people[").and_then(|row| people.get(row)).map(|one| &one.id);
    let key = person.or_else(|| row("$.clients[").and_then(|row| clients.get(row)).map(|c| &c.id));
    let Some(key) = key else { return issue };
    let (zh, en) = (format!("{key}：{}", issue.zh), format!("{key}: {}", issue.en));
    Issue { path: "$".to_owned(), zh, en, ..issue }
}
