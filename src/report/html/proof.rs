//! How good the plan is: the bound no plan can undercut, where the gap to it lies, and what one
//! more hour is worth.

use std::collections::BTreeSet;

use crate::calendar::{Day, Label};
use crate::model::plan::Bound;
use crate::report::board::{Board, Gap, Hour, Whose};
use crate::report::markup::Markup;
use crate::report::say::{self, each, label};
use crate::time::Money;

/// Most parts of a gap in one list.
const PARTS: usize = 5;

/// Most rows of people or of skills in the table of hours.
const ROWS: usize = 40;

/// Most dates in the table of hours.
const DAYS: usize = 14;

/// How strongly the dearest hour is tinted, in percent.
const HEAT: i128 = 25;

/// Whether there is anything to say.
pub(super) fn is_known(board: &Board) -> bool {
    board.bound.is_some() || !board.hours.is_empty()
}

/// The certificate, and what hours are worth.
pub(super) fn write(page: &mut Markup, board: &Board) {
    if let Some(bound) = &board.bound {
        certificate(page, board, bound);
    }
    if let Some(gap) = board.gap.as_ref().filter(|gap| !gap.is_empty()) {
        whereabouts(page, board, gap);
    }
    if !board.hours.is_empty() {
        hours(page, board);
    }
}

/// Cost, bound, gap, and why the bound holds.
fn certificate(page: &mut Markup, board: &Board, bound: &Bound) {
    let cost = board.bill.total_fen;
    let rows = [
        (label("本计划", "This plan"), cost.to_string()),
        (label("任何计划都不低于", "No plan costs less than"), bound.value_fen.to_string()),
        (label("差距", "Gap"), say::percent(bound.gap_basis_points)),
    ];
    page.start("dl", &[("class", &"sums")]);
    for (name, value) in rows {
        page.start("div", &[]);
        page.said("dt", &[], &name).leaf("dd", &[], value).end();
    }
    page.end();
    let method = say::bound(bound.method);
    let sentence = say::proof(bound.method);
    let words = Label::new(
        format!("依据：{}。{}", method.zh, sentence.zh),
        format!("Proof: {}. {}", method.en, sentence.en),
    );
    page.said("p", &[("class", &"note")], &words);
}

/// The largest parts of the gap by ticket, skill and day.
fn whereabouts(page: &mut Markup, board: &Board, gap: &Gap) {
    page.said("h3", &[], &label("差距在哪里", "Where the gap lies"));
    page.start("div", &[("class", &"where")]);
    let tickets = gap.tickets.iter().map(|(id, fen)| {
        let Label { zh, en } = &board.tickets[*id].title;
        let key = &board.tickets[*id].key;
        let link = format!("#ticket-{}", id.index());
        let name = Label::new(format!("{key} {zh}"), format!("{key} {en}"));
        (name, *fen, Some(link))
    });
    let skills = gap.skills.iter().map(|(name, fen)| (name.clone(), *fen, None));
    let days = gap.days.iter().map(|(day, fen)| (say::day(*day), *fen, None));
    parts(page, &label("工单", "Tickets"), &tickets.collect::<Vec<_>>());
    parts(page, &label("技能", "Skills"), &skills.collect::<Vec<_>>());
    parts(page, &label("日期", "Days"), &days.collect::<Vec<_>>());
    page.end();
    let beside = say::beside(gap);
    let told: Vec<&(Label, Money)> = beside.iter().filter(|(_, fen)| *fen > Money::ZERO).collect();
    if !told.is_empty() {
        let words = each(|lang| {
            let said = told.iter().map(|(name, fen)| format!("{} {fen}", say::of(name, lang)));
            let said = said.collect::<Vec<_>>().join(lang.of("；", "; "));
            lang.of(format!("不在任何工单：{said}。"), format!("In no ticket: {said}."))
        });
        page.said("p", &[("class", &"note")], &words);
    }
}

/// `fen` on a scale on which `most` is `full`.
fn part(fen: Money, most: Money, full: i128) -> i128 {
    i128::from(fen.0) * full / i128::from(most.0.max(1))
}

