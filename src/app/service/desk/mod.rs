//! The desk at work: what happens to tickets is decided by [`crate::desk::decide`], put on record
//! in the stream of the ticket, and folded into its document, in one batch.
//!
//! A ticket is *on the desk* from its first happening on. From then on its state follows from how
//! far it has come: nobody sets it, and what may happen next is for the desk to say. A firm that
//! uses nothing of the desk notices nothing of it: its tickets are open, done or called off.
//!
//! The version of a ticket's document stays the number of its last event: a happening that brings
//! another along puts the document once for each of them.

mod able;
mod at_once;
mod branch;
mod brought;
mod contact;
mod dates;
mod day;
mod defects;
mod doing;
mod dossier;
mod drive;
mod due;
mod file;
mod first;
mod goals;
mod held;
mod joining;
mod laid;
mod late;
mod link;
mod manual;
mod moments;
mod owed;
mod papers;
mod period;
mod rebuild;
mod replan;
mod report;
mod response;
mod restated;
mod retold;
mod settling;
mod several;
mod stated;
mod surge;
mod tiers;
mod timeline;
mod urgency;
mod used;
mod who;
mod worked;

pub(super) use at_once::{Because, Warning};
pub use brought::MaterialRow;
pub use day::{Came, Expect, Line, Outcome, Step};
pub use defects::DefectRow;
pub use doing::{
    Doing, NEVER_SAID, Particulars, Wanted, is_about_what_was_said, particulars,
    particulars_defined,
};
pub use dossier::{
    Able, Dossier, Entitled, Exceptions, File, Found, Response, Retrospect, SetAside, StepTime,
    ToBring, Urgency, Words,
};
pub use due::ShownDue;
pub(super) use due::{CLOCK, DUE, WOUND};
pub use file::{DeskFile, ShownDesk};
pub use first::{ComesFirst, FirstService};
pub(super) use held::forget_pins;
pub use joining::ShownApplication;
pub(super) use laid::Policed;
pub use link::{ClientView, Far, ShownFar};
pub use manual::{ManualRow, ManualSearch};
pub use moments::Sign;
pub use papers::{PaperSearch, ShownPaper};
pub use period::{
    AheadRow, CauseRow, CountRow, DeskReport, FindingRow, ImprovementRow, KeptRow, LeadRow,
    MessageRow, MinutesRow, OverRow, OverdueRow, OwedRow, Period, PrecheckRow, PromiseRow,
    QuickRow, RejectionRow, RiskRow, StaleRow, SuggestionRow, TableRow, TroubleRow, UrgencyRow,
};
pub use rebuild::Rebuilt;
pub use replan::{ReplanWish, Replanned, StepMoved};
pub use report::{ClockDay, DayReport, RiskDay, StageCount, TicketDay};
pub use settling::BillRow;
pub use several::{DoingToSeveral, DoneToOne, DoneToSeveral, MOST_TOGETHER, NotDone};
pub(super) use stated::stated_with;
pub use surge::{ShownRung, ShownSurge, SurgeMove};
pub use timeline::{Entry, named};

pub(super) use used::USED;
pub(super) use who::has_to_act;

use able::must_be_his_to_sign;
use laid::Laid;

use serde_json::json;

use super::change::Change;
use super::kept::{Kept, damaged};
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::{Permission, needed_for};
use super::tickets::{ShownTicket, State, TICKET, TicketFile};
use super::{Caller, Service};
use crate::calendar::Zone;
use crate::desk;
use crate::desk::decide::{Asker, decide};
use crate::desk::event::{Draft, Event, Head, Stream, seal};
use crate::desk::life::{Happening, Life};
use crate::desk::payload::Payload;
use crate::store::MOST_ROWS;

/// How often a command is decided anew that relies on no version, when somebody was faster: each
/// time it is another one that came off, so of as many at once all do (R124).
const MOST_TRIES: u32 = 64;

/// A ticket as it stands when something is to happen to it.
pub(super) struct Before {
    pub(super) key: String,
    pub(super) version: u64,
    pub(super) file: TicketFile,
    pub(super) life: Life,
    /// Its events.
    pub(super) events: Vec<Event>,
}

/// What somebody says happened, as far as it is the same whatever it happened to.
struct Said<'a> {
    caller: &'a Caller,
    doing: &'a Doing,
    happening: Happening,
    /// Whom the log names.
    actor: String,
}

