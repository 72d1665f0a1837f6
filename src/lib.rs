//! paidan (派单): who does what, when, and who waits.

pub mod calendar;
pub mod exchange;
pub mod explain;
pub mod id;
pub mod model;
pub mod planning;
pub mod problem;
pub mod solver;
pub mod time;
pub mod verify;
