//! Above and below the tables: what the plan is, how good it is, what it costs, how it was made.

use crate::calendar::Label;
use crate::report::board::{Board, Fate};
use crate::report::markup::Markup;
use crate::report::say::{self, each, label};
use crate::report::text::share;
use crate::report::wall::Wall;
use crate::time::Money;

/// Title, period, language switch, tiles, verdict.
pub(super) fn write(page: &mut Markup, board: &Board) {
    let wall = Wall(board.zone);
    page.start("header", &[]);
    page.start("div", &[("class", &"bar-top")]);
    page.start("div", &[]);
    page.said("h1", &[], &say::title(board));
    let (from, to) = (wall.full(board.as_of), wall.full(board.horizon));
    let zone = format!("{} ({})", board.zone.name(), wall.offset(board.as_of));
    let period = each(|lang| {
        lang.of(
            format!("{from} 起排，至 {to}；时间均为 {zone}"),
            format!("planned from {from} to {to}; all times {zone}"),
        )
    });
    page.said("p", &[("class", &"period")], &period);
    page.end();
    page.start("nav", &[("class", &"switch"), ("aria-label", &"语言 language")]);
    page.leaf("label", &[("for", &"lang-zh"), ("lang", &"zh")], "中文");
    page.leaf("label", &[("for", &"lang-en"), ("lang", &"en")], "English");
    page.end().end();
    if let Some(about) = &board.about {
        page.said("p", &[("class", &"about")], about);
    }
    verdict(page, board);
    tiles(page, board);
    page.end();
}

/// Whether the plan holds; what does not, in sentences.
fn verdict(page: &mut Markup, board: &Board) {
    let count = board.violations.len();
    if count == 0 {
        let clean = label("✓ 已独立校验，没有违规", "✓ verified independently, no violation");
        page.said("p", &[("class", &"verdict clean")], &clean);
    } else {
        let broken = say::violations(count);
        let broken = Label::new(format!("✗ {}", broken.zh), format!("✗ {}", broken.en));
        page.said("p", &[("class", &"verdict broken")], &broken);
    }
    if count + board.released.len() > 0 {
        page.start("ul", &[("class", &"faults")]);
        for line in board.violations.iter().chain(&board.released) {
            page.said("li", &[], line);
        }
        page.end();
    }
}

fn tiles(page: &mut Markup, board: &Board) {
    let count = |fate: Fate| board.tickets.iter().filter(|ticket| ticket.fate() == fate).count();
    page.start("dl", &[("class", &"tiles")]);
    let gap = board.bound.as_ref().map(|bound| {
        let gap = say::percent(bound.gap_basis_points);
        let value = bound.value_fen;
        each(|lang| {
            lang.of(format!("下界 {value}，差距 {gap}"), format!("bound {value}, gap {gap}"))
        })
    });
    let total = label("总费用", "Total cost");
    tile(page, "total", &total, &board.bill.total_fen.to_string(), gap.as_ref());
    let lateness = board.bill.lateness.weighted_fen;
    let (late, all) = (count(Fate::Late), board.tickets.len() - board.unserved.len());
    let loss = each(|lang| lang.of(format!("损失 {lateness}"), format!("loss {lateness}")));
    let class = if late > 0 { "late" } else { "" };
    tile(page, class, &label("逾期", "Late"), &format!("{late} / {all}"), Some(&loss));
    let out = board.bill.unserved.weighted_fen;
    let price = each(|lang| lang.of(format!("代价 {out}"), format!("price {out}")));
    let class = if board.unserved.is_empty() { "" } else { "out" };
    let left = board.unserved.len().to_string();
    tile(page, class, &label("未排入", "Unserved"), &left, Some(&price));
    let risks = board.at_risk.len();
    let most = board.at_risk.first().map(|risk| {
        let cost = risk.slip_cost;
        each(|lang| lang.of(format!("最多再损失 {cost}"), format!("{cost} more at most")))
    });
    tile(page, "", &label("预警", "At risk"), &risks.to_string(), most.as_ref());
    let sum = |pick: fn(&crate::report::board::PersonFigures) -> i64| {
        board.people.iter().map(|person| pick(&person.figures)).sum::<i64>()
    };
    let used = share(sum(|f| f.regular_minutes), sum(|f| f.available_minutes));
    let extra = say::worked(sum(|f| f.extra_minutes));
    let extra = Label::new(format!("加班值班 {}", extra.zh), format!("{} extra hours", extra.en));
    tile(page, "", &label("工时占用", "Hours used"), &format!("{used}%"), Some(&extra));
    page.end();
}

