//! Keys that were found lately. Must not know how they are found.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::row::ApiKey;

/// How long a key once found is trusted, unless it is taken back here. Another process that takes
/// it back is heard of after this long.
const TRUSTED_MS: i64 = 2_000;
/// The most keys remembered.
const MOST_REMEMBERED: usize = 1_024;

/// Keys that were found lately, so that a request does not ask the store.
#[derive(Debug, Default)]
pub(in crate::app::service) struct Remembered(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    /// By prefix: the key, the prefix of the first one it takes the place of, when it was read.
    rows: BTreeMap<String, (ApiKey, String, i64)>,
    /// How often one was forgotten.
    forgotten: u64,
}

impl Remembered {
    fn found(&self) -> MutexGuard<'_, Found> {
        // Rows are put and removed whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key and the first of its line; when it is not known, how often one was forgotten.
    pub(super) fn find(&self, prefix: &str, now_ms: i64) -> Result<(ApiKey, String), u64> {
        let found = self.found();
        let known = found.rows.get(prefix).filter(|(_, _, read_ms)| {
            let trusted = *read_ms..*read_ms + TRUSTED_MS;
            trusted.contains(&now_ms)
        });
        known.map(|(row, first, _)| (row.clone(), first.clone())).ok_or(found.forgotten)
    }

    /// Keeps what was read, unless one was forgotten since `forgotten` was asked: it may be this.
    pub(super) fn keep(&self, (row, first): (ApiKey, String), now_ms: i64, forgotten: u64) {
        let mut found = self.found();
        if found.forgotten != forgotten {
            return;
        }
        let rows = &mut found.rows;
        if rows.len() >= MOST_REMEMBERED {
            rows.retain(|_, (_, _, read_ms)| *read_ms + TRUSTED_MS > now_ms);
        }
        if rows.len() < MOST_REMEMBERED {
            rows.insert(row.prefix.clone(), (row, first, now_ms));
        }
    }

    pub(super) fn forget(&self, prefix: &str) {
        let mut found = self.found();
        found.rows.remove(prefix);
        found.forgotten += 1;
    }
}
