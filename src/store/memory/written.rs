//! What each write does to the rows.

use super::rows::Rows;
use crate::desk::event::{Draft, Head, Stream, seal};
use crate::desk::hash::Hash;
use crate::desk::personal::PersonalText;
use crate::store::row::{Access, Answer, ApiKey, Delivery, Document, Text};
use crate::store::{About, Batch, Receipt, Refusal, Write};

impl Rows {
    /// Does everything in `batch`, or stops at what cannot be.
    pub(super) fn write(&mut self, batch: Batch) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        for write in batch.writes {
            self.one(write, &mut receipt)?;
        }
        Ok(receipt)
    }

    fn one(&mut self, write: Write, receipt: &mut Receipt) -> Result<(), Refusal> {
        match write {
            Write::Append { stream, expected_seq, drafts } => {
                self.append(&stream, expected_seq, drafts, receipt)?;
            }
            Write::PutText(text) => self.put_text(text),
            Write::EraseText { hash, at_ms } => {
                self.erase_text(&hash, at_ms)?;
            }
            Write::EraseTextsOf { subject, at_ms } => {
                self.erase_texts_of(&subject, at_ms);
            }
            Write::PutDocument { kind, key, expected_version, body, at_ms, actor } => {
                let document = Document { kind, key, version: 0, body, at_ms, actor };
                receipt.versions.push(self.put_document(document, expected_version)?);
            }
            Write::LayDocument(document) => {
                let name = (document.kind.clone(), document.key.clone());
                let versions = self.documents.entry(name).or_default();
                versions.retain(|one| one.version < document.version);
                versions.push(document);
            }
            Write::EraseDocument { kind, key } => self.erase_document(kind, key)?,
            Write::EraseEarlier { kind, key } => self.erase_earlier(kind, key),
            Write::Answer(answer) => self.answer(answer)?,
            Write::DropAnswers { now_ms, most } => {
                receipt.dropped += self.drop_answers(now_ms, most);
            }
            Write::DropAccesses { before_ms, most } => {
                receipt.dropped += self.drop_accesses(before_ms, most);
            }
            Write::DropDead { before_ms, most } => {
                receipt.dropped += self.drop_dead(before_ms, most);
            }
            Write::DropDocument { kind, key } => drop(self.documents.remove(&(kind, key))),
            Write::Need { kind, key } => self.need(kind, key)?,
            Write::Mark { kind, key, body } => drop(self.marks.insert((kind, key), body)),
            Write::Unmark { kind, key } => drop(self.marks.remove(&(kind, key))),
            Write::UnmarkAll { kind } => self.marks.retain(|(of, _), _| *of != kind),
            Write::Enqueue { about, target, next_ms } => {
                receipt.deliveries.push(self.enqueue(about, target, next_ms, receipt)?);
            }
            Write::Attempted { id, next_ms, is_dead, said } => {
                let row = self.outbox.get_mut(&id).ok_or_else(|| no_delivery(id))?;
                let attempts = row.attempts + 1;
                *row = Delivery { attempts, next_ms, is_dead, said: Some(said), ..row.clone() };
            }
            Write::Delivered { id } => {
                self.outbox.remove(&id).ok_or_else(|| no_delivery(id))?;
            }
            Write::Access(access) => self.note(access),
            Write::PutKey(key) => self.put_key(key)?,
            Write::RevokeKey { prefix, at_ms } => {
                self.revoke_key(&prefix, at_ms)?;
            }
            Write::Checkpoint(checkpoint) if checkpoint.position > self.end() => {
                return Err(Refusal::Unknown(format!("event {}", checkpoint.position)));
            }
            Write::Checkpoint(checkpoint) => self.checkpoints.push(checkpoint),
        }
        Ok(())
    }

    fn append(
        &mut self,
        stream: &Stream,
        expected_seq: Option<u64>,
        drafts: Vec<Draft>,
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        let mut head = self.heads.get(stream).copied().unwrap_or(Head::NONE);
        if let Some(expected) = expected_seq.filter(|expected| *expected != head.seq) {
            return Err(Refusal::Moved { stream: stream.clone(), expected, actual: head.seq });
        }
        for draft in drafts {
            let event = seal(stream, head, self.end() + 1, draft);
            head = event.head();
            self.heads.insert(stream.clone(), head);
            self.events.push(event.clone());
            receipt.events.push(event);
        }
        Ok(())
    }

    fn put_text(&mut self, text: PersonalText) {
        let row = (text.subject.clone(), Text::Kept(text.clone()));
        self.texts.insert(text.hash(), row);
    }

    fn put_document(&mut self, document: Document, expected: Option<u64>) -> Result<u64, Refusal> {
        let Document { kind, key, .. } = document.clone();
        let versions = self.documents.entry((kind.clone(), key.clone())).or_default();
        let actual = versions.last().map_or(0, |last| last.version);
        if let Some(expected) = expected.filter(|expected| *expected != actual) {
            return Err(Refusal::Revised { kind, key, expected, actual });
        }
        versions.push(Document { version: actual + 1, ..document });
        Ok(actual + 1)
    }

    fn answer(&mut self, answer: Answer) -> Result<(), Refusal> {
        let name = (answer.scope.clone(), answer.key.clone());
        match self.answers.get(&name) {
            Some(before) if before.expires_ms > answer.created_ms => {
                Err(Refusal::Answered(Box::new(before.clone())))
            }
            _ => {
                self.answers.insert(name, answer);
                Ok(())
            }
        }
    }

    fn erase_text(&mut self, hash: &Hash, at_ms: i64) -> Result<(), Refusal> {
        let entry = self.texts.get_mut(hash);
        let (_, text) = entry.ok_or_else(|| Refusal::Unknown(format!("text {hash}")))?;
        erase(text, at_ms);
        self.empty_answers();
        Ok(())
    }

    fn erase_texts_of(&mut self, subject: &str, at_ms: i64) {
        let own = self.texts.values_mut().filter(|(of, _)| *of == subject);
        own.for_each(|(_, text)| erase(text, at_ms));
        self.empty_answers();
    }

    fn erase_document(&mut self, kind: String, key: String) -> Result<(), Refusal> {
        let name = format!("{kind}/{key}");
        let versions = self.documents.get_mut(&(kind, key)).ok_or(Refusal::Unknown(name))?;
        versions.iter_mut().for_each(|version| version.body = None);
        self.empty_answers();
        Ok(())
    }

    fn erase_earlier(&mut self, kind: String, key: String) {
        let versions = self.documents.get_mut(&(kind, key));
        if let Some((_, earlier)) = versions.and_then(|all| all.split_last_mut()) {
            earlier.iter_mut().for_each(|version| version.body = None);
        }
    }

    fn need(&self, kind: String, key: String) -> Result<(), Refusal> {
        let last = self.versions(&kind, &key).last();
        let is_there = last.is_some_and(|document| document.body.is_some());
        if is_there { Ok(()) } else { Err(Refusal::Missing { kind, key }) }
    }

    fn revoke_key(&mut self, prefix: &str, at_ms: i64) -> Result<(), Refusal> {
        let key = self.keys.get_mut(prefix);
        let key = key.ok_or_else(|| Refusal::Unknown(format!("key {prefix}")))?;
        key.revoked_ms = Some(key.revoked_ms.map_or(at_ms, |end| end.min(at_ms)));
        Ok(())
    }

    fn drop_accesses(&mut self, before_ms: i64, most: usize) -> usize {
        let count = self.accesses.len();
        let mut place = 0..;
        self.accesses.retain(|(_, row)| place.next() >= Some(most) || row.at_ms >= before_ms);
        count - self.accesses.len()
    }

    fn note(&mut self, access: Access) {
        let number = self.accesses.last().map_or(1, |(last, _)| last + 1);
        self.accesses.push((number, access));
    }

    /// Drops messages that were given up, the earliest first, and tells how many.
    fn drop_dead(&mut self, before_ms: i64, most: usize) -> usize {
        let dead = self.outbox.values().filter(|row| row.is_dead && row.next_ms < before_ms);
        let mut dead: Vec<(i64, u64)> = dead.map(|row| (row.next_ms, row.id)).collect();
        dead.sort_unstable();
        dead.truncate(most);
        dead.iter().for_each(|(_, id)| drop(self.outbox.remove(id)));
        dead.len()
    }

    /// Drops answers that ended, the earliest first, and tells how many.
    fn drop_answers(&mut self, now_ms: i64, most: usize) -> usize {
        let ended = self.answers.iter().filter(|(_, answer)| answer.expires_ms <= now_ms);
        let mut ended: Vec<_> =
            ended.map(|(name, answer)| (answer.expires_ms, name.clone())).collect();
        ended.sort();
        ended.truncate(most);
        ended.iter().for_each(|(_, name)| drop(self.answers.remove(name)));
        ended.len()
    }

    fn empty_answers(&mut self) {
        for answer in self.answers.values_mut() {
            let end = answer.body.iter().position(|byte| *byte == b'\n');
            answer.body.truncate(end.map_or(0, |end| end + 1));
        }
    }

    fn enqueue(
        &mut self,
        about: About,
        target: String,
        next_ms: i64,
        receipt: &Receipt,
    ) -> Result<u64, Refusal> {
        let position = match about {
            About::New(row) => receipt.events.get(row).map(|event| event.position),
            About::Old(position) => (1..=self.end()).contains(&position).then_some(position),
        };
        let position = position.ok_or_else(|| Refusal::Unknown(format!("event {about:?}")))?;
        self.delivery_count += 1;
        let id = self.delivery_count;
        let row =
            Delivery { id, position, target, attempts: 0, next_ms, is_dead: false, said: None };
        self.outbox.insert(id, row);
        Ok(id)
    }

    fn put_key(&mut self, key: ApiKey) -> Result<(), Refusal> {
        if self.keys.contains_key(&key.prefix) {
            return Err(Refusal::Taken(format!("key {}", key.prefix)));
        }
        self.keys.insert(key.prefix.clone(), key);
        Ok(())
    }
}

fn no_delivery(id: u64) -> Refusal {
    Refusal::Unknown(format!("delivery {id}"))
}

fn erase(text: &mut Text, at_ms: i64) {
    if matches!(text, Text::Kept(_)) {
        *text = Text::Erased(at_ms);
    }
}
