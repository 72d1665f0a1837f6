//! One replication from its first day to the last piece of work: arrivals, mornings and what comes
//! to light in between, in order of time.
//!
//! Simplifications, each on purpose: the actual length of a step is known once it has begun; who
//! is away finishes what he has begun; a ticket is called off only before it begins; where caps
//! or a certificate leave no room for an overrun, the step ends as planned.

use super::arrivals::{Arrival, Ground};
use super::draw::Luck;
use super::policy::Policy;
use super::record::{Record, recorded};
use super::world::World;
use crate::id::Id;
use crate::model::simulation::Spread;
use crate::model::work::{Lag, Person, Step, Ticket};
use crate::solver::schedule::{Placement, Schedule};
use crate::time::{DAY, Span, Tick};
use crate::verify;

/// One replication to be run.
#[derive(Clone, Copy)]
pub(super) struct Trial<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) policy: Policy,
    pub(super) seed: u64,
    pub(super) replication: u32,
    /// Every so many plans one is verified.
    pub(super) verify_every: u32,
}

/// Something that is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    CallOff(Id<Ticket>),
    Morning(i32),
    Arrive(Id<Ticket>),
}

/// A replication under way.
struct Course<'a> {
    trial: Trial<'a>,
    luck: Luck,
    world: World,
    plans: u32,
    verified: u32,
}

/// Runs `trial` to its end.
///
/// # Errors
/// What the verifier says of a plan that breaks rules: a fault of this program.
pub(super) fn run(trial: Trial<'_>) -> Result<Record, Box<verify::Report>> {
    let luck = Luck::new(trial.seed, trial.replication);
    let arrivals = trial.ground.arrivals(luck);
    let mut scenario = trial.ground.scenario.clone();
    scenario.tickets.extend(arrivals.iter().map(|arrival| arrival.ticket.clone()));
    let world = World::new(&scenario, trial.ground);
    drop(scenario);
    let mut course = Course { trial, luck, world, plans: 0, verified: 0 };
    for (at, event) in course.events(&arrivals) {
        course.unfold(at);
        course.meet(at, event);
        course.plans += 1;
        let number = course.plans + trial.replication.wrapping_mul(37);
        if number.is_multiple_of(trial.verify_every.max(1)) {
            course.verify()?;
        }
    }
    course.unfold(Tick::MAX);
    course.world.publish(true);
    if trial.replication.is_multiple_of(trial.verify_every.max(1)) {
        course.verify()?;
    }
    let Course { mut world, plans, verified, .. } = course;
    Ok(recorded(trial.ground, &mut world, &arrivals, (plans, verified)))
}

