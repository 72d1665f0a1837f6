//! What simulated days came to: on a terminal, as comma-separated values, as a page with charts.
//! Must not know how it was simulated.

mod chart;
mod forecast;
mod groups;
mod hours;
mod named;
mod page;
mod staff;
mod training;
mod verdict;

pub use forecast::forecast;
pub use groups::{By, broken_down};
pub use hours::{hours, hours_csv};
pub use named::Names;
pub use page::page;
pub use staff::{needed, needed_csv};
pub use training::{training, training_csv};

use super::say::{label, of};
use super::text::{Layout, closed, right, table as blank};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::{Cell, Ended, Figure, Group, Load, Outcome, PolicyName, SinglePoint};
use crate::time::Money;

/// What a cell is called: its option and its policy.
pub(super) fn name(cell: &Cell) -> Label {
    let policy = policy(cell.policy);
    Label {
        zh: format!("{} · {}", cell.option.zh, policy.zh),
        en: format!("{} · {}", cell.option.en, policy.en),
    }
}

fn policy(policy: PolicyName) -> Label {
    match policy {
        PolicyName::Engine => label("引擎", "engine"),
        PolicyName::FirstCome => label("先到先办", "first come"),
        PolicyName::EarliestDue => label("最早到期", "earliest due"),
        PolicyName::HighestValue => label("价值最高", "highest value"),
        PolicyName::CurrentPractice => label("现行做法", "current practice"),
    }
}

/// How a figure reads.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    /// Money in fen.
    Fen,
    /// Thousandths as percent.
    Permille,
    /// Minutes.
    Minutes,
}

impl Unit {
    pub(super) fn shown(self, value: i64) -> String {
        match self {
            Unit::Fen => Money(value).to_string(),
            Unit::Permille => {
                format!("{}{}.{}%", sign(value), value.abs() / 10, value.abs() % 10)
            }
            Unit::Minutes => format!("{value}"),
        }
    }

    pub(super) fn told(self, figure: Figure) -> String {
        match figure.half_width {
            Some(half) => format!("{} ± {}", self.shown(figure.mean), self.shown(half)),
            None => self.shown(figure.mean),
        }
    }
}

fn sign(value: i64) -> &'static str {
    if value < 0 { "-" } else { "" }
}

/// The figures of a cell by name, as they are told.
pub(super) fn figures(cell: &Cell) -> [(Label, Unit, Figure); 16] {
    [
        (label("每周费用", "cost per week"), Unit::Fen, cell.cost_fen),
        (label("与首列相差", "difference to the first"), Unit::Fen, cell.difference_fen),
        (label("逾期", "lateness"), Unit::Fen, cell.lateness_fen),
        (label("未办", "left out"), Unit::Fen, cell.unserved_fen),
        (label("加班费", "overtime pay"), Unit::Fen, cell.overtime_fen),
        (label("偏好", "preference"), Unit::Fen, cell.preference_fen),
        (label("改动", "change"), Unit::Fen, cell.change_fen),
        (label("不均", "imbalance"), Unit::Fen, cell.imbalance_fen),
        (label("无逾期损失", "no late cost"), Unit::Permille, cell.on_time_permille),
        (label("按承诺完成", "promise kept"), Unit::Permille, cell.kept_permille),
        (label("加急按承诺完成", "urgent promise kept"), Unit::Permille, cell.urgent_kept_permille),
        (label("1 小时内开始", "begun within an hour"), Unit::Permille, cell.hour_permille),
        (
            label("未开始（不计入等待）", "never begun (in no wait)"),
            Unit::Permille,
            cell.unbegun_permille,
        ),
        (label("等待（分钟）", "wait (minutes)"), Unit::Minutes, cell.wait_minutes),
        (label("全程（分钟）", "in all (minutes)"), Unit::Minutes, cell.time_minutes),
        (
            label("每周加班（分钟）", "overtime a week (minutes)"),
            Unit::Minutes,
            cell.overtime_minutes,
        ),
    ]
}

/// Why it ended, where that is not what was asked for.
fn ended(ended: Ended) -> Label {
    match ended {
        Ended::Replications => label("", ""),
        Ended::HalfWidth => label(
            "已达到所要的精度，所需次数由前 40 次定出。",
            " It is as exact as asked; the first 40 settled how many that takes.",
        ),
        Ended::Seconds => label("时间用完。", " The time was up."),
        Ended::Interrupted => label("已中断。", " It was interrupted."),
    }
}

/// How far intervals of differences in cost can be trusted.
fn skewed() -> Label {
    label(
        "天数少时费用偏斜，费用差的区间约只有 92% 的把握含真值。",
        " Costs of few days are skewed: intervals of their differences may hold the truth only \
         about 92 % of the time.",
    )
}

