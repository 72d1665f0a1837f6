//! Messages about events, sent to hooks: signed, at least once, tried again with growing pauses,
//! and given up in sight of everybody. What is sent and when is decided here; how it is sent is
//! for [`Post`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::Service;
use super::events::Told;
use super::hooks::{HookFile, must_be_address};
use super::refusal::Refusal;
use super::sign::signature;
use super::tickets::{TICKET, TicketFile};
use crate::app::clock::stamp;
use crate::store::row::Delivery;
use crate::store::{Batch, Failure, Write};

/// The first pause after a try that failed; each one after it is twice as long.
const FIRST_PAUSE_MS: i64 = 5_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 3_600_000;
/// Tries before a message is given up: the last comes some six hours after the first.
const MOST_TRIES: u32 = 15;
/// Events that third parties hear of without any client's consent.
const ABOUT_NOBODY: &[&str] = &["base.changed", "plan.published", "policy.changed"];
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

/// Why a message was not sent at all.
enum Unsent {
    /// There is nobody to be told any more, or he may not be: it leaves the outbox.
    Withheld,
    /// It may be sent later.
    NotNow(String),
}

impl From<Refusal> for Unsent {
    fn from(refusal: Refusal) -> Unsent {
        Unsent::NotNow(refusal.label().en)
    }
}

impl From<Failure> for Unsent {
    fn from(failure: Failure) -> Unsent {
        Unsent::NotNow(failure.label().en)
    }
}

/// Whose turn it is. Nothing of it is kept: after a restart every target is tried anew.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<Targets>);

#[derive(Debug, Default)]
struct Targets {
    /// Those that took nothing when they were tried last.
    resting: BTreeMap<String, Rest>,
    /// Those that had their turn; forgotten when all had.
    served: BTreeSet<String>,
    /// Those a message is on its way to: they get one at a time, in order.
    busy: BTreeSet<String>,
}

/// A message in hand; nobody else sends to its target until this is dropped.
struct InHand<'a> {
    turns: &'a Turns,
    delivery: Delivery,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.turns.targets().busy.remove(&self.delivery.target);
    }
}

/// A target that is left in peace, so that it does not keep the others waiting.
#[derive(Clone, Copy, Debug)]
struct Rest {
    /// Tries in a row that failed.
    failures: u32,
    until_ms: i64,
}

impl Turns {
    fn targets(&self) -> MutexGuard<'_, Targets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries in a row that `target` failed.
    fn failures(&self, target: &str) -> u32 {
        self.targets().resting.get(target).map_or(0, |rest| rest.failures)
    }

    fn rest(&self, target: &str, now_ms: i64) {
        let failures = self.failures(target);
        let until_ms = now_ms.saturating_add(pause(failures));
        let rest = Rest { failures: failures.saturating_add(1), until_ms };
        self.targets().resting.insert(target.to_owned(), rest);
    }

    /// Ends the rest of `target`.
    pub(super) fn wake(&self, target: &str) {
        self.targets().resting.remove(target);
    }
}

impl Service {
    /// Sends one message that is due, and tells whether there was one. Called again and again by
    /// several threads, of which one that waits for an answer keeps nobody but its target waiting.
    /// Targets take turns; one that fails rests as a whole, its pauses growing.
    ///
    /// # Errors
    /// What the store fails by; what was sent and not noted is sent once more.
    pub fn send_next(&self, post: &dyn Post, clock: &dyn Fn() -> i64) -> Result<bool, Refusal> {
        let Some(in_hand) = self.next_due(clock())? else { return Ok(false) };
        let delivery = &in_hand.delivery;
        let (id, target) = (delivery.id, delivery.target.as_str());
        let failures = self.turns.failures(target);
        let sent = self.message_of(delivery, clock()).map(|message| post.send(&message));
        // Asked anew: sending may have taken long.
        let now_ms = clock();
        let outcome = match sent {
            Ok(Ok(())) => {
                self.turns.wake(target);
                Write::Delivered { id }
            }
            Ok(Err(said)) => {
                self.turns.rest(target, now_ms);
                // By a target that has failed so often messages are given up at their first try.
                again(id, delivery.attempts, delivery.attempts.max(failures), said, now_ms)
            }
            Err(Unsent::NotNow(said)) => {
                again(id, delivery.attempts, delivery.attempts, said, now_ms)
            }
            Err(Unsent::Withheld) => Write::Delivered { id },
        };
        if let Err(failure) = self.store.commit(Batch::new().and(outcome)) {
            // Sent and not on record: it will be sent again, and not at once.
            self.turns.rest(target, now_ms);
            return Err(failure.into());
        }
        Ok(true)
    }