impl Course<'_> {
    /// Everything that is decided on, in order of time.
    fn events(&self, arrivals: &[Arrival]) -> Vec<(Tick, Event)> {
        let (ground, zone) = (self.trial.ground, self.world.work.zone);
        let simulation = &ground.simulation;
        let first = self.world.work.tickets.len() - arrivals.len();
        let mut events: Vec<(Tick, Event)> = Vec::new();
        for id in self.world.work.tickets.ids() {
            let at = match id.index().checked_sub(first) {
                Some(row) => arrivals[row].at,
                None => self.world.work.as_of,
            };
            events.push((at, Event::Arrive(id)));
            let key = &self.world.work.tickets[id].key;
            if self.luck.happens("cancelled", key, simulation.chance.cancelled_permille) {
                let after = self.luck.stream("called off", key).range(1, 2 * DAY);
                events.push((at + after, Event::CallOff(id)));
            }
        }
        let days = i32::try_from(simulation.days + simulation.drain_days).unwrap_or(i32::MAX);
        for day in 0..days {
            let at = zone.midnight(ground.first_day().plus(day));
            let at = at + i64::from(simulation.plan_at_minute);
            let at = if day == 0 { at.max(self.world.work.as_of) } else { at };
            events.push((at, Event::Morning(day)));
        }
        events.sort_unstable();
        // What is there at the start is planned in the first morning, not call by call.
        events.sort_by_key(|(at, event)| {
            let is_first = matches!(event, Event::Arrive(id) if id.index() < first);
            (*at, !is_first, *event)
        });
        events
    }

    fn meet(&mut self, now: Tick, event: Event) {
        let engine = &self.trial.ground.simulation.engine;
        match event {
            Event::CallOff(ticket) => {
                let state = &self.world.tickets[ticket.index()];
                if state.is_known && state.began.is_none() {
                    self.world.call_off(ticket);
                    self.trial.policy.mend(&mut self.world, Vec::new(), now);
                }
            }
            Event::Morning(day) => {
                self.send_away(now);
                let seed = u64::from(day.unsigned_abs()) + 1;
                self.trial.policy.morning(&mut self.world, now, engine, seed);
                self.world.publish(now >= self.trial.ground.counted_from());
            }
            Event::Arrive(ticket) => {
                self.world.arrive(ticket);
                let stated = &self.world.work.tickets[ticket];
                // What is there at the start waits for the first plan. The engine searches around
                // urgent tickets at once, around others in the morning.
                let is_call = stated.urgent || self.trial.policy != Policy::Engine;
                if now == self.world.work.as_of {
                    return;
                }
                if is_call {
                    self.trial.policy.call(&mut self.world, ticket, now, engine);
                } else {
                    self.trial.policy.mend(&mut self.world, vec![ticket], now);
                }
            }
        }
    }

    fn verify(&mut self) -> Result<(), Box<verify::Report>> {
        let report = self.world.verified();
        self.verified += 1;
        if report.is_clean() { Ok(()) } else { Err(Box::new(report)) }
    }

    /// Sends away who does not come today.
    fn send_away(&mut self, now: Tick) {
        let share = self.trial.ground.simulation.chance.absent_permille;
        if share == 0 {
            return;
        }
        let zone = self.world.work.zone;
        let day = zone.date(now);
        for person in self.world.work.people.ids() {
            let shift = self.world.problem.people[person].shifts[0];
            let dawn = zone.midnight(day).max(self.world.work.as_of);
            let dusk = zone.midnight(day.plus(1));
            let regular = &self.world.problem.shifts[shift].regular;
            let key = format!("{} {day}", self.world.work.people[person].key);
            if regular.open_between(dawn, dusk) == 0 || !self.luck.happens("absent", &key, share) {
                continue;
            }
            let (begun, mut lifted) =
                self.world.plan(|schedule, _| off_line(schedule, person, now));
            let span = Span::new(begun.max(now), dusk.max(begun));
            if span.start < span.end {
                self.world.send_away(person, span, day);
            }
            lifted.sort_unstable();
            lifted.dedup();
            self.trial.policy.mend(&mut self.world, lifted, now);
        }
    }

    /// Lets steps begin until `until`.
    fn unfold(&mut self, until: Tick) {
        while let Some((_, step, place)) = self.next(until) {
            self.begin(step, place);
        }
    }

    /// The next step to begin before `until`.
    fn next(&self, until: Tick) -> Option<(Tick, Id<Step>, Placement)> {
        let places = self.world.parked().places();
        let waiting = self.world.waiting.iter();
        let starts = waiting.filter_map(|step| {
            let place = places[*step].filter(|place| place.start < until)?;
            Some((place.start, *step, place))
        });
        starts.min_by_key(|(start, step, _)| (*start, *step))
    }

    /// `step` begins as planned, unless its lead turns it down.
    fn begin(&mut self, step: Id<Step>, place: Placement) {
        let now = place.start;
        let ticket = self.world.problem.steps[step].ticket;
        let chance = &self.trial.ground.simulation.chance;
        let is_wait = self.world.problem.steps[step].wait.is_some();
        let key = self.world.work.tickets[ticket].key.clone();
        let is_first = self.world.tickets[ticket.index()].began.is_none();
        if self.world.problem.steps[step].fixed.is_begun() {
            return self.world.begin(step, now);
        }
        if is_first && !is_wait && !self.world.tickets[ticket.index()].is_asked {
            self.world.tickets[ticket.index()].is_asked = true;
            if self.luck.happens("rejected", &key, chance.rejected_permille)
                && self.turned_down(ticket, place)
            {
                return;
            }
        }
        let is_false = is_first
            && self.world.work.tickets[ticket].urgent
            && self.luck.happens("false urgency", &key, chance.false_urgency_permille);
        if is_false {
            self.world.relieve(ticket);
        }
        let actual = if is_wait { self.waits(step, place) } else { self.works(step, place) };
        self.world.begin(step, now);
        let lifted = self.world.plan(|schedule, states| {
            schedule.lift(step);
            let lifted = make_room(schedule, step, actual, states);
            let lifted = with_rest(schedule, step, actual, lifted);
            schedule.put(step, actual);
            with_travel(schedule, step, lifted)
        });
        if actual.end != place.end || !lifted.is_empty() {
            let planned = actual.end.max(place.end);
            self.trial.policy.close_up(&mut self.world, (step, lifted), (now, planned));
        }
    }

    /// Whether the lead of `place` was excluded from `ticket`, and somebody else has it now.
    fn turned_down(&mut self, ticket: Id<Ticket>, place: Placement) -> bool {
        let problem = &self.world.problem;
        let lead = problem.crew(&problem.options[place.choice as usize])[0];
        self.world.plan(|schedule, _| schedule.lift_ticket(ticket));
        let is_excluded = self.world.exclude(ticket, lead);
        self.trial.policy.mend(&mut self.world, vec![ticket], place.start);
        is_excluded
    }

    /// Where the wait really ends.
    fn waits(&mut self, step: Id<Step>, place: Placement) -> Placement {
        let Some(spread) = self.trial.ground.simulation.chance.waits else { return place };
        let Some(lag) = self.world.problem.steps[step].wait else { return place };
        let share = self.luck.spread("wait", &self.world.work.steps[step].key, spread);
        let lag = stretched(lag, share);
        let Some(end) = self.world.problem.lag_end(lag, place.start) else { return place };
        if end > self.world.problem.steps[step].latest_end {
            return place;
        }
        self.world.state_wait(step, lag);
        Placement { end, ..place }
    }

    /// Where the step really ends.
    fn works(&mut self, step: Id<Step>, place: Placement) -> Placement {
        let planned = self.world.problem.options[place.choice as usize].minutes;
        let spread = self.trial.ground.simulation.chance.effort;
        let share = spread.map_or(100_000, |spread: Spread| {
            self.luck.spread("effort", &self.world.work.steps[step].key, spread)
        });
        let minutes = nearest(planned, share).max(1);
        let choice = self.world.timed(step, place.choice, minutes);
        // No later than certificates are in force.
        let expires = self.world.problem.options[choice as usize].expires;
        let latest = self.world.problem.steps[step].latest_end.min(expires);
        let found = self.world.plan(|schedule, _| {
            let mark = schedule.mark();
            schedule.lift(step);
            let found = if minutes == planned {
                Some(Placement { choice, ..place })
            } else {
                schedule.unfolded(step, choice, place)
            };
            schedule.rollback(mark);
            found.filter(|found| found.end <= latest)
        });
        let found = found.unwrap_or_else(|| {
            let choice = self.world.timed(step, place.choice, planned);
            Placement { choice, ..place }
        });
        self.world.state_minutes(step, found.choice);
        found
    }
}

