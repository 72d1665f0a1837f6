//! The electronic file of a client (R060): every paper and trace of his tickets, found again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::must_any;
use crate::app::clock::stamp;
use crate::app::service::clients::CLIENT;
use crate::app::service::kept::{Kept, damaged, must_be_key};
use crate::app::service::marks::{List, OF_CLIENT};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{TICKET, TicketFile, may_see};
use crate::app::service::{Caller, Service};
use crate::desk::event::Stream;
use crate::desk::shelf::{Search, find, papers};
use crate::policy::desk::Source;

/// Which papers are looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperSearch {
    /// Those of this client.
    pub client: String,
    /// Those whose name holds this, whatever the case.
    #[serde(default)]
    pub name: Option<String>,
    /// Traces from there.
    #[serde(default)]
    pub source: Option<Source>,
    /// With versions that were replaced.
    #[serde(default)]
    pub with_old: bool,
}

/// A paper or a trace on file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownPaper {
    /// The ticket.
    pub ticket: String,
    /// What it is; absent for traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is from, for traces (R076).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its digest, by which it is known to be unchanged.
    pub digest: String,
    /// When it was filed.
    pub filed: String,
    /// Whether no other version has taken its place (R195).
    pub is_current: bool,
}

impl Service {
    /// The papers and traces of a client over all his tickets, the latest first.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Wish`] for what is no key, what fails outside.
    pub fn papers(
        &self,
        caller: &Caller,
        asked: &PaperSearch,
        now_ms: i64,
    ) -> Result<Vec<ShownPaper>, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        must_be_key(&asked.client)?;
        let own = List { marks: OF_CLIENT, within: Some(&asked.client) };
        let mut all = Vec::new();
        for Kept { key, version, document } in self.readable_of::<TicketFile>(own, TICKET)?.0 {
            if may_see(caller, &document) {
                let events = self.stream_of(&Stream::new(TICKET, &key), version)?;
                let found = papers((&key, Some(&asked.client)), &events);
                all.extend(found.map_err(|garbled| damaged("event", &garbled.stream))?);
            }
        }
        let search = Search {
            client: Some(&asked.client),
            name: asked.name.as_deref(),
            source: asked.source,
            is_with_old: asked.with_old,
        };
        self.note(caller, (CLIENT, &asked.client, "papers"), now_ms)?;
        let shown = find(&all, &search).into_iter().map(|paper| ShownPaper {
            ticket: paper.ticket.clone(),
            name: paper.name.clone(),
            source: paper.source,
            digest: paper.digest.clone(),
            filed: stamp(paper.filed_ms),
            is_current: paper.is_current,
        });
        Ok(shown.collect())
    }
}
