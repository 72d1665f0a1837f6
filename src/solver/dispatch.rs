//! First plans step by step in the order of time: whenever people are free, the steps that are
//! ready go to them by priority (parallel schedule generation, Kolisch 1996).
//!
//! The priority is apparent tardiness cost at that moment (Vepsalainen and Morton 1987). Serves
//! where thousands compete: a ticket put in whole takes hours that a more urgent one needs later.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::construct::{decayed, weight_at};
use super::insert::Best;
use super::place::Bounds;
use super::schedule::{Placement, Schedule};
use crate::id::{Column, Id};
use crate::model::work::{Person, Step, Ticket};
use crate::time::Tick;

/// Minutes somebody free may wait for a step: for a counter to open, for the way there.
const PATIENCE: i64 = 90;

/// Minutes after which a queue is put in order anew.
const REFRESH: i64 = 240;

/// How many steps more than there are people free are looked at.
const SPARE: usize = 8;

/// What happens at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// All that comes before the step is done.
    Ready(Id<Step>),
    /// The person may be free.
    Free(Id<Person>),
}

/// A step in a queue: smaller goes first.
type Claim = (i64, i64, Id<Step>);

/// Steps the same crews can do.
#[derive(Default)]
struct Queue {
    people: Vec<Id<Person>>,
    claims: Vec<Claim>,
    ordered: Option<Tick>,
    touched: bool,
}

struct Dispatcher<'s, 'p> {
    schedule: &'s mut Schedule<'p>,
    look_ahead: i64,
    queues: Vec<Queue>,
    /// The queue of each step; none for waits and steps nobody can do.
    queue_of: Column<Step, Option<u32>>,
    queues_of: Column<Person, Vec<u32>>,
    events: BinaryHeap<Reverse<(Tick, Event)>>,
    free: Column<Person, bool>,
    /// How much has to be placed before each step.
    held_by: Column<Step, usize>,
    touched: Vec<u32>,
}

/// Places what it can beside what is placed; tickets may be left with some steps only.
pub(super) fn dispatch(schedule: &mut Schedule<'_>, look_ahead: i64) {
    let mut dispatcher = Dispatcher::new(schedule, look_ahead);
    dispatcher.begin();
    let horizon = dispatcher.schedule.problem.horizon;
    while let Some(Reverse((now, _))) = dispatcher.events.peek().copied() {
        if now > horizon {
            break;
        }
        while let Some(Reverse((_, event))) =
            dispatcher.events.peek().copied().filter(|Reverse((tick, _))| *tick == now)
        {
            dispatcher.events.pop();
            dispatcher.take(now, event);
        }
        dispatcher.serve(now);
    }
}

impl<'s, 'p> Dispatcher<'s, 'p> {
    fn new(schedule: &'s mut Schedule<'p>, look_ahead: i64) -> Dispatcher<'s, 'p> {
        let problem = schedule.problem;
        let mut queues: Vec<Queue> = Vec::new();
        let mut known: BTreeMap<Vec<(Id<Person>, usize)>, u32> = BTreeMap::new();
        let mut queues_of: Column<Person, Vec<u32>> =
            problem.people.iter().map(|_| Vec::new()).collect();
        let queue_of = problem.steps.ids().map(|step| {
            let crews = problem.options_of(step).map(|row| problem.crew(&problem.options[row]));
            let seated =
                |crew: &'p [Id<Person>]| crew.iter().enumerate().map(|(seat, who)| (*who, seat));
            let key: Vec<_> = crews.flat_map(seated).collect();
            if key.is_empty() {
                return None;
            }
            Some(*known.entry(key).or_insert_with_key(|key| {
                let row = u32::try_from(queues.len()).expect("no more queues than steps");
                let mut people: Vec<_> = key.iter().map(|(who, _)| *who).collect();
                people.sort_unstable();
                people.dedup();
                people.iter().for_each(|who| queues_of[*who].push(row));
                queues.push(Queue { people, ..Queue::default() });
                row
            }))
        });
        let queue_of = queue_of.collect();
        let free = problem.people.iter().map(|_| false).collect();
        let held_by = problem.steps.ids().map(|step| held_by(schedule, step)).collect();
        let (events, touched) = (BinaryHeap::new(), Vec::new());
        Dispatcher {
            schedule,
            look_ahead,
            queues,
            queue_of,
            queues_of,
            events,
            free,
            held_by,
            touched,
        }
    }

