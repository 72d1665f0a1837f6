//! The handlers of `/v1`, a file for each kind of thing.

mod clients;
mod events;
mod kept;
mod keys;
mod people;
mod plans;
pub(crate) mod schema;
pub(crate) mod table;
mod tickets;
mod webhooks;
