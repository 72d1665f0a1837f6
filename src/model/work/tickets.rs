//! Tickets and their steps, resolved: curves, windows, links, progress.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::Catalogue;
use super::names::{Index, unknown};
use super::stage::Stage;
use super::{Curve, Progress, Step, Ticket, Work};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::people;
use crate::model::scenario::{ClientValue, ProgressState, Scenario};
use crate::model::ticket::{self, CurveKind, Track};
use crate::time::{Money, Span, Tick};

/// Adds every ticket with its steps.
pub(super) fn add_tickets(
    work: &mut Work,
    scenario: &Scenario,
    index: &Index,
    issues: &mut Vec<Issue>,
) {
    service_names(scenario, index, issues);
    let catalogue = Catalogue::new(scenario);
    let tools: BTreeMap<&str, &people::Tool> =
        scenario.tools.iter().map(|tool| (tool.id.as_str(), tool)).collect();
    let mut batches = BTreeMap::new();
    for (row, ticket) in scenario.tickets.iter().enumerate() {
        let id = Id::new(row);
        let path = format!("$.tickets[{row}]");
        let expanded = catalogue.expand(row, issues);
        let mut resolved = ticket_row(work, scenario, index, ticket, &path, issues);
        resolved.after.extend(expanded.after.into_iter().map(Id::new));
        resolved.batch = ticket.batch.as_ref().map(|key| {
            *batches.entry(key.clone()).or_insert_with(|| work.batches.push(key.clone()))
        });
        let base = work.steps.len();
        let written: Vec<(ticket::Step, String)> = expanded.steps;
        let rows: BTreeMap<String, Id<Step>> = written
            .iter()
            .enumerate()
            .map(|(position, (step, _))| (step.id.clone(), Id::new(base + position)))
            .collect();
        let mut names = BTreeSet::new();
        for (step, place) in &written {
            if !names.insert(step.id.as_str()) {
                issues.push(doubled(place, &step.id));
            }
            let stage = Stage { index, tools: &tools, rows: &rows, ticket, place };
            let step = stage.step(work, id, step, issues);
            // Of tickets with one id, told already, each lends its steps to those who name them.
            work.step_keys.entry(step.key.clone()).or_insert(Id::new(work.steps.len()));
            work.steps.push(step);
        }
        resolved.steps = ordered(work, base, written.len());
        work.ticket_keys.entry(ticket.id.clone()).or_insert(id);
        work.tickets.push(resolved);
    }
}

fn doubled(place: &str, name: &str) -> Issue {
    Issue::error(
        "S102",
        format!("{place}.id"),
        format!("同一工单内步骤“{name}”定义了两次"),
        format!("step \"{name}\" is defined twice in one ticket"),
    )
    .hint("改用另一个编号", "give one of them another id")
}

/// Names inside templates that no ticket uses are looked up too, so that a catalogue is sound.
fn service_names(scenario: &Scenario, index: &Index, issues: &mut Vec<Issue>) {
    for (row, service) in scenario.services.iter().enumerate() {
        for (position, prerequisite) in service.prerequisites.iter().enumerate() {
            let path = || format!("$.services[{row}].prerequisites[{position}].service");
            index.services.find(&prerequisite.service, path, issues);
        }
    }
}

/// Steps in an order in which links point back, as far as links allow: stable by position. Steps
/// on a circle keep their place at the end; the scenario check names the circle.
fn ordered(work: &Work, base: usize, count: usize) -> Vec<Id<Step>> {
    let mut order: Vec<Id<Step>> = Vec::with_capacity(count);
    let mut placed = vec![false; count];
    while order.len() < count {
        let ready = (0..count).find(|&position| {
            !placed[position]
                && work.steps[Id::new(base + position)]
                    .links
                    .iter()
                    .all(|link| placed[link.step.index() - base])
        });
        let next = ready.or_else(|| placed.iter().position(|done| !done));
        let Some(next) = next else { break };
        placed[next] = true;
        order.push(Id::new(base + next));
    }
    order
}

fn ticket_row(
    work: &Work,
    scenario: &Scenario,
    index: &Index,
    ticket: &ticket::Ticket,
    path: &str,
    issues: &mut Vec<Issue>,
) -> Ticket {
    index.services.find_some(ticket.service.as_ref(), || format!("{path}.service"), issues);
    let client =
        index.clients.find_some(ticket.client.as_ref(), || format!("{path}.client"), issues);
    let release =
        ticket.release.map(|release| index.tick(&release, || format!("{path}.release"), issues));
    let due = ticket.due.map(|due| index.tick(&due, || format!("{path}.due"), issues));
    let mut excluded =
        index.people.find_all(&ticket.excluded, || format!("{path}.excluded"), issues);
    if let Some(client) = client.and_then(|client| work.clients.as_slice().get(client.index())) {
        excluded.extend(&client.excluded);
    }
    excluded.sort_unstable();
    excluded.dedup();
    let mut curves = curves(index, ticket, due, path, issues);
    if let (Some(client), Some(due)) = (client, due) {
        let rows = &scenario.clients;
        curves.extend(churn(&rows[client.index()], &scenario.policy.client_value, due));
    }
    Ticket {
        key: ticket.id.clone(),
        client,
        urgent: ticket.track == Track::Urgent,
        release: release.unwrap_or(work.as_of).max(work.as_of),
        due,
        curves,
        unserved: ticket.unserved.as_ref().map(|price| (price.urgency_fen, price.client_value_fen)),
        after: index.tickets.find_all(&ticket.after, || format!("{path}.after"), issues),
        batch: None,
        excluded,
        steps: Vec::new(),
        begun: false,
    }
}

