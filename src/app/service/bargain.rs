//! What an order was offered and taken at: kept with its tickets for as long as they are, so that
//! whoever is asked "why this price?" a year later has the evidence (R078). Quotes themselves go
//! after a month.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quotes::QuoteFile;
use super::refusal::Refusal;
use super::role::Permission;
use super::tickets::TICKET;
use super::{Caller, Service};
use crate::app::clock::stamp;
use crate::calendar::Moment;
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
        }
    }
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
        let file = self.own_ticket(caller, key)?.document;
        let unknown = || Refusal::Unknown { kind: "price", key: key.to_owned() };
        let price = file.price.ok_or_else(unknown)?;
        self.note(caller, (TICKET, key, "price"), now_ms)?;
        let (ticket, client) = (key.to_owned(), file.ticket.client);
        Ok(PriceReport { ticket, client, price, bargain: file.bargain })
    }
}
