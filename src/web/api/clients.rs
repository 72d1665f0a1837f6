//! Clients, as much of them as the caller may know.

use super::kept::{Answered, Erasure, Stated, Viewed, expected, made, once, page};
use crate::app::service::clients::ClientFile;
use crate::web::answer::{Found, Page, Paging, Silent};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json, behind};

/// `POST /v1/clients`.
pub(crate) fn create(call: &Call<Json<ClientFile>>) -> Result<Answered<ClientFile>, Problem> {
    let once = once(call, "POST /v1/clients")?;
    let (service, file) = (&call.frame.service, call.body.0.clone());
    Ok(made("/v1/clients", service.create_client(&call.caller, file, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/clients`.
pub(crate) fn list(call: &Call<(), Asked<Paging>>) -> Result<Found<Page<ClientFile>>, Problem> {
    let after = call.query.0.after.as_deref().map(behind).transpose()?;
    let (service, limit) = (&call.frame.service, usize::from(call.query.0.limit));
    Ok(Found(page(service.clients(&call.caller, after.as_deref(), limit, call.now_ms)?)))
}

/// `GET /v1/clients/{id}`.
pub(crate) fn one(call: &Call) -> Result<Viewed<ClientFile>, Problem> {
    Ok(call.frame.service.client(&call.caller, call.part("id"), call.now_ms)?.into())
}

/// `PUT /v1/clients/{id}`.
pub(crate) fn put(call: &Call<Json<ClientFile>>) -> Result<Stated<ClientFile>, Problem> {
    let (key, expected, file) = (call.part("id"), expected(call)?, call.body.0.clone());
    let service = &call.frame.service;
    Ok(service.put_client(&call.caller, key, expected, file, call.now_ms)?.into())
}

/// `DELETE /v1/clients/{id}`.
pub(crate) fn erase(call: &Call<(), Asked<Erasure>>) -> Result<Silent, Problem> {
    let (key, because) = (call.part("id"), call.query.0.because.as_deref());
    call.frame.service.erase_client_for(&call.caller, key, because, call.now_ms)?;
    Ok(Silent)
}
