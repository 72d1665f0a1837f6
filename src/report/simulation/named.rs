//! What people and skills are called where a report is read; the document knows them by their ids.

use std::collections::BTreeMap;

use crate::calendar::Label;
use crate::model::scenario::Scenario;

/// What people and skills are called, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: BTreeMap<String, Label>,
    skills: BTreeMap<String, Label>,
}

impl Names {
    /// The names of `scenario`.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Names {
        let people = scenario.people.iter();
        let people = people.filter_map(|row| Some((row.id.clone(), row.name.clone()?)));
        let skills = scenario.skills.iter();
        let skills = skills.filter_map(|row| Some((row.id.clone(), row.name.clone()?)));
        Names { people: people.collect(), skills: skills.collect() }
    }

    /// What the person `id` is called: without a name as he is written.
    pub(super) fn person(&self, id: &str) -> Label {
        called(&self.people, id)
    }

    /// The same of a skill.
    pub(super) fn skill(&self, id: &str) -> Label {
        called(&self.skills, id)
    }
}

fn called(names: &BTreeMap<String, Label>, id: &str) -> Label {
    names.get(id).cloned().unwrap_or_else(|| Label::new(id, id))
}
