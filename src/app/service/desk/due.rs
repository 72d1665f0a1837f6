//! What is due at the desk: the moments at which clocks and duties of tickets warn and run out and
//! clients are reminded, kept as marks in the order of time, found by a page query and turned into
//! events by [`Service::tick`].
//!
//! Nothing here is the truth: moments are read anew from the events whenever something happens to a
//! ticket, whenever one comes, and for all tickets when policy or base were replaced
//! ([`Service::wind`]). Among them, by time, stands what is due until somebody does it, in marks of
//! its own ([`AT_ONCE`]). What was said once of a moment of a clock is not said again: it is on
//! record in the stream `clock/<ticket>`, beside the ticket's own, so that a clock that warns makes
//! nobody's version stale. What should not be there is put right when its moment comes.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Laid;
use super::at_once::AT_ONCE;
use super::moments::{
    Name, Row, Sign, day, duties, moments, reminders, shown, told, told_of, with_who,
};
use super::response::{CALLED, Called, Calling};
use crate::app::service::change::Change;
use crate::app::service::kept::{Kept, Page, damaged};
use crate::app::service::marks::LATE;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::watch::Sort;
use crate::policy::desk::Post;
use crate::store;
use crate::store::row::Mark;

/// The kind of marks in the order of time.
pub(in crate::app::service) const DUE: &str = "due";
/// The kind of marks that say where a ticket's mark among those is, and of streams with what clocks
/// said.
pub(in crate::app::service) const CLOCK: &str = "clock";
/// The mark that says how far the clocks were wound.
pub(in crate::app::service) const WOUND: (&str, &str) = ("wound", CLOCK);
/// The actor of what clocks say.
const ACTOR: &str = "clock";
/// Marks looked at together.
pub(super) const LOOKED_AT: usize = 200;
/// Keys are looked for from so long ago on: those before were all taken away.
const MARGIN_MS: i64 = 600_000;

/// How far the clocks were wound by what is laid down now.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Wound {
    policy: u64,
    base: u64,
    /// The last ticket wound; none when all are.
    behind: Option<String>,
}

/// Something that is due, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownDue {
    /// When.
    pub at: String,
    /// The ticket.
    pub ticket: String,
    /// The clock or the duty.
    pub timer: String,
    /// What people call it.
    pub name: Label,
    /// The piece of material it is about, if it is about one (R029).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Label>,
    /// What it has to say.
    pub sign: Sign,
    /// Who is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// Who has to act, where somebody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What the client is told, where he is to be warned (R074); what is to be put right (R083).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Label>,
}

impl Service {
    /// Adds to `change` where the clocks of a ticket with these events, its own, will be due.
    pub(super) fn set_clocks(
        &self,
        change: &mut Change,
        (key, file): (&str, &TicketFile),
        events: &[Event],
    ) -> Result<(), Refusal> {
        let Some(laid) = self.laid()? else { return Ok(()) };
        let said = self.stream_of(&Stream::new(CLOCK, key), u64::MAX)?;
        let (rows, called) = self.rows(&laid, (key, file), events, &said, change.now_ms)?;
        if said.iter().any(|event| event.kind == CALLED) {
            self.set_passing(change, key, on_record(called).as_ref())?;
        }
        self.place(change, key, rows)
    }

    /// Adds to `change` that the moments of a ticket are `rows` from now on.
    fn place(&self, change: &mut Change, key: &str, rows: Vec<Row>) -> Result<(), Refusal> {
        let old = self.store.mark(CLOCK, key)?;
        let next = place_of(change.now_ms, key, &rows);
        if let Some(old) = old.as_ref().filter(|old| next.as_ref() != Some(*old)) {
            change.unmark(DUE, old.clone());
        }
        match &next {
            Some(place) if old != next => change.mark(CLOCK, key.to_owned(), place.clone()),
            None if old.is_some() => change.unmark(CLOCK, key.to_owned()),
            _ => {}
        }
        if let Some(next) = next {
            change.mark(DUE, next, spelt(&rows));
        }
        Ok(())
    }

