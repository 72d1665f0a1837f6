//! What stands how, in marks written with the change itself: so open tickets, promises, the tickets
//! of a client and the absences of a person are found without looking through all there ever were.
//! Marks say nothing that documents do not, and are made anew from them when they are of an older
//! form.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Service;
use super::bare::bare;
use super::change::Change;
use super::clients::CLIENT;
use super::desk::{CLOCK, DUE, USED, WOUND};
use super::kept::{Kept, LOOKED_AT, MOST_PAGES, Page, damaged, readable};
use super::people::{ABSENCE, AbsenceFile};
use super::plans::{DRAFT, PLAN, PlanFile};
use super::quotes::{QUOTE, QuoteFile};
use super::refusal::Refusal;
use super::shelf::is_parted;
use super::tickets::{State, TICKET, TicketFile};
use super::tidying::ageing;
use crate::calendar::Moment;
use crate::store::row::{Document, Mark};
use crate::store::{Batch, MOST_ROWS, Write};

/// The tickets work on which goes on, by their keys.
pub(super) const OPEN: &str = "open";
/// The open tickets a date was promised for that the client does not have yet, by their keys:
/// [`Promised`].
pub(super) const PROMISED: &str = "promised";
/// The tickets the client signed for, and which are not filed away, by their keys.
pub(super) const SIGNED: &str = "signed";
/// The tickets of clients, as client/ticket.
pub(super) const OF_CLIENT: &str = "of_client";
/// The tickets by whoever created them, as owner/ticket.
pub(super) const MADE_BY: &str = "made_by";
/// The clients whose payment for a ticket is overdue, as client/ticket (R193).
pub(super) const LATE: &str = "late";
/// The tickets filed away, by when they need not be kept any more, as moment/ticket (R077).
pub(super) const KEPT: &str = "kept";
/// The absences of people, as person/absence.
pub(super) const AWAY: &str = "away";

/// The quotes for clients and tickets, as client/key/quote and ticket/key/quote.
pub(super) const QUOTED: &str = "quoted";
/// Clients that were changed, each time by its version: the clocks of their tickets are to be read
/// anew.
pub(super) const TO_WIND: &str = "to_wind";
/// What is dropped some day, by when it was made: see [`super::tidying`].
pub(super) const AGEING: &str = "ageing";

/// Where it is noted that all marks are there, and in which form.
pub(super) const MADE: (&str, &str) = ("marks", "made");
/// The form of the marks that this program writes.
pub(super) const FORM: &str = "8";
/// Forms with which plans are kept without words already.
const WORDLESS: &[&str] = &["2", "3", "4", "5", "6", "7"];

/// What the mark of a promise says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Promised {
    pub(super) finish: Moment,
    pub(super) client: Option<String>,
}

/// A list of documents: a kind of marks, and of those the ones that begin with a name and a stroke.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) marks: &'static str,
    pub(super) within: Option<&'a str>,
}

impl List<'_> {
    fn lead(self) -> String {
        self.within.map_or_else(String::new, |name| format!("{name}/"))
    }

    /// Behind the last key that can be in it: `0` is what comes behind the stroke.
    fn end(self) -> Option<String> {
        self.within.map(|name| format!("{name}0"))
    }
}

impl Change {
    /// A new version of a ticket, which has to have `version`, and the marks that go with it.
    pub(super) fn put_ticket(&mut self, key: &str, version: u64, file: &TicketFile) {
        self.put(TICKET, key, Some(version), file);
        for write in ticket_marks(key, file) {
            // Of what is new there is nothing to take away.
            if version > 0 || matches!(write, Write::Mark { .. }) {
                self.and(write);
            }
        }
    }

    /// A new quote, and the marks that go with it.
    pub(super) fn put_quote(&mut self, key: &str, file: &QuoteFile) {
        self.put(QUOTE, key, Some(0), file);
        let marks = quote_marks(self.now_ms, key, file);
        marks.into_iter().for_each(|mark| self.and(mark));
    }

