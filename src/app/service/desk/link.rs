//! The client's progress link: whoever has it sees how far his ticket is, when it is expected to be
//! done and what he has to do, and nothing else (R059). 128 bits of chance, of which only the hash
//! is kept.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{DeskFile, life_of};
use crate::app::chance;
use crate::app::service::change::Change;
use crate::app::service::kept::Kept;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Label, Moment, Zone};
use crate::desk::clock::Wait;
use crate::desk::event::Stream;
use crate::desk::hash::{Hash, hexadecimal};
use crate::desk::life::{Life, Stage};
use crate::desk::told::{View, Visible, called, view, visible};

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

/// What a client sees of his ticket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClientView {
    /// How far it is.
    pub state: Far,
    /// What that is called.
    pub name: Label,
    /// When it is expected to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Moment>,
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
        caller.must(Permission::DeskWork)?;
        let Kept { document, .. } = self.own_ticket(caller, key)?;
        let token = hexadecimal(&chance::bytes::<16>()?);
        let hash = Hash::of(token.as_bytes()).to_string();
        let mut change = Change::by(caller, now_ms);
        self.drop_old(&mut change, key)?;
        change.put(LINK, &hash, None, &LinkFile { ticket: key.to_owned() });
        change.put(LINK_OF, key, None, &hash);
        let told = json!({"client": document.ticket.client, "token": hash});
        let stream = Stream::new(LINK, key);
        change.event(self, (&stream, None), "ticket.link_made", &told)?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(token)
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
    pub fn client_view(&self, token: &str) -> Result<ClientView, Refusal> {
        let hash = Hash::of(token.as_bytes()).to_string();
        let unknown = || Refusal::Unknown { kind: LINK, key: String::new() };
        let link = self.find_if_any::<LinkFile>(LINK, &hash)?.ok_or_else(unknown)?;
        let kept = self.find_if_any::<TicketFile>(TICKET, &link.document.ticket)?;
        let Kept { key, version, document: file } = kept.ok_or_else(unknown)?;
        let life = life_of(&self.stream_of(&Stream::new(TICKET, &key), version)?)?;
        let planned = self.standing(&file.ticket, file.state).estimate;
        let promised = file.promise.as_ref().map(|promise| promise.finish);
        let desk = file.desk.clone().unwrap_or_default();
        let state = far(&life, file.state);
        let is_coming = matches!(state, Far::Material | Far::Agency);
        let expected = planned.or(promised).filter(|_| is_coming);
        let names = self.item_names(&file)?;
        let lacking = view(&life).filter(|view| !view.to_bring.is_empty());
        let bring = lacking.map(|view| bring(&view, &names, self.zone()));
        let to_do = to_do(&desk, state, bring);
        Ok(ClientView { state, name: state.label(), expected, to_do })
    }
}

fn far(life: &Life, state: State) -> Far {
    match (state, visible(life.stage, life.is_material_done())) {
        (State::Cancelled, _) | (_, None) => Far::Ended,
        (State::Done, _) | (_, Some(Visible::Ready)) => Far::Ready,
        (_, Some(Visible::WithAgency)) => Far::Agency,
        (_, Some(Visible::UnderReview)) => Far::Material,
    }
}

/// What the client is to bring, by name, and by when where he was told (R032).
fn bring(view: &View, names: &BTreeMap<String, Label>, zone: Zone) -> Label {
    let Label { zh, en } = called(names, &view.to_bring);
    match view.bring_by_ms.map(|by| super::urgency::moment(zone, by)) {
        Some(by) => Label::new(format!("请在 {by} 前提供：{zh}"), format!("bring by {by}: {en}")),
        None => Label::new(format!("请提供：{zh}"), format!("bring: {en}")),
    }
}

fn to_do(desk: &DeskFile, state: Far, bring: Option<Label>) -> Vec<Label> {
    let mut labels = Vec::new();
    if state == Far::Ended {
        return labels;
    }
    if bring.is_some() {
        labels.extend(bring);
    } else if desk.waits.contains(&Wait::Client) {
        labels.push(Label::new("请补充材料或答复我们", "send the material or answer we asked for"));
    }
    if desk.waits.contains(&Wait::Payment) {
        labels.push(Label::new("请付款", "pay what is due"));
    }
    if desk.stage == Stage::Delivered {
        labels.push(Label::new("请签收", "sign that you received it"));
    }
    labels
}

impl Far {
    /// What clients read.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Far::Material => Label::new("材料审核中", "material under review"),
            Far::Agency => Label::new("部门审批中", "under approval by the authority"),
            Far::Ready => Label::new("待领取", "ready to collect"),
            Far::Ended => Label::new("已终止", "ended"),
        }
    }
}