    /// Adds to `change`, where there is no mark of a clock yet, those of a ticket.
    pub(super) fn lay_clocks(
        &self,
        change: &mut Change,
        (key, file): (&str, &TicketFile),
        (events, said): (&[Event], &[Event]),
    ) -> Result<(), Refusal> {
        let Some(laid) = self.laid()?.filter(|_| file.desk.is_some()) else { return Ok(()) };
        let (rows, called) = self.rows(&laid, (key, file), events, said, change.now_ms)?;
        if let Some(next) = place_of(change.now_ms, key, &rows) {
            change.mark(CLOCK, key.to_owned(), next.clone());
            change.mark(DUE, next, spelt(&rows));
        }
        let is_late = |event: &Event| told(event).is_some_and(|row| row.is_late_payment(&laid));
        if file.desk.as_ref().is_some_and(|desk| desk.is_billed) && said.iter().any(is_late) {
            change.late(key, file);
        }
        match on_record(called) {
            Some(calling) => self.set_passing(change, key, Some(&calling)),
            None => Ok(()),
        }
    }

    /// Adds to `change` that all clocks are wound by what is laid down now.
    pub(super) fn lay_wound(&self, change: &mut Change) -> Result<(), Refusal> {
        if let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) {
            let wound = Wound { policy: laid.version, base: known.version, behind: None };
            change.mark(WOUND.0, WOUND.1.to_owned(), spelt(&wound));
        }
        Ok(())
    }

    /// The moments to come, and those that came and were not told, by time; and the higher level of
    /// response that is called for.
    fn rows(
        &self,
        laid: &Laid,
        (key, file): (&str, &TicketFile),
        events: &[Event],
        said: &[Event],
        now_ms: i64,
    ) -> Result<(Vec<Row>, Option<Called>), Refusal> {
        let Some(known) = self.known.now() else { return Ok((Vec::new(), None)) };
        let said_rows: Vec<Row> = said.iter().filter_map(told).collect();
        // Of a clock that ran out nothing more is told, whatever its moment is by other rules, but
        // to the next one of a ladder that it is still open.
        let out = said_rows.iter().filter(|row| row.sign == Sign::RunsOut);
        let out: BTreeSet<_> = out.map(|row| (row.timer.clone(), row.run)).collect();
        let told: BTreeSet<Name> = said_rows.iter().map(Row::name).collect();
        let client = file.ticket.client.as_deref();
        let agreement = laid.agreement(client, day(&known.book, file.created_ms));
        let between = (laid.since_ms.max(known.since_ms), now_ms);
        let mut rows = BTreeSet::new();
        for versions in self.versions(&laid.desk, file, events)? {
            rows.extend(moments(&known.book, &versions, events, between, agreement)?);
        }
        let sort = Sort::of(&laid.desk, &known.base.services, &file.ticket);
        rows.extend(duties(laid, &known.book, (events, sort), between));
        rows.extend(reminders(laid, events, between));
        let called = self.called_for(laid, (key, file), (events, said))?;
        rows.extend(called.as_ref().and_then(|called| called.row(laid, events)));
        let is_over =
            |row: &Row| row.sign != Sign::Escalates && out.contains(&(row.timer.clone(), row.run));
        rows.retain(|row| !told.contains(&row.name()) && !is_over(row));
        let crew = file.desk.as_ref().and_then(|desk| desk.crew.as_ref());
        let rows = rows.into_iter().map(|row| with_who(row, laid, crew));
        Ok((rows.collect(), called))
    }

    /// Turns what is due at `now_ms` into events, each once, also after a restart; answers for how
    /// many tickets. A ticket that cannot be read keeps no other one from being told.
    ///
    /// # Errors
    /// What the store fails by; of what cannot be read the first, when all else was told.
    pub fn tick(&self, now_ms: i64) -> Result<usize, Refusal> {
        let mut behind = self.due_from();
        let last = due_key(now_ms.saturating_add(1), "");
        let (mut count, mut unread, mut unread_count) = (0, None, 0);
        loop {
            let rows = self.store.marks(DUE, &behind, Some(&last), LOOKED_AT)?;
            let Some(row) = rows.last() else { break };
            behind.clone_from(&row.key);
            if self.come_together(&rows, now_ms)? {
                count += rows.len();
                continue;
            }
            for row in rows {
                match self.come(&row.key, now_ms) {
                    Ok(()) => count += 1,
                    Err(damage) if damage.is_damage() => {
                        unread = unread.or(Some(damage));
                        unread_count += 1;
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        self.pass_on(now_ms)?;
        self.unread_clocks.store(unread_count, Ordering::Relaxed);
        if let Some(damage) = unread {
            // It is looked at again, so that it goes on once it can be read.
            return Err(damage);
        }
        self.due_from.fetch_max(now_ms.saturating_sub(MARGIN_MS), Ordering::Relaxed);
        Ok(count)
    }

    /// How many tickets have clocks that cannot be read, as the last look at them found.
    #[must_use]
    pub fn unread_clocks(&self) -> u64 {
        self.unread_clocks.load(Ordering::Relaxed)
    }

    /// Tells what is due before policy or base are replaced: what was stopped by then is not judged
    /// by the next ones.
    pub(in crate::app::service) fn tell_by_the_old_rules(&self, now_ms: i64) {
        // What fails keeps nobody from laying down something else.
        let _ = self.tick(now_ms);
    }

    /// Looks for moments that were not told from the first on.
    pub(super) fn look_from_the_beginning(&self) {
        self.due_from.store(0, Ordering::Relaxed);
    }

    /// The key behind which moments that were not told begin.
    fn due_from(&self) -> String {
        format!("{:016}", self.due_from.load(Ordering::Relaxed).max(0))
    }

    /// Tells what is due of all these tickets at once; false, with nothing told, where one of them
    /// cannot be read, or something happened to one meanwhile: then each is told by itself.
    fn come_together(&self, places: &[Mark], now_ms: i64) -> Result<bool, Refusal> {
        let mut change = clock_change(now_ms);
        for place in places {
            match self.add_come(&mut change, &place.key) {
                Err(damage) if damage.is_damage() => return Ok(false),
                other => other?,
            }
        }
        self.committed(change)
    }

    /// Whether nobody was faster.
    fn committed(&self, change: Change) -> Result<bool, Refusal> {
        match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
            Ok(_) => Ok(true),
            Err(Refusal::Stale { .. }) => Ok(false),
            Err(Refusal::Store(store::Failure::Refused(store::Refusal::Moved { .. }))) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Tells what is due of the ticket whose moments are at `place`, and puts down the next ones;
    /// anew when something happened to it meanwhile.
    fn come(&self, place: &str, now_ms: i64) -> Result<(), Refusal> {
        for _ in 0..super::MOST_TRIES {
            let mut change = clock_change(now_ms);
            self.add_come(&mut change, place)?;
            if self.committed(change)? {
                break;
            }
        }
        // What was not told the next round finds.
        Ok(())
    }

    /// Adds to `change` what is due of the ticket whose moments are at `place`, and the next ones.
    fn add_come(&self, change: &mut Change, place: &str) -> Result<(), Refusal> {
        let Some((_, key)) = place.split_once('/') else { return Ok(()) };
        let now_ms = change.now_ms;
        let is_own = self.store.mark(CLOCK, key)?.as_deref() == Some(place);
        let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
        let is_removed = is_own && kept.is_some() && self.laid()?.is_some();
        if let Some(kept) = kept
            && let Some(laid) = self.laid()?
        {
            let Kept { version, document: file, .. } = kept;
            let events = self.stream_of(&Stream::new(TICKET, key), version)?;
            let stream = Stream::new(CLOCK, key);
            let said = self.stream_of(&stream, u64::MAX)?;
            let (rows, called) = self.rows(&laid, (key, &file), &events, &said, now_ms)?;
            let mut called = called.map(|called| called.calling);
            let (rows, later): (Vec<Row>, _) =
                rows.into_iter().partition(|row| row.has_come(now_ms));
            let mut seq = said.last().map_or(0, |event| event.seq);
            if rows.iter().any(|row| row.is_late_payment(&laid)) {
                change.late(key, &file);
            }
            for row in rows {
                if row.sign == Sign::PassesOn {
                    if let Some(calling) = called.take() {
                        let told = (&stream, seq, calling);
                        seq = self.tell_called(change, &laid, (key, &file), told)?;
                    }
                    continue;
                }
                for (kind, payload) in told_of(&laid, &file, &row) {
                    change.event(self, (&stream, Some(seq)), kind, &payload)?;
                    seq += 1;
                }
            }
            self.place(change, key, later)?;
            // Moments are those of these events, and of no later ones.
            change.stays_at(Stream::new(TICKET, key), version);
        }
        if !is_removed {
            // Left behind by somebody who was told of another.
            change.unmark(DUE, place.to_owned());
        }
        Ok(())
    }

    /// Reads the clocks of some tickets anew when policy, base or their client were changed since;
    /// false when nothing is left to do.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn wind(&self, now_ms: i64) -> Result<bool, Refusal> {
        let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) else { return Ok(false) };
        if self.wind_changed(now_ms)? {
            return Ok(true);
        }
        let kept = self.store.mark(WOUND.0, WOUND.1)?;
        let kept = kept.as_deref().map(serde_json::from_str::<Wound>).transpose();
        let wound = kept.map_err(|_| damaged(WOUND.0, WOUND.1))?.unwrap_or_default();
        let is_same = (wound.policy, wound.base) == (laid.version, known.version);
        if is_same && wound.behind.is_none() {
            return Ok(false);
        }
        let after = wound.behind.filter(|_| is_same);
        let page: Page<Kept<TicketFile>> =
            self.page(TICKET, after.as_deref(), LOOKED_AT, |file: &TicketFile| {
                file.desk.is_some()
            })?;
        let mut change = clock_change(now_ms);
        for Kept { key, version, document } in page.items {
            let stream = Stream::new(TICKET, &key);
            let events = self.stream_of(&stream, version)?;
            let own = (key.as_str(), &document);
            let laid = self.set_clocks(&mut change, own, &events);
            match laid.and_then(|()| self.lay_warning(&mut change, own, &events)) {
                Ok(()) => change.stays_at(stream, version),
                // Its moments stay where they are; those of others do not.
                Err(damage) if damage.is_damage() => {}
                Err(other) => return Err(other),
            }
        }
        let wound = Wound { policy: laid.version, base: known.version, behind: page.next };
        change.mark(WOUND.0, WOUND.1.to_owned(), spelt(&wound));
        match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
            // Something happened to one of them meanwhile: they are read once more.
            Ok(_) | Err(Refusal::Stale { .. }) => Ok(true),
            Err(other) => Err(other),
        }
    }

    /// What is due until `until_ms`, by time, and where to go on. It reads marks alone: of clocks and
    /// of what is due at once up to 200 together, and one more for each row of the latter.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn desk_due(
        &self,
        caller: &Caller,
        until_ms: i64,
        after: Option<&str>,
        most: usize,
    ) -> Result<Page<ShownDue>, Refusal> {
        caller.must(Permission::DeskWork)?;
        let mut behind = after.unwrap_or_default().to_owned();
        let last = due_key(until_ms.saturating_add(1), "");
        let laid = self.laid()?;
        let mut items = Vec::new();
        loop {
            let page = self.due_behind(&behind, &last)?;
            if page.is_empty() {
                return Ok(by_time(items, None));
            }
            for (kind, mark) in page {
                if items.len() >= most {
                    return Ok(by_time(items, Some(behind)));
                }
                match (kind, &laid) {
                    (AT_ONCE, Some(laid)) => items.extend(self.due_at_once(laid, &mark)?),
                    (AT_ONCE, None) => {}
                    _ => items.extend(self.clocks_due(laid.as_deref(), &mark, until_ms)?),
                }
                behind = mark.key;
            }
        }
    }

    /// The next marks of clocks and of what is due at once, by their keys, which begin with the
    /// moment.
    fn due_behind(&self, behind: &str, last: &str) -> Result<Vec<(&'static str, Mark)>, Refusal> {
        let from = self.due_from();
        let clocks = self.store.marks(DUE, behind.max(&from), Some(last), LOOKED_AT)?;
        let others = self.store.marks(AT_ONCE, behind, Some(last), LOOKED_AT)?;
        // Behind the last of a full page there may be more of its kind.
        let ends = [&clocks, &others].into_iter().filter(|page| page.len() == LOOKED_AT);
        let end = ends.filter_map(|page| page.last()).map(|mark| mark.key.clone()).min();
        let clocks = clocks.into_iter().map(|mark| (DUE, mark));
        let mut all: Vec<_> = clocks.chain(others.into_iter().map(|one| (AT_ONCE, one))).collect();
        all.retain(|(_, mark)| end.as_ref().is_none_or(|end| mark.key <= *end));
        all.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
        Ok(all)
    }

    /// The moments of a ticket until then, as they are shown.
    fn clocks_due(
        &self,
        laid: Option<&Laid>,
        mark: &Mark,
        until_ms: i64,
    ) -> Result<Vec<ShownDue>, Refusal> {
        let rows = serde_json::from_str::<Vec<Row>>(&mark.body);
        let rows = rows.map_err(|_| damaged(DUE, &mark.key))?.into_iter();
        let ticket = mark.key.split_once('/').map_or("", |(_, ticket)| ticket);
        let due = rows.filter(|row| row.at_ms <= until_ms);
        due.map(|row| {
            let item = self.item_of(laid, (ticket, row.item.as_deref()))?;
            Ok(ShownDue { item, ..shown(laid, ticket.to_owned(), row) })
        })
        .collect()
    }
}