    pub(super) fn mark(&mut self, kind: &str, key: String, body: String) {
        self.and(mark(kind, key, body));
    }

    pub(super) fn unmark(&mut self, kind: &str, key: String) {
        self.and(Write::Unmark { kind: kind.to_owned(), key });
    }
}

fn mark(kind: &str, key: String, body: String) -> Write {
    Write::Mark { kind: kind.to_owned(), key, body }
}

/// The marks of a ticket as it is now. Its client is never another one than before.
pub(super) fn ticket_marks(key: &str, file: &TicketFile) -> Vec<Write> {
    let (own, is_open) = (|| key.to_owned(), file.state == State::Open);
    let client = &file.ticket.client;
    let is_owed = is_open && file.desk.as_ref().is_none_or(|desk| !desk.is_delivered());
    let promised = file.promise.as_ref().filter(|_| is_owed).map(|promise| {
        let promised = Promised { finish: promise.finish, client: client.clone() };
        serde_json::to_string(&promised).expect("a moment and a text have a spelling")
    });
    let is_billed = file.desk.as_ref().is_some_and(|desk| desk.is_billed);
    let only_if = |kind: &str, body: Option<String>| match body {
        Some(body) => mark(kind, own(), body),
        None => Write::Unmark { kind: kind.to_owned(), key: own() },
    };
    let of_client = client.as_ref().map(|client| format!("{client}/{key}"));
    let mut writes = vec![only_if(OPEN, is_open.then(String::new)), only_if(PROMISED, promised)];
    let is_signed = file.desk.as_ref().is_some_and(|desk| desk.stage.is_after_signature());
    writes.push(only_if(SIGNED, is_signed.then(String::new)));
    if let Some(until_ms) = file.desk.as_ref().and_then(|desk| desk.keep_until_ms) {
        writes.push(mark(KEPT, format!("{:016}/{key}", until_ms.max(0)), String::new()));
    }
    if let Some(name) = of_client {
        if !is_billed {
            writes.push(Write::Unmark { kind: LATE.to_owned(), key: name.clone() });
        }
        writes.push(mark(OF_CLIENT, name, String::new()));
    }
    writes.push(mark(MADE_BY, format!("{}/{key}", file.by), String::new()));
    writes
}

/// The marks of a quote that was made at this moment: whom it is for, and its age with these.
pub(super) fn quote_marks(at_ms: i64, key: &str, file: &QuoteFile) -> Vec<Write> {
    let mut names = BTreeSet::new();
    for ticket in &file.quote.request.tickets {
        names.insert(format!("{TICKET}/{}/{key}", ticket.id));
        names.extend(ticket.client.as_ref().map(|client| format!("{CLIENT}/{client}/{key}")));
    }
    let body = serde_json::to_string(&names).expect("texts have a spelling");
    let age = mark(AGEING, ageing(at_ms, QUOTE, key), body);
    let whose = names.into_iter().map(|name| mark(QUOTED, name, String::new()));
    whose.chain([age]).collect()
}

/// The mark of an absence.
pub(super) fn away(person: &str, absence: &str) -> String {
    format!("{person}/{absence}")
}

impl Service {
    /// All marks of a list, with their keys behind its name.
    pub(super) fn marks_of(&self, list: List<'_>) -> Result<Vec<Mark>, Refusal> {
        let (lead, end) = (list.lead(), list.end());
        let (mut all, mut behind) = (Vec::new(), lead.clone());
        loop {
            let rows = self.store.marks(list.marks, &behind, end.as_deref(), MOST_ROWS)?;
            let Some(last) = rows.last() else { return Ok(all) };
            behind.clone_from(&last.key);
            all.extend(rows.into_iter().map(|mark| inside(mark, &lead)));
        }
    }

    /// All documents of a list.
    pub(super) fn all_of<T: DeserializeOwned>(
        &self,
        list: List<'_>,
        kind: &str,
    ) -> Result<Vec<Kept<T>>, Refusal> {
        let (all, unread) = self.readable_of(list, kind)?;
        unread.first().map_or(Ok(all), |key| Err(damaged(kind, key)))
    }

