//! Plans as they are kept: in parts that are called by their digests, so that a plan that differs
//! from the one before in a few rows is kept in a few rows, and every part once. Rows are put
//! together where their own text says so: what is added or gone changes the part it stands in and
//! no other. Plans kept whole by earlier programs are read as they are.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Service;
use super::change::Change;
use super::kept::damaged;
use super::plans::{PLAN, PlanFile, plan_key};
use super::refusal::Refusal;
use crate::exchange::digest::digest_of_bytes;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::store::{Batch, Write};

/// The kind of the documents of parts.
const PART: &str = "part";
/// How the text of a plan kept in parts begins.
const OPENING: &str = "{\"parts\":";
/// One row in so many is the last one of its part.
const ROWS: u32 = 48;
/// A part ends when it has so many bytes, whatever its rows say.
const MOST_BYTES: usize = 64 << 10;
/// Parts of so many bytes are written ahead of the plan: nobody reads them before it is there.
const MOST_AT_ONCE: usize = 8 << 20;
/// The most names of parts remembered.
const MOST_KNOWN: usize = 100_000;

/// Parts that are known to be kept.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<BTreeSet<String>>);

/// A plan kept in parts.
#[derive(Serialize, Deserialize)]
struct Parted {
    /// Which parts, by what they hold. Stands first: see [`OPENING`].
    parts: Parts,
    number: u64,
    digest: String,
    published_ms: i64,
    actor: String,
    rollback_of: Option<u64>,
    /// Without what lies in parts.
    plan: Plan,
}

/// The digests of parts, each one a list of rows.
#[derive(Default, Serialize, Deserialize)]
struct Parts {
    /// One scenario without what lies in the others.
    frame: Vec<String>,
    travel: Vec<String>,
    people: Vec<String>,
    clients: Vec<String>,
    tickets: Vec<String>,
    pins: Vec<String>,
    progress: Vec<String>,
    steps: Vec<String>,
}

/// Parts that are to be written.
#[derive(Default)]
struct Fresh {
    texts: Vec<(String, String)>,
}

impl Service {
    /// Puts a plan, which must be new, into `change`; parts that are kept already are not written
    /// again.
    pub(super) fn shelve(&self, change: &mut Change, file: &PlanFile) -> Result<(), Refusal> {
        let PlanFile { number, digest, published_ms, actor, rollback_of, scenario, plan } = file;
        let mut fresh = Fresh::default();
        let frame = Scenario {
            travel: Vec::new(),
            people: Vec::new(),
            clients: Vec::new(),
            tickets: Vec::new(),
            pins: Vec::new(),
            progress: Vec::new(),
            ..scenario.clone()
        };
        let parts = Parts {
            frame: fresh.parts(&[frame]),
            travel: fresh.parts(&scenario.travel),
            people: fresh.parts(&scenario.people),
            clients: fresh.parts(&scenario.clients),
            tickets: fresh.parts(&scenario.tickets),
            pins: fresh.parts(&scenario.pins),
            progress: fresh.parts(&scenario.progress),
            steps: fresh.parts(&plan.steps),
        };
        self.put_parts(change, fresh)?;
        let parted = Parted {
            parts,
            number: *number,
            digest: digest.clone(),
            published_ms: *published_ms,
            actor: actor.clone(),
            rollback_of: *rollback_of,
            plan: Plan { steps: Vec::new(), ..plan.clone() },
        };
        change.put(PLAN, &plan_key(*number), Some(0), &parted);
        Ok(())
    }

    /// Writes what of `fresh` is not kept, ahead where it is much.
    fn put_parts(&self, change: &mut Change, fresh: Fresh) -> Result<(), Refusal> {
        let (mut ahead, mut bytes) = (Vec::new(), 0);
        for (digest, text) in fresh.texts {
            if self.is_kept(&digest)? {
                continue;
            }
            bytes += text.len();
            ahead.push(Write::PutDocument {
                kind: PART.to_owned(),
                key: digest,
                expected_version: None,
                body: Some(text),
                at_ms: change.now_ms,
                actor: change.actor.clone(),
            });
            if bytes >= MOST_AT_ONCE {
                self.store.commit(Batch { writes: std::mem::take(&mut ahead) })?;
                bytes = 0;
            }
        }
        ahead.into_iter().for_each(|write| change.and(write));
        Ok(())
    }

