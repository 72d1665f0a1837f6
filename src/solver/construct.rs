//! First plans: tickets in the order of a priority rule, each put at its cheapest place.
//!
//! The rules are the usual ones of the trade: earliest due date, slack, weight over work (Smith
//! 1956), apparent tardiness cost at several look-aheads (Vepsalainen and Morton 1987).

use super::dispatch::dispatch;
use super::insert::Taste;
use super::rng::Rng;
use super::schedule::Schedule;
use crate::id::Id;
use crate::model::work::Ticket;
use crate::problem::Problem;
use crate::time::Tick;

/// A priority rule: a smaller key goes first.
pub type Rule = fn(&Problem, Id<Ticket>) -> i64;

/// How a first plan is made.
#[derive(Clone, Copy)]
pub enum Way {
    /// Ticket by ticket, in the order of a rule.
    Tickets(Rule),
    /// Step by step in the order of time, with this look-ahead in minutes.
    Steps(i64),
}

/// The ways by name. The first is what a spreadsheet does.
pub const RULES: &[(&str, Way)] = &[
    ("due", Way::Tickets(due)),
    ("slack", Way::Tickets(slack)),
    ("weight", Way::Tickets(weight)),
    ("atc-240", Way::Tickets(|problem, ticket| tardiness(problem, ticket, 240))),
    ("atc-960", Way::Tickets(|problem, ticket| tardiness(problem, ticket, 960))),
    ("atc-2880", Way::Tickets(|problem, ticket| tardiness(problem, ticket, 2880))),
    ("dispatch-240", Way::Steps(240)),
    ("dispatch-960", Way::Steps(960)),
    ("dispatch-2880", Way::Steps(2880)),
    ("previous", Way::Tickets(previous)),
];

/// How many rows of [`RULES`] say something about `problem`: the last one needs a previous plan.
#[must_use]
pub fn rule_count(problem: &Problem) -> usize {
    let any = problem.steps.iter().any(|step| step.previous.is_some());
    if any { RULES.len() } else { RULES.len() - 1 }
}

/// The plan of the rule in row `rule` of [`RULES`].
#[must_use]
pub fn construct<'p>(problem: &'p Problem, rule: usize, taste: &Taste) -> Schedule<'p> {
    let mut rng = Rng::new(0, 0);
    let mut schedule = kept(problem, taste, &mut rng);
    if rule + 1 == RULES.len() {
        stay(&mut schedule, taste, &mut rng);
    }
    serve_musts(&mut schedule, taste, &mut rng);
    let order = match RULES[rule].1 {
        Way::Tickets(rule) => ordered(problem, rule),
        Way::Steps(look_ahead) => {
            dispatch(&mut schedule, look_ahead);
            drop_torn(&mut schedule);
            let rest: Rule = |problem, ticket| tardiness(problem, ticket, 960);
            ordered(problem, rest)
        }
    };
    schedule.insert_all(&order, taste, &mut rng);
    schedule.mend_travel(taste, &mut rng);
    schedule.commit();
    schedule
}

/// Earliest-due-date list scheduling as a spreadsheet does it: no extra minutes, no look at cost.
#[must_use]
pub fn spreadsheet(problem: &Problem) -> Schedule<'_> {
    construct(problem, 0, &Taste { extra: false, ..Taste::DEAR })
}

/// What is under way and what is frozen, then the rest of the tickets that must be served.
#[must_use]
pub fn held<'p>(problem: &'p Problem, taste: &Taste) -> Schedule<'p> {
    let mut rng = Rng::new(0, 0);
    let mut schedule = kept(problem, taste, &mut rng);
    serve_musts(&mut schedule, taste, &mut rng);
    schedule.commit();
    schedule
}

/// Takes out tickets that are served in part, or at a price above that of leaving them out.
fn drop_torn(schedule: &mut Schedule<'_>) {
    let problem = schedule.problem;
    for ticket in problem.tickets.ids() {
        let row = &problem.tickets[ticket];
        let standing = schedule.standing(ticket);
        let alone = !row.must && row.mates.is_empty() && row.before.is_empty();
        let dear = alone && standing.cost > row.unserved;
        if standing.placed > 0 && (dear || !schedule.is_served(ticket)) {
            schedule.lift_ticket(ticket);
            schedule.drop_dependents(ticket);
        }
    }
}

/// What is under way and what is frozen.
fn kept<'p>(problem: &'p Problem, taste: &Taste, rng: &mut Rng) -> Schedule<'p> {
    let mut schedule = Schedule::new(problem);
    let mut frozen: Vec<_> = problem.steps.ids().filter(|id| problem.steps[*id].frozen).collect();
    frozen.sort_by_key(|step| {
        let start = problem.steps[*step].windows.first().map(|window| window.start);
        (start, *step)
    });
    for step in problem.begun.iter().copied().chain(frozen) {
        let old = if problem.steps[step].frozen { schedule.old_place(step) } else { None };
        let place = old.or_else(|| schedule.best_place(step, taste, rng));
        if let Some(place) = place {
            schedule.put(step, place);
        }
    }
    schedule
}

/// Makes the tickets whole that must be served.
fn serve_musts(schedule: &mut Schedule<'_>, taste: &Taste, rng: &mut Rng) {
    let problem = schedule.problem;
    let mut musts: Vec<Id<Ticket>> =
        problem.tickets.ids().filter(|ticket| problem.tickets[*ticket].must).collect();
    musts.sort_by_key(|ticket| (problem.tickets[*ticket].due, *ticket));
    schedule.insert_all(&followed(problem, musts), taste, rng);
}

/// How long a chain of tickets after tickets is followed back to the previous plan.
const PASSES: usize = 6;

