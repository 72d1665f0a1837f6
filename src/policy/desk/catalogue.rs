//! The values of the firm's catalogue. What it leaves open is open here.

use super::agreement::Tier;
use super::figures::Compression;
use super::form::{Daily, Desk, Item, Level, Timer};

/// All of them. The file states every list, so reading it asks for no default list.
pub(super) fn whole() -> Desk {
    serde_json::from_str(include_str!("catalogue.json")).expect("a test reads the built-in values")
}

pub(super) fn timers() -> Vec<Timer> {
    whole().timers
}

pub(super) fn daily() -> Vec<Daily> {
    whole().daily
}

pub(super) fn levels() -> Vec<Level> {
    whole().levels
}

pub(super) fn tiers() -> Vec<Tier> {
    whole().tiers
}

pub(super) fn vague() -> Vec<String> {
    whole().vague
}

pub(super) fn delivery() -> Vec<Item> {
    whole().delivery
}

pub(super) fn kick_off() -> Vec<Item> {
    whole().kick_off
}

pub(super) fn compression() -> Compression {
    whole().compression
}

pub(super) fn kept_years() -> u16 {
    whole().kept_years
}