impl<'a> Said<'a> {
    /// What `caller` says, where it can be read and is his to say; `name` is what it is called in
    /// what was sent.
    fn by(
        caller: &'a Caller,
        (doing, name): (&'a Doing, &str),
        zone: Zone,
    ) -> Result<Said<'a>, Refusal> {
        let happening = doing.happening()?;
        dates::must_be_writable((doing, name), zone)?;
        must_any(caller, needed_for(&doing.kind))?;
        must_be_ones_to_say(&happening)?;
        let actor = who::said(caller, doing.person.as_deref())?;
        Ok(Said { caller, doing, happening, actor })
    }

    fn change(&self, now_ms: i64) -> Change {
        let mut change = Change::by(self.caller, now_ms);
        change.actor.clone_from(&self.actor);
        change
    }
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
        let said = Said::by(caller, (doing, ""), self.zone())?;
        let mut tries = 1;
        loop {
            let again = |key: &str| {
                let Kept { key, version, document } = self.find(TICKET, key)?;
                let document = self.shown_ticket(caller, &key, version, document);
                Ok(Kept { key, version, document })
            };
            let done = self.once(once, now_ms, again, || {
                let mut change = said.change(now_ms);
                let happened = self.add(&mut change, &said, wanted)?;
                let (key, version) = (happened.key.clone(), happened.version);
                let shown = self.shown_after(&said, happened, now_ms)?;
                Ok(Making::new(&key, version, &shown, change))
            });
            match done {
                Err(Refusal::Stale { .. }) if wanted.version.is_none() && tries < MOST_TRIES => {
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// Goes on only with a caller who may put happenings of this kind on record at all.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn must_say(&self, caller: &Caller, kind: &str) -> Result<(), Refusal> {
        must_any(caller, needed_for(kind))
    }

    /// A ticket after what is said to have happened to it; of one that was assessed it is told what
    /// must be completed first (R009), after a call what that left open (R125).
    fn shown_after(
        &self,
        said: &Said<'_>,
        now: Before,
        now_ms: i64,
    ) -> Result<ShownTicket, Refusal> {
        let first = match said.happening {
            Happening::Assessed(_) => self.comes_first(&now.file, &now.life, now_ms)?,
            _ => None,
        };
        let left_open = match said.happening {
            Happening::Contacted(_) => self.left_open(&now)?,
            _ => None,
        };
        let shown = self.shown_ticket(said.caller, &now.key, now.version, now.file);
        Ok(ShownTicket { first, left_open, ..shown })
    }

    /// Adds to `change` what is said to have happened to one ticket, with what was written beside
    /// it.
    fn add(
        &self,
        change: &mut Change,
        said: &Said<'_>,
        wanted: Wanted<'_>,
    ) -> Result<Before, Refusal> {
        let before = self.before(said.caller, wanted)?;
        must_be_his_to_sign(said.caller, &before.events, &said.happening)?;
        said.doing.keep_note(change, self, &before)?;
        let done = self.happen(change, said.caller, before, said.happening.clone());
        if let Err(Refusal::Impossible(_)) = &done {
            let line = (wanted.key, &said.happening);
            self.remember_line((said.caller, &said.actor), line, change.now_ms)?;
        }
        done
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
        let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
        let life = life_of(&events)?;
        Ok(Before { key, version, file, life, events })
    }

    /// Decides whether `wish` may happen, and adds to `change` what is then put on record.
    pub(super) fn happen(
        &self,
        change: &mut Change,
        caller: &Caller,
        before: Before,
        wish: Happening,
    ) -> Result<Before, Refusal> {
        let Before { key, mut version, mut file, mut life, mut events } = before;
        change.no_sooner(events.last(), self.zone())?;
        let actor = who::person(&change.actor).to_owned();
        self.must_be_a_red_line(&file.ticket, &wish)?;
        self.must_be_lawful(&file, &wish, change.now_ms)?;
        self.must_follow_up(&key, &wish)?;
        let wish = self.counted(wish, (&key, &file), &life, change.now_ms)?;
        let posts = self.posts(caller, &actor)?;
        // A plan decides for no manager (R192).
        let is_manager = self.is_manager(caller, &posts)? && change.actor != drive::ACTOR;
        self.must_be_owed((&key, &file), &life, (&wish, is_manager, change.now_ms))?;
        let goes_out = matches!(wish, Happening::Reviewed { .. } | Happening::Delivered { .. });
        if let Some(sought) = life.beside.approval.as_ref().filter(|_| goes_out) {
            // What was approved is what the ticket states still.
            self.must_be_as_stated(&file, sought.amount_fen)?;
        }
        let is_through_the_same = who::is_through_the_same(&events, &wish, &change.actor);
        let now_ms = change.now_ms;
        let asker = Asker { actor, is_manager, is_through_the_same, posts, now_ms };
        let rules = self.rules_for((&key, &file, &life), (&wish, &change.actor), now_ms)?;
        let decided = decide(&life, wish, &rules, &asker);
        let happenings = match decided {
            Ok(happenings) => happenings,
            Err(refusal) => return Err(Refusal::Desk(refusal.named(self.item_names(&file)?))),
        };
        let (stream, mut is_settled) = (Stream::new(TICKET, &key), false);
        for happening in self.in_office_time(happenings, &life, now_ms)? {
            let (kind, payload) = happening.written().map_err(|unfit| doing::unfit(&unfit))?;
            events.push(coming(&stream, &events, change, (&kind, &payload)));
            change.happening(self, (&stream, version), &kind, payload);
            change.uses((&key, &file), &kind, version + 1);
            life.apply(change.now_ms, &asker.actor, &happening);
            file.stand(&life);
            change.put_ticket(&key, version, &file);
            version += 1;
            is_settled |= at_once::settles(&happening);
            if let Some(weighed) = self.weighed_anew(&file, &happening)? {
                let told = change.told_of(Some(&file), &weighed)?;
                let nothing = Payload::of(&json!({})).map_err(|unfit| doing::unfit(&unfit))?;
                events.push(coming(&stream, &events, change, ("ticket.changed", &nothing)));
                change.event(self, (&stream, Some(version)), "ticket.changed", &told)?;
                file = weighed;
                change.put_ticket(&key, version, &file);
                version += 1;
            }
        }
        self.set_clocks(change, (&key, &file), &events)?;
        self.set_mending(change, &key, &life)?;
        let came = self.tell_of_wait(change, &key, &life)?;
        if file.promise.is_some() {
            self.set_warning(change, (&key, &file, &life), (is_settled, came))?;
        }
        Ok(Before { key, version, file, life, events })
    }

    /// Adds to `change` where the clocks of a ticket will be due, when `kind` happened to it that
    /// is for nobody to decide.
    pub(super) fn set_clocks_after(
        &self,
        change: &mut Change,
        (key, version, file): (&str, u64, &TicketFile),
        kind: &str,
    ) -> Result<(), Refusal> {
        if file.state != State::Open {
            self.warn_no_more(change, key)?;
        }
        if file.desk.is_none() {
            return Ok(());
        }
        let stream = Stream::new(TICKET, key);
        let mut events = self.stream_of(&stream, version)?;
        let payload = Payload::of(&json!({})).map_err(|unfit| doing::unfit(&unfit))?;
        events.push(coming(&stream, &events, change, (kind, &payload)));
        self.set_clocks(change, (key, file), &events)
    }

    /// The events of a stream up to number `last`.
    pub(in crate::app::service) fn stream_of(
        &self,
        stream: &Stream,
        last: u64,
    ) -> Result<Vec<Event>, Refusal> {
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

/// The event that something is going to be, as far as clocks look at it.
fn coming(
    stream: &Stream,
    events: &[Event],
    change: &Change,
    (kind, payload): (&str, &Payload),
) -> Event {
    let head = events.last().map_or(Head::NONE, Event::head);
    let (actor, kind, payload) = (change.actor.clone(), kind.to_owned(), payload.clone());
    seal(stream, head, 0, Draft { at_ms: change.now_ms, actor, kind, payload })
}

/// The life behind `events`, of which each was done by a person, whoever wrote it down.
pub(super) fn life_of(events: &[Event]) -> Result<Life, Refusal> {
    let mut life = Life::default();
    for event in events {
        let read = Happening::read(event).map_err(|garbled| damaged("event", &garbled.stream))?;
        if let Some(happening) = read {
            life.apply(event.at_ms, who::person(&event.actor), &happening);
        }
    }
    Ok(life)
}

/// Goes on only with what somebody may say: that a ticket was quoted or accepted follows from a
/// quote and its acceptance, which bind the promise to a plan (R040), and what calling off comes to
/// is counted.
fn must_be_ones_to_say(happening: &Happening) -> Result<(), Refusal> {
    match happening {
        Happening::Quoted { .. }
        | Happening::Accepted { .. }
        | Happening::PromiseMoved { .. }
        | Happening::CalledOff { settled: Some(_), .. } => {
            Err(Refusal::Desk(desk::refusal::Refusal::Consequence))
        }
        _ => Ok(()),
    }
}

/// Goes on only when the caller has one of these permissions.
fn must_any(caller: &Caller, needed: &[Permission]) -> Result<(), Refusal> {
    let first = needed.first().copied().unwrap_or(Permission::DeskWork);
    if needed.iter().any(|one| caller.may(*one)) { Ok(()) } else { Err(Refusal::Forbidden(first)) }
}