fn curves(
    index: &Index,
    ticket: &ticket::Ticket,
    due: Option<Tick>,
    path: &str,
    issues: &mut Vec<Issue>,
) -> Vec<Curve> {
    let mut rows = Vec::with_capacity(ticket.curves.len());
    for (position, curve) in ticket.curves.iter().enumerate() {
        let place = format!("{path}.curves[{position}]");
        let stated =
            curve.after.map(|after| index.tick(&after, || format!("{place}.after"), issues));
        let Some(after) = stated.or(due) else {
            issues.push(
                Issue::error(
                    "S105",
                    place,
                    "逾期损失没有起点：曲线未写 after，工单也没有 due",
                    "the curve has no point to start from: it states no `after` and the ticket no `due`",
                )
                .hint("补上 after 或 due", "state `after` here or `due` in the ticket"),
            );
            continue;
        };
        rows.push(Curve {
            kind: curve.kind,
            after,
            calendar: index.clocks.find_some(
                curve.calendar.as_ref(),
                || format!("{place}.calendar"),
                issues,
            ),
            fixed: curve.fixed_fen,
            per_hour: curve.per_hour_fen,
            per_day: curve.per_day_fen,
            cap: curve.cap_fen,
            churn: false,
        });
    }
    rows
}

/// One fixed amount per churn step: annual value × tier × the churn it adds, rounded up (R123).
fn churn(client: &people::Client, value: &ClientValue, due: Tick) -> Vec<Curve> {
    let tier = client.tier.as_deref();
    let weight = value.tiers.iter().find(|weight| Some(weight.tier.as_str()) == tier);
    let weight = weight.map_or(1000, |weight| i64::from(weight.permille));
    let mut known = 0;
    let mut rows = Vec::new();
    for step in &value.churn {
        let added = i64::from(step.permille) - known;
        let fixed = client.annual_value_fen.scaled_up(weight * added.max(0), 1_000_000);
        known = known.max(i64::from(step.permille));
        if fixed > Money::ZERO {
            rows.push(Curve {
                kind: CurveKind::ClientValue,
                after: due + i64::from(step.after_hours) * 60,
                calendar: None,
                fixed,
                per_hour: Money::ZERO,
                per_day: Money::ZERO,
                cap: None,
                churn: true,
            });
        }
    }
    rows
}

/// The step called `key`, or an issue at `path`.
pub(super) fn step_named(
    work: &Work,
    key: &str,
    path: impl FnOnce() -> String,
    issues: &mut Vec<Issue>,
) -> Option<Id<Step>> {
    let found = work.step(key);
    // Of a ticket without steps, that is what is told.
    let ticket = key.split_once('/').and_then(|(ticket, _)| work.ticket(ticket));
    let is_stepless = ticket.is_some_and(|ticket| work.tickets[ticket].steps.is_empty());
    if found.is_none() && !is_stepless {
        let names = work.step_keys.keys().map(String::as_str);
        issues.push(unknown(path(), ("步骤", "step"), key, names));
    }
    found
}

/// Notes what has been done or begun (H13).
pub(super) fn progress(
    work: &mut Work,
    scenario: &Scenario,
    index: &Index,
    issues: &mut Vec<Issue>,
) {
    for (row, progress) in scenario.progress.iter().enumerate() {
        let path = format!("$.progress[{row}]");
        let people = index.people.find_all(&progress.people, || format!("{path}.people"), issues);
        let start = index.tick(&progress.start, || format!("{path}.start"), issues);
        let end = progress.end.map(|end| index.tick(&end, || format!("{path}.end"), issues));
        let Some(step) = step_named(work, &progress.step, || format!("{path}.step"), issues) else {
            continue;
        };
        let wait = work.steps[step].is_wait();
        let state = match (progress.state, end, progress.remaining_minutes) {
            (ProgressState::Done, Some(end), None) => {
                Some(Progress::Done { people, span: Span::new(start, end) })
            }
            (ProgressState::Begun, end, Some(minutes)) if !wait => {
                let remaining = i64::from(minutes);
                end.is_none().then_some(Progress::Begun { people, start, remaining, end: None })
            }
            (ProgressState::Begun, end, None) if wait => {
                Some(Progress::Begun { people, start, remaining: 0, end })
            }
            _ => None,
        };
        if state.is_none() {
            issues.push(
                Issue::error(
                    "S109",
                    path,
                    "进度不完整：已完成须写 end；进行中须写 remaining_minutes（等待可写预计 end）",
                    "incomplete progress: a done step states `end`; a begun one `remaining_minutes` (a wait may state its expected `end`)",
                )
                .hint("补上缺少的字段", "add the missing field"),
            );
        }
        work.steps[step].progress = state;
        let ticket = work.steps[step].ticket;
        work.tickets[ticket].begun = true;
    }
}
