//! The server: `/v1` over HTTP, its OpenAPI document, its health and its counts. Speaks HTTP and
//! knows waiting; asks `app` for everything, and never the store or the solver.
//!
//! # One request
//!
//! A connection is accepted, `router` finds the route, and `route::Route::take` is its whole
//! way: the doorman lets the caller in and holds his permission against the route's; the body is
//! received within its limits; the gate brings the work to the blocking pool; the handler, a plain
//! function from a `call::Call` to an answer, reads what was sent by its type and asks `app`.
//! What goes wrong on the way is a problem document, made in `error`, the only file that knows
//! status codes.
//!
//! # One more route
//!
//! A function in `api/`, and a line in the table of `router`: method, path, permission, what it
//! says of itself in both languages, and the problems that only it can come to. Its types tell the
//! rest of the OpenAPI document.

mod answer;
mod api;
mod call;
mod docs;
mod doorman;
mod error;
mod frame;
mod gate;
mod health;
mod jobs;
mod metrics;
mod openapi;
mod options;
mod route;
mod router;
mod sent;
mod serve;
mod tls;

pub use options::{Limits, Options, Proxy, Tls};
pub use serve::{Stop, serve};

/// The OpenAPI document of all routes.
#[must_use]
pub fn openapi() -> String {
    openapi::text(&openapi::document(&router::routes()))
}
