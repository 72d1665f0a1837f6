//! Who looked at what (R244). Views are noted at once and written in groups, so that looking stays
//! fast: whoever reads the log of accesses has everything noted written first, and a thread of the
//! server does so several times a second.

use std::sync::{Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::app::clock::stamp;
use crate::store::row::Access;
use crate::store::{Batch, Write};

/// Views that wait before whoever looks next has to write them first; as many are written at a
/// time.
const MOST_WAITING: usize = 512;

/// Views not written yet.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<Vec<Access>>);

impl Noted {
    fn rows(&self) -> MutexGuard<'_, Vec<Access>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody looked at something, as it is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// Its number; a later one has a higher one.
    pub number: u64,
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
    /// Notes that `caller` is shown something. When many views wait that cannot be written, it is
    /// neither noted nor shown.
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
        let is_full = self.noted.rows().len() >= MOST_WAITING;
        if is_full {
            self.write_noted()?;
        }
        self.noted.rows().push(access);
        Ok(())
    }

    /// Writes the views noted so far.
    ///
    /// # Errors
    /// What the store fails by; the views not written are noted still.
    pub fn write_noted(&self) -> Result<(), Refusal> {
        let mut waiting = std::mem::take(&mut *self.noted.rows());
        while !waiting.is_empty() {
            let count = waiting.len().min(MOST_WAITING);
            let writes = waiting[..count].iter().cloned().map(Write::Access).collect();
            if let Err(failure) = self.store.commit(Batch { writes }) {
                let mut rows = self.noted.rows();
                waiting.append(&mut rows);
                *rows = waiting;
                return Err(failure.into());
            }
            waiting.drain(..count);
        }
        Ok(())
    }

    /// Who looked at the thing of this kind and key before number `before`, the latest first.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], and what the store fails by.
    pub fn accesses_to(
        &self,
        caller: &Caller,
        thing: (&str, &str),
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Seen>, Refusal> {
        caller.must(Permission::AccessRead)?;
        self.write_noted()?;
        let found = self.store.accesses_to(thing, before, most)?;
        Ok(found.into_iter().map(Seen::from).collect())
    }

    /// What `actor` looked at before number `before`, the latest first.
    ///
    /// # Errors
    /// As above.
    pub fn accesses_by(
        &self,
        caller: &Caller,
        actor: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Seen>, Refusal> {
        caller.must(Permission::AccessRead)?;
        self.write_noted()?;
        let found = self.store.accesses_by(actor, before, most)?;
        Ok(found.into_iter().map(Seen::from).collect())
    }
}

/// What was noted last is written when the service ends.
impl Drop for Service {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.write_noted();
    }
}

impl From<(u64, Access)> for Seen {
    fn from((number, row): (u64, Access)) -> Seen {
        let Access { at_ms, actor, verb, kind, key, detail } = row;
        Seen { number, at: stamp(at_ms), actor, verb, kind, key, detail }
    }
}
