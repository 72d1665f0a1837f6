//! Questions to the tables.

use std::collections::BTreeSet;

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension as _, Row, params};

use super::{Sqlite, end};
use crate::calendar::Label;
use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Event, Head, Stream};
use crate::desk::hash::Hash;
use crate::desk::payload::Payload;
use crate::desk::personal::PersonalText;
use crate::store::bulk::{Bulk, Page};
use crate::store::row::{Access, Answer, ApiKey, Delivery, Document, Mark, Text};
use crate::store::{
    Accesses, Answers, Documents, Failure, Heads, Keys, Log, MOST_ROWS, Marks, Outbox, Texts,
};

/// The rows a statement finds.
fn rows<T>(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Failure> {
    let mut statement = connection.prepare_cached(statement)?;
    let found = statement.query_map(values, |row| read(row))?;
    Ok(found.collect::<Result<Vec<T>, _>>()?)
}

/// The first rows a statement finds, as many as are asked for and fit a page.
fn page<T: Bulk>(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
    most: usize,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Failure> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut found = statement.query_map(values, |row| read(row))?;
    let mut page = Page::of(most);
    while page.has_room() {
        let Some(row) = found.next() else { break };
        if !page.takes(row?) {
            break;
        }
    }
    Ok(page.rows())
}

/// The row a statement finds, if it does.
fn only<T>(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, Failure> {
    let mut statement = connection.prepare_cached(statement)?;
    Ok(statement.query_row(values, |row| read(row)).optional()?)
}

/// `number` as SQLite counts. Nothing is numbered higher, so what lies behind the highest number
/// there is lies behind all that are higher.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A text that should be JSON and is not.
fn unreadable(error: &serde_json::Error) -> Failure {
    Failure::Damaged(Label::new(error.to_string(), error.to_string()))
}

fn hash(row: &Row<'_>, column: &str) -> rusqlite::Result<Hash> {
    row.get(column).map(Hash::kept)
}

/// The stream of a row of `stream`, and where it ends.
pub(super) fn head_of(row: &Row<'_>) -> rusqlite::Result<(Stream, Head)> {
    let stream = Stream { kind: row.get("kind")?, key: row.get("key")? };
    Ok((stream, Head { seq: row.get("seq")?, hash: hash(row, "hash")? }))
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let (kind, key): (Option<String>, Option<String>) =
        (row.get("stream_kind")?, row.get("stream_key")?);
    let (Some(kind), Some(key)) = (kind, key) else {
        let what = "the event belongs to no stream";
        return Err(Error::FromSqlConversionFailure(0, Type::Null, what.into()));
    };
    Ok(Event {
        stream: Stream { kind, key },
        seq: row.get("seq")?,
        position: row.get("position")?,
        at_ms: row.get("at_ms")?,
        actor: row.get("actor")?,
        kind: row.get("kind")?,
        payload: Payload::kept(row.get("payload")?),
        previous: hash(row, "previous")?,
        hash: hash(row, "hash")?,
    })
}

/// Where `stream` ends.
pub(super) fn head(connection: &Connection, stream: &Stream) -> Result<Head, Failure> {
    let head = "SELECT kind, key, seq, hash FROM stream WHERE kind = ?1 AND key = ?2";
    let found = only(connection, head, [&stream.kind, &stream.key], head_of)?;
    Ok(found.map_or(Head::NONE, |(_, head)| head))
}

/// The events of `stream` behind number `after`.
pub(super) fn events_of(
    connection: &Connection,
    stream: &Stream,
    after: u64,
    most: usize,
) -> Result<Vec<Event>, Failure> {
    let events = "SELECT event.*, stream.kind AS stream_kind, stream.key AS stream_key \
                  FROM stream JOIN event ON event.stream = stream.id \
                  WHERE stream.kind = ?1 AND stream.key = ?2 AND event.seq > ?3 \
                  ORDER BY event.seq";
    page(connection, events, params![stream.kind, stream.key, number(after)], most, event)
}

impl Log for Sqlite {
    fn head(&self, stream: &Stream) -> Result<Head, Failure> {
        self.readers.ask(|connection| head(connection, stream))
    }

    fn stream(&self, stream: &Stream, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        self.readers.ask(|connection| events_of(connection, stream, after, most))
    }

    fn events(&self, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        let events = "SELECT event.*, stream.kind AS stream_kind, stream.key AS stream_key \
                      FROM event LEFT JOIN stream ON stream.id = event.stream \
                      WHERE event.position > ?1 ORDER BY event.position";
        self.readers.ask(|c| page(c, events, [number(after)], most, event))
    }

    fn end(&self) -> Result<u64, Failure> {
        self.readers.ask(end)
    }

    fn heads(&self) -> Result<Heads, Failure> {
        self.readers.ask(|connection| {
            // Both questions see the same moment.
            let moment = connection.unchecked_transaction()?;
            let position = end(&moment)?;
            let heads = "SELECT kind, key, seq, hash FROM stream ORDER BY kind, key";
            Ok(Heads { position, heads: rows(&moment, heads, [], head_of)? })
        })
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, Failure> {
        let table = "SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint'";
        let checkpoints = "SELECT body FROM checkpoint ORDER BY position, id";
        let bodies: Vec<String> = self.readers.ask(|c| {
            // An audit may look at version 1, which had none.
            match only(c, table, [], |_| Ok(()))? {
                Some(()) => rows(c, checkpoints, [], |row| row.get(0)),
                None => Ok(Vec::new()),
            }
        })?;
        let read = |body: &String| serde_json::from_str(body).map_err(|error| unreadable(&error));
        bodies.iter().map(read).collect()
    }
}

fn text(row: &Row<'_>) -> rusqlite::Result<(Hash, Text)> {
    let hash = hash(row, "hash")?;
    let erased: Option<i64> = row.get("erased_ms")?;
    let text = match erased {
        Some(at_ms) => Text::Erased(at_ms),
        None => Text::Kept(PersonalText {
            subject: row.get("subject")?,
            salt: row.get("salt")?,
            text: row.get("text")?,
        }),
    };
    Ok((hash, text))
}

impl Texts for Sqlite {
    fn text(&self, hash: &Hash) -> Result<Option<Text>, Failure> {
        let of_hash = "SELECT * FROM personal WHERE hash = ?1";
        let found = self.readers.ask(|c| only(c, of_hash, [hash.bytes()], text))?;
        Ok(found.map(|(_, text)| text))
    }

    fn texts_of(
        &self,
        subject: &str,
        after: Option<&Hash>,
        most: usize,
    ) -> Result<Vec<(Hash, Text)>, Failure> {
        let own = "SELECT * FROM personal WHERE subject = ?1 AND hash > ?2 ORDER BY hash";
        let after = after.map_or(&[][..], |hash| hash.bytes());
        self.readers.ask(|c| page(c, own, params![subject, after], most, text))
    }

    fn texts(&self, after: Option<&Hash>, most: usize) -> Result<Vec<(Hash, Text)>, Failure> {
        let all = "SELECT * FROM personal WHERE hash > ?1 ORDER BY hash";
        // Every hash lies behind the empty one.
        let after = after.map_or(&[][..], |hash| hash.bytes());
        self.readers.ask(|c| page(c, all, [after], most, text))
    }
}

/// The columns of a [`Document`]. One whose version is not there has none, which cannot be read.
const DOCUMENT: &str = "SELECT document.kind, document.key, version.version, version.body, \
                        version.at_ms, version.actor FROM document \
                        LEFT JOIN version ON version.document = document.id";

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        kind: row.get("kind")?,
        key: row.get("key")?,
        version: row.get("version")?,
        body: row.get("body")?,
        at_ms: row.get("at_ms")?,
        actor: row.get("actor")?,
    })
}

