//! What a simulation shows, and what it does not: no more than its intervals say.

use super::super::say::label;
use super::{Unit, name};
use crate::calendar::Label;
use crate::model::outcome::{Cell, Figure, LEAST_REPLICATIONS, Outcome};

/// Which cell costs least, or why that is not said; and what people who were added save.
pub(super) fn sentences(outcome: &Outcome) -> Vec<Label> {
    let mut said = Vec::new();
    if outcome.cells.iter().any(|cell| cell.is_other_demand) {
        said.push(label(
            "需求不是可以选择的：需求与首列不同的方案不参与费用高低的比较。",
            "Demand is no choice: where it differs from the first, costs are not held against the \
             others.",
        ));
    }
    if outcome.cells.iter().filter(|cell| !cell.is_other_demand).count() > 1 {
        said.push(least(outcome));
    }
    if let Some(first) = outcome.cells.first() {
        let is_beside = |cell: &&Cell| cell.policy == first.policy && !cell.is_other_demand;
        let grown = outcome.cells.iter().filter(is_beside).filter(|cell| cell.added_people > 0);
        said.extend(grown.map(|cell| worth(cell, outcome.replications)));
    }
    said
}

/// What the people who were added save a week: nobody's pay is in the figures.
fn worth(cell: &Cell, replications: u32) -> Label {
    let Cell { option, added_people: count, difference_fen, .. } = cell;
    let saved = Figure { mean: -difference_fen.mean, ..*difference_fen };
    let told = Unit::Fen.told(saved);
    if difference_fen.is_below(0) && replications >= LEAST_REPLICATIONS {
        let most = Unit::Fen.shown(saved.mean);
        return Label {
            zh: format!(
                "{}：未计新增 {count} 人的工资；每周工资低于 {most} 才划算（省下 {told}）。",
                option.zh
            ),
            en: format!(
                "{}: without their pay ({count} added): it pays if they cost less than {most} a \
                 week (saved: {told}).",
                option.en
            ),
        };
    }
    Label {
        zh: format!(
            "{}：未计新增 {count} 人的工资；每周省下 {told}，尚未显示划算；增加模拟次数可看得更清。",
            option.zh
        ),
        en: format!(
            "{}: without their pay ({count} added): saved {told} a week, so not shown to pay yet. \
             More replications say more.",
            option.en
        ),
    }
}

/// The cell that is shown to cost least, or that none is.
fn least(outcome: &Outcome) -> Label {
    let best = outcome.best.and_then(|row| outcome.cells.get(row as usize));
    if let (Some(best), Some(percent)) = (best.map(name), outcome.confidence_percent) {
        return Label {
            zh: format!(
                "费用最低：{}（置信度 {percent}%：双侧，其他各项同时都更贵；天数少时费用偏斜，实际把握可能\
                 低几个百分点）。",
                best.zh
            ),
            en: format!(
                "Least cost: {} ({percent} % confidence, two-sided, that all others together are \
                 dearer; as costs of few days are skewed, it may be some percent less).",
                best.en
            ),
        };
    }
    if outcome.replications < LEAST_REPLICATIONS {
        return Label {
            zh: format!(
                "哪一项费用最低尚未显示：不足 {LEAST_REPLICATIONS} 次模拟；增加模拟次数可看得更清。"
            ),
            en: format!(
                "Which costs least is not shown: fewer than {LEAST_REPLICATIONS} replications. \
                 More replications say more."
            ),
        };
    }
    label(
        "哪一项费用最低尚未显示：差别可能出于偶然；增加模拟次数可看得更清。",
        "Which costs least is not shown: a difference may be chance. More replications say more.",
    )
}
