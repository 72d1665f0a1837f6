//! Tickets: created from any channel, read, changed, cancelled, promised.

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{
    Answered, Behind, Counted, Erasure, Stated, Viewed, counted, expected, made, once, page,
};
use crate::app::service::bargain::PriceReport;
use crate::app::service::events::Told;
use crate::app::service::tickets::{Asked as Wanted, NewTicket, ShownTicket, State, TicketChange};
use crate::desk::event::Stream;
use crate::web::answer::{Found, Page, Silent};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Around, Asked, Json, behind};

/// Which tickets are asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// Those in this state.
    #[serde(default)]
    state: Option<State>,
    /// Those of this client.
    #[serde(default)]
    client: Option<String>,
    /// Those that the system they came from calls so. Tickets are looked through for it: a page may
    /// hold none and still say where to go on.
    #[serde(default)]
    external: Option<String>,
    /// The `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// At most so many.
    #[serde(default = "super::kept::usual_count")]
    #[schemars(range(min = 1, max = 500))]
    limit: u16,
}

/// `GET /v1/tickets/{id}/price`.
pub(crate) fn price(call: &Call) -> Result<Found<PriceReport>, Problem> {
    Ok(Found(call.frame.service.price_of(&call.caller, call.part("id"), call.now_ms)?))
}

/// `POST /v1/tickets`.
pub(crate) fn create(call: &Call<Around<NewTicket>>) -> Result<Answered<ShownTicket>, Problem> {
    let once = once(call, "POST /v1/tickets")?;
    let (service, new) = (&call.frame.service, call.body.document.clone());
    if !call.body.issues.is_empty() {
        let mut issues = call.body.issues.clone();
        issues.extend(service.strangers_of_new(&call.caller, new)?);
        return Err(Problem::of_issues("", issues));
    }
    let estimates = new.estimate;
    let create = || service.create_ticket(&call.caller, new, once.as_ref(), call.now_ms);
    let done = if estimates { call.in_turn(create)?? } else { create()? };
    Ok(made("/v1/tickets", done))
}

/// `GET /v1/tickets`.
pub(crate) fn list(call: &Call<(), Asked<Choice>>) -> Result<Found<Page<ShownTicket>>, Problem> {
    let Choice { state, client, external, after, limit } = call.query.0.clone();
    let after = after.as_deref().map(behind).transpose()?;
    let wanted = Wanted { state, client, external };
    let (service, limit) = (&call.frame.service, usize::from(limit));
    let found = service.tickets(&call.caller, &wanted, after.as_deref(), limit, call.now_ms)?;
    Ok(Found(page(found)))
}

/// `GET /v1/tickets/{id}`.
pub(crate) fn one(call: &Call) -> Result<Viewed<ShownTicket>, Problem> {
    let service = &call.frame.service;
    let ticket = service.ticket(&call.caller, call.part("id"), call.now_ms)?;
    Ok(Viewed { version: ticket.version, document: ticket })
}

/// `PATCH /v1/tickets/{id}`.
pub(crate) fn change(call: &Call<Json<TicketChange>>) -> Result<Stated<ShownTicket>, Problem> {
    let (key, expected, wish) = (call.part("id"), expected(call)?, call.body.0.clone());
    let service = &call.frame.service;
    Ok(stated(service.change_ticket(&call.caller, key, expected, wish, call.now_ms)?))
}

/// `DELETE /v1/tickets/{id}`.
pub(crate) fn cancel(call: &Call) -> Result<Stated<ShownTicket>, Problem> {
    let (key, expected) = (call.part("id"), expected(call)?);
    Ok(stated(call.frame.service.cancel_ticket(&call.caller, key, expected, call.now_ms)?))
}

/// `DELETE /v1/tickets/{id}/personal`.
pub(crate) fn erase(call: &Call<(), Asked<Erasure>>) -> Result<Silent, Problem> {
    let (key, because) = (call.part("id"), call.query.0.because.as_deref());
    call.frame.service.erase_ticket_for(&call.caller, key, because, call.now_ms)?;
    Ok(Silent)
}

/// `POST /v1/tickets/{id}/promise`.
pub(crate) fn promise(call: &Call) -> Result<Stated<ShownTicket>, Problem> {
    let (key, expected) = (call.part("id"), expected(call)?);
    Ok(stated(call.frame.service.promise_ticket(&call.caller, key, expected, call.now_ms)?))
}

/// `GET /v1/tickets/{id}/events`.
pub(crate) fn events(call: &Call<(), Asked<Behind>>) -> Result<Found<Counted<Told>>, Problem> {
    let Behind { after, limit } = call.query.0;
    let stream = Stream::new("ticket", call.part("id"));
    let (service, most) = (&call.frame.service, usize::from(limit));
    let events = service.events_of(&call.caller, &stream, after, most, call.now_ms)?;
    Ok(Found(counted(events, |event| event.seq)))
}

fn stated(ticket: ShownTicket) -> Stated<ShownTicket> {
    Stated { version: ticket.version, document: ticket }
}
