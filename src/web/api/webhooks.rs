//! Hooks, and messages that were given up.

use super::kept::{Answered, Behind, Counted, counted, made, once, page};
use crate::app::service::hooks::{DeadLetter, Hook, HookWish};
use crate::web::answer::{Found, Page, Paging, Silent};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json, behind};

/// `POST /v1/hooks`.
pub(crate) fn create(call: &Call<Json<HookWish>>) -> Result<Answered<Hook>, Problem> {
    let once = once(call, "POST /v1/hooks")?;
    let (service, wish) = (&call.frame.service, call.body.0.clone());
    Ok(made("/v1/hooks", service.create_hook(&call.caller, wish, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/hooks`.
pub(crate) fn list(call: &Call<(), Asked<Paging>>) -> Result<Found<Page<Hook>>, Problem> {
    let after = call.query.0.after.as_deref().map(behind).transpose()?;
    let (service, limit) = (&call.frame.service, usize::from(call.query.0.limit));
    Ok(Found(page(service.hooks(&call.caller, after.as_deref(), limit)?)))
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
    call.frame.service.send_again(&call.caller, letter(call)?, call.now_ms)?;
    Ok(Silent)
}

/// `DELETE /v1/dead-letters/{id}`.
pub(crate) fn forget(call: &Call) -> Result<Silent, Problem> {
    call.frame.service.drop_dead_letter(&call.caller, letter(call)?)?;
    Ok(Silent)
}

/// The message the call is about.
fn letter(call: &Call) -> Result<u64, Problem> {
    let part = call.part("id");
    part.parse().map_err(|_| Problem::no_such("消息", "dead letter", part))
}
