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
        let mut expanded = Expanded { steps: Vec::new(), after: Vec::new() };
        let service = ticket.service.as_deref().and_then(|key| self.services.get(key).copied());
        let (own, place) = match (ticket.steps.is_empty(), service) {
            (false, _) => (ticket.steps.as_slice(), format!("$.tickets[{row}].steps")),
            (true, Some(service)) => self.template(service, ticket.track),
            (true, None) => return expanded,
        };
        let first_own = {
            let mut trail = Vec::new();
            if let Some(service) = service {
                self.prerequisites(row, service, &mut trail, &mut expanded, issues);
            }
            expanded.steps.len()
        };
        append(&mut expanded.steps, own, &place, "", 0..first_own);
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

    /// Puts the templates of unmet prerequisites of `service` in front, deepest first.
    fn prerequisites(
        &self,
        row: usize,
        service: usize,
        trail: &mut Vec<usize>,
        expanded: &mut Expanded,
        issues: &mut Vec<Issue>,
    ) {
        if let Some(round) = trail.iter().position(|earlier| *earlier == service) {
            issues.push(self.round_trip(&trail[round..], service));
            return;
        }
        trail.push(service);
        let ticket = &self.scenario.tickets[row];
        for prerequisite in &self.scenario.services[service].prerequisites {
            let Some(&needed) = self.services.get(prerequisite.service.as_str()) else { continue };
            let key = prerequisite.service.as_str();
            let client = ticket.client.as_deref().unwrap_or_default();
            let prefix = format!("{key}.");
            if self.completed.get(client).is_some_and(|done| done.iter().any(|d| d == key))
                || expanded.steps.iter().any(|(step, _)| step.id.starts_with(&prefix))
            {
                continue;
            }
            match self.carried.get(&(client, ticket.entity.as_deref(), key)) {
                Some(&other) if other != row => expanded.after.push(other),
                _ => {
                    let from = expanded.steps.len();
                    self.prerequisites(row, needed, trail, expanded, issues);
                    let (steps, place) = self.template(needed, ticket.track);
                    let deeper = from..expanded.steps.len();
                    append(&mut expanded.steps, steps, &place, &prefix, deeper);
                }
            }
        }
        trail.pop();
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
            format!("前置服务成环:{circle}"),
            format!("prerequisites go round in a circle: {circle}"),
        )
        .hint("删去其中一个前置关系", "remove one of these prerequisites")
    }
}

/// Appends `steps` under `prefix`; those that follow nothing of their own follow the last ones of
/// the rows `before`.
fn append(
    into: &mut Vec<(Step, String)>,
    steps: &[Step],
    place: &str,
    prefix: &str,
    before: std::ops::Range<usize>,
) {
    let sinks: Vec<String> = into[before.clone()]
        .iter()
        .filter(|(step, _)| !into[before.clone()].iter().any(|(s, _)| follows(s, &step.id)))
        .map(|(step, _)| step.id.clone())
        .collect();
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

fn follows(step: &Step, earlier: &str) -> bool {
    step.after.iter().any(|link| link.step == earlier)
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
