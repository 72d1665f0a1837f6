//! What is said when a ticket is created, what is kept of it, and what is shown.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::app::service::bargain::Bargain;
use crate::app::service::clients::Contact;
use crate::app::service::desk::{ComesFirst, DeskFile, ShownDesk, ShownFar};
use crate::calendar::{Label, Moment};
use crate::desk::hash::Hash;
use crate::model::quote::ClientPrice;
use crate::model::request::Attribute;
use crate::model::ticket::{Adjust, Curve, Step, Ticket, Track, UnservedPrice};

/// By which way a ticket came (R124).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web site (官网).
    Web,
    /// The app (APP).
    App,
    /// The hotline (客服热线).
    Hotline,
    /// E-mail (邮件).
    Mail,
    /// Online chat (在线客服、微信).
    Chat,
    /// Another ticketing system.
    Ticketing,
}

/// What a new ticket says: as in a scenario, its key being optional, and how it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// Its key; without one it is given one.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub id: Option<String>,
    /// By which way it came (R124).
    pub channel: Channel,
    /// What the system it came from calls it.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub external: Option<String>,
    /// Whom to talk to about it; kept apart, and erased with its client.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// Answer with an estimate of its finish, by the plan in force (R133). It takes a few
    /// milliseconds more, and as long as checking that plan the first time after it was published.
    #[serde(default)]
    pub estimate: bool,
    /// What people read.
    #[serde(default)]
    pub title: Option<Label>,
    /// Who asks.
    #[serde(default)]
    pub client: Option<String>,
    /// The legal entity it is for.
    #[serde(default)]
    pub entity: Option<String>,
    /// The service asked for.
    #[serde(default)]
    pub service: Option<String>,
    /// Normal or urgent.
    #[serde(default)]
    pub track: Track,
    /// The bureau meant by steps that say `@ticket`.
    #[serde(default)]
    pub bureau: Option<String>,
    /// When materials are complete.
    #[serde(default)]
    pub release: Option<Moment>,
    /// The wished finish.
    #[serde(default)]
    pub due: Option<Moment>,
    /// What finishing late costs; for who may plan.
    #[serde(default)]
    pub curves: Vec<Curve>,
    /// What leaving it out costs; for who may plan.
    #[serde(default)]
    pub unserved: Option<UnservedPrice>,
    /// Tickets that must be finished first.
    #[serde(default)]
    pub after: Vec<String>,
    /// Tickets with the same batch are served all or none; a program's batches are its own.
    #[serde(default)]
    pub batch: Option<String>,
    /// People who must not be given it; for who may plan.
    #[serde(default)]
    pub excluded: Vec<String>,
    /// Own steps in place of the service's.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Changes to single steps of the service.
    #[serde(default)]
    pub adjust: Vec<Adjust>,
    /// What red lines and floors of the policy ask for, such as `period` = `closed_month` (R013) or
    /// `social-security-base` = `4899.00` (R061).
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub attributes: Vec<Attribute>,
}

impl NewTicket {
    /// The ticket called `key` that a scenario would hold.
    pub(in crate::app::service) fn ticket(self, key: &str) -> Ticket {
        Ticket {
            id: key.to_owned(),
            title: self.title,
            client: self.client,
            entity: self.entity,
            service: self.service,
            track: self.track,
            bureau: self.bureau,
            release: self.release,
            due: self.due,
            curves: self.curves,
            unserved: self.unserved,
            after: self.after,
            batch: self.batch,
            excluded: self.excluded,
            steps: self.steps,
            adjust: self.adjust,
        }
    }
}

/// What may be changed of a ticket; what is not said stays, and `null` empties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketChange {
    /// What people read.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub title: Option<Option<Label>>,
    /// What is asked for, until a date is promised: its steps and what was adjusted of them go.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub service: Option<Option<String>>,
    /// Normal or urgent.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub track: Option<Option<Track>>,
    /// When materials are complete.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub release: Option<Option<Moment>>,
    /// The wished finish.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub due: Option<Option<Moment>>,
    /// What finishing late costs; for who may plan.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub curves: Option<Option<Vec<Curve>>>,
    /// Tickets that must be finished first.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub after: Option<Option<Vec<String>>>,
    /// Tickets with the same batch are served all or none.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub batch: Option<Option<String>>,
    /// People who must not be given it; for who may plan.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Option<Vec<String>>>,
    /// What red lines and floors of the policy ask for.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 50))]
    pub attributes: Option<Option<Vec<Attribute>>>,
    /// Closes it as done, or opens it again.
    #[serde(default)]
    pub state: Option<Settled>,
    /// Whether somebody has looked over it (R101).
    #[serde(default)]
    pub review: Option<Review>,
    /// Why, where what red lines, floors or approvals read is stated otherwise than before (R013,
    /// R052); kept apart, and erased with the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

