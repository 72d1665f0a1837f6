//! Documents inside of bodies. A body is held against a schema in which they are objects of any
//! kind; each is then read by `app`, which tells its faults of form and meaning together.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::app::documents::{Question, Text};
use crate::app::posted::{self, Posted, Quoted};
use crate::app::quoting::Depth;
use crate::app::simulating::{self, Named};
use crate::calendar::{HolidayTable, Moment};
use crate::model::change::Changes;
use crate::model::plan::Plan;
use crate::model::progress::ProgressReport;
use crate::model::quote::Quote;
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::model::simulation::Simulation;
use crate::policy::Policy;
use crate::web::error::{Problem, Wrong};
use crate::web::openapi::SCHEMAS;

/// A `T` as it was sent.
pub(crate) struct Document<T> {
    json: Box<RawValue>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Document<T> {
    fn json(&self) -> &str {
        self.json.get()
    }
}

impl<'de, T> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Document<T>, D::Error> {
        Ok(Document { json: Box::deserialize(deserializer)?, kind: PhantomData })
    }
}

impl<T: JsonSchema> JsonSchema for Document<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(schemas: &mut SchemaGenerator) -> Schema {
        if schemas.settings().definitions_path == SCHEMAS {
            return schemas.subschema_for::<T>();
        }
        json_schema!({ "type": "object" })
    }
}

/// The three documents that make a question.
pub(crate) struct Scene<'a> {
    pub(crate) scenario: &'a Document<Scenario>,
    pub(crate) progress: Option<&'a Document<ProgressReport>>,
    pub(crate) holidays: Option<&'a Document<HolidayTable>>,
}

impl Scene<'_> {
    /// The question they ask.
    ///
    /// # Errors
    /// Everything wrong with them.
    pub(crate) fn question(&self) -> Result<Question, Problem> {
        let posted = Posted {
            scenario: self.scenario.json(),
            progress: self.progress.map(Document::json),
            holidays: self.holidays.map(Document::json),
        };
        Ok(posted.question()?)
    }
}

/// The plan called `name` in the body.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn plan(
    question: &Question,
    name: &str,
    document: &Document<Plan>,
) -> Result<Plan, Problem> {
    Ok(posted::plan(question, name, document.json())?)
}

/// The same, where all its rows have to be readable.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn readable(
    question: &Question,
    name: &str,
    document: &Document<Plan>,
) -> Result<Plan, Problem> {
    Ok(posted::readable(question, name, document.json())?)
}

/// The quote for the request, against the plan and by the policy that come with it; at `at`, or at
/// the moment of the question.
///
/// # Errors
/// Everything wrong with them, together.
pub(crate) fn quote(
    question: &Question,
    (plan, policy, request): (&Document<Plan>, &Document<Policy>, &Document<Request>),
    at: Option<Moment>,
    depth: Depth,
) -> Result<Quote, Problem> {
    let quoted =
        Quoted { plan: plan.json(), policy: policy.json(), request: request.json(), at, depth };
    Ok(posted::quote(question, &quoted)?)
}

/// The plan that people are working to.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn previous(
    question: &Question,
    document: Option<&Document<Plan>>,
) -> Result<Option<Plan>, Problem> {
    document.map(|document| plan(question, "previous", document)).transpose()
}

/// What the days may bring, its text, and what would be different, each with its name.
///
/// # Errors
/// Everything wrong with them, together.
pub(crate) fn simulation(
    question: &Question,
    (simulation, options): (&Document<Simulation>, &[Document<Changes>]),
) -> Result<(Simulation, Text, Vec<Named>), Problem> {
    let (simulation, text) = simulating::posted(simulation.json());
    let rows = options.iter().enumerate();
    let options = rows.map(|(row, option)| simulating::posted_option(row, option.json()));
    let options = options.collect();
    let (simulation, options) = simulating::together(question, (simulation, &text), options)?;
    simulating::fitting(question, (&simulation, &text), &options)?;
    Ok((simulation, text, options))
}

/// What somebody should look at.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Warning")]
#[serde(transparent)]
pub(crate) struct Warning(Wrong);

/// The warnings of `question`, with pointers into the body.
pub(crate) fn warnings(question: &Question) -> Vec<Warning> {
    let texts = question.warnings.iter();
    let pairs = texts.flat_map(|(text, issues)| issues.iter().map(move |issue| (text, issue)));
    pairs
        .map(|(text, issue)| Warning(Wrong::of(&format!("/{}", text.name), issue.clone())))
        .collect()
}
