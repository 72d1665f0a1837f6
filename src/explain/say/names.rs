//! What keys are called: the names a scenario gives to people, tickets, steps and the rest.

use std::collections::BTreeMap;

use super::Audience;
use crate::calendar::Label;
use crate::explain::reason::Slot;
use crate::model::lang::Lang;
use crate::model::scenario::Scenario;
use crate::model::ticket::{Step, Ticket, Track};

/// Names by key. What has no name is shown by its key.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: BTreeMap<String, Label>,
    tickets: BTreeMap<String, Label>,
    steps: BTreeMap<String, Called>,
    bureaus: BTreeMap<String, Label>,
    things: BTreeMap<String, Label>,
    skills: BTreeMap<String, Label>,
}

/// What a step is called within its ticket.
#[derive(Clone, Debug)]
struct Called {
    ticket: String,
    own: Label,
}

impl Names {
    /// The names `scenario` gives.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Names {
        let mut names = Names::default();
        let mut note = |into: fn(&mut Names) -> &mut BTreeMap<String, Label>,
                        key: &str,
                        name: Option<&Label>| {
            if let Some(name) = name {
                into(&mut names).insert(key.to_owned(), name.clone());
            }
        };
        for person in &scenario.people {
            note(|n| &mut n.people, &person.id, person.name.as_ref());
        }
        for bureau in &scenario.bureaus {
            note(|n| &mut n.bureaus, &bureau.id, bureau.name.as_ref());
        }
        for thing in &scenario.things {
            note(|n| &mut n.things, &thing.id, thing.name.as_ref());
        }
        for skill in &scenario.skills {
            note(|n| &mut n.skills, &skill.id, skill.name.as_ref());
        }
        for ticket in &scenario.tickets {
            note(|n| &mut n.tickets, &ticket.id, ticket.title.as_ref());
        }
        for ticket in &scenario.tickets {
            names.note_steps(scenario, ticket);
        }
        names
    }

    /// The steps of `ticket`, own or of its service, and those of what must come before.
    fn note_steps(&mut self, scenario: &Scenario, ticket: &Ticket) {
        for step in &ticket.steps {
            self.note_step(ticket, "", step);
        }
        let mut wanted: Vec<&str> = ticket.service.as_deref().into_iter().collect();
        let mut next = 0;
        while let Some(&key) = wanted.get(next) {
            next += 1;
            let Some(service) = scenario.services.iter().find(|service| service.id == key) else {
                continue;
            };
            for before in &service.prerequisites {
                if !wanted.contains(&before.service.as_str()) {
                    wanted.push(&before.service);
                }
            }
            if next == 1 && !ticket.steps.is_empty() {
                continue;
            }
            let prefix = if next == 1 { String::new() } else { format!("{key}.") };
            let steps = match (ticket.track, &service.urgent) {
                (Track::Urgent, Some(urgent)) => urgent,
                _ => &service.normal,
            };
            for step in steps {
                self.note_step(ticket, &prefix, step);
            }
        }
    }

    fn note_step(&mut self, ticket: &Ticket, prefix: &str, step: &Step) {
        let id = format!("{prefix}{}", step.id);
        let own = step.name.clone().unwrap_or_else(|| Label::new(id.as_str(), id.as_str()));
        let called = Called { ticket: ticket.id.clone(), own };
        self.steps.insert(format!("{}/{id}", ticket.id), called);
    }

    /// What the key `key` in `slot` is called. Staff read the key of a ticket before its title,
    /// and the ticket's key before a step's name; clients read names without keys where there
    /// are names.
    pub(super) fn shown(&self, slot: Slot, key: &str, lang: Lang, audience: Audience) -> String {
        let said = |label: &Label| lang.of(&label.zh, &label.en).clone();
        let named = |table: &BTreeMap<String, Label>| table.get(key).map(said);
        let name = match slot {
            Slot::Person | Slot::Colleague | Slot::People => named(&self.people),
            Slot::Bureau => named(&self.bureaus),
            Slot::Thing => named(&self.things),
            Slot::Skill => named(&self.skills),
            Slot::Ticket | Slot::OtherTicket => named(&self.tickets).map(|title| match audience {
                Audience::Staff => format!("{key} {title}"),
                Audience::Client => title,
            }),
            Slot::Step | Slot::Other => self.steps.get(key).map(|called| match audience {
                Audience::Staff => format!("{} {}", called.ticket, said(&called.own)),
                Audience::Client => said(&called.own),
            }),
            _ => None,
        };
        name.unwrap_or_else(|| key.to_owned())
    }

    /// What a person is called.
    #[must_use]
    pub fn person(&self, key: &str, lang: Lang) -> String {
        self.shown(Slot::Person, key, lang, Audience::Staff)
    }

    /// What a step, as `ticket/step`, is called.
    #[must_use]
    pub fn step(&self, key: &str, lang: Lang) -> String {
        self.shown(Slot::Step, key, lang, Audience::Staff)
    }

    /// What a ticket is called.
    #[must_use]
    pub fn ticket(&self, key: &str, lang: Lang) -> String {
        self.shown(Slot::Ticket, key, lang, Audience::Staff)
    }
}
