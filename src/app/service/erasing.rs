//! Erasing what is known of a client, a ticket or a person (R243): documents in all their versions,
//! texts, and the words in quotes. What stays is that there were such things: keys, events with the
//! hashes of texts that are gone, plans with keys and times. A change that read what was there
//! before comes too late and is refused, so nothing comes back.
//!
//! Base and policy are the firm's own documents and are not searched: whoever finds a name in the
//! one in force puts a new one without it first, then erases. Every erasure takes the earlier
//! versions of both along.

use std::collections::BTreeSet;

use serde_json::json;

use super::bare::{Entities, bare_ticket, price_subject, subject};
use super::base::BASE;
use super::change::Change;
use super::clients::{CLIENT, ClientFile, FINANCE};
use super::desk::life_of;
use super::kept::Kept;
use super::marks::{AWAY, List, OF_CLIENT, QUOTED, away};
use super::people::{ABSENCE, AbsenceFile, PERSON};
use super::quotes::{POLICY, QUOTE, QuoteFile};
use super::refusal::Refusal;
use super::role::Permission;
use super::tickets::{TICKET, TicketFile};
use super::{Caller, Service};
use crate::calendar::Label;
use crate::desk::decide::deletable;
use crate::desk::event::Stream;
use crate::model::quote::{Quote, QuotedOption};
use crate::model::ticket::Ticket;
use crate::store::Write;
use crate::store::row::Mark;

impl Service {
    /// Erases what is known of a client: documents in all versions, personal texts, the words of
    /// its tickets and of quotes for it. That it was a client, and the chain of its events, stay.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn erase_client(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<(), Refusal> {
        self.erase_client_for(caller, key, None, now_ms)
    }

    /// The same, also where files of its tickets are still to be kept (R077), for the reason that
    /// is put on record: a law that goes before the firm's own rule.
    ///
    /// # Errors
    /// As [`Service::erase_client`]; a refusal of the desk for files to be kept, without a reason.
    pub fn erase_client_for(
        &self,
        caller: &Caller,
        key: &str,
        because: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::ClientErase)?;
        let client: Kept<ClientFile> = self.find(CLIENT, key)?;
        let mut change = Change::by(caller, now_ms);
        change.and(Write::EraseTextsOf { subject: format!("{CLIENT}/{key}"), at_ms: now_ms });
        change.erase(CLIENT, key, client.version);
        let finance = self.version_of(FINANCE, key)?;
        if finance > 0 {
            change.erase(FINANCE, key, finance);
        }
        let (mut entities, mut quotes) = (Entities::default(), BTreeSet::new());
        quotes.extend(self.quotes_of(CLIENT, key)?);
        let own = List { marks: OF_CLIENT, within: Some(key) };
        for kept in self.all_of::<TicketFile>(own, TICKET)? {
            self.must_be_deletable(&kept, because, now_ms)?;
            quotes.extend(self.quotes_of(TICKET, &kept.key)?);
            let entity = entities.number(kept.document.ticket.entity.clone());
            self.forget_words(&mut change, kept, (entity, because))?;
        }
        self.forget_quotes(&mut change, &quotes)?;
        let stream = Stream::new(CLIENT, key);
        change.event(self, (&stream, None), "client.erased", &told_why(because))?;
        change.forget_earlier();
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.parked.put(None);
        Ok(())
    }

    /// Erases the words of a ticket: title, entity, contact, what the other system calls it, the
    /// reasons of its curves and the names of its own steps, here and in quotes for it.
    ///
    /// # Errors
    /// As [`Service::erase_client`]; [`Refusal::Stale`] when it was changed at the same time.
    pub fn erase_ticket(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<(), Refusal> {
        self.erase_ticket_for(caller, key, None, now_ms)
    }

    /// The same, also where its file is still to be kept (R077), for the reason that is put on
    /// record.
    ///
    /// # Errors
    /// As [`Service::erase_ticket`]; a refusal of the desk for a file to be kept, without a reason.
    pub fn erase_ticket_for(
        &self,
        caller: &Caller,
        key: &str,
        because: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        caller.must(Permission::ClientErase)?;
        let kept: Kept<TicketFile> = self.find(TICKET, key)?;
        self.must_be_deletable(&kept, because, now_ms)?;
        let mut change = Change::by(caller, now_ms);
        let entity = kept.document.ticket.entity.as_ref().map(|_| format!("#{key}"));
        self.forget_words(&mut change, kept, (entity, because))?;
        let quotes = self.quotes_of(TICKET, key)?.into_iter().collect();
        self.forget_quotes(&mut change, &quotes)?;
        change.forget_earlier();
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.parked.put(None);
        Ok(())
    }

    /// Goes on only where the file of a ticket need not be kept any more, or there is a reason that
    /// goes before that. A file there is from the promise on: what never became a service is none.
    fn must_be_deletable(
        &self,
        kept: &Kept<TicketFile>,
        because: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        if kept.document.desk.is_none() || because.is_some_and(|reason| !reason.trim().is_empty()) {
            return Ok(());
        }
        let life = life_of(&self.stream_of(&Stream::new(TICKET, &kept.key), kept.version)?)?;
        if life.promise.is_none() {
            return Ok(());
        }
        deletable(&life, now_ms).map_err(Refusal::Desk)
    }

    /// A ticket without its words, and its entity under another name.
    fn forget_words(
        &self,
        change: &mut Change,
        kept: Kept<TicketFile>,
        (entity, because): (Option<String>, Option<&str>),
    ) -> Result<(), Refusal> {
        let Kept { key, version, document: mut file } = kept;
        let at_ms = change.now_ms;
        for subject in [subject(&key), price_subject(&key)] {
            change.and(Write::EraseTextsOf { subject, at_ms });
        }
        if let Some(hash) = file.contact.take() {
            change.and(Write::EraseText { hash, at_ms });
        }
        change.and(Write::EraseDocument { kind: TICKET.to_owned(), key: key.clone() });
        if let Some(price) = &mut file.price {
            price.lines.iter_mut().for_each(|line| line.evidence.clear());
        }
        file.attributes.clear();
        (file.external, file.ticket) = (None, Ticket { entity, ..bare_ticket(file.ticket) });
        change.put_ticket(&key, version, &file);
        let stream = Stream::new(TICKET, &key);
        let mut told = json!({"client": file.ticket.client, "entity": file.ticket.entity});
        change.price_apart(None, &file)?.told(&mut told, "price");
        if let Some(reason) = because {
            told["because"] = json!(reason);
        }
        change.event(self, (&stream, Some(version)), "ticket.erased", &told)
    }

    /// The quotes made for this client or ticket.
    fn quotes_of(&self, kind: &str, key: &str) -> Result<Vec<String>, Refusal> {
        let within = format!("{kind}/{key}");
        let marks = self.marks_of(List { marks: QUOTED, within: Some(&within) })?;
        Ok(marks.into_iter().map(|Mark { key, .. }| key).collect())
    }

    /// These quotes without the words in them.
    fn forget_quotes(&self, change: &mut Change, quotes: &BTreeSet<String>) -> Result<(), Refusal> {
        for key in quotes {
            if let Some(kept) = self.find_if_any::<QuoteFile>(QUOTE, key)? {
                let Kept { version, document, .. } = kept;
                change.and(Write::EraseDocument { kind: QUOTE.to_owned(), key: key.clone() });
                let quote = without_words(document.quote);
                change.put(QUOTE, key, Some(version), &QuoteFile { quote, ..document });
            }
        }
        Ok(())
    }

    /// What takes a person away: him, his absences, and why he was absent, in all versions.
    pub(super) fn forget_person(
        &self,
        change: &mut Change,
        kept: &Kept<crate::model::people::Person>,
    ) -> Result<(), Refusal> {
        let own = List { marks: AWAY, within: Some(&kept.key) };
        for absence in self.all_of::<AbsenceFile>(own, ABSENCE)? {
            change.erase(ABSENCE, &absence.key, absence.version);
            change.unmark(AWAY, away(&kept.key, &absence.key));
        }
        change.erase(PERSON, &kept.key, kept.version);
        change.forget_earlier();
        Ok(())
    }
}

