//! What is set aside so that everything else can be planned: tickets, people, clients and reports
//! of progress that are wrong in themselves. Each is told, none keeps the others waiting.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Label;
use crate::model::issue::{Issue, Severity};
use crate::model::people::{Client, Person};
use crate::model::scenario::{Pin, Scenario};

/// Something a draft was made without, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Aside {
    /// `ticket`, `person`, `client`, `progress`, or `pin` for a step that somebody has by hand.
    pub kind: String,
    /// What it is called.
    pub key: String,
    /// What is wrong with it.
    pub why: Label,
}

impl Aside {
    pub(super) fn new(kind: &str, key: &str, why: Label) -> Aside {
        Aside { kind: kind.to_owned(), key: key.to_owned(), why }
    }
}

/// The rows of a scenario that can be set aside, and what they are called.
const TABLES: [(&str, &str); 5] = [
    ("tickets", "ticket"),
    ("people", "person"),
    ("clients", "client"),
    ("progress", "progress"),
    ("pins", "pin"),
];

/// That a pin names somebody who may not take the seat: nothing is wrong with the question, but its
/// ticket would be left out.
const UNFIT_PIN: &str = "W312";

/// Whether something has to be set aside for this.
pub(super) fn is_in_the_way(issue: &Issue) -> bool {
    issue.severity == Severity::Error || issue.code == UNFIT_PIN
}

/// Takes out of `scenario` what `issues` say is wrong with single rows, or the rows themselves;
/// false when there is nothing to take out.
pub(super) fn set_aside(scenario: &mut Scenario, issues: &[Issue], aside: &mut Vec<Aside>) -> bool {
    let (mut gone, mut is_less) = ([const { Vec::new() }; 5], false);
    for issue in issues.iter().filter(|issue| is_in_the_way(issue)) {
        let Some((table, row)) = place(&issue.path) else { continue };
        let Some(key) = key_of(scenario, table, row) else { continue };
        let told = Aside::new(TABLES[table].1, &key, Label::new(&*issue.zh, &*issue.en));
        if !aside.contains(&told) {
            aside.push(told);
        }
        is_less = true;
        let is_mended = match TABLES[table].1 {
            "person" => mend_person(&mut scenario.people[row], issue),
            "client" => mend_client(&mut scenario.clients[row], issue),
            "pin" => mend_pin(&mut scenario.pins[row], issue),
            _ => false,
        };
        if !is_mended {
            gone[table].push(row);
        }
    }
    let [tickets, people, clients, progress, pins] = gone;
    without(&mut scenario.tickets, &tickets);
    without(&mut scenario.people, &people);
    without(&mut scenario.clients, &clients);
    without(&mut scenario.progress, &progress);
    without(&mut scenario.pins, &pins);
    is_less
}

/// The table and the row an issue is about.
fn place(path: &str) -> Option<(usize, usize)> {
    let (table, rest) = path.strip_prefix("$.")?.split_once('[')?;
    let table = TABLES.iter().position(|(name, _)| *name == table)?;
    let (row, _) = rest.split_once(']')?;
    Some((table, row.parse().ok()?))
}

fn key_of(scenario: &Scenario, table: usize, row: usize) -> Option<String> {
    let key = match TABLES[table].1 {
        "ticket" => &scenario.tickets.get(row)?.id,
        "person" => &scenario.people.get(row)?.id,
        "client" => &scenario.clients.get(row)?.id,
        "pin" => &scenario.pins.get(row)?.step,
        _ => &scenario.progress.get(row)?.step,
    };
    Some(key.clone())
}

/// Takes away a skill or a mentor there is no more: the person can do less, and is still there.
fn mend_person(person: &mut Person, issue: &Issue) -> bool {
    let Some(stranger) = &issue.stranger else { return false };
    let before = (person.skills.len(), person.mentors.len());
    if issue.path.contains("].skills[") {
        person.skills.retain(|held| held.skill != *stranger);
    } else if issue.path.contains("].mentors[") {
        person.mentors.retain(|mentor| mentor != stranger);
    }
    before != (person.skills.len(), person.mentors.len())
}

/// Takes away a site or a completed service there is no more.
fn mend_client(client: &mut Client, issue: &Issue) -> bool {
    let Some(stranger) = &issue.stranger else { return false };
    if issue.path.ends_with("].site") {
        return client.site.take().is_some();
    }
    let before = client.completed.len();
    if issue.path.contains("].completed[") {
        client.completed.retain(|service| service != stranger);
    }
    before != client.completed.len()
}

/// Leaves the seats open from the one on that a person cannot take; not where nobody is left then.
fn mend_pin(pin: &mut Pin, issue: &Issue) -> bool {
    let row = issue.path.split_once("].people[").and_then(|(_, rest)| rest.strip_suffix(']'));
    let Some(row) = row.and_then(|row| row.parse::<usize>().ok()) else { return false };
    if row > 0 {
        pin.people.truncate(row);
    }
    row > 0
}

/// Takes the rows `gone` out of `rows`.
fn without<T>(rows: &mut Vec<T>, gone: &[usize]) {
    let mut at = 0;
    rows.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}
