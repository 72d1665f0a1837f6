//! The client's progress link: whoever has it sees how far his ticket is, when it is expected to be
//! done and what he has to do, and nothing else (R059). 128 bits of chance, of which only the hash
//! is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::first::asked_of_client;
use super::life_of;
use crate::app::chance;
use crate::app::service::change::Change;
use crate::app::service::kept::Kept;
use crate::app::service::once::{Making, Once};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::event::Stream;
use crate::desk::hash::{Hash, hexadecimal};
use crate::desk::life::Stage;
use crate::desk::told::{View, Visible, to_do, view, visible};
use crate::time::Tick;

/// The kind of documents from the hash of a token to its ticket.
pub(super) const LINK: &str = "link";
/// The kind of documents from a ticket to the hash of its token.
pub(super) const LINK_OF: &str = "link_of";

/// The ticket behind a token.
#[derive(Serialize, Deserialize)]
pub(super) struct LinkFile {
    pub(super) ticket: String,
}

/// How far a client's ticket is, in three words of his own (R059).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Far {
    /// Material is looked at (材料审核中).
    Material,
    /// The authority has it, or is about to (部门审批中).
    Agency,
    /// It can be collected (待领取).
    Ready,
    /// It ended without a result.
    Ended,
}

/// How far a ticket is, as programs of clients and partners see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownFar {
    /// How far it is.
    pub state: Far,
    /// What that is called.
    pub name: Label,
}

impl ShownFar {
    /// How far the ticket in `file` is; none for one that is not on the desk.
    pub(in crate::app::service) fn of(file: &TicketFile) -> Option<ShownFar> {
        let desk = file.desk.as_ref()?;
        let state = Far::of(desk.stage, !desk.is_lacking, file.state);
        Some(ShownFar { state, name: state.label() })
    }
}

/// What a client sees of his ticket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClientView {
    /// How far it is.
    pub state: Far,
    /// What that is called.
    pub name: Label,
    /// When it is expected to be done, at the latest; never a date that has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Moment>,
    /// When at the earliest, where that is another time (R075).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Moment>,
    /// Since when it is late: the date owed, which has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_since: Option<Moment>,
    /// Why that changed last (R080).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// What the client has to do.
    pub to_do: Vec<Label>,
}

