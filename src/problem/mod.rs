//! The compiled question: ticks, ids and timelines in read-only columns, made once per run by
//! [`compile`] and shared by every lane of the search.
//!
//! Knows no wall clock and no text but the keys it hands back. The wording of the rules is in
//! [`crate::model::rule`]; here each is turned into something quick to ask.

mod clocks;
mod compile;
mod curve;
mod extend;
mod kind;
mod narrow;
mod options;
mod shift;
mod steps;

use crate::calendar::Midnights;
use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work;
use crate::time::{Span, Tick};

pub use compile::{Before, compile};
pub use curve::Curve;
pub use extend::{extend, retract};
pub use shift::{Shift, TIER_LIMIT, Tier};

/// The compiled question.
#[derive(Clone)]
pub struct Problem {
    /// The moment planned from.
    pub as_of: Tick,
    /// Where tickets end that are not begun.
    pub horizon: Tick,
    /// Where calendars end.
    pub reach: Span,
    /// Local midnights over the reach.
    pub midnights: Midnights,
    /// Calendars of lags, waits, curves and bureaus.
    pub clocks: Column<work::Clock, Timeline>,
    /// Distinct working times of people and teams.
    pub shifts: Column<Shift, Shift>,
    /// People.
    pub people: Column<work::Person, Person>,
    /// Quotas of the bureaus.
    pub quotas: Column<work::Bureau, Option<i64>>,
    /// Steps.
    pub steps: Column<work::Step, Step>,
    /// Steps under way, in the order in which their people work on them.
    pub begun: Vec<Id<work::Step>>,
    /// Tickets.
    pub tickets: Column<work::Ticket, Ticket>,
    /// All options of all steps; a step owns a range.
    pub options: Vec<Choice>,
    /// People of the options; an option owns a range.
    pub crews: Vec<Id<work::Person>>,
    /// `travel[from][to]` in minutes; `None`: no way.
    pub travel: Column<work::Site, Column<work::Site, Option<i64>>>,
    /// How many things there are.
    pub thing_count: usize,
    /// Whether anybody has to travel anywhere.
    pub travels: bool,
    /// Price of one client trip, in fen.
    pub trip_price: i64,
    /// Minutes a start may move for nothing.
    pub tolerance: i64,
    /// Price of a moved start, in fen.
    pub start_price: i64,
    /// Price of changed people, in fen.
    pub person_price: i64,
    /// Fen per hour beyond the fair share.
    pub imbalance_price: i64,
    /// The fair share in percent.
    pub fair_percent: i64,
}

/// A person, compiled.
#[derive(Clone)]
pub struct Person {
    /// Present and remote working time.
    pub shifts: [Id<Shift>; 2],
    /// Where the day begins.
    pub base: Option<Id<work::Site>>,
    /// Least minutes between working dates, where bands alone do not keep them.
    pub rest: Option<i64>,
    /// Bands other than regular, in order.
    pub bands: Vec<Band>,
    /// The regular band, where it has caps.
    pub regular_band: Option<Band>,
    /// Regular minutes (by presence) from `as_of` to the horizon.
    pub regular: i64,
}

/// A band of a person.
#[derive(Clone)]
pub struct Band {
    /// Fen per hour.
    pub price: i64,
    /// Caps per working date, week and month.
    pub caps: work::Caps,
    /// Minutes already worked, by working date.
    pub used: Vec<(crate::calendar::Day, i64)>,
}

/// What has to hold between two steps.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The other step.
    pub step: Id<work::Step>,
    /// Which event of the earlier one counts.
    pub kind: LinkKind,
    /// Least time between.
    pub lag: work::Lag,
}

/// What is fixed about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// Nothing: it is planned.
    Free,
    /// Done: people and span are facts.
    Done(Vec<Id<work::Person>>, Span),
    /// Begun: started then, this much left from `as_of` on.
    Begun(Tick, i64),
    /// A begun wait that ends then.
    BegunWait(Span),
}

/// A step, compiled.
#[derive(Clone)]
pub struct Step {
    /// Its ticket.
    pub ticket: Id<work::Ticket>,
    /// Facts.
    pub fixed: Fixed,
    /// How long it waits, where it has no seats.
    pub wait: Option<work::Lag>,
    /// Its options, as a range of [`Problem::options`].
    pub options: (u32, u32),
    /// Must come before.
    pub before: Vec<Link>,
    /// Must come after.
    pub after: Vec<Link>,
    /// Bureau and what its hours bind.
    pub bureau: Option<(Id<work::Bureau>, Id<work::Clock>, BureauRule)>,
    /// Allowed starts; none: any.
    pub windows: Vec<Span>,
    /// Latest end: hard, and of the horizon.
    pub latest_end: Tick,
    /// No person may be in both; stated on either step.
    pub differs: Vec<Id<work::Step>>,
    /// The same lead; stated on either step.
    pub same: Vec<Id<work::Step>>,
    /// Order pins: led by the same person, and those end before this starts.
    pub pinned_after: Vec<Id<work::Step>>,
    /// Order pins: led by the same person, and this ends before those start.
    pub pinned_before: Vec<Id<work::Step>>,
    /// Nobody in another step, and no order pin, says who may do it.
    pub unbound: bool,
    /// Of a step under way: those of its people that are worked first.
    pub turn_after: Vec<Id<work::Step>>,
    /// Things held.
    pub things: Vec<Id<work::Thing>>,
    /// Where.
    pub site: Option<Id<work::Site>>,
    /// Row of presence in [`Person::shifts`].
    pub presence: usize,
    /// Takes a client trip.
    pub trip: bool,
    /// People and start in the previous plan.
    pub previous: Option<(Vec<Id<work::Person>>, Tick)>,
    /// End in the previous plan, if stated.
    pub previous_end: Option<Tick>,
    /// Kept by the freeze: never lifted once placed.
    pub frozen: bool,
    /// A guess at the elapsed minutes from its end to the ticket's finish.
    pub tail: i64,
    /// Least worked minutes over all options.
    pub least_minutes: i64,
}