    fn begin(&mut self) {
        let problem = self.schedule.problem;
        for step in problem.steps.ids() {
            if self.schedule.place(step).is_none() && self.held_by[step] == 0 {
                self.announce(step);
            }
        }
        for person in problem.people.ids() {
            self.events.push(Reverse((problem.as_of, Event::Free(person))));
        }
    }

    /// Names the moment at which `step` is ready.
    fn announce(&mut self, step: Id<Step>) {
        if let Some(bounds) = self.schedule.bounds(step) {
            self.events.push(Reverse((bounds.earliest, Event::Ready(step))));
        }
    }

    fn take(&mut self, now: Tick, event: Event) {
        match event {
            Event::Ready(step) => {
                if let Some(queue) = self.queue_of[step] {
                    let claim = self.claim(step, now);
                    let claims = &mut self.queues[queue as usize].claims;
                    let row = claims.partition_point(|other| *other < claim);
                    claims.insert(row, claim);
                    self.touch(queue);
                } else if let Some(bounds) = self.schedule.bounds(step) {
                    let wait = self.schedule.problem.steps[step].wait.is_some();
                    let place = if wait { self.schedule.place_wait(step, bounds) } else { None };
                    if let Some(place) = place {
                        self.put(step, place);
                    }
                }
            }
            Event::Free(person) => {
                if self.is_free(person, now) {
                    self.free[person] = true;
                    for row in 0..self.queues_of[person].len() {
                        self.touch(self.queues_of[person][row]);
                    }
                }
            }
        }
    }

    /// Whether `person` can begin something at `now`; if not, asks again when he may.
    fn is_free(&mut self, person: Id<Person>, now: Tick) -> bool {
        let problem = self.schedule.problem;
        let again = match self.schedule.line(person).conflict(now, now + 1) {
            Some(busy) => Some(busy.end),
            None => {
                let regular = &problem.shifts[problem.people[person].shifts[1]].regular;
                regular.next_open(now)
            }
        };
        match again {
            Some(again) if again > now => {
                self.events.push(Reverse((again, Event::Free(person))));
                false
            }
            again => again.is_some(),
        }
    }

    fn touch(&mut self, queue: u32) {
        if !std::mem::replace(&mut self.queues[queue as usize].touched, true) {
            self.touched.push(queue);
        }
    }

    /// Gives the steps of all queues touched to whoever is free.
    fn serve(&mut self, now: Tick) {
        let mut claims: Vec<(Claim, u32)> = Vec::new();
        for queue in std::mem::take(&mut self.touched) {
            self.queues[queue as usize].touched = false;
            if self.queues[queue as usize].claims.is_empty() {
                continue;
            }
            let free = self.count_free(queue, now);
            if free > 0 {
                self.order(queue, now);
                let first = self.queues[queue as usize].claims.iter().take(free + SPARE);
                claims.extend(first.map(|claim| (*claim, queue)));
            }
        }
        claims.sort_unstable();
        for ((.., step), queue) in claims {
            match self.placement(step, now) {
                Verdict::Place(place) => {
                    self.forget(queue, step);
                    self.put(step, place);
                }
                Verdict::Later(tick) => {
                    self.forget(queue, step);
                    self.events.push(Reverse((tick, Event::Ready(step))));
                }
                Verdict::Never => self.forget(queue, step),
                Verdict::Nobody => {}
            }
        }
    }

    /// How many people of `queue` are free; whoever is off by now is asked again later.
    fn count_free(&mut self, queue: u32, now: Tick) -> usize {
        let mut count = 0;
        for row in 0..self.queues[queue as usize].people.len() {
            let person = self.queues[queue as usize].people[row];
            if self.free[person] {
                self.free[person] = self.is_free(person, now);
                count += usize::from(self.free[person]);
            }
        }
        count
    }

    /// Orders a queue by what its claims are worth now.
    fn order(&mut self, queue: u32, now: Tick) {
        let row = queue as usize;
        if self.queues[row].ordered.is_some_and(|ordered| now - ordered < REFRESH) {
            return;
        }
        let mut claims = std::mem::take(&mut self.queues[row].claims);
        for claim in &mut claims {
            *claim = self.claim(claim.2, now);
        }
        claims.sort_unstable();
        self.queues[row].claims = claims;
        self.queues[row].ordered = Some(now);
    }

    fn forget(&mut self, queue: u32, step: Id<Step>) {
        self.queues[queue as usize].claims.retain(|claim| claim.2 != step);
    }

