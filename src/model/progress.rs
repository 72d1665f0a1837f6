//! A report of progress: what has happened since the morning, as `plan --progress` reads it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue::Issue;
use super::near::nearest;
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

/// What became of a report that was written into a scenario.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Paths of the scenario, and the paths of the report their values come from.
    pub origins: Vec<(String, String)>,
    /// What is wrong with the report, by its own paths.
    pub issues: Vec<Issue>,
}

/// Nobody of that name is in the scenario.
fn stranger(path: String, name: &str, scenario: &Scenario) -> Issue {
    let issue = Issue::error(
        "S101",
        path,
        format!("没有名为“{name}”的员工"),
        format!("there is no person called \"{name}\""),
    );
    match nearest(name, scenario.people.iter().map(|person| person.id.as_str())) {
        Some(near) => issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?")),
        None => issue.hint("写场景中员工的编号", "give the id of a person of the scenario"),
    }
}

impl ProgressReport {
    /// Writes the report into `scenario`; absences of people it does not know are left out.
    pub fn apply(self, scenario: &mut Scenario) -> Applied {
        scenario.as_of = self.as_of;
        let mut origins = vec![("$.as_of".to_owned(), "$.as_of".to_owned())];
        for (row, news) in self.progress.into_iter().enumerate() {
            let known = scenario.progress.iter().position(|known| known.step == news.step);
            let place = known.unwrap_or(scenario.progress.len());
            match known {
                Some(place) => scenario.progress[place] = news,
                None => scenario.progress.push(news),
            }
            origins.push((format!("$.progress[{place}]"), format!("$.progress[{row}]")));
        }
        let mut strangers = Vec::new();
        for (row, reported) in self.absences.into_iter().enumerate() {
            let person = scenario.people.iter().position(|person| person.id == reported.person);
            let Some(person) = person else {
                let path = format!("$.absences[{row}].person");
                strangers.push(stranger(path, &reported.person, scenario));
                continue;
            };
            let absences = &mut scenario.people[person].absences;
            let place = format!("$.people[{person}].absences[{}]", absences.len());
            origins.push((place, format!("$.absences[{row}].absence")));
            absences.push(reported.absence);
        }
        Applied { origins, issues: strangers }
    }
}
