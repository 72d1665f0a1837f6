//! Streams of events: how far a job is, told as it happens. An asker and an address have so many
//! at once and no more, and a stream ends when its asker is let in no longer.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::Frame as Piece;
use schemars::JsonSchema;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::call::Call;
use super::error::{Code, Problem};
use super::jobs::Job;
use crate::app::clock::{self, Since};

/// So many times the streams of one asker may come from one address.
const ASKERS_OF_AN_ADDRESS: usize = 4;

/// The streams that are open.
pub(crate) struct Streams {
    rows: Mutex<Open>,
    /// Of one asker.
    most: usize,
}

#[derive(Default)]
struct Open {
    owners: BTreeMap<String, usize>,
    peers: BTreeMap<IpAddr, usize>,
}

/// One that is open, until it is dropped.
struct Place {
    streams: Arc<Streams>,
    owner: String,
    /// Where it goes to, unless a proxy hands it on.
    peer: Option<IpAddr>,
}

impl Streams {
    /// None yet; one asker may have `most`.
    pub(crate) fn new(most: usize) -> Streams {
        Streams { rows: Mutex::default(), most }
    }

    fn rows(&self) -> MutexGuard<'_, Open> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are open.
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.rows().owners.values().sum::<usize>()).unwrap_or(u64::MAX)
    }

    /// A place for one more.
    fn place(self: &Arc<Self>, owner: &str, peer: Option<IpAddr>) -> Result<Place, Problem> {
        let mut rows = self.rows();
        let own = rows.owners.get(owner).copied().unwrap_or(0);
        let beside = peer.and_then(|peer| rows.peers.get(&peer)).copied().unwrap_or(0);
        if own >= self.most || beside >= self.most.saturating_mul(ASKERS_OF_AN_ADDRESS) {
            let problem = Problem::new(
                Code::TooMany,
                format!("已有 {} 条事件流打开，请先关闭一条", own.max(beside)),
                format!("{} streams of events are open already: close one", own.max(beside)),
            );
            return Err(problem.after(5));
        }
        *rows.owners.entry(owner.to_owned()).or_default() += 1;
        if let Some(peer) = peer {
            *rows.peers.entry(peer).or_default() += 1;
        }
        Ok(Place { streams: Arc::clone(self), owner: owner.to_owned(), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut rows = self.streams.rows();
        less(&mut rows.owners, &self.owner);
        if let Some(peer) = &self.peer {
            less(&mut rows.peers, peer);
        }
    }
}

fn less<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// An event, as the OpenAPI document tells of it; it is written line by line.
#[derive(JsonSchema)]
#[schemars(rename = "JobEvent")]
#[expect(dead_code, reason = "the lines are written one by one: this is what they come to")]
pub(crate) struct Event {
    /// What it tells.
    event: Name,
    /// Counts up; absent from the last word of a stream whose job goes on.
    #[schemars(default)]
    id: Option<String>,
    /// The job, as `GET /v1/jobs/{id}` tells of it without its result.
    data: String,
}

/// What an event tells.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "as above")]
enum Name {
    /// How far the job is.
    Progress,
    /// The job has ended.
    End,
    /// The server stops.
    Stopping,
    /// The asker is let in no longer.
    ShutOut,
}

/// Milliseconds between two events at least, and between signs of life at most.
const PACE: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(15)];

/// Microseconds after which it is asked again whether the asker is still let in.
const TRUSTED: u64 = 1_000_000;

/// The progress of `job` as server-sent events, until it or the server ends, or `call` would not
/// be let in any more.
///
/// # Errors
/// [`Code::TooMany`].
pub(crate) fn events(call: &Call, job: Arc<Job>) -> Result<Feed, Problem> {
    let frame = Arc::clone(&call.frame);
    let direct = (!frame.doorman.is_proxy(call.peer)).then_some(call.peer);
    let place = frame.streams.place(&call.caller.owner, direct)?;
    let (peer, headers) = (call.peer, Arc::new(call.headers.clone()));
    let (sender, receiver) = mpsc::channel(4);
    let mut stopping = frame.stopping.clone();
    let mut changed = job.changed.subscribe();
    Handle::current().spawn(async move {
        let _place = place;
        let mut asked = Since::now();
        loop {
            if asked.microseconds() >= TRUSTED {
                let (own, headers) = (Arc::clone(&frame), Arc::clone(&headers));
                let admit = move || {
                    own.doorman.admit(&own.service, peer, &headers, clock::now_ms()).is_ok()
                };
                if !spawn_blocking(admit).await.unwrap_or(false) {
                    let _ = sender.send(Bytes::from_static(b"event: shut_out\ndata: {}\n\n")).await;
                    return;
                }
                asked = Since::now();
            }
            let count = *changed.borrow_and_update();
            let told = job.told(false);
            let is_over = told.standing.is_over();
            let name = if is_over { "end" } else { "progress" };
            let data = serde_json::to_string(&told).expect("jobs are texts and whole numbers");
            let event = format!("event: {name}\nid: {count}\ndata: {data}\n\n");
            if sender.send(Bytes::from(event)).await.is_err() || is_over {
                return;
            }
            sleep(PACE[0]).await;
            let is_stopping = tokio::select! {
                _ = changed.changed() => false,
                () = sender.closed() => return,
                _ = stopping.wait_for(|is_so| *is_so) => true,
                () = sleep(PACE[1]) => false,
            };
            if is_stopping {
                let last = Bytes::from_static(b"event: stopping\ndata: {}\n\n");
                let _ = sender.send(last).await;
                return;
            }
        }
    });
    Ok(Feed(receiver))
}

/// A body that comes bit by bit.
pub(crate) struct Feed(mpsc::Receiver<Bytes>);

impl HttpBody for Feed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Piece<Bytes>, Infallible>>> {
        self.0.poll_recv(task).map(|piece| piece.map(|bytes| Ok(Piece::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::Streams;
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    /// One each, four from an address; whoever comes by a proxy counts for himself alone.
    #[test]
    fn streams_are_counted_by_asker_and_by_address() {
        let streams = Arc::new(Streams::new(1));
        let here = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let first = streams.place("a", here).unwrap();
        assert!(streams.place("a", None).is_err());
        let others = ["b", "c", "d"].map(|owner| streams.place(owner, here).unwrap());
        assert!(streams.place("e", here).is_err());
        assert!(streams.place("e", None).is_ok());
        assert_eq!(streams.count(), 4);
        drop(first);
        assert!(streams.place("e", here).is_ok());
        drop(others);
        assert_eq!(streams.count(), 0);
    }
}
