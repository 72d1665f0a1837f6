//! What handlers answer, in types that also tell the OpenAPI document what it looks like. Must not
//! know status codes.

use std::marker::PhantomData;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::tag;
use super::error::Success;

/// The content type of documents.
pub(crate) const JSON: &str = "application/json";

/// An answer ready to be sent.
pub(crate) struct Reply {
    pub(crate) success: Success,
    pub(crate) kind: &'static str,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Sent,
}

/// What is sent.
pub(crate) enum Sent {
    /// All at once.
    Whole(Vec<u8>),
    /// Bit by bit.
    Streamed(Body),
}

impl Reply {
    /// Text of content type `kind`.
    pub(crate) fn text(success: Success, kind: &'static str, body: Vec<u8>) -> Reply {
        Reply { success, kind, headers: Vec::new(), body: Sent::Whole(body) }
    }

    /// The same with a header.
    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// Its headers, those that can be sent.
    pub(crate) fn values(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + '_ {
        let pairs = self.headers.iter();
        pairs.filter_map(|(name, value)| Some((name.clone(), HeaderValue::from_str(value).ok()?)))
    }

    /// The value of one of its headers.
    pub(crate) fn value(&self, name: &HeaderName) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// How an answer looks, for the OpenAPI document.
pub(crate) struct Look {
    pub(crate) success: Success,
    /// Content type and schema; none when there is no body.
    pub(crate) content: Option<(&'static str, Schema)>,
    /// Headers that always come with it.
    pub(crate) headers: &'static [&'static str],
}

/// What a handler may answer.
pub(crate) trait Output {
    /// Every way it can look.
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look>;

    /// It, ready to be sent.
    fn reply(self) -> Reply;

    /// Whether it carries an ETag, so that `If-None-Match` is understood.
    fn is_tagged() -> bool {
        false
    }
}

/// `document` as it is sent.
pub(crate) fn json(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("documents are texts and whole numbers")
}

fn look<T: JsonSchema>(success: Success, schemas: &mut SchemaGenerator) -> Look {
    let schema = schemas.subschema_for::<T>();
    Look { success, content: Some((JSON, schema)), headers: &[] }
}

/// A document.
pub(crate) struct Found<T>(pub(crate) T);

impl<T: Serialize + JsonSchema> Output for Found<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        vec![look::<T>(Success::Found, schemas)]
    }

    fn reply(self) -> Reply {
        Reply::text(Success::Found, JSON, json(&self.0))
    }
}

/// A document in a version, which goes out as its ETag.
pub(crate) struct Versioned<T> {
    pub(crate) version: u64,
    pub(crate) document: T,
}

impl<T: Serialize + JsonSchema> Output for Versioned<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        vec![Look { headers: &["ETag"], ..look::<T>(Success::Found, schemas) }]
    }

    fn reply(self) -> Reply {
        let reply = Reply::text(Success::Found, JSON, json(&self.document));
        reply.header(header::ETAG, tag(self.version))
    }

    fn is_tagged() -> bool {
        true
    }
}

/// Something new, and where it is.
pub(crate) struct Made<T> {
    pub(crate) location: String,
    pub(crate) version: u64,
    pub(crate) document: T,
}

impl<T: Serialize + JsonSchema> Output for Made<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        vec![Look { headers: &["Location", "ETag"], ..look::<T>(Success::Made, schemas) }]
    }

    fn reply(self) -> Reply {
        let reply = Reply::text(Success::Made, JSON, json(&self.document));
        reply.header(header::LOCATION, self.location).header(header::ETAG, tag(self.version))
    }
}

/// Work that was begun, and where to ask for it.
pub(crate) struct Begun<T> {
    pub(crate) location: String,
    pub(crate) document: T,
}

impl<T: Serialize + JsonSchema> Output for Begun<T> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        vec![Look { headers: &["Location"], ..look::<T>(Success::Accepted, schemas) }]
    }

    fn reply(self) -> Reply {
        let reply = Reply::text(Success::Accepted, JSON, json(&self.document));
        reply.header(header::LOCATION, self.location)
    }
}

/// Done, and nothing to say.
pub(crate) struct Silent;

impl Output for Silent {
    fn looks(_: &mut SchemaGenerator) -> Vec<Look> {
        vec![Look { success: Success::Silent, content: None, headers: &[] }]
    }

    fn reply(self) -> Reply {
        Reply::text(Success::Silent, JSON, Vec::new())
    }
}

/// One of two.
pub(crate) enum Either<A, B> {
    /// The usual one.
    One(A),
    /// The other one.
    Other(B),
}

impl<A: Output, B: Output> Output for Either<A, B> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        let mut looks = A::looks(schemas);
        looks.extend(B::looks(schemas));
        looks
    }

    fn reply(self) -> Reply {
        match self {
            Either::One(one) => one.reply(),
            Either::Other(other) => other.reply(),
        }
    }

    fn is_tagged() -> bool {
        A::is_tagged() || B::is_tagged()
    }
}

/// A reply made elsewhere, such as one given before, that looks as an `O` does.
pub(crate) struct As<O> {
    reply: Reply,
    looks: PhantomData<fn() -> O>,
}

impl<O: Output> As<O> {
    /// `reply`, vouched to look as an `O`.
    pub(crate) fn new(reply: Reply) -> As<O> {
        As { reply, looks: PhantomData }
    }
}

impl<O: Output> Output for As<O> {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        O::looks(schemas)
    }

    fn reply(self) -> Reply {
        self.reply
    }

    fn is_tagged() -> bool {
        O::is_tagged()
    }
}

/// A page for people.
pub(crate) struct Html(pub(crate) String);

impl Output for Html {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        let schema = schemas.subschema_for::<String>();
        vec![Look { success: Success::Found, content: Some((HTML, schema)), headers: &[] }]
    }

    fn reply(self) -> Reply {
        Reply::text(Success::Found, HTML, self.0.into_bytes()).header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        )
    }
}

/// The content type of pages.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// Lines for programs.
pub(crate) struct Plain(pub(crate) String);

/// The content type of lines.
const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Output for Plain {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        let schema = schemas.subschema_for::<String>();
        vec![Look { success: Success::Found, content: Some((PLAIN, schema)), headers: &[] }]
    }

    fn reply(self) -> Reply {
        Reply::text(Success::Found, PLAIN, self.0.into_bytes())
    }
}

/// JSON that is a document already, such as a schema.
pub(crate) struct Written(pub(crate) Vec<u8>);

impl Output for Written {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        vec![look::<serde_json::Map<String, serde_json::Value>>(Success::Found, schemas)]
    }

    fn reply(self) -> Reply {
        Reply::text(Success::Found, JSON, self.0)
    }
}

/// Some of many things, and how to go on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(crate) struct Page<T> {
    /// These.
    pub(crate) items: Vec<T>,
    /// What to say as `after` for the next ones; absent when these are the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    /// Of those looked at, the keys of what cannot be read; nothing else is kept back by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unread: Vec<String>,
}

/// Which part of many things is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// The `next` of the page before; nothing: from the beginning.
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// At most so many.
    #[serde(default = "usual_count")]
    #[schemars(range(min = 1, max = 500))]
    pub(crate) limit: u16,
}

/// Things on a page when nothing is said.
fn usual_count() -> u16 {
    50
}
