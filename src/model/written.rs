//! Where a step of a ticket is written in the scenario: among the ticket's own steps, in the
//! template of its service, or in that of a prerequisite (then `service.step` is its name).

use super::scenario::Scenario;
use super::ticket::{Service, Step, Ticket, Track};

/// The step called `name` of `ticket`, row `row` of the scenario, and its JSON path.
#[must_use]
pub fn written_step<'a>(
    scenario: &'a Scenario,
    row: usize,
    name: &str,
) -> Option<(String, &'a Step)> {
    let ticket: &Ticket = scenario.tickets.get(row)?;
    let own = if ticket.steps.is_empty() {
        let mut services = scenario.services.iter().enumerate();
        let service = services.find(|(_, s)| ticket.service.as_ref() == Some(&s.id));
        service.and_then(|(row, service)| in_template(row, service, ticket.track, name))
    } else {
        let position = ticket.steps.iter().position(|step| step.id == name);
        position.map(|at| (format!("$.tickets[{row}].steps[{at}]"), &ticket.steps[at]))
    };
    own.or_else(|| {
        scenario.services.iter().enumerate().find_map(|(row, service)| {
            let name = name.strip_prefix(service.id.as_str())?.strip_prefix('.')?;
            in_template(row, service, ticket.track, name)
        })
    })
}

/// The names of the ticket's own steps, or of those of its service's template.
#[must_use]
pub fn names_of_steps(scenario: &Scenario, row: usize) -> Vec<String> {
    let Some(ticket) = scenario.tickets.get(row) else { return Vec::new() };
    let service = scenario.services.iter().find(|s| ticket.service.as_ref() == Some(&s.id));
    let steps = match service {
        Some(service) if ticket.steps.is_empty() => template(service, ticket.track).1,
        _ => &ticket.steps,
    };
    steps.iter().map(|step| step.id.clone()).collect()
}

fn template(service: &Service, track: Track) -> (&'static str, &[Step]) {
    match (track, &service.urgent) {
        (Track::Urgent, Some(steps)) => ("urgent", steps),
        _ => ("normal", &service.normal),
    }
}

fn in_template<'a>(
    row: usize,
    service: &'a Service,
    track: Track,
    name: &str,
) -> Option<(String, &'a Step)> {
    let (template, steps) = template(service, track);
    let at = steps.iter().position(|step| step.id == name)?;
    Some((format!("$.services[{row}].{template}[{at}]"), &steps[at]))
}
