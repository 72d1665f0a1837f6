//! From records to the figures of a report: means with intervals, shares by kind, loads.

use std::collections::BTreeMap;

use super::arrivals::Ground;
use super::policy::Policy;
use super::record::{Counted, Record};
use super::statistics::{Estimate, FIVE_PERCENT, differences, unseen};
use crate::calendar::Label;
use crate::model::outcome::{Cell, Figure, Group, Load, PolicyName, SinglePoint};
use crate::model::people::{Held, Skill};
use crate::model::scenario::Scenario;
use crate::model::simulation::Simulation;
use crate::model::ticket::Seat;

/// Weighted fen per week of one replication over `days` days.
pub(super) fn weekly(record: &Record, days: u32) -> i64 {
    per_week(record.cost(), days)
}

fn per_week(sum: i64, days: u32) -> i64 {
    let week = i128::from(sum) * 7 / i128::from(days.max(1));
    i64::try_from(week).unwrap_or(i64::MAX)
}

/// The share of tickets of which `is` holds, in thousandths.
fn share(record: &Record, is: fn(&Counted) -> bool) -> Option<i64> {
    let all = record.tickets.len();
    let hits = record.tickets.iter().filter(|ticket| is(ticket)).count();
    i64::try_from((hits * 1000 + all / 2).checked_div(all)?).ok()
}

/// Extra minutes per week.
fn overtime(record: &Record, days: u32) -> i64 {
    per_week(record.extra.iter().sum(), days)
}

fn figure(values: &[i64]) -> Figure {
    let Estimate { mean, half_width } = Estimate::of(values, FIVE_PERCENT);
    Figure { mean, half_width }
}

/// The figures of `records`, all of one option under one policy; the first option's ground is
/// `base`.
pub(super) fn cell(
    (ground, base): (&Ground<'_>, &Ground<'_>),
    (option, policy): (Label, Policy),
    records: &[Record],
    (costs, first): (&[i64], &[i64]),
    days: u32,
) -> Cell {
    let each = |of: &dyn Fn(&Record) -> Option<i64>| -> Figure {
        figure(&records.iter().filter_map(of).collect::<Vec<i64>>())
    };
    let each_share = |is: fn(&Counted) -> bool| each(&|record| share(record, is));
    let on_time = |record: &Record| share(record, |own| own.is_on_time);
    let money = |of: fn(&Counted) -> i64| {
        each(&|record| Some(per_week(record.tickets.iter().map(of).sum(), days)))
    };
    let whole = |of: fn(&Record) -> i64| each(&|record| Some(per_week(of(record), days)));
    let average = |of: fn(&Counted) -> Option<i64>| {
        each(&|record| {
            let values: Vec<i64> = record.tickets.iter().filter_map(of).collect();
            let count = i64::try_from(values.len()).ok()?;
            // To the nearest: rounding down would put every mean half a minute too low.
            (values.iter().sum::<i64>() * 2 + count).checked_div(2 * count)
        })
    };
    let urgent = records.iter().flat_map(|record| &record.tickets).filter(|own| own.is_urgent);
    Cell {
        option,
        policy: name(policy),
        is_other_demand: ground.asks_other_than(base),
        added_people: added(&ground.scenario, &base.scenario),
        tickets: records.iter().map(|record| record.tickets.len() as u64).sum(),
        on_time_permille: each(&on_time),
        kept_permille: each(&|record| record.kept_permille(false)),
        hour_permille: each_share(|own| own.wait.is_some_and(|wait| wait <= 60)),
        urgent_kept_permille: each(&|record| record.kept_permille(true)),
        unbegun_permille: each_share(|own| own.wait.is_none()),
        cost_fen: figure(costs),
        lateness_fen: money(|own| own.lateness),
        unserved_fen: money(|own| own.unserved),
        overtime_fen: money(|own| own.overtime),
        preference_fen: each(&|record| {
            let preference: i64 = record.tickets.iter().map(|own| own.preference).sum();
            Some(per_week(preference + record.trips, days))
        }),
        change_fen: whole(|record| record.change),
        imbalance_fen: whole(|record| record.imbalance),
        wait_minutes: average(|own| own.wait),
        time_minutes: average(|own| own.time),
        overtime_minutes: each(&|record| Some(overtime(record, days))),
        difference_fen: figure(&differences(costs, first)),
        wait_deciles: deciles(urgent.filter_map(|own| own.wait).collect()),
        cost_deciles: deciles(costs.to_vec()),
        kept_deciles: deciles(records.iter().filter_map(|own| own.kept_permille(false)).collect()),
        on_time_deciles: deciles(records.iter().filter_map(on_time).collect()),
        overtime_deciles: deciles(records.iter().map(|own| overtime(own, days)).collect()),
        tiers: tiers(ground, records),
        services: services(ground, records),
        streams: streams(ground, records),
        hours: hours(records),
        people: people(ground, records, days),
        skills: skills(ground, records, days),
        single_points: single_points(&ground.scenario, &ground.simulation),
    }
}

