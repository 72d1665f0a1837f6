//! What calling a ticket off comes to, and the plan behind its promise: what it says of each step,
//! beside what was reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::urgency::moment;
use crate::app::service::Service;
use crate::app::service::kept::damaged;
use crate::app::service::marks::{List, OF_CLIENT};
use crate::app::service::plans::{PLAN, PUBLISHED, plan_key};
use crate::app::service::quotes::{QUOTE, QuoteFile};
use crate::app::service::refusal::Refusal;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::calendar::{Moment, Zone};
use crate::desk::event::Stream;
use crate::desk::life::{BY_CONTRACT, Bill, Life, Settlement};
use crate::desk::staffing::{Row, settlement};
use crate::model::plan::{Piece, PlannedStep};
use crate::model::scenario::{Progress, ProgressState};
use crate::store::MOST_ROWS;
use crate::time::Money;

/// A bill (R193).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BillRow {
    /// The amount, in fen.
    pub amount_fen: i64,
    /// When it was given.
    pub given: Moment,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Moment>,
    /// When another took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Moment>,
}

/// The bills of a ticket, in their order.
pub(super) fn bills(life: &Life, zone: Zone) -> Vec<BillRow> {
    let shown = |bill: &Bill| BillRow {
        amount_fen: bill.amount_fen,
        given: moment(zone, bill.given_ms),
        paid: bill.paid_ms.map(|at_ms| moment(zone, at_ms)),
        replaced: bill.replaced_ms.map(|at_ms| moment(zone, at_ms)),
    };
    life.beside.bills.iter().map(shown).collect()
}

impl Service {
    /// What is undone, what is billed, what of that was paid too much, and what frees up when a
    /// ticket is called off now.
    pub(super) fn settlement(
        &self,
        ticket: (&str, &TicketFile),
        life: &Life,
        now_ms: i64,
    ) -> Result<Settlement, Refusal> {
        let mut settled = self.settled(ticket, now_ms)?;
        let over_fen = life.beside.paid_fen.saturating_sub(settled.billed_fen);
        settled.refund_fen = over_fen.max(0);
        Ok(settled)
    }

    fn settled(
        &self,
        (key, file): (&str, &TicketFile),
        now_ms: i64,
    ) -> Result<Settlement, Refusal> {
        let laid = self.laid()?;
        let Some(plan) = self.plan_with(key, file)? else { return Ok(Settlement::default()) };
        let rows = self.rows_of(&plan, key, now_ms)?;
        let share = self.share((key, file), now_ms)?;
        let permille = laid.and_then(|laid| laid.desk.called_off_permille).unwrap_or(1000);
        Ok(settlement(&rows, share.0, permille))
    }

    /// What of the price of its order is a ticket's: of an order of several each has the part that its
    /// planned minutes are, as the plan had them that was accepted (R101).
    pub(super) fn share(
        &self,
        (key, file): (&str, &TicketFile),
        now_ms: i64,
    ) -> Result<Money, Refusal> {
        let price = file.price.as_ref().map_or(Money::ZERO, |price| price.total_fen);
        if let Some(share) = file.bargain.as_ref().and_then(|bargain| bargain.share_fen) {
            return Ok(share);
        }
        // Older records do not say it: by the plan that has the ticket now.
        let Some(plan) = self.plan_with(key, file)? else { return Ok(price) };
        let own = minutes(&self.rows_of(&plan, key, now_ms)?);
        let mut all = own;
        for other in self.ordered_with(key, file)? {
            all += minutes(&self.rows_of(&plan, &other, now_ms)?);
        }
        Ok(if all > own { price.scaled_up(own, all) } else { price })
    }

    /// The plan in force when it has the ticket, else the one its promise rests on.
    pub(super) fn plan_with(
        &self,
        key: &str,
        file: &TicketFile,
    ) -> Result<Option<Arc<InForce>>, Refusal> {
        let standing = self.standing.now();
        if let Some(plan) = standing.filter(|plan| plan.steps(key).next().is_some()) {
            return Ok(Some(plan));
        }
        self.plan_promised(file)
    }

    /// The plan that the promise of a ticket rests on, while it is kept; what is promised by a
    /// contract rests on none.
    pub(super) fn plan_promised(&self, file: &TicketFile) -> Result<Option<Arc<InForce>>, Refusal> {
        let by_plan = file.promise.as_ref().filter(|promise| promise.plan != BY_CONTRACT);
        let Some(promise) = by_plan else { return Ok(None) };
        let standing = self.standing.now();
        if let Some(plan) = standing.filter(|plan| plan.digest == promise.plan) {
            return Ok(Some(plan));
        }
        let (stream, mut behind) = (Stream::new(PLAN, PUBLISHED), 0);
        loop {
            let page = self.store.stream(&stream, behind, MOST_ROWS)?;
            let Some(last) = page.last() else { return Ok(None) };
            behind = last.seq;
            for event in page {
                let told = event.payload.value();
                let told = told.map_err(|_| damaged("event", &event.stream.to_string()))?;
                if told["digest"].as_str() == Some(promise.plan.as_str()) {
                    let file = self.shelved(&plan_key(event.seq))?;
                    return Ok(file.map(|file| Arc::new(InForce::of(file))));
                }
            }
        }
    }

