//! The question as the order search reads it: steps as numbers, rows of options and links side by
//! side, ticks as 32-bit minutes from where planning begins. Made once, shared by all lanes.
//!
//! Knows nothing of how steps are ordered; see [`Table::new`] for what it can express.

use crate::calendar::timeline::Timeline;
use crate::id::Id;
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{self, Lag};
use crate::problem::{Problem, Shift};
use crate::solver::plain::is_plain;
use crate::time::{Money, Tick};

/// No step.
pub(super) const NONE: u32 = u32::MAX;

/// Later than every tick.
pub(super) const FAR: i32 = i32::MAX / 4;

/// Rows of `T` of different length, one behind the other.
#[derive(Clone, Debug)]
pub(super) struct Rows<T> {
    from: Vec<u32>,
    items: Vec<T>,
}

impl<T> Rows<T> {
    fn new() -> Rows<T> {
        Rows { from: vec![0], items: Vec::new() }
    }

    fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.from.push(small_row(self.items.len()));
    }

    /// The items of `row`.
    pub(super) fn of(&self, row: usize) -> &[T] {
        &self.items[self.from[row] as usize..self.from[row + 1] as usize]
    }

    /// Where the items of `row` stand among all.
    pub(super) fn range(&self, row: usize) -> (u32, u32) {
        (self.from[row], self.from[row + 1])
    }

    /// All items.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }
}

/// One way to do a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Whose line.
    pub(super) line: u32,
    /// Worked minutes.
    pub(super) minutes: i32,
    /// Row of [`Table::hours`].
    hours: u32,
    /// Row of [`Problem::options`].
    pub(super) choice: u32,
}

impl Way {
    /// Whether its hours are more than one stretch.
    pub(super) fn has_hours(&self) -> bool {
        self.hours != NONE
    }
}

/// A link: the other step, and minutes from end to start.
pub(super) type Link = (u32, i32);

/// A piece of a ticket's cost that grows evenly.
#[derive(Clone, Copy, Debug)]
struct Piece {
    after: i32,
    fixed: i64,
    per_minute: i64,
}

/// The whole question.
pub(super) struct Table<'p> {
    pub(super) problem: &'p Problem,
    /// How many lines there are: one per person.
    pub(super) line_count: usize,
    pub(super) ways: Rows<Way>,
    pub(super) before: Rows<Link>,
    pub(super) after: Rows<Link>,
    /// Steps that need another person.
    pub(super) differs: Rows<u32>,
    pub(super) ticket: Vec<u32>,
    pub(super) release: Vec<i32>,
    pub(super) latest_end: Vec<i32>,
    /// Least minutes from the end of a step to the finish of its ticket.
    pub(super) tail: Vec<i32>,
    /// Steps of each ticket that nothing follows.
    pub(super) lasts: Rows<u32>,
    /// Where a step stands among [`Table::lasts`], or [`NONE`].
    pub(super) last_row: Vec<u32>,
    /// Working hours that are not one stretch.
    hours: Vec<Id<Shift>>,
    /// Pieces of each ticket; none: its cost is asked of the [`Problem`].
    pieces: Rows<Piece>,
    uneven: Vec<bool>,
}

fn small_row(count: usize) -> u32 {
    u32::try_from(count).expect("rows are far fewer than 2^32")
}

fn small(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(FAR).clamp(-FAR, FAR)
}

