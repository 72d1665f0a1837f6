//! The report as one page that needs nothing else: both languages in it, no script.

use super::super::html::{head, languages};
use super::super::markup::Markup;
use super::super::say::label;
use super::chart::{Bar, COLOURS, bars, lines};
use super::{By, Names, Unit, figures, name, sentences};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::{Cell, Figure, Load, Outcome};
use crate::time::Money;

/// Writes one section of the page.
type Writer<'a> = &'a dyn Fn(&mut Markup, &Outcome);

/// One figure of a cell.
type Of = fn(&Cell) -> Figure;

const STYLE: &str = include_str!("page.css");

/// The page of `outcome`, opening in `lang`.
#[must_use]
pub fn page(outcome: &Outcome, names: &Names, lang: Lang) -> String {
    let title = label("模拟结果", "Simulation");
    let mut page = Markup::document();
    page.start("html", &[("lang", &lang.of("zh", "en"))]);
    head(&mut page, &title, lang, STYLE);
    page.start("body", &[]);
    languages(&mut page, lang);
    page.start("div", &[("class", &"page")]);
    page.start("p", &[("class", &"tongues")]);
    for (id, name) in [("lang-zh", "中文"), ("lang-en", "English")] {
        page.leaf("label", &[("for", &id)], name);
    }
    page.end();
    page.said("h1", &[], &title);
    if let Some(about) = &outcome.about {
        page.said("p", &[], about);
    }
    for sentence in sentences(outcome, names) {
        page.said("p", &[], &sentence);
    }
    let loads = |page: &mut Markup, outcome: &Outcome| loads(page, outcome, names);
    let groups = |page: &mut Markup, outcome: &Outcome| groups(page, outcome, names);
    let sections: [(Label, Writer<'_>); 10] = [
        (label("各方案与办法", "Options and policies"), &summary),
        (label("每周费用构成", "Cost per week, in parts"), &costs),
        (label("按承诺完成的工单", "Promises kept"), &kept),
        (label("按承诺完成的分布", "How promises kept spread"), &kept_spread),
        (label("无逾期损失的分布", "How the share without late cost spreads"), &on_time_spread),
        (label("加急工单等待时间的分布（分钟）", "How urgent tickets wait (minutes)"), &waits),
        (label("每周费用的分布", "How the cost of a week spreads"), &spread),
        (
            label("每周加班的分布（分钟）", "How overtime spreads (minutes a week)"),
            &overtime_spread,
        ),
        (label("谁的负荷", "Load"), &loads),
        (label("按级别、服务、来源与时段", "By tier, service, stream and hour"), &groups),
    ];
    for (title, write) in sections {
        page.start("section", &[]);
        page.said("h2", &[], &title);
        write(&mut page, outcome);
        page.end();
    }
    page.end().end().end();
    page.finish()
}

/// The number and the colour of a cell, then its name.
fn key(page: &mut Markup, tag: &'static str, row: usize, cell: &Cell) {
    page.start(tag, &[]);
    let class = format!("key k{}", row % COLOURS);
    page.leaf("span", &[("class", &class)], "");
    page.text(format!("{} ", row + 1)).both(&name(cell)).end();
}

fn numbered(row: usize, cell: &Cell) -> Label {
    let Label { zh, en } = name(cell);
    Label { zh: format!("{} {zh}", row + 1), en: format!("{} {en}", row + 1) }
}

fn summary(page: &mut Markup, outcome: &Outcome) {
    page.start("table", &[]).start("tr", &[]);
    page.leaf("th", &[], "");
    for (row, cell) in outcome.cells.iter().enumerate() {
        key(page, "th", row, cell);
    }
    page.end();
    let columns: Vec<_> = outcome.cells.iter().map(figures).collect();
    for row in 0..columns.first().map_or(0, |column| column.len()) {
        page.start("tr", &[]);
        page.said("td", &[], &columns[0][row].0);
        for column in &columns {
            let (_, unit, figure) = &column[row];
            page.leaf("td", &[], unit.told(*figure));
        }
        page.end();
    }
    page.end();
}

fn costs(page: &mut Markup, outcome: &Outcome) {
    let names = [
        label("逾期", "lateness"),
        label("未办", "left out"),
        label("加班", "overtime"),
        label("偏好", "preference"),
        label("改动", "change"),
        label("不均", "imbalance"),
    ];
    page.start("p", &[]);
    for (row, name) in names.iter().enumerate() {
        let class = format!("key k{row}");
        page.leaf("span", &[("class", &class)], "").both(name).text("  ");
    }
    page.end();
    let bar = |(row, cell): (usize, &Cell)| {
        let parts = [
            cell.lateness_fen,
            cell.unserved_fen,
            cell.overtime_fen,
            cell.preference_fen,
            cell.change_fen,
            cell.imbalance_fen,
        ];
        let parts = parts.iter().map(|part| part.mean).enumerate().collect();
        let half = cell.cost_fen.half_width.unwrap_or(0);
        let told = Unit::Fen.told(cell.cost_fen);
        Bar { name: numbered(row, cell), parts, told: Label::new(told.clone(), told), half }
    };
    let rows: Vec<Bar> = outcome.cells.iter().enumerate().map(bar).collect();
    bars(page, "cost per week", &rows, None);
}

fn kept(page: &mut Markup, outcome: &Outcome) {
    let kinds: [(Label, Of); 3] = [
        (label("全部", "all"), |cell| cell.kept_permille),
        (label("加急", "urgent"), |cell| cell.urgent_kept_permille),
        (label("无逾期损失", "no late cost"), |cell| cell.on_time_permille),
    ];
    let mut rows = Vec::new();
    for (kind, of) in &kinds {
        for (row, cell) in outcome.cells.iter().enumerate() {
            let figure = of(cell);
            let name = numbered(row, cell);
            let name = Label {
                zh: format!("{} · {}", kind.zh, name.zh),
                en: format!("{} · {}", kind.en, name.en),
            };
            let told = Unit::Permille.told(figure);
            let told = Label::new(told.clone(), told);
            let half = figure.half_width.unwrap_or(0);
            rows.push(Bar { name, parts: vec![(row, figure.mean)], told, half });
        }
    }
    bars(page, "promises kept", &rows, Some(1_000));
}

fn waits(page: &mut Markup, outcome: &Outcome) {
    said_of_tenths(page);
    let rows: Vec<Vec<i64>> = outcome.cells.iter().map(|cell| tenths(&cell.wait_deciles)).collect();
    lines(page, "waiting times", &rows, None, &|value| value.to_string());
}

fn spread(page: &mut Markup, outcome: &Outcome) {
    said_of_tenths(page);
    let rows: Vec<Vec<i64>> = outcome.cells.iter().map(|cell| tenths(&cell.cost_deciles)).collect();
    lines(page, "cost of a week", &rows, None, &|value| Money(value).to_string());
}

fn kept_spread(page: &mut Markup, outcome: &Outcome) {
    shares(page, outcome, "promises kept", |cell| &cell.kept_deciles);
}

fn on_time_spread(page: &mut Markup, outcome: &Outcome) {
    shares(page, outcome, "without late cost", |cell| &cell.on_time_deciles);
}

/// How a share spreads over replications.
fn shares(page: &mut Markup, outcome: &Outcome, title: &str, of: fn(&Cell) -> &Vec<i64>) {
    said_of_tenths(page);
    let rows: Vec<Vec<i64>> = outcome.cells.iter().map(|cell| tenths(of(cell))).collect();
    lines(page, title, &rows, Some(1_000), &|value| Unit::Permille.shown(value));
}

fn overtime_spread(page: &mut Markup, outcome: &Outcome) {
    said_of_tenths(page);
    let cells = outcome.cells.iter();
    let rows: Vec<Vec<i64>> = cells.map(|cell| tenths(&cell.overtime_deciles)).collect();
    lines(page, "overtime a week", &rows, None, &|value| value.to_string());
}

/// All but the highest value, which may be far away.
fn tenths(deciles: &[i64]) -> Vec<i64> {
    deciles.iter().take(10).copied().collect()
}

fn said_of_tenths(page: &mut Markup) {
    page.said(
        "p",
        &[],
        &label(
            "横轴：不超过纵轴数值的比例；最高的十分之一未画出。",
            "Across: the share that is no higher than shown; the highest tenth is left out.",
        ),
    );
}

fn loads(page: &mut Markup, outcome: &Outcome, names: &Names) {
    // Beside things as they are what costs least, or the first option where nothing is shown to.
    let beside = outcome.best.map_or(1, |row| row as usize);
    let mut shown = vec![0];
    shown.extend((beside > 0).then_some(beside));
    for row in shown {
        let Some(cell) = outcome.cells.get(row) else { continue };
        key(page, "p", row, cell);
        page.said(
            "p",
            &[],
            &label(
                "负荷为到来期间的正常工时；加班与空闲（含路途）为每周分钟数。",
                "Load is of regular hours while tickets arrive; overtime and idle time, travel \
                 among it, are minutes a week.",
            ),
        );
        let bar = |(load, who): (&Load, Label)| {
            let share = Unit::Permille.shown(i64::from(load.load_permille));
            let Load { overtime_minutes, idle_minutes, .. } = load;
            let who = match load.people {
                1 => who,
                count => Label {
                    zh: format!("{} ({count})", who.zh),
                    en: format!("{} ({count})", who.en),
                },
            };
            let parts = vec![(row, i64::from(load.load_permille))];
            Bar {
                name: who,
                parts,
                told: Label {
                    zh: format!("{share} · 加班 {overtime_minutes} · 空闲 {idle_minutes}"),
                    en: format!("{share} · over {overtime_minutes} · idle {idle_minutes}"),
                },
                half: 0,
            }
        };
        let skills = cell.skills.iter().map(|load| (load, names.skill(&load.name)));
        let people = cell.people.iter().map(|load| (load, names.person(&load.name)));
        let rows: Vec<Bar> = skills.chain(people).map(bar).collect();
        bars(page, "load", &rows, Some(1_000));
    }
}

fn groups(page: &mut Markup, outcome: &Outcome, names: &Names) {
    for (row, cell) in outcome.cells.iter().enumerate() {
        key(page, "p", row, cell);
        page.start("table", &[]).start("tr", &[]);
        for head in [
            label("", ""),
            label("工单", "tickets"),
            label("按承诺完成", "promise kept"),
            label("无逾期损失", "no late cost"),
            label("等待（分钟）", "wait (minutes)"),
            label("每单费用", "cost per ticket"),
        ] {
            page.said("th", &[], &head);
        }
        page.end();
        for (by, group) in
            By::ALL.iter().flat_map(|by| by.of(cell).iter().map(move |own| (by, own)))
        {
            page.start("tr", &[]);
            page.said("td", &[], &by.called(&group.name, names));
            page.leaf("td", &[], group.tickets);
            page.leaf("td", &[], Unit::Permille.told(group.kept()));
            page.leaf("td", &[], Unit::Permille.told(group.on_time()));
            page.leaf("td", &[], group.wait_minutes);
            page.leaf("td", &[], Money(group.cost_fen));
            page.end();
        }
        page.end();
    }
}
