//! The handlers of `/v1`, a file for each kind of thing.

pub(crate) mod jobs;
pub(crate) mod plan;
pub(crate) mod reading;
pub(crate) mod schema;

mod posted;