impl Documents for Sqlite {
    fn document(&self, kind: &str, key: &str) -> Result<Option<Document>, Failure> {
        let latest = format!(
            "{DOCUMENT} AND version.version = document.version \
             WHERE document.kind = ?1 AND document.key = ?2"
        );
        self.readers.ask(|c| only(c, &latest, [kind, key], document))
    }

    fn version(&self, kind: &str, key: &str, version: u64) -> Result<Option<Document>, Failure> {
        let one = format!(
            "{DOCUMENT} WHERE document.kind = ?1 AND document.key = ?2 AND version.version = ?3"
        );
        self.readers.ask(|c| only(c, &one, params![kind, key, number(version)], document))
    }

    fn history(
        &self,
        kind: &str,
        key: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        let earlier = format!(
            "{DOCUMENT} WHERE document.kind = ?1 AND document.key = ?2 \
             AND (?3 IS NULL OR version.version < ?3) ORDER BY version.version DESC"
        );
        let before = before.map(number);
        self.readers.ask(|c| page(c, &earlier, params![kind, key, before], most, document))
    }

    fn documents(
        &self,
        kind: &str,
        after: Option<&str>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        let there = format!(
            "{DOCUMENT} AND version.version = document.version \
             WHERE document.kind = ?1 AND document.is_there AND document.key > ?2 \
             ORDER BY document.key"
        );
        self.readers.ask(|c| page(c, &there, [kind, after.unwrap_or("")], most, document))
    }
}

