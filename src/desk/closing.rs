//! The end of a service: confirmation, reminders, money owed, what is learned, what was agreed.

use super::event::Event;
use super::hash::Hash;
use super::life::{Life, Rating};
use crate::calendar::{Day, Label};
use crate::policy::desk::{Entitlement, Period, Reminder};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The confirmation of an urgent service's result (《加急服务结果确认单》, R085).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirmation {
    /// What was done.
    pub item: String,
    /// When the service was completed, that is, the client got the result; not yet, if not.
    pub completed_ms: Option<i64>,
    /// When the client signed; not yet, if not.
    pub signed_ms: Option<i64>,
    /// The files of the result: name and digest of the version that counts.
    pub files: Vec<(String, String)>,
    /// How he rates it.
    pub rating: Option<Rating>,
}

/// The confirmation for the ticket about `item`.
#[must_use]
pub fn confirmation(life: &Life, item: &str) -> Confirmation {
    let current =
        |(name, versions): (&String, &Vec<String>)| Some((name.clone(), versions.last()?.clone()));
    Confirmation {
        item: item.to_owned(),
        completed_ms: life.delivered_ms,
        signed_ms: life.signed_ms,
        files: life.beside.documents.iter().filter_map(current).collect(),
        rating: life.rating,
    }
}

impl Confirmation {
    /// The digest of what the client signs for `ticket`: what was done, when it was completed and the
    /// files of its result. None before it is completed.
    #[must_use]
    pub fn digest(&self, ticket: &str) -> Option<String> {
        let completed = self.completed_ms?.to_string();
        let mut parts = vec![ticket, self.item.as_str(), completed.as_str()];
        for (name, digest) in &self.files {
            parts.extend([name.as_str(), digest.as_str()]);
        }
        let text = serde_json::to_string(&parts).expect("texts have a spelling");
        Some(Hash::of(text.as_bytes()).to_string())
    }
}

/// Deliveries of one ticket are told apart by so much in the numbers of their reminders.
const APART: usize = 1_001;

/// A reminder of a client who has the result and has not signed (R086).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rung<'d> {
    /// Which.
    pub reminder: &'d Reminder,
    /// Its number among all reminders of the ticket.
    pub number: usize,
    /// When it is due.
    pub at_ms: i64,
}

/// The reminders of a ticket with these events, past and to come: none before it is delivered, nor
/// once the client signed or the result came back.
#[must_use]
pub fn reminders<'d>(ladder: &'d [Reminder], events: &[Event]) -> Vec<Rung<'d>> {
    let (mut delivered, mut count) = (None, 0);
    for event in events {
        match event.kind.as_str() {
            "ticket.delivered" => (delivered, count) = (Some(event.at_ms), count + 1),
            "ticket.signed" | "ticket.returned" | "ticket.called_off" => delivered = None,
            _ => {}
        }
    }
    let Some(delivered) = delivered else { return Vec::new() };
    let rung = |reminder: &'d Reminder| {
        let at_ms = delivered.saturating_add(i64::from(reminder.after_days) * DAY_MS);
        let days = usize::try_from(reminder.after_days).unwrap_or(APART - 1).min(APART - 1);
        Rung { reminder, number: count * APART + days, at_ms }
    };
    ladder.iter().map(rung).collect()
}

/// The reminder with this number, by the ladder of today.
#[must_use]
pub fn reminder(ladder: &[Reminder], number: usize) -> Option<&Reminder> {
    ladder.iter().find(|one| usize::try_from(one.after_days).ok() == Some(number % APART))
}

/// What is to be looked back on (R090, R091): promised against actual, and where time was saved
/// and lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LookBack {
    /// How much earlier than owed at first the client had the result; later, if below nought.
    pub early_ms: Option<i64>,
    /// Likewise by the date that the firm alone moved it to, where it did (R012).
    pub early_as_moved_ms: Option<i64>,
    /// Steps that took less, and why.
    pub well: Vec<String>,
    /// Steps that took longer, and why.
    pub improve: Vec<String>,
    /// How often it came back.
    pub returns: u32,
}

/// How much earlier than owed the client had the result, in milliseconds; later, if below nought.
/// `None` before he has it. A date that the firm alone moved counts for nothing: the one before
/// does. A promise is judged by this everywhere (R090, R131): with the result the service is
/// completed (R085), and when the client signs for it is for him to say (R086).
#[must_use]
pub fn early_ms(life: &Life) -> Option<i64> {
    Some(life.agreed_ms()?.saturating_sub(life.delivered_ms?))
}

/// The retrospective of a ticket, filled from its life.
#[must_use]
pub fn look_back(life: &Life) -> LookBack {
    let told = |is_saved: bool| {
        let deltas = life.beside.deltas.iter();
        let wanted = deltas.filter(|delta| delta.saved_ms != 0 && (delta.saved_ms > 0) == is_saved);
        wanted.map(|delta| format!("{}: {}", delta.step, delta.cause)).collect()
    };
    LookBack {
        early_ms: early_ms(life),
        early_as_moved_ms: life
            .first_ms
            .and_then(|_| Some(life.owed_ms()?.saturating_sub(life.delivered_ms?))),
        well: told(true),
        improve: told(false),
        returns: life.returns,
    }
}

/// So many minutes before or after a moment, as people say it.
#[must_use]
pub fn early(minutes: i64) -> Label {
    let count = minutes.unsigned_abs();
    match minutes.signum() {
        1 => Label::new(format!("提前 {count} 分钟"), format!("{count} min early")),
        -1 => Label::new(format!("晚 {count} 分钟"), format!("{count} min late")),
        _ => Label::new("准时", "on time"),
    }
}

/// What is left of an entitlement in the period of `day`, after the uses of `used` (R116).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Left {
    /// So many are free of charge.
    pub count: u32,
    /// What the next one costs, in fen; `None` while one is free, or when no price was agreed.
    pub next_fen: Option<i64>,
}

/// What is left of `entitlement` on `day`.
#[must_use]
pub fn left(entitlement: &Entitlement, used: &[Day], day: Day) -> Left {
    let period = |day: Day| match entitlement.per {
        Some(Period::Month) => (day.year(), day.month()),
        Some(Period::Quarter) => (day.year(), (day.month() - 1) / 3),
        Some(Period::Year) | None => (day.year(), 0),
    };
    let spent = used.iter().filter(|one| period(**one) == period(day) && **one <= day).count();
    let spent = u32::try_from(spent).unwrap_or(u32::MAX);
    let count = entitlement.count.unwrap_or(0).saturating_sub(spent);
    let price = entitlement.beyond_fen.map(|price| price.0);
    Left { count, next_fen: price.filter(|_| count == 0) }
}
