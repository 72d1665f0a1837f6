//! One route: what leads to it, who may take it, what it takes and gives, and how a request goes
//! through it. The types of a handler say what the OpenAPI document says of it, so neither can be
//! wrong about the other.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, Response, header};
use axum::routing::MethodFilter;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;
use tokio::time::timeout;

use super::answer::{Look, Output, Reply, Sent};
use super::call::{Call, has_already, language};
use super::error::{Code, PROBLEM_JSON, Problem, Success};
use super::frame::Frame;
use super::received::{STRAY_BYTES, is_json, received};
use super::sent::{Body, Query};
use crate::app::clock::{self, Since};
use crate::app::service::Caller;
use crate::app::service::role::{Permission, Role};
use crate::calendar::Label;
use crate::model::lang::Lang;

/// How a route is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As requests spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    pub(crate) fn filter(self) -> MethodFilter {
        match self {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        }
    }
}

/// What a route takes and gives, told by the types of its handler.
pub(crate) struct Shape {
    pub(crate) body: fn(&mut SchemaGenerator) -> Option<Schema>,
    pub(crate) query: fn(&mut SchemaGenerator) -> Option<Value>,
    pub(crate) looks: fn(&mut SchemaGenerator) -> Vec<Look>,
    pub(crate) is_tagged: bool,
    pub(crate) has_body: bool,
}

type Run = Arc<dyn Fn(Call) -> Result<Reply, Problem> + Send + Sync>;

/// A route.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// What the caller must be allowed; nothing: anybody may, without a key.
    pub(crate) permission: Option<Permission>,
    /// What does in its place.
    pub(crate) instead: Option<Permission>,
    pub(crate) says: Label,
    /// What is to be known of it beyond that.
    pub(crate) adds: Option<Label>,
    pub(crate) shape: Shape,
    /// Problems beyond those that every route of its form can come to.
    pub(crate) may: Vec<Code>,
    /// Whether it wants `If-Match` or `If-None-Match: *`.
    pub(crate) is_conditional: bool,
    /// Whether it knows `Idempotency-Key`.
    pub(crate) is_repeatable: bool,
    /// A body that works, for readers.
    pub(crate) example: Option<fn() -> Value>,
    run: Run,
}

/// The route by which `method` and `path` lead to `handler`.
fn route<B, Q, O>(
    method: Method,
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    let (queries, bodies) = (Q::reader(), B::reader());
    let run = move |call: Call| {
        let (query, body) = (Q::read(&queries, &call.raw_query)?, B::read(&bodies, &call.text)?);
        let call = call.read(query, body);
        let done = handler(&call);
        let settled = done.as_ref().err().and_then(|problem| call.also_expected(problem));
        match settled {
            // Nothing was done: the version there is, is another of those named.
            Some(version) => handler(&Call { settled: Some(version), ..call }),
            None => done,
        }
        .map(O::reply)
    };
    let has_body = B::look(&mut SchemaGenerator::default()).is_some();
    let (body, query, looks) = (B::look, Q::look, O::looks);
    Route {
        method,
        path,
        permission: None,
        instead: None,
        says: Label::default(),
        adds: None,
        shape: Shape { body, query, looks, is_tagged: O::is_tagged(), has_body },
        may: Vec::new(),
        is_conditional: false,
        is_repeatable: false,
        example: None,
        run: Arc::new(run),
    }
}

/// `GET path`.
pub(crate) fn get<B, Q, O>(
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    route(Method::Get, path, handler)
}

/// `POST path`.
pub(crate) fn post<B, Q, O>(
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    route(Method::Post, path, handler)
}

/// `PUT path`.
pub(crate) fn put<B, Q, O>(
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    route(Method::Put, path, handler)
}

/// `PATCH path`.
pub(crate) fn patch<B, Q, O>(
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    route(Method::Patch, path, handler)
}

/// `DELETE path`.
pub(crate) fn delete<B, Q, O>(
    path: &'static str,
    handler: fn(&Call<B, Q>) -> Result<O, Problem>,
) -> Route
where
    B: Body<Reader: 'static> + 'static,
    Q: Query<Reader: 'static> + 'static,
    O: Output + 'static,
{
    route(Method::Delete, path, handler)
}

