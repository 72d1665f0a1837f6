//! What makes a queue uneven: releases, appointments, exclusions, pins, work under way, closures
//! of bureaus. Must not know prices and due times.

use std::collections::BTreeSet;

use super::dates::Dates;
use super::firm::named;
use super::queue::{Asked, unchanged};
use super::staff::{level_in, spare};
use crate::calendar::{Closure, Label, Moment};
use crate::model::people::Person;
use crate::model::scenario::{Pin, Progress, ProgressState, Scenario};
use crate::model::ticket::{Step, Ticket, Track, Window};
use crate::solver::rng::Rng;

/// What unevenness is drawn from, and who is already spoken for.
pub(super) struct Extras<'a> {
    /// Working days.
    pub(super) dates: &'a Dates,
    /// Length of the critical window.
    pub(super) days: usize,
    /// All people; those pinned to a start or at work are taken once.
    pub(super) people: &'a [Person],
    /// People taken.
    pub(super) taken: BTreeSet<String>,
}

impl Extras<'_> {
    /// Adds unevenness to `asked`; the pins and progress that go with it.
    pub(super) fn add(&mut self, rng: &mut Rng, asked: &mut [Asked]) -> (Vec<Pin>, Vec<Progress>) {
        let (mut pins, mut progress) = (Vec::new(), Vec::new());
        for row in 0..asked.len() {
            let one = &mut asked[row];
            let first = if rng.chance(300) { rng.below(self.days * 6 / 10 + 1) } else { 0 };
            if first > 0 || rng.chance(50) {
                let (hour, minute) = *rng.pick(&[(9, 30), (11, 0), (13, 30), (15, 0)]);
                one.ticket.release = Some(self.dates.at(first, hour, minute));
            }
            if rng.chance(30) {
                let others = spare(self.people, one.office);
                if !others.is_empty() {
                    one.ticket.excluded.push(rng.pick(&others).id.clone());
                }
            }
            self.appointments(rng, one, first);
            let fresh = one.ticket.release.is_none() && one.ticket.after.is_empty();
            match rng.below(1000) {
                0..20 => pins.extend(self.person_pin(rng, one)),
                20..40 => pins.extend(self.start_pin(rng, one, first)),
                40..60 if row > 0 => pins.extend(order_pin(&asked[..row], &asked[row])),
                60..110 if fresh && one.ticket.batch.is_none() => {
                    progress.extend(self.under_way(rng, one));
                }
                _ => {}
            }
        }
        (pins, progress)
    }

    /// Two half-days to choose from for some meetings and visits.
    fn appointments(&self, rng: &mut Rng, asked: &mut Asked, first: usize) {
        let met = asked.steps().iter().find(|s| matches!(s.id.as_str(), "meeting" | "fieldwork"));
        let Some(step) = met.map(|step| step.id.clone()).filter(|_| rng.chance(300)) else {
            return;
        };
        let window = |index: usize, from: u16| Window {
            from: self.dates.at(index, from, 0),
            to: self.dates.at(index, from + 3, 0),
        };
        let day = first + 1 + rng.below(3);
        let windows = vec![window(day, 14), window(day + 1 + rng.below(2), 9)];
        match asked.ticket.adjust.iter_mut().find(|change| change.step == step) {
            Some(change) => change.windows = Some(windows),
            None => {
                let mut change = unchanged(&step);
                change.windows = Some(windows);
                asked.ticket.adjust.push(change);
            }
        }
    }

    /// Somebody of the ticket's office who may lead `step` and is not taken.
    fn lead(&self, rng: &mut Rng, asked: &Asked, step: &Step) -> Option<String> {
        let seat = step.seats.first()?;
        let skill = named(&seat.skill, asked.office);
        let able: Vec<&Person> = self
            .people
            .iter()
            .filter(|person| level_in(person, &skill) >= seat.level && !person.trainee)
            .filter(|person| asked.ticket.track == Track::Urgent || !person.urgent_only)
            .filter(|person| person.absences.is_empty() && !self.taken.contains(&person.id))
            .filter(|person| !asked.ticket.excluded.contains(&person.id))
            .collect();
        (!able.is_empty()).then(|| rng.pick(&able).id.clone())
    }

    fn person_pin(&self, rng: &mut Rng, asked: &Asked) -> Option<Pin> {
        let steps: Vec<&Step> = asked.steps().iter().filter(|s| s.seats.len() == 1).collect();
        let step = *rng.pick(&steps);
        let person = self.lead(rng, asked, step)?;
        Some(Pin { step: key(&asked.ticket, step), people: vec![person], start: None, then: None })
    }

    fn start_pin(&mut self, rng: &mut Rng, asked: &Asked, first: usize) -> Option<Pin> {
        let step = opening_step(asked)?;
        let person = self.lead(rng, asked, step)?;
        self.taken.insert(person.clone());
        let start = Some(self.dates.at(first + 1, 10, 0));
        Some(Pin { step: key(&asked.ticket, step), people: vec![person], start, then: None })
    }

    /// The first step at work, or done and the second at work.
    fn under_way(&mut self, rng: &mut Rng, asked: &Asked) -> Vec<Progress> {
        let booked = asked.ticket.adjust.iter().any(|change| change.windows.is_some());
        let free = !booked && asked.ticket.excluded.is_empty();
        let opening = opening_step(asked).filter(|_| free);
        let Some(step) = opening else { return Vec::new() };
        let Some(person) = self.lead(rng, asked, step) else { return Vec::new() };
        let friday = |hour: u16| Moment::local(self.dates.day(0).plus(-3), hour * 60);
        let entry = |step: &Step| Progress {
            step: key(&asked.ticket, step),
            state: ProgressState::Begun,
            people: vec![person.clone()],
            start: friday(15),
            end: None,
            remaining_minutes: Some(step.minutes.unwrap_or(30).div_ceil(3)),
        };
        let next = asked.steps().iter().find(|later| {
            later.after.len() == 1 && later.after[0].step == step.id && later.seats.len() == 1
        });
        let next = next.filter(|next| next.bureau.is_none() && next.differs_from.is_empty());
        let rows = match next.filter(|_| rng.chance(500)) {
            Some(next) if self.may(asked, &person, next) => vec![
                Progress {
                    state: ProgressState::Done,
                    start: friday(10),
                    end: Some(friday(12)),
                    remaining_minutes: None,
                    ..entry(step)
                },
                entry(next),
            ],
            _ => vec![entry(step)],
        };
        self.taken.insert(person);
        rows
    }

    fn may(&self, asked: &Asked, person: &str, step: &Step) -> bool {
        let Some(seat) = step.seats.first() else { return false };
        let skill = named(&seat.skill, asked.office);
        let known = self.people.iter().find(|known| known.id == person);
        known.is_some_and(|known| level_in(known, &skill) >= seat.level)
    }
}

