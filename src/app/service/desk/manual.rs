//! The manual of urgent services (《加急服务优化手册》, R092): what was learned after services, found
//! again by the service or the version of its template.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{must_any, who};
use crate::app::clock::stamp;
use crate::app::service::kept::damaged;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::{Caller, Service};
use crate::desk::life::Happening;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Which entries of the manual are looked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualSearch {
    /// Those of this service, or of this version of its template; all when nothing is said.
    #[serde(default)]
    pub template: Option<String>,
    /// Those of so many days.
    #[serde(default = "year")]
    #[schemars(range(min = 1, max = 4000))]
    pub days: u16,
}

fn year() -> u16 {
    365
}

/// An entry of the manual.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ManualRow {
    /// When it was written.
    pub at: String,
    /// The service, or the version of its template.
    pub template: String,
    /// What was learned.
    pub entry: String,
    /// The ticket it was learned from.
    pub ticket: String,
    /// Who wrote it.
    pub by: String,
}

impl Service {
    /// The entries of the manual, the latest first.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn manual(
        &self,
        caller: &Caller,
        asked: &ManualSearch,
        now_ms: i64,
    ) -> Result<Vec<ManualRow>, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        let mut rows = Vec::new();
        let since_ms = now_ms.saturating_sub(i64::from(asked.days) * DAY_MS);
        self.each_between((since_ms, now_ms.saturating_add(1)), &mut |event| {
            if event.kind != "ticket.manual_written" {
                return Ok(());
            }
            let read = Happening::read(&event);
            let read = read.map_err(|garbled| damaged("event", &garbled.stream))?;
            if let Some(Happening::ManualWritten { template, entry }) = read
                && asked.template.as_ref().is_none_or(|wanted| *wanted == template)
            {
                let by = who::person(&event.actor).to_owned();
                let (at, ticket) = (stamp(event.at_ms), event.stream.key);
                rows.push(ManualRow { at, template, entry, ticket, by });
            }
            Ok(())
        })?;
        rows.reverse();
        Ok(rows)
    }
}