    /// The message whose turn it is, taken in hand: the longest waiting one of a target that
    /// neither rests nor had its turn nor is being sent to.
    fn next_due(&self, now_ms: i64) -> Result<Option<InHand<'_>>, Refusal> {
        // One at a time, so that no two take the same one in hand.
        let mut targets = self.turns.targets();
        let rests = |(_, rest): &(&String, &Rest)| rest.until_ms > now_ms;
        let resting = targets.resting.iter().filter(rests).map(|(key, _)| key.clone());
        let mut left_out: BTreeSet<String> = resting.collect();
        left_out.extend(targets.busy.iter().cloned());
        let mut found = self.store.first_due(now_ms, &(&left_out | &targets.served))?;
        if found.is_none() && !targets.served.is_empty() {
            targets.served.clear();
            found = self.store.first_due(now_ms, &left_out)?;
        }
        Ok(found.map(|delivery| {
            targets.served.insert(delivery.target.clone());
            targets.busy.insert(delivery.target.clone());
            InHand { turns: &self.turns, delivery }
        }))
    }

    /// What is to be sent.
    fn message_of(&self, delivery: &Delivery, now_ms: i64) -> Result<Message, Unsent> {
        let rows = self.hooks.rows();
        let Some(hook) = rows.iter().find(|kept| kept.key == delivery.target) else {
            return Err(Unsent::Withheld);
        };
        let events = self.store.events(delivery.position.saturating_sub(1), 1)?;
        let event = events.into_iter().next().ok_or(Unsent::Withheld)?;
        let event = Told::try_from(event)?;
        if !self.may_be_told(&hook.document, &event)? {
            return Err(Unsent::Withheld);
        }
        // Looked at again: the policy may have changed since the hook was made.
        must_be_address(&hook.document.wish.url, self.hooks.may_stay_inside)
            .map_err(|label| Unsent::NotNow(label.en))?;
        Ok(message(&hook.document, &event, now_ms))
    }

    /// Whether the party behind the hook may hear of the event (R242): of a client that has
    /// consented, and of what is about nobody. Clients are in events of their own and in the
    /// payloads of those about their tickets.
    fn may_be_told(&self, hook: &HookFile, event: &Told) -> Result<bool, Refusal> {
        let Some(party) = &hook.wish.party else { return Ok(true) };
        let own = event.stream.strip_prefix("client/");
        match own.or_else(|| event.payload["client"].as_str()) {
            Some(client) => self.consents(client, party),
            // What happens at the desk names its ticket only.
            None if event.kind.starts_with("ticket.") => {
                let key = event.stream.split_once('/').map_or("", |(_, key)| key);
                let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
                let client = kept.and_then(|kept| kept.document.ticket.client);
                client.map_or(Ok(false), |client| self.consents(&client, party))
            }
            None => Ok(ABOUT_NOBODY.contains(&event.kind.as_str())),
        }
    }

    /// How many messages wait, and how many were given up.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn outbox(&self) -> Result<(u64, u64), Refusal> {
        Ok(self.store.depth()?)
    }
}

/// Notes that the message `id` was not taken, `tries` before this one counting as failed.
fn again(id: u64, attempts: u32, tries: u32, said: String, now_ms: i64) -> Write {
    let said = said.chars().filter(|one| !one.is_control()).take(LONGEST_SAID).collect();
    let is_dead = tries.saturating_add(1) >= MOST_TRIES;
    let next_ms = if is_dead { now_ms } else { now_ms.saturating_add(pause(attempts)) };
    Write::Attempted { id, next_ms, is_dead, said }
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

/// The same for every try, so that a receiver can tell what he has had. Positions alone are given
/// out again after an older copy was restored.
fn event_id(event: &Told) -> String {
    let at: String = event.at.chars().filter(char::is_ascii_digit).collect();
    format!("evt-{}-{at}", event.position)
}
