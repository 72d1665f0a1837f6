//! The fallback: when insertion leaves tickets out, a program decides who carries what on which
//! day, and what it says is made true here, step by step; and placements met during the search are
//! recombined, whether tickets are left out or not.
//!
//! It takes turns at fixed round numbers, each turn in place of a round, so that rounds alone say
//! what joined. Its plans compete like any other: what does not cost less is forgotten. When a
//! program breaks down, the plan there is stays, and that is counted.

use super::accept::Dice;
use super::insert::Taste;
use super::lp::NoAnswer;
use super::lp::assign::{Scope, Wish};
use super::pool::Pool;
use super::rng::Rng;
use super::schedule::{Placement, Schedule};
use super::search::Lane;
use super::{Settings, Tools, rebuilt};
use crate::id::{Column, Id};
use crate::model::plan::{Joined, Joiner};
use crate::model::work::{Person, Step, Ticket};
use crate::problem::Problem;

/// Rounds before its first turn: what a few more rounds of search put right is not worth a program.
/// Eight are too few: with a turn after 8 rounds of 12, of 36 generated scenarios 5 were cheaper and
/// 19 dearer, by 0.1 % in the median; the pool won 9 of 36 turns, the assignment none of 11. After
/// 16, of 33 such scenarios 7 were cheaper, 5 dearer, 21 equal.
const FIRST: u32 = 16;

/// Each later turn comes after so many times as many rounds.
const PACE: u32 = 4;

/// Seeds of one turn, side by side: each is looked at with what hangs together with it.
const SEEDS: usize = 2;

/// Steps of search at no temperature that put in order what a program has moved.
const POLISH: u32 = 400;

/// Where its random streams begin among all.
const STREAM: u64 = 1 << 33;

/// What is done in a turn.
#[derive(Clone, Copy, Debug)]
enum Task {
    Assign(Id<Ticket>),
    Recombine,
}

impl Task {
    fn joiner(self) -> Joiner {
        match self {
            Task::Assign(_) => Joiner::Assignment,
            Task::Recombine => Joiner::Pool,
        }
    }
}

/// The fallback of one search.
pub(super) struct Fallback<'p> {
    problem: &'p Problem,
    least: Column<Ticket, i64>,
    seed: u64,
    is_on: bool,
    pool: Pool,
    /// The turns so far.
    pub(super) joined: Vec<Joined>,
    /// Programs that broke down.
    pub(super) failed: u32,
}