    /// The documents of a list that can be read, and the keys of the others.
    pub(super) fn readable_of<T: DeserializeOwned>(
        &self,
        list: List<'_>,
        kind: &str,
    ) -> Result<(Vec<Kept<T>>, Vec<String>), Refusal> {
        let (mut all, mut unread) = (Vec::new(), Vec::new());
        for mark in self.marks_of(list)? {
            // Of a list of all names, the name stands before the key.
            let key = mark.key.rsplit('/').next().unwrap_or_default();
            all.extend(readable(self.find_if_any(kind, key), key, &mut unread)?.flatten());
        }
        Ok((all, unread))
    }

    /// As [`Service::page`], of the documents of a list.
    pub(super) fn page_of<T: DeserializeOwned>(
        &self,
        list: List<'_>,
        kind: &str,
        (after, most): (Option<&str>, usize),
        fits: impl Fn(&T) -> bool,
    ) -> Result<Page<Kept<T>>, Refusal> {
        let most = most.clamp(1, MOST_ROWS);
        let (lead, end) = (list.lead(), list.end());
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        let mut behind = after.map(str::to_owned);
        for _ in 0..MOST_PAGES {
            let place = format!("{lead}{}", behind.as_deref().unwrap_or_default());
            let count = MOST_ROWS.min(LOOKED_AT.max(most + 1));
            let rows = self.store.marks(list.marks, &place, end.as_deref(), count)?;
            let is_last = rows.is_empty();
            for mark in rows {
                if items.len() == most {
                    return Ok(Page { items, next: behind, unread });
                }
                let Mark { key, .. } = inside(mark, &lead);
                let found = readable(self.find_if_any(kind, &key), &key, &mut unread)?.flatten();
                items.extend(found.filter(|kept: &Kept<T>| fits(&kept.document)));
                behind = Some(key);
            }
            if is_last {
                return Ok(Page { items, next: None, unread });
            }
        }
        Ok(Page { items, next: behind, unread })
    }

    /// The open tickets, and the keys of those that cannot be read.
    pub(super) fn open_tickets(&self) -> Result<(Vec<TicketFile>, Vec<String>), Refusal> {
        let open = List { marks: OPEN, within: None };
        let (kept, unread) = self.readable_of::<TicketFile>(open, TICKET)?;
        let files = kept.into_iter().map(|kept| kept.document);
        // One may have been closed since it was found in the list.
        Ok((files.filter(|file| file.state == State::Open).collect(), unread))
    }

    /// The dates promised for open tickets, by ticket; one that cannot be read is none.
    pub(super) fn promises(&self) -> Result<Vec<(String, Promised)>, Refusal> {
        let marks = self.marks_of(List { marks: PROMISED, within: None })?.into_iter();
        let read = |Mark { key, body }| Some((key, serde_json::from_str(&body).ok()?));
        Ok(marks.filter_map(read).collect())
    }

    /// Makes all marks anew where they are not there, or of an older form.
    pub(super) fn load_marks(&self) -> Result<(), Refusal> {
        let form = self.store.mark(MADE.0, MADE.1)?;
        if form.as_deref() == Some(FORM) {
            return Ok(());
        }
        // While it goes on, and if it is cut short, nothing says that they are there. All clocks are
        // read anew, a page of tickets at each tick, and with them what is due at once: levels of
        // response, ladders and warnings of tickets that are open already.
        let unmark = |(kind, key): (&str, &str)| {
            let (kind, key) = (kind.to_owned(), key.to_owned());
            Write::Unmark { kind, key }
        };
        let mut writes = vec![unmark(MADE), unmark(WOUND)];
        let kinds = [OPEN, PROMISED, SIGNED, KEPT, OF_CLIENT, MADE_BY, AWAY, QUOTED, AGEING, USED];
        writes.extend(kinds.map(|kind| Write::UnmarkAll { kind: kind.to_owned() }));
        self.store.commit(Batch { writes })?;
        self.mark_all(TICKET, &|kept: &Kept<TicketFile>| {
            let writes = ticket_marks(&kept.key, &kept.document).into_iter();
            writes.filter(|write| matches!(write, Write::Mark { .. })).collect()
        })?;
        self.mark_uses()?;
        self.mark_all(ABSENCE, &|kept: &Kept<AbsenceFile>| {
            vec![mark(AWAY, away(&kept.document.person, &kept.key), String::new())]
        })?;
        self.change_all(QUOTE, &|row| {
            let at_ms = row.at_ms;
            let kept: Option<Kept<QuoteFile>> = super::kept::read(row)?;
            Ok(kept.map_or_else(Vec::new, |kept| quote_marks(at_ms, &kept.key, &kept.document)))
        })?;
        if !form.is_some_and(|form| WORDLESS.contains(&form.as_str())) {
            self.shed_words()?;
        }
        self.shed_moments()?;
        let made = mark(MADE.0, MADE.1.to_owned(), FORM.to_owned());
        self.store.commit(Batch::new().and(made))?;
        Ok(())
    }

