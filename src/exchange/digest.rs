//! The digest that names a question (R252): scenario with its policy, calendar data and previous
//! plan. Two questions with the same digest are the same question.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::calendar::china;
use crate::model::plan::{Plan, PlannedStep};
use crate::model::scenario::Scenario;

/// SHA-256 over everything a plan is made from, in hexadecimal. It is taken from the meaning of
/// the documents, not from their spelling: spaces and the order of fields do not count.
#[must_use]
pub fn digest(scenario: &Scenario, previous: Option<&Plan>) -> String {
    let mut hash = Sha256::new();
    part(&mut hash, "scenario", scenario);
    part(&mut hash, "holidays", &china());
    part(&mut hash, "previous", &previous);
    in_hexadecimal(hash)
}

/// SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn digest_of_bytes(bytes: &[u8]) -> String {
    in_hexadecimal(Sha256::new_with_prefix(bytes))
}

/// SHA-256 over the meaning of a plan, in hexadecimal: equal plans, equal digests.
#[must_use]
pub fn digest_of_plan(plan: &Plan) -> String {
    let mut hash = Sha256::new();
    part(&mut hash, "plan", plan);
    in_hexadecimal(hash)
}

/// SHA-256 over a plan named by its digest and the rows that would be new or different in it.
#[must_use]
pub fn digest_of_change(plan: &str, own: &[PlannedStep], moved: &[PlannedStep]) -> String {
    let mut hash = Sha256::new();
    part(&mut hash, "plan", &plan);
    part(&mut hash, "own", &own);
    part(&mut hash, "moved", &moved);
    in_hexadecimal(hash)
}

fn in_hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes every character");
        text
    })
}

/// Adds one part, led by its name and length, so that no two lists of parts read the same.
fn part(hash: &mut Sha256, name: &str, value: &impl Serialize) {
    let bytes = serde_json::to_vec(value).expect("documents are made of texts and whole numbers");
    hash.update(format!("{name} {}\n", bytes.len()));
    hash.update(bytes);
}
