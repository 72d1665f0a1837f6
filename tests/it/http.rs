//! The real router over real connections: every answer it documents is provoked here.

mod again;
mod client;
mod desk;
mod frame;
mod jobs;
mod killed;
mod life;
mod progress;
mod quotes;
mod simulations;
mod stateless;
#[cfg(feature = "tls")]
mod tls;
