//! What is due at once, until somebody does it: tickets to be passed on to a higher level of response
//! (R128), and clients to be warned that a promise is at risk (R074). It stands in marks, before
//! what is due by its time.

use serde::{Deserialize, Serialize};

use super::due::LOOKED_AT;
use super::moments::{Sign, day};
use super::response::{self, CALLED, RESPONSE};
use super::{Laid, ShownDue, life_of};
use crate::app::clock::stamp;
use crate::app::service::Service;
use crate::app::service::change::Change;
use crate::app::service::kept::{Kept, Page, damaged, readable};
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::calendar::{Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Life, Node};
use crate::policy::desk::Post;

/// The kind of marks of tickets to be passed on, by their keys.
pub(in crate::app::service) const PASSING: &str = "passing";
/// The kind of marks of tickets whose clients are to be warned, by their keys.
pub(in crate::app::service) const WARNING: &str = "warning";
/// All of them, in the order in which they are listed.
const KINDS: [&str; 2] = [PASSING, WARNING];
/// The streams with what becomes of promises.
pub(super) const PROMISE: &str = "promise";

/// Why a promise is in danger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::app::service) enum Because {
    /// The plan finishes later, or leaves the ticket out.
    Plan,
    /// Somebody who was to work on it will be away.
    Absence,
    /// One of its steps took longer, or began later.
    Progress,
    /// It waits longer than the promise has time.
    Wait,
}

/// What a client is to be warned of (R074).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::app::service) struct Warning {
    /// Since when.
    pub(in crate::app::service) at_ms: i64,
    /// What was promised.
    pub(in crate::app::service) promised: Moment,
    /// When it is expected now; none until it is planned anew.
    pub(in crate::app::service) planned: Option<Moment>,
    /// Why.
    pub(in crate::app::service) because: Because,
}

impl Warning {
    /// What the client is told.
    fn words(&self) -> Label {
        let (zh, en) = match self.because {
            Because::Plan => ("办理计划有调整", "the plan of the work has changed"),
            Because::Absence => ("经办人员临时缺勤", "somebody who works on it is away"),
            Because::Progress => ("前面的步骤晚于计划", "a step before is later than planned"),
            Because::Wait => ("目前须等待，暂不能继续办理", "it has to wait and cannot go on now"),
        };
        let date = |moment: Moment| moment.to_string().get(..16).unwrap_or("").replace('T', " ");
        let promised = date(self.promised);
        let (then_zh, then_en) = match self.planned.map(date) {
            Some(planned) => {
                (format!("现预计 {planned} 完成"), format!("it is expected {planned} by now"))
            }
            None => (
                "新的日期排定后告知".to_owned(),
                "the new date follows once it is planned".to_owned(),
            ),
        };
        Label::new(
            format!("原定 {promised} 前完成，可能延迟：{zh}；{then_zh}。"),
            format!("It was promised for {promised} and may be late: {en}; {then_en}."),
        )
    }
}

impl Change {
    /// Marks that the client of a ticket is to be warned.
    pub(in crate::app::service) fn warn(&mut self, key: &str, warning: &Warning) {
        let body = serde_json::to_string(warning).expect("moments have a spelling");
        self.mark(WARNING, key.to_owned(), body);
    }
}

/// Whether the client is not to be warned any more: he was, or another date is agreed with him, or
/// there is nothing left to wait for.
fn settles(happening: &Happening) -> bool {
    matches!(
        happening,
        Happening::ClientTold { node: Node::Risk, .. }
            | Happening::Accepted { .. }
            | Happening::PromiseMoved { .. }
            | Happening::Delivered { .. }
            | Happening::Signed { .. }
            | Happening::CalledOff { .. }
            | Happening::Refused { .. }
    )
}

impl Service {
    /// Adds to `change` that a client is not to be warned any more, where `happening` says so.
    pub(super) fn settle_warning(change: &mut Change, key: &str, happening: &Happening) {
        if settles(happening) {
            change.unmark(WARNING, key.to_owned());
        }
    }

    /// Adds to `change` whether a ticket with these events, its own, is to be passed on.
    pub(super) fn set_passing(
        &self,
        change: &mut Change,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        (events, said): (&[Event], &[Event]),
    ) -> Result<(), Refusal> {
        if !said.iter().any(|event| event.kind == CALLED) {
            return Ok(());
        }
        match self.called_for(laid, (key, file), (events, said))?.0 {
            Some(calling) => change.mark(PASSING, key.to_owned(), response::spelt(&calling)),
            None => change.unmark(PASSING, key.to_owned()),
        }
        Ok(())
    }

    /// Adds to `change` that the client of a ticket with these events is to be warned, where that
    /// follows from what was told of its promise.
    pub(super) fn lay_warning(
        &self,
        change: &mut Change,
        (key, file): (&str, &TicketFile),
        events: &[Event],
    ) -> Result<(), Refusal> {
        if file.promise.is_none() || file.state != State::Open {
            return Ok(());
        }
        let told = self.stream_of(&Stream::new(PROMISE, key), u64::MAX)?;
        let Some(last) = told.last().filter(|last| last.kind == "promise.at_risk") else {
            return Ok(());
        };
        for event in events.iter().filter(|event| event.position > last.position) {
            let read = Happening::read(event);
            let read = read.map_err(|garbled| damaged("event", &garbled.stream))?;
            if read.is_some_and(|happening| settles(&happening)) {
                return Ok(());
            }
        }
        let mut payload = last.payload.value().map_err(|_| damaged("event", PROMISE))?;
        payload["at_ms"] = last.at_ms.into();
        if let Ok(warning) = serde_json::from_value(payload) {
            change.warn(key, &warning);
        }
        Ok(())
    }

