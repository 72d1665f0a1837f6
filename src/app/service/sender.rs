//! Messages about events, sent to hooks: signed, at least once, tried again with growing pauses,
//! and given up in sight of everybody. What is sent and when is decided here; how it is sent is
//! for [`Post`].

use serde_json::json;

use super::Service;
use super::events::Told;
use super::hooks::{HookFile, must_be_address};
use super::refusal::Refusal;
use super::sign::signature;
use crate::app::clock::stamp;
use crate::store::row::Delivery;
use crate::store::{Batch, Write};

/// The first pause after a try that failed; each one after it is twice as long.
const FIRST_PAUSE_MS: i64 = 5_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 3_600_000;
/// Tries before a message is given up: the last comes some six hours after the first.
const MOST_TRIES: u32 = 15;
/// Messages tried in one go.
const MOST_AT_ONCE: usize = 32;
/// The longest sentence kept about a try, in characters.
const LONGEST_SAID: usize = 200;

/// A message ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Where to.
    pub url: String,
    /// Its headers.
    pub headers: Vec<(&'static str, String)>,
    /// Its body: an event as JSON.
    pub body: Vec<u8>,
}

/// Whoever carries messages: the network, or a test.
pub trait Post {
    /// Sends `message`; whether somebody took it, or in a sentence why not.
    ///
    /// # Errors
    /// Why not.
    fn send(&self, message: &Message) -> Result<(), String>;
}

impl Service {
    /// Sends what is due, and tells how many messages were tried. Called again and again by one
    /// thread.
    ///
    /// # Errors
    /// What the store fails by; what was sent and not noted is sent once more.
    pub fn send_due(&self, post: &dyn Post, now_ms: i64) -> Result<usize, Refusal> {
        let due = self.store.due(now_ms, MOST_AT_ONCE)?;
        for delivery in &due {
            let outcome = self.tried(post, delivery, now_ms)?;
            self.store.commit(Batch::new().and(outcome))?;
        }
        Ok(due.len())
    }

    /// Sends one message and says what to note of it.
    fn tried(&self, post: &dyn Post, delivery: &Delivery, now_ms: i64) -> Result<Write, Refusal> {
        let id = delivery.id;
        let given_up = |said: &str| {
            let said = said.to_owned();
            Ok(Write::Attempted { id, next_ms: now_ms, is_dead: true, said })
        };
        let rows = self.hooks.rows();
        let Some(hook) = rows.iter().find(|kept| kept.key == delivery.target) else {
            return given_up("the hook was removed");
        };
        let events = self.store.events(delivery.position.saturating_sub(1), 1)?;
        let Some(event) = events.into_iter().next() else { return given_up("no such event") };
        let event = Told::try_from(event)?;
        if !self.may_be_told(&hook.document, &event)? {
            return given_up("the client has not consented to this party being told");
        }
        let message = message(&hook.document, &event, now_ms);
        // Looked at again: the policy may have changed since the hook was made.
        let inside = must_be_address(&message.url, self.hooks.may_stay_inside);
        let sent = inside.map_err(|label| label.en).and_then(|()| post.send(&message));
        let Err(said) = sent else { return Ok(Write::Delivered { id }) };
        let said: String =
            said.chars().filter(|one| !one.is_control()).take(LONGEST_SAID).collect();
        let is_dead = delivery.attempts + 1 >= MOST_TRIES;
        let next_ms = now_ms.saturating_add(pause(delivery.attempts));
        Ok(Write::Attempted { id, next_ms, is_dead, said })
    }

    /// Whether the party behind the hook may hear of the event (R242). Clients are in events of
    /// their own and of tickets.
    fn may_be_told(&self, hook: &HookFile, event: &Told) -> Result<bool, Refusal> {
        let Some(party) = &hook.wish.party else { return Ok(true) };
        let own = event.stream.strip_prefix("client/");
        match own.or_else(|| event.payload["client"].as_str()) {
            Some(client) => self.consents(client, party),
            None => Ok(true),
        }
    }

    /// How many messages wait, and how many were given up; each counted up to a page.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn outbox(&self) -> Result<(usize, usize), Refusal> {
        let waiting = self.store.due(i64::MAX, usize::MAX)?.len();
        Ok((waiting, self.store.dead(0, usize::MAX)?.len()))
    }
}

/// The pause after a try that failed, so many having failed before it.
fn pause(before: u32) -> i64 {
    FIRST_PAUSE_MS.saturating_mul(1_i64 << before.min(20)).min(LONGEST_PAUSE_MS)
}

/// The message to `hook` about `event`, signed over `timestamp.body` so that it cannot be changed
/// and not be sent again much later.
fn message(hook: &HookFile, event: &Told, now_ms: i64) -> Message {
    let body = json!({
        "id": event_id(event),
        "kind": event.kind,
        "stream": event.stream,
        "seq": event.seq,
        "at": event.at,
        "sent": stamp(now_ms),
        "payload": event.payload,
    });
    let body = serde_json::to_vec(&body).expect("events are texts and whole numbers");
    let timestamp = now_ms.div_euclid(1_000).to_string();
    let signed = signature(hook.secret.as_bytes(), &[timestamp.as_bytes(), b".", &body]);
    let headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("X-Event-Id", event_id(event)),
        ("X-Timestamp", timestamp),
        ("X-Signature", format!("sha256={signed}")),
    ];
    Message { url: hook.wish.url.clone(), headers, body }
}

/// The same for every try, so that a receiver can tell what he has had.
fn event_id(event: &Told) -> String {
    format!("evt-{}", event.position)
}
