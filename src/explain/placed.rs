//! The plan read against the question: where every step stands, who does what in which order, who
//! holds what. Reads what it can and passes over what names nothing; finding fault is the
//! verifier's work. Must not know any sentence.

use std::collections::BTreeMap;

use super::reason::{Fact, Part, Question, Reason, Slot};
use crate::calendar::{Calendar, Moment, Opening, windows};
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::plan::{Plan, Standing, UnservedTicket};
use crate::model::work::{Bureau, Lag, Person, Site, Step, Thing, Ticket, Work};
use crate::time::{Span, Tick};

/// One step in the plan.
pub(super) struct Row {
    pub(super) people: Vec<Id<Person>>,
    pub(super) span: Span,
    pub(super) pieces: Vec<Span>,
    pub(super) standing: Standing,
}

/// A plan over its question. Plans must state their ends, as [`crate::verify::completed`] makes
/// them; a step without one counts as a single minute.
pub(super) struct Placed<'a> {
    pub(super) work: &'a Work,
    rows: Column<Step, Option<Row>>,
    /// Steps of each person, by start.
    lines: Column<Person, Vec<Id<Step>>>,
    /// Steps that hold each thing, by start.
    holders: Column<Thing, Vec<Id<Step>>>,
    unserved: BTreeMap<Id<Ticket>, UnservedTicket>,
    /// Starts in the previous plan.
    before: BTreeMap<Id<Step>, (Tick, Vec<Id<Person>>)>,
    released: Vec<Id<Step>>,
}

