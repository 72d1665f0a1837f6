//! Every route of the server, on one screen: what leads where, and who may take it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::{Request, Uri};
use axum::routing::MethodRouter;

use super::api::{example, jobs, plan, quote, reading, schema, simulations, table};
use super::error::{Code, Problem};
use super::frame::Frame;
use super::health;
use super::route::{Asker, Route, delete, get, post, sent};
use crate::app::service::role::Permission as P;

/// The table; [`table`] has the part about kept things.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
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
        post("/v1/verify", reading::verify)
            .needs(P::PlanCompute)
            .for_example(example::to_verify)
            .says("检验计划并计价", "Check a plan against every rule and price it"),
        post("/v1/explain", reading::explain)
            .needs(P::PlanCompute)
            .for_example(example::to_explain)
            .says("解释工单、步骤或员工", "Explain a ticket, a step or a person"),
        post("/v1/diff", reading::diff)
            .needs(P::PlanCompute)
            .for_example(example::to_diff)
            .says("比较两份计划", "What one plan does differently from another"),
        post("/v1/quote", quote::quote)
            .needs(P::PlanCompute)
            .for_example(example::to_quote)
            .says("对所附计划报价", "Quote a request against a plan brought along")
            .may(&[Code::Impossible]),
        get("/v1/jobs/{id}", jobs::one)
            .needs(P::PlanCompute)
            .or(P::PlanDraft)
            .says("任务进展与结果", "How far a job is, and what came of it")
            .may(&[Code::NotFound]),
        get("/v1/jobs/{id}/events", jobs::events)
            .needs(P::PlanCompute)
            .or(P::PlanDraft)
            .says("任务进展（服务器推送）", "The progress of a job as server-sent events")
            .may(&[Code::NotFound]),
        delete("/v1/jobs/{id}", jobs::cancel)
            .needs(P::PlanCompute)
            .or(P::PlanDraft)
            .says("结束任务，保留当前最好的结果", "End a job with the best it has")
            .may(&[Code::NotFound]),
    ];
    routes.extend(searches());
    routes.extend(table::routes());
    routes
}

/// What may take long, and is a job then.
fn searches() -> Vec<Route> {
    vec![
        post("/v1/plan", plan::plan)
            .needs(P::PlanCompute)
            .for_example(example::to_plan)
            .says("为场景排计划", "Plan a scenario")
            .may(&[Code::Impossible])
            .repeatable(),
        post("/v1/front", plan::front)
            .needs(P::PlanCompute)
            .for_example(example::to_front)
            .says("权衡紧急与客户价值", "Plan at several weights of urgency and client value")
            .may(&[Code::Impossible])
            .repeatable(),
        post("/v1/simulations", simulations::begin)
            .needs(P::PlanCompute)
            .for_example(example::to_simulate)
            .says("模拟：各方案值多少", "Simulate days by chance: what options are worth")
            .may(&[Code::Impossible])
            .repeatable(),
    ]
}

/// The router over `routes`; what no route takes is told so by a problem document.
pub(crate) fn router(routes: Vec<Route>, frame: &Arc<Frame>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for (row, route) in routes.into_iter().enumerate() {
        let (path, filter) = (route.path, route.method.filter());
        let (route, frame) = (Arc::new(route), Arc::clone(frame));
        let take = move |parts: Parts, request: Request<Body>| {
            let parts = parts.map_err(|_| unreadable()).map(|parts| {
                let parts = parts.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
                parts.collect()
            });
            Arc::clone(&route).take(Arc::clone(&frame), row, parts, request)
        };
        let methods = paths.remove(path).unwrap_or_default();
        paths.insert(path, methods.on(filter, take));
    }
    let stray = |code: Code| {
        let frame = Arc::clone(frame);
        move |request: Request<Body>| {
            let frame = Arc::clone(&frame);
            async move {
                let asker = Asker::of(&frame, request.headers());
                let answer = sent(Err(no_route(code, request.uri())), &asker);
                let status = answer.status().as_u16();
                frame.metrics.note(frame.metrics.strays(), status, asker.begun.microseconds());
                answer
            }
        }
    };
    let router = Router::new();
    let router =
        paths.into_iter().fold(router, |router, (path, methods)| router.route(path, methods));
    router.fallback(stray(Code::NoRoute)).method_not_allowed_fallback(stray(Code::WrongMethod))
}

/// What stands for the braces in a path, when that is text.
type Parts = Result<RawPathParams, RawPathParamsRejection>;

fn unreadable() -> Problem {
    Problem::new(
        Code::BadQuery,
        "地址中的编码不是 UTF-8",
        "what the address says in percent signs is no UTF-8",
    )
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
