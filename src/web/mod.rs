//! The server: `/v1` over HTTP, its OpenAPI document, its health and its counts. Speaks HTTP and
//! knows waiting; asks `app` for everything, and never the store or the solver.
//!
//! # One request
//!
//! A connection is accepted, `router` finds the route, and `route::Route::take` is its whole
//! way: the doorman lets the caller in and holds his permission against the route's; the body is
//! received within its limits; the gate brings the work to the blocking pool; the handler, a plain
//! function from a `call::Call` to an answer, reads what was sent by its type and asks `app`.
//! What goes wrong on the way is a problem document, made in `error`, the only file that knows
//! status codes.
//!
//! # One more route
//!
//! A function in `api/`, and a line in the table of `router`: method, path, permission, what it
//! says of itself in both languages, and the problems that only it can come to. Its types tell the
//! rest of the OpenAPI document.
//!
//! # For ticketing systems
//!
//! Three calls: `POST /v1/tickets` creates (with `Idempotency-Key`, so that a lost answer can be
//! asked for again), `POST /v1/quotes` asks for the ways to fit a request into the plan in force,
//! `POST /v1/quotes/{id}/acceptance` makes one of them the plan. A hook (`POST /v1/hooks`) hears
//! what happens. How fields of theirs become ours:
//!
//! | ours | Jira Service Management | Zendesk | generic JSON |
//! |---|---|---|---|
//! | `external` | `issue.key` | `ticket.id` | `id` |
//! | `Idempotency-Key` | `issue.key` | `ticket.id` | `id` |
//! | `channel` | `ticketing` | `via.channel`: `mobile` is `app`, `voice` `hotline` | `source` |
//! | `title` | `fields.summary` in `zh` and `en` | `ticket.subject` in both | `subject` in both |
//! | `client` | organisation, mapped | `ticket.organization_id`, mapped | `customer` |
//! | `service` | request type, mapped | `ticket.ticket_form_id`, mapped | `kind` |
//! | `track` | Highest and High are `urgent` | `urgent` and `high` are `urgent` | `urgent` |
//! | `due` | `fields.duedate` with an hour | `ticket.due_at` | `due` |
//! | `contact` | reporter | requester | `contact` |
//! | `DELETE`, `state` done | resolution | `closed`, `solved` | `status` |
//!
//! `standing.told` is the sentence to show the client, `standing.estimate` and `promise.finish` go
//! into date fields. Receivers of hooks check `X-Signature`, `sha256=` and the HMAC-SHA256 by the
//! hook's secret over `X-Timestamp`, a full stop and the body, refuse timestamps older than five
//! minutes, and remember `X-Event-Id`: a message may come twice.

mod answer;
mod api;
mod call;
mod docs;
mod doorman;
mod error;
mod feed;
mod frame;
mod gate;
mod health;
mod jobs;
mod metrics;
mod openapi;
mod options;
mod patient;
mod received;
mod refused;
mod route;
mod router;
mod sent;
mod serve;
mod tls;

pub use options::{Limits, Options, Proxy, Tls};
pub use serve::{Stop, serve};

/// The OpenAPI document of all routes.
#[must_use]
pub fn openapi() -> String {
    openapi::text(&openapi::document(&router::routes()))
}
