//! Who did something at the desk: a person, by himself or through a program that speaks for him.
//!
//! Events name `person/wang` for a person who was let in himself, `key/3f0a…/wang` and
//! `owner/wang` where a program or the owner of the machine said that Wang did it: the log tells
//! both who and through what. Rules of the desk know persons only: [`person`].

use crate::app::service::Caller;
use crate::app::service::kept::must_be_key;
use crate::app::service::refusal::Refusal;
use crate::calendar::Label;

/// What stands before a person who was let in himself.
const PERSON: &str = "person/";

/// What the log calls whoever does something: `caller`, or the person he says it was.
pub(super) fn said(caller: &Caller, person: Option<&str>) -> Result<String, Refusal> {
    let Some(person) = person else { return Ok(caller.actor.clone()) };
    must_be_key(person)?;
    match caller.actor.strip_prefix(PERSON) {
        None => Ok(format!("{}/{person}", caller.actor)),
        Some(own) if own == person => Ok(caller.actor.clone()),
        Some(own) => Err(Refusal::Wish(Label::new(
            format!("{own} 只能以本人名义登记，不能替 {person} 登记"),
            format!("{own} speaks for himself and not for {person}"),
        ))),
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

#[cfg(test)]
mod tests {
    use super::person;

    #[test]
    fn a_person_is_found_behind_whoever_wrote_it_down() {
        assert_eq!(person("person/wang"), "wang");
        assert_eq!(person("key/3f0a/wang"), "wang");
        assert_eq!(person("owner/wang"), "wang");
        assert_eq!(person("key/3f0a"), "key/3f0a");
        assert_eq!(person("owner"), "owner");
    }
}
