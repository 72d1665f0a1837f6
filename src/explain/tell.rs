//! The questions people ask: about a ticket, a step, a person, a ticket left out.

use std::borrow::Borrow;

use super::binding::{Chain, binding, chain};
use super::late::late;
use super::moved::{Destination, Trial, moved, planned};
use super::obstacle::Candidate;
use super::placed::Placed;
use super::reason::{Explanation, Fact, Part, Question, Reason, Slot, Subject};
use super::scarce::{Hands, scarce};
use super::{unknown, who};
use crate::calendar::Label;
use crate::id::Id;
use crate::model::issue::Issues;
use crate::model::plan::{Plan, UnservedReason};
use crate::model::work::{Person, Step, Ticket, Work};
use crate::time::Money;
use crate::verify;

/// Explains a ticket: when it is finished and by whom, whether it is late and what that costs,
/// and the chain of reasons that keeps it from being earlier. A ticket left out is explained as
/// [`unserved`] does.
///
/// # Errors
/// When there is no such ticket.
pub fn ticket(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    key: &str,
) -> Result<Explanation, Issues> {
    let id = unknown::ticket(work, key)?;
    let placed = Placed::new(work, plan, previous);
    let Some((last, finish)) = placed.last_step(id).filter(|_| placed.serves(id)) else {
        return unserved(work, plan, previous, key);
    };
    let part = placed.about(Question::What, Reason::Finishes, last);
    let mut parts = vec![part.at(Slot::At, placed.moment(finish))];
    parts.extend(work.tickets[id].steps.iter().filter_map(|step| assigned(&placed, *step)));
    let mut chain = chain(&placed, last);
    examine(&placed, &mut chain, || Trial::new(&placed, plan, previous));
    parts.extend(late(&placed, id, finish, &chain, &plan.prices));
    parts.extend(chain.parts);
    Ok(Explanation { subject: Subject::Ticket(key.to_owned()), parts })
}

/// Explains a step, named as `ticket/step`: why its people, why nobody else, why then.
///
/// # Errors
/// When there is no such step or the plan does not hold it.
pub fn step(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    key: &str,
) -> Result<Explanation, Issues> {
    let placed = Placed::new(work, plan, previous);
    let id = planned(&placed, key)?;
    let trial = Trial::new(&placed, plan, previous);
    let mut parts: Vec<Part> = assigned(&placed, id).into_iter().collect();
    parts.extend(who::who(&placed, &trial, id));
    let mut chain = chain(&placed, id);
    examine(&placed, &mut chain, || trial);
    parts.extend(chain.parts);
    Ok(Explanation { subject: subject(work, id), parts })
}

/// Explains why `person` does not do `step` (as `ticket/step`): the first rule in the way at the
/// time the step has, or what it would cost; and from when on he could, all else unchanged.
///
/// # Errors
/// When step or person is unknown, the step is a wait or is not in the plan.
pub fn why_not(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    step: &str,
    person: &str,
) -> Result<Explanation, Issues> {
    let placed = Placed::new(work, plan, previous);
    let id = planned(&placed, step)?;
    let who = unknown::person(work, person)?;
    let trial = Trial::new(&placed, plan, previous);
    let made = moved(work, plan, previous, step, person, Destination::default())?;
    let mut parts = who::why_not(&placed, &trial, id, who);
    let now = placed.row(id).map(|row| placed.moment(row.span.start));
    if let (true, Some(after)) = (made.is_clean() && now != Some(made.start), made.after) {
        let part = placed.about(Question::WhyNot, Reason::CouldThen, id);
        let part = part.key(Slot::Person, person).at(Slot::At, made.start);
        parts.push(part.amount(Slot::Amount, after.total_fen - made.before.total_fen));
    }
    Ok(Explanation { subject: subject(work, id), parts })
}

