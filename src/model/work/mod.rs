//! The scenario with every text key turned into an id, every service template into steps, and
//! every local moment into a tick: what solver and verifier both start from.
//!
//! It computes no working time and no price. The definition of calendars stays at hand in
//! [`Work::book`]; whoever wants speed compiles it.

mod catalogue;
mod names;
mod resolve;
mod stage;
mod tickets;

use std::collections::BTreeMap;

use super::people::BandKind;
use super::ticket::{BureauRule, CurveKind, LinkKind};
use crate::calendar::{Book, Calendar, Day, Zone};
use crate::id::{Column, Id};
use crate::time::{Money, Span, Tick};

pub use resolve::resolve;
pub(crate) use resolve::resolve_as_far_as_possible;

/// Days that calendars reach beyond the horizon, for tickets under way (H13).
pub const DAYS_BEYOND: i64 = 60;

/// A skill, as a row.
pub struct Skill;
/// A site, as a row.
pub struct Site;
/// A team, as a row.
pub struct Team;
/// A shared thing, as a row.
pub struct Thing;
/// A batch of tickets, as a row.
pub struct Batch;
/// A calendar that lags, waits, curves and bureaus name, as a row.
pub struct Clock;

/// The resolved scenario.
#[derive(Clone)]
pub struct Work {
    /// The zone of local dates.
    pub zone: Zone,
    /// Calendars by definition.
    pub book: Book,
    /// The calendars lags, waits and curves name: those of the scenario, then bureaus' hours.
    pub clocks: Column<Clock, Calendar>,
    /// The moment planned from.
    pub as_of: Tick,
    /// Nothing ends later, save tickets under way.
    pub horizon: Tick,
    /// Keys of the skills.
    pub skills: Column<Skill, String>,
    /// Keys of the sites.
    pub sites: Column<Site, String>,
    /// `travel[from][to]`: least elapsed minutes; `None` when there is no way.
    pub travel: Column<Site, Column<Site, Option<i64>>>,
    /// Keys of the shared things.
    pub things: Column<Thing, String>,
    /// Keys of the batches.
    pub batches: Column<Batch, String>,
    /// People.
    pub people: Column<Person, Person>,
    /// Clients.
    pub clients: Column<Client, Client>,
    /// Bureaus.
    pub bureaus: Column<Bureau, Bureau>,
    /// Tickets, in the scenario's order.
    pub tickets: Column<Ticket, Ticket>,
    /// Steps and waits, ticket by ticket.
    pub steps: Column<Step, Step>,
    /// Tickets by key.
    pub ticket_keys: BTreeMap<String, Id<Ticket>>,
    /// Steps by `ticket/step`.
    pub step_keys: BTreeMap<String, Id<Step>>,
    /// Order pins: both led by the same person, the first ends before the second starts.
    pub orders: Vec<Order>,
    /// Weights and prices.
    pub policy: super::scenario::Policy,
}

/// A person, resolved.
#[derive(Clone, Debug)]
pub struct Person {
    /// The key.
    pub key: String,
    /// Skills held.
    pub skills: Vec<Held>,
    /// Bands, regular first, then overtime, then on-call. A minute belongs to the first band that
    /// covers it.
    pub bands: Vec<Band>,
    /// Where the day begins.
    pub base: Option<Id<Site>>,
    /// Team.
    pub team: Option<Id<Team>>,
    /// Urgent tickets only.
    pub urgent_only: bool,
    /// Never leads.
    pub trainee: bool,
    /// Whom a trainee may sit beside.
    pub mentors: Vec<Id<Person>>,
    /// Least minutes between worked dates.
    pub rest: Option<i64>,
}

/// A skill held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The skill.
    pub skill: Id<Skill>,
    /// 1 to 5.
    pub level: u8,
    /// The last day in force.
    pub until: Option<Day>,
}

/// A band of working time with absences and overrides already applied.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its kind.
    pub kind: BandKind,
    /// Hours for steps that need presence.
    pub present: Calendar,
    /// Hours for steps that can be done remotely; differs from `present` during remote absences.
    pub remote: Calendar,
    /// Fen per worked hour.
    pub price_per_hour: Money,
    /// Most minutes per working date, ISO week and month.
    pub caps: Caps,
    /// Minutes already worked, by working date.
    pub used: Vec<(Day, i64)>,
}

/// Caps of a band in minutes (H15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Per working date (the date the band's window opens).
    pub day: Option<i64>,
    /// Per ISO week of the working date.
    pub week: Option<i64>,
    /// Per calendar month of the working date.
    pub month: Option<i64>,
}

impl Caps {
    /// Whether anything is capped.
    #[must_use]
    pub fn any(&self) -> bool {
        self.day.is_some() || self.week.is_some() || self.month.is_some()
    }
}

/// A client, resolved.
#[derive(Clone, Debug)]
pub struct Client {
    /// The key.
    pub key: String,
    /// The dedicated person.
    pub owner: Option<Id<Person>>,
    /// The owner's team.
    pub team: Option<Id<Team>>,
    /// People excluded.
    pub excluded: Vec<Id<Person>>,
    /// Where the client is.
    pub site: Option<Id<Site>>,
}

/// A bureau, resolved.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// The key.
    pub key: String,
    /// Its opening hours, disruptions taken out.
    pub hours: Id<Clock>,
    /// Where it is.
    pub site: Option<Id<Site>>,
    /// Most steps beginning per local date.
    pub quota: Option<i64>,
}

