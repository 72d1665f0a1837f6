//! `POST /v1/verify`, `/v1/explain` and `/v1/diff`: plans read, checked and explained.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::posted::{self, Document, Scene, Warning};
use crate::app::morning::Progress;
use crate::app::posted::{Subject, difference, explanation};
use crate::app::{checking, front};
use crate::calendar::{HolidayTable, Label};
use crate::explain::say::Audience;
use crate::explain::{Diff, Explanation};
use crate::model::plan::Plan;
use crate::model::progress::ProgressReport;
use crate::model::scenario::Scenario;
use crate::verify::Report;
use crate::web::answer::Found;
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::Json;

/// A plan to be checked.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyAsked {
    /// The question.
    scenario: Document<Scenario>,
    /// The plan, whoever made it.
    plan: Document<Plan>,
    /// The plan people were working to.
    #[serde(default)]
    previous: Option<Document<Plan>>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
}

/// What was found.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Verified {
    /// Whether nothing is broken.
    is_clean: bool,
    /// What is broken, and the whole bill.
    report: Report,
    /// What somebody should look at.
    warnings: Vec<Warning>,
}

/// `POST /v1/verify`.
pub(crate) fn verify(call: &Call<Json<VerifyAsked>>) -> Result<Found<Verified>, Problem> {
    let VerifyAsked { scenario, plan, previous, progress, holidays } = &call.body.0;
    let scene = Scene { scenario, progress: progress.as_ref(), holidays: holidays.as_ref() };
    call.in_turn(|| {
        let question = scene.question()?;
        let plan = posted::plan(&question, "plan", plan)?;
        let previous = posted::previous(&question, previous.as_ref())?;
        let report = checking::check(&question, &plan, previous.as_ref()).report;
        let (is_clean, warnings) = (report.is_clean(), posted::warnings(&question));
        Ok(Found(Verified { is_clean, report, warnings }))
    })?
}

/// For whom an explanation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reader {
    /// Everything.
    #[default]
    Staff,
    /// No other clients, no staff, no prices of others.
    Client,
}

/// What is to be explained.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplainAsked {
    /// The question.
    scenario: Document<Scenario>,
    /// The plan.
    plan: Document<Plan>,
    /// A ticket, TICKET/STEP or a person; ticket:KEY or person:KEY where both exist.
    subject: String,
    /// For a step: why this person does not do it.
    #[serde(default)]
    why_not: Option<String>,
    /// For whom.
    #[serde(default)]
    reader: Reader,
    /// Plan anew to tell what forcing it costs, or what would serve it.
    #[serde(default)]
    search: bool,
    /// The plan it was made from.
    #[serde(default)]
    previous: Option<Document<Plan>>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
}

/// Why.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Explained {
    /// In sentences.
    lines: Vec<Label>,
    /// In codes and facts; never for clients, whom facts could tell too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

/// `POST /v1/explain`.
pub(crate) fn explain(call: &Call<Json<ExplainAsked>>) -> Result<Found<Explained>, Problem> {
    let asked = &call.body.0;
    let scene = Scene {
        scenario: &asked.scenario,
        progress: asked.progress.as_ref(),
        holidays: asked.holidays.as_ref(),
    };
    call.in_turn(|| {
        let question = scene.question()?;
        let plan = posted::plan(&question, "plan", &asked.plan)?;
        let question = front::weighed(question, &plan)?;
        let previous = posted::previous(&question, asked.previous.as_ref())?;
        let subject = Subject {
            subject: &asked.subject,
            why_not: asked.why_not.as_deref(),
            search: asked.search,
        };
        let audience = match asked.reader {
            Reader::Staff => Audience::Staff,
            Reader::Client => Audience::Client,
        };
        let plans = (&plan, previous.as_ref());
        let mut watch = |_: &Progress| call.goes_on();
        let (told, lines) = explanation(&question, plans, subject, audience, &mut watch)?;
        if asked.search {
            call.in_time()?;
        }
        let explanation = (asked.reader == Reader::Staff).then_some(told);
        Ok(Found(Explained { lines, explanation }))
    })?
}

/// Two plans to be compared.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiffAsked {
    /// The question.
    scenario: Document<Scenario>,
    /// The plan compared from.
    from: Document<Plan>,
    /// The plan compared to.
    to: Document<Plan>,
    /// The plan both were made from; prices their changes.
    #[serde(default)]
    previous: Option<Document<Plan>>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
}

/// How they differ.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Compared {
    /// In sentences.
    lines: Vec<Label>,
    /// In figures.
    diff: Diff,
    /// They were made at different weights, and both are priced at the scenario's.
    is_rescaled: bool,
}

/// `POST /v1/diff`.
pub(crate) fn diff(call: &Call<Json<DiffAsked>>) -> Result<Found<Compared>, Problem> {
    let DiffAsked { scenario, from, to, previous, progress, holidays } = &call.body.0;
    let scene = Scene { scenario, progress: progress.as_ref(), holidays: holidays.as_ref() };
    call.in_turn(|| {
        let question = scene.question()?;
        let from = posted::readable(&question, "from", from)?;
        let to = posted::readable(&question, "to", to)?;
        let previous = posted::previous(&question, previous.as_ref())?;
        let (diff, lines, is_rescaled) = difference(&question, [from, to], previous.as_ref());
        Ok(Found(Compared { lines, diff, is_rescaled }))
    })?
}
