//! Properties of planning over random small questions with all rules and prices in them.

use std::collections::BTreeMap;

use paidan::calendar::{FORMATS, Moment};
use paidan::exchange::json::{Formats, read};
use paidan::id::Id;
use paidan::model::check::check;
use paidan::model::people::Absence;
use paidan::model::plan::{Plan, PlannedStep};
use paidan::model::scenario::Scenario;
use paidan::model::work::{Step, Work};
use paidan::planning::{Answer, Refusal, plan};
use paidan::problem::compile;
use paidan::solver::insert::Taste;
use paidan::solver::rebuilt;
use paidan::solver::rng::Rng;
use paidan::solver::schedule::{Placement, Schedule};
use paidan::time::Money;

use crate::question::one_lane;
use crate::tiny::small;

/// Questions planned.
const PLANNED: u64 = 120;
/// Questions whose schedules are pulled about.
const PULLED: u64 = 120;

/// The verified answer; `None` when what has begun cannot be finished.
fn answer(work: &Work, previous: Option<&Plan>) -> Result<Option<Answer>, String> {
    match plan(work, previous, &one_lane(1), "test", &mut |_| true) {
        Ok(answer) => Ok(Some(answer)),
        Err(Refusal::Impossible(tickets)) => {
            let begun = |key: &String| work.tickets[work.ticket(key).unwrap()].begun;
            ensure(tickets.iter().all(begun), || format!("{tickets:?} have not begun"))?;
            Ok(None)
        }
        Err(Refusal::Unsound(report)) => {
            let found =
                report.violations.iter().map(|found| format!("{}: {}", found.rule, found.en));
            Err(format!("unsound, {:?}, {:?}", report.bill.total_fen, found.collect::<Vec<_>>()))
        }
        Err(refusal) => Err(format!("{refusal:?}")),
    }
}

fn ensure(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}

