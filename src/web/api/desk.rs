//! The desk: what happens to tickets, and what happened.

use super::kept::{Answered, Behind, Counted, counted, expected, made, once};
use crate::app::service::desk::{Doing, Entry, Wanted};
use crate::app::service::tickets::ShownTicket;
use crate::web::answer::Found;
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json};

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
    Ok(Found(counted(entries, *limit, |entry| entry.position)))
}
