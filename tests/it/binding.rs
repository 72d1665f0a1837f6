//! How often each hard rule binds: in how many tiny questions a small change of the final plan is
//! refused for that rule alone.

use paidan::generate::tiny;
use paidan::model::plan::{Plan, PlannedStep, UnservedTicket};
use paidan::model::rule::Rule;
use paidan::model::work::{Work, resolve};
use paidan::planning::plan;
use paidan::time::{Money, Tick};
use paidan::verify::{Code, completed, verify};

use crate::question::one_lane;

/// Questions looked at.
const QUESTIONS: u64 = 200;
/// Least share of them in which each rule binds, in percent.
const SHARE: usize = 5;

/// Every rule stands in the way of something in at least one plan of twenty; the table is printed.
#[test]
fn every_rule_binds_in_one_question_of_twenty() {
    let mut counts = [0; Rule::ALL.len()];
    let mut planned = 0;
    for seed in 0..QUESTIONS {
        let mut work = resolve(&tiny(seed)).unwrap_or_else(|issues| panic!("{seed}: {issues:#?}"));
        // Rules bind where work is done: leaving a ticket out never pays here.
        for ticket in work.tickets.ids() {
            work.tickets[ticket].unserved = Some((Money(1_000_000_000), Money::ZERO));
        }
        let settings = one_lane(0);
        let Ok(answer) = plan(&work, None, &settings, "test", &mut |_| true) else { continue };
        planned += 1;
        let bare = Plan { cost: None, bound: None, provenance: None, ..answer.plan };
        let binding = binding(&work, &bare);
        for (count, binds) in counts.iter_mut().zip(binding) {
            *count += usize::from(binds);
        }
    }
    let row = |(rule, count): (&Rule, &usize)| {
        format!("{} {}: {} % ({count})", rule.code(), rule.name().1, count * 100 / planned)
    };
    let table: Vec<String> = Rule::ALL.iter().zip(&counts).map(row).collect();
    let table = format!("of {planned} plans\n{}", table.join("\n"));
    assert!(planned as u64 >= QUESTIONS * 9 / 10, "{table}");
    assert!(counts.iter().all(|count| count * 100 >= SHARE * planned), "{table}");
    // Shown by `cargo test -- --nocapture`; the house prints nowhere else.
    std::io::Write::write_all(&mut std::io::stderr(), format!("{table}\n").as_bytes()).unwrap();
}

/// Which rules alone refuse some small change of `plan`.
fn binding(work: &Work, plan: &Plan) -> [bool; Rule::ALL.len()] {
    let mut binds = [false; Rule::ALL.len()];
    let mut judge = |changed: &Plan| {
        let found = verify(work, changed, None).violations;
        let mut rules = found.iter().map(|violation| violation.rule);
        if let Some(Code::Rule(rule)) = rules.next()
            && rules.all(|other| other == Code::Rule(rule))
        {
            binds[rule as usize] = true;
        }
    };
    for position in 0..plan.steps.len() {
        for row in rows_like(work, &plan.steps[position]) {
            let mut changed = plan.clone();
            changed.steps[position] = row;
            judge(&changed);
        }
        for other in 0..position {
            if let Some(changed) = swapped(work, plan, other, position) {
                judge(&changed);
            }
        }
    }
    for ticket in work.tickets.iter() {
        let key = ticket.key.as_str();
        if plan.unserved.iter().any(|unserved| unserved.ticket == key) {
            for changed in served(work, plan, key) {
                judge(&changed);
            }
        } else {
            let mut changed = plan.clone();
            changed.steps.retain(|step| step.ticket != key);
            changed.unserved.push(left_out(key));
            judge(&changed);
        }
    }
    binds
}

fn left_out(ticket: &str) -> UnservedTicket {
    UnservedTicket { ticket: ticket.to_owned(), reason: None, price: None }
}