impl Service {
    /// A new progress link of a ticket in the place of any it had; answers with its token, which
    /// is told this once.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn make_link(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<String, Refusal> {
        let token = self.make_link_once(caller, key, None, now_ms)?;
        Ok(token.expect("who names no earlier request is the first"))
    }

    /// As [`Service::make_link`] for a request that may come again: then nothing is made, and the
    /// token, of which only the hash is kept, is not told.
    ///
    /// # Errors
    /// As there, and [`Refusal::OtherBody`].
    pub fn make_link_once(
        &self,
        caller: &Caller,
        key: &str,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Option<String>, Refusal> {
        caller.must(Permission::DeskWork)?;
        let Kept { document, .. } = self.own_ticket(caller, key)?;
        let mut told = None;
        let again =
            |key: &str| Ok(Kept { key: key.to_owned(), version: 1, document: LINK.to_owned() });
        let made = self.once(once, now_ms, again, || {
            let token = hexadecimal(&chance::bytes::<16>()?);
            let hash = Hash::of(token.as_bytes()).to_string();
            let mut change = Change::by(caller, now_ms);
            self.drop_old(&mut change, key)?;
            change.put(LINK, &hash, None, &LinkFile { ticket: key.to_owned() });
            change.put(LINK_OF, key, None, &hash);
            let payload = json!({"client": document.ticket.client, "token": hash});
            let stream = Stream::new(LINK, key);
            change.event(self, (&stream, None), "ticket.link_made", &payload)?;
            told = Some(token);
            Ok(Making::new(key, 1, &LINK, change))
        })?;
        Ok(told.filter(|_| !made.is_repeated))
    }

    /// Takes the progress link of a ticket back.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] when it has none, what fails outside.
    pub fn revoke_link(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<(), Refusal> {
        caller.must(Permission::DeskWork)?;
        let Kept { document, .. } = self.own_ticket(caller, key)?;
        self.find::<String>(LINK_OF, key)?;
        let mut change = Change::by(caller, now_ms);
        self.drop_old(&mut change, key)?;
        change.remove(LINK_OF, key, None);
        let told = json!({"client": document.ticket.client});
        let stream = Stream::new(LINK, key);
        change.event(self, (&stream, None), "ticket.link_revoked", &told)?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(())
    }

    fn drop_old(&self, change: &mut Change, key: &str) -> Result<(), Refusal> {
        if let Some(old) = self.find_if_any::<String>(LINK_OF, key)? {
            change.remove(LINK, &old.document, None);
        }
        Ok(())
    }

    /// What the client who has this token sees.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] for a token that leads nowhere, what fails outside.
    pub fn client_view(&self, token: &str, now_ms: i64) -> Result<ClientView, Refusal> {
        let hash = Hash::of(token.as_bytes()).to_string();
        let unknown = || Refusal::Unknown { kind: LINK, key: String::new() };
        let link = self.find_if_any::<LinkFile>(LINK, &hash)?.ok_or_else(unknown)?;
        let kept = self.find_if_any::<TicketFile>(TICKET, &link.document.ticket)?;
        let Kept { key, version, document: file } = kept.ok_or_else(unknown)?;
        let life = life_of(&self.stream_of(&Stream::new(TICKET, &key), version)?)?;
        let state = Far::of(life.stage, life.is_material_done(), file.state);
        let view = view(&life).filter(|_| state != Far::Ended);
        let mut to_do = Vec::new();
        if let Some(view) = &view {
            let first = self.comes_first(&file, &life, now_ms)?;
            to_do.extend(first.iter().flat_map(asked_of_client));
            to_do.extend(self.to_do(view, &file)?);
        }
        if !matches!(state, Far::Material | Far::Agency) {
            let (name, because) = (state.label(), None);
            let (expected, earliest, late_since) = (None, None, None);
            return Ok(ClientView { state, name, expected, earliest, late_since, because, to_do });
        }
        let zone = self.zone();
        let at = |at_ms: i64| zone.moment(Tick(at_ms.div_euclid(MINUTE)));
        // What somebody forecast for this client, before what the plan has, before the promise.
        let forecast = life.beside.forecast.as_ref();
        let forecast = forecast.map(|one| self.forecast_now(&key, one)).transpose()?.flatten();
        let planned = self.standing(&file.ticket, file.state).estimate;
        let promised = || file.promise.as_ref().map(|promise| promise.finish);
        let owed = || promised().or_else(|| life.owed_ms().map(at));
        // What the client brought late since moves the date, whatever a plan made before it has.
        let moved = || owed().filter(|_| life.is_owed_later());
        let tick = |moment: &Moment| zone.tick_from(*moment);
        let planned = planned.map(|date| moved().into_iter().chain([date]).max_by_key(tick));
        // A forecast of before that is none any more, and neither is its reason.
        let is_over = |latest: &Moment| moved().is_some_and(|owed| tick(latest) < tick(&owed));
        let is_old = forecast.is_some_and(|(_, latest)| is_over(&latest));
        let forecast = forecast.filter(|_| !is_old);
        let because = view.and_then(|view| view.because).filter(|_| forecast.is_some());
        // A date that has passed is none to expect any more: the one owed is, until that has, too.
        let is_past = |moment: &Moment| tick(moment).0 * MINUTE < now_ms;
        let known = forecast.map(|(_, latest)| latest).or(planned.flatten());
        let late_since = owed().or(known).filter(is_past);
        let expected = known.into_iter().chain(owed()).find(|date| !is_past(date));
        let earliest = forecast.filter(|(earliest, latest)| tick(earliest) < tick(latest));
        let earliest = earliest.filter(|(earliest, _)| !is_past(earliest));
        let earliest = earliest.map(|(earliest, _)| earliest);
        let name = state.label();
        Ok(ClientView { state, name, expected, earliest, late_since, because, to_do })
    }

    /// What a client must do of what `view` has, in the words the firm has for its material.
    pub(super) fn to_do(&self, view: &View, file: &TicketFile) -> Result<Vec<Label>, Refusal> {
        let laid = self.laid()?;
        let name = |item: &str| laid.as_deref().map(|laid| laid.material(&file.ticket, item));
        let name = |item: &str| name(item).unwrap_or_else(|| Label::new(item, item));
        Ok(to_do(view, self.zone(), &name))
    }
}

impl Far {
    fn of(stage: Stage, is_material_done: bool, state: State) -> Far {
        match (state, visible(stage, is_material_done)) {
            (State::Cancelled, _) | (_, None) => Far::Ended,
            (State::Done, _) | (_, Some(Visible::Ready)) => Far::Ready,
            (_, Some(Visible::WithAgency)) => Far::Agency,
            (_, Some(Visible::UnderReview)) => Far::Material,
        }
    }

    /// What clients read.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Far::Material => Visible::UnderReview.label(),
            Far::Agency => Visible::WithAgency.label(),
            Far::Ready => Visible::Ready.label(),
            Far::Ended => Label::new("已终止", "ended"),
        }
    }
}
