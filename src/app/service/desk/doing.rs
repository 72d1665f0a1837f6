//! What callers say happened.

use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Before;
use crate::app::chance;
use crate::app::service::Service;
use crate::app::service::bare::subject;
use crate::app::service::change::Change;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::TicketFile;
use crate::calendar::Label;
use crate::desk;
use crate::desk::event::Stream;
use crate::desk::life::{Happening, KINDS};
use crate::desk::payload::Unfit;
use crate::desk::personal::PersonalText;
use crate::store::Write;

/// The kind of streams with what was written beside what happened.
pub(super) const NOTE: &str = "note";

/// The ticket something happens to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted<'a> {
    /// Its key.
    pub key: &'a str,
    /// The version it has to have; any when none is named.
    pub version: Option<u64>,
}

/// What happened, as it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Doing {
    /// What kind of thing, such as `ticket.assessed`.
    pub kind: String,
    /// The particulars; they stay on record for good and name no persons but by their keys.
    #[serde(default = "nothing")]
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub payload: Value,
    /// Who did it, where a program says so for him; a person speaks for himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Words about persons, kept apart and erased with the client (R243).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2000))]
    pub note: Option<String>,
}

/// Kinds that follow from other things, or from a quote and its acceptance: nobody says them.
pub const NEVER_SAID: [&str; 5] = [
    "ticket.quoted",
    "ticket.accepted",
    "ticket.promise_moved",
    "ticket.manager_asked",
    "ticket.client_late",
];

/// A kind of thing that somebody may say happened, and the schema of its particulars: of the very
/// type that they are read by.
pub struct Particulars {
    /// The kind.
    pub kind: String,
    /// What it is.
    pub about: String,
    /// The schema of its payload.
    pub payload: Value,
}

/// Every kind that somebody may say, in the order of the record; what the schemas refer to is among
/// the definitions of `schemas`.
#[must_use]
pub fn particulars(schemas: &mut SchemaGenerator) -> Vec<Particulars> {
    let mut whole = Happening::json_schema(schemas).to_value();
    let Value::Array(kinds) = whole["oneOf"].take() else { return Vec::new() };
    let read = |one: Value| Particulars {
        kind: one["properties"]["kind"]["const"].as_str().unwrap_or_default().to_owned(),
        about: one["description"].as_str().unwrap_or_default().to_owned(),
        payload: one["properties"]["payload"].clone(),
    };
    let all = kinds.into_iter().map(read);
    all.filter(|one| !NEVER_SAID.contains(&one.kind.as_str())).collect()
}

/// The same, and the definitions that their schemas refer to.
#[must_use]
pub fn particulars_defined() -> (Vec<Particulars>, Map<String, Value>) {
    let mut schemas = SchemaGenerator::default();
    let kinds = particulars(&mut schemas);
    (kinds, schemas.take_definitions(true))
}

fn nothing() -> Value {
    json!({})
}

impl Doing {
    /// That `happening` happened.
    #[must_use]
    pub fn of(happening: &Happening) -> Doing {
        let mut whole = serde_json::to_value(happening).expect("texts, numbers and lists");
        let kind = whole["kind"].as_str().unwrap_or_default().to_owned();
        Doing { kind, payload: whole["payload"].take(), person: None, note: None }
    }

    /// What is said to have happened.
    pub(super) fn happening(&self) -> Result<Happening, Refusal> {
        let kind = &self.kind;
        if !KINDS.contains(&kind.as_str()) {
            let known = KINDS.join(", ");
            return Err(Refusal::Wish(Label::new(
                format!("没有“{kind}”这种事项：可用 {known}"),
                format!("nothing called {kind:?} can happen: say one of {known}"),
            )));
        }
        let whole = json!({"kind": kind, "payload": self.payload});
        serde_json::from_value(whole).map_err(|wrong| {
            Refusal::Wish(Label::new(
                format!("{kind} 的内容有误：{wrong}"),
                format!("the payload of {kind} is wrong: {wrong}"),
            ))
        })
    }

    /// Keeps the note apart, and on record that there is one.
    pub(super) fn keep_note(
        &self,
        change: &mut Change,
        service: &Service,
        before: &Before,
    ) -> Result<(), Refusal> {
        let Some(note) = &self.note else { return Ok(()) };
        change.note(service, (&before.key, before.version, &before.file), note)
    }
}

impl Change {
    /// Keeps a note about the next event of a ticket that has this version apart, and on record that
    /// there is one.
    pub(in crate::app::service) fn note(
        &mut self,
        service: &Service,
        (key, version, file): (&str, u64, &TicketFile),
        note: &str,
    ) -> Result<(), Refusal> {
        let client = file.ticket.client.as_ref();
        let (subject, text) = (subject(key), note.to_owned());
        let text = PersonalText { subject, salt: chance::bytes()?, text };
        let told = json!({"about": version + 1, "text": text.hash(), "client": client});
        self.and(Write::PutText(text));
        let stream = Stream::new(NOTE, key);
        self.event(service, (&stream, None), "ticket.noted", &told)
    }
}

/// Whether a refusal is about what was said, whatever the ticket is like.
#[must_use]
pub fn is_about_what_was_said(refusal: &desk::refusal::Refusal) -> bool {
    use desk::refusal::Refusal as Why;
    if let Why::Named { refusal, .. } = refusal {
        return is_about_what_was_said(refusal);
    }
    matches!(
        refusal,
        Why::Unanswered(_)
            | Why::NoSlack
            | Why::NoPlan
            | Why::SamePerson
            | Why::NoReason
            | Why::HalfAnswer
            | Why::UnknownItem(_)
            | Why::Expires(_)
            | Why::Unticked(_)
            | Why::DeliverySteps(_)
            | Why::NoTracking(_)
            | Why::Rating
            | Why::Retention(_)
            | Why::Consequence
    )
}

/// That what happened is more than an event holds.
pub(super) fn unfit(unfit: &Unfit) -> Refusal {
    Refusal::Wish(Label::new(format!("无法记录：{unfit}"), format!("not recorded: {unfit}")))
}

/// That nothing happens any more to a ticket closed without the desk.
pub(super) fn closed(key: &str) -> Refusal {
    Refusal::Impossible(Label::new(
        format!("工单 {key} 已办结或已取消：请新建工单"),
        format!("the ticket {key} is done or called off: create another one"),
    ))
}
