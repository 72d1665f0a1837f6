//! A report of progress: what has happened since the morning, as `plan --progress` reads it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::Absence;
use super::scenario::{Progress, Scenario};
use crate::calendar::Moment;

/// The `format` of a report of progress.
pub const PROGRESS_FORMAT: &str = "paidan-progress/1";

/// What is known at some moment of the day (进度). Moments without an offset are read in the
/// scenario's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressReport {
    /// `paidan-progress/1`.
    pub format: String,
    /// The moment it was taken; planning goes on from here.
    pub as_of: Moment,
    /// Steps done or begun; one already reported is replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub progress: Vec<Progress>,
    /// Who did not come or must leave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<ReportedAbsence>,
}

/// An absence the scenario did not know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedAbsence {
    /// The person's key.
    pub person: String,
    /// When.
    pub absence: Absence,
}

impl ProgressReport {
    /// Writes the report into `scenario`.
    ///
    /// # Errors
    /// The keys of people that the scenario does not know; it is unchanged then.
    pub fn apply(self, scenario: &mut Scenario) -> Result<(), Vec<String>> {
        let strangers: Vec<String> = self
            .absences
            .iter()
            .filter(|reported| scenario.people.iter().all(|person| person.id != reported.person))
            .map(|reported| reported.person.clone())
            .collect();
        if !strangers.is_empty() {
            return Err(strangers);
        }
        scenario.as_of = self.as_of;
        for news in self.progress {
            match scenario.progress.iter_mut().find(|known| known.step == news.step) {
                Some(known) => *known = news,
                None => scenario.progress.push(news),
            }
        }
        for reported in self.absences {
            let person = scenario.people.iter_mut().find(|person| person.id == reported.person);
            person.expect("strangers were refused above").absences.push(reported.absence);
        }
        Ok(())
    }
}
