//! The front as one SVG drawing that needs nothing else: urgency across, client value upwards, a
//! numbered mark per point and what it stands for beside. Shapes and numbers tell points apart,
//! never colour alone; it follows the reader's light or dark scheme.

use super::super::markup::Markup;
use super::super::say::percent;
use super::place::{Scale, numbers};
use super::{ratio, shown};
use crate::model::front::{Front, FrontPoint};
use crate::model::lang::Lang;
use crate::time::Money;

const STYLE: &str = include_str!("chart.css");

/// Where the plot begins and ends.
const ACROSS: (i64, i64) = (132, 640);
const UPWARDS: (i64, i64) = (510, 104);

/// The whole drawing.
const WIDTH: i64 = 1200;
const HEIGHT: i64 = 590;

/// Right or left edges of the columns of the legend.
const COLUMNS: [i64; 5] = [716, 856, 968, 1086, 1172];

/// Lines of the legend: the first, and how far apart.
const FIRST_LINE: i64 = 112;
const LINE: i64 = 22;

/// A point in the drawing.
struct Mark<'a> {
    number: usize,
    point: &'a FrontPoint,
    at: (i64, i64),
    /// No other point is at most as dear in both kinds and cheaper in one.
    is_on_curve: bool,
}

/// The curve of `front`.
#[must_use]
pub fn chart(front: &Front, lang: Lang) -> String {
    let points = shown(front);
    let scale = |of: &dyn Fn(&FrontPoint) -> Money, ends| {
        let amounts: Vec<i64> = points.iter().map(|(_, point)| of(point).0).collect();
        Scale::new(&amounts, ends)
    };
    let across = scale(&|point| point.amounts.urgency_fen, ACROSS);
    let upwards = scale(&|point| point.amounts.client_value_fen, UPWARDS);
    let marks: Vec<Mark> = points
        .iter()
        .map(|(number, point)| {
            let amounts = &point.amounts;
            let at = (across.at(amounts.urgency_fen.0), upwards.at(amounts.client_value_fen.0));
            let is_on_curve = points.iter().all(|(_, other)| !beats(other, point));
            Mark { number: *number, point, at, is_on_curve }
        })
        .collect();
    let last = FIRST_LINE + LINE * i64::try_from(marks.len() + 4).unwrap_or(0);
    let height = HEIGHT.max(last);
    let mut page = Markup::default();
    let (title, view) = (title(lang), format!("0 0 {WIDTH} {height}"));
    page.start(
        "svg",
        &[
            ("xmlns", &"http://www.w3.org/2000/svg"),
            ("viewBox", &view),
            ("role", &"img"),
            ("lang", &lang.of("zh", "en")),
            ("aria-label", &title),
        ],
    );
    page.start("style", &[]).raw(STYLE).end();
    page.void("rect", &[("class", &"sheet"), ("width", &WIDTH), ("height", &height)]);
    page.leaf("text", &[("class", &"title"), ("x", &24), ("y", &34)], title);
    if let Some(about) = &front.about {
        let about = clipped(lang.of(&about.zh, &about.en));
        page.leaf("text", &[("class", &"soft"), ("x", &24), ("y", &56)], about);
    }
    axes(&mut page, &across, &upwards, lang);
    curve(&mut page, &marks);
    drawn(&mut page, &marks, lang);
    legend(&mut page, &marks, lang);
    page.end();
    page.finish() + "\n"
}

fn title(lang: Lang) -> &'static str {
    lang.of("紧急与客户价值的权衡", "Urgency against client value")
}

/// As much of `text` as fits one line; a Chinese character is as wide as two Latin ones.
fn clipped(text: &str) -> String {
    const MOST: usize = 150;
    let mut width = 0;
    let fits = |letter: &char| {
        width += if letter.is_ascii() { 1 } else { 2 };
        width <= MOST
    };
    let kept: String = text.chars().take_while(fits).collect();
    if kept.len() < text.len() { kept + "…" } else { kept }
}

/// Whether `one` is at most as dear as `other` in both kinds and cheaper in one.
fn beats(one: &FrontPoint, other: &FrontPoint) -> bool {
    let both = |point: &FrontPoint| (point.amounts.urgency_fen, point.amounts.client_value_fen);
    let (one, other) = (both(one), both(other));
    one != other && one.0 <= other.0 && one.1 <= other.1
}

fn axes(page: &mut Markup, across: &Scale, upwards: &Scale, lang: Lang) {
    let [left, right] = [ACROSS.0, ACROSS.1];
    let [bottom, top] = [UPWARDS.0, UPWARDS.1];
    for amount in upwards.marks() {
        let (y, text) = (upwards.at(amount), upwards.at(amount) + 4);
        line(page, "grid", (left, y), (right, y));
        let (class, anchor) = ("soft", "end");
        page.leaf(
            "text",
            &[("class", &class), ("x", &(left - 8)), ("y", &text), ("text-anchor", &anchor)],
            Money(amount),
        );
    }
    for (amount, number) in across.marks().zip(0..) {
        let x = across.at(amount);
        line(page, "grid", (x, bottom), (x, top));
        // Long amounts stand in two rows by turns.
        let y = bottom + 20 + 16 * (number % 2);
        let (class, anchor) = ("soft", "middle");
        page.leaf(
            "text",
            &[("class", &class), ("x", &x), ("y", &y), ("text-anchor", &anchor)],
            Money(amount),
        );
    }
    line(page, "axis", (left, bottom), (right, bottom));
    line(page, "axis", (left, bottom), (left, top));
    let unit = |scale: &Scale| match scale.is_by_ratios() {
        true => lang.of("（¥，对数刻度）", " (¥, log scale)"),
        false => lang.of("（¥）", " (¥)"),
    };
    let (urgency, value) =
        lang.of(("紧急损失", "客户价值损失"), ("urgency loss", "client-value loss"));
    let (class, y) = ("name", bottom + 58);
    page.leaf(
        "text",
        &[("class", &class), ("x", &right), ("y", &y), ("text-anchor", &"end")],
        format!("{urgency}{} →", unit(across)),
    );
    let above = format!("↑ {value}{}", unit(upwards));
    page.leaf("text", &[("class", &class), ("x", &24), ("y", &(top - 18))], above);
}

