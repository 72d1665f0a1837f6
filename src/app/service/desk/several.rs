//! One thing that happened to several tickets alike, such as the companies of one order: decided for
//! each by its own rules, put on record in one commit (R019).
//!
//! Usually all or none: where a rule forbids it of one ticket nothing is put on record, and whoever
//! asks is told of every ticket what is in its way. Who wants it done to those it may be done to
//! says so, and is told of each what became of it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Doing, MOST_TRIES, Said, Wanted};
use crate::app::service::change::Change;
use crate::app::service::kept::Kept;
use crate::app::service::marks::{List, OF_CLIENT};
use crate::app::service::once::{Made, Making, Once};
use crate::app::service::refusal::{OfOne, Refusal};
use crate::app::service::tickets::{ShownTicket, State, TICKET, TicketFile, may_see};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;

/// At most so many tickets are served together.
pub const MOST_TOGETHER: usize = 100;

/// What stands between keys that are kept as one: no key has it.
const BETWEEN: &str = "/";

/// What happened to several tickets alike (R019).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoingToSeveral {
    /// The tickets.
    #[schemars(length(min = 1, max = 100))]
    pub tickets: Vec<String>,
    /// Whether it happened to all open tickets of the batches these are in, too.
    #[serde(default)]
    pub with_batches: bool,
    /// The versions that tickets have to have; any where none is named.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, u64>,
    /// Whether it is put on record of those it may happen to, whatever is in the way of others; else
    /// of all or none.
    #[serde(default)]
    pub each_for_itself: bool,
    /// What happened.
    pub happening: Doing,
}

/// What became of several tickets, in the order they were named in; those of a batch behind the one
/// that it was named by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DoneToSeveral {
    /// Each of them.
    pub tickets: Vec<DoneToOne>,
}

/// What became of one of several tickets: it is there as it stands now, or why nothing happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DoneToOne {
    /// Its key.
    pub id: String,
    /// The ticket, to which it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<ShownTicket>,
    /// Why it did not happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<NotDone>,
}

/// Why something did not happen to one of several tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotDone {
    /// The code of the rule in its way.
    pub code: String,
    /// Why.
    pub because: Label,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Label>,
}

impl NotDone {
    fn of(refusal: &Refusal) -> NotDone {
        let code = refusal.code().to_owned();
        match refusal {
            Refusal::Desk(rule) => {
                NotDone { code, because: rule.because(), hint: Some(rule.hint()) }
            }
            other => NotDone { code, because: other.label(), hint: None },
        }
    }
}

/// A ticket that is asked for, and the place of the name it was asked for by.
struct Named {
    place: usize,
    key: String,
}

