//! What each write does to the tables.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{end, read};
use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Draft, Event, Head, Stream, seal};
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;
use crate::store::row::{Access, Answer, ApiKey, Document};
use crate::store::{About, Batch, Failure, Receipt, Refusal, Write};

/// Does everything in `batch`, or stops at what cannot be.
pub(super) fn apply(connection: &Connection, batch: Batch) -> Result<Receipt, Failure> {
    let mut receipt = Receipt::default();
    let mut is_emptied = false;
    for write in batch.writes {
        let (is_answer, is_erasing) = (matches!(write, Write::Answer(_)), erases(&write));
        one(connection, write, &mut receipt)?;
        // Once for many in a row, as it looks at every answer.
        if is_erasing && !is_emptied {
            empty_answers(connection)?;
        }
        is_emptied = (is_emptied || is_erasing) && !is_answer;
    }
    Ok(receipt)
}

/// Whether it erases what answers may tell.
fn erases(write: &Write) -> bool {
    matches!(
        write,
        Write::EraseText { .. } | Write::EraseTextsOf { .. } | Write::EraseDocument { .. }
    )
}

fn one(connection: &Connection, write: Write, receipt: &mut Receipt) -> Result<(), Failure> {
    match write {
        Write::Append { stream, expected_seq, drafts } => {
            append(connection, &stream, expected_seq, drafts, receipt)
        }
        Write::PutText(text) => put_text(connection, &text),
        Write::EraseText { hash, at_ms } => erase_text(connection, &hash, at_ms),
        Write::EraseTextsOf { subject, at_ms } => erase_texts_of(connection, &subject, at_ms),
        Write::PutDocument { kind, key, expected_version, body, at_ms, actor } => {
            let document = Document { kind, key, version: 0, body, at_ms, actor };
            receipt.versions.push(put_document(connection, &document, expected_version)?);
            Ok(())
        }
        Write::LayDocument(document) => lay_document(connection, &document),
        Write::EraseDocument { kind, key } => erase_document(connection, &kind, &key),
        Write::EraseEarlier { kind, key } => run(connection, ERASE_EARLIER, [kind, key]),
        Write::DropDocument { kind, key } => drop_document(connection, &kind, &key),
        Write::Need { kind, key } => need(connection, kind, key),
        Write::Mark { kind, key, body } => run(connection, PUT_MARK, [kind, key, body]),
        Write::Unmark { kind, key } => {
            run(connection, "DELETE FROM mark WHERE kind = ?1 AND key = ?2", [kind, key])
        }
        Write::UnmarkAll { kind } => run(connection, "DELETE FROM mark WHERE kind = ?1", [kind]),
        Write::Answer(answer) => put_answer(connection, &answer),
        Write::DropAnswers { now_ms, most } => {
            receipt.dropped += dropped(connection, ENDED_ANSWERS, now_ms, most)?;
            Ok(())
        }
        Write::DropAccesses { before_ms, most } => {
            receipt.dropped += dropped(connection, OLD_ACCESSES, before_ms, most)?;
            Ok(())
        }
        Write::DropDead { before_ms, most } => {
            receipt.dropped += dropped(connection, OLD_DEAD, before_ms, most)?;
            Ok(())
        }
        Write::Enqueue { about, target, next_ms } => {
            receipt.deliveries.push(enqueue(connection, about, &target, next_ms, receipt)?);
            Ok(())
        }
        Write::Attempted { id, next_ms, is_dead, said } => {
            let attempted = "UPDATE outbox SET attempts = attempts + 1, next_ms = ?2, \
                             is_dead = ?3, said = ?4 WHERE id = ?1";
            let values = params![row_of(id)?, next_ms, is_dead, said];
            changed(connection, attempted, values, || delivery(id))
        }
        Write::Delivered { id } => {
            let delivered = "DELETE FROM outbox WHERE id = ?1";
            changed(connection, delivered, [row_of(id)?], || delivery(id))
        }
        Write::Access(access) => put_access(connection, &access),
        Write::PutKey(key) => put_key(connection, &key),
        Write::RevokeKey { prefix, at_ms } => {
            let revoke = "UPDATE api_key SET revoked_ms = min(coalesce(revoked_ms, ?2), ?2) \
                          WHERE prefix = ?1";
            changed(connection, revoke, params![prefix, at_ms], || format!("key {prefix}"))
        }
        Write::Checkpoint(checkpoint) => put_checkpoint(connection, &checkpoint),
    }
}

