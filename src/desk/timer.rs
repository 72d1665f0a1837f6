//! Which events turn which clock. A timer is data; its clocks are read from a ticket's events.
//!
//! Two rules stand above the data. Whoever has the result waits for no solution, no meeting and no
//! answer any more (R126, R127). And who is given an urgent ticket to drive has it as if it had been
//! passed to him: the second level counts from then, or from when it became urgent (R126).

use std::collections::BTreeSet;

use super::clock::{Goal, Rule, Turn, Turned, Wait};
use super::event::Event;
use super::life::{BY_CONTRACT, Billing, Garbled, Happening};
use crate::calendar::Book;

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
/// What does nothing that a clock is for, though it need not run any more: nobody wants it any
/// longer, the firm must not, or who had it gave it back and the next one has his own (R120).
const UNDONE: &[&str] = &["ticket.refused", "ticket.called_off", "ticket.rejected"];
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
    "ticket.defect_found",
    "ticket.defect_mended",
];
/// What nobody waits for any more who has the result.
const IN_THE_RESULT: &[&str] = &["ticket.solution_given", "ticket.meeting_held", "ticket.answered"];
/// By what a ticket comes to the second level.
const PASSED: &str = "ticket.passed_to_specialist";
/// What leaves nothing to hand over: it is at that level or above, or its solution is known.
const PAST_IT: &[&str] = &[
    PASSED,
    "ticket.passed_to_director",
    "ticket.solution_given",
    "ticket.meeting_held",
    "ticket.delivered",
];

impl Timer {
    /// What its clocks are read by.
    #[must_use]
    pub fn rule<'a>(&'a self, book: &'a Book) -> Rule<'a> {
        Rule {
            goal: self.goal,
            book,
            calendar: self.calendar.as_deref().and_then(|id| book.calendar(id)),
            held_by: &self.held_by,
            warns_at: self.warns_at,
        }
    }

    /// Whether an event of this kind stops it. What can no longer happen is not waited for.
    fn is_stopped_by(&self, kind: &str) -> bool {
        let runs_on = || self.stops.iter().any(|stop| LATER.contains(&stop.as_str()));
        self.stops.iter().any(|stop| stop == kind)
            || (ENDS.contains(&kind) && !runs_on())
            || self.is_in_the_result(kind)
    }

    /// Whether the client has with an event of this kind what it is for.
    fn is_in_the_result(&self, kind: &str) -> bool {
        let mut stops = self.stops.iter();
        kind == "ticket.delivered" && stops.any(|stop| IN_THE_RESULT.contains(&stop.as_str()))
    }

    /// How an event of this kind, by which it is stopped, stops it: what it was for is done, or will
    /// not be.
    fn last_turn(&self, kind: &str) -> Turn {
        let is_own = self.stops.iter().any(|stop| stop == kind) && !UNDONE.contains(&kind);
        // A bill over nothing.
        let is_paid = kind == "ticket.billed";
        if is_own || is_paid || self.is_in_the_result(kind) { Turn::Stops } else { Turn::Ends }
    }

    /// Whether an event is a call that leaves open why it is urgent or to what degree: it stops no
    /// clock that waits for the assessment, too (R125).
    fn is_left_open_by(&self, event: &Event) -> Result<bool, Garbled> {
        let is_asked = || self.stops.iter().any(|stop| stop == "ticket.assessed");
        if event.kind != "ticket.contacted" || !is_asked() {
            return Ok(false);
        }
        let read = Happening::read(event)?;
        let is_whole =
            matches!(read, Some(Happening::Contacted(confirmed)) if confirmed.is_whole());
        Ok(!is_whole)
    }
}

/// Whether an urgent ticket was handed over to who drives it (R126): with its dispatch, and where
/// it became urgent later, then. Where somebody passed it on by himself that counts, and this never.
#[derive(Default)]
pub struct HandOver {
    is_urgent: bool,
    is_given: bool,
    is_past: bool,
}

impl HandOver {
    /// Whether `event`, the next one of the ticket, hands it over: once at most.
    ///
    /// # Errors
    /// [`Garbled`] when it cannot be read.
    pub fn is_by(&mut self, event: &Event) -> Result<bool, Garbled> {
        match event.kind.as_str() {
            "ticket.created" | "ticket.changed" | "ticket.promised" => {
                let garbled = || Garbled { stream: event.stream.to_string(), seq: event.seq };
                let told = event.payload.value().map_err(|_| garbled())?;
                self.is_urgent = told["ticket"]["track"] == "urgent";
            }
            "ticket.dispatched" => self.is_given = true,
            "ticket.rejected" => self.is_given = false,
            // What the contract promises nobody called about (R111).
            "ticket.accepted" => self.is_past |= is_by_contract(event)?,
            kind => self.is_past |= PAST_IT.contains(&kind) || ENDS.contains(&kind),
        }
        let is_by = self.is_urgent && self.is_given && !self.is_past;
        self.is_past |= is_by;
        Ok(is_by)
    }
}

/// The piece of material a clock is about, if it is about one, and its turns.
pub type Turns = (Option<String>, Vec<Turned>);

/// A clock that runs, and the piece of material it is about, if it is about one.
struct Run {
    item: Option<String>,
    turns: Vec<Turned>,
    is_running: bool,
}

