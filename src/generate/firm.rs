//! The firm that generated scenarios belong to: its catalogue, copied once per district office.
//!
//! An office of some forty people has its own skills, things and services, and its own quota at
//! the bureaus, as districts do; calendars, sites and other bureaus are the whole firm's. Must not
//! know people or tickets.

use crate::calendar::Label;
use crate::model::scenario::Scenario;
use crate::model::ticket::{Service, Step};

/// People of one office, about.
const OFFICE_SIZE: usize = 40;

/// How many offices a firm of so many people has.
pub(super) fn office_count(people: usize) -> usize {
    ((people + OFFICE_SIZE / 2) / OFFICE_SIZE).max(1)
}

/// `key` as office number `office` calls it; the first office uses plain keys.
pub(super) fn named(key: &str, office: usize) -> String {
    if office == 0 { key.to_owned() } else { format!("{key}-{}", office + 1) }
}

/// The catalogue as written: one office, no people, no tickets.
///
/// # Panics
/// Never: a test reads the built-in file.
pub(super) fn catalogue() -> Scenario {
    serde_json::from_str(include_str!("firm.json")).expect("the built-in firm is well formed")
}

/// The catalogue for `offices` offices.
pub(super) fn firm(offices: usize) -> Scenario {
    let base = catalogue();
    let mut all = base.clone();
    for office in 1..offices {
        let renamed = |key: &String| named(key, office);
        all.skills.extend(base.skills.iter().cloned().map(|mut skill| {
            skill.id = renamed(&skill.id);
            skill
        }));
        all.teams.extend(base.teams.iter().cloned().map(|mut team| {
            team.id = renamed(&team.id);
            if let Some(name) = &mut team.name {
                *name = Label::new(named(&name.zh, office), named(&name.en, office));
            }
            team
        }));
        all.things.extend(base.things.iter().cloned().map(|mut thing| {
            thing.id = renamed(&thing.id);
            thing
        }));
        let limited = base.bureaus.iter().filter(|bureau| bureau.quota_per_day.is_some());
        all.bureaus.extend(limited.cloned().map(|mut bureau| {
            bureau.id = renamed(&bureau.id);
            bureau
        }));
        all.services.extend(base.services.iter().map(|service| of_office(&base, service, office)));
    }
    all
}

/// `key` of a bureau as `office` calls it: only bureaus with a quota are kept apart.
pub(super) fn bureau_named(base: &Scenario, key: &str, office: usize) -> String {
    let limited = base.bureaus.iter().any(|b| b.id == key && b.quota_per_day.is_some());
    if limited { named(key, office) } else { key.to_owned() }
}

fn of_office(base: &Scenario, service: &Service, office: usize) -> Service {
    let mut service = service.clone();
    service.id = named(&service.id, office);
    for prerequisite in &mut service.prerequisites {
        prerequisite.service = named(&prerequisite.service, office);
    }
    for step in service.normal.iter_mut().chain(service.urgent.iter_mut().flatten()) {
        move_step(base, step, office);
    }
    service
}

fn move_step(base: &Scenario, step: &mut Step, office: usize) {
    for seat in &mut step.seats {
        seat.skill = named(&seat.skill, office);
    }
    for thing in &mut step.things {
        *thing = named(thing, office);
    }
    let lags = step.after.iter_mut().filter_map(|link| link.lag.as_mut()).chain(&mut step.wait);
    let clocks = lags.filter_map(|lag| lag.calendar.as_mut());
    for key in clocks.chain(&mut step.bureau) {
        *key = bureau_named(base, key, office);
    }
}

#[cfg(test)]
mod tests {
    use super::{firm, named, office_count};

    #[test]
    fn offices_share_calendars_and_keep_their_skills_apart() {
        let (one, three) = (firm(1), firm(3));
        assert_eq!(three.calendars.len(), one.calendars.len());
        assert_eq!(three.skills.len(), 3 * one.skills.len());
        assert_eq!(named("tax", 2), "tax-3");
        assert!(three.services.iter().any(|service| service.id == "filing-3"));
    }

    #[test]
    fn forty_people_are_one_office_and_four_hundred_are_ten() {
        assert_eq!([1, 40, 59, 60, 400].map(office_count), [1, 1, 1, 2, 10]);
    }
}