    /// What `step` is worth at `now`: its ticket's weight over the work left, less with slack.
    fn claim(&self, step: Id<Step>, now: Tick) -> Claim {
        let problem = self.schedule.problem;
        let row = &problem.steps[step];
        let steps = problem.tickets[row.ticket].steps.iter();
        let open = steps.filter(|step| self.schedule.place(**step).is_none());
        let work: i64 = open.map(|step| problem.steps[*step].least_minutes).sum();
        let finish = now + row.least_minutes + row.tail;
        let slack = problem.tickets[row.ticket].due - finish;
        let density = i128::from(weight_at(problem, row.ticket, finish)) << 20;
        let density = i64::try_from(density / i128::from(work.max(1))).unwrap_or(i64::MAX);
        (-decayed(density, slack.max(0), self.look_ahead), slack, step)
    }

    /// Where `step` can go at about `now`.
    fn placement(&mut self, step: Id<Step>, now: Tick) -> Verdict {
        let problem = self.schedule.problem;
        let Some(bounds) = self.schedule.bounds(step) else { return Verdict::Never };
        let bounds = Bounds { earliest: bounds.earliest.max(now), ..bounds };
        let soon = Bounds { latest_start: bounds.latest_start.min(now + PATIENCE), ..bounds };
        let mut best: Option<Best> = None;
        let mut later: Option<Tick> = None;
        let mut anybody = false;
        for level in [false, true] {
            if level && best.is_none_or(|best| best.lateness == 0) {
                break;
            }
            for row in problem.options_of(step) {
                let option = &problem.options[row];
                let free = problem.crew(option).iter().all(|person| self.free[*person]);
                if !free || !self.schedule.suits(step, option) {
                    continue;
                }
                anybody = true;
                let choice = u32::try_from(row).expect("options are far fewer than 2^32");
                let levels = problem.shifts[option.shift].levels.len();
                for level in if level { 1..levels } else { 0..1 } {
                    self.schedule.consider(step, choice, level, soon, &mut best);
                }
                if best.is_none() && later.is_none() {
                    let fit = self.schedule.fit(step, choice, 0, bounds, Tick::MAX);
                    later = fit.map(|place| place.start);
                }
            }
        }
        match (best, later) {
            (Some(best), _) => Verdict::Place(best.place),
            (None, Some(later)) if later > now => Verdict::Later(later),
            _ if anybody => Verdict::Never,
            _ => Verdict::Nobody,
        }
    }

    /// Places `step` and names what becomes ready by it.
    fn put(&mut self, step: Id<Step>, place: Placement) {
        let problem = self.schedule.problem;
        self.schedule.put(step, place);
        let row = &problem.steps[step];
        if row.wait.is_none() {
            for person in problem.crew(&problem.options[place.choice as usize]) {
                self.free[*person] = false;
                self.events.push(Reverse((place.end, Event::Free(*person))));
            }
        }
        for next in row.after.iter().map(|link| link.step).chain(row.pinned_before.iter().copied())
        {
            self.release(next);
        }
        if self.schedule.is_served(row.ticket) {
            for later in &problem.tickets[row.ticket].before {
                for next in &problem.tickets[*later].steps {
                    self.release(*next);
                }
            }
        }
    }

    fn release(&mut self, step: Id<Step>) {
        self.held_by[step] = self.held_by[step].saturating_sub(1);
        if self.held_by[step] == 0 && self.schedule.place(step).is_none() {
            self.announce(step);
        }
    }
}

/// What comes of a step that asks for a place.
enum Verdict {
    Place(Placement),
    /// Not before then.
    Later(Tick),
    Never,
    /// Nobody who is free suits it.
    Nobody,
}

/// How much has to be placed before `step`.
fn held_by(schedule: &Schedule<'_>, step: Id<Step>) -> usize {
    let problem = schedule.problem;
    let row = &problem.steps[step];
    let ticket = &problem.tickets[row.ticket];
    let open = |step: &Id<Step>| schedule.place(*step).is_none();
    let tickets = ticket.after.iter().filter(|_| !ticket.begun);
    let unserved = |ticket: &&Id<Ticket>| !schedule.is_served(**ticket);
    row.before.iter().filter(|link| open(&link.step)).count()
        + row.pinned_after.iter().filter(|step| open(step)).count()
        + tickets.filter(unserved).count()
}
