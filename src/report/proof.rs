//! A proof as text: cost, bound, gap, where that lies.

use super::say;
use crate::model::lang::Lang;
use crate::model::proof::Proof;

/// Shares shown.
const SHOWN: usize = 8;

/// The proof for people.
#[must_use]
pub fn render(proof: &Proof, lang: Lang) -> String {
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
    let Some(gap) = &bound.gap else { return text };
    let mut line = |name: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            text += &format!("{name}: {}\n", rows.join(" · "));
        }
    };
    let tickets = gap.tickets.iter().take(SHOWN);
    let tickets = tickets.map(|share| format!("{} {}", share.ticket, share.fen)).collect();
    line(lang.of("差距所在的工单", "tickets in the gap"), tickets);
    let skills = gap.skills.iter().take(SHOWN);
    let skills = skills.map(|share| format!("{} {}", share.skill, share.fen)).collect();
    line(lang.of("差距所在的技能", "skills in the gap"), skills);
    let days = gap.days.iter().take(SHOWN);
    let days = days.map(|share| format!("{} {}", share.date, share.fen)).collect();
    line(lang.of("差距所在的日期", "days in the gap"), days);
    text
}
