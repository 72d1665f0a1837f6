//! The rows behind a plan's certificate: where the gap to the bound lies, and whose hours are worth
//! what. What the scenario does not know is left out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::rows;
use super::{Board, Person, Ticket};
use crate::calendar::{Day, Label};
use crate::id::Id;
use crate::model::plan::Plan;
use crate::model::proof;
use crate::model::scenario::Scenario;
use crate::model::work::Work;
use crate::time::Money;

/// Where the gap to the bound lies, the largest parts first. Tickets, idle time and the rest add
/// up to it but for rounding; skills and days are other views of the same.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// By ticket.
    pub tickets: Vec<(Id<Ticket>, Money)>,
    /// By skill, by its name.
    pub skills: Vec<(Label, Money)>,
    /// By local date.
    pub days: Vec<(Day, Money)>,
    /// Time with a price in which nobody works.
    pub idle: Money,
    /// What no ticket costs alone.
    pub other: Money,
}

impl Gap {
    /// Whether it has no part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let beside = self.idle.max(self.other);
        self.tickets.is_empty()
            && self.skills.is_empty()
            && self.days.is_empty()
            && beside <= Money::ZERO
    }
}

/// Whose hour it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of a skill, by its name.
    Skill(Label),
    /// Of people who can stand in for each other.
    People(Vec<Id<Person>>),
}

/// What one more hour is worth on each date.
#[derive(Clone, Debug)]
pub struct Hour {
    /// Whose.
    pub whose: Whose,
    /// Fen per hour by local date; a date on which it is worth nothing has no entry.
    pub worth: BTreeMap<Day, Money>,
}

impl Hour {
    /// What it is worth on its dearest date.
    #[must_use]
    pub fn most(&self) -> Money {
        self.worth.values().copied().max().unwrap_or_default()
    }
}

impl Board {
    /// The scarcest hours: dearest first; of equals those of skills, then the earliest.
    #[must_use]
    pub fn scarcest(&self) -> Vec<(&Whose, Day, Money)> {
        let all = self.hours.iter().enumerate().flat_map(|(row, hour)| {
            hour.worth.iter().map(move |(day, worth)| (row, &hour.whose, *day, *worth))
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(row, whose, day, worth)| {
            (Reverse(*worth), matches!(whose, Whose::People(_)), *day, *row)
        });
        all.into_iter().map(|(_, whose, day, worth)| (whose, day, worth)).collect()
    }
}

/// The name of a skill.
fn skill(scenario: &Scenario, key: &str) -> Option<Label> {
    let stated = scenario.skills.iter().find(|skill| skill.id == key)?;
    Some(rows::named(stated.name.as_ref(), key))
}

/// The parts of a gap that are more than nothing, the largest first.
fn parts<T>(all: impl Iterator<Item = (T, Money)>) -> Vec<(T, Money)> {
    let mut parts: Vec<(T, Money)> = all.filter(|(_, fen)| *fen > Money::ZERO).collect();
    parts.sort_by_key(|(_, fen)| Reverse(*fen));
    parts
}

/// Where the gap lies, if the plan says.
pub(super) fn gap(work: &Work, scenario: &Scenario, plan: &Plan) -> Option<Gap> {
    let proof::Gap { tickets, skills, days, idle_fen, other_fen } =
        plan.bound.as_ref()?.gap.as_ref()?;
    let tickets = tickets.iter().filter_map(|share| {
        let ticket = work.ticket(&share.ticket)?;
        Some((Id::new(ticket.index()), share.fen))
    });
    let skills =
        skills.iter().filter_map(|share| Some((skill(scenario, &share.skill)?, share.fen)));
    Some(Gap {
        tickets: parts(tickets),
        skills: parts(skills),
        days: parts(days.iter().map(|share| (share.date.day(), share.fen))),
        idle: *idle_fen,
        other: *other_fen,
    })
}

/// What hours are worth: skills, then people, each by its dearest date.
pub(super) fn hours(work: &Work, scenario: &Scenario, plan: &Plan) -> Vec<Hour> {
    let people: BTreeMap<&str, Id<Person>> =
        work.people.pairs().map(|(id, row)| (row.key.as_str(), Id::new(id.index()))).collect();
    let mut skills: BTreeMap<&str, BTreeMap<Day, Money>> = BTreeMap::new();
    let mut groups: BTreeMap<Vec<Id<Person>>, BTreeMap<Day, Money>> = BTreeMap::new();
    for price in plan.prices.iter().filter(|price| price.fen_per_hour > Money::ZERO) {
        let worth = if let Some(key) = &price.skill {
            skills.entry(key).or_default()
        } else {
            let known = price.people.iter().filter_map(|key| people.get(key.as_str()).copied());
            groups.entry(known.collect()).or_default()
        };
        let most = worth.entry(price.date.day()).or_default();
        *most = (*most).max(price.fen_per_hour);
    }
    groups.remove(&Vec::new());
    let skills = skills.into_iter().filter_map(|(key, worth)| {
        Some(Hour { whose: Whose::Skill(skill(scenario, key)?), worth })
    });
    let groups =
        groups.into_iter().map(|(people, worth)| Hour { whose: Whose::People(people), worth });
    let dearest_first = |mut rows: Vec<Hour>| {
        rows.sort_by_key(|hour| Reverse(hour.most()));
        rows
    };
    let mut hours = dearest_first(skills.collect());
    hours.extend(dearest_first(groups.collect()));
    hours
}
