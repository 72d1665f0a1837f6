//! The world of one replication: the compiled question with all that will arrive, what is known of
//! it, and the plan in force. What comes to light changes the question: actual minutes, somebody
//! away, an urgency that proves false. Must not decide anything.
//!
//! Beside the compiled question the resolved one is kept in step, so that a plan can be verified at
//! any moment as if everything known had been stated from the start.

use super::arrivals::Ground;
use crate::calendar::timeline::Timeline;
use crate::calendar::{Closure, Day, Opening};
use crate::id::Id;
use crate::model::plan::{PLAN_FORMAT, Plan, Standing, UnservedTicket};
use crate::model::rule::Rule;
use crate::model::scenario::Scenario;
use crate::model::work::{Lag, Person, Step, Ticket, Work, resolve};
use crate::planning::compiled;
use crate::problem::{Choice, Problem, Shift, Tier};
use crate::solver::bridge;
use crate::solver::construct::held;
use crate::solver::insert::Taste;
use crate::solver::schedule::{Parked, Schedule};
use crate::time::{Span, Tick};
use crate::verify;

/// A ticket as far as it has come.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// It has arrived.
    pub(super) is_known: bool,
    /// It was called off before it began.
    pub(super) is_off: bool,
    /// Its first lead has been asked.
    pub(super) is_asked: bool,
    /// When its first step began.
    pub(super) began: Option<Tick>,
}

/// The world.
pub(super) struct World {
    pub(super) work: Work,
    pub(super) problem: Problem,
    parked: Option<Parked>,
    pub(super) tickets: Vec<State>,
    /// Whether a step has begun.
    pub(super) has_begun: Vec<bool>,
    /// Steps of known tickets that have not.
    pub(super) waiting: Vec<Id<Step>>,
    /// Fen paid for changes of plans that had been handed out, by the prices they are judged by.
    pub(super) changed: i64,
    /// The question as it was compiled, at the prices by which what comes of it is judged, where
    /// plans are made by others.
    pub(super) judged: Option<Box<Problem>>,
}

impl World {
    /// `scenario`, which holds everything that will arrive.
    pub(super) fn new(scenario: &Scenario, ground: &Ground<'_>) -> World {
        let mut work = resolve(scenario).expect("its parts were checked, and names do not clash");
        // Of a batch each goes its own way here: calls off and rejections would tear it anyhow.
        work.tickets.ids().for_each(|id| work.tickets[id].batch = None);
        let problem = arriving(&work, ground);
        let judged = ground.judged_by.as_ref().map(|policy| {
            let work = Work { policy: policy.clone(), ..work.clone() };
            Box::new(arriving(&work, ground))
        });
        debug_assert!(ground.work.people.len() == work.people.len());
        // What is under way stands before everything else.
        let parked = Some(Parked::new(held(&problem, &Taste::DEAR)));
        let tickets = vec![State::default(); work.tickets.len()];
        let has_begun = vec![false; work.steps.len()];
        let (waiting, changed) = (Vec::new(), 0);
        World { work, problem, parked, tickets, has_begun, waiting, changed, judged }
    }

    /// Hands the plan in force out: what departs from it later has its price (R250). What departs
    /// from the one before is paid for now, if it `counts`.
    pub(super) fn publish(&mut self, counts: bool) {
        let problem = &mut self.problem;
        let own = ChangePrices::of(problem);
        let judged = self.judged.as_deref().map_or(own, ChangePrices::of);
        if own.is_nothing() && judged.is_nothing() {
            return;
        }
        let parked = self.parked.as_mut().expect("it is put back whenever it was taken");
        let mut fen = parked.change(problem);
        parked.settle_change(fen);
        if judged != own {
            judged.put(problem);
            fen = parked.change(problem);
            own.put(problem);
        }
        self.changed += if counts { fen } else { 0 };
        problem.steps.ids().collect::<Vec<_>>().into_iter().for_each(|step| {
            problem.steps[step].previous = None;
            problem.steps[step].previous_end = None;
        });
        for step in &self.waiting {
            let place = parked.places()[*step];
            let place = place.filter(|_| problem.steps[*step].wait.is_none());
            if let Some(place) = place {
                let crew = problem.crew(&problem.options[place.choice as usize]).to_vec();
                problem.steps[*step].previous = Some((crew, place.start));
                problem.steps[*step].previous_end = Some(place.end);
            }
        }
    }

