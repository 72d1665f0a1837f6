//! The policy, quotes and their acceptance.

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{Answered, Stated, below, expected, made, once};
use crate::app::service::quotes::{Acceptance, AcceptedQuote, Quoted};
use crate::model::request::Request;
use crate::policy::Policy;
use crate::web::answer::{Found, Versioned};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json};

/// How far a quote looks.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deep {
    /// Only what moves nobody, which takes milliseconds.
    #[serde(default)]
    quick: bool,
}

/// `GET /v1/policy`.
pub(crate) fn policy(call: &Call) -> Result<Versioned<Policy>, Problem> {
    Ok(call.frame.service.policy(&call.caller)?.into())
}

/// `PUT /v1/policy`.
pub(crate) fn put_policy(call: &Call<Json<Policy>>) -> Result<Stated<Policy>, Problem> {
    let (expected, policy) = (expected(call)?, call.body.0.clone());
    Ok(call.frame.service.put_policy(&call.caller, expected, policy, call.now_ms)?.into())
}

/// `POST /v1/quotes`.
pub(crate) fn quote(call: &Call<Json<Request>, Asked<Deep>>) -> Result<Answered<Quoted>, Problem> {
    let is_quick = call.query.0.quick;
    let name = if is_quick { "POST /v1/quotes?quick=true" } else { "POST /v1/quotes" };
    let once = once(call, name)?;
    let (service, request) = (&call.frame.service, &call.body.0);
    let quote = || {
        let (caller, once, now_ms) = (&call.caller, once.as_ref(), call.now_ms);
        if is_quick {
            service.quote_quickly(caller, request, once, now_ms)
        } else {
            service.quote(caller, request, once, now_ms)
        }
    };
    Ok(made("/v1/quotes", call.in_turn(quote)??))
}

/// `GET /v1/quotes/{id}`.
pub(crate) fn one(call: &Call) -> Result<Found<Quoted>, Problem> {
    Ok(Found(call.frame.service.quote_of(&call.caller, call.part("id"), call.now_ms)?))
}

/// `POST /v1/quotes/{id}/acceptance`.
pub(crate) fn accept(call: &Call<Json<Acceptance>>) -> Result<Answered<AcceptedQuote>, Problem> {
    let (key, option) = (call.part("id"), call.body.0.option);
    let once = once(call, &format!("POST {}/acceptance", below("/v1/quotes", key)))?;
    let service = &call.frame.service;
    let accept = || service.accept(&call.caller, key, option, once.as_ref(), call.now_ms);
    Ok(made("/v1/plans", call.in_turn(accept)??))
}
