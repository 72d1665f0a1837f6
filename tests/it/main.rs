//! Behaviour of the whole library, room by room.

mod json;
mod json_syntax;