impl Step {
    /// The rows of its options.
    #[must_use]
    pub fn choices(&self) -> std::ops::Range<usize> {
        self.options.0 as usize..self.options.1 as usize
    }

    /// Whether the search may move it: no fact, not begun, not frozen.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.fixed == Fixed::Free && !self.frozen
    }

    /// Whether it stands as a fact and is never planned.
    #[must_use]
    pub fn is_fact(&self) -> bool {
        matches!(self.fixed, Fixed::Done(..) | Fixed::BegunWait(_))
    }
}

/// One way to man a step.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The people, lead first, as a range of [`Problem::crews`].
    pub crew: (u32, u32),
    /// Working time the crew shares.
    pub shift: Id<Shift>,
    /// Worked minutes.
    pub minutes: i64,
    /// No worked minute at or after this: a certificate ends.
    pub expires: Tick,
    /// Preference and other prices that do not depend on time.
    pub price: i64,
}

/// A ticket, compiled.
#[derive(Clone)]
pub struct Ticket {
    /// Not before this.
    pub release: Tick,
    /// Curves with a weight above 0.
    pub curves: Vec<Curve>,
    /// Weighted price of leaving it out.
    pub unserved: i64,
    /// Must be served: a step is a fact or frozen.
    pub must: bool,
    /// Tickets that must be finished first.
    pub after: Vec<Id<work::Ticket>>,
    /// Tickets that come after it.
    pub before: Vec<Id<work::Ticket>>,
    /// Tickets served with it or not at all, itself left out.
    pub mates: Vec<Id<work::Ticket>>,
    /// Steps, each after what it links to.
    pub steps: Vec<Id<work::Step>>,
    /// Steps that are planned: not done, no begun wait.
    pub planned_count: usize,
    /// Some step is a fact.
    pub begun: bool,
    /// Its promised finish, else the first point of its curves, else the horizon.
    pub due: Tick,
    /// Its client's row, for trips.
    pub trip_owner: usize,
    /// Least worked minutes over all its steps.
    pub effort: i64,
}

impl Problem {
    /// The options of a step.
    #[must_use]
    pub fn options_of(&self, step: Id<work::Step>) -> std::ops::Range<usize> {
        self.steps[step].choices()
    }

    /// The people of an option, lead first.
    #[must_use]
    pub fn crew(&self, choice: &Choice) -> &[Id<work::Person>] {
        &self.crews[choice.crew.0 as usize..choice.crew.1 as usize]
    }

    /// Weighted lateness of `ticket` when it finishes at `finish`.
    #[must_use]
    pub fn lateness(&self, ticket: Id<work::Ticket>, finish: Tick) -> i64 {
        self.tickets[ticket].curves.iter().map(|curve| curve.weighted(finish, &self.clocks)).sum()
    }

    /// The first tick at or after `at` beyond which lateness of `ticket` may grow.
    #[must_use]
    pub fn next_point(&self, ticket: Id<work::Ticket>, at: Tick) -> Tick {
        let later = self.tickets[ticket].curves.iter().filter_map(|curve| curve.next_point(at));
        later.min().unwrap_or(Tick::MAX)
    }

    /// When `lag` from `tick` is over; `None` beyond the reach.
    #[must_use]
    pub fn lag_end(&self, lag: work::Lag, tick: Tick) -> Option<Tick> {
        match lag {
            work::Lag::Minutes(minutes) => Some(tick + minutes),
            work::Lag::WorkingDays(days, clock) => self.clocks[clock].nth_opening(tick, days),
            work::Lag::WorkingMinutes(minutes, clock) => {
                self.clocks[clock].add_open_minutes(tick, minutes)
            }
        }
    }

    /// When `lag` is over at the earliest from `tick` or any later one on, which need not be the
    /// earliest of all: for bounds.
    #[must_use]
    pub fn lag_soonest(&self, lag: work::Lag, tick: Tick) -> Option<Tick> {
        match lag {
            work::Lag::WorkingDays(days, clock) => self.clocks[clock].soonest_opening(tick, days),
            _ => self.lag_end(lag, tick),
        }
    }

    /// The latest tick whose lag is over at `by`; `None` when there is none in reach.
    #[must_use]
    pub fn lag_latest(&self, lag: work::Lag, by: Tick) -> Option<Tick> {
        match lag {
            work::Lag::Minutes(minutes) => Some(by - minutes),
            work::Lag::WorkingDays(days, clock) => self.clocks[clock].latest_for_opening(by, days),
            work::Lag::WorkingMinutes(minutes, clock) => {
                self.clocks[clock].latest_for_minutes(by, minutes)
            }
        }
    }
}
