//! The level of response that a ticket calls for (R125 to R128): counted from what it takes, put on
//! record once with its cause, due until somebody passes it on, and passed on by the desk itself
//! where the policy says so.
//!
//! A level above the first is called for on the urgent track alone, and only until somebody has
//! taken the ticket. A published plan that serves it stands for the second level, as it names who
//! knows the field; it does not stand for the third, as it convenes nobody: that its people are of
//! several departments is what calls for a director. It is due from the moment it was called for,
//! among everything else that is due.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::at_once::{AT_ONCE, PASSING, ticket_of};
use super::due::LOOKED_AT;
use super::moments::{Row, Sign};
use super::{Before, DeskFile, Laid, Response};
use crate::app::service::change::Change;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::people::PERSON;
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Stage};
use crate::desk::triage;
use crate::model::people::Person;
use crate::model::ticket::{Role, Seat, Step, Track};
use crate::policy::desk::{Level, Post};
use crate::store::row::Mark;

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
    /// Departments of those who work on it; not counted where no level above is for so many.
    departments: u32,
    /// Whether the desk was refused to pass it on as it stands: until something happens to it that
    /// is not asked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_refused: bool,
}

/// A higher level that is called for.
pub(super) struct Called {
    pub(super) calling: Calling,
    /// Whether that is on record by now.
    pub(super) is_told: bool,
}

