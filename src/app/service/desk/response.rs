//! The level of response that a ticket calls for (R125 to R128): counted from what it takes, put on
//! record once with its cause, due until somebody passes it on, and passed on by the desk itself
//! where the policy says so.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::at_once::PASSING;
use super::moments::{Row, Sign};
use super::{Before, Laid, Response};
use crate::app::service::change::Change;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::marks::List;
use crate::app::service::people::PERSON;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Stage};
use crate::desk::triage;
use crate::model::people::Person;
use crate::policy::desk::{Level, Post};

/// What it is called in the place of a clock.
pub(super) const RESPONSE: &str = "response";
/// The kind of event that tells that a higher level is called for.
pub(super) const CALLED: &str = "ticket.level_called";
/// The actor of what the desk passes on by itself.
const ACTOR: &str = "desk";

/// What a ticket takes, and the level of response that calls for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Calling {
    /// Since when it is on record.
    pub(super) at_ms: i64,
    /// The level called for.
    pub(super) level: u8,
    /// The level it has come to.
    pub(super) held: u8,
    /// Fields of special knowledge it takes.
    skills: u32,
    /// Departments of those who work on it.
    departments: u32,
}

impl Calling {
    /// Why that level is called for.
    fn cause(&self) -> Label {
        let Calling { skills, departments, .. } = self;
        Label::new(
            format!("涉及专业领域 {skills} 个、部门 {departments} 个"),
            format!("special fields: {skills}, departments: {departments}"),
        )
    }

    /// What is to be done.
    pub(super) fn label(&self, laid: &Laid) -> Label {
        let (level, cause) = (self.level, self.cause());
        let post = laid.desk.levels.iter().find(|row| row.level == level).map(|row| row.post);
        let to = post.map_or_else(|| Label::new("", ""), Post::label);
        Label::new(
            format!("升至 {level} 级响应（{}）：{}", to.zh, cause.zh),
            format!("pass it on to level {level} ({}): {}", to.en, cause.en),
        )
    }
}

impl Laid {
    /// Who passes on what has come to this level.
    pub(super) fn responds(&self, held: u8) -> Option<Post> {
        self.desk.levels.iter().find(|row| row.level == held).map(|row| row.post)
    }
}

impl Service {
    /// The level of response that what a ticket takes calls for (R128).
    pub(super) fn response(&self, before: &Before) -> Result<Option<Response>, Refusal> {
        let Some(laid) = self.laid()? else { return Ok(None) };
        let ticket = (before.key.as_str(), &before.file);
        let level = before.life.beside.level();
        let Some((called, calling)) = self.calling(&laid, ticket, level)? else { return Ok(None) };
        let Calling { skills, departments, held, .. } = calling;
        let is_due = called.level > held && is_responding(before.life.stage);
        Ok(Some(Response {
            level,
            called_for: called.level,
            post: called.post,
            name: called.post.label(),
            skills,
            departments,
            passed_on_by: laid.responds(held).filter(|_| is_due),
        }))
    }

