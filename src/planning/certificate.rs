//! The certificate of a plan: the bound, where the gap to it lies, what an hour is worth.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::calendar::{Date, Day};
use crate::id::Id;
use crate::model::plan::{Bound, BoundMethod};
use crate::model::proof::{DayShare, Gap, HourPrice, SkillShare, TicketShare};
use crate::model::work::{Person, Skill, Step, Ticket, Work};
use crate::solver::proof::Worth;
use crate::solver::schedule::Schedule;
use crate::solver::{Proven, gap_basis_points};
use crate::time::Money;

/// What is known of a bound.
pub(super) struct Known<'a> {
    /// No plan costs less, in fen.
    pub(super) bound: i64,
    /// What its proof tells, where it is more than each ticket alone.
    pub(super) proof: Option<&'a Proven>,
    /// The schedule of which the gap was told.
    pub(super) schedule: &'a Schedule<'a>,
}

impl Known<'_> {
    /// The bound, and where the gap of a plan of that `cost` lies.
    pub(super) fn bound(&self, work: &Work, cost: i64) -> Bound {
        // The plan of a priority rule may stand in for that of the search.
        let told = self.proof.filter(|_| cost == self.schedule.cost());
        let method = match self.proof {
            Some(_) => BoundMethod::PricedTime,
            None => BoundMethod::TicketsAlone,
        };
        Bound {
            value_fen: Money(self.bound),
            method,
            gap_basis_points: gap_basis_points(cost, self.bound),
            gap: told.map(|proven| gap(work, self.schedule, proven, cost - self.bound)),
        }
    }

    /// What hours are worth.
    pub(super) fn prices(&self, work: &Work) -> Vec<HourPrice> {
        self.proof.map_or_else(Vec::new, |proven| prices(work, &proven.worth))
    }
}

fn date(day: Day) -> Date {
    Date::from(day)
}

/// Where the gap lies.
fn gap(work: &Work, schedule: &Schedule<'_>, proven: &Proven, whole: i64) -> Gap {
    let mut skills: BTreeMap<Id<Skill>, i64> = BTreeMap::new();
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    let mut gap = Gap::default();
    let mut rest = whole;
    for (ticket, fen) in &proven.gap.tickets {
        rest -= fen;
        gap.tickets
            .push(TicketShare { ticket: work.tickets[*ticket].key.clone(), fen: Money(*fen) });
        *days.entry(finish(work, schedule, *ticket)).or_default() += fen;
        for (skill, fen) in by_skill(work, schedule, *ticket, *fen) {
            *skills.entry(skill).or_default() += fen;
        }
    }
    for (_, day, fen) in &proven.gap.idle {
        rest -= fen;
        gap.idle_fen.0 += fen;
        *days.entry(*day).or_default() += fen;
    }
    gap.other_fen = Money(rest.max(0));
    gap.tickets.sort_by_key(|share| Reverse(share.fen));
    let share = |(skill, fen): (Id<Skill>, i64)| SkillShare {
        skill: work.skills[skill].clone(),
        fen: Money(fen),
    };
    gap.skills = skills.into_iter().filter(|(_, fen)| *fen > 0).map(share).collect();
    gap.skills.sort_by_key(|share| Reverse(share.fen));
    let share = |(day, fen)| DayShare { date: date(day), fen: Money(fen) };
    gap.days = days.into_iter().map(share).collect();
    gap
}

/// The day on which `ticket` finishes; that of the horizon when it is left out.
fn finish(work: &Work, schedule: &Schedule<'_>, ticket: Id<Ticket>) -> Day {
    let served = schedule.is_served(ticket);
    let finish = schedule.standing(ticket).finish;
    work.zone.date(if served { finish } else { work.horizon - 1 })
}

/// `fen` over the skills of the steps of `ticket`, by worked minutes.
fn by_skill(
    work: &Work,
    schedule: &Schedule<'_>,
    ticket: Id<Ticket>,
    fen: i64,
) -> Vec<(Id<Skill>, i64)> {
    let minutes = |step: &Id<Step>| {
        let skill = work.steps[*step].seats.first()?.skill;
        Some((skill, schedule.problem.steps[*step].least_minutes))
    };
    let rows: Vec<(Id<Skill>, i64)> =
        work.tickets[ticket].steps.iter().filter_map(minutes).collect();
    let all: i64 = rows.iter().map(|(_, minutes)| minutes).sum();
    let (mut told, mut before) = (0, 0);
    let mut shares = Vec::new();
    for (skill, minutes) in rows.iter().filter(|(_, minutes)| *minutes > 0) {
        before += minutes;
        let now = i128::from(fen) * i128::from(before) / i128::from(all);
        let now = i64::try_from(now).expect("a part of what fits");
        shares.push((*skill, now - told));
        told = now;
    }
    shares
}

/// What hours are worth: of people, then of skills, each by day.
fn prices(work: &Work, worth: &Worth) -> Vec<HourPrice> {
    let keys = |people: &[Id<Person>]| {
        people.iter().map(|person| work.people[*person].key.clone()).collect()
    };
    let people = worth.people.iter().map(|(people, day, fen)| HourPrice {
        date: date(*day),
        people: keys(people),
        skill: None,
        fen_per_hour: Money(*fen),
    });
    let mut skills: BTreeMap<(Id<Skill>, Day), i64> = BTreeMap::new();
    for (step, day, fen) in &worth.steps {
        if let Some(seat) = work.steps[*step].seats.first() {
            let most = skills.entry((seat.skill, *day)).or_default();
            *most = (*most).max(*fen);
        }
    }
    let skills = skills.into_iter().map(|((skill, day), fen)| HourPrice {
        date: date(day),
        people: Vec::new(),
        skill: Some(work.skills[skill].clone()),
        fen_per_hour: Money(fen),
    });
    people.chain(skills).collect()
}
