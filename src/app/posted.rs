//! Documents that come together in one message, by the names they have there: the question they
//! ask, as if they were files side by side. Must not know how the message came.

use super::Failure;
use super::amending::Amendment;
use super::checking::check;
use super::documents::{self, Question, Text};
use super::quoting::{self, Depth};
use super::reasons::Watch;
use super::{Unread, front, keys, reasons};
use crate::calendar::{Label, Moment};
use crate::explain::say::{Audience, Names, diff_lines, lines};
use crate::explain::{self, Diff, Explanation};
use crate::model::issue::Issues;
use crate::model::lang::Lang;
use crate::model::plan::Plan;
use crate::model::progress::Applied;
use crate::model::quote::Quote;
use crate::model::scenario::Scenario;
use crate::verify::Code;

/// What the documents of a message are called.
pub const SCENARIO: &str = "scenario";
/// What has happened since the scenario was written.
pub const PROGRESS: &str = "progress";
/// A holiday table that takes the place of the scenario's.
pub const HOLIDAYS: &str = "holidays";
/// The plan in force.
pub const PLAN: &str = "plan";
/// What quotes are made by.
pub const POLICY: &str = "policy";
/// What is asked to be fitted in.
pub const REQUEST: &str = "request";

/// A scenario and what amends it.
#[derive(Clone, Debug, Default)]
pub struct Posted<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// A report of progress.
    pub progress: Option<&'a str>,
    /// A holiday table.
    pub holidays: Option<&'a str>,
}

/// `json`, called `name`.
fn text(name: &str, json: &str) -> Text {
    Text { name: name.to_owned(), bytes: json.as_bytes().to_vec() }
}

impl Posted<'_> {
    /// The scenario as amended, checked.
    ///
    /// # Errors
    /// [`Failure::Document`] or [`Failure::Documents`] with everything that is wrong.
    pub fn question(&self) -> Result<Question, Failure> {
        let holidays = self.holidays.map(|json| text(HOLIDAYS, json));
        let progress = self.progress.map(|json| text(PROGRESS, json));
        documents::question(text(SCENARIO, self.scenario), |scenario| {
            amend(scenario, holidays, progress)
        })
    }
}

/// Changes `scenario` by a holiday table and a report of progress.
///
/// # Errors
/// [`Failure::Document`] when one of them cannot be read.
pub fn amend(
    scenario: &mut Scenario,
    holidays: Option<Text>,
    progress: Option<Text>,
) -> Result<Vec<Amendment>, Failure> {
    let mut amendments = Vec::new();
    if let Some(text) = holidays {
        let table = documents::holidays(&text)?;
        let known = scenario.holidays.iter().position(|known| known.id == table.id);
        let place = known.unwrap_or(scenario.holidays.len());
        match known {
            Some(place) => scenario.holidays[place] = table,
            None => scenario.holidays.push(table),
        }
        let origins = vec![(format!("$.holidays[{place}]"), "$".to_owned())];
        amendments.push(Amendment { text, origins, issues: Vec::new() });
    }
    if let Some(text) = progress {
        let Applied { origins, issues } = documents::progress(&text)?.apply(scenario);
        amendments.push(Amendment { text, origins, issues });
    }
    Ok(amendments)
}

/// The plan `json`, called `name`, beside `question`.
///
/// # Errors
/// [`Failure::Document`].
pub fn plan(question: &Question, name: &str, json: &str) -> Result<Plan, Failure> {
    documents::plan(&text(name, json), question.scenario.zone)
}

/// The same, where all its rows have to be readable.
///
/// # Errors
/// [`Failure::Document`]; [`Failure::Unread`] with every fault of its rows.
pub fn readable(question: &Question, name: &str, json: &str) -> Result<Plan, Failure> {
    let plan = plan(question, name, json)?;
    let mut faults = check(question, &plan, None).report.violations;
    faults.retain(|fault| fault.rule == Code::Form);
    if faults.is_empty() {
        return Ok(plan);
    }
    Err(Failure::Unread(vec![Unread { path: name.into(), faults }]))
}

/// A request, and what it is quoted against and by.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a> {
    /// The plan in force.
    pub plan: &'a str,
    /// What quotes are made by.
    pub policy: &'a str,
    /// What is asked.
    pub request: &'a str,
    /// When; the moment of the question when not stated.
    pub at: Option<Moment>,
    /// How far to look.
    pub depth: Depth,
}

