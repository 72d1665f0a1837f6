//! What people and skills are called where a report is read; the document knows them by their ids.

use std::collections::BTreeMap;

use crate::calendar::Label;
use crate::model::scenario::Scenario;

/// What people and skills are called, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: BTreeMap<String, Label>,
    skills: BTreeMap<String, Label>,
    services: BTreeMap<String, Label>,
}

impl Names {
    /// The names of `scenario`.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Names {
        let people = scenario.people.iter();
        let people = people.filter_map(|row| Some((row.id.clone(), row.name.clone()?)));
        let skills = scenario.skills.iter();
        let skills = skills.filter_map(|row| Some((row.id.clone(), row.name.clone()?)));
        let services = scenario.services.iter();
        let services = services.filter_map(|row| Some((row.id.clone(), row.name.clone()?)));
        Names { people: people.collect(), skills: skills.collect(), services: services.collect() }
    }

    /// What the person `id` is called: without a name as he is written.
    pub(super) fn person(&self, id: &str) -> Label {
        called(&self.people, id)
    }

    /// The same of a skill.
    pub(super) fn skill(&self, id: &str) -> Label {
        called(&self.skills, id)
    }

    /// The person or skill `id` with his name, if there is one: the id is what is written elsewhere.
    pub(super) fn beside(&self, id: &str) -> Label {
        beside(self.people.get(id).or(self.skills.get(id)), id)
    }

    /// The same of a skill, which may be called as a person is.
    pub(super) fn skill_beside(&self, id: &str) -> Label {
        beside(self.skills.get(id), id)
    }

    /// The same of a service.
    pub(super) fn service_beside(&self, id: &str) -> Label {
        beside(self.services.get(id), id)
    }
}

fn beside(name: Option<&Label>, id: &str) -> Label {
    let Some(Label { zh, en }) = name else { return Label::new(id, id) };
    let both = |name: &str| if name == id { name.to_owned() } else { format!("{name} ({id})") };
    Label { zh: both(zh), en: both(en) }
}

fn called(names: &BTreeMap<String, Label>, id: &str) -> Label {
    names.get(id).cloned().unwrap_or_else(|| Label::new(id, id))
}
