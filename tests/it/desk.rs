//! The rules of the desk: as data, and what they come to.

mod any;
mod beside;
mod care;
mod eyes;
mod kept;
mod learned;
mod levels;
mod policy;
mod refusals;
mod templates;
mod told;
mod triage;
mod watch;
mod year;

use std::path::Path;

use paidan::calendar::{FORMATS, Moment, Zone};
use paidan::desk::clock::MINUTE;
use paidan::exchange::json::{Formats, read};
use paidan::model::scenario::Scenario;
use paidan::policy::Policy;
use paidan::policy::desk::Desk;

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/04-desk");
    std::fs::read(folder.join(name)).unwrap()
}

/// The demonstration's scenario.
fn scenario() -> Scenario {
    read(&file("scenario.json"), &Formats::new(FORMATS)).unwrap()
}

/// The demonstration's policy: the catalogue's values and what that firm put into its blanks.
fn policy() -> Policy {
    read(&file("policy.json"), &Formats::new(FORMATS)).unwrap()
}

fn demonstration() -> Desk {
    policy().desk.unwrap()
}

/// The moment `text` in Shanghai, in milliseconds.
fn at(text: &str) -> i64 {
    Zone::default().tick(Moment::parse(text).unwrap()).unwrap().0 * MINUTE
}