/// Places the steps of the previous plan where they stood, as far as they still fit, and the rest
/// of their tickets.
fn stay(schedule: &mut Schedule<'_>, taste: &Taste, rng: &mut Rng) {
    let problem = schedule.problem;
    let kept = |step: &Id<_>| problem.steps[*step].is_free() && schedule.place(*step).is_none();
    let mut steps: Vec<_> = problem.steps.ids().filter(kept).collect();
    steps.retain(|step| problem.steps[*step].previous.is_some());
    steps.sort_by_key(|step| (problem.steps[*step].previous.as_ref().map(|p| p.1), *step));
    // A ticket that follows another waits for a pass in which that one is whole.
    for _ in 0..PASSES {
        let mut left = steps.len();
        for step in &steps {
            if schedule.place(*step).is_some() {
                left -= 1;
            } else if let Some(place) = schedule.old_place(*step) {
                schedule.put(*step, place);
            }
        }
        for ticket in ordered(problem, previous) {
            let begun = schedule.standing(ticket).placed > 0 && !schedule.is_served(ticket);
            if begun && !schedule.insert_ticket(ticket, taste, rng) {
                schedule.lift_ticket(ticket);
            }
        }
        if left == 0 {
            break;
        }
    }
}

/// Tickets in the order in which the previous plan began them, new ones last.
fn previous(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let steps = problem.tickets[ticket].steps.iter();
    let starts = steps.filter_map(|step| Some(problem.steps[*step].previous.as_ref()?.1.0));
    starts.min().unwrap_or(i64::MAX)
}

/// Tickets by the rule, those with a pinned start first; a ticket never before one it must follow.
pub(super) fn ordered(problem: &Problem, rule: Rule) -> Vec<Id<Ticket>> {
    let pinned = |ticket: Id<Ticket>| {
        let steps = problem.tickets[ticket].steps.iter();
        steps.into_iter().any(|step| {
            let windows = &problem.steps[*step].windows;
            windows.len() == 1 && windows[0].minutes() == 1
        })
    };
    let mut order: Vec<Id<Ticket>> = problem.tickets.ids().collect();
    // A batch goes together, where the first of it would go.
    order.sort_by_cached_key(|ticket| {
        let mates = problem.tickets[*ticket].mates.iter().chain([ticket]);
        let first = mates.clone().map(|mate| (!pinned(*mate), rule(problem, *mate))).min();
        (first, mates.min().copied(), *ticket)
    });
    followed(problem, order)
}

/// `order` with every ticket behind those it must follow, which are added where missing.
fn followed(problem: &Problem, order: Vec<Id<Ticket>>) -> Vec<Id<Ticket>> {
    let mut taken: Vec<bool> = problem.tickets.iter().map(|_| false).collect();
    let mut sorted = Vec::with_capacity(order.len());
    for ticket in order {
        take(problem, ticket, &mut taken, &mut sorted);
    }
    sorted
}

/// Appends `ticket` after all it must follow.
pub(super) fn take(
    problem: &Problem,
    ticket: Id<Ticket>,
    taken: &mut [bool],
    sorted: &mut Vec<Id<Ticket>>,
) {
    if std::mem::replace(&mut taken[ticket.index()], true) {
        return;
    }
    let mut waiting = vec![(ticket, 0)];
    while let Some((current, next)) = waiting.pop() {
        match problem.tickets[current].after.get(next) {
            Some(earlier) => {
                waiting.push((current, next + 1));
                if !std::mem::replace(&mut taken[earlier.index()], true) {
                    waiting.push((*earlier, 0));
                }
            }
            None => sorted.push(current),
        }
    }
}

fn due(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    problem.tickets[ticket].due.0
}

fn slack(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    problem.tickets[ticket].due.0 - least_elapsed(problem, ticket)
}

/// A guess at the elapsed minutes the ticket takes when nothing is in its way.
fn least_elapsed(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let steps = problem.tickets[ticket].steps.iter().map(|step| &problem.steps[*step]);
    steps.map(|step| step.tail + step.least_minutes).max().unwrap_or(0)
}

/// Fen that ten working hours of lateness cost, or leaving it out if that is less.
fn weight_of(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let row = &problem.tickets[ticket];
    let late = problem.lateness(ticket, row.due + 600);
    let out = if row.must { late } else { row.unserved.min(late.max(1)) };
    out.max(1)
}

fn weight(problem: &Problem, ticket: Id<Ticket>) -> i64 {
    let density = i128::from(weight_of(problem, ticket)) << 20;
    let density = density / i128::from(problem.tickets[ticket].effort.max(1));
    -i64::try_from(density).unwrap_or(i64::MAX)
}

/// What ten hours more cost a ticket that would finish at `finish`, from its due date on.
pub(super) fn weight_at(problem: &Problem, ticket: Id<Ticket>, finish: Tick) -> i64 {
    let row = &problem.tickets[ticket];
    let from = finish.max(row.due);
    let more = problem.lateness(ticket, from + 600) - problem.lateness(ticket, from);
    if row.must { more } else { more.min(row.unserved) }
}

/// Apparent tardiness cost: weight over work, less with slack.
fn tardiness(problem: &Problem, ticket: Id<Ticket>, look_ahead: i64) -> i64 {
    let slack = (slack(problem, ticket) - problem.as_of.0).max(0);
    -decayed(-weight(problem, ticket), slack, look_ahead)
}

/// `density` falling by half with every `look_ahead` × ln 2 minutes of slack; the halving is
/// linear between powers of two.
pub(super) fn decayed(density: i64, slack: i64, look_ahead: i64) -> i64 {
    let halvings = slack * 1443 / (look_ahead * 1000);
    let within = slack * 1443 - halvings * look_ahead * 1000;
    let whole = density >> halvings.min(62);
    whole - whole / 2 * within / (look_ahead * 1000)
}