/// `row` with its end and pieces as they follow from people and start.
fn filled(work: &Work, row: PlannedStep) -> Option<PlannedStep> {
    let blank = PlannedStep { end: None, pieces: Vec::new(), ..row };
    let sheet = serde_json::json!({"format": paidan::model::plan::PLAN_FORMAT});
    let mut sheet: Plan = serde_json::from_value(sheet).unwrap();
    sheet.zone = work.zone;
    sheet.steps.push(blank);
    Some(completed(work, &sheet).ok()?.steps.swap_remove(0))
}

fn start(work: &Work, row: &PlannedStep) -> Tick {
    work.zone.tick(row.start).unwrap()
}

/// The step with somebody else in a seat, or at another time, or a little shorter.
fn rows_like(work: &Work, row: &PlannedStep) -> Vec<PlannedStep> {
    let mut rows = Vec::new();
    for seat in 0..row.people.len() {
        for person in work.people.iter().filter(|person| person.key != row.people[seat]) {
            let mut other = row.clone();
            other.people[seat].clone_from(&person.key);
            rows.extend(filled(work, other));
        }
    }
    let from = start(work, row);
    for minutes in [-240, -120, -60, -30, 30, 120, 480, 1440] {
        let moved = PlannedStep { start: work.zone.moment(from + minutes), ..row.clone() };
        rows.extend(filled(work, moved));
    }
    rows.extend(evening(work, row));
    rows
}

/// The step worked half an hour of the evening, its end half an hour to two hours earlier.
fn evening(work: &Work, row: &PlannedStep) -> Vec<PlannedStep> {
    let Some(end) = row.end.and_then(|end| work.zone.tick(end).ok()) else { return Vec::new() };
    let shorter = [30, 60, 120, 900, 960].map(|minutes| end - minutes);
    let open = shorter.into_iter().filter(|end| *end > start(work, row));
    let rows = open.map(|end| PlannedStep {
        end: Some(work.zone.moment(end)),
        pieces: Vec::new(),
        ..row.clone()
    });
    rows.collect()
}

/// Two steps of one lead in the other order.
fn swapped(work: &Work, plan: &Plan, one: usize, two: usize) -> Option<Plan> {
    let (first, then) = (&plan.steps[one], &plan.steps[two]);
    if first.people.is_empty() || first.people.first() != then.people.first() {
        return None;
    }
    let (early, late) = if first.start < then.start { (one, two) } else { (two, one) };
    let mut changed = plan.clone();
    let from = plan.steps[early].start;
    changed.steps[late] = filled(work, PlannedStep { start: from, ..plan.steps[late].clone() })?;
    let next = changed.steps[late].end?;
    changed.steps[early] = filled(work, PlannedStep { start: next, ..plan.steps[early].clone() })?;
    Some(changed)
}

/// The ticket put in: its steps one after the other by one lead, from any hour on.
fn served(work: &Work, plan: &Plan, key: &str) -> Vec<Plan> {
    let ticket = work.ticket(key).unwrap();
    let mut plans = Vec::new();
    for lead in work.people.ids() {
        for hour in 0..(work.horizon - work.as_of) / 60 {
            let mut at = work.as_of + 60 * hour;
            if !(540..1080).contains(&work.zone.minute_of_day(at)) {
                continue;
            }
            let mut changed = plan.clone();
            changed.unserved.retain(|unserved| unserved.ticket != key);
            for step in &work.tickets[ticket].steps {
                let row = &work.steps[*step];
                let others = work.people.ids().filter(|person| *person != lead);
                let crew = [lead].into_iter().chain(others).take(row.seats.len());
                let blank = serde_json::json!({"ticket": key, "step": row.name,
                    "people": crew.map(|id| &work.people[id].key).collect::<Vec<_>>(),
                    "start": work.zone.moment(at)});
                let Some(row) = filled(work, serde_json::from_value(blank).unwrap()) else { break };
                at = row.end.map_or(at, |end| work.zone.tick(end).unwrap());
                changed.steps.push(row);
            }
            plans.push(changed);
        }
    }
    plans
}
