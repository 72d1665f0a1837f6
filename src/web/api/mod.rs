//! The handlers of `/v1`, a file for each kind of thing.

pub(crate) mod schema;