    /// Whether a part is kept. Only what was found is remembered: what is written may be refused.
    fn is_kept(&self, digest: &str) -> Result<bool, Refusal> {
        let known = || self.shelf.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known().contains(digest) {
            return Ok(true);
        }
        let found = self.store.document(PART, digest)?.is_some_and(|row| row.body.is_some());
        if found {
            let mut known = known();
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(digest.to_owned());
        }
        Ok(found)
    }

    /// The plan called `key`, whichever way it is kept.
    pub(super) fn shelved(&self, key: &str) -> Result<Option<PlanFile>, Refusal> {
        let Some(text) = self.store.document(PLAN, key)?.and_then(|row| row.body) else {
            return Ok(None);
        };
        if !is_parted(&text) {
            return read(PLAN, key, &text).map(Some);
        }
        let Parted { parts, number, digest, published_ms, actor, rollback_of, plan } =
            read(PLAN, key, &text)?;
        let frame = self.rows_on::<Scenario>(&parts.frame)?.pop();
        let scenario = Scenario {
            travel: self.rows_on(&parts.travel)?,
            people: self.rows_on(&parts.people)?,
            clients: self.rows_on(&parts.clients)?,
            tickets: self.rows_on(&parts.tickets)?,
            pins: self.rows_on(&parts.pins)?,
            progress: self.rows_on(&parts.progress)?,
            ..frame.ok_or_else(|| damaged(PLAN, key))?
        };
        let plan = Plan { steps: self.rows_on(&parts.steps)?, ..plan };
        let file = PlanFile { number, digest, published_ms, actor, rollback_of, scenario, plan };
        Ok(Some(file))
    }

    /// The rows that lie in these parts.
    fn rows_on<T: DeserializeOwned>(&self, parts: &[String]) -> Result<Vec<T>, Refusal> {
        let mut rows = Vec::new();
        for digest in parts {
            let kept = self.store.document(PART, digest)?.and_then(|row| row.body);
            let text = kept.ok_or_else(|| damaged(PART, digest))?;
            rows.append(&mut read::<Vec<T>>(PART, digest, &text)?);
        }
        Ok(rows)
    }
}

/// Whether this is the text of a plan kept in parts.
pub(super) fn is_parted(text: &str) -> bool {
    text.starts_with(OPENING)
}

fn read<T: DeserializeOwned>(kind: &str, key: &str, text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| damaged(kind, key))
}

impl Fresh {
    /// Cuts `rows` into parts, and tells how they are called.
    fn parts<T: Serialize>(&mut self, rows: &[T]) -> Vec<String> {
        let (mut names, mut text) = (Vec::new(), String::new());
        for (at, row) in rows.iter().enumerate() {
            let own = serde_json::to_string(row).expect("rows are texts and whole numbers");
            text.push(if text.is_empty() { '[' } else { ',' });
            text.push_str(&own);
            let is_last = at + 1 == rows.len();
            if is_last || text.len() >= MOST_BYTES || sum(&own).is_multiple_of(ROWS) {
                text.push(']');
                let digest = digest_of_bytes(text.as_bytes());
                names.push(digest.clone());
                self.texts.push((digest, std::mem::take(&mut text)));
            }
        }
        names
    }
}

/// A number that hangs on all of `text` and is the same everywhere (Fowler, Noll and Vo, 1a).
fn sum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::Fresh;

    #[test]
    fn a_row_that_is_added_or_changed_changes_the_part_it_stands_in_alone() {
        let rows: Vec<String> =
            (0..1_000).map(|row| format!("ticket {row} of the queue")).collect();
        let names = |rows: &[String]| Fresh::default().parts(rows);
        let before = names(&rows);
        assert!((10..50).contains(&before.len()), "some 1,000 / 48 parts: {}", before.len());
        let mut changed = rows.clone();
        changed.insert(500, "a new one".to_owned());
        changed[20].push('!');
        let after = names(&changed);
        let new = after.iter().filter(|name| !before.contains(name)).count();
        assert!((1..=4).contains(&new), "{new}");
    }

    #[test]
    fn parts_hold_all_rows_in_order() {
        let rows: Vec<u32> = (0..300).collect();
        let mut fresh = Fresh::default();
        fresh.parts(&rows);
        let read = |(_, text): &(String, String)| serde_json::from_str::<Vec<u32>>(text).unwrap();
        assert_eq!(fresh.texts.iter().flat_map(read).collect::<Vec<u32>>(), rows);
        assert!(Fresh::default().parts::<u32>(&[]).is_empty());
    }
}
