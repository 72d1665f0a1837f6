//! Quotes against the plan in force, and their acceptance: an accepted option is the next plan, in
//! one batch with its tickets and their promises. Of two acceptances at once one wins, and the
//! other is handed fresh options.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bare::bare;
use super::bargain::{Bargain, Priced};
use super::change::Change;
use super::desk::stated_with;
use super::kept::{Kept, fresh_key};
use super::once::{Made, Making, Once};
use super::outrun::{overtaken, used_up};
use super::parking::Parked;
use super::plans::{PLAN, PUBLISHED, PlanFile, plan_key};
use super::refusal::Refusal;
use super::role::{Permission, Role};
use super::shown::ShownQuote;
use super::standing::InForce;
use super::tickets::{Channel, Promise, Review, State, TICKET, TicketFile, may_see};
use super::weighing::must_be_his_to_say;
use super::{Caller, Service};
use crate::app::documents::{Text, written};
use crate::app::quoting::{self, Accepted, Depth};
use crate::calendar::{Label, Moment};
use crate::desk::event::Stream;
use crate::model::issue::Issues;
use crate::model::quote::{OptionKind, Quote};
use crate::model::request::Request;
use crate::model::ticket::Ticket;
use crate::store;

/// The kind and key of the policy's document.
pub(super) const POLICY: (&str, &str) = ("policy", "policy");
/// The kind of documents of quotes.
pub(super) const QUOTE: &str = "quote";

/// How often an acceptance is tried anew by another plan that came into force meanwhile.
const MOST_TRIES: u32 = 8;

/// A quote as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct QuoteFile {
    pub(super) by: String,
    pub(super) quote: Quote,
    /// The versions of the tickets it was made for; of one that is new, none or 0.
    #[serde(default)]
    pub(super) versions: BTreeMap<String, u64>,
    /// What of those it rests on, by digest: see [`TicketFile::grounds`]. Older ones rest on versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) rests_on: BTreeMap<String, String>,
}

/// A quote as it is shown, with its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quoted {
    /// What it is called.
    pub id: String,
    /// The quote, as much of it as the caller may know.
    pub quote: ShownQuote,
}

/// Which option is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Its kind.
    pub option: OptionKind,
}

/// What came of an acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedQuote {
    /// The number of the plan that is in force by it.
    pub plan: u64,
    /// The digest of that plan.
    pub digest: String,
    /// When it is finished: the promise (R131).
    pub finish: Moment,
    /// The tickets it serves.
    pub tickets: Vec<String>,
}

impl Service {
    /// The same, where there is a policy to quote by, and nothing that was reported runs into it.
    pub(super) fn quoting(&self, request: &Request) -> Result<Arc<Parked>, Refusal> {
        self.must_not_be_overtaken()?;
        let parked = self.parked(request)?;
        if parked.has_policy() { Ok(parked) } else { Err(no_policy()) }
    }

    /// The versions of the tickets that `request` speaks of, 0 for a new one, when each of them is
    /// open and one the caller may see.
    pub(super) fn asked_of(
        &self,
        caller: &Caller,
        request: &Request,
    ) -> Result<BTreeMap<String, u64>, Refusal> {
        let mut versions = BTreeMap::new();
        for ticket in &request.tickets {
            let key = ticket.id.clone();
            let version = match self.find_if_any::<TicketFile>(TICKET, &key)? {
                None => 0,
                Some(kept) if !may_see(caller, &kept.document) => {
                    return Err(Refusal::Taken { kind: TICKET, key });
                }
                Some(kept) if kept.document.state != State::Open => return Err(closed(&key)),
                Some(kept) if is_others(&kept.document.ticket, ticket) => {
                    return Err(for_another(&key));
                }
                Some(kept) => kept.version,
            };
            versions.insert(key, version);
        }
        Ok(versions)
    }

    /// The ways to fit `request` into the plan in force.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Impossible`] without a plan or a
    /// policy, or for a ticket that is closed; [`Refusal::Outrun`] when the plan in force does not
    /// stand up to who is there now, [`Refusal::Taken`] for somebody else's,
    /// [`Refusal::OtherBody`], what fails outside.
    pub fn quote(
        &self,
        caller: &Caller,
        request: &Request,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        self.quote_as_deep(caller, (request, Depth::Full), once, now_ms)
    }