impl Service {
    /// Puts on record what happened to several tickets, in one commit (R019).
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Wish`] for what cannot be read; [`Refusal::Several`] with
    /// all that is in the way, where it may not happen to one of them, or to none where each is for
    /// itself; [`Refusal::Stale`] when others are faster all the time; [`Refusal::OtherBody`], what
    /// fails outside.
    pub fn desk_do_to_several(
        &self,
        caller: &Caller,
        asked: &DoingToSeveral,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        let said = Said::by(caller, (&asked.happening, "happening"), self.zone())?;
        let mut tries = 1;
        loop {
            let again = |keys: &str| self.done_to(caller, keys);
            let done = self.once(once, now_ms, again, || {
                let named = self.named_by(caller, asked)?;
                let mut change = said.change(now_ms);
                let done = self.add_all(&mut change, &said, (asked, named))?;
                let served = done.tickets.iter().filter(|one| one.ticket.is_some());
                let keys: Vec<&str> = served.map(|one| one.id.as_str()).collect();
                Ok(Making::new(&keys.join(BETWEEN), 1, &done, change))
            });
            match done {
                // Of a version that was relied on each ticket tells by itself.
                Err(Refusal::Stale { .. }) if tries < MOST_TRIES => tries += 1,
                other => return other,
            }
        }
    }

    /// Adds to `change` what is said of each of the tickets that it may happen to.
    fn add_all(
        &self,
        change: &mut Change,
        said: &Said<'_>,
        (asked, named): (&DoingToSeveral, Vec<Named>),
    ) -> Result<DoneToSeveral, Refusal> {
        let (mut tickets, mut refused) = (Vec::new(), Vec::new());
        for Named { place, key } in named {
            let so_far = change.so_far();
            let wanted = Wanted { key: &key, version: asked.versions.get(&key).copied() };
            match self.add(change, said, wanted) {
                Ok(now) => {
                    let shown = self.shown_after(said, now, change.now_ms)?;
                    tickets.push(DoneToOne { id: key, ticket: Some(shown), refused: None });
                }
                Err(refusal) if refusal.is_of_the_asked() => {
                    change.back_to(so_far);
                    let why = Some(NotDone::of(&refusal));
                    tickets.push(DoneToOne { id: key.clone(), ticket: None, refused: why });
                    refused.push(OfOne { place, key, refusal });
                }
                Err(failure) => return Err(failure),
            }
        }
        let goes_on =
            refused.is_empty() || (asked.each_for_itself && refused.len() < tickets.len());
        if goes_on { Ok(DoneToSeveral { tickets }) } else { Err(Refusal::Several(refused)) }
    }

    /// The tickets that are asked for, each once.
    fn named_by(&self, caller: &Caller, asked: &DoingToSeveral) -> Result<Vec<Named>, Refusal> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let twice = asked.tickets.iter().find(|key| !seen.insert(key.as_str()));
        if let Some(twice) = twice {
            return Err(Refusal::Wish(Label::new(
                format!("工单 {twice} 写了两次"),
                format!("the ticket {twice} is named twice"),
            )));
        }
        let mut named = Vec::new();
        for (place, key) in asked.tickets.iter().enumerate() {
            named.push(Named { place, key: key.clone() });
            if asked.with_batches {
                for key in self.mates(caller, key)? {
                    let is_new = !seen.contains(key.as_str())
                        && !named.iter().any(|one: &Named| one.key == key);
                    if is_new {
                        named.push(Named { place, key });
                    }
                }
            }
        }
        let stranger = asked.versions.keys().find(|key| !named.iter().any(|one| one.key == **key));
        match stranger {
            Some(key) => Err(Refusal::Wish(Label::new(
                format!("versions 中的 {key} 不在所列工单之中"),
                format!("`versions` names {key}, which is none of the tickets"),
            ))),
            None if !(1..=MOST_TOGETHER).contains(&named.len()) => Err(too_many(named.len())),
            None => Ok(named),
        }
    }

    /// The other open tickets of the batch that a ticket is in: those of its client.
    fn mates(&self, caller: &Caller, key: &str) -> Result<Vec<String>, Refusal> {
        let kept: Option<Kept<TicketFile>> = self.find_if_any(TICKET, key)?;
        // What is wrong with the ticket itself is told when it is its turn.
        let Some(kept) = kept.filter(|kept| may_see(caller, &kept.document)) else {
            return Ok(Vec::new());
        };
        let ticket = &kept.document.ticket;
        let (Some(client), Some(_)) = (&ticket.client, &ticket.batch) else {
            return Ok(Vec::new());
        };
        let own = List { marks: OF_CLIENT, within: Some(client) };
        let mut all = self.all_of::<TicketFile>(own, TICKET)?;
        all.retain(|mate| {
            mate.document.ticket.batch == ticket.batch
                && mate.document.state == State::Open
                && may_see(caller, &mate.document)
                && mate.key != key
        });
        Ok(all.into_iter().map(|mate| mate.key).collect())
    }

    /// The tickets of an answer that was erased since, as they stand now.
    fn done_to(&self, caller: &Caller, keys: &str) -> Result<Kept<DoneToSeveral>, Refusal> {
        let shown = |key: &str| {
            let Kept { key, version, document } = self.own_ticket(caller, key)?;
            let shown = self.shown_ticket(caller, &key, version, document);
            Ok(DoneToOne { id: key, ticket: Some(shown), refused: None })
        };
        let tickets: Result<Vec<DoneToOne>, Refusal> = keys.split(BETWEEN).map(shown).collect();
        let document = DoneToSeveral { tickets: tickets? };
        Ok(Kept { key: keys.to_owned(), version: 1, document })
    }
}

fn too_many(count: usize) -> Refusal {
    Refusal::Wish(Label::new(
        format!("一次可办理 1 至 {MOST_TOGETHER} 张工单，所列为 {count} 张"),
        format!("1 to {MOST_TOGETHER} tickets are served together, not {count}"),
    ))
}
