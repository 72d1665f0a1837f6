//! Keys of programs. A key is shown in the one answer that makes it; whoever asks again by the same
//! idempotency key hears which one was made, and not the key.

use axum::http::header;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kept::{Answered, below, once, page};
use crate::app::service::keys::{Listed, Wish};
use crate::app::service::role::{Permission, Role};
use crate::web::answer::{As, Found, JSON, Page, Paging, Reply, Silent};
use crate::web::call::{Call, tag};
use crate::web::error::{Problem, Success};
use crate::web::sent::{Asked, Json, behind};

/// Milliseconds of a day and of an hour.
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// What a new key is to be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyWish {
    /// What its holder is.
    role: Role,
    /// What it is for; nothing: everything the role may.
    #[serde(default)]
    scopes: Vec<Permission>,
    /// For whom its holder speaks at the desk: their posts are his, and he may name them as
    /// `person`. Where it is one, that one is meant unless somebody is named. Nobody: naming
    /// anybody is refused, and no post comes with it but what the role brings; keys made before
    /// this was asked are such keys.
    #[serde(default)]
    #[schemars(length(max = 200))]
    people: Vec<String>,
    /// Of no use after so many days; nothing: it does not expire.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3650))]
    days: Option<u16>,
}

/// How a key is to be rotated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// Hours for which the old key still opens.
    #[serde(default = "a_day")]
    #[schemars(range(max = 720))]
    overlap_hours: u16,
}

fn a_day() -> u16 {
    24
}

/// A key just made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct NewKey {
    /// What its holder has to show; nobody can show it again, so it is absent in the answer to a
    /// request that came before.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// What is kept of it.
    listed: Listed,
}

/// `POST /v1/keys`.
pub(crate) fn create(call: &Call<Json<KeyWish>>) -> Result<Answered<NewKey>, Problem> {
    let KeyWish { role, scopes, people, days } = call.body.0.clone();
    let expires_ms = days.map(|days| call.now_ms.saturating_add(DAY_MS * i64::from(days)));
    let (wish, once) = (Wish { role, scopes, people, expires_ms }, once(call, "POST /v1/keys")?);
    let service = &call.frame.service;
    Ok(new(service.make_key_once(&call.caller, wish, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/keys`.
pub(crate) fn list(call: &Call<(), Asked<Paging>>) -> Result<Found<Page<Listed>>, Problem> {
    let after = call.query.0.after.as_deref().map(behind).transpose()?;
    let part = (after.as_deref(), usize::from(call.query.0.limit));
    Ok(Found(page(call.frame.service.keys(&call.caller, part, call.now_ms)?)))
}

/// `POST /v1/keys/{prefix}/rotation`.
pub(crate) fn rotate(call: &Call<Json<Rotation>>) -> Result<Answered<NewKey>, Problem> {
    let (prefix, overlap) = (call.part("prefix"), i64::from(call.body.0.overlap_hours));
    let once = once(call, &format!("POST /v1/keys/{prefix}/rotation"))?;
    let (service, wish) = (&call.frame.service, (prefix, overlap * HOUR_MS));
    Ok(new(service.rotate_key_once(&call.caller, wish, once.as_ref(), call.now_ms)?))
}

/// `DELETE /v1/keys/{prefix}`.
pub(crate) fn revoke(call: &Call) -> Result<Silent, Problem> {
    call.frame.service.revoke_key(&call.caller, call.part("prefix"), call.now_ms)?;
    Ok(Silent)
}

fn new((key, listed): (Option<String>, Listed)) -> Answered<NewKey> {
    let location = below("/v1/keys", &listed.prefix);
    let document = NewKey { key, listed };
    let body = serde_json::to_vec(&document).expect("keys are texts");
    let reply = Reply::text(Success::Made, JSON, body);
    As::new(reply.header(header::LOCATION, location).header(header::ETAG, tag(1)))
}
