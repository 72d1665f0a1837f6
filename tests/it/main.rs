//! Behaviour of the whole library, room by room.

mod calendar;
mod calendar_agreement;