impl Marks for Sqlite {
    fn mark(&self, kind: &str, key: &str) -> Result<Option<String>, Failure> {
        let one = "SELECT body FROM mark WHERE kind = ?1 AND key = ?2";
        self.readers.ask(|c| only(c, one, [kind, key], |row| row.get(0)))
    }

    fn marks(
        &self,
        kind: &str,
        after: &str,
        before: Option<&str>,
        most: usize,
    ) -> Result<Vec<Mark>, Failure> {
        let between = "SELECT key, body FROM mark WHERE kind = ?1 AND key > ?2 \
                       AND (?3 IS NULL OR key < ?3) ORDER BY key LIMIT ?4";
        let rows = i64::try_from(most).unwrap_or(i64::MAX);
        let mark = |row: &Row<'_>| Ok(Mark { key: row.get("key")?, body: row.get("body")? });
        self.readers.ask(|c| page(c, between, params![kind, after, before, rows], most, mark))
    }
}

/// The answer given, when it still counts at `now_ms`.
pub(super) fn answer(
    connection: &Connection,
    scope: &str,
    key: &str,
    now_ms: i64,
) -> Result<Option<Answer>, Failure> {
    let counting = "SELECT * FROM answer WHERE scope = ?1 AND key = ?2 AND expires_ms > ?3";
    only(connection, counting, params![scope, key, now_ms], |row| {
        Ok(Answer {
            scope: row.get("scope")?,
            key: row.get("key")?,
            digest: hash(row, "digest")?,
            status: row.get("status")?,
            body: row.get("body")?,
            created_ms: row.get("created_ms")?,
            expires_ms: row.get("expires_ms")?,
        })
    })
}

impl Answers for Sqlite {
    fn answer(&self, scope: &str, key: &str, now_ms: i64) -> Result<Option<Answer>, Failure> {
        self.readers.ask(|connection| answer(connection, scope, key, now_ms))
    }
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: row.get("id")?,
        position: row.get("position")?,
        target: row.get("target")?,
        attempts: row.get("attempts")?,
        next_ms: row.get("next_ms")?,
        is_dead: row.get("is_dead")?,
        said: row.get("said")?,
    })
}

impl Outbox for Sqlite {
    fn due(&self, now_ms: i64, most: usize) -> Result<Vec<Delivery>, Failure> {
        let due = "SELECT * FROM outbox WHERE is_dead = 0 AND next_ms <= ?1 \
                   ORDER BY next_ms, id";
        self.readers.ask(|c| page(c, due, [now_ms], most, delivery))
    }