    /// Works on the plan in force.
    pub(super) fn plan<R>(&mut self, work: impl FnOnce(&mut Schedule<'_>, &[State]) -> R) -> R {
        let parked = self.parked.take().expect("it is put back whenever it was taken");
        let mut schedule = parked.resumed(&self.problem);
        let made = work(&mut schedule, &self.tickets);
        schedule.commit();
        self.parked = Some(Parked::new(schedule));
        made
    }

    /// Works out another plan from the one in force.
    pub(super) fn replan(
        &mut self,
        work: impl for<'p> FnOnce(Schedule<'p>, &[State]) -> Schedule<'p>,
    ) {
        let parked = self.parked.take().expect("it is put back whenever it was taken");
        let schedule = parked.resumed(&self.problem);
        let mut made = work(schedule, &self.tickets);
        made.commit();
        self.parked = Some(Parked::new(made));
    }

    /// The plan in force.
    pub(super) fn parked(&self) -> &Parked {
        self.parked.as_ref().expect("it is put back whenever it was taken")
    }

    /// From now on it is known.
    pub(super) fn arrive(&mut self, ticket: Id<Ticket>) {
        self.tickets[ticket.index()].is_known = true;
        let steps = self.problem.tickets[ticket].steps.iter();
        self.waiting.extend(steps.filter(|step| !self.problem.steps[**step].is_fact()));
    }

    /// Tickets that are known and not done, in order.
    pub(super) fn pending(&self) -> Vec<Id<Ticket>> {
        let mut tickets: Vec<_> =
            self.waiting.iter().map(|step| self.problem.steps[*step].ticket).collect();
        tickets.sort_unstable();
        tickets.dedup();
        tickets
    }

    /// Nothing that waits starts before `now`.
    pub(super) fn move_on(&mut self, now: Tick) {
        for step in &self.waiting {
            let ticket = &mut self.problem.tickets[self.problem.steps[*step].ticket];
            ticket.release = ticket.release.max(now);
        }
    }

    /// Holds what starts before `until`, or lets it go again.
    pub(super) fn hold(&mut self, until: Option<Tick>) {
        let places = self.parked.as_ref().expect("it is put back whenever it was taken").places();
        for step in &self.waiting {
            let start = places[*step].map(|place| place.start);
            self.problem.steps[*step].frozen =
                until.is_some_and(|until| start.is_some_and(|start| start < until));
        }
    }

    /// `ticket` is called off.
    pub(super) fn call_off(&mut self, ticket: Id<Ticket>) {
        self.plan(|schedule, _| schedule.lift_ticket(ticket));
        self.tickets[ticket.index()].is_off = true;
        // Nobody minds that work is called off.
        for step in self.problem.tickets[ticket].steps.clone() {
            if self.problem.steps[step].previous.take().is_some() {
                let parked = self.parked.as_mut().expect("it is put back whenever it was taken");
                parked.settle_change(self.problem.person_price);
            }
        }
        let steps = &self.problem.steps;
        self.waiting.retain(|step| steps[*step].ticket != ticket);
        self.problem.tickets[ticket].must = false;
        self.forgive(ticket);
        let row = &mut self.problem.tickets[ticket];
        // What was to follow it is free of it.
        for later in std::mem::take(&mut row.before) {
            self.problem.tickets[later].after.retain(|earlier| *earlier != ticket);
            self.work.tickets[later].after.retain(|earlier| *earlier != ticket);
        }
    }

    /// `step` has begun.
    pub(super) fn begin(&mut self, step: Id<Step>, now: Tick) {
        self.has_begun[step.index()] = true;
        self.waiting.retain(|other| *other != step);
        self.problem.steps[step].frozen = true;
        let ticket = self.problem.steps[step].ticket;
        self.problem.tickets[ticket].must = true;
        self.tickets[ticket.index()].began.get_or_insert(now);
    }

    /// The row of a new option: `step` done by the crew of `choice` in `minutes`.
    pub(super) fn timed(&mut self, step: Id<Step>, choice: u32, minutes: i64) -> u32 {
        let option = Choice { minutes, ..self.problem.options[choice as usize] };
        let row = u32::try_from(self.problem.options.len()).expect("options are far fewer");
        self.problem.options.push(option);
        self.problem.steps[step].options = (row, row + 1);
        row
    }

