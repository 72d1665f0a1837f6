//! The desk: what happens to tickets, and what happened.

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{Answered, Behind, Counted, counted, expected, made, once, page};
use crate::app::service::desk::{Doing, Dossier, Entry, ShownDue, Wanted};
use crate::app::service::tickets::ShownTicket;
use crate::calendar::{Moment, Zone};
use crate::web::answer::{Found, Page};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json, behind};

/// Up to when something is due.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Until {
    /// Up to this moment; up to now when nothing is said.
    #[serde(default)]
    until: Option<Moment>,
    /// The `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// At most about so many: the moments of one ticket stay together.
    #[serde(default = "super::kept::usual_count")]
    #[schemars(range(min = 1, max = 500))]
    limit: u16,
}

/// `POST /v1/tickets/{id}/happenings`.
pub(crate) fn happen(call: &Call<Json<Doing>>) -> Result<Answered<ShownTicket>, Problem> {
    let key = call.part("id");
    let once = once(call, &format!("POST /v1/tickets/{key}/happenings"))?;
    let wanted = Wanted { key, version: expected(call)? };
    let (service, doing) = (&call.frame.service, &call.body.0);
    let done = service.desk_do(&call.caller, wanted, doing, once.as_ref(), call.now_ms)?;
    Ok(made("/v1/tickets", done))
}

/// `GET /v1/tickets/{id}/timeline`.
pub(crate) fn timeline(call: &Call<(), Asked<Behind>>) -> Result<Found<Counted<Entry>>, Problem> {
    let (Behind { after, limit }, key) = (&call.query.0, call.part("id"));
    let (service, most) = (&call.frame.service, usize::from(*limit));
    let entries = service.timeline(&call.caller, key, *after, most, call.now_ms)?;
    Ok(Found(counted(entries, |entry| entry.position)))
}

/// `GET /v1/tickets/{id}/desk`.
pub(crate) fn dossier(call: &Call) -> Result<Found<Dossier>, Problem> {
    let service = &call.frame.service;
    Ok(Found(service.dossier(&call.caller, call.part("id"), call.now_ms)?))
}

/// `GET /v1/desk/due`.
pub(crate) fn due(call: &Call<(), Asked<Until>>) -> Result<Found<Page<ShownDue>>, Problem> {
    let Until { until, after, limit } = &call.query.0;
    let until = until.map_or(call.now_ms, |until| Zone::default().tick_from(until).0 * 60_000);
    let after = after.as_deref().map(behind).transpose()?;
    let (service, most) = (&call.frame.service, usize::from(*limit));
    Ok(Found(page(service.desk_due(&call.caller, until, after.as_deref(), most)?)))
}
