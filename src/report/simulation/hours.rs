//! What hours are worth, on a terminal.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use super::{Names, Unit, ended, quoted, skewed};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::Figure;
use crate::model::worth::Hours;

/// Both worths side by side, skill by skill, and how far they agree.
#[must_use]
pub fn hours(told: &Hours, names: &Names, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let heads = [
        ("技能", "skill"),
        ("模拟：每小时", "an hour, simulated"),
        ("线性价格：每小时", "an hour, linear price"),
        ("一致", "agree"),
    ];
    let mut rows = blank(layout, &heads);
    for row in &told.skills {
        let agrees = match row.agrees() {
            Some(true) => label("是", "yes"),
            Some(false) => label("否", "no"),
            None => label("未定", "undecided"),
        };
        rows.add_row([
            of(&names.skill_beside(&row.skill), lang).into(),
            right(Unit::Fen.told(row.simulated_fen)),
            right(row.priced_fen.map_or_else(String::new, |priced| Unit::Fen.told(priced))),
            of(&agrees, lang).into(),
        ]);
    }
    let rank = told.rank_permille.map_or_else(
        || label("", ""),
        |permille| {
            let sign = if permille < 0 { "-" } else { "" };
            let (whole, rest) = (permille.abs() / 1_000, permille.abs() % 1_000);
            let text = format!("{sign}{whole}.{rest:03}");
            Label {
                zh: format!("两种次序的秩相关系数为 {text}。"),
                en: format!(" Rank correlation of both orders: {text}."),
            }
        },
    );
    let Hours { replications, priced, agreeing, decided, skills, .. } = told;
    let all = skills.len();
    let said = Label {
        zh: format!(
            "多一小时值多少：{replications} 次模拟中一名只会此技能的新人每小时省下的费用；线性价格取自 \
             {priced} 次模拟的下界（一切事先已知，因此低得多）。± 为 95% 置信区间的半宽。{all} 项技能中\
             {decided} 项至少有一法看得出，其中 {agreeing} 项两法都说值钱。{}",
            rank.zh
        ),
        en: format!(
            "What one more hour is worth: what a newcomer who can do nothing else saves per hour \
             over {replications} replications; linear prices from the bound of {priced} of them, \
             all known beforehand and therefore far lower; ± is half the 95 % interval. Of {all} \
             skills {decided} show something by at least one way, and {agreeing} of these are worth \
             something by both.{}",
            rank.en
        ),
    };
    let rest = [skewed(), ended(told.ended)].map(|label| of(&label, lang).to_owned()).concat();
    format!("{}{}{rest}\n", closed(&rows, 0, layout), of(&said, lang))
}

/// One line per skill: fen an hour simulated and by linear prices, each with half its interval, and
/// whether both agree; empty where nothing shows.
#[must_use]
pub fn hours_csv(told: &Hours) -> String {
    let mut out = "skill,simulated,simulated_half,priced,priced_half,agrees\n".to_owned();
    for row in &told.skills {
        let half = |figure: Figure| figure.half_width.map(|half| half.to_string());
        let (simulated, priced) = (row.simulated_fen, row.priced_fen);
        let fields = [
            quoted(&row.skill),
            simulated.mean.to_string(),
            half(simulated).unwrap_or_default(),
            priced.map(|priced| priced.mean.to_string()).unwrap_or_default(),
            priced.and_then(half).unwrap_or_default(),
            row.agrees().map(|agrees| agrees.to_string()).unwrap_or_default(),
        ];
        out += &format!("{}\n", fields.join(","));
    }
    out
}