    /// The other tickets of the order this one was accepted with.
    fn ordered_with(&self, key: &str, file: &TicketFile) -> Result<Vec<String>, Refusal> {
        let Some(bargain) = &file.bargain else { return Ok(Vec::new()) };
        let quote = self.find_if_any::<QuoteFile>(QUOTE, &bargain.quote)?;
        let mut keys: Vec<String> = match (quote, &file.ticket.client) {
            (Some(quote), _) => {
                let tickets = quote.document.quote.request.tickets.into_iter();
                tickets.map(|ticket| ticket.id).collect()
            }
            // Quotes are not kept for ever, bargains are.
            (None, Some(client)) => {
                let own = List { marks: OF_CLIENT, within: Some(client) };
                let kept = self.readable_of::<TicketFile>(own, TICKET)?.0.into_iter();
                let is_same = |kept: &crate::app::service::kept::Kept<TicketFile>| {
                    let other = kept.document.bargain.as_ref();
                    other.is_some_and(|other| other.quote == bargain.quote)
                };
                kept.filter(is_same).map(|kept| kept.key).collect()
            }
            (None, None) => Vec::new(),
        };
        keys.retain(|other| other != key);
        Ok(keys)
    }

    /// The steps of a ticket that take people, with what is done of each: as reported, else as far
    /// as the ticket has come. A plan made since has only what was left of them by then, so what all
    /// of a step is stands in the plan of the promise.
    fn rows_of(&self, plan: &InForce, key: &str, now_ms: i64) -> Result<Vec<Row>, Refusal> {
        let told = self.told_of_steps(key)?;
        let kept = self.find_if_any::<TicketFile>(TICKET, key)?.map(|kept| kept.document);
        let (mut came_to, mut promised) = (BTreeMap::new(), None);
        if let Some(file) = &kept {
            let reported: Vec<Progress> = told.values().cloned().collect();
            let rows = self.worked(plan, (key, file), (&reported, now_ms));
            came_to.extend(rows.into_iter().map(named));
            let is_told = !told.is_empty() || !came_to.is_empty() || has_rested(file);
            promised = if is_told { self.plan_promised(file)? } else { None };
        }
        let zone = plan.plan.zone;
        let whole = |step: &PlannedStep| {
            let own = promised.as_ref().and_then(|plan| {
                let own = plan.steps(key).find(|own| own.step == step.step)?;
                Some(planned(zone, own)).filter(|minutes| *minutes > 0)
            });
            let stated = || self.stated(kept.as_ref()?, &step.step).map(i64::from);
            own.or_else(stated).unwrap_or(0).max(planned(zone, step))
        };
        let row = |step: &PlannedStep| {
            let (done, left) = match (told.get(&step.step), came_to.get(&step.step)) {
                (Some(told), _) => reported(zone, told, whole(step)),
                (None, Some(known)) => far(known, whole(step)),
                (None, None) => (0, planned(zone, step)),
            };
            Row { step: step.step.clone(), people: step.people.clone(), done, left }
        };
        Ok(plan.steps(key).filter(|step| !step.people.is_empty()).map(row).collect())
    }

    /// What was reported of the steps of a ticket.
    pub(super) fn told_of_steps(&self, key: &str) -> Result<BTreeMap<String, Progress>, Refusal> {
        Ok(self.progress_of(key)?.into_iter().map(named).collect())
    }
}

/// A row of progress by the name of its step.
fn named(row: Progress) -> (String, Progress) {
    let step = row.step.split_once('/').map_or("", |(_, step)| step).to_owned();
    (step, row)
}

fn minutes(rows: &[Row]) -> i64 {
    rows.iter().map(|row| row.done + row.left).sum()
}

/// Whether work on a ticket was ever laid aside, or taken from somebody.
fn has_rested(file: &TicketFile) -> bool {
    file.desk.as_ref().is_some_and(|desk| !desk.rests.is_empty() || !desk.earlier.is_empty())
}

/// Minutes that people are to work on a planned step.
fn planned(zone: Zone, step: &PlannedStep) -> i64 {
    let worked = |piece: &Piece| zone.tick_from(piece.to) - zone.tick_from(piece.from);
    step.pieces.iter().map(worked).sum()
}

/// Minutes done and left of the `whole` of a step of which this was reported: what is done took so
/// long as it is said to have, and no longer than all of it.
fn reported(zone: Zone, told: &Progress, whole: i64) -> (i64, i64) {
    match (told.state, told.end) {
        (ProgressState::Done, Some(end)) => {
            let took = zone.tick_from(end) - zone.tick_from(told.start);
            (took.clamp(0, whole), 0)
        }
        _ => far(told, whole),
    }
}

/// Minutes done and left of the `whole` of a step that has come so far.
fn far(known: &Progress, whole: i64) -> (i64, i64) {
    let left = match known.state {
        ProgressState::Done => 0,
        ProgressState::Begun => known.remaining_minutes.map_or(whole, i64::from).min(whole),
    };
    (whole - left, left)
}
