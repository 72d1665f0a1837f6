//! Where a resolved step stands in the document: among the ticket's own steps, in the template of
//! its service, or in that of a prerequisite. Looked up only when there is something to tell.

use super::Subject;
use crate::id::Id;
use crate::model::ticket::{self, Adjust, Service, Track};
use crate::model::work::{Step, Ticket};

/// A step as the document has it.
pub(super) struct Written<'a> {
    /// Its JSON path.
    pub(super) path: String,
    /// The step at that path.
    step: Option<&'a ticket::Step>,
    /// The ticket's change to it, and the path of that.
    adjust: Option<(String, &'a Adjust)>,
}

impl Subject<'_> {
    /// The JSON path of a ticket.
    pub(super) fn ticket_path(&self, ticket: Id<Ticket>) -> String {
        format!("$.tickets[{}]", ticket.index())
    }

    /// How and where the document states `step`.
    pub(super) fn written(&self, step: Id<Step>) -> Written<'_> {
        let row = &self.work.steps[step];
        let ticket = &self.scenario.tickets[row.ticket.index()];
        let path = self.ticket_path(row.ticket);
        let change = ticket.adjust.iter().enumerate().rfind(|(_, a)| a.step == row.name);
        let adjust = change.map(|(position, a)| (format!("{path}.adjust[{position}]"), a));
        let own = if ticket.steps.is_empty() {
            self.templates(ticket).find_map(|template| template.step_called(&row.name))
        } else {
            Template { place: format!("{path}.steps"), prefix: String::new(), steps: &ticket.steps }
                .step_called(&row.name)
        };
        let found = own.or_else(|| {
            self.all_templates(ticket.track).find_map(|template| template.step_called(&row.name))
        });
        match found {
            Some((path, step)) => Written { path, step: Some(step), adjust },
            None => Written { path, step: None, adjust },
        }
    }

    fn templates<'a>(&'a self, ticket: &'a ticket::Ticket) -> impl Iterator<Item = Template<'a>> {
        let services = self.scenario.services.iter().enumerate();
        let of_ticket = services.filter(|(_, s)| ticket.service.as_ref() == Some(&s.id));
        of_ticket.map(|(row, service)| template(row, service, ticket.track, String::new()))
    }

    fn all_templates(&self, track: Track) -> impl Iterator<Item = Template<'_>> {
        let services = self.scenario.services.iter().enumerate();
        services
            .map(move |(row, service)| template(row, service, track, format!("{}.", service.id)))
    }
}

/// Some steps of the document under a common prefix.
struct Template<'a> {
    place: String,
    prefix: String,
    steps: &'a [ticket::Step],
}

fn template(row: usize, service: &Service, track: Track, prefix: String) -> Template<'_> {
    let (name, steps) = match (track, &service.urgent) {
        (Track::Urgent, Some(steps)) => ("urgent", steps),
        _ => ("normal", &service.normal),
    };
    Template { place: format!("$.services[{row}].{name}"), prefix, steps }
}

impl<'a> Template<'a> {
    fn step_called(&self, name: &str) -> Option<(String, &'a ticket::Step)> {
        let name = name.strip_prefix(&self.prefix)?;
        let position = self.steps.iter().position(|step| step.id == name)?;
        Some((format!("{}[{position}]", self.place), &self.steps[position]))
    }
}

impl Written<'_> {
    /// The path of the step's `latest_end`.
    pub(super) fn latest_end(&self) -> String {
        match &self.adjust {
            Some((path, adjust)) if adjust.latest_end.is_some() => format!("{path}.latest_end"),
            _ => format!("{}.latest_end", self.path),
        }
    }

    /// The path of the step's `windows`, and the windows as written.
    pub(super) fn windows(&self) -> (String, &[ticket::Window]) {
        match &self.adjust {
            Some((path, Adjust { windows: Some(windows), .. })) => {
                (format!("{path}.windows"), windows)
            }
            _ => {
                let windows = self.step.map_or(&[][..], |step| step.windows.as_slice());
                (format!("{}.windows", self.path), windows)
            }
        }
    }

    /// The path of the step's `site`.
    pub(super) fn site(&self) -> String {
        match &self.adjust {
            Some((path, adjust)) if adjust.site.is_some() => format!("{path}.site"),
            _ => format!("{}.site", self.path),
        }
    }

    /// The path of the link to `earlier`, a step's name within the ticket.
    pub(super) fn link(&self, earlier: &str) -> String {
        let after = self.step.map_or(&[][..], |step| step.after.as_slice());
        let ends = |name: &str| earlier == name || earlier.ends_with(&format!(".{name}"));
        match after.iter().position(|link| ends(&link.step)) {
            Some(position) => format!("{}.after[{position}]", self.path),
            None => self.path.clone(),
        }
    }
}
