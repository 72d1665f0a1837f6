//! A period at the desk, as people read it: what waits and the figures, a section each, empty ones
//! left out.

use std::fmt::Write as _;

use super::telling::many;
use crate::app::service::desk::{
    AheadRow, CauseRow, CountRow, FindingRow, KeptRow, MinutesRow, OwedRow, Period, PrecheckRow,
    PromiseRow, QuickRow, RiskRow, SuggestionRow, TableRow, UrgencyRow,
};
use crate::calendar::Label;
use crate::desk::life::Node;
use crate::model::lang::Lang;
use crate::policy::desk::Comparison;

/// The period.
pub(crate) fn told(period: &Period, lang: Lang) -> String {
    let Period { from, to, .. } = period;
    let mut text = lang.of(format!("\n{from} 至 {to}\n"), format!("\n{from} to {to}\n"));
    text += &waiting(period, lang);
    text += &words(period, lang);
    text += &figures(period, lang);
    text
}

/// What was learned of steps, a line each.
pub(crate) fn learned(rows: &[MinutesRow], lang: Lang) -> String {
    if rows.is_empty() {
        return lang.of("没有变动\n", "nothing changed\n").to_owned();
    }
    rows.iter().map(|row| minutes(row, lang) + "\n").collect()
}

/// Tiers side by side, a line for each thing that is compared.
pub(crate) fn tiers(table: &Comparison, lang: Lang) -> String {
    let line = |name: &str, cells: Vec<&str>| format!("{name}: {}\n", cells.join(" | "));
    let heads = table.tiers.iter().map(|tier| of(tier, lang)).collect();
    let mut text = line(lang.of("服务等级", "tier"), heads);
    for (name, cells) in &table.rows {
        let cells = cells.iter().map(|cell| cell.as_ref().map_or("-", |cell| of(cell, lang)));
        text += &line(of(name, lang), cells.collect());
    }
    text
}

fn of(label: &Label, lang: Lang) -> &str {
    lang.of(label.zh.as_str(), label.en.as_str())
}

fn all(labels: &[Label], lang: Lang) -> String {
    let list: Vec<&str> = labels.iter().map(|label| of(label, lang)).collect();
    list.join(lang.of("；", "; "))
}

