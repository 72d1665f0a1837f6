//! A store in memory, for tests: the plainest program that keeps the promises, so that the other
//! can be held against it. A batch is tried on a copy of everything.

mod rows;
mod written;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rows::Rows;

use super::bulk::{Bulk, Page};
use super::row::{Access, Answer, ApiKey, Delivery, Document, Mark, Text};
use super::{
    Accesses, Answers, Batch, Documents, Failure, Heads, Keys, Log, MOST_ROWS, Marks, Outbox,
    Receipt, Store, Texts,
};
use crate::desk::checkpoint::Checkpoint;
use crate::desk::event::{Event, Head, Stream};
use crate::desk::hash::Hash;

/// A store that is gone with the process.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Rows>);

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Memory {
        Memory::default()
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        // Rows are only ever replaced whole, so whoever panicked left them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first `most` of `rows`, but never more than a page holds.
fn page<T: Bulk>(mut rows: impl Iterator<Item = T>, most: usize) -> Vec<T> {
    let mut page = Page::of(most);
    while page.has_room() {
        let Some(row) = rows.next() else { break };
        if !page.takes(row) {
            break;
        }
    }
    page.rows()
}

impl Store for Memory {
    fn commit(&self, batch: Batch) -> Result<Receipt, Failure> {
        batch.measure()?;
        let mut rows = self.rows();
        let mut tried = rows.clone();
        let receipt = tried.write(batch)?;
        *rows = tried;
        Ok(receipt)
    }
}

impl Log for Memory {
    fn head(&self, stream: &Stream) -> Result<Head, Failure> {
        Ok(self.rows().heads.get(stream).copied().unwrap_or(Head::NONE))
    }

    fn stream(&self, stream: &Stream, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        let rows = self.rows();
        let own = rows.events.iter().filter(|e| e.stream == *stream && e.seq > after);
        Ok(page(own.cloned(), most))
    }

    fn events(&self, after: u64, most: usize) -> Result<Vec<Event>, Failure> {
        let rows = self.rows();
        Ok(page(rows.events.iter().filter(|event| event.position > after).cloned(), most))
    }

    fn end(&self) -> Result<u64, Failure> {
        Ok(self.rows().end())
    }

    fn heads(&self) -> Result<Heads, Failure> {
        let rows = self.rows();
        let heads = rows.heads.iter().map(|(stream, head)| (stream.clone(), *head)).collect();
        Ok(Heads { position: rows.end(), heads })
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, Failure> {
        Ok(self.rows().checkpoints.clone())
    }
}

impl Texts for Memory {
    fn text(&self, hash: &Hash) -> Result<Option<Text>, Failure> {
        Ok(self.rows().texts.get(hash).map(|(_, text)| text.clone()))
    }

    fn texts_of(
        &self,
        subject: &str,
        after: Option<&Hash>,
        most: usize,
    ) -> Result<Vec<(Hash, Text)>, Failure> {
        let rows = self.rows();
        let behind = rows.texts.iter().filter(|(hash, _)| after.is_none_or(|a| *hash > a));
        let own = behind.filter(|(_, (of, _))| of == subject);
        Ok(page(own.map(|(hash, (_, text))| (*hash, text.clone())), most))
    }

    fn texts(&self, after: Option<&Hash>, most: usize) -> Result<Vec<(Hash, Text)>, Failure> {
        let rows = self.rows();
        let behind = rows.texts.iter().filter(|(hash, _)| after.is_none_or(|a| *hash > a));
        Ok(page(behind.map(|(hash, (_, text))| (*hash, text.clone())), most))
    }
}

impl Documents for Memory {
    fn document(&self, kind: &str, key: &str) -> Result<Option<Document>, Failure> {
        let rows = self.rows();
        Ok(rows.versions(kind, key).last().cloned())
    }

    fn version(&self, kind: &str, key: &str, version: u64) -> Result<Option<Document>, Failure> {
        let rows = self.rows();
        Ok(rows.versions(kind, key).iter().find(|found| found.version == version).cloned())
    }

    fn history(
        &self,
        kind: &str,
        key: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        let rows = self.rows();
        let newest_first = rows.versions(kind, key).iter().rev();
        let earlier = newest_first.filter(|found| before.is_none_or(|b| found.version < b));
        Ok(page(earlier.cloned(), most))
    }

    fn documents(
        &self,
        kind: &str,
        after: Option<&str>,
        most: usize,
    ) -> Result<Vec<Document>, Failure> {
        let rows = self.rows();
        let latest = rows.documents.values().filter_map(|versions| versions.last());
        let there = latest.filter(|found| found.kind == kind && found.body.is_some());
        Ok(page(there.filter(|found| *found.key > *after.unwrap_or("")).cloned(), most))
    }
}

impl Marks for Memory {
    fn mark(&self, kind: &str, key: &str) -> Result<Option<String>, Failure> {
        Ok(self.rows().marks.get(&(kind.to_owned(), key.to_owned())).cloned())
    }

    fn marks(
        &self,
        kind: &str,
        after: &str,
        before: Option<&str>,
        most: usize,
    ) -> Result<Vec<Mark>, Failure> {
        let rows = self.rows();
        let behind = rows.marks.range((kind.to_owned(), after.to_owned())..);
        let fits = |(of, key): &&(String, String)| {
            of == kind && key.as_str() > after && before.is_none_or(|end| key.as_str() < end)
        };
        let marks = behind.take_while(|((of, _), _)| of == kind).filter(|(name, _)| fits(name));
        let marks = marks.map(|((_, key), body)| Mark { key: key.clone(), body: body.clone() });
        Ok(page(marks, most))
    }
}

impl Answers for Memory {
    fn answer(&self, scope: &str, key: &str, now_ms: i64) -> Result<Option<Answer>, Failure> {
        let rows = self.rows();
        let answer = rows.answers.get(&(scope.to_owned(), key.to_owned()));
        Ok(answer.filter(|answer| answer.expires_ms > now_ms).cloned())
    }
}

impl Outbox for Memory {
    fn due(&self, now_ms: i64, most: usize) -> Result<Vec<Delivery>, Failure> {
        let rows = self.rows();
        let waiting = rows.outbox.values().filter(|row| !row.is_dead && row.next_ms <= now_ms);
        let mut waiting: Vec<Delivery> = waiting.cloned().collect();
        waiting.sort_by_key(|row| (row.next_ms, row.id));
        Ok(page(waiting.into_iter(), most))
    }

    fn first_due(&self, now_ms: i64, but: &BTreeSet<String>) -> Result<Option<Delivery>, Failure> {
        let rows = self.rows();
        let waiting = rows.outbox.values().filter(|row| !row.is_dead && row.next_ms <= now_ms);
        let others = waiting.filter(|row| !but.contains(&row.target));
        Ok(others.min_by_key(|row| (row.next_ms, row.id)).cloned())
    }

    fn dead(&self, after: u64, most: usize) -> Result<Vec<Delivery>, Failure> {
        let rows = self.rows();
        let dead = rows.outbox.values().filter(|row| row.is_dead && row.id > after);
        Ok(page(dead.cloned(), most))
    }

    fn depth(&self) -> Result<(u64, u64), Failure> {
        let rows = self.rows();
        let count = |is_dead| rows.outbox.values().filter(|row| row.is_dead == is_dead).count();
        let count = |is_dead| u64::try_from(count(is_dead)).unwrap_or(u64::MAX);
        Ok((count(false), count(true)))
    }
}

impl Accesses for Memory {
    fn accesses_to(
        &self,
        (kind, key): (&str, &str),
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        let is_to = |row: &Access| row.kind == kind && row.key == key;
        Ok(self.latest(before, most, &is_to))
    }

    fn accesses_by(
        &self,
        actor: &str,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<(u64, Access)>, Failure> {
        Ok(self.latest(before, most, &|row: &Access| row.actor == actor))
    }
}

impl Memory {
    /// The accesses before a number that `fits` says yes to, the newest first.
    fn latest(
        &self,
        before: Option<u64>,
        most: usize,
        fits: &dyn Fn(&Access) -> bool,
    ) -> Vec<(u64, Access)> {
        let rows = self.rows();
        let earlier = rows.accesses.iter().rev();
        let earlier = earlier.filter(|(number, _)| before.is_none_or(|end| *number < end));
        page(earlier.filter(|(_, row)| fits(row)).cloned(), most)
    }
}

impl Keys for Memory {
    fn key(&self, prefix: &str) -> Result<Option<ApiKey>, Failure> {
        Ok(self.rows().keys.get(prefix).cloned())
    }

    fn keys(&self, after: Option<&str>, most: usize) -> Result<Vec<ApiKey>, Failure> {
        let rows = self.rows();
        let behind = rows.keys.values().filter(|key| after.is_none_or(|a| *key.prefix > *a));
        Ok(behind.take(most.min(MOST_ROWS)).cloned().collect())
    }
}
