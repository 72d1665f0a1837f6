//! The bottleneck at the end of "why late" and "why left out": of the people and skills on the way
//! of a ticket the one of which an hour is worth most. Must not know how the prices were found.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::obstacle::Candidate;
use super::placed::Placed;
use super::reason::{Fact, Part, Question, Reason, Slot};
use crate::calendar::Day;
use crate::id::Id;
use crate::model::proof::HourPrice;
use crate::model::work::{Person, Skill, Step};
use crate::time::{Money, Tick};

/// Whose hours are on the way of a ticket.
#[derive(Default)]
pub(super) struct Hands {
    people: BTreeSet<Id<Person>>,
    skills: BTreeSet<Id<Skill>>,
}

impl Hands {
    /// Those who do `steps` in the plan, and the skills these ask for.
    pub(super) fn at_work(placed: &Placed, steps: &[Id<Step>]) -> Hands {
        let mut hands = Hands::default();
        for &step in steps {
            let people = placed.row(step).map_or(&[][..], |row| &row.people);
            hands.people.extend(people);
            hands.skills.extend(placed.work.steps[step].seats.iter().map(|seat| seat.skill));
        }
        hands
    }

    /// Those who may do `steps`, and the skills these ask for.
    pub(super) fn admitted(placed: &Placed, steps: &[Id<Step>]) -> Hands {
        let mut hands = Hands::at_work(placed, steps);
        for &step in steps {
            for seat in 0..placed.work.steps[step].seats.len() {
                let fits = |person: &Id<Person>| {
                    Candidate { placed, step, seat, person: *person }.unfit().is_none()
                };
                hands.people.extend(placed.work.people.ids().filter(fits));
            }
        }
        hands
    }

    fn hold(&self, placed: &Placed, price: &HourPrice) -> bool {
        let work = placed.work;
        match &price.skill {
            Some(key) => self.skills.iter().any(|skill| work.skills[*skill] == *key),
            None => {
                self.people.iter().any(|person| price.people.contains(&work.people[*person].key))
            }
        }
    }
}

/// The dearest hour of `hands` on the dates of `span` (both ends included); of equals a skill's
/// before people's, then the earliest. `about` is the ticket's key.
pub(super) fn scarce(
    placed: &Placed,
    prices: &[HourPrice],
    hands: &Hands,
    span: (Tick, Tick),
    (question, about): (Question, &str),
) -> Option<Part> {
    let zone = placed.work.zone;
    let days = zone.date(span.0)..=zone.date(span.1);
    let near = prices.iter().filter(|price| {
        let paid = price.fen_per_hour > Money::ZERO;
        paid && days.contains(&Day::from(price.date)) && hands.hold(placed, price)
    });
    let dearest =
        near.min_by_key(|price| (Reverse(price.fen_per_hour), price.skill.is_none(), price.date))?;
    let part = |reason| {
        let part = Part::new(question, reason).key(Slot::Ticket, about);
        part.with(Slot::Date, Fact::On(dearest.date)).amount(Slot::Amount, dearest.fen_per_hour)
    };
    Some(match &dearest.skill {
        Some(skill) => part(Reason::ScarceSkill).key(Slot::Skill, skill),
        None => part(Reason::ScarcePeople).with(Slot::People, Fact::Keys(dearest.people.clone())),
    })
}