impl Change {
    /// Forgets what base and policy said in earlier versions, in which names may stand.
    fn forget_earlier(&mut self) {
        for (kind, key) in [BASE, POLICY] {
            self.and(Write::EraseEarlier { kind: kind.to_owned(), key: key.to_owned() });
        }
    }

    /// Takes a document that has this version away with what it said in all versions. Who has read
    /// it and means to change it is refused.
    pub(super) fn erase(&mut self, kind: &str, key: &str, version: u64) {
        self.and(Write::EraseDocument { kind: kind.to_owned(), key: key.to_owned() });
        self.remove(kind, key, Some(version));
    }
}

/// `quote` without what anybody wrote or was told. Its numbers, times and keys stay.
fn without_words(mut quote: Quote) -> Quote {
    let request = &mut quote.request;
    request.attributes.clear();
    request.stated.clear();
    request.wish.evidence = None;
    let tickets = std::mem::take(&mut request.tickets).into_iter();
    let wordless = |ticket| Ticket { entity: None, ..bare_ticket(ticket) };
    request.tickets = tickets.map(wordless).collect();
    if let Some(refusal) = &mut quote.refusal {
        (refusal.reason, refusal.consequence, refusal.about) = (erased(), None, None);
    }
    quote.options.iter_mut().for_each(forget_option);
    if let Some(recommended) = &mut quote.recommended {
        recommended.reason = erased();
    }
    quote
}

fn forget_option(option: &mut QuotedOption) {
    (option.reason, option.client) = (erased(), erased());
    option.price.lines.iter_mut().for_each(|line| line.evidence.clear());
    option.path.iter_mut().for_each(|step| step.by = None);
}

/// Why something was erased before its time.
fn told_why(because: Option<&str>) -> serde_json::Value {
    because.map_or_else(|| json!({}), |reason| json!({"because": reason}))
}

/// What stands where words were.
fn erased() -> Label {
    Label::new("已删除", "erased")
}
