//! A whole store held against its own hashes and against checkpoints kept elsewhere (R104, R243).
//! Changes nothing, and needs nothing but the rows.

use std::collections::BTreeMap;

use super::row::Text;
use super::{Failure, Log, MOST_ROWS, Texts};
use crate::desk::chain::{Findings, MOST_FAULTS, Walk};
use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Head, Stream};
use crate::desk::fault::Fault;
use crate::desk::hash::Hash;
use crate::desk::signature::PublicKey;

/// Walks all events there are now, holds them against `checkpoints`, which `key` signed if one is
/// given, and against what the store notes of its streams, and every personal text against its
/// hash. `watch` hears the position reached after every page.
///
/// # Errors
/// What fails outside. Rows that cannot be read are a finding.
pub fn audit(
    store: &(impl Log + Texts + ?Sized),
    checkpoints: Vec<Checkpoint>,
    key: Option<&PublicKey>,
    watch: &mut dyn FnMut(u64),
) -> Result<Findings, Failure> {
    let mut walk = Walk::of_log(checkpoints, key);
    let noted = match store.heads() {
        Ok(noted) => noted,
        Err(Failure::Damaged(what)) => {
            walk.unreadable("stream".to_owned(), what.en);
            walk.give_up();
            return Ok(walk.end());
        }
        Err(other) => return Err(other),
    };
    walked(store, &mut walk, noted.position, watch)?;
    let mut findings = walk.end();
    findings.faults.extend(wrong_heads(&noted.heads, &findings.heads));
    findings.faults.extend(wrong_texts(store)?);
    Ok(findings)
}

/// Walks all events up to position `end`. A page that cannot be read is read again row by row.
fn walked(
    store: &(impl Log + ?Sized),
    walk: &mut Walk,
    end: u64,
    watch: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let (mut after, mut most, mut unreadable) = (0, MOST_ROWS, 0);
    while after < end && unreadable < MOST_FAULTS {
        let left = usize::try_from(end - after).unwrap_or(MOST_ROWS);
        match store.events(after, most.min(left)) {
            Ok(events) => {
                let Some(last) = events.last() else { break };
                after = last.position;
                events.iter().for_each(|event| walk.step(event));
                most = (2 * most).min(MOST_ROWS);
                watch(after);
            }
            Err(Failure::Damaged(_)) if most > 1 => most = 1,
            Err(Failure::Damaged(what)) => {
                after += 1;
                unreadable += 1;
                walk.skip(after, what.en);
            }
            Err(other) => return Err(other),
        }
    }
    if after < end {
        let what = format!("no more events can be read, though the log goes on to position {end}");
        walk.unreadable(format!("position {}", after + 1), what);
        walk.give_up();
    }
    Ok(())
}

/// The streams that end elsewhere than is noted.
fn wrong_heads(noted: &[(Stream, Head)], walked: &BTreeMap<Stream, Head>) -> Vec<Fault> {
    let noted: BTreeMap<&Stream, Head> = noted.iter().map(|(s, head)| (s, *head)).collect();
    let wrong = noted.iter().filter(|(stream, head)| walked.get(**stream) != Some(*head));
    let unknown = walked.keys().filter(|stream| !noted.contains_key(stream));
    wrong.map(|(stream, _)| *stream).chain(unknown).cloned().map(Fault::WrongHead).collect()
}

/// The texts that are not what their hashes were taken from.
fn wrong_texts(store: &(impl Texts + ?Sized)) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    let mut after: Option<Hash> = None;
    loop {
        let texts = match store.texts(after.as_ref(), MOST_ROWS) {
            Ok(texts) => texts,
            Err(Failure::Damaged(what)) => {
                let place =
                    after.map_or_else(|| "text".to_owned(), |hash| format!("text > {hash}"));
                faults.push(Fault::Unreadable { place, what: what.en });
                return Ok(faults);
            }
            Err(other) => return Err(other),
        };
        let Some((last, _)) = texts.last() else { return Ok(faults) };
        after = Some(*last);
        for (hash, text) in texts {
            match text {
                Text::Kept(text) if text.hash() != hash => {
                    faults.push(Fault::WrongText { hash, subject: text.subject });
                }
                Text::Kept(_) | Text::Erased(_) => {}
            }
        }
    }
}
