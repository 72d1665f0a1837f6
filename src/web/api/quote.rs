//! `POST /v1/quote`: a request quoted against a plan that comes with it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::posted::{self, Document, Scene};
use crate::app::quoting::Depth;
use crate::calendar::{HolidayTable, Moment};
use crate::model::plan::Plan;
use crate::model::progress::ProgressReport;
use crate::model::quote::Quote;
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::policy::Policy;
use crate::web::answer::Found;
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::Json;

/// What is to be quoted, and against what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuoteAsked {
    /// The question that the plan answers.
    scenario: Document<Scenario>,
    /// The plan in force.
    plan: Document<Plan>,
    /// What quotes are made by.
    policy: Document<Policy>,
    /// What is asked.
    request: Document<Request>,
    /// When; `as_of` of the scenario when not stated.
    #[serde(default)]
    at: Option<Moment>,
    /// Only what moves nothing, which is quickest.
    #[serde(default)]
    quick: bool,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
}

/// `POST /v1/quote`.
pub(crate) fn quote(call: &Call<Json<QuoteAsked>>) -> Result<Found<Quote>, Problem> {
    let asked = &call.body.0;
    let scene = Scene {
        scenario: &asked.scenario,
        progress: asked.progress.as_ref(),
        holidays: asked.holidays.as_ref(),
    };
    let depth = if asked.quick { Depth::Quick } else { Depth::Full };
    call.in_turn(|| {
        let question = scene.question()?;
        let documents = (&asked.plan, &asked.policy, &asked.request);
        Ok(Found(posted::quote(&question, documents, asked.at, depth)?))
    })?
}