    /// Writes what `marks` says for every document of a kind.
    fn mark_all<T: DeserializeOwned>(
        &self,
        kind: &str,
        marks: &dyn Fn(&Kept<T>) -> Vec<Write>,
    ) -> Result<(), Refusal> {
        // Of what cannot be read there are no marks until it is read from the log again.
        let read = |row| readable(super::kept::read(row), "", &mut Vec::<String>::new());
        self.change_all(kind, &|row| Ok(read(row)?.flatten().iter().flat_map(marks).collect()))
    }

    /// Writes what `change` says for every document of a kind, a page at a time.
    fn change_all(
        &self,
        kind: &str,
        change: &dyn Fn(Document) -> Result<Vec<Write>, Refusal>,
    ) -> Result<(), Refusal> {
        let mut behind: Option<String> = None;
        loop {
            let rows = self.store.documents(kind, behind.as_deref(), MOST_ROWS)?;
            let Some(last) = rows.last() else { return Ok(()) };
            behind = Some(last.key.clone());
            let mut batch = Batch::new();
            for row in rows {
                batch.writes.extend(change(row)?);
            }
            self.store.commit(batch)?;
        }
    }

    /// Drops what is due of before it became marks; clocks are wound anew.
    fn shed_moments(&self) -> Result<(), Refusal> {
        for kind in [DUE, CLOCK, WOUND.0, "dispatched"] {
            self.change_all(kind, &|row| {
                let Document { kind, key, .. } = row;
                Ok(vec![Write::DropDocument { kind, key }])
            })?;
        }
        Ok(())
    }

    /// Takes the words out of plans of before they were kept without, and drops drafts, which may
    /// have them, too.
    fn shed_words(&self) -> Result<(), Refusal> {
        self.change_all(DRAFT, &|row| {
            let Document { kind, key, .. } = row;
            Ok(vec![Write::DropDocument { kind, key }])
        })?;
        self.change_all(PLAN, &|row| {
            let (actor, at_ms) = (row.actor.clone(), row.at_ms);
            if row.body.as_deref().is_some_and(is_parted) {
                return Ok(Vec::new());
            }
            let Some(Kept { key, version, document }) = super::kept::read::<PlanFile>(row)? else {
                return Ok(Vec::new());
            };
            let file = PlanFile { scenario: bare(document.scenario), ..document };
            let body = serde_json::to_string(&file).expect("plans are texts and whole numbers");
            let (kind, expected_version) = (PLAN.to_owned(), Some(version));
            let erase = Write::EraseDocument { kind: kind.clone(), key: key.clone() };
            let body = Some(body);
            let put = Write::PutDocument { kind, key, expected_version, body, at_ms, actor };
            Ok(vec![erase, put])
        })
    }
}

/// `mark` with its key behind the name of its list.
fn inside(mark: Mark, lead: &str) -> Mark {
    let key = mark.key.strip_prefix(lead).unwrap_or(&mark.key).to_owned();
    Mark { key, ..mark }
}