/// How it was found, what it shows, and which skills hang on one person.
pub(super) fn sentences(outcome: &Outcome, names: &Names) -> Vec<Label> {
    let Outcome { replications, counted_days, seed, plans, verified_plans, .. } = outcome;
    let ended = ended(outcome.ended);
    let skewed = match outcome.cells.len() {
        0 | 1 => label("", ""),
        _ => skewed(),
    };
    let mut said = vec![Label {
        zh: format!(
            "{replications} 次模拟，每次计 {counted_days} 天，随机种子 {seed}；± 为 95% 置信区间的半宽。{}\
             共编 {plans} 份计划，其中 {verified_plans} 份经完整检验，均无违规。{}",
            skewed.zh, ended.zh
        ),
        en: format!(
            "{replications} replications of {counted_days} counted days, seed {seed}; ± is half the \
             95 % interval.{} {plans} plans were made and {verified_plans} verified in full, all \
             clean.{}",
            skewed.en, ended.en
        ),
    }];
    said.extend(verdict::sentences(outcome));
    said.extend(outcome.single_points.iter().map(|point| single(point, names)));
    for cell in outcome.cells.iter().filter(|cell| cell.policy == outcome.cells[0].policy) {
        let new = cell.single_points.iter().filter(|own| !outcome.single_points.contains(own));
        said.extend(new.map(|point| {
            let (told, option) = (single(point, names), &cell.option);
            Label {
                zh: format!("{}：{}", option.zh, told.zh),
                en: format!("{}: {}", option.en, told.en),
            }
        }));
    }
    said
}

/// That a skill hangs on one person, or on nobody.
fn single(point: &SinglePoint, names: &Names) -> Label {
    let people: Vec<Label> = point.people.iter().map(|id| names.person(id)).collect();
    let (zh, en): (Vec<&str>, Vec<&str>) =
        people.iter().map(|name| (name.zh.as_str(), name.en.as_str())).unzip();
    let (zh, en, skill) = (zh.join("、"), en.join(", "), names.skill(&point.skill));
    match people.is_empty() {
        true => Label {
            zh: format!("无人具备技能“{}”所需的级别。", skill.zh),
            en: format!("Nobody holds the skill \"{}\" as it is needed.", skill.en),
        },
        false => Label {
            zh: format!("技能“{}”所需级别只有 {zh} 具备。", skill.zh),
            en: format!("Only {en} holds the skill \"{}\" as it is needed.", skill.en),
        },
    }
}

/// The report on a terminal.
#[must_use]
pub fn table(outcome: &Outcome, names: &Names, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let cells: Vec<Label> = outcome.cells.iter().map(name).collect();
    let mut heads = vec![("", "")];
    heads.extend(cells.iter().map(|name| (name.zh.as_str(), name.en.as_str())));
    let mut rows = blank(layout, &heads);
    let columns: Vec<_> = outcome.cells.iter().map(figures).collect();
    for row in 0..columns.first().map_or(0, |column| column.len()) {
        let mut cells = vec![of(&columns[0][row].0, lang).to_owned().into()];
        cells.extend(columns.iter().map(|column| {
            let (_, unit, figure) = &column[row];
            right(unit.told(*figure))
        }));
        rows.add_row(cells);
    }
    let mut out = String::new();
    if let Some(about) = &outcome.about {
        out += &format!("{}\n", of(about, lang));
    }
    out += &closed(&rows, 0, layout);
    for sentence in sentences(outcome, names) {
        out += &format!("{}\n", of(&sentence, lang));
    }
    out
}

/// One line per figure: option, policy, what is measured, for whom, mean and half-width, in fen,
/// thousandths and minutes.
#[must_use]
pub fn csv(outcome: &Outcome) -> String {
    let mut out = "option,policy,figure,of,mean,half_width,tickets\n".to_owned();
    for cell in &outcome.cells {
        let policy = policy(cell.policy).en;
        let mut line = |figure: &str, who: &str, mean: i64, half: Option<i64>, count: u64| {
            let half = half.map(|half| half.to_string()).unwrap_or_default();
            let fields = [cell.option.en.as_str(), &policy, figure, who].map(quoted).join(",");
            out += &format!("{fields},{mean},{half},{count}\n");
        };
        for (name, _, figure) in figures(cell) {
            line(&name.en, "", figure.mean, figure.half_width, cell.tickets);
        }
        for (kind, group) in
            By::ALL.iter().flat_map(|by| by.of(cell).iter().map(move |own| (by, own)))
        {
            let (kind, on_time, kept) = (kind.word(), group.on_time(), group.kept());
            let Group { name, tickets, cost_fen, wait_minutes, .. } = group;
            for (what, figure) in [("no late cost", on_time), ("promise kept", kept)] {
                let what = format!("{what} by {kind}");
                line(&what, name, figure.mean, figure.half_width, *tickets);
            }
            line(&format!("wait by {kind}"), name, *wait_minutes, None, *tickets);
            line(&format!("cost per ticket by {kind}"), name, *cost_fen, None, *tickets);
        }
        let loads = [("person", &cell.people), ("skill", &cell.skills)];
        for (kind, load) in
            loads.iter().flat_map(|(kind, rows)| rows.iter().map(move |r| (kind, r)))
        {
            let Load { name, load_permille, overtime_minutes, idle_minutes, .. } = load;
            line(&format!("load by {kind}"), name, i64::from(*load_permille), None, cell.tickets);
            line(&format!("overtime by {kind}"), name, *overtime_minutes, None, cell.tickets);
            line(&format!("idle by {kind}"), name, *idle_minutes, None, cell.tickets);
        }
    }
    out
}

/// A field of comma-separated values; one that a spreadsheet would compute is made text.
pub(super) fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
