//! What changes make of the arrivals of a simulation: those of a new service come, and authorities
//! are slower for what arrives, too. Must not know days.

use std::borrow::Cow;

use crate::model::change::Change;
use crate::model::issue::Issues;
use crate::model::simulation::Simulation;
use crate::whatif::change::slow;

/// `simulation` after `changes`.
pub(super) fn changed<'a>(simulation: &'a Simulation, changes: &[Change]) -> Cow<'a, Simulation> {
    let mut simulation = Cow::Borrowed(simulation);
    for change in changes {
        match change {
            Change::AddService { streams, .. } if !streams.is_empty() => {
                simulation.to_mut().streams.extend(streams.iter().cloned());
            }
            Change::Agency { calendar, percent } => {
                let streams = simulation.to_mut().streams.iter_mut();
                for step in streams.flat_map(|stream| &mut stream.ticket.steps) {
                    slow(step, calendar.as_deref(), *percent);
                }
            }
            _ => {}
        }
    }
    simulation
}

/// `issues` of a simulation after `changes`, told where a stream was written: `count` of them in
/// the simulation, the others in the changes.
pub(super) fn placed(mut issues: Issues, count: usize, changes: &[Change]) -> Issues {
    let mut row = count;
    for (number, change) in changes.iter().enumerate() {
        let Change::AddService { streams, .. } = change else { continue };
        for own in 0..streams.len() {
            let (told, meant) =
                (format!("$.streams[{row}]"), format!("$.changes[{number}].streams[{own}]"));
            for issue in issues.iter_mut().filter(|issue| issue.path.starts_with(&told)) {
                issue.path = issue.path.replacen(&told, &meant, 1);
            }
            row += 1;
        }
    }
    issues
}
