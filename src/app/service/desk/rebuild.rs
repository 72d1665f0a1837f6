//! Everything that follows from the log, read from it anew: documents of tickets, of progress and
//! of links, the marks they are found by, and the moments of clocks. What differs is laid down as
//! it should be, what nobody tells of is dropped, and the numbers of versions stay.
//!
//! Other documents are no views: base and policy, clients, people, quotes and plans are what was
//! written, in versions, and events name them by number and digest.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::at_once::{AT_ONCE, MENDING, PASSING, PROMISE, WARNING};
use super::due::{CLOCK, DUE, WOUND};
use super::life_of;
use super::link::{LINK, LINK_OF};
use super::retold;
use super::used::USED;
use crate::app::service::change::Change;
use crate::app::service::marks::{
    FORM, KEPT, LATE, MADE, OF_CLIENT, OPEN, PROMISED, SIGNED, ticket_marks,
};
use crate::app::service::refusal::Refusal;
use crate::app::service::scene::PROGRESS;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::desk::event::{Event, Stream};
use crate::store::row::Document;
use crate::store::{MOST_ROWS, Write};

/// Things written together.
const TOGETHER: usize = 4_000;

/// The kinds of documents that are views of the log.
const VIEWS: [&str; 4] = [TICKET, PROGRESS, LINK, LINK_OF];

/// What a rebuild came to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Rebuilt {
    /// Events read.
    pub events: u64,
    /// Tickets there are.
    pub tickets: usize,
    /// Documents that were not as the log tells, and are now.
    pub changed: usize,
    /// Documents nobody tells of, which were dropped.
    pub dropped: usize,
    /// Tickets and links that stay as they are, as events of an older form do not tell enough, or
    /// cannot be read.
    pub left: Vec<String>,
}

/// A rebuild under way.
struct Work<'a> {
    service: &'a Service,
    change: Change,
    count: usize,
    /// What the log tells of, as kind/key.
    told: BTreeSet<String>,
    done: Rebuilt,
}

impl Service {
    /// Reads all views from the log anew. `watch` is told how many events were read, and how many
    /// there are. Nobody else may write meanwhile.
    ///
    /// # Errors
    /// [`Refusal::Store`] for what the store fails by, events that cannot be read among it.
    pub fn rebuild(
        &self,
        now_ms: i64,
        watch: &mut dyn FnMut(u64, u64),
    ) -> Result<Rebuilt, Refusal> {
        let heads = self.store.heads()?;
        let change = Change::by(&Caller::machine_owner(), now_ms);
        let (told, done) = (BTreeSet::new(), Rebuilt::default());
        let mut work = Work { service: self, change, count: 0, told, done };
        // Cut short, it leaves no list that looks whole: the next one who opens the file makes
        // them.
        work.and(Write::Unmark { kind: MADE.0.to_owned(), key: MADE.1.to_owned() });
        let lists = [OPEN, PROMISED, SIGNED, KEPT, OF_CLIENT, LATE, DUE, CLOCK, WOUND.0];
        for kind in lists.into_iter().chain([AT_ONCE, MENDING, PASSING, WARNING, USED]) {
            work.and(Write::UnmarkAll { kind: kind.to_owned() });
        }
        let beside = |kind: &str| -> BTreeSet<&str> {
            let own = heads.heads.iter().filter(|(stream, _)| stream.kind == kind);
            own.map(|(stream, _)| stream.key.as_str()).collect()
        };
        let (spoke, at_risk) = (beside(CLOCK), beside(PROMISE));
        for (stream, head) in &heads.heads {
            let key = stream.key.as_str();
            if ![TICKET, PROGRESS, LINK].contains(&stream.kind.as_str()) {
                continue;
            }
            let events = self.stream_of(stream, head.seq)?;
            match stream.kind.as_str() {
                TICKET => {
                    let has_said = (spoke.contains(key), at_risk.contains(key));
                    work.ticket_or_leave(key, &events, has_said)?;
                }
                PROGRESS => {
                    let rows = retold::progress(&events)?;
                    rows.into_iter().try_for_each(|row| work.lay(row))?;
                }
                _ => work.links(key, &events)?,
            }
            work.done.events += head.seq;
            work.flush_if(TOGETHER)?;
            watch(work.done.events, heads.position);
        }
        work.drop_untold()?;
        self.lay_wound(&mut work.change)?;
        work.change.mark(MADE.0, MADE.1.to_owned(), FORM.to_owned());
        work.flush_if(0)?;
        self.look_from_the_beginning();
        Ok(work.done)
    }
}

