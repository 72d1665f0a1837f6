//! Why a plan is as it is, what differs between two, and what a change by hand comes to. Where an
//! answer needs planning anew, it is done here.

use std::cell::{Cell, RefCell};

use super::Failure;
use super::documents::Question;
use super::morning::{Budget, Progress, Settings};
use crate::calendar::{Label, Moment};
use crate::explain::{self, Explanation, Move, Part};
use crate::model::check;
use crate::model::cost::Bill;
use crate::model::issue::Issue;
use crate::model::plan::Plan;
use crate::model::scenario::{ChangePrices, Pin, Scenario};
use crate::planning::{self, Answer};
use crate::verify;

/// Rounds of search when a question is planned anew to answer another one.
const ROUNDS: u32 = 3;

/// Explains `subject`: `TICKET/STEP`, a ticket or a person; `ticket:KEY` and `person:KEY` where
/// one key names both.
///
/// # Errors
/// [`Failure::Wish`] when there is no such thing, or two.
pub fn explain(
    question: &Question,
    plan: &Plan,
    previous: Option<&Plan>,
    subject: &str,
) -> Result<Explanation, Failure> {
    let work = &question.work;
    let plan = &completed(question, plan)?;
    let told = match subject.split_once(':') {
        Some(("ticket", key)) => explain::ticket(work, plan, previous, key),
        Some(("person", key)) => explain::person(work, plan, previous, key),
        _ if work.step_keys.contains_key(subject) => explain::step(work, plan, previous, subject),
        _ => {
            let is_person = work.person(subject).is_some();
            let is_ticket = work.ticket_keys.contains_key(subject);
            match (is_ticket, is_person) {
                (true, true) => return Err(two(subject)),
                (false, true) => explain::person(work, plan, previous, subject),
                (false, false) if subject.contains('/') => {
                    explain::step(work, plan, previous, subject)
                }
                _ => explain::ticket(work, plan, previous, subject),
            }
        }
    };
    told.map_err(unknown)
}

fn two(key: &str) -> Failure {
    Failure::wish(
        format!("“{key}”既是工单又是人员，请写 ticket:{key} 或 person:{key}"),
        format!("{key} is a ticket and a person: say ticket:{key} or person:{key}"),
    )
}

/// Explains why `person` does not do `step`, and with `search` what forcing him would cost. What is
/// searched asks `watch` whether to go on, and is not found once that says no.
///
/// # Errors
/// [`Failure::Wish`] when step or person is unknown.
pub fn why_not(
    question: &Question,
    plan: &Plan,
    previous: Option<&Plan>,
    (step, person): (&str, &str),
    search: Option<&mut Watch<'_>>,
) -> Result<Explanation, Failure> {
    let plan = &completed(question, plan)?;
    let told = explain::why_not(&question.work, plan, previous, step, person);
    let mut told = told.map_err(unknown)?;
    if let Some(watch) = search {
        let does_it = told.has(explain::Reason::DoesAlready);
        told.parts.push(price(question, plan, (step, person), does_it, &Anew::heard_by(watch)));
    }
    Ok(told)
}

/// What it costs that `person` leads `step`: the cheaper of the plan made anew with him pinned and
/// the move by hand, beside the cheaper of `plan` and what is found from it. Nothing if he
/// `does_it` already; no price where the step's ticket would be left out for it.
fn price(
    question: &Question,
    plan: &Plan,
    (step, person): (&str, &str),
    does_it: bool,
    anew: &Anew<'_>,
) -> Part {
    let work = &question.work;
    let scenario = eased(&question.scenario);
    let report = verify::verify(work, plan, None);
    if does_it {
        return explain::forced(&scenario, step, person, &report.bill, &|_| Some(report.bill));
    }
    // What breaks rules is no measure of what does not.
    let kept = report.is_clean().then_some(report.bill);
    let found = anew.plan(&scenario, Some(plan)).map(|found| found.report.bill);
    let bill = cheaper(kept, found).unwrap_or(report.bill);
    let lead = explain::Destination { seat: Some(1), at: None };
    let by_hand = kept.and_then(|_| explain::moved(work, plan, None, step, person, lead).ok());
    let by_hand = by_hand.filter(Move::is_clean).and_then(|made| made.after);
    let ticket = work.step(step).map(|id| &work.tickets[work.steps[id].ticket].key);
    let force = |pinned: &Scenario| {
        let found = anew.plan(pinned, Some(plan));
        let serves = |found: &Answer| ticket.is_some_and(|key| is_served(&found.plan, key));
        cheaper(found.filter(serves).map(|found| found.report.bill), by_hand)
    };
    explain::forced(&scenario, step, person, &bill, &force)
}

fn cheaper(one: Option<Bill>, other: Option<Bill>) -> Option<Bill> {
    one.into_iter().chain(other).min_by_key(|bill| bill.total_fen)
}