fn line(page: &mut Markup, class: &'static str, from: (i64, i64), to: (i64, i64)) {
    page.void(
        "line",
        &[("class", &class), ("x1", &from.0), ("y1", &from.1), ("x2", &to.0), ("y2", &to.1)],
    );
}

/// The line through the points that nothing beats in both kinds.
fn curve(page: &mut Markup, marks: &[Mark<'_>]) {
    let mut places: Vec<(i64, i64)> =
        marks.iter().filter(|mark| mark.is_on_curve).map(|mark| mark.at).collect();
    places.sort_unstable();
    let places: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    page.void("polyline", &[("class", &"curve"), ("points", &places.join(" "))]);
}

fn drawn(page: &mut Markup, marks: &[Mark<'_>], lang: Lang) {
    let places: Vec<(i64, i64)> = marks.iter().map(|mark| mark.at).collect();
    for (mark, (x, y)) in marks.iter().zip(numbers(&places)) {
        page.start("g", &[]);
        page.leaf("title", &[], hint(mark.point, lang));
        symbol(page, mark, mark.at);
        let (class, anchor) = ("number", "middle");
        page.leaf(
            "text",
            &[("class", &class), ("x", &x), ("y", &y), ("text-anchor", &anchor)],
            mark.number,
        );
        page.end();
    }
}

/// A diamond for the policy, a ring for what pays more in both kinds and less for the rest, a disc
/// for every other.
fn symbol(page: &mut Markup, mark: &Mark<'_>, (x, y): (i64, i64)) {
    if mark.point.is_policy {
        let corners = [(x, y - 9), (x + 9, y), (x, y + 9), (x - 9, y)];
        let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{x},{y}")).collect();
        page.void("polygon", &[("class", &"own"), ("points", &corners.join(" "))]);
        return;
    }
    let class = if mark.is_on_curve { "point" } else { "aside" };
    page.void("circle", &[("class", &class), ("cx", &x), ("cy", &y), ("r", &6)]);
}

/// Everything about a point, for whoever rests on it.
fn hint(point: &FrontPoint, lang: Lang) -> String {
    let (weights, gap) = (ratio(point.weights), percent(point.bound.gap_basis_points));
    let amounts = &point.amounts;
    let (urgency, value, rest) = (amounts.urgency_fen, amounts.client_value_fen, amounts.rest_fen);
    let (cost, bound) = (point.total_fen, point.bound.value_fen);
    let (late, out) = (point.late_count, point.unserved_count);
    lang.of(
        format!(
            "{weights}\n紧急 {urgency} · 客户价值 {value} · 其他 {rest}\n\
             加权费用 {cost}，下界 {bound}，差距 {gap}\n逾期 {late}，未排入 {out}"
        ),
        format!(
            "{weights}\nurgency {urgency} · client value {value} · other {rest}\n\
             weighted cost {cost}, bound {bound}, gap {gap}\n{late} late, {out} left out"
        ),
    )
}

fn legend(page: &mut Markup, marks: &[Mark<'_>], lang: Lang) {
    let heads = lang.of(
        ["紧急 : 客户价值", "紧急损失", "客户价值损失", "差距"],
        ["urgency : value", "urgency", "client value", "gap"],
    );
    let row = |page: &mut Markup, y: i64, class: &'static str, cells: [String; 4]| {
        for (x, cell) in COLUMNS[1..].iter().zip(cells) {
            page.leaf(
                "text",
                &[("class", &class), ("x", x), ("y", &y), ("text-anchor", &"end")],
                cell,
            );
        }
    };
    row(page, FIRST_LINE - 12, "head", heads.map(str::to_owned));
    let mut y = FIRST_LINE + 10;
    for mark in marks {
        symbol(page, mark, (COLUMNS[0] - 6, y - 4));
        let x = COLUMNS[0] + 10;
        page.leaf("text", &[("class", &"number"), ("x", &x), ("y", &y)], mark.number);
        let amounts = &mark.point.amounts;
        let cells = [
            ratio(mark.point.weights),
            amounts.urgency_fen.to_string(),
            amounts.client_value_fen.to_string(),
            percent(mark.point.bound.gap_basis_points),
        ];
        row(page, y, "cell", cells);
        y += LINE;
    }
    y += LINE / 2;
    let mut told = |words: &str| {
        page.leaf("text", &[("class", &"soft"), ("x", &(COLUMNS[0] - 12)), ("y", &y)], words);
        y += LINE - 4;
    };
    if marks.iter().any(|mark| mark.point.is_policy) {
        told(lang.of("◆ 场景的权重", "◆ the scenario's weights"));
    }
    if marks.iter().any(|mark| !mark.is_on_curve && !mark.point.is_policy) {
        told(lang.of(
            "○ 两种损失都不更低，但其他费用更低",
            "○ no lower in either loss, but cheaper in other costs",
        ));
    }
    told(lang.of(
        "差距：加权费用高出可证下界的部分",
        "gap: how far the weighted cost is from the proven bound",
    ));
}