    /// It took so many minutes: what the verifier is told.
    pub(super) fn state_minutes(&mut self, step: Id<Step>, choice: u32) {
        let option = &self.problem.options[choice as usize];
        let lead = self.problem.crew(option)[0];
        self.work.steps[step].stated = vec![(lead, option.minutes)];
    }

    /// The wait `step` takes as long as `lag`.
    pub(super) fn state_wait(&mut self, step: Id<Step>, lag: Lag) {
        self.work.steps[step].wait = lag;
        self.problem.steps[step].wait = Some(lag);
    }

    /// Nothing of `ticket` is done by `person` any more; `false`, and nothing is changed, where
    /// nobody else could do it. None of its steps may stand anywhere.
    pub(super) fn exclude(&mut self, ticket: Id<Ticket>, person: Id<Person>) -> bool {
        let problem = &self.problem;
        let steps = problem.tickets[ticket].steps.clone();
        let left = |step: &Id<Step>| -> Vec<Choice> {
            let options = problem.options_of(*step).map(|row| problem.options[row]);
            options.filter(|option| !problem.crew(option).contains(&person)).collect()
        };
        let seated: Vec<_> =
            steps.into_iter().filter(|step| problem.steps[*step].wait.is_none()).collect();
        let options: Vec<Vec<Choice>> = seated.iter().map(left).collect();
        if options.iter().any(Vec::is_empty) {
            return false;
        }
        for (step, options) in seated.into_iter().zip(options) {
            let row = |count: usize| u32::try_from(count).expect("options are far fewer");
            let first = row(self.problem.options.len());
            self.problem.options.extend(options);
            self.problem.steps[step].options = (first, row(self.problem.options.len()));
        }
        self.work.tickets[ticket].excluded.push(person);
        true
    }

    /// Lateness of `ticket` costs nothing any more.
    pub(super) fn relieve(&mut self, ticket: Id<Ticket>) {
        self.forgive(ticket);
        self.work.tickets[ticket].curves.clear();
        self.work.tickets[ticket].unserved = None;
    }

    /// Neither lateness of `ticket` nor leaving it out costs anything, by whatever prices.
    fn forgive(&mut self, ticket: Id<Ticket>) {
        let judged = self.judged.as_deref_mut();
        for problem in std::iter::once(&mut self.problem).chain(judged) {
            problem.tickets[ticket].curves.clear();
            problem.tickets[ticket].unserved = 0;
        }
    }

    /// `person` is away in `span`, in which nothing of his stands.
    pub(super) fn send_away(&mut self, person: Id<Person>, span: Span, day: Day) {
        let zone = self.work.zone;
        let (from, to) = (zone.moment(span.start), zone.moment(span.end));
        let closure = Closure { from, to, reason: None };
        for band in &mut self.work.people[person].bands {
            band.present.closures.push(closure.clone());
            band.remote.closures.push(closure.clone());
        }
        let problem = &mut self.problem;
        let away = Timeline::from_windows(vec![Opening { span, day }], &problem.midnights);
        let mut known: Vec<(Id<Shift>, Id<Shift>)> = Vec::new();
        let shifts = &mut problem.shifts;
        let mut less = |old: Id<Shift>| {
            let found = known.iter().find(|(other, _)| *other == old).map(|(_, new)| *new);
            found.unwrap_or_else(|| {
                let without = |minutes: &Timeline| minutes.subtract(&away, &problem.midnights);
                let row = &shifts[old];
                let tier = |tier: &Tier| Tier { minutes: without(&tier.minutes), ..tier.clone() };
                let made = Shift {
                    regular: without(&row.regular),
                    tiers: row.tiers.iter().map(tier).collect(),
                    levels: row.levels.iter().map(without).collect(),
                };
                let new = shifts.push(made);
                known.push((old, new));
                new
            })
        };
        let own = problem.people[person].shifts;
        problem.people[person].shifts = own.map(&mut less);
        // What has begun keeps its option: it ends before the absence begins.
        let mut has_begun = vec![false; problem.options.len()];
        for (step, row) in problem.steps.pairs().filter(|(step, _)| self.has_begun[step.index()]) {
            let place = self.parked.as_ref().and_then(|parked| parked.places()[step]);
            let choice = place.filter(|_| row.wait.is_none()).map(|place| place.choice as usize);
            if let Some(is_kept) = choice.and_then(|row| has_begun.get_mut(row)) {
                *is_kept = true;
            }
        }
        for (row, option) in problem.options.iter_mut().enumerate() {
            let crew = &problem.crews[option.crew.0 as usize..option.crew.1 as usize];
            if !has_begun[row] && crew.contains(&person) {
                option.shift = less(option.shift);
            }
        }
    }

