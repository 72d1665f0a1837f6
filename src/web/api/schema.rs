//! The JSON Schemas of documents.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::documents;
use crate::web::answer::{Found, Written};
use crate::web::call::Call;
use crate::web::error::Problem;

/// A name, and what writes the schema.
type Kind = (&'static str, fn() -> String);

/// Every kind of documents.
const KINDS: [Kind; 17] = [
    ("changes", documents::schema_of_changes),
    ("forecast", documents::schema_of_forecasts),
    ("front", documents::schema_of_fronts),
    ("holidays", documents::schema_of_holidays),
    ("hours", documents::schema_of_hours),
    ("plan", documents::schema_of_plans),
    ("policy", documents::schema_of_policies),
    ("progress", documents::schema_of_progress),
    ("proof", documents::schema_of_proofs),
    ("quote", documents::schema_of_quotes),
    ("request", documents::schema_of_requests),
    ("required-staff", documents::schema_of_staff),
    ("scenario", documents::schema_of_scenarios),
    ("simulation", documents::schema_of_simulations),
    ("simulation-report", documents::schema_of_outcomes),
    ("training", documents::schema_of_training),
    ("what-if", documents::schema_of_contrasts),
];

/// The kinds of documents.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Kinds {
    /// Their names.
    names: Vec<&'static str>,
}

/// `GET /v1/schema`.
pub(crate) fn names(_: &Call) -> Result<Found<Kinds>, Problem> {
    Ok(Found(Kinds { names: KINDS.iter().map(|(name, _)| *name).collect() }))
}

/// `GET /v1/schema/{name}`.
pub(crate) fn one(call: &Call) -> Result<Written, Problem> {
    let name = call.part("name");
    match KINDS.iter().find(|(known, _)| *known == name) {
        Some((_, schema)) => Ok(Written(schema().into_bytes())),
        None => Err(Problem::no_such("文档格式", "kind of documents", name)),
    }
}