    /// What a ticket that has come to this level calls for: fields are the skills of its seats,
    /// departments those of its people by the plan, or of whoever has it.
    fn calling<'l>(
        &self,
        laid: &'l Laid,
        (key, file): (&str, &TicketFile),
        level: u8,
    ) -> Result<Option<(&'l Level, Calling)>, Refusal> {
        let steps = self.steps_of(file);
        let seats = steps.iter().flat_map(|step| &step.seats);
        let skills: BTreeSet<&str> = seats.map(|seat| seat.skill.as_str()).collect();
        let plan = self.standing.now();
        let mut people = plan.map(|plan| plan.people_of(key)).unwrap_or_default();
        let crew = file.desk.as_ref().and_then(|desk| desk.crew.as_ref());
        if let Some(crew) = crew.filter(|_| people.is_empty()) {
            people = vec![crew.driver.clone(), crew.liaison.clone(), crew.reviewer.clone()];
        }
        let mut teams = BTreeSet::new();
        for person in people.into_iter().collect::<BTreeSet<String>>() {
            let known = self.find_if_any::<Person>(PERSON, &person)?;
            teams.extend(known.and_then(|known| known.document.team));
        }
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (skills, departments) = (count(skills.len()), count(teams.len()));
        let called = triage::level(&laid.desk, skills, departments);
        // Whoever drives it knows the field: so it has been passed to a specialist.
        let held = if crew.is_some() { level.max(2) } else { level };
        Ok(called.map(|called| {
            (called, Calling { at_ms: 0, level: called.level, held, skills, departments })
        }))
    }

    /// That a higher level is called for than a ticket has come to, where that is on record by now,
    /// and where it is not, the moment of it.
    pub(super) fn called_for(
        &self,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        (events, said): (&[Event], &[Event]),
    ) -> Result<(Option<Calling>, Option<Row>), Refusal> {
        let stage = file.desk.as_ref().map(|desk| desk.stage);
        let Some(last) = events.last().filter(|_| stage.is_some_and(is_responding)) else {
            return Ok((None, None));
        };
        let level = level_of(events);
        if laid.desk.levels.iter().all(|row| row.level <= level) {
            return Ok((None, None));
        }
        let calling = self.calling(laid, (key, file), level)?.map(|(_, calling)| calling);
        let Some(calling) = calling.filter(|calling| calling.level > calling.held) else {
            return Ok((None, None));
        };
        let on_record = said.iter().rev().find(|event| {
            event.kind == CALLED && level_in(event).is_some_and(|told| told >= calling.level)
        });
        if let Some(event) = on_record {
            return Ok((Some(Calling { at_ms: event.at_ms, ..calling }), None));
        }
        let row = Row {
            at_ms: last.at_ms,
            timer: RESPONSE.to_owned(),
            run: usize::from(calling.level),
            rung: usize::from(calling.held),
            sign: Sign::PassesOn,
            to: laid.responds(calling.held),
        };
        Ok((None, Some(row)))
    }

    /// Adds to `change` that a higher level is called for, behind event `seq` of the clocks of a
    /// ticket: it is due at once.
    pub(super) fn tell_called(
        &self,
        change: &mut Change,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        (stream, seq, events): (&Stream, u64, &[Event]),
    ) -> Result<u64, Refusal> {
        let calling = self.calling(laid, (key, file), level_of(events))?;
        let Some((_, calling)) = calling.filter(|(_, calling)| calling.level > calling.held) else {
            return Ok(seq);
        };
        let calling = Calling { at_ms: change.now_ms, ..calling };
        let Calling { level, held, skills, departments, .. } = calling;
        let mut payload = json!({"timer": RESPONSE, "run": level, "due_ms": change.now_ms,
            "level": level, "held": held, "skills": skills, "departments": departments,
            "client": file.ticket.client});
        if let Some(to) = laid.responds(held) {
            payload["to"] = json!(to);
        }
        change.event(self, (stream, Some(seq)), CALLED, &payload)?;
        change.mark(PASSING, key.to_owned(), spelt(&calling));
        Ok(seq + 1)
    }

    /// Passes tickets on to the level of response they call for where the policy says that the desk
    /// does (R128); answers for how many.
    ///
    /// # Errors
    /// What the store fails by.
    pub(super) fn pass_on(&self, now_ms: i64) -> Result<usize, Refusal> {
        let Some(laid) = self.laid()? else { return Ok(0) };
        let is_own =
            |level: u8| laid.desk.levels.iter().any(|row| row.level == level && row.by_itself);
        if !laid.desk.levels.iter().any(|row| row.by_itself) {
            return Ok(0);
        }
        let (owner, mut count) = (Caller::machine_owner(), 0);
        for mark in self.marks_of(List { marks: PASSING, within: None })? {
            let calling = read(&mark.key, &mark.body)?;
            let found = self.find_if_any::<TicketFile>(TICKET, &mark.key);
            let found = readable(found, &mark.key, &mut Vec::<String>::new())?.flatten();
            let Some(kept) = found else { continue };
            if !is_own(calling.level) {
                continue;
            }
            let cause = calling.cause();
            let reason = format!("{} / {}", cause.zh, cause.en);
            let wish = match calling.level {
                0..=2 => Happening::PassedToSpecialist { reason },
                _ => Happening::PassedToDirector { reason },
            };
            let mut change = Change::by(&owner, now_ms);
            ACTOR.clone_into(&mut change.actor);
            let done = self
                .before_of(kept)
                .and_then(|before| self.happen(&mut change, &owner, before, wish))
                .and_then(|_| self.store.commit(change.batch()).map_err(Refusal::of_commit));
            match done {
                Ok(_) => count += 1,
                // What cannot be read, or was moved on meanwhile, keeps no other from it.
                Err(Refusal::Desk(_) | Refusal::Stale { .. }) => {}
                Err(damage) if damage.is_damage() => {}
                Err(other) => return Err(other),
            }
        }
        Ok(count)
    }
}

/// What a mark says.
pub(super) fn read(key: &str, body: &str) -> Result<Calling, Refusal> {
    serde_json::from_str(body).map_err(|_| damaged(PASSING, key))
}

pub(super) fn spelt(calling: &Calling) -> String {
    serde_json::to_string(calling).expect("whole numbers have a spelling")
}

/// The level that the events of a ticket have brought it to.
fn level_of(events: &[Event]) -> u8 {
    let level = |event: &Event| match event.kind.as_str() {
        "ticket.passed_to_specialist" => 2,
        "ticket.passed_to_director" => 3,
        _ => 1,
    };
    events.iter().map(level).max().unwrap_or(1)
}

fn level_in(event: &Event) -> Option<u8> {
    u8::try_from(event.payload.value().ok()?["level"].as_u64()?).ok()
}

/// Whether the level of response matters at this stage: once it is known what is wanted, on the
/// urgent road, and until the client has it.
fn is_responding(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Assessed
            | Stage::Weighed
            | Stage::Quoted
            | Stage::Accepted
            | Stage::Dispatched
            | Stage::Acknowledged
            | Stage::ManagerDecision
            | Stage::InProgress
            | Stage::SelfChecked
            | Stage::Reviewed
    )
}
