//! The question as the lean search reads it: small rows, 32-bit ticks, options in the order in
//! which they are tried. Made once from the [`Problem`], shared by all lanes.

use std::collections::BTreeMap;

use super::hours::{FAR, Hours, since};
use crate::id::{Column, Id};
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{self, Clock, Lag, Person, Ticket};
use crate::problem::{Problem, Shift};
use crate::solver::plain::is_plain;
use crate::time::Tick;

/// Nobody: who does a wait.
pub(super) const NOBODY: usize = u32::MAX as usize;

/// A person for a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub(super) person: Id<Person>,
    /// Worked minutes.
    pub(super) minutes: i32,
    /// Row of [`Problem::options`].
    pub(super) choice: u32,
}

/// What has to hold between two steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub(super) step: Id<work::Step>,
    /// Counts from the start of the earlier step, else from its end.
    pub(super) from_start: bool,
    pub(super) lag: Lag,
}

/// A range of rows.
type Range = (u32, u32);

/// The range of seats, and the clocks for which gates of their people are made.
type Seated = (Range, Vec<Id<Clock>>);

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) ticket: Id<Ticket>,
    seats: Range,
    before: Range,
    after: Range,
    /// How long it waits, where it has no seats.
    pub(super) wait: Option<Lag>,
    pub(super) latest_end: i32,
    /// The clock inside whose hours it begins.
    pub(super) gate: Option<Id<Clock>>,
    /// All its seats are as dear.
    pub(super) flat: bool,
    /// It may not slide: its start has a price, or others count from it.
    pub(super) rigid: bool,
    /// People of other steps matter.
    pub(super) bound: bool,
    /// A guess at the minutes from its end to the finish of the ticket.
    pub(super) tail: i32,
}

/// A ticket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) release: i32,
    /// Up to here it is not late.
    pub(super) due: i32,
    pub(super) unserved: i64,
    /// What it costs at least.
    pub(super) least: i64,
    /// How many minutes of work it takes at least.
    pub(super) effort: i64,
}

/// Numbers of minutes at which a step may begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Openings(Vec<(i32, i32)>);

impl Openings {
    fn new(hours: &Hours, problem: &Problem, clock: Id<Clock>) -> Openings {
        let mut open: Vec<(i32, i32)> = Vec::new();
        for window in problem.clocks[clock].windows() {
            let number = |tick| hours.before(since(problem.as_of, tick));
            let (from, to) = (number(window.span.start), number(window.span.end));
            match open.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ if from < to => open.push((from, to)),
                _ => {}
            }
        }
        Openings(open)
    }

    /// The first number from `number` on.
    pub(super) fn next(&self, number: i32) -> Option<i32> {
        let row = self.0.partition_point(|open| open.1 <= number);
        self.0.get(row).map(|open| open.0.max(number))
    }

    /// The opening that holds `number`.
    pub(super) fn around(&self, number: i32) -> Option<(i32, i32)> {
        let row = self.0.partition_point(|open| open.1 <= number);
        self.0.get(row).copied().filter(|open| open.0 <= number)
    }

    /// The last number up to `number`.
    pub(super) fn previous(&self, number: i32) -> Option<i32> {
        let row = self.0.partition_point(|open| open.0 <= number);
        Some((self.0[row.checked_sub(1)?].1 - 1).min(number))
    }
}

/// The working time of one person: regular minutes, and all of them.
pub(super) struct Working {
    pub(super) hours: [Hours; 2],
    gates: Vec<Option<[Openings; 2]>>,
}

/// The whole question.
pub(super) struct Table<'p> {
    pub(super) problem: &'p Problem,
    /// Somebody has minutes that are not regular.
    pub(super) has_extra: bool,
    pub(super) working: Column<Shift, Working>,
    pub(super) shifts: Column<Person, Id<Shift>>,
    pub(super) steps: Column<work::Step, Step>,
    pub(super) tickets: Column<Ticket, Row>,
    seats: Vec<Seat>,
    /// By the range of options, which steps alike share.
    seated: BTreeMap<Range, Seated>,
    ties: Vec<Tie>,
}

fn row(count: usize) -> u32 {
    u32::try_from(count).expect("rows are far fewer than 2^32")
}

fn small(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(FAR).min(FAR)
}

impl<'p> Table<'p> {
    /// The table of `problem`; `None` when a rule of it is not known here.
    pub(super) fn new(problem: &'p Problem, least: &Column<Ticket, i64>) -> Option<Self> {
        if !is_known(problem) {
            return None;
        }
        let shifts: Column<Person, Id<Shift>> =
            problem.people.iter().map(|person| person.shifts[1]).collect();
        let working = problem.shifts.iter().map(|shift| Working {
            hours: [
                Hours::new(&shift.regular, problem.as_of),
                Hours::new(shift.levels.last().unwrap_or(&shift.regular), problem.as_of),
            ],
            gates: problem.clocks.iter().map(|_| None).collect(),
        });
        let tick = |tick: Tick| since(problem.as_of, tick);
        let tickets = problem.tickets.pairs().map(|(id, ticket)| {
            let points = ticket.curves.iter().map(|curve| tick(curve.after));
            Row {
                release: tick(ticket.release.max(problem.as_of)),
                due: points.min().unwrap_or(FAR),
                unserved: ticket.unserved,
                least: least[id],
                effort: ticket.effort,
            }
        });
        let mut table = Table {
            problem,
            has_extra: problem.shifts.iter().any(|shift| !shift.tiers.is_empty()),
            working: working.collect(),
            shifts,
            steps: Column::default(),
            tickets: tickets.collect(),
            seats: Vec::new(),
            seated: BTreeMap::new(),
            ties: Vec::new(),
        };
        for id in problem.steps.ids() {
            let step = table.step(id);
            table.steps.push(step);
        }
        Some(table)
    }

