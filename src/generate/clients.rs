//! Clients of generated scenarios, with invented names. Must not know tickets.

use super::firm::{named, office_count};
use super::staff::{office_of, spare};
use crate::calendar::Label;
use crate::model::people::{Client, Person};
use crate::solver::rng::Rng;
use crate::time::Money;

const FIRST: [(&str, &str); 12] = [
    ("申", "Shen"),
    ("沪", "Hu"),
    ("华", "Hua"),
    ("瑞", "Rui"),
    ("盛", "Sheng"),
    ("嘉", "Jia"),
    ("鼎", "Ding"),
    ("凯", "Kai"),
    ("宏", "Hong"),
    ("启", "Qi"),
    ("永", "Yong"),
    ("德", "De"),
];

const SECOND: [(&str, &str); 10] = [
    ("通", "tong"),
    ("源", "yuan"),
    ("和", "he"),
    ("泰", "tai"),
    ("达", "da"),
    ("安", "an"),
    ("成", "cheng"),
    ("信", "xin"),
    ("丰", "feng"),
    ("远", "yuan"),
];

const TRADES: [(&str, &str); 10] = [
    ("贸易", "Trading"),
    ("餐饮", "Catering"),
    ("科技", "Technology"),
    ("建材", "Materials"),
    ("物流", "Logistics"),
    ("服饰", "Apparel"),
    ("医疗", "Medical"),
    ("机械", "Machinery"),
    ("广告", "Advertising"),
    ("食品", "Foods"),
];

const SITES: [&str; 4] = ["zhangjiang", "caohejing", "hongqiao", "suzhou"];

/// `count` clients, each of an office of the firm of `people`, and the office of each.
pub(super) fn clients(rng: &mut Rng, people: &[Person], count: usize) -> Vec<(Client, usize)> {
    let offices = office_count(people.len());
    (0..count)
        .map(|row| {
            let office = row * offices / count;
            (client(rng, people, row, office), office)
        })
        .collect()
}

fn client(rng: &mut Rng, people: &[Person], row: usize, office: usize) -> Client {
    let (first, second, trade) = (rng.pick(&FIRST), rng.pick(&SECOND), rng.pick(&TRADES));
    let (tier, value) = match rng.weighted(&[8, 30, 62]) {
        0 => ("vip", rng.range(250, 600)),
        1 => ("gold", rng.range(100, 260)),
        _ => ("standard", rng.range(20, 90)),
    };
    let owners: Vec<&Person> = people
        .iter()
        .enumerate()
        .filter(|(row, person)| {
            office_of(*row, people.len()) == office && !person.trainee && !person.urgent_only
        })
        .map(|(_, person)| person)
        .collect();
    let owner = (!owners.is_empty()).then(|| rng.pick(&owners).id.clone());
    let others = spare(people, office);
    let barred = (!others.is_empty() && rng.chance(60)).then(|| rng.pick(&others).id.clone());
    let done = rng.chance(300).then(|| named("open-filings", office));
    Client {
        id: format!("c{:05}", row + 1),
        name: Some(Label::new(
            format!("{}{}{}", first.0, second.0, trade.0),
            format!("{}{} {}", first.1, second.1, trade.1),
        )),
        tier: Some(tier.to_owned()),
        annual_value_fen: Money(value * 100_000),
        owner,
        excluded: barred.into_iter().collect(),
        completed: done.into_iter().collect(),
        // The last client site lies in another province and is rarer.
        site: Some(SITES[rng.weighted(&[30, 30, 30, 10])].to_owned()),
    }
}
