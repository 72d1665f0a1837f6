//! What happened, and who looked at what.

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{Behind, Counted, counted};
use crate::app::service::access::Seen;
use crate::app::service::events::Told;
use crate::web::answer::Found;
use crate::web::call::Call;
use crate::web::error::{Code, Problem};
use crate::web::sent::Asked;

/// Whose accesses, or to what.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whose {
    /// Those by this actor; or
    #[serde(default)]
    actor: Option<String>,
    /// those to a thing of this kind
    #[serde(default)]
    kind: Option<String>,
    /// called so.
    #[serde(default)]
    key: Option<String>,
    /// The `next` of the page before; nothing: from the latest on.
    #[serde(default)]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    after: Option<u64>,
    /// At most so many.
    #[serde(default = "super::kept::usual_count")]
    #[schemars(range(min = 1, max = 500))]
    limit: u16,
}

/// `GET /v1/events`.
pub(crate) fn list(call: &Call<(), Asked<Behind>>) -> Result<Found<Counted<Told>>, Problem> {
    let Behind { after, limit } = call.query.0;
    let events = call.frame.service.events(&call.caller, after, usize::from(limit), call.now_ms)?;
    Ok(Found(counted(events, |event| event.position)))
}

/// `GET /v1/accesses`: the latest first.
pub(crate) fn accesses(call: &Call<(), Asked<Whose>>) -> Result<Found<Counted<Seen>>, Problem> {
    let Whose { actor, kind, key, after, limit } = &call.query.0;
    let (service, most) = (&call.frame.service, usize::from(*limit));
    let accesses = match (actor, kind, key) {
        (Some(actor), None, None) => service.accesses_by(&call.caller, actor, *after, most)?,
        (None, Some(kind), Some(key)) => {
            service.accesses_to(&call.caller, (kind, key), *after, most)?
        }
        _ => {
            return Err(Problem::new(
                Code::BadQuery,
                "请写 actor，或 kind 与 key",
                "say either actor, or kind and key",
            ));
        }
    };
    Ok(Found(counted(accesses, |access| access.number)))
}
