//! Public benchmark instances: read, planned, told in tables. The instances here are our own and
//! tiny; each optimum is worked out beside it.

mod faults;
mod forms;
pub(crate) mod minutes;
mod tables;