/// The turns of each clock of this kind that the events of one ticket started, in their order. What
/// starts with several pieces of material is a clock for each of them: looking at one does not stop
/// the others (R029). What the contract promises nobody called about: no clock runs from its
/// creation on (R111).
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn runs<'e>(
    timer: &Timer,
    events: impl IntoIterator<Item = &'e Event>,
) -> Result<Vec<Vec<Turned>>, Garbled> {
    Ok(runs_about(timer, events)?.into_iter().map(|(_, turns)| turns).collect())
}

/// The same, each with the piece of material it is about, if it is about one (R029).
///
/// # Errors
/// As [`runs`].
pub fn runs_about<'e>(
    timer: &Timer,
    events: impl IntoIterator<Item = &'e Event>,
) -> Result<Vec<Turns>, Garbled> {
    let mut runs: Vec<Run> = Vec::new();
    let mut waits = Waits::default();
    let mut hand_over = HandOver::default();
    let is_of_level_2 = timer.starts.iter().any(|start| start == PASSED);
    for event in events {
        let at_ms = event.at_ms;
        let turn = waits.turn(event)?;
        // A bill over nothing is as good as paid.
        let is_nothing = is_nothing_billed(event)?;
        let is_stop = (timer.is_stopped_by(&event.kind) && !timer.is_left_open_by(event)?)
            || (is_nothing && timer.stops.iter().any(|stop| stop == "ticket.paid"));
        if is_by_contract(event)? {
            runs.clear();
        }
        let is_handed_over = is_of_level_2 && hand_over.is_by(event)?;
        let is_start = (timer.starts.contains(&event.kind) && !is_nothing) || is_handed_over;
        let about = if is_stop || is_start { items(event)? } else { Vec::new() };
        for run in runs.iter_mut().filter(|run| run.is_running) {
            run.turns.extend(turn.map(|turn| (at_ms, turn)));
            let is_its =
                about.is_empty() || run.item.as_ref().is_none_or(|item| about.contains(item));
            if is_stop && is_its {
                run.turns.push((at_ms, timer.last_turn(&event.kind)));
                run.is_running = false;
            }
        }
        if !is_start {
            continue;
        }
        let about: Vec<Option<String>> = match about.as_slice() {
            [] => vec![None],
            items => items.iter().cloned().map(Some).collect(),
        };
        for item in about {
            if runs.iter().any(|run| run.is_running && run.item == item) {
                continue;
            }
            // What the ticket waits for already holds it from the start.
            let holds = waits.held().map(|wait| (at_ms, Turn::Holds(wait)));
            let turns = holds.chain([(at_ms, Turn::Starts)]).collect();
            runs.push(Run { item, turns, is_running: true });
        }
    }
    Ok(runs.into_iter().map(|run| (run.item, run.turns)).collect())
}

/// Whether an event is a bill over nothing: of what was called off nothing is owed any more.
fn is_nothing_billed(event: &Event) -> Result<bool, Garbled> {
    let is_bill = event.kind == "ticket.billed";
    let read = if is_bill { Happening::read(event)? } else { None };
    Ok(matches!(read, Some(Happening::Billed(Billing { amount_fen: 0, .. }))))
}

/// Whether an event is the promise of a date by what is agreed with the client.
fn is_by_contract(event: &Event) -> Result<bool, Garbled> {
    let is_promise = event.kind == "ticket.accepted";
    let read = if is_promise { Happening::read(event)? } else { None };
    Ok(matches!(read, Some(Happening::Accepted { quote, .. }) if quote == BY_CONTRACT))
}

/// The pieces of material an event is about.
fn items(event: &Event) -> Result<Vec<String>, Garbled> {
    // Most events are about none.
    if !event.kind.starts_with("ticket.material_") {
        return Ok(Vec::new());
    }
    Ok(match Happening::read(event)? {
        Some(Happening::MaterialAsked { items } | Happening::MaterialReceived { items, .. }) => {
            items
        }
        Some(
            Happening::MaterialJudged { item, .. } | Happening::MaterialPrechecked { item, .. },
        ) => vec![item],
        _ => Vec::new(),
    })
}

/// What a ticket waits for, and for how many reasons.
#[derive(Default)]
struct Waits(BTreeSet<(Wait, bool)>);

impl Waits {
    fn held(&self) -> impl Iterator<Item = Wait> {
        let waits: BTreeSet<Wait> = self.0.iter().map(|(wait, _)| *wait).collect();
        waits.into_iter()
    }

    /// The turn an event is: a wait holds until the last reason for it is over.
    fn turn(&mut self, event: &Event) -> Result<Option<Turn>, Garbled> {
        // Nothing else turns a clock, and most events say much.
        if !matches!(event.kind.as_str(), "ticket.wait_begun" | "ticket.wait_over") {
            return Ok(None);
        }
        let is_held = |waits: &Waits, wait: Wait| waits.held().any(|held| held == wait);
        Ok(match Happening::read(event)? {
            Some(Happening::WaitBegun { wait, for_material, .. }) => {
                let was = is_held(self, wait);
                self.0.insert((wait, for_material));
                (!was).then_some(Turn::Holds(wait))
            }
            Some(Happening::WaitOver { wait, for_material }) => {
                let was = is_held(self, wait);
                self.0.remove(&(wait, for_material));
                (was && !is_held(self, wait)).then_some(Turn::Goes(wait))
            }
            _ => None,
        })
    }
}
