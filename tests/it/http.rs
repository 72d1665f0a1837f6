//! The real router over real connections: every answer it documents is provoked here.

mod client;
mod frame;
mod jobs;
mod stateless;
#[cfg(feature = "tls")]
mod tls;
