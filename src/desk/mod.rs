//! The desk: what happened, as events that cannot be changed unseen. Must not know where events
//! are kept, which clock times them, or how work is planned.
//!
//! - [`event`]: an event, its stream, and the byte form its hash is taken over.
//! - [`chain`]: walks events and finds every change, reorder, gap and, by checkpoints, cut tail.
//! - [`checkpoint`]: one hash over all streams, signed, to be kept where the log is not.
//! - [`mod@line`]: events outside the database, one on a line.
//! - [`clock`]: how long something may take, read anew from what happened.
//! - [`mod@life`]: how a ticket stands, folded from its events; [`mod@decide`]: what may happen next,
//!   and [`refusal`] why it may not.
//! - [`rules`]: what of the firm's policy holds for one client, one service, one day.
//! - [`triage`], [`staffing`], [`told`], [`closing`]: how urgent it is, who could take it, what the
//!   client hears, how it ends; plain functions of rules and life.
//! - [`capacity`], [`precheck`]: who has time, what rules say of material; [`watch`] over open
//!   tickets, [`recurring`] ones, the electronic file ([`shelf`]), applications ([`joining`]).
//! - [`learned`], [`figures`]: how long steps take, how quick the firm is, what it kept.
//! - [`personal`]: texts that can be erased while their salted hash stays in the chain.

pub mod hash;
pub mod payload;

pub mod event;

pub mod personal;

pub mod signature;

pub mod checkpoint;

pub mod chain;

pub mod line;

pub mod fault;

pub mod clock;

pub mod life;

pub mod timer;

pub mod rules;

pub mod triage;

pub mod staffing;

pub mod told;

pub mod closing;

pub mod capacity;

pub mod precheck;

pub mod shelf;

pub mod learned;

pub mod watch;

pub mod figures;

pub mod recurring;

pub mod joining;

pub mod refusal;

pub mod decide;

use crate::calendar::{Check, Label};
use hash::{Hash, NotHexadecimal};
use signature::{PublicKey, Signature};

/// The string formats this room defines for JSON Schema, each with its check.
pub const FORMATS: &[(&str, Check)] = &[
    ("paidan-hash", |text| named(text.parse::<Hash>())),
    ("paidan-public-key", |text| named(PublicKey::read(text))),
    ("paidan-signature", |text| named(Signature::read(text))),
];

fn named<T>(read: Result<T, NotHexadecimal>) -> Result<(), Label> {
    read.map(drop).map_err(|wrong| wrong.label())
}
