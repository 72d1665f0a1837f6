//! The server as requests find it: the service and everything that counts or limits them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::doorman::Doorman;
use super::feed::Streams;
use super::gate::Gates;
use super::jobs::Jobs;
use super::metrics::Metrics;
use super::options::{Limits, Options};
use super::route::Route;
use crate::app::service::Service;
use crate::app::{Failure, chance};
use crate::model::lang::Lang;

/// What all requests share.
pub(crate) struct Frame {
    pub(crate) service: Service,
    pub(crate) limits: Limits,
    /// The language of answers to whoever names neither.
    pub(crate) lang: Lang,
    pub(crate) doorman: Doorman,
    pub(crate) gates: Gates,
    pub(crate) metrics: Metrics,
    pub(crate) jobs: Jobs,
    pub(crate) streams: Arc<Streams>,
    /// The OpenAPI document.
    pub(crate) openapi: Vec<u8>,
    /// The page that shows it.
    pub(crate) docs: String,
    /// Becomes true when the server is to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Begins the names of requests.
    mark: String,
    requests: AtomicU64,
}

impl Frame {
    /// The frame of a server with these routes.
    pub(crate) fn new(
        service: Service,
        options: &Options,
        routes: &[Route],
        stopping: watch::Receiver<bool>,
    ) -> Result<Arc<Frame>, Failure> {
        let mark: [u8; 4] = chance::bytes()?;
        let document = super::openapi::document(routes);
        Ok(Arc::new(Frame {
            service,
            limits: options.limits,
            lang: options.lang,
            doorman: Doorman::new(options),
            gates: Gates::new(&options.limits),
            metrics: Metrics::new(routes),
            jobs: Jobs::new(&options.limits),
            streams: Arc::new(Streams::new(options.limits.streams)),
            docs: super::docs::page(&document),
            openapi: super::openapi::text(&document).into_bytes(),
            stopping,
            mark: mark.iter().map(|byte| format!("{byte:02x}")).collect(),
            requests: AtomicU64::new(0),
        }))
    }

    /// A name for one more request.
    pub(crate) fn name_request(&self) -> String {
        format!("{}-{:x}", self.mark, self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Whether the server is to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}