impl<'a> Placed<'a> {
    pub(super) fn new(work: &'a Work, plan: &Plan, previous: Option<&Plan>) -> Placed<'a> {
        let mut rows: Column<Step, Option<Row>> = work.steps.iter().map(|_| None).collect();
        for (id, row) in read(work, plan) {
            rows[id] = Some(row);
        }
        let mut lines: Column<Person, Vec<_>> = work.people.iter().map(|_| Vec::new()).collect();
        let mut holders: Column<Thing, Vec<_>> = work.things.iter().map(|_| Vec::new()).collect();
        let mut order: Vec<(Span, Id<Step>)> =
            rows.pairs().filter_map(|(id, row)| Some((row.as_ref()?.span, id))).collect();
        order.sort_unstable();
        for (_, id) in order {
            for &person in &rows[id].as_ref().expect("it was just listed").people {
                lines[person].push(id);
            }
            for &thing in &work.steps[id].things {
                holders[thing].push(id);
            }
        }
        let unserved = plan.unserved.iter();
        let unserved =
            unserved.filter_map(|u| Some((work.ticket(&u.ticket)?, u.clone()))).collect();
        let before = previous.map(|previous| read(work, previous)).unwrap_or_default();
        let before = before.into_iter().map(|(id, row)| (id, (row.span.start, row.people)));
        let released = plan.released.iter().filter_map(|r| named(work, &r.ticket, &r.step));
        Placed {
            work,
            lines,
            holders,
            unserved,
            before: before.collect(),
            released: released.collect(),
            rows,
        }
    }

    pub(super) fn row(&self, step: Id<Step>) -> Option<&Row> {
        self.rows[step].as_ref()
    }

    /// Whether every step of the ticket stands in the plan.
    pub(super) fn serves(&self, ticket: Id<Ticket>) -> bool {
        !self.unserved.contains_key(&ticket)
            && self.work.tickets[ticket].steps.iter().all(|step| self.rows[*step].is_some())
    }

    pub(super) fn unserved(&self, ticket: Id<Ticket>) -> Option<&UnservedTicket> {
        self.unserved.get(&ticket)
    }

    /// The step that ends last, the later one of the ticket's order where two do.
    pub(super) fn last_step(&self, ticket: Id<Ticket>) -> Option<(Id<Step>, Tick)> {
        let steps = self.work.tickets[ticket].steps.iter();
        let ends = steps.filter_map(|&step| Some((step, self.row(step)?.span.end)));
        ends.max_by_key(|(_, end)| *end)
    }

    /// The steps of `person`, by start.
    pub(super) fn line(&self, person: Id<Person>) -> &[Id<Step>] {
        &self.lines[person]
    }

    /// The latest step of `person` other than `but` that starts before `tick`.
    pub(super) fn step_before(
        &self,
        person: Id<Person>,
        tick: Tick,
        but: Id<Step>,
    ) -> Option<(Id<Step>, Span)> {
        self.latest_before(&self.lines[person], tick, but)
    }

    /// The latest step other than `but` that holds `thing` and starts before `tick`.
    pub(super) fn holder_before(
        &self,
        thing: Id<Thing>,
        tick: Tick,
        but: Id<Step>,
    ) -> Option<(Id<Step>, Span)> {
        self.latest_before(&self.holders[thing], tick, but)
    }

    fn latest_before(
        &self,
        line: &[Id<Step>],
        tick: Tick,
        but: Id<Step>,
    ) -> Option<(Id<Step>, Span)> {
        let span = |step: Id<Step>| self.row(step).map(|row| row.span);
        let begun = line.partition_point(|step| span(*step).is_some_and(|s| s.start < tick));
        let step = line[..begun].iter().rev().find(|step| **step != but)?;
        Some((*step, span(*step)?))
    }

    /// The first step of `person` other than `but` that starts at or after `tick`.
    pub(super) fn step_after(
        &self,
        person: Id<Person>,
        tick: Tick,
        but: Id<Step>,
    ) -> Option<(Id<Step>, Span)> {
        let steps = self.lines[person].iter().filter(|step| **step != but);
        let mut spans = steps.filter_map(|step| Some((*step, self.row(*step)?.span)));
        spans.find(|(_, span)| span.start >= tick)
    }

    /// Start and people in the previous plan.
    pub(super) fn previous(&self, step: Id<Step>) -> Option<&(Tick, Vec<Id<Person>>)> {
        self.before.get(&step)
    }

    /// Whether the freeze holds the step (H12).
    pub(super) fn is_frozen(&self, step: Id<Step>) -> bool {
        let work = self.work;
        if work.steps[step].progress.is_some() || work.steps[step].is_wait() {
            return false;
        }
        let until = work.as_of + i64::from(work.policy.freeze_minutes);
        match self.before.get(&step) {
            Some((start, _)) => *start < until && !self.released.contains(&step),
            None => self.row(step).is_some_and(|row| row.standing == Standing::Frozen),
        }
    }

    /// How many steps other than `but` start at `bureau` on the local date of `tick`.
    pub(super) fn begun_at(&self, bureau: Id<Bureau>, tick: Tick, but: Id<Step>) -> i64 {
        let day = self.work.zone.date(tick);
        let starts = self.rows.pairs().filter(|(id, row)| {
            let there = self.work.steps[*id].bureau.is_some_and(|(b, _)| b == bureau);
            let start = row.as_ref().map(|row| row.span.start);
            there && *id != but && start.is_some_and(|start| self.work.zone.date(start) == day)
        });
        i64::try_from(starts.count()).expect("far fewer steps than 2^63")
    }

    pub(super) fn moment(&self, tick: Tick) -> Moment {
        self.work.zone.moment(tick)
    }

    /// A part about `step`, naming it and its ticket.
    pub(super) fn about(&self, question: Question, reason: Reason, step: Id<Step>) -> Part {
        let row = &self.work.steps[step];
        let ticket = &self.work.tickets[row.ticket].key;
        Part::new(question, reason).key(Slot::Step, &row.key).key(Slot::Ticket, ticket)
    }

    /// The keys of `people`.
    pub(super) fn keys(&self, people: &[Id<Person>]) -> Fact {
        Fact::Keys(people.iter().map(|person| self.work.people[*person].key.clone()).collect())
    }
}

/// The rows of `plan` whose step and people the question knows.
fn read(work: &Work, plan: &Plan) -> Vec<(Id<Step>, Row)> {
    let people: BTreeMap<&str, Id<Person>> =
        work.people.pairs().map(|(id, person)| (person.key.as_str(), id)).collect();
    let tick = |moment: Moment| plan.zone.tick_from(moment);
    let mut rows = Vec::with_capacity(plan.steps.len());
    for planned in &plan.steps {
        let Some(id) = named(work, &planned.ticket, &planned.step) else { continue };
        let start = tick(planned.start);
        let row = Row {
            people: planned.people.iter().filter_map(|key| people.get(&**key).copied()).collect(),
            span: Span::new(start, planned.end.map_or(start + 1, tick)),
            pieces: planned.pieces.iter().map(|p| Span::new(tick(p.from), tick(p.to))).collect(),
            standing: planned.standing,
        };
        rows.push((id, row));
    }
    rows
}

/// The step `name` of the ticket `ticket`.
pub(super) fn named(work: &Work, ticket: &str, name: &str) -> Option<Id<Step>> {
    let steps = &work.tickets[work.ticket(ticket)?].steps;
    steps.iter().copied().find(|step| work.steps[*step].name == name)
}

/// When `lag` from `from` on is over.
pub(super) fn lag_end(work: &Work, lag: Lag, from: Tick) -> Option<Tick> {
    match lag {
        Lag::Minutes(minutes) => Some(from + minutes),
        Lag::WorkingDays(days, clock) => work.book.nth_opening(&work.clocks[clock], from, days),
        Lag::WorkingMinutes(minutes, clock) => {
            work.book.add_open_minutes(&work.clocks[clock], from, minutes)
        }
    }
}

/// The minutes of `span` that are regular for all of `people`, and those in another band of each.
pub(super) fn shared_hours(
    work: &Work,
    people: &[Id<Person>],
    remote: bool,
    span: Span,
) -> (Vec<Opening>, Vec<Opening>) {
    let mut shared: Option<(Vec<Opening>, Vec<Opening>)> = None;
    for &person in people {
        let (regular, extra) = hours(work, &work.people[person], remote, span);
        shared = Some(match shared {
            None => (regular, extra),
            Some((r, e)) => (windows::intersect(&r, &regular), windows::intersect(&e, &extra)),
        });
    }
    shared.unwrap_or_default()
}

/// The regular minutes of `person` in `span`, and those of other bands only.
fn hours(work: &Work, person: &Person, remote: bool, span: Span) -> (Vec<Opening>, Vec<Opening>) {
    let (mut regular, mut extra) = (Vec::new(), Vec::new());
    for band in &person.bands {
        let openings = work.book.open_spans(band_calendar(band, remote), span);
        if band.kind == BandKind::Regular {
            regular = windows::union(&regular, &openings);
        } else {
            extra = windows::union(&extra, &openings);
        }
    }
    let extra = windows::subtract(&extra, &regular);
    (regular, extra)
}

/// The hours of a band for a step that is remote or not.
pub(super) fn band_calendar(band: &crate::model::work::Band, remote: bool) -> &Calendar {
    if remote { &band.remote } else { &band.present }
}

/// The working date of a minute, told from the first band that covers it.
pub(super) fn working_date(
    work: &Work,
    person: Id<Person>,
    remote: bool,
    tick: Tick,
) -> Option<crate::calendar::Day> {
    let bands = work.people[person].bands.iter();
    bands.into_iter().find_map(|band| work.book.opening_day(band_calendar(band, remote), tick))
}

/// The earliest start that travel leaves `person` for `step` begun on the local date of `at`
/// (H14): when he arrives and how long he is on the way. `Err` when there is no way at all.
pub(super) fn arrival(
    placed: &Placed,
    person: Id<Person>,
    step: Id<Step>,
    at: Tick,
) -> Result<Option<(Tick, i64)>, ()> {
    let work = placed.work;
    let (Some(site), Some(base)) = (work.steps[step].site, work.people[person].base) else {
        return Ok(None);
    };
    let way = |from: Id<Site>| work.travel[from][site].ok_or(());
    let day = work.zone.date(at);
    let last = placed.step_before(person, at, step);
    let same_day = |span: Span| work.zone.date(span.end - 1) == day;
    let (left, minutes) = match last {
        Some((_, span)) if same_day(span) => {
            let line = placed.line(person).iter().rev();
            let earlier = line.filter_map(|s| Some((*s, placed.row(*s)?.span)));
            let mut today =
                earlier.filter(|(s, span)| *s != step && span.start < at && same_day(*span));
            let from = today.find_map(|(s, _)| work.steps[s].site).unwrap_or(base);
            (Some(span.end), way(from)?)
        }
        _ => {
            let midnight = work.zone.midnight(day);
            let today = Span::new(midnight, work.zone.midnight(day.plus(1)));
            let (regular, _) = shared_hours(work, &[person], false, today);
            (regular.first().map(|opening| opening.span.start), way(base)?)
        }
    };
    Ok(left.filter(|_| minutes > 0).map(|left| (left + minutes, minutes)))
}