impl<'p> Table<'p> {
    /// The table of `problem`; `None` when it cannot express it. It knows steps of one seat,
    /// links from end to start by elapsed minutes, people who differ, releases, latest ends and
    /// every lateness; nothing that is under way, pinned, frozen or travels, no waits, things,
    /// quotas, bureaus where only the start counts, caps, hours beyond the regular ones, no
    /// prices beside lateness, and no ticket that is better left out than late.
    pub(super) fn new(problem: &'p Problem) -> Option<Table<'p>> {
        if !is_expressible(problem) {
            return None;
        }
        let count = problem.steps.len();
        let mut table = Table {
            problem,
            line_count: problem.people.len(),
            ways: Rows::new(),
            before: Rows::new(),
            after: Rows::new(),
            differs: Rows::new(),
            ticket: Vec::with_capacity(count),
            release: Vec::with_capacity(count),
            latest_end: Vec::with_capacity(count),
            tail: vec![0; count],
            lasts: Rows::new(),
            last_row: vec![NONE; count],
            hours: Vec::new(),
            pieces: Rows::new(),
            uneven: Vec::new(),
        };
        for id in problem.steps.ids() {
            table.add_step(id);
        }
        for step in problem.tickets.iter().flat_map(|ticket| ticket.steps.iter().rev()) {
            table.set_tail(step.index());
        }
        for id in problem.tickets.ids() {
            table.add_ticket(id);
        }
        Some(table)
    }

    fn add_step(&mut self, id: Id<work::Step>) {
        let step = &self.problem.steps[id];
        let mut ways = Vec::new();
        for choice in self.problem.options_of(id) {
            let option = &self.problem.options[choice];
            let line = small_row(self.problem.crew(option)[0].index());
            let hours = self.hours_of(option.shift, step.latest_end);
            let (minutes, choice) = (small(option.minutes), small_row(choice));
            ways.push(Way { line, minutes, hours, choice });
        }
        self.ways.push(ways);
        let link = |link: &crate::problem::Link| match link.lag {
            Lag::Minutes(minutes) => (small_row(link.step.index()), small(minutes)),
            _ => unreachable!("other lags are not expressible"),
        };
        self.before.push(step.before.iter().map(link));
        self.after.push(step.after.iter().map(link));
        self.differs.push(step.differs.iter().map(|other| small_row(other.index())));
        self.ticket.push(small_row(step.ticket.index()));
        let release = self.problem.tickets[step.ticket].release;
        self.release.push(self.minute(release.max(self.problem.as_of)));
        self.latest_end.push(self.minute(step.latest_end));
    }

    /// The row of the hours of `shift`; [`NONE`] when they are one stretch up to `last`.
    fn hours_of(&mut self, shift: Id<Shift>, last: Tick) -> u32 {
        let windows = self.problem.shifts[shift].regular.windows();
        let mut covered = self.problem.as_of;
        for window in windows {
            if window.span.start <= covered {
                covered = covered.max(window.span.end);
            }
        }
        if covered >= last {
            return NONE;
        }
        let known = self.hours.iter().position(|known| *known == shift);
        let row = known.unwrap_or(self.hours.len());
        if known.is_none() {
            self.hours.push(shift);
        }
        small_row(row)
    }

    /// Sets the tail of `step`; those of the steps after it are known.
    fn set_tail(&mut self, step: usize) {
        let rest = self.after.of(step).iter().map(|(next, lag)| {
            let least = self.ways.of(*next as usize).iter().map(|way| way.minutes).min();
            lag + least.unwrap_or(0) + self.tail[*next as usize]
        });
        self.tail[step] = rest.max().unwrap_or(0).min(FAR);
    }

    fn add_ticket(&mut self, id: Id<work::Ticket>) {
        let problem = self.problem;
        let ticket = &problem.tickets[id];
        let steps = ticket.steps.iter().map(|step| step.index());
        let lasts: Vec<usize> = steps.filter(|step| self.after.of(*step).is_empty()).collect();
        for (row, step) in lasts.iter().enumerate() {
            self.last_row[*step] = small_row(self.lasts.items().len() + row);
        }
        self.lasts.push(lasts.into_iter().map(small_row));
        let even = |curve: &crate::problem::Curve| {
            curve.calendar.is_none()
                && curve.per_day == Money::ZERO
                && curve.cap.is_none()
                && curve.weight == 1000
                && curve.per_hour.0 % 60 == 0
        };
        let uneven = !ticket.curves.iter().all(even);
        let curves = ticket.curves.iter().filter(|_| !uneven);
        let pieces: Vec<Piece> = curves
            .map(|curve| Piece {
                after: self.minute(curve.after),
                fixed: curve.fixed.0,
                per_minute: curve.per_hour.0 / 60,
            })
            .collect();
        self.pieces.push(pieces);
        self.uneven.push(uneven);
    }

    /// Minutes from where planning begins to `tick`.
    pub(super) fn minute(&self, tick: Tick) -> i32 {
        small(tick - self.problem.as_of)
    }

    /// The tick since 1970.
    pub(super) fn tick(&self, minute: i32) -> Tick {
        self.problem.as_of + i64::from(minute)
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.ticket.len()
    }

    /// From the first worked minute at or after `from` until the minutes of `way` are worked.
    pub(super) fn span(&self, way: &Way, from: i32) -> (i32, i32) {
        if way.hours == NONE {
            return (from, from.saturating_add(way.minutes));
        }
        let hours: &Timeline = &self.problem.shifts[self.hours[way.hours as usize]].regular;
        let span = hours.stretch(self.tick(from), i64::from(way.minutes));
        span.map_or((FAR, FAR), |span| (self.minute(span.start), self.minute(span.end)))
    }

    /// Lateness of `ticket` when it finishes at `finish`, in fen.
    pub(super) fn lateness(&self, ticket: usize, finish: i32) -> i64 {
        if self.uneven[ticket] {
            return self.problem.lateness(Id::new(ticket), self.tick(finish));
        }
        let late = self.pieces.of(ticket).iter().filter(|piece| finish > piece.after);
        late.map(|piece| piece.fixed + piece.per_minute * i64::from(finish - piece.after)).sum()
    }

    /// A finish from which on the cost is above `limit`, where all hangs on one ticket.
    pub(super) fn finish_limit(&self, limit: i64) -> i32 {
        if self.uneven.len() > 1 || self.uneven[0] {
            return FAR;
        }
        match self.pieces.of(0) {
            [piece] if piece.per_minute > 0 => {
                let over = (limit - piece.fixed).max(0) / piece.per_minute;
                piece.after.saturating_add(small(over)).min(FAR)
            }
            _ => FAR,
        }
    }
}

/// Whether every rule that binds in `problem` is known here.
fn is_expressible(problem: &Problem) -> bool {
    let person = |person: &crate::problem::Person| {
        person.shifts.iter().all(|shift| problem.shifts[*shift].tiers.is_empty())
    };
    // It leaves nothing out, so being late must never cost more than that.
    let serves = |(id, ticket): (Id<work::Ticket>, &crate::problem::Ticket)| {
        !ticket.steps.is_empty() && ticket.unserved >= problem.lateness(id, problem.horizon)
    };
    is_plain(problem)
        && problem.tickets.pairs().all(serves)
        && problem.imbalance_price == 0
        && !problem.steps.is_empty()
        && problem.people.iter().all(person)
        && problem.steps.iter().all(|step| is_expressible_step(problem, step))
}

fn is_expressible_step(problem: &Problem, step: &crate::problem::Step) -> bool {
    let options = &problem.options[step.choices()];
    let own = |choice: &crate::problem::Choice| {
        choice.minutes > 0
            && choice.price == options[0].price
            && problem.shifts[choice.shift].tiers.is_empty()
    };
    let link = |link: &crate::problem::Link| {
        link.kind == LinkKind::FinishStart
            && matches!(link.lag, Lag::Minutes(minutes) if minutes >= 0)
            && problem.steps[link.step].ticket == step.ticket
    };
    step.wait.is_none()
        && step.previous.is_none()
        && step.bureau.is_none_or(|(.., rule)| rule == BureauRule::Wholly)
        && step.before.iter().chain(&step.after).all(link)
        && !options.is_empty()
        && options.iter().all(own)
}
