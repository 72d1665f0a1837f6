//! Placements of tickets met during the search, kept to be recombined.
//!
//! Whether two of them go together is asked of a program as far as people's time goes
//! ([`super::lp::pack`]); everything else is asked when they are put.

use super::extra;
use super::insert::Taste;
use super::lp::NoAnswer;
use super::lp::assign::Scope;
use super::lp::pack::{Offer, pack};
use super::price::change_price;
use super::rng::Rng;
use super::schedule::{Placement, Schedule};
use crate::id::{Column, Id};
use crate::model::work::{Step, Ticket};
use crate::problem::Problem;
use crate::time::{Span, Tick};

/// Placements kept of a ticket, the last ones met.
const KEPT: usize = 8;

/// Placements in one program.
const MOST_OFFERS: usize = 1_500;

/// Where the steps of a ticket stand, in their order.
type Kept = Vec<Placement>;

/// The pool.
pub(super) struct Pool(Column<Ticket, Vec<Kept>>);

impl Pool {
    pub(super) fn new(problem: &Problem) -> Pool {
        Pool(problem.tickets.iter().map(|_| Vec::new()).collect())
    }

    /// Keeps what `places` has that is new.
    pub(super) fn meet(&mut self, problem: &Problem, places: &Column<Step, Option<Placement>>) {
        for ticket in problem.tickets.ids().filter(|ticket| Scope::admits(problem, *ticket)) {
            let steps = problem.tickets[ticket].steps.iter();
            let Some(met) = steps.map(|step| places[*step]).collect::<Option<Kept>>() else {
                continue;
            };
            let kept = &mut self.0[ticket];
            match kept.iter().position(|other| *other == met) {
                Some(row) => kept[row..].rotate_left(1),
                None => kept.push(met),
            }
            if kept.len() > KEPT {
                kept.remove(0);
            }
        }
    }

    /// Whether there is something to recombine, and not too much of it.
    pub(super) fn has_choices(&self, current: &Schedule<'_>) -> bool {
        let tickets = current.problem.tickets.ids();
        let moved = tickets.filter(|ticket| self.has_choice(current, *ticket));
        let offers: usize = moved.map(|ticket| self.0[ticket].len()).sum();
        (1..=MOST_OFFERS).contains(&offers)
    }

    /// The best recombination found, if it costs less than `current`.
    pub(super) fn recombine<'p>(
        &self,
        current: &Schedule<'p>,
        rng: &mut Rng,
    ) -> Result<Option<Schedule<'p>>, NoAnswer> {
        let problem = current.problem;
        let moved: Vec<Id<Ticket>> =
            problem.tickets.ids().filter(|ticket| self.has_choice(current, *ticket)).collect();
        let mut schedule = current.clone();
        for ticket in &moved {
            schedule.lift_ticket(*ticket);
        }
        let (offers, kept, ceiling) = self.offers(current, &schedule, &moved);
        if offers.is_empty() {
            return Ok(None);
        }
        let Some(rows) = pack(&offers, ceiling)? else { return Ok(None) };
        let mut chosen: Vec<(Id<Ticket>, &Kept)> =
            rows.iter().map(|row| (offers[*row].ticket, kept[*row])).collect();
        chosen.sort_by_key(|(ticket, kept)| (kept.iter().map(|place| place.start).min(), *ticket));
        for (ticket, kept) in chosen {
            schedule.put_kept(ticket, kept, rng);
        }
        let mut left = moved;
        left.retain(|ticket| !schedule.is_served(*ticket));
        left.sort_by_key(|ticket| (problem.tickets[*ticket].due, *ticket));
        schedule.insert_all(&left, &Taste::PLAIN, rng);
        schedule.mend_travel(&Taste::PLAIN, rng);
        schedule.commit();
        let value = |schedule: &Schedule<'_>| (schedule.owed(), schedule.cost());
        Ok((value(&schedule) < value(current)).then_some(schedule))
    }

    /// Whether `ticket` was met elsewhere than where it stands.
    fn has_choice(&self, current: &Schedule<'_>, ticket: Id<Ticket>) -> bool {
        let steps = &current.problem.tickets[ticket].steps;
        let stands = |kept: &Kept| {
            steps.iter().zip(kept).all(|(step, place)| current.place(*step) == Some(*place))
        };
        self.0[ticket].iter().any(|kept| !stands(kept))
    }

    /// The placements of `moved` that fit beside `ground` and pay, and what those cost that stand.
    fn offers(
        &self,
        current: &Schedule<'_>,
        ground: &Schedule<'_>,
        moved: &[Id<Ticket>],
    ) -> (Vec<Offer>, Vec<&Kept>, i64) {
        let (mut offers, mut kept, mut ceiling) = (Vec::new(), Vec::new(), 0);
        for ticket in moved {
            let steps = &current.problem.tickets[*ticket].steps;
            for places in &self.0[*ticket] {
                let Some(offer) = offer(ground, *ticket, places) else { continue };
                let stand = |(step, place): (&Id<Step>, _)| current.place(*step) == Some(place);
                if steps.iter().zip(places.iter().copied()).all(stand) {
                    ceiling += offer.cost;
                }
                offers.push(offer);
                kept.push(places);
            }
        }
        (offers, kept, ceiling)
    }
}

/// What a placement takes and saves; `None` when it does not fit beside `ground` or does not pay.
fn offer(ground: &Schedule<'_>, ticket: Id<Ticket>, places: &Kept) -> Option<Offer> {
    let problem = ground.problem;
    let row = &problem.tickets[ticket];
    let finish = places.iter().map(|place| place.end).fold(Tick::MIN, Tick::max);
    let mut cost = problem.lateness(ticket, finish) - row.unserved;
    let mut busy = Vec::new();
    for (step, place) in row.steps.iter().zip(places) {
        if problem.steps[*step].wait.is_some() {
            continue;
        }
        let option = &problem.options[place.choice as usize];
        cost += option.price + change_price(problem, *step, Some(*place));
        if place.extra {
            let (_, counts) = extra::split(problem, option, place.start, place.end)?;
            cost += extra::price(problem, option, &counts);
        }
        for person in problem.crew(option) {
            if ground.line(*person).conflict(place.start, place.end).is_some() {
                return None;
            }
            busy.push((*person, Span::new(place.start, place.end)));
        }
    }
    (cost < 0).then_some(Offer { ticket, cost, busy })
}

impl Schedule<'_> {
    /// Puts `ticket` where `kept` says; leaves it out where that is not allowed.
    fn put_kept(&mut self, ticket: Id<Ticket>, kept: &Kept, rng: &mut Rng) {
        let problem = self.problem;
        for (step, place) in problem.tickets[ticket].steps.iter().zip(kept) {
            let place = match self.bounds(*step) {
                Some(_) if problem.steps[*step].wait.is_some() => {
                    self.best_place(*step, &Taste::PLAIN, rng)
                }
                Some(bounds) if self.keeps(*step, *place, bounds) => Some(*place),
                _ => None,
            };
            match place {
                Some(place) => self.put(*step, place),
                None => {
                    self.lift_ticket(ticket);
                    return;
                }
            }
        }
    }
}