/// A section with its lines; nothing where there are none.
fn section(lang: Lang, (zh, en): (&str, &str), lines: impl IntoIterator<Item = String>) -> String {
    let lines: Vec<String> = lines.into_iter().collect();
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", lang.of(zh, en));
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn permille(value: Option<u32>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{}.{} %", value / 10, value % 10))
}

/// What is open.
fn waiting(period: &Period, lang: Lang) -> String {
    let sections = [
        section(lang, ("风险", "at risk"), period.risks.iter().map(|row| risk(row, lang))),
        section(lang, ("进度", "progress"), period.table.iter().map(|row| progress(row, lang))),
        section(
            lang,
            ("客户未知", "not told to clients"),
            period.messages.iter().map(|row| {
                let left = row.left.map_or_else(|| "-".to_owned(), |left| left.to_string());
                let left = lang.of(format!("今日还可发 {left} 条"), format!("{left} left today"));
                let what = row.untold.iter().map(|(node, what)| {
                    let sign = if *node == Node::Risk { "! " } else { "" };
                    format!("{sign}{}", of(what, lang))
                });
                let what: Vec<String> = what.collect();
                format!("{}  {}  ({left})", row.ticket, what.join(lang.of("；", "; ")))
            }),
        ),
        section(
            lang,
            ("已超时未办", "overdue"),
            period
                .overdue
                .iter()
                .map(|row| format!("{}  {}  {}", row.since, row.ticket, of(&row.name, lang))),
        ),
        section(lang, ("未做满意度调查", "not surveyed"), period.unsurveyed.iter().cloned()),
        section(lang, ("应提供的周期服务", "owed"), period.owed.iter().map(|row| owed(row, lang))),
        section(
            lang,
            ("多人服务同一客户", "several drive tickets of one client"),
            period.leads.iter().map(|row| {
                let lead = lang.of(format!("牵头 {}", row.lead), format!("led by {}", row.lead));
                format!("{}  {}  ({lead})", row.client, row.drivers.join(", "))
            }),
        ),
        section(
            lang,
            ("同类问题", "the same trouble"),
            period
                .same_trouble
                .iter()
                .map(|row| format!("{}: {}", row.first, row.others.join(", "))),
        ),
        section(
            lang,
            ("应核对的客户资料", "client data to go through"),
            period.stale.iter().map(|row| {
                let days = row.days.unwrap_or_default();
                let days = lang.of(format!("{days} 天"), many(days, "day"));
                format!("{}  {days}  {}", row.client, row.missing.join(", "))
            }),
        ),
    ];
    sections.concat()
}

/// What was suggested, found and improved, and what need not be kept any more.
fn words(period: &Period, lang: Lang) -> String {
    let sections = [
        section(
            lang,
            ("待改进的建议", "suggested and open"),
            period.suggestions.iter().map(suggestion),
        ),
        section(
            lang,
            ("待处理的发现", "found and open"),
            period.findings.iter().map(|row| finding(row, lang)),
        ),
        section(
            lang,
            ("已改进", "improved"),
            period.improvements.iter().map(|row| {
                format!("{}  {}  {}: {}  ({})", row.at, row.ticket, row.what, row.effect, row.owner)
            }),
        ),
        section(
            lang,
            ("保存期已满的档案", "files that need not be kept any more"),
            period.over.iter().map(|row| {
                format!("{}  {}  {}", row.since, row.ticket, row.client.as_deref().unwrap_or("-"))
            }),
        ),
    ];
    sections.concat()
}

fn suggestion(row: &SuggestionRow) -> String {
    let owner = row.owner.as_deref().unwrap_or("-");
    format!("{}  {}  {}  ({owner})", row.since, row.ticket, row.what)
}

fn finding(row: &FindingRow, lang: Lang) -> String {
    let FindingRow { ticket, since, what, advice, owner, .. } = row;
    let only = lang.of("  仅市场人员对外说明", "  marketing alone speaks of it");
    let only = if row.is_sensitive { only } else { "" };
    format!("{since}  {ticket}  {what}: {advice}  ({}){only}", owner.as_deref().unwrap_or("-"))
}

fn risk(row: &RiskRow, lang: Lang) -> String {
    let owed = row.owed.map_or_else(|| "-".to_owned(), |owed| owed.to_string());
    let RiskRow { ticket, latest, expected_fen, exceptions, person, post, .. } = row;
    let post = post.map(|post| post.label());
    let post = post.as_ref().map_or("-", |post| of(post, lang));
    let who = person.as_deref().unwrap_or(post);
    format!("{ticket}  {owed} → {latest}  {expected_fen}  → {who}  {}", all(exceptions, lang))
}

fn progress(row: &TableRow, lang: Lang) -> String {
    let phase = row.phase.map(|phase| phase.label());
    let phase = phase.as_ref().map_or("", |phase| of(phase, lang));
    let driver = row.driver.as_deref().unwrap_or("-");
    let owed = row.owed.map_or_else(|| "-".to_owned(), |owed| owed.to_string());
    let (ticket, stage) = (&row.ticket, of(&row.stage, lang));
    format!("{ticket}  {phase} / {stage}  {driver}  {owed}  {}", all(&row.exceptions, lang))
}

fn owed(row: &OwedRow, lang: Lang) -> String {
    let there = if row.is_there {
        lang.of("已建单", "created")
    } else {
        lang.of("未建单", "to create")
    };
    format!("{}  {}  {}  {there}", row.due, row.ticket, row.service)
}

/// What was counted.
fn figures(period: &Period, lang: Lang) -> String {
    let sections = [
        section(
            lang,
            ("按服务计数", "by service"),
            period.services.iter().map(|row| count(row, lang)),
        ),
        section(
            lang,
            ("按客户计数", "by client"),
            period.clients.iter().map(|row| count(row, lang)),
        ),
        section(
            lang,
            ("拒单", "rejections"),
            period
                .rejections
                .iter()
                .map(|row| format!("{}  {}  {}", row.person, row.service, row.count)),
        ),
        section(
            lang,
            ("急的原因", "why it was urgent"),
            period
                .causes
                .iter()
                .map(|row| cause(row, lang))
                .chain(period.urgency.iter().map(|row| urgency(*row, lang))),
        ),
        section(
            lang,
            ("承诺与实际", "promised and done"),
            period.promises.iter().map(|row| promise(row, lang)),
        ),
        section(
            lang,
            ("实测工时", "minutes learned"),
            period.minutes.iter().map(|row| minutes(row, lang)),
        ),
        section(
            lang,
            ("智能预审", "pre-check by rules"),
            period.precheck.iter().map(|row| precheck(row, lang)),
        ),
        section(
            lang,
            ("协议履行", "agreements kept"),
            period.kept.iter().map(|row| kept(row, lang)),
        ),
        section(
            lang,
            ("对比行业", "beside the industry"),
            period.quick.iter().map(|row| quick(row, lang)),
        ),
        section(
            lang,
            ("预购加急服务", "urgent services bought ahead"),
            period.ahead.iter().map(|row| ahead(*row, lang)),
        ),
    ];
    sections.concat()
}

fn cause(row: &CauseRow, lang: Lang) -> String {
    let (client, cause) = (row.client.as_deref().unwrap_or("-"), row.cause.label());
    let before = lang.of(format!("（前期 {}）", row.before), format!(" ({} before)", row.before));
    format!("{client}  {}  {}{before}", of(&cause, lang), row.count)
}

fn urgency(row: UrgencyRow, lang: Lang) -> String {
    let UrgencyRow { assessed, redirected, false_permille } = row;
    let share = permille(Some(false_permille));
    lang.of(
        format!("评估 {assessed} 单，其中假急 {redirected} 单，占 {share}"),
        format!("{assessed} assessed, {redirected} of them not urgent: {share}"),
    )
}

fn precheck(row: &PrecheckRow, lang: Lang) -> String {
    let faster = row.faster_permille.unwrap_or_default();
    let faster = format!("{}.{}", faster / 1000, faster % 1000 / 100);
    let right = permille(row.right_permille);
    lang.of(
        format!("准确率 {right}，快 {faster} 倍"),
        format!("right in {right}, {faster} times as fast"),
    )
}

fn quick(row: &QuickRow, lang: Lang) -> String {
    let of_industry = u32::try_from(row.of_industry_permille).ok();
    let share = permille(of_industry);
    let reached =
        if row.is_reached { lang.of("达标", "reached") } else { lang.of("未达标", "missed") };
    lang.of(
        format!("{}  {} 单  行业的 {share}  {reached}", row.service, row.count),
        format!(
            "{}  {}  {share} of the industry's time  {reached}",
            row.service,
            many(row.count, "ticket")
        ),
    )
}

fn ahead(row: AheadRow, lang: Lang) -> String {
    let share = permille(Some(row.bought_permille));
    let AheadRow { clients, bought, .. } = row;
    lang.of(
        format!("加急客户 {clients} 家，年度已购 {bought} 家  {share}"),
        format!(
            "of {} of urgent services {bought} bought them ahead  {share}",
            many(clients, "client")
        ),
    )
}

fn count(row: &CountRow, lang: Lang) -> String {
    let CountRow { key, dispatched, first_taken, rejections, owner_changes, .. } = row;
    let CountRow { caught, escaped, delivered, chases, .. } = row;
    let right = permille(row.right_permille);
    lang.of(
        format!(
            "{key}  派单 {dispatched}，首派接单 {first_taken}，拒单 {rejections}，换人 {owner_changes}；\
             交付 {delivered}，复核退回 {caught}，客户退回 {escaped}，零差错 {right}；催问 {chases}"
        ),
        format!(
            "{key}  dispatched {dispatched}, taken at once {first_taken}, rejected {rejections}, \
             owner changed {owner_changes}; delivered {delivered}, caught {caught}, came back \
             {escaped}, right {right}; chased {chases}"
        ),
    )
}

fn promise(row: &PromiseRow, lang: Lang) -> String {
    let early = row.early_minutes.map_or_else(|| "-".to_owned(), |early| early.to_string());
    let over = permille(row.over_promised_permille);
    let PromiseRow { service, kept, broken, moved, kept_as_moved, .. } = row;
    let apart = match moved {
        0 => String::new(),
        _ => lang.of(
            format!("；本所单方改期 {moved}，其中按改后日期交付 {kept_as_moved}"),
            format!("; {moved} moved by the firm alone, {kept_as_moved} kept as moved"),
        ),
    };
    lang.of(
        format!(
            "{service}  守约 {kept}，逾期 {broken}，过度承诺 {over}，平均提前 {early} 分钟{apart}"
        ),
        format!(
            "{service}  kept {kept}, broken {broken}, over-promised {over}, {early} minutes \
             early{apart}"
        ),
    )
}

fn minutes(row: &MinutesRow, lang: Lang) -> String {
    let stated = row.stated.map_or_else(|| "-".to_owned(), |stated| stated.to_string());
    let enough =
        if row.is_enough { lang.of("足够", "enough") } else { lang.of("不足", "too few") };
    let MinutesRow { service, step, level, count, lower, median, upper, .. } = row;
    lang.of(
        format!("{service}/{step} {level} 级  {median}（{lower}–{upper}，{count} 次，{enough}）  目录 {stated}"),
        format!("{service}/{step} level {level}  {median} ({lower} to {upper}, {count} times, {enough})  stated {stated}"),
    )
}

fn kept(row: &KeptRow, lang: Lang) -> String {
    let share = permille(row.kept_permille);
    let KeptRow { client, kept, broken, open, ended, .. } = row;
    let name = of(&row.name, lang);
    let breach = row.breach.as_ref().map_or("", |breach| of(breach, lang));
    let undone = match ended {
        0 => String::new(),
        _ => lang.of(format!("，未履行即终止 {ended}"), format!(", ended undone {ended}")),
    };
    let text = lang.of(
        format!(
            "{client}  {name}  守 {kept}，破 {broken}，进行中 {open}{undone}  {share}  {breach}"
        ),
        format!(
            "{client}  {name}  kept {kept}, broken {broken}, running {open}{undone}  {share}  \
             {breach}"
        ),
    );
    text.trim_end().to_owned()
}
