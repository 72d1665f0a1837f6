//! Steps, compiled: facts, options, links both ways, guesses of what is still to come.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::shift::Shifts;
use super::{Choice, Fixed, Link, Step, options};
use crate::calendar::timeline::Timeline;
use crate::id::{Column, Id};
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{self, Lag, Progress, Work};
use crate::time::{DAY, Span, Tick};

/// A step of the previous plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Who.
    pub people: Vec<Id<work::Person>>,
    /// When it began there.
    pub start: Tick,
    /// When it ended there, if stated.
    pub end: Option<Tick>,
    /// Kept by the freeze.
    pub frozen: bool,
}

/// What steps are compiled from and into.
pub(super) struct Workshop<'a> {
    pub(super) work: &'a Work,
    pub(super) clocks: &'a Column<work::Clock, Timeline>,
    pub(super) shifts: Shifts<'a>,
    pub(super) person_shifts: Vec<[Id<super::Shift>; 2]>,
    pub(super) previous: &'a BTreeMap<Id<work::Step>, Before>,
    pub(super) pools: options::Pools,
    pub(super) options: Vec<Choice>,
    pub(super) crews: Vec<Id<work::Person>>,
    /// Ranges of options by kind of step.
    pub(super) kinds: BTreeMap<Kind<'a>, (u32, u32)>,
}

/// The starts allowed for a step; one that is frozen keeps its start.
fn windows(row: &work::Step, frozen: Option<&Before>) -> Vec<Span> {
    let Some(start) = frozen.map(|before| before.start).or(row.pinned_start) else {
        return row.windows.clone();
    };
    let inside = row.windows.is_empty() || row.windows.iter().any(|w| w.contains(start));
    // A pin made after the previous plan keeps a frozen step from its old place.
    let inside = inside && row.pinned_start.is_none_or(|pinned| pinned == start);
    vec![Span::new(start, if inside { start + 1 } else { start })]
}

impl<'a> Workshop<'a> {
    /// The compiled step; links that point forward are added by [`link_forward`].
    pub(super) fn step(&mut self, id: Id<work::Step>) -> Step {
        let work = self.work;
        let row = &work.steps[id];
        let ticket = &work.tickets[row.ticket];
        let before = self.previous.get(&id);
        let fixed = self.fixed(row);
        let frozen = before.is_some_and(|before| before.frozen) && fixed == Fixed::Free;
        let last = if ticket.begun { work.reach().end } else { work.horizon };
        let bureau = row.bureau.map(|(bureau, rule)| (bureau, work.bureaus[bureau].hours, rule));
        let range = self.options_of(row, &fixed, before.filter(|_| frozen));
        let least = &self.options[range.0 as usize..range.1 as usize];
        Step {
            ticket: row.ticket,
            wait: row.is_wait().then_some(row.wait),
            options: range,
            before: row
                .links
                .iter()
                .map(|l| Link { step: l.step, kind: l.kind, lag: l.lag })
                .collect(),
            after: Vec::new(),
            bureau,
            windows: windows(row, before.filter(|_| frozen)),
            latest_end: row.latest_end.filter(|_| !fixed.is_begun()).map_or(last, |e| e.min(last)),
            differs: row.differs_from.clone(),
            same: row.same_as.clone(),
            pinned_after: Vec::new(),
            pinned_before: Vec::new(),
            unbound: false,
            turn_after: Vec::new(),
            things: row.things.clone(),
            site: row.site,
            presence: usize::from(row.remote),
            trip: row.client_trip
                && !row.is_wait()
                && !matches!(row.progress, Some(Progress::Done { .. })),
            previous: before
                .filter(|_| row.progress.is_none() && !row.is_wait())
                .map(|before| (before.people.clone(), before.start)),
            previous_end: before.and_then(|before| before.end),
            frozen,
            tail: 0,
            least_minutes: least.iter().map(|choice| choice.minutes).min().unwrap_or(0),
            fixed,
        }
    }

    fn fixed(&self, row: &work::Step) -> Fixed {
        match &row.progress {
            None => Fixed::Free,
            Some(Progress::Done { people, span }) => Fixed::Done(people.clone(), *span),
            Some(Progress::Begun { start, remaining, end, .. }) if row.is_wait() => {
                debug_assert_eq!(*remaining, 0);
                let natural = || super::compile::lag_end(self.clocks, row.wait, *start);
                let end = end.or_else(natural).unwrap_or(self.work.as_of).max(self.work.as_of);
                Fixed::BegunWait(Span::new(*start, end))
            }
            Some(Progress::Begun { start, remaining, .. }) => Fixed::Begun(*start, *remaining),
        }
    }

    /// The range of the options of `row`, which steps of one kind share.
    fn options_of(
        &mut self,
        row: &'a work::Step,
        fixed: &Fixed,
        frozen: Option<&Before>,
    ) -> (u32, u32) {
        let work = self.work;
        let kind = (*fixed == Fixed::Free && frozen.is_none()).then(|| Kind::new(work, row));
        if let Some(known) = kind.as_ref().and_then(|kind| self.kinds.get(kind)) {
            return *known;
        }
        let crews = match (&row.progress, frozen) {
            (Some(Progress::Begun { people, .. }), _) if !row.is_wait() => vec![people.clone()],
            (Some(_), _) => Vec::new(),
            (None, Some(before)) => {
                let allowed = options::allows(work, &mut self.pools, row, &before.people);
                if allowed { vec![before.people.clone()] } else { Vec::new() }
            }
            _ if row.is_wait() => Vec::new(),
            _ => options::crews(work, &mut self.pools, row),
        };
        let from = position(self.options.len());
        for crew in &crews {
            if let Some(choice) = self.choice(row, fixed, crew) {
                self.options.push(choice);
            }
        }
        let range = (from, position(self.options.len()));
        if let Some(kind) = kind {
            self.kinds.insert(kind, range);
        }
        range
    }

