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

fn in_template<'a>(
    row: usize,
    service: &'a Service,
    track: Track,
    name: &str,
) -> Option<(String, &'a Step)> {
    let (template, steps) = match (track, &service.urgent) {
        (Track::Urgent, Some(steps)) => ("urgent", steps),
        _ => ("normal", &service.normal),
    };
    let at = steps.iter().position(|step| step.id == name)?;
    Some((format!("$.services[{row}].{template}[{at}]"), &steps[at]))
}