/// The quote for a request that comes with the plan in force.
///
/// # Errors
/// [`Failure::Documents`] with everything wrong with plan, policy and request; a
/// [`Failure::Document`] when the request does not fit the question; [`Failure::Refused`] when the
/// plan cannot be quoted against.
pub fn quote(question: &Question, asked: &Quoted<'_>) -> Result<Quote, Failure> {
    let text_of_request = text(REQUEST, asked.request);
    let plan = plan(question, PLAN, asked.plan);
    let policy = documents::policy(&text(POLICY, asked.policy), &question.scenario);
    let request = documents::request(&text_of_request);
    let mut wrong = Vec::new();
    let plan = unless_wrong(plan, &mut wrong)?;
    let policy = unless_wrong(policy, &mut wrong)?;
    let request = unless_wrong(request, &mut wrong)?;
    let (Some(plan), Some(policy), Some(request)) = (plan, policy, request) else {
        return Err(Failure::Documents(wrong));
    };
    let standing = quoting::standing(question, &plan, policy)?;
    let at = asked.at.unwrap_or_else(|| question.work.zone.moment(question.work.as_of));
    quoting::quote_text(&standing, (&text_of_request, &request), at, asked.depth)
}

/// What was read; faults of its document are put to the others that are `wrong`.
pub(super) fn unless_wrong<T>(
    read: Result<T, Failure>,
    wrong: &mut Vec<(Text, Issues)>,
) -> Result<Option<T>, Failure> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Failure::Document { text, issues }) => {
            wrong.push((text, issues));
            Ok(None)
        }
        Err(Failure::Documents(all)) => {
            wrong.extend(all);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// What is to be explained of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// A ticket, `TICKET/STEP` or a person, by key or name.
    pub subject: &'a str,
    /// For a step: why this person does not do it.
    pub why_not: Option<&'a str>,
    /// Plan anew to tell prices and what would help.
    pub search: bool,
}

/// Why `plan` is as it is, and the sentences that say it to `audience`, in both languages. What is
/// searched for it asks `watch` whether to go on; once that says no, the answer is worth nothing.
///
/// # Errors
/// [`Failure::Wish`] when there is no such thing, or it is not for clients.
pub fn explanation(
    question: &Question,
    (plan, previous): (&Plan, Option<&Plan>),
    asked: Subject<'_>,
    audience: Audience,
    watch: &mut Watch<'_>,
) -> Result<(Explanation, Vec<Label>), Failure> {
    let told = match asked.why_not {
        Some(person) => {
            let step = keys::step(question, asked.subject)?;
            let person = keys::person(question, person)?;
            let search = asked.search.then_some(watch);
            reasons::why_not(question, plan, previous, (&step, &person), search)?
        }
        None => {
            let subject = keys::subject(question, asked.subject)?;
            let mut told = reasons::explain(question, plan, previous, &subject)?;
            if asked.search {
                reasons::search_relaxation(question, plan, &mut told, watch)?;
            }
            told
        }
    };
    if audience == Audience::Client && told.subject.ticket().is_none() {
        return Err(Failure::wish(
            "给客户的解释只针对工单或步骤",
            "clients are told about tickets and steps only",
        ));
    }
    let names = Names::new(&question.scenario);
    let said = in_both(|lang| lines(&told, &names, lang, audience));
    Ok((told, said))
}

/// How `to` differs from `from`, in sentences and figures; both are priced by the scenario's
/// weights where they were made at different ones, and then `true` is said.
#[must_use]
pub fn difference(
    question: &Question,
    plans: [Plan; 2],
    previous: Option<&Plan>,
) -> (Diff, Vec<Label>, bool) {
    let mut plans = plans;
    let is_rescaled = front::put_on_one_scale(question, &mut plans);
    let [from, to] = plans;
    let diff = explain::diff(&question.work, &from, &to, previous);
    let names = Names::new(&question.scenario);
    let said = in_both(|lang| diff_lines(&diff, &names, lang));
    (diff, said, is_rescaled)
}

/// Lines that are made for each language, put together.
fn in_both(lines: impl Fn(Lang) -> Vec<String>) -> Vec<Label> {
    let (zh, en) = (lines(Lang::Zh), lines(Lang::En));
    zh.into_iter().zip(en).map(|(zh, en)| Label { zh, en }).collect()
}
