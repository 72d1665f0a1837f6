//! From bytes to documents that can be relied on: format, shape, names and meaning are checked,
//! and every issue knows its line. Must not know where the bytes come from.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Failure;
use super::amending::{self, Amendment};
use crate::calendar::{FORMATS, HOLIDAYS_FORMAT, HolidayTable, Zone};
use crate::desk::rules::strangers;
use crate::exchange;
use crate::exchange::json::tree::Tree;
use crate::exchange::json::{self, Formats};
use crate::model::change::{CHANGES_FORMAT, Changes};
use crate::model::check::{self, LeftOut};
use crate::model::contrast::Contrast;
use crate::model::forecast::Forecast;
use crate::model::front::Front;
use crate::model::issue::{Issue, Issues, has_errors};
use crate::model::outcome::{Outcome, Required};
use crate::model::plan::{PLAN_FORMAT, Plan};
use crate::model::progress::{PROGRESS_FORMAT, ProgressReport};
use crate::model::proof::Proof;
use crate::model::quote::{QUOTE_FORMAT, Quote};
use crate::model::request::{REQUEST_FORMAT, Request};
use crate::model::scenario::{SCENARIO_FORMAT, Scenario};
use crate::model::simulation::{SIMULATION_FORMAT, Simulation};
use crate::model::training::Training;
use crate::model::work::Work;
use crate::model::worth::Hours;
use crate::policy::{self, POLICY_FORMAT, Policy};

/// A document as it was read, and what to call it.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its file, for messages.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A scenario that can be planned.
pub struct Question {
    /// What it was read from.
    pub text: Text,
    /// As it was stated.
    pub scenario: Scenario,
    /// As it was resolved.
    pub work: Work,
    /// What somebody should look at, with places, by the text it stands in.
    pub warnings: Vec<(Text, Issues)>,
}

/// Reads a scenario and changes it by `amend` before it is checked.
///
/// # Errors
/// [`Failure::Document`] or [`Failure::Documents`] with everything that is wrong, or what `amend`
/// says.
pub fn question(
    text: Text,
    amend: impl FnOnce(&mut Scenario) -> Result<Vec<Amendment>, Failure>,
) -> Result<Question, Failure> {
    let mut scenario: Scenario =
        document(&text, Some(SCENARIO_FORMAT)).map_err(with_faults_of_meaning)?;
    let amendments = amend(&mut scenario)?;
    let is_amended_well = amendments.iter().all(|amendment| !has_errors(&amendment.issues));
    match check::check(&scenario) {
        Ok((work, warnings)) if is_amended_well => {
            let warnings = amending::sorted(&text, amendments, warnings);
            Ok(Question { text, scenario, work, warnings })
        }
        Ok((_, issues)) | Err(issues) => {
            Err(Failure::Documents(amending::sorted(&text, amendments, issues)))
        }
    }
}

/// A scenario's faults of form, with those of meaning in whatever has the right form.
fn with_faults_of_meaning(failure: Failure) -> Failure {
    let Failure::Document { text, mut issues } = failure else { return failure };
    if let Some(more) = faults_of_meaning(&text, &issues) {
        issues.extend(more);
        issues.sort_by_key(|issue| issue.place);
    }
    Failure::Document { text, issues }
}

fn faults_of_meaning(text: &Text, issues: &[Issue]) -> Option<Issues> {
    let mut left_out = LeftOut::default();
    left_out.add_faulty(issues);
    if left_out.is_everything() {
        return None;
    }
    let (rest, names) = json::without(&text.bytes, left_out.rows())?;
    names.iter().for_each(|name| left_out.note_name(name.as_deref()));
    let scenario: Scenario = json::read(&rest, &Formats::new(FORMATS)).ok()?;
    let mut more = check::beyond(scenario, left_out);
    json::place_all(&text.bytes, &mut more);
    Some(more)
}

/// Reads a plan; that it fits a scenario is for the verifier to say. One that states no zone is
/// read in `zone`, that of the scenario it lies beside.
///
/// # Errors
/// [`Failure::Document`].
pub fn plan(text: &Text, zone: Zone) -> Result<Plan, Failure> {
    let (plan, states_zone): (Plan, bool) =
        looked_at(text, Some(PLAN_FORMAT), |tree| tree.root().member("zone").is_some())?;
    Ok(if states_zone { plan } else { Plan { zone, ..plan } })
}

/// Reads a report of progress.
///
/// # Errors
/// [`Failure::Document`].
pub fn progress(text: &Text) -> Result<ProgressReport, Failure> {
    document(text, Some(PROGRESS_FORMAT))
}

/// Reads a request.
///
/// # Errors
/// [`Failure::Document`].
pub fn request(text: &Text) -> Result<Request, Failure> {
    document(text, Some(REQUEST_FORMAT))
}

/// Reads a document that says nothing of its format, such as a new ticket.
///
/// # Errors
/// [`Failure::Document`].
pub fn plain<T: DeserializeOwned + JsonSchema>(text: &Text) -> Result<T, Failure> {
    document(text, None)
}

/// Reads a quote.
///
/// # Errors
/// [`Failure::Document`].
pub fn quote(text: &Text) -> Result<Quote, Failure> {
    document(text, Some(QUOTE_FORMAT))
}

/// Reads a list of changes.
///
/// # Errors
/// [`Failure::Document`].
pub fn changes(text: &Text) -> Result<Changes, Failure> {
    document(text, Some(CHANGES_FORMAT))
}

/// Reads a simulation; that it fits a scenario is for the simulation to say.
///
/// # Errors
/// [`Failure::Document`].
pub fn simulation(text: &Text) -> Result<Simulation, Failure> {
    document(text, Some(SIMULATION_FORMAT))
}

