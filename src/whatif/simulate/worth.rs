//! Where the next hour is worth most, told twice: by the prices of the linear bound, to which all
//! is known beforehand, and by what a newcomer saves who can do nothing else.

use std::cmp::Reverse;

use super::arrivals::Ground;
use super::draw::Luck;
use super::future::{PRICED, hour_prices, priced as priced_by};
use super::statistics::{Estimate, FIVE_PERCENT};
use super::study::{Choice, Fault, Order, Stage, grounds, simulate};
use crate::calendar::{Date, Label, Moment};
use crate::model::change::Change;
use crate::model::outcome::{Ended, Figure, Outcome};
use crate::model::people::{Absence, BandKind, Held, Person};
use crate::model::proof::HourPrice;
use crate::model::scenario::Scenario;
use crate::model::worth::{HOURS_FORMAT, Hours, SkillHour};
use crate::solver::budget::Stopwatch;

/// What one more hour of each skill that somebody holds is worth under the first option and the
/// first policy of `order`. Where time is up, or somebody stops it, before any price is asked, there
/// are none.
///
/// # Errors
/// As [`simulate()`].
pub fn worth(order: &Order<'_>, watch: &mut dyn FnMut(Stage) -> bool) -> Result<Hours, Fault> {
    let stopwatch = Stopwatch::start();
    let first = &order.choices[..order.choices.len().min(1)];
    let ground = grounds(&Order { choices: first, ..order.clone() })?.remove(0);
    let newcomers: Vec<Person> =
        ground.scenario.skills.iter().filter_map(|skill| newcomer(&ground, &skill.id)).collect();
    let mut choices = first.to_vec();
    for person in &newcomers {
        let skill = &person.skills[0].skill;
        let mut changes = first[0].changes.clone();
        changes.push(Change::AddPerson { person: Box::new(person.clone()) });
        choices.push(Choice { name: Label::new(skill.clone(), skill.clone()), changes });
    }
    let policies = &order.policies[..order.policies.len().min(1)];
    // A quarter of the time is for prices.
    let milliseconds = order.milliseconds.map(|most| most - most / 4);
    let told =
        simulate(&Order { choices: &choices, policies, milliseconds, ..order.clone() }, watch)?;
    let left = order.milliseconds.map(|most| most.saturating_sub(stopwatch.milliseconds()));
    let (prices, ended) = match (told.ended, left) {
        (Ended::Interrupted, _) => (Vec::new(), None),
        (_, Some(0)) => (Vec::new(), Some(Ended::Seconds)),
        _ => asked(&Order { milliseconds: left, ..order.clone() }, &ground, &told, watch)?,
    };
    // A proof that failed says nothing; that is not a price of nothing.
    let prices: Vec<Vec<HourPrice>> = prices.into_iter().flatten().collect();
    let priced = u32::try_from(prices.len()).unwrap_or(u32::MAX);
    let grounds = grounds(&Order { choices: &choices, ..order.clone() })?;
    let days = i64::from(told.counted_days);
    let mut skills = Vec::new();
    for (row, person) in newcomers.iter().enumerate() {
        let minutes = minutes(&grounds[row + 1], &person.id);
        let all: i64 = minutes.iter().map(|(_, minutes)| minutes).sum();
        let per_hour = |fen: i64| fen * days * 60 / (7 * all.max(1));
        let saved = told.cells[row + 1].difference_fen;
        let skill = &person.skills[0].skill;
        let of_skill = prices.iter().map(|rows| weighed(rows, skill, &minutes, all));
        skills.push(SkillHour {
            skill: skill.clone(),
            priced_fen: (priced > 0).then(|| figure(&of_skill.collect::<Vec<i64>>())),
            simulated_fen: Figure {
                mean: per_hour(-saved.mean),
                half_width: saved.half_width.map(per_hour),
            },
        });
    }
    let rank_permille = rank(&skills);
    skills.sort_by_key(|row| Reverse(row.simulated_fen.mean));
    Ok(Hours {
        format: HOURS_FORMAT.to_owned(),
        seed: order.seed,
        replications: told.replications,
        priced,
        ended: ended.unwrap_or(told.ended),
        decided: verdicts(&skills, |told| told.is_some()),
        agreeing: verdicts(&skills, |told| told == Some(true)),
        rank_permille,
        skills,
    })
}

/// Of each replication, none where the proof failed.
type Prices = Vec<Option<Vec<HourPrice>>>;