    /// What the verifier says of the plan in force, with all that is known at this moment. That a
    /// ticket under way from the start cannot be finished within the days simulated is no fault,
    /// nor that somebody sets out from a step of such a ticket, which is in no plan.
    pub(super) fn verified(&mut self) -> verify::Report {
        let work = self.work.clone();
        self.plan(|schedule, _| {
            let served = |ticket: &Id<Ticket>| schedule.is_served(*ticket);
            let row = |step: &Id<Step>| {
                let place = schedule.place(*step)?;
                Some(bridge::planned(&work, *step, schedule, *step, place))
            };
            let tickets = || work.tickets.ids();
            let steps = tickets().filter(served).flat_map(|ticket| &work.tickets[ticket].steps);
            let left_out = |ticket: Id<Ticket>| UnservedTicket {
                ticket: work.tickets[ticket].key.clone(),
                reason: None,
                price: None,
            };
            let mut plan = Plan {
                format: PLAN_FORMAT.to_owned(),
                zone: work.zone,
                as_of: Some(work.zone.moment(work.as_of)),
                horizon: Some(work.zone.moment(work.horizon)),
                steps: steps.filter_map(row).collect(),
                unserved: tickets().filter(|id| !served(id)).map(left_out).collect(),
                released: Vec::new(),
                weights: None,
                cost: None,
                bound: None,
                prices: Vec::new(),
                provenance: None,
            };
            // It is no question with a freeze: what has begun is planned like the rest.
            for step in plan.steps.iter_mut().filter(|step| step.standing == Standing::Frozen) {
                step.standing = Standing::Planned;
            }
            let mut report = verify::verify(&work, &plan, None);
            let is_cut_off = |fault: &verify::Violation| {
                let ticket = fault.ticket.as_ref().and_then(|key| work.ticket(key));
                fault.rule == verify::Code::Rule(Rule::H9)
                    && ticket.is_some_and(|id| work.tickets[id].begun && !schedule.is_served(id))
            };
            let is_unseen = |fault: &verify::Violation| comes_from_torn(&work, schedule, fault);
            report.violations.retain(|fault| !is_cut_off(fault) && !is_unseen(fault));
            report
        })
    }
}

/// `work` compiled; a fair share is one of the time in which work arrives.
fn arriving(work: &Work, ground: &Ground<'_>) -> Problem {
    let (mut problem, _) = compiled(work, None);
    let end = ground.last();
    for id in problem.people.ids().collect::<Vec<_>>() {
        let shift = problem.people[id].shifts[0];
        problem.people[id].regular = problem.shifts[shift].regular.open_between(problem.as_of, end);
    }
    problem
}

/// What departing from a plan that was handed out costs.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ChangePrices {
    person: i64,
    start: i64,
}

impl ChangePrices {
    fn of(problem: &Problem) -> ChangePrices {
        ChangePrices { person: problem.person_price, start: problem.start_price }
    }

    fn is_nothing(self) -> bool {
        self.person == 0 && self.start == 0
    }

    fn put(self, problem: &mut Problem) {
        (problem.person_price, problem.start_price) = (self.person, self.start);
    }
}

/// Whether `fault` is one of travel on a date on which the person was at a step before that the
/// verifier was not told of, as its ticket is not whole.
fn comes_from_torn(work: &Work, schedule: &Schedule<'_>, fault: &verify::Violation) -> bool {
    let (Some(step), Some(person)) = (&fault.step, &fault.person) else { return false };
    if fault.rule != verify::Code::Rule(Rule::H14) {
        return false;
    }
    let problem = schedule.problem;
    let step = work.steps.pairs().find(|(_, row)| row.key == *step);
    let person = work.people.pairs().find(|(_, row)| row.key == *person);
    let Some(((step, _), (person, _))) = step.zip(person) else { return false };
    let busy = schedule.line(person).busy();
    let Some(row) = busy.iter().position(|busy| busy.step == step) else { return false };
    let today = problem.midnights.day(busy[row].start);
    busy[..row].iter().any(|other| {
        problem.midnights.day(other.end - 1) == today
            && !schedule.is_served(problem.steps[other.step].ticket)
    })
}