    fn choice(
        &mut self,
        row: &work::Step,
        fixed: &Fixed,
        crew: &[Id<work::Person>],
    ) -> Option<Choice> {
        let work = self.work;
        let lead = *crew.first()?;
        if !matches!(fixed, Fixed::Begun(..)) && !reachable(work, row, crew) {
            return None;
        }
        let shifts: Vec<_> =
            crew.iter().map(|p| self.person_shifts[p.index()][usize::from(row.remote)]).collect();
        let bureau = row.bureau.filter(|(_, rule)| *rule == BureauRule::Wholly);
        let bureau = bureau.map(|(bureau, _)| work.bureaus[bureau].hours);
        let bureau = bureau.map(|clock| (clock, &self.clocks[clock]));
        let shift = self.shifts.crew(&shifts, bureau);
        let level = level_held(work, row, 0, lead).map_or(row.seats[0].level, |held| held.level);
        let minutes = match fixed {
            Fixed::Begun(_, remaining) => *remaining,
            _ => row.minutes(lead, level, &work.policy.pace_percent),
        };
        let ends = crew.iter().enumerate().filter_map(|(seat, person)| {
            level_held(work, row, seat, *person)?
                .until
                .map(|until| work.zone.midnight(until.plus(1)))
        });
        let expires = if matches!(fixed, Fixed::Begun(..)) { None } else { ends.min() };
        let start = self.crews.len();
        self.crews.extend_from_slice(crew);
        Some(Choice {
            crew: (position(start), position(self.crews.len())),
            shift,
            minutes,
            expires: expires.unwrap_or(Tick::MAX),
            price: options::preference(work, row, lead),
        })
    }
}

fn level_held(
    work: &Work,
    row: &work::Step,
    seat: usize,
    person: Id<work::Person>,
) -> Option<work::Held> {
    let skill = row.seats.get(seat)?.skill;
    work.people[person].skills.iter().find(|held| held.skill == skill).copied()
}

/// Whether everybody with a base can get to the step's site.
fn reachable(work: &Work, row: &work::Step, crew: &[Id<work::Person>]) -> bool {
    let Some(site) = row.site else { return true };
    crew.iter().all(|person| {
        work.people[*person].base.is_none_or(|base| work.travel[base][site].is_some())
    })
}

fn position(row: usize) -> u32 {
    u32::try_from(row).expect("options are far fewer than 2^32")
}

/// Adds to every step the links that lead on from it, the mirror images of `differs` and `same`,
/// order pins, and the guess of what is still to come.
pub(super) fn link_forward(work: &Work, steps: &mut Column<work::Step, Step>) {
    for id in work.steps.ids() {
        for link in steps[id].before.clone() {
            steps[link.step].after.push(Link { step: id, ..link });
        }
        for other in steps[id].differs.clone() {
            if !steps[other].differs.contains(&id) {
                steps[other].differs.push(id);
            }
        }
        for other in steps[id].same.clone() {
            if !steps[other].same.contains(&id) {
                steps[other].same.push(id);
            }
        }
    }
    for order in &work.orders {
        steps[order.then].pinned_after.push(order.first);
        steps[order.first].pinned_before.push(order.then);
    }
    for id in work.steps.ids() {
        let row = &mut steps[id];
        row.unbound = [&row.differs, &row.same, &row.pinned_after, &row.pinned_before]
            .iter()
            .all(|others| others.is_empty());
    }
    for ticket in work.tickets.iter() {
        for id in ticket.steps.iter().rev() {
            let onward = steps[*id].after.iter().map(|link| {
                let next = &steps[link.step];
                let length = next.wait.map_or_else(|| stretched(next.least_minutes), guess);
                let whole = guess(link.lag) + length + next.tail;
                match link.kind {
                    LinkKind::FinishStart => whole,
                    LinkKind::StartStart => whole - stretched(steps[*id].least_minutes),
                }
            });
            steps[*id].tail = onward.max().unwrap_or(0).max(0);
        }
    }
}

/// The steps under way by start; each is told which of its people's are worked before it.
pub(super) fn take_turns(
    steps: &mut Column<work::Step, Step>,
    options: &[Choice],
    crews: &[Id<work::Person>],
) -> Vec<Id<work::Step>> {
    let started = |id: Id<work::Step>| match steps[id].fixed {
        Fixed::Begun(start, _) => Some((start, id)),
        _ => None,
    };
    let mut begun: Vec<_> = steps.ids().filter_map(started).collect();
    begun.sort_unstable();
    let begun: Vec<_> = begun.into_iter().map(|(_, id)| id).collect();
    let crew = |step: &Step| {
        let choice = options[step.options.0 as usize..step.options.1 as usize].first();
        choice.map_or(&[][..], |choice| &crews[choice.crew.0 as usize..choice.crew.1 as usize])
    };
    for (row, id) in begun.iter().enumerate() {
        let own = crew(&steps[*id]);
        let shares = |other: &&Id<_>| crew(&steps[**other]).iter().any(|p| own.contains(p));
        let first: Vec<_> = begun[..row].iter().filter(shares).copied().collect();
        steps[*id].turn_after = first;
    }
    begun
}

/// About how many elapsed minutes a lag takes.
fn guess(lag: Lag) -> i64 {
    match lag {
        Lag::Minutes(minutes) => minutes,
        Lag::WorkingDays(days, _) => i64::from(days) * DAY,
        Lag::WorkingMinutes(minutes, _) => stretched(minutes),
    }
}

/// About how many elapsed minutes so many working minutes take: eight hours are a day.
fn stretched(minutes: i64) -> i64 {
    minutes + minutes / 480 * 960
}