/// What was said, `null` being something to say.
fn said<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// What a change may make of a ticket's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Open again.
    Open,
    /// Done.
    Done,
}

/// Whether work on a ticket goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does.
    Open,
    /// It is done.
    Done,
    /// It was called off.
    Cancelled,
}

/// Whether somebody has looked over a ticket's result (R101).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Not yet.
    #[default]
    Pending,
    /// It may go out.
    Passed,
    /// It may not.
    Rejected,
}

/// A date that was promised, and what it rests on (R131).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The finish promised.
    pub finish: Moment,
    /// The digest of the plan in force when it was.
    pub plan: String,
}

/// A ticket as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFile {
    /// By which way it came.
    pub(in crate::app::service) channel: Channel,
    pub(in crate::app::service) external: Option<String>,
    pub(in crate::app::service) state: State,
    #[serde(default)]
    pub(in crate::app::service) review: Review,
    pub(in crate::app::service) promise: Option<Promise>,
    /// What its order costs by the quote that was accepted.
    #[serde(default)]
    pub(in crate::app::service) price: Option<ClientPrice>,
    /// How that came about (R078).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app::service) bargain: Option<Bargain>,
    pub(in crate::app::service) created_ms: i64,
    /// Where the contact lies.
    pub(in crate::app::service) contact: Option<Hash>,
    /// The actor who created it.
    pub(in crate::app::service) by: String,
    pub(in crate::app::service) ticket: Ticket,
    /// What red lines and floors ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::app::service) attributes: Vec<Attribute>,
    /// How it stands at the desk; none for one that is not on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app::service) desk: Option<DeskFile>,
}

/// A ticket as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownTicket {
    /// Its key.
    pub id: String,
    /// Its version: the number of its last event.
    pub version: u64,
    /// By which way it came.
    pub channel: Channel,
    /// What the system it came from calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    /// Whether work on it goes on.
    pub state: State,
    /// When it was created.
    pub created: String,
    /// The ticket, as scenarios have it.
    pub ticket: Ticket,
    /// What was stated of it that red lines and floors of the policy ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Whom to talk to about it, where the caller may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Whether somebody has looked over it (R101).
    pub review: Review,
    /// The date promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// What the order it belongs to costs, line by line, by the quote that was accepted (R101);
    /// what its lines rest on is for who may see finances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<ClientPrice>,
    /// How it stands in the plan in force.
    pub standing: Standing,
    /// What must be completed first, told in the answer to its assessment; its dossier tells it as
    /// long as nothing is promised (R009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<ComesFirst>,
    /// What a call left open, and who asks for it, told in the answer to that call; its dossier tells
    /// it until the ticket is assessed (R125).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_open: Option<Label>,
    /// How it stands at the desk; absent for one that is not on it, and for programs of clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<ShownDesk>,
    /// How far it is, for programs of clients and partners (R059).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<ShownFar>,
}

/// How a ticket stands, at the desk and in the plan in force (R101, R133, R134).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TicketStanding")]
pub struct Standing {
    /// When it will be finished, by the plan or by an estimate; absent when neither is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Moment>,
    /// Why there is no estimate, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_estimate: Option<Label>,
    /// Whether the estimate is the plan's own; else it is when it would be done beside what the
    /// plan has, and nothing is held for it.
    pub is_planned: bool,
    /// Who answers for it: who drives it, before it is given to anybody the lead of its last step
    /// with people; for who may read people. Others read in the sentence by what name people know
    /// whoever is at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accountable: Option<String>,
    /// The digest of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The sentence for the client.
    pub told: Label,
}