impl Work<'_> {
    fn and(&mut self, write: Write) {
        self.count += 1;
        self.change.and(write);
    }

    /// Writes what is to be written, if it is more than so much.
    fn flush_if(&mut self, most: usize) -> Result<(), Refusal> {
        if self.count < most {
            return Ok(());
        }
        let next = Change::by(&Caller::machine_owner(), self.change.now_ms);
        let change = std::mem::replace(&mut self.change, next);
        self.count = 0;
        self.service.store.commit(change.batch())?;
        Ok(())
    }

    /// As [`Work::ticket`]; one that cannot be read stays as it is, and is named.
    fn ticket_or_leave(
        &mut self,
        key: &str,
        events: &[Event],
        has_said: (bool, bool),
    ) -> Result<(), Refusal> {
        match self.ticket(key, events, has_said) {
            Err(damage) if damage.is_damage() => {
                self.leave(TICKET, key);
                Ok(())
            }
            other => other,
        }
    }

    /// Lays down a ticket, of whose clocks and of whose promise something was said or not.
    fn ticket(
        &mut self,
        key: &str,
        events: &[Event],
        (has_said, is_told): (bool, bool),
    ) -> Result<(), Refusal> {
        let Some(last) = events.last() else { return Ok(()) };
        self.done.tickets += 1;
        let file = match self.service.retold(events)? {
            Some(file) => {
                self.lay(retold::ticket(key, &file, last))?;
                file
            }
            None => {
                self.leave(TICKET, key);
                match self.service.find_if_any::<TicketFile>(TICKET, key)? {
                    Some(kept) => kept.document,
                    None => return Ok(()),
                }
            }
        };
        let marks = ticket_marks(key, &file).into_iter();
        marks.filter(|write| matches!(write, Write::Mark { .. })).for_each(|mark| self.and(mark));
        let said = match has_said {
            true => self.service.stream_of(&Stream::new(CLOCK, key), u64::MAX)?,
            false => Vec::new(),
        };
        self.count += 2;
        self.change.used((key, &file), events);
        if events.iter().any(|event| event.kind == "ticket.defect_found") {
            self.service.set_mending(&mut self.change, key, &life_of(events)?)?;
        }
        if is_told {
            self.service.lay_warning(&mut self.change, (key, &file), events)?;
        }
        self.service.lay_clocks(&mut self.change, (key, &file), (events, &said))
    }

    fn links(&mut self, key: &str, events: &[Event]) -> Result<(), Refusal> {
        match retold::links(key, events)? {
            Some(rows) => rows.into_iter().try_for_each(|row| self.lay(row)),
            None => {
                self.leave(LINK_OF, key);
                if let Some(kept) = self.service.find_if_any::<String>(LINK_OF, key)? {
                    self.told.insert(format!("{LINK}/{}", kept.document));
                }
                Ok(())
            }
        }
    }

    /// Leaves a document as it is.
    fn leave(&mut self, kind: &str, key: &str) {
        let name = format!("{kind}/{key}");
        self.told.insert(name.clone());
        if !self.done.left.contains(&name) {
            self.done.left.push(name);
        }
    }

    /// Makes a document what the log tells.
    fn lay(&mut self, document: Document) -> Result<(), Refusal> {
        self.told.insert(format!("{}/{}", document.kind, document.key));
        let before = self.service.store.document(&document.kind, &document.key)?;
        if before.as_ref() != Some(&document) {
            self.done.changed += 1;
            self.and(Write::LayDocument(document));
        }
        Ok(())
    }

    /// Drops documents that nothing tells of.
    fn drop_untold(&mut self) -> Result<(), Refusal> {
        for kind in VIEWS {
            let mut behind: Option<String> = None;
            loop {
                let rows = self.service.store.documents(kind, behind.as_deref(), MOST_ROWS)?;
                let Some(last) = rows.last() else { break };
                behind = Some(last.key.clone());
                for Document { kind, key, .. } in rows {
                    if !self.told.contains(&format!("{kind}/{key}")) {
                        self.done.dropped += 1;
                        self.and(Write::DropDocument { kind, key });
                    }
                }
            }
        }
        Ok(())
    }
}
