//! Documents read from what happened, and from nothing else but the words kept apart: tickets,
//! what was reported of their steps, their progress links.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::link::{LINK, LINK_OF, LinkFile};
use super::who;
use crate::app::service::Service;
use crate::app::service::bare::Words;
use crate::app::service::bargain::Priced;
use crate::app::service::kept::damaged;
use crate::app::service::refusal::Refusal;
use crate::app::service::scene::PROGRESS;
use crate::app::service::tickets::{Review, State, TICKET, TicketFile};
use crate::calendar::{Day, Moment};
use crate::desk::event::Event;
use crate::desk::hash::Hash;
use crate::desk::life::{Happening, Life};
use crate::model::scenario::Progress;
use crate::model::ticket::Ticket;
use crate::store::row::{Document, Text};

/// A ticket as its events tell it, but for what is kept apart.
struct Told {
    file: TicketFile,
    words: Option<Hash>,
    price: Option<Hash>,
}

impl Service {
    /// The ticket that these events, all of its stream, tell of; none when events of an older form
    /// do not say enough.
    pub(super) fn retold(&self, events: &[Event]) -> Result<Option<TicketFile>, Refusal> {
        let Some(Told { mut file, words, price }) = told(events)? else { return Ok(None) };
        if let Some(hash) = price {
            let Some(told) = self.apart::<Priced>(&hash)? else { return Ok(None) };
            (file.price, file.bargain) = (Some(told.price), told.bargain);
        }
        if let Some(hash) = words {
            let words = self.apart::<Words>(&hash)?;
            if !words.is_some_and(|words| words.put_into(&mut file)) {
                return Ok(None);
            }
        }
        Ok(Some(file))
    }

    /// What is kept apart under this hash, where it is there and of today's form.
    fn apart<T: DeserializeOwned>(&self, hash: &Hash) -> Result<Option<T>, Refusal> {
        Ok(match self.store.text(hash)? {
            Some(Text::Kept(text)) => serde_json::from_str(&text.text).ok(),
            _ => None,
        })
    }
}

fn told(events: &[Event]) -> Result<Option<Told>, Refusal> {
    let mut told: Option<Told> = None;
    let mut life = Life::default();
    for event in events {
        match (event.kind.as_str(), &mut told) {
            ("ticket.created", told) => {
                let payload = value(event)?;
                if payload.get("on_desk").is_none() {
                    return Ok(None);
                }
                *told = Some(created(event, payload)?);
            }
            (_, None) => return Ok(None),
            ("ticket.changed" | "ticket.promised" | "ticket.cancelled", Some(told)) => {
                told.change(event)?;
            }
            ("ticket.erased", Some(told)) => told.erase(event)?,
            (_, Some(told)) => {
                let read = Happening::read(event);
                let read = read.map_err(|garbled| damaged("event", &garbled.stream))?;
                if let Some(happening) = read {
                    life.apply(event.at_ms, who::person(&event.actor), &happening);
                    told.file.stand(&life);
                }
            }
        }
    }
    Ok(told)
}

fn value(event: &Event) -> Result<Value, Refusal> {
    event.payload.value().map_err(|_| damaged("event", &event.stream.to_string()))
}

/// The member `name` of a payload, which has to be there.
fn part<T: DeserializeOwned>(event: &Event, value: &mut Value, name: &str) -> Result<T, Refusal> {
    let part = serde_json::from_value(value[name].take());
    part.map_err(|_| damaged("event", &event.stream.to_string()))
}

/// Puts moments of lateness that no document can write, and older programs did, where they are
/// written today.
fn into_range(curves: &mut Value) {
    for curve in curves.as_array_mut().into_iter().flatten() {
        let Some(Value::String(after)) = curve.get_mut("after") else { continue };
        if Moment::parse(after).is_err() {
            let edge = if after.starts_with('+') { i64::MAX } else { i64::MIN };
            *after = Moment::local(Day(0), 0).later(edge).to_string();
        }
    }
}

fn created(event: &Event, mut payload: Value) -> Result<Told, Refusal> {
    let mut part = Parts { event, payload: &mut payload };
    let file = TicketFile {
        channel: part.of("channel")?,
        external: None,
        state: State::Open,
        review: Review::Pending,
        promise: None,
        price: None,
        bargain: None,
        created_ms: event.at_ms,
        contact: part.of("contact")?,
        by: part.of("owner")?,
        ticket: part.of("ticket")?,
        attributes: Vec::new(),
        desk: part.of::<bool>("on_desk")?.then(Default::default),
    };
    let mut told = Told { file, words: None, price: None };
    told.take(event, payload)?;
    Ok(told)
}