    fn step(&mut self, id: Id<work::Step>) -> Step {
        let problem = self.problem;
        let step = &problem.steps[id];
        let clock =
            step.bureau.filter(|(.., rule)| *rule == BureauRule::Begins || step.wait.is_some());
        let clock = clock.map(|(_, clock, _)| clock);
        let seats = self.seat(id, clock);
        let ties = |links: &[crate::problem::Link], ties: &mut Vec<Tie>| {
            let first = row(ties.len());
            ties.extend(links.iter().map(|link| Tie {
                step: link.step,
                from_start: link.kind == LinkKind::StartStart,
                lag: link.lag,
            }));
            (first, row(ties.len()))
        };
        let prices = problem.options_of(id).map(|choice| problem.options[choice].price);
        let before = ties(&step.before, &mut self.ties);
        let after = ties(&step.after, &mut self.ties);
        Step {
            ticket: step.ticket,
            seats,
            before,
            after,
            wait: step.wait,
            latest_end: since(problem.as_of, step.latest_end),
            gate: clock,
            flat: step.previous.is_none()
                && problem.imbalance_price == 0
                && prices.clone().all(|price| Some(price) == prices.clone().next()),
            rigid: step.previous.is_some()
                || step.wait.is_some()
                || step.after.iter().any(|link| link.kind == LinkKind::StartStart),
            bound: !step.unbound,
            tail: small(step.tail),
        }
    }

    /// The range of the seats of `id`, with gates at `clock` for all of them.
    fn seat(&mut self, id: Id<work::Step>, clock: Option<Id<Clock>>) -> Range {
        let problem = self.problem;
        let (seats, shifts) = (&mut self.seats, &self.shifts);
        let new = || {
            let first = seats.len();
            for choice in problem.options_of(id) {
                let option = &problem.options[choice];
                let person = problem.crew(option)[0];
                let (minutes, choice) = (small(option.minutes), row(choice));
                seats.push(Seat { person, minutes, choice });
            }
            seats[first..].sort_by_key(|seat| (seat.minutes, shifts[seat.person], seat.choice));
            ((row(first), row(seats.len())), Vec::new())
        };
        let (range, clocks) = self.seated.entry(problem.steps[id].options).or_insert_with(new);
        if let Some(clock) = clock.filter(|clock| !clocks.contains(clock)) {
            clocks.push(clock);
            for seat in &self.seats[range.0 as usize..range.1 as usize] {
                let working = &mut self.working[self.shifts[seat.person]];
                let gate = &mut working.gates[clock.index()];
                if gate.is_none() {
                    *gate = Some(
                        [0, 1].map(|kind| Openings::new(&working.hours[kind], problem, clock)),
                    );
                }
            }
        }
        *range
    }

    pub(super) fn seats(&self, step: &Step) -> &[Seat] {
        &self.seats[step.seats.0 as usize..step.seats.1 as usize]
    }

    pub(super) fn before(&self, step: &Step) -> &[Tie] {
        &self.ties[step.before.0 as usize..step.before.1 as usize]
    }

    pub(super) fn after(&self, step: &Step) -> &[Tie] {
        &self.ties[step.after.0 as usize..step.after.1 as usize]
    }

    /// The tick since 1970.
    pub(super) fn tick(&self, tick: i32) -> Tick {
        self.problem.as_of + i64::from(tick)
    }

    /// When `lag` from `tick` is over; [`FAR`] or later when it never is.
    pub(super) fn lag_end(&self, lag: Lag, tick: i32) -> i32 {
        match lag {
            Lag::Minutes(minutes) => tick + small(minutes),
            _ => {
                let end = self.problem.lag_end(lag, self.tick(tick));
                end.map_or(FAR, |end| since(self.problem.as_of, end))
            }
        }
    }

    /// The latest tick whose lag is over at `by`; below 0 when there is none.
    pub(super) fn lag_latest(&self, lag: Lag, by: i32) -> i32 {
        match lag {
            Lag::Minutes(minutes) => by - small(minutes),
            _ => {
                let latest = self.problem.lag_latest(lag, self.tick(by));
                let latest = latest.filter(|latest| *latest >= self.problem.as_of);
                latest.map_or(-1, |latest| since(self.problem.as_of, latest))
            }
        }
    }

    /// Where `step` may begin on the line of `person`.
    pub(super) fn gate(&self, step: &Step, person: Id<Person>, kind: usize) -> Option<&Openings> {
        let clock = step.gate?;
        let gates = self.working[self.shifts[person]].gates[clock.index()].as_ref();
        gates.map(|gates| &gates[kind])
    }

    /// Lateness of `ticket` at `finish`, in fen.
    pub(super) fn lateness(&self, ticket: Id<Ticket>, finish: i32) -> i64 {
        if finish <= self.tickets[ticket].due {
            return 0;
        }
        self.problem.lateness(ticket, self.tick(finish))
    }
}

/// Whether every rule that binds in `problem` is known here.
fn is_known(problem: &Problem) -> bool {
    let person = |person: &crate::problem::Person| {
        person.shifts[0] == person.shifts[1] && person.bands.iter().all(|band| !band.caps.any())
    };
    let own = |choice: &crate::problem::Choice| {
        choice.shift == problem.people[problem.crew(choice)[0]].shifts[1]
    };
    is_plain(problem) && problem.people.iter().all(person) && problem.options.iter().all(own)
}