impl<'p> Fallback<'p> {
    /// `least`: what each ticket costs at least.
    pub(super) fn new(problem: &'p Problem, least: &[i64], settings: &Settings) -> Fallback<'p> {
        Fallback {
            problem,
            least: least.iter().copied().collect(),
            seed: settings.seed,
            is_on: settings.fallback,
            pool: Pool::new(problem),
            joined: Vec::new(),
            failed: 0,
        }
    }

    /// Whether it is its turn after `rounds` rounds.
    pub(super) fn is_due(&self, rounds: u32) -> bool {
        let mut turn = FIRST;
        while turn < rounds {
            turn = turn.saturating_mul(PACE);
        }
        self.is_on && rounds == turn
    }

    /// Keeps what a round has met for the turn to come.
    pub(super) fn meet(&mut self, places: &Column<Step, Option<Placement>>) {
        if self.is_on {
            self.pool.meet(self.problem, places);
        }
    }

    /// Takes a turn from `best` on; `None`: there is nothing for it to do, or time is up. What
    /// comes back is `best` or better.
    pub(super) fn turn(
        &mut self,
        rounds: u32,
        best: &Schedule<'p>,
        tools: &Tools<'_>,
    ) -> Option<Schedule<'p>> {
        let mut rng = Rng::new(self.seed, STREAM + u64::from(rounds));
        let mut seeds = self.seeds(best);
        if rounds > FIRST {
            rng.shuffle(&mut seeds);
        }
        seeds.truncate(SEEDS);
        let recombine = self.pool.has_choices(best).then_some(Task::Recombine);
        let tasks: Vec<Task> = seeds.into_iter().map(Task::Assign).chain(recombine).collect();
        if tasks.is_empty() {
            return None;
        }
        let tasks: Vec<(Task, u64)> = tasks.into_iter().zip(1..).collect();
        let attempts = tools.threads.map(&tasks, |(task, number)| {
            let stream = STREAM + u64::from(rounds) + (number << 34);
            let mut rng = Rng::new(self.seed, stream);
            match task {
                Task::Assign(seed) => self.attempt(best, *seed, &mut rng),
                Task::Recombine => self.pool.recombine(best, &mut rng),
            }
        });
        if tools.is_over() {
            return None;
        }
        let mut found: Option<(usize, Schedule<'p>)> = None;
        for (row, attempt) in attempts.into_iter().enumerate() {
            let best = found.as_ref().map_or(best, |(_, found)| found);
            match attempt {
                Ok(Some(better)) if value(&better) < value(best) => found = Some((row, better)),
                Ok(_) => {}
                Err(NoAnswer) => self.failed += 1,
            }
        }
        let winner = found.as_ref().map(|(row, _)| tasks[*row].0.joiner());
        let mut joiners: Vec<Joiner> = tasks.iter().map(|(task, _)| task.joiner()).collect();
        joiners.dedup();
        for by in joiners {
            self.joined.push(Joined { round: rounds, by, won: winner == Some(by) });
        }
        Some(found.map_or_else(|| best.clone(), |(_, found)| found))
    }

    /// Tickets to begin with, the dearest first: those out that may pay for themselves. Late ones
    /// are left to the search: on generated scenarios of load 1.0 and 1.2, sixteen programs for
    /// them took 1 to 3 s each and won nothing.
    fn seeds(&self, best: &Schedule<'p>) -> Vec<Id<Ticket>> {
        let problem = self.problem;
        let excess = |ticket: &Id<Ticket>| best.standing(*ticket).cost - self.least[*ticket];
        let out = |ticket: &Id<Ticket>| {
            !best.is_served(*ticket) && excess(ticket) > 0 && Scope::admits(problem, *ticket)
        };
        let mut seeds: Vec<Id<Ticket>> = problem.tickets.ids().filter(out).collect();
        seeds.sort_by_key(|ticket| (-excess(ticket), *ticket));
        seeds
    }

    /// A better schedule than `current`, from what hangs together with `seed`.
    fn attempt(
        &self,
        current: &Schedule<'p>,
        seed: Id<Ticket>,
        rng: &mut Rng,
    ) -> Result<Option<Schedule<'p>>, NoAnswer> {
        let scope = self.scope(current, seed, rng);
        let mut ground = current.clone();
        for ticket in scope.tickets() {
            ground.lift_ticket(ticket);
        }
        ground.commit();
        let ceiling = current.cost() - ground.cost();
        let Some(wishes) = scope.assign(&ground, ceiling)? else { return Ok(None) };
        let keys: [Key; 3] = [by_slack, by_minutes, by_rate];
        let tries = keys.iter().flat_map(|key| [(*key, true), (*key, false)]);
        let tickets: Vec<Id<Ticket>> = scope.tickets().collect();
        let tries = tries.map(|(key, all)| sequenced(current, &tickets, &wishes, (key, all), rng));
        let Some(best) = tries.min_by_key(value) else { return Ok(None) };
        let mut lane = Lane::new(best, self.seed, u32::MAX - 1);
        lane.round(POLISH, 0, &Dice::default(), &|| false);
        let best = rebuilt(self.problem, &lane.best);
        Ok((value(&best) < value(current)).then_some(best))
    }

    /// `seed` and the tickets whose people could help it, theirs, and so on, while there is room.
    fn scope(&self, current: &Schedule<'p>, seed: Id<Ticket>, rng: &mut Rng) -> Scope {
        let problem = self.problem;
        let mut scope = Scope::new(problem);
        let mut seen: Column<Ticket, bool> = problem.tickets.iter().map(|_| false).collect();
        let mut asked: Column<Person, bool> = problem.people.iter().map(|_| false).collect();
        let mut wave = vec![seed];
        seen[seed] = true;
        while !wave.is_empty() {
            let mut next = Vec::new();
            for ticket in std::mem::take(&mut wave) {
                if !scope.take(current, ticket) {
                    return scope;
                }
                let mut people = people(problem, ticket);
                people.retain(|person| !std::mem::replace(&mut asked[*person], true));
                for person in people {
                    for busy in current.line(person).busy() {
                        let other = problem.steps[busy.step].ticket;
                        if !std::mem::replace(&mut seen[other], true)
                            && Scope::admits(problem, other)
                        {
                            next.push(other);
                        }
                    }
                }
            }
            rng.shuffle(&mut next);
            wave = next;
        }
        scope
    }
}

