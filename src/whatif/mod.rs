//! What if the question were another one: if urgency and client value weighed differently, if
//! somebody came or went. Asks [`crate::planning`] several times and holds the answers beside each
//! other; must not know documents' places, arguments or pages.

pub mod almanac;
pub mod callers;
pub mod change;
pub mod contrast;
pub mod forecast;
pub mod front;
pub mod grid;
mod learnt;
pub mod reserve;
pub mod simulate;

pub use front::{Event, Order, Point, Stage, Swept, front};
