//! `/v1/jobs`: searches that nobody waits for.

use axum::body::Body;
use schemars::SchemaGenerator;

use crate::web::answer::{Found, Look, Output, Reply, Sent};
use crate::web::call::Call;
use crate::web::error::{Problem, Success};
use crate::web::feed::{self, Event, Feed};
use crate::web::jobs::{self, Told};

/// `GET /v1/jobs/{id}`.
pub(crate) fn one(call: &Call) -> Result<Found<Told>, Problem> {
    let job = jobs::found(&call.frame, call.part("id"), &call.caller.owner)?;
    Ok(Found(job.told(true)))
}

/// `DELETE /v1/jobs/{id}`: ends it; its best is kept.
pub(crate) fn cancel(call: &Call) -> Result<Found<Told>, Problem> {
    let job = jobs::found(&call.frame, call.part("id"), &call.caller.owner)?;
    job.cancel();
    Ok(Found(job.told(false)))
}

/// `GET /v1/jobs/{id}/events`.
pub(crate) fn events(call: &Call) -> Result<Feed, Problem> {
    let job = jobs::found(&call.frame, call.part("id"), &call.caller.owner)?;
    feed::events(call, job)
}

/// The content type of server-sent events.
const EVENTS: &str = "text/event-stream";

impl Output for Feed {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        let schema = schemas.subschema_for::<Event>();
        vec![Look { success: Success::Found, content: Some((EVENTS, schema)), headers: &[] }]
    }

    fn reply(self) -> Reply {
        let reply = Reply::text(Success::Found, EVENTS, Vec::new());
        Reply { body: Sent::Streamed(Body::new(self)), ..reply }
    }
}