/// A ticket, resolved.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The key.
    pub key: String,
    /// Its client.
    pub client: Option<Id<Client>>,
    /// On the urgent track.
    pub urgent: bool,
    /// Not before this (H6), `as_of` included.
    pub release: Tick,
    /// The promised finish.
    pub due: Option<Tick>,
    /// Lateness curves, those of the client-value policy included.
    pub curves: Vec<Curve>,
    /// Stated price of leaving it out: urgency, client value.
    pub unserved: Option<(Money, Money)>,
    /// Tickets that must be finished first (H10).
    pub after: Vec<Id<Ticket>>,
    /// Its batch.
    pub batch: Option<Id<Batch>>,
    /// People excluded by ticket or client.
    pub excluded: Vec<Id<Person>>,
    /// Its steps, in an order in which every step follows what it links to.
    pub steps: Vec<Id<Step>>,
    /// Some step is done or begun: never unserved (H13).
    pub begun: bool,
}

/// A lateness curve, resolved; see [`super::ticket::Curve`] for the amount.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Urgency or client value.
    pub kind: CurveKind,
    /// Where lateness starts.
    pub after: Tick,
    /// Counts open minutes or dates of it; `None`: elapsed.
    pub calendar: Option<Id<Clock>>,
    /// At once when late.
    pub fixed: Money,
    /// Per hour.
    pub per_hour: Money,
    /// Per day begun.
    pub per_day: Money,
    /// At most.
    pub cap: Option<Money>,
    /// Made by the client-value policy; when the ticket is unserved it counts in full.
    pub churn: bool,
}

/// A step or wait, resolved.
#[derive(Clone, Debug)]
pub struct Step {
    /// `ticket/step`.
    pub key: String,
    /// The key within the ticket.
    pub name: String,
    /// Its ticket.
    pub ticket: Id<Ticket>,
    /// Seats; the first leads; none: a wait.
    pub seats: Vec<Seat>,
    /// Effort in minutes, before tool and pace.
    pub effort: i64,
    /// Percent of the best available tool, else 100.
    pub tool_percent: i64,
    /// Minutes stated for lead people.
    pub stated: Vec<(Id<Person>, i64)>,
    /// How long a wait takes.
    pub wait: Lag,
    /// What must come before.
    pub links: Vec<Link>,
    /// Bureau and what its hours bind.
    pub bureau: Option<(Id<Bureau>, BureauRule)>,
    /// Allowed start windows; none: any.
    pub windows: Vec<Span>,
    /// Hard latest end.
    pub latest_end: Option<Tick>,
    /// Steps with other people.
    pub differs_from: Vec<Id<Step>>,
    /// Steps with the same lead.
    pub same_as: Vec<Id<Step>>,
    /// Things held.
    pub things: Vec<Id<Thing>>,
    /// Where.
    pub site: Option<Id<Site>>,
    /// Can be done remotely.
    pub remote: bool,
    /// Takes a client trip.
    pub client_trip: bool,
    /// People pinned, seat by seat.
    pub pinned_people: Vec<Id<Person>>,
    /// Start pinned.
    pub pinned_start: Option<Tick>,
    /// What is known of it at `as_of`.
    pub progress: Option<Progress>,
}

impl Step {
    /// Worked minutes under lead `person` of `level`, with `pace` in percent by level:
    /// `ceil(effort × tool % × pace % / 10⁴)`, at least 1, or the minutes stated for the person.
    #[must_use]
    pub fn minutes(&self, person: Id<Person>, level: u8, pace: &[u32]) -> i64 {
        if let Some((_, minutes)) = self.stated.iter().find(|(who, _)| *who == person) {
            return *minutes;
        }
        let percent = i64::from(pace[usize::from(level) - 1]);
        let scaled = self.effort * self.tool_percent * percent;
        ((scaled + 9_999) / 10_000).max(1)
    }

    /// Whether it has no seats.
    #[must_use]
    pub fn is_wait(&self) -> bool {
        self.seats.is_empty()
    }
}

/// A seat, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The skill needed.
    pub skill: Id<Skill>,
    /// Least level.
    pub level: u8,
    /// Filled by a trainee only.
    pub trainee: bool,
}

/// A length of time, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lag {
    /// Elapsed minutes.
    Minutes(i64),
    /// Open dates of a calendar.
    WorkingDays(u32, Id<Clock>),
    /// Open minutes of a calendar.
    WorkingMinutes(i64, Id<Clock>),
}

/// What must come before a step.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The earlier step.
    pub step: Id<Step>,
    /// Its end or its start.
    pub kind: LinkKind,
    /// Least time between.
    pub lag: Lag,
}

/// A step that has started (H13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Finished.
    Done {
        /// Who did it.
        people: Vec<Id<Person>>,
        /// When.
        span: Span,
    },
    /// Under way.
    Begun {
        /// Who is at it.
        people: Vec<Id<Person>>,
        /// Since when.
        start: Tick,
        /// Worked minutes left from `as_of` on; 0 for a wait.
        remaining: i64,
        /// Expected end of a wait, if known.
        end: Option<Tick>,
    },
}

/// An order pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Ends first.
    pub first: Id<Step>,
    /// Starts at or after that, under the same lead.
    pub then: Id<Step>,
}
