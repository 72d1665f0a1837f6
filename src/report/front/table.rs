//! The front on a terminal.

use super::super::say::percent;
use super::super::text::{Layout, closed, right, table as blank};
use super::{ratio, shown};
use crate::model::front::{Front, FrontPoint, PointStanding};
use crate::model::lang::Lang;
use crate::time::Money;

/// A row per point worth looking at, and what the others are; what going to the neighbours of the
/// policy's point would save and cost.
#[must_use]
pub fn table(front: &Front, layout: Layout) -> String {
    let lang = layout.lang;
    let title = "紧急与客户价值的权衡";
    let mut out = lang.of(title, "Urgency against client value").to_owned() + "\n";
    if let Some(about) = &front.about {
        out += &format!("{}\n", lang.of(&about.zh, &about.en));
    }
    let mut rows = blank(
        layout,
        &[
            ("#", "#"),
            ("紧急 : 客户价值", "urgency : client value"),
            ("紧急损失", "urgency"),
            ("客户价值损失", "client value"),
            ("其他", "other"),
            ("加权费用", "weighted cost"),
            ("下界", "bound"),
            ("差距", "gap"),
            ("逾期", "late"),
            ("未排入", "left out"),
            ("", ""),
        ],
    );
    for (number, point) in shown(front) {
        let amounts = &point.amounts;
        let note = note(point, lang);
        let money = [
            amounts.urgency_fen,
            amounts.client_value_fen,
            amounts.rest_fen,
            point.total_fen,
            point.bound.value_fen,
        ];
        let mut cells = vec![right(number.to_string()), right(ratio(point.weights))];
        cells.extend(money.map(|amount| right(amount.to_string())));
        cells.extend(
            [
                percent(point.bound.gap_basis_points),
                point.late_count.to_string(),
                point.unserved_count.to_string(),
            ]
            .map(right),
        );
        cells.push(note.into());
        rows.add_row(cells);
    }
    out += &closed(&rows, 0, layout);
    for line in notes(front, lang) {
        out += &format!("{line}\n");
    }
    out
}

/// What is special about a point.
fn note(point: &FrontPoint, lang: Lang) -> String {
    let mut words = Vec::new();
    if point.is_policy {
        words.push(lang.of("场景的权重", "the scenario's weights").to_owned());
    }
    if let Some(by) = point.by.filter(|_| point.standing == PointStanding::Dominated) {
        let by = ratio(by);
        words.push(lang.of(format!("不如 {by}"), format!("beaten by {by}")));
    }
    words.join(lang.of("，", ", "))
}

/// What the table does not show, and what the neighbours of the policy's point offer.
fn notes(front: &Front, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let hidden = |standing| {
        let points = front.points.iter();
        points.filter(|point| !point.is_policy && point.standing == standing).count()
    };
    let (repeats, dominated) = (hidden(PointStanding::Repeats), hidden(PointStanding::Dominated));
    if repeats + dominated > 0 {
        lines.push(lang.of(
            format!("另试 {} 组权重：{repeats} 组结果相同，{dominated} 组各项都不更好（--format json 列出）", repeats + dominated),
            format!(
                "{} more weights tried: {repeats} come to the same, {dominated} are better in \
                 nothing (listed by --format json)",
                repeats + dominated
            ),
        ));
    }
    let (known, asked) = (front.points.len(), front.asked.len());
    if known < asked {
        lines.push(lang.of(
            format!("已中断：{asked} 个点中得到 {known} 个"),
            format!("interrupted: {known} of {asked} points are known"),
        ));
    }
    let points = shown(front);
    if let Some(own) = points.iter().position(|(_, point)| point.is_policy) {
        let before = own.checked_sub(1);
        for row in before.into_iter().chain([own + 1]) {
            lines.extend(points.get(row).map(|(_, other)| offer(points[own].1, other, lang)));
        }
    }
    lines
}

/// What going from `own` to `other` saves and costs, amount by amount.
fn offer(own: &FrontPoint, other: &FrontPoint, lang: Lang) -> String {
    let names = [("紧急损失", "urgency"), ("客户价值损失", "client value"), ("其他", "other")];
    let parts = |point: &FrontPoint| {
        let amounts = &point.amounts;
        [amounts.urgency_fen, amounts.client_value_fen, amounts.rest_fen]
    };
    let changes = parts(own).into_iter().zip(parts(other)).zip(names);
    let changes = changes.filter(|((before, after), _)| before != after);
    let words = changes.map(|((before, after), (zh, en))| {
        let by = Money((after - before).0.abs());
        match (lang, after < before) {
            (Lang::Zh, true) => format!("{zh}省 {by}"),
            (Lang::Zh, false) => format!("{zh}多 {by}"),
            (Lang::En, true) => format!("saves {by} of {en}"),
            (Lang::En, false) => format!("costs {by} more of {en}"),
        }
    });
    let words = words.collect::<Vec<_>>().join(lang.of("，", ", "));
    let (own, other) = (ratio(own.weights), ratio(other.weights));
    lang.of(format!("由 {own} 改为 {other}：{words}"), format!("from {own} to {other}: {words}"))
}
