//! Who has a ticket by hand has its steps in the next plan, too: no plan books somebody else for
//! what he does, and nobody counts him as free (R041).

use crate::app::service::Service;
use crate::app::service::aside::Aside;
use crate::app::service::tickets::TicketFile;
use crate::calendar::{Label, Zone};
use crate::desk::life::Crew;
use crate::model::people::Person;
use crate::model::plan::PlannedStep;
use crate::model::scenario::{Pin, Scenario};
use crate::model::ticket::{Role, Seat};
use crate::time::Tick;

/// What a pin is called where it is set aside.
const PIN: &str = "pin";

/// The people of a step by hand, seat by seat from the first on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::app::service) struct Seated {
    step: String,
    people: Vec<String>,
}

impl Seated {
    /// Whether this is about `step`.
    pub(super) fn is_of(&self, step: &PlannedStep) -> bool {
        self.step == step.step
    }

    /// `step` with these people on it.
    pub(super) fn on(&self, step: &PlannedStep) -> PlannedStep {
        let rest = step.people.iter().skip(self.people.len());
        let rest = rest.filter(|one| !self.people.contains(one)).cloned();
        let people = self.people.iter().cloned().chain(rest).collect();
        PlannedStep { people, ..step.clone() }
    }
}

impl Service {
    /// Who is on the steps of a ticket because a dispatcher gave it to him; nobody where a plan
    /// did, or where somebody else is sought.
    pub(in crate::app::service) fn seated(&self, file: &TicketFile) -> Vec<Seated> {
        let by_hand = file.desk.as_ref().filter(|desk| !desk.is_by_plan && !desk.is_owner_leaving);
        let Some(crew) = by_hand.and_then(|desk| desk.crew.as_ref()) else { return Vec::new() };
        let steps = self.steps_of(file);
        let says = steps.iter().flat_map(|step| &step.seats).any(|seat| seat.role.is_some());
        let last = steps.iter().rposition(|step| !step.seats.is_empty());
        let part = |row: usize, seat: &Seat| match (says, row) {
            (true, _) => seat.role,
            // Where no seat says so, the first one drives and the last one looks over the result.
            (false, row) if Some(row) == last && row > 0 => Some(Role::Reviewer),
            (false, 0) => Some(Role::Driver),
            _ => None,
        };
        let mut seated = Vec::new();
        for (row, step) in steps.iter().enumerate() {
            let mut people: Vec<String> = Vec::new();
            for seat in &step.seats {
                let person = part(row, seat).and_then(|part| of_crew(crew, part));
                let Some(person) = person.filter(|person| !people.contains(person)) else { break };
                people.push(person.clone());
            }
            if !people.is_empty() {
                seated.push(Seated { step: step.id.clone(), people });
            }
        }
        seated
    }

    /// Pins the steps of a ticket that somebody has by hand to those who have it. Who is away now
    /// holds nothing up: that is told in `aside`.
    pub(in crate::app::service) fn hold(
        &self,
        file: &TicketFile,
        scenario: &mut Scenario,
        aside: &mut Vec<Aside>,
    ) {
        if !file.desk.as_ref().is_some_and(|desk| desk.is_taken()) {
            return;
        }
        let (zone, now) = (self.zone(), self.zone().tick_from(scenario.as_of));
        for Seated { step, mut people } in self.seated(file) {
            let step = format!("{}/{step}", file.ticket.id);
            let is_away = |key: &String| {
                let person = scenario.people.iter().find(|person| person.id == *key);
                person.is_some_and(|person| is_away(person, zone, now))
            };
            if let Some(row) = people.iter().position(is_away) {
                aside.push(Aside::new(PIN, &step, away(&people[row])));
                people.truncate(row);
            }
            if !people.is_empty() {
                scenario.pins.push(Pin { step, people, start: None, then: None });
            }
        }
    }
}

/// Leaves pins of steps that have begun, or are not in `scenario`, out of it.
pub(in crate::app::service) fn forget_pins(scenario: &mut Scenario) {
    let Scenario { pins, tickets, progress, .. } = scenario;
    pins.retain(|pin| {
        let ticket = pin.step.split_once('/').map_or("", |(ticket, _)| ticket);
        let is_there = tickets.iter().any(|row| row.id == ticket);
        is_there && !progress.iter().any(|row| row.step == pin.step)
    });
}

fn of_crew(crew: &Crew, part: Role) -> Option<&String> {
    match part {
        Role::Driver => Some(&crew.driver),
        Role::Liaison => Some(&crew.liaison),
        Role::Reviewer => Some(&crew.reviewer),
        Role::Trainee => None,
    }
}

fn is_away(person: &Person, zone: Zone, now: Tick) -> bool {
    person.absences.iter().any(|away| {
        let (from, to) = (zone.tick_from(away.from), zone.tick_from(away.to));
        !away.remote && from <= now && now < to
    })
}

/// That a step is planned with whoever is there.
fn away(person: &str) -> Label {
    Label::new(
        format!("{person} 现在不在，不再按手工派单锁定：请改派"),
        format!("{person}, who has it by hand, is away: pass it on to somebody who is there"),
    )
}
