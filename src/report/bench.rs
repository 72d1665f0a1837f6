//! Results of benchmark runs as Markdown: a summary and a table per family. Must not know how runs
//! are made.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::exchange::bench::results::{MARKS, Row, Status, gap_ppm, percent};
use crate::exchange::bench::{Family, Kind, Known};
use crate::model::lang::Lang;

/// What stands where there is nothing to say.
const NOTHING: &str = "–";

/// All runs of one instance.
struct Runs<'a> {
    instance: &'a str,
    rows: Vec<&'a Row>,
    known: Option<Known>,
}

/// `rows` as Markdown, family by family.
#[must_use]
pub fn render(rows: &[Row], lang: Lang) -> String {
    let mut families: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        families.entry((&row.key.family, &row.key.budget)).or_default().push(row);
    }
    let mut text = format!("# {}\n", lang.of("paidan bench：结果", "paidan bench: results"));
    for ((family, budget), rows) in families {
        let named = Family::ALL.into_iter().find(|known| known.key() == family);
        let name = named.map_or(("", ""), Family::name);
        let colon = lang.of("：", ": ");
        let _ = write!(text, "\n## {family}{colon}{}\n\n", lang.of(name.0, name.1));
        text += &conditions(&rows, budget, lang);
        let runs = by_instance(&rows);
        text += &summary(&runs, lang);
        text += &table(&runs, lang);
    }
    text
}

/// Under what conditions the runs were made.
fn conditions(rows: &[&Row], budget: &str, lang: Lang) -> String {
    let distinct = |of: &dyn Fn(&Row) -> String| {
        let mut all: Vec<String> = rows.iter().map(|row| of(row)).collect();
        all.sort();
        all.dedup();
        all.join(", ")
    };
    let seeds = distinct(&|row| row.key.seed.to_string());
    let lanes = distinct(&|row| row.key.lanes.to_string());
    let threads = distinct(&|row| row.key.threads.to_string());
    let version = distinct(&|row| row.key.version.clone());
    lang.of(
        format!("预算 {budget}，种子 {seeds}，通道 {lanes}，线程 {threads}，版本 {version}\n\n"),
        format!("budget {budget}, seeds {seeds}, lanes {lanes}, threads {threads}, version {version}\n\n"),
    )
}

fn by_instance<'a>(rows: &[&'a Row]) -> Vec<Runs<'a>> {
    let mut all: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        all.entry(&row.key.instance).or_default().push(row);
    }
    let runs = all.into_iter().map(|(instance, rows)| {
        let known = rows.iter().find_map(|row| row.known);
        Runs { instance, rows, known }
    });
    runs.collect()
}

impl Runs<'_> {
    /// The median over the seeds of what `of` gives; nothing when a run has none.
    fn median(&self, of: impl Fn(&Row) -> Option<i64>) -> Option<i64> {
        let mut all = self.rows.iter().map(|row| of(row)).collect::<Option<Vec<i64>>>()?;
        all.sort_unstable();
        let middle = all.len() / 2;
        let upper = *all.get(middle)?;
        // Of an even number the mean of the two in the middle, rounded up.
        let is_even = all.len().is_multiple_of(2);
        Some(if is_even { upper - (upper - all[middle - 1]) / 2 } else { upper })
    }

    fn cost(&self) -> Option<i64> {
        self.median(|row| row.cost)
    }

    fn is_counted(&self) -> bool {
        self.known.is_some_and(|known| known.kind != Kind::Recalled)
    }

    /// The median cost against the best-known value.
    fn gap(&self) -> Option<i64> {
        gap_ppm(self.cost()?, self.known?.value)
    }
}

/// Σ cost / Σ best − 1 over `runs`; nothing unless each has a cost and a value.
fn mean_gap<'a>(
    runs: impl Iterator<Item = &'a Runs<'a>>,
    cost: impl Fn(&Row) -> Option<i64>,
) -> Option<i64> {
    let pairs: Option<Vec<_>> = runs.map(|runs| runs.median(&cost).zip(runs.known)).collect();
    let pairs = pairs?;
    let costs = pairs.iter().map(|(cost, _)| *cost).sum();
    gap_ppm(costs, pairs.iter().map(|(_, known)| known.value).sum())
}

fn shown(ppm: Option<i64>) -> String {
    ppm.map_or_else(|| NOTHING.to_owned(), |ppm| format!("{} %", percent(ppm)))
}