/// `lag` at `share` thousandths of a percent.
pub(super) fn stretched(lag: Lag, share: i64) -> Lag {
    let scaled = |length: i64| nearest(length, share);
    match lag {
        Lag::Minutes(minutes) => Lag::Minutes(scaled(minutes)),
        Lag::WorkingMinutes(minutes, clock) => Lag::WorkingMinutes(scaled(minutes), clock),
        Lag::WorkingDays(days, clock) => {
            Lag::WorkingDays(u32::try_from(scaled(i64::from(days))).unwrap_or(days), clock)
        }
    }
}

/// `length` at `share` thousandths of a percent, to the nearest.
pub(super) fn nearest(length: i64, share: i64) -> i64 {
    let scaled = (i128::from(length) * i128::from(share) + 50_000) / 100_000;
    i64::try_from(scaled).unwrap_or(length)
}

/// Takes everything that has not begun off the line of `person`; when what has begun ends, and the
/// tickets concerned.
fn off_line(schedule: &mut Schedule<'_>, person: Id<Person>, now: Tick) -> (Tick, Vec<Id<Ticket>>) {
    let problem = schedule.problem;
    let busy = schedule.line(person).busy().to_vec();
    let mut tickets = Vec::new();
    let mut end = now;
    for busy in busy {
        if !problem.steps[busy.step].is_free() {
            end = end.max(busy.end);
        } else {
            schedule.lift(busy.step);
            tickets.push(problem.steps[busy.step].ticket);
        }
    }
    (end, tickets)
}

