//! From a ticket to its steps: the service's template of the right track, the ticket's own
//! changes, and the templates of unmet prerequisite services put before it (R009, R010, R023).

use std::collections::BTreeMap;

use crate::model::issue::Issue;
use crate::model::scenario::Scenario;
use crate::model::ticket::{Link, LinkKind, Service, Step, Ticket, Track};

/// The steps of one ticket as written, prerequisites first, with their place in the document.
pub(super) struct Expanded {
    /// Steps with ids unique within the ticket, and the JSON path of each template step.
    pub(super) steps: Vec<(Step, String)>,
    /// Tickets of the same client that already carry a prerequisite service.
    pub(super) after: Vec<usize>,
    /// Rows of `steps` put in for a prerequisite service and those before it.
    inserted: BTreeMap<usize, Vec<usize>>,
}

/// What expansion looks up again and again.
pub(super) struct Catalogue<'a> {
    scenario: &'a Scenario,
    services: BTreeMap<&'a str, usize>,
    completed: BTreeMap<&'a str, &'a [String]>,
    /// Tickets by client, entity and service.
    carried: BTreeMap<(&'a str, Option<&'a str>, &'a str), usize>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Catalogue<'a> {
        let services = scenario.services.iter().enumerate().map(|(row, s)| (s.id.as_str(), row));
        let completed =
            scenario.clients.iter().map(|c| (c.id.as_str(), c.completed.as_slice())).collect();
        let mut carried = BTreeMap::new();
        for (row, ticket) in scenario.tickets.iter().enumerate() {
            if let (Some(client), Some(service)) = (&ticket.client, &ticket.service) {
                carried
                    .entry((client.as_str(), ticket.entity.as_deref(), service.as_str()))
                    .or_insert(row);
            }
        }
        Catalogue { scenario, services: services.collect(), completed, carried }
    }

    pub(super) fn expand(&self, row: usize, issues: &mut Vec<Issue>) -> Expanded {
        let ticket = &self.scenario.tickets[row];
        let mut expanded =
            Expanded { steps: Vec::new(), after: Vec::new(), inserted: BTreeMap::new() };
        let service = ticket.service.as_deref().and_then(|key| self.services.get(key).copied());
        let (own, place) = match (ticket.steps.is_empty(), service) {
            (false, _) => (ticket.steps.as_slice(), format!("$.tickets[{row}].steps")),
            (true, Some(service)) => self.template(service, ticket.track),
            (true, None) => return expanded,
        };
        let before = service.map_or_else(Vec::new, |service| {
            self.prerequisites(row, service, &mut Vec::new(), &mut expanded, issues)
        });
        let first_own = expanded.steps.len();
        append(&mut expanded.steps, own, &place, "", &before);
        adjust(&mut expanded.steps[first_own..], ticket, row, issues);
        expanded
    }

    fn template(&self, service: usize, track: Track) -> (&'a [Step], String) {
        let Service { normal, urgent, .. } = &self.scenario.services[service];
        match (track, urgent) {
            (Track::Urgent, Some(steps)) => (steps, format!("$.services[{service}].urgent")),
            _ => (normal, format!("$.services[{service}].normal")),
        }
    }

    /// Puts the templates of unmet prerequisites of `service` in front, deepest first; their rows.
    fn prerequisites(
        &self,
        row: usize,
        service: usize,
        trail: &mut Vec<usize>,
        expanded: &mut Expanded,
        issues: &mut Vec<Issue>,
    ) -> Vec<usize> {
        if let Some(round) = trail.iter().position(|earlier| *earlier == service) {
            issues.push(self.round_trip(&trail[round..], service));
            return Vec::new();
        }
        trail.push(service);
        let ticket = &self.scenario.tickets[row];
        let client = ticket.client.as_deref().unwrap_or_default();
        let mut rows = Vec::new();
        for prerequisite in &self.scenario.services[service].prerequisites {
            let key = prerequisite.service.as_str();
            let Some(&needed) = self.services.get(key) else { continue };
            if self.completed.get(client).is_some_and(|done| done.iter().any(|d| d == key)) {
                continue;
            }
            match self.carried.get(&(client, ticket.entity.as_deref(), key)) {
                Some(&other) if other != row => {
                    if !expanded.after.contains(&other) {
                        expanded.after.push(other);
                    }
                }
                _ if expanded.inserted.contains_key(&needed) => {}
                _ => {
                    let before = self.prerequisites(row, needed, trail, expanded, issues);
                    let (steps, place) = self.template(needed, ticket.track);
                    let from = expanded.steps.len();
                    append(&mut expanded.steps, steps, &place, &format!("{key}."), &before);
                    let own = from..expanded.steps.len();
                    expanded.inserted.insert(needed, before.into_iter().chain(own).collect());
                }
            }
            rows.extend(expanded.inserted.get(&needed).cloned().into_iter().flatten());
        }
        trail.pop();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn round_trip(&self, trail: &[usize], again: usize) -> Issue {
        let names: Vec<&str> = trail
            .iter()
            .chain([&again])
            .map(|service| self.scenario.services[*service].id.as_str())
            .collect();
        let path = format!("$.services[{again}].prerequisites");
        let circle = names.join(" → ");
        Issue::error(
            "S103",
            path,
            format!("前置服务成环：{circle}"),
            format!("prerequisites go round in a circle: {circle}"),
        )
        .hint("删去其中一个前置关系", "remove one of these prerequisites")
    }
}

/// Appends `steps` under `prefix`; those that follow nothing of their own follow those of the rows
/// `before` that none of them waits out.
fn append(
    into: &mut Vec<(Step, String)>,
    steps: &[Step],
    place: &str,
    prefix: &str,
    before: &[usize],
) {
    let followed = |id: &str| before.iter().any(|row| follows(&into[*row].0, id));
    let sinks: Vec<String> =
        before.iter().map(|row| into[*row].0.id.clone()).filter(|id| !followed(id)).collect();
    for (position, template) in steps.iter().enumerate() {
        let mut step = template.clone();
        step.id = format!("{prefix}{}", step.id);
        for name in step.differs_from.iter_mut().chain(&mut step.same_as) {
            *name = format!("{prefix}{name}");
        }
        for link in &mut step.after {
            link.step = format!("{prefix}{}", link.step);
        }
        if step.after.is_empty() {
            let link =
                |sink: &String| Link { step: sink.clone(), kind: LinkKind::FinishStart, lag: None };
            step.after.extend(sinks.iter().map(link));
        }
        into.push((step, format!("{place}[{position}]")));
    }
}

/// Whether `step` starts only after the end of `earlier`.
fn follows(step: &Step, earlier: &str) -> bool {
    step.after.iter().any(|link| link.step == earlier && link.kind == LinkKind::FinishStart)
}

fn adjust(own: &mut [(Step, String)], ticket: &Ticket, row: usize, issues: &mut Vec<Issue>) {
    for (position, change) in ticket.adjust.iter().enumerate() {
        let Some((step, _)) = own.iter_mut().find(|(step, _)| step.id == change.step) else {
            let path = format!("$.tickets[{row}].adjust[{position}].step");
            let names = own.iter().map(|(step, _)| step.id.as_str());
            issues.push(super::names::unknown(path, ("步骤", "step"), &change.step, names));
            continue;
        };
        if change.minutes.is_some() {
            step.minutes = change.minutes;
        }
        if let Some(windows) = &change.windows {
            step.windows.clone_from(windows);
        }
        if change.latest_end.is_some() {
            step.latest_end.clone_from(&change.latest_end);
        }
        if change.site.is_some() {
            step.site.clone_from(&change.site);
        }
    }
}
