//! Requests that may come again after a lost answer (R124): the answer is kept in the batch of
//! what it tells, so there is either both or neither, also after a restart.

use serde::Serialize;

use super::change::Change;
use super::kept::{Kept, damaged};
use super::refusal::Refusal;
use super::{Caller, Service};
use crate::desk::hash::Hash;
use crate::store::row::Answer;
use crate::store::{self, Write};

/// How long an answer is repeated: a day.
const KEPT_MS: i64 = 86_400_000;

/// What makes a request the same as an earlier one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Once {
    /// Whose key it is and for which call.
    scope: String,
    /// What the caller calls the request.
    key: String,
    /// The hash of its body.
    digest: Hash,
}

impl Once {
    /// The request `caller` calls `key` when he says `body` to `call`.
    #[must_use]
    pub fn new(caller: &Caller, call: &str, key: &str, body: &[u8]) -> Once {
        let scope = format!("{} {call}", caller.owner);
        Once { scope, key: key.to_owned(), digest: Hash::of(body) }
    }

    /// A part of the same request that is done by itself, such as publishing what it planned.
    pub(super) fn part(&self, name: &str) -> Once {
        Once { scope: format!("{} {name}", self.scope), ..self.clone() }
    }
}

/// What a request that makes something came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// What the new thing is called.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// The answer, the same bytes every time.
    pub body: Vec<u8>,
    /// Whether it was made by an earlier request.
    pub is_repeated: bool,
}

/// A document to answer with, and what to write.
pub(super) struct Making {
    pub(super) key: String,
    pub(super) version: u64,
    pub(super) change: Change,
    body: Vec<u8>,
    /// Whether the answer is not kept, but told anew from what was made.
    is_told_anew: bool,
}

impl Making {
    pub(super) fn new(
        key: &str,
        version: u64,
        document: &impl Serialize,
        change: Change,
    ) -> Making {
        let body = serde_json::to_vec(document).expect("documents are texts and whole numbers");
        Making { key: key.to_owned(), version, change, body, is_told_anew: false }
    }

    /// The same; a request that comes again is answered from what this one made, which never
    /// changes and is as large as the answer would be.
    pub(super) fn told_anew(self) -> Making {
        Making { is_told_anew: true, ..self }
    }
}

impl Service {
    /// Does what `make` says unless it was done before, and answers the same either way. Where the
    /// answer was erased since, `again` reads the thing it told of by its key.
    pub(super) fn once<T: Serialize>(
        &self,
        once: Option<&Once>,
        now_ms: i64,
        again: impl FnOnce(&str) -> Result<Kept<T>, Refusal>,
        make: impl FnOnce() -> Result<Making, Refusal>,
    ) -> Result<Made, Refusal> {
        if let Some(once) = once
            && let Some(before) = self.store.answer(&once.scope, &once.key, now_ms)?
        {
            return repeated(once, &before, again);
        }
        let Making { key, version, mut change, body, is_told_anew } = make()?;
        if let Some(once) = once {
            // First of all, so that of two at once the slower is told of the answer.
            let kept = if is_told_anew { &[][..] } else { &body };
            change.first(Write::Answer(once.answer(&key, version, kept, now_ms)));
        }
        match (self.store.commit(change.batch()), once) {
            (Ok(_), _) => Ok(Made { key, version, body, is_repeated: false }),
            (Err(store::Failure::Refused(store::Refusal::Answered(before))), Some(once)) => {
                repeated(once, &before, again)
            }
            (Err(failure), _) => Err(Refusal::of_commit(failure)),
        }
    }
}

impl Once {
    fn answer(&self, key: &str, version: u64, body: &[u8], now_ms: i64) -> Answer {
        // The first line is for us and outlasts erasures: what was made, and its version.
        let mut kept = format!("{version} {key}\n").into_bytes();
        kept.extend_from_slice(body);
        Answer {
            scope: self.scope.clone(),
            key: self.key.clone(),
            digest: self.digest,
            status: 0,
            body: kept,
            created_ms: now_ms,
            expires_ms: now_ms.saturating_add(KEPT_MS),
        }
    }
}

/// The answer `before` again, if it was to the same request. What it told may have been erased
/// since, on behalf of anybody: then it is told anew, as it is by now.
fn repeated<T: Serialize>(
    once: &Once,
    before: &Answer,
    again: impl FnOnce(&str) -> Result<Kept<T>, Refusal>,
) -> Result<Made, Refusal> {
    if before.digest != once.digest {
        return Err(Refusal::OtherBody(once.key.clone()));
    }
    let gone = || Refusal::Gone(once.key.clone());
    let end = before.body.iter().position(|byte| *byte == b'\n').ok_or_else(gone)?;
    let lead = std::str::from_utf8(&before.body[..end]).ok();
    let lead = lead.and_then(|lead| lead.split_once(' '));
    let lead = lead.and_then(|(version, key)| Some((version.parse().ok()?, key)));
    let (version, key) = lead.ok_or_else(|| damaged("answer", &once.key))?;
    let body = before.body[end + 1..].to_vec();
    if !body.is_empty() {
        return Ok(Made { key: key.to_owned(), version, body, is_repeated: true });
    }
    let Kept { key, version, document } = again(key).map_err(|refusal| match refusal {
        Refusal::Unknown { .. } => gone(),
        other => other,
    })?;
    let body = serde_json::to_vec(&document).expect("documents are texts and whole numbers");
    Ok(Made { key, version, body, is_repeated: true })
}
