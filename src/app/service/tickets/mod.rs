//! Tickets: created from any channel, changed against their version, cancelled; every change an
//! event in the stream `ticket/<key>`, whose last number is the version of the document that is
//! read. Personal texts lie apart.

mod form;

use serde_json::{Value, json};

use super::bare::{bare_ticket, subject};
use super::change::Change;
use super::clients::Contact;
use super::desk::{DeskFile, Doing, ShownDesk, ShownFar, Wanted};
use super::kept::{Kept, Page, damaged, fresh_key};
use super::marks::{List, MADE_BY, OF_CLIENT, OPEN};
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::{Permission, Role};
use super::shown::shown_price;
use super::weighing::{must_be_his_to_say, own_batch, shown_to};
use super::{Caller, Service};
use crate::app::chance;
use crate::app::clock::stamp;
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::desk::hash::Hash;
use crate::desk::life::Happening;
use crate::desk::personal::PersonalText;
use crate::model::ticket::Ticket;
use crate::store::row::Text;
use crate::store::{self, Write};

pub use form::{
    Channel, NewTicket, Promise, Review, Settled, ShownTicket, Standing, State, TicketChange,
    TicketFile,
};

/// The kind of their documents and streams.
pub(super) const TICKET: &str = "ticket";
/// The kind of the event that a date is promised.
const PROMISED: &str = "ticket.promised";

/// Which tickets are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Those in this state.
    pub state: Option<State>,
    /// Those of this client.
    pub client: Option<String>,
    /// Those that the system they came from calls so.
    pub external: Option<String>,
}

