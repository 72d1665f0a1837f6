//! When to learn (R159, R162): sessions over dates, each person's where the prices of the linear
//! bound say that an hour without him costs least, then simulated beside things as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::arrivals::Ground;
use super::draw::Luck;
use super::future::{PRICED, Priced, hour_prices, priced};
use super::sessions::attended;
use super::study::{Choice, Fault, Order, Stage, Unfit, grounds, simulate};
use crate::calendar::{Date, Day, Hours, Label};
use crate::model::change::{CHANGES_FORMAT, Change, Changes};
use crate::model::outcome::{Ended, Figure};
use crate::model::people::Person;
use crate::model::proof::HourPrice;
use crate::model::training::{Learner, TRAINING_FORMAT, Training};
use crate::solver::budget::Stopwatch;
use crate::time::Money;

/// Days of a quarter.
const QUARTER: i64 = 91;

/// What is to be learnt.
#[derive(Clone, Debug)]
pub struct Lessons {
    /// The skill its topics belong to (R160): who holds it learns; none: everybody does.
    pub skill: Option<String>,
    /// When on a date.
    pub hours: Hours,
    /// Minutes a person and quarter.
    pub quarter_minutes: u32,
    /// How many of those who hold a skill, and of those kept for urgent tickets, may learn at a
    /// time, in percent; one always may, and all of several never.
    pub most_percent: u32,
}

/// What each person loses by each date.
struct Losses {
    days: Vec<Day>,
    /// Fen by person and date; none where he does not work all of the session.
    fen: Vec<Vec<Option<i64>>>,
    /// Replications whose prices they are.
    count: u32,
    /// Of these, proofs that were cut short.
    rough: u32,
}

/// The training plan of everybody under the first option and the first policy of `order`.
///
/// Half of the time is for prices; of a proof that is under way then the prices it has, if there
/// are no others. Who stops it, or has no time left, gets the plan without its simulation.
///
/// # Errors
/// As [`simulate()`].
pub fn training(
    order: &Order<'_>,
    lessons: &Lessons,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Training, Fault> {
    let stopwatch = Stopwatch::start();
    let first = &order.choices[..order.choices.len().min(1)];
    let ground = grounds(&Order { choices: first, ..order.clone() })?.remove(0);
    let count = order.replications.min(PRICED);
    let (losses, ended) = losses(order, &ground, (lessons, count), watch)?;
    let length = session(lessons);
    let days = i64::from(order.simulation.days);
    let needed = (i64::from(lessons.quarter_minutes) * days + QUARTER - 1) / QUARTER;
    let learnt = learnt(&ground)?;
    let needs = needs(&ground.scenario.people, lessons, &learnt, needed);
    let plan = planned(&ground.scenario.people, &losses, &needs, lessons.most_percent);
    let mut people = Vec::new();
    let mut changes = Vec::new();
    for (row, dates) in plan.iter().enumerate() {
        let person = &ground.scenario.people[row].id;
        let fen = dates.iter().filter_map(|date| losses.fen[row][*date]).sum();
        changes.extend(dates.iter().map(|date| away(person, losses.days[*date], lessons.hours)));
        let short = (needs[row] - dates.len()) * usize::try_from(length).unwrap_or(0);
        people.push(Learner {
            person: person.clone(),
            dates: dates.iter().map(|date| Date::from(losses.days[*date])).collect(),
            priced_fen: Money(fen),
            learnt_minutes: u32::try_from(learnt[row]).unwrap_or(u32::MAX),
            short_minutes: u32::try_from(short).unwrap_or(u32::MAX),
        });
    }
    let mut learning = first[0].clone();
    learning.changes.extend(changes.iter().cloned());
    let choices = [first[0].clone(), learning];
    let left = order.milliseconds.map(|most| most.saturating_sub(stopwatch.milliseconds()));
    let beside = Beside { choices: &choices, left, ended };
    let (simulated_fen, replications, ended) = beside.simulated(order, watch)?;
    Ok(Training {
        format: TRAINING_FORMAT.to_owned(),
        hours: lessons.hours,
        skill: lessons.skill.clone(),
        quarter_minutes: lessons.quarter_minutes,
        days: order.simulation.days,
        needed_minutes: u32::try_from(needed).unwrap_or(u32::MAX),
        priced: losses.count,
        rough: losses.rough,
        most_percent: lessons.most_percent,
        priced_fen: Money(people.iter().map(|learner| learner.priced_fen.0).sum()),
        together_fen: Money(together(&losses, &needs)),
        simulated_fen,
        replications,
        ended,
        people,
        changes: Changes {
            format: CHANGES_FORMAT.to_owned(),
            about: Some(Label::new("培训计划", "training plan")),
            changes,
        },
    })
}

/// The plan beside things as they are.
struct Beside<'a> {
    choices: &'a [Choice],
    /// Milliseconds left.
    left: Option<u64>,
    /// Why there are fewer prices than asked for.
    ended: Option<Ended>,
}