fn tile(page: &mut Markup, class: &str, name: &Label, value: &str, more: Option<&Label>) {
    page.start("div", &[("class", &class)]);
    page.said("dt", &[], name);
    page.leaf("dd", &[("class", &"value")], value);
    if let Some(more) = more {
        page.said("dd", &[("class", &"more")], more);
    }
    page.end();
}

/// The bill as a bar and as a table.
pub(super) fn cost(page: &mut Markup, board: &Board) {
    let parts = say::bill(board);
    let total = board.bill.total_fen;
    if total > Money::ZERO {
        page.start("div", &[("class", &"stack"), ("aria-hidden", &"true")]);
        for part in parts.iter().filter(|part| part.amount > Money::ZERO) {
            let say::Part { class, name, amount, .. } = part;
            let grow = (i128::from(amount.0) * 10_000 / i128::from(total.0)).max(1);
            let style = format!("flex-grow:{grow}");
            let title = format!("{} / {} {amount}", name.zh, name.en);
            page.leaf("i", &[("class", class), ("style", &style), ("title", &title)], "");
        }
        page.end();
    }
    page.start("div", &[("class", &"wide")]).start("table", &[("class", &"cost")]);
    page.start("thead", &[]).start("tr", &[]);
    page.said("th", &[("scope", &"col")], &label("部分", "Part"));
    for head in [
        label("计入费用", "Counted"),
        label("其中紧急程度（元）", "Urgency, money"),
        label("其中客户价值（元）", "Client value, money"),
    ] {
        page.said("th", &[("scope", &"col"), ("class", &"number")], &head);
    }
    page.end().end().start("tbody", &[]);
    for say::Part { class, name, amount, split } in &parts {
        page.start("tr", &[]);
        page.start("th", &[("scope", &"row")]);
        page.leaf("i", &[("class", &format!("key {class}"))], "").both(name).end();
        page.leaf("td", &[("class", &"number")], amount);
        let (urgency, value) = split.map_or((String::new(), String::new()), |(urgency, value)| {
            (urgency.to_string(), value.to_string())
        });
        page.leaf("td", &[("class", &"number")], urgency);
        page.leaf("td", &[("class", &"number")], value).end();
    }
    page.end().start("tfoot", &[]).start("tr", &[]);
    page.said("th", &[("scope", &"row")], &label("合计", "Total"));
    page.leaf("td", &[("class", &"number")], total);
    page.leaf("td", &[], "").leaf("td", &[], "");
    page.end().end().end().end();
    if let Some(weights) = board.weights {
        page.said("p", &[("class", &"note")], &say::weights(weights));
    }
}

/// How the plan was made and can be made again (R252).
pub(super) fn provenance(page: &mut Markup, board: &Board) {
    page.start("footer", &[]);
    let Some(made) = &board.provenance else {
        let unknown = label(
            "本计划没有记录由来（可能是手工编制）。",
            "No provenance is recorded; perhaps made by hand.",
        );
        page.said("p", &[], &unknown).end();
        return;
    };
    let again = label(
        "同一版本、同一摘要与下列参数会得到同一计划。",
        "The same version, digest and settings make the same plan again.",
    );
    page.said("p", &[], &again);
    page.start("dl", &[]);
    let rows = [
        (label("版本", "Version"), made.version.clone()),
        (label("起始规则", "Construction"), made.construction.clone()),
        (label("种子", "Seed"), made.seed.to_string()),
        (label("并行道", "Lanes"), made.lanes.to_string()),
        (label("轮数", "Rounds"), made.rounds.to_string()),
        (label("每轮步数", "Steps per round"), made.steps_per_round.to_string()),
        (label("摘要 SHA-256", "Digest SHA-256"), made.digest.clone()),
    ];
    for (name, value) in rows {
        page.start("div", &[]);
        page.said("dt", &[], &name).leaf("dd", &[], value).end();
    }
    page.end().end();
}