/// Explains what a person does, and why each of his steps starts when it does.
///
/// # Errors
/// When there is no such person.
pub fn person(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    key: &str,
) -> Result<Explanation, Issues> {
    let id = unknown::person(work, key)?;
    let placed = Placed::new(work, plan, previous);
    let trial = Trial::new(&placed, plan, previous);
    let line = placed.line(id);
    let mut parts = Vec::new();
    let about = |reason| Part::new(Question::What, reason).key(Slot::Person, key);
    if line.is_empty() {
        parts.push(about(Reason::Idle));
    } else if let Some(bill) = trial.base.people.iter().find(|bill| bill.person == key) {
        let count = i64::try_from(line.len()).expect("a day's steps");
        let part = about(Reason::Load).number(Slot::Beside, bill.regular_available);
        let part = part.number(Slot::Minutes, bill.regular_minutes);
        parts.push(part.number(Slot::Count, count));
        if bill.overtime_minutes > 0 {
            let part = about(Reason::ExtraHours);
            parts.push(part.number(Slot::Minutes, bill.overtime_minutes));
        }
    }
    for &step in line {
        parts.extend(assigned(&placed, step));
    }
    for &step in line {
        let first = binding(&placed, step).and_then(|binding| binding.parts.into_iter().next());
        let mut single = Chain { parts: first.into_iter().collect(), steps: vec![step] };
        examine(&placed, &mut single, || &trial);
        parts.extend(single.parts);
    }
    Ok(Explanation { subject: Subject::Person(key.to_owned()), parts })
}

/// Explains why a ticket is left out and what that costs, without planning anew; see
/// [`super::relaxation`] for what would serve it.
///
/// # Errors
/// When there is no such ticket.
pub fn unserved(
    work: &Work,
    plan: &Plan,
    previous: Option<&Plan>,
    key: &str,
) -> Result<Explanation, Issues> {
    let id = unknown::ticket(work, key)?;
    let placed = Placed::new(work, plan, previous);
    let subject = Subject::Ticket(key.to_owned());
    if placed.serves(id) {
        return ticket(work, plan, previous, key);
    }
    let nobody = nobody(&placed, id);
    let stated = placed.unserved(id).and_then(|unserved| unserved.reason);
    let reason = match stated {
        Some(UnservedReason::NobodyEligible) => Reason::NobodyEligible,
        Some(UnservedReason::CannotFit) => Reason::CannotFit,
        Some(UnservedReason::HeldByPins) => Reason::HeldByPins,
        Some(UnservedReason::Companion) => Reason::Companion,
        Some(UnservedReason::NoRoom) => Reason::NoRoom,
        Some(UnservedReason::Dearer) => Reason::Dearer,
        None if !nobody.is_empty() => Reason::NobodyEligible,
        None if !companions(&placed, id).is_empty() => Reason::Companion,
        None => Reason::Unstated,
    };
    let about = |reason| Part::new(Question::Unserved, reason).key(Slot::Ticket, key);
    let mut parts = vec![match reason {
        Reason::Companion => {
            about(reason).with(Slot::OtherTicket, Fact::Keys(companions(&placed, id)))
        }
        _ => about(reason),
    }];
    parts.extend(nobody);
    let report = verify::verify(work, plan, previous);
    if let Some(bill) = report.tickets.iter().find(|bill| bill.ticket == key) {
        let money = bill.loss.urgency_fen + bill.loss.client_value_fen;
        if money > Money::ZERO || bill.loss.weighted_fen > Money::ZERO {
            let part = about(Reason::UnservedPrice).amount(Slot::Amount, money);
            parts.push(part.amount(Slot::Further, bill.loss.weighted_fen));
        }
    }
    // An hour more helps nobody who lacks something else.
    if matches!(reason, Reason::NoRoom | Reason::Dearer | Reason::Unstated) {
        let hands = Hands::admitted(&placed, &work.tickets[id].steps);
        let way = (work.tickets[id].release, work.horizon - 1);
        parts.extend(scarce(&placed, &plan.prices, &hands, way, (Question::Unserved, key)));
    }
    Ok(Explanation { subject, parts })
}

