//! The board: a plan as plain rows, for every renderer alike.
//!
//! Everything here is already decided and already priced. Rows name each other by id; times are
//! ticks and become wall-clock times in the board's zone when they are shown.

mod build;
mod lookout;
mod proof;
mod rows;

use std::collections::BTreeMap;

use crate::calendar::{Day, Label, Opening, Zone};
use crate::id::{Column, Id};
use crate::model::cost::{Bill, Loss, Weights};
use crate::model::people::BandKind;
use crate::model::plan::{Bound, Provenance, Standing, UnservedReason};
use crate::time::{Money, Span, Tick};

pub use build::build;
pub use proof::{Gap, Hour, Whose};
/// The band drawn as a person's hours.
pub(super) use rows::REGULAR;

/// How much later a ticket is imagined to finish when the board says what is at risk (minutes).
pub const SLIP_MINUTES: i64 = 120;

/// What the board cannot know by itself: amounts recomputed from the plan by whoever prices.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// What the whole plan costs.
    pub bill: Bill,
    /// By ticket key; a ticket without an entry costs nothing.
    pub tickets: BTreeMap<String, TicketFigures>,
    /// By person key; a person without an entry has worked nothing.
    pub people: BTreeMap<String, PersonFigures>,
    /// What is wrong with the plan, in sentences; empty when every rule holds.
    pub violations: Vec<Label>,
}

/// The amounts of one ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketFigures {
    /// Its lateness if served, its unserved price if not.
    pub loss: Loss,
    /// Its lateness if it finished [`SLIP_MINUTES`] later than planned.
    pub slipped: Loss,
}

/// The minutes and amounts of one person, from `as_of` on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonFigures {
    /// Regular minutes worked.
    pub regular_minutes: i64,
    /// Regular minutes there are, up to the horizon.
    pub available_minutes: i64,
    /// Minutes worked in other bands.
    pub extra_minutes: i64,
    /// What those cost.
    pub extra_cost: Money,
}

/// A plan for reading.
#[derive(Clone, Debug)]
pub struct Board {
    /// What the scenario is about.
    pub about: Option<Label>,
    /// The zone its times are shown in.
    pub zone: Zone,
    /// The moment planned from.
    pub as_of: Tick,
    /// The horizon planned to.
    pub horizon: Tick,
    /// What the plan costs.
    pub bill: Bill,
    /// The weights it was made with, where they were chosen for it.
    pub weights: Option<Weights>,
    /// What no plan can cost less than.
    pub bound: Option<Bound>,
    /// Where the gap to it lies, if the plan says.
    pub gap: Option<Gap>,
    /// What one more hour is worth: skills, then people, each by its dearest date.
    pub hours: Vec<Hour>,
    /// How to make the plan again.
    pub provenance: Option<Provenance>,
    /// What is wrong with the plan; empty when every rule holds.
    pub violations: Vec<Label>,
    /// People, in the scenario's order.
    pub people: Column<Person, Person>,
    /// Tickets, in the scenario's order, unserved ones included.
    pub tickets: Column<Ticket, Ticket>,
    /// Planned steps and waits, in the plan's order.
    pub steps: Column<Step, Step>,
    /// Tickets left out.
    pub unserved: Vec<Unserved>,
    /// Bureaus, in the scenario's order.
    pub bureaus: Column<Bureau, Bureau>,
    /// Frozen steps that had to be let go, each as a sentence.
    pub released: Vec<Label>,
    /// Tickets that cost more if they slip, dearest first (R079).
    pub at_risk: Vec<Risk>,
    /// The date of the key moments: the first with work at or after `as_of`.
    pub day: Day,
    /// What happens on that date, in order of time.
    pub moments: Vec<KeyMoment>,
}

/// A person's line.
#[derive(Clone, Debug)]
pub struct Person {
    /// The key.
    pub key: String,
    /// The name.
    pub name: Label,
    /// The team, if any.
    pub team: Option<Label>,
    /// Regular hours from the first day shown to the end of the plan.
    pub regular: Vec<Opening>,
    /// The person's steps, by start.
    pub turns: Vec<Turn>,
    /// Minutes and amounts.
    pub figures: PersonFigures,
}