/// The members of a payload.
struct Parts<'a> {
    event: &'a Event,
    payload: &'a mut Value,
}

impl Parts<'_> {
    fn of<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Refusal> {
        part(self.event, self.payload, name)
    }
}

impl Told {
    /// Takes in what every event says that tells the whole ticket, but for the ticket itself.
    fn take(&mut self, event: &Event, mut payload: Value) -> Result<(), Refusal> {
        let file = &mut self.file;
        let mut part = Parts { event, payload: &mut payload };
        (file.state, file.review) = (part.of("state")?, part.of("review")?);
        file.promise = part.of::<Option<_>>("promise")?.or_else(|| file.promise.take());
        let names = |name: &str| part.payload.get(name).is_some();
        let (has_words, has_price) = (names("words"), names("price"));
        if has_words {
            (self.words, file.ticket.entity) = (part.of("words")?, None);
        }
        if has_price {
            self.price = part.of("price")?;
        }
        Ok(())
    }

    fn change(&mut self, event: &Event) -> Result<(), Refusal> {
        let mut payload = value(event)?;
        let entity = self.file.ticket.entity.take();
        payload.pointer_mut("/ticket/curves").into_iter().for_each(into_range);
        let ticket: Ticket = part(event, &mut payload, "ticket")?;
        self.file.ticket = Ticket { entity, ..ticket };
        self.take(event, payload)
    }

    fn erase(&mut self, event: &Event) -> Result<(), Refusal> {
        let mut payload = value(event)?;
        let mut part = Parts { event, payload: &mut payload };
        self.file.ticket.entity = part.of("entity")?;
        (self.words, self.price) = (None, part.of("price")?);
        self.file.contact = None;
        Ok(())
    }
}

/// The document that `event` left of this kind and key, with this number.
pub(super) fn document(
    (kind, key): (&str, &str),
    version: u64,
    body: Option<String>,
    event: &Event,
) -> Document {
    let (kind, key) = (kind.to_owned(), key.to_owned());
    Document { kind, key, version, body, at_ms: event.at_ms, actor: event.actor.clone() }
}

/// The document of a ticket after its last event.
pub(super) fn ticket(key: &str, file: &TicketFile, last: &Event) -> Document {
    let body = serde_json::to_string(file).expect("documents are texts and whole numbers");
    document((TICKET, key), last.seq, Some(body), last)
}

/// What these events, all of a stream, say was reported of the steps of a ticket.
pub(super) fn progress(events: &[Event]) -> Result<Vec<Document>, Refusal> {
    let mut rows: BTreeMap<String, Document> = BTreeMap::new();
    for event in events {
        let mut payload = value(event)?;
        let (step, body) = if event.kind == "ticket.progress" {
            payload.as_object_mut().map(|row| row.remove("client"));
            let row: Progress = serde_json::from_value(payload)
                .map_err(|_| damaged("event", &event.stream.to_string()))?;
            let body = serde_json::to_string(&row).expect("texts and whole numbers");
            (row.step, Some(body))
        } else {
            (part(event, &mut payload, "step")?, None)
        };
        let version = rows.get(&step).map_or(0, |row| row.version) + 1;
        let row = document((PROGRESS, &step), version, body, event);
        rows.insert(step, row);
    }
    Ok(rows.into_values().collect())
}

/// What these events, all of a stream, say of the progress links of a ticket; none when events of
/// an older form do not say enough.
pub(super) fn links(key: &str, events: &[Event]) -> Result<Option<Vec<Document>>, Refusal> {
    let mut rows = Vec::new();
    let mut last: Option<String> = None;
    for event in events {
        if let Some(token) = last.take() {
            rows.push(document((LINK, &token), 2, None, event));
        }
        if event.kind == "ticket.link_made" {
            let Some(token) = part::<Option<String>>(event, &mut value(event)?, "token")? else {
                return Ok(None);
            };
            let body = serde_json::to_string(&LinkFile { ticket: key.to_owned() });
            rows.push(document((LINK, &token), 1, body.ok(), event));
            last = Some(token);
        }
    }
    let own = last.map(|token| serde_json::to_string(&token).expect("a text has a spelling"));
    let count = u64::try_from(events.len()).expect("a stream is counted in 64 bits");
    rows.extend(events.last().map(|event| document((LINK_OF, key), count, own, event)));
    // Of a token that was taken back its last state alone.
    let latest: BTreeMap<(String, String), Document> =
        rows.into_iter().map(|row| ((row.kind.clone(), row.key.clone()), row)).collect();
    Ok(Some(latest.into_values().collect()))
}
