//! What is due from a moment on until somebody does it: tickets to be passed on to a higher level of
//! response (R128), clients to be warned that a promise is at risk (R074), errors found after the
//! signature to be put right (R083). It stands in marks
//! in the order of time, since when it is due, with all that is shown of it: a page of what is due
//! reads two marks for each of its rows, and neither tickets nor their events. Whatever changes what
//! is shown writes the mark anew: what happens to the ticket, and what its clocks are read for.

use serde::{Deserialize, Serialize};

use super::defects::to_mend;
use super::due::due_key;
use super::moments::{Sign, day};
use super::response::{self, Calling, RESPONSE};
use super::who::has_to_tell;
use super::{Laid, ShownDue, life_of};
use crate::app::clock::stamp;
use crate::app::service::Service;
use crate::app::service::change::Change;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::calendar::{Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::event::{Event, Stream};
use crate::desk::life::{Happening, Life, Node};
use crate::policy::desk::Post;
use crate::store::row::Mark;
use crate::time::Tick;

/// The kind of marks of what is due at once, as moment/ticket/kind.
pub(in crate::app::service) const AT_ONCE: &str = "at_once";
/// The kind of marks that say where among those a ticket is that is to be passed on.
pub(in crate::app::service) const PASSING: &str = "passing";
/// The kind of marks that say where among those a ticket is whose client is to be warned.
pub(in crate::app::service) const WARNING: &str = "warning";
/// The kind of marks that say where among those a ticket is of which an error found after the
/// signature is to be put right.
pub(in crate::app::service) const MENDING: &str = "mending";
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

/// A warning as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Standing {
    warning: Warning,
    /// From when on he may have it (R073).
    from_ms: i64,
    /// Who tells him; the manager, where nobody has it.
    post: Post,
    /// Who that is, where somebody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
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

/// Whether the client is not to be warned any more: he was, or another date is agreed with him, or
/// there is nothing left to wait for.
pub(super) fn settles(happening: &Happening) -> bool {
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
    /// Adds to `change` that this of a ticket is due from a moment on, or that nothing is any more.
    pub(super) fn stand(
        &self,
        change: &mut Change,
        (kind, key): (&'static str, &str),
        next: Option<(i64, String)>,
    ) -> Result<(), Refusal> {
        let old = self.stands(change, kind, key)?;
        let next = next.map(|(at_ms, body)| (format!("{}/{kind}", due_key(at_ms, key)), body));
        let place = next.as_ref().map(|(place, _)| place.clone());
        if let Some(old) = old.as_ref().filter(|old| place.as_ref() != Some(*old)) {
            change.unmark(AT_ONCE, old.clone());
        }
        match next {
            Some((place, body)) => {
                change.mark(kind, key.to_owned(), place.clone());
                change.mark(AT_ONCE, place.clone(), body.clone());
                change.stands((kind, key), Some((place, body)));
            }
            None if old.is_some() => {
                change.unmark(kind, key.to_owned());
                change.stands((kind, key), None);
            }
            None => {}
        }
        Ok(())
    }

    /// Where this of a ticket stands behind `change`.
    fn stands(&self, change: &Change, kind: &str, key: &str) -> Result<Option<String>, Refusal> {
        match change.standing(kind, key) {
            Some(next) => Ok(next.map(|(place, _)| place.to_owned())),
            None => Ok(self.store.mark(kind, key)?),
        }
    }

    /// Adds to `change` whether a ticket is to be passed on.
    pub(super) fn set_passing(
        &self,
        change: &mut Change,
        key: &str,
        calling: Option<&Calling>,
    ) -> Result<(), Refusal> {
        let next = calling.map(|calling| (calling.at_ms, response::spelt(calling)));
        self.stand(change, (PASSING, key), next)
    }

    /// Adds to `change` that the client of a ticket is to be warned. What happened to it is read for
    /// when he may be, and by whom.
    pub(in crate::app::service) fn warn(
        &self,
        change: &mut Change,
        key: &str,
        warning: Warning,
    ) -> Result<(), Refusal> {
        let events = self.stream_of(&Stream::new(TICKET, key), u64::MAX);
        let life = events.and_then(|events| life_of(&events));
        let life = readable(life, key, &mut Vec::<String>::new())?;
        self.stand_warned(change, key, (warning, &life.unwrap_or_default()))
    }

    /// Adds to `change` that nobody has to be warned of this ticket any more.
    pub(in crate::app::service) fn warn_no_more(
        &self,
        change: &mut Change,
        key: &str,
    ) -> Result<(), Refusal> {
        self.stand(change, (WARNING, key), None)
    }

    /// Adds to `change` what the client of a ticket is to be warned of after what happened to it:
    /// of what `came`, or of what stood before, unless that `is_settled`. Nobody is warned of what
    /// is over.
    pub(super) fn set_warning(
        &self,
        change: &mut Change,
        (key, file, life): (&str, &TicketFile, &Life),
        (is_settled, came): (bool, Option<Warning>),
    ) -> Result<(), Refusal> {
        let is_over = file.state != State::Open;
        let before = if is_settled || is_over { None } else { self.warning_of(change, key)? };
        match came.or(before).filter(|_| !is_over) {
            Some(warning) => self.stand_warned(change, key, (warning, life)),
            None => self.warn_no_more(change, key),
        }
    }

    fn stand_warned(
        &self,
        change: &mut Change,
        key: &str,
        (warning, life): (Warning, &Life),
    ) -> Result<(), Refusal> {
        let Some(laid) = self.laid()? else { return Ok(()) };
        let from_ms = self.warns_from(&laid, life, warning.at_ms);
        // R187: as long as it cannot go on, marketing alone speaks to the client.
        let is_blocked = life.beside.block.is_some();
        let person = has_to_tell(life.crew.as_ref()).filter(|_| !is_blocked);
        let post = match person {
            _ if is_blocked => Post::Marketing,
            Some(_) => Post::Liaison,
            None => Post::DepartmentManager,
        };
        let body = serde_json::to_string(&Standing { warning, from_ms, post, person });
        let body = body.expect("moments have a spelling");
        self.stand(change, (WARNING, key), Some((from_ms, body)))
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
        match serde_json::from_value(payload) {
            Ok(warning) => self.stand_warned(change, key, (warning, &life_of(events)?)),
            Err(_) => Ok(()),
        }
    }

    /// What the client of a ticket is to be warned of behind `change`, if he is.
    fn warning_of(&self, change: &Change, key: &str) -> Result<Option<Warning>, Refusal> {
        let body = match change.standing(WARNING, key) {
            Some(next) => next.map(|(_, body)| body.to_owned()),
            None => match self.store.mark(WARNING, key)? {
                Some(place) => self.store.mark(AT_ONCE, &place)?,
                None => None,
            },
        };
        body.map(|body| Ok(read(key, &body)?.warning)).transpose()
    }

    /// In what words a client is to be warned, if he is (R074).
    pub(super) fn warning_words(&self, key: &str) -> Result<Option<Label>, Refusal> {
        let Some(place) = self.store.mark(WARNING, key)? else { return Ok(None) };
        let body = self.store.mark(AT_ONCE, &place)?;
        body.map(|body| Ok(read(key, &body)?.warning.words())).transpose()
    }

    /// A mark of what is due at once, as it is shown; none where it was left behind.
    pub(super) fn due_at_once(
        &self,
        laid: &Laid,
        mark: &Mark,
    ) -> Result<Option<ShownDue>, Refusal> {
        let Mark { key: place, body } = mark;
        let is_own = |kind, key| Ok(self.store.mark(kind, key)?.as_deref() == Some(place));
        if let Some(key) = ticket_of(place, PASSING) {
            let is_own: Result<bool, Refusal> = is_own(PASSING, key);
            return if is_own? { Ok(Some(passed_on(laid, key, body)?)) } else { Ok(None) };
        }
        if let Some(key) = ticket_of(place, MENDING) {
            let is_own: Result<bool, Refusal> = is_own(MENDING, key);
            return if is_own? { Ok(Some(to_mend(laid, key, body)?)) } else { Ok(None) };
        }
        let Some(key) = ticket_of(place, WARNING) else { return Ok(None) };
        if !is_own(WARNING, key)? {
            return Ok(None);
        }
        let Standing { warning, from_ms, post, person } = read(key, body)?;
        Ok(Some(ShownDue {
            at: stamp(from_ms),
            ticket: key.to_owned(),
            timer: WARNING.to_owned(),
            name: laid.name(WARNING).unwrap_or_else(|| Label::new(WARNING, WARNING)),
            sign: Sign::TellsClient,
            post: Some(post),
            person,
            item: None,
            words: Some(warning.words()),
        }))
    }

    /// From when on a client is warned: within his budget of messages, and while somebody is there to
    /// do it.
    fn warns_from(&self, laid: &Laid, life: &Life, since_ms: i64) -> i64 {
        let from_ms = self.within_budget(laid, life, since_ms);
        let Some(known) = self.known.now() else { return from_ms };
        let office = laid.desk.working.as_deref().and_then(|id| known.book.calendar(id));
        // What comes up at night is told when the office opens.
        let tick = Tick(from_ms.div_euclid(MINUTE));
        match office.and_then(|office| known.book.add_open_minutes(office, tick, 1)) {
            Some(first) if first - tick > 1 => (first.0 - 1) * MINUTE,
            _ => from_ms,
        }
    }

    /// From when on another message to a client is within his budget: behind the last day since
    /// then on which he had as many as he gets.
    fn within_budget(&self, laid: &Laid, life: &Life, since_ms: i64) -> i64 {
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

/// The ticket of a mark of what is due at once, if it is of this kind.
pub(super) fn ticket_of<'p>(place: &'p str, kind: &str) -> Option<&'p str> {
    let (_, rest) = place.split_once('/')?;
    rest.strip_suffix(kind)?.strip_suffix('/')
}

fn read(key: &str, body: &str) -> Result<Standing, Refusal> {
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
        person: None,
        item: None,
        words: None,
    })
}
