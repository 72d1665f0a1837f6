//! The base, progress, drafts and published plans.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{Answered, Behind, Counted, Stated, counted, expected, made, once};
use crate::app::morning::Progress as Progressed;
use crate::app::service::base::Base;
use crate::app::service::once::Made;
use crate::app::service::plans::{Draft, DraftWish, Published, Publishing};
use crate::app::service::role::Permission;
use crate::model::scenario::Progress;
use crate::web::answer::{Begun, Either, Found, Silent, Versioned};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::jobs::{self, Far, Told};
use crate::web::sent::{Asked, Json};

/// The longest search for a draft, in milliseconds, whatever rounds were asked for.
const LONGEST_SEARCH_MS: u64 = 10_000;

/// What has been done and begun.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// Steps; one already reported is replaced.
    #[schemars(length(min = 1, max = 1000))]
    progress: Vec<Progress>,
}

/// `GET /v1/base`.
pub(crate) fn base(call: &Call) -> Result<Versioned<Base>, Problem> {
    Ok(call.frame.service.base(&call.caller)?.into())
}

/// `PUT /v1/base`.
pub(crate) fn put_base(call: &Call<Json<Base>>) -> Result<Stated<Base>, Problem> {
    let (expected, base) = (expected(call)?, call.body.0.clone());
    Ok(call.frame.service.put_base(&call.caller, expected, base, call.now_ms)?.into())
}

/// `POST /v1/progress`.
pub(crate) fn report(call: &Call<Json<Report>>) -> Result<Silent, Problem> {
    let once = once(call, "POST /v1/progress")?;
    let (service, rows) = (&call.frame.service, &call.body.0.progress);
    service.report_once(&call.caller, rows, once.as_ref(), call.now_ms)?;
    Ok(Silent)
}

/// `DELETE /v1/tickets/{id}/progress/{step}`.
pub(crate) fn take_back(call: &Call) -> Result<Silent, Problem> {
    let (ticket, step) = (call.part("id"), call.part("step"));
    call.frame.service.take_back(&call.caller, ticket, step, call.now_ms)?;
    Ok(Silent)
}

/// A draft, or a job that will have it.
type Sooner = Either<Answered<Draft>, Begun<Told>>;

/// `POST /v1/drafts`: with more rounds than somebody waits for, or if he would rather not, a job.
pub(crate) fn draft(call: &Call<Json<DraftWish>>) -> Result<Sooner, Problem> {
    let once = once(call, "POST /v1/drafts")?;
    let (frame, wish) = (&call.frame, &call.body.0);
    if wish.rounds > frame.limits.inline_rounds || call.prefers_to_come_again() {
        call.caller.must(Permission::PlanDraft)?;
        let (own, caller, wish) = (Arc::clone(frame), call.caller.clone(), wish.clone());
        let now_ms = call.now_ms;
        let search = move |watch: &mut dyn FnMut(Far) -> bool| {
            let mut watch = |far: &Progressed| watch(Far::of(far, Some(wish.rounds)));
            Ok(own.service.draft(&caller, &wish, once.as_ref(), now_ms, &mut watch)?.body)
        };
        let job = jobs::begin(call, "draft", Box::new(search))?;
        let document = job.told(false);
        return Ok(Either::Other(Begun { location: document.location(), document }));
    }
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    // The best plan found until then is the draft; its rounds are on record, so it repeats.
    let mut watch = |far: &Progressed| far.milliseconds < LONGEST_SEARCH_MS && !frame.is_stopping();
    let service = &frame.service;
    let done = service.draft(&call.caller, wish, once.as_ref(), call.now_ms, &mut watch)?;
    Ok(Either::One(made("/v1/drafts", done)))
}

/// `GET /v1/drafts/{id}`.
pub(crate) fn one_draft(call: &Call) -> Result<Found<Draft>, Problem> {
    Ok(Found(call.frame.service.draft_of(&call.caller, call.part("id"), call.now_ms)?))
}

/// `POST /v1/plans`.
pub(crate) fn publish(call: &Call<Json<Publishing>>) -> Result<Answered<Published>, Problem> {
    let once = once(call, "POST /v1/plans")?;
    let (service, wish) = (&call.frame.service, &call.body.0);
    let done = service.publish(&call.caller, wish, once.as_ref(), call.now_ms)?;
    // Kept under a number with noughts before it; at its address it is called as it is shown.
    let key = done.key.trim_start_matches('0').to_owned();
    Ok(made("/v1/plans", Made { key, ..done }))
}

/// `GET /v1/plans`.
pub(crate) fn history(
    call: &Call<(), Asked<Behind>>,
) -> Result<Found<Counted<Published>>, Problem> {
    let Behind { after, limit } = call.query.0;
    let service = &call.frame.service;
    let plans = service.published_plans(&call.caller, after, usize::from(limit))?;
    Ok(Found(counted(plans, |plan| plan.number)))
}

/// `GET /v1/plans/current`.
pub(crate) fn current(call: &Call) -> Result<Found<Published>, Problem> {
    Ok(Found(call.frame.service.current_plan(&call.caller, call.now_ms)?))
}

/// `GET /v1/plans/{number}`.
pub(crate) fn one(call: &Call) -> Result<Found<Published>, Problem> {
    let part = call.part("number");
    let unknown = || Problem::no_such("计划", "plan", part);
    let number = part.parse().map_err(|_| unknown())?;
    Ok(Found(call.frame.service.published_plan(&call.caller, number, call.now_ms)?))
}