/// A person's part in one step.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The step.
    pub step: Id<Step>,
    /// Which seat; 0 leads.
    pub seat: usize,
    /// The worked stretches, cut where the band changes.
    pub pieces: Vec<Stretch>,
    /// The way there, if the step is elsewhere than the person was.
    pub travel: Option<Travel>,
}

/// Work in one band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When.
    pub span: Span,
    /// In which band; `None` outside all of the person's bands, which no sound plan has.
    pub band: Option<BandKind>,
}

/// A way to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Travel {
    /// Elapsed minutes.
    pub minutes: i64,
    /// From where.
    pub from: Label,
}

/// A ticket's line.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The key.
    pub key: String,
    /// The title; that of the service where the ticket has none.
    pub title: Label,
    /// The client, if any.
    pub client: Option<Label>,
    /// The service, if any.
    pub service: Option<Label>,
    /// On the urgent track.
    pub urgent: bool,
    /// The promised finish.
    pub due: Option<Tick>,
    /// The latest end of its steps; `None` when unserved.
    pub finish: Option<Tick>,
    /// Its steps, by start.
    pub steps: Vec<Id<Step>>,
    /// What it costs.
    pub loss: Loss,
}

impl Ticket {
    /// Minutes from the due time to the finish; 0 when in time, without due time or unserved.
    #[must_use]
    pub fn late_minutes(&self) -> i64 {
        match (self.due, self.finish) {
            (Some(due), Some(finish)) => (finish - due).max(0),
            _ => 0,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match (self.finish, self.due) {
            (None, _) => Fate::Unserved,
            (Some(_), None) if self.loss.weighted_fen == Money::ZERO => Fate::NoDue,
            (Some(finish), Some(due)) if finish <= due => Fate::InTime,
            _ => Fate::Late,
        }
    }
}

/// Where a ticket stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Left out.
    Unserved,
    /// Finishes after its due time, or costs lateness.
    Late,
    /// Finishes in time.
    InTime,
    /// Has no due time.
    NoDue,
}

/// A planned step or wait.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its ticket.
    pub ticket: Id<Ticket>,
    /// Its key within the ticket.
    pub key: String,
    /// Its name.
    pub name: Label,
    /// First minute and the first after the last.
    pub span: Span,
    /// Who, seat by seat; empty for a wait.
    pub people: Vec<Id<Person>>,
    /// Where.
    pub site: Option<Label>,
    /// At which bureau it begins.
    pub bureau: Option<Id<Bureau>>,
    /// Who does it outside the firm.
    pub by: Option<Label>,
    /// Shared things it holds.
    pub things: Vec<Label>,
    /// The client comes along.
    pub client_trip: bool,
    /// Where it stands.
    pub standing: Standing,
    /// Rests on a date whose holiday notice is not published yet (R246).
    pub provisional: bool,
}

/// A ticket left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// The ticket.
    pub ticket: Id<Ticket>,
    /// Why, if the plan says.
    pub reason: Option<UnservedReason>,
    /// What leaving it out costs.
    pub price: Loss,
}

/// A bureau's line.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// The key.
    pub key: String,
    /// The name.
    pub name: Label,
    /// Its opening hours from the first day shown to the end of the plan.
    pub open: Vec<Opening>,
    /// Planned steps that begin there, by start.
    pub visits: Vec<Id<Step>>,
}

/// A ticket that costs money if it slips (R079).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Risk {
    /// The ticket.
    pub ticket: Id<Ticket>,
    /// Minutes from the finish to the due time, or to where its first curve begins; negative when
    /// that has passed.
    pub slack_minutes: i64,
    /// What two hours more would cost.
    pub slip_cost: Money,
}

/// Something to be ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMoment {
    /// When.
    pub at: Tick,
    /// What.
    pub event: Event,
}

/// What happens at a key moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A ticket is due.
    Due(Id<Ticket>),
    /// A bureau closes within an hour after a step has to begin there.
    Closing(Id<Bureau>, Id<Step>),
    /// A ticket passes from the lead of the first step to the lead of the second.
    HandOver(Id<Step>, Id<Step>),
    /// Work outside regular hours begins for a person.
    Extra(Id<Person>, Id<Step>),
    /// The client has to come.
    ClientTrip(Id<Step>),
    /// A wait for somebody outside ends.
    Answer(Id<Step>),
}
