//! What handlers over kept things share: answers with versions, places of new things, pages.

use axum::http::header;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::app::service::kept::{Kept, Page as Found};
use crate::app::service::once::{Made as Done, Once};
use crate::web::answer::{As, JSON, Look, Made, Output, Page, Reply, Versioned, json};
use crate::web::call::{Call, Expected, tag, tag_of_all};
use crate::web::error::{Problem, Success};
use crate::web::sent::cursor;

/// A document after a change: its version goes out as its ETag for the next one, and it is sent
/// whole.
pub(crate) struct Stated<T> {
    pub(crate) version: u64,
    pub(crate) document: T,
}

impl<T> From<Kept<T>> for Stated<T> {
    fn from(kept: Kept<T>) -> Stated<T> {
        Stated { version: kept.version, document: kept.document }
    }
}

/// A document that tells more than its version does, such as how a plan has it, or less to some:
/// its ETag stands for all that is told, and begins with the version for changes.
pub(crate) struct Viewed<T> {
    pub(crate) version: u64,
    pub(crate) document: T,
}

impl<T> From<Kept<T>> for Viewed<T> {
    fn from(kept: Kept<T>) -> Viewed<T> {
        Viewed { version: kept.version, document: kept.document }
    }
}

impl<T: Serialize + JsonSchema> Output for Viewed<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        Versioned::<T>::looks(schemas)
    }

    fn reply(self) -> Reply {
        let body = json(&self.document);
        let tag = tag_of_all(self.version, &body);
        Reply::text(Success::Found, JSON, body).header(header::ETAG, tag)
    }

    fn is_tagged() -> bool {
        true
    }
}

impl<T> From<Kept<T>> for Versioned<T> {
    fn from(kept: Kept<T>) -> Versioned<T> {
        Versioned { version: kept.version, document: kept.document }
    }
}

impl<T: Serialize + JsonSchema> Output for Stated<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        Versioned::<T>::looks(schemas)
    }

    fn reply(self) -> Reply {
        let Stated { version, document } = self;
        Versioned { version, document }.reply()
    }
}

/// Something new by its answer, which may have been given before.
pub(crate) type Answered<T> = As<Made<T>>;

/// The answer to a request that made something below `place`.
pub(crate) fn made<T: Serialize + JsonSchema>(place: &str, done: Done) -> Answered<T> {
    let reply = Reply::text(Success::Made, JSON, done.body)
        .header(header::LOCATION, below(place, &done.key))
        .header(header::ETAG, tag(done.version));
    As::new(reply)
}

/// The address of what is called `key` below `place`.
pub(crate) fn below(place: &str, key: &str) -> String {
    let mut address = format!("{place}/");
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address += &format!("%{byte:02X}");
        }
    }
    address
}

/// What makes the call the same as an earlier one, when it says so.
pub(crate) fn once<B, Q>(call: &Call<B, Q>, name: &str) -> Result<Option<Once>, Problem> {
    let key = call.idempotency_key()?;
    Ok(key.map(|key| Once::new(&call.caller, name, &key, &call.text)))
}

/// The version the call relies on; none: any there is; 0: that there is none.
pub(crate) fn expected<B, Q>(call: &Call<B, Q>) -> Result<Option<u64>, Problem> {
    Ok(match call.expected()? {
        Expected::Version(version) => Some(version),
        Expected::Any => None,
        Expected::None => Some(0),
    })
}

/// A page as it is answered.
pub(crate) fn page<T>(found: Found<T>) -> Page<T> {
    let next = found.next.as_deref().map(cursor);
    Page { items: found.items, next, unread: found.unread }
}

/// A page of things in the order of numbers, each with its own.
///
/// Only an empty page is behind the last: pages are also cut where they would grow too long.
pub(crate) fn counted<T>(items: Vec<T>, number: fn(&T) -> u64) -> Counted<T> {
    Counted { next: items.last().map(number), items }
}

/// Some of many things in the order of numbers, and how to go on.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Counted<T> {
    /// These.
    pub(crate) items: Vec<T>,
    /// What to say as `after` for the next ones; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u64>,
}

impl<T: JsonSchema> JsonSchema for Counted<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("CountedOf{}", T::schema_name()).into()
    }

    fn json_schema(schemas: &mut SchemaGenerator) -> Schema {
        let item = schemas.subschema_for::<T>();
        schemars::json_schema!({
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": {"type": "array", "items": item},
                "next": {"type": "integer", "minimum": 0}
            }
        })
    }
}

/// Which part of many numbered things is asked for.
#[derive(Clone, Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Behind {
    /// The `next` of the page before; nothing: from the beginning.
    #[serde(default)]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    pub(crate) after: u64,
    /// At most so many.
    #[serde(default = "usual_count")]
    #[schemars(range(min = 1, max = 500))]
    pub(crate) limit: u16,
}

pub(crate) fn usual_count() -> u16 {
    50
}

/// Why something is erased although its file is still to be kept.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erasure {
    /// The reason that goes before the rule to keep files; it is put on record.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub(crate) because: Option<String>,
}