impl Beside<'_> {
    /// Fen a week more, over how many replications, and why it ended.
    fn simulated(
        &self,
        order: &Order<'_>,
        watch: &mut dyn FnMut(Stage) -> bool,
    ) -> Result<(Figure, u32, Ended), Fault> {
        let unknown = |ended| Ok((Figure::default(), 0, ended));
        if self.ended == Some(Ended::Interrupted) {
            return unknown(Ended::Interrupted);
        } else if self.left == Some(0) {
            return unknown(Ended::Seconds);
        }
        let policies = &order.policies[..order.policies.len().min(1)];
        let (choices, milliseconds) = (self.choices, self.left);
        match simulate(&Order { choices, policies, milliseconds, ..order.clone() }, watch) {
            Err(Fault::Nothing) => unknown(Ended::Interrupted),
            told => {
                let told = told?;
                let ended = self.ended.unwrap_or(told.ended);
                Ok((told.cells[1].difference_fen, told.replications, ended))
            }
        }
    }
}

/// Minutes of a session.
fn session(lessons: &Lessons) -> i64 {
    lessons.hours.closes() - lessons.hours.opens()
}

/// One session of `person`.
fn away(person: &str, day: Day, hours: Hours) -> Change {
    let (person, date) = (person.to_owned(), Date::from(day));
    Change::Training { person, first: date, last: date, weekday: day.weekday(), hours }
}

/// Regular minutes that everybody learns in the days simulated as things are: those he would work
/// without his training, less those he works.
fn learnt(ground: &Ground<'_>) -> Result<Vec<i64>, Fault> {
    let mut scenario = ground.scenario.clone();
    scenario.people.iter_mut().for_each(|person| person.absences.retain(|row| !row.is_training()));
    let free = Ground::new(&scenario, ground.simulation.clone(), ground.demand.clone());
    let free = free.map_err(|issues| Fault::Unfit(vec![(Unfit::Simulation, issues)]))?;
    let days = i32::try_from(ground.simulation.days).unwrap_or(i32::MAX);
    let minutes = |row: usize| {
        let days = (0..days).map(|day| ground.first_day().plus(day));
        days.map(|day| free.regular_on(row, day) - ground.regular_on(row, day)).sum()
    };
    Ok((0..scenario.people.len()).map(minutes).collect())
}

/// How many sessions everybody still needs for `needed` minutes, after those `learnt`.
fn needs(people: &[Person], lessons: &Lessons, learnt: &[i64], needed: i64) -> Vec<usize> {
    let length = session(lessons).max(1);
    let is_meant = |person: &Person| {
        let mut held = person.skills.iter();
        lessons.skill.as_ref().is_none_or(|skill| held.any(|row| row.skill == *skill))
    };
    let left = |(person, learnt): (&Person, &i64)| match is_meant(person) {
        true => usize::try_from(((needed - learnt).max(0) + length - 1) / length).unwrap_or(0),
        false => 0,
    };
    people.iter().zip(learnt).map(left).collect()
}

