//! What an owner decides about his server: where it listens, how much it takes on, whom it trusts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::model::lang::Lang;

/// Everything that can be decided.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 is any that is free.
    pub listen: SocketAddr,
    /// How much it takes on.
    pub limits: Limits,
    /// A proxy that says who signed in there.
    pub proxy: Option<Proxy>,
    /// Certificate and key to speak TLS with.
    pub tls: Option<Tls>,
    /// The language of answers to whoever names neither.
    pub lang: Lang,
    /// Whether Ctrl-C and SIGTERM stop it.
    pub heeds_signals: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            limits: Limits::default(),
            proxy: None,
            tls: None,
            lang: Lang::Zh,
            heeds_signals: true,
        }
    }
}

/// How much a server takes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Requests worked on at once; more are told to come again.
    pub requests: usize,
    /// Connections open at once; more wait to be accepted.
    pub connections: usize,
    /// Seconds for the head of a request, again for its body, and again for every part of the
    /// answer to be taken.
    pub receive_seconds: u64,
    /// Seconds for an answer.
    pub answer_seconds: u64,
    /// Searches and proofs run at once; more wait. Of several, jobs leave one to those who wait for
    /// their answer.
    pub workers: usize,
    /// Searches and proofs that may wait; more are told to come again.
    pub waiting: usize,
    /// Milliseconds a search may take while its asker waits; longer ones become jobs.
    pub inline_ms: u64,
    /// Rounds a search may have while its asker waits; more become jobs.
    pub inline_rounds: u32,
    /// Milliseconds a job may search.
    pub job_ms: u64,
    /// Finished jobs kept, the latest.
    pub jobs_kept: usize,
    /// Seconds a finished job is kept.
    pub job_seconds: u64,
    /// Requests a second of one caller, in the long run; 0: any number.
    pub rate: u32,
    /// Requests of one caller at once before the rate counts.
    pub burst: u32,
    /// Wrong keys from one address before it is told to come again; one a second is forgotten.
    /// Keys that are right are let in all the same: many callers may share an address. 0: any.
    pub wrong_keys: u32,
    /// Streams of events open at once for one caller; four times as many for one address.
    pub streams: usize,
    /// Seconds to finish what is under way when the server is stopped.
    pub drain_seconds: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 32 << 20,
            requests: 256,
            connections: 1_024,
            receive_seconds: 30,
            answer_seconds: 60,
            workers: 2,
            waiting: 16,
            inline_ms: 10_000,
            inline_rounds: 50,
            job_ms: 600_000,
            jobs_kept: 64,
            job_seconds: 3_600,
            rate: 0,
            burst: 200,
            wrong_keys: 60,
            streams: 16,
            drain_seconds: 10,
        }
    }
}

/// A proxy in front of the server, where people sign in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proxy {
    /// The addresses it speaks from; from all others its headers are worth nothing.
    pub from: Vec<IpAddr>,
    /// The header that says who signed in.
    pub person_header: String,
    /// The header that says what he is: the name of a role.
    pub role_header: String,
}

/// What a server shows who wants to be sure of it. Only the feature `tls` can use it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tls {
    /// Its certificates, its own first (PEM).
    pub certificates: PathBuf,
    /// The key to the first of them (PEM).
    pub key: PathBuf,
}
