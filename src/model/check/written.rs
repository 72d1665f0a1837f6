//! Where a resolved step and its fields stand in the document. Looked up only when there is
//! something to tell.

use super::Subject;
use crate::id::Id;
use crate::model::ticket::{self, Adjust};
use crate::model::work::{Step, Ticket};
use crate::model::written::written_step;

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
        let place = self.ticket_path(row.ticket);
        let change = ticket.adjust.iter().enumerate().rfind(|(_, a)| a.step == row.name);
        let adjust = change.map(|(position, a)| (format!("{place}.adjust[{position}]"), a));
        match written_step(self.scenario, row.ticket.index(), &row.name) {
            Some((path, step)) => Written { path, step: Some(step), adjust },
            None => Written { path: place, step: None, adjust },
        }
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