fn delivery(id: u64) -> String {
    format!("delivery {id}")
}

/// The row of the message `id`. SQLite counts half as far as we do, and there is none beyond.
fn row_of(id: u64) -> Result<i64, Refusal> {
    i64::try_from(id).map_err(|_| Refusal::Unknown(delivery(id)))
}

fn run(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<(), Failure> {
    connection.prepare_cached(statement)?.execute(values)?;
    Ok(())
}

/// Runs a statement that has to find what is called `name`.
fn changed(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
    name: impl FnOnce() -> String,
) -> Result<(), Failure> {
    match connection.prepare_cached(statement)?.execute(values)? {
        0 => Err(Refusal::Unknown(name()).into()),
        _ => Ok(()),
    }
}

fn append(
    connection: &Connection,
    stream: &Stream,
    expected_seq: Option<u64>,
    drafts: Vec<Draft>,
    receipt: &mut Receipt,
) -> Result<(), Failure> {
    let mut head = read::head(connection, stream)?;
    if let Some(expected) = expected_seq.filter(|expected| *expected != head.seq) {
        let (stream, actual) = (stream.clone(), head.seq);
        return Err(Refusal::Moved { stream, expected, actual }.into());
    }
    if drafts.is_empty() {
        return Ok(());
    }
    let mut position = end(connection)?;
    let begin = receipt.events.len();
    for draft in drafts {
        position += 1;
        let event = seal(stream, head, position, draft);
        head = event.head();
        receipt.events.push(event);
    }
    let id = put_head(connection, stream, head)?;
    receipt.events[begin..].iter().try_for_each(|event| put_event(connection, id, event))
}

/// Notes where `stream` ends, and tells the number of its row.
fn put_head(connection: &Connection, stream: &Stream, head: Head) -> Result<i64, Failure> {
    let mut put = connection.prepare_cached(
        "INSERT INTO stream (kind, key, seq, hash) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq, hash = excluded.hash \
         RETURNING id",
    )?;
    let values = params![stream.kind, stream.key, head.seq, head.hash.bytes()];
    Ok(put.query_row(values, |row| row.get(0))?)
}

fn put_event(connection: &Connection, stream: i64, event: &Event) -> Result<(), Failure> {
    let put = "INSERT INTO event \
               (position, stream, seq, at_ms, actor, kind, payload, previous, hash) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let values = params![
        event.position,
        stream,
        event.seq,
        event.at_ms,
        event.actor,
        event.kind,
        event.payload.text(),
        event.previous.bytes(),
        event.hash.bytes(),
    ];
    run(connection, put, values)
}

fn put_text(connection: &Connection, text: &PersonalText) -> Result<(), Failure> {
    let put = "INSERT OR REPLACE INTO personal (hash, subject, salt, text) VALUES (?1, ?2, ?3, ?4)";
    run(connection, put, params![text.hash().bytes(), text.subject, text.salt, text.text])
}

fn erase_text(connection: &Connection, hash: &Hash, at_ms: i64) -> Result<(), Failure> {
    let erase = "UPDATE personal SET salt = NULL, text = NULL, \
                 erased_ms = coalesce(erased_ms, ?2) WHERE hash = ?1";
    changed(connection, erase, params![hash.bytes(), at_ms], || format!("text {hash}"))
}

fn erase_texts_of(connection: &Connection, subject: &str, at_ms: i64) -> Result<(), Failure> {
    let erase = "UPDATE personal SET salt = NULL, text = NULL, erased_ms = ?2 \
                 WHERE subject = ?1 AND erased_ms IS NULL";
    run(connection, erase, params![subject, at_ms])
}