/// The prices of the first replications that were `told`, as many as there is time for.
fn asked(
    order: &Order<'_>,
    ground: &Ground<'_>,
    told: &Outcome,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<(Prices, Option<Ended>), Fault> {
    let (count, done) = (told.replications.min(PRICED), told.replications);
    let told = priced_by(order, (count, done), watch, |row, proofs| {
        hour_prices(ground, Luck::new(order.seed, row), proofs)
    })?;
    Ok((told.whole, told.ended))
}

/// Skills of which `is` holds of whether both ways agree.
fn verdicts(skills: &[SkillHour], is: impl Fn(Option<bool>) -> bool) -> u32 {
    let count = skills.iter().filter(|row| is(row.agrees())).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn figure(values: &[i64]) -> Figure {
    let Estimate { mean, half_width } = Estimate::of(values, FIVE_PERCENT);
    Figure { mean, half_width }
}

/// Somebody with regular hours and the base of the first who holds `skill`, who can do nothing
/// else and leaves when arrivals end.
pub(super) fn newcomer(ground: &Ground<'_>, skill: &str) -> Option<Person> {
    let people = &ground.scenario.people;
    let holds = |person: &&Person| person.skills.iter().any(|held| held.skill == skill);
    let like = people.iter().find(holds)?;
    let held = people.iter().flat_map(|person| &person.skills).filter(|held| held.skill == skill);
    let level = held.map(|held| held.level).max()?;
    let mut person = like.clone();
    person.id = free_id(people, &format!("+{skill}"));
    (person.name, person.mentors) = (None, Vec::new());
    (person.trainee, person.urgent_only) = (false, false);
    person.bands.iter_mut().for_each(|band| band.used.clear());
    person.skills =
        vec![Held { level, ..like.skills.iter().find(|held| held.skill == skill)?.clone() }];
    person.bands.retain(|band| band.kind == BandKind::Regular);
    let zone = ground.work.zone;
    let (from, to) = (zone.moment(ground.last()), far(&ground.scenario));
    person.absences = vec![Absence { from, to, remote: false, reason: None }];
    Some(person)
}

/// `stem`, or the first of `stem+2`, `stem+3`, … that nobody of `people` is called.
pub(super) fn free_id(people: &[Person], stem: &str) -> String {
    let is_free = |id: &String| !people.iter().any(|person| person.id == *id);
    let further = (2..).map(|number: u64| format!("{stem}+{number}"));
    let mut ids = std::iter::once(stem.to_owned()).chain(further);
    ids.find(is_free).expect("people are fewer than numbers")
}

/// A moment after everything.
fn far(scenario: &Scenario) -> Moment {
    Moment::local(scenario.horizon.day().plus(400), 0)
}

/// The regular minutes of the person `id` by date that counts, until arrivals end.
fn minutes(ground: &Ground<'_>, id: &str) -> Vec<(Date, i64)> {
    let Some(row) = ground.scenario.people.iter().position(|person| person.id == id) else {
        return Vec::new();
    };
    let days = i32::try_from(ground.simulation.days).unwrap_or(i32::MAX);
    let warm_up = i32::try_from(ground.simulation.warm_up_days).unwrap_or(i32::MAX);
    let days = (warm_up..days).map(|day| ground.first_day().plus(day));
    days.map(|day| (Date::from(day), ground.regular_on(row, day))).collect()
}

/// What an hour of `skill` is worth by `prices` over `minutes`.
fn weighed(prices: &[HourPrice], skill: &str, minutes: &[(Date, i64)], all: i64) -> i64 {
    let own = prices.iter().filter(|price| price.skill.as_deref() == Some(skill));
    let sum: i64 = own
        .filter_map(|price| {
            let (_, minutes) = minutes.iter().find(|(date, _)| *date == price.date)?;
            Some(price.fen_per_hour.0 * minutes)
        })
        .sum();
    sum / all.max(1)
}

/// Spearman's rank correlation of both worths in thousandths, equal ones sharing their ranks.
fn rank(rows: &[SkillHour]) -> Option<i64> {
    if rows.len() < 3 || rows.iter().any(|row| row.priced_fen.is_none()) {
        return None;
    }
    let ranks = |of: fn(&SkillHour) -> i64| -> Vec<i64> {
        // Twice the mean rank, so that it is whole.
        let twice = |row: &SkillHour| {
            let below = rows.iter().filter(|other| of(other) < of(row)).count();
            let alike = rows.iter().filter(|other| of(other) == of(row)).count();
            i64::try_from(2 * below + alike + 1).unwrap_or(i64::MAX)
        };
        rows.iter().map(twice).collect()
    };
    let (one, other) = (
        ranks(|row| row.priced_fen.map_or(0, |priced| priced.mean)),
        ranks(|row| row.simulated_fen.mean),
    );
    let middle = i64::try_from(rows.len()).ok()? + 1;
    let product = |one: &[i64], other: &[i64]| -> i64 {
        one.iter().zip(other).map(|(one, other)| (one - middle) * (other - middle)).sum()
    };
    let spread = product(&one, &one).checked_mul(product(&other, &other))?;
    let root = i64::try_from(spread.unsigned_abs().isqrt()).ok()?;
    (product(&one, &other) * 1_000).checked_div(root)
}
