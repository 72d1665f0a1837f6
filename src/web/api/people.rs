//! People, their absences, and what they do by the plan in force.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kept::{Answered, Stated, expected, made, once, page};
use crate::app::service::people::AbsenceFile;
use crate::calendar::Date;
use crate::model::people::{Absence, Person};
use crate::model::plan::PlannedStep;
use crate::web::answer::{Found, Page, Paging, Silent, Versioned};
use crate::web::call::Call;
use crate::web::error::Problem;
use crate::web::sent::{Asked, Json, behind};

/// Of which date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfDate {
    /// The local date, such as 2026-03-09; nothing: all of the plan.
    #[serde(default)]
    date: Option<Date>,
}

/// Steps of somebody.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Steps {
    /// These, in the order of the plan.
    steps: Vec<PlannedStep>,
}

/// `POST /v1/people`.
pub(crate) fn create(call: &Call<Json<Person>>) -> Result<Answered<Person>, Problem> {
    let once = once(call, "POST /v1/people")?;
    let (service, person) = (&call.frame.service, &call.body.0);
    Ok(made("/v1/people", service.create_person(&call.caller, person, once.as_ref(), call.now_ms)?))
}

/// `GET /v1/people`.
pub(crate) fn list(call: &Call<(), Asked<Paging>>) -> Result<Found<Page<Person>>, Problem> {
    let after = call.query.0.after.as_deref().map(behind).transpose()?;
    let (service, limit) = (&call.frame.service, usize::from(call.query.0.limit));
    Ok(Found(page(service.people(&call.caller, after.as_deref(), limit, call.now_ms)?)))
}

/// `GET /v1/people/{id}`.
pub(crate) fn one(call: &Call) -> Result<Versioned<Person>, Problem> {
    Ok(call.frame.service.person(&call.caller, call.part("id"), call.now_ms)?.into())
}

/// `PUT /v1/people/{id}`.
pub(crate) fn put(call: &Call<Json<Person>>) -> Result<Stated<Person>, Problem> {
    let (key, expected, person) = (call.part("id"), expected(call)?, call.body.0.clone());
    let service = &call.frame.service;
    Ok(service.put_person(&call.caller, key, expected, person, call.now_ms)?.into())
}

/// `DELETE /v1/people/{id}`.
pub(crate) fn remove(call: &Call) -> Result<Silent, Problem> {
    let (key, expected) = (call.part("id"), expected(call)?);
    call.frame.service.remove_person(&call.caller, key, expected, call.now_ms)?;
    Ok(Silent)
}

/// `POST /v1/people/{id}/absences`.
pub(crate) fn create_absence(call: &Call<Json<Absence>>) -> Result<Answered<AbsenceFile>, Problem> {
    let (person, absence) = (call.part("id"), call.body.0.clone());
    let place = super::kept::below("/v1/people", person) + "/absences";
    let once = once(call, &format!("POST {place}"))?;
    let service = &call.frame.service;
    let done = service.create_absence(&call.caller, person, absence, once.as_ref(), call.now_ms)?;
    Ok(made(&place, done))
}

/// `GET /v1/people/{id}/absences`.
pub(crate) fn absences(
    call: &Call<(), Asked<Paging>>,
) -> Result<Found<Page<AbsenceFile>>, Problem> {
    let after = call.query.0.after.as_deref().map(behind).transpose()?;
    let part = (after.as_deref(), usize::from(call.query.0.limit));
    let service = &call.frame.service;
    Ok(Found(page(service.absences(&call.caller, call.part("id"), part, call.now_ms)?)))
}

/// `DELETE /v1/people/{id}/absences/{absence}`.
pub(crate) fn remove_absence(call: &Call) -> Result<Silent, Problem> {
    let (person, absence) = (call.part("id"), call.part("absence"));
    call.frame.service.remove_absence(&call.caller, person, absence, call.now_ms)?;
    Ok(Silent)
}

/// `GET /v1/people/{id}/plan`.
pub(crate) fn plan(call: &Call<(), Asked<OfDate>>) -> Result<Found<Steps>, Problem> {
    let (person, date) = (call.part("id"), call.query.0.date);
    Ok(Found(Steps { steps: call.frame.service.day_of(&call.caller, person, date, call.now_ms)? }))
}