/// The figures of the family, a line each.
fn summary(all: &[Runs<'_>], lang: Lang) -> String {
    let counted = || all.iter().filter(|runs| runs.is_counted());
    let recalled = || all.iter().filter(|runs| runs.known.is_some() && !runs.is_counted());
    let mut lines = vec![lang.of(
        format!("算例 {}，其中有最优或最好值的 {}", all.len(), counted().count()),
        format!("{} instances, {} with an optimal or best value", all.len(), counted().count()),
    )];
    if counted().next().is_some() {
        lines.extend(against_known(&counted, lang));
    } else {
        lines.extend(costs_alone(all, lang));
    }
    if recalled().next().is_some() {
        let (count, mean) = (recalled().count(), shown(mean_gap(recalled(), |row| row.cost)));
        lines.push(lang.of(
            format!("另有仅凭记忆的值 {count} 个：平均差距 {mean}"),
            format!("apart from these {count} recalled values: mean gap {mean}"),
        ));
    }
    lines.extend(faults(all, lang));
    lines.iter().map(|line| format!("- {line}\n")).collect::<String>() + "\n"
}

/// Mean and worst gap, optima of nought, quality over time.
fn against_known<'a, I: Iterator<Item = &'a Runs<'a>>>(
    counted: &impl Fn() -> I,
    lang: Lang,
) -> Vec<String> {
    let mean = shown(mean_gap(counted(), |row| row.cost));
    let worst = counted().filter_map(|runs| Some((runs.gap()?, runs.instance))).max();
    let worst = worst.map_or_else(
        || NOTHING.to_owned(),
        |(gap, instance)| format!("{} ({instance})", shown(Some(gap))),
    );
    let met = counted()
        .filter(|runs| runs.cost().is_some() && runs.cost() == runs.known.map(|k| k.value));
    let met = met.count();
    let noughts = || counted().filter(|runs| runs.known.is_some_and(|known| known.value == 0));
    let hit = noughts().filter(|runs| runs.cost() == Some(0)).count();
    let missed = noughts().count() - hit;
    let mut lines = vec![
        lang.of(format!("平均差距 {mean}"), format!("mean gap {mean}")),
        lang.of(format!("最大差距 {worst}"), format!("worst gap {worst}")),
        lang.of(format!("达到已知值 {met} 个"), format!("{met} at the known value")),
        lang.of(
            format!("最优为零：命中 {hit}，未中 {missed}"),
            format!("optima of nought: {hit} hit, {missed} missed"),
        ),
    ];
    let over_time = MARKS.iter().enumerate().map(|(row, seconds)| {
        let gap = mean_gap(counted(), |run| run.at[row]);
        format!("{seconds} s: {}", shown(gap))
    });
    let over_time = over_time.collect::<Vec<_>>().join(" · ");
    lines.push(lang.of(format!("随时间 {over_time}"), format!("over time {over_time}")));
    lines
}

/// What the instances cost together where there is nothing to hold them against.
fn costs_alone(all: &[Runs<'_>], lang: Lang) -> [String; 2] {
    let sum = |of: &dyn Fn(&Row) -> Option<i64>| {
        let total: Option<i64> = all.iter().map(|runs| runs.median(of)).sum();
        total.map_or_else(|| NOTHING.to_owned(), |total| total.to_string())
    };
    let total = sum(&|row| row.cost);
    let over_time = MARKS.iter().enumerate();
    let over_time =
        over_time.map(|(at, seconds)| format!("{seconds} s: {}", sum(&|row| row.at[at])));
    let over_time = over_time.collect::<Vec<_>>().join(" · ");
    [
        lang.of(format!("中位费用之和 {total}"), format!("sum of median costs {total}")),
        lang.of(format!("随时间 {over_time}"), format!("over time {over_time}")),
    ]
}

/// Plans the verifier refused, and costs below what is proven: both must never be.
fn faults(all: &[Runs<'_>], lang: Lang) -> Vec<String> {
    let rows = || all.iter().flat_map(|runs| runs.rows.iter());
    let unverified = rows().filter(|row| row.status != Status::Verified).count();
    let too_good = rows().filter(|row| {
        let proven = row.known.and_then(|known| match known.kind {
            Kind::Optimal => Some(known.value),
            _ => known.lower_bound,
        });
        proven.zip(row.cost).is_some_and(|(proven, cost)| cost < proven)
    });
    let too_good = too_good.count();
    let mut lines = Vec::new();
    if unverified > 0 {
        lines.push(lang.of(
            format!("**未通过检验的运行 {unverified} 次**"),
            format!("**runs without a verified plan: {unverified}**"),
        ));
    }
    if too_good > 0 {
        lines.push(lang.of(
            format!("**低于已证下界的费用 {too_good} 个：值或读法有误**"),
            format!("**costs below what is proven: {too_good}; a value or a reading is wrong**"),
        ));
    }
    lines
}

/// A row per instance.
fn table(all: &[Runs<'_>], lang: Lang) -> String {
    let heads = lang.of(
        ["算例", "次数", "费用（中位）", "已知值", "类型", "差距", "下界", "最好解用时", "轮/秒"],
        [
            "instance",
            "runs",
            "cost (median)",
            "known",
            "kind",
            "gap",
            "bound",
            "best after",
            "rounds/s",
        ],
    );
    let mut text = format!("| {} |\n|---|--:|--:|--:|---|--:|--:|--:|--:|\n", heads.join(" | "));
    let whole =
        |value: Option<i64>| value.map_or_else(|| NOTHING.to_owned(), |value| value.to_string());
    for runs in all {
        let time = |of: Option<u64>| of.and_then(|time| i64::try_from(time).ok());
        let after = runs.median(|row| time(row.best_after));
        let after = after.map_or_else(
            || NOTHING.to_owned(),
            |ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        );
        let pace = runs.median(|row| time(row.pace_hundredths()));
        let pace = pace
            .map_or_else(|| NOTHING.to_owned(), |pace| format!("{}.{:02}", pace / 100, pace % 100));
        let cells = [
            runs.instance.replace('|', "\\|"),
            runs.rows.len().to_string(),
            whole(runs.cost()),
            whole(runs.known.map(|known| known.value)),
            runs.known.map_or(NOTHING, |known| known.kind.key()).to_owned(),
            shown(runs.gap()),
            whole(runs.median(|row| row.bound)),
            after,
            pace,
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}
