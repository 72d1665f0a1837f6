//! How the server is, and what it offers.

use super::answer::{Found, Html, Plain, Written};
use super::call::Call;
use super::error::Problem;
use schemars::JsonSchema;
use serde::Serialize;

/// That it is well.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

fn well() -> Found<Health> {
    Found(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether it is alive: it answers.
pub(crate) fn alive(_: &Call) -> Result<Found<Health>, Problem> {
    Ok(well())
}

/// Whether it can do its work.
pub(crate) fn ready(call: &Call) -> Result<Found<Health>, Problem> {
    call.frame.service.ready()?;
    Ok(well())
}

/// What was counted.
pub(crate) fn metrics(call: &Call) -> Result<Plain, Problem> {
    let (active, kept) = call.frame.jobs.counts();
    let (waiting, dead) = call.frame.service.outbox()?;
    let unread = call.frame.service.unread_clocks();
    Ok(Plain(call.frame.metrics.text(&[
        ("paidan_jobs_active", "Searches that wait or run as jobs", active),
        ("paidan_jobs_kept", "Finished jobs that can be asked for", kept),
        ("paidan_event_streams", "Open streams of events", call.frame.streams.count()),
        ("paidan_outbox_waiting", "Messages to hooks that wait to be taken", waiting),
        ("paidan_unread_clocks", "Tickets whose clocks cannot be read", unread),
        ("paidan_dead_letters", "Messages to hooks that were given up", dead),
    ])))
}

/// The OpenAPI document.
pub(crate) fn openapi(call: &Call) -> Result<Written, Problem> {
    Ok(Written(call.frame.openapi.clone()))
}

/// The page that shows it.
pub(crate) fn docs(call: &Call) -> Result<Html, Problem> {
    Ok(Html(call.frame.docs.clone()))
}