/// Puts the next version of a document, and tells which it is.
fn put_document(
    connection: &Connection,
    document: &Document,
    expected: Option<u64>,
) -> Result<u64, Failure> {
    let Document { kind, key, body, at_ms, actor, .. } = document;
    let version = revise(connection, kind, key, expected, body.is_some())?;
    let put = "INSERT INTO version (document, version, body, at_ms, actor) \
               SELECT id, version, ?3, ?4, ?5 FROM document WHERE kind = ?1 AND key = ?2";
    run(connection, put, params![kind, key, body, at_ms, actor])?;
    Ok(version)
}

/// Moves a document to its next version, and tells it.
fn revise(
    connection: &Connection,
    kind: &str,
    key: &str,
    expected: Option<u64>,
    is_there: bool,
) -> Result<u64, Failure> {
    let mut known =
        connection.prepare_cached("SELECT version FROM document WHERE kind = ?1 AND key = ?2")?;
    let actual: u64 = known.query_row([kind, key], |row| row.get(0)).optional()?.unwrap_or(0);
    if let Some(expected) = expected.filter(|expected| *expected != actual) {
        let (kind, key) = (kind.to_owned(), key.to_owned());
        return Err(Refusal::Revised { kind, key, expected, actual }.into());
    }
    let revise = "INSERT INTO document (kind, key, version, is_there) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT (kind, key) DO UPDATE \
                  SET version = excluded.version, is_there = excluded.is_there";
    run(connection, revise, params![kind, key, actual + 1, is_there])?;
    Ok(actual + 1)
}

/// Lays a document down as the version it says, in the place of those from it on.
fn lay_document(connection: &Connection, document: &Document) -> Result<(), Failure> {
    let Document { kind, key, version, body, at_ms, actor } = document;
    let place = "INSERT INTO document (kind, key, version, is_there) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (kind, key) DO UPDATE \
                 SET version = excluded.version, is_there = excluded.is_there RETURNING id";
    let mut place = connection.prepare_cached(place)?;
    let values = params![kind, key, version, body.is_some()];
    let id: i64 = place.query_row(values, |row| row.get(0))?;
    let replace = "DELETE FROM version WHERE document = ?1 AND version >= ?2";
    run(connection, replace, params![id, version])?;
    let put = "INSERT INTO version (document, version, body, at_ms, actor) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    run(connection, put, params![id, version, body, at_ms, actor])
}

fn erase_document(connection: &Connection, kind: &str, key: &str) -> Result<(), Failure> {
    let hide = "UPDATE document SET is_there = 0 WHERE kind = ?1 AND key = ?2";
    changed(connection, hide, [kind, key], || format!("{kind}/{key}"))?;
    let erase = "UPDATE version SET body = NULL \
                 WHERE document = (SELECT id FROM document WHERE kind = ?1 AND key = ?2)";
    run(connection, erase, [kind, key])
}

/// Empties the versions of a document before its last.
const ERASE_EARLIER: &str = "UPDATE version SET body = NULL FROM document \
                             WHERE document.kind = ?1 AND document.key = ?2 \
                             AND version.document = document.id \
                             AND version.version < document.version";

/// Sets a mark, in the place of the one of its name.
const PUT_MARK: &str = "INSERT OR REPLACE INTO mark (kind, key, body) VALUES (?1, ?2, ?3)";

/// Drops answers that ended, the earliest first.
const ENDED_ANSWERS: &str = "DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer \
                             WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)";

/// Drops old ones of the first accesses there are.
const OLD_ACCESSES: &str = "DELETE FROM access WHERE id IN (SELECT id FROM \
                            (SELECT id, at_ms FROM access ORDER BY id LIMIT ?2) \
                            WHERE at_ms < ?1)";

/// Drops messages that were given up, the earliest first.
const OLD_DEAD: &str = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
                        WHERE is_dead = 1 AND next_ms < ?1 ORDER BY next_ms, id LIMIT ?2)";

/// Runs a statement that drops at most so many rows, and tells how many it did.
fn dropped(
    connection: &Connection,
    statement: &str,
    moment_ms: i64,
    most: usize,
) -> Result<usize, Failure> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(connection.prepare_cached(statement)?.execute([moment_ms, most])?)
}