/// A step with one seat that may start at once, anywhere.
fn opening_step<'a>(asked: &'a Asked) -> Option<&'a Step> {
    if !asked.ticket.after.is_empty() || !asked.service.prerequisites.is_empty() {
        return None;
    }
    asked
        .steps()
        .iter()
        .find(|step| step.after.is_empty() && step.seats.len() == 1 && step.bureau.is_none())
}

/// An earlier ticket of the office with the same service and track: its submission first.
fn order_pin(before: &[Asked], asked: &Asked) -> Option<Pin> {
    let submits = |one: &Asked| one.steps().iter().any(|step| step.id == "submit");
    let twin = before.iter().rev().take(400).find(|other| {
        other.office == asked.office
            && other.ticket.track == asked.ticket.track
            && other.service.id == asked.service.id
            && submits(other)
    })?;
    Some(Pin {
        step: format!("{}/submit", twin.ticket.id),
        people: Vec::new(),
        start: None,
        then: Some(format!("{}/submit", asked.ticket.id)),
    })
}

fn key(ticket: &Ticket, step: &Step) -> String {
    format!("{}/{}", ticket.id, step.id)
}

/// Half a day's closure of every third bureau (R074).
pub(super) fn disruptions(rng: &mut Rng, firm: &mut Scenario, dates: &Dates, days: usize) {
    for bureau in &mut firm.bureaus {
        if !rng.chance(330) {
            continue;
        }
        let day = rng.below(days);
        bureau.disruptions.push(Closure {
            from: dates.at(day, 13, 0),
            to: dates.at(day, 17, 0),
            reason: Some(Label::new("窗口人员培训", "counter staff in training")),
        });
    }
}