/// Adds to the explanation of a ticket left out what would serve it, and which pins keep it out.
/// The searches ask `watch` whether to go on, and find nothing once that says no.
///
/// # Errors
/// [`Failure::Wish`] when the ticket is unknown.
pub fn search_relaxation(
    question: &Question,
    plan: &Plan,
    told: &mut Explanation,
    watch: &mut Watch<'_>,
) -> Result<(), Failure> {
    let Some(key) = told.subject.ticket().map(str::to_owned) else { return Ok(()) };
    if told.answers(explain::Question::Unserved).next().is_none() {
        return Ok(());
    }
    let (scenario, anew) = (eased(&question.scenario), Anew::heard_by(watch));
    let serves = |scenario: &Scenario| {
        anew.plan(scenario, Some(plan)).is_some_and(|found| is_served(&found.plan, &key))
    };
    let company = explain::company(&question.work, plan, &key);
    let relaxation = explain::relaxation(&question.work, &scenario, &key, &company, &serves);
    told.parts.push(relaxation.map_err(unknown)?.part);
    let holds = |pins: &[Pin]| serves(&with_pins(&scenario, pins));
    if let Some(conflict) = explain::conflict(&scenario.pins, &holds) {
        told.parts.push(conflict.part);
    }
    Ok(())
}

/// The smallest set of pins without which `question` can be planned, if pins are what is in the
/// way, and if `watch` lets the search for it come to its end.
#[must_use]
pub fn conflicting_pins(
    question: &Question,
    previous: Option<&Plan>,
    watch: &mut Watch<'_>,
) -> Option<Label> {
    let (scenario, anew) = (&question.scenario, Anew::heard_by(watch));
    let holds = |pins: &[Pin]| anew.plan(&with_pins(scenario, pins), previous).is_some();
    let conflict = explain::conflict(&scenario.pins, &holds).filter(|_| !anew.is_over())?;
    let pins: Vec<&str> = conflict.pins.iter().map(|pin| pin.step.as_str()).collect();
    let pins = pins.join(", ");
    Some(Label::new(format!("以下锁定互相冲突：{pins}"), format!("these pins conflict: {pins}")))
}

/// Puts `step` on `person`, at a time and in a seat (counted from 1) if they are stated, checked
/// and priced.
///
/// # Errors
/// [`Failure::Wish`] when step, person or seat is unknown, or the time is none.
pub fn moved(
    question: &Question,
    plan: &Plan,
    previous: Option<&Plan>,
    (step, person, at, seat): (&str, &str, Option<&str>, Option<usize>),
) -> Result<Move, Failure> {
    let at = at.map(|at| Moment::parse(at).and_then(|at| question.work.zone.tick(at)));
    let at = at.transpose().map_err(Failure::Wish)?;
    let plan = &completed(question, plan)?;
    let place = explain::Destination { seat, at };
    explain::moved(&question.work, plan, previous, step, person, place).map_err(unknown)
}

/// The plan with ends and pieces, as explanations need it.
fn completed(question: &Question, plan: &Plan) -> Result<Plan, Failure> {
    verify::completed(&question.work, plan).map_err(|unread| {
        let first = unread.into_iter().next().expect("there is a reason");
        Failure::wish(
            format!("计划无法读懂，请先用 verify 检查：{}", first.zh),
            format!("the plan cannot be read, verify it first: {}", first.en),
        )
    })
}

/// The question without freeze and prices of change: what its plan is then searched from is where
/// the search begins, and binds nothing.
fn eased(scenario: &Scenario) -> Scenario {
    let mut eased = scenario.clone();
    (eased.policy.freeze_minutes, eased.policy.change) = (0, ChangePrices::default());
    eased
}

/// Hears how far a search is and says whether to go on.
pub type Watch<'a> = dyn FnMut(&Progress) -> bool + 'a;

/// Planning anew, as often as it takes, until whoever watches says no.
struct Anew<'a> {
    watch: RefCell<&'a mut Watch<'a>>,
    is_over: Cell<bool>,
}

impl<'a> Anew<'a> {
    fn heard_by(watch: &'a mut Watch<'_>) -> Anew<'a> {
        Anew { watch: RefCell::new(watch), is_over: Cell::new(false) }
    }

    fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// The answer to `scenario`, found quickly, with `previous` as a start; nothing when it has
    /// none, or the time for it is over.
    fn plan(&self, scenario: &Scenario, previous: Option<&Plan>) -> Option<Answer> {
        if self.is_over() {
            return None;
        }
        let (work, _) = check::check(scenario).ok()?;
        let budget = Budget::Rounds(ROUNDS);
        let settings = Settings {
            seed: 1,
            lanes: 4,
            threads: 0,
            budget,
            planned: None,
            until_gap: None,
            fallback: true,
            stop: None,
        };
        let mut hear = |progress: &Progress| {
            let goes_on = !self.is_over() && (self.watch.borrow_mut())(progress);
            self.is_over.set(!goes_on);
            goes_on
        };
        let found = planning::plan(&work, previous, &settings, "", &mut hear).ok();
        found.filter(|_| !self.is_over())
    }
}

fn with_pins(scenario: &Scenario, pins: &[Pin]) -> Scenario {
    Scenario { pins: pins.to_vec(), ..scenario.clone() }
}

fn is_served(plan: &Plan, ticket: &str) -> bool {
    plan.steps.iter().any(|step| step.ticket == ticket)
}

fn unknown(issues: Vec<Issue>) -> Failure {
    let told = |sentence: &String, hint: Option<&String>, mark: &str| match hint {
        Some(hint) => format!("{sentence}{mark}{hint}"),
        None => sentence.clone(),
    };
    let each = |tell: &dyn Fn(&Issue) -> String| -> String {
        issues.iter().map(tell).collect::<Vec<_>>().join("\n")
    };
    Failure::Wish(Label::new(
        each(&|issue| told(&issue.zh, issue.hint_zh.as_ref(), "；")),
        each(&|issue| told(&issue.en, issue.hint_en.as_ref(), "; ")),
    ))
}
