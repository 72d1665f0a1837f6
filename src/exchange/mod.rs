//! Documents in and out. Must not know what they are for: types come from `model`, formats of
//! texts from the caller.

pub mod bench;
pub mod digest;
pub mod ics;
pub mod json;
pub mod log;
mod show;
pub mod tables;
mod upgrade;

pub use show::{one_line, show};
pub use upgrade::{format_of, require, upgrade};
