//! A proof as text: cost, bound, gap, where that lies.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::say;
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::proof::{HourPrice, Proof};
use crate::model::scenario::Scenario;

/// Shares shown.
const SHOWN: usize = 8;

/// What the scenario calls tickets, skills and people, by key.
struct Names<'s>(BTreeMap<&'s str, &'s Label>, Lang);

impl Names<'_> {
    /// The name behind `key`; the key where it has none.
    fn of<'k>(&'k self, key: &'k str) -> &'k str {
        self.0.get(key).map_or(key, |label| say::of(label, self.1))
    }
}

/// The proof for people; `scenario` is what it is about.
#[must_use]
pub fn render(proof: &Proof, scenario: &Scenario, lang: Lang) -> String {
    let skills = scenario.skills.iter();
    let skills = skills.filter_map(|skill| Some((&*skill.id, skill.name.as_ref()?)));
    let skilled = Names(skills.collect(), lang);
    let people = scenario.people.iter();
    let people = people.filter_map(|person| Some((&*person.id, person.name.as_ref()?)));
    let people = Names(people.collect(), lang);
    let titles = scenario.tickets.iter();
    let titles = titles.filter_map(|ticket| Some((&*ticket.id, ticket.title.as_ref()?)));
    let titles = Names(titles.collect(), lang);
    let (cost, bound) = (proof.cost_fen, &proof.bound);
    let (value, gap) = (bound.value_fen, say::percent(bound.gap_basis_points));
    let method = say::bound(bound.method);
    let whose = match proof.given {
        true => lang.of("计划", "plan"),
        false => lang.of("最好的优先规则计划", "plan of the best priority rule"),
    };
    let mut text = lang.of(
        format!(
            "{whose}费用 {cost}\n没有计划低于 {value}；差距 {gap}（{}；{} 步）\n",
            method.zh, proof.steps
        ),
        format!(
            "{whose}: {cost}\nno plan costs less than {value}; gap {gap} ({}; {} steps)\n",
            method.en, proof.steps
        ),
    );
    let mut line = |name: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            text += &format!("{name}: {}\n", rows.join(" · "));
        }
    };
    if let Some(gap) = &bound.gap {
        let tickets = gap.tickets.iter().take(SHOWN);
        let tickets = tickets.map(|share| match titles.of(&share.ticket) {
            title if title == share.ticket => format!("{title} {}", share.fen),
            title => format!("{} {title} {}", share.ticket, share.fen),
        });
        line(lang.of("差距所在的工单", "tickets in the gap"), tickets.collect());
        let skills = gap.skills.iter().take(SHOWN);
        let skills = skills.map(|share| format!("{} {}", skilled.of(&share.skill), share.fen));
        line(lang.of("差距所在的技能", "skills in the gap"), skills.collect());
        let days = gap.days.iter().take(SHOWN);
        let days = days.map(|share| format!("{} {}", share.date, share.fen));
        line(lang.of("差距所在的日期", "days in the gap"), days.collect());
    }
    let mut hours: Vec<&HourPrice> = proof.prices.iter().collect();
    hours.sort_by_key(|hour| Reverse(hour.fen_per_hour));
    let hours = hours.into_iter().take(SHOWN).map(|hour| {
        let all = hour.people.iter().map(|person| people.of(person));
        let all = all.collect::<Vec<_>>().join(lang.of("、", ", "));
        let whose = hour.skill.as_deref().map_or(all, |skill| skilled.of(skill).to_owned());
        format!("{} {whose} {}", hour.date, hour.fen_per_hour)
    });
    line(lang.of("多一小时约省", "one hour more saves about"), hours.collect());
    text
}
