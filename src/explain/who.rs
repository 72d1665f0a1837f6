//! Why this person: who else might fill the seat, and for each the first rule in the way or what
//! the plan would cost with him.

use super::moved::{Move, Trial};
use super::obstacle::Candidate;
use super::placed::Placed;
use super::reason::{Fact, Part, Question, Reason, Slot};
use crate::calendar::Label;
use crate::id::Id;
use crate::model::work::{Person, Step};
use crate::time::Money;

/// Most candidates put before the verifier for one seat.
const MOST_TRIALS: usize = 8;

/// Most candidates named for one seat.
const MOST_NAMED: usize = 12;

/// Why each seat of `step` is filled as it is, then why not by others.
pub(super) fn who(placed: &Placed, trial: &Trial, step: Id<Step>) -> Vec<Part> {
    let Some(row) = placed.row(step) else { return Vec::new() };
    let fixed = |reason| {
        let part = placed.about(Question::Who, reason, step);
        vec![part.with(Slot::People, placed.keys(&row.people))]
    };
    let known = &placed.work.steps[step];
    if known.progress.is_some() {
        return fixed(Reason::UnderWay);
    } else if placed.is_frozen(step) {
        return fixed(Reason::FrozenPerson);
    }
    let mut parts = Vec::new();
    if !known.pinned_people.is_empty() {
        parts.extend(fixed(Reason::PinnedPerson));
    }
    let mut others = Vec::new();
    for (seat, &person) in row.people.iter().enumerate().take(known.seats.len()) {
        if known.pinned_people.len() <= seat {
            let (own, rest) = seated(placed, trial, Candidate { placed, step, seat, person });
            parts.extend(own);
            others.extend(rest);
        }
    }
    parts.extend(others);
    parts
}

/// Why the candidate has the seat he fills, and why nobody else has.
fn seated(placed: &Placed, trial: &Trial, sits: Candidate) -> (Vec<Part>, Vec<Part>) {
    let work = placed.work;
    let others: Vec<Candidate> = work
        .people
        .ids()
        .filter(|person| *person != sits.person)
        .map(|person| Candidate { person, ..sits })
        .collect();
    let (fit, unfit): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|candidate| candidate.unfit().is_none());
    let part = |reason| {
        let key = &work.people[sits.person].key;
        placed.about(Question::Who, reason, sits.step).key(Slot::Person, key)
    };
    if fit.is_empty() {
        return (vec![part(Reason::OnlyOne)], lacking(placed, sits, &unfit));
    }
    let row = placed.row(sits.step).expect("somebody sits in it");
    let mut listed: Vec<(u8, Part)> = Vec::new();
    let mut open = Vec::new();
    for candidate in &fit {
        match candidate.barred().or_else(|| candidate.hindered(row.span.start)) {
            Some(part) => listed.push((1, part)),
            None => open.push(*candidate),
        }
    }
    let untried = open.len().saturating_sub(MOST_TRIALS);
    let tried = open.iter().take(MOST_TRIALS);
    let verdicts: Vec<Part> =
        tried.map(|c| verdict(placed, *c, &trial.made(*c, row.span.start))).collect();
    let is_open = |part: &Part| part.reason != Reason::RuleInTheWay;
    let somebody = untried > 0 || verdicts.iter().any(is_open);
    let better = untried > 0 || verdicts.iter().any(|part| part.reason == Reason::CostsLess);
    listed.extend(verdicts.into_iter().map(|part| (u8::from(!is_open(&part)), part)));
    listed.sort_by_key(|(rank, _)| *rank);
    let count = i64::try_from(fit.len() + 1).expect("a firm of people");
    let mut own = standing(sits, &part);
    if !somebody {
        own.push(part(Reason::OnlyFree).number(Slot::Count, count));
    } else if !better {
        own.push(part(Reason::LeastCost).number(Slot::Count, count));
    }
    let hidden = listed.len().saturating_sub(MOST_NAMED) + untried;
    let mut rest: Vec<Part> = listed.into_iter().take(MOST_NAMED).map(|(_, part)| part).collect();
    if hidden > 0 {
        let hidden = i64::try_from(hidden).expect("a firm of people");
        let part = placed.about(Question::WhyNot, Reason::MoreCandidates, sits.step);
        rest.push(part.number(Slot::Count, hidden));
    }
    rest.extend(lacking(placed, sits, &unfit));
    (own, rest)
}