/// By what schedules compete.
fn value(schedule: &Schedule<'_>) -> (i64, i64) {
    (schedule.owed(), schedule.cost())
}

/// Everybody who may do a step of `ticket`, once each.
fn people(problem: &Problem, ticket: Id<Ticket>) -> Vec<Id<Person>> {
    let steps = problem.tickets[ticket].steps.iter();
    let options = steps.flat_map(|step| problem.options_of(*step));
    let mut people: Vec<Id<Person>> =
        options.flat_map(|row| problem.crew(&problem.options[row])).copied().collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// Which of the steps that end on a day goes first: the one with the smaller key.
type Key = fn(&Problem, &Wish) -> i64;

fn by_slack(problem: &Problem, wish: &Wish) -> i64 {
    let step = &problem.steps[wish.step];
    problem.tickets[step.ticket].due.0 - step.tail
}

fn by_minutes(problem: &Problem, wish: &Wish) -> i64 {
    -problem.options[wish.choice as usize].minutes
}

fn by_rate(problem: &Problem, wish: &Wish) -> i64 {
    let ticket = problem.steps[wish.step].ticket;
    let due = problem.tickets[ticket].due;
    -problem.lateness(ticket, due + 600)
}

/// `current` with `tickets` as `wishes` say, as far as that goes, and by insertion beyond; moves
/// those that are to stand elsewhere, or all.
fn sequenced<'p>(
    current: &Schedule<'p>,
    tickets: &[Id<Ticket>],
    wishes: &[Wish],
    (key, all): (Key, bool),
    rng: &mut Rng,
) -> Schedule<'p> {
    let problem = current.problem;
    let mut schedule = current.clone();
    for ticket in tickets {
        let own = |wish: &&Wish| problem.steps[wish.step].ticket == *ticket;
        let mut own = wishes.iter().filter(own).peekable();
        if all || own.peek().is_none() || own.any(|wish| !wish.stays) {
            schedule.lift_ticket(*ticket);
        }
    }
    let mut order: Vec<&Wish> =
        wishes.iter().filter(|wish| schedule.place(wish.step).is_none()).collect();
    order.sort_by_key(|wish| (wish.day, key(problem, wish), wish.step));
    let mut torn: Vec<Id<Ticket>> = Vec::new();
    for wish in order {
        let ticket = problem.steps[wish.step].ticket;
        if torn.contains(&ticket) {
            continue;
        }
        schedule.place_waits(ticket, rng);
        match schedule.place_by(wish.step, wish.choice, rng) {
            Some(place) => schedule.put(wish.step, place),
            None => {
                schedule.lift_ticket(ticket);
                torn.push(ticket);
            }
        }
    }
    for ticket in tickets {
        schedule.place_waits(*ticket, rng);
        if !schedule.is_served(*ticket) {
            schedule.lift_ticket(*ticket);
        }
    }
    let mut left: Vec<Id<Ticket>> =
        tickets.iter().copied().filter(|ticket| !schedule.is_served(*ticket)).collect();
    left.sort_by_key(|ticket| (problem.tickets[*ticket].due, *ticket));
    schedule.insert_all(&left, &Taste::PLAIN, rng);
    schedule.mend_travel(&Taste::PLAIN, rng);
    schedule.commit();
    schedule
}

impl Schedule<'_> {
    /// Places the waits of `ticket` that all steps before them have been placed for.
    fn place_waits(&mut self, ticket: Id<Ticket>, rng: &mut Rng) {
        let problem = self.problem;
        for id in &problem.tickets[ticket].steps {
            let step = &problem.steps[*id];
            let ready = step.before.iter().all(|link| self.place(link.step).is_some());
            let waits = step.wait.is_some() && ready && self.place(*id).is_none();
            if waits && let Some(place) = self.best_place(*id, &Taste::PLAIN, rng) {
                self.put(*id, place);
            }
        }
    }
}
