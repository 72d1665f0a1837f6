//! Who looked at what (R244). Views are noted at once and written in groups, so that looking stays
//! fast: whoever reads the log of accesses has everything noted written first, and a thread of the
//! server does so several times a second.

use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::app::clock::stamp;
use crate::store::row::Access;
use crate::store::{Batch, Write};

/// Views that wait before whoever looks next has to write them himself.
const MOST_WAITING: usize = 512;

/// Views not written yet.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<Vec<Access>>);

/// Somebody looked at something, as it is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What he did.
    pub verb: String,
    /// What kind of thing he saw.
    pub kind: String,
    /// Which of them.
    pub key: String,
    /// Which part of it; may be empty.
    pub detail: String,
}

impl Service {
    /// Notes that `caller` saw something.
    pub(super) fn note(
        &self,
        caller: &Caller,
        (kind, key, detail): (&str, &str, &str),
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let access = Access {
            at_ms: now_ms,
            actor: caller.actor.clone(),
            verb: "read".to_owned(),
            kind: kind.to_owned(),
            key: key.to_owned(),
            detail: detail.to_owned(),
        };
        let is_full = {
            let mut waiting = self.noted.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(access);
            waiting.len() >= MOST_WAITING
        };
        if is_full { self.write_noted() } else { Ok(()) }
    }

    /// Writes the views noted so far.
    ///
    /// # Errors
    /// What the store fails by; the views are noted still.
    pub fn write_noted(&self) -> Result<(), Refusal> {
        let lock = || self.noted.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = std::mem::take(&mut *lock());
        if waiting.is_empty() {
            return Ok(());
        }
        let writes = waiting.iter().cloned().map(Write::Access).collect();
        self.store.commit(Batch { writes }).map(drop).map_err(|failure| {
            lock().extend(waiting);
            Refusal::from(failure)
        })
    }

    /// Who looked at the thing of this kind and key, the latest first.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], and what the store fails by.
    pub fn accesses_to(
        &self,
        caller: &Caller,
        kind: &str,
        key: &str,
        most: usize,
    ) -> Result<Vec<Seen>, Refusal> {
        caller.must(Permission::AccessRead)?;
        self.write_noted()?;
        Ok(self.store.accesses_to(kind, key, most)?.into_iter().map(Seen::from).collect())
    }

    /// What `actor` looked at, the latest first.
    ///
    /// # Errors
    /// As above.
    pub fn accesses_by(
        &self,
        caller: &Caller,
        actor: &str,
        most: usize,
    ) -> Result<Vec<Seen>, Refusal> {
        caller.must(Permission::AccessRead)?;
        self.write_noted()?;
        Ok(self.store.accesses_by(actor, most)?.into_iter().map(Seen::from).collect())
    }
}

/// What was noted last is written when the service ends.
impl Drop for Service {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.write_noted();
    }
}

impl From<Access> for Seen {
    fn from(row: Access) -> Seen {
        let Access { at_ms, actor, verb, kind, key, detail } = row;
        Seen { at: stamp(at_ms), actor, verb, kind, key, detail }
    }
}