/// Asks the verifier what an earlier start would come to where a chain ends with a step that
/// nothing seems to hold back, all else unchanged.
fn examine<'a, T: Borrow<Trial<'a>>>(
    placed: &Placed,
    chain: &mut Chain,
    trial: impl FnOnce() -> T,
) {
    let (Some(last), Some(&step)) = (chain.parts.last_mut(), chain.steps.last()) else { return };
    let person = placed.row(step).and_then(|row| Some((row.span, *row.people.first()?)));
    let at = last.facts.get(&Slot::At).cloned();
    let (Some((span, person)), Some(Fact::At(at)), Reason::NothingInTheWay) =
        (person, at, last.reason)
    else {
        return;
    };
    let candidate = Candidate { placed, step, seat: 0, person };
    let earlier = placed.work.zone.tick_from(at);
    // A start that brings no earlier end tells nothing.
    if candidate.end(earlier).is_none_or(|end| end > span.end) {
        return;
    }
    let trial = trial();
    let trial = trial.borrow();
    let Ok((_, report)) = trial.tried(candidate, earlier) else { return };
    let about = |reason| placed.about(Question::When, reason, step).at(Slot::At, at);
    let saved = trial.base.bill.total_fen - report.bill.total_fen;
    if let Some(violation) = report.violations.first() {
        let words = Fact::Words(Label::new(violation.zh.as_str(), violation.en.as_str()));
        let part = about(Reason::RuleHolds).key(Slot::Rule, violation.rule.code());
        *last = part.with(Slot::Detail, words);
    } else if saved > Money::ZERO {
        *last = about(Reason::Improvable).amount(Slot::Amount, saved);
    }
}

/// Who does the step and when; nothing when the plan does not hold it.
fn assigned(placed: &Placed, step: Id<Step>) -> Option<Part> {
    let row = placed.row(step)?;
    let wait = placed.work.steps[step].is_wait();
    let reason = if wait { Reason::WaitRuns } else { Reason::Assigned };
    let part = placed.about(Question::What, reason, step);
    let part = part.at(Slot::At, placed.moment(row.span.start));
    let part = part.at(Slot::Until, placed.moment(row.span.end));
    Some(if wait { part } else { part.with(Slot::People, placed.keys(&row.people)) })
}

fn subject(work: &Work, step: Id<Step>) -> Subject {
    let row = &work.steps[step];
    Subject::Step { step: row.key.clone(), ticket: work.tickets[row.ticket].key.clone() }
}

/// The seats of a ticket that nobody may fill, each with the best level somebody holds.
fn nobody(placed: &Placed, ticket: Id<Ticket>) -> Vec<Part> {
    let work = placed.work;
    let mut parts = Vec::new();
    for &step in &work.tickets[ticket].steps {
        for (seat, needed) in work.steps[step].seats.iter().enumerate() {
            let everybody =
                || work.people.ids().map(|person| Candidate { placed, step, seat, person });
            if everybody().any(|candidate| candidate.unfit().is_none()) {
                continue;
            }
            let low = everybody().filter(|candidate| {
                let too_low = |part: &Part| part.reason == Reason::LevelTooLow;
                candidate.unfit().as_ref().is_some_and(too_low)
            });
            let level = |person: Id<Person>| {
                let skills = work.people[person].skills.iter();
                skills.filter(|held| held.skill == needed.skill).map(|held| held.level).max()
            };
            let best = low.filter_map(|candidate| level(candidate.person)).max().unwrap_or(0);
            let part = placed.about(Question::Unserved, Reason::NobodyForSeat, step);
            let part = part.key(Slot::Skill, &work.skills[needed.skill]);
            let part = part.number(Slot::Needed, i64::from(needed.level));
            parts.push(part.number(Slot::Level, i64::from(best)));
        }
    }
    parts
}

/// The tickets left out without which `key` cannot be served: those of its batch, those before it,
/// and what these need in turn.
#[must_use]
pub fn company(work: &Work, plan: &Plan, key: &str) -> Vec<String> {
    let placed = Placed::new(work, plan, None);
    let mut company = vec![key.to_owned()];
    let mut next = 0;
    while let Some(ticket) = company.get(next).and_then(|key| work.ticket(key)) {
        next += 1;
        for other in companions(&placed, ticket) {
            if !company.contains(&other) {
                company.push(other);
            }
        }
    }
    company.split_off(1)
}

/// The tickets of the same batch, and those before it, that are left out as well.
fn companions(placed: &Placed, id: Id<Ticket>) -> Vec<String> {
    let work = placed.work;
    let ticket = &work.tickets[id];
    let mates = work.tickets.pairs().filter(|(other, mate)| {
        let same = ticket.batch.is_some() && mate.batch == ticket.batch;
        *other != id && (same || ticket.after.contains(other)) && !placed.serves(*other)
    });
    mates.map(|(_, mate)| mate.key.clone()).collect()
}