impl Service {
    /// A new ticket (R124), answered with when it will be done, as far as is known (R133).
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Wish`], [`Refusal::Taken`],
    /// [`Refusal::OtherBody`], what fails outside.
    pub fn create_ticket(
        &self,
        caller: &Caller,
        mut new: NewTicket,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::TicketCreate)?;
        let key = new.id.take().map_or_else(|| fresh_key("T"), Ok)?;
        let again = |key: &str| {
            let Kept { key, version, document } = self.find(TICKET, key)?;
            let document = self.shown_ticket(caller, &key, version, document);
            Ok(Kept { key, version, document })
        };
        self.once(once, now_ms, again, || {
            let (channel, external) = (new.channel, new.external.take());
            let (contact, wants_estimate) = (new.contact.take(), new.estimate);
            let attributes = std::mem::take(&mut new.attributes);
            self.must_be_above_floors(&attributes, now_ms)?;
            let mut ticket = new.ticket(&key);
            must_be_his_to_say(caller, &ticket, None)?;
            self.must_name_what_there_is(caller, (&ticket, None))?;
            ticket.batch = own_batch(caller, ticket.batch);
            let mut change = Change::by(caller, now_ms);
            change.needs_client(ticket.client.as_ref());
            let contact = contact.as_ref().map(|contact| apart(&mut change, contact, &ticket));
            let file = TicketFile {
                channel,
                external,
                state: State::Open,
                review: Review::Pending,
                promise: None,
                price: None,
                bargain: None,
                created_ms: now_ms,
                contact: contact.transpose()?,
                by: caller.owner.clone(),
                ticket,
                attributes,
                desk: self.laid()?.map(|_| DeskFile::default()),
            };
            let stream = Stream::new(TICKET, &key);
            let payload = change.told_of(None, &file)?;
            change.event(self, (&stream, Some(0)), "ticket.created", &payload)?;
            change.put_ticket(&key, 0, &file);
            self.set_clocks_after(&mut change, (&key, 0, &file), "ticket.created")?;
            let mut shown = self.shown_ticket(caller, &key, 1, file);
            if wants_estimate && !shown.standing.is_planned {
                shown.standing =
                    self.estimated((&shown.ticket, &shown.attributes), shown.standing, now_ms);
            }
            Ok(Making::new(&key, 1, &shown, change))
        })
    }

    /// A ticket, as much of it as the caller may know.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn ticket(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<ShownTicket, Refusal> {
        caller.must(Permission::TicketRead)?;
        let Kept { version, document, .. } = self.own_ticket(caller, key)?;
        let contact = match document.contact {
            Some(hash) if caller.may(Permission::ClientRead) => self.store.text(&hash)?,
            _ => None,
        };
        let contact = match contact {
            Some(Text::Kept(text)) => serde_json::from_str(&text.text).ok(),
            _ => None,
        };
        let detail = if contact.is_some() { "contact" } else { "" };
        self.note(caller, (TICKET, key, detail), now_ms)?;
        Ok(ShownTicket { contact, ..self.shown_ticket(caller, key, version, document) })
    }

    /// Tickets by key, without their contacts.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn tickets(
        &self,
        caller: &Caller,
        asked: &Asked,
        after: Option<&str>,
        most: usize,
        now_ms: i64,
    ) -> Result<Page<ShownTicket>, Refusal> {
        caller.must(Permission::TicketRead)?;
        let fits = |file: &TicketFile| {
            let client = file.ticket.client.as_ref();
            may_see(caller, file)
                && asked.state.is_none_or(|state| state == file.state)
                && asked.client.as_ref().is_none_or(|wanted| client == Some(wanted))
                && (asked.external.is_none() || asked.external == file.external)
        };
        let page = match (asked.client.as_deref(), asked.state) {
            // By its own, so that where to go on names nobody else's.
            _ if caller.role == Role::Ticketing => {
                let list = List { marks: MADE_BY, within: Some(&caller.owner) };
                self.page_of(list, TICKET, (after, most), fits)?
            }
            (Some(client), _) => {
                let list = List { marks: OF_CLIENT, within: Some(client) };
                self.page_of(list, TICKET, (after, most), fits)?
            }
            (None, Some(State::Open)) => {
                let list = List { marks: OPEN, within: None };
                self.page_of(list, TICKET, (after, most), fits)?
            }
            _ => self.page(TICKET, after, most, fits)?,
        };
        let mut items = Vec::with_capacity(page.items.len());
        for Kept { key, version, document } in page.items {
            self.note(caller, (TICKET, &key, "list"), now_ms)?;
            items.push(self.shown_ticket(caller, &key, version, document));
        }
        Ok(Page { items, next: page.next, unread: page.unread })
    }

    /// Changes a ticket that has the version `expected`, or any when none is named.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], [`Refusal::Stale`], [`Refusal::Faulty`],
    /// [`Refusal::Impossible`] for one that was cancelled, what fails outside.
    pub fn change_ticket(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        wish: TicketChange,
        now_ms: i64,
    ) -> Result<ShownTicket, Refusal> {
        caller.must(Permission::TicketChange)?;
        if wish.review.is_some() {
            caller.must(Permission::TicketReview)?;
        }
        self.revise(caller, (key, expected), ("ticket.changed", None), now_ms, |file| {
            if file.desk.is_some() && wish.state.is_some() {
                return Err(desk_says());
            }
            let writes_words = wish.title.is_some() || wish.curves.is_some();
            if writes_words && self.must_name_a_client(&file.ticket).is_err() {
                return Err(client_erased());
            }
            self.must_be_his_to_restate(caller, file, &wish)?;
            let (before, reason) = (file.ticket.clone(), wish.reason.clone());
            apply(file, wish, caller);
            self.must_be_above_floors(&file.attributes, now_ms)?;
            must_be_his_to_say(caller, &file.ticket, Some(&before))?;
            self.must_name_what_there_is(caller, (&file.ticket, Some(&before)))?;
            Ok(reason)
        })
    }

    /// Calls a ticket off. Whoever asks again, having lost the answer, is told how it stands, by
    /// whatever version he relied on: what he wants is so.
    ///
    /// # Errors
    /// As [`Service::change_ticket`].
    pub fn cancel_ticket(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        now_ms: i64,
    ) -> Result<ShownTicket, Refusal> {
        caller.must(Permission::TicketChange)?;
        let Kept { version, document, .. } = self.own_ticket(caller, key)?;
        if document.state == State::Cancelled {
            return Ok(self.shown_ticket(caller, key, version, document));
        }
        if document.desk.is_some() {
            let reason = "取消 / called off".to_owned();
            let doing = Doing::of(&Happening::CalledOff { reason, settled: None });
            let wanted = Wanted { key, version: expected };
            let made = self.desk_do(caller, wanted, &doing, None, now_ms)?;
            return serde_json::from_slice(&made.body).map_err(|_| damaged(TICKET, key));
        }
        self.revise(caller, (key, expected), ("ticket.cancelled", None), now_ms, |file| {
            file.state = State::Cancelled;
            Ok(None)
        })
    }

    /// Promises the finish that the plan in force has for a ticket, together with that plan's
    /// digest: a date without a plan is none (R131).
    ///
    /// # Errors
    /// [`Refusal::Impossible`] when no plan in force serves it or a red line forbids it; else as
    /// [`Service::change_ticket`].
    pub fn promise_ticket(
        &self,
        caller: &Caller,
        key: &str,
        expected: Option<u64>,
        now_ms: i64,
    ) -> Result<ShownTicket, Refusal> {
        caller.must(Permission::QuoteAccept)?;
        let _held = self.dates_held();
        loop {
            let plan = self.standing.now().map(|plan| plan.number);
            let event = (PROMISED, plan);
            let done = self.revise(caller, (key, expected), event, now_ms, |file| {
                file.promise = Some(self.planned_date(file)?);
                Ok(None)
            });
            match done {
                // Another plan is in force by now, and the date is read from that one.
                Err(Refusal::Store(store::Failure::Refused(store::Refusal::Moved { .. }))) => {
                    self.load_plan()?;
                    if self.standing.now().map(|plan| plan.number) == plan {
                        return done;
                    }
                }
                done => return done,
            }
        }
    }

    /// The date that the plan in force has for a ticket.
    fn planned_date(&self, file: &TicketFile) -> Result<Promise, Refusal> {
        let TicketFile { ticket, state, promise, attributes, .. } = file;
        if let Some(forbidden) = self.crossed(ticket, attributes, promise.is_some())? {
            return Err(Refusal::Impossible(forbidden));
        }
        let (id, standing) = (&ticket.id, self.standing(ticket, *state));
        match (standing.estimate, standing.plan, standing.is_planned) {
            (Some(finish), Some(plan), true) => Ok(Promise { finish, plan }),
            _ => Err(Refusal::Impossible(Label::new(
                format!(
                    "在执行的计划没有排入 {id}，不能承诺日期：请先报价并接受方案（ticket quote {id}，\
                     POST /v1/quotes）"
                ),
                format!(
                    "no plan in force serves {id}, so no date can be promised: quote it and accept \
                     an option (ticket quote {id}, POST /v1/quotes)"
                ),
            ))),
        }
    }

    /// Puts a ticket on record as `revise` leaves it, with the reason that it gives.
    fn revise(
        &self,
        caller: &Caller,
        (key, expected): (&str, Option<u64>),
        (kind, replaced): (&str, Option<u64>),
        now_ms: i64,
        revise: impl FnOnce(&mut TicketFile) -> Result<Option<String>, Refusal>,
    ) -> Result<ShownTicket, Refusal> {
        let Kept { version, mut document, .. } = self.own_ticket(caller, key)?;
        if expected.is_some_and(|expected| expected != version) {
            return Err(Refusal::Stale { kind: TICKET, key: key.to_owned(), actual: version });
        }
        if document.state == State::Cancelled {
            return Err(Refusal::Impossible(Label::new(
                format!("工单 {key} 已取消，不能再改"),
                format!("the ticket {key} was cancelled and is not changed any more"),
            )));
        }
        let before = document.clone();
        let reason = revise(&mut document)?;
        let mut change = Change::by(caller, now_ms);
        change.relies_on(replaced);
        self.in_order(&mut change, (key, version))?;
        if let Some(reason) = reason {
            change.note(self, (key, version, &document), &reason)?;
        }
        let told = change.told_of(Some(&before), &document)?;
        let stream = Stream::new(TICKET, key);
        change.event(self, (&stream, Some(version)), kind, &told)?;
        change.put_ticket(key, version, &document);
        let moved =
            document.promise.clone().filter(|_| kind == PROMISED && document.desk.is_some());
        let (version, document) = match &moved {
            Some(promise) => {
                let ticket = (key, version, document);
                self.promise_moved_at_desk(&mut change, caller, ticket, promise)?
            }
            None => {
                self.set_clocks_after(&mut change, (key, version, &document), kind)?;
                (version + 1, document)
            }
        };
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(self.shown_ticket(caller, key, version, document))
    }

    /// The ticket, if the caller may see it: another one's is as good as none.
    pub(super) fn own_ticket(
        &self,
        caller: &Caller,
        key: &str,
    ) -> Result<Kept<TicketFile>, Refusal> {
        let kept: Kept<TicketFile> = self.find(TICKET, key)?;
        if may_see(caller, &kept.document) {
            return Ok(kept);
        }
        Err(Refusal::Unknown { kind: TICKET, key: key.to_owned() })
    }

    /// The ticket as it is shown to `caller`, without its contact.
    pub(super) fn shown_ticket(
        &self,
        caller: &Caller,
        key: &str,
        version: u64,
        file: TicketFile,
    ) -> ShownTicket {
        let mut standing = self.standing_of(&file);
        if !caller.may(Permission::PersonRead) {
            standing.accountable = None;
        }
        // Programs of clients and partners see the three states, and not how the house works.
        let is_outside = caller.role == Role::Ticketing;
        let progress = ShownFar::of(&file).filter(|_| is_outside);
        let desk = file.desk.filter(|_| !is_outside);
        ShownTicket {
            id: key.to_owned(),
            version,
            channel: file.channel,
            external: file.external,
            state: file.state,
            created: stamp(file.created_ms),
            ticket: shown_to(caller, file.ticket),
            attributes: file.attributes,
            contact: None,
            review: file.review,
            promise: file.promise,
            price: file.price.map(|price| shown_price(price, caller)),
            standing,
            first: None,
            left_open: None,
            desk: desk.map(|desk| ShownDesk::of(desk, caller.may(Permission::PlanRead))),
            progress,
        }
    }
}

/// Another program sees the tickets it created itself, everybody else all of them.
pub(super) fn may_see(caller: &Caller, file: &TicketFile) -> bool {
    caller.role != Role::Ticketing || file.by == caller.owner
}

/// That the state of a ticket on the desk is set by nobody.
fn desk_says() -> Refusal {
    Refusal::Impossible(Label::new(
        "工单在服务台上，其状态由所登记的事项决定：请改用 /happenings",
        "the ticket is on the desk, and its state follows from what happens: use /happenings",
    ))
}

fn apply(file: &mut TicketFile, wish: TicketChange, caller: &Caller) {
    let TicketChange { title, track, release, due, curves, state, review, .. } = wish;
    let TicketChange { after, batch, excluded, attributes, service, .. } = wish;
    if let Some(attributes) = attributes {
        file.attributes = attributes.unwrap_or_default();
    }
    let ticket = &mut file.ticket;
    if let Some(service) = service.filter(|service| *service != ticket.service) {
        (ticket.service, ticket.steps, ticket.adjust) = (service, Vec::new(), Vec::new());
    }
    ticket.title = title.unwrap_or(ticket.title.take());
    ticket.track = track.map_or(ticket.track, Option::unwrap_or_default);
    ticket.release = release.unwrap_or(ticket.release);
    ticket.due = due.unwrap_or(ticket.due);
    if let Some(curves) = curves {
        ticket.curves = curves.unwrap_or_default();
    }
    if let Some(after) = after {
        ticket.after = after.unwrap_or_default();
    }
    if let Some(batch) = batch {
        ticket.batch = own_batch(caller, batch);
    }
    if let Some(excluded) = excluded {
        let excluded = excluded.unwrap_or_default();
        // Whoever is not shown them hands none back.
        if caller.may(Permission::PlanRead) || !excluded.is_empty() {
            ticket.excluded = excluded;
        }
    }
    match state {
        Some(Settled::Open) => file.state = State::Open,
        Some(Settled::Done) => file.state = State::Done,
        None => {}
    }
    file.review = review.unwrap_or(file.review);
}

impl Change {
    /// What an event tells of a ticket, before which it stood as `before`, if it was there:
    /// everything but what somebody wrote and what it costs, of which it names the hash. The
    /// ticket can be read from its events and these texts: [`super::desk`].
    pub(super) fn told_of(
        &mut self,
        before: Option<&TicketFile>,
        file: &TicketFile,
    ) -> Result<Value, Refusal> {
        let words = self.words_apart(before, file)?;
        let price = self.price_apart(before, file)?;
        let ticket = Ticket { entity: None, ..bare_ticket(file.ticket.clone()) };
        let mut payload = json!({
            "client": file.ticket.client,
            "state": file.state,
            "review": file.review,
            "ticket": ticket,
        });
        if let Some(promise) = &file.promise {
            payload["promise"] = json!(promise);
        }
        words.told(&mut payload, "words");
        price.told(&mut payload, "price");
        if before.is_none() {
            payload["channel"] = json!(file.channel);
            payload["contact"] = json!(file.contact);
            payload["owner"] = json!(file.by);
            payload["on_desk"] = json!(file.desk.is_some());
        }
        Ok(payload)
    }
}

fn client_erased() -> Refusal {
    Refusal::Impossible(Label::new(
        "该客户的资料已删除：不能再写标题和事由",
        "what was known of the client was erased: no titles and no reasons are written any more",
    ))
}

/// Keeps a contact apart from the events.
fn apart(change: &mut Change, contact: &Contact, ticket: &Ticket) -> Result<Hash, Refusal> {
    let subject = subject(&ticket.id);
    let text = serde_json::to_string(contact).expect("contacts are texts");
    let text = PersonalText { subject, salt: chance::bytes()?, text };
    let hash = text.hash();
    change.and(Write::PutText(text));
    Ok(hash)
}
