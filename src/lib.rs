//! paidan (派单): who does what, when, and who waits.
//!
//! # The map
//!
//! An import goes only to a lower floor; `tests/it/house.rs` holds every file against it.
//!
//! | floor | room | is |
//! |---|---|---|
//! | 3 | [`model`] | the stated question and the promised answer |
//! | 2 | [`calendar`] | when an office is open, by definition and compiled |
//! | 1 | [`id`], [`time`] | rows of tables; ticks, spans, money |

pub mod calendar;
pub mod exchange;
pub mod id;
pub mod model;
pub mod time;
pub mod verify;