    /// Only the ways that move nobody, which are found in milliseconds.
    ///
    /// # Errors
    /// As [`Service::quote`].
    pub fn quote_quickly(
        &self,
        caller: &Caller,
        request: &Request,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        self.quote_as_deep(caller, (request, Depth::Quick), once, now_ms)
    }

    fn quote_as_deep(
        &self,
        caller: &Caller,
        (request, depth): (&Request, Depth),
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::QuoteMake)?;
        let again = |key: &str| {
            let document = self.quote_of(caller, key, now_ms)?;
            Ok(Kept { key: key.to_owned(), version: 1, document })
        };
        self.once(once, now_ms, again, || {
            let mut versions = self.asked_of(caller, request)?;
            let complete = self.as_stated(self.complete(request)?)?;
            for ticket in &complete.tickets {
                let before = self.find_if_any::<TicketFile>(TICKET, &ticket.id)?;
                let before = before.map(|kept| kept.document.ticket);
                must_be_his_to_say(caller, ticket, before.as_ref())?;
            }
            self.must_all_name_what_there_is(caller, (request, &complete))?;
            let request = &complete;
            let parked = self.quoting(request)?;
            let at = parked.standing.moment(now_ms);
            let included = self.included_in(request, now_ms)?;
            let quote = quoting::quote_with(&parked.standing, (request, &included), at, depth);
            let quote = quote.map_err(|issues| faulty(request, issues))?;
            self.must_all_be_known(request)?;
            let quote = self.with_promises(&parked, quote)?;
            let key = fresh_key("Q")?;
            let mut change = Change::by(caller, now_ms);
            self.quoted_at_desk(&mut change, caller, &mut versions, (&key, &quote))?;
            let rests_on = self.rests_on(&versions)?;
            let file = QuoteFile { by: caller.owner.clone(), quote, versions, rests_on };
            change.put_quote(&key, &file);
            let quote = ShownQuote::of(file.quote, caller);
            let shown = Quoted { id: key.clone(), quote };
            Ok(Making::new(&key, 1, &shown, change))
        })
    }

    /// `quote` with the promises its options touch; none that breaks one is recommended where
    /// another option keeps all (R131).
    pub(super) fn with_promises(&self, parked: &Parked, quote: Quote) -> Result<Quote, Refusal> {
        let rows = quote.options.iter().flat_map(|option| &option.displaced);
        let keys: BTreeSet<&String> = rows.map(|row| &row.ticket).collect();
        let mut promises = BTreeMap::new();
        for key in keys {
            let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
            if let Some(promise) = kept.and_then(|kept| kept.document.promise) {
                promises.insert(key.clone(), promise.finish);
            }
        }
        Ok(quoting::promised(&parked.standing, quote, &promises))
    }

    fn must_all_be_known(&self, request: &Request) -> Result<(), Refusal> {
        request.tickets.iter().try_for_each(|ticket| {
            self.must_name_a_client(ticket)?;
            self.must_be_known(ticket)
        })
    }

    /// A quote.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn quote_of(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<Quoted, Refusal> {
        caller.must(Permission::QuoteMake)?;
        let QuoteFile { quote, .. } = self.own_quote(caller, key)?;
        self.note(caller, (QUOTE, key, ""), now_ms)?;
        Ok(Quoted { id: key.to_owned(), quote: ShownQuote::of(quote, caller) })
    }

    /// The quote, if the caller may see it: another program sees its own.
    fn own_quote(&self, caller: &Caller, key: &str) -> Result<QuoteFile, Refusal> {
        let kept: Kept<QuoteFile> = self.find(QUOTE, key)?;
        if caller.role != Role::Ticketing || kept.document.by == caller.owner {
            return Ok(kept.document);
        }
        Err(Refusal::Unknown { kind: QUOTE, key: key.to_owned() })
    }

    /// Accepts an option: it becomes the plan in force, or nothing changes.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`]; [`Refusal::Outrun`] with fresh options when
    /// the quote has expired or another plan is in force by now; [`Refusal::Wish`] for an option
    /// it does not have; [`Refusal::Stale`] for a ticket that has changed since it was quoted,
    /// [`Refusal::Taken`] for one that is somebody else's; [`Refusal::Impossible`],
    /// [`Refusal::OtherBody`], what fails outside.
    pub fn accept(
        &self,
        caller: &Caller,
        key: &str,
        option: OptionKind,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::QuoteAccept)?;
        let file = self.own_quote(caller, key)?;
        let quote = &file.quote;
        let again = |key: &str| self.accepted(&quote.request, key);
        let _held = self.dates_held();
        let mut tries = 1;
        loop {
            let done = self.once(once, now_ms, again, || {
                let parked = self.quoting(&quote.request)?;
                let at = parked.standing.moment(now_ms);
                match quoting::accepted(&parked.standing, quote, option, at) {
                    Ok(_) if self.is_used_up(quote, option, now_ms)? => {
                        Err(self.too_late(caller, used_up(), &quote.request, now_ms)?)
                    }
                    Ok(accepted) => {
                        let (quoted, number) = ((key, &file), parked.number());
                        self.acceptance(caller, quoted, (accepted, option), number, now_ms)
                    }
                    Err(why) => Err(self.not_accepted(caller, why, &quote.request, now_ms)?),
                }
            });
            match done {
                // Another plan came into force meanwhile, which may have room for it as well.
                Err(Refusal::Store(store::Failure::Refused(store::Refusal::Moved { .. }))) => {
                    self.load_plan()?;
                    if tries == MOST_TRIES {
                        return Err(self.too_late(caller, overtaken(), &quote.request, now_ms)?);
                    }
                    tries += 1;
                }
                Ok(made) => {
                    self.load_plan()?;
                    let asked = quote.request.tickets.iter().map(|ticket| ticket.id.as_str());
                    let asked: Vec<&str> = asked.collect();
                    self.dispatch_or_leave(Some(&asked), now_ms);
                    return Ok(made);
                }
                other => return other,
            }
        }
    }

    /// The change that makes an accepted option the plan in force.
    fn acceptance(
        &self,
        caller: &Caller,
        (quote, quoted): (&str, &QuoteFile),
        (accepted, kind): (Accepted, OptionKind),
        replaces: u64,
        now_ms: i64,
    ) -> Result<Making, Refusal> {
        let request = &quoted.quote.request;
        let versions = self.asked_of(caller, request)?;
        self.must_all_be_known(request)?;
        self.must_rest_on_the_same(quoted, &versions)?;
        let Accepted { mut scenario, plan, digest } = accepted;
        // Of clients that were only asked for nothing is kept in the plan.
        let named = scenario.tickets.iter().filter_map(|ticket| ticket.client.as_ref());
        let named: BTreeSet<&String> = named.collect();
        scenario.clients.retain(|client| named.contains(&client.id));
        let number = replaces + 1;
        let actor = caller.actor.clone();
        let (published_ms, rollback_of) = (now_ms, None);
        let is_asked = |ticket: &&Ticket| versions.contains_key(&ticket.id);
        let tickets: Vec<Ticket> = scenario.tickets.iter().filter(is_asked).cloned().collect();
        let scenario = bare(scenario);
        let file = PlanFile { number, digest, published_ms, actor, rollback_of, scenario, plan };
        let mut change = Change::by(caller, now_ms);
        tickets.iter().for_each(|ticket| change.needs_client(ticket.client.as_ref()));
        let stream = Stream::new(PLAN, PUBLISHED);
        let told = json!({"number": number, "digest": file.digest, "rollback_of": null});
        change.event(self, (&stream, Some(replaces)), "plan.published", &told)?;
        self.shelve(&mut change, &file)?;
        let next = InForce::of(file.clone());
        let asked: Vec<String> = request.tickets.iter().map(|ticket| ticket.id.clone()).collect();
        let bargain = Bargain::of((quote, quoted), kind, caller, now_ms);
        let priced = bargain.priced(quoted, &next);
        let mut finish: Option<Moment> = None;
        for key in &asked {
            let version = versions.get(key).copied().unwrap_or(0);
            let end = self.take_in(
                caller,
                &mut change,
                (key, version),
                Taken { tickets: &tickets, said: request, file: &file, next: &next },
                priced.get(key).cloned(),
                now_ms,
            )?;
            let tick = |moment: Moment| file.plan.zone.tick_from(moment);
            finish = [finish, end].into_iter().flatten().max_by_key(|moment| tick(*moment));
        }
        self.tell_of_promises(&mut change, &next, &asked.iter().collect())?;
        let finish = finish.ok_or_else(no_finish)?;
        let shown = AcceptedQuote { plan: number, digest: file.digest, finish, tickets: asked };
        Ok(Making::new(&plan_key(number), number, &shown, change))
    }

    /// What came of an acceptance of `request` that made the plan called `key`.
    fn accepted(&self, request: &Request, key: &str) -> Result<Kept<AcceptedQuote>, Refusal> {
        let document = self.plan_called(key)?;
        let (number, digest, zone) = (document.number, document.digest.clone(), document.plan.zone);
        let plan = InForce::of(document);
        let tickets: Vec<String> = request.tickets.iter().map(|ticket| ticket.id.clone()).collect();
        let ends = tickets.iter().filter_map(|ticket| plan.finish(ticket));
        let finish = ends.max_by_key(|end| zone.tick_from(*end)).ok_or_else(no_finish)?;
        let document = AcceptedQuote { plan: number, digest, finish, tickets };
        Ok(Kept { key: key.to_owned(), version: number, document })
    }

    /// Creates or changes an accepted ticket that has this version, with the promise of its finish
    /// (R131).
    fn take_in(
        &self,
        caller: &Caller,
        change: &mut Change,
        (key, version): (&str, u64),
        Taken { tickets, said, file, next }: Taken<'_>,
        priced: Option<Priced>,
        now_ms: i64,
    ) -> Result<Option<Moment>, Refusal> {
        let (price, bargain) = priced.map_or((None, None), |it| (Some(it.price), it.bargain));
        let mut rows = tickets.iter();
        let mut ticket = rows.find(|ticket| ticket.id == key).ok_or_else(no_finish)?.clone();
        let finish = next.finish(key);
        let promise = finish.map(|finish| Promise { finish, plan: file.digest.clone() });
        let before = self.find_if_any::<TicketFile>(TICKET, key)?;
        self.must_be_past_the_desk(before.is_some())?;
        let kind = if before.is_some() { "ticket.promised" } else { "ticket.created" };
        let words_before = before.as_ref().map(|kept| kept.document.clone());
        let taken = match before {
            Some(kept) => {
                ticket.batch = ticket.batch.or_else(|| kept.document.ticket.batch.clone());
                let attributes = stated_with(kept.document.attributes, said.said_of(key));
                TicketFile { ticket, attributes, promise, price, bargain, ..kept.document }
            }
            None => TicketFile {
                price,
                bargain,
                channel: Channel::Ticketing,
                external: None,
                state: State::Open,
                review: Review::Pending,
                promise,
                created_ms: now_ms,
                contact: None,
                by: caller.owner.clone(),
                ticket,
                attributes: stated_with(Vec::new(), said.said_of(key)),
                desk: None,
            },
        };
        let stream = Stream::new(TICKET, key);
        self.in_order(change, (key, version))?;
        let told = change.told_of(words_before.as_ref(), &taken)?;
        change.event(self, (&stream, Some(version)), kind, &told)?;
        change.put_ticket(key, version, &taken);
        self.accepted_at_desk(change, caller, (key, version, taken), (file, finish))?;
        Ok(finish)
    }
}

