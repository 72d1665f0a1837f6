//! A training plan on a terminal.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use super::{Names, Unit, ended, quoted, skewed};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::training::{Learner, Training};

/// Who learns when, what that costs, and what it would cost all together.
#[must_use]
pub fn training(told: &Training, names: &Names, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let heads = [("员工", "person"), ("培训日期", "dates of training"), ("损失", "cost")];
    let mut rows = blank(layout, &heads);
    for learner in &told.people {
        let mut dates: Vec<String> =
            learner.dates.iter().map(|date| date.to_string()[5..].to_owned()).collect();
        if learner.learnt_minutes > 0 {
            let learnt = learner.learnt_minutes;
            dates.push(
                lang.of(format!("已排 {learnt} 分钟"), format!("{learnt} minutes planned before")),
            );
        }
        if learner.short_minutes > 0 {
            let short = learner.short_minutes;
            dates.push(lang.of(format!("缺 {short} 分钟"), format!("{short} minutes short")));
        }
        rows.add_row([
            of(&names.beside(&learner.person), lang).into(),
            dates.join(" · ").into(),
            right(learner.priced_fen.to_string()),
        ]);
    }
    let Training { hours, days, replications, .. } = told;
    let (quarter, needed) = (told.quarter_minutes / 60, told.needed_minutes);
    let (priced, simulated) = (priced(told), simulated(told));
    let said = Label {
        zh: format!(
            "每人每季度 {quarter} 小时，{days} 天内应有 {needed} 分钟，时段 {hours}。{}模拟 \
             {replications} 次：{}。",
            priced.zh, simulated.zh
        ),
        en: format!(
            "{quarter} hours a person and quarter are {needed} minutes in {days} days, at {hours}. \
             {} Simulated {replications} times: {}.",
            priced.en, simulated.en
        ),
    };
    let trust = if told.replications > 1 { skewed() } else { label("", "") };
    let before = label(
        "首日之前的培训不在其内。",
        " What anybody learnt before the first day is not counted.",
    );
    let rest = [trust, before, short(told), ended(told.ended)];
    let rest = rest.map(|label| of(&label, lang).to_owned()).concat();
    format!("{}{}{rest}\n", closed(&rows, 0, layout), of(&said, lang))
}

/// What it costs by the prices of the proofs, and how far these can be trusted.
fn priced(told: &Training) -> Label {
    let Training { priced, priced_fen, together_fen, most_percent, .. } = told;
    if *priced == 0 {
        return label(
            "没有线性价格可用，日期只是错开。",
            "There are no linear prices, so dates are but spread.",
        );
    }
    let rough = match told.rough {
        0 => label("", ""),
        _ => label(
            "证明未做完，价格只是粗略。",
            " The proofs of these prices were cut short: they are rough.",
        ),
    };
    Label {
        zh: format!(
            "按 {priced} 次模拟的线性价格共 {priced_fen}，为所试日期中最低：同一技能以及备急的人员中，\
             同时离岗的不超过 {most_percent}%（一人总可以）。全员同日培训为 {together_fen}，不守此限，\
             因此可能更低。{}",
            rough.zh
        ),
        en: format!(
            "By the linear prices of {priced} replications it costs {priced_fen} in all, the least \
             of the dates tried: of those who hold a skill, and of those kept for urgent tickets, \
             at most {most_percent} % are away at a time (one may always be). Everybody on the same \
             dates, {together_fen}: that breaks this limit and may therefore cost less.{}",
            rough.en
        ),
    }
}

/// Who stays short, and why.
fn short(told: &Training) -> Label {
    let people = told.people.iter().filter(|learner| learner.short_minutes > 0);
    let names: Vec<&str> = people.map(|learner| learner.person.as_str()).collect();
    if names.is_empty() {
        return label("", "");
    }
    Label {
        zh: format!(
            "{} 人排不满：{}（同技能或备急人员同时离岗有上限，或该时段不上班）。",
            names.len(),
            names.join("、")
        ),
        en: format!(
            " {} stay short: {} (only some who hold a skill or are kept for urgent tickets may be \
             away at a time, or they do not work then).",
            names.len(),
            names.join(", ")
        ),
    }
}

/// What a week costs more, if that shows.
fn simulated(told: &Training) -> Label {
    let figure = told.simulated_fen;
    let shown = Unit::Fen.told(figure);
    if told.replications == 0 {
        return label("每周费用未及模拟", "what a week costs was not come to");
    }
    if figure.half_width.is_some_and(|half| figure.mean.abs() > half) {
        return Label {
            zh: format!("每周费用变化 {shown}"),
            en: format!("the difference a week is {shown}"),
        };
    }
    Label {
        zh: format!("每周费用看不出差别（{shown}）"),
        en: format!("no difference shows in what a week costs ({shown})"),
    }
}

/// One line per person and session: who, when, the hours, what all his absences come to in fen, and
/// his minutes planned before and those that found no place. Who has no session has one line.
#[must_use]
pub fn training_csv(told: &Training) -> String {
    let mut out = "person,date,hours,cost,learnt_minutes,short_minutes\n".to_owned();
    for learner in &told.people {
        let Learner { priced_fen, learnt_minutes, short_minutes, .. } = learner;
        let rest = format!("{},{learnt_minutes},{short_minutes}", priced_fen.0);
        let person = quoted(&learner.person);
        for date in &learner.dates {
            out += &format!("{person},{date},{},{rest}\n", told.hours);
        }
        if learner.dates.is_empty() {
            out += &format!("{person},,,{rest}\n");
        }
    }
    out
}