/// One list, each part with a bar as long as it is large beside the first.
fn parts(page: &mut Markup, head: &Label, rows: &[(Label, Money, Option<String>)]) {
    let Some((_, most, _)) = rows.first() else { return };
    page.start("div", &[]);
    page.said("h4", &[], head);
    page.start("ol", &[]);
    for (name, fen, link) in rows.iter().take(PARTS) {
        page.start("li", &[]);
        match link {
            Some(link) => page.said("a", &[("href", link)], name),
            None => page.said("span", &[], name),
        };
        page.leaf("b", &[], fen);
        let width = format!("width:{}%", part(*fen, *most, 100).max(1));
        page.start("i", &[("class", &"length"), ("aria-hidden", &"true")]);
        page.leaf("i", &[("style", &width)], "").end().end();
    }
    page.end();
    if rows.len() > PARTS {
        let left = rows.len() - PARTS;
        let note = each(|lang| lang.of(format!("另有 {left} 项"), format!("{left} more")));
        page.said("p", &[("class", &"note")], &note);
    }
    page.end();
}

/// A row per skill and per group of people, a column per date.
fn hours(page: &mut Markup, board: &Board) {
    let skills = board.hours.iter().filter(|hour| matches!(hour.whose, Whose::Skill(_)));
    let people = board.hours.iter().filter(|hour| matches!(hour.whose, Whose::People(_)));
    let rows: Vec<&Hour> = skills.take(ROWS).chain(people.take(ROWS)).collect();
    let all: BTreeSet<Day> = rows.iter().flat_map(|hour| hour.worth.keys().copied()).collect();
    let days: Vec<Day> = all.iter().copied().take(DAYS).collect();
    let most = rows.iter().map(|hour| hour.most()).max().unwrap_or_default();
    page.said("h3", &[], &label("多一小时值多少", "What one more hour is worth"));
    let note = label(
        "元／小时，按当日工作时间平均；由下界的价格估计，空白表示估计省不了钱。",
        "¥ per hour, on average over the working time of the day; estimated from the prices behind \
         the bound. Blank: nothing to save is in sight.",
    );
    page.said("p", &[("class", &"note")], &note);
    page.start("div", &[("class", &"wide")]).start("table", &[("class", &"worth")]);
    page.start("thead", &[]).start("tr", &[]);
    page.said("th", &[("scope", &"col")], &label("技能或员工", "Skill or people"));
    for day in &days {
        page.said("th", &[("scope", &"col"), ("class", &"number")], &say::day(*day));
    }
    page.end().end().start("tbody", &[]);
    for hour in &rows {
        row(page, board, hour, &days, most);
    }
    page.end().end().end();
    let (rows_left, days_left) = (board.hours.len() - rows.len(), all.len() - days.len());
    if rows_left + days_left > 0 {
        let note = each(|lang| {
            lang.of(
                format!("另有 {rows_left} 行、{days_left} 天未列出，计划文件里有全部。"),
                format!(
                    "{rows_left} rows and {days_left} days are not shown; the plan's file has all."
                ),
            )
        });
        page.said("p", &[("class", &"note")], &note);
    }
}

fn row(page: &mut Markup, board: &Board, hour: &Hour, days: &[Day], most: Money) {
    let skill = matches!(hour.whose, Whose::Skill(_));
    page.start("tr", &[]);
    page.start("td", &[]);
    if skill {
        page.said("span", &[("class", &"chip")], &label("技能", "skill")).text(" ");
    }
    page.said("b", &[], &say::whose(board, &hour.whose)).end();
    for day in days {
        let head = say::day(*day);
        let fen = hour.worth.get(day).copied();
        let heat = format!("--heat:{}%", fen.map_or(0, |fen| part(fen, most, HEAT)));
        let attributes: crate::report::markup::Attributes =
            &[("class", &"number"), ("data-zh", &head.zh), ("data-en", &head.en), ("style", &heat)];
        page.leaf("td", attributes, fen.map(|fen| fen.to_string()).unwrap_or_default());
    }
    page.end();
}
