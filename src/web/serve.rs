//! The life of a server: it listens, accepts, and ends in order. Connections that do not end by
//! themselves are ended with it: an open stream of progress must not hold it for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::api::simulations::resume;
use super::frame::Frame;
use super::options::{Limits, Options};
use super::patient::Patient;
use super::route::Peer;
use super::router::{router, routes};
use super::tls::{Cover, Stream};
use crate::app::service::{SENDERS, Service, Wire, care, deliver};
use crate::app::{Failure, clock};
use crate::calendar::Label;

/// Tells a server to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Stop {
        Stop(watch::Sender::new(false))
    }
}

impl Stop {
    /// From now on nothing new is begun.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Serves `service` until `stop` or a signal says otherwise; `told` hears the address bound.
///
/// # Errors
/// [`Failure::Wish`] when others could reach it and there are no keys; [`Failure::Outside`] when
/// the address cannot be had.
pub fn serve(
    options: &Options,
    service: Service,
    stop: &Stop,
    told: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    guarded(options, &service)?;
    let cover = Cover::new(options.tls.as_ref())?;
    let routes = routes();
    let frame = Frame::new(service, options, &routes, stop.0.subscribe())?;
    let router = router(routes, &frame);
    take_care(&frame)?;
    let runtime = runtime(&options.limits)?;
    let end = runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await;
        let listener = listener.map_err(|error| unbound(options.listen, &error))?;
        let bound = listener.local_addr().map_err(|error| unbound(options.listen, &error))?;
        if options.heeds_signals {
            tokio::spawn(stop_at_signals(stop.clone()));
        }
        told(bound);
        resume(&frame);
        accept(listener, router, &frame, &cover).await;
        Ok(())
    });
    // Searches that are still under way end with the process.
    runtime.shutdown_timeout(Duration::from_millis(500));
    // What was noted since the last round; a message under way is sent again next time.
    frame.service.write_noted().map_err(Failure::from)?;
    end
}

/// Starts the threads that write what was noted and send messages to hooks, until the end.
fn take_care(frame: &Arc<Frame>) -> Result<(), Failure> {
    let begin = |name: &str, work: fn(&Frame)| {
        let frame = Arc::clone(frame);
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || work(&frame));
        thread.map(drop).map_err(|error| no_threads(&error))
    };
    begin("paidan-care", |frame| care(&frame.service, &|| frame.is_stopping()))?;
    (0..SENDERS).try_for_each(|_| {
        begin("paidan-send", |frame| {
            deliver(&frame.service, &Wire::of(&frame.service), &|| frame.is_stopping());
        })
    })
}

fn no_threads(error: &std::io::Error) -> Failure {
    Failure::Outside(Label::new(
        format!("系统不给线程：{error}"),
        format!("the system refuses threads: {error}"),
    ))
}

/// Others must not reach a server that lets everybody in.
fn guarded(options: &Options, service: &Service) -> Result<(), Failure> {
    let is_own = options.listen.ip().is_loopback();
    if is_own || options.proxy.is_some() || service.has_keys(clock::now_ms())? {
        return Ok(());
    }
    let address = options.listen;
    Err(Failure::wish(
        format!(
            "{address} 可被其他机器访问，但还没有密钥：请先运行 paidan key create --db 文件 --role administrator"
        ),
        format!(
            "others could reach {address}, and there are no keys: first run paidan key create \
             --db FILE --role administrator"
        ),
    ))
}

fn runtime(limits: &Limits) -> Result<Runtime, Failure> {
    // Every request that is let in finds a thread, and so does every job.
    let threads = limits.requests + limits.workers + 8;
    let runtime = Builder::new_multi_thread().enable_all().max_blocking_threads(threads).build();
    runtime.map_err(|error| no_threads(&error))
}

fn unbound(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::Outside(Label::new(
        format!("无法监听 {address}：{error}"),
        format!("cannot listen on {address}: {error}"),
    ))
}

/// Ctrl-C, or SIGTERM as service managers send it.
async fn stop_at_signals(stop: Stop) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
    stop.stop();
}

/// Accepts connections until the server is to stop, then waits for those under way.
async fn accept(listener: TcpListener, router: Router, frame: &Arc<Frame>, cover: &Cover) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(frame.limits.connections));
    let mut stopping = frame.stopping.clone();
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            _ = stopping.wait_for(|is_so| *is_so) => break,
            next = next => next,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file handles, as a rule: some are given back soon.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (watcher, router, frame) = (graceful.watcher(), router.clone(), Arc::clone(frame));
        let cover = cover.clone();
        tokio::spawn(async move {
            let _counting = frame.metrics.connect();
            let patience = Duration::from_secs(frame.limits.receive_seconds);
            if let Ok(Some(stream)) = timeout(patience, cover.over(stream)).await {
                talk(stream, peer, router, patience, watcher).await;
            }
            drop(place);
        });
    }
    drop(listener);
    let patience = Duration::from_secs(frame.limits.drain_seconds);
    let _ = timeout(patience, graceful.shutdown()).await;
}

/// Serves one connection to its end. Whoever breaks off in the middle is no concern of ours.
async fn talk(
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    router: Router,
    patience: Duration,
    watcher: Watcher,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .serve_connection(TokioIo::new(Patient::new(stream, patience)), service);
    let _ = watcher.watch(connection).await;
}