fn drop_document(connection: &Connection, kind: &str, key: &str) -> Result<(), Failure> {
    let versions = "DELETE FROM version \
                    WHERE document = (SELECT id FROM document WHERE kind = ?1 AND key = ?2)";
    run(connection, versions, [kind, key])?;
    run(connection, "DELETE FROM document WHERE kind = ?1 AND key = ?2", [kind, key])
}

/// Refuses what needs a document that is not there.
fn need(connection: &Connection, kind: String, key: String) -> Result<(), Failure> {
    let there = "SELECT 1 FROM document WHERE kind = ?1 AND key = ?2 AND is_there";
    let mut there = connection.prepare_cached(there)?;
    if there.exists([&kind, &key])? { Ok(()) } else { Err(Refusal::Missing { kind, key }.into()) }
}

/// Erases what was answered so far, which may tell what is erased, but for first lines.
fn empty_answers(connection: &Connection) -> Result<(), Failure> {
    let empty = "UPDATE answer SET body = substr(body, 1, instr(body, x'0a')) \
                 WHERE instr(body, x'0a') < length(body)";
    run(connection, empty, [])
}

fn put_answer(connection: &Connection, answer: &Answer) -> Result<(), Failure> {
    let before = read::answer(connection, &answer.scope, &answer.key, answer.created_ms)?;
    if let Some(before) = before {
        return Err(Refusal::Answered(Box::new(before)).into());
    }
    let put = "INSERT OR REPLACE INTO answer \
               (scope, key, digest, status, body, created_ms, expires_ms) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![
        answer.scope,
        answer.key,
        answer.digest.bytes(),
        answer.status,
        answer.body,
        answer.created_ms,
        answer.expires_ms,
    ];
    run(connection, put, values)
}

fn enqueue(
    connection: &Connection,
    about: About,
    target: &str,
    next_ms: i64,
    receipt: &Receipt,
) -> Result<u64, Failure> {
    let position = match about {
        About::New(row) => receipt.events.get(row).map(|event| event.position),
        About::Old(position) => (1..=end(connection)?).contains(&position).then_some(position),
    };
    let position = position.ok_or_else(|| Refusal::Unknown(format!("event {about:?}")))?;
    let put = "INSERT INTO outbox (position, target, attempts, next_ms, is_dead) \
               VALUES (?1, ?2, 0, ?3, 0)";
    run(connection, put, params![position, target, next_ms])?;
    Ok(connection.last_insert_rowid().unsigned_abs())
}

fn put_access(connection: &Connection, access: &Access) -> Result<(), Failure> {
    let put = "INSERT INTO access (at_ms, actor, verb, kind, key, detail) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Access { at_ms, actor, verb, kind, key, detail } = access;
    run(connection, put, params![at_ms, actor, verb, kind, key, detail])
}

fn put_key(connection: &Connection, key: &ApiKey) -> Result<(), Failure> {
    let put = "INSERT INTO api_key \
               (prefix, hash, role, scopes, created_ms, expires_ms, rotated_from, revoked_ms, \
                people) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (prefix) DO NOTHING";
    let text = |all: &[String]| serde_json::to_string(all).expect("texts have a spelling");
    let values = params![
        key.prefix,
        key.hash.bytes(),
        key.role,
        text(&key.scopes),
        key.created_ms,
        key.expires_ms,
        key.rotated_from,
        key.revoked_ms,
        text(&key.people),
    ];
    match connection.prepare_cached(put)?.execute(values)? {
        0 => Err(Refusal::Taken(format!("key {}", key.prefix)).into()),
        _ => Ok(()),
    }
}

fn put_checkpoint(connection: &Connection, checkpoint: &Checkpoint) -> Result<(), Failure> {
    if checkpoint.position > end(connection)? {
        return Err(Refusal::Unknown(format!("event {}", checkpoint.position)).into());
    }
    let body = serde_json::to_string(checkpoint).expect("a checkpoint is texts and numbers");
    let put = "INSERT INTO checkpoint (position, body) VALUES (?1, ?2)";
    run(connection, put, params![checkpoint.position, body])
}