/// Plans verify, their bill is the solver's (or planning refuses them), no bound lies above its
/// cost, most tickets find a place, and planning the same again with frozen people and starts
/// keeps them. R250, R253.
#[test]
fn plans_verify_and_are_kept_when_nothing_changes() {
    let (mut served, mut tickets, mut wrong) = (0, 0, Vec::new());
    for (seed, scenario, work) in questions(PLANNED) {
        match examined(&scenario, work) {
            Ok((in_plan, all)) => (served, tickets) = (served + in_plan, tickets + all),
            Err(sentence) => wrong.push(format!("seed {seed}: {sentence}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(served * 2 > tickets, "{served} of {tickets} served");
}

fn questions(count: u64) -> impl Iterator<Item = (u64, Scenario, Work)> {
    (0..count).filter_map(|seed| small(seed).map(|(scenario, work)| (seed, scenario, work)))
}

/// Tickets served, of how many.
fn examined(scenario: &Scenario, work: Work) -> Result<(usize, usize), String> {
    let Some(first) = answer(&work, None)? else { return Ok((0, 0)) };
    let (bound, cost) = (first.plan.bound.as_ref().unwrap().value_fen, first.report.bill.total_fen);
    ensure(bound <= cost, || format!("bound {bound} above {cost}"))?;
    let count = work.tickets.len();
    round_trips(scenario, &first.plan);
    again(work, &first)?;
    changed(scenario, &first)?;
    Ok((count - first.plan.unserved.len(), count))
}

/// What is written can be read, by serde and by the reader that tells every problem.
fn round_trips(scenario: &Scenario, plan: &Plan) {
    let formats = Formats::new(FORMATS);
    let text = serde_json::to_vec(scenario).unwrap();
    assert_eq!(&read::<Scenario>(&text, &formats).unwrap(), scenario);
    assert_eq!(&serde_json::from_slice::<Scenario>(&text).unwrap(), scenario);
    let text = serde_json::to_vec(plan).unwrap();
    assert_eq!(&read::<Plan>(&text, &formats).unwrap(), plan);
    assert_eq!(&serde_json::from_slice::<Plan>(&text).unwrap(), plan);
}

/// People and start of a step.
type Kept<'a> = (&'a str, &'a str, &'a [String], Moment);

fn seated(plan: &Plan) -> Vec<Kept<'_>> {
    let seated = plan.steps.iter().filter(|step| !step.people.is_empty());
    let kept = |step| {
        let PlannedStep { ticket, step, people, start, .. }: &PlannedStep = step;
        (ticket.as_str(), step.as_str(), people.as_slice(), *start)
    };
    seated.map(kept).collect()
}

/// Plans once more with everything frozen, then with change dear instead.
fn again(mut work: Work, first: &Answer) -> Result<(), String> {
    work.policy.freeze_minutes = 100_000;
    let frozen = answer(&work, Some(&first.plan))?.ok_or("frozen, it cannot be finished")?;
    let released = &frozen.plan.released;
    ensure(released.is_empty(), || format!("released {released:?}"))?;
    let now = seated(&frozen.plan);
    for row in seated(&first.plan) {
        ensure(now.contains(&row), || format!("frozen {row:?} moved"))?;
    }
    work.policy.freeze_minutes = 0;
    work.policy.change.person_fen = Money(100_000_000);
    work.policy.change.start_fen = Money(100_000_000);
    let kept = answer(&work, Some(&first.plan))?.ok_or("kept, it cannot be finished")?;
    let (now, before) = (kept.report.bill.total_fen, first.report.bill.total_fen);
    ensure(now <= before, || format!("{now} after {before}"))
}

/// Plans once more an hour later with everything frozen and one lead lost: the ticket no longer
/// wants him, or he does not come. What cannot stay is released, and the plan still verifies.
fn changed(scenario: &Scenario, first: &Answer) -> Result<(), String> {
    let kept = seated(&first.plan);
    let planned = |(ticket, step, ..): &&Kept<'_>| {
        let key = format!("{ticket}/{step}");
        scenario.progress.iter().all(|progress| progress.step != key)
    };
    let Some((ticket, _, people, start)) = kept.iter().find(planned) else { return Ok(()) };
    let mut refused = scenario.clone();
    refused.policy.freeze_minutes = 100_000;
    let mut away = refused.clone();
    let row = refused.tickets.iter_mut().find(|row| row.id == *ticket).unwrap();
    row.excluded.push(people[0].clone());
    let to = Moment::local(start.day().plus(1), 0);
    let person = away.people.iter_mut().find(|row| row.id == people[0]).unwrap();
    person.absences = vec![Absence { from: *start, to, remote: false, reason: None }];
    for scenario in [refused, away] {
        let (work, _) = check(&scenario).map_err(|issues| format!("{issues:?}"))?;
        answer(&work, Some(&first.plan))?;
    }
    Ok(())
}

/// Everything a schedule holds, to be compared.
#[derive(Debug, PartialEq)]
struct Snapshot {
    cost: (i64, i64),
    places: Vec<Option<Placement>>,
    standings: String,
    lines: String,
    worked: Vec<i64>,
}

fn snapshot(schedule: &Schedule<'_>) -> Snapshot {
    let problem = schedule.problem;
    let standings: Vec<_> = problem.tickets.ids().map(|id| schedule.standing(id)).collect();
    let people: Vec<_> = problem.people.ids().map(|id| schedule.line(id).clone()).collect();
    let things: Vec<_> =
        (0..problem.thing_count).map(|id| schedule.thing(Id::new(id)).clone()).collect();
    Snapshot {
        cost: (schedule.owed(), schedule.cost()),
        places: schedule.places().iter().copied().collect(),
        standings: format!("{standings:?}"),
        lines: format!("{people:?} {things:?}"),
        worked: problem.people.ids().map(|id| schedule.worked(id)).collect(),
    }
}

/// What a placement is priced at is what putting it changes; taking anything back restores
/// everything; a schedule built anew from the places is the same.
#[test]
fn prices_are_changes_and_rollback_restores_everything() {
    let mut priced = 0;
    for (seed, _, work) in questions(PULLED) {
        let problem = compile(&work, &BTreeMap::new());
        let mut schedule = Schedule::new(&problem);
        let mut rng = Rng::new(seed, 9);
        for _ in 0..40 {
            let before = snapshot(&schedule);
            let mark = schedule.mark();
            for _ in 0..1 + rng.below(6) {
                priced += pull(&mut schedule, &mut rng);
            }
            if rng.chance(500) {
                schedule.rollback(mark);
                assert_eq!(snapshot(&schedule), before, "seed {seed}");
            }
            let anew = rebuilt(&problem, schedule.places());
            assert_eq!(snapshot(&anew), snapshot(&schedule), "seed {seed}");
        }
    }
    assert!(priced > 500, "{priced} placements priced");
}

/// One change; 1 when it was a last step whose price was compared.
fn pull(schedule: &mut Schedule<'_>, rng: &mut Rng) -> usize {
    let problem = schedule.problem;
    let step: Id<Step> = Id::new(rng.below(problem.steps.len()));
    if problem.steps[step].is_fact() || problem.steps[step].fixed.is_begun() {
        return 0;
    }
    if schedule.lift(step).is_some() && rng.chance(300) {
        return 0;
    }
    let taste = Taste { blink: 200, ..Taste::PLAIN };
    let Some(place) = schedule.best_place(step, &taste, rng) else { return 0 };
    let ticket = problem.steps[step].ticket;
    let before = (schedule.cost(), schedule.standing(ticket));
    let last = before.1.placed + 1 == problem.tickets[ticket].planned_count;
    let finish = before.1.finish.max(place.end);
    let price = problem.lateness(ticket, finish) + schedule.added_cost(step, place, true);
    schedule.put(step, place);
    if !last {
        return 0;
    }
    assert_eq!(schedule.cost() - before.0, price - before.1.cost);
    1
}