impl Route {
    /// Only for callers who may `permission`.
    pub(crate) fn needs(self, permission: Permission) -> Route {
        Route { permission: Some(permission), ..self }
    }

    /// Also for callers who may `permission` instead.
    pub(crate) fn or(self, permission: Permission) -> Route {
        Route { instead: Some(permission), ..self }
    }

    /// What it does, in a sentence.
    pub(crate) fn says(self, zh: &str, en: &str) -> Route {
        Route { says: Label::new(zh, en), ..self }
    }

    /// What is to be known of it beyond that.
    pub(crate) fn adds(self, note: Label) -> Route {
        Route { adds: Some(note), ..self }
    }

    /// A body that works.
    pub(crate) fn for_example(self, body: fn() -> Value) -> Route {
        Route { example: Some(body), ..self }
    }

    /// It can come to these problems, too.
    pub(crate) fn may(mut self, codes: &[Code]) -> Route {
        self.may.extend_from_slice(codes);
        self
    }

    /// It relies on a version: [`Call::expected`].
    pub(crate) fn conditional(self) -> Route {
        Route { is_conditional: true, ..self }.may(&[Code::Changed, Code::Unconditional])
    }

    /// It can be repeated without doing it twice: [`Call::idempotency_key`].
    pub(crate) fn repeatable(self) -> Route {
        Route { is_repeatable: true, ..self }.may(&[Code::KeyReused, Code::Gone])
    }

