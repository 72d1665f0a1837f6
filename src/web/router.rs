//! Every route of the server, on one screen: what leads where, and who may take it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::{Request, Uri};
use axum::routing::MethodRouter;

use super::api::schema;
use super::error::{Code, Problem};
use super::frame::Frame;
use super::health;
use super::route::{Asker, Route, get, sent};
use crate::app::clock::Since;
use crate::app::service::role::Permission as P;

/// The table.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/healthz", health::alive).says("服务是否存活", "Whether the server is alive"),
        get("/readyz", health::ready)
            .says("能否读写数据", "Whether it can read and write what it keeps"),
        get("/metrics", health::metrics)
            .needs(P::ServerRead)
            .says("Prometheus 指标", "Counts for Prometheus"),
        get("/docs", health::docs).says("本文档的网页", "This document as a page"),
        get("/v1/openapi.json", health::openapi).says("本文档", "This document"),
        get("/v1/schema", schema::names).says("文档格式一览", "The kinds of documents"),
        get("/v1/schema/{name}", schema::one)
            .says("一种文档的 JSON Schema", "The JSON Schema of one kind of documents")
            .may(&[Code::NotFound]),
    ]
}

/// The router over `routes`; what no route takes is told so by a problem document.
pub(crate) fn router(routes: Vec<Route>, frame: &Arc<Frame>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for (row, route) in routes.into_iter().enumerate() {
        let (path, filter) = (route.path, route.method.filter());
        let (route, frame) = (Arc::new(route), Arc::clone(frame));
        let take = move |parts: RawPathParams, request: Request<Body>| {
            let parts = parts.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            Arc::clone(&route).take(Arc::clone(&frame), row, parts.collect(), request)
        };
        let methods = paths.remove(path).unwrap_or_default();
        paths.insert(path, methods.on(filter, take));
    }
    let stray = |code: Code| {
        let frame = Arc::clone(frame);
        move |request: Request<Body>| {
            let (begun, frame) = (Since::now(), Arc::clone(&frame));
            async move {
                let asker = Asker::of(&frame, request.headers());
                let answer = sent(Err(no_route(code, request.uri())), &asker);
                let status = answer.status().as_u16();
                frame.metrics.note(frame.metrics.strays(), status, begun.microseconds());
                answer
            }
        }
    };
    let router = Router::new();
    let router =
        paths.into_iter().fold(router, |router, (path, methods)| router.route(path, methods));
    router.fallback(stray(Code::NoRoute)).method_not_allowed_fallback(stray(Code::WrongMethod))
}

fn no_route(code: Code, uri: &Uri) -> Problem {
    let path = uri.path();
    match code {
        Code::WrongMethod => Problem::new(
            code,
            format!("{path} 不接受该方法，见 Allow"),
            format!("{path} has no such method: see Allow"),
        ),
        _ => Problem::new(
            code,
            format!("没有 {path}，全部地址见 /docs"),
            format!("there is no {path}: /docs has all addresses"),
        ),
    }
}
