//! Which events turn which clock. A timer is data; its clocks are read from a ticket's events.

use std::collections::BTreeSet;

use super::clock::{Goal, Turn, Turned, Wait};
use super::event::Event;
use super::life::{Garbled, Happening};

/// A kind of clock that tickets have (R247).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timer {
    /// What it is called.
    pub id: String,
    /// The kinds of events that start it.
    pub starts: Vec<String>,
    /// The kinds of events that stop it; the next start after that starts it anew, and so does
    /// what stops it if it is a start, too.
    pub stops: Vec<String>,
    /// How long it may take.
    pub goal: Goal,
    /// The calendar it runs on; always, without one.
    pub calendar: Option<String>,
    /// What holds it: its row of the pause matrix (R248).
    pub held_by: BTreeSet<Wait>,
    /// After so many thousandths of its time it warns.
    pub warns_at: u16,
}

/// What ends the life of a ticket: service stops with it (R086).
const ENDS: &[&str] = &["ticket.signed", "ticket.refused", "ticket.called_off"];
/// What may still be done after that: a clock that waits for one of these runs on.
const LATER: &[&str] = &[
    "ticket.surveyed",
    "ticket.looked_back",
    "ticket.archived",
    "ticket.billed",
    "ticket.paid",
    "ticket.suggested",
    "ticket.improved",
    "ticket.manual_written",
    "ticket.visit_proposed",
    "ticket.visit_agreed",
    "ticket.visit_made",
    "ticket.evidence_filed",
    "ticket.document_filed",
];

impl Timer {
    /// Whether an event of this kind stops it. What can no longer happen is not waited for.
    fn is_stopped_by(&self, kind: &str) -> bool {
        let runs_on = || self.stops.iter().any(|stop| LATER.contains(&stop.as_str()));
        self.stops.iter().any(|stop| stop == kind) || (ENDS.contains(&kind) && !runs_on())
    }
}

/// The turns of each clock of this kind that the events of one ticket started, in their order.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn runs<'e>(
    timer: &Timer,
    events: impl IntoIterator<Item = &'e Event>,
) -> Result<Vec<Vec<Turned>>, Garbled> {
    let mut runs: Vec<Vec<Turned>> = Vec::new();
    let (mut is_running, mut waits) = (false, BTreeSet::new());
    for event in events {
        let at_ms = event.at_ms;
        // Nothing else turns a clock, and most events say much.
        let is_wait = matches!(event.kind.as_str(), "ticket.wait_begun" | "ticket.wait_over");
        let read = if is_wait { Happening::read(event)? } else { None };
        let turn = match read {
            Some(Happening::WaitBegun { wait }) => {
                waits.insert(wait);
                Some(Turn::Holds(wait))
            }
            Some(Happening::WaitOver { wait }) => {
                waits.remove(&wait);
                Some(Turn::Goes(wait))
            }
            _ => None,
        };
        let is_stop = timer.is_stopped_by(&event.kind);
        if let Some(run) = runs.last_mut().filter(|_| is_running) {
            run.extend(turn.map(|turn| (at_ms, turn)));
            run.extend(is_stop.then_some((at_ms, Turn::Stops)));
        }
        is_running &= !is_stop;
        if !is_running && timer.starts.contains(&event.kind) {
            is_running = true;
            // What the ticket waits for already holds it from the start.
            let holds = waits.iter().map(|wait| (at_ms, Turn::Holds(*wait)));
            runs.push(holds.chain([(at_ms, Turn::Starts)]).collect());
        }
    }
    Ok(runs)
}
