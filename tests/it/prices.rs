//! What an hour is said to be worth, against what it turns out to be worth when it is there.

use std::collections::BTreeMap;

use paidan::calendar::{Date, Hours, Override};
use paidan::generate::{Order, scenario};
use paidan::model::proof::Proof;
use paidan::model::scenario::Scenario;
use paidan::model::work::resolve;
use paidan::planning::{Budget, Effort, prove};
use paidan::solver::rng::Rng;

/// More steps than any of them takes.
const STEPS: u32 = 2_000;
/// Person's days asked about in each scenario, half of them the dearest.
const ASKED: usize = 4;

fn proof(scenario: &Scenario) -> Proof {
    let effort = Effort { threads: 1, budget: Budget::Rounds(STEPS), gap: true, stop: None };
    prove(&resolve(scenario).unwrap(), None, None, &effort, &mut |_| {}).unwrap()
}

/// `scenario` in which `person` works through lunch on `date`.
fn with_hour(scenario: &Scenario, person: usize, date: Date) -> Scenario {
    let hours = Hours::new(9 * 60, 18 * 60).unwrap();
    let mut scenario = scenario.clone();
    let day = Override { from: date, to: None, hours: vec![hours], note: None };
    scenario.people[person].overrides.push(day);
    scenario
}

/// Ranks from 0; equals share the mean of theirs.
fn ranks(amounts: &[i64]) -> Vec<f64> {
    let below = |than: i64| amounts.iter().filter(|amount| **amount < than).count();
    let equal = |to: i64| amounts.iter().filter(|amount| **amount == to).count();
    let rank = |amount: &i64| {
        f64::from(u32::try_from(2 * below(*amount) + equal(*amount) - 1).unwrap()) / 2.0
    };
    amounts.iter().map(rank).collect()
}

/// Spearman's rank correlation; `None` where all of one side are equal.
fn correlation(one: &[i64], other: &[i64]) -> Option<f64> {
    let centred = |amounts| {
        let ranks = ranks(amounts);
        let mean = ranks.iter().sum::<f64>() / f64::from(u32::try_from(ranks.len()).unwrap());
        ranks.into_iter().map(move |rank| rank - mean).collect::<Vec<f64>>()
    };
    let (one, other) = (centred(one), centred(other));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let size = product(&one, &one) * product(&other, &other);
    (size > 0.0).then(|| product(&one, &other) / size.sqrt())
}

/// R057, R100. Twenty generated scenarios, four days of people each, half of them the dearest: an
/// hour is added at lunch and the bound proven anew. Of the signs at least nine in ten are right,
/// and the rank correlation is at least 0.6 on average.
#[test]
fn an_hour_is_worth_what_is_said() {
    let (mut right, mut asked, mut correlations) = (0, 0, Vec::new());
    for seed in 1..=20 {
        let order =
            Order { tickets: 10, people: 3, load_permille: 1_600, seed, ..Order::default() };
        let mut scenario = scenario(&order).0;
        for person in &mut scenario.people {
            // Else what is added may be no hour, or several.
            person.absences.clear();
            person.overrides.clear();
        }
        let before = proof(&scenario);
        // What the proof of either side may still lack.
        let slack = before.bound.value_fen.0 / 500 + 100;
        let said: BTreeMap<(&str, Date), i64> = before
            .prices
            .iter()
            .filter(|price| price.skill.is_none())
            .flat_map(|price| price.people.iter().map(move |person| (person, price)))
            .map(|(person, price)| ((&**person, price.date), price.fen_per_hour.0))
            .collect();
        let dates = (9..=20).filter(|day| ![14, 15].contains(day));
        let dates: Vec<Date> = dates.map(|day| Date::new(2026, 3, day).unwrap()).collect();
        let mut days: Vec<(i64, usize, Date)> = Vec::new();
        for (row, person) in scenario.people.iter().enumerate() {
            let price = |date| said.get(&(&*person.id, date)).copied().unwrap_or(0);
            days.extend(dates.iter().map(|date| (-price(*date), row, *date)));
        }
        days.sort_unstable();
        let mut rng = Rng::new(seed, 0);
        for row in ASKED / 2..ASKED {
            let other = row + rng.below(days.len() - row);
            days.swap(row, other);
        }
        let (mut told, mut found) = (Vec::new(), Vec::new());
        for (price, person, date) in &days[..ASKED] {
            let after = proof(&with_hour(&scenario, *person, *date));
            let gain = before.bound.value_fen.0 - after.bound.value_fen.0;
            right += u32::from((-price > slack) == (gain > slack));
            asked += 1;
            told.push(-price);
            found.push(gain);
        }
        correlations.extend(correlation(&told, &found));
    }
    let mean =
        correlations.iter().sum::<f64>() / f64::from(u32::try_from(correlations.len()).unwrap());
    assert!(right * 10 >= asked * 9, "{right} of {asked}, {mean}");
    assert!(mean >= 0.6 && correlations.len() >= 15, "{mean} in {}", correlations.len());
}