    /// What the client of a ticket is to be warned of, if he is.
    pub(super) fn warning(&self, key: &str) -> Result<Option<Warning>, Refusal> {
        let body = self.store.mark(WARNING, key)?;
        body.map(|body| read(key, &body)).transpose()
    }

    /// In what words (R074).
    pub(super) fn warning_words(&self, key: &str) -> Result<Option<Label>, Refusal> {
        Ok(self.warning(key)?.map(|warning| warning.words()))
    }

    /// What is due at once from `after` on, at most so many; and from where to go on with it, none
    /// where that was all.
    pub(super) fn due_at_once(
        &self,
        (after, until_ms): (Option<&str>, i64),
        most: usize,
    ) -> Result<Page<ShownDue>, Refusal> {
        let place = after.and_then(|after| after.split_once('/'));
        let own = place.and_then(|(kind, _)| KINDS.iter().position(|one| *one == kind));
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        // Behind a moment there is nothing of this.
        let first = if after.is_some() { own } else { Some(0) };
        let Some((first, laid)) = first.zip(self.laid()?) else {
            return Ok(Page { items, next: None, unread });
        };
        for (row, kind) in KINDS.iter().enumerate().skip(first) {
            let own = place.filter(|_| row == first).map_or("", |(_, key)| key);
            let mut behind = own.to_owned();
            loop {
                let page = self.store.marks(kind, &behind, None, LOOKED_AT)?;
                if page.is_empty() {
                    break;
                }
                for mark in page {
                    if items.len() >= most {
                        let next = Some(format!("{kind}/{behind}"));
                        return Ok(Page { items, next, unread });
                    }
                    items.extend(match *kind {
                        PASSING => Some(passed_on(&laid, &mark.key, &mark.body)?),
                        _ => {
                            let warning = read(&mark.key, &mark.body)?;
                            let found = self.warned(&laid, &mark.key, warning, until_ms);
                            readable(found, &mark.key, &mut unread)?.flatten()
                        }
                    });
                    behind = mark.key;
                }
            }
        }
        Ok(Page { items, next: None, unread })
    }

    /// The warning of a client as it is due: at once, or, where he had as many messages as he gets
    /// in a day, on the next one (R073). Nobody is warned of what is over.
    fn warned(
        &self,
        laid: &Laid,
        key: &str,
        warning: Warning,
        until_ms: i64,
    ) -> Result<Option<ShownDue>, Refusal> {
        let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
        let Some(Kept { version, document: file, .. }) = kept else { return Ok(None) };
        if file.state != State::Open {
            return Ok(None);
        }
        let life = life_of(&self.stream_of(&Stream::new(TICKET, key), version)?)?;
        let at_ms = self.from_when(laid, &life, warning.at_ms);
        let is_blocked = life.beside.block.is_some();
        let due = ShownDue {
            at: stamp(at_ms),
            ticket: key.to_owned(),
            timer: WARNING.to_owned(),
            name: laid.name(WARNING).unwrap_or_else(|| Label::new(WARNING, WARNING)),
            sign: Sign::TellsClient,
            // R187: as long as it cannot go on, marketing alone speaks to the client.
            post: Some(if is_blocked { Post::Marketing } else { Post::Liaison }),
            words: Some(warning.words()),
        };
        Ok((at_ms <= until_ms).then_some(due))
    }

    /// From when on another message to a client is within his budget: behind the last day since
    /// then on which he had as many as he gets.
    fn from_when(&self, laid: &Laid, life: &Life, since_ms: i64) -> i64 {
        let (Some(most), Some(known)) = (laid.desk.messages_per_day, self.known.now()) else {
            return since_ms;
        };
        let (book, first) = (&known.book, day(&known.book, since_ms));
        let days: Vec<_> = life.beside.told_ms.iter().map(|at_ms| day(book, *at_ms)).collect();
        let is_full = |one: &&crate::calendar::Day| {
            let count = days.iter().filter(|other| other == one).count();
            **one >= first && u32::try_from(count).is_ok_and(|count| count >= most)
        };
        let full = days.iter().filter(is_full).max();
        full.map_or(since_ms, |full| book.zone().midnight(full.plus(1)).0 * MINUTE)
    }
}

fn read(key: &str, body: &str) -> Result<Warning, Refusal> {
    serde_json::from_str(body).map_err(|_| damaged(WARNING, key))
}

/// A ticket to be passed on, as it is due.
fn passed_on(laid: &Laid, key: &str, body: &str) -> Result<ShownDue, Refusal> {
    let calling = response::read(key, body)?;
    Ok(ShownDue {
        at: stamp(calling.at_ms),
        ticket: key.to_owned(),
        timer: RESPONSE.to_owned(),
        name: calling.label(laid),
        sign: Sign::PassesOn,
        post: laid.responds(calling.held),
        words: None,
    })
}
