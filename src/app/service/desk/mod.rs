//! The desk at work: what happens to tickets is decided by [`crate::desk::decide`], put on record
//! in the stream of the ticket, and folded into its document, in one batch.
//!
//! A ticket is *on the desk* from its first happening on. From then on its state follows from how
//! far it has come: nobody sets it, and what may happen next is for the desk to say. A firm that
//! uses nothing of the desk notices nothing of it: its tickets are open, done or called off.
//!
//! The version of a ticket's document stays the number of its last event: a happening that brings
//! another along puts the document once for each of them.

mod doing;
mod file;
mod timeline;
mod who;

pub use doing::{Doing, Wanted, is_about_what_was_said};
pub use file::{DeskFile, ShownDesk};
pub use timeline::{Entry, named};

use super::change::Change;
use super::kept::{Kept, damaged};
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::{Permission, needed_for};
use super::tickets::{State, TICKET, TicketFile};
use super::{Caller, Service};
use crate::desk::decide::{Asker, Rules, decide};
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Life};
use crate::store::MOST_ROWS;

/// How often a command is decided anew that relies on no version, when somebody was faster.
const MOST_TRIES: u32 = 4;

/// A ticket as it stands when something is to happen to it.
pub(super) struct Before {
    pub(super) key: String,
    pub(super) version: u64,
    pub(super) file: TicketFile,
    pub(super) life: Life,
}

impl Service {
    /// Puts on record what happened to a ticket that has the version `wanted` says, and what
    /// follows from it (R076).
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], [`Refusal::Stale`], [`Refusal::Wish`] for what
    /// cannot be read, [`Refusal::Desk`] for what a rule forbids, [`Refusal::Impossible`] for a
    /// ticket that was closed without the desk, [`Refusal::OtherBody`], what fails outside.
    pub fn desk_do(
        &self,
        caller: &Caller,
        wanted: Wanted<'_>,
        doing: &Doing,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        let happening = doing.happening()?;
        must_any(caller, needed_for(&doing.kind))?;
        let actor = who::said(caller, doing.person.as_deref())?;
        let mut tries = 1;
        loop {
            let again = |key: &str| {
                let Kept { key, version, document } = self.find(TICKET, key)?;
                let document = self.shown_ticket(caller, &key, version, document);
                Ok(Kept { key, version, document })
            };
            let done = self.once(once, now_ms, again, || {
                let before = self.before(caller, wanted)?;
                let mut change = Change::by(caller, now_ms);
                change.actor.clone_from(&actor);
                doing.keep_note(&mut change, self, &before)?;
                let happened = self.happen(&mut change, caller, before, happening.clone())?;
                let (key, version) = (&happened.key, happened.version);
                let shown = self.shown_ticket(caller, key, version, happened.file);
                Ok(Making::new(&happened.key, happened.version, &shown, change))
            });
            match done {
                Err(Refusal::Stale { .. }) if wanted.version.is_none() && tries < MOST_TRIES => {
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// The ticket as it stands, when the caller may see it, it has the version he relies on, and
    /// something can happen to it.
    fn before(&self, caller: &Caller, wanted: Wanted<'_>) -> Result<Before, Refusal> {
        let Kept { key, version, document: file } = self.own_ticket(caller, wanted.key)?;
        if wanted.version.is_some_and(|expected| expected != version) {
            return Err(Refusal::Stale { kind: TICKET, key, actual: version });
        }
        if file.desk.is_none() && file.state != State::Open {
            return Err(doing::closed(&key));
        }
        let life = self.life(&key, version)?;
        Ok(Before { key, version, file, life })
    }

    /// Decides whether `wish` may happen, and adds to `change` what is then put on record.
    pub(super) fn happen(
        &self,
        change: &mut Change,
        caller: &Caller,
        before: Before,
        wish: Happening,
    ) -> Result<Before, Refusal> {
        let Before { key, mut version, mut file, mut life } = before;
        let actor = who::person(&change.actor).to_owned();
        let is_manager = caller.may(Permission::TicketReview);
        let asker = Asker { actor, is_manager, now_ms: change.now_ms, ..Asker::default() };
        let happenings = decide(&life, wish, &self.rules(), &asker).map_err(Refusal::Desk)?;
        let stream = Stream::new(TICKET, &key);
        for happening in happenings {
            let (kind, payload) = happening.written().map_err(|unfit| doing::unfit(&unfit))?;
            change.happening(self, (&stream, version), &kind, payload);
            life.apply(change.now_ms, &asker.actor, &happening);
            file.stand(&life);
            change.put_ticket(&key, version, &file);
            version += 1;
        }
        Ok(Before { key, version, file, life })
    }

    /// What the firm has laid down.
    fn rules(&self) -> Rules {
        Rules::default()
    }

    /// The life behind the first `version` events of a ticket.
    pub(super) fn life(&self, key: &str, version: u64) -> Result<Life, Refusal> {
        life_of(&self.stream_of(&Stream::new(TICKET, key), version)?)
    }

    /// The events of a stream up to number `last`.
    pub(super) fn stream_of(&self, stream: &Stream, last: u64) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        loop {
            let behind = events.last().map_or(0, |event: &Event| event.seq);
            let page = self.store.stream(stream, behind, MOST_ROWS)?;
            let is_end = page.last().is_none_or(|event| event.seq >= last);
            events.extend(page.into_iter().filter(|event| event.seq <= last));
            if is_end {
                return Ok(events);
            }
        }
    }
}

/// The life behind `events`, of which each was done by a person, whoever wrote it down.
fn life_of(events: &[Event]) -> Result<Life, Refusal> {
    let mut life = Life::default();
    for event in events {
        let read = Happening::read(event).map_err(|garbled| damaged("event", &garbled.stream))?;
        if let Some(happening) = read {
            life.apply(event.at_ms, who::person(&event.actor), &happening);
        }
    }
    Ok(life)
}

/// Goes on only when the caller has one of these permissions.
fn must_any(caller: &Caller, needed: &[Permission]) -> Result<(), Refusal> {
    let first = needed.first().copied().unwrap_or(Permission::DeskWork);
    if needed.iter().any(|one| caller.may(*one)) { Ok(()) } else { Err(Refusal::Forbidden(first)) }
}
