//! Behaviour of the whole library, room by room.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case should fail there")]

mod calendar;
mod calendar_agreement;
mod check;
mod json;
mod json_syntax;
mod prerequisites;
mod tables;
