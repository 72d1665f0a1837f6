//! The one road from a question to a verified plan: compile, search, bridge, verify.

mod certificate;

use std::collections::BTreeMap;

use self::certificate::Known;
use crate::id::Id;
use crate::model::cost::Loss;
use crate::model::plan::{
    PLAN_FORMAT, Plan, PlannedStep, Provenance, ReleasedStep, UnservedTicket,
};
use crate::model::proof::{PROOF_FORMAT, Proof};
use crate::model::rule::Rule;
use crate::model::work::{Step, Work};
use crate::problem::{Before, Problem, compile};
use crate::solver::construct::{RULES, construct, held};
use crate::solver::insert::Taste;
use crate::solver::schedule::Schedule;
use crate::solver::start::{Start, stood_up};
use crate::solver::{self, bridge};
use crate::time::Money;
use crate::verify;

pub use crate::solver::budget::Budget;
pub use crate::solver::prover::Effort;
pub use crate::solver::{Progress, Settings};

/// A verified plan.
#[derive(Debug)]
pub struct Answer {
    /// The plan.
    pub plan: Plan,
    /// The verifier's report on it: no violations.
    pub report: verify::Report,
    /// The cost of each priority rule's plan that was tried, in fen, by name.
    pub rules: Vec<(&'static str, Money)>,
    /// What the verifier said of the better plan that was not handed out: our bug, to be reported.
    pub fault: Option<Box<verify::Report>>,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum Refusal {
    /// Tickets that must be served (begun) cannot be: their keys.
    Impossible(Vec<String>),
    /// The plan made is not clean: a bug, reported instead of handed out.
    Unsound(Box<verify::Report>),
    /// The system refused threads.
    Threads(String),
}

/// Plans `work`; `previous` is the plan in force, `digest` names the question in the provenance.
/// `watch` is asked before every round and stops the search by answering `false`.
///
/// # Errors
/// When begun tickets cannot be finished, the system refuses threads, or (a bug) no plan made
/// verifies, neither that of the search nor that of any priority rule.
pub fn plan(
    work: &Work,
    previous: Option<&Plan>,
    settings: &Settings,
    digest: &str,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Answer, Refusal> {
    plan_from(work, previous, None, settings, digest, watch)
}

/// [`plan`], the search starting from the plan `start` where that may stand and costs less than the
/// first plan. Departing from it has no price. It is no part of the provenance: whoever gives one
/// has to record where it comes from.
///
/// # Errors
/// As [`plan`].
pub fn plan_from(
    work: &Work,
    previous: Option<&Plan>,
    start: Option<&Plan>,
    settings: &Settings,
    digest: &str,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Answer, Refusal> {
    let (problem, released) = compiled(work, previous);
    let start = start.and_then(|plan| start_rows(work, plan));
    let outcome =
        solver::solve(&problem, start.as_deref(), settings, watch).map_err(Refusal::Threads)?;
    nothing_owed(work, &outcome.schedule)?;
    let provenance = |rounds, construction: usize| Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        digest: digest.to_owned(),
        seed: settings.seed,
        lanes: settings.lanes,
        rounds,
        planned_rounds: outcome.planned,
        steps_per_round: outcome.steps_per_round,
        construction: RULES[construction].0.to_owned(),
        fallback: settings.fallback,
        joined: if rounds > 0 { outcome.joined.clone() } else { Vec::new() },
        failed_programs: if rounds > 0 { outcome.failed } else { 0 },
        sweep: None,
    };
    let schedule = &outcome.schedule;
    let known = Known { bound: outcome.bound, proof: outcome.proof.as_ref(), schedule };
    let finish = |mut schedule: Schedule<'_>, provenance| {
        let mut plan = written(work, &mut schedule, released.clone(), provenance);
        let report = verify::verify(work, &plan, previous);
        let agrees = report.bill.total_fen == Money(schedule.cost());
        price(work, &mut plan, &report);
        plan.bound = Some(known.bound(work, report.bill.total_fen.0));
        plan.prices = known.prices(work);
        (report.is_clean() && agrees, plan, report)
    };
    let mut rows = outcome.rules.clone();
    rows.sort_by_key(|(_, cost)| *cost);
    let searched = (outcome.schedule.clone(), provenance(outcome.rounds, outcome.construction));
    let built =
        rows.iter().map(|(row, _)| (construct(&problem, *row, &Taste::PLAIN), provenance(0, *row)));
    let plans = std::iter::once(searched).chain(built);
    let (plan, report, fault) =
        first_sound(plans.map(|(schedule, provenance)| finish(schedule, provenance)))
            .map_err(Refusal::Unsound)?;
    let rules = outcome.rules.iter().map(|(row, cost)| (RULES[*row].0, Money(*cost)));
    Ok(Answer { plan, report, rules: rules.collect(), fault })
}

/// How far any plan for `work` could be below `plan`, or below the best priority rule's plan where
/// none is given, or it cannot stand up: the bound, what hours are worth, that cost, and the steps
/// taken.
///
/// # Errors
/// When a begun ticket is not finished in that plan, or the system refuses threads.
pub fn prove(
    work: &Work,
    previous: Option<&Plan>,
    plan: Option<&Plan>,
    effort: &Effort<'_>,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Proof, Refusal> {
    let (problem, _) = compiled(work, previous);
    let rows = plan.and_then(|plan| start_rows(work, plan));
    let stood = rows.and_then(|rows| stood_up(&problem, &rows));
    let found = solver::prover::prove(&problem, stood.as_ref(), effort, watch);
    let found = found.map_err(Refusal::Threads)?;
    let schedule = &found.schedule;
    nothing_owed(work, schedule)?;
    let known = Known { bound: found.bound, proof: found.proof.as_ref(), schedule };
    Ok(Proof {
        format: PROOF_FORMAT.to_owned(),
        given: stood.is_some(),
        cost_fen: Money(schedule.cost()),
        bound: known.bound(work, schedule.cost()),
        prices: known.prices(work),
        steps: found.steps,
    })
}

/// Whether `schedule` serves every ticket that must be.
fn nothing_owed(work: &Work, schedule: &Schedule<'_>) -> Result<(), Refusal> {
    let owed = work.tickets.pairs().filter(|(id, _)| schedule.standing(*id).owed);
    let owed: Vec<String> = owed.map(|(_, ticket)| ticket.key.clone()).collect();
    if owed.is_empty() { Ok(()) } else { Err(Refusal::Impossible(owed)) }
}

/// The compiled question, frozen steps let go that cannot stay, and those.
pub(crate) fn compiled(work: &Work, previous: Option<&Plan>) -> (Problem, Vec<ReleasedStep>) {
    let mut released = Vec::new();
    let mut before = previous_steps(work, previous);
    loop {
        let problem = compile(work, &before);
        match refused(work, &problem, &before) {
            None => return (problem, released),
            Some((step, rule)) => {
                if let Some(row) = before.get_mut(&step) {
                    row.frozen = false;
                }
                released.push(ReleasedStep {
                    ticket: work.tickets[work.steps[step].ticket].key.clone(),
                    step: work.steps[step].name.clone(),
                    rule: rule.code().to_owned(),
                });
            }
        }
    }
}

/// A plan, the report on it, and the report on a better one that is not sound.
type Sound<P, R> = (P, R, Option<Box<R>>);

/// The first sound plan with its report, and the report on the first one where that was not sound;
/// that report alone when none is.
fn first_sound<P, R>(plans: impl Iterator<Item = (bool, P, R)>) -> Result<Sound<P, R>, Box<R>> {
    let mut fault: Option<Box<R>> = None;
    for (sound, plan, report) in plans {
        if sound {
            return Ok((plan, report, fault));
        }
        fault.get_or_insert_with(|| Box::new(report));
    }
    Err(fault.expect("there is a plan to look at"))
}

/// The steps of the previous plan that are no facts.
fn previous_steps(work: &Work, previous: Option<&Plan>) -> BTreeMap<Id<Step>, Before> {
    let freeze_end = work.as_of + i64::from(work.policy.freeze_minutes);
    let mut rows = BTreeMap::new();
    for planned in previous.iter().flat_map(|plan| &plan.steps) {
        let Some(step) = work.step(&format!("{}/{}", planned.ticket, planned.step)) else {
            continue;
        };
        let row = &work.steps[step];
        let zone = previous.map_or(work.zone, |plan| plan.zone);
        let Ok(start) = zone.tick(planned.start) else { continue };
        let people: Option<Vec<_>> = planned.people.iter().map(|key| work.person(key)).collect();
        if row.progress.is_some() || row.is_wait() {
            continue;
        }
        let people = people.unwrap_or_default();
        let end = planned.end.and_then(|end| zone.tick(end).ok());
        rows.entry(step).or_insert(Before { people, start, end, frozen: start < freeze_end });
    }
    rows
}

/// Where every step of `plan` stands; `None` when not all of it can be read beside `work`.
pub(crate) fn start_rows(work: &Work, plan: &Plan) -> Option<Vec<Start>> {
    let row = |planned: &PlannedStep| {
        let people: Option<Vec<_>> = planned.people.iter().map(|key| work.person(key)).collect();
        Some(Start {
            step: work.step(&format!("{}/{}", planned.ticket, planned.step))?,
            people: people?,
            start: plan.zone.tick(planned.start).ok()?,
            end: plan.zone.tick(planned.end?).ok()?,
        })
    };
    plan.steps.iter().map(row).collect()
}

/// The first frozen step that cannot stay, with the rule in its way; else, when a ticket with
/// frozen steps, or one that must be served with it, cannot be made whole, the last of them.
fn refused(
    work: &Work,
    problem: &Problem,
    before: &BTreeMap<Id<Step>, Before>,
) -> Option<(Id<Step>, Rule)> {
    if before.values().all(|row| !row.frozen) {
        return None;
    }
    let schedule = held(problem, &Taste::PLAIN);
    let frozen = |step: &Id<Step>| problem.steps[*step].frozen;
    if let Some(step) = problem.steps.ids().find(|s| frozen(s) && schedule.place(*s).is_none()) {
        return Some((step, rule_in_the_way(work, problem, &schedule, step)));
    }
    let owed = problem.tickets.ids().find(|ticket| schedule.standing(*ticket).owed)?;
    let mut company = vec![owed];
    let mut next = 0;
    while let Some(ticket) = company.get(next).map(|ticket| &problem.tickets[*ticket]) {
        next += 1;
        if let Some(step) = ticket.steps.iter().copied().rfind(frozen) {
            return Some((step, Rule::H9));
        }
        for other in ticket.mates.iter().chain(&ticket.before) {
            if !company.contains(other) {
                company.push(*other);
            }
        }
    }
    None
}

/// The first rule, in their order, that keeps a frozen step from its old place.
fn rule_in_the_way(
    work: &Work,
    problem: &Problem,
    schedule: &Schedule<'_>,
    step: Id<Step>,
) -> Rule {
    let row = &problem.steps[step];
    let start = row.windows.first().map_or(problem.as_of, |window| window.start);
    let seats = &work.steps[step].seats;
    let crew = row.previous.as_ref().map_or(&[][..], |(people, _)| people.as_slice());
    let skilled = crew.iter().zip(seats).all(|(person, seat)| {
        let mut held = work.people[*person].skills.iter();
        held.any(|held| held.skill == seat.skill && held.level >= seat.level)
    });
    let shift = problem.options_of(step).next().map(|row| problem.options[row].shift);
    let open = |shift| problem.shifts[shift].levels.iter().any(|level| level.is_open(start));
    let bounds = schedule.bounds(step);
    let free =
        crew.iter().all(|person| schedule.line(*person).conflict(start, start + 1).is_none());
    let base = |person: &Id<_>| work.people[*person].base.zip(row.site);
    let lost = crew.iter().filter_map(base).any(|(from, to)| problem.travel[from][to].is_none());
    match shift {
        _ if !skilled => Rule::H1,
        None if lost => Rule::H14,
        None => Rule::H2,
        Some(shift) if !open(shift) => Rule::H3,
        Some(_) if !free => Rule::H4,
        Some(_) if start < problem.as_of.max(problem.tickets[row.ticket].release) => Rule::H6,
        Some(_) if bounds.is_none_or(|bounds| bounds.earliest > start) => Rule::H5,
        Some(_) if work.steps[step].pinned_start.is_some_and(|pin| pin != start) => Rule::H12,
        Some(_) if row.windows.iter().all(|window| window.minutes() == 0) => Rule::H8,
        Some(_) => Rule::H3,
    }
}

/// The plan document, prices still to come.
fn written(
    work: &Work,
    schedule: &mut Schedule<'_>,
    released: Vec<ReleasedStep>,
    provenance: Provenance,
) -> Plan {
    let out: Vec<_> = work.tickets.ids().filter(|ticket| !schedule.is_served(*ticket)).collect();
    let mut facts = Schedule::new(schedule.problem);
    let unserved = out.into_iter().map(|ticket| UnservedTicket {
        ticket: work.tickets[ticket].key.clone(),
        reason: Some(bridge::reason(work, schedule, &mut facts, ticket)),
        price: None,
    });
    let unserved = unserved.collect();
    Plan {
        format: PLAN_FORMAT.to_owned(),
        zone: work.zone,
        as_of: Some(work.zone.moment(work.as_of)),
        horizon: Some(work.zone.moment(work.horizon)),
        steps: bridge::planned_steps(work, schedule),
        unserved,
        released,
        weights: None,
        cost: None,
        bound: None,
        prices: Vec::new(),
        provenance: Some(provenance),
    }
}

/// Writes the verifier's bill into the plan.
fn price(work: &Work, plan: &mut Plan, report: &verify::Report) {
    let prices: BTreeMap<&str, Loss> =
        report.tickets.iter().map(|bill| (bill.ticket.as_str(), bill.loss)).collect();
    for unserved in &mut plan.unserved {
        unserved.price = prices.get(unserved.ticket.as_str()).copied();
    }
    debug_assert!(work.horizon >= work.as_of);
    plan.cost = Some(report.bill);
}

#[cfg(test)]
mod tests {
    use super::first_sound;

    #[test]
    fn an_unsound_plan_gives_way_to_the_next_and_is_reported() {
        let plans = [(false, 1, "H3"), (false, 2, "H4"), (true, 3, "clean")];
        assert_eq!(first_sound(plans.into_iter()), Ok((3, "clean", Some(Box::new("H3")))));
        assert_eq!(first_sound([(true, 1, "clean")].into_iter()), Ok((1, "clean", None)));
        assert_eq!(first_sound([(false, 1, "H3")].into_iter()), Err(Box::new("H3")));
    }
}
