//! Who did something at the desk: a person, by himself or through a program that speaks for him.
//!
//! Events name `person/wang` for a person who was let in himself, `key/3f0a…/wang` and
//! `owner/wang` where a program or the owner of the machine said that Wang did it: the log tells
//! both who and through what. Rules of the desk know persons only: [`person`]. A program speaks
//! for the people its key was made for, and for nobody else (R174).

use crate::app::service::Caller;
use crate::app::service::kept::must_be_key;
use crate::app::service::refusal::Refusal;
use crate::desk::event::Event;
use crate::desk::life::{Crew, Happening};

/// What stands before a person who was let in himself.
const PERSON: &str = "person/";

/// What the log calls whoever does something: `caller`, or the person he says it was.
pub(super) fn said(caller: &Caller, person: Option<&str>) -> Result<String, Refusal> {
    let Some(person) = person else { return Ok(caller.actor.clone()) };
    must_be_key(person)?;
    if !caller.speaks_for(person) {
        return Err(Refusal::NotHis(person.to_owned()));
    }
    match program(&caller.actor) {
        _ if self::person(&caller.actor) == person => Ok(caller.actor.clone()),
        Some(key) => Ok(format!("key/{key}/{person}")),
        None => Ok(format!("{}/{person}", caller.actor)),
    }
}

/// The person behind an actor of the log; where it names none, the actor itself.
pub(super) fn person(actor: &str) -> &str {
    if let Some(person) = actor.strip_prefix(PERSON) {
        return person;
    }
    let Some((head, person)) = actor.rsplit_once('/') else { return actor };
    if head == "owner" || head.starts_with("key/") { person } else { actor }
}

/// Who of those who have a ticket acts on what comes up: who drives it, else who talks with its
/// client; nobody where nobody has it.
pub(in crate::app::service) fn has_to_act(crew: Option<&Crew>) -> Option<String> {
    first([&crew?.driver, &crew?.liaison])
}

/// Who of them tells its client: who talks with him, else who drives it.
pub(super) fn has_to_tell(crew: Option<&Crew>) -> Option<String> {
    first([&crew?.liaison, &crew?.driver])
}

fn first(people: [&String; 2]) -> Option<String> {
    people.into_iter().find(|person| !person.is_empty()).cloned()
}

/// The key of the program behind an actor of the log, if it is one.
fn program(actor: &str) -> Option<&str> {
    let key = actor.strip_prefix("key/")?;
    Some(key.split_once('/').map_or(key, |(key, _)| key))
}

/// Whether `actor` says as the second pair of eyes, through the same program, what goes back to
/// what the first one said: one program is not both (R052, R081).
pub(super) fn is_through_the_same(events: &[Event], wish: &Happening, actor: &str) -> bool {
    let first = match wish {
        Happening::Reviewed { .. } => "ticket.self_checked",
        Happening::Approved {} => "ticket.approval_asked",
        _ => return false,
    };
    let said = events.iter().rev().find(|event| event.kind == first);
    let said = said.and_then(|event| program(&event.actor));
    said.is_some() && said == program(actor)
}

#[cfg(test)]
mod tests {
    use super::{person, program};

    #[test]
    fn a_program_is_known_whomever_it_speaks_for() {
        assert_eq!(program("key/3f0a/wang"), Some("3f0a"));
        assert_eq!(program("key/3f0a"), program("key/3f0a/li"));
        assert_eq!([program("person/wang"), program("owner/wang")], [None, None]);
    }

    #[test]
    fn a_person_is_found_behind_whoever_wrote_it_down() {
        assert_eq!(person("person/wang"), "wang");
        assert_eq!(person("key/3f0a/wang"), "wang");
        assert_eq!(person("owner/wang"), "wang");
        assert_eq!(person("key/3f0a"), "key/3f0a");
        assert_eq!(person("owner"), "owner");
    }
}
