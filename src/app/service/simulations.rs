//! Simulations that outlast the server: what was asked for, the replications made so far, and
//! results, so that the same question is not simulated twice. Without words about anybody; all of
//! it is dropped some day.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Service;
use super::bare::{bare_person, bare_ticket};
use super::marks::AGEING;
use super::refusal::Refusal;
use super::tidying::ageing;
use crate::model::scenario::Scenario;
use crate::store::{Batch, Write};

/// A simulation somebody waits for.
const JOB: &str = "simulation_job";
/// Replications made.
const PART: &str = "simulation_part";
/// What came of it.
const RESULT: &str = "simulation_result";
/// How a job ended.
const PAST: &str = "simulation_ended";
/// Rows looked at together.
const MOST: usize = 200;

/// A simulation that was asked for and has not ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    /// The name of its job.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// What its asker calls the request, and the digest of its body.
    #[serde(default)]
    pub asked_as: Option<(String, String)>,
    /// When it was asked for.
    pub created_ms: i64,
    /// What names the same question.
    pub digest: String,
    /// The question.
    pub body: String,
}

/// A job that has ended, as whoever asks for it later is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Past {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// What its asker calls the request, and the digest of its body.
    #[serde(default)]
    pub asked_as: Option<(String, String)>,
    /// When it was asked for.
    pub created_ms: i64,
    /// When it ended.
    pub finished_ms: i64,
    /// Whether somebody asked to stop it.
    pub is_cancelled: bool,
    /// What came of it.
    pub result: Option<String>,
    /// Why nothing came of it, as surfaces write that.
    pub problem: Option<String>,
}

/// The posted `body` with `scenario` in it as it is kept: with what has happened since, and
/// without words about anybody.
#[must_use]
pub fn wordless(body: &str, mut scenario: Scenario) -> Option<String> {
    let mut document: Value = serde_json::from_str(body).ok()?;
    scenario.about = None;
    scenario.people = scenario.people.into_iter().map(bare_person).collect();
    scenario.clients.iter_mut().for_each(|client| client.name = None);
    scenario.tickets = scenario.tickets.into_iter().map(bare_ticket).collect();
    document["scenario"] = serde_json::to_value(scenario).ok()?;
    document.as_object_mut()?.remove("progress");
    serde_json::to_string(&document).ok()
}

impl Service {
    /// Keeps what was asked for, so that it goes on after a restart.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn begin_simulation(&self, pending: &Pending) -> Result<(), Refusal> {
        let body = serde_json::to_string(pending).expect("it is texts and whole numbers");
        self.keep_document(JOB, &pending.id, body, pending.created_ms)
    }

    /// What was asked for and has not ended.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn pending_simulations(&self) -> Result<Vec<Pending>, Refusal> {
        let rows = self.store.documents(JOB, None, MOST)?;
        let texts = rows.into_iter().filter_map(|row| row.body);
        Ok(texts.filter_map(|text| serde_json::from_str(&text).ok()).collect())
    }

    /// Keeps the replications of `digest` from `from` on.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn keep_replications(
        &self,
        digest: &str,
        (from, text): (u32, String),
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.keep_document(PART, &format!("{digest}/{from:08}"), text, now_ms)
    }

    /// The replications of `digest` that were kept, in order.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn kept_replications(&self, digest: &str) -> Result<Vec<String>, Refusal> {
        Ok(self.parts_of(digest)?.into_iter().map(|(_, text)| text).collect())
    }

    /// The result of the same question, if it was kept.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn simulated(&self, digest: &str) -> Result<Option<String>, Refusal> {
        Ok(self.store.document(RESULT, digest)?.and_then(|row| row.body))
    }

    /// Keeps how a job ended, which does not begin again.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn leave_simulation(&self, past: &Past) -> Result<(), Refusal> {
        let body = serde_json::to_string(past).expect("it is texts and whole numbers");
        self.keep_document(PAST, &past.id, body, past.finished_ms)?;
        self.forget_simulation(&past.id)
    }

    /// How the job called `id` ended, where that was kept.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn past_simulation(&self, id: &str) -> Result<Option<Past>, Refusal> {
        let body = self.store.document(PAST, id)?.and_then(|row| row.body);
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    /// Nobody waits any more for the job called `id`.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn forget_simulation(&self, id: &str) -> Result<(), Refusal> {
        let (kind, key) = (JOB.to_owned(), id.to_owned());
        if self.store.document(JOB, id)?.is_some() {
            self.store.commit(Batch::new().and(Write::DropDocument { kind, key }))?;
        }
        Ok(())
    }

    /// The simulation of `digest` has its whole `result`, which is kept in the place of its
    /// replications.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn end_simulation(&self, digest: &str, result: String, now_ms: i64) -> Result<(), Refusal> {
        let mut batch = Batch::new();
        for (key, _) in self.parts_of(digest)? {
            batch = batch.and(Write::DropDocument { kind: PART.to_owned(), key });
        }
        self.store.commit(batch)?;
        self.keep_document(RESULT, digest, result, now_ms)
    }

    fn parts_of(&self, digest: &str) -> Result<Vec<(String, String)>, Refusal> {
        let prefix = format!("{digest}/");
        let (mut parts, mut behind) = (Vec::new(), prefix.clone());
        loop {
            let rows = self.store.documents(PART, Some(&behind), MOST)?;
            let (count, known) = (rows.len(), parts.len());
            for row in rows.into_iter().take_while(|row| row.key.starts_with(&prefix)) {
                behind.clone_from(&row.key);
                parts.extend(row.body.map(|body| (row.key, body)));
            }
            if count < MOST || parts.len() == known {
                return Ok(parts);
            }
        }
    }

    /// Puts a document that is dropped some time after now.
    fn keep_document(
        &self,
        kind: &str,
        key: &str,
        body: String,
        at_ms: i64,
    ) -> Result<(), Refusal> {
        let put = Write::PutDocument {
            kind: kind.to_owned(),
            key: key.to_owned(),
            expected_version: None,
            body: Some(body),
            at_ms,
            actor: "simulation".to_owned(),
        };
        let mark = Write::Mark {
            kind: AGEING.to_owned(),
            key: ageing(at_ms, kind, key),
            body: String::new(),
        };
        self.store.commit(Batch::new().and(put).and(mark))?;
        Ok(())
    }
}
