//! The desk: what happens to tickets, and what happened.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::kept::{Answered, Behind, Counted, counted, expected, made, once, page};
use crate::app::morning::Progress;
use crate::app::service::desk::{
    DeskReport, Doing, DoingToSeveral, DoneToSeveral, Dossier, Entry, File, ManualRow,
    ManualSearch, MinutesRow, PaperSearch, ReplanWish, Replanned, ShownApplication, ShownDue,
    ShownPaper, ShownSurge, SurgeMove, Wanted,
};
use crate::app::service::tickets::ShownTicket;
use crate::calendar::{Date, Moment};
use crate::desk::joining::Move;
use crate::policy::desk::Comparison;
use crate::web::answer::{As, Found, JSON, Page, Reply};
use crate::web::call::Call;
use crate::web::error::{Problem, Success};
use crate::web::sent::{Asked, Json, behind};

/// Up to when something is due.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Until {
    /// Up to this moment; up to now when nothing is said.
    #[serde(default)]
    until: Option<Moment>,
    /// The `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// At most about so many: the moments of one ticket stay together.
    #[serde(default = "super::kept::usual_count")]
    #[schemars(range(min = 1, max = 500))]
    limit: u16,
}

/// The longest search for a plan, in milliseconds, whatever rounds were asked for.
const LONGEST_SEARCH_MS: u64 = 10_000;

/// Which day is told, and how long a period with it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The date; today when nothing is said.
    #[serde(default)]
    day: Option<Date>,
    /// Days of the period that ends with it.
    #[serde(default = "thirty")]
    #[schemars(range(min = 1, max = 400))]
    days: u16,
}

fn thirty() -> u16 {
    30
}

/// `GET /v1/desk/report`.
pub(crate) fn report(call: &Call<(), Asked<Told>>) -> Result<Found<DeskReport>, Problem> {
    let Told { day, days } = &call.query.0;
    let day_ms =
        day.map_or(call.now_ms, |day| call.frame.service.zone().midnight(day.day()).0 * 60_000);
    let frame = &call.frame;
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    Ok(Found(frame.service.desk_review(&call.caller, (day_ms, *days), call.now_ms)?))
}

/// `GET /v1/desk/tiers`.
pub(crate) fn tiers(call: &Call<()>) -> Result<Found<Comparison>, Problem> {
    Ok(Found(call.frame.service.tiers_compared(&call.caller)?))
}

/// `GET /v1/desk/papers`.
pub(crate) fn papers(
    call: &Call<(), Asked<PaperSearch>>,
) -> Result<Found<Vec<ShownPaper>>, Problem> {
    let frame = &call.frame;
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    Ok(Found(frame.service.papers(&call.caller, &call.query.0, call.now_ms)?))
}

/// `GET /v1/desk/manual`.
pub(crate) fn manual(
    call: &Call<(), Asked<ManualSearch>>,
) -> Result<Found<Vec<ManualRow>>, Problem> {
    let frame = &call.frame;
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    Ok(Found(frame.service.manual(&call.caller, &call.query.0, call.now_ms)?))
}

/// `GET /v1/desk/surge`.
pub(crate) fn surge(call: &Call) -> Result<Found<ShownSurge>, Problem> {
    Ok(Found(call.frame.service.surge(&call.caller)?))
}

