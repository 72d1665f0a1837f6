//! Acceptances that come too late: what a quote rests on is not so any more, and whoever accepts it
//! is handed fresh options, kept to be accepted.

use serde_json::json;

use super::change::Change;
use super::kept::fresh_key;
use super::quotes::{QuoteFile, Quoted};
use super::refusal::Refusal;
use super::shown::ShownQuote;
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
            Why::Expired | Why::PlanMoved => self.outrun(caller, reason, request, now_ms),
        }
    }

    /// What somebody is told whose quote came too late: fresh options for `request`, kept to be
    /// accepted.
    pub(super) fn outrun(
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
        let file = QuoteFile { by: caller.owner.clone(), quote, versions };
        change.put_quote(&key, &file);
        self.store.commit(change.batch())?;
        let quote = ShownQuote::of(file.quote, caller);
        let beside = json!({"quote": Quoted { id: key, quote }});
        Ok(Refusal::Outrun { label, beside })
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
