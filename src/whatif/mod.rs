//! What if the question were another one: here, if urgency and client value weighed differently.
//! Asks [`crate::planning`] several times and holds the answers beside each other; must not know
//! documents' places, arguments or pages.

pub mod front;
pub mod grid;

pub use front::{Event, Order, Point, Stage, Swept, front};