    /// All problems it can come to.
    pub(crate) fn problems(&self) -> Vec<Code> {
        let mut codes = vec![Code::BadQuery, Code::TooSlow, Code::TooLarge, Code::Fault];
        codes.extend([Code::Busy, Code::Stopping, Code::Outside, Code::TimedOut]);
        if self.is_conditional || self.is_repeatable {
            codes.push(Code::BadHeader);
        }
        if self.permission.is_some() {
            codes.extend([Code::NoKey, Code::Forbidden, Code::TooMany]);
        }
        if self.shape.has_body {
            codes.extend([Code::Malformed, Code::WrongType, Code::Invalid]);
        }
        codes.extend(&self.may);
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Takes a request through: let in, read, worked on, answered. `row` is its own in the table.
    pub(crate) async fn take(
        self: Arc<Self>,
        frame: Arc<Frame>,
        row: usize,
        path: Result<BTreeMap<String, String>, Problem>,
        request: Request<HttpBody>,
    ) -> Response<HttpBody> {
        let (parts, body) = request.into_parts();
        let asker = Asker::of(&frame, &parts.headers);
        let answer = {
            let _counting = frame.metrics.enter();
            match path {
                Ok(path) => self.answer(&frame, &asker, path, &parts, body).await,
                Err(problem) => Err(problem),
            }
        };
        if let Err(problem) = &answer {
            debug_assert!(
                self.problems().contains(&problem.code),
                "{} {} does not document {}",
                self.method.name(),
                self.path,
                problem.code.name()
            );
        }
        let response = sent(answer, &asker);
        frame.metrics.note(row, response.status().as_u16(), asker.begun.microseconds());
        response
    }

    async fn answer(
        self: &Arc<Self>,
        frame: &Arc<Frame>,
        asker: &Asker,
        path: BTreeMap<String, String>,
        parts: &Parts,
        body: HttpBody,
    ) -> Result<Reply, Problem> {
        let now_ms = clock::now_ms();
        let peer = parts.extensions.get::<Peer>().map_or(UNKNOWN, |peer| peer.0);
        let caller = match self.permission {
            None => Caller::person("anybody", Role::Ticketing),
            Some(permission) => {
                let (own, headers) = (Arc::clone(frame), parts.headers.clone());
                let admit = move || own.doorman.let_in(&own.service, peer, &headers, now_ms);
                let caller = frame.gates.run(frame.gates.enter()?, admit).await??;
                frame.doorman.count(&caller, now_ms)?;
                if !self.instead.is_some_and(|instead| caller.may(instead)) {
                    caller.must(permission).map_err(Problem::from)?;
                }
                caller
            }
        };
        if frame.is_stopping() {
            return Err(Problem::plain(Code::Stopping).after(5));
        }
        let most = if self.shape.has_body {
            is_json(&parts.headers)?;
            frame.limits.body_bytes
        } else {
            STRAY_BYTES.min(frame.limits.body_bytes)
        };
        let patience = Duration::from_secs(frame.limits.receive_seconds);
        let text = timeout(patience, received(body, &parts.headers, most, &frame.gates)).await;
        let (text, room) = text.map_err(|_| Problem::plain(Code::TooSlow))??;
        // Whoever is slow to send has no place among those worked on.
        let entered = frame.gates.enter()?;
        let call = Call {
            frame: Arc::clone(frame),
            caller,
            lang: asker.lang,
            now_ms,
            request: asker.name.clone(),
            begun: asker.begun,
            peer,
            path,
            headers: parts.headers.clone(),
            raw_query: parts.uri.query().unwrap_or_default().to_owned(),
            text,
            query: (),
            body: (),
            settled: None,
        };
        let run = Arc::clone(&self.run);
        let work = move || {
            let reply = run(call);
            drop(room);
            reply
        };
        let reply = frame.gates.run(entered, work).await??;
        Ok(if self.shape.is_tagged { unless_known(reply, &parts.headers) } else { reply })
    }
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The address of nobody.
const UNKNOWN: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

/// For whom an answer is written.
pub(crate) struct Asker {
    pub(crate) name: String,
    pub(crate) lang: Lang,
    pub(crate) begun: Since,
}

impl Asker {
    /// Whoever sent `headers`.
    pub(crate) fn of(frame: &Frame, headers: &HeaderMap) -> Asker {
        Asker {
            name: frame.name_request(),
            lang: language(headers, frame.lang),
            begun: Since::now(),
        }
    }
}

/// An answer on its way out.
pub(crate) fn sent(answer: Result<Reply, Problem>, asker: &Asker) -> Response<HttpBody> {
    let mut response = match answer {
        Ok(reply) => {
            let mut response = Response::builder().status(reply.success.status());
            if !matches!(reply.success, Success::Silent | Success::Unchanged) {
                response = response.header(header::CONTENT_TYPE, reply.kind);
            }
            if let Some(headers) = response.headers_mut() {
                headers.extend(reply.values());
            }
            let body = match reply.body {
                Sent::Whole(bytes) => HttpBody::from(bytes),
                Sent::Streamed(body) => body,
            };
            response.body(body).expect("statuses and content types of ours can be sent")
        }
        Err(problem) => told(&problem, asker),
    };
    let headers = response.headers_mut();
    if let Ok(name) = HeaderValue::from_str(&asker.name) {
        headers.insert("x-request-id", name);
    }
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn told(problem: &Problem, asker: &Asker) -> Response<HttpBody> {
    let body = problem.document(asker.lang, &asker.name);
    let mut response = Response::builder()
        .status(problem.code.status())
        .header(header::CONTENT_TYPE, PROBLEM_JSON)
        .header(header::CONTENT_LANGUAGE, asker.lang.of("zh", "en"));
    if let Some(seconds) = problem.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    if problem.code == Code::NoKey {
        response = response.header(header::WWW_AUTHENTICATE, "Bearer realm=\"paidan\"");
    }
    if matches!(problem.code, Code::TooLarge | Code::TooSlow) {
        response = response.header(header::CONNECTION, "close");
    }
    response.body(HttpBody::from(body)).expect("statuses and headers of ours can be sent")
}

/// `reply`, or only its tag when the asker has it already.
fn unless_known(reply: Reply, headers: &HeaderMap) -> Reply {
    let Some(tag) = reply.value(&header::ETAG) else { return reply };
    if reply.success != Success::Found || !has_already(headers, tag) {
        return reply;
    }
    let tag = tag.to_owned();
    Reply::text(Success::Unchanged, "", Vec::new()).header(header::ETAG, tag)
}
