//! The handlers of `/v1`, a file for each kind of thing.

mod clients;
mod desk;
mod events;
mod kept;
mod keys;
mod notes;
mod people;
mod plans;
mod posted;
mod progress;
mod quotes;
mod tickets;
mod webhooks;

pub(crate) mod example;
pub(crate) mod jobs;
pub(crate) mod plan;
pub(crate) mod quote;
pub(crate) mod reading;
pub(crate) mod schema;
pub(crate) mod simulations;
pub(crate) mod table;