    fn first_due(&self, now_ms: i64, but: &BTreeSet<String>) -> Result<Option<Delivery>, Failure> {
        // From target to target, and of each the first: what waits behind it is not looked at.
        let first = "WITH RECURSIVE targets (target) AS ( \
                         SELECT min(target) FROM outbox WHERE is_dead = 0 \
                         UNION ALL \
                         SELECT (SELECT min(target) FROM outbox \
                                 WHERE is_dead = 0 AND target > targets.target) \
                         FROM targets WHERE target IS NOT NULL) \
                     SELECT outbox.* FROM targets JOIN outbox ON outbox.id = ( \
                         SELECT id FROM outbox WHERE is_dead = 0 AND target = targets.target \
                         AND next_ms <= ?1 ORDER BY next_ms, id LIMIT 1) \
                     WHERE targets.target NOT IN (SELECT value FROM json_each(?2)) \
                     ORDER BY outbox.next_ms, outbox.id LIMIT 1";
        let but = serde_json::to_string(but).expect("texts have a spelling");
        self.readers.ask(|c| only(c, first, params![now_ms, but], delivery))
    }

    fn dead(&self, after: u64, most: usize) -> Result<Vec<Delivery>, Failure> {
        let dead = "SELECT * FROM outbox WHERE is_dead = 1 AND id > ?1 ORDER BY id";
        self.readers.ask(|c| page(c, dead, [number(after)], most, delivery))
    }

    fn depth(&self) -> Result<(u64, u64), Failure> {
        let count = "SELECT COUNT(*) FILTER (WHERE is_dead = 0), \
                     COUNT(*) FILTER (WHERE is_dead = 1) FROM outbox";
        self.readers.ask(|c| Ok(c.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))?))
    }
}

/// An access and its number.
fn access(row: &Row<'_>) -> rusqlite::Result<(u64, Access)> {
    let access = Access {
        at_ms: row.get("at_ms")?,
        actor: row.get("actor")?,
        verb: row.get("verb")?,
        kind: row.get("kind")?,
        key: row.get("key")?,
        detail: row.get("detail")?,
    };
    Ok((row.get("id")?, access))
}

impl Accesses for Sqlite {
    fn accesses_to(
        &self,
        (kind, key): (&str, &str),
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        let to = "SELECT * FROM access WHERE kind = ?1 AND key = ?2 AND id < ?3 ORDER BY id DESC";
        let before = number(before.unwrap_or(u64::MAX));
        self.readers.ask(|c| page(c, to, params![kind, key, before], most, access))
    }

    fn accesses_by(
        &self,
        actor: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        let by = "SELECT * FROM access WHERE actor = ?1 AND id < ?2 ORDER BY id DESC";
        let before = number(before.unwrap_or(u64::MAX));
        self.readers.ask(|c| page(c, by, params![actor, before], most, access))
    }
}

/// A key, its scopes and people still as texts.
fn api_key(row: &Row<'_>) -> rusqlite::Result<(ApiKey, String, String)> {
    let key = ApiKey {
        prefix: row.get("prefix")?,
        hash: hash(row, "hash")?,
        role: row.get("role")?,
        scopes: Vec::new(),
        people: Vec::new(),
        created_ms: row.get("created_ms")?,
        expires_ms: row.get("expires_ms")?,
        rotated_from: row.get("rotated_from")?,
        revoked_ms: row.get("revoked_ms")?,
    };
    Ok((key, row.get("scopes")?, row.get("people")?))
}

fn whole((key, scopes, people): (ApiKey, String, String)) -> Result<ApiKey, Failure> {
    let read = |text: &str| serde_json::from_str(text).map_err(|error| unreadable(&error));
    let (scopes, people) = (read(&scopes)?, read(&people)?);
    Ok(ApiKey { scopes, people, ..key })
}

impl Keys for Sqlite {
    fn key(&self, prefix: &str) -> Result<Option<ApiKey>, Failure> {
        let of_prefix = "SELECT * FROM api_key WHERE prefix = ?1";
        let found = self.readers.ask(|c| only(c, of_prefix, [prefix], api_key))?;
        found.map(whole).transpose()
    }

    fn keys(&self, after: Option<&str>, most: usize) -> Result<Vec<ApiKey>, Failure> {
        let all = "SELECT * FROM api_key WHERE prefix > ?1 ORDER BY prefix LIMIT ?2";
        let most = i64::try_from(most.min(MOST_ROWS)).unwrap_or(i64::MAX);
        let found =
            self.readers.ask(|c| rows(c, all, params![after.unwrap_or(""), most], api_key))?;
        found.into_iter().map(whole).collect()
    }
}
