//! What an order was offered and taken at: kept with its tickets for as long as they are, so that
//! whoever is asked "why this price?" a year later has the evidence (R078). Quotes themselves go
//! after a month.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desk::life_of;
use super::kept::Kept;
use super::quotes::QuoteFile;
use super::refusal::Refusal;
use super::role::Permission;
use super::standing::InForce;
use super::tickets::TICKET;
use super::{Caller, Service};
use crate::app::clock::stamp;
use crate::calendar::Moment;
use crate::desk::event::Stream;
use crate::desk::life::Settlement;
use crate::model::quote::{ClientPrice, OptionKind};
use crate::time::Money;

/// Who asked, what was offered, who took what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bargain {
    /// The quote.
    pub quote: String,
    /// Who asked for it.
    pub asked_by: String,
    /// When.
    pub asked: Moment,
    /// What was offered.
    pub offered: Vec<Offered>,
    /// Which of them was taken.
    pub taken: OptionKind,
    /// Who took it.
    pub taken_by: String,
    /// When.
    pub taken_at: String,
    /// What of the price of the order is this ticket's: its part of the minutes of all of them by the
    /// plan that was accepted. So much is billed for it (R101); not known of older orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_fen: Option<Money>,
}

/// What an order costs, and how that came about: one text, kept apart from events.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Priced {
    pub(super) price: ClientPrice,
    pub(super) bargain: Option<Bargain>,
}

/// One option of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Offered {
    /// Its kind.
    pub kind: OptionKind,
    /// When all of it would have been finished.
    pub finish: Moment,
    /// What it would have cost the client.
    pub total_fen: Money,
}

/// Why a ticket costs what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceReport {
    /// The ticket.
    pub ticket: String,
    /// The client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// What its order costs, line by line, each with what it rests on.
    pub price: ClientPrice,
    /// How that came about; not known of orders taken before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bargain: Option<Bargain>,
    /// What is owed in the place of that, of a ticket that was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settlement>,
}

impl Bargain {
    /// What `caller` takes of a quote.
    pub(super) fn of(
        (key, file): (&str, &QuoteFile),
        taken: OptionKind,
        caller: &Caller,
        now_ms: i64,
    ) -> Bargain {
        let options = file.quote.options.iter();
        let offered = options.map(|option| Offered {
            kind: option.kind,
            finish: option.finish,
            total_fen: option.price.total_fen,
        });
        Bargain {
            quote: key.to_owned(),
            asked_by: file.by.clone(),
            asked: file.quote.at,
            offered: offered.collect(),
            taken,
            taken_by: caller.actor.clone(),
            taken_at: stamp(now_ms),
            share_fen: None,
        }
    }

    /// What each ticket of `quoted` costs by it, in the plan it became.
    pub(super) fn priced(&self, quoted: &QuoteFile, plan: &InForce) -> BTreeMap<String, Priced> {
        let mut options = quoted.quote.options.iter();
        let Some(option) = options.find(|option| option.kind == self.taken) else {
            return BTreeMap::new();
        };
        let tickets = quoted.quote.request.tickets.iter();
        let minutes = tickets.map(|ticket| (ticket.id.clone(), plan.minutes_of(&ticket.id)));
        let parts = shares(option.price.total_fen, &minutes.collect()).into_iter();
        let priced = |(key, share)| {
            let bargain = Some(Bargain { share_fen: Some(share), ..self.clone() });
            (key, Priced { price: option.price.clone(), bargain })
        };
        parts.map(priced).collect()
    }
}

/// `whole` among tickets as their minutes are to each other; the parts come to the whole, to the fen.
fn shares(whole: Money, minutes: &BTreeMap<String, i64>) -> BTreeMap<String, Money> {
    let is_idle = minutes.values().all(|own| *own == 0);
    let weight = |own: i64| if is_idle { 1 } else { own };
    let all: i64 = minutes.values().map(|own| weight(*own)).sum();
    let mut before = 0;
    let part = |(key, own): (&String, &i64)| {
        let from = whole.scaled_up(before, all);
        before += weight(*own);
        let to = whole.scaled_up(before, all);
        (key.clone(), Money(to.0 - from.0))
    };
    minutes.iter().map(part).collect()
}

impl Service {
    /// Why a ticket costs what it costs (R078): for who may see finances.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] for a ticket there is not or one without a
    /// price, what fails outside.
    pub fn price_of(
        &self,
        caller: &Caller,
        key: &str,
        now_ms: i64,
    ) -> Result<PriceReport, Refusal> {
        caller.must(Permission::TicketRead)?;
        caller.must(Permission::ClientFinance)?;
        let Kept { key, version, document: file } = self.own_ticket(caller, key)?;
        let key = key.as_str();
        let unknown = || Refusal::Unknown { kind: "price", key: key.to_owned() };
        let price = file.price.ok_or_else(unknown)?;
        self.note(caller, (TICKET, key, "price"), now_ms)?;
        let events = self.stream_of(&Stream::new(TICKET, key), version)?;
        let settled = life_of(&events)?.beside.settled;
        let (ticket, client) = (key.to_owned(), file.ticket.client);
        Ok(PriceReport { ticket, client, price, bargain: file.bargain, settled })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::shares;
    use crate::time::Money;

    /// R101: 100 fen among three of an hour each are 34, 33 and 33, and not 34 each; where nobody
    /// works on any of them, too.
    #[test]
    fn the_parts_of_a_price_come_to_the_whole() {
        for minutes in [60, 0] {
            let three = ["a", "b", "c"].map(|key| (key.to_owned(), minutes));
            let parts = shares(Money(100), &BTreeMap::from(three));
            assert_eq!(parts.into_values().collect::<Vec<_>>(), [34, 33, 33].map(Money));
        }
    }
}