/// Takes out what cannot stand beside `step` standing at `actual`, and whatever of its ticket and
/// of tickets after it comes later; which tickets those are.
fn make_room(
    schedule: &mut Schedule<'_>,
    step: Id<Step>,
    actual: Placement,
    states: &[super::world::State],
) -> Vec<Id<Ticket>> {
    let problem = schedule.problem;
    let row = &problem.steps[step];
    let mut steps: Vec<Id<Step>> = Vec::new();
    let span = Span::new(actual.start, actual.end.max(actual.start + 1));
    let within = |line: &crate::solver::line::Line| -> Vec<Id<Step>> {
        let first = line.first_ending_after(span.start);
        let ahead = line.busy()[first..].iter().take_while(|busy| busy.start < span.end);
        ahead.map(|busy| busy.step).collect()
    };
    if row.wait.is_none() {
        for person in problem.crew(&problem.options[actual.choice as usize]) {
            steps.extend(within(schedule.line(*person)));
        }
    }
    row.things.iter().for_each(|thing| steps.extend(within(schedule.thing(*thing))));
    let own = &problem.tickets[row.ticket];
    for link in &row.after {
        let event = match link.kind {
            crate::model::ticket::LinkKind::FinishStart => actual.end,
            crate::model::ticket::LinkKind::StartStart => actual.start,
        };
        let is_early = |start| problem.lag_end(link.lag, event).is_none_or(|free| start < free);
        if schedule.place(link.step).is_some_and(|place| is_early(place.start)) {
            // Whatever hangs on that one moves, too.
            steps.extend(own.steps.iter().filter(|other| **other != step));
        }
    }
    for later in own.before.iter().filter(|later| states[later.index()].began.is_none()) {
        steps.extend(&problem.tickets[*later].steps);
    }
    steps.extend(row.pinned_before.iter());
    let mut tickets = Vec::new();
    steps.retain(|other| *other != step && problem.steps[*other].is_free());
    for other in steps {
        if schedule.lift(other).is_some() {
            tickets.push(problem.steps[other].ticket);
            // Its own later steps may follow it too closely now.
            for same in &problem.tickets[problem.steps[other].ticket].steps {
                if problem.steps[*same].is_free() {
                    schedule.lift(*same);
                }
            }
        }
    }
    tickets.sort_unstable();
    tickets.dedup();
    tickets
}

/// `lifted` with what its people would come to without rest after `step` at `actual`: what stood
/// between may have made room.
fn with_rest(
    schedule: &mut Schedule<'_>,
    step: Id<Step>,
    actual: Placement,
    mut lifted: Vec<Id<Ticket>>,
) -> Vec<Id<Ticket>> {
    let problem = schedule.problem;
    while !lifted.is_empty() && !schedule.holds_limits(step, actual) {
        let crew = problem.crew(&problem.options[actual.choice as usize]).iter();
        let ahead = crew.filter_map(|person| schedule.next_on_line(*person, actual.end));
        let near = ahead.filter(|(next, start)| {
            problem.steps[*next].is_free() && *start < actual.end + 2 * DAY
        });
        let Some((next, _)) = near.min_by_key(|(next, start)| (*start, *next)) else { break };
        let ticket = problem.steps[next].ticket;
        schedule.lift_ticket(ticket);
        if !lifted.contains(&ticket) {
            lifted.push(ticket);
        }
    }
    lifted
}

/// `lifted` with what its people could not get to any more after `step`.
fn with_travel(
    schedule: &mut Schedule<'_>,
    step: Id<Step>,
    mut lifted: Vec<Id<Ticket>>,
) -> Vec<Id<Ticket>> {
    let problem = schedule.problem;
    while !schedule.lets_go_on(step) {
        let Some(people) = schedule.people_of(step).map(<[Id<Person>]>::to_vec) else { break };
        let Some(place) = schedule.place(step) else { break };
        let ahead = people.iter().filter_map(|person| schedule.next_on_line(*person, place.end));
        let free = ahead.filter(|(next, _)| problem.steps[*next].is_free());
        let Some((next, _)) = free.min_by_key(|(next, start)| (*start, *next)) else { break };
        let ticket = problem.steps[next].ticket;
        schedule.lift_ticket(ticket);
        if !lifted.contains(&ticket) {
            lifted.push(ticket);
        }
    }
    lifted
}