/// What is on record of a higher level that is called for.
fn on_record(called: Option<Called>) -> Option<Calling> {
    called.filter(|called| called.is_told).map(|called| called.calling)
}

/// A page of what is due, whatever ticket it is of by time.
fn by_time(mut items: Vec<ShownDue>, next: Option<String>) -> Page<ShownDue> {
    items.sort_by(|one, other| one.at.cmp(&other.at));
    Page { items, next, unread: Vec::new() }
}

/// What clocks say at `now_ms`.
fn clock_change(now_ms: i64) -> Change {
    let mut change = Change::by(&Caller::machine_owner(), now_ms);
    ACTOR.clone_into(&mut change.actor);
    change
}

impl Change {
    /// Marks that the client of a ticket is late to pay for it (R193).
    fn late(&mut self, key: &str, file: &TicketFile) {
        if let Some(client) = &file.ticket.client {
            self.mark(LATE, format!("{client}/{key}"), String::new());
        }
    }
}

/// Where the moments of a ticket are put: never among those that were looked through, so that what
/// came before is found at once.
fn place_of(now_ms: i64, ticket: &str, rows: &[Row]) -> Option<String> {
    let least_ms = now_ms.saturating_sub(MARGIN_MS / 2);
    rows.first().map(|row| due_key(row.at_ms.max(least_ms), ticket))
}

fn spelt(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).expect("texts and whole numbers have a spelling")
}

/// Keys in the order of time.
pub(super) fn due_key(at_ms: i64, ticket: &str) -> String {
    format!("{:016}/{ticket}", at_ms.max(0))
}