/// What an acceptance takes in: tickets with what was said of them, by a plan.
struct Taken<'a> {
    tickets: &'a [Ticket],
    said: &'a Request,
    file: &'a PlanFile,
    next: &'a InForce,
}

fn faulty(request: &Request, issues: Issues) -> Refusal {
    let text = Text { name: String::new(), bytes: written(request).into_bytes() };
    Refusal::Faulty { text, issues }
}

pub(super) fn no_plan() -> Refusal {
    Refusal::Impossible(Label::new(
        "还没有在执行的计划：请先发布一份",
        "no plan is in force: publish one first",
    ))
}

fn no_policy() -> Refusal {
    Refusal::Impossible(Label::new(
        "还没有报价规则：请先 PUT /v1/policy",
        "there is no policy to quote by: put one with PUT /v1/policy",
    ))
}

fn closed(key: &str) -> Refusal {
    Refusal::Impossible(Label::new(
        format!("工单 {key} 已办结或已取消，不能再报价"),
        format!("the ticket {key} is done or called off and is not quoted any more"),
    ))
}

/// Whether `asked` would give the ticket to another client.
fn is_others(kept: &Ticket, asked: &Ticket) -> bool {
    kept.client.is_some() && asked.client.is_some() && kept.client != asked.client
}

fn for_another(key: &str) -> Refusal {
    Refusal::Impossible(Label::new(
        format!("工单 {key} 属于另一客户：请核对编号或 client"),
        format!("the ticket {key} is another client's: check its key, or `client`"),
    ))
}

fn no_finish() -> Refusal {
    Refusal::Impossible(Label::new(
        "该方案没有排入所请求的工单",
        "the option does not serve what was asked",
    ))
}
