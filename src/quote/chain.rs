//! The services that must come first for a guest, with the rule that says so (R009, R011).

use super::guest::Guest;
use crate::model::quote::ChainLink;

/// Every prerequisite whose steps stand in front of the guest's own.
pub(super) fn links(guest: &Guest<'_>) -> Vec<ChainLink> {
    let mut found: Vec<ChainLink> = Vec::new();
    for ticket in guest.work.tickets.iter().take(guest.tickets.len()) {
        let inserted = |service: &str| {
            let mut names = ticket.steps.iter().map(|step| &guest.work.steps[*step].name);
            names.any(|name| name.strip_prefix(service).is_some_and(|rest| rest.starts_with('.')))
        };
        let asked = guest.tickets.iter().find(|asked| asked.id == ticket.key);
        let mut trail: Vec<&str> = asked.and_then(|t| t.service.as_deref()).into_iter().collect();
        let mut next = 0;
        while let Some(service) = trail.get(next).copied() {
            next += 1;
            let row = guest.frame.services.iter().find(|row| row.id == service);
            for first in row.into_iter().flat_map(|row| &row.prerequisites) {
                let link = ChainLink {
                    service: first.service.clone(),
                    before: service.to_owned(),
                    guide: first.guide.clone(),
                };
                if inserted(&first.service) && !found.contains(&link) {
                    found.push(link);
                }
                if !trail.contains(&first.service.as_str()) {
                    trail.push(&first.service);
                }
            }
        }
    }
    found
}