/// What an absence costs by the mean price of an hour, by person and date.
fn losses(
    order: &Order<'_>,
    ground: &Ground<'_>,
    (lessons, count): (&Lessons, u32),
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<(Losses, Option<Ended>), Fault> {
    let milliseconds = order.milliseconds.map(|most| most / 2);
    let half = Order { milliseconds, ..order.clone() };
    let told = priced(&half, (count, 0), watch, |row, proofs| {
        hour_prices(ground, Luck::new(order.seed, row), proofs)
    })?;
    let Priced { whole, cut, ended } = told;
    let is_rough = whole.is_empty();
    // A proof that failed says nothing, nor does one that was cut before its first step; that is
    // not a price of nothing.
    let prices = if is_rough { cut } else { whole };
    let says = |prices: &Vec<HourPrice>| !(is_rough && prices.is_empty());
    let prices: Vec<Vec<HourPrice>> = prices.into_iter().flatten().filter(says).collect();
    if prices.is_empty() && ended == Some(Ended::Interrupted) {
        return Err(Fault::Nothing);
    }
    let count = u32::try_from(prices.len()).unwrap_or(u32::MAX);
    let rough = if is_rough { count } else { 0 };
    let mut sums: BTreeMap<(&str, Date), i64> = BTreeMap::new();
    for price in prices.iter().flatten().filter(|price| price.skill.is_none()) {
        for person in &price.people {
            *sums.entry((person, price.date)).or_default() += price.fen_per_hour.0;
        }
    }
    let last = i32::try_from(order.simulation.days).unwrap_or(i32::MAX);
    let days: Vec<Day> = (0..last).map(|day| ground.first_day().plus(day)).collect();
    let length = session(lessons);
    let people = ground.scenario.people.iter().enumerate();
    let fen = people.map(|(row, person)| {
        let loss = |day: &Day| {
            let (opens, closes) = (lessons.hours.opens(), lessons.hours.closes());
            let worked = ground.regular_within(row, *day, (opens, closes));
            let sum = sums.get(&(person.id.as_str(), Date::from(*day))).copied().unwrap_or(0);
            let per_hour = sum / i64::from(count.max(1));
            (worked == length).then(|| (per_hour * length + 59) / 60)
        };
        days.iter().map(loss).collect()
    });
    let fen = fen.collect();
    Ok((Losses { days, fen, count, rough }, ended))
}

/// People of whom only some may learn at a time: who hold a skill, and who are kept for urgent
/// tickets.
fn groups(people: &[Person]) -> Vec<Vec<usize>> {
    let rows = |is: &dyn Fn(&Person) -> bool| -> Vec<usize> {
        (0..people.len()).filter(|row| is(&people[*row])).collect()
    };
    let held = people.iter().flat_map(|person| &person.skills).map(|held| held.skill.as_str());
    let skills: BTreeSet<&str> = held.collect();
    let mut groups: Vec<Vec<usize>> = skills
        .into_iter()
        .map(|skill| rows(&|person| person.skills.iter().any(|held| held.skill == skill)))
        .collect();
    groups.push(rows(&|person| person.urgent_only));
    groups
}

/// How many of `count` may learn at a time: so many percent, at least one, and never all of several.
fn most(count: usize, percent: u32) -> usize {
    (count * percent as usize / 100).clamp(1, count.saturating_sub(1).max(1))
}

/// The sessions of everybody, by row of the date: those who can do the same together, the scarcest
/// first, each in the room that the others leave in every skill. Nobody gets another session before
/// all had their turn for as many. Each turn is at the least cost beside the others; all of them
/// together need not be.
fn planned(people: &[Person], losses: &Losses, needs: &[usize], percent: u32) -> Vec<Vec<usize>> {
    let groups = groups(people);
    let mut alike: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for row in 0..people.len() {
        let own = (0..groups.len()).filter(|group| groups[*group].contains(&row)).collect();
        alike.entry(own).or_default().push(row);
    }
    let mut classes: Vec<(Vec<usize>, Vec<usize>)> = alike.into_iter().collect();
    classes.sort_by_key(|(own, _)| own.iter().map(|group| groups[*group].len()).min());
    let dates = losses.days.len();
    let mut plan: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    for most_sessions in 1..=needs.iter().copied().max().unwrap_or(0) {
        for (own, rows) in
            classes.iter().filter(|(_, rows)| rows.iter().any(|row| needs[*row] >= most_sessions))
        {
            // All of them anew, beside what the others have.
            rows.iter().for_each(|row| plan[*row].clear());
            let load = |people: &[usize], date: usize| {
                people.iter().filter(|row| plan[**row].contains(&date)).count()
            };
            let left = |group: &usize, date: usize| {
                let group = &groups[*group];
                most(group.len(), percent).saturating_sub(load(group, date))
            };
            let room = |date| own.iter().map(|group| left(group, date)).min().unwrap_or(rows.len());
            let room: Vec<usize> = (0..dates).map(room).collect();
            let all: Vec<usize> = (0..people.len()).collect();
            let crowd: Vec<usize> = (0..dates).map(|date| load(&all, date)).collect();
            let costs: Vec<Vec<Option<i64>>> =
                rows.iter().map(|row| losses.fen[*row].clone()).collect();
            let needs: Vec<usize> = rows.iter().map(|row| needs[*row].min(most_sessions)).collect();
            let told = attended(&costs, &needs, &room, &crowd);
            rows.iter().zip(told).for_each(|(row, dates)| plan[*row] = dates);
        }
    }
    plan
}

/// What it costs when all who can learn on the same dates, the cheapest ones for all of them.
fn together(losses: &Losses, needs: &[usize]) -> i64 {
    let sessions = needs.iter().copied().max().unwrap_or(0);
    let learners = || losses.fen.iter().zip(needs).filter(|(_, need)| **need > 0);
    let learners = || learners().map(|(row, _)| row);
    let whole = |date: usize| {
        let own: Vec<i64> = learners().filter_map(|row| row[date]).collect();
        (!own.is_empty()).then(|| own.iter().sum::<i64>())
    };
    let most = (0..losses.days.len())
        .map(|date| learners().filter(|row| row[date].is_some()).count())
        .max()
        .unwrap_or(0);
    let full = |date: &usize| learners().filter(|row| row[*date].is_some()).count() == most;
    let mut all: Vec<i64> = (0..losses.days.len()).filter(full).filter_map(whole).collect();
    all.sort_unstable();
    all.into_iter().take(sessions).sum()
}
