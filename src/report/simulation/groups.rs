//! What simulated days came to ticket kind by ticket kind, on a terminal: for whom promises are kept,
//! and for whom not.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use super::{Names, Unit, name};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::{Cell, Figure, Group, Outcome};
use crate::time::Money;

/// By what tickets are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The tier of their client.
    Tier,
    /// Their service.
    Service,
    /// The stream they arrived in.
    Stream,
    /// The hour of their arrival.
    Hour,
}

impl By {
    /// All of them.
    pub const ALL: [By; 4] = [By::Tier, By::Service, By::Stream, By::Hour];

    /// The rows of `cell`.
    pub(super) fn of(self, cell: &Cell) -> &[Group] {
        match self {
            By::Tier => &cell.tiers,
            By::Service => &cell.services,
            By::Stream => &cell.streams,
            By::Hour => &cell.hours,
        }
    }

    /// What it is called in comma-separated values.
    pub(super) fn word(self) -> &'static str {
        match self {
            By::Tier => "tier",
            By::Service => "service",
            By::Stream => "stream",
            By::Hour => "hour",
        }
    }

    /// What it is called at the head of a table.
    pub(super) fn head(self) -> Label {
        match self {
            By::Tier => label("级别", "tier"),
            By::Service => label("服务", "service"),
            By::Stream => label("来源", "stream"),
            By::Hour => label("到达时段", "hour of arrival"),
        }
    }

    /// What the group `id` is called.
    pub(super) fn called(self, id: &str, names: &Names) -> Label {
        match (self, id) {
            (_, "") => label("（其他）", "(other)"),
            (By::Service, id) => names.service_beside(id),
            (_, id) => Label::new(id, id),
        }
    }
}

/// How a group is measured.
type Measure = (Label, fn(&Group) -> String);

/// A table for each of `kinds`: on its lines the groups, in its columns options and policies.
#[must_use]
pub fn broken_down(outcome: &Outcome, kinds: &[By], names: &Names, lang: Lang) -> String {
    kinds.iter().map(|by| one(outcome, *by, names, lang)).collect()
}

fn one(outcome: &Outcome, by: By, names: &Names, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let cells: Vec<Label> = outcome.cells.iter().map(name).collect();
    let head = by.head();
    let mut heads = vec![(head.zh.as_str(), head.en.as_str()), ("", "")];
    heads.extend(cells.iter().map(|name| (name.zh.as_str(), name.en.as_str())));
    let mut rows = blank(layout, &heads);
    let measures: [Measure; 5] = [
        (label("工单", "tickets"), |group| group.tickets.to_string()),
        (label("按承诺完成", "promise kept"), |group| share(group.kept())),
        (label("无逾期损失", "no late cost"), |group| share(group.on_time())),
        (label("等待（分钟）", "wait (minutes)"), |group| group.wait_minutes.to_string()),
        (label("每单费用", "cost per ticket"), |group| Money(group.cost_fen).to_string()),
    ];
    let mut keys: Vec<&str> = Vec::new();
    for group in outcome.cells.iter().flat_map(|cell| by.of(cell)) {
        if !keys.contains(&group.name.as_str()) {
            keys.push(&group.name);
        }
    }
    for key in keys {
        let mut called = of(&by.called(key, names), lang).to_owned();
        for (measure, told) in &measures {
            let own = |cell: &Cell| by.of(cell).iter().find(|group| group.name == key).map(told);
            let mut line = vec![std::mem::take(&mut called).into(), of(measure, lang).into()];
            line.extend(outcome.cells.iter().map(|cell| right(own(cell).unwrap_or_default())));
            rows.add_row(line);
        }
    }
    closed(&rows, 0, layout)
}

fn share(figure: Figure) -> String {
    Unit::Permille.told(figure)
}