/// How many people of `scenario` are not in `base`.
fn added(scenario: &Scenario, base: &Scenario) -> u32 {
    let is_known = |id: &String| base.people.iter().any(|person| person.id == *id);
    let count = scenario.people.iter().filter(|person| !is_known(&person.id)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn name(policy: Policy) -> PolicyName {
    match policy {
        Policy::Engine => PolicyName::Engine,
        Policy::FirstCome => PolicyName::FirstCome,
        Policy::EarliestDue => PolicyName::EarliestDue,
        Policy::HighestValue => PolicyName::HighestValue,
        Policy::CurrentPractice => PolicyName::CurrentPractice,
    }
}

/// The least value, then those of 10 %, 20 %, … 100 %; none of nothing.
fn deciles(mut values: Vec<i64>) -> Vec<i64> {
    values.sort_unstable();
    match values.len().checked_sub(1) {
        Some(last) => (0..=10).map(|tenth| values[last * tenth / 10]).collect(),
        None => Vec::new(),
    }
}

/// Sums over the tickets of one kind.
#[derive(Clone, Copy, Default)]
struct Sums {
    tickets: u64,
    on_time: u64,
    kept: u64,
    cost: i128,
    began: i128,
    wait: i128,
}

impl Sums {
    fn add(&mut self, own: &Counted) {
        self.tickets += 1;
        self.on_time += u64::from(own.is_on_time);
        self.kept += u64::from(own.is_kept);
        self.cost += i128::from(own.cost());
        self.began += i128::from(own.wait.is_some());
        self.wait += i128::from(own.wait.unwrap_or(0));
    }

    fn and(self, other: &Sums) -> Sums {
        Sums {
            tickets: self.tickets + other.tickets,
            on_time: self.on_time + other.on_time,
            kept: self.kept + other.kept,
            cost: self.cost + other.cost,
            began: self.began + other.began,
            wait: self.wait + other.wait,
        }
    }

    fn permille(&self, hits: u64) -> u32 {
        let share = (hits * 1000 + self.tickets / 2) / self.tickets.max(1);
        u32::try_from(share).unwrap_or(1000)
    }
}

/// The tickets of one kind, as a report has them, from their sums replication by replication.
fn told(name: String, rows: &[Sums]) -> Group {
    let all = rows.iter().fold(Sums::default(), Sums::and);
    let cost = all.cost / i128::from(all.tickets.max(1));
    Group {
        name,
        tickets: all.tickets,
        on_time_permille: all.permille(all.on_time),
        on_time_half_permille: half(rows, &all, |row| row.on_time),
        kept_permille: all.permille(all.kept),
        kept_half_permille: half(rows, &all, |row| row.kept),
        cost_fen: i64::try_from(cost).unwrap_or(i64::MAX),
        wait_minutes: i64::try_from(all.wait / all.began.max(1)).unwrap_or(i64::MAX),
    }
}

/// Half the width of the interval of a share over all replications, `all` being their sum: that of
/// a ratio of two sums, by how far the hits of each replication are from the share of its tickets
/// (Cochran 1977, 6.3). Where shares hardly differ, chance is in what was not seen.
fn half(rows: &[Sums], all: &Sums, hits: fn(&Sums) -> u64) -> Option<u32> {
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (tickets, hit) = (whole(all.tickets), whole(hits(all)));
    let off = |row: &Sums| whole(hits(row)) * tickets - whole(row.tickets) * hit;
    let half = Estimate::of(&rows.iter().map(off).collect::<Vec<i64>>(), FIVE_PERCENT).half_width?;
    let scale = i128::from(tickets.max(1)).pow(2);
    let half = (i128::from(half) * 1_000 * rows.len() as i128 + scale - 1) / scale;
    let half = half.max(i128::from(unseen(all.tickets, FIVE_PERCENT))).min(1_000);
    u32::try_from(half).ok()
}

/// The tickets by what `of` says of them, replication by replication.
fn grouped<K: Ord>(
    records: &[Record],
    of: impl Fn(&Counted) -> K,
    name: impl Fn(K) -> Option<String>,
) -> Vec<Group> {
    let mut sums: BTreeMap<K, Vec<Sums>> = BTreeMap::new();
    for (row, record) in records.iter().enumerate() {
        for own in &record.tickets {
            let rows = sums.entry(of(own));
            rows.or_insert_with(|| vec![Sums::default(); records.len()])[row].add(own);
        }
    }
    sums.into_iter().filter_map(|(key, rows)| Some(told(name(key)?, &rows))).collect()
}

fn tiers(ground: &Ground<'_>, records: &[Record]) -> Vec<Group> {
    let tier = |own: &Counted| {
        let client = own.client.and_then(|row| ground.scenario.clients.get(row));
        client.and_then(|client| client.tier.clone()).unwrap_or_default()
    };
    grouped(records, tier, Some)
}

fn services(ground: &Ground<'_>, records: &[Record]) -> Vec<Group> {
    let id = |row: Option<usize>| {
        let service = row.and_then(|row| ground.scenario.services.get(row));
        Some(service.map_or_else(String::new, |service| service.id.clone()))
    };
    grouped(records, |own| own.service, id)
}

fn streams(ground: &Ground<'_>, records: &[Record]) -> Vec<Group> {
    let id = |row: Option<usize>| {
        let stream = row.and_then(|row| ground.simulation.streams.get(row));
        Some(stream.map_or_else(String::new, |stream| stream.ticket.id.clone()))
    };
    grouped(records, |own| own.stream, id)
}

/// What arrived, by hour; the queue at the start came before.
fn hours(records: &[Record]) -> Vec<Group> {
    let hour = |hour: Option<usize>| Some(format!("{:02}:00", hour?));
    grouped(records, |own| own.stream.map(|_| own.hour), hour)
}

/// The load of everybody in `rows`.
fn load(name: String, rows: &[usize], records: &[Record], days: u32) -> Load {
    let sum = |of: fn(&Record) -> &Vec<i64>| -> i64 {
        records.iter().flat_map(|record| rows.iter().map(|row| of(record)[*row])).sum()
    };
    let (worked, regular) = (sum(|record| &record.worked), sum(|record| &record.regular));
    let count = i64::try_from(records.len().max(1)).unwrap_or(1);
    let extra = sum(|record| &record.extra) / count;
    let permille = (worked * 1000).checked_div(regular).unwrap_or(0);
    Load {
        name,
        people: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        load_permille: u32::try_from(permille).unwrap_or(0),
        overtime_minutes: per_week(extra, days),
        idle_minutes: per_week((regular - worked).max(0) / count, days),
    }
}

fn people(ground: &Ground<'_>, records: &[Record], days: u32) -> Vec<Load> {
    let people = ground.scenario.people.iter().enumerate();
    people.map(|(row, person)| load(person.id.clone(), &[row], records, days)).collect()
}

/// Who holds `skill`, by row.
fn holders(scenario: &Scenario, skill: &str) -> Vec<usize> {
    let holds = |row: &usize| scenario.people[*row].skills.iter().any(|held| held.skill == skill);
    (0..scenario.people.len()).filter(holds).collect()
}

fn skills(ground: &Ground<'_>, records: &[Record], days: u32) -> Vec<Load> {
    let skills = ground.scenario.skills.iter();
    skills
        .map(|skill| {
            let rows = holders(&ground.scenario, &skill.id);
            load(skill.id.clone(), &rows, records, days)
        })
        .collect()
}

/// The skills of which some step of a service, a ticket or a stream of `simulation` needs a level
/// that fewer than two people have who do not only learn it (R171).
pub(super) fn single_points(scenario: &Scenario, simulation: &Simulation) -> Vec<SinglePoint> {
    let services = scenario.services.iter();
    let templates =
        services.flat_map(|service| service.normal.iter().chain(service.urgent.iter().flatten()));
    let arriving = simulation.streams.iter().map(|stream| &stream.ticket);
    let tickets = scenario.tickets.iter().chain(arriving).flat_map(|ticket| &ticket.steps);
    let seats: Vec<&Seat> = templates.chain(tickets).flat_map(|step| &step.seats).collect();
    let able = |seat: &Seat| -> Vec<String> {
        let fits = |held: &Held| held.skill == seat.skill && held.level >= seat.level;
        let people = scenario.people.iter().filter(|person| !person.trainee);
        let able = people.filter(|person| person.skills.iter().any(fits));
        able.map(|person| person.id.clone()).collect()
    };
    let scarce = |skill: &Skill| {
        let own = seats.iter().filter(|seat| seat.skill == skill.id);
        let people = own.max_by_key(|seat| seat.level).map(|seat| able(seat))?;
        (people.len() < 2).then(|| SinglePoint { skill: skill.id.clone(), people })
    };
    scenario.skills.iter().filter_map(scarce).collect()
}

#[cfg(test)]
mod tests {
    use super::{Sums, told};

    fn rows(rows: &[(u64, u64)]) -> Vec<Sums> {
        let sums = |(tickets, kept): &(u64, u64)| Sums {
            tickets: *tickets,
            kept: *kept,
            on_time: *tickets,
            ..Sums::default()
        };
        rows.iter().map(sums).collect()
    }

    /// Shares of 5, 7, 5 and 7 of ten each have a deviation of √(0.04 / 3) = 0.1155, a mean one of
    /// half that, times 3.182 with three degrees of freedom: 0.1837, rounded up. That none was late
    /// shows no more than 3.689 of forty, 9.2 %.
    #[test]
    fn shares_of_groups_have_the_interval_of_a_ratio() {
        let group = told("tax".to_owned(), &rows(&[(10, 5), (10, 7), (10, 5), (10, 7)]));
        assert_eq!((group.kept_permille, group.kept_half_permille), (600, Some(185)));
        assert_eq!((group.on_time_permille, group.on_time_half_permille), (1_000, Some(93)));
    }

    /// The replication with more tickets weighs more, and one alone has no interval.
    #[test]
    fn shares_of_groups_are_those_of_all_their_tickets() {
        let group = told("tax".to_owned(), &rows(&[(30, 30), (10, 0), (0, 0)]));
        assert_eq!(group.kept_permille, 750);
        assert_eq!(told(String::new(), &rows(&[(4, 1)])).kept_half_permille, None);
    }
}