impl Called {
    /// The moment of it, where it is not on record: that of the ticket's last event.
    pub(super) fn row(&self, laid: &Laid, events: &[Event]) -> Option<Row> {
        let last = events.last().filter(|_| !self.is_told)?;
        Some(Row {
            at_ms: last.at_ms,
            timer: RESPONSE.to_owned(),
            run: usize::from(self.calling.level),
            rung: usize::from(self.calling.held),
            sign: Sign::PassesOn,
            to: laid.responds(self.calling.held),
            person: None,
            item: None,
        })
    }
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
        let counted = self.calling(&laid, ticket, (level, true))?;
        let Some((called, calling)) = counted else { return Ok(None) };
        let Calling { skills, departments, held, .. } = calling;
        let is_due = called.level > held && is_responding(&before.file);
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
    /// departments those of whoever does the work by the plan, or drives it. They are looked up where
    /// `counts_all`, or where a level above is for so many.
    fn calling<'l>(
        &self,
        laid: &'l Laid,
        (key, file): (&str, &TicketFile),
        (level, counts_all): (u8, bool),
    ) -> Result<Option<(&'l Level, Calling)>, Refusal> {
        let steps = self.steps_of(file);
        let seats = steps.iter().flat_map(|step| &step.seats);
        let skills: BTreeSet<&str> = seats.map(|seat| seat.skill.as_str()).collect();
        let plan = self.standing.now();
        let is_planned = plan.as_ref().is_some_and(|plan| !plan.people_of(key).is_empty());
        let mut people = plan.map(|plan| doers(&plan, key, &steps)).unwrap_or_default();
        let has_it = file.desk.as_ref().is_some_and(DeskFile::is_acknowledged);
        let is_known = has_it || is_planned;
        // Whoever is to do it, or does, knows the field: so it has been passed to a specialist.
        let held = if is_known { level.max(2) } else { level };
        let crew = file.desk.as_ref().and_then(|desk| desk.crew.as_ref());
        if let Some(crew) = crew.filter(|_| !is_planned) {
            people = vec![crew.driver.clone()];
        }
        let is_asked = |row: &Level| row.level > held && row.from_departments.is_some();
        if !counts_all && !laid.desk.levels.iter().any(is_asked) {
            people.clear();
        }
        let mut teams = BTreeSet::new();
        for person in people.into_iter().collect::<BTreeSet<String>>() {
            let known = self.find_if_any::<Person>(PERSON, &person)?;
            teams.extend(known.and_then(|known| known.document.team));
        }
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (skills, departments) = (count(skills.len()), count(teams.len()));
        let called = triage::level(&laid.desk, skills, departments);
        let calling =
            |level| Calling { at_ms: 0, level, held, skills, departments, is_refused: false };
        Ok(called.map(|called| (called, calling(called.level))))
    }

    /// That a higher level is called for than a ticket with these events, and with what clocks
    /// `said` of it, has come to.
    pub(super) fn called_for(
        &self,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        (events, said): (&[Event], &[Event]),
    ) -> Result<Option<Called>, Refusal> {
        if !is_responding(file) {
            return Ok(None);
        }
        let level = level_of(events);
        if laid.desk.levels.iter().all(|row| row.level <= level) {
            return Ok(None);
        }
        let calling = self.calling(laid, (key, file), (level, false))?.map(|(_, calling)| calling);
        let Some(calling) = calling.filter(|calling| calling.level > calling.held) else {
            return Ok(None);
        };
        let told = said.iter().rev().find(|event| {
            event.kind == CALLED && level_in(event).is_some_and(|told| told >= calling.level)
        });
        let (is_told, at_ms) = (told.is_some(), told.map_or(0, |event| event.at_ms));
        Ok(Some(Called { calling: Calling { at_ms, ..calling }, is_told }))
    }

    /// Adds to `change` that a higher level is called for, behind event `seq` of the clocks of a
    /// ticket: it is due at once.
    pub(super) fn tell_called(
        &self,
        change: &mut Change,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        (stream, seq, calling): (&Stream, u64, Calling),
    ) -> Result<u64, Refusal> {
        let calling = Calling { at_ms: change.now_ms, ..calling };
        let Calling { level, held, skills, departments, .. } = calling;
        let mut payload = json!({"timer": RESPONSE, "run": level, "due_ms": change.now_ms,
            "level": level, "held": held, "skills": skills, "departments": departments,
            "client": file.ticket.client});
        if let Some(to) = laid.responds(held) {
            payload["to"] = json!(to);
        }
        change.event(self, (stream, Some(seq)), CALLED, &payload)?;
        self.set_passing(change, key, Some(&calling))?;
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
        let (mut behind, mut count) = (String::new(), 0);
        loop {
            let page = self.store.marks(AT_ONCE, &behind, None, LOOKED_AT)?;
            let Some(last) = page.last() else { return Ok(count) };
            behind.clone_from(&last.key);
            for Mark { key: place, body } in page {
                let Some(key) = ticket_of(&place, PASSING) else { continue };
                let calling = read(key, &body)?;
                if is_own(calling.level) && !calling.is_refused {
                    count += usize::from(self.pass_one_on(key, calling, now_ms)?);
                }
            }
        }
    }

    /// Passes one ticket on, where that may be done; where not it is noted, so that it is asked
    /// once for each time that something happens to it.
    fn pass_one_on(&self, key: &str, calling: Calling, now_ms: i64) -> Result<bool, Refusal> {
        let found = self.find_if_any::<TicketFile>(TICKET, key);
        let found = readable(found, key, &mut Vec::<String>::new())?.flatten();
        let Some(kept) = found else { return Ok(false) };
        let version = kept.version;
        let cause = calling.cause();
        let reason = format!("{} / {}", cause.zh, cause.en);
        let wish = match calling.level {
            0..=2 => Happening::PassedToSpecialist { reason },
            _ => Happening::PassedToDirector { reason },
        };
        let owner = Caller::machine_owner();
        let mut change = Change::by(&owner, now_ms);
        ACTOR.clone_into(&mut change.actor);
        let done = self
            .before_of(kept)
            .and_then(|before| self.happen(&mut change, &owner, before, wish))
            .and_then(|_| self.store.commit(change.batch()).map_err(Refusal::of_commit));
        match done {
            Ok(_) => Ok(true),
            // It is as it was when it was refused, or it is not told.
            Err(Refusal::Desk(_) | Refusal::Impossible(_) | Refusal::Wish(_)) => {
                let mut change = Change::by(&owner, now_ms);
                change.stays_at(Stream::new(TICKET, key), version);
                self.set_passing(&mut change, key, Some(&Calling { is_refused: true, ..calling }))?;
                match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
                    Ok(_) | Err(Refusal::Stale { .. }) => Ok(false),
                    Err(other) => Err(other),
                }
            }
            // What was moved on meanwhile, or cannot be read, keeps no other from it.
            Err(Refusal::Stale { .. }) => Ok(false),
            Err(damage) if damage.is_damage() => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// Who does the work of a ticket by `plan`. Whoever talks with the client or looks over the result is
/// of every ticket (R043): his department makes no matter one of several.
fn doers(plan: &InForce, key: &str, steps: &[Step]) -> Vec<String> {
    let is_of_every = |seat: &Seat| matches!(seat.role, Some(Role::Liaison | Role::Reviewer));
    let mut people = Vec::new();
    for row in plan.steps(key) {
        let seats = steps.iter().find(|step| step.id == row.step).map(|step| &step.seats);
        let seat = |at: usize| seats.and_then(|seats| seats.get(at));
        let own = row.people.iter().enumerate();
        let own = own.filter(|(at, _)| !seat(*at).is_some_and(is_of_every));
        people.extend(own.map(|(_, person)| person.clone()));
    }
    people
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

/// Whether the level of response matters: on the urgent track, once it is known what is wanted,
/// and until somebody has taken it.
fn is_responding(file: &TicketFile) -> bool {
    let Some(desk) = &file.desk else { return false };
    let is_waiting = matches!(
        desk.stage,
        Stage::Assessed
            | Stage::Weighed
            | Stage::Quoted
            | Stage::Accepted
            | Stage::Dispatched
            | Stage::ManagerDecision
    );
    is_waiting && file.ticket.track == Track::Urgent
}
