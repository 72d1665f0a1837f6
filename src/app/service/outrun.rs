//! What a quote rests on, and acceptances that come too late: it is not so any more, and whoever
//! accepts is handed fresh options, kept to be accepted.

use std::collections::BTreeMap;

use serde_json::json;

use super::change::Change;
use super::kept::fresh_key;
use super::quotes::{QuoteFile, Quoted};
use super::refusal::Refusal;
use super::shown::ShownQuote;
use super::tickets::{TICKET, TicketFile};
use super::{Caller, Service};
use crate::app::quoting::{self, Depth, Why};
use crate::calendar::Label;
use crate::model::quote::{OptionKind, Quote};
use crate::model::request::Request;

impl Service {
    /// What somebody is told whose acceptance came to nothing.
    pub(super) fn not_accepted(
        &self,
        caller: &Caller,
        (why, reason): (Why, Label),
        request: &Request,
        now_ms: i64,
    ) -> Result<Refusal, Refusal> {
        match why {
            Why::NoSuchOption => Ok(Refusal::Wish(reason)),
            Why::Unfit => Ok(Refusal::Impossible(reason)),
            Why::Expired | Why::PlanMoved => self.too_late(caller, reason, request, now_ms),
        }
    }

    /// What somebody is told whose quote came too late: fresh options for `request`, kept to be
    /// accepted.
    pub(super) fn too_late(
        &self,
        caller: &Caller,
        label: Label,
        request: &Request,
        now_ms: i64,
    ) -> Result<Refusal, Refusal> {
        let parked = self.quoting(request)?;
        let (at, included) = (parked.standing.moment(now_ms), self.included_in(request, now_ms)?);
        let fresh = quoting::quote_with(&parked.standing, (request, &included), at, Depth::Full);
        let Ok(quote) = fresh else { return Ok(Refusal::Outrun { label, beside: json!({}) }) };
        let quote = self.with_promises(&parked, quote)?;
        let mut versions = self.asked_of(caller, request)?;
        let key = fresh_key("Q")?;
        let mut change = Change::by(caller, now_ms);
        self.quoted_at_desk(&mut change, caller, &mut versions, (&key, &quote))?;
        let rests_on = self.rests_on(&versions)?;
        let file = QuoteFile { by: caller.owner.clone(), quote, versions, rests_on };
        change.put_quote(&key, &file);
        self.store.commit(change.batch())?;
        let quote = ShownQuote::of(file.quote, caller);
        let beside = json!({"quote": Quoted { id: key, quote }});
        Ok(Refusal::Outrun { label, beside })
    }

    /// What a quote for tickets with these versions rests on, ticket by ticket; of one that is new
    /// nothing is known.
    pub(super) fn rests_on(
        &self,
        versions: &BTreeMap<String, u64>,
    ) -> Result<BTreeMap<String, String>, Refusal> {
        let mut grounds = BTreeMap::new();
        for key in versions.keys() {
            if let Some(kept) = self.find_if_any::<TicketFile>(TICKET, key)? {
                grounds.insert(key.clone(), kept.document.grounds());
            }
        }
        Ok(grounds)
    }

    /// Goes on only where the tickets of a quote are what they were when it was made, as far as it
    /// rests on that: a word told meanwhile, material that came in, a call are nothing to it.
    pub(super) fn must_rest_on_the_same(
        &self,
        quoted: &QuoteFile,
        versions: &BTreeMap<String, u64>,
    ) -> Result<(), Refusal> {
        let now = self.rests_on(versions)?;
        let is_same = |key: &String, actual: u64| {
            let is_untouched = quoted.versions.get(key).copied().unwrap_or(0) == actual;
            let grounds = quoted.rests_on.get(key);
            is_untouched || (grounds.is_some() && grounds == now.get(key))
        };
        match versions.iter().find(|(key, actual)| !is_same(key, **actual)) {
            Some((key, actual)) => {
                Err(Refusal::Stale { kind: TICKET, key: key.clone(), actual: *actual })
            }
            None => Ok(()),
        }
    }

    /// Whether an option takes more urgent services bought ahead than are left by now (R099).
    pub(super) fn is_used_up(
        &self,
        quote: &Quote,
        kind: OptionKind,
        now_ms: i64,
    ) -> Result<bool, Refusal> {
        let option = quote.options.iter().find(|option| option.kind == kind);
        let taken = option.map_or(0, |option| option.price.included_count);
        let left = self.included_in(&quote.request, now_ms)?.len();
        Ok(u32::try_from(left).is_ok_and(|left| left < taken))
    }
}

/// That another plan is in force by now.
pub(super) fn overtaken() -> Label {
    Label::new(
        "计划已变：请从新的方案中选择",
        "another plan is in force by now: choose from the fresh options",
    )
}

/// That what was bought ahead is used up by now.
pub(super) fn used_up() -> Label {
    Label::new(
        "已包含的加急次数已用完：请从新的方案中选择",
        "the urgent services bought ahead are used up by now: choose from the fresh options",
    )
}