/// What speaks for the person apart from who else is free.
fn standing(sits: Candidate, part: &dyn Fn(Reason) -> Part) -> Vec<Part> {
    let (placed, work) = (sits.placed, sits.placed.work);
    let step = &work.steps[sits.step];
    let mut parts = Vec::new();
    let leads = |other: &Id<Step>| {
        let people = placed.row(*other).map(|row| row.people.first().copied());
        people == Some(Some(sits.person))
    };
    let siblings = work.tickets[step.ticket].steps.iter();
    let same = siblings.copied().filter(|other| {
        step.same_as.contains(other) || work.steps[*other].same_as.contains(&sits.step)
    });
    if let Some(other) = same.into_iter().find(leads).filter(|_| sits.seat == 0) {
        parts.push(part(Reason::SameLead).key(Slot::Other, &work.steps[other].key));
    }
    let client = work.tickets[step.ticket].client;
    let owner = client.and_then(|client| work.clients[client].owner);
    if owner == Some(sits.person) && sits.seat == 0 {
        parts.push(part(Reason::Owner));
    }
    parts
}

/// One line for all who lack the skill; one for each who is unfit otherwise.
fn lacking(placed: &Placed, sits: Candidate, unfit: &[Candidate]) -> Vec<Part> {
    let by_skill = |part: &Part| matches!(part.reason, Reason::LacksSkill | Reason::LevelTooLow);
    let reasons = unfit.iter().filter_map(Candidate::unfit);
    let (lack, rest): (Vec<Part>, Vec<Part>) = reasons.partition(by_skill);
    let mut parts: Vec<Part> = rest.into_iter().take(MOST_NAMED).collect();
    if !lack.is_empty() {
        let seat = &placed.work.steps[sits.step].seats[sits.seat];
        let part = placed.about(Question::WhyNot, Reason::OthersLack, sits.step);
        let part = part.number(Slot::Count, i64::try_from(lack.len()).expect("a firm of people"));
        let part = part.key(Slot::Skill, &placed.work.skills[seat.skill]);
        parts.push(part.number(Slot::Needed, i64::from(seat.level)));
    }
    parts
}

/// What the plan comes to with somebody else in the seat, all else unchanged.
pub(super) fn verdict(placed: &Placed, candidate: Candidate, made: &Move) -> Part {
    let person = &placed.work.people[candidate.person].key;
    let part =
        |reason| placed.about(Question::WhyNot, reason, candidate.step).key(Slot::Person, person);
    if let Some(violation) = made.violations.first() {
        let words = Fact::Words(Label::new(violation.zh.as_str(), violation.en.as_str()));
        let part = part(Reason::RuleInTheWay).key(Slot::Rule, violation.rule.code());
        return part.with(Slot::Detail, words);
    }
    let after = made.after.unwrap_or(made.before).total_fen;
    let more = after - made.before.total_fen;
    let reason = match more.cmp(&Money::ZERO) {
        std::cmp::Ordering::Greater => Reason::CostsMore,
        std::cmp::Ordering::Equal => Reason::AsGood,
        std::cmp::Ordering::Less => Reason::CostsLess,
    };
    let shown = if more < Money::ZERO { -more } else { more };
    part(reason).amount(Slot::Amount, shown)
}

/// Why `person` does not do `step`, asked of him alone: the first rule in the way at the time it
/// has, and when he could.
pub(super) fn why_not(
    placed: &Placed,
    trial: &Trial,
    step: Id<Step>,
    person: Id<Person>,
) -> Vec<Part> {
    let seat = super::moved::seat_for(placed, step, person);
    let candidate = Candidate { placed, step, seat, person };
    let row = placed.row(step).expect("the caller saw it in the plan");
    if row.people.contains(&person) {
        let part = placed.about(Question::WhyNot, Reason::DoesAlready, step);
        return vec![part.key(Slot::Person, &placed.work.people[person].key)];
    }
    let now = row.span.start;
    if let Some(part) = candidate.unfit().or_else(|| candidate.barred()) {
        return vec![part];
    }
    let at_once = candidate.hindered(now);
    vec![at_once.unwrap_or_else(|| verdict(placed, candidate, &trial.made(candidate, now)))]
}