/// Reads a policy and holds it against the scenario it is for.
///
/// # Errors
/// [`Failure::Document`].
pub fn policy(text: &Text, scenario: &Scenario) -> Result<Policy, Failure> {
    let policy: Policy = document(text, Some(POLICY_FORMAT))?;
    let mut issues = policy::check(&policy, scenario);
    issues.extend(policy.desk.iter().flat_map(|desk| strangers(desk, "$.desk")));
    if issues.is_empty() { Ok(policy) } else { Err(meant(text, issues)) }
}

/// A document whose meaning is wrong, with the lines its issues stand in.
#[must_use]
pub fn meant(text: &Text, issues: Issues) -> Failure {
    let (text, issues) = placed(text, issues);
    Failure::Document { text, issues }
}

/// `text`, and its issues with the lines they stand in.
pub(super) fn placed(text: &Text, mut issues: Issues) -> (Text, Issues) {
    json::place_all(&text.bytes, &mut issues);
    (text.clone(), issues)
}

/// Reads a holiday table.
///
/// # Errors
/// [`Failure::Document`].
pub fn holidays(text: &Text) -> Result<HolidayTable, Failure> {
    let table: HolidayTable = document(text, Some(HOLIDAYS_FORMAT))?;
    // Within a scenario the format is the scenario's.
    Ok(HolidayTable { format: None, ..table })
}

fn document<T: DeserializeOwned + JsonSchema>(
    text: &Text,
    format: Option<&str>,
) -> Result<T, Failure> {
    looked_at(text, format, |_| ()).map(|(document, ())| document)
}

/// A document, and what `look` sees in its text.
fn looked_at<T: DeserializeOwned + JsonSchema, R>(
    text: &Text,
    format: Option<&str>,
    look: impl FnOnce(&Tree<'_>) -> R,
) -> Result<(T, R), Failure> {
    let stated = format.map_or(Ok(()), |format| exchange::require(&text.bytes, format));
    stated
        .and_then(|()| json::read_and_look(&text.bytes, &Formats::new(FORMATS), look))
        .map_err(|issues| Failure::Document { text: text.clone(), issues })
}

/// A document as it is written: indented JSON and a line feed.
#[must_use]
pub fn written(document: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(document).expect("documents are texts and whole numbers");
    text.push('\n');
    text
}

/// The version of its format that a document states, if it states one: 0 of `paidan-scenario/0`.
#[must_use]
pub fn version(text: &[u8]) -> Option<u32> {
    exchange::format_of(text)?.rsplit_once('/')?.1.parse().ok()
}

/// An older document in the current version of its format.
///
/// # Errors
/// [`Failure::Document`].
pub fn upgraded(text: Text) -> Result<String, Failure> {
    exchange::upgrade(&text.bytes).map_err(|issues| Failure::Document { text, issues })
}

/// The JSON Schema of scenarios.
#[must_use]
pub fn schema_of_scenarios() -> String {
    written(&json::schema::<Scenario>())
}

/// The JSON Schema of plans.
#[must_use]
pub fn schema_of_plans() -> String {
    let mut schema = json::schema::<Plan>();
    // A zone that is not stated comes from the scenario: see [`plan`].
    if let Some(zone) = schema.pointer_mut("/properties/zone").and_then(Value::as_object_mut) {
        zone.remove("default");
    }
    written(&schema)
}

/// The JSON Schema of fronts.
#[must_use]
pub fn schema_of_fronts() -> String {
    written(&json::schema::<Front>())
}

/// The JSON Schema of lists of changes.
#[must_use]
pub fn schema_of_changes() -> String {
    written(&json::schema::<Changes>())
}

/// The JSON Schema of what-if comparisons.
#[must_use]
pub fn schema_of_contrasts() -> String {
    written(&json::schema::<Contrast>())
}

/// The JSON Schema of simulations.
#[must_use]
pub fn schema_of_simulations() -> String {
    written(&json::schema::<Simulation>())
}

/// The JSON Schema of simulation reports.
#[must_use]
pub fn schema_of_outcomes() -> String {
    written(&json::schema::<Outcome>())
}

/// The JSON Schema of what hours are worth.
#[must_use]
pub fn schema_of_hours() -> String {
    written(&json::schema::<Hours>())
}

/// The JSON Schema of training plans.
#[must_use]
pub fn schema_of_training() -> String {
    written(&json::schema::<Training>())
}

/// The JSON Schema of required staff.
#[must_use]
pub fn schema_of_staff() -> String {
    written(&json::schema::<Required>())
}

/// The JSON Schema of forecasts.
#[must_use]
pub fn schema_of_forecasts() -> String {
    written(&json::schema::<Forecast>())
}

/// The JSON Schema of proofs.
#[must_use]
pub fn schema_of_proofs() -> String {
    written(&json::schema::<Proof>())
}

/// The JSON Schema of reports of progress.
#[must_use]
pub fn schema_of_progress() -> String {
    written(&json::schema::<ProgressReport>())
}

/// The JSON Schema of requests.
#[must_use]
pub fn schema_of_requests() -> String {
    written(&json::schema::<Request>())
}

/// The JSON Schema of quotes.
#[must_use]
pub fn schema_of_quotes() -> String {
    written(&json::schema::<Quote>())
}

/// The JSON Schema of policies.
#[must_use]
pub fn schema_of_policies() -> String {
    written(&json::schema::<Policy>())
}

/// The JSON Schema of holiday tables.
#[must_use]
pub fn schema_of_holidays() -> String {
    written(&json::schema::<HolidayTable>())
}
