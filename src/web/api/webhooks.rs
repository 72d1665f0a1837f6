//! Hooks, and messages that were given up.

use schemars::JsonSchema;
use serde::Serialize;

use super::kept::{Answered, Behind, Counted, counted, made, once};
use crate::app::service::hooks::{DeadLetter, Hook, HookWish};
use crate::web::answer::{Found, Silent};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json};

/// Hooks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AllHooks {
    /// These, without their secrets.
    hooks: Vec<Hook>,
}

/// `POST /v1/hooks`.
pub(crate) fn create(call: &Call<Json<HookWish>>) -> Result<Answered<Hook>, Problem> {
    let once = once(call, "POST /v1/hooks")?;
    let (service, wish) = (&call.frame.service, call.body.0.clone());
    Ok(made("/v1/hooks", service.create_hook(&call.caller, wish, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/hooks`.
pub(crate) fn list(call: &Call) -> Result<Found<AllHooks>, Problem> {
    Ok(Found(AllHooks { hooks: call.frame.service.hooks(&call.caller)? }))
}

/// `DELETE /v1/hooks/{id}`.
pub(crate) fn remove(call: &Call) -> Result<Silent, Problem> {
    call.frame.service.remove_hook(&call.caller, call.part("id"), call.now_ms)?;
    Ok(Silent)
}

/// `GET /v1/dead-letters`.
pub(crate) fn dead(call: &Call<(), Asked<Behind>>) -> Result<Found<Counted<DeadLetter>>, Problem> {
    let Behind { after, limit } = call.query.0;
    let letters = call.frame.service.dead_letters(&call.caller, after, usize::from(limit))?;
    Ok(Found(counted(letters, |letter| letter.id)))
}

/// `POST /v1/dead-letters/{id}/again`.
pub(crate) fn again(call: &Call) -> Result<Silent, Problem> {
    let part = call.part("id");
    let unknown = || Problem::no_such("消息", "dead letter", part);
    let id = part.parse().map_err(|_| unknown())?;
    call.frame.service.send_again(&call.caller, id, call.now_ms)?;
    Ok(Silent)
}
