//! paidan (派单): who does what, when, and who waits.

pub mod calendar;
pub mod explain;
pub mod id;
pub mod model;
pub mod time;
pub mod verify;