/// `POST /v1/desk/surge`.
pub(crate) fn move_surge(call: &Call<Json<SurgeMove>>) -> Result<Found<ShownSurge>, Problem> {
    let once = once(call, "POST /v1/desk/surge")?;
    let (service, made) = (&call.frame.service, &call.body.0);
    Ok(Found(service.move_surge(&call.caller, made, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/applications/{id}`.
pub(crate) fn application(call: &Call<()>) -> Result<Found<ShownApplication>, Problem> {
    Ok(Found(call.frame.service.application(&call.caller, call.part("id"))?))
}

/// `POST /v1/applications/{id}/moves`.
pub(crate) fn apply(call: &Call<Json<Move>>) -> Result<Found<ShownApplication>, Problem> {
    let key = call.part("id");
    let once = once(call, &format!("POST /v1/applications/{key}/moves"))?;
    let (service, made) = (&call.frame.service, &call.body.0);
    Ok(Found(service.move_application(&call.caller, key, made, once.as_ref(), call.now_ms)?))
}

/// How far is looked back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Learning {
    /// So many days.
    #[serde(default = "year")]
    #[schemars(range(min = 1, max = 4000))]
    days: u16,
}

fn year() -> u16 {
    365
}

/// `POST /v1/desk/learned`.
pub(crate) fn learn(call: &Call<Json<Learning>>) -> Result<Found<Vec<MinutesRow>>, Problem> {
    let frame = &call.frame;
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    Ok(Found(frame.service.desk_learn(&call.caller, call.body.0.days, call.now_ms)?))
}

/// `POST /v1/desk/replan`.
pub(crate) fn replan(call: &Call<Json<ReplanWish>>) -> Result<Found<Replanned>, Problem> {
    let frame = &call.frame;
    let _places = frame.gates.long_place_for(Duration::from_secs(frame.limits.answer_seconds))?;
    let mut watch = |far: &Progress| far.milliseconds < LONGEST_SEARCH_MS && !frame.is_stopping();
    let once = once(call, "POST /v1/desk/replan")?;
    let (service, wish) = (&frame.service, &call.body.0);
    Ok(Found(service.replan(&call.caller, wish, once.as_ref(), call.now_ms, &mut watch)?))
}

/// `POST /v1/tickets/{id}/happenings`.
pub(crate) fn happen(call: &Call<Json<Doing>>) -> Result<Answered<ShownTicket>, Problem> {
    let key = call.part("id");
    let (service, doing) = (&call.frame.service, &call.body.0);
    // Who may not say so is told that, and not what else his request lacks.
    service.must_say(&call.caller, &doing.kind)?;
    let once = once(call, &format!("POST /v1/tickets/{key}/happenings"))?;
    let wanted = Wanted { key, version: expected(call)? };
    let done = service.desk_do(&call.caller, wanted, doing, once.as_ref(), call.now_ms)?;
    Ok(made("/v1/tickets", done))
}

/// `POST /v1/happenings`.
pub(crate) fn happen_to_several(
    call: &Call<Json<DoingToSeveral>>,
) -> Result<As<Found<DoneToSeveral>>, Problem> {
    let once = once(call, "POST /v1/happenings")?;
    let (service, asked) = (&call.frame.service, &call.body.0);
    let done = service.desk_do_to_several(&call.caller, asked, once.as_ref(), call.now_ms)?;
    Ok(As::new(Reply::text(Success::Found, JSON, done.body)))
}

/// `GET /v1/tickets/{id}/timeline`.
pub(crate) fn timeline(call: &Call<(), Asked<Behind>>) -> Result<Found<Counted<Entry>>, Problem> {
    let (Behind { after, limit }, key) = (&call.query.0, call.part("id"));
    let (service, most) = (&call.frame.service, usize::from(*limit));
    let entries = service.timeline(&call.caller, key, *after, most, call.now_ms)?;
    Ok(Found(counted(entries, |entry| entry.position)))
}

/// `GET /v1/tickets/{id}/desk`.
pub(crate) fn dossier(call: &Call) -> Result<Found<Dossier>, Problem> {
    let service = &call.frame.service;
    Ok(Found(service.dossier(&call.caller, call.part("id"), call.now_ms)?))
}

/// `GET /v1/tickets/{id}/confirmation`.
pub(crate) fn confirmation(call: &Call) -> Result<Found<File>, Problem> {
    let service = &call.frame.service;
    Ok(Found(service.confirmation_of(&call.caller, call.part("id"))?))
}

/// `GET /v1/desk/due`.
pub(crate) fn due(call: &Call<(), Asked<Until>>) -> Result<Found<Page<ShownDue>>, Problem> {
    let Until { until, after, limit } = &call.query.0;
    let until =
        until.map_or(call.now_ms, |until| call.frame.service.zone().tick_from(until).0 * 60_000);
    let after = after.as_deref().map(behind).transpose()?;
    let (service, most) = (&call.frame.service, usize::from(*limit));
    Ok(Found(page(service.desk_due(&call.caller, until, after.as_deref(), most)?)))
}
