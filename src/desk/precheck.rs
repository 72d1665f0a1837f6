//! Rules look at material before anybody does (R058); how right they were is measured by what
//! people found afterwards.

use std::collections::BTreeMap;

use super::event::Event;
pub use super::life::Sheet;
use super::life::{Garbled, Happening, Material};
use crate::policy::desk::PreCheck;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Defect {
    /// So many pages are missing.
    Pages(u32),
    /// Nobody signed it.
    Unsigned,
    /// It is not in force long enough.
    Expires,
}

/// Everything the rule finds wrong with what came in at `now_ms`.
#[must_use]
pub fn defects(rule: &PreCheck, sheet: &Sheet, now_ms: i64) -> Vec<Defect> {
    let mut found = Vec::new();
    let missing = rule.pages.unwrap_or(0).saturating_sub(sheet.pages);
    if missing > 0 {
        found.push(Defect::Pages(missing));
    }
    if rule.is_signed && !sheet.is_signed {
        found.push(Defect::Unsigned);
    }
    let least = rule.valid_days.map(|days| now_ms.saturating_add(i64::from(days) * DAY_MS));
    if least.zip(sheet.expires_ms).is_some_and(|(least, expires)| expires <= least) {
        found.push(Defect::Expires);
    }
    found
}

/// What the defects come to: invalid when it expires, to be supplemented when something is
/// missing.
#[must_use]
pub fn found(defects: &[Defect]) -> Material {
    match defects {
        [] => Material::Complete,
        defects if defects.contains(&Defect::Expires) => Material::Invalid,
        _ => Material::Supplement,
    }
}

/// How right the rules were, and how quick (R058); of one ticket or of many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Accuracy {
    /// Items on which they and people agree.
    pub right: u32,
    /// Items they passed and people did not.
    pub passed: u32,
    /// Items they stopped and people passed.
    pub stopped: u32,
    /// Milliseconds from coming in to their answer, in all.
    pub rules_ms: i64,
    /// Milliseconds from coming in to people's answer, in all.
    pub people_ms: i64,
}

/// What the events of one ticket tell: an item counts once people have looked at it.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn accuracy<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    holds: impl Fn(i64) -> bool,
) -> Result<Accuracy, Garbled> {
    let mut accuracy = Accuracy::default();
    let mut came: BTreeMap<String, i64> = BTreeMap::new();
    let mut told: BTreeMap<String, (i64, bool)> = BTreeMap::new();
    for event in events {
        match Happening::read(event)? {
            Some(Happening::MaterialReceived { items, .. }) => {
                for item in items {
                    told.remove(&item);
                    came.insert(item, event.at_ms);
                }
            }
            Some(Happening::MaterialPrechecked { item, found }) => {
                told.insert(item, (event.at_ms, found == Material::Complete));
            }
            Some(Happening::MaterialJudged { item, found, .. }) => {
                let Some((at_ms, is_passed)) = told.remove(&item) else { continue };
                if !holds(event.at_ms) {
                    continue;
                }
                match (is_passed, found == Material::Complete) {
                    (true, false) => accuracy.passed += 1,
                    (false, true) => accuracy.stopped += 1,
                    _ => accuracy.right += 1,
                }
                let since = came.remove(&item).unwrap_or(at_ms);
                accuracy.rules_ms += at_ms - since;
                accuracy.people_ms += event.at_ms - since;
            }
            _ => {}
        }
    }
    Ok(accuracy)
}

impl Accuracy {
    /// Thousandths of the items on which the rules were right; none before there is one.
    #[must_use]
    pub fn permille(&self) -> Option<u32> {
        let all = u64::from(self.right) + u64::from(self.passed) + u64::from(self.stopped);
        let part = (u64::from(self.right) * 1000).checked_div(all)?;
        u32::try_from(part).ok()
    }

    /// How many times as long as the rules people took, in thousandths; none while rules took no
    /// time at all.
    #[must_use]
    pub fn faster_permille(&self) -> Option<i64> {
        let ratio = (i128::from(self.people_ms) * 1000).checked_div(i128::from(self.rules_ms))?;
        i64::try_from(ratio).ok()
    }
}

impl std::ops::AddAssign for Accuracy {
    fn add_assign(&mut self, other: Accuracy) {
        self.right += other.right;
        self.passed += other.passed;
        self.stopped += other.stopped;
        self.rules_ms = self.rules_ms.saturating_add(other.rules_ms);
        self.people_ms = self.people_ms.saturating_add(other.people_ms);
    }
}
